"""Co-commissioned: funders keep their money and rules; part of it is specified and let jointly."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np

from simulation import register
from simulation.agents.contracts import POOL, FundingStream, Lettings
from simulation.policies.regimes.buying import buy
from simulation.policies.regimes.fragmented import buy_alone, fragmented
from simulation.policies.regimes.joint import (
    all_places,
    core_team_pence,
    joint_clauses,
    need_in_units,
    units_of,
    yearly_pence,
)
from simulation.policies.regimes.letting import Bought, lettings_from
from simulation.policies.regimes.orders import Order, order_of, terms_of
from simulation.policies.regimes.supply import TINY, free_capacity, seen_need
from simulation.policies.situation import Situation


@register.regime("co_commissioned")
def co_commissioned(situation: Situation) -> Lettings:
    """Return the lettings of streams that let part of their money jointly and pool none.

    The part `co_commissioned_share` x willingness of each stream's money buys, under its own
    rules on people, wards and stages, what need is left beyond all places in force and bought on
    the day, seen in full; providers are chosen by `joint_quality_weight`, one procurement for
    each provider; contracts have a referral duty, take referrals and share records. The rest buys
    as under `fragmented`, first. Below the sub-region each unit of `regime.tier` lets its
    residents' part, with a core team of its own; what further teams cost beyond capacity money is
    paid by joint money. With `joint_wards` priority only these wards are let for jointly: of
    what a stream moves, the part that is theirs of the need it sees. Before the partnership runs
    it is `fragmented`.

    Parameters
    ----------
    situation : Situation

    Returns
    -------
    Lettings
    """
    if not situation.partners.is_running:
        return fragmented(situation)
    joint = {
        stream.name: _joint_pence(situation, stream, situation.budget_pence[stream.name])
        for stream in situation.streams
        if not stream.is_capacity
    }
    free = free_capacity(situation)
    alone = {name: situation.budget_pence[name] - pence for name, pence in joint.items()}
    bought: dict[str, tuple[Bought, ...]] = {
        name: (each,) for name, each in buy_alone(situation, alone, free).items()
    }
    core_team = _core_team_pence(situation, joint)
    for stream in situation.streams:
        if stream.name in joint:
            pence = joint[stream.name] - core_team.get(stream.name, 0)
            orders = _joint_orders(situation, stream, bought, pence)
            more = (buy(situation, order, free) for order in orders)
            bought[stream.name] = (*bought[stream.name], *more)
    return lettings_from(bought, administration_pence=core_team)


def _joint_pence(situation: Situation, stream: FundingStream, pence: int) -> int:
    """Return what a stream lets jointly of some money: `co_commissioned_share` x willingness.

    Where only priority wards are let for jointly, their part of the need it sees.
    """
    share = situation.config.co_commissioned_share
    seen = seen_need(situation, stream, terms_of(stream.terms, situation)).sum(axis=(1, 2))
    is_let = _is_let_jointly(situation)
    part = 1.0 if is_let.all() else seen[is_let].sum() / max(seen.sum(), TINY)
    return int(pence * share * situation.partners.willingness[stream.funder] * part)


def _is_let_jointly(situation: Situation) -> np.ndarray:
    """Return for which zones money is let jointly; bool (n_zones,)."""
    is_everywhere = situation.config.joint_wards == "all"
    return situation.is_priority_zone | is_everywhere


def _core_team_pence(situation: Situation, joint: Mapping[str, int]) -> dict[str, int]:
    """Return what streams pay for core teams: joint money what further units' teams lack."""
    _, lacking_of_one = core_team_pence(situation)
    paid, lacking = core_team_pence(situation, int(units_of(situation).max()) + 1)
    yearly = sum(
        _joint_pence(situation, stream, yearly_pence(situation, stream))
        for stream in situation.all_streams
        if not stream.is_capacity
    )
    part = min(1.0, (lacking - lacking_of_one) / yearly) if yearly else 0.0
    return paid | {name: int(pence * part) for name, pence in joint.items()}


def _joint_orders(
    situation: Situation,
    stream: FundingStream,
    bought: Mapping[str, tuple[Bought, ...]],
    money_pence: int,
) -> Iterator[Order]:
    """Yield a stream's order in each unit for what is left uncovered of the need it sees."""
    units = units_of(situation)
    terms = terms_of(stream.terms, situation)
    seen = replace(situation, need=need_in_units(situation, units))
    left = _uncovered_share(seen.need, all_places(situation, bought))
    is_let = _is_let_jointly(situation)
    wanted = seen_need(seen, stream, terms) * left * is_let[:, None, None]
    theirs = np.bincount(units, seen_need(situation, stream, terms).sum(axis=(1, 2)) * is_let)
    for unit, part in enumerate(theirs / max(theirs.sum(), TINY)):
        yield order_of(
            situation,
            stream,
            wanted * (units == unit)[:, None, None],
            int(money_pence * part),
            quality_weight=situation.config.joint_quality_weight,
            buyer=POOL,
            clauses={**joint_clauses(situation), "money_moves": not units.any()},
        )


def _uncovered_share(need: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Share of each cell's need that places leave uncovered; 0 where there is no need."""
    left = np.maximum(need - places, 0.0)
    return np.divide(left, need, out=np.zeros_like(left), where=need > 0)
