"""What a buyer asks the market for, and what it costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np

from simulation.agents.clients import GROUP_EMPLOYED
from simulation.agents.contracts import POOL, Eligibility, FundingStream
from simulation.categories import CLIENT_GROUPS, MONTHS_PER_YEAR, N_STAGES
from simulation.policies.regimes.supply import expected_fee_pence, months_between, prices_of
from simulation.policies.situation import Situation
from simulation.policies.tariffs import Terms, terms_named


@dataclass(frozen=True)
class Order:
    """What one buyer asks the market for.

    Attributes
    ----------
    stream : str
        Name of the stream that pays, or "pool".
    wanted : ndarray of float64, shape (n_zones, n_client_groups, n_stages)
        Starts a year, in people, that it would buy with money enough.
    wards : ndarray of bool, shape (n_wards,)
    stages : tuple of int
    money_pence : int
        The most contracts and procurement may cost together.
    eligibility : Eligibility
    terms : Terms
    end : date
    quality_weight : float
    is_by_zone : bool
        A contract for each zone of a provider, so that its money stays there; otherwise one.
    buyer : str or int
        Who chooses the providers, by what it believes: as `Situation.believed` has them.
    clauses : mapping of str to object
        Further fields of each `Contract`: prime, margin and clauses.
    """

    stream: str
    wanted: np.ndarray
    wards: np.ndarray
    stages: tuple[int, ...]
    money_pence: int
    eligibility: Eligibility
    terms: Terms
    end: date
    quality_weight: float
    is_by_zone: bool = False
    buyer: str | int = POOL
    clauses: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_by_results(self) -> bool:
        """Whether results are paid for, so that one provider has to do the whole journey."""
        return self.terms.kind == "results" and any(self.stages)


def terms_of(name: str, situation: Situation) -> Terms:
    """Return the payment terms of this name; shares of a price are of `result_price_gbp`.

    Raises
    ------
    InputError
        As `terms_named`.
    """
    return terms_named(name, unit_price_gbp=situation.config.result_price_gbp)


def order_of(
    situation: Situation,
    stream: FundingStream,
    wanted: np.ndarray,
    money_pence: int,
    **changes: Any,
) -> Order:
    """Return a stream's order under its own rules but for what is changed."""
    end = situation.ends[stream.name]
    own: dict[str, Any] = {
        "stream": stream.name,
        "wanted": wanted,
        "wards": stream.wards,
        "stages": stream.stages,
        "money_pence": money_pence,
        "eligibility": stream.eligibility,
        "terms": None if "terms" in changes else terms_of(stream.terms, situation),
        "end": end if stream.end is None else min(end, stream.end),
        "quality_weight": situation.config.quality_weight,
        "buyer": stream.funder,
    }
    return Order(**{**own, **changes})


def paid_stage(order: Order) -> int | None:
    """Stage on which a client's results begin to be paid for; None where starts are paid."""
    return min(stage for stage in order.stages if stage > 0) if order.is_by_results else None


def order_prices(situation: Situation, order: Order) -> np.ndarray:
    """Pence a start costs, by provider and stage, without what differs between groups."""
    if not order.is_by_results:
        return prices_of(situation).astype(np.float64)
    prices = np.zeros((situation.providers.quality.size, N_STAGES))
    prices[:, paid_stage(order)] = 1.0
    return prices


def order_values(situation: Situation, order: Order) -> np.ndarray:
    """Places wanted to the order's end by zone and stage, times what differs between groups.

    That is fees under results, else the part of the price that starts of people out of work cost.
    Times price and part it is what a zone's places of a stage at a provider cost, in pence.
    """
    worth = np.ones((len(CLIENT_GROUPS), N_STAGES))
    if order.is_by_results:
        worth *= expected_fee_pence(order.terms, situation.config)[:, None]
    else:
        worth[:GROUP_EMPLOYED] = situation.expected.parts
    months = months_between(situation.day, order.end)
    return np.einsum("zgk,gk->zk", order.wanted, worth) * (months / MONTHS_PER_YEAR)
