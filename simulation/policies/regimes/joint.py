"""What regimes with a partnership share: sight of others' places, open eligibility, core team."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from simulation.agents.contracts import Eligibility, FundingStream
from simulation.categories import CLIENT_GROUPS, N_STAGES, PENCE_PER_POUND
from simulation.policies.regimes.letting import Bought
from simulation.policies.regimes.supply import TINY
from simulation.policies.situation import Situation

WORKLESS = tuple(group for group in CLIENT_GROUPS if group != "employed")
ALL_STAGES = tuple(range(N_STAGES))
ALONE_AT_FIRST = ("fragmented", "aligned", "pooled", "co_commissioned", "devolved")
"""Regimes that are all `fragmented` until the partnership runs."""
OF_JOINT_PLANS = (
    "name",
    "start_up_weeks",
    "core_team_gbp",
    "core_team_set_up_gbp",
    "core_team_share",
    "joint_quality_weight",
    "pool_share",
    "trust_threshold",
    "largest_fall",
    "fair_share",
    "need_weight",
    "believed_jobs",
    "diminishing",
    "co_commissioned_share",
    "devolved_share",
    "tier",
    "core_team_fixed",
    "local_knowledge",
    "co_location",
    "single_offer",
    "package_areas",
    "package_units",
    "primes_per_area",
    "prime_terms",
    "prime_years",
    "prime_scale",
    "prime_discount",
    "prime_margin",
)
"""Parameters of the group regime that none of these read before they plan jointly."""


def plans_jointly(name: str) -> bool:
    """Return whether one of those regimes is another than `fragmented` later on."""
    return name != ALONE_AT_FIRST[0]


def open_eligibility(*groups: str) -> Eligibility:
    """Return the eligibility of all workless groups, and of further ones."""
    return Eligibility(groups=tuple(each for each in CLIENT_GROUPS if each in WORKLESS + groups))


def referral_clauses(situation: Situation) -> dict[str, bool]:
    """Return the clauses of aligned contracts: referral, and one roof or offer if it says so."""
    return {
        "takes_referrals": True,
        "has_referral_duty": True,
        "is_co_located": situation.config.co_location,
        "has_single_offer": situation.config.single_offer,
    }


def joint_clauses(situation: Situation) -> dict[str, bool]:
    """Return the clauses of contracts let jointly: those of aligned ones, and shared records."""
    return referral_clauses(situation) | {"shares_records": True}


def need_of_groups(situation: Situation, groups: tuple[str, ...]) -> np.ndarray:
    """Need of some client groups, 0 for the others; shape and unit of `Situation.need`."""
    is_in = np.array([group in groups for group in CLIENT_GROUPS], np.float64)
    return situation.need * is_in[:, None]


def all_places(situation: Situation, bought: Mapping[str, tuple[Bought, ...]]) -> np.ndarray:
    """Places a year of all streams and the pool, in force or bought on the day so far.

    Returns
    -------
    ndarray of float64, shape (n_zones, n_client_groups, n_stages)
    """
    places = situation.standing.sum(axis=0)
    for parts in bought.values():
        for each in parts:
            places = places + each.places
    return places


def standing_of(situation: Situation, stream: FundingStream) -> np.ndarray:
    """Places a year a stream itself has in force; shape and unit of `Situation.need`."""
    row = [each.name for each in situation.all_streams].index(stream.name)
    return situation.standing[row]


def units_of(situation: Situation) -> np.ndarray:
    """Return which unit of `regime.tier` decides for each zone; int64 (n_zones,), from 0."""
    tier, districts = situation.config.tier, situation.district_of_zone
    if tier == "sub_region":
        return np.zeros_like(districts)
    if tier == "district":
        return np.unique(districts, return_inverse=True)[1]
    return np.arange(districts.size)


def claimants_of(situation: Situation) -> np.ndarray:
    """Return who in a unit wants its money back for each zone; int64 (n_zones,), from 0.

    Districts of a sub-region, else ward groups, which are zones.
    """
    if situation.config.tier == "sub_region":
        return situation.district_of_zone
    return np.arange(situation.district_of_zone.size)


def need_in_units(situation: Situation, units: np.ndarray) -> np.ndarray:
    """Return need as those who decide in each unit see it; shape and unit of `Situation.need`.

    `local_knowledge` of it as it is, the rest as though every zone had its part of the unit's
    need by the number of its residents.
    """
    known = situation.config.local_knowledge
    if known == 1.0:
        return situation.need
    residents = situation.people.sum(axis=1)
    share = residents / np.maximum(np.bincount(units, residents), TINY)[units]
    total = np.zeros((units.max() + 1, *situation.need.shape[1:]))
    np.add.at(total, units, situation.need)
    return known * situation.need + (1.0 - known) * share[:, None, None] * total[units]


def yearly_pence(situation: Situation, stream: FundingStream) -> int:
    """Return what a stream has in the planning year of the day; 0 before the first, or ended."""
    if stream.name in situation.budget_pence:
        return situation.budget_pence[stream.name]
    dates = [first for first in stream.amounts_gbp if first <= situation.day]
    if not dates or (stream.end is not None and stream.end <= situation.day):
        return 0
    return round(PENCE_PER_POUND * stream.amounts_gbp[max(dates)])


def core_team_pence(situation: Situation, n_units: int = 1) -> tuple[dict[str, int], int]:
    """Share the yearly cost of the core team among capacity streams, and say what they lack.

    The team costs `core_team_gbp`, in the first year of joint plans `core_team_set_up_gbp` more,
    but no more than `core_team_share` of all streams' yearly money; each further unit that decides
    costs `core_team_fixed` of that. Capacity streams pay in their order, each up to its yearly
    money.

    Returns
    -------
    dict of str to int
        What those planning on this day pay, in pence.
    int
        What all capacity streams together cannot pay, in pence a year.
    """
    total = sum(yearly_pence(situation, stream) for stream in situation.all_streams)
    config = situation.config
    gbp = config.core_team_gbp + config.core_team_set_up_gbp * situation.partners.is_new
    team = min(PENCE_PER_POUND * gbp, config.core_team_share * total)
    left = round(team * (1.0 + config.core_team_fixed * (n_units - 1)))
    planning = {stream.name for stream in situation.streams}
    paid = {}
    for stream in situation.all_streams:
        if stream.is_capacity:
            pence = min(left, yearly_pence(situation, stream))
            left -= pence
            if stream.name in planning:
                paid[stream.name] = pence
    return paid, left
