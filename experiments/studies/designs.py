"""Designs: at which points a study runs the model.

Filling designs spread points over the unit cube of all factors; crossed designs combine chosen
values. Designs of a method of sensitivity analysis are that method's own.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.studies.factors import Factor
from experiments.studies.settings import CROSSED, MOST_POINTS
from simulation.errors import InputError

FACTORIAL, GRID, ONE_AT_A_TIME = CROSSED
LEVELS = {FACTORIAL: 2, GRID: 5, ONE_AT_A_TIME: 2}
"""Values a range is given where the study does not say how many."""


@dataclass(frozen=True)
class Design:
    """The points of a study.

    Attributes
    ----------
    points : DataFrame
        Index `point` from 0, one column a factor, values as the model takes them.
    unit : ndarray of float64 (n_points, n_factors)
        The same in the unit cube.
    notes : tuple of str
        What to know of it.
    """

    points: pd.DataFrame
    unit: NDArray[np.float64]
    notes: tuple[str, ...] = ()


def latin_hypercube(n_factors: int, samples: int, *, seed: int) -> NDArray[np.float64]:
    """Draw points of which each factor has one in each of `samples` equal slices.

    Returns
    -------
    ndarray of float64 (samples, n_factors)
        McKay, Beckman and Conover 1979, Technometrics 21:239-245.
    """
    from scipy.stats import qmc

    return qmc.LatinHypercube(n_factors, seed=np.random.default_rng(seed)).random(samples)


def sobol_sequence(n_factors: int, samples: int, *, seed: int) -> NDArray[np.float64]:
    """Draw the first points of a scrambled Sobol sequence.

    A longer one begins with the shorter. Points are even if `samples` is a power of two.

    Returns
    -------
    ndarray of float64 (samples, n_factors)
        Owen 1998, ACM Transactions on Modeling and Computer Simulation 8:71-102.
    """
    from scipy.stats import qmc

    powers = max(math.ceil(math.log2(samples)), 0)
    return qmc.Sobol(n_factors, seed=np.random.default_rng(seed)).random_base2(powers)[:samples]


def filled(method: str, factors: Sequence[Factor], samples: int, *, seed: int) -> Design:
    """Return a latin_hypercube or sobol_sequence of some factors."""
    draw = {"latin_hypercube": latin_hypercube, "sobol_sequence": sobol_sequence}[method]
    is_even = method != "sobol_sequence" or samples.bit_count() == 1
    note = f"samples={samples} is no power of two; a Sobol sequence is even with"
    powers = f" {1 << (samples.bit_length() - 1)} or {1 << samples.bit_length()}"
    unit = draw(len(factors), samples, seed=seed)
    return Design(points_at(factors, unit), unit, () if is_even else (note + powers,))


def points_at(factors: Sequence[Factor], unit: NDArray[np.float64]) -> pd.DataFrame:
    """Return the points at places in the unit cube, index `point`, one column a factor."""
    columns = {
        factor.name: _column(factor.values(unit[:, place])) for place, factor in enumerate(factors)
    }
    return pd.DataFrame(columns, index=pd.RangeIndex(len(unit), name="point"))


def crossed(method: str, factors: Sequence[Factor], levels: int | None) -> Design:
    """Return a factorial, grid or one_at_a_time design of some factors.

    Factorial and grid have a point for every combination of values: of choices and levels all, of a
    range `levels` values with equal chances between them, by default its two ends in a factorial
    and five in a grid.

    Raises
    ------
    InputError
        If there would be too many points, or no point to start from.
    """
    values = [factor.spaced(levels or LEVELS[method]) for factor in factors]
    if method == ONE_AT_A_TIME:
        return _placed(factors, _one_at_a_time(factors, values))
    count = math.prod(len(each) for each in values)
    if count > MOST_POINTS:
        sizes = " x ".join(str(len(each)) for each in values)
        raise InputError(
            f"method={method}: {sizes} values are {count:,} points, more than {MOST_POINTS:,};"
            " give fewer factors or levels, or method=latin_hypercube"
        )
    return _placed(factors, list(itertools.product(*values)))


def _one_at_a_time(
    factors: Sequence[Factor], values: Sequence[Sequence[Any]]
) -> list[tuple[Any, ...]]:
    """Return the base, then each factor at each of its values while all others stay there."""
    homeless = [factor.name for factor in factors if factor.default is None]
    if homeless:
        raise InputError(
            f"method=one_at_a_time: {name}: the base has none of its choices; set one, as in"
            f" {name}=NAME"
            for name in homeless
        )
    base = tuple(factor.default for factor in factors)
    rows = [base]
    for place, own in enumerate(values):
        rows += [
            (*base[:place], value, *base[place + 1 :]) for value in own if value != base[place]
        ]
    return rows


def _placed(factors: Sequence[Factor], rows: Sequence[tuple[Any, ...]]) -> Design:
    columns = [list(column) for column in zip(*rows, strict=True)]
    points = pd.DataFrame(
        {f.name: _column(column) for f, column in zip(factors, columns, strict=True)},
        index=pd.RangeIndex(len(rows), name="point"),
    )
    unit = np.column_stack([_places(f, c) for f, c in zip(factors, columns, strict=True)])
    return Design(points, unit)


def _places(factor: Factor, values: list[Any]) -> NDArray[np.float64]:
    """Return places in the unit interval; NaN of the base where it is none of the values."""
    if not factor.choices:
        return factor.places(values)
    known = [value if value in factor.choices else None for value in values]
    found = factor.places([factor.choices[0] if value is None else value for value in known])
    return np.where([value is None for value in known], np.nan, found)


def _column(values: list[Any]) -> pd.Series:
    """Return values as a column: numbers as numbers, all else as they are."""
    kinds = {type(value) for value in values}
    is_plain = kinds <= {int} or kinds <= {int, float} or kinds <= {bool}
    return pd.Series(values, dtype=None if is_plain else object).set_axis(
        pd.RangeIndex(len(values), name="point")
    )
