"""Aligned: funders keep their money, see one another's contracts and fill gaps with what bends."""

from __future__ import annotations

import numpy as np

from simulation import register
from simulation.agents.contracts import FundingStream, Lettings
from simulation.policies.regimes.buying import buy
from simulation.policies.regimes.fragmented import fragmented
from simulation.policies.regimes.joint import (
    ALL_STAGES,
    WORKLESS,
    all_places,
    core_team_pence,
    need_of_groups,
    open_eligibility,
    referral_clauses,
    standing_of,
)
from simulation.policies.regimes.letting import Bought, lettings_from
from simulation.policies.regimes.orders import order_of, terms_of
from simulation.policies.regimes.supply import free_capacity, seen_need
from simulation.policies.situation import Situation


@register.regime("aligned")
def aligned(situation: Situation) -> Lettings:
    """Return the lettings of streams that bend their discretionary part towards what is uncovered.

    Streams plan in order. Of a stream's money the part discretion x willingness is moved; the
    rest buys as under `fragmented`. What is moved buys (1 - transparency) x what the stream
    itself sees + transparency x what all workless residents need beyond the places of others,
    each less its own places, in any ward, group and stage. All contracts have a referral duty and
    take one another's clients. Before the partnership runs it is `fragmented`.

    Parameters
    ----------
    situation : Situation

    Returns
    -------
    Lettings
    """
    if not situation.partners.is_running:
        return fragmented(situation)
    free = free_capacity(situation)
    bought: dict[str, tuple[Bought, ...]] = {}
    for stream in situation.streams:
        if not stream.is_capacity:
            others = all_places(situation, bought) - standing_of(situation, stream)
            bought[stream.name] = _buy_aligned(situation, stream, others, free)
    core_team, _ = core_team_pence(situation)
    return lettings_from(bought, administration_pence=core_team)


def _buy_aligned(
    situation: Situation, stream: FundingStream, others: np.ndarray, free: np.ndarray
) -> tuple[Bought, ...]:
    """Buy a stream's fixed part for its own people, then its moved part for the gaps."""
    budget, clauses = situation.budget_pence[stream.name], referral_clauses(situation)
    part = stream.discretion * situation.partners.willingness[stream.funder]
    moved = int(budget * part)
    seen = seen_need(situation, stream, terms_of(stream.terms, situation))
    fixed = buy(situation, order_of(situation, stream, seen, budget - moved, clauses=clauses), free)
    clarity = situation.partners.transparency
    groups = (*WORKLESS, *stream.eligibility.groups)
    own = fixed.places + standing_of(situation, stream)
    uncovered = np.maximum(need_of_groups(situation, groups) - others - own, 0.0)
    wanted = (1.0 - clarity) * np.maximum(seen - own, 0.0) + clarity * uncovered
    order = order_of(
        situation,
        stream,
        wanted,
        moved,
        wards=np.ones_like(stream.wards),
        stages=ALL_STAGES,
        eligibility=open_eligibility(*stream.eligibility.groups),
        clauses=clauses,
    )
    return fixed, buy(situation, order, free)
