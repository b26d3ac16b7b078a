"""What is analysed: the factors, their groups, and the shape of every table of indices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from simulation.errors import InputError

INDEX_COLUMNS = (
    "outcome",
    "unit",
    "index",
    "factor",
    "other",
    "value",
    "low",
    "high",
    "plain",
    "floor",
    "samples",
    "n_seeds",
    "flag",
    "emulator_error",
)


@dataclass(frozen=True)
class Problem:
    """Which factors vary, and which of them are judged together.

    Points live in the unit cube, one column a factor; what a number of the unit interval means
    is the affair of the factor, not of the method.

    Parameters
    ----------
    names : tuple of str
        The factors.
    groups : tuple of str, optional
        The group of each factor, if indices are wanted of groups.
    n_values : tuple of int, optional
        How many values of equal chances each factor has; 0, as by default, for a whole range.
    unordered : frozenset of str
        Factors whose values have no order.

    Raises
    ------
    InputError
        No factor, the same factor twice, a group missing, or only one group.
    """

    names: tuple[str, ...]
    groups: tuple[str, ...] | None = None
    n_values: tuple[int, ...] | None = None
    unordered: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        """Refuse what no method can analyse."""
        problems = []
        if not self.names:
            problems.append("a sensitivity analysis needs at least one factor, got none")
        twice = sorted({name for name in self.names if self.names.count(name) > 1})
        problems += [f"factor {name} is named more than once" for name in twice]
        if self.groups is not None:
            if len(self.groups) != len(self.names):
                problems.append(
                    f"{len(self.names)} factors need as many groups, got {len(self.groups)}"
                )
            elif len(set(self.groups)) == 1 and len(self.names) > 1:
                problems.append(
                    f"all factors are in group {self.groups[0]!r}: name at least two groups"
                )
        if self.n_values is not None and len(self.n_values) != len(self.names):
            problems.append(
                f"{len(self.names)} factors need as many numbers of values,"
                f" got {len(self.n_values)}"
            )
        if problems:
            raise InputError(problems)

    @property
    def analysed(self) -> tuple[str, ...]:
        """What indices are given of: the groups in order of appearance, or else the factors."""
        return tuple(dict.fromkeys(self.groups)) if self.groups else self.names

    @property
    def membership(self) -> np.ndarray:
        """Place among `analysed` of each factor, int64 (n_factors,)."""
        place = {name: ix for ix, name in enumerate(self.analysed)}
        return np.array([place[name] for name in self.groups or self.names], dtype=np.int64)

    @property
    def sizes(self) -> np.ndarray:
        """Number of factors in each of `analysed`, int64."""
        return np.bincount(self.membership, minlength=len(self.analysed))

    def travelled(self, start: np.ndarray, end: np.ndarray) -> np.ndarray:
        """Say what part of its range a factor goes through between two points.

        Of listed values it is counted in steps from one to the next. One value without an order
        in place of another is the whole.

        Parameters
        ----------
        start, end : ndarray of float64 (..., n_factors)
            In the unit cube.

        Returns
        -------
        ndarray of float64 (..., n_factors)
            From 0 to 1.
        """
        n_values = np.array(self.n_values or [0] * len(self.names))
        n_steps = np.maximum(n_values - 1, 1)
        before, after = (
            np.minimum((points * n_values).astype(np.int64), n_steps) for points in (start, end)
        )
        has_no_order = np.isin(self.names, list(self.unordered))
        listed = np.where(has_no_order, before != after, np.abs(after - before) / n_steps)
        return np.where(n_values > 0, listed, np.abs(end - start))

    def salib(self) -> dict[str, Any]:
        """Give SALib's description of the problem: a new dictionary, because SALib writes in it.

        Factors are called x0, x1, ... in it, because SALib's delta refuses names that end in
        words it uses itself.
        """
        described: dict[str, Any] = {
            "num_vars": len(self.names),
            "names": [f"x{ix}" for ix in range(len(self.names))],
            "bounds": [[0.0, 1.0] for _ in self.names],
        }
        if self.groups and max(self.sizes) > 1:
            described["groups"] = [f"g{ix}" for ix in self.membership]
        return described


def index_frame(rows: Sequence[dict[str, Any]], *, samples: int, n_seeds: int) -> pd.DataFrame:
    """Make the table of indices of one outcome.

    Parameters
    ----------
    rows : sequence of dict
        With index, factor, value and what else is known of other, low, high, plain, floor, flag.
    samples : int
        Size of the design, in the method's own unit.
    n_seeds : int
        Replicates of each point.

    Returns
    -------
    pandas.DataFrame
        `INDEX_COLUMNS` without outcome and unit.
    """
    known = {"other": "", "low": np.nan, "high": np.nan, "plain": np.nan, "floor": np.nan}
    full = [
        {**known, "flag": "", "emulator_error": np.nan, **row, "samples": samples}
        | {"n_seeds": n_seeds}
        for row in rows
    ]
    return pd.DataFrame(full, columns=list(INDEX_COLUMNS[2:]))


def refuse_groups(problem: Problem, method: str) -> None:
    """Refuse groups where a method knows only factors; `InputError`."""
    if problem.groups:
        raise InputError(
            f"method {method} gives indices of factors, not of groups: "
            "leave groups out, or choose morris or sobol"
        )


def salib_seed(seed: int, *, stream: int = 0) -> int:
    """Give SALib a seed it understands: it takes 0 for no seed at all.

    Parameters
    ----------
    seed : int
        At least 0.
    stream : int, optional
        Another number for each use of the same seed.
    """
    return int(np.random.SeedSequence([seed, stream]).generate_state(1)[0] >> 1) + 1
