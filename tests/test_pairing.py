"""Paired runs: what a change does not concern stays bit for bit the same."""

import numpy as np
import pandas as pd
import pytest
from small_areas import make_area

from simulation.agents.columns import NO_CELL, People
from simulation.categories import State
from simulation.config import Config
from simulation.labour.population import build_people
from simulation.model import LabourMarket

ONE_TOWN_EACH = np.eye(2)
COMPARED = [name for name in People._fields if name not in {"next", "previous", "pending"}]


def config(**groups):
    return Config.from_mapping({"weeks": 60, "start": "2008-06-02", **groups})


def differences(first, second):
    """The columns in which two models' people differ, with the first row of each."""
    found = {}
    for name in COMPARED:
        left, right = getattr(first.people, name), getattr(second.people, name)
        n = min(left.size, right.size)
        if not np.array_equal(left[:n], right[:n]):
            found[name] = int(np.flatnonzero(left[:n] != right[:n])[0])
    return found


def assert_same_every_week(first, second):
    while first.running:
        first.step()
        second.step()
        assert differences(first, second) == {}, f"week {first.week}"


@pytest.mark.parametrize(
    "null",
    [
        {"hiring": {"rule": "random", "stigma_penalty": 5.0}},
        {"hiring": {"rule": "ranking", "strength": 0.0}},
        {"area": {"boundaries": "no/such/file.geojson"}},
        {"people": {"p_move_on_hire": 0.0}},
    ],
    ids=["penalty of another rule", "ranking at strength 0", "boundaries", "movers off"],
)
def test_null_change_of_configuration_changes_nobody(null):
    area = make_area([300, 200])
    first = LabourMarket(config(hiring={"rule": "random"}), 5, area=area)
    second = LabourMarket(config(**({"hiring": {"rule": "random"}} | null)), 5, area=area)
    assert_same_every_week(first, second)


def test_a_dated_change_changes_nobody_before_its_date():
    area = make_area([300, 200])
    event = {"kind": "closure", "ward": "W0", "sector": "manufacturing", "jobs": 15}
    events = [event | {"date": "2008-12-01"}]  # 26 weeks after the start
    first = LabourMarket(config(), 5, area=area)
    second = LabourMarket(config(economy={"events": events}), 5, area=area)
    for week in range(60):
        if week == 26:
            assert differences(first, second) == {}
        first.step()
        second.step()
    assert "state" in differences(first, second)


def test_a_longer_run_begins_as_the_shorter():
    area = make_area([250])
    first = LabourMarket(config(), 3, area=area)
    second = LabourMarket(config(weeks=90), 3, area=area)
    assert_same_every_week(first, second)


def add_person(people: People, *, ward: int, like: int) -> People:
    """Return the people and one more, a copy of another with an id of their own."""
    columns = {
        name: np.append(getattr(people, name), getattr(people, name)[like])
        for name in People._fields
    }
    columns["id"][-1] = columns["id"].max() + 1
    columns["ward"][-1] = ward
    assert columns["cell"][-1] == NO_CELL
    return People(**columns)


def test_one_person_more_in_an_unconnected_ward_changes_nothing_elsewhere():
    """Two towns nobody commutes between; a job seeker is added to the second."""
    area = make_area([300, 200], commuting=ONE_TOWN_EACH, districts=["First", "Second"])
    settings = config(hiring={"rule": "ranking", "strength": 2.0})
    people = build_people(area, settings, seed=8)
    seeker = int(np.flatnonzero((people.ward == 1) & (people.state == State.JSA))[0])
    more = add_person(people, ward=1, like=seeker)
    without = LabourMarket(settings, 8, area=area)
    with_one = LabourMarket(settings, 8, area=area, people=more)
    first_town = people.ward == 0
    while without.running:
        without.step()
        with_one.step()
        for name in COMPARED:
            left = getattr(without.people, name)[first_town]
            right = getattr(with_one.people, name)[: people.id.size][first_town]
            np.testing.assert_array_equal(left, right, err_msg=f"{name}, week {without.week}")
    assert with_one.people.id.size == people.id.size + 1
    # The test could not fail if the one more were nobody: the second town does change.
    assert differences(without, with_one) != {}
    ours, theirs = (model.recorder.monthly() for model in (without, with_one))
    first, second = (
        frame[frame["ward"] == "W0"].reset_index(drop=True) for frame in (ours, theirs)
    )
    pd.testing.assert_frame_equal(first, second)


def test_pairing_takes_most_of_the_noise_out_of_a_difference():
    """The reason for all this: the same luck makes the difference of two arms far surer."""
    area = make_area([700, 500])
    small = {"strength": 1.0}, {"strength": 1.2}
    jobs = np.array(
        [[final_employed(area, hiring, seed) for hiring in small] for seed in range(12)],
        dtype=float,
    )
    unpaired = jobs[:, 0].var(ddof=1) + jobs[:, 1].var(ddof=1)
    paired = (jobs[:, 1] - jobs[:, 0]).var(ddof=1)
    assert paired < unpaired / 2


def final_employed(area, hiring, seed):
    model = LabourMarket(config(weeks=8, hiring=hiring), seed, area=area)
    while model.running:
        model.step()
    return int((model.people.state == State.EMPLOYED).sum())
