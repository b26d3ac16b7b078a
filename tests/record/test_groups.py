"""Groups within wards are what a count of the people themselves gives, and add up to the months."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from small_areas import make_area

from experiments import configure
from simulation import LabourMarket, simulate
from simulation.agents.groups import GROUPS
from simulation.categories import AGE_BAND_STARTS, AGE_BANDS, ETHNICITIES, STATES
from simulation.runner import forget_model

WORDS = ("area=two_towns", "people_per_agent=2")


@pytest.fixture(scope="module")
def run():
    return simulate(configure(*WORDS, "weeks=30"), seed=1)


def test_groups_in_wards_are_those_a_count_of_the_people_gives():
    model = LabourMarket(configure(*WORDS, "weeks=9"), seed=3)
    try:
        while model.running:
            model.step()
        frame, people = model.recorder.by_group(), model.people
        starts = np.array(AGE_BAND_STARTS[1:]) * 52
        bands = np.array([f"age:{name}" for name in AGE_BANDS])
        ethnicities = np.array([f"ethnicity:{name}" for name in ETHNICITIES])
        columns = pd.DataFrame(
            {
                "ward": model.area.wards["code"].to_numpy()[people.ward],
                "state": np.array(STATES)[people.state],
                "age": bands[np.searchsorted(starts, people.age_weeks, "right")],
                "ethnicity": ethnicities[people.ethnicity],
            }
        )
        last = frame[frame["date"] == frame["date"].max()].set_index(["ward", "group"])
        for by in ("age", "ethnicity"):
            expected = columns.groupby(["ward", by])["state"].value_counts().unstack(fill_value=0)
            found = last.loc[list(expected.index), list(expected.columns)]
            assert np.array_equal(found, 2 * expected)
            assert len(expected) == last.index.get_level_values(1).str.startswith(by).sum()
    finally:
        forget_model(model)


@pytest.mark.parametrize("outcome", ["residents", "jsa", "hires", "separations"])
def test_groups_of_all_wards_add_up_to_the_months_of_the_area(run, outcome):
    groups = run.tables["groups"].groupby(["date", "group"], observed=True)[outcome].sum()
    months = run.monthly[(run.monthly["ward"] == "all") & (run.monthly["outcome"] == outcome)]
    months = months.set_index(["date", "group"])["value"]
    assert set(months.index.get_level_values("group")) == set(GROUPS)
    assert np.array_equal(months, groups.reindex(months.index, fill_value=0))


@pytest.mark.parametrize(
    "dimension", ["age", "ethnicity", "qualification", "health", "lone_parent"]
)
def test_the_groups_of_a_dimension_are_everyone_in_a_ward(run, dimension):
    frame = run.tables["groups"]
    parts = frame[frame["group"].str.startswith(f"{dimension}:")]
    parts = parts.groupby(["date", "ward"], observed=True)["residents"].sum()
    everyone = frame[frame["group"] == "all"].set_index(["date", "ward"])["residents"]
    assert np.array_equal(parts, everyone)


def test_pay_of_a_ward_of_millions_is_counted_whole():
    config = configure("area=two_towns", "weeks=5", "people_per_agent=1000")
    run = simulate(config, seed=1, area=make_area([12_000_000, 9_000_000]))
    groups = run.tables["groups"]
    groups = groups[groups["group"] == "all"]
    assert (groups["earnings"] > 100 * groups["employed"].astype(np.int64)).all()
    area = run.table()["earnings"]
    assert groups.groupby("date")["earnings"].sum().tolist() == area.tolist()
    assert groups["earnings"].max() > np.iinfo(np.int32).max


def test_pay_of_a_ward_is_counted_whole_agent_by_agent():
    model = LabourMarket(configure(*WORDS, "weeks=4"), seed=1)
    try:
        model.people.wage[:] *= 1e7
        while model.running:
            model.step()
        frame = model.recorder.by_group()
        assert (frame["earnings"] >= 1e9 * frame["employed"]).all()
        assert frame["earnings"].max() > 2 * np.iinfo(np.int32).max
    finally:
        forget_model(model)
