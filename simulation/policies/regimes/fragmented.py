"""Fragmented: each funder buys the whole journey for its own people and looks at nobody else."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from simulation import register
from simulation.agents.contracts import Lettings
from simulation.policies.regimes.buying import buy
from simulation.policies.regimes.letting import Bought, lettings_from
from simulation.policies.regimes.orders import order_of, terms_of
from simulation.policies.regimes.supply import free_capacity, seen_need
from simulation.policies.situation import Situation


@register.regime("fragmented")
def fragmented(situation: Situation) -> Lettings:
    """Return the lettings of streams that each buy for themselves.

    A stream buys the stages it may buy for the people it may help, in proportion to how many it
    sees in each cell, from providers by quality and price. No referral between streams, no shared
    records. Streams that plan on the same day come to the providers in their order. Capacity
    money buys nothing. The rule is written out in `docs/decisions/regimes.md`.

    Parameters
    ----------
    situation : Situation

    Returns
    -------
    Lettings
    """
    bought = buy_alone(situation, situation.budget_pence, free_capacity(situation))
    return lettings_from({name: (each,) for name, each in bought.items()})


def buy_alone(
    situation: Situation, money_pence: Mapping[str, int], free: np.ndarray
) -> dict[str, Bought]:
    """Let each stream with money spend it on its own people, whatever the others do.

    Parameters
    ----------
    situation : Situation
    money_pence : mapping of str to int
        What each stream spends this way; those not named spend nothing.
    free : ndarray of float64, shape (n_providers,)
        Clients at a time providers can still take; lowered by what they are awarded.

    Returns
    -------
    dict of str to Bought
        In the order of the streams, those of capacity money left out.
    """
    bought = {}
    for stream in situation.streams:
        if not stream.is_capacity and stream.name in money_pence:
            wanted = seen_need(situation, stream, terms_of(stream.terms, situation))
            order = order_of(situation, stream, wanted, money_pence[stream.name])
            bought[stream.name] = buy(situation, order, free)
    return bought
