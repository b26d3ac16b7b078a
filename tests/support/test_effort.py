from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest

from simulation.agents.clients import Clients
from simulation.agents.columns import People, new_columns
from simulation.agents.contracts import Contracts
from simulation.agents.providers import Providers
from simulation.categories import BARRIERS, CLIENT_GROUPS, PAYMENT_GROUPS, Stage, State
from simulation.config import JourneyConfig
from simulation.support.effort import (
    EffortRates,
    chosen_effort,
    effort_rates,
    payment_group,
    recruiting_weight,
    value_of_results,
)

COSTS = np.array([[3_000, 8_000, 60_000, 25_000, 12_000]])
ADULT = PAYMENT_GROUPS.index("jsa_25_plus")
FLOATS = {"employability", "ability", "confidence", "wage"}
HOUSING, DEBT = 1 << BARRIERS.index("housing"), 1 << BARRIERS.index("debt")
RECORD = 1 << BARRIERS.index("record")


class Case(NamedTuple):
    """One client, one provider, one contract."""

    people: People
    clients: Clients
    providers: Providers
    contracts: Contracts
    rates: EffortRates

    def effort(self, stage: int = Stage.SERVICES) -> float:
        return float(chosen_effort(*self[:4], 0, 0, stage, self.rates))

    def serves(self, stage: int = Stage.SERVICES) -> bool:
        return self.effort(stage) > 0.0

    def weight(self, group: int = 0) -> float:
        return float(recruiting_weight(*self[:4], 0, 0, group, self.rates))

    def value(self, group: int = ADULT) -> float:
        return float(value_of_results(self.contracts, 0, group, self.rates))


def person(**values) -> People:
    """Return one person on JSA, 30 years old; columns not given are zeros."""
    values = {"state": int(State.JSA), "age_weeks": 30 * 52, "employability": 0.5, **values}
    return People(
        **{
            name: np.array([values.get(name, 0)], np.float64 if name in FLOATS else np.int64)
            for name in People._fields
        }
    )


def provider(quality: float = 1.0, strength: float = 1.0, costs: np.ndarray = COSTS) -> Providers:
    columns = {name: np.zeros(1) for name in Providers._fields}
    columns |= {
        "quality": np.array([quality]),
        "group_strength": np.full((1, len(CLIENT_GROUPS)), strength),
        "unit_cost": costs,
    }
    return Providers(**columns)


def contract(
    *,
    attachment: int = 0,
    job: int = 0,
    sustainment: int = 0,
    n: int = 0,
    job_weeks: int = 13,
    gap: int = 4,
    margin: float = 0.0,
    least_effort: float = 0.0,
) -> Contracts:
    columns = {name: np.zeros(1, np.int64) for name in Contracts._fields}
    fees = {"attachment": attachment, "job": job, "sustainment": sustainment, "n_sustainment": n}
    columns |= {
        name: np.full((1, len(PAYMENT_GROUPS)), value, np.int64) for name, value in fees.items()
    }
    columns |= {
        "job_weeks": np.full((1, len(PAYMENT_GROUPS)), job_weeks),
        "sustainment_weeks": np.array([gap]),
        "margin": np.array([margin]),
        "least_effort": np.array([least_effort]),
    }
    return Contracts(**columns)


@pytest.fixture
def rates() -> EffortRates:
    """All or nothing, so that what is served is a matter of one condition."""
    return effort_rates(JourneyConfig(effort_steps=1), np.array([100]))


@pytest.fixture
def case(rates: EffortRates) -> Case:
    clients = new_columns(Clients, 1)
    clients.payment_group[0] = ADULT
    people = person(barriers=HOUSING | DEBT, weeks_since_job=78)
    return Case(people, clients, provider(), contract(job=100_000), rates)


def chance(case: Case, n_barriers: int, effect: float) -> float:
    """Write out the formula of the believed chance a second time."""
    config = JourneyConfig()
    odds = (
        config.believed_base
        + config.believed_employability * case.people.employability[0]
        + config.believed_barrier * n_barriers
        + config.believed_years * np.log(1 + case.people.weeks_since_job[0] / 52)
        + config.believed_effect * effect
    )
    return 1 / (1 + np.exp(-odds))


def test_value_of_results_counts_each_by_the_chance_that_the_job_lasts(case: Case):
    terms = contract(job=120_000, sustainment=21_500, n=13, job_weeks=26, gap=4, margin=0.12)
    weeks = 26 + 4 * np.arange(1, 14)
    expected = 0.88 * (120_000 * 0.7**0.5 + (21_500 * 0.7 ** (weeks / 52)).sum())
    assert case._replace(contracts=terms).value() == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("retention", [0.0, 1.0])
def test_value_of_results_where_no_job_or_every_job_lasts(case: Case, retention: float):
    terms = contract(job=500, sustainment=70, n=3, job_weeks=13)
    sure = case._replace(contracts=terms, rates=case.rates._replace(retention=retention))
    assert sure.value() == retention * (500 + 3 * 70)


def test_groups_whose_job_outcome_comes_earlier_are_worth_more(case: Case):
    terms = contract(job=100_000, job_weeks=26)
    terms.job_weeks[0, PAYMENT_GROUPS.index("esa_new")] = 13
    case = case._replace(contracts=terms)
    sooner, later = case.value(PAYMENT_GROUPS.index("esa_new")), case.value()
    assert sooner / later == pytest.approx(0.7**-0.25, rel=1e-12)


def test_a_job_paid_on_the_first_day_counts_in_full(case: Case):
    assert case._replace(contracts=contract(job=500, job_weeks=0)).value() == 500


@pytest.mark.parametrize("stage", [Stage.SERVICES, Stage.PLACEMENT])
@pytest.mark.parametrize("quality", [0.6, 1.0, 1.4])
@pytest.mark.parametrize("employability", [0.1, 0.5, 0.9])
@pytest.mark.parametrize("weeks_since_job", [0, 30, 300])
def test_parking_begins_where_fee_times_marginal_effect_falls_below_cost(
    case: Case, stage: int, quality: float, employability: float, weeks_since_job: int
):
    """Sweep the fee penny by penny about the one at which the formula says serving begins."""
    people = person(
        barriers=HOUSING | DEBT, employability=employability, weeks_since_job=weeks_since_job
    )
    case = case._replace(people=people, providers=provider(quality, 0.9))
    cost = COSTS[0, 3] + (COSTS[0, 2] if stage == Stage.SERVICES else 0)
    gain = chance(case, 1, 0.9 * quality) - chance(case, 1, 0.0)
    switch = cost / gain / 0.7 ** (13 / 52)
    for pence in range(-3, 4):
        fee = int(np.ceil(switch)) + pence
        decided = case._replace(contracts=contract(job=fee)).serves(stage)
        assert decided == (fee >= switch)


def test_a_prime_s_margin_moves_the_fee_at_which_parking_begins(case: Case):
    gain = chance(case, 1, 1.0) - chance(case, 1, 0.0)
    switch = (COSTS[0, 2] + COSTS[0, 3]) / gain / 0.7**0.25 / 0.8
    for pence in (-2, 2):
        fee = int(switch) + pence
        decided = case._replace(contracts=contract(job=fee, margin=0.2)).serves()
        assert decided == (fee >= switch)


def test_before_assessment_only_barriers_anyone_sees_count_and_then_those_found(case: Case):
    """Housing is seen by anyone, debt is not; the assessment here finds debt and a record."""
    seen = chance(case, 1, 1.0) - chance(case, 1, 0.0)
    case.clients.found[0] = DEBT | RECORD
    found = chance(case, 2, 1.0) - chance(case, 2, 0.0)
    cost = COSTS[0, 2] + COSTS[0, 3]
    for n_assessments, gain in ((0, seen), (1, found)):
        case.clients.assessments[0] = n_assessments
        switch = cost / gain / 0.7**0.25
        assert not case._replace(contracts=contract(job=int(switch) - 1)).serves()
        assert case._replace(contracts=contract(job=int(switch) + 2)).serves()


def test_a_flat_tariff_below_cost_parks_everyone(case: Case):
    """No chance can rise by more than 1, so a fee below the cost never pays."""
    for employability in np.linspace(0, 1, 21):
        for barriers in (0, HOUSING, HOUSING | DEBT | RECORD):
            people = person(employability=employability, barriers=barriers)
            flat = contract(job=int(COSTS[0, 2] + COSTS[0, 3]) - 1, job_weeks=0)
            assert not case._replace(people=people, contracts=flat).serves()


def test_fees_for_attachment_alone_serve_nobody(case: Case):
    for employability in np.linspace(0, 1, 11):
        people = person(employability=employability)
        generous = contract(attachment=10_000_000)
        assert not case._replace(people=people, contracts=generous).serves(Stage.PLACEMENT)


def test_serving_that_changes_nothing_is_never_worth_it(case: Case):
    powerless = case._replace(contracts=contract(job=10**12), providers=provider(quality=0.0))
    assert not powerless.serves()


@pytest.mark.parametrize(("attachment", "job"), [(0, 400_000), (40_000, 250_000), (200_000, 0)])
def test_recruiting_weight_is_expected_profit_over_profit_and_cost(case: Case, attachment, job):
    case = case._replace(contracts=contract(attachment=attachment, job=job, margin=0.1))
    fee = 0.9 * job * 0.7**0.25
    begin, serve = COSTS[0, 0] + COSTS[0, 1], COSTS[0, 2] + COSTS[0, 3]
    parked, served = chance(case, 1, 0.0), chance(case, 1, 1.0)
    is_served = (served - parked) * fee >= serve
    best = served * fee - serve if is_served else parked * fee - 0.1 * serve
    profit = max(0.9 * attachment + best - begin, 0.0)
    assert case.weight() == pytest.approx(profit / (profit + begin + serve), rel=1e-12)


@pytest.mark.parametrize("returns", [0.3, 0.5, 1.0])
@pytest.mark.parametrize("steps", [1, 4, 7])
@pytest.mark.parametrize("least", [0.0, 0.25, 0.6])
@pytest.mark.parametrize("job", [0, 150_000, 400_000, 2_000_000])
def test_the_effort_chosen_pays_best_of_those_allowed(case: Case, returns, steps, least, job):
    """The same sum for every effort that is allowed, written out; nothing owed, nothing lost."""
    rates = case.rates._replace(steps=steps, returns=returns)
    terms = contract(job=job, least_effort=least)
    chosen = case._replace(rates=rates, contracts=terms).effort()
    allowed = [k / steps for k in range(1, steps + 1) if k / steps >= least]
    allowed += [0.0] * (least == 0.0)
    cost, fee = COSTS[0, 2] + COSTS[0, 3], job * 0.7**0.25
    gains = {e: chance(case, 1, e**returns) * fee - e * cost for e in allowed}
    assert chosen in allowed
    assert gains[chosen] == pytest.approx(max(gains.values()), abs=1e-6)


def test_what_is_owed_is_spent_even_where_it_can_never_pay(case: Case):
    rates = case.rates._replace(steps=4)
    for least, effort in ((0.0, 0.0), (0.25, 0.25), (0.3, 0.5), (0.5, 0.5), (1.0, 1.0)):
        terms = contract(least_effort=least)
        assert case._replace(rates=rates, contracts=terms).effort() == effort


def test_the_easier_to_place_are_recruited_the_more(case: Case):
    """Creaming: the weight rises with the believed chance, whatever it comes from."""
    rich = contract(job=600_000)
    weights = [
        case._replace(contracts=rich, people=person(employability=each)).weight()
        for each in np.linspace(0, 1, 11)
    ]
    assert weights == sorted(weights)
    assert 0.0 < weights[0] < weights[-1] < 1.0
    longer = [
        case._replace(contracts=rich, people=person(employability=0.9, weeks_since_job=weeks))
        for weeks in (0, 52, 260)
    ]
    falling = [each.weight() for each in longer]
    assert falling == sorted(falling, reverse=True)
    assert falling[0] > falling[-1]


def test_whom_no_profit_is_expected_of_is_not_recruited(case: Case):
    modest = case._replace(contracts=contract(job=60_000))
    assert modest._replace(people=person(employability=0.1)).weight() == 0.0
    assert modest._replace(people=person(employability=1.0)).weight() > 0.0


def test_nobody_is_recruited_where_nothing_is_paid(case: Case):
    assert case._replace(contracts=contract()).weight() == 0.0


@pytest.mark.parametrize(
    ("values", "group"),
    [
        ({"barriers": RECORD, "age_weeks": 20 * 52}, "jsa_prison_leavers"),
        ({"age_weeks": 25 * 52 - 1}, "jsa_18_24"),
        ({"age_weeks": 25 * 52}, "jsa_25_plus"),
        ({"barriers": 0b1101}, "jsa_early_access"),
        ({"state": State.IB_ESA, "weeks_in_state": 99}, "esa_new"),
        ({"state": State.IB_ESA, "weeks_in_state": 100}, "esa_ex_ib"),
        ({"state": State.LONE_PARENT}, "ib_is_volunteers"),
        ({"state": State.INACTIVE_NO_BENEFIT}, "ib_is_volunteers"),
        ({"state": State.EMPLOYED}, "jsa_25_plus"),
    ],
)
def test_payment_groups_follow_benefit_age_and_barriers(values, group: str):
    assert PAYMENT_GROUPS[payment_group(person(**values), 0, 100)] == group


def test_rates_share_the_array_of_weeks_since_esa():
    weeks = np.array([0])
    rates = effort_rates(JourneyConfig(), weeks)
    weeks[0] = 7
    assert rates.weeks_of_esa[0] == 7
