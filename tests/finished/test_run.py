"""Finished runs: what they hold, how they are asked and kept, and what is refused."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from simulation import Config, InputError, Run, simulate
from simulation.agents.groups import GROUPS
from simulation.categories import STATES, WEEKS_PER_YEAR
from simulation.errors import MachineError
from simulation.record.outcomes import FLOWS, PLACE_STOCKS, STOCKS

CODES = ["M1", "M2", "M3", "O1", "O2", "O3"]
OF_WARDS = sorted(outcome.name for outcome in (*STOCKS, *PLACE_STOCKS, *FLOWS))
OF_GROUPS = sorted(outcome.name for outcome in (*STOCKS, *FLOWS))


def added_up(run: Run, codes: list[str]) -> pd.DataFrame:
    """Add months of wards up by loops over the tidy frame."""
    sums: dict[tuple[pd.Timestamp, str], float] = {}
    for date, ward, group, outcome, value in run.monthly.itertuples(index=False):
        if ward in codes and group == "all":
            sums[date, outcome] = sums.get((date, outcome), 0.0) + value
    return pd.Series(sums).unstack().rename_axis(index="date")[OF_WARDS]


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ("O2", ["O2"]),
        ("Canal Side", ["M1"]),
        ("Oakvale", ["O1", "O2", "O3"]),
        ("priority", ["M1", "M2"]),
        ("not:Oakvale|not:Canal Side", ["M2", "M3"]),
        ("Millbrook|O3|not:M2", ["M1", "M3", "O3"]),
        (["Canal Side", "O3", "Millbrook"], ["M1", "M2", "M3", "O3"]),
        (np.array(CODES), CODES),
    ],
)
def test_wards_are_known_by_code_name_district_and_mark_and_add_up(run, words, codes):
    asked = {"ward": words} if isinstance(words, str) else {"wards": words}
    table = run.table(**asked)
    pd.testing.assert_frame_equal(table, added_up(run, codes), check_freq=False)
    assert list(table.columns) == OF_WARDS


def test_all_wards_have_what_the_area_has_of_what_wards_are_counted_by(run):
    assert run.table(wards=CODES).equals(run.table()[OF_WARDS])
    assert run.table(wards=["all"]).equals(run.table(ward="all"))


@pytest.mark.parametrize("group", ["age:16_24", "priority:1", "health:severe", "lone_parent:1"])
def test_a_group_in_all_wards_is_the_group_of_the_area(run, group):
    table = run.table(wards=CODES, group=group)
    assert list(table.columns) == OF_GROUPS
    assert table.equals(run.table(group=group))


def test_groups_cross_with_wards(run):
    """Ages make up a ward, and those of priority wards are those of the marked wards."""
    ages = [group for group in GROUPS if group.startswith("age:")]
    ward = sum(run.table(ward="Canal Side", group=group) for group in ages)
    pd.testing.assert_frame_equal(ward, run.table(ward="M1")[OF_GROUPS])
    priority = run.table(ward="priority")[OF_GROUPS]
    assert priority.equals(run.table(group="priority:1"))


def test_a_group_nobody_is_in_is_counted_as_nobody(run):
    table = run.table(ward="priority", group="priority:0")
    assert table.index.equals(run.table().index)
    assert (table == 0).all(axis=None)


def test_a_run_saved_before_groups_were_kept_says_so(run):
    old = replace(run, tables={})
    with pytest.raises(InputError, match="saved before"):
        old.table(ward="M1", group="age:16_24")
    assert old.table(ward="M1").equals(run.table(ward="M1"))


def test_a_name_of_two_wards_is_refused_with_their_codes(run):
    wards = run.wards.assign(name=run.wards["name"].replace("Canal Side", "Park"))
    alike = replace(run, wards=wards.replace({"name": {wards["name"][4]: "Park"}}))
    with pytest.raises(InputError, match="'Park'; give a code: M1 in Millbrook, O2 in Oakvale"):
        alike.table(ward="Park")


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


def test_a_run_is_kept_whole_or_not_at_all(run, tmp_path, monkeypatch):
    def no_room(*_args, **_values):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pd.DataFrame, "to_csv", no_room)
    with pytest.raises(MachineError, match="kept cannot be written: No space left on device"):
        run.save(tmp_path / "kept")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_exists_is_not_written_over(run, tmp_path):
    with pytest.raises(InputError, match="exists already"):
        run.save(tmp_path)
    with pytest.raises(InputError, match="exists already"):
        run.save(tmp_path / "missing" / ".." / ".." / tmp_path.name)
    assert list(tmp_path.iterdir()) == []


def test_wards_have_their_names_again_whatever_they_are_called(run, tmp_path):
    words = ["NA", "null", "nan", "None", "007", "1e5"]
    kept = replace(run, wards=run.wards.assign(code=words, name=words[::-1], district=words))
    found = Run.load(kept.save(tmp_path / "run"))
    pd.testing.assert_frame_equal(found.wards, kept.wards)


def test_ages_of_events_can_be_counted_in_weeks(run):
    assert (run.events["age"] * WEEKS_PER_YEAR).between(16 * 52, 65 * 52).all()


@pytest.mark.parametrize("file", ["manifest.json", "monthly.parquet", "wards.csv"])
def test_a_torn_run_is_refused(run, tmp_path, file):
    folder = run.save(tmp_path / "run")
    whole = (folder / file).read_bytes()
    (folder / file).write_bytes(whole[:17])
    if file == "wards.csv":
        (folder / file).unlink()
    with pytest.raises(InputError, match="is not a saved run"):
        Run.load(folder)


def test_a_run_of_another_version_is_said_to_be_one_in_a_line(run, tmp_path, monkeypatch):
    def from_mapping(values):
        raise InputError(["hiring.strength is not a parameter", "hiring.rule is not a parameter"])

    folder = run.save(tmp_path / "run")
    monkeypatch.setattr(Config, "from_mapping", from_mapping)
    with pytest.raises(InputError) as error:
        Run.load(folder)
    [line] = error.value.problems
    assert f"by another version of the program (commit {run.manifest['commit']})" in line


def test_the_manifest_says_how_the_run_was_made(run, tmp_path):
    manifest = json.loads((run.save(tmp_path / "run") / "manifest.json").read_text())
    assert manifest["seed"] == 3
    assert Config.from_mapping(manifest["config"]) == run.config
    assert {"versions", "commit", "code_version", "seconds", "seconds_by_phase"} <= set(manifest)


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda run: run.table(ward="nowhere"), "no ward 'nowhere'; run.wards lists"),
        (lambda run: run.table(ward="Canel Side"), "'Canel Side'; did you mean Canal Side"),
        (lambda run: run.table(ward="not:Oakval"), "'Oakval'; did you mean Oakvale"),
        (lambda run: run.table(wards=["M1", "Oakval"]), "'Oakval'; did you mean Oakvale"),
        (lambda run: run.table(ward="priority|Oakvale"), "'priority|Oakvale' leaves no ward"),
        (lambda run: run.table(wards=[]), "wards names no ward"),
        (lambda run: run.table(ward="M1", wards=["M2"]), "ward or wards, not both"),
        (lambda run: run.table(group="age:16-24"), "'age:16-24'; did you mean age:16_24"),
        (lambda run: run.table(ward="M1", group="women"), "no group 'women'; there are all, age"),
        (lambda run: run.person(10**9), "person must be from 0 to 3999"),
    ],
)
def test_what_a_run_does_not_have_is_named(run, ask, message):
    with pytest.raises(InputError, match=re.escape(message)):
        ask(run)


def test_without_events_a_persons_history_says_how_to_have_it():
    bare = simulate(Config.from_mapping({"area": {"name": "two_towns"}, "weeks": 1}), 0)
    with pytest.raises(InputError, match="events=True"):
        bare.person(0)
