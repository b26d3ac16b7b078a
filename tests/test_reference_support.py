"""The client journey against a second writing of its rules, client by client, week by week."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from math import inf, log
from types import SimpleNamespace

import numba
import numpy as np
import pytest
from reference import copy_first_day, first_disagreement
from reference.belief import Beliefs, listed
from reference.chance import Dice
from reference.compare_plans import CheckedPlanner, PlanSpy
from reference.compare_support import first_support_disagreement
from reference.contracts import Contract, contract_from
from reference.effort import chosen_effort, recruiting_weight
from reference.journey import PLACEMENT, SERVICES, Journey
from reference.made_market import (
    CASH,
    EAGER,
    SHORT_LIVED,
    START,
    STREAMS,
    made_contracts,
    made_providers,
)
from reference.market import ReferenceMarket
from reference.person import Person
from reference.providers import Provider
from reference.support import SupportSystem, give_support, providers_from

from simulation.categories import CLIENT_EVENTS, LEVELS, State
from simulation.config import Config
from simulation.model import LabourMarket
from simulation.policies.tariffs import Terms
from simulation.runner import forget_model
from simulation.support.set_up import GivenSupport

SEED = 20081027
WEEKS = 110


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    threads = numba.get_num_threads()
    numba.set_num_threads(1)
    yield
    numba.set_num_threads(threads)


def configuration(*, weeks: int = WEEKS, people_per_agent: int = 1, **groups: dict) -> Config:
    return Config(start=START, weeks=weeks, people_per_agent=people_per_agent).replace(
        **{
            "area": {"name": "two_towns"},
            "journey": EAGER,
            "closure": {"response": 0.0},
        }
        | groups
    )


@contextmanager
def both(config: Config, seed: int = SEED) -> Iterator[tuple[LabourMarket, ReferenceMarket]]:
    """The engine with the made market, and the reference with the same."""
    agreements, providers = made_contracts(), made_providers()
    given = GivenSupport(providers=providers, cash=CASH, contracts=agreements)
    engine = LabourMarket(config, seed, given=given)
    reference = copy_first_day(engine, seed)
    credit = [round(cash * config.providers.credit_factor) for cash in CASH.tolist()]
    give_support(
        reference,
        agreements,
        made_providers(),
        streams=STREAMS,
        cash=CASH.tolist(),
        credit=credit,
    )
    try:
        yield engine, reference
    finally:
        forget_model(engine)
        forget_model(reference)


@contextmanager
def fragmented(
    config: Config, seed: int = SEED
) -> Iterator[tuple[LabourMarket, ReferenceMarket, CheckedPlanner]]:
    """The engine under a regime, and a reference that plans for itself and checks the engine."""
    engine = LabourMarket(config, seed)
    planner = CheckedPlanner(PlanSpy(engine))
    reference = copy_first_day(engine, seed)
    market = engine.support_system.commissioning
    providers = providers_from(
        market.providers, cash=market.money.cash.tolist(), credit=market.credit.tolist()
    )
    reference.support = SupportSystem(reference, [], providers, planner)
    if not config.belief.known:
        market_table = engine.support_system._provider_table
        rows = list(market_table[["id", "type"]].itertuples(index=False, name=None))
        funders = [stream.funder for stream in market.streams]
        reference.support.beliefs = Beliefs(reference.support, listed(config, rows), funders)
    try:
        yield engine, reference, planner
    finally:
        forget_model(engine)
        forget_model(reference)


def first_difference(engine: LabourMarket, reference: ReferenceMarket) -> str | None:
    for _ in range(engine.config.weeks):
        engine.step()
        reference.step()
        reference.support.check()
        found = first_support_disagreement(engine, reference)
        found = found or first_disagreement(engine, reference)
        if found is not None:
            return found
    return None


def test_engine_and_reference_agree_on_every_client_every_week() -> None:
    with both(configuration(), seed=1) as (engine, reference):
        assert first_difference(engine, reference) is None
        system = reference.support
        happened = Counter(event.event for event in system.events)
        assert set(CLIENT_EVENTS) - set(happened) == {"helped"}
        assert not system.providers[SHORT_LIVED].is_open
        assert all(0 < each.used <= each.budget + each.moved for each in system.contracts[1:4])
        assert any(each.moved for each in system.contracts)
        paid = [event for event in system.events if event.event == "paid_for_result"]
        whole = {event: system.contracts[event.contract].fee("job", 0) for event in paid}
        assert any(event.contract == 6 and event.earned < whole[event] for event in paid)


@pytest.mark.parametrize("seed", [0, 7])
def test_both_agree_when_thinned_with_fractions_of_places_and_two_rounds(seed: int) -> None:
    config = configuration(weeks=60, people_per_agent=5, search={"rounds": 2}, journey={})
    eager = {"engagement_rate": EAGER["engagement_rate"], "better_off_sums": 0.6}
    config = config.replace(journey=eager)
    with both(config, seed) as (engine, reference):
        assert first_difference(engine, reference) is None
        assert len(reference.support.events) > 100


def test_both_agree_on_permitted_work() -> None:
    """Places begin when all contracts are signed, so that theirs is the last."""
    terms = {"active": True, "places": 520, "weeks": 13, "start": date(2009, 1, 5)}
    groups = {"interventions": {"permitted_work": terms | {"end": date(2009, 10, 5)}}}
    with both(configuration(weeks=70, **groups)) as (engine, reference):
        assert first_difference(engine, reference) is None
        (work,) = reference.support.interventions
        helped = [event for event in reference.support.events if event.event == "helped"]
        assert len(helped) > 200
        assert not work.covered
        assert work.contract.purse.paid == sum(event.cost for event in helped) > 0


@pytest.mark.parametrize("people_per_agent", [1, 5])
def test_both_agree_on_help_for_those_whom_closures_lay_off(people_per_agent: int) -> None:
    closure = {"kind": "closure", "ward": "M2", "sector": "manufacturing", "jobs": 20}
    days = ("2009-02-04", "2009-03-04", "2009-06-10")
    terms = {"active": True, "places": 200, "start": date(2009, 1, 5), "closures_only": True}
    config = configuration(
        weeks=60,
        people_per_agent=people_per_agent,
        interventions={"redundancy_response": terms},
        economy={"events": [closure | {"date": day} for day in days]},
    )
    with both(config) as (engine, reference):
        assert first_difference(engine, reference) is None
        helped = [event for event in reference.support.events if event.event == "helped"]
        laid_off = set(engine.lost_work.table()["person"])
        assert len(helped) > 0.5 * len(laid_off) > 4
        assert {event.person for event in helped} <= laid_off
        (response,) = reference.support.interventions
        assert response.weeks_of_places() == 16  # the first two closures are four weeks apart


@pytest.mark.parametrize(("people_per_agent", "response"), [(1, 0.0), (5, 0.5)])
def test_both_agree_on_training_for_openings_that_are_held(
    people_per_agent: int, response: float
) -> None:
    terms = {"active": True, "places": 2080, "start": date(2009, 1, 5), "p_complete": 0.8}
    config = configuration(
        weeks=45,
        people_per_agent=people_per_agent,
        interventions={
            "permitted_work": {"active": True, "places": 260, "start": date(2009, 1, 5)},
            "pre_recruitment_training": terms,
        },
        closure={"response": response, "half_life_weeks": 8.0, "memory_weeks": 4.0},
        people={"p_move_on_hire": 0.5},
    )
    with both(config) as (engine, reference):
        alone = LabourMarket(config, SEED)
        if response > 0.0:
            reference.without_support = copy_first_day(alone, SEED)
        forget_model(alone)
        assert first_difference(engine, reference) is None
        _, training = reference.support.interventions
        assert training.contract.purse.paid > 0
        assert (engine.closure.by_ward != 1.0).any() == (response > 0.0)
        assert engine.support_system.interventions.held.size == len(training.covered) > 0


def test_a_disagreement_in_support_is_told_by_week_client_and_both_values() -> None:
    with both(configuration(weeks=2)) as (engine, reference):
        engine.step()
        reference.step()
        client = next(each for each in reference.people if each.journey.is_client)
        client.journey.weeks_in_stage = 9
        assert first_support_disagreement(engine, reference) == (
            f"week 0, client {client.number}, weeks_in_stage: the engine has 0, the reference 9"
        )
        client.journey.weeks_in_stage = 0
        event = reference.support.events[0]
        reference.support.events[0] = event._replace(cost=event.cost + 1)
        found = first_support_disagreement(engine, reference)
        assert found is not None
        assert found.startswith(f"week 0, only the engine records {event}; the reference")


@pytest.mark.parametrize(("known", "weeks"), [(False, 70), (True, 60)])
def test_plans_of_fragmented_are_those_of_plain_loops_and_lives_under_them_agree(
    known: bool, weeks: int
) -> None:
    regime = {"regime": {"name": "fragmented"}, "belief": {"known": known}}
    config = configuration(weeks=weeks, **regime)
    with fragmented(config) as (engine, reference, planner):
        assert first_difference(engine, reference) is None
        assert planner.differences == []
        assert planner.n_signed > 40
        assert {contract.terms.kind for contract in reference.support.contracts} == {
            "block",
            "unit",
            "results",
        }


@pytest.mark.parametrize("response", [0.2, inf])
def test_both_agree_on_jobs_that_answer_to_ease_of_hiring(response: float) -> None:
    """The engine simulates the world without support; the reference has one of its own."""
    rules = {"response": response, "half_life_weeks": 8.0, "memory_weeks": 4.0}
    config = configuration(weeks=60, closure=rules)
    with both(config) as (engine, reference):
        alone = LabourMarket(config, SEED)
        reference.without_support = copy_first_day(alone, SEED)
        assert first_difference(engine, reference) is None
        factors = engine.closure.by_ward
        assert np.abs(factors - 1.0).max() > 1e-3
        expected = [
            [reference.closure.factor(ward, level) for level in LEVELS]
            for ward in range(engine.area.n_wards)
        ]
        np.testing.assert_allclose(factors, expected, rtol=1e-12)
        forget_model(alone)


def test_one_draw_more_or_less_is_noticed_in_support() -> None:
    with both(configuration(weeks=12)) as (engine, reference):
        reference.dice = Dice(SEED + 1)
        assert "the engine has" in first_difference(engine, reference)


def test_a_plan_of_other_prices_is_noticed() -> None:
    config = configuration(weeks=1, regime={"name": "fragmented", "mark_up": 0.2})
    with fragmented(config) as (engine, reference, planner):
        reference.config = config.replace(regime={"mark_up": 0.2001})
        first_difference(engine, reference)
        assert planner.differences


BY_HAND = Terms(
    "by hand",
    "results",
    attachment_gbp=(100.0,) * 9,
    job_gbp=(1000.0,) * 9,
    sustainment_gbp=(500.0,) * 9,
    n_sustainment=(2,) * 9,
    job_weeks=26,
    attachment_taper=(1.0, 0.75, 0.5, 0.0),
)
BELIEFS = {
    "effort_steps": 1,
    "believed_base": 0.0,
    "believed_employability": 0.0,
    "believed_barrier": 0.0,
    "believed_years": 0.0,
    "believed_effect": log(3.0),
    "believed_retention": 1.0,
}
"""Chances of 1/2 alone and 3/4 if served; a job is sure to be paid 2,000 pounds for."""


def client_by_hand(terms: Terms, costs: list[int]) -> tuple[Person, Contract]:
    """A person on no benefit, and a contract with a provider of quality 1."""
    config = Config().replace(journey=BELIEFS)
    model = SimpleNamespace(config=config, week=0, weeks_of_esa=0)
    person = SimpleNamespace(
        model=model,
        number=0,
        state=State.SEEKING_NO_BENEFIT,
        barriers=set(),
        employability=0.3,
        weeks_since_job=40,
    )
    person.journey = Journey(person)
    provider = Provider(0, 1.0, 0, 0.5, 10, costs, [1.0] * 8, [1.0] * 8, False, None)
    agreement = replace(made_contracts()[4], provider=0, terms=terms)
    return person, contract_from(agreement, number=0, stream=0, providers=[provider], config=config)


@pytest.mark.parametrize(("cost", "is_served"), [(50_000, True), (50_004, False)])
def test_a_client_is_parked_where_fee_times_effect_falls_below_cost(
    cost: int, is_served: bool
) -> None:
    person, contract = client_by_hand(BY_HAND, [0, 0, cost // 2, cost // 2, 0])
    assert (chosen_effort(person, contract, SERVICES) > 0.0) is is_served
    assert chosen_effort(person, contract, PLACEMENT) == 1.0


def test_recruiting_weighs_profit_against_cost() -> None:
    person, contract = client_by_hand(BY_HAND, [5_000, 5_000, 30_000, 20_000, 0])
    # Alone 1/2 of 200,000 less a tenth of 50,000; served 3/4 of 200,000 less 50,000: 100,000.
    assert recruiting_weight(person, contract, 6) == pytest.approx(100_000 / 160_000, rel=1e-12)


def test_attachment_fees_taper_by_the_year_of_the_contract() -> None:
    _, contract = client_by_hand(BY_HAND, [0] * 5)
    first = contract.start_week
    fees = [contract.attachment_now(0, first + week) for week in (0, 51, 52, 104, 156, 999)]
    assert fees == [10_000, 10_000, 7_500, 5_000, 0, 0]


def test_a_budget_is_released_evenly_and_five_weeks_ahead() -> None:
    _, contract = client_by_hand(BY_HAND, [0] * 5)
    first, length = contract.start_week, contract.end_week - contract.start_week
    weeks = (0, 10, length - 5, length - 1)
    left = [contract.money_left(first + week) for week in weeks]
    budget = contract.budget
    assert left == [budget * 5 // length, budget * 15 // length, budget, budget]


def test_instalments_of_a_block_grant_come_to_its_budget_and_a_prime_keeps_its_margin() -> None:
    agreement = replace(made_contracts()[0], margin=0.15, prime=1, budget_pence=1_000_003)
    config = Config(start=START, weeks=300)
    providers = [Provider(n, 1.0, 0, 0.5, 9, [0] * 5, [], [], False, None) for n in range(2)]
    contract = contract_from(agreement, number=0, stream=0, providers=providers, config=config)
    for week in range(contract.end_week + 1):
        is_month_start = week % 13 in (0, 4, 9)
        contract.earn_instalment(week, is_month_start=is_month_start, advance_weeks=inf)
        contract.pay(week)
    assert contract.purse.paid == contract.purse.earned == 1_000_003
    assert [provider.cash for provider in providers] == [850_003, 150_000]


def test_a_contract_by_results_waits_for_results_before_its_money_lapses() -> None:
    _, contract = client_by_hand(BY_HAND, [0] * 5)
    contract.purse.keep_back(700)
    contract.lapse(contract.end_week + 103)
    assert contract.purse.free > 0
    contract.lapse(contract.end_week + 104)
    assert (contract.purse.committed, contract.purse.free) == (700, 0)
