"""The folder of a study: which study it holds, and which other one must not take its place."""

from __future__ import annotations

import pytest

from experiments.studies.folder import identity
from experiments.studies.preparation import prepare_study
from experiments.words.composition import compose_mapping

WORDS = ("area=two_towns", "weeks=9", "method=factorial", "outcomes=[employment_rate_end]")


def path_to(last: int) -> str:
    return f"date,sector,index\n2006-05-01,all,100\n2008-05-01,all,{last}\n"


@pytest.mark.parametrize("named", ["of the base", "of a choice"])
def test_a_table_with_other_figures_makes_another_study(named, tmp_path):
    usual, edited = tmp_path / "usual.csv", tmp_path / "edited.csv"
    usual.write_text(path_to(90))
    edited.write_text(path_to(60))
    factors = {
        "of the base": [f"economy.file={edited}", "factors.hiring.strength=[0.5,1.0]"],
        "of a choice": [f"factors.economy.file=[{usual},{edited}]"],
    }
    words = [*WORDS, *factors[named]]

    def now() -> str:
        return identity(prepare_study(compose_mapping("study", words), words))

    before = now()
    assert now() == before
    edited.write_text(path_to(95))
    assert now() != before
