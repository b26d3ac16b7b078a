"""Awards written into contracts, and contracts into what a regime gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from simulation.agents.contracts import Contract, Lettings
from simulation.categories import N_CLIENT_GROUPS, N_STAGES, PENCE_PER_POUND
from simulation.policies.regimes.orders import Order, order_prices, order_values
from simulation.policies.regimes.supply import LEAST, Pairs, prices_of
from simulation.policies.situation import Situation


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


def write_contracts(situation: Situation, order: Order, pairs: Pairs, parts: np.ndarray) -> Bought:
    """Write a contract for every provider with places, or for each of its zones.

    Contracts for fewer starts than `least_starts` fall away; the others are scaled down together
    until they, the cost of letting them (once a provider) and a penny each for rounding up fit
    the order's money.

    Parameters
    ----------
    situation : Situation
    order : Order
    pairs : Pairs
    parts : ndarray of float64, shape (n_pairs, n_stages)
        As `award` gives them.
    """
    zone, row = pairs.zone, pairs.provider
    starts = (order.wanted.sum(axis=1)[zone] * parts).sum(axis=1)
    pence = order_values(situation, order)[zone] * order_prices(situation, order)[row]
    pence = (parts * pence).sum(axis=1)
    lots = np.arange(row.size) if order.is_by_zone else row
    large = np.bincount(lots, starts) >= max(situation.config.least_starts, LEAST)
    let = np.flatnonzero(large[lots] & (starts > LEAST))
    zone, row, parts, pence = zone[let], row[let], parts[let], pence[let]
    _, lots = np.unique(lots[let], return_inverse=True)
    values = np.bincount(lots, pence)
    procurement = _procurement_pence(situation, np.bincount(row, pence))
    available = order.money_pence - procurement - values.size
    if not values.size or available <= 0:
        return Bought((), 0, np.zeros_like(order.wanted))
    factor = min(1.0, available / values.sum()) if values.any() else 1.0
    cells = order.wanted[zone] * (parts * factor)[:, None, :]
    budgets = np.ceil(values * factor).astype(np.int64)
    of_lot = np.split(np.argsort(lots, kind="stable"), np.cumsum(np.bincount(lots))[:-1])
    contracts = tuple(
        _contract(
            situation, order, zone[here], int(row[here[0]]), cells[here].sum(axis=0), int(budget)
        )
        for here, budget in zip(of_lot, budgets, strict=True)
    )
    bought = np.zeros_like(order.wanted)
    np.add.at(bought, zone, cells)
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


def _procurement_pence(situation: Situation, values: np.ndarray) -> int:
    """Cost of letting contracts of these values, pence, one a provider."""
    config = situation.config
    dearest = config.procurement_most * values
    return int(np.floor(np.minimum(PENCE_PER_POUND * config.procurement_gbp, dearest)).sum())


def _contract(
    situation: Situation,
    order: Order,
    zones: np.ndarray,
    row: int,
    cell: np.ndarray,
    budget_pence: int,
) -> Contract:
    """Return one contract; its wards are those of the zones, the order and the provider."""
    is_here = np.zeros(situation.need.shape[0], bool)
    is_here[zones] = True
    prices = np.zeros(N_STAGES) if order.is_by_results else prices_of(situation)[row]
    return Contract(
        stream=order.stream,
        provider=row,
        terms=order.terms,
        wards=is_here[situation.zone_of_ward] & order.wards & situation.providers.wards[row],
        places=cell.reshape(N_CLIENT_GROUPS, N_STAGES),
        price_gbp=tuple(float(price) / PENCE_PER_POUND for price in prices),
        budget_pence=budget_pence,
        start=situation.day,
        end=order.end,
        eligibility=order.eligibility,
        **order.clauses,
    )
