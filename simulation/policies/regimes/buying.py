"""What all regimes share: an order's places are awarded to providers by quality and price."""

from __future__ import annotations

import numpy as np

from simulation.categories import WEEKS_PER_YEAR
from simulation.policies.regimes.letting import Bought, write_contracts
from simulation.policies.regimes.orders import Order, order_prices, order_values, paid_stage
from simulation.policies.regimes.supply import (
    LEAST,
    Pairs,
    pairs_of,
    scores_of,
    shares_of,
    sums_by_zone,
    whole_scores,
)
from simulation.policies.situation import Situation

ROUNDS = 4
"""How often what full providers could not take is offered to others."""


def buy(situation: Situation, order: Order, free: np.ndarray) -> Bought:
    """Award an order's places to providers and write the contracts.

    Parameters
    ----------
    situation : Situation
    order : Order
    free : ndarray of float64, shape (n_providers,)
        Clients at a time providers can still take; lowered by what they are awarded.

    Returns
    -------
    Bought
        Nothing where there is no money, no need or no time left.
    """
    if order.money_pence <= 0 or order.end <= situation.day:
        return Bought((), 0, np.zeros_like(order.wanted))
    pairs = pairs_of(situation, order.wards)
    return write_contracts(situation, order, pairs, award(situation, order, pairs, free))


def award(situation: Situation, order: Order, pairs: Pairs, free: np.ndarray) -> np.ndarray:
    """Share an order's places among providers, up to the money and to what they can take.

    Each round offers one and the same part of what is still wanted everywhere, as far as the
    money goes; a provider takes what it can, all its cells alike, and the rest is offered again.

    Returns
    -------
    ndarray of float64, shape (n_pairs, n_stages)
        Part of what is wanted in a zone and stage, of each group alike.
    """
    zone, provider = pairs.zone, pairs.provider
    pence = order_values(situation, order)[zone] * order_prices(situation, order)[provider]
    load = situation.expected.occupied_weeks / WEEKS_PER_YEAR
    filled = (order.wanted.sum(axis=1) * load)[zone]
    scores = scores_of(
        situation, pairs, order.wanted, quality_weight=order.quality_weight, buyer=order.buyer
    )
    parts = np.zeros_like(scores)
    left = float(order.money_pence)
    for _ in range(ROUNDS):
        rest = 1.0 - sums_by_zone(parts, zone)[zone]
        rest[rest < LEAST] = 0.0
        is_free = free[provider] > LEAST
        offer = rest * _shares(situation, order, np.where(is_free[:, None], scores, 0.0), zone)
        if not offer.any() or left < 1.0:
            break
        total = float((offer * pence).sum())
        offer *= min(1.0, left / total) if total > 0 else 1.0
        asked = np.bincount(provider, (filled * offer).sum(axis=1), minlength=free.size)
        taken = np.minimum(1.0, np.divide(free, asked, out=np.ones_like(free), where=asked > 0))
        offer *= taken[provider, None]
        free -= asked * taken
        parts += offer
        left -= float((offer * pence).sum())
    return parts


def _shares(situation: Situation, order: Order, scores: np.ndarray, zone: np.ndarray) -> np.ndarray:
    """Shares of pairs in each stage; by results those of whole journeys."""
    winners = situation.config.winners
    paid = paid_stage(order)
    if paid is None:
        return shares_of(scores, zone, winners=winners)
    whole = whole_scores(scores, zone, paid)
    return shares_of(whole[:, None], zone, winners=winners) * (scores > 0)
