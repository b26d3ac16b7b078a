"""PAWN: how far the distribution of an outcome moves when one factor is held in a slice."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from SALib.analyze import pawn as salib_analyse

from experiments.sensitivity.given_data import (
    LEAST,
    GivenData,
    dummy_slices,
    noise_flag,
    quiet_salib,
    slices,
)
from experiments.sensitivity.intervals import basic_interval, row_weights, width_flag
from experiments.sensitivity.method import require
from experiments.sensitivity.noise import WITHIN_NOISE, joined
from experiments.sensitivity.problem import Problem, salib_seed

SLICES = 10
RESAMPLES = 300


@dataclass(frozen=True)
class Pawn(GivenData):
    """The median over slices of the Kolmogorov-Smirnov distance to the whole.

    Pianosi and Wagener 2018, Environmental Modelling and Software 108:197-207.
    """

    name = "pawn"
    indices = ("pawn",)

    def estimates(
        self,
        problem: Problem,
        unit: np.ndarray,
        Y: np.ndarray,
        *,
        samples: int,
        seed: int,
        level: float,
    ) -> list[dict]:
        """Give the index of each factor for means over seeds, with the floor of a dummy."""
        require(samples, LEAST, "points")
        mean, blurred = Y.mean(axis=1), noise_flag(Y)
        plain = _plain(problem, unit, mean, seed=seed)
        even = np.full((1, samples), 1.0 / samples)
        floor = np.quantile(
            [distance(mean, cut, even)[0] for cut in dummy_slices(samples, SLICES, seed=seed)],
            level,
        )
        weights = row_weights(samples, seed=seed, resamples=RESAMPLES)
        rows = []
        for column, salib in zip(unit.T, plain, strict=True):
            cut = slices(column, SLICES)
            estimate = distance(mean, cut, even)
            resampled = distance(mean, cut, weights)[:, None]
            value, low, high = (
                float(end[0]) for end in basic_interval(estimate, resampled, level=level)
            )
            drowned = WITHIN_NOISE if min(estimate[0], value) <= floor else ""
            rows.append(
                {"value": value, "low": low, "high": high}
                | {"plain": float(salib), "floor": float(floor)}
                | {"flag": joined(blurred, drowned, width_flag(low, high))}
            )
        return rows


def distance(mean: np.ndarray, cut: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Give the median over slices of the largest distance between distributions.

    Parameters
    ----------
    mean : ndarray of float64 (n_points,)
    cut : ndarray of int64 (n_points,)
        The slice of each point.
    weights : ndarray of float64 (n_weights, n_points)

    Returns
    -------
    ndarray of float64 (n_weights,)
    """
    order = np.argsort(mean, kind="stable")
    last_of_ties = np.flatnonzero(np.diff(mean[order], append=np.inf) > 0)
    ordered = weights[:, order]
    whole = np.cumsum(ordered, axis=1)[:, last_of_ties]
    apart = []
    for one in range(cut.max() + 1):
        within = np.cumsum(ordered * (cut[order] == one), axis=1)
        # A resample without a single point of the slice says nothing of it.
        total = np.where(within[:, -1:] > 0, within[:, -1:], np.nan)
        apart.append(np.abs(within[:, last_of_ties] / total - whole).max(axis=1))
    return np.nanmedian(apart, axis=0)


def _plain(problem: Problem, unit: np.ndarray, mean: np.ndarray, *, seed: int) -> np.ndarray:
    """Give SALib's median for each factor."""
    with quiet_salib(salib_seed(seed)):
        return salib_analyse.analyze(problem.salib(), unit, mean, S=SLICES)["median"]
