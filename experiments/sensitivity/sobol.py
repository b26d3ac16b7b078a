"""Sobol indices of the expected outcome: variance shares, alone, in pairs and in all."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from SALib.analyze import sobol as salib_analyse
from SALib.sample import sobol as salib_sample

from experiments.sensitivity.intervals import interval, row_weights, stretch, width_flag
from experiments.sensitivity.method import Method, NoIndicesError, require
from experiments.sensitivity.noise import (
    CHANGES_NOTHING,
    NEGATIVE,
    ONE_SEED,
    WITHIN_NOISE,
    centred,
    cross,
    joined,
    noise_of_mean,
)
from experiments.sensitivity.problem import Problem, salib_seed
from simulation.errors import InputError

LEAST = 8
DROWNED = "no difference between points beyond noise: more seeds or samples"


@dataclass(frozen=True)
class Parts:
    """Outcomes by their place in Saltelli's design; every array ends in the seeds.

    Parameters
    ----------
    A, B : ndarray of float64 (n_rows, n_seeds)
    AB, BA : ndarray of float64 (n_rows, n_analysed, n_seeds)
        A with one column (group of columns) of B, and the other way round; BA has no columns
        where pairs are not wanted.
    """

    A: np.ndarray
    B: np.ndarray
    AB: np.ndarray
    BA: np.ndarray

    @classmethod
    def of(cls, Y: np.ndarray, n_rows: int, n_analysed: int) -> Parts:
        """Cut outcomes (n_points, n_seeds) in the order of SALib's sample."""
        blocks = Y.reshape(n_rows, -1, Y.shape[-1])
        middle = blocks[:, 1:-1]
        return cls(blocks[:, 0], blocks[:, -1], middle[:, :n_analysed], middle[:, n_analysed:])

    def numerators(self) -> np.ndarray:
        """Give each row's share of every partial variance: S1, ST and S2, in this order.

        S1 after Saltelli et al. 2010 (Computer Physics Communications 181:259-270, table 2 b),
        ST after Jansen 1999 (ibid., f); where pairs are wanted, the mean of both halves of the
        design, which then hold twice the information. S2 is the mean of the product of one
        factor's change on the side of A and the other's on the side of B: Saltelli's estimator
        of 2002 (ibid. 145:280-297) less first orders from the halves that make it exactly zero
        for a factor that changes nothing. Every product is of different seeds.

        Returns
        -------
        ndarray of float64 (n_rows, n_indices)
        """
        of_A, of_B = self.AB - self.A[:, None], self.BA - self.B[:, None]
        first = cross(np.broadcast_to(self.B[:, None], of_A.shape), of_A)
        total = cross(of_A, of_A) / 2
        if not self.BA.shape[1]:
            return np.hstack([first, total])
        first = (first + cross(np.broadcast_to(self.A[:, None], of_B.shape), of_B)) / 2
        total = (total + cross(of_B, of_B) / 2) / 2
        j, k = np.array(list(combinations(range(first.shape[1]), 2)), dtype=int).reshape(-1, 2).T
        both = (cross(of_A[:, j], of_B[:, k]) + cross(of_A[:, k], of_B[:, j])) / 2
        return np.hstack([first, total, both])

    def variance(self, weights: np.ndarray) -> np.ndarray:
        """Give the variance of the expected outcome under weights of rows, (n_weights,)."""
        of_rows = (cross(self.A, self.A) + cross(self.B, self.B)) / 2
        means = weights @ ((self.A + self.B) / 2)
        return weights @ of_rows - cross(means, means)

    def values(self) -> np.ndarray:
        """Give S1, ST and S2 of the expected outcome, in the order of `numerators`."""
        even = np.full((1, len(self.A)), 1.0 / len(self.A))
        return (even @ self.numerators() / self.variance(even)[:, None])[0]


@dataclass(frozen=True)
class Sobol(Method):
    """Sobol's indices by Saltelli's design.

    Parameters
    ----------
    second_order : bool
        Whether pairs are analysed: 2 k + 2 runs a row for k factors, and k + 2 without.
    """

    second_order: bool = True
    name = "sobol"
    least = LEAST

    @property
    def indices(self) -> tuple[str, ...]:
        """Name what is given."""
        return ("S1", "ST", "S2") if self.second_order else ("S1", "ST")

    def labels(self, problem: Problem) -> list[dict[str, str]]:
        """Name every index, in the order of `Parts.numerators`."""
        single = [
            {"index": kind, "factor": name} for kind in ("S1", "ST") for name in problem.analysed
        ]
        pairs = combinations(problem.analysed, 2) if self.second_order else ()
        return single + [{"index": "S2", "factor": one, "other": two} for one, two in pairs]

    def n_points(self, problem: Problem, samples: int) -> int:
        """Count the points; `samples` are base rows, a power of two."""
        if samples < 2 or samples & (samples - 1):
            below = 1 << max(int(samples).bit_length() - 1, 1)
            raise InputError(
                f"samples must be a power of two for method sobol, got {samples}; "
                f"the nearest are {below} and {2 * below}"
            )
        n_analysed = len(problem.analysed)
        return samples * ((2 * n_analysed if self.second_order else n_analysed) + 2)

    def sample(self, problem: Problem, samples: int, *, seed: int) -> np.ndarray:
        """Draw the points; those of a smaller design with the same seed come first."""
        self.n_points(problem, samples)
        return salib_sample.sample(
            problem.salib(),
            samples,
            calc_second_order=self.second_order,
            seed=salib_seed(seed),
        )

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
        """Give S1, ST and S2 of the expected outcome, with intervals."""
        require(samples, LEAST, "samples")
        parts = Parts.of(centred(Y), samples, len(problem.analysed))
        weights = row_weights(samples, seed=seed)
        variances = parts.variance(weights)
        if np.quantile(variances, 0.5 - level / 2) <= 0:
            raise NoIndicesError(DROWNED)
        labels = self.labels(problem)
        columns = _estimates(parts, weights, variances, level=level)
        columns["plain"] = _plain(problem, Y.mean(axis=1), second_order=self.second_order)
        columns["floor"] = _floor(Parts.of(Y, samples, len(problem.analysed)), len(labels))
        rows = [
            {**label, **{key: float(column[ix]) for key, column in columns.items()}}
            for ix, label in enumerate(labels)
        ]
        for row in rows:
            row["flag"] = _flag(row, n_seeds=Y.shape[1])
        return rows

    def prefixes(self, samples: int) -> list[int]:
        """Give powers of two from 16 up to the size of the design."""
        return [1 << power for power in range(4, int(samples).bit_length() - 1)] + [samples]

    def prefix(
        self, problem: Problem, unit: np.ndarray, Y: np.ndarray, samples: int
    ) -> tuple[np.ndarray, np.ndarray]:
        """Cut a design down to its first `samples` base rows."""
        n_points = self.n_points(problem, samples)
        return unit[:n_points], Y[:n_points]


def _estimates(
    parts: Parts, weights: np.ndarray, variances: np.ndarray, *, level: float
) -> dict[str, np.ndarray]:
    """Give value, low and high of every index."""
    numerators = parts.numerators()
    even = np.full((1, len(numerators)), 1.0 / len(numerators))
    value = parts.values()
    resampled = weights @ numerators / variances[:, None]
    together = np.concatenate([parts.A[:, None], parts.AB, parts.BA, parts.B[:, None]], axis=1)
    n_analysed = parts.AB.shape[1]

    def row_terms(outcomes: np.ndarray) -> np.ndarray:
        some = Parts.of(outcomes, len(outcomes), n_analysed)
        of_rows = (cross(some.A, some.A) + cross(some.B, some.B)) / 2
        variance = some.variance(even)[0]
        upper = some.numerators()
        ratio = upper.mean(axis=0) / variance
        return ratio + (upper - ratio * of_rows[:, None]) / variance

    widened = stretch(row_terms, together, level=level)
    low, high = interval(value, resampled, widened, level=level)
    return {"value": value, "low": low, "high": high}


def _plain(problem: Problem, mean: np.ndarray, *, second_order: bool) -> np.ndarray:
    """Give what SALib makes of the means over seeds, in the order of `labels`."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = salib_analyse.analyze(
            problem.salib(), mean, calc_second_order=second_order, num_resamples=2, seed=1
        )
    plain = [found["S1"], found["ST"]]
    if second_order:
        plain.append(found["S2"][np.triu_indices(len(problem.analysed), 1)])
    return np.concatenate(plain)


def _floor(parts: Parts, n_indices: int) -> np.ndarray:
    """Give what plain indices show of noise alone: the replicate variance of each change.

    One seed does not tell it.
    """
    n_analysed = parts.AB.shape[1]
    of_means = np.concatenate([parts.A, parts.B]).mean(axis=1).var()
    floor = np.zeros(n_indices) if parts.A.shape[1] > 1 else np.full(n_indices, np.nan)
    noise = noise_of_mean(parts.AB - parts.A[:, None]).mean(axis=0) / 2
    floor[n_analysed : 2 * n_analysed] = noise / of_means
    return floor


def _flag(row: dict, *, n_seeds: int) -> str:
    """Say what a reader of one index should know."""
    if row["value"] == row["low"] == row["high"] == 0:
        return "no interaction" if row["index"] == "S2" else CHANGES_NOTHING
    return joined(
        ONE_SEED if n_seeds == 1 else "",
        NEGATIVE if row["high"] < 0 else "",
        WITHIN_NOISE if row["low"] <= 0 <= row["high"] and row["index"] != "S2" else "",
        width_flag(row["low"], row["high"]),
    )
