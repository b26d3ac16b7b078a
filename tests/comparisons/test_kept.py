"""Which runs in a folder still are what is asked for, and which have to be done again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from experiments.comparisons.kept import is_finished, make_room, replaced_by
from experiments.running.work import Work, make_work, try_work
from experiments.store import Store
from simulation.errors import InputError
from simulation.finished.run import Run

DEEP, SLIGHT = (
    f"date,sector,index\n2006-05-01,all,100\n2008-05-01,all,{last}\n" for last in (60, 95)
)


def work_with(economy: Path, folder: Path) -> Work:
    changes = {"area.name": "two_towns", "weeks": 9, "economy.file": str(economy)}
    return make_work("labour_market", changes, 1, name="mine", folder=folder)


def carry_out(work: Work, store: Path | None = None):
    return try_work(work, store, experiment="test", tell=lambda weeks: None)


@pytest.fixture
def economy(tmp_path):
    path = tmp_path / "economy.csv"
    path.write_text(DEEP)
    return path


def test_a_run_is_done_again_when_a_table_of_ones_own_has_other_figures(tmp_path, economy):
    work = work_with(economy, tmp_path / "run")
    assert carry_out(work) is None
    before = Run.load(tmp_path / "run").table()["employed"]
    assert is_finished(work) and not replaced_by(work)
    economy.write_text(SLIGHT)
    edited = work_with(economy, tmp_path / "run")
    assert not is_finished(edited)
    assert replaced_by(edited) == f"other contents of {economy}"
    assert carry_out(edited) is None
    assert is_finished(edited)
    assert (Run.load(tmp_path / "run").table()["employed"] > before).any()


def test_runs_of_other_figures_are_not_replaced_in_silence(tmp_path, economy):
    folder = tmp_path / "compared"
    work = work_with(economy, folder / "runs" / "a-seed1")
    make_room(folder, [work], overwrite=False)
    assert carry_out(work) is None
    make_room(folder, [work], overwrite=False)
    economy.write_text(SLIGHT)
    with pytest.raises(InputError, match=r"holds a run of other contents of .*overwrite=true"):
        make_room(folder, [work], overwrite=False)
    make_room(folder, [work], overwrite=True)
    assert not (work.folder / "manifest.json").exists()


def test_the_manifest_of_a_run_names_the_tables_it_read(tmp_path, economy):
    work = work_with(economy, tmp_path / "run")
    assert carry_out(work) is None
    manifest = json.loads((tmp_path / "run" / "manifest.json").read_text())
    assert list(manifest["inputs"]) == [str(economy)]


def test_a_table_that_changes_after_the_plan_spoils_no_stored_run(tmp_path, economy):
    store = Store(tmp_path / "store", create=True)
    work = work_with(economy, tmp_path / "run")
    economy.write_text(SLIGHT)
    failure = carry_out(work, store.folder)
    assert failure is not None and failure.is_input
    assert "has changed since the runs were planned" in failure.lines[0]
    assert not store.keys() and not (tmp_path / "run").exists()


def test_a_table_that_changes_during_the_run_spoils_no_stored_run(tmp_path, economy):
    store = Store(tmp_path / "store", create=True)
    work = work_with(economy, tmp_path / "run")

    def edit(weeks: int) -> None:
        economy.write_text(SLIGHT)

    failure = try_work(work, store.folder, experiment="test", tell=edit)
    assert failure is not None and "has changed since" in failure.lines[0]
    assert not store.keys() and not (tmp_path / "run").exists()
