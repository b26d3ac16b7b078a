"""How many seeds it takes until a headline is known well enough.

How many are needed is worked out from the spread of those there are, with Student's t for their
number (after Stein 1945, Annals of Mathematical Statistics 16). Stopping when a width is met
favours spreads that look small by chance; from `FIRST` seeds on that costs about one interval in a
hundred (94 hold the truth instead of 95), with fewer it costs more.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from simulation.results.paired import errors_of
from simulation.results.pairwise import FEWEST

FIRST = 12
"""Seeds there must be before it is judged how many are needed."""


def half_width(values: ArrayLike, *, level: float = 0.95) -> float:
    """Return the widest half-width of the paired intervals against the first arm.

    Parameters
    ----------
    values : array_like, shape (n_seeds, n_arms)
        An outcome of every run, the baseline's first; any unit.
    level : float
        Coverage of each interval.

    Returns
    -------
    float
        Infinite for fewer than three seeds or a single arm.
    """
    spread, n_seeds = _spread(values)
    if n_seeds < FEWEST or not np.isfinite(spread):
        return math.inf
    return errors_of(level, n_seeds) * spread / math.sqrt(n_seeds)


def seeds_needed(values: ArrayLike, precision: float, *, level: float = 0.95) -> int:
    """Return how many seeds in all give intervals of at most this half-width.

    Parameters
    ----------
    values : array_like, shape (n_seeds, n_arms)
        Of at least three seeds.
    precision : float
        Half-width wanted, in the unit of the values, above 0.
    level : float
        Coverage of each interval.

    Returns
    -------
    int
        At least the number there is; one more than that if they all but suffice.
    """
    spread, n_seeds = _spread(values)
    if half_width(values, level=level) <= precision:
        return n_seeds
    quantile = errors_of(level, n_seeds)
    return max(n_seeds + 1, math.ceil((quantile * spread / precision) ** 2))


def _spread(values: ArrayLike) -> tuple[float, int]:
    """Return the largest standard deviation of differences from the first arm, and the seeds."""
    table = np.asarray(values, np.float64)
    if len(table) < FEWEST or table.shape[1] < 2:
        return math.inf, len(table)
    return float((table[:, 1:] - table[:, :1]).std(axis=0, ddof=1).max()), len(table)
