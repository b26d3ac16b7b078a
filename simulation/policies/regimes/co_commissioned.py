"""Co-commissioned: funders keep their money and rules; part of it is specified and let jointly."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from simulation import register
from simulation.agents.contracts import FundingStream, Lettings
from simulation.policies.regimes.buying import buy
from simulation.policies.regimes.fragmented import buy_alone, fragmented
from simulation.policies.regimes.joint import all_places, core_team_pence
from simulation.policies.regimes.letting import Bought, lettings_from
from simulation.policies.regimes.orders import Order, order_of, terms_of
from simulation.policies.regimes.supply import free_capacity, seen_need
from simulation.policies.situation import Situation

JOINT = {"takes_referrals": True, "has_referral_duty": True, "shares_records": True}


@register.regime("co_commissioned")
def co_commissioned(situation: Situation) -> Lettings:
    """Return the lettings of streams that let part of their money jointly and pool none.

    The part `co_commissioned_share` x willingness of each stream's money buys, under its own
    rules on people, wards and stages, what need is left beyond all places in force and bought on
    the day, seen in full; providers are chosen by `joint_quality_weight`, one procurement for
    each provider; contracts have a referral duty, take referrals and share records. The rest buys
    as under `fragmented`, first. Before the partnership runs it is `fragmented`.

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
        stream.name: int(
            situation.budget_pence[stream.name]
            * situation.config.co_commissioned_share
            * situation.partners.willingness[stream.funder]
        )
        for stream in situation.streams
        if not stream.is_capacity
    }
    free = free_capacity(situation)
    alone = {name: situation.budget_pence[name] - pence for name, pence in joint.items()}
    bought: dict[str, tuple[Bought, ...]] = {
        name: (each,) for name, each in buy_alone(situation, alone, free).items()
    }
    for stream in situation.streams:
        if stream.name in joint:
            order = _joint_order(situation, stream, bought, joint[stream.name])
            bought[stream.name] = (*bought[stream.name], buy(situation, order, free))
    core_team, _ = core_team_pence(situation)
    return lettings_from(bought, administration_pence=core_team)


def _joint_order(
    situation: Situation,
    stream: FundingStream,
    bought: Mapping[str, tuple[Bought, ...]],
    money_pence: int,
) -> Order:
    """Return a stream's order for what is left uncovered of the need it sees."""
    left = _uncovered_share(situation.need, all_places(situation, bought))
    return order_of(
        situation,
        stream,
        seen_need(situation, stream, terms_of(stream.terms, situation)) * left,
        money_pence,
        quality_weight=situation.config.joint_quality_weight,
        clauses=JOINT,
    )


def _uncovered_share(need: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Share of each cell's need that places leave uncovered; 0 where there is no need."""
    left = np.maximum(need - places, 0.0)
    return np.divide(left, need, out=np.zeros_like(left), where=need > 0)
