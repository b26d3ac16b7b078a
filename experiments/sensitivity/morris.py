"""Morris's elementary effects: which factors matter at all, for few runs a factor."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
from SALib.analyze import morris as salib_analyse
from SALib.sample import morris as salib_sample

from experiments.sensitivity.intervals import interval, row_weights, stretch
from experiments.sensitivity.method import Method, require
from experiments.sensitivity.noise import (
    CHANGES_NOTHING,
    ONE_SEED,
    WITHIN_NOISE,
    cross,
    joined,
    noise_of_mean,
)
from experiments.sensitivity.problem import Problem, salib_seed
from simulation.errors import InputError

LEVELS = 4
STEP = LEVELS / (2 * (LEVELS - 1))
LEAST = 4
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
        columns["plain"] = _plain(problem, unit, Y.mean(axis=1))
        columns["floor"] = _floor(effects)
        rows: list[dict[str, Any]] = [
            {**label, **{key: float(column[ix]) for key, column in columns.items()}}
            for ix, label in enumerate(self.labels(problem))
        ]
        grouped = dict(zip(problem.analysed, problem.sizes > 1, strict=True))
        moves = np.any(effects, axis=(0, 2)).tolist()
        still = {name: not is_moved for name, is_moved in zip(problem.analysed, moves, strict=True)}
        for row in rows:
            row["flag"] = _flag(row, n_seeds=Y.shape[1], still=still[row["factor"]])
            if grouped[row["factor"]] and row["index"] != "mu_star":
                row.update(value=np.nan, low=np.nan, high=np.nan, flag=NO_DIRECTION)
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
    """Give the change of the outcome for the whole range of a factor, at each step.

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
    np.put_along_axis(effects, place[..., None], changes * (sign / STEP)[..., None], axis=1)
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
    widened = stretch(row_terms, effects, level=level)
    low, high = interval(value, resampled, widened, level=level)
    found = {"value": value, "low": low, "high": high}
    for column in found.values():
        variance = column[2 * n_analysed :]
        # A variance estimated below zero has no root: it is none that noise would let one see.
        column[2 * n_analysed :] = np.sqrt(np.where(variance > 0, variance, 0.0))
    return found


def _plain(problem: Problem, unit: np.ndarray, mean: np.ndarray) -> np.ndarray:
    """Give what SALib makes of the means over seeds: mu, mu_star and sigma."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = salib_analyse.analyze(
            problem.salib(), unit, mean, num_levels=LEVELS, num_resamples=2, seed=1
        )
    return np.concatenate(
        [np.ma.filled(np.ma.asarray(found[kind], dtype=float), np.nan) for kind in Morris.indices]
    )


def _floor(effects: np.ndarray) -> np.ndarray:
    """Give what each measure shows of a factor without effect, from the replicates.

    Effects are then chance alone, about normal with the replicate variance of their means over
    seeds: the mean of their absolute values is the root of 2 / pi times that spread.
    """
    spread = np.sqrt(noise_of_mean(effects).mean(axis=0))
    return np.concatenate([np.zeros_like(spread), np.sqrt(2 / np.pi) * spread, spread])


def _flag(row: dict, *, n_seeds: int, still: bool) -> str:
    """Say what a reader of one measure should know."""
    if still:
        return CHANGES_NOTHING
    drowned = {
        "mu": False,
        "mu_star": row["low"] <= row["floor"],
        "sigma": row["value"] == 0,
    }[row["index"]]
    return joined(ONE_SEED if n_seeds == 1 else "", WITHIN_NOISE if drowned else "")
