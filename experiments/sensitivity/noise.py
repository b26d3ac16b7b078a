"""Replicate noise: what of an outcome is chance, and products that are free of it.

Every point of a design is run with the same seeds. A run's outcome is what one expects of the
point, plus something of the seed, plus something of both. Products of two *different* seeds are
in expectation products of what one expects: the chance parts are independent and drop out
(U-statistics; Hoeffding 1948, Annals of Mathematical Statistics 19:293-325).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import stats

from simulation.errors import InputError

ONE_SEED = "one seed: not corrected for noise"
CHANGES_NOTHING = "changes nothing"
WITHIN_NOISE = "within noise"
NEGATIVE = "negative beyond its interval: more samples"


def cross(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Give the mean of a_s b_t over all pairs of different seeds s and t.

    Parameters
    ----------
    a, b : ndarray of float64 (..., n_seeds)
        Broadcast against each other. With one seed the plain product is given.

    Returns
    -------
    ndarray of float64 (...)
    """
    n_seeds = a.shape[-1]
    if n_seeds == 1:
        return (a * b)[..., 0]
    together = a.sum(axis=-1) * b.sum(axis=-1)
    return (together - (a * b).sum(axis=-1)) / (n_seeds * (n_seeds - 1))


def noise_of_mean(a: np.ndarray) -> np.ndarray:
    """Give the variance that chance adds to the mean over seeds, from the replicates.

    Parameters
    ----------
    a : ndarray of float64 (..., n_seeds)

    Returns
    -------
    ndarray of float64 (...)
        The unit of `a`, squared; NaN with one seed.
    """
    n_seeds = a.shape[-1]
    if n_seeds == 1:
        return np.full(a.shape[:-1], np.nan)
    return a.var(axis=-1, ddof=1) / n_seeds


def is_noise(effects: np.ndarray, *, level: float) -> np.ndarray:
    """Whether chance alone could make effects that are nothing as large as these.

    F test of the mean square of the means over seeds, upper end of an interval of `level`. What a
    seed does to all trajectories alike leaves them fewer degrees of freedom (Box 1954, Annals of
    Mathematical Statistics 25:290, from the covariance between trajectories, freed of what few
    seeds add to it); two seeds do not show it.

    Parameters
    ----------
    effects : ndarray of float64 (n_trajectories, n_analysed, n_seeds)
    level : float

    Returns
    -------
    ndarray of bool (n_analysed,)
        False with one seed, which cannot tell.
    """
    n_rows, n_analysed, n_seeds = effects.shape
    if n_seeds == 1:
        return np.zeros(n_analysed, dtype=bool)
    mean = effects.mean(axis=2)
    left = effects - mean[..., None]
    n_free = n_seeds - 1
    total = (left**2).sum(axis=(0, 2)) / n_free
    freedom = np.full(n_analysed, float(n_rows))
    if n_free > 1:
        squares = (np.einsum("tfs,tfr->fsr", left, left) ** 2).sum(axis=(1, 2)) / n_free**2
        squared = ((n_free + 1) * total**2 - 2 * squares) / n_free
        of_squares = squares - total**2 / n_free
        ratio = np.divide(squared, of_squares, out=freedom.copy(), where=of_squares > 0)
        freedom = np.clip(ratio, 1.0, n_rows)
    most = stats.f.ppf(0.5 + level / 2, freedom, freedom * n_free)
    return (mean**2).sum(axis=0) <= most * total / n_seeds


def centred(Y: np.ndarray) -> np.ndarray:
    """Take each seed's own mean over the points away, float64 (n_points, n_seeds)."""
    return Y - Y.mean(axis=0)


def unusable(Y: np.ndarray) -> str:
    """Say why an outcome cannot be analysed; empty if it can.

    Parameters
    ----------
    Y : ndarray of float64 (n_points, n_seeds)
    """
    missing = np.argwhere(~np.isfinite(Y))
    if len(missing):
        points = ", ".join(str(point) for point in np.unique(missing[:, 0])[:5])
        more = ", ..." if len(np.unique(missing[:, 0])) > 5 else ""
        return f"{len(missing)} of {Y.size} runs have no value (points {points}{more})"
    if not np.ptp(Y, axis=0).any():
        return "constant: the same at every point"
    return ""


def checked_outcomes(unit: np.ndarray, Y: np.ndarray, n_points: int) -> np.ndarray:
    """Refuse outcomes that do not belong to the design.

    Parameters
    ----------
    unit : ndarray (n_points, n_factors)
    Y : ndarray (n_points, n_seeds) or (n_points,)
    n_points : int
        What the method expects.

    Returns
    -------
    ndarray of float64 (n_points, n_seeds)

    Raises
    ------
    InputError
        Another number of points, or no seed.
    """
    Y = np.asarray(Y, dtype=np.float64)
    Y = Y[:, None] if Y.ndim == 1 else Y
    if len(unit) != n_points or Y.shape[0] != n_points or Y.shape[1] < 1:
        raise InputError(
            f"this design has {n_points} points; got {len(unit)} points and outcomes of "
            f"{Y.shape[0]} points with {Y.shape[1]} seeds"
        )
    return Y


def noise_share(Y: np.ndarray) -> dict[str, Any]:
    """Split the variance of an outcome into that of its points and that of chance.

    Two-way analysis of variance without repetition: what a seed adds to every point alike is
    counted neither as noise nor as signal, because common seeds remove it from every comparison.

    Parameters
    ----------
    Y : ndarray of float64 (n_points, n_seeds)

    Returns
    -------
    dict
        n_points, n_seeds, variance_points (of the expected outcome), variance_noise (of one
        run), noise_share (of the variance of seed means; NaN with one seed), note.
    """
    n_points, n_seeds = Y.shape
    known = {"n_points": n_points, "n_seeds": n_seeds}
    nothing = {"variance_points": np.nan, "variance_noise": np.nan, "noise_share": np.nan}
    problem = unusable(Y) or (ONE_SEED if n_seeds == 1 else "")
    if problem:
        return {**known, **nothing, "note": problem}
    within = centred(Y)
    left = within - within.mean(axis=1, keepdims=True)
    noise = float((left**2).sum() / ((n_points - 1) * (n_seeds - 1)))
    of_means = float(within.mean(axis=1).var(ddof=1))
    points = of_means - noise / n_seeds
    share = noise / n_seeds / of_means if of_means > 0 else 1.0
    note = "" if points > 0 else "no difference between points beyond noise: more seeds"
    return {
        **known,
        "variance_points": points,
        "variance_noise": noise,
        "noise_share": share,
        "note": note,
    }


def joined(*flags: str) -> str:
    """Write several remarks as one, empty ones left out."""
    return "; ".join(dict.fromkeys(flag for flag in flags if flag))
