"""The seed of jobs by sector and skill level."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from experiments.make_inputs.skill_mix import COLUMNS, import_skill_mix, skill_shares
from simulation.categories import LEVELS, SECTORS
from simulation.errors import InputError

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "data"
SHIPPED = ROOT / "conf" / "employers" / "skill_mix.csv"


def people(*rows: tuple[int, int, int, int]) -> pd.DataFrame:
    """Sample people: age band, hours band, industry, occupation."""
    return pd.DataFrame([("E12000005", *row) for row in rows], columns=list(COLUMNS))


def test_shares_count_those_at_work_and_of_working_age():
    everyone = [(3, 3, industry, 9) for industry in range(1, 13)]
    shares = skill_shares(
        people(*everyone, (3, 3, 5, 1), (3, 3, 5, 7), (7, 3, 5, 2), (3, -9, 5, 2))
    )
    np.testing.assert_allclose(shares.loc["hospitality"], [0.3334, 0.3333, 0, 0, 0.3333])
    np.testing.assert_allclose(shares.loc["retail"], [1, 0, 0, 0, 0])


def test_professionals_of_transport_and_information_count_as_business():
    everyone = [(3, 3, industry, 9) for industry in range(1, 13)]
    shares = skill_shares(people(*everyone, (3, 3, 6, 2), (3, 3, 6, 3), (3, 3, 6, 1)))
    np.testing.assert_allclose(shares.loc["business"], [0.5, 0, 0, 0.25, 0.25])
    np.testing.assert_allclose(shares.loc["transport"], [0.5, 0, 0, 0, 0.5])


def test_shipped_shares_cover_every_sector_and_level_and_sum_to_one():
    table = pd.read_csv(SHIPPED).pivot(index="sector", columns="level", values="share")
    assert set(table.index) == set(SECTORS)
    assert tuple(table.columns) == LEVELS
    np.testing.assert_allclose(table.sum(axis=1), 1.0, atol=1e-12)
    assert (table > 0).all().all()


def test_an_absent_sample_is_named(tmp_path):
    with pytest.raises(InputError, match="teaching_sample50k.csv.gz: not there"):
        import_skill_mix(tmp_path, tmp_path)


@pytest.mark.skipif(not DATA.is_dir(), reason="needs the public statistics in ../shared/data")
def test_importing_again_gives_the_shipped_shares(tmp_path):
    import_skill_mix(DATA, tmp_path)
    assert (tmp_path / "skill_mix.csv").read_bytes() == SHIPPED.read_bytes()
