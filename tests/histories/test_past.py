"""Runs that differ only in what cannot matter before a week are the same run until then."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

import pytest

from simulation import Config, InputError, simulate
from simulation.histories.past import Past, first_joint_plan
from simulation.inputs.of_config import area_of
from simulation.support.commissioning import planning_weeks
from simulation.support.set_up import streams_of
from tests.histories.test_state import SEED, SMALL, Kept, assert_same

START = date(2007, 9, 3)
JOINT = {
    "name": ["fragmented", "aligned", "pooled", "co_commissioned", "devolved"],
    "start_up_weeks": [20, 40, 500],
    "core_team_gbp": [0.0, 300_000.0],
    "core_team_set_up_gbp": [0.0, 300_000.0],
    "core_team_share": [0.0, 0.03],
    "joint_quality_weight": [0.4, 0.9],
    "pool_share": [0.0, 1.0],
    "trust_threshold": [0.1, 0.9],
    "largest_fall": [0.1, 0.9],
    "fair_share": [0.0, 1.0],
    "need_weight": [0.0, 3.0],
    "diminishing": [0.1, 0.9],
    "co_commissioned_share": [0.2, 1.0],
    "devolved_share": [0.2, 1.0],
    "tier": ["sub_region", "district", "ward_group"],
    "core_team_fixed": [0.0, 1.0],
    "local_knowledge": [0.3, 1.0],
    "co_location": [False, True],
    "single_offer": [False, True],
    "package_areas": [1, 4],
    "package_units": ["district", "ward_group"],
    "primes_per_area": [1, 3],
    "prime_terms": ["work_programme", "flexible_new_deal"],
    "prime_years": [1, 5],
    "prime_scale": [0.5, 2.0],
    "prime_discount": [0.0, 0.3],
    "prime_margin": [0.05, 0.3],
}


def settings_of(luck: random.Random) -> dict[str, Any]:
    """One of many configurations, whose partnership starts up some time within the run."""
    return {
        **SMALL,
        "weeks": 60,
        "start": START,
        "closure": {"response": luck.choice([0.0, 3.0])},
        "partnership": {"start": START, "trust": 0.7, "default_behaviour": "full_pooling"},
        "regime": {name: luck.choice(values) for name, values in JOINT.items()},
        "belief": {"known": False},
    }


def past_of(settings: dict[str, Any]) -> Past:
    config = Config.from_mapping(settings)
    return Past(config, area_of(config))


def same_until(one: dict, other: dict) -> int:
    """Return for how many weeks two runs of one seed are the same; both go on then."""
    first, second = past_of(one), past_of(other)
    low, high = 0, min(first.config.weeks, second.config.weeks) - 1
    while low < high:
        middle = (low + high + 1) // 2
        if first.until(middle) == second.until(middle):
            low = middle
        else:
            high = middle - 1
    return low


def assert_goes_on_from(trunk: dict[str, Any], branch: dict[str, Any], week: int) -> None:
    """A run gone on with from another's state after a week is that run as a whole."""
    keep, config = Kept(week), Config.from_mapping(branch)
    simulate(Config.from_mapping(trunk), SEED, people=True, keep=keep)
    gone_on = simulate(config, SEED, people=True, since=keep.state)
    assert_same(simulate(config, SEED, people=True), gone_on)


@pytest.mark.parametrize("number", range(8))
def test_joint_plans_share_their_past(number):
    luck = random.Random(number)
    one, other = settings_of(luck), settings_of(luck)
    other["closure"] = one["closure"]
    week = same_until(one, other)
    assert week >= 17
    assert_goes_on_from(one, other, week)


def test_the_week_of_the_first_joint_plan_by_hand():
    """The partnership runs from 26 weeks after April 2007, that is from 2007-09-30."""
    config = Config.from_mapping({**SMALL, "weeks": 200, "regime": {"name": "aligned"}})
    area = area_of(config)
    weeks = planning_weeks(streams_of(config, area), config)
    days = [config.start + timedelta(weeks=week) for week in sorted(weeks)]
    # The month begins with the first Monday in it.
    expected = next(day for day in days if day >= date(2007, 10, 1))
    assert config.start + timedelta(weeks=first_joint_plan(config, area)) == expected
    alone = config.replace(regime={"name": "fragmented"})
    assert first_joint_plan(alone, area) == 200


@pytest.mark.parametrize("pair", [("recession_2008", "deep"), ("sharp", "long")])
def test_paths_of_demand_share_their_past_until_they_part(pair):
    one, other = ({**SMALL, "weeks": 125, "economy": {"file": f"{name}.csv"}} for name in pair)
    week = same_until(one, other)
    assert 100 < week < 124  # all four fall from June 2008 on, two years into the run
    assert_goes_on_from(one, other, week)


def test_a_closure_does_not_matter_before_its_week():
    closing = {"kind": "closure", "ward": "M1", "sector": "manufacturing", "jobs": 16}
    events = [closing | {"date": START + timedelta(days=days)} for days in (70, 200)]
    one, other = (
        {**SMALL, "start": START, "economy": {"events": each}} for each in (events, events[:1])
    )
    assert same_until(one, other) == 200 // 7
    assert_goes_on_from(one, other, 200 // 7)


def test_what_opens_is_there_from_the_first_day():
    opening = {
        "kind": "opening",
        "ward": "M1",
        "sector": "retail",
        "jobs": 16,
        "date": "2008-01-07",
    }
    one, other = ({**SMALL, "economy": {"events": each}} for each in ([], [opening]))
    assert same_until(one, other) == 0


@pytest.mark.parametrize("regime", ["none", "pooled"])
def test_how_long_a_run_is_does_not_matter_before_it_ends(regime):
    short = {**SMALL, "weeks": 30, "regime": {"name": regime}}
    week = same_until(short, short | {"weeks": 53})
    assert week == 29
    assert_goes_on_from(short, short | {"weeks": 53}, week)
    assert_goes_on_from(short | {"weeks": 53}, short, week)


LATER = ("outreach", "employer_brokerage", "temporary_jobs", "wage_subsidy", "level_2")


@pytest.mark.parametrize("number", range(8))
def test_interventions_do_not_matter_before_they_begin(number):
    """Not even whether there is any, other support, information or a reference world."""
    luck = random.Random(number)
    regime = {"name": ("none", "aligned")[number % 2], "start_up_weeks": 4}
    settings = {
        **SMALL,
        "weeks": 60,
        "start": START,
        "regime": regime,
        "partnership": {"start": START},
        "closure": {"response": luck.choice([0.0, 3.0])},
        "belief": {"known": number % 4 != 1},
        "information": {"rating": {"active": number % 4 == 1}},
    }
    one, other = (
        {
            name: {"active": True, "start": START + timedelta(weeks=luck.randint(21, 40))}
            for name in luck.sample(LATER[regime["name"] == "none" :], k=n)
        }
        for n in luck.choice([(0, 1), (0, 3), (1, 2), (2, 2)])
    )
    if number > 3:
        early = {"work_trial": {"active": True, "start": START + timedelta(weeks=9)}}
        one, other = one | early, other | early
    one, other = ({**settings, "interventions": aids} for aids in (one, other))
    week = same_until(one, other)
    assert 21 <= week <= 40
    assert_goes_on_from(one, other, week)
    assert_goes_on_from(other, one, week)


def test_an_intervention_matters_from_the_week_it_begins():
    aid = {"active": True, "start": START + timedelta(days=70)}
    one, other = (
        {**SMALL, "start": START, "interventions": {"employer_brokerage": aid | terms}}
        for terms in ({"p_broker": 0.1}, {"p_broker": 0.2})
    )
    assert same_until(one, other) == 10


def test_the_length_matters_where_places_are_spread_over_it():
    aided = {**SMALL, "interventions": {"outreach": {"active": True}}}
    assert same_until(aided, aided | {"weeks": 53}) == 0


@pytest.mark.parametrize(
    ("change", "line"),
    [
        ({"hiring": {"strength": 0.9}}, "hiring.strength=0.9 instead of"),
        ({"people": {"scarring": 0.0}}, "matters from the first day on"),
        ({"economy": {"file": "steady.csv"}}, "economy.file=steady.csv instead of"),
        ({"regime": {"name": "prime_contractor"}}, "regime.name=prime_contractor instead of"),
        ({"regime": {"name": "fragmented"}}, "matters from 2008-01-07"),
    ],
)
def test_what_would_have_mattered_before_is_named_with_its_day(change, line):
    settings = {**SMALL, "weeks": 120, "regime": {"name": "aligned"}}
    with pytest.raises(InputError) as error:
        past_of({**settings, **change}).check_same(past_of(settings), 100)
    assert line in str(error.value)
    assert "before 2008-03-31" in str(error.value)
