"""Controlled rounding: whole agents whose counts stay with those of the table they stand for."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from simulation.compile import kernel

ALONE = 4.0
"""Weight of the counts of one characteristic in the area; of two together, and of one in a ward, 1.
"""
STATE = 8.0
"""Weight of a ward's counts of the first characteristic."""
LEAST_GAIN = 1e-6


def round_to_counts(table: np.ndarray) -> np.ndarray:
    """Return whole numbers that keep the counts of a table as nearly as may be.

    Running totals are rounded first. Then, ward after ward, one cell gains what another loses for
    as long as that lessens the weighted sum of squared errors of the ward's counts of each
    characteristic and the area's so far, of each and of any two together; and so on over all wards
    until nothing lessens it. A ward is thus rounded with the error carried from those before it.
    For rounding that is controlled see Cox (1987), Journal of the American Statistical Association
    82 (398).

    Parameters
    ----------
    table : ndarray of float64
        First by ward, then by each characteristic; not negative.

    Returns
    -------
    ndarray of int64, same shape
        Each the whole number below or above. Wards are met within one, and nearly always counts of
        one characteristic in the area; no characteristic of a ward is off by more than a few.
    """
    running = np.floor(np.cumsum(table.ravel()) + 0.5)
    counts = np.diff(running, prepend=0.0).astype(np.int64).reshape(len(table), -1)
    place, weight, n_area = _sums(table.shape[1:])
    _exchange(counts, np.ascontiguousarray(table).reshape(counts.shape), place, weight, n_area)
    return counts.reshape(table.shape)


def _sums(shape: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray, int]:
    """Return which count each cell of a ward is part of, a row a kind of count, and their weights.

    Returns
    -------
    place : ndarray of int64, shape (n_kinds, n_cells)
        Position among all counts, those of the area first.
    weight : ndarray of float64, shape (n_kinds,)
    n_area : int
        Counts of the area.
    """
    axes = range(len(shape))
    alone = [(axis,) for axis in axes]
    index = np.indices(shape).reshape(len(shape), -1)
    place, first = [], 0
    for kept in (*alone, *combinations(axes, 2), *alone):
        size = tuple(shape[axis] for axis in kept)
        place.append(first + np.ravel_multi_index(tuple(index[list(kept)]), size))
        first += int(np.prod(size))
    weight = np.ones(len(place))
    weight[: len(shape)] = ALONE
    weight[-len(shape)] = STATE
    return np.array(place), weight, first - sum(shape)


@kernel(each=True)
def _cheapest(
    counts: np.ndarray,
    exact: np.ndarray,
    error: np.ndarray,
    place: np.ndarray,
    weight: np.ndarray,
    step: int,
) -> tuple[int, float]:
    """Return the cell that may go one up or down at the least cost, and its cost; -1 if none may.

    Only a cell below its exact number goes up, and only one above goes down.
    """
    cell, least = -1, np.inf
    for each in range(counts.size):
        if (exact[each] - counts[each]) * step <= 0.0:
            continue
        cost = 0.0
        for kind in range(place.shape[0]):
            cost += weight[kind] * (1.0 + 2.0 * step * error[place[kind, each]])
        if cost < least:
            cell, least = each, cost
    return cell, least


@kernel(each=True)
def _change(counts: np.ndarray, error: np.ndarray, place: np.ndarray, cell: int, step: int) -> None:
    """Let a cell go up or down by one, and all counts it is part of."""
    counts[cell] += step
    for kind in range(place.shape[0]):
        error[place[kind, cell]] += step


@kernel
def _exchange_within(
    counts: np.ndarray,
    exact: np.ndarray,
    error: np.ndarray,
    place: np.ndarray,
    weight: np.ndarray,
) -> int:
    """Exchange within one ward until nothing lessens the sum; return how many exchanges."""
    n_exchanges = 0
    while True:
        loser, cost = _cheapest(counts, exact, error, place, weight, -1)
        if loser < 0:
            return n_exchanges
        _change(counts, error, place, loser, -1)
        gainer, more = _cheapest(counts, exact, error, place, weight, 1)
        if gainer < 0 or cost + more > -LEAST_GAIN:
            _change(counts, error, place, loser, 1)
            return n_exchanges
        _change(counts, error, place, gainer, 1)
        n_exchanges += 1


@kernel
def _exchange(
    counts: np.ndarray, exact: np.ndarray, place: np.ndarray, weight: np.ndarray, n_area: int
) -> None:
    """Exchange within each ward in turn, first with the error of the wards before, then of all."""
    error = np.zeros(place.max() + 1)
    is_first, n_exchanges = True, 1
    while n_exchanges > 0:
        n_exchanges = 0
        for ward in range(counts.shape[0]):
            error[n_area:] = 0.0
            for kind in range(place.shape[0]):
                for cell in range(counts.shape[1]):
                    if is_first or place[kind, cell] >= n_area:
                        error[place[kind, cell]] += counts[ward, cell] - exact[ward, cell]
            n_exchanges += _exchange_within(counts[ward], exact[ward], error, place, weight)
        is_first = False
