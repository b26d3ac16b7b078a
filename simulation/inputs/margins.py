"""Tables fitted to their margins."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

import numpy as np

MAX_ROUNDS = 1000
TOLERANCE = 1e-8
"""Largest difference of a sum from what was asked for, in the margins' unit."""


def fit_to_margins(
    seed: np.ndarray, axes: Sequence[Sequence[int]], margins: Sequence[np.ndarray]
) -> tuple[np.ndarray, float]:
    """Fit a table to sums over some of its axes by iterative proportional fitting.

    Deming and Stephan (1940). Cells are added in their order, so that the table is the same to the
    last bit wherever it is fitted.

    Parameters
    ----------
    seed : ndarray of float64
        What the table is like before, not negative; zeros stay zero.
    axes : sequence of sequence of int
        For each margin the axes of the table it keeps.
    margins : sequence of ndarray
        Sums asked for, of the shape of those axes, not negative; all have the same total.

    Returns
    -------
    table : ndarray of float64, shape of the seed
    error : float
        Largest difference of a sum from its margin; above `TOLERANCE` if the margins cannot be met.

    Raises
    ------
    ValueError
        If a margin is negative or the totals differ by a half or more.
    """
    asked = [np.ravel(np.asarray(margin, np.float64)) for margin in margins]
    totals = [float(margin.sum()) for margin in asked]
    if min(float(margin.min()) for margin in asked) < 0.0:
        raise ValueError("a margin is negative")
    if max(totals) - min(totals) >= 0.5:
        raise ValueError(f"margins have totals from {min(totals):.0f} to {max(totals):.0f}")
    places = [_places(seed.shape, kept) for kept in axes]
    table = np.array(seed, np.float64).ravel()
    error = np.inf
    for _ in range(MAX_ROUNDS):
        for margin, place in zip(asked, places, strict=True):
            sums = np.bincount(place, table, margin.size)
            table *= np.divide(margin, sums, out=np.zeros_like(sums), where=sums != 0.0)[place]
        error = max(
            float(np.abs(np.bincount(place, table, margin.size) - margin).max())
            for margin, place in zip(asked, places, strict=True)
        )
        if error < TOLERANCE:
            break
    return table.reshape(seed.shape), error


def _places(shape: tuple[int, ...], kept: Sequence[int]) -> np.ndarray:
    """Return which cell of a margin each cell of the table counts in, int64 (n_cells,)."""
    sizes = [shape[axis] for axis in kept]
    within = [size if axis in kept else 1 for axis, size in enumerate(shape)]
    return np.broadcast_to(np.arange(prod(sizes)).reshape(within), shape).ravel()
