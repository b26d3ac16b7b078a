"""What regimes with a partnership share: sight of others' places, open eligibility, core team."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from simulation.agents.contracts import Eligibility, FundingStream
from simulation.categories import CLIENT_GROUPS, N_STAGES, PENCE_PER_POUND
from simulation.policies.regimes.letting import Bought
from simulation.policies.situation import Situation

WORKLESS = tuple(group for group in CLIENT_GROUPS if group != "employed")
ALL_STAGES = tuple(range(N_STAGES))


def open_eligibility(*groups: str) -> Eligibility:
    """Return the eligibility of all workless groups, and of further ones."""
    return Eligibility(groups=tuple(each for each in CLIENT_GROUPS if each in WORKLESS + groups))


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


def yearly_pence(situation: Situation, stream: FundingStream) -> int:
    """Return what a stream has in the planning year of the day; 0 before the first, or ended."""
    if stream.name in situation.budget_pence:
        return situation.budget_pence[stream.name]
    dates = [first for first in stream.amounts_gbp if first <= situation.day]
    if not dates or (stream.end is not None and stream.end <= situation.day):
        return 0
    return round(PENCE_PER_POUND * stream.amounts_gbp[max(dates)])


def core_team_pence(situation: Situation) -> tuple[dict[str, int], int]:
    """Share the yearly cost of the core team among capacity streams, and say what they lack.

    The team costs `core_team_gbp`, in the first year of joint plans `core_team_set_up_gbp` more,
    but no more than `core_team_share` of all streams' yearly money. Capacity streams pay in their
    order, each up to its yearly money.

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
    left = round(min(PENCE_PER_POUND * gbp, config.core_team_share * total))
    planning = {stream.name for stream in situation.streams}
    paid = {}
    for stream in situation.all_streams:
        if stream.is_capacity:
            pence = min(left, yearly_pence(situation, stream))
            left -= pence
            if stream.name in planning:
                paid[stream.name] = pence
    return paid, left
