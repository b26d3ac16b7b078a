"""Fragmented: each funder buys the whole journey for its own people and looks at nobody else."""

from __future__ import annotations

from simulation.policies.contracts import Plan
from simulation.policies.regimes.buying import buy, order_of, plan_from
from simulation.policies.regimes.market import free_capacity, seen_need
from simulation.policies.situation import Situation


def fragmented(situation: Situation) -> Plan:
    """Return the plan of streams that each buy for themselves.

    A stream buys the stages it may buy for the people it may help, in proportion to how many it
    sees in each cell, from providers by quality and price. No referral between streams, no shared
    records. Streams that plan on the same day come to the providers in their order. Capacity
    money buys nothing. The rule is written out in `docs/decisions/regimes.md`.

    Parameters
    ----------
    situation : Situation

    Returns
    -------
    Plan
    """
    free = free_capacity(situation)
    bought = {}
    for stream in situation.streams:
        if not stream.is_capacity:
            order = order_of(
                situation, stream, seen_need(situation, stream), situation.budget_pence[stream.name]
            )
            bought[stream.name] = (buy(situation, order, free),)
    return plan_from(bought)
