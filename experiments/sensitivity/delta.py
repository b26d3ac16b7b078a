"""Delta: how much of the density of an outcome moves when one factor is known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from SALib.analyze import delta as salib_analyse
from threadpoolctl import threadpool_limits

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
from experiments.sensitivity.noise import (
    NEGATIVE,
    ONE_SEED,
    WITHIN_NOISE,
    centred,
    cross,
    joined,
)
from experiments.sensitivity.problem import Problem, salib_seed

GRID = 128
RESAMPLES = 300
SALIB_RESAMPLES = 2
# Of Silverman's bandwidth: outcomes with several peaks are smoothed too much by all of it.
NARROWER = 0.5

Measure = Callable[[np.ndarray, np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Delta(GivenData):
    """Borgonovo's moment-independent index, and first-order Sobol indices from the same slices.

    Borgonovo 2007, Reliability Engineering and System Safety 92:771-784; estimated from given
    data after Plischke, Borgonovo and Smith 2013, European Journal of Operational Research
    226:536-550. Smoothed densities are nearer to each other than the true ones, and slices
    nearer than single values of a factor: delta comes out low where densities have edges, and
    above zero for a factor without effect, which is what its floor is for. Slices are more
    than SALib's (the 0.4th power of the number of points; its root for S1), because a few
    slices miss an effect that turns within one.
    """

    name = "delta"
    indices = ("delta", "S1")

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
        """Give delta of the means over seeds and S1 of the expected outcome."""
        require(samples, LEAST, "points")
        plain = _plain(problem, unit, Y.mean(axis=1), seed=seed)
        densities = Densities(Y.mean(axis=1))
        weights = row_weights(samples, seed=seed, resamples=RESAMPLES)
        measures = {
            "delta": (densities.moved, round(samples**0.4)),
            "S1": (lambda cut, w: first_order(Y, cut, w), round(samples**0.5)),
        }
        blurred = {"delta": noise_flag(Y), "S1": ONE_SEED if Y.shape[1] == 1 else ""}
        rows = []
        for kind, (measure, n_slices) in measures.items():
            # Small matrices: threads of the linear algebra would only wait for each other.
            with threadpool_limits(1):
                found = _rows(measure, n_slices, unit, weights, seed=seed, level=level)
            rows += [
                {**row, "plain": float(salib), "flag": joined(blurred[kind], row["flag"])}
                for row, salib in zip(found, plain[kind], strict=True)
            ]
        return rows


def _rows(
    measure: Measure,
    n_slices: int,
    unit: np.ndarray,
    weights: np.ndarray,
    *,
    seed: int,
    level: float,
) -> list[dict]:
    """Give value, interval, floor and remarks of one measure for each factor."""
    n_points = len(unit)
    even = np.full((1, n_points), 1.0 / n_points)
    dummies = [measure(cut, even)[0] for cut in dummy_slices(n_points, n_slices, seed=seed)]
    floor = float(np.quantile(dummies, level))
    rows = []
    for column in unit.T:
        cut = slices(column, n_slices)
        estimate = measure(cut, even)
        resampled = measure(cut, weights)[:, None]
        value, low, high = (
            float(end[0]) for end in basic_interval(estimate, resampled, level=level)
        )
        remarks = joined(
            NEGATIVE if high < 0 else "",
            WITHIN_NOISE if min(estimate[0], value) <= floor else "",
            width_flag(low, high),
        )
        rows.append({"value": value, "low": low, "high": high, "floor": floor, "flag": remarks})
    return rows


class Densities:
    """Kernel densities of an outcome on a grid, for many weightings of the points at once.

    Parameters
    ----------
    mean : ndarray of float64 (n_points,)
        Not all the same.
    """

    def __init__(self, mean: np.ndarray) -> None:
        self.mean = mean
        edge = 3 * _bandwidth(mean)
        self.grid = np.linspace(mean.min() - edge, mean.max() + edge, GRID)
        self.step = self.grid[1] - self.grid[0]
        # Each point is shared out between its two neighbours on the grid.
        place = (mean - self.grid[0]) / self.step
        left = np.minimum(place.astype(int), GRID - 2)
        self.shared = np.zeros((len(mean), GRID))
        rows = np.arange(len(mean))
        self.shared[rows, left] = 1 - (place - left)
        self.shared[rows, left + 1] = place - left
        self.whole = self._kernel(mean)

    def _kernel(self, outcomes: np.ndarray) -> np.ndarray:
        """Give the matrix that smooths a histogram on the grid, (GRID, GRID)."""
        # Equal outcomes have no spread: a spike as narrow as the grid can show.
        width = max(_bandwidth(outcomes), self.step)
        apart = (self.grid[:, None] - self.grid) / width
        return np.exp(-(apart**2) / 2) / (width * np.sqrt(2 * np.pi))

    def moved(self, cut: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """Give delta under each weighting: half the area between densities, mean over slices.

        Parameters
        ----------
        cut : ndarray of int64 (n_points,)
            The slice of each point.
        weights : ndarray of float64 (n_weights, n_points)

        Returns
        -------
        ndarray of float64 (n_weights,)
        """
        density = weights @ self.shared @ self.whole
        moved = np.zeros(len(weights))
        for one in range(cut.max() + 1):
            members = cut == one
            share = weights[:, members].sum(axis=1)
            part = weights[:, members] @ self.shared[members] @ self._kernel(self.mean[members])
            moved += np.abs(part - share[:, None] * density).sum(axis=1) * self.step / 2
        return moved


def _bandwidth(outcomes: np.ndarray) -> float:
    """Give half of Silverman's bandwidth."""
    return float(NARROWER * (len(outcomes) * 0.75) ** -0.2 * outcomes.std(ddof=1))


def first_order(Y: np.ndarray, cut: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Give the share of variance between slices, from products of different seeds.

    Parameters
    ----------
    Y : ndarray of float64 (n_points, n_seeds)
    cut : ndarray of int64 (n_points,)
    weights : ndarray of float64 (n_weights, n_points)

    Returns
    -------
    ndarray of float64 (n_weights,)
    """
    away = centred(Y)
    mean = weights @ away
    variance = weights @ cross(away, away) - cross(mean, mean)
    between = -cross(mean, mean)
    for one in range(cut.max() + 1):
        members = cut == one
        share = weights[:, members].sum(axis=1)
        total = weights[:, members] @ away[members]
        known = share > 0
        between[known] += cross(total[known], total[known]) / share[known]
    return between / variance


def _plain(
    problem: Problem, unit: np.ndarray, mean: np.ndarray, *, seed: int
) -> dict[str, np.ndarray]:
    """Give SALib's indices; what 1.5 calls delta is delta_raw from 1.6 on."""
    with quiet_salib(salib_seed(seed)):
        found = salib_analyse.analyze(
            problem.salib(), unit, mean, num_resamples=SALIB_RESAMPLES, seed=salib_seed(seed)
        )
    return {"delta": found["delta_raw" if "delta_raw" in found else "delta"], "S1": found["S1"]}
