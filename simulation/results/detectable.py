"""What an evaluator with one region could have detected.

City Strategy was evaluated by comparing the gap in claimant rates of each pathfinder with that of
comparable areas, one history each. The simulated world has many seeds, so that the noise such a
comparison had to beat can be told (Bloom 1995, Evaluation Review 19: minimum detectable effects).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import stats

from simulation.categories import MONTHS_PER_YEAR
from simulation.errors import InputError
from simulation.results.paired import mean_interval

MULTIPLE = float(stats.norm.ppf(0.975) + stats.norm.ppf(0.8))
"""About 2.8: a true effect this many standard errors from zero is found significant at 5 per cent
(two-sided) in 80 of 100 evaluations."""
GAP = "claimant_rate_gap"
MINIMUM = ("minimum_detectable", "minimum_low", "minimum_high")
"""Columns of the least effect that could be detected, and of its interval."""


class DetectableEffect(NamedTuple):
    """Smallest true change of a gap that an evaluator with one region would detect, in points."""

    from_seeds: float
    """From how much the change over all the years varies between seeds; NaN for one seed."""
    from_years: float
    """From how much the year-on-year changes vary, as if one year's were independent of the next
    one's: all that an evaluator with a single history could estimate."""
    standard_error_from_seeds: float
    standard_error_from_years: float
    n_seeds: int
    n_years: int

    @property
    def least(self) -> float:
        """From the seeds where there are several, else from the years."""
        return self.from_years if self.n_seeds == 1 else self.from_seeds

    def interval(self, *, level: float = 0.95) -> tuple[float, float]:
        """Return the interval of the least, whose noise is the spread of few seeds or years.

        That of the standard deviation of normal values, by chi-squared.
        """
        df = (self.n_years if self.n_seeds == 1 else self.n_seeds) - 1
        low, high = np.sqrt(df / stats.chi2.ppf([0.5 + level / 2, 0.5 - level / 2], df))
        return self.least * float(low), self.least * float(high)


def minimum_detectable_effect(gaps: ArrayLike, *, has_comparator: bool = True) -> DetectableEffect:
    """Compute it from the yearly gap of one region, without the policy, under several seeds.

    The evaluator takes the region's change from the first year to the last less the comparator's;
    the comparator is another region of the same kind with luck of its own, so the variance of one
    region counts twice. What all seeds share, a recession say, cancels against it.

    Parameters
    ----------
    gaps : array_like, shape (n_seeds, n_years + 1)
        Gap at yearly intervals, percentage points.
    has_comparator : bool
        False if the region's own change is all there is and its expected path were known.

    Returns
    -------
    DetectableEffect

    Raises
    ------
    ValueError
        When there are fewer than three dates: no year-on-year change could be compared.
    """
    table = np.asarray(gaps, np.float64)
    if table.ndim != 2 or table.shape[0] == 0 or table.shape[1] < 3:
        raise ValueError("minimum_detectable_effect needs seeds by at least three yearly gaps")
    n_seeds, n_years = table.shape[0], table.shape[1] - 1
    factor = float(np.sqrt(2.0 if has_comparator else 1.0))
    changes = np.diff(table, axis=1)
    if n_seeds == 1:
        between, yearly = np.nan, float(changes.std(ddof=1))
    else:
        between = float((table[:, -1] - table[:, 0]).std(ddof=1))
        yearly = float(np.sqrt(changes.var(axis=0, ddof=1).mean()))
    errors = (factor * between, factor * yearly * float(np.sqrt(n_years)))
    return DetectableEffect(
        MULTIPLE * errors[0], MULTIPLE * errors[1], errors[0], errors[1], n_seeds, n_years
    )


def yearly_gaps(gap: pd.DataFrame, *, n_years: int = 4) -> np.ndarray:
    """Take a gap at yearly intervals from the first month on, one row a seed.

    Parameters
    ----------
    gap : DataFrame
        seed, date (month), gap: of one arm, as `outcomes.claimant_gaps` gives it.
    n_years : int

    Returns
    -------
    ndarray of float64, shape (n_seeds, n_years + 1)

    Raises
    ------
    InputError
        When the runs are too short.
    """
    table = gap.pivot(index="seed", columns="date", values="gap").sort_index(axis=1)
    needed = n_years * MONTHS_PER_YEAR + 1
    if table.shape[1] < needed:
        raise InputError(
            f"{n_years} years of a gap need {needed} months; the runs have {table.shape[1]}"
        )
    return table.to_numpy(np.float64)[:, :needed:MONTHS_PER_YEAR]


def history_table(
    gaps: pd.DataFrame, *, arm: str, baseline: str, n_years: int = 4, people_per_agent: int = 1
) -> pd.DataFrame:
    """Compare the change of the claimant gap in two arms with what an evaluator could detect.

    Parameters
    ----------
    gaps : DataFrame
        arm, seed, date, gap, as `outcomes.claimant_gaps` gives it.
    arm, baseline : str
        The noise is that of the baseline.
    n_years : int
        From the first month on.
    people_per_agent : int
        An evaluator meets the region itself: the noise of a thinned one is divided by the square
        root of this, as the chance of single people is.

    Returns
    -------
    DataFrame
        One row: outcome, unit, arm, baseline, effect, low, high, `MINIMUM`, n_seeds, note.

    Raises
    ------
    InputError
        When an arm is missing, arms differ in seeds, or the runs are too short.
    """
    absent = [name for name in (arm, baseline) if name not in set(gaps["arm"])]
    if absent:
        raise InputError([f"claimant gaps: arm {name!r} is missing" for name in absent])
    own = {name: gaps[gaps["arm"] == name] for name in (arm, baseline)}
    if set(own[arm]["seed"]) != set(own[baseline]["seed"]):
        raise InputError(f"claimant gaps: {arm!r} and {baseline!r} must have the same seeds")
    helped, usual = (yearly_gaps(each, n_years=n_years) for each in own.values())
    change = (helped[:, -1] - helped[:, 0]) - (usual[:, -1] - usual[:, 0])
    effect, low, high = (float(each) for each in mean_interval(change))
    noise = minimum_detectable_effect(usual)
    thinned = math.sqrt(people_per_agent)
    said = (
        f"Change over {n_years} years; noise between seeds, from year-on-year changes it would be"
        f" {noise.from_years / thinned:.2g}."
    )
    if people_per_agent > 1:
        said += (
            " Noise is that of the region itself, so far as it is the chance of single people: one"
            f" agent stands for {people_per_agent} people, and with the noise of these runs the"
            f" least would be {noise.least:.2g}."
        )
    detectable = (each / thinned for each in (noise.least, *noise.interval()))
    row = (GAP, "percentage points", arm, baseline, effect, low, high, *detectable, len(change))
    names = ["outcome", "unit", "arm", "baseline", "effect", "low", "high", *MINIMUM, "n_seeds"]
    return pd.DataFrame([(*row, said)], columns=[*names, "note"])
