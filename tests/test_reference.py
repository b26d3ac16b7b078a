"""The engine against a second writing of its rules, person by person and week by week."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import mesa
import numba
import numpy as np
import pytest
from reference import copy_first_day, first_disagreement, run_reference
from reference.chance import LOGISTIC_SD, Dice, logistic, searched
from reference.first_people import FirstPeople, Known
from reference.market import ReferenceMarket

from simulation.categories import BARRIERS, LEVELS, State
from simulation.config import Config
from simulation.model import LabourMarket
from simulation.runner import forget_model
from simulation.streams import Stream

SEED = 20081027
START = date(2008, 9, 1)
WEEKS = 70
"""To December 2009: ESA, two steps of lone parent obligations, one uprating, the recession."""
RULES = ("random", "ranking", "stigma", "screening", "stock_flow")
EVENTS = (
    {"kind": "closure", "ward": "M2", "sector": "manufacturing", "jobs": 20, "date": "2008-12-03"},
    {"kind": "opening", "ward": "O1", "sector": "retail", "jobs": 90, "date": "2009-02-02"},
    {"kind": "opening", "ward": "O1", "sector": "retail", "jobs": 40, "date": "2009-06-01"},
)


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    """Threads cost a small area more than they save; they never change results."""
    threads = numba.get_num_threads()
    numba.set_num_threads(1)
    yield
    numba.set_num_threads(threads)


def configuration(*, people_per_agent: int = 4, **groups: dict) -> Config:
    return Config(start=START, weeks=WEEKS, people_per_agent=people_per_agent).replace(
        area={"name": "two_towns"}, **groups
    )


@contextmanager
def both(config: Config, seed: int = SEED) -> Iterator[tuple[LabourMarket, ReferenceMarket]]:
    engine = LabourMarket(config, seed)
    reference = copy_first_day(engine, seed)
    try:
        yield engine, reference
    finally:
        forget_model(engine)
        forget_model(reference)


def first_difference(engine: LabourMarket, reference: ReferenceMarket) -> str | None:
    for _ in range(engine.config.weeks):
        engine.step()
        reference.step()
        found = first_disagreement(engine, reference)
        if found is not None:
            return found
    return None


@pytest.mark.parametrize("rounds", [1, 2])
@pytest.mark.parametrize("rule", RULES)
def test_engine_and_reference_agree_on_everybody_every_week(rule: str, rounds: int) -> None:
    config = configuration(hiring={"rule": rule}, search={"rounds": rounds})
    with both(config) as (engine, reference):
        assert first_difference(engine, reference) is None


@pytest.mark.parametrize("strength", [0.0, float("inf")])
def test_both_agree_at_the_ends_of_the_queue_dial_and_under_lasting_shocks(strength: float) -> None:
    config = configuration(hiring={"strength": strength}, economy={"shock_persistence": 1.0})
    with both(config) as (engine, reference):
        assert first_difference(engine, reference) is None


def test_both_agree_at_full_size_with_local_events_and_movers() -> None:
    config = configuration(
        people_per_agent=1,
        economy={"events": EVENTS},
        people={"p_move_on_hire": 0.3},
        employers={"lapse_weeks": 4, "pause_weeks": 2},
    )
    with both(config) as (engine, reference):
        homes = engine.people.ward.copy()
        assert first_difference(engine, reference) is None
        moves = engine.recorder.moves.sum(axis=0)
        for before, after in (
            (State.EMPLOYED, State.JSA),
            (State.EMPLOYED, State.IB_ESA),
            (State.JSA, State.EMPLOYED),
            (State.LONE_PARENT, State.JSA),
            (State.IB_ESA, State.INACTIVE_NO_BENEFIT),
            (State.INACTIVE_NO_BENEFIT, State.SEEKING_NO_BENEFIT),
        ):
            assert moves[before, after] > 0, f"nobody went from {before.name} to {after.name}"
        totals = dict(zip(engine.totals, engine.recorder.area_flows.sum(axis=0)[6:], strict=True))
        assert min(totals.values()) > 0, f"something never happened: {totals}"
        assert (engine.people.ward != homes).any()
        assert (engine.jobs.pause_until > 0).any()
        assert len({rules.child_age_limit for rules in reference.dated_rules}) == 3


def test_both_agree_in_an_area_without_a_table_of_commuting_and_a_steady_economy() -> None:
    config = configuration(economy={"file": None}, people={"scarring": 0.0}, search={"places": 1})
    config = config.replace(area={"name": "bare_market"}, weeks=30)
    with both(config, seed=0) as (engine, reference):
        assert first_difference(engine, reference) is None


def test_a_disagreement_is_told_by_week_person_attribute_and_both_values() -> None:
    with both(configuration()) as (engine, reference):
        engine.step()
        reference.step()
        reference.people[417].confidence = 2.0
        found = first_disagreement(engine, reference)
        expected = engine.people.confidence[417]
        assert found == (
            f"week 0, person 417, confidence: the engine has {expected}, the reference 2.0"
            " (1 confidence in all differ)"
        )


def test_one_draw_more_or_less_in_the_reference_is_noticed() -> None:
    with both(configuration()) as (engine, reference):
        reference.dice = Dice(SEED + 1)
        found = first_difference(engine, reference)
        assert found is not None
        assert "the engine has" in found


def test_people_of_the_first_day_are_as_drawn_one_by_one() -> None:
    config = configuration(people_per_agent=1)
    with both(config) as (engine, _):
        bands = np.searchsorted([25 * 52, 35 * 52, 50 * 52], engine.people.age_weeks, "right")
        everyone = [
            Known(each.unique_id, each.ward, State(each.state), band, each.qualification)
            for each, band in zip(engine.claimants, bands.tolist(), strict=True)
        ]
        first = FirstPeople(config, engine.area, SEED, everyone)
        for claimant, known in zip(engine.claimants, everyone, strict=True):
            drawn = first.draw(known)
            never_worked = drawn.pop("never_worked", False)
            assert (claimant.sector == -1) == never_worked, claimant
            for name, value in drawn.items():
                found = getattr(claimant, name)
                assert found == pytest.approx(value, abs=1e-12), f"{claimant} {name}"
        assert len(BARRIERS) == len(config.population.barrier_share)


def test_first_jobs_are_where_and_at_the_level_each_person_drew() -> None:
    config = configuration()
    with both(config) as (_, reference):
        for person in (each for each in reference.people if each.is_employed):
            u_ward, u_level, _, _ = reference.dice.roll(Stream.FIRST_JOB, 0, person.number)
            work_ward = searched(reference.commuting[person.ward], u_ward)
            step = int(u_level >= 1.0 - config.population.p_level_above)
            step -= int(u_level < config.population.p_level_below)
            assert person.cell.establishment.ward == work_ward
            assert person.cell.level == min(max(person.qualification + step, 0), LEVELS[-1])
            assert person.wage == person.cell.wage


def test_cells_of_the_first_day_have_their_own_rounding_vacancies_and_pay() -> None:
    config = configuration()
    employers = config.employers
    with both(config) as (_, reference):
        for establishment in reference.establishments:
            u_pay, u_gap, _, _ = reference.dice.roll(Stream.CELLS, 0, establishment.number)
            gap = max(1.0 + employers.gap_spread * logistic(u_gap) / LOGISTIC_SD, 0.0)
            pay = np.exp(employers.wage_spread * logistic(u_pay) / LOGISTIC_SD)
            assert establishment.pay == pytest.approx(pay, rel=1e-12)
            for cell in establishment.cells:
                rounding, u_open, u_since, _ = reference.dice.roll(Stream.CELLS, 0, cell.number, 1)
                base = cell.filled * (1.0 + employers.unfilled_share[cell.level]) * gap
                assert cell.base == pytest.approx(base, rel=1e-12)
                assert cell.desired == int(base + rounding)
                vacancies = max(cell.desired - cell.filled, 0)
                assert cell.openings == (u_open < 0.75) * vacancies
                since = int(5.0 * np.log(u_since))
                assert cell.open_since == max(since, 1 - employers.lapse_weeks)


def test_employees_are_entered_longest_tenure_first() -> None:
    with both(configuration()) as (_, reference):
        for establishment in reference.establishments:
            for cell in establishment.cells:
                order = [(-each.weeks_in_state, each.number) for each in cell.employees]
                assert order == sorted(order)


def test_a_timed_run_of_the_reference_leaves_no_model_behind() -> None:
    config = configuration(people_per_agent=8).replace(weeks=2)
    others = {id(model) for model in getattr(mesa.Agent, "_ids", {})}
    seconds = run_reference(config, SEED)
    assert 1e-7 < seconds < 1e-2
    with both(config) as (engine, reference):
        gone = weakref.ref(reference)
    del engine, reference
    gc.collect()
    assert gone() is None
    left = [model for model in getattr(mesa.Agent, "_ids", {}) if id(model) not in others]
    assert not any(isinstance(model, ReferenceMarket) for model in left)
