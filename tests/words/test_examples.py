"""The examples of code of one's own do what their first lines say, and act."""

from __future__ import annotations

import ast
import re
import shlex
from pathlib import Path

import pandas as pd
import pytest

from simulation.finished.run import Run
from simulation.register import TABLES

FOLDER = Path(__file__).parents[2] / "examples"
MOST_LINES = 60
WITHOUT = {
    "hiring_rule_longest_first": ["hiring=ranking"],
    "intervention_job_club": [],
    "outcome_claimants_fall": [],
    "regime_priority_first": ["regime=fragmented"],
    "tariff_jobs_that_last": ["regime=prime_contractor"],
}
"""What is chosen instead of each example to see what it changes."""
CHOICES = ("own", "hiring", "interventions", "regime")


def words_of(name: str) -> list[str]:
    """Return the words after `pathfinder` of the first command in an example's docstring."""
    text = ast.get_docstring(ast.parse((FOLDER / f"{name}.py").read_text())) or ""
    command = re.search(r"^    pathfinder (.*(?:\n        \S.*)*)", text, re.MULTILINE)
    assert command, name
    return shlex.split(command[1].replace("\\\n", " ").replace("examples/", f"{FOLDER}/"))


def test_there_is_one_short_example_of_each_kind():
    paths = sorted(FOLDER.glob("*.py"))
    assert [path.stem for path in paths] == sorted(WITHOUT)
    assert all(len(path.read_text().splitlines()) < MOST_LINES for path in paths)
    kinds = {path.stem.rpartition("_")[0] for path in paths}
    assert all(any(kind.startswith(table.kind.split()[0]) for kind in kinds) for table in TABLES)


@pytest.fixture
def run_of(pathfinder, tmp_path: Path):
    """Run a command line into a folder; return the run and what was printed."""

    def run(name: str, words: list[str]) -> tuple[Run, str]:
        done = pathfinder(*words, "people_per_agent=2", f"output={tmp_path / name}")
        assert done.code == 0, done.err
        return Run.load(tmp_path / name), "\n".join(done.out)

    return run


@pytest.mark.slow
@pytest.mark.parametrize("name", WITHOUT)
def test_an_example_runs_as_it_says_and_acts(run_of, name):
    words = words_of(name)
    run, said = run_of("with", words)
    assert run.manifest["inputs"].keys() == {f"own 1: {name}.py"}
    kept = [word for word in words if not word.startswith(CHOICES)]
    without, _ = run_of("without", [*kept, *WITHOUT[name]])
    is_same = run.monthly.equals(without.monthly)
    if name.startswith("outcome"):
        jsa = run.table()["jsa"]
        [line] = [line for line in said.splitlines() if "Fall of Jobseeker's Allowance" in line]
        assert is_same
        assert int(line.split()[-2].replace(",", "")) == jsa.max() - jsa.iloc[-1]
    elif name.startswith("tariff"):
        assert not money_of(run).equals(money_of(without))
    else:
        assert not is_same
    if name.startswith("intervention"):
        clients = run.support("clients")
        assert (clients["event"] == "helped").sum() > 0


def money_of(run: Run) -> pd.DataFrame:
    return run.support("money")
