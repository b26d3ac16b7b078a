"""A run that is split and gone on with is the whole run to the last bit, whatever week it is."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import mesa
import numpy as np
import pandas as pd
import pytest

from simulation import Config, InputError, simulate
from simulation.histories.state import put_back
from simulation.histories.whole import WholeRun
from simulation.inputs.shipped import CONF
from simulation.model import LabourMarket, forget_model
from simulation.record.people import PeopleRecord

SEED = 11
SMALL = {"area": {"name": "two_towns"}, "people_per_agent": 8, "weeks": 70}
TEMPORARY = {
    # Written anew each week before it is read, drawn again or worked out when asked for, or told.
    "_applied_to", "_marked", "_reference", "attachment", "claim", "drawn", "flows", "group",
    "intensity", "benefit", "round_number", "curve", "seconds", "totals", "weeks_of_esa", "minimum",
    "adult_weeks", "_closings", "_deviates", "_threads", "cells", "_spread", "newcomers",
}  # fmt: skip
REGIMES = ("none", "fragmented", "aligned", "pooled", "prime_contractor", "co_commissioned")
AIDS = (
    "wage_subsidy", "temporary_jobs", "short_time_working", "work_trial", "employer_brokerage",
    "employment_hub",
)  # fmt: skip
OF_THE_JOURNEY = ("outreach", "tracking_system")


def random_settings(number: int) -> tuple[dict[str, Any], int]:
    """A configuration of its own for each number, and a week to split the run after."""
    luck = random.Random(number)
    weeks = luck.randint(20, SMALL["weeks"])
    start = date(2006, 5, 1) + timedelta(weeks=luck.randint(0, 100))
    regime = REGIMES[number % len(REGIMES)]
    aids = AIDS if regime == "none" else (*AIDS, *OF_THE_JOURNEY)
    names = luck.sample(aids, luck.randint(0, 3))
    settings = {
        **SMALL,
        "weeks": weeks,
        "start": start,
        "regime": {
            "name": regime,
            "start_up_weeks": luck.randint(0, 30),
            "learning_weight": luck.choice([0.0, 50.0]),
        },
        "partnership": {"start": start, "trust": 0.6},
        "interventions": {
            name: {"active": True, "start": start + timedelta(weeks=luck.randint(0, weeks - 1))}
            for name in names
        },
        "closure": {"response": luck.choice([0.0, 2.0])},
        "belief": {"known": luck.choice([True, False])},
        "economy": {
            "events": [
                {
                    "kind": luck.choice(["closure", "opening"]),
                    "ward": luck.choice(["M1", "M2"]),
                    "sector": "manufacturing",
                    "jobs": 24,
                    "date": start + timedelta(weeks=luck.randint(1, weeks)),
                }
            ]
        },
    }
    return settings, luck.randint(1, weeks - 1)


class Kept:
    """The state after a week."""

    def __init__(self, week: int) -> None:
        self.week, self.state = week, b""

    def __call__(self, week: int, state: Any) -> None:
        if week == self.week:
            self.state = state()


def split_run(settings: dict[str, Any], week: int, **asked: bool) -> Iterator[Any]:
    """The whole run, then the same gone on with from a week."""
    config, keep = Config.from_mapping(settings), Kept(week)
    yield simulate(config, SEED, keep=keep, **asked)
    yield simulate(config, SEED, since=keep.state, **asked)


def frames(run: Any) -> dict[str, pd.DataFrame]:
    """Every frame of a run by name."""
    named = {"monthly": run.monthly, "flows": run.flows, **run.tables}
    return named if run.events is None else named | {"events": run.events}


def assert_same(one: Any, other: Any) -> None:
    """Two runs have the same frames to the last bit."""
    ours, theirs = frames(one), frames(other)
    assert ours.keys() == theirs.keys()
    for name, frame in ours.items():
        pd.testing.assert_frame_equal(frame, theirs[name], check_exact=True, obj=name)


@pytest.mark.parametrize("number", range(12))
def test_a_split_run_is_the_whole_run(number):
    settings, week = random_settings(number)
    whole, split = split_run(settings, week, people=number % 2 == 0, events=number % 3 == 0)
    assert_same(whole, split)
    assert split.manifest["went_on_from_week"] == week
    assert "went_on_from_week" not in whole.manifest


def changed(one: Any, other: Any, name: str = "", seen: set[int] | None = None) -> Iterator[str]:
    """Name what two objects, of the same make, do not have alike in all that can be reached."""
    seen = set() if seen is None else seen
    if id(one) in seen:
        return
    if isinstance(one, np.ndarray | pd.DataFrame):
        if isinstance(one, pd.DataFrame):
            is_same = one.equals(other)
        else:
            is_same = one.dtype == other.dtype and np.array_equal(one, other)
        yield from () if is_same else (name,)
        return
    parts = lasting(parts_of(one)), lasting(parts_of(other))
    if parts[0] is None or parts[1] is None:
        is_plain = isinstance(one, bool | int | float | str | bytes | date | None)
        yield from (name,) if is_plain and one != other else ()
        return
    seen.add(id(one))
    if parts[0].keys() != parts[1].keys():
        yield name
        return
    for part, each in parts[0].items():
        yield from changed(each, parts[1][part], f"{name}.{part}", seen)


def lasting(parts: dict[Any, Any] | None) -> dict[Any, Any] | None:
    """Without what is temporary."""
    if parts is None:
        return None
    return {name: each for name, each in parts.items() if name not in TEMPORARY}


def parts_of(thing: Any) -> dict[Any, Any] | None:
    """What an object is made of, None where it is one thing, or none of ours."""
    if isinstance(thing, LabourMarket):
        mesas = vars(MesaAlone())
        own = {name: each for name, each in vars(thing).items() if name not in mesas}
        return own | {"steps": thing.steps, "running": thing.running, "seen": thing.collected}
    if hasattr(thing, "_fields"):
        return thing._asdict()
    if isinstance(thing, list | tuple):
        return dict(enumerate(thing))
    if isinstance(thing, dict):
        return thing
    is_ours = type(thing).__module__.startswith("simulation") and not isinstance(thing, Config)
    return vars(thing) if is_ours and hasattr(thing, "__dict__") else None


@pytest.mark.parametrize("number", range(6, 12))
def test_all_that_a_model_holds_is_as_it_was(number):
    """Not only what frames show: a part that changes and is not in `STATE` is found here."""
    settings, week = random_settings(number)
    wholes = []
    for _ in range(2):
        model = LabourMarket(Config.from_mapping(settings), SEED, events=True)
        model.begin()
        record = PeopleRecord(model.people, model.area, model.config.weeks)
        wholes.append(WholeRun(model, record))
    one, other = wholes
    while one.model.week < week:
        one.model.step()
        one.people.add_week(one.model.people, one.model.newcomers, one.model.week - 1)
    assert list(changed(one, other))  # it has been somewhere
    put_back(other, one.state())
    assert not list(changed(one, other))
    for whole in wholes:
        forget_model(whole.model)


class MesaAlone(mesa.Model):
    """A model with nothing of ours."""


def test_a_state_of_another_run_is_refused_in_a_line_each():
    config, keep = Config.from_mapping(SMALL), Kept(5)
    simulate(config, SEED, keep=keep)
    for wrong, line in (
        ({"seed": SEED + 1}, "seed is 12, but 11"),
        ({"people": True}, "people is True, but False"),
        ({"config": config.replace(hiring={"strength": 0.9})}, "hiring.strength=0.9 instead of"),
        ({"config": config.replace(weeks=5)}, "weeks=5 instead of 70"),
    ):
        asked = {"config": config, "seed": SEED, "since": keep.state} | wrong
        with pytest.raises(InputError) as error:
            simulate(**asked)
        assert line in str(error.value)


def test_a_state_whose_tables_have_changed_since_is_refused(tmp_path):
    folder = tmp_path / "area"
    shutil.copytree(CONF / "area" / "two_towns", folder)
    config, keep = Config.from_mapping({**SMALL, "area": {"folder": str(folder)}}), Kept(3)
    simulate(config, SEED, keep=keep)
    simulate(config, SEED, since=keep.state)
    jobs = folder / "jobs.csv"
    jobs.write_text(jobs.read_text().replace("M1,manufacturing,10,", "M1,manufacturing,11,"))
    with pytest.raises(InputError, match=f"^{folder} has changed since"):
        simulate(config, SEED, since=keep.state)


@pytest.mark.parametrize("spoil", [lambda d: d[:-9], lambda d: b"", lambda d: d[:200] + d[201:]])
def test_bytes_that_are_no_state_are_refused(spoil):
    config, keep = Config.from_mapping({**SMALL, "weeks": 6}), Kept(3)
    simulate(config, SEED, keep=keep)
    with pytest.raises(InputError, match="not the bytes of a run's state"):
        simulate(config, SEED, since=spoil(keep.state))
