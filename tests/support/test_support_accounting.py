"""Clients and money are conserved: nobody and no penny is lost from the record."""

import re
from functools import partial

import numpy as np
import pytest
from given_support import (
    BLOCK,
    contract,
    events,
    market,
    number,
    providers,
    results,
    settings,
)
from small_areas import make_area

from experiments import configure
from simulation.agents.clients import NO_WEEK
from simulation.categories import CLIENT_EVENTS
from simulation.model import LabourMarket

LETTERS = {
    "engaged": "e",
    "did_not_go_on": "n",
    "assessed": "a",
    "assessed_again": "A",
    "service_started": "s",
    "parked": "p",
    "barrier_lifted": "b",
    "training_started": "t",
    "training_completed": "T",
    "placement_started": "l",
    "work_trial": "w",
    "job_entry": "j",
    "aftercare_started": "f",
    "sustained_13_weeks": "1",
    "sustained_26_weeks": "2",
    "sustained_52_weeks": "3",
    "job_lost": "x",
    "waiting": "W",
    "left_waiting": "L",
    "lost_at_hand_over": "H",
    "dropped_out": "D",
    "completed": "C",
    "provider_closed": "K",
    "left_area": "O",
    "paid_for_result": "P",
    "helped": "h",
    "ready_for_work": "r",
}
STARTS = {"engaged": 1, "assessed": 2, "service_started": 3, "parked": 3, "placement_started": 4,
          "job_entry": 4, "aftercare_started": 5}  # fmt: skip

# A stage begins, may have to be begun again after the provider has closed, and ends.
PLANNING = "W?a(?:KW?a)*"
SERVICES = "[sp]r?A?t?[bT]*"
SERVICES = f"(?:{SERVICES}(?:KW?{SERVICES})*)"
PLACEMENT = "lA?w?"
PLACEMENT = f"(?:W?{PLACEMENT}(?:KW?{PLACEMENT})*)"
AFTERCARE = "(?:f(?:KW?f)*(?:KW?)?)"
STAGES = f"(?:e(?:{PLANNING}(?:W?{SERVICES}{PLACEMENT}?)?)?|{SERVICES})"
"""The stages of a journey in their order, one after the other, none left out."""
WITHOUT_A_JOB = "(?:n|K?W?[LHDOC])"
WITH_A_JOB = f"(?:K?W?jW?{AFTERCARE}?(?:[xO]|[LHDC][xO]?))"
CLOSED = f"(?:{STAGES}(?:{WITHOUT_A_JOB}|{WITH_A_JOB})|eK)"
OPEN = f"(?:{STAGES}K?W?(?:jW?{AFTERCARE}?)?)"
JOURNEYS = re.compile(f"(?P<closed>{CLOSED}*)(?P<open>{OPEN}?)")
FOLLOWED = re.compile("(?:jP*(?:1P*(?:2P*(?:3P*)?)?)?x?)*")
OF_A_JOB = re.compile("[123P]")


def letters_of(table):
    """Each person's events as a word, in the order they were noted."""
    marks = table["event"].astype(str).map(LETTERS)
    return marks.groupby(table["person"]).agg("".join)


def many_rules(seed: int) -> LabourMarket:
    """Everything that can happen to a client: five providers, three ways to be paid, one fails."""
    area = make_area([900, 500])
    who = providers(
        5,
        n_wards=2,
        capacity=[200, 60, 40, 80, 200],
        quality=[1.0, 1.2, 0.8, 1.0, 1.1],
        trust=[0.6, 0.3, 0.3, 0.5, 0.4],
        network=[0, 0, -1, -1, -1],
        shares_records=[True, True, False, False, False],
    )
    fees = results(attachment=300.0, job=2500.0, sustainment=300.0, n=4, job_weeks=0)
    pence = 6_000_000
    contracts = [
        contract(0, places=120.0, n_wards=2, budget_pence=pence, takes_referrals=True),
        contract(1, places=40.0, n_wards=2, terms=BLOCK, budget_pence=pence, stream="grant",
                 weeks=78, takes_referrals=True),
        contract(2, places=60.0, n_wards=2, terms=fees, budget_pence=pence, stream="results",
                 has_referral_duty=True, takes_referrals=True),
        contract(3, places=90.0, n_wards=2, terms=fees, prime=4, margin=0.15, stream="results",
                 budget_pence=2 * pence, takes_referrals=True),
        contract(4, places=50.0, n_wards=2, stages=("engagement", "services"), stream="other",
                 budget_pence=pence),
        contract(1, places=30.0, n_wards=2, groups=("employed",), stream="at work",
                 stages=("services",), budget_pence=pence),
    ]  # fmt: skip
    journey = {
        "engagement_rate": (3.0,) * 7 + (0.5,),
        "p_go_on": 0.8,
        "drop_out_rate": (1.0, 0.6, 0.6, 0.5, 0.5),
        "p_lost": 0.2,
        "p_training": 0.3,
        "p_trial": 0.3,
        "ready_cost": 0.35,
        "service_weeks": 20,
        "rest_weeks": 8,
    }
    config = settings(156, journey=journey, providers={"credit_factor": 0.0})
    cash = [10**9, 4_000_000, 10**9, 300_000, 10**9]
    return market(config, contracts, area=area, who=who, cash=cash, seed=seed)


def regime_of(name: str) -> LabourMarket:
    config = configure("area=two_towns", "weeks=182").replace(
        regime={"name": name}, funding={"scale": 3.0}, start="2007-10-01"
    )
    return LabourMarket(config, 3)


MARKETS = {
    **{f"many rules, seed {seed}": partial(many_rules, seed) for seed in range(4)},
    "fragmented": partial(regime_of, "fragmented"),
    "prime_contractor": partial(regime_of, "prime_contractor"),
}


@pytest.fixture(scope="module", params=MARKETS)
def market_run(request):
    """A market run to its end: the model, and every event of every client."""
    model = MARKETS[request.param]()
    while model.running:
        model.step()
    return model, events(model)


def test_markets_of_many_rules_show_every_event_a_client_can_have():
    """Or the tests below would prove little."""
    model = many_rules(0)
    while model.running:
        model.step()
    unseen = set(CLIENT_EVENTS) - set(events(model)["event"].unique())
    assert unseen == {"helped"}  # a place of an intervention; there is none here


def test_every_clients_events_follow_one_another_as_the_stages_do(market_run):
    _, table = market_run
    assert set(LETTERS) == set(CLIENT_EVENTS)
    words = letters_of(table)
    assert len(words) > 50
    for person, word in words.items():
        journey = OF_A_JOB.sub("", word)
        assert JOURNEYS.fullmatch(journey), (person, word)
        following = re.sub("[^jx123P]", "", word)
        assert FOLLOWED.fullmatch(following), (person, word)


def test_every_journey_has_one_end_or_its_client_is_in_a_stage(market_run):
    """Whoever is a client at the end has an open journey, and nobody else has."""
    model, table = market_run
    clients = model.support_system.caseload.clients
    words = letters_of(table).map(lambda word: OF_A_JOB.sub("", word))
    is_open = words.map(lambda word: bool(JOURNEYS.fullmatch(word)["open"]))
    in_stage = clients.stage > 0
    assert set(is_open.index[is_open]) == set(np.flatnonzero(in_stage).tolist())
    assert set(np.flatnonzero(clients.treated_week >= 0)) <= set(words.index)
    entries = words.str.count("e").sum()
    assert entries == number(table, "engaged") > 50


def test_each_is_in_the_stage_that_was_last_begun(market_run):
    """A closed provider puts a client one stage back; a job puts them before aftercare."""
    model, table = market_run
    clients = model.support_system.caseload.clients
    stage: dict[int, int] = {}
    for person, event in zip(table["person"], table["event"], strict=True):
        if event in STARTS:
            stage[person] = STARTS[event]
        elif event == "provider_closed":
            stage[person] -= 1
    rows = np.flatnonzero(clients.stage)
    assert rows.size
    assert [stage[row] for row in rows] == clients.stage[rows].tolist()


def test_nobody_is_in_two_places_and_everyone_in_a_stage_is_on_a_caseload(market_run):
    model, _ = market_run
    clients, market = model.support_system.caseload.clients, model.support_system.commissioning
    rows = np.flatnonzero(clients.stage)
    assert ((clients.stage > 0) == (clients.contract >= 0)).all()
    load = np.bincount(
        market.columns.provider[clients.contract[rows]], minlength=market.providers.caseload.size
    )
    assert np.array_equal(load, market.providers.caseload)
    idle = clients.stage == 0
    for name in ("is_waiting", "effort", "found", "training_weeks", "assessments"):
        assert not getattr(clients, name)[idle].any(), name
    assert not clients.reserved[idle & (clients.job_week == NO_WEEK)].any()


def test_costs_on_the_records_are_what_providers_spent_to_the_penny(market_run):
    model, _ = market_run
    columns = model.support_system.caseload.records.columns()
    market = model.support_system.commissioning
    provider = market.columns.provider[columns["contract"]]
    spent = np.zeros(market.money.spent.size, np.int64)
    np.add.at(spent, provider, columns["cost"])
    assert np.array_equal(spent, market.money.spent)
    assert spent.sum() > 0


def test_earnings_on_the_records_and_instalments_are_what_streams_owe_to_the_penny(market_run):
    model, _ = market_run
    system = model.support_system
    contracts, money = system.commissioning.columns, system.commissioning.money
    columns = system.caseload.records.columns()
    earned = np.zeros(contracts.stream.size, np.int64)
    np.add.at(earned, columns["contract"], columns["earned"])
    block = contracts.is_block
    assert not earned[block].any()
    assert np.array_equal(earned[~block], money.earned[~block])
    earned[block] = money.earned[block]
    by_stream = np.zeros(money.stream_earned.size, np.int64)
    np.add.at(by_stream, contracts.stream, earned)
    assert np.array_equal(by_stream, money.stream_earned)


def test_frames_tell_the_same_in_pounds(market_run):
    model, table = market_run
    frames = model.support_system.tables(model.people)
    spent = frames["providers"]["spent_gbp"].sum()
    assert table["cost_gbp"].sum() == pytest.approx(spent, abs=0.005)
    last = frames["money"][frames["money"]["date"] == frames["money"]["date"].max()]
    block = [each.terms.kind == "block" for each in model.support_system.commissioning.contracts]
    instalments = frames["contracts"].loc[block, "earned_gbp"].sum()
    assert table["earned_gbp"].sum() + instalments == pytest.approx(
        last["earned_gbp"].sum(), abs=0.005
    )


def test_no_stream_pays_more_than_it_has_and_no_contract_more_than_was_committed(market_run):
    model, _ = market_run
    market = model.support_system.commissioning
    money = market.money
    assert (money.stream_earned + money.stream_administration + money.stream_pooled
            <= money.stream_budget).all()  # fmt: skip
    given = np.array([each.budget_pence for each in market.contracts])
    moved = market.columns.moved
    assert (money.earned + money.reserved <= given + moved).all()
    assert not np.bincount(market.columns.stream, moved).any()


def test_no_contract_uses_more_than_has_been_released(market_run):
    """What starts cost stays within the budget by time and what was moved, to the penny."""
    model, table = market_run
    market = model.support_system.commissioning
    size = model.config.people_per_agent
    by_start = [0 if each.terms.kind == "results" else 1 for each in market.contracts]
    prices = np.array([np.rint(100 * np.array(each.price_gbp)) for each in market.contracts]) * size
    starts = table[table["event"].isin([name for name in STARTS if name != "job_entry"])]
    used = np.zeros(len(market.contracts))
    np.add.at(used, starts["contract"], prices[starts["contract"], starts["stage"] - 1])
    ready = table[table["event"] == "ready_for_work"]
    whole = prices[ready["contract"], ready["stage"] - 1]
    np.add.at(
        used, ready["contract"], np.floor(whole * model.config.journey.ready_cost + 0.5) - whole
    )
    rows = np.flatnonzero(by_start)
    assert np.array_equal(used[rows], market.columns.used[rows])
    for row, each in enumerate(market.contracts):
        start, end = market.columns.start_week[row], market.columns.end_week[row]
        weeks = min(model.week - 1 - start + 5, end - start)
        released = each.budget_pence * weeks // (end - start) + market.columns.moved[row]
        assert 0 <= market.columns.used[row] <= released
