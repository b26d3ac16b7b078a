"""Morris's elementary effects: which factors matter at all, for few runs a factor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from SALib.sample import morris as salib_sample

from experiments.sensitivity.intervals import Widening, interval, row_weights, stretch
from experiments.sensitivity.method import Method, require
from experiments.sensitivity.noise import (
    CHANGES_NOTHING,
    ONE_SEED,
    WITHIN_NOISE,
    cross,
    is_noise,
    joined,
    noise_of_mean,
)
from experiments.sensitivity.problem import Problem, salib_seed
from simulation.errors import InputError

LEVELS = 4
LEAST = 4
LEAST_SEEDS = 2
"""Means over seeds can do without products of different ones."""
NO_DIRECTION = "a group has no direction"


@dataclass(frozen=True)
class Morris(Method):
    """Morris's screening on a grid of four levels, one step a factor and trajectory.

    Morris 1991, Technometrics 33:161-174; mu_star after Campolongo, Cariboni and Saltelli 2007,
    Environmental Modelling and Software 22:1509-1518.
    """

    name = "morris"
    least = LEAST
    indices = ("mu", "mu_star", "sigma")

    def n_points(self, problem: Problem, samples: int) -> int:
        """Count the points; `samples` are trajectories."""
        if samples < 1:
            raise InputError(f"samples must be at least 1 trajectory, got {samples}")
        return samples * (len(problem.analysed) + 1)

    def sample(self, problem: Problem, samples: int, *, seed: int) -> np.ndarray:
        """Draw the points; those of a smaller design with the same seed come first."""
        self.n_points(problem, samples)
        drawn = salib_sample.sample(
            problem.salib(), samples, num_levels=LEVELS, seed=salib_seed(seed)
        )
        # Sums of thirds: exact levels, so that equal levels are equal to the last bit.
        return np.round(drawn * (LEVELS - 1)) / (LEVELS - 1)

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
        """Give mu, mu_star and sigma of each factor or group, with intervals and noise floor."""
        require(samples, LEAST, "trajectories")
        effects = elementary_effects(problem, unit, Y)
        columns = _estimates(effects, seed=seed, level=level)
        columns["plain"] = _plain(effects.mean(axis=2))
        columns["floor"] = _floor(effects)
        rows: list[dict[str, Any]] = [
            {**label, **{key: float(column[ix]) for key, column in columns.items()}}
            for ix, label in enumerate(self.labels(problem))
        ]
        grouped = dict(zip(problem.analysed, problem.sizes > 1, strict=True))
        moves = np.any(effects, axis=(0, 2)).tolist()
        still = {name: not is_moved for name, is_moved in zip(problem.analysed, moves, strict=True)}
        drowned = dict(zip(problem.analysed, is_noise(effects, level=level), strict=True))
        for row in rows:
            is_drowned = {"mu": False, "mu_star": drowned[row["factor"]]}.get(
                row["index"], row["value"] == 0
            )
            row["flag"] = (
                CHANGES_NOTHING
                if still[row["factor"]]
                else joined(ONE_SEED * (Y.shape[1] == 1), WITHIN_NOISE * bool(is_drowned))
            )
            if grouped[row["factor"]] and row["index"] != "mu_star":
                row.update(value=np.nan, low=np.nan, high=np.nan, plain=np.nan, flag=NO_DIRECTION)
        return rows

    def prefixes(self, samples: int) -> list[int]:
        """Give numbers of trajectories, doubled from four, up to the size of the design."""
        smaller = [LEAST << power for power in range(20) if LEAST << power < samples]
        return [*smaller, samples]

    def prefix(
        self, problem: Problem, unit: np.ndarray, Y: np.ndarray, samples: int
    ) -> tuple[np.ndarray, np.ndarray]:
        """Cut a design down to its first `samples` trajectories."""
        n_points = self.n_points(problem, samples)
        return unit[:n_points], Y[:n_points]


def elementary_effects(problem: Problem, unit: np.ndarray, Y: np.ndarray) -> np.ndarray:
    """Give the change of the outcome at each step, for a whole range of the factor.

    A step of two thirds of a range is taken for as much of the whole as it is. One value of a
    choice in place of another is the whole, and so its change stands as it is; a group goes
    through the mean of what its factors do.

    Returns
    -------
    ndarray of float64 (n_trajectories, n_analysed, n_seeds)
        In the unit of the outcome. The sign is of a rise of the factor; of a group, of a rise of
        its first factor.
    """
    n_analysed = len(problem.analysed)
    points = unit.reshape(-1, n_analysed + 1, unit.shape[1])
    moves = np.diff(points, axis=1)
    first = np.argmax(moves != 0, axis=2)
    place = problem.membership[first]
    sign = np.sign(np.take_along_axis(moves, first[..., None], axis=2)[..., 0])
    changes = np.diff(Y.reshape(-1, n_analysed + 1, Y.shape[1]), axis=1)
    effects = np.empty_like(changes)
    parts = problem.travelled(points[:, :-1], points[:, 1:])
    step = parts.sum(axis=2) / problem.sizes[place]
    np.put_along_axis(effects, place[..., None], changes * (sign / step)[..., None], axis=1)
    return effects


def _moments(effects: np.ndarray) -> np.ndarray:
    """Give each trajectory's mu, mu_star and second moment, (n_trajectories, 3 n_analysed)."""
    mean = effects.mean(axis=-1)
    return np.hstack([mean, np.abs(mean), cross(effects, effects)])


def _spread(effects: np.ndarray, second: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Give the variance of the expected effects over trajectories, (n_weights, n_analysed)."""
    n_rows = len(effects)
    means = np.einsum("rt,tfs->rfs", weights, effects)
    return (weights @ second - cross(means, means)) * n_rows / (n_rows - 1)


def _estimates(effects: np.ndarray, *, seed: int, level: float) -> dict[str, np.ndarray]:
    """Give value, low and high of mu, mu_star and sigma of each factor."""
    n_rows, n_analysed = effects.shape[:2]

    def measures(weights: np.ndarray) -> np.ndarray:
        moments = _moments(effects)
        direct = weights @ moments[:, : 2 * n_analysed]
        return np.hstack([direct, _spread(effects, moments[:, 2 * n_analysed :], weights)])

    def row_terms(some: np.ndarray) -> np.ndarray:
        moments, away = _moments(some), some - some.mean(axis=0)
        moments[:, 2 * n_analysed :] = cross(away, away)
        return moments

    value = measures(np.full((1, n_rows), 1.0 / n_rows))[0]
    resampled = measures(row_weights(n_rows, seed=seed))
    widened = stretch(row_terms, effects, level=level, least_seeds=LEAST_SEEDS)
    low, high = interval(value, resampled, widened, level=level)
    stars = slice(n_analysed, 2 * n_analysed)
    low[stars] = _positive_low(
        value[stars], resampled[:, stars], Widening(*(part[stars] for part in widened)), level=level
    )
    found = {"value": value, "low": low, "high": high}
    for column in found.values():
        variance = column[2 * n_analysed :]
        # A variance estimated below zero has no root: it is none that noise would let one see.
        column[2 * n_analysed :] = np.sqrt(np.where(variance > 0, variance, 0.0))
    return found


def _positive_low(
    value: np.ndarray, resampled: np.ndarray, widened: Widening, *, level: float
) -> np.ndarray:
    """Give the lower end of means of absolute values on a logarithmic scale: never below zero."""
    known = np.where(value > 0, value, 1.0)
    low = np.quantile(resampled, 0.5 - level / 2, axis=0) / known
    return value * low**widened.factor * np.exp(-widened.alone / known)


def _plain(mean: np.ndarray) -> np.ndarray:
    """Give mu, mu_star and sigma of the effects on means over seeds, as usual.

    Parameters
    ----------
    mean : ndarray of float64 (n_trajectories, n_analysed)
    """
    return np.concatenate([mean.mean(axis=0), np.abs(mean).mean(axis=0), mean.std(axis=0, ddof=1)])


def _floor(effects: np.ndarray) -> np.ndarray:
    """Give what each measure shows of a factor without effect, from the replicates.

    Effects are then chance alone, about normal with the replicate variance of their means over
    seeds: the mean of their absolute values is the root of 2 / pi times that spread.
    """
    spread = np.sqrt(noise_of_mean(effects).mean(axis=0))
    return np.concatenate([0 * spread, np.sqrt(2 / np.pi) * spread, spread])
