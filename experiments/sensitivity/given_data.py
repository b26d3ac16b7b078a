"""What delta and PAWN share: any points will do, cut into slices of one factor at a time."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from threadpoolctl import threadpool_limits

from experiments.sensitivity.method import Method
from experiments.sensitivity.noise import ONE_SEED, noise_share
from experiments.sensitivity.problem import Problem, refuse_groups
from simulation.errors import InputError

LEAST = 100
DUMMIES = 100
TOLERATED = 0.1


@dataclass(frozen=True)
class GivenData(Method):
    """A design of independent points: the first ones of a larger design are a smaller one.

    Not a Latin hypercube or a Sobol sequence: slices of those differ less than chance has it, so
    that resampled points would overstate what chance adds to an index.
    """

    least = LEAST

    def n_points(self, problem: Problem, samples: int) -> int:
        """Count the points; `samples` are points."""
        refuse_groups(problem, self.name)
        if samples < 1:
            raise InputError(f"samples must be at least 1 point, got {samples}")
        return samples

    def sample(self, problem: Problem, samples: int, *, seed: int) -> np.ndarray:
        """Draw the points; those of a smaller design with the same seed come first."""
        self.n_points(problem, samples)
        return np.random.default_rng([seed, 1]).random((samples, len(problem.names)))

    def prefixes(self, samples: int) -> list[int]:
        """Give numbers of points, halved down to what the method needs."""
        halves = [samples >> power for power in range(20) if samples >> power >= LEAST]
        return halves[::-1] or [samples]

    def prefix(
        self, problem: Problem, unit: np.ndarray, Y: np.ndarray, samples: int
    ) -> tuple[np.ndarray, np.ndarray]:
        """Cut a design down to its first points."""
        return unit[:samples], Y[:samples]


def slices(column: np.ndarray, n_slices: int) -> np.ndarray:
    """Cut points into slices of about as many each, by one factor, int64 (n_points,)."""
    rank = np.argsort(np.argsort(column, kind="stable"), kind="stable")
    return rank * n_slices // len(column)


def dummy_slices(n_points: int, n_slices: int, *, seed: int) -> Iterator[np.ndarray]:
    """Cut points into slices by factors that have nothing to do with the outcome."""
    rng = np.random.default_rng([seed, 2])
    even = np.arange(n_points) * n_slices // n_points
    for _ in range(DUMMIES):
        yield rng.permutation(even)


def noise_flag(Y: np.ndarray) -> str:
    """Say that chance blurs an index of the distribution of means over seeds."""
    found = noise_share(Y)
    if found["n_seeds"] == 1:
        return ONE_SEED
    if found["noise_share"] > TOLERATED:
        return f"noise share {found['noise_share']:.2f} not corrected: more seeds"
    return ""


@contextlib.contextmanager
def quiet_salib(seed: int) -> Iterator[None]:
    """Let SALib draw from NumPy's global generator and set warnings; put both back."""
    state, written = np.random.get_state(), warnings.formatwarning
    try:
        # Many small matrices: threads of the linear algebra would only wait for each other.
        # Recorded and dropped: SALib switches warnings on again, so that a filter is no use.
        with warnings.catch_warnings(record=True), threadpool_limits(1):
            np.random.seed(seed)
            yield
    finally:
        warnings.formatwarning = written
        np.random.set_state(state)
