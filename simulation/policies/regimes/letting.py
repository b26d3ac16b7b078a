"""Awards written into contracts, and contracts into what a regime gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from simulation.agents.contracts import Contract, Lettings
from simulation.categories import N_CLIENT_GROUPS, N_STAGES, PENCE_PER_POUND
from simulation.policies.regimes.orders import Order, order_prices, order_values
from simulation.policies.regimes.supply import prices_of
from simulation.policies.situation import Situation

LEAST = 1e-9
"""Starts a year below this are rounding."""


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
    pence = (
        parts * order_values(situation, order)[zones] * order_prices(situation, order)[rows]
    ).sum(axis=1)
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


def lettings_from(
    bought: Mapping[str, tuple[Bought, ...]],
    *,
    pooled_pence: Mapping[str, int] | None = None,
    administration_pence: Mapping[str, int] | None = None,
) -> Lettings:
    """Join what streams bought, and other costs by stream, into what a regime gives."""
    costs = {
        name: sum(each.administration_pence for each in parts) for name, parts in bought.items()
    }
    for name, pence in (administration_pence or {}).items():
        costs[name] = costs.get(name, 0) + pence
    return Lettings(
        contracts=tuple(
            contract for parts in bought.values() for each in parts for contract in each.contracts
        ),
        pooled_pence={name: pence for name, pence in (pooled_pence or {}).items() if pence},
        administration_pence={name: pence for name, pence in costs.items() if pence},
    )


def _procurement_pence(
    situation: Situation, values: np.ndarray, provider_rows: np.ndarray | None
) -> int:
    """Cost of letting contracts of these values, one each or one for all of a provider."""
    config = situation.config
    if provider_rows is not None:
        values = np.bincount(provider_rows, weights=values)
    dearest = config.procurement_most * values
    return int(np.floor(np.minimum(PENCE_PER_POUND * config.procurement_gbp, dearest)).sum())


def _contract(
    situation: Situation, order: Order, zone: int, row: int, cell: np.ndarray, budget_pence: int
) -> Contract:
    """Return one contract; its wards are those of the zone, the order and the provider."""
    in_zone = situation.zone_of_ward == zone
    prices = np.zeros(N_STAGES) if order.is_by_results else prices_of(situation)[row]
    return Contract(
        stream=order.stream,
        provider=row,
        terms=order.terms,
        wards=in_zone & order.wards & situation.providers.wards[row],
        places=cell.reshape(N_CLIENT_GROUPS, N_STAGES),
        price_gbp=tuple(float(price) / PENCE_PER_POUND for price in prices),
        budget_pence=budget_pence,
        start=situation.day,
        end=order.end,
        eligibility=order.eligibility,
        **order.clauses,
    )
