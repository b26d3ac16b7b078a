"""How often every point is run: seeds are added until noise no longer hides what factors do.

All points have the same seeds 1 to S. What a seed adds to every point alike moves no point against
another and is taken out; what is left of the differences between runs of a point is its noise. The
mean of a point over its seeds has a half width t sqrt(noise / S), with the t of a 95 per cent
interval. There are seeds enough when, for every outcome, it is at most `half_width` times the
standard deviation of the expected outcome over the points.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from experiments.sensitivity.noise import noise_share, unusable
from experiments.studies.pairs import rows_of
from simulation.report.pen import number

NOISE_COLUMNS = (
    "outcome",
    "unit",
    "n_points",
    "n_seeds",
    "variance_points",
    "variance_noise",
    "noise_share",
    "half_width",
    "wanted",
    "enough",
    "note",
)
LEVEL = 0.95
LARGEST_STEP = 4
"""Seeds are at most so many times as many after a round, for the first estimate is rough."""
VISIBLE = 0.05
"""Points differ visibly when chance alone would show as much less often than this (F test)."""
ONE_POINT = "one point: nothing to compare"
CONSTANT = "the same in every run"
UNMOVED = "the same at every point: no factor moves it, nor does chance"
SETTLED = (ONE_POINT, CONSTANT, UNMOVED)
"""What more seeds would tell nothing of."""
NOT_JUDGED = "not judged"
NO_NOISE = "no noise: one seed would do"


@dataclass(frozen=True)
class Rule:
    """When there are seeds enough: how many at first and at most, and the half width wanted."""

    first: int
    most: int
    half_width: float


def noise_frame(
    outcomes: Mapping[str, NDArray[np.float64]], units: Mapping[str, str], rule: Rule
) -> pd.DataFrame:
    """Say of each outcome how much of its variance is noise, and whether seeds are enough.

    Parameters
    ----------
    outcomes : mapping of str to ndarray of float64 (n_points, n_seeds)
    units : mapping of str to str
    rule : Rule

    Returns
    -------
    DataFrame
        Columns `NOISE_COLUMNS`, one row an outcome. Variances are in squared units of the outcome,
        that of points free of noise (it may be below 0); `half_width` and `wanted` in its unit.
    """
    rows = [
        {"outcome": name, "unit": units.get(name, "-"), **_row(table, rule)}
        for name, table in outcomes.items()
    ]
    return pd.DataFrame(rows, columns=list(NOISE_COLUMNS))


def _row(table: NDArray[np.float64], rule: Rule) -> dict[str, Any]:
    n_points, n_seeds = table.shape
    known = {"n_points": n_points, "n_seeds": n_seeds}
    blank = dict.fromkeys(NOISE_COLUMNS[4:9], np.nan)
    problem = _problem(table)
    if problem:
        return {**blank, **known, "enough": problem in SETTLED, "note": problem}
    found = {**blank, **noise_share(table)}
    if n_seeds == 1:
        return {**found, "enough": False, "note": "not enough: one seed shows no noise"}
    found["half_width"] = _half_width(found["variance_noise"], n_points, n_seeds)
    found["wanted"] = rule.half_width * math.sqrt(max(found["variance_points"], 0.0))
    enough = bool(found["half_width"] <= found["wanted"])
    return {**found, "enough": enough, "note": _note(found, enough)}


def _problem(table: NDArray[np.float64]) -> str:
    if np.isfinite(table).all() and np.ptp(table) == 0:
        return CONSTANT
    if len(table) == 1:
        return ONE_POINT
    if np.isfinite(table).all():
        return "" if np.ptp(table, axis=0).any() else UNMOVED
    missing = unusable(table) if np.isfinite(table).any() else "no run has it"
    return f"{NOT_JUDGED}: {missing}"


def _half_width(variance: float, n_points: int, n_seeds: int) -> float:
    t = stats.t.ppf(0.5 + LEVEL / 2.0, (n_points - 1) * (n_seeds - 1))
    return float(t * math.sqrt(variance / n_seeds))


def _note(found: Mapping[str, Any], enough: bool) -> str:
    if enough:
        return NO_NOISE if found["variance_noise"] == 0 else ""
    half_width, wanted = found["half_width"], found["wanted"]
    if not _is_visible(found):
        return (
            "not enough seeds: no difference between points shows beyond noise; a point's mean is"
            f" known to within {number(half_width, figures=2)}"
        )
    return (
        f"not enough seeds: a point's mean is known to within {number(half_width)},"
        f" {number(wanted)} was wanted; about {_seeds_for(found)} seeds would do"
    )


def _is_visible(found: Mapping[str, Any]) -> bool:
    """Whether points differ by more than chance would have them (F test of the seed means)."""
    n_points, n_seeds = found["n_points"], found["n_seeds"]
    noise = found["variance_noise"]
    if noise == 0:
        return True
    ratio = (noise + n_seeds * found["variance_points"]) / noise
    df = n_points - 1
    return bool(stats.f.sf(ratio, df, df * (n_seeds - 1)) < VISIBLE)


def _seeds_for(found: Mapping[str, Any]) -> int:
    """Return how many seeds give the wanted half width, which falls with their square root."""
    return math.ceil(found["n_seeds"] * (found["half_width"] / found["wanted"]) ** 2)


def seeds_wanted(noise: pd.DataFrame, rule: Rule) -> int:
    """Return how many seeds there shall be in all after the next round; as many as now: stop.

    The outcome that wants most counts. One whose points do not differ visibly is given twice the
    first number of seeds and then given up, for no number of seeds can be worked out for it.

    Parameters
    ----------
    noise : DataFrame
        As `noise_frame` gives it.
    rule : Rule
    """
    present = int(noise["n_seeds"].max())
    wanted = [_wanted(row, rule) for row in rows_of(noise)]
    return max(present, min(max(wanted, default=present), rule.most, LARGEST_STEP * present))


def _wanted(row: Mapping[str, Any], rule: Rule) -> int:
    n_seeds = int(row["n_seeds"])
    if row["enough"] or str(row["note"]).startswith(NOT_JUDGED):
        return n_seeds
    if n_seeds == 1:
        return 2
    if not _is_visible(row):
        return min(2 * n_seeds, max(2 * rule.first, 4))
    return max(_seeds_for(row), n_seeds + 1)
