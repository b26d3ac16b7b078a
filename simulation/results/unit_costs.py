"""Cost per outcome over seeds, with an interval that is honest where the outcome may be nothing.

A cost per additional job is a quotient whose divisor may well be zero. Its interval is Fieller's
(1954, Journal of the Royal Statistical Society B 16), which is bounded only if the interval of the
divisor leaves zero out; where it is not, no number is given but the least cost that is compatible.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from simulation.errors import InputError, check_columns
from simulation.results.paired import errors_of
from simulation.results.support import OF_CLIENTS

ONE_SEED = "one seed: no interval"
NO_OUTCOMES = "no such outcomes: nothing to divide by"
NOT_BOUNDED = "not bounded: the interval of the outcome holds zero"
NEGATIVE = "fewer outcomes than without support: nothing to divide by"
COST_BASES = {
    **OF_CLIENTS,
    "cost_per_additional_job": "additional_jobs",
    "cost_per_additional_sustained_job": "additional_sustained_jobs",
    "cost_per_additional_job_year": "additional_job_years",
    "cost_per_additional_sustained_job_year": "additional_sustained_job_years",
}
"""Costs per outcome and the outcome each is divided by."""


class Ratio(NamedTuple):
    """A quotient of two means over seeds; NaN where there is no number to give."""

    value: float
    low: float
    high: float
    note: str


def ratio_interval(numerator: ArrayLike, denominator: ArrayLike, *, level: float = 0.95) -> Ratio:
    """Divide two means over the same seeds, with Fieller's interval.

    Parameters
    ----------
    numerator, denominator : array_like, shape (n_seeds,)
        Paired by seed.
    level : float
        Coverage of the interval.

    Returns
    -------
    Ratio
        If the denominator's own interval holds zero: value NaN, high infinite, low the least
        positive quotient compatible with the runs (NaN if none), and a note. If it lies below
        zero or is zero in every seed: all NaN and a note.

    Raises
    ------
    ValueError
        When there is no seed or the lengths differ.
    """
    a, b = np.asarray(numerator, np.float64), np.asarray(denominator, np.float64)
    if a.shape != b.shape or a.size == 0:
        raise ValueError("ratio_interval needs as many numerators as denominators, at least one")
    mean_a, mean_b = float(a.mean()), float(b.mean())
    if not np.any(b):
        return Ratio(np.nan, np.nan, np.nan, NO_OUTCOMES)
    if a.size == 1:
        if mean_b < 0:
            return Ratio(np.nan, np.nan, np.nan, NEGATIVE)
        return Ratio(mean_a / mean_b, np.nan, np.nan, ONE_SEED)
    v_aa, v_ab, v_bb = _covariance_of_means(a, b)
    squared = errors_of(level, a.size) ** 2
    spread = mean_b**2 - squared * v_bb
    if spread > 0 and mean_b < 0:
        return Ratio(np.nan, np.nan, np.nan, NEGATIVE)
    roots = _fieller_roots(spread, mean_a * mean_b - squared * v_ab, mean_a**2 - squared * v_aa)
    if spread > 0:
        return Ratio(mean_a / mean_b, *roots, "")
    least = min((root for root in roots if root > 0), default=np.nan)
    return Ratio(np.nan, least, np.inf, NOT_BOUNDED)


def _covariance_of_means(a: np.ndarray, b: np.ndarray) -> tuple[float, float, float]:
    """Variance of a's mean, covariance, variance of b's; exactly zero where nothing varies."""
    table = np.cov(np.stack([a - a[0], b - b[0]]), ddof=1) / a.size
    return float(table[0, 0]), float(table[0, 1]), float(table[1, 1])


def _fieller_roots(spread: float, middle: float, level: float) -> tuple[float, float]:
    """Quotients q with spread q^2 - 2 middle q + level = 0, in order; NaN if there are none."""
    inside = middle**2 - spread * level
    if spread == 0 or inside < 0:
        return np.nan, np.nan
    roots = [(middle - np.sqrt(inside)) / spread, (middle + np.sqrt(inside)) / spread]
    return float(min(roots)), float(max(roots))


def cost_table(runs: pd.DataFrame, *, level: float = 0.95) -> pd.DataFrame:
    """Compute every cost per outcome there are figures for, by arm.

    Parameters
    ----------
    runs : DataFrame
        arm (str), seed, cost_gbp (what the run cost more than the run it is paired with), perhaps
        in_work_gbp (the part of it for people in work) and any of the outcomes of `COST_BASES`
        (people or person-years).
    level : float
        Coverage of the intervals.

    Returns
    -------
    DataFrame
        arm, outcome (key of `COST_BASES`), unit ("GBP"), value, low, high, n_seeds, note.

    Raises
    ------
    InputError
        When arm, seed or cost_gbp is missing, or a run is there twice.
    """
    check_columns(runs, ("arm", "seed", "cost_gbp"), what="costs of runs")
    if runs.duplicated(["arm", "seed"]).any():
        raise InputError("costs of runs: an arm's seed is there twice; one row is allowed")
    rows = []
    for arm, own in runs.groupby("arm", sort=False):
        for name, base in COST_BASES.items():
            if base in own and own[base].notna().all():
                cost = own["cost_gbp"]
                if name in OF_CLIENTS and "in_work_gbp" in own:
                    cost = cost - own["in_work_gbp"]
                ratio = ratio_interval(cost, own[base], level=level)
                rows.append((arm, name, "GBP", *ratio[:3], len(own), ratio.note))
    names = ["arm", "outcome", "unit", "value", "low", "high", "n_seeds", "note"]
    return pd.DataFrame(rows, columns=names)
