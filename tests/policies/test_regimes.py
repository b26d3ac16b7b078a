"""Regimes: each mechanism in the smallest market that shows it."""

from __future__ import annotations

import time
from dataclasses import fields, replace
from datetime import date

import numpy as np
import pytest

from simulation import register
from simulation.agents.contracts import Eligibility, FundingStream, Lettings
from simulation.agents.providers import Providers
from simulation.categories import CLIENT_GROUPS, STAGES
from simulation.config import RegimeConfig
from simulation.errors import InputError
from simulation.policies import regimes
from simulation.policies.regimes.prime_contractor import package_areas
from simulation.policies.situation import Journeys, Partners, Situation

DAY = date(2007, 4, 2)
END = date(2008, 4, 1)
JSA = CLIENT_GROUPS[:3]
WORKLESS = CLIENT_GROUPS[:7]
OCCUPIED_WEEKS = np.array([2.0, 3.0, 16.0, 14.0, 18.0])
FREE_OF_COST = {"mark_up": 0.0, "procurement_gbp": 0.0, "least_starts": 0.0}


def providers_of(
    n: int = 1, *, n_wards: int = 1, price_gbp: float = 100.0, **changes: object
) -> Providers:
    """Return n providers alike, each of which does everything everywhere without limit."""
    columns = {
        "wards": np.ones((n, n_wards), bool),
        "stages": np.ones((n, 5), bool),
        "quality": np.ones(n),
        "kind": np.zeros(n, np.int8),
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
        people=need[:, :, 0] / 2.0,
        expected=Journeys(np.ones(5), OCCUPIED_WEEKS, np.ones(5)),
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


def remainder_pence(situation: Situation, lettings: Lettings) -> dict[str, int]:
    """Money left over by stream: budget less contracts, pool and administration.

    Returns
    -------
    dict of str to int
        For each stream planning on this day, and "pool" where there is one; pence, never below 0.
    """
    left = {stream.name: situation.budget_pence[stream.name] for stream in situation.streams}
    if lettings.pooled_pence:
        left["pool"] = sum(lettings.pooled_pence.values())
    for name, pence in (*lettings.pooled_pence.items(), *lettings.administration_pence.items()):
        left[name] -= pence
    for contract in lettings.contracts:
        left[contract.stream] -= contract.budget_pence
    return left


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
            # A contract's places in a group and stage are where they are needed.
            need = situation.need * contract.wards[:, None, None]
            total = need.sum(axis=0)
            places += contract.places * np.divide(
                need, total, out=np.zeros_like(need), where=total > 0
            )
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
    part = (900_000 - 1) / (10_000 * seen.sum())
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
    left = remainder_pence(situation, plan)
    spent = sum(contract.budget_pence for contract in plan.contracts)
    spent += sum(plan.administration_pence.values())
    assert spent + sum(left.values()) == 1_234_567 + 99_999_999
    assert all(0 <= pence <= 3 for pence in left.values())


def test_a_stream_with_more_money_than_need_leaves_the_rest():
    situation = situation_of((stream_of(),), need_of(starts=2.0), providers_of(), **FREE_OF_COST)
    plan = plan_of("fragmented", situation)
    np.testing.assert_allclose(places_of(plan, situation), situation.need)
    assert remainder_pence(situation, plan)["jcp"] == 10_000_000 - 3 * 5 * 2 * 10_000


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
        **FREE_OF_COST,
    )
    plan = plan_of("fragmented", situation)
    full = sum((c.places * OCCUPIED_WEEKS / 52).sum() for c in plan.contracts if c.provider == 0)
    assert full == pytest.approx(10.0, abs=1e-6)
    assert sum(c.budget_pence for c in plan.contracts) == pytest.approx(40_000_000, abs=10)


def test_a_contract_reaches_only_wards_where_its_provider_works():
    wards = np.array([[True, False], [True, True]])
    situation = situation_of((stream_of(n_wards=2),), need_of(2), providers_of(2, wards=wards))
    for contract in plan_of("fragmented", situation).contracts:
        assert np.array_equal(contract.wards, wards[contract.provider])


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


def test_a_regime_of_your_own_is_added_by_name_but_replaces_none():
    with register.on_behalf_of("mine.py"):
        register.regime("mine")(regimes.none)
    assert regimes.regime_named("mine") is regimes.none
    with pytest.raises(InputError, match="exists already"):
        register.regime("fragmented")(regimes.none)


def with_standing(situation: Situation, row: int, places: np.ndarray) -> Situation:
    """Return the situation with places in force of the stream in this row."""
    standing = situation.standing.copy()
    standing[row] += places
    return replace(situation, standing=standing)


def two_streams(*, discretion: float = 1.0, **changes: object) -> Situation:
    """Return two streams for the same JSA claimants, beside lone parents nobody is there for.

    Money is enough for two thirds of all need, and more than JSA claimants need.
    """
    streams = tuple(stream_of(name, discretion=discretion) for name in ("jcp", "esf"))
    need = need_of(1, (*JSA, "lone_parent", "ib_esa", "other_benefit"))
    money = round(100.0 * need.sum() / 3)
    return situation_of(
        streams,
        need,
        providers_of(),
        budgets_gbp=(money, money),
        **{**FREE_OF_COST, "core_team_share": 0.0, "fair_share": 0.0, "pool_share": 1.0, **changes},
    )


def test_aligned_with_all_transparency_discretion_and_willingness_covers_what_pooled_covers():
    situation = two_streams()
    covered = {name: coverage_of(plan_of(name, situation), situation) for name in register.REGIMES}
    assert covered["aligned"] == pytest.approx(2 / 3, abs=1e-5)
    assert covered["pooled"] == pytest.approx(covered["aligned"], abs=1e-5)
    assert covered["fragmented"] == pytest.approx(1 / 2, abs=1e-5)


def test_aligned_without_transparency_buys_as_fragmented():
    situation = two_streams(transparency=0.0)
    one, other = (plan_of(name, situation) for name in ("aligned", "fragmented"))
    np.testing.assert_allclose(
        places_of(one, situation), places_of(other, situation), rtol=0, atol=1e-3
    )


@pytest.mark.parametrize("changes", [{"discretion": 0.0}, {"willingness": 0.0}])
def test_aligned_without_discretion_or_willingness_is_fragmented_with_a_referral_duty(changes):
    situation = two_streams(**changes)
    one, other = (plan_of(name, situation) for name in ("aligned", "fragmented"))
    assert all(each.has_referral_duty and each.takes_referrals for each in one.contracts)
    bare = tuple(
        replace(each, has_referral_duty=False, takes_referrals=False) for each in one.contracts
    )
    assert same_contracts(replace(one, contracts=bare), other)


def test_aligned_moves_discretion_times_willingness_to_whom_nobody_covers():
    situation = two_streams(discretion=0.5, willingness=0.4)
    covered = situation.need.copy()
    covered[:, 3:] = 0.0
    situation = with_standing(situation, 1, covered)
    first = replace(situation, streams=situation.streams[:1])
    places = places_of(plan_of("aligned", first), first)
    money = situation.budget_pence["jcp"] / 10_000
    assert places[:, 3:].sum() == pytest.approx(0.2 * money, abs=1e-3)


def test_aligned_sees_others_as_clearly_as_transparency_says():
    situation = two_streams(transparency=0.25)
    covered = np.zeros_like(situation.need)
    covered[:, 0] = situation.need[:, 0]
    situation = with_standing(situation, 1, covered)
    first = replace(situation, streams=situation.streams[:1])
    places = places_of(plan_of("aligned", first), first).sum(axis=(0, 2))
    expected = np.array([0.75, 1.0, 1.0, 0.25, 0.25, 0.25, 0.0, 0.0])
    np.testing.assert_allclose(places / places.sum(), expected / expected.sum(), atol=1e-9)


@pytest.mark.parametrize("name", ["aligned", "pooled", "co_commissioned"])
def test_before_the_partnership_runs_all_is_fragmented(name):
    situation = two_streams(is_running=False)
    assert same_contracts(plan_of(name, situation), plan_of("fragmented", situation))


@pytest.mark.parametrize("changes", [{"pool_share": 0.0}, {"trust": 0.1}, {"willingness": 0.0}])
def test_without_a_pool_pooled_is_fragmented_contract_by_contract(changes):
    situation = made_market(**changes)
    one, other = (plan_of(name, situation) for name in ("pooled", "fragmented"))
    assert same_contracts(one, other)
    assert one.pooled_pence == {}


def test_a_stream_whose_money_has_fallen_too_far_keeps_out_of_the_pool():
    situation = two_streams()
    amounts = {date(2006, 4, 1): 100_000.0, date(2007, 4, 1): 79_000.0}
    first = replace(situation.streams[0], amounts_gbp=amounts)
    fallen = replace(situation, streams=(first, situation.streams[1]))
    assert set(plan_of("pooled", fallen).pooled_pence) == {"esf"}
    amounts[date(2007, 4, 1)] = 81_000.0
    assert set(plan_of("pooled", fallen).pooled_pence) == {"jcp", "esf"}


def test_the_pool_takes_share_times_discretion_times_willingness():
    situation = two_streams(pool_share=0.5, discretion=0.4, willingness=0.3)
    plan = plan_of("pooled", situation)
    for name, pence in plan.pooled_pence.items():
        assert pence == int(0.06 * situation.budget_pence[name] + 1e-6)
    spent = sum(each.budget_pence for each in plan.contracts if each.stream == "pool")
    assert spent <= sum(plan.pooled_pence.values())


def test_the_pool_buys_the_stage_that_is_missing():
    situation = two_streams(pool_share=1.0)
    covered = situation.need.copy()
    covered[:, :, 3] *= 0.5
    situation = with_standing(situation, 1, covered)
    places = places_of(plan_of("pooled", situation), situation, "pool")
    np.testing.assert_allclose(places, situation.need - covered, atol=1e-3)


def test_the_pool_goes_first_to_the_group_with_most_jobs_for_the_money():
    """A whole journey costs alike for all, so the order of jobs per placement decides."""
    jobs = (0.05, 0.07, 0.08, 0.06, 0.01, 0.06, 0.06, 0.0)
    situation = two_streams(believed_jobs=jobs, diminishing=0.0)
    places = places_of(plan_of("pooled", situation), situation, "pool")[0].sum(axis=1)
    order = [2, 1, 3, 5, 0, 4]
    money, expected = 2 / 3 * 3000.0, np.zeros(8)
    for group in order:
        expected[group] = min(500.0, money - expected.sum())
    np.testing.assert_allclose(places[[2, 1]], expected[[2, 1]], atol=1e-3)
    np.testing.assert_allclose(places[[3, 5]].sum(), expected[[3, 5]].sum(), atol=1e-2)
    assert places[4] == pytest.approx(0.0, abs=1e-3)


@pytest.mark.parametrize(("fair_share", "least"), [(0.0, 0.0), (0.8, 0.4)])
def test_each_district_gets_its_fair_share_of_the_pool(fair_share, least):
    situation = situation_of(
        (stream_of(n_wards=2),),
        need_of(2, starts=1000.0),
        providers_of(n_wards=2),
        need_weight=10.0,
        diminishing=0.0,
        fair_share=fair_share,
        pool_share=1.0,
        core_team_share=0.0,
        **FREE_OF_COST,
    )
    places = places_of(plan_of("pooled", situation), situation, "pool").sum(axis=(1, 2))
    assert places[1] / places.sum() == pytest.approx(least, abs=1e-3)


def test_the_pool_books_no_provider_beyond_its_caseload():
    situation = made_market()
    plan = plan_of("pooled", situation)
    weeks = OCCUPIED_WEEKS / 52.0
    load = np.zeros(situation.providers.capacity.size)
    for contract in plan.contracts:
        load[contract.provider] += (contract.places * weeks).sum()
    assert (load <= situation.providers.capacity + 1e-3).all()


def test_capacity_money_pays_the_core_team_and_the_pool_what_it_lacks():
    streams = (
        stream_of("seedcorn", is_capacity=True, amounts_gbp={date(2007, 4, 1): 1_000.0}),
        stream_of("fund"),
    )
    situation = situation_of(
        streams,
        need_of(),
        providers_of(),
        budgets_gbp=(1_000.0, 99_000.0),
        core_team_share=0.03,
        pool_share=0.5,
        procurement_gbp=0.0,
    )
    plan = plan_of("pooled", situation)
    assert plan.administration_pence == {"seedcorn": 100_000, "pool": 200_000}
    assert plan_of("aligned", situation).administration_pence == {"seedcorn": 100_000}
    assert plan_of("fragmented", situation).administration_pence == {}


def test_procurement_costs_once_a_provider_and_the_pool_keeps_its_zones_apart():
    changes = {"procurement_most": 1.0, "core_team_share": 0.0, "need_weight": 0.0}
    situation = situation_of(
        (stream_of(n_wards=3),), need_of(3), providers_of(n_wards=3), pool_share=1.0, **changes
    )
    alone = plan_of("fragmented", situation)
    assert alone.administration_pence == {"jcp": 200_000} and len(alone.contracts) == 1
    plan = plan_of("pooled", situation)
    assert plan.administration_pence == {"pool": 200_000}
    assert len(plan.contracts) == 3


def primes_situation(**changes: object) -> Situation:
    """Return two zones, four providers of which the last two can be primes, one stream."""
    return situation_of(
        changes.pop("streams", (stream_of(n_wards=2),)),
        need_of(2, starts=1000.0),
        providers_of(
            4, n_wards=2, can_be_prime=np.array([False, False, True, True]), quality=np.ones(4)
        ),
        **{"primes_per_area": 1, "package_areas": 2, **FREE_OF_COST, **changes},
    )


def test_prime_contracts_name_their_prime_pay_results_and_leave_a_margin():
    situation = primes_situation(winners=4, primes_per_area=2)
    plan = plan_of("prime_contractor", situation)
    assert {each.prime for each in plan.contracts} == {2, 3}
    for each in plan.contracts:
        assert each.margin == (0.0 if each.provider == each.prime else 0.15)
        assert each.terms.kind == "results" and each.price_gbp == (0.0,) * 5
        assert each.has_referral_duty and not each.takes_referrals


def test_a_package_area_is_one_primes_alone():
    plan = plan_of("prime_contractor", primes_situation(winners=1))
    zones = {(each.prime, int(np.flatnonzero(each.wards)[0])) for each in plan.contracts}
    assert len(zones) == 2 and {zone for _, zone in zones} == {0, 1}


def test_package_areas_are_districts_of_about_the_same_need():
    need = need_of(4)
    need *= np.array([3.0, 1.0, 1.0, 1.0])[:, None, None]
    situation = situation_of(
        (stream_of(n_wards=4),), need, providers_of(n_wards=4), package_areas=2
    )
    np.testing.assert_array_equal(package_areas(situation), [0, 1, 1, 1])


def test_places_under_results_are_money_over_the_expected_fee():
    """FND: 20, 50 and 30 per cent of the unit price; 0.9 of it after a discount of a tenth."""
    situation = primes_situation(
        prime_terms="flexible_new_deal",
        result_price_gbp=2000.0,
        believed_job_share=0.4,
        believed_sustained_share=0.5,
        prime_discount=0.1,
    )
    places = places_of(plan_of("prime_contractor", situation), situation)
    fee = 0.9 * 2000.0 * (0.2 + 0.4 * (0.5 + 0.5 * 0.3))
    assert places[:, :, 1].sum() == pytest.approx(100_000.0 / fee, rel=1e-6)
    np.testing.assert_allclose(places[:, :3], places[:, :3, :1].repeat(5, axis=2), rtol=1e-9)


def test_half_the_tariff_buys_twice_the_places():
    one, half = (
        places_of(plan_of("prime_contractor", s), s).sum()
        for s in (primes_situation(prime_scale=1.0), primes_situation(prime_scale=0.5))
    )
    assert half / one == pytest.approx(2.0, rel=1e-6)


@pytest.mark.parametrize(
    ("prime_years", "shares"), [(1, [1] * 6), (3, [1, 0.75, 0.5] * 2), (5, [1, 0.75, 0.5, 0, 0, 1])]
)
def test_attachment_fees_of_primes_fall_by_the_years_since_the_tender(prime_years, shares):
    """A buyer reckons with the fee of the year, so that the same money buys more places."""
    for year, share in enumerate(shares):
        amounts = {date(2007 - each, 4, 1): 100_000.0 for each in range(year + 1)}
        situation = primes_situation(
            streams=(stream_of(n_wards=2, amounts_gbp=amounts),),
            prime_years=prime_years,
            prime_discount=0.1,
            believed_job_share=0.25,
            believed_sustained_share=0.5,
        )
        plan = plan_of("prime_contractor", situation)
        [fee] = {each.terms.attachment_gbp[1] for each in plan.contracts}
        assert fee == pytest.approx(0.9 * 400 * share)
        expected = 0.9 * (400 * share + 0.25 * (1200 + 0.5 * 2795))
        places = places_of(plan, situation)[:, :, 1].sum()
        assert places == pytest.approx(100_000 / expected, rel=1e-6)


def test_money_that_may_not_buy_the_core_of_the_journey_stays_out_of_prime_contracts():
    learning = replace(stream_of("lsc", n_wards=2), stages=(0, 1, 2))
    situation = primes_situation(streams=(stream_of(n_wards=2), learning))
    plan = plan_of("prime_contractor", situation)
    assert {each.stream for each in plan.contracts if each.prime is None} == {"lsc"}


def test_a_prime_is_chosen_among_the_firms_its_buyer_knows_of():
    """Of two firms alike the first is taken, unless the funder has not heard of it."""
    situation = primes_situation()
    buyers = {situation.streams[0].funder, 2, 3}
    quality = dict.fromkeys(buyers, situation.providers.quality)
    for known, chosen in ((np.ones(4, bool), 2), (np.array([1, 1, 0, 1], bool), 3)):
        aware = dict.fromkeys(buyers, known)
        plan = plan_of("prime_contractor", replace(situation, believed=quality, aware=aware))
        assert {each.prime for each in plan.contracts} == {chosen}
    nobody = dict.fromkeys(buyers, np.array([1, 1, 0, 0], bool))
    situation = replace(situation, believed=quality, aware=nobody)
    assert same_contracts(plan_of("prime_contractor", situation), plan_of("fragmented", situation))


def test_without_a_firm_that_can_be_prime_all_is_fragmented():
    situation = primes_situation()
    providers = situation.providers._replace(can_be_prime=np.zeros(4, bool))
    situation = replace(situation, providers=providers)
    assert same_contracts(plan_of("prime_contractor", situation), plan_of("fragmented", situation))


def test_primes_are_not_paid_by_starts():
    with pytest.raises(InputError, match="prime_terms must be a tariff by results, but unit_price"):
        plan_of("prime_contractor", primes_situation(prime_terms="unit_price"))


def test_by_results_one_provider_does_the_whole_journey():
    stages = np.array([[1, 1, 1, 0, 0], [0, 1, 1, 1, 1], [0, 0, 0, 1, 1]], bool)
    situation = situation_of(
        (stream_of(terms="work_programme"),), need_of(), providers_of(3, stages=stages)
    )
    contracts = plan_of("fragmented", situation).contracts
    assert {each.provider for each in contracts} == {1}
    assert not contracts[0].places[:, 0].any()


def test_co_commissioned_money_buys_what_others_leave_under_its_own_rules():
    situation = two_streams(co_commissioned_share=0.5, willingness=0.8)
    covered = np.zeros_like(situation.need)
    covered[:, 0] = situation.need[:, 0]
    situation = with_standing(situation, 1, covered)
    first = replace(situation, streams=situation.streams[:1])
    plan = plan_of("co_commissioned", first)
    joint = [each for each in plan.contracts if each.shares_records]
    assert joint and all(each.has_referral_duty and each.takes_referrals for each in joint)
    budget = situation.budget_pence["jcp"]
    assert sum(each.budget_pence for each in joint) <= int(0.4 * budget)
    places = sum(each.places for each in joint).sum(axis=1)
    assert places[0] == 0.0 and places[1] > 0.0
    assert not places[3:].any()
    assert plan.pooled_pence == {}


def test_partners_choose_providers_jointly_by_quality():
    unit_cost = np.repeat(np.array([[100], [150]]) * 100, 5, axis=1)
    situation = situation_of(
        (stream_of(),),
        need_of(starts=1000.0),
        providers_of(2, unit_cost=unit_cost, quality=np.array([1.0, 1.3])),
        winners=1,
        co_commissioned_share=0.5,
        joint_quality_weight=0.9,
        quality_weight=0.1,
    )
    chosen = {
        each.shares_records: each.provider
        for each in plan_of("co_commissioned", situation).contracts
    }
    assert chosen == {False: 0, True: 1}


@pytest.mark.parametrize("name", register.REGIMES)
def test_every_regime_keeps_to_each_streams_money(name):
    situation = made_market()
    left = remainder_pence(situation, plan_of(name, situation))
    assert all(pence >= 0 for pence in left.values())


@pytest.mark.parametrize("name", register.REGIMES)
def test_a_regime_decides_the_same_twice_and_changes_nothing_it_sees(name):
    situation = made_market()
    before = situation.need.copy(), situation.providers.capacity.copy()
    assert same_contracts(plan_of(name, situation), plan_of(name, situation))
    np.testing.assert_array_equal(situation.need, before[0])
    np.testing.assert_array_equal(situation.providers.capacity, before[1])


def test_no_regime_can_write_to_what_it_sees():
    situation = replace(made_market(), believed={"jcp": np.ones(3)})
    seen = (situation.providers.quality, situation.expected.parts, situation.need)
    for array in (*seen, situation.zone_of_ward, situation.quality_for("jcp")):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0


@pytest.mark.parametrize("name", register.REGIMES)
def test_contracts_hold_wards_places_and_money_of_the_right_kind(name):
    for contract in plan_of(name, made_market()).contracts:
        assert contract.wards.dtype == bool and contract.wards.any()
        assert contract.places.shape == (8, 5) and (contract.places >= 0).all()
        assert isinstance(contract.budget_pence, int) and contract.budget_pence > 0
        assert isinstance(contract.provider, int) and contract.start < contract.end


@pytest.mark.parametrize("name", register.REGIMES)
def test_a_large_market_is_planned_in_a_fifth_of_a_second(name):
    situation, seconds = made_market(), []
    for _ in range(4):
        begun = time.process_time()
        plan_of(name, situation)
        seconds.append(time.process_time() - begun)
    assert min(seconds) < 0.2


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
