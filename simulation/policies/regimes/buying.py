"""What all regimes share: places are bought from providers and written into contracts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np

from simulation.categories import CLIENT_GROUPS, STAGES
from simulation.policies.contracts import Contract, Eligibility, FundingStream, Plan
from simulation.policies.regimes.market import (
    WEEKS_PER_YEAR,
    expected_fee_pence,
    months_between,
    prices_of,
    scores_of,
    shares_of,
    whole_scores,
)
from simulation.policies.situation import Situation
from simulation.policies.tariffs import Terms, terms_named

ROUNDS = 4
"""How often what full providers could not take is offered to others."""
LEAST = 1e-9
"""Places and shares of money below this are rounding."""


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
    is_framework : bool
        One procurement for all the contracts of a provider.
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
    is_framework: bool = False
    clauses: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_by_results(self) -> bool:
        """Whether results are paid for, so that one provider has to do the whole journey."""
        return self.terms.kind == "results" and any(self.stages)


@dataclass(frozen=True)
class Bought:
    """What an order led to.

    Attributes
    ----------
    contracts : tuple of Contract
    administration_pence : int
        Cost of procurement.
    places : ndarray of float64, shape (n_zones, n_client_groups, n_stages)
        Starts a year in those contracts, in people.
    """

    contracts: tuple[Contract, ...]
    administration_pence: int
    places: np.ndarray


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
    }
    return Order(**{**own, **changes})


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
    return write_contracts(situation, order, award(situation, order, free))


def award(situation: Situation, order: Order, free: np.ndarray) -> np.ndarray:
    """Share an order's places among providers, up to the money and to what they can take.

    Each round offers one and the same part of what is still wanted everywhere, as far as the
    money goes; a provider takes what it can, all its cells alike, and the rest is offered again.

    Returns
    -------
    ndarray of float64, shape (n_zones, n_stages, n_providers)
        Part of what is wanted in a zone and stage, of each group alike.
    """
    prices, values = _prices(situation, order), _values(situation, order)
    load = np.asarray(situation.config.occupied_weeks) / WEEKS_PER_YEAR
    filled = order.wanted.sum(axis=1) * load
    scores = scores_of(situation, order.wanted, order.wards, quality_weight=order.quality_weight)
    parts = np.zeros_like(scores)
    left = float(order.money_pence)
    for _ in range(ROUNDS):
        rest = 1.0 - parts.sum(axis=2, keepdims=True)
        rest[rest < LEAST] = 0.0
        offer = rest * _shares(situation, order, scores, free > LEAST)
        if not offer.any() or left < 1.0:
            break
        total = _cost(offer, values, prices)
        offer *= min(1.0, left / total) if total > 0 else 1.0
        asked = np.einsum("zk,zkp->p", filled, offer)
        taken = np.minimum(1.0, np.divide(free, asked, out=np.ones_like(free), where=asked > 0))
        offer *= taken
        free -= asked * taken
        parts += offer
        left -= _cost(offer, values, prices)
    return parts


def write_contracts(situation: Situation, order: Order, parts: np.ndarray) -> Bought:
    """Write a contract for every zone and provider with places, within the order's money.

    Contracts for fewer starts than `least_starts` fall away; the others are scaled down together
    until they, the cost of letting them and a penny each for rounding up fit the money.

    Parameters
    ----------
    situation : Situation
    order : Order
    parts : ndarray of float64, shape (n_zones, n_stages, n_providers)
        As `award` gives them.
    """
    starts = np.einsum("zk,zkp->zp", order.wanted.sum(axis=1), parts)
    zones, rows = np.nonzero(starts >= max(situation.config.least_starts, LEAST))
    parts = parts[zones, :, rows]
    pence = (parts * _values(situation, order)[zones] * _prices(situation, order)[rows]).sum(axis=1)
    procurement = _procurement_pence(situation, pence, rows if order.is_framework else None)
    available = order.money_pence - procurement - pence.size
    if not pence.size or available <= 0:
        return Bought((), 0, np.zeros_like(order.wanted))
    factor = min(1.0, available / pence.sum()) if pence.any() else 1.0
    budgets = np.ceil(pence * factor).astype(np.int64)
    cells = order.wanted[zones] * (parts * factor)[:, None, :]
    contracts = tuple(
        _contract(situation, order, int(zone), int(row), cell, int(budget))
        for zone, row, cell, budget in zip(zones, rows, cells, budgets, strict=True)
    )
    bought = np.zeros_like(order.wanted)
    np.add.at(bought, zones, cells)
    return Bought(contracts, procurement, bought)


def plan_from(
    bought: Mapping[str, tuple[Bought, ...]],
    *,
    pooled_pence: Mapping[str, int] | None = None,
    administration_pence: Mapping[str, int] | None = None,
) -> Plan:
    """Join what streams bought, and other costs by stream, into a plan."""
    costs = {
        name: sum(each.administration_pence for each in parts) for name, parts in bought.items()
    }
    for name, pence in (administration_pence or {}).items():
        costs[name] = costs.get(name, 0) + pence
    return Plan(
        contracts=tuple(
            contract for parts in bought.values() for each in parts for contract in each.contracts
        ),
        pooled_pence={name: pence for name, pence in (pooled_pence or {}).items() if pence},
        administration_pence={name: pence for name, pence in costs.items() if pence},
    )


def _paid_stage(order: Order) -> int | None:
    """Stage on which a client's results begin to be paid for; None where starts are paid."""
    return min(stage for stage in order.stages if stage > 0) if order.is_by_results else None


def _prices(situation: Situation, order: Order) -> np.ndarray:
    """Pence a start costs, by provider and stage, without what differs between groups."""
    if not order.is_by_results:
        return prices_of(situation).astype(np.float64)
    prices = np.zeros((situation.providers.quality.size, len(STAGES)))
    prices[:, _paid_stage(order)] = 1.0
    return prices


def _values(situation: Situation, order: Order) -> np.ndarray:
    """Places wanted to the order's end by zone and stage, times the fees of groups if by results.

    Times price and part it is what a zone's places of a stage at a provider cost, in pence.
    """
    fees = np.ones(len(CLIENT_GROUPS))
    if order.is_by_results:
        fees = expected_fee_pence(order.terms, situation.config)
    months = months_between(situation.day, order.end)
    return np.einsum("zgk,g->zk", order.wanted, fees) * (months / 12.0)


def _cost(parts: np.ndarray, values: np.ndarray, prices: np.ndarray) -> float:
    """Pence some parts cost in all."""
    return float(np.einsum("zkp,zk,pk->", parts, values, prices))


def _shares(
    situation: Situation, order: Order, scores: np.ndarray, is_free: np.ndarray
) -> np.ndarray:
    """Shares of providers in each zone and stage; by results those of whole journeys."""
    winners = situation.config.winners
    paid = _paid_stage(order)
    if paid is None:
        return shares_of(scores, is_free, winners=winners)
    scores = np.where(is_free, scores, 0.0)
    whole = whole_scores(scores, paid)
    return shares_of(whole[:, None, :], is_free, winners=winners) * (scores > 0)


def _procurement_pence(
    situation: Situation, values: np.ndarray, provider_rows: np.ndarray | None
) -> int:
    """Cost of letting contracts of these values, one each or one for all of a provider."""
    config = situation.config
    if provider_rows is not None:
        values = np.bincount(provider_rows, weights=values)
    dearest = config.procurement_most * values
    return int(np.floor(np.minimum(100.0 * config.procurement_gbp, dearest)).sum())


def _contract(
    situation: Situation, order: Order, zone: int, row: int, cell: np.ndarray, budget_pence: int
) -> Contract:
    """Return one contract; its wards are those of the zone, the order and the provider."""
    in_zone = situation.zone_of_ward == zone
    prices = np.zeros(len(STAGES)) if order.is_by_results else prices_of(situation)[row]
    return Contract(
        stream=order.stream,
        provider=row,
        terms=order.terms,
        wards=in_zone & order.wards & situation.providers.wards[row],
        places=cell.reshape(len(CLIENT_GROUPS), len(STAGES)),
        price_gbp=tuple(float(price) / 100.0 for price in prices),
        budget_pence=budget_pence,
        start=situation.day,
        end=order.end,
        eligibility=order.eligibility,
        **order.clauses,
    )
