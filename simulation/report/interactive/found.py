"""What any two arms differ by over the whole period, and what that costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from simulation.report.decided import Sides, sides
from simulation.results.paired import mean_interval
from simulation.results.sets import ALL
from simulation.results.unit_costs import ratio_interval
from simulation.results.verdict import HEADLINE, LESS, MORE, MORE_THAN_SUPPORT, TIE


class Told(NamedTuple):
    """A figure with its interval; limits are NaN for one seed."""

    mean: float
    low: float
    high: float
    holds: bool = True
    """Whether it would hold among all comparisons that were looked at."""

    @property
    def has_interval(self) -> bool:
        """Whether chance can be told from effect."""
        return bool(np.isfinite(self.low) and np.isfinite(self.high))

    @property
    def is_same(self) -> bool:
        """Whether two arms are the same in every seed: an interval of nothing."""
        return self.low == self.high == 0.0

    @property
    def is_clear_alone(self) -> bool:
        """Whether the interval leaves nought out."""
        return self.has_interval and bool(self.low > 0 or self.high < 0)

    @property
    def is_clear(self) -> bool:
        """Whether the interval leaves nought out, and would among all comparisons."""
        return self.is_clear_alone and self.holds

    @property
    def order(self) -> str:
        """What is told of it, in the words of a verdict."""
        return (MORE if self.mean > 0 else LESS) if self.is_clear else TIE


class Found:
    """Differences between any two arms over the whole period, and what they cost.

    Parameters
    ----------
    values : mapping of str to ndarray of shape (arms, seeds)
        What each run brought.
    arms : sequence of str
        The baseline first.
    verdict : DataFrame
        As `simulation.results.verdict.verdict` gives it; where it is empty, each difference is
        looked at by itself.
    """

    def __init__(
        self,
        values: dict[str, NDArray[np.float64]],
        arms: Sequence[str],
        verdict: pd.DataFrame | None = None,
    ) -> None:
        self.values, self.arms = values, list(arms)
        self.rows: dict[tuple[str, str, str, str], Mapping[Any, Any]] = {}
        if verdict is not None and len(verdict):
            self.rows = {
                (row["set"], row["outcome"], row["arm"], row["against"]): row
                for row in verdict.to_dict("records")
            }

    @property
    def n_seeds(self) -> int:
        """Runs of each arm, as many as there are pairs of two arms' runs."""
        return len(self.values[HEADLINE][0])

    def told(self, outcome: str, arm: int, against: int = 0) -> Told:
        """Compare two arms, by their numbers."""
        names = self.arms[arm], self.arms[against]
        row = self.rows.get((ALL, outcome, *names))
        if row is not None:
            return _told(row)
        row = self.rows.get((ALL, outcome, *names[::-1]))
        if row is not None:
            holds = row["order"] in (MORE, LESS)
            return Told(-row["estimate"], -row["high"], -row["low"], holds)
        own = self.values[outcome]
        mean, low, high = mean_interval(own[arm] - own[against])
        return Told(float(mean), float(low), float(high))

    def of_set(self, name: str, outcome: str, arm: int) -> Told | None:
        """Compare an arm with the baseline among some people; None if the verdict has no such set.

        Parameters
        ----------
        name : str
            Of a set of the verdict.
        """
        row = self.rows.get((name, outcome, self.arms[arm], self.arms[0]))
        return None if row is None else _told(row)

    def cost(self, arm: int) -> Told | None:
        """Divide what an arm cost more by the years of work it added.

        None if it cost nothing, or differs from the baseline in more than support.
        """
        spend = self.values.get("spend_gbp")
        if spend is None:
            return None
        more = np.nan_to_num(spend[arm]) - np.nan_to_num(spend[0])
        if not more.any():
            return None
        row = self.rows.get((ALL, "cost_per_year_gbp", self.arms[arm], self.arms[0]))
        if row is not None:
            is_told = row.get("method") != MORE_THAN_SUPPORT
            return Told(row["estimate"], row["low"], row["high"]) if is_told else None
        years = self.values["work_years"]
        ratio = ratio_interval(more, years[arm] - years[0])
        return Told(ratio.value, ratio.low, ratio.high)

    def ranked(self, hardly: Sequence[str] = ()) -> list[str]:
        """Return the arms an answer may choose among: those that happened, if any did."""
        others = self.arms[1:]
        return [arm for arm in others if arm not in hardly] or others

    def sides(self, hardly: Sequence[str] = ()) -> Sides:
        """Part those arms by what is told of their years of work beside the baseline's."""
        ranked = self.ranked(hardly)
        return sides({arm: self.told(HEADLINE, self.arms.index(arm)).order for arm in ranked})

    def best(self, hardly: Sequence[str] = ()) -> int:
        """Return the arm an answer is of, the baseline where there is no other.

        That with most years of work among those that surely have more than the baseline; where none
        has, among those of which it cannot be told.

        Parameters
        ----------
        hardly : sequence of str
            Arms that hardly happened, which are not ranked if there are others.
        """
        numbers = [self.arms.index(arm) for arm in self.sides(hardly).first]
        return max(numbers, key=lambda n: self.told(HEADLINE, n).mean, default=0)


def _told(row: Mapping[Any, Any]) -> Told:
    return Told(row["estimate"], row["low"], row["high"], row["order"] in (MORE, LESS))


def supported(values: dict[str, NDArray[np.float64]], n_arms: int) -> list[bool]:
    """Say of each arm whether money was spent on support in it."""
    spend = values.get("spend_gbp")
    if spend is None:
        return [False] * n_arms
    return [bool(own.any()) for own in np.nan_to_num(spend) > 0]
