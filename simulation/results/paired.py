"""Paired comparison of arms: means, differences within seeds, and their intervals.

Two runs with the same seed meet the same luck, so the difference between them varies far less
than either (common random numbers: Law, Simulation Modeling and Analysis, 5th ed., 11.2).
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from simulation.errors import InputError, check_columns
from simulation.results.outcomes import BY_NAME

SUMMARY_COLUMNS = (
    "arm",
    "outcome",
    "unit",
    "mean",
    "low",
    "high",
    "difference",
    "difference_low",
    "difference_high",
    "variance_ratio",
    "n_seeds",
    "note",
)
ONE_SEED_NOTE = "one seed: no interval"
TWO_SEEDS_NOTE = "two seeds: they may agree by chance, take more"


@cache
def errors_of(level: float, n_seeds: int) -> float:
    """Return how many standard errors Student's t interval of a mean over seeds reaches."""
    return float(stats.t.ppf(0.5 + level / 2, n_seeds - 1))


def mean_interval(
    values: ArrayLike, *, level: float = 0.95
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Mean over seeds with Student's t interval for that mean.

    Parameters
    ----------
    values : array_like, shape (n_seeds,) or (n_seeds, n)
        One row a seed, any unit.
    level : float
        Coverage of the interval, between 0 and 1.

    Returns
    -------
    mean, low, high : float64 arrays, shape () or (n,)
        Low and high are NaN for one seed and equal to the mean where nothing varies.

    Raises
    ------
    ValueError
        When there is no seed.
    """
    table = np.asarray(values, dtype=np.float64)
    n_seeds = table.shape[0]
    if n_seeds == 0:
        raise ValueError("mean_interval needs at least one seed")
    mean = table.mean(axis=0)
    if n_seeds == 1:
        unknown = np.full_like(mean, np.nan)
        return mean, unknown, unknown.copy()
    half = errors_of(level, n_seeds) * np.sqrt(_variance(table) / n_seeds)
    return mean, mean - half, mean + half


def _variance(table: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sample variance over seeds; exactly zero where all seeds agree, whatever the rounding."""
    return (table - table[0]).var(axis=0, ddof=1)


def summarise(values: pd.DataFrame, baseline: str, *, level: float = 0.95) -> pd.DataFrame:
    """Summarise each outcome of each arm, and its difference from the baseline seed by seed.

    Parameters
    ----------
    values : DataFrame
        arm (str), seed (int64), outcome (str), value (float64), optionally unit (str).
    baseline : str
        The arm the others are compared with.
    level : float
        Coverage of the t intervals, between 0 and 1.

    Returns
    -------
    DataFrame
        Columns `SUMMARY_COLUMNS`, baseline first, one row an arm and outcome. The differences and
        the variance ratio are NaN for the baseline; intervals are NaN for one seed and the note
        says so, as it does of two. `variance_ratio` is Var(arm) + Var(baseline) over
        Var(arm - baseline): how many times more seeds unpaired runs would need; infinite when pairs
        do not vary at all.

    Raises
    ------
    InputError
        When columns or the baseline are missing, arms differ in seeds, a row is there twice, or a
        value is not finite.
    """
    _check(values, baseline)
    arms = [baseline, *(arm for arm in values["arm"].unique() if arm != baseline)]
    units = _units(values)
    tables = {
        str(outcome): rows.pivot(index="seed", columns="arm", values="value")
        for outcome, rows in values.groupby("outcome", sort=False)
    }
    records = [
        (arm, outcome, units[outcome], *_row(table, arm, baseline, level))
        for arm in arms
        for outcome, table in tables.items()
    ]
    return pd.DataFrame(records, columns=list(SUMMARY_COLUMNS))


def _row(table: pd.DataFrame, arm: str, baseline: str, level: float) -> tuple:
    """Compute the statistics of one arm and outcome; `table` is seeds by arms."""
    values = table[arm].to_numpy(np.float64)
    n_seeds = len(values)
    ratio = np.nan
    difference: tuple[Any, ...] = (np.nan, np.nan, np.nan)
    if arm != baseline:
        reference = table[baseline].to_numpy(np.float64)
        difference = mean_interval(values - reference, level=level)
        ratio = _variance_ratio(values, reference)
    numbers = (*mean_interval(values, level=level), *difference, ratio)
    note = {1: ONE_SEED_NOTE, 2: TWO_SEEDS_NOTE}.get(n_seeds, "")
    return (*(float(number) for number in numbers), n_seeds, note)


def _variance_ratio(values: NDArray[np.float64], reference: NDArray[np.float64]) -> float:
    """Variance of the unpaired difference over that of the paired one; NaN if neither varies."""
    if len(values) == 1:
        return np.nan
    unpaired = _variance(values) + _variance(reference)
    paired = _variance(values - reference)
    if paired > 0:
        return float(unpaired / paired)
    return np.inf if unpaired > 0 else np.nan


def _units(values: pd.DataFrame) -> dict[str, str]:
    """Find the unit of each outcome: as the frame says, else as the registry says, else empty."""
    names = values["outcome"].unique()
    if "unit" in values.columns:
        return dict(values[["outcome", "unit"]].drop_duplicates("outcome").to_numpy())
    return {name: BY_NAME[name].unit if name in BY_NAME else "" for name in names}


def _check(values: pd.DataFrame, baseline: str) -> None:
    """Raise one InputError with every problem that forbids a paired comparison."""
    check_columns(values, ("arm", "seed", "outcome", "value"), what="outcomes")
    arms = list(values["arm"].unique())
    if baseline not in arms:
        raise InputError(f"baseline {baseline!r} is not an arm; arms are {', '.join(arms)}")
    if values.duplicated(["arm", "seed", "outcome"]).any():
        row = values[values.duplicated(["arm", "seed", "outcome"])].iloc[0]
        raise InputError(
            f"outcomes: arm {row['arm']}, seed {row['seed']}, outcome {row['outcome']} is there"
            " twice; one row is allowed"
        )
    problems = []
    for outcome, rows in values.groupby("outcome", sort=False):
        seeds = {arm: set(rows.loc[rows["arm"] == arm, "seed"]) for arm in arms}
        every = set().union(*seeds.values())
        problems += [
            f"outcomes: arm {arm} lacks seed {', '.join(map(str, sorted(every - own)))} of"
            f" {outcome}; arms compared in pairs must have the same seeds"
            for arm, own in seeds.items()
            if every != own
        ]
        bad = rows[~np.isfinite(rows["value"])]
        problems += [
            f"outcomes: arm {row.arm}, seed {row.seed}: {outcome} is {row.value}; a finite"
            " number is needed"
            for row in bad.itertuples()
        ]
    if problems:
        raise InputError(problems)
