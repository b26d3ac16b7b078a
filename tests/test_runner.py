"""Runs: what they hold, how they are kept, and what is refused."""

import json
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from simulation import Config, InputError, Run, simulate
from simulation.categories import STATES
from simulation.provenance import code_version, source_digest
from simulation.record.outcomes import OUTCOMES

SETTINGS = {"area": {"name": "two_towns"}, "weeks": 30}


@pytest.fixture(scope="module")
def run():
    return simulate(Config.from_mapping(SETTINGS), 3, events=True)


def test_every_outcome_is_in_the_monthly_frame_in_people(run):
    assert set(run.monthly["outcome"].unique()) == {outcome.name for outcome in OUTCOMES}
    assert list(run.monthly.columns) == ["date", "ward", "group", "outcome", "value"]
    assert run.monthly["date"].nunique() == 7  # May to November
    assert not run.monthly.duplicated(["date", "ward", "group", "outcome"]).any()


def test_numbers_are_people_not_agents():
    thin = simulate(Config.from_mapping({**SETTINGS, "people_per_agent": 4}), 3)
    assert thin.manifest["n_people"] == 1000
    assert (thin.table()["residents"] == 4000).all()


def test_a_persons_history_ends_where_the_model_has_them(run):
    """Replaying the events gives the number employed each month."""
    start = pd.Timestamp(run.config.start)
    events = run.events.assign(date=start + pd.to_timedelta(7 * run.events["week"], unit="D"))
    entered = (events["to_state"] == "employed") & (events["from_state"] != "employed")
    left = (events["from_state"] == "employed") & (events["to_state"] != "employed")
    month = events["date"].dt.to_period("M").dt.to_timestamp()
    net = (entered.astype(int) - left.astype(int)).groupby(month).sum()
    change = run.table()["employed"].diff().dropna()
    np.testing.assert_array_equal(net.loc[change.index], change)
    person = int(run.events["person"].mode()[0])
    history = run.person(person)
    assert len(history) > 1
    later, earlier = history["from_state"].iloc[1:], history["to_state"].iloc[:-1]
    assert later.tolist() == earlier.tolist()


def test_a_wards_history_has_its_own_people(run):
    ward = run.wards.iloc[0]
    table = run.table(ward=ward["code"])
    assert (table["residents"] == ward["residents"]).all()
    assert (table[list(STATES)].sum(axis=1) == ward["residents"]).all()


def test_progress_is_told_every_week():
    weeks = []
    simulate(Config.from_mapping({**SETTINGS, "weeks": 3}), 0, progress=weeks.append)
    assert weeks == [1, 2, 3]


def test_a_run_is_kept_whole_or_not_at_all(run, tmp_path, monkeypatch):
    def no_room(*_args, **_values):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pd.DataFrame, "to_csv", no_room)
    with pytest.raises(InputError, match="cannot be written: No space left on device"):
        run.save(tmp_path / "kept")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_exists_is_not_written_over(run, tmp_path):
    with pytest.raises(InputError, match="exists already"):
        run.save(tmp_path)


@pytest.mark.parametrize("file", ["manifest.json", "monthly.parquet", "wards.csv"])
def test_a_torn_run_is_refused(run, tmp_path, file):
    folder = run.save(tmp_path / "run")
    whole = (folder / file).read_bytes()
    (folder / file).write_bytes(whole[:17])
    if file == "wards.csv":
        (folder / file).unlink()
    with pytest.raises(InputError, match="is not a saved run"):
        Run.load(folder)


def test_the_manifest_says_how_the_run_was_made(run, tmp_path):
    manifest = json.loads((run.save(tmp_path / "run") / "manifest.json").read_text())
    assert manifest["seed"] == 3
    assert Config.from_mapping(manifest["config"]) == run.config
    assert {"versions", "commit", "code_version", "seconds", "seconds_by_phase"} <= set(manifest)


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda run: run.table(ward="nowhere"), "no ward 'nowhere'"),
        (lambda run: run.table(group="age:90"), "no group 'age:90'"),
        (lambda run: run.person(10**9), "person must be from 0 to 3999"),
    ],
)
def test_what_a_run_does_not_have_is_named(run, ask, message):
    with pytest.raises(InputError, match=message):
        ask(run)


def test_without_events_a_persons_history_says_how_to_have_it():
    bare = simulate(Config.from_mapping({**SETTINGS, "weeks": 1}), 0)
    with pytest.raises(InputError, match="events=True"):
        bare.person(0)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"hiring": {"rule": "lottery"}}, "hiring.rule 'lottery' is unknown"),
        ({"area": {"name": "atlantis"}}, "not shipped"),
        ({"economy": {"file": "no_such.csv"}}, "no_such.csv"),
        ({"people_per_agent": 1000, "area": {"folder": "."}}, "wards.csv"),
        (
            {
                "economy": {
                    "events": [
                        {
                            "kind": "closure",
                            "ward": "M1",
                            "sector": "manufacturing",
                            "jobs": 10**6,
                            "date": "2006-05-08",
                        }
                    ]
                }
            },
            "more than the",
        ),
    ],
)
def test_what_cannot_be_simulated_is_said_in_one_line(change, message):
    with pytest.raises(InputError, match=message) as caught:
        simulate(Config.from_mapping({**SETTINGS, **change}), 0)
    assert all("\n" not in problem for problem in caught.value.problems)


@pytest.mark.parametrize(
    ("file", "is_new"),
    [
        ("simulation/labour/hiring.py", True),
        ("simulation/record/reporters.py", True),
        ("simulation/results/support_outcomes.py", True),
        ("conf/area/two_towns/wards.csv", True),
        ("conf/tariffs/work_programme.yaml", True),
        ("conf/providers/types.csv", True),
        ("conf/experiment/queue_strength.yaml", False),
        ("conf/launcher/slurm.yaml", False),
        ("conf/hiring/stigma.yaml", False),
        ("simulation/report/figures/style.py", False),
        ("simulation/report/page_of_comparison.py", False),
    ],
)
def test_an_edit_makes_stored_runs_stale_only_if_results_can_depend_on_it(tmp_path, file, is_new):
    root = Path(__file__).parents[1]
    for folder in ("simulation", "conf"):
        shutil.copytree(
            root / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__")
        )
    assert source_digest(tmp_path) == code_version()
    with (tmp_path / file).open("a") as edited:
        edited.write("\n")
    assert (source_digest(tmp_path) != code_version()) == is_new
