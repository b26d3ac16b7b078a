"""What every method of sensitivity analysis is: a design, and indices of what its runs gave."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

import numpy as np
import pandas as pd

from experiments.sensitivity.noise import checked_outcomes, unusable
from experiments.sensitivity.problem import Problem, index_frame


class NoIndicesError(Exception):
    """An outcome has no indices; the text says why and stands beside each of them."""


class Method(ABC):
    """One way of telling which factors matter.

    Attributes
    ----------
    name : str
        As in the settings of a study.
    indices : tuple of str
        What it gives of each factor.
    least : int
        Samples below which it gives no index at all.
    """

    name = ""
    least = 1

    @property
    def indices(self) -> tuple[str, ...]:
        """Name what is given."""
        return ()

    @abstractmethod
    def n_points(self, problem: Problem, samples: int) -> int:
        """Count the points of a design; `InputError` if `samples` does not suit the method."""

    @abstractmethod
    def sample(self, problem: Problem, samples: int, *, seed: int) -> np.ndarray:
        """Draw the points, float64 (n_points, n_factors) from 0 to 1, both included."""

    @abstractmethod
    def prefixes(self, samples: int) -> list[int]:
        """Give the smaller designs this one contains, itself last."""

    @abstractmethod
    def prefix(
        self, problem: Problem, unit: np.ndarray, Y: np.ndarray, samples: int
    ) -> tuple[np.ndarray, np.ndarray]:
        """Cut a design and its outcomes down to one of `prefixes`."""

    def labels(self, problem: Problem) -> list[dict[str, str]]:
        """Name every index: index, factor and, of pairs, other."""
        return [
            {"index": kind, "factor": name} for kind in self.indices for name in problem.analysed
        ]

    @abstractmethod
    def estimates(
        self,
        problem: Problem,
        unit: np.ndarray,
        Y: np.ndarray,
        *,
        samples: int,
        seed: int,
        level: float,
    ) -> list[dict[str, Any]]:
        """Give value, low, high, plain, floor and flag of every index, in the order of `labels`.

        Raises
        ------
        NoIndicesError
            If the outcome, finite and not constant, does not allow them.
        """

    def analyse(
        self,
        problem: Problem,
        unit: np.ndarray,
        Y: np.ndarray,
        *,
        samples: int,
        seed: int,
        level: float = 0.95,
    ) -> pd.DataFrame:
        """Give the indices of one outcome, with intervals and what a reader should know.

        Parameters
        ----------
        problem : Problem
        unit : ndarray of float64 (n_points, n_factors)
            As `sample` drew them.
        Y : ndarray of float64 (n_points, n_seeds)
            The outcome in its own unit.
        samples : int
            Size of the design, in the method's own unit.
        seed : int
            For what is drawn again and again to give intervals.
        level : float, optional
            Of the intervals.

        Returns
        -------
        pandas.DataFrame
            As `index_frame` gives it; indices that cannot be given are NaN, and flagged.

        Raises
        ------
        InputError
            If the outcomes do not belong to the design.
        """
        Y = checked_outcomes(unit, Y, self.n_points(problem, samples))
        labels = self.labels(problem)
        try:
            if reason := unusable(Y):
                raise NoIndicesError(reason)
            found = self.estimates(problem, unit, Y, samples=samples, seed=seed, level=level)
        except NoIndicesError as reason:
            found = [{"value": np.nan, "flag": str(reason)}] * len(labels)
        rows = [{**label, **row} for label, row in zip(labels, found, strict=True)]
        return index_frame(rows, samples=samples, n_seeds=Y.shape[1])


def require(samples: int, least: int, unit: str) -> None:
    """Raise `NoIndicesError` where a design is too small for intervals."""
    if samples < least:
        raise NoIndicesError(f"too few: needs {least} {unit}")
