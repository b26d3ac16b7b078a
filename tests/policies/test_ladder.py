"""The ladder of autonomy: levels, the tiers that decide, juste retour, and what each is held to."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from test_regimes import (
    FREE_OF_COST,
    OCCUPIED_WEEKS,
    made_market,
    need_of,
    places_of,
    plan_of,
    providers_of,
    remainder_pence,
    same_contracts,
    situation_of,
    stream_of,
    two_streams,
)

from simulation.config import Config
from simulation.errors import InputError
from simulation.policies.regimes.prime_contractor import package_areas
from simulation.policies.situation import Situation

TIERS = ("sub_region", "district", "ward_group")
JOINT = ("co_commissioned", "pooled", "devolved")


def two_zones(*, starts: tuple[float, float] = (1000.0, 1000.0), **changes: object) -> Situation:
    """Return one district of two ward groups, of which the pool would help the first alone."""
    need = need_of(2)
    need *= np.array(starts)[:, None, None] / 100.0
    situation = situation_of(
        (stream_of(n_wards=2),),
        need,
        providers_of(n_wards=2),
        **{
            "need_weight": 10.0,
            "diminishing": 0.0,
            "fair_share": 0.0,
            "pool_share": 1.0,
            "core_team_share": 0.0,
            **FREE_OF_COST,
            **changes,
        },
    )
    return replace(situation, district_of_zone=np.zeros(2, np.int64))


def second_part(name: str, situation: Situation, stream: str | None = "pool") -> float:
    """Part of the places that the second ward group gets."""
    places = places_of(plan_of(name, situation), situation, stream).sum(axis=(1, 2))
    return float(places[1] / places.sum())


@pytest.mark.parametrize("name", ["pooled", "devolved"])
@pytest.mark.parametrize(
    ("tier", "fair_share", "part"),
    [
        # One district claims the whole of the sub-region: nothing binds within it.
        ("sub_region", 0.8, 0.0),
        ("district", 0.8, 0.4),
        ("district", 0.0, 0.0),
        # A ward group has its own money, whatever it would claim of more.
        ("ward_group", 0.0, 0.5),
        ("ward_group", 0.8, 0.5),
    ],
)
def test_juste_retour_binds_between_the_parts_of_a_unit(name, tier, fair_share, part):
    situation = two_zones(tier=tier, fair_share=fair_share)
    assert second_part(name, situation) == pytest.approx(part, abs=1e-3)


@pytest.mark.parametrize("tier", ["district", "ward_group"])
def test_each_unit_spends_its_residents_part_of_the_pool(tier):
    situation = two_zones(tier=tier, starts=(1000.0, 3000.0))
    situation = replace(situation, district_of_zone=np.arange(2))
    assert second_part("pooled", situation) == pytest.approx(0.75, abs=1e-5)
    whole = situation_at(situation, tier="sub_region")
    assert second_part("pooled", whole) == pytest.approx(0.0, abs=1e-3)


def situation_at(situation: Situation, **changes: object) -> Situation:
    """Return the situation with parameters of the regime changed."""
    return replace(situation, config=situation.config.model_copy(update=changes))


@pytest.mark.parametrize("name", JOINT)
def test_a_district_is_to_its_ward_groups_what_the_sub_region_is_to_its_districts(name):
    whole = made_market(pool_share=1.0)
    district = replace(whole, district_of_zone=np.zeros(16, np.int64))
    one, other = plan_of(name, whole), plan_of(name, situation_at(district, tier="district"))
    assert same_contracts(one, other)
    assert one.administration_pence == other.administration_pence


def test_devolved_is_pooled_where_all_is_shared_nothing_tied_and_nobody_withdraws():
    situation = made_market(pool_share=1.0, trust_threshold=0.0, largest_fall=1.0)
    streams = tuple(replace(each, discretion=1.0) for each in situation.streams)
    situation = replace(situation, streams=streams, all_streams=streams)
    one, other = (plan_of(name, situation) for name in ("pooled", "devolved"))
    assert one.pooled_pence == other.pooled_pence and one.pooled_pence
    assert one.administration_pence == other.administration_pence
    assert same_contracts(one, other)


def test_devolved_money_is_handed_over_tied_or_not_and_without_trust():
    situation = two_streams(discretion=0.0, willingness=0.3, trust=0.1, devolved_share=0.5)
    assert plan_of("pooled", situation).pooled_pence == {}
    assert plan_of("devolved", situation).pooled_pence == {
        name: int(pence * (0.5 * 0.3)) for name, pence in situation.budget_pence.items()
    }


@pytest.mark.parametrize("changes", [{"is_running": False}, {"devolved_share": 0.0}])
def test_devolved_is_fragmented_where_nothing_is_handed_over(changes):
    situation = two_streams(**changes)
    one, other = (plan_of(name, situation) for name in ("devolved", "fragmented"))
    assert same_contracts(one, other) and one.administration_pence == {}


@pytest.mark.parametrize(
    ("tier", "teams"), [("sub_region", 1.0), ("district", 1.5), ("ward_group", 2.0)]
)
@pytest.mark.parametrize("name", JOINT)
def test_each_further_unit_costs_its_part_of_a_core_team(name, tier, teams):
    """Of 100,000 pounds a team may cost a hundredth, each further unit half of that."""
    need = need_of(3, starts=1000.0)
    situation = situation_of(
        (stream_of(n_wards=3),),
        need,
        providers_of(n_wards=3),
        tier=tier,
        core_team_fixed=0.5,
        core_team_share=0.01,
        pool_share=1.0,
        co_commissioned_share=1.0,
        **FREE_OF_COST,
    )
    situation = replace(situation, district_of_zone=np.array([0, 0, 1]))
    # When co-commissioned, what one team lacks is not spent, as when aligned.
    paid = teams - (name == "co_commissioned")
    assert sum(plan_of(name, situation).administration_pence.values()) == 100_000 * paid


@pytest.mark.parametrize(
    ("tier", "known", "part"),
    [
        ("sub_region", 1.0, 0.25),
        ("sub_region", 0.5, 0.375),
        ("sub_region", 0.0, 0.5),
        ("district", 0.0, 0.5),
        ("ward_group", 0.0, 0.25),
    ],
)
def test_without_local_knowledge_need_within_a_unit_is_taken_to_be_alike(tier, known, part):
    """Two ward groups of as many residents, a quarter of the need in the second, money for all."""
    situation = two_zones(starts=(300.0, 100.0), tier=tier, local_knowledge=known)
    people = np.full((2, 8), 100.0)
    situation = replace(situation, people=people, budget_pence={"jcp": 10**10})
    assert second_part("pooled", situation) == pytest.approx(part, abs=1e-3)


def test_co_commissioned_money_goes_to_units_as_need_does():
    situation = two_zones(
        starts=(1000.0, 3000.0), tier="ward_group", co_commissioned_share=1.0, quality_weight=0.0
    )
    contracts = plan_of("co_commissioned", situation).contracts
    assert len(contracts) == 2
    assert contracts[1].budget_pence / contracts[0].budget_pence == pytest.approx(3.0, abs=1e-4)


@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize("name", JOINT)
def test_no_tier_spends_more_than_there_is_or_books_anyone_beyond_a_caseload(name, tier):
    situation = made_market(tier=tier, local_knowledge=0.5, pool_share=1.0)
    situation = replace(situation, district_of_zone=np.arange(16) // 4)
    plan = plan_of(name, situation)
    assert all(pence >= 0 for pence in remainder_pence(situation, plan).values())
    load = np.zeros(situation.providers.capacity.size)
    for contract in plan.contracts:
        load[contract.provider] += (contract.places * OCCUPIED_WEEKS / 52.0).sum()
    assert (load <= situation.providers.capacity + 1e-3).all()


@pytest.mark.parametrize("is_shared", [True, False])
@pytest.mark.parametrize("name", ["aligned", *JOINT])
def test_partners_sit_under_one_roof_where_the_regime_says_so(name, is_shared):
    plan = plan_of(name, made_market(co_location=is_shared, pool_share=1.0))
    together = [each for each in plan.contracts if each.has_referral_duty]
    assert together and all(each.is_co_located == is_shared for each in together)
    assert not any(each.is_co_located for each in plan.contracts if not each.has_referral_duty)


def test_package_areas_of_ward_groups_cut_through_a_district():
    situation = replace(
        made_market(package_areas=2), district_of_zone=np.repeat([0, 1, 2], [2, 12, 2])
    )
    of_districts = package_areas(situation)
    assert all(np.unique(of_districts[situation.district_of_zone == d]).size == 1 for d in range(3))
    areas = package_areas(situation_at(situation, package_units="ward_group"))
    assert np.unique(areas[2:14]).size == 2
    need = np.bincount(areas, situation.need.sum(axis=(1, 2)))
    assert need.max() < 1.3 * need.min()


@pytest.mark.parametrize(
    ("key", "value", "line"),
    [
        ("tier", "ward", "regime.tier: input should be 'sub_region', 'district' or 'ward_group'"),
        ("package_units", "ward", "regime.package_units: input should be 'district' or"),
    ],
)
def test_an_unknown_tier_is_answered_in_one_line(key, value, line):
    with pytest.raises(InputError) as caught:
        Config.from_mapping({"regime": {key: value}})
    assert str(caught.value).startswith(line) and "\n" not in str(caught.value)


def test_local_commissioning_lets_the_priority_wards_part_of_the_money():
    situation = two_zones(
        starts=(1000.0, 3000.0), joint_wards="priority", co_commissioned_share=1.0
    )
    joint = [
        each for each in plan_of("co_commissioned", situation).contracts if each.shares_records
    ]
    assert joint and all(each.wards.tolist() == [True, False] for each in joint)
    budget = situation.budget_pence["jcp"]
    assert sum(each.budget_pence for each in joint) == pytest.approx(budget / 4, abs=5)


@pytest.mark.parametrize("n_primes", [1, 2, 4])
def test_employers_a_prime_keeps_are_closed_to_all_but_its_own_chain(n_primes):
    """Each of n keeps an nth of a half: its chain reaches what nobody keeps, and that nth."""
    situation = made_market(
        primes_per_area=n_primes, package_areas=1, prime_keeps_employers=0.5, winners=1
    )
    for each in plan_of("prime_contractor", situation).contracts:
        own = 0.5 / n_primes if each.prime is not None else 0.0
        assert each.employer_access == pytest.approx(0.5 + own)
    assert all(
        each.employer_access == 1.0 for each in plan_of("prime_contractor", made_market()).contracts
    )
