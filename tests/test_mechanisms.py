"""What must come out of the rules without being written into them: creaming, parking, failure."""

import numpy as np
import pytest
from given_support import (
    BLOCK,
    RICH,
    contract,
    events,
    market,
    number,
    providers,
    results,
    run,
    seekers_area,
    settings,
    stand_still,
)
from small_areas import make_area
from test_pairing import COMPARED

from simulation.agents.columns import SEEN_BY_EMPLOYERS
from simulation.categories import CLIENT_GROUPS, State
from simulation.config import JourneyConfig
from simulation.model import LabourMarket
from simulation.policies.tariffs import terms_named
from simulation.streams import Stream, uniforms

COSTS = (30.0, 80.0, 600.0, 250.0, 120.0)
TO_BEGIN, TO_SERVE = 30.0 + 80.0, 600.0 + 250.0
UNTIL_WORK = ("engagement", "action_planning", "services", "placement")
JOURNEY = JourneyConfig()
LASTS = JOURNEY.believed_retention ** (13 / 52)
"""Part of the jobs believed to last until the job outcome of `results`."""


def n_barriers(bits: np.ndarray) -> np.ndarray:
    return np.array([int(each).bit_count() for each in bits])


def believed_chance(people, rows, *, known, effect=0.0) -> np.ndarray:
    """The provider's formula a second time: chance of a job within a year."""
    odds = JOURNEY.believed_base + JOURNEY.believed_employability * people.employability[rows]
    odds += JOURNEY.believed_barrier * known
    odds += JOURNEY.believed_years * np.log1p(people.weeks_since_job[rows] / 52)
    return 1.0 / (1.0 + np.exp(-(odds + effect)))


# Parking


def threshold(people, rows, *, known) -> np.ndarray:
    """The fee per job outcome, GBP, below which each is parked by a provider of quality 1."""
    parked = believed_chance(people, rows, known=known)
    served = believed_chance(people, rows, known=known, effect=JOURNEY.believed_effect)
    return TO_SERVE / (served - parked) / LASTS


def parking_market(fee: float, *, alike: bool, **terms) -> LabourMarket:
    """A still market in which everybody is referred and all barriers are found."""
    # One step of effort: all or nothing, as the closed form has it (degrees are in test_effort).
    journey = {"accuracy": 1.0, "rest_weeks": 520, "lift_rate": (0.0,) * 8, "effort_steps": 1}
    paid = results(job=fee, mandatory=CLIENT_GROUPS[:7], **terms)
    model = market(settings(journey=journey), [contract(terms=paid)], area=seekers_area(400))
    if alike:
        model.people.barriers[:] = 0
        model.people.employability[:] = 0.5
        model.people.weeks_since_job[:] = 78
    return model


@pytest.mark.parametrize(("factor", "are_parked"), [(0.5, True), (0.999, True), (1.001, False)])
def test_parking_begins_where_fee_times_marginal_effect_falls_below_unit_cost(factor, are_parked):
    model = parking_market(0.0, alike=True)
    fee = float(threshold(model.people, np.array([0]), known=0)[0])
    model = parking_market(factor * fee, alike=True)
    table = events(stand_still(model, 40))
    n_parked, n_served = number(table, "parked"), number(table, "service_started")
    assert n_parked + n_served > 300
    assert (n_served if are_parked else n_parked) == 0


def test_those_parked_are_exactly_those_whose_own_threshold_lies_above_the_fee():
    model = parking_market(0.0, alike=False)
    everyone = np.flatnonzero(model.people.state != State.EMPLOYED)
    known = n_barriers(model.people.barriers[everyone])
    fee = float(np.quantile(threshold(model.people, everyone, known=known), 0.4))
    model = parking_market(fee, alike=False)
    table = events(stand_still(model, 12))
    parked = table.loc[table["event"] == "parked", "person"].to_numpy()
    served = table.loc[table["event"] == "service_started", "person"].to_numpy()
    assert parked.size > 50 and served.size > 50
    own = {
        name: threshold(model.people, rows, known=n_barriers(model.people.barriers[rows]))
        for name, rows in (("parked", parked), ("served", served))
    }
    assert own["parked"].min() > fee >= own["served"].max()


def without_effect(config):
    """The same configuration without what planning gives even to those parked later."""
    return config.replace(journey={"confidence_gain": 0.0})


@pytest.mark.parametrize(
    "terms",
    [results(job=300.0, mandatory=CLIENT_GROUPS[:7]), terms_named("attachment_only", 500.0)],
    ids=["flat tariff below cost", "attachment only"],
)
def test_where_serving_does_not_pay_everyone_is_parked_and_nobody_s_life_changes(terms):
    """Jobs are those of no support, person by person and week by week."""
    area = make_area([1200, 700])
    config = without_effect(settings(60))
    one = contract(terms=terms, stages=UNTIL_WORK, n_wards=2)
    supported = market(config, [one], area=area, who=providers(n_wards=2))
    alone = LabourMarket(config, 7, area=area)
    while alone.running:
        alone.step()
        supported.step()
        assert (supported.support_system.caseload.support.broker == 0).all()
        for name in COMPARED:
            ours, theirs = getattr(supported.people, name), getattr(alone.people, name)
            np.testing.assert_array_equal(ours, theirs, err_msg=f"{name}, week {alone.week}")
    table = events(supported)
    assert number(table, "parked") > 100 and number(table, "job_entry") > 50
    assert number(table, "service_started", "barrier_lifted", "training_started") == 0
    attached = table.loc[table["event"] == "assessed", "earned_gbp"]
    assert (attached == terms.attachment_gbp[0]).all()
    assert (number(table, "paid_for_result") > 0) == (terms.job_gbp[0] > 0)
    # Parked clients cost their provider the stated part of services and placement.
    parked = table.loc[table["event"] == "parked", "cost_gbp"]
    assert np.allclose(parked, JOURNEY.parked_cost * 600.0)


# Creaming


def recruited(fee: float, *, mandatory=(), seed=7):
    """Who is engaged in one week of all who ask, with what the provider believes of them."""
    terms = results(job=fee, mandatory=mandatory)
    area = seekers_area(3000)
    config = settings(journey={"effort_steps": 1})
    model = market(config, [contract(terms=terms)], area=area, seed=seed)
    people = model.people
    rows = np.flatnonzero(people.state != State.EMPLOYED)
    known = n_barriers(people.barriers[rows] & SEEN_BY_EMPLOYERS)
    parked = believed_chance(people, rows, known=known)
    served = believed_chance(people, rows, known=known, effect=JOURNEY.believed_effect)
    words = uniforms(seed, Stream.ENGAGEMENT, people.id[rows])
    stand_still(model, 1)
    engaged = model.support_system.caseload.clients.stage[rows] == 1
    return parked, served, words, engaged


@pytest.mark.parametrize("fee", [1000.0, 2500.0, 6000.0])
def test_volunteers_are_recruited_by_expected_profit_over_profit_and_cost(fee):
    parked, served, words, engaged = recruited(fee)
    value = fee * LASTS
    # Helped or parked as is decided later, where what serving adds covers its cost.
    serves = (served - parked) * value >= TO_SERVE
    if_parked = parked * value - JOURNEY.parked_cost * TO_SERVE
    profit = np.where(serves, served * value - TO_SERVE, if_parked)
    profit = np.maximum(profit - TO_BEGIN, 0.0)
    weight = profit / (profit + TO_BEGIN + TO_SERVE)
    asks = words[:, 0] < 1.0 - np.exp(-1.0)
    assert np.array_equal(engaged, asks & (words[:, 1] < weight))
    assert engaged.any()


def lead_of_the_recruited(fee: float) -> float:
    """How much likelier to find work those recruited are believed than all who ask."""
    parked, _, words, engaged = recruited(fee)
    asks = words[:, 0] < 1.0 - np.exp(-1.0)
    return float(parked[asks & engaged].mean() - parked[asks].mean())


def test_the_lower_the_fee_the_more_the_likely_are_preferred():
    leads = [lead_of_the_recruited(fee) for fee in (1500.0, 3000.0, 6000.0, 12_000.0)]
    assert leads[-1] > 0.0
    assert leads == sorted(leads, reverse=True), leads


def test_where_people_are_referred_nobody_is_preferred():
    _, _, words, engaged = recruited(1500.0, mandatory=CLIENT_GROUPS[:7])
    assert np.array_equal(engaged, words[:, 0] < 1.0 - np.exp(-1.0))


# Providers that run out of cash


def test_a_provider_without_cash_closes_and_its_clients_go_elsewhere_or_leave():
    """The first is paid nothing until jobs last; the second has a grant, and room for a few."""
    terms = results(job=5000.0, mandatory=CLIENT_GROUPS[:7])
    contracts = [
        contract(0, terms=terms),
        contract(1, terms=BLOCK, stages=UNTIL_WORK[1:], takes_referrals=True),
    ]
    who = providers(2, capacity=[10**6, 60], costs=COSTS)
    config = settings(journey={"rest_weeks": 520}, providers={"credit_factor": 0.0})
    model = market(config, contracts, area=seekers_area(400), who=who, cash=[4_000_000, RICH])
    stand_still(model, 50)
    system = model.support_system
    closed = int(system.commissioning.closed_week[0])
    assert closed > 0 and system.commissioning.providers.is_open.tolist() == [False, True]
    assert system.commissioning.money.cash[0] < 0
    table = events(model)
    own = table[table["provider"] == 0]
    begun = ("engaged", "assessed", "service_started", "placement_started")
    assert own.loc[own["event"].isin(begun), "week"].max() < closed
    turned_out = table.loc[table["event"] == "provider_closed"]
    assert len(turned_out) > 100 and (turned_out["week"] == closed).all()
    fate = {"elsewhere": 0, "left": 0}
    for person in turned_out["person"]:
        after = table[(table["person"] == person) & (table["week"] >= closed)]
        after = after[~after["event"].isin(["provider_closed", "waiting"])]
        if (after["provider"] == 1).any():
            fate["elsewhere"] += 1
        elif len(after):
            assert set(after["event"]) == {"left_waiting"}
            assert (after["week"] == closed + config.journey.wait_weeks + 1).all()
            fate["left"] += 1
        else:
            # Still engaged, no plan made: they leave at once.
            last = turned_out.loc[turned_out["person"] == person, "stage"]
            assert (last == 1).all()
    assert fate["elsewhere"] >= 60 and fate["left"] > 50
    clients = system.caseload.clients
    assert clients.stage.sum() > 0
    contract_of = clients.contract[clients.stage > 0]
    assert (system.commissioning.columns.provider[contract_of] == 1).all()


def chain(cash_gbp: float) -> LabourMarket:
    """A prime pays its subcontractor when it is paid itself: once jobs have lasted."""
    terms = results(attachment=100.0, job=6000.0, mandatory=CLIENT_GROUPS[:7])
    one = contract(1, terms=terms, prime=0, margin=0.2, places=240.0, n_wards=2)
    config = settings(104, providers={"credit_factor": 0.0})
    cash = [RICH, round(100 * cash_gbp)]
    who = providers(2, n_wards=2, costs=COSTS)
    return run(market(config, [one], area=make_area([1500, 900]), who=who, cash=cash))


def test_late_payment_by_results_closes_a_small_subcontractor_and_not_a_large_one():
    small, large = chain(20_000.0), chain(2_000_000.0)
    assert small.support_system.commissioning.closed_week[1] > 0
    assert large.support_system.commissioning.closed_week.tolist() == [-1, -1]
    # It is cash that failed and not the business: the same contract pays for itself in the end.
    money, lag = large.support_system.commissioning.money, large.config.funding.payment_lag_weeks
    assert large.week > lag and money.from_primes[1] > money.spent[1]
    assert money.received[0] - money.passed_on[0] == np.rint(0.2 * money.paid[0])
