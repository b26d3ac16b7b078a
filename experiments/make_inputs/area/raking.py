"""Fitting tables to margins, and rounding them so that rows add up."""

from __future__ import annotations

import numpy as np

from simulation.errors import InputError
from simulation.inputs.margins import TOLERANCE, fit_to_margins

PARTS_TOLERANCE = 1e-9
MAX_ROUNDS = 10_000


def rake(
    seed: np.ndarray, axes: list[list[int]], margins: list[np.ndarray], *, what: str
) -> np.ndarray:
    """Fit a table to whole margins by iterative proportional fitting.

    Parameters
    ----------
    seed : ndarray of float64
        Structure; zeros stay zero.
    axes : list of list of int
        For each margin the axes it keeps.
    margins : list of ndarray of float64
        Totals asked for; every margin has the same grand total.
    what : str
        Name of the table, for the error.

    Returns
    -------
    ndarray of float64
        The fitted table, same shape as the seed.

    Raises
    ------
    InputError
        If no table with the zeros of the seed has these margins.
    """
    try:
        fitted, error = fit_to_margins(seed, axes, margins)
        problem = "" if error < TOLERANCE else f"largest error {error:.3g}"
    except ValueError as disagree:
        problem = str(disagree)
    if problem:
        raise InputError(
            f"{what}: no table has these margins ({problem}); check the targets of the recipe in"
            " conf/import"
        )
    return fitted


def rake_parts(seed: np.ndarray, parts: list[tuple[np.ndarray, float]], *, what: str) -> np.ndarray:
    """Fit a table to totals of any parts of it, also parts that are no whole margin.

    Parameters
    ----------
    seed : ndarray of float64
        Structure; zeros stay zero.
    parts : list of (ndarray of bool, float)
        Which cells, same shape as the seed, and what they must sum to.
    what : str
        Name of the table, for the error.

    Returns
    -------
    ndarray of float64
        The fitted table.

    Raises
    ------
    InputError
        If the totals contradict one another.
    """
    table = np.array(seed, float)
    for _ in range(MAX_ROUNDS):
        worst = 0.0
        for cells, total in parts:
            reached = table[cells].sum()
            worst = max(worst, abs(reached / total - 1.0))
            table[cells] *= total / reached
        if worst < PARTS_TOLERANCE:
            return table
    raise InputError(f"{what}: the totals asked for contradict one another; check conf/import")


def round_rows(table: np.ndarray) -> np.ndarray:
    """Round a table to integers, rows exactly and columns nearly, by carrying the error down.

    Each row is rounded by largest remainder after adding what the rows above it lost or gained
    by column, so that a column total is off by little more than one.

    Parameters
    ----------
    table : ndarray of float64, shape (rows, columns)
        Not negative; every row sums to a whole number.

    Returns
    -------
    ndarray of int64, shape (rows, columns)
        Cells that are zero stay zero.
    """
    rounded = np.zeros(table.shape, np.int64)
    carry = np.zeros(table.shape[1])
    for row, exact in enumerate(table):
        down = np.floor(exact)
        n_up = round(exact.sum() - down.sum())
        # A whole cell, zero among them, may be raised only where there is nothing to round.
        urgency = np.where(exact > down, exact - down + carry, -np.inf)
        up = np.argsort(-urgency, kind="stable")[:n_up]
        rounded[row] = down
        rounded[row, up] += 1
        carry += exact - rounded[row]
    return rounded


def round_whole(values: np.ndarray, total: int) -> np.ndarray:
    """Scale values to a total and round them by largest remainder.

    Parameters
    ----------
    values : ndarray of float64, any shape
        Not negative, with a positive sum.
    total : int
        Sum of the result.

    Returns
    -------
    ndarray of int64, same shape
        Whole numbers that sum to `total`.
    """
    flat = (values * (total / values.sum())).reshape(1, -1)
    return round_rows(flat).reshape(values.shape)
