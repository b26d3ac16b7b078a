"""The client journey, rule by rule, in the smallest market that shows it, against closed forms.

Tolerances are two-sided, four standard errors of a count. Where a rule is exact so is the test.
"""

import math
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from given_support import (
    START,
    UNIT,
    block_of,
    contract,
    events,
    market,
    number,
    providers,
    results,
    seekers_area,
    settings,
    stand_still,
)

from simulation.agents.clients import NO_WEEK
from simulation.agents.contracts import Eligibility
from simulation.categories import BARRIERS, CLIENT_GROUPS, State
from simulation.labour.hiring import weeks_since_work
from simulation.labour.search import application_chance
from simulation.labour.separations import decide_separations
from simulation.streams import Stream, uniforms

STANDARD_ERRORS = 4
BEGIN, PLAN = ("engagement",), ("action_planning",)
SUPPORTED = ("services", "placement", "aftercare")
LATER = PLAN + SUPPORTED
DEBT = 1 << BARRIERS.index("debt")


def is_near(count: int, n: int, chance: float) -> bool:
    """Whether a count of n trials lies within four standard errors of what is expected."""
    return abs(count - n * chance) < STANDARD_ERRORS * math.sqrt(n * chance * (1.0 - chance))


def in_a_week(rate: float) -> float:
    return 1.0 - math.exp(-rate / 52.0)


def first_weeks(table, name):
    """The week of each person's first event of a name."""
    return table[table["event"] == name].groupby("person")["week"].first()


# Engagement


def test_people_are_engaged_at_the_rate_times_the_reach_of_those_they_trust():
    rate, weeks = 3.0, 12
    config = settings(journey={"engagement_rate": (rate,) * 8})
    who = providers(2, trust=[0.5, 0.2])
    model = market(config, [contract(0), contract(1)], area=seekers_area(4000), who=who)
    n = int((model.people.state != State.EMPLOYED).sum())
    stand_still(model, weeks)
    reach = 1.0 - (1.0 - 0.5) * (1.0 - 0.2)
    chance = 1.0 - (1.0 - in_a_week(rate) * reach) ** weeks
    engaged = events(model).query("event == 'engaged'")
    assert is_near(len(engaged), n, chance)
    # Whoever is engaged is so by one of them in proportion to trust.
    assert is_near(int((engaged["provider"] == 0).sum()), len(engaged), 0.5 / 0.7)


@pytest.mark.parametrize(("payers", "reach"), [([0], 0.3), ([0, 0], 0.3), ([0, 1], 0.51)])
def test_reach_is_of_providers_not_of_their_contracts(payers, reach):
    """A provider paid by two streams is trusted no more: t; two providers reach 1 - (1 - t)^2."""
    contracts = [
        contract(each, stages=BEGIN, stream=f"stream {number}")
        for number, each in enumerate(payers)
    ]
    who = providers(2, trust=0.3)
    model = market(settings(), contracts, area=seekers_area(3000), who=who)
    stand_still(model, 1)
    u = uniforms(7, Stream.ENGAGEMENT, model.people.id)[:, 0]
    out_of_work = model.people.state != State.EMPLOYED
    expected = np.flatnonzero(out_of_work & (u < in_a_week(52.0) * reach))
    assert sorted(events(model)["person"]) == expected.tolist()


def test_half_may_go_on_after_engagement_as_the_parameter_says():
    config = settings(journey={"p_go_on": 0.6, "rest_weeks": 520})
    table = events(stand_still(market(config, [contract()], area=seekers_area(2000)), 25))
    refused, planned = number(table, "did_not_go_on"), number(table, "assessed")
    assert refused + planned > 1500
    assert is_near(planned, refused + planned, 0.6)
    went = first_weeks(table, "assessed") - first_weeks(table, "engaged")
    assert (went.dropna() == config.journey.engagement_weeks).all()


JOURNEY_PENCE = 1000 * 2.62
"""What a journey is expected to cost at ten pounds a start and the first idea of who goes on."""


def test_doors_open_for_whom_the_money_carries_on_and_go_to_the_lowest_tickets():
    n, length = 21, 100
    one = contract(budget_pence=int((n + 0.5) * JOURNEY_PENCE) * length // 5, weeks=length)
    model = market(settings(), [one], area=seekers_area(1500), seed=19)
    people = model.people
    rows = np.flatnonzero(people.state != State.EMPLOYED)
    asks = rows[uniforms(19, Stream.ENGAGEMENT, people.id[rows])[:, 0] < in_a_week(52.0)]
    stand_still(model, 1)
    tickets = uniforms(19, Stream.TICKETS, people.id[asks])[:, 0]
    expected = set(asks[np.argsort(tickets)[:n]].tolist())
    assert set(np.flatnonzero(model.support_system.caseload.clients.stage).tolist()) == expected


def test_money_that_clients_are_still_to_cost_opens_no_doors_until_the_year_ends():
    """No more journeys are begun than the money goes into, and nearly all of it is used."""
    budget = int(60 * JOURNEY_PENCE)
    config = settings(200, journey={"rest_weeks": 520, "progression": (1.0,) * 5})
    model = market(
        config.replace(regime={"learning_weight": 1e9}),
        [contract(budget_pence=budget, weeks=200)],
        area=seekers_area(600),
    )
    model.people.barriers[:] = 0
    table = events(stand_still(model, 199))
    begun, used = number(table, "engaged"), model.support_system.commissioning.columns.used[0]
    # Nobody drops out or finds a job here: four stages at ten pounds, of five that are expected.
    assert used == 1000 * len(table[table["event"].isin(STARTS)]) <= budget
    assert begun <= budget / 4000 + 1
    assert used > 0.9 * budget


def test_nobody_is_engaged_again_before_the_weeks_of_rest_are_over():
    rest = 9
    config = settings(journey={"p_go_on": 0.0, "rest_weeks": rest})
    table = events(stand_still(market(config, [contract()], area=seekers_area(300)), 60))
    left = table[table["event"] == "did_not_go_on"].groupby("person")["week"].apply(list)
    came = table[table["event"] == "engaged"].groupby("person")["week"].apply(list)
    gaps = [b - a for who in left.index for a, b in zip(left[who], came[who][1:], strict=False)]
    assert min(gaps) == rest and len(gaps) > 300


# Leaving


def test_drop_out_shrinks_a_stage_by_its_rate_a_year():
    rate, weeks = 1.5, 30
    config = settings(
        journey={"drop_out_rate": (0.0, rate, 0.0, 0.0, 0.0), "planning_weeks": weeks}
    )
    area = seekers_area(2000)
    table = events(stand_still(market(config, [contract(stages=BEGIN + PLAN)], area=area), 50))
    begun = first_weeks(table, "assessed")
    begun = begun[begun < 50 - weeks]
    gone = first_weeks(table, "dropped_out").reindex(begun.index) - begun
    assert is_near(int((gone <= weeks).sum()), len(begun), 1.0 - math.exp(-rate * weeks / 52.0))
    assert gone.min() == 1


def test_who_waits_for_a_stage_nobody_pays_for_leaves_once_the_wait_is_over():
    wait = 5
    config = settings(journey={"wait_weeks": wait})
    model = market(config, [contract(stages=BEGIN)], area=seekers_area(300))
    table = events(stand_still(model, 30))
    waiting = table[table["event"] == "waiting"]
    left = table[table["event"] == "left_waiting"]
    assert len(left) > 200
    merged = left.merge(waiting, on="person", suffixes=("", "_before"))
    gap = merged["week"] - merged["week_before"]
    # Each has waited the whole of the weeks allowed, and leaves in the week after.
    assert (gap[merged["week_before"] < merged["week"]] == wait + 1).all()
    assert (left["stage"] == 1).all()


def test_a_stage_of_a_given_length_lasts_so_long():
    config = settings(journey={"planning_weeks": 7, "placement_weeks": 11, "service_weeks": 13})
    model = market(config, [contract()], area=seekers_area(200))
    model.people.barriers[:] = DEBT
    table = events(stand_still(model, 60))
    start = {
        name: first_weeks(table, name)
        for name in ("assessed", "service_started", "placement_started", "completed")
    }
    assert ((start["service_started"] - start["assessed"]).dropna() == 7).all()
    served = (start["placement_started"] - start["service_started"]).dropna()
    least, most = config.journey.least_service_weeks, config.journey.service_weeks
    assert served.min() == least and served.max() == most
    assert ((start["completed"] - start["placement_started"]).dropna() == 11).all()


# Barriers, training, trials


def lifting(rate, *, accuracy=1.0, **columns):
    """A still market of people with one barrier, debt, and its run of services."""
    rates = tuple(rate if name == "debt" else 0.0 for name in BARRIERS)
    config = settings(
        140,
        journey={
            "lift_rate": rates,
            "accuracy": accuracy,
            "service_weeks": 120,
            "rest_weeks": 520,
        },
    )
    model = market(config, [contract()], area=seekers_area(900), who=providers(**columns))
    model.people.barriers[:] = DEBT
    return stand_still(model, 140)


def test_the_weeks_to_lift_a_barrier_are_geometric():
    rate, quality, strength = 20.0, 0.8, 0.5
    table = events(lifting(rate, quality=[quality], barrier_strength=[[strength] * 8]))
    lifted, begun = first_weeks(table, "barrier_lifted"), first_weeks(table, "service_started")
    weeks = (lifted - begun).loc[lifted.index]
    weeks = weeks[begun.loc[weeks.index] < 20]
    chance = in_a_week(rate) * quality * strength
    assert len(weeks) == int((begun < 20).sum()) > 700
    error = math.sqrt(1.0 - chance) / chance / math.sqrt(len(weeks))
    assert abs(weeks.mean() - 1.0 / chance) < STANDARD_ERRORS * error
    for week in (1, 3, 6):
        beyond = (1.0 - chance) ** week
        assert is_near(int((weeks > week).sum()), len(weeks), beyond)


def test_only_a_barrier_that_assessment_finds_is_lifted():
    model = lifting(52.0, accuracy=0.7)
    table = events(model)
    assessed = table.loc[table["event"] == "assessed", "person"]
    assert assessed.is_unique
    freed = model.people.barriers[assessed] == 0
    assert is_near(int(freed.sum()), len(assessed), 0.7)
    assert number(table, "barrier_lifted") == int(freed.sum())


def test_training_is_begun_and_completed_by_chance_and_raises_the_level_by_one():
    config = settings(journey={"p_training": 0.4, "p_complete_training": 0.7})
    model = market(config, [contract()], area=seekers_area(2500))
    before, ability = model.people.qualification.copy(), model.people.ability.copy()
    table = events(stand_still(model, 60))
    rows = table.loc[table["event"] == "service_started", "person"].unique()
    trainees = table.loc[table["event"] == "training_started", "person"]
    assert (before[trainees] < 2).all() and trainees.is_unique
    assert is_near(len(trainees), int((before[rows] < 2).sum()), 0.4)
    completed = table.loc[table["event"] == "training_completed", "person"]
    begun = first_weeks(table, "training_started")
    over = begun[begun < 60 - config.journey.training_weeks].index
    assert is_near(int(np.isin(over, completed).sum()), len(over), 0.7)
    gain = model.people.qualification.astype(int) - before
    assert (gain[completed] == 1).all() and gain.sum() == len(completed)
    ability[completed] = np.minimum(ability[completed] + config.journey.training_gain, 1.0)
    assert np.array_equal(model.people.ability, ability)
    took = first_weeks(table, "training_completed") - begun
    assert (took.dropna() == config.journey.training_weeks).all()


def test_services_cost_a_part_for_who_is_ready_for_work():
    rules = {"ready_cost": 0.25, "p_training": 0.4, "accuracy": 1.0}
    model = market(settings(journey=rules), [contract()], area=seekers_area(1000))
    has_barrier = model.people.barriers > 0
    table = events(stand_still(model, 8))
    starts = table[table["event"] == "service_started"]
    is_taught = starts["person"].isin(table.loc[table["event"] == "training_started", "person"])
    is_full = has_barrier[starts["person"]] | is_taught
    assert is_full.sum() > 100 and (~is_full).sum() > 100
    assert (starts["cost_gbp"] == np.where(is_full, 600.0, 150.0)).all()
    assert (starts["earned_gbp"] == np.where(is_full, 10.0, 2.5)).all()
    used = model.support_system.commissioning.money.stream_earned.sum() / 100
    assert used == pytest.approx(table["earned_gbp"].sum())


def chances(model) -> np.ndarray:
    """Everyone's chance to apply in a round."""
    model.rates.begin_week(0, model.matching.slack)
    support = model.support_system.caseload.support
    rows = range(model.people.id.size)
    return np.array(
        [application_chance(model.people, support, r, model.rates.search) for r in rows]
    )


def test_who_is_in_training_applies_less_and_who_has_an_adviser_more():
    rules = {"p_training": 0.5, "lock_in": 0.3, "p_broker": 0.2}
    config = settings(journey=rules, goodwill={"elasticity": 0.0})
    model = market(config, [contract()], area=seekers_area(600), who=providers(quality=[1.3]))
    model.people.barriers[:] = 0
    plain = chances(model)
    confidence = model.people.confidence.copy()
    stand_still(model, 12)
    # The same person but for support: planning has given them confidence.
    model.people.confidence[:] = confidence
    helped, clients = chances(model), model.support_system.caseload.clients
    trainee = clients.training_weeks > 0
    placed = (clients.stage == 4) & ~clients.is_waiting
    others = ~trainee & ~placed
    assert trainee.sum() > 50 and placed.sum() > 50
    np.testing.assert_allclose(helped[trainee], 0.3 * plain[trainee], rtol=1e-6)
    broker = 0.2 * 1.3
    np.testing.assert_allclose(
        helped[placed], plain[placed] + broker * (1.0 - plain[placed]), rtol=1e-6
    )
    assert np.array_equal(helped[others], plain[others])


def test_a_work_trial_locks_in_then_counts_as_recent_work_until_it_is_forgotten():
    config = settings(
        journey={"p_trial": 1.0, "trial_weeks": 3, "trial_memory_weeks": 10, "lock_in": 0.4}
    )
    model = market(config, [contract()], area=seekers_area(200))
    model.people.weeks_since_job[:] = 200
    model.people.barriers[:] = 0
    stand_still(model, 1)
    row = int(np.flatnonzero(model.support_system.caseload.clients.stage)[0])
    begun, seen = None, {}
    while model.week < 40:
        week = model.week
        stand_still(model, 1)
        caseload = model.support_system.caseload
        support, clients = caseload.support, caseload.clients
        if begun is None and clients.stage[row] == 4:
            begun = week
        if begun is not None:
            recent = weeks_since_work(model.people, support, np.array([row]), week)[0]
            seen[week - begun] = (support.search[row], support.fit[row], recent)
    fit = np.float32(config.journey.trial_fit)
    for weeks, (search, gain, recent) in seen.items():
        if weeks < 3:
            assert (search, gain, recent) == (np.float32(0.4), 0.0, 200.0)
        else:
            assert search == 1.0 and recent == weeks - 3
            assert gain == (fit if weeks - 3 <= 10 else 0.0)
    assert {0, 2, 3, 13, 14} <= set(seen)


# Hand-overs

SHARED = {"shares_records": True}
DUTY = {"has_referral_duty": True}
CLOSE = {"is_co_located": True}
FACTORS = {
    "referral_duty_factor": 0.6,
    "tracking_factor": 0.5,
    "link_factor": 0.7,
    "co_location_factor": 0.4,
}


@pytest.mark.parametrize(
    ("first", "second", "columns", "factor"),
    [
        ({}, {}, {}, 1.0),
        (DUTY, {}, {}, 0.6),
        ({}, DUTY, {}, 1.0),
        (SHARED, SHARED, {}, 0.5),
        (SHARED, {}, {}, 1.0),
        (SHARED, {}, {"shares_records": [False, True]}, 0.5),
        ({}, {}, {"network": [3, 3]}, 0.7),
        ({}, {}, {"network": [3, 4]}, 1.0),
        (CLOSE, CLOSE, {}, 0.4),
        (CLOSE, {}, {}, 1.0),
        (DUTY | SHARED | CLOSE, SHARED | CLOSE, {"network": [0, 0]}, 0.6 * 0.5 * 0.7 * 0.4),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else None,
)
def test_losses_at_hand_overs_are_the_product_of_what_holds_there(first, second, columns, factor):
    config = settings(journey=FACTORS | {"p_lost": 0.8, "rest_weeks": 520})
    contracts = [contract(0, stages=BEGIN, **first), contract(1, stages=LATER, **second)]
    who = providers(2, **columns)
    table = events(stand_still(market(config, contracts, area=seekers_area(1000), who=who), 10))
    lost, kept = number(table, "lost_at_hand_over"), number(table, "assessed")
    assert lost + kept > 800
    assert is_near(lost, lost + kept, 0.8 * factor)


def test_nobody_is_lost_within_one_organisation():
    config = settings(journey={"p_lost": 1.0})
    contracts = [contract(0, stages=BEGIN), contract(0, stages=LATER)]
    table = events(stand_still(market(config, contracts, area=seekers_area(300)), 10))
    assert number(table, "assessed") > 200
    assert number(table, "lost_at_hand_over", "assessed_again") == 0


@pytest.mark.parametrize("clause", [{}, SHARED, CLOSE], ids=["neither", "records", "one roof"])
def test_another_organisation_assesses_again_unless_it_shares_records_or_a_roof(clause):
    contracts = [
        contract(0, stages=BEGIN + PLAN, **clause),
        contract(1, stages=SUPPORTED, **clause),
    ]
    model = market(settings(), contracts, area=seekers_area(300), who=providers(2))
    table = events(stand_still(model, 12))
    again = table[table["event"] == "assessed_again"]
    assert len(again) == (0 if clause else number(table, "service_started"))
    assert (again["cost_gbp"] == 80.0).all() and (again["earned_gbp"] == 0.0).all()
    spent = model.support_system.commissioning.money.spent / 100
    assert spent == pytest.approx(table.groupby("provider")["cost_gbp"].sum().to_numpy())


def test_clients_are_passed_on_by_quality_and_twice_as_often_within_a_network():
    contracts = [contract(0, stages=BEGIN), contract(1, stages=PLAN), contract(2, stages=PLAN)]
    who = providers(3, network=[4, 4, 5], quality=[1.0, 0.9, 1.2])
    known = settings(belief={"known": True})
    table = events(stand_still(market(known, contracts, area=seekers_area(2000), who=who), 20))
    planned = table.loc[table["event"] == "assessed", "provider"]
    assert len(planned) > 1500
    assert is_near(int((planned == 1).sum()), len(planned), 2 * 0.9 / (2 * 0.9 + 1.2))


def test_whoever_can_stay_under_the_same_contract_does():
    contracts = [contract(0), contract(1), contract(1, stream="other", takes_referrals=True)]
    table = events(
        stand_still(market(settings(), contracts, area=seekers_area(600), who=providers(2)), 20)
    )
    assert (table.groupby("person")["contract"].nunique() == 1).all()
    assert set(table["contract"]) == {0, 1, 2}


@pytest.mark.parametrize("takes_referrals", [True, False])
def test_money_of_another_stream_helps_a_client_only_if_it_takes_referrals(takes_referrals):
    contracts = [
        contract(0, stages=BEGIN),
        contract(0, stages=LATER, stream="other", takes_referrals=takes_referrals),
    ]
    table = events(stand_still(market(settings(), contracts, area=seekers_area(300)), 20))
    assert number(table, "engaged") > 200
    assert (number(table, "assessed") > 200) == takes_referrals
    assert (number(table, "waiting") == 0) == takes_referrals


def test_only_the_eligible_are_engaged_and_none_from_a_ward_outside():
    rules = Eligibility(
        groups=CLIENT_GROUPS, min_age=25, max_age=50, max_qualification=1, minority_only=True
    )
    one = contract(eligibility=rules, n_wards=2)
    one.wards[0] = False
    model = market(settings(), [one], area=seekers_area(900, 900), who=providers(n_wards=2))
    people = model.people
    # Some stand exactly on the bounds: the lower one belongs, the upper one does not.
    people.age_weeks[::7], people.age_weeks[1::7] = 25 * 52, 50 * 52
    stand_still(model, 20)
    age = people.age_weeks / 52
    may = (people.state != State.EMPLOYED) & (people.ward == 1) & (age >= 25) & (age < 50)
    may &= (people.qualification <= 1) & (people.ethnicity > 0)
    assert may.sum() > 20
    assert np.array_equal(model.support_system.caseload.clients.treated_week >= 0, may)


# Limits


def test_a_provider_never_has_more_clients_than_its_capacity_and_counts_them_right():
    who = providers(2, capacity=[30, 45])

    def check(model):
        system = model.support_system
        clients, columns = system.caseload.clients, system.commissioning.columns
        rows = np.flatnonzero(clients.stage)
        load = np.bincount(columns.provider[clients.contract[rows]], minlength=2)
        assert np.array_equal(load, system.commissioning.providers.caseload)
        assert (load <= [30, 45]).all()

    contracts = [contract(0), contract(1, takes_referrals=True)]
    config = settings(providers={"staff_limit": 1.0})
    model = market(config, contracts, area=seekers_area(400), who=who)
    stand_still(model, 30, each=check)
    assert np.array_equal(model.support_system.commissioning.providers.caseload, [30, 45])


def test_a_unit_price_buys_as_many_starts_as_the_money_goes_into():
    budget, price = 105_000, 100.0  # pence, pounds
    one = contract(stages=BEGIN, price_gbp=(price,) * 5, budget_pence=budget, weeks=20)
    model = market(settings(), [one], area=seekers_area(300))
    table = events(stand_still(model, 20))
    starts = table[table["earned_gbp"] > 0]
    assert len(starts) == budget // 10_000 == 10
    money = model.support_system.commissioning.money
    assert money.earned[0] == 100_000 and money.free[0] == 5_000


def test_under_results_a_client_is_attached_only_while_the_money_for_their_results_is_there():
    config = settings(journey={"reserve_share": 0.5, "engagement_rate": (2.0,) * 8})
    each = 10_000 + round(0.5 * (90_000 + 2 * 30_000))
    terms = results(
        attachment=100.0, job=900.0, sustainment=300.0, n=2, mandatory=CLIENT_GROUPS[:7]
    )
    one = contract(terms=terms, budget_pence=12 * each + each // 2)
    model = market(config, [one], area=seekers_area(300))
    table = events(stand_still(model, 30))
    assert number(table, "assessed") == 12
    assert number(table, "engaged") > 100
    assert model.support_system.commissioning.money.reserved[0] == 12 * (each - 10_000)


STARTS = (
    "engaged",
    "assessed",
    "service_started",
    "parked",
    "placement_started",
    "aftercare_started",
)


# Jobs and results

A_YEAR = results(attachment=200.0, job=1000.0, sustainment=250.0, n=3, mandatory=CLIENT_GROUPS[:7])
"""Results paid after 13, 26, 39 and 52 weeks in work."""


def placed_in_jobs(config, contracts, *, weeks=9, **market_terms):
    """A still market whose clients all have a job from one week on; the week, and the model."""
    model = market(config, contracts, area=seekers_area(200), **market_terms)
    model.people.barriers[:] = 0
    stand_still(model, weeks)
    rows = np.flatnonzero(model.support_system.caseload.clients.stage)
    model.people.state[rows] = State.EMPLOYED
    return model, rows


def test_sustained_jobs_and_results_come_to_the_week():
    model, rows = placed_in_jobs(settings(80), [contract(terms=A_YEAR)])
    attached = model.support_system.caseload.clients.reserved[rows] > 0
    stand_still(model, 60)
    table = events(model)
    entry = first_weeks(table, "job_entry")
    assert np.array_equal(entry.index, rows) and (entry == 9).all()
    for weeks in (13, 26, 52):
        held = first_weeks(table, f"sustained_{weeks}_weeks")
        assert np.array_equal(held.index, rows) and (held == 9 + weeks).all()
    paid = table[table["event"] == "paid_for_result"]
    by_client = paid.groupby("person").agg({"week": list, "earned_gbp": list})
    assert np.array_equal(by_client.index, rows[attached])
    assert (by_client["week"].map(tuple) == (22, 35, 48, 61)).all()
    assert (by_client["earned_gbp"].map(tuple) == (1000.0, 250.0, 250.0, 250.0)).all()
    clients = model.support_system.caseload.clients
    assert (clients.job_week == NO_WEEK).all()
    assert (clients.reserved == 0).all() and model.support_system.commissioning.money.reserved[
        0
    ] == 0


@pytest.mark.parametrize("spare", [0, 50_000, 10**9])
def test_results_are_paid_as_far_as_the_contracts_money_goes(spare):
    """A part is kept back from attachment on; what is still free is added at the job entry."""
    kept = round(0.4 * (100_000 + 3 * 25_000))
    one = contract(terms=A_YEAR, budget_pence=20_000 + kept + spare)
    config = settings(90, journey={"reserve_share": 0.4}, providers={"staff_limit": 1.0})
    model, rows = placed_in_jobs(config, [one], weeks=4, who=providers(capacity=[1]))
    reserved = model.support_system.caseload.clients.reserved
    client = np.flatnonzero(reserved)
    assert np.array_equal(client, rows) and client.size == 1 and reserved[client] == kept
    model.support_system.commissioning.columns.used[0] = one.budget_pence
    stand_still(model, 56)
    paid = events(model).query("event == 'paid_for_result'")
    assert (paid["person"] == client[0]).all()
    fees = [100_000, 25_000, 25_000, 25_000]
    free, expected = kept + min(spare, sum(fees) - kept), []
    for fee in fees:
        expected.append(min(fee, free))
        free -= expected[-1]
    expected = [fee / 100 for fee in expected if fee > 0]
    assert paid["earned_gbp"].tolist() == expected


def test_attachment_is_paid_less_each_year_of_the_contract():
    terms = results(
        attachment=400.0, mandatory=CLIENT_GROUPS[:7], attachment_taper=(1.0, 0.75, 0.5)
    )
    config = settings(journey={"engagement_rate": (0.5,) * 7 + (0.0,)})
    model = market(
        config.replace(weeks=230, beyond="hold"), [contract(terms=terms)], area=seekers_area(900)
    )
    table = events(stand_still(model, 230)).query("event == 'assessed'")
    factor = np.array([1.0, 0.75, 0.5, 0.5, 0.5])[table["week"] // 52]
    assert (table["week"] // 52).nunique() == 5
    assert (table["earned_gbp"] == 400.0 * factor).all()


def test_a_job_lost_ends_the_journey_and_what_it_still_could_earn():
    model, rows = placed_in_jobs(settings(80), [contract(terms=A_YEAR)])
    stand_still(model, 20)
    model.people.state[rows] = 1
    stand_still(model, 1)
    table = events(model)
    lost = first_weeks(table, "job_lost")
    assert np.array_equal(lost.index, rows) and (lost == 29).all()
    assert not np.isin(rows, np.flatnonzero(model.support_system.caseload.clients.stage)).any()
    assert set(table.loc[table["event"] == "paid_for_result", "week"]) == {22}
    assert model.support_system.caseload.clients.reserved[rows].sum() == 0


@pytest.mark.parametrize("wait_weeks", [1, 100])
def test_the_job_of_who_left_the_area_is_not_lost(wait_weeks):
    """Whether they were clients still, or had left waiting for aftercare."""
    stages = BEGIN + PLAN + ("services", "placement")
    config = settings(80, journey={"wait_weeks": wait_weeks}, goodwill={"bad_recruit": 1.0})
    model, rows = placed_in_jobs(config, [contract(stages=stages, terms=A_YEAR)])
    clients = model.support_system.caseload.clients

    def leave(model):
        if model.week == 13:
            assert (clients.stage[rows] > 0).all() == (wait_weeks == 100)
            clients.employer[rows] = np.arange(rows.size)
            model.people.state[rows] = State.SEEKING_NO_BENEFIT
            model.people.workless_weeks[rows], model.people.sector[rows] = 0, -1

    stand_still(model, 5, each=leave)
    table = events(model)
    left = table[table["event"] == "left_area"]
    assert np.array_equal(np.sort(left["person"]), rows) and (left["week"] == 13).all()
    assert (left["contract"] == 0).all()
    assert not (table["event"] == "job_lost").any()
    assert (clients.job_week[rows] < 0).all() and (clients.reserved[rows] == 0).all()
    assert model.jobs.goodwill.min() > 0.0


def test_a_job_is_entered_once_however_long_a_client_waits_for_aftercare():
    config = settings(120, journey={"wait_weeks": 100})
    stages = BEGIN + PLAN + ("services", "placement")
    model, rows = placed_in_jobs(config, [contract(stages=stages)])
    stand_still(model, 70)
    table = events(model)
    assert number(table, "job_entry") == rows.size
    assert number(table, "sustained_52_weeks") == rows.size


def test_aftercare_takes_the_stated_part_of_the_chance_to_lose_a_job_away():
    quality, effect, rate, weeks = 0.9, 0.4, 8.0, 60
    config = settings(
        journey={"aftercare_effect": effect},
        employers={
            "job_loss_rate": (rate,) * 5,
            "quit_rate": (0.0,) * 4,
            "probation_factor": 1.0,
        },
    )
    model, rows = placed_in_jobs(config, [contract()], who=providers(quality=[quality]))
    people, support = model.people, model.support_system.caseload.support
    people.cell[rows] = 0
    stand_still(model, 2)
    assert (model.support_system.caseload.clients.stage[rows] == 5).all()
    kept = 1.0 - effect * quality
    assert support.keep[rows] == pytest.approx(kept, rel=1e-6)
    losing = in_a_week(rate) * model.rates.separations.ward_loss[0]
    helped = np.isin(np.arange(people.id.size), rows)
    plain = (people.state == State.EMPLOYED) & ~helped
    lost = np.zeros(people.id.size, int)
    for week in range(weeks):
        people.pending[:] = 0
        marked = np.zeros(people.id.size, np.bool_)
        decide_separations(people, support, week, model.key, model.rates.separations, marked)
        lost += people.pending > 0
    assert is_near(int(lost[plain].sum()), weeks * int(plain.sum()), losing)
    assert is_near(int(lost[helped].sum()), weeks * rows.size, losing * kept)


@pytest.mark.parametrize("advance", [0.0, 5.0, math.inf])
def test_block_grants_earn_by_the_month_and_not_by_the_start(advance):
    config = settings(funding={"grant_advance_weeks": advance})
    model = market(config, [block_of(1_200_000)], area=seekers_area(300))
    table = events(stand_still(model, 53))
    assert number(table, "engaged") > 200 and table["earned_gbp"].sum() == 0
    commissioning = model.support_system.commissioning
    used = commissioning.columns.used[0]
    assert 600_000 < used < 1_200_000
    earned = commissioning.money.earned[0]
    assert earned == (1_200_000 if advance > 52.0 else used)


def test_who_is_sent_comes_at_the_rate_of_referral_and_may_not_say_no():
    rate, weeks = 2.0, 10
    journey = {"engagement_rate": (0.0,) * 8, "referral_rate": rate, "p_go_on": 0.0}
    terms = replace(UNIT, mandatory=("jsa_over_12_months",))
    model = market(settings(journey=journey), [contract(terms=terms)], area=seekers_area(3000))
    seekers = model.people.state == State.JSA
    sent = seekers & (model.people.weeks_in_state >= 52)
    n = int(sent.sum())
    assert 300 < n < seekers.sum()
    table = events(stand_still(model, weeks))
    came = table.loc[table["event"] == "engaged", "person"]
    assert sent[came].all() and number(table, "did_not_go_on") == 0
    assert is_near(len(came), n, 1.0 - math.exp(-rate * weeks / 52.0))
    assert number(table, "assessed") > 0.5 * len(came)


def test_staff_follow_contracts_with_a_delay_and_up_to_a_limit():
    limit, months, base = 1.5, 4.0, 100
    config = settings(providers={"staff_limit": limit, "hiring_months": months})
    model = market(
        config, [contract(weeks=30)], area=seekers_area(50), who=providers(capacity=base)
    )
    capacity = []
    stand_still(
        model,
        60,
        each=lambda m: capacity.append(m.support_system.commissioning.providers.capacity[0]),
    )
    expected, staff = [], float(base)
    for week in range(60):
        day = START + timedelta(weeks=week)
        if week > 0 and day.month != (day - timedelta(weeks=1)).month:
            staff += ((limit * base if week < 30 else base) - staff) / months
        expected.append(math.floor(staff + 0.5))
    assert capacity == expected
    assert 130 < max(capacity) < limit * base
