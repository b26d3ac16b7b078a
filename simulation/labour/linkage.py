"""Few qualifications, poor health and barriers of one person go together on the first day.

A Gaussian copula with one factor: behind each of these characteristics stands a standard normal
variate, and any two of a person's have the same correlation. Each by itself is drawn with the
chance it has without linkage. Why: `docs/decisions/linkage.md`.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri

from simulation.agents.columns import People
from simulation.categories import AGE_BANDS, N_BARRIERS, N_LEVELS, N_STATES
from simulation.compile import kernel
from simulation.streams import Stream, uniforms


def with_quantiles(chances: ArrayLike) -> np.ndarray:
    """Return chances, at most 1, each with its normal quantile, float64 (..., 2)."""
    chance = np.minimum(np.asarray(chances, np.float64), 1.0)
    return np.stack([chance, ndtri(chance)], axis=-1)


@kernel(each=True)
def chance_given(chance: np.ndarray, factor: float, correlation: float) -> float:
    """Return the chance of a characteristic for a person with a factor that favours it.

    `chance` is that over all people, with its normal quantile: over a standard normal factor the
    mean is that again. `correlation` is that of the variates behind two characteristics.
    """
    if correlation == 0.0:
        return chance[0]
    distance = (chance[1] + math.sqrt(correlation) * factor) / math.sqrt(1.0 - correlation)
    return 0.5 * math.erfc(-distance / math.sqrt(2.0))


def advantages(
    people: People, band: np.ndarray, *, is_outside: np.ndarray, correlation: float, seed: int
) -> np.ndarray:
    """Return what each person's characteristics have in common, given the qualification.

    Qualifications come from tables, so that the normal variate behind one is drawn within the
    share of its level among people of the same state and age band, in the area or outside.

    Parameters
    ----------
    people : People
        Whose `id`, `state` and `qualification` are set.
    band : ndarray of int, shape (n,)
        Age bands.
    is_outside : ndarray of bool, shape (n,)
        Who lives outside the area.
    correlation : float
        From 0, where nothing is in common, to below 1.
    seed : int

    Returns
    -------
    ndarray of float64, shape (n,)
        Standard normal in each state and age band of either; 0 without correlation.
    """
    if correlation == 0.0:
        return np.zeros(people.id.size)
    group = (N_STATES * is_outside + people.state) * len(AGE_BANDS) + band
    level = people.qualification
    n_groups = 2 * N_STATES * len(AGE_BANDS)
    counts = np.bincount(group * N_LEVELS + level, minlength=n_groups * N_LEVELS)
    counts = counts.reshape(n_groups, N_LEVELS)
    share = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    below = np.cumsum(share, axis=1) - share
    words = uniforms(seed, Stream.BARRIERS, people.id, pair=N_BARRIERS)
    own = ndtri(below[group, level] + words[:, 0] * share[group, level])
    return math.sqrt(correlation) * own + math.sqrt(1.0 - correlation) * ndtri(words[:, 1])
