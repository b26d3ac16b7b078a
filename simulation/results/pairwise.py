"""Every two arms compared seed by seed: intervals, and which differences hold together.

Intervals are Student's over the paired differences of a pair's own seeds, exact for normal noise
however much that varies from pair to pair. Two seeds that happen to agree would look like
certainty, so with two seeds, and where a pair does not vary at all, the variance is pooled over all
pairs, which takes it to be alike. Where too few pairs vary for that, what is nought in one arm and
the same in every seed of the other, as a budget that is spent, is that for sure. Which differences
hold together is Holm's step-down (1979, Scandinavian Journal of Statistics 6), valid however
comparisons hang together.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

OWN, POOLED, SAME, NOUGHT, NONE = range(5)
METHODS = {
    OWN: "paired by seed",
    POOLED: "paired by seed, variance pooled over all pairs of arms",
    SAME: "the same in every seed",
    NOUGHT: "nought in one arm by definition",
    NONE: "too few seeds for an interval",
}
"""How an interval came about, or why there is none."""
FEWEST = 3
"""Seeds whose own spread makes an interval."""


class Pairs(NamedTuple):
    """All pairs of arms: `arm` less `against`; arrays (..., n_pairs) but for the first two."""

    arm: NDArray[np.int64]
    """(n_pairs,)."""
    against: NDArray[np.int64]
    """(n_pairs,), always before `arm` in the order of arms."""
    estimate: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    """Of the interval; NaN where there is none."""
    p: NDArray[np.float64]
    """Two-sided, of this pair alone; NaN where nothing is tested."""
    method: NDArray[np.int64]
    """Key of `METHODS`."""


def compare_pairs(values: ArrayLike, *, level: float = 0.95) -> Pairs:
    """Compare every two arms.

    Parameters
    ----------
    values : array_like, shape (..., n_seeds, n_arms)
        An outcome of every run, any unit; what is in front are outcomes, sets, worlds.
    level : float
        Coverage of each interval by itself.

    Returns
    -------
    Pairs
        In the order (1, 0), (2, 0), (2, 1), (3, 0) and so on. An outcome that is nought in every
        seed of one arm alone is not tested: that arm cannot have it.

    Raises
    ------
    ValueError
        When there is no seed or only one arm.
    """
    table = np.asarray(values, np.float64)
    n_seeds, n_arms = table.shape[-2:]
    if n_seeds == 0 or n_arms < 2:
        raise ValueError("compare_pairs needs at least one seed and two arms")
    arm, against = np.tril_indices(n_arms, -1)
    differences = table[..., arm] - table[..., against]
    estimate = differences.mean(axis=-2)
    method = _methods(table, differences, arm, against)
    error, df = _errors(differences, method, n_arms)
    with np.errstate(divide="ignore", invalid="ignore"):
        half = stats.t.ppf(0.5 + level / 2, df) * error
        p = 2 * stats.t.sf(np.abs(estimate) / error, df)
    unknown, same = method == NONE, method == SAME
    half = np.where(unknown, np.nan, np.where(same, 0.0, half))
    p = np.where(unknown | (method == NOUGHT), np.nan, np.where(same, 1.0, p))
    return Pairs(arm, against, estimate, estimate - half, estimate + half, p, method)


def _methods(
    table: NDArray[np.float64], differences: NDArray[np.float64], arm: NDArray, against: NDArray
) -> NDArray[np.int64]:
    """Say of each pair how its interval comes about."""
    n_seeds = table.shape[-2]
    varies = np.ptp(differences, axis=-2) > 0
    method = np.where(varies & (n_seeds >= FEWEST), OWN, POOLED)
    method = np.where((method == POOLED) & ~_can_pool(varies, n_seeds), NONE, method)
    nought = ~np.any(table, axis=-2)
    one_only = nought[..., arm] != nought[..., against]
    is_known = (method != NONE) | (n_seeds >= FEWEST)
    method = np.where(one_only, np.where(is_known, NOUGHT, NONE), method)
    same = ~np.any(differences, axis=-2) & (n_seeds > 1)
    return np.where(same, SAME, method)


def _can_pool(varies: NDArray[np.bool_], n_seeds: int) -> NDArray[np.bool_]:
    """Whether enough pairs vary to pool their variance, (..., 1)."""
    return (varies.sum(axis=-1, keepdims=True) >= FEWEST) & (n_seeds > 1)


def _errors(
    differences: NDArray[np.float64], method: NDArray[np.int64], n_arms: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return standard errors and degrees of freedom, (..., n_pairs); NaN for one seed."""
    n_seeds = differences.shape[-2]
    if n_seeds == 1:
        unknown = np.full(method.shape, np.nan)
        return unknown, unknown
    centred = differences - differences[..., :1, :]
    own = centred.var(axis=-2, ddof=1)
    # Alike for all pairs, it is twice the residual of arms and seeds, with that many freedoms.
    pooled = own.mean(axis=-1, keepdims=True)
    has_own = (own > 0) | ~_can_pool(own > 0, n_seeds)
    is_own = (method == OWN) | ((method == NOUGHT) & (n_seeds >= FEWEST) & has_own)
    variance = np.where(is_own, own, pooled)
    df = np.where(is_own, n_seeds - 1, (n_seeds - 1) * (n_arms - 1))
    return np.sqrt(variance / n_seeds), df


def holm(p: ArrayLike) -> NDArray[np.float64]:
    """Correct p-values for their number by Holm's step-down.

    Parameters
    ----------
    p : array_like, shape (..., n)
        NaN is not tested and does not count.

    Returns
    -------
    float64 array of that shape
        At most `level` for what holds, together with all others, but `level` times in one.
    """
    values = np.asarray(p, np.float64)
    order = np.argsort(values, axis=-1)  # NaN comes last
    n_tested = np.isfinite(values).sum(axis=-1, keepdims=True)
    factor = n_tested - np.arange(values.shape[-1])
    ordered = np.take_along_axis(values, order, axis=-1) * factor
    stepped = np.minimum(np.maximum.accumulate(ordered, axis=-1), 1.0)
    found = np.empty_like(values)
    np.put_along_axis(found, order, stepped, axis=-1)
    return np.where(np.isfinite(values), found, np.nan)
