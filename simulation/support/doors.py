"""How many people each stream can engage: as many as its money carries on through the stages."""

from __future__ import annotations

import numpy as np

from simulation.agents.clients import Clients
from simulation.agents.contracts import Contracts
from simulation.categories import N_STAGES
from simulation.policies.situation import Journeys
from simulation.support.contract_columns import money_left


def open_doors(
    contracts: Contracts,
    clients: Clients,
    rows: np.ndarray,
    week: int,
    *,
    expected: Journeys,
    n_streams: int,
) -> np.ndarray:
    """Return how many more people each stream can engage in a week.

    The money its contracts in force have released and not used, less what the clients it has are
    still to cost before the last of those contracts ends, over what one journey costs. Stages
    cost the mean price at which they were bought, less for the ready for work, and are reached, as
    plans believe. Contracts paid by results pace themselves and are left out.

    Parameters
    ----------
    contracts : Contracts
    clients : Clients
    rows : ndarray of int64, shape (k,)
        Clients among them.
    week : int
    expected : Journeys
    n_streams : int

    Returns
    -------
    ndarray of int64, shape (n_streams,)
        0 or more.
    """
    is_on = (contracts.start_week <= week) & (week < contracts.end_week) & ~contracts.by_results
    on = np.flatnonzero(is_on)
    stream = contracts.stream[on]
    surplus = np.bincount(stream, money_left(contracts, week)[on], minlength=n_streams)
    price = _mean_prices(contracts, on, n_streams) * expected.parts
    last = np.zeros(n_streams, np.int64)
    np.maximum.at(last, stream, contracts.end_week[on])
    inside = _clients_by_stage(contracts, clients, rows, n_streams)
    onward = _still_to_cost(price, expected, last - week)
    surplus = surplus - (inside * onward).sum(axis=1)
    journey = price @ expected.progression
    is_buying = np.bincount(stream, contracts.planned[on, 0], minlength=n_streams) > 0.0
    is_buying &= journey > 0.0
    doors = np.divide(surplus, journey, out=np.zeros(n_streams), where=is_buying)
    return np.maximum(np.floor(doors), 0.0).astype(np.int64)


def _mean_prices(contracts: Contracts, on: np.ndarray, n_streams: int) -> np.ndarray:
    """Return the mean price of a start by stream and stage, 0 where none is bought; pence."""
    places, value = np.zeros((2, n_streams, N_STAGES))
    np.add.at(places, contracts.stream[on], contracts.planned[on])
    np.add.at(value, contracts.stream[on], contracts.planned[on] * contracts.price[on])
    return np.divide(value, places, out=np.zeros_like(value), where=places > 0.0)


def _clients_by_stage(
    contracts: Contracts, clients: Clients, rows: np.ndarray, n_streams: int
) -> np.ndarray:
    """Return clients by the stream of their contract and their stage, int64 (n_streams, 5)."""
    rows = rows[clients.stage[rows] > 0]
    stream = contracts.stream[clients.contract[rows]].astype(np.int64)
    cells = stream * N_STAGES + clients.stage[rows] - 1
    return np.bincount(cells, minlength=n_streams * N_STAGES).reshape(n_streams, N_STAGES)


def _still_to_cost(price: np.ndarray, expected: Journeys, weeks_left: np.ndarray) -> np.ndarray:
    """Return what a client in a stage is still to cost in so many weeks, pence (n_streams, 5)."""
    onward = np.zeros_like(price)
    for stage in range(N_STAGES):
        if expected.progression[stage] <= 0.0:
            continue
        delay = 0.0
        for later in range(stage + 1, N_STAGES):
            delay += expected.occupied_weeks[later - 1]
            chance = expected.progression[later] / expected.progression[stage]
            onward[:, stage] += np.where(delay < weeks_left, chance * price[:, later], 0.0)
    return onward
