"""Regimes: each mechanism in the smallest market that shows it."""

from __future__ import annotations

import time
from dataclasses import fields, replace
from datetime import date

import numpy as np
import pytest

from simulation.agents.providers import Providers
from simulation.categories import CLIENT_GROUPS, STAGES
from simulation.config import RegimeConfig
from simulation.errors import InputError
from simulation.policies import regimes
from simulation.policies.contracts import Eligibility, FundingStream
from simulation.policies.situation import Partners, Situation

DAY = date(2007, 4, 2)
END = date(2008, 4, 1)
JSA = CLIENT_GROUPS[:3]
WORKLESS = CLIENT_GROUPS[:7]
FREE_OF_COST = {"mark_up": 0.0, "procurement_gbp": 0.0, "least_starts": 0.0}


def providers_of(
    n: int = 1, *, n_wards: int = 1, price_gbp: float = 100.0, **changes: object
) -> Providers:
    """Return n providers alike, each of which does everything everywhere without limit."""
    columns = {
        "wards": np.ones((n, n_wards), bool),
        "stages": np.ones((n, 5), bool),
        "quality": np.ones(n),
        "trust": np.ones(n),
        "capacity": np.full(n, 10**6, np.int32),
        "unit_cost": np.full((n, 5), round(100 * price_gbp), np.int64),
        "group_strength": np.ones((n, 8)),
        "barrier_strength": np.ones((n, 8)),
        "shares_records": np.zeros(n, bool),
        "network": np.full(n, -1, np.int16),
        "can_be_prime": np.ones(n, bool),
        "is_open": np.ones(n, bool),
        "caseload": np.zeros(n, np.int32),
    }
    return Providers(**{**columns, **changes})


def stream_of(name: str = "jcp", *, n_wards: int = 1, **changes: object) -> FundingStream:
    """Return a stream for JSA claimants that buys all stages at unit prices."""
    values = {
        "name": name,
        "funder": f"funder of {name}",
        "accountable_to": "DWP",
        "amounts_gbp": {date(2007, 4, 1): 100_000.0},
        "eligibility": Eligibility(groups=JSA),
        "wards": np.ones(n_wards, bool),
        "stages": (0, 1, 2, 3, 4),
        "discretion": 1.0,
        "terms": "unit_price",
    }
    return FundingStream(**{**values, **changes})


def situation_of(
    streams: tuple[FundingStream, ...],
    need: np.ndarray,
    providers: Providers,
    *,
    budgets_gbp: tuple[float, ...] | None = None,
    willingness: float = 1.0,
    transparency: float = 1.0,
    is_running: bool = True,
    trust: float = 1.0,
    **config: object,
) -> Situation:
    """Return a situation in which all streams plan at once; one ward a zone, one zone a district.

    Half the zones, the first ones, are priority zones.
    """
    n_zones = need.shape[0]
    eligible = np.zeros((len(streams), n_zones, 8))
    for row, stream in enumerate(streams):
        groups = [CLIENT_GROUPS.index(group) for group in stream.eligibility.groups]
        eligible[row][:, groups] = stream.wards[:, None]
    budgets_gbp = budgets_gbp or tuple(100_000.0 for _ in streams)
    names = [stream.name for stream in streams]
    funders = [stream.funder for stream in streams]
    return Situation(
        day=DAY,
        streams=streams,
        budget_pence={n: round(100 * b) for n, b in zip(names, budgets_gbp, strict=True)},
        ends=dict.fromkeys(names, END),
        all_streams=streams,
        need=need,
        eligible=eligible,
        standing=np.zeros((len(streams) + 1, *need.shape)),
        zone_of_ward=np.arange(n_zones),
        district_of_zone=np.arange(n_zones),
        is_priority_zone=np.arange(n_zones) < n_zones / 2,
        providers=providers,
        partners=Partners(
            trust=dict.fromkeys(funders, trust),
            willingness=dict.fromkeys(funders, willingness),
            transparency=transparency,
            is_running=is_running,
        ),
        config=RegimeConfig(**config),
    )


def need_of(zones: int = 1, groups: tuple[str, ...] = JSA, starts: float = 100.0) -> np.ndarray:
    """Return so many starts a year of each stage wanted by each of the groups."""
    need = np.zeros((zones, len(CLIENT_GROUPS), len(STAGES)))
    need[:, [CLIENT_GROUPS.index(group) for group in groups]] = starts
    return need


def places_of(plan, situation, stream: str | None = None) -> np.ndarray:
    """Return the places a year of a plan by zone, group and stage."""
    places = np.zeros_like(situation.need)
    for contract in plan.contracts:
        if stream is None or contract.stream == stream:
            zone = np.unique(situation.zone_of_ward[contract.wards])
            assert zone.size == 1
            places[zone[0]] += contract.places
    return places


def coverage_of(plan, situation) -> float:
    places = places_of(plan, situation) + situation.standing.sum(axis=0)
    return np.minimum(places, situation.need).sum() / situation.need.sum()


def plan_of(name: str, situation: Situation):
    return regimes.regime_named(name)(situation)


def same_contracts(one, other) -> bool:
    """Whether two plans hold the same contracts, field by field."""
    return len(one.contracts) == len(other.contracts) and all(
        np.array_equal(getattr(a, each.name), getattr(b, each.name))
        if isinstance(getattr(a, each.name), np.ndarray)
        else getattr(a, each.name) == getattr(b, each.name)
        for a, b in zip(one.contracts, other.contracts, strict=True)
        for each in fields(a)
    )


def test_no_support_is_the_empty_plan():
    plan = plan_of("none", situation_of((stream_of(),), need_of(), providers_of()))
    assert (plan.contracts, plan.pooled_pence, plan.administration_pence) == ((), {}, {})


def test_a_fragmented_stream_spends_its_money_in_proportion_to_what_it_sees():
    need = need_of(2)
    need[1] *= 3.0
    need[:, :, 4] *= 0.5
    situation = situation_of(
        (stream_of(n_wards=2),),
        need,
        providers_of(n_wards=2),
        **FREE_OF_COST,
        budgets_gbp=(9_000.0,),
    )
    places = places_of(plan_of("fragmented", situation), situation)
    seen = need[:, :3]
    part = (900_000 - 2) / (10_000 * seen.sum())
    np.testing.assert_allclose(places[:, :3], part * seen, rtol=1e-12)
    assert not places[:, 3:].any()


def test_streams_that_see_the_same_people_buy_the_same_places_twice():
    streams = (stream_of("jcp"), stream_of("esf"))
    situation = situation_of(streams, need_of(), providers_of(), **FREE_OF_COST)
    plan = plan_of("fragmented", situation)
    first, second = (places_of(plan, situation, each.name) for each in streams)
    np.testing.assert_allclose(first, second)


def test_price_is_unit_cost_and_mark_up_and_every_budget_covers_its_places():
    situation = situation_of(
        (stream_of(),), need_of(), providers_of(3, price_gbp=77.77), mark_up=0.1, winners=3
    )
    for contract in plan_of("fragmented", situation).contracts:
        assert contract.price_gbp == (85.55,) * 5
        cost = float((contract.places * np.asarray(contract.price_gbp)).sum())
        assert 100 * cost <= contract.budget_pence < 100 * cost + 1.001


def test_contracts_procurement_and_remainder_add_up_to_the_budget_to_the_penny():
    situation = situation_of(
        (stream_of(), stream_of("esf")),
        need_of(starts=1000.0),
        providers_of(3),
        budgets_gbp=(12_345.67, 999_999.99),
    )
    plan = plan_of("fragmented", situation)
    left = regimes.remainder_pence(situation, plan)
    spent = sum(contract.budget_pence for contract in plan.contracts)
    spent += sum(plan.administration_pence.values())
    assert spent + sum(left.values()) == 1_234_567 + 99_999_999
    assert all(0 <= pence <= 3 for pence in left.values())


def test_a_stream_with_more_money_than_need_leaves_the_rest():
    situation = situation_of((stream_of(),), need_of(starts=2.0), providers_of(), **FREE_OF_COST)
    plan = plan_of("fragmented", situation)
    np.testing.assert_allclose(places_of(plan, situation), situation.need)
    assert regimes.remainder_pence(situation, plan)["jcp"] == 10_000_000 - 3 * 5 * 2 * 10_000


def test_a_stream_with_nothing_to_spend_buys_nothing():
    situation = situation_of((stream_of(),), need_of(), providers_of(), budgets_gbp=(0.0,))
    assert plan_of("fragmented", situation).contracts == ()


def test_the_best_providers_share_places_in_proportion_to_their_scores():
    unit_cost = np.repeat(np.array([[100], [80], [200]]) * 100, 5, axis=1)
    quality = np.array([1.0, 1.2, 1.0])
    situation = situation_of(
        (stream_of(),),
        need_of(),
        providers_of(3, unit_cost=unit_cost, quality=quality),
        **FREE_OF_COST,
        quality_weight=0.25,
        selectivity=2.0,
    )
    plan = plan_of("fragmented", situation)
    got = {contract.provider: contract.places.sum() for contract in plan.contracts}
    expected = (1.2**0.5 / 80.0**1.5) / (1.0 / 100.0**1.5)
    assert set(got) == {0, 1}
    assert got[1] / got[0] == pytest.approx(expected)


def test_a_provider_takes_no_more_than_its_caseload_allows_over_the_year():
    situation = situation_of(
        (stream_of(), stream_of("esf")),
        need_of(starts=1000.0),
        providers_of(2, capacity=np.array([10, 10**6], np.int32)),
        budgets_gbp=(200_000.0, 200_000.0),
        occupied_weeks=(2.0, 3.0, 16.0, 14.0, 17.0),
        **FREE_OF_COST,
    )
    plan = plan_of("fragmented", situation)
    weeks = np.array([2.0, 3.0, 16.0, 14.0, 17.0])
    full = sum((c.places * weeks / 52).sum() for c in plan.contracts if c.provider == 0)
    assert full == pytest.approx(10.0, abs=1e-6)
    assert sum(c.budget_pence for c in plan.contracts) == pytest.approx(40_000_000, abs=10)


def test_a_contract_reaches_only_wards_where_its_provider_works():
    wards = np.array([[True, False], [True, True]])
    situation = situation_of((stream_of(n_wards=2),), need_of(2), providers_of(2, wards=wards))
    for contract in plan_of("fragmented", situation).contracts:
        assert not (contract.wards & ~wards[contract.provider]).any()
        assert contract.wards.sum() == 1


def test_closed_providers_get_nothing():
    situation = situation_of(
        (stream_of(),), need_of(), providers_of(2, is_open=np.array([False, True]))
    )
    assert {c.provider for c in plan_of("fragmented", situation).contracts} == {1}


def test_a_stream_buys_only_its_stages_its_groups_and_its_wards():
    stream = replace(stream_of(n_wards=2), stages=(2, 3), wards=np.array([True, False]))
    situation = situation_of((stream,), need_of(2, WORKLESS), providers_of(n_wards=2))
    places = places_of(plan_of("fragmented", situation), situation)
    assert places[0, :3, 2:4].all()
    places[0, :3, 2:4] = 0.0
    assert not places.any()


def test_an_unknown_regime_is_answered_with_the_nearest_name():
    with pytest.raises(InputError, match="'fragmentd' is unknown; did you mean fragmented"):
        regimes.regime_named("fragmentd")


def test_a_regime_of_your_own_is_added_by_name_but_replaces_none(monkeypatch):
    monkeypatch.setattr(regimes, "REGIMES", dict(regimes.REGIMES))
    regimes.register("mine", regimes.none)
    assert regimes.regime_named("mine") is regimes.none
    with pytest.raises(InputError, match="exists already"):
        regimes.register("fragmented", regimes.none)


@pytest.mark.parametrize("name", ["fragmented"])
def test_a_large_market_is_planned_in_a_fifth_of_a_second(name):
    situation = made_market()
    plan_of(name, situation)
    begun = time.perf_counter()
    plan_of(name, situation)
    assert time.perf_counter() - begun < 0.2


def made_market(seed: int = 1, **config: object) -> Situation:
    """Return 16 zones, 8 groups, 200 providers of all sorts and 8 streams that plan at once."""
    draw = np.random.default_rng(seed)
    n, zones = 200, 16
    wards = draw.random((n, zones)) < 0.3
    providers = providers_of(
        n,
        wards=wards,
        stages=draw.random((n, 5)) < 0.6,
        quality=draw.uniform(0.7, 1.3, n),
        capacity=draw.integers(20, 500, n).astype(np.int32),
        unit_cost=np.rint(
            100 * np.array([60, 150, 1200, 700, 300]) * draw.uniform(0.7, 1.3, (n, 1))
        ).astype(np.int64),
        group_strength=draw.uniform(0.8, 1.2, (n, 8)),
        can_be_prime=draw.random(n) < 0.05,
    )
    journey = np.array([1.0, 0.6, 0.5, 0.35, 0.2])
    need = draw.uniform(50, 500, (zones, 8, 1)) * journey
    need[:, 7, [0, 1, 3, 4]] = 0.0
    groups = (JSA, JSA, WORKLESS, WORKLESS, ("ib_esa",), ("lone_parent",), ("employed",), WORKLESS)
    discretion = (0.1, 0.2, 1.0, 1.0, 0.3, 0.3, 0.0, 0.5)
    streams = tuple(
        stream_of(
            f"stream_{row}",
            n_wards=zones,
            eligibility=Eligibility(groups=groups[row]),
            discretion=discretion[row],
            stages=(2,) if row == 6 else (0, 1, 2, 3, 4),
        )
        for row in range(8)
    )
    return situation_of(
        streams, need, providers, budgets_gbp=(3e6, 2e6, 2e6, 1e6, 1e6, 5e5, 5e5, 2e6), **config
    )
