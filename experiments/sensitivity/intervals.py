"""Intervals of indices: rows of a design drawn again, and what the few seeds add.

A resample draws base rows (trajectories) with replacement; all runs of a row go together. That
covers the design and the chance of single runs, not what a seed does to many rows alike. The
latter is estimated from the pseudo-values of leaving one seed out, as the part between seeds of
a two-way analysis of variance (rows x seeds), and widens the interval (compare Owen 2007, The
pigeonhole bootstrap, Annals of Applied Statistics 1:386-411).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from scipy import stats

RESAMPLES = 1000
WIDE = 0.2
LEAST_SEEDS = 3
"""Products of different seeds need two when one is left out."""
ROUNDING = 1e-12


class Widening(NamedTuple):
    """What is done to intervals from resampled rows.

    Attributes
    ----------
    factor : ndarray of float64 (n_indices,)
        They are wider by it, at least one.
    alone : ndarray of float64 (n_indices,)
        Half width that seeds give where rows are all alike; else 0.
    """

    factor: np.ndarray
    alone: np.ndarray


def row_weights(n_rows: int, *, seed: int, resamples: int = RESAMPLES) -> np.ndarray:
    """Draw how often each row is in each resample, as weights that sum to one.

    Returns
    -------
    ndarray of float64 (resamples, n_rows)
    """
    rng = np.random.default_rng([seed, n_rows])
    return rng.multinomial(n_rows, np.full(n_rows, 1.0 / n_rows), size=resamples) / n_rows


def stretch(
    row_terms: Callable[[np.ndarray], np.ndarray],
    Y: np.ndarray,
    *,
    level: float,
    least_seeds: int = LEAST_SEEDS,
) -> Widening:
    """Say by how much intervals from resampled rows must be widened.

    For the few rows (Student's quantile and the bias of a resampled variance), and for what
    seeds do to many rows alike, with as many degrees of freedom as both leave (Satterthwaite).
    With fewer seeds than `least_seeds` the part of the seeds cannot be told and is left out.

    Parameters
    ----------
    row_terms : callable
        From outcomes (..., n_seeds) to what each row adds to each index, (n_rows, n_indices),
        so that an index is about the mean over rows.
    Y : ndarray of float64 (..., n_seeds)
    level : float
        Of confidence.
    least_seeds : int, optional
    """
    terms = row_terms(Y)
    n_rows, n_seeds = len(terms), Y.shape[-1]
    of_rows = terms.var(axis=0, ddof=1) / n_rows
    extra = np.zeros_like(of_rows)
    if n_seeds >= least_seeds:
        extra = _between_seeds(row_terms, Y, terms)
    known = of_rows > (ROUNDING * np.abs(terms).max(axis=0)) ** 2
    share = np.divide(extra, of_rows, out=np.zeros_like(of_rows), where=known)
    freedom = (1 + share) ** 2 / (share**2 / max(n_seeds - 1, 1) + 1 / (n_rows - 1))
    upper = 0.5 + level / 2
    wider = stats.t.ppf(upper, freedom) / stats.norm.ppf(upper)
    of_seeds = stats.t.ppf(upper, max(n_seeds - 1, 1)) * np.sqrt(extra)
    return Widening(
        wider * np.sqrt((1 + share) * n_rows / (n_rows - 1)), np.where(known, 0.0, of_seeds)
    )


def _between_seeds(
    row_terms: Callable[[np.ndarray], np.ndarray], Y: np.ndarray, terms: np.ndarray
) -> np.ndarray:
    """Estimate the variance of each index that comes of seeds alone, (n_indices,)."""
    n_rows, n_seeds = len(terms), Y.shape[-1]
    left_out = [row_terms(np.delete(Y, seed, axis=-1)) for seed in range(n_seeds)]
    pseudo = n_seeds * terms - (n_seeds - 1) * np.stack(left_out)
    of_seed = pseudo.mean(axis=1)
    both = pseudo - pseudo.mean(axis=0) - of_seed[:, None] + of_seed.mean(axis=0)
    of_both = (both**2).sum(axis=(0, 1)) / ((n_seeds - 1) * (n_rows - 1))
    between = of_seed.var(axis=0, ddof=1) - of_both / n_rows
    # An estimate of a variance that comes out negative says there is none to be seen.
    return np.where(between > 0, between, 0.0) / n_seeds


def interval(
    value: np.ndarray, resampled: np.ndarray, widened: Widening, *, level: float
) -> tuple[np.ndarray, np.ndarray]:
    """Give the interval of each index: percentiles of resamples, widened about the value.

    Parameters
    ----------
    value : ndarray of float64 (n_indices,)
    resampled : ndarray of float64 (resamples, n_indices)
    widened : Widening
        From `stretch`.
    level : float

    Returns
    -------
    tuple of ndarray
        Lower and upper ends.
    """
    low, high = np.quantile(resampled, [0.5 - level / 2, 0.5 + level / 2], axis=0)
    factor, alone = widened
    return value + factor * (low - value) - alone, value + factor * (high - value) + alone


def basic_interval(
    value: np.ndarray, resampled: np.ndarray, *, level: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Reduce the bias of an index and give its interval, both from the same resamples.

    An index that finite samples bias upwards is biased by about as much again in a resample:
    twice the estimate less the resampled ones has lost the bias (Plischke, Borgonovo and
    Smith 2013, European Journal of Operational Research 226:536-550, equation 30). How much is
    taken off is itself not known better than to its own size, which is added on both sides.

    Returns
    -------
    tuple of ndarray
        The reduced value, its lower and its upper end, each (n_indices,).
    """
    reduced = 2 * value - resampled
    low, high = np.quantile(reduced, [0.5 - level / 2, 0.5 + level / 2], axis=0)
    centre = reduced.mean(axis=0)
    taken_off = np.abs(value - centre)
    return centre, low - taken_off, high + taken_off


def width_flag(low: float, high: float) -> str:
    """Say that an index between 0 and 1 is known too vaguely to rank by."""
    return f"interval wider than {WIDE}" if high - low > WIDE else ""
