"""A finished run as moments see it: its months, its quarters, everybody's changes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd

from simulation.categories import DAYS_PER_WEEK, SECTORS, WEEKS_PER_YEAR, State
from simulation.results.moments.lives import Linked, Lives, Spells
from simulation.results.moments.periods import Period

QUARTER_WEEKS = 13
MID_QUARTER_DAYS = 45
ALL = "all"
UNEMPLOYED = (State.JSA, State.SEEKING_NO_BENEFIT)
MONTHS, EVENTS = "monthly", "events"
"""What a moment is made from: frames that every run has, or those kept with events."""


class History:
    """Frames of one run, and what several moments are made from, each made once.

    Parameters
    ----------
    monthly, wards : DataFrame
        As a run keeps them.
    start : date
        First day of the first week.
    n_weeks : int
    weight : int
        People an agent stands for.
    events, first_day, employers, jobs : DataFrame or None
        As a run keeps them with `events=true`; all or none.
    """

    def __init__(
        self,
        monthly: pd.DataFrame,
        wards: pd.DataFrame,
        *,
        start: date,
        n_weeks: int,
        weight: int,
        kept: Mapping[str, pd.DataFrame] | None = None,
    ) -> None:
        self._monthly, self._wards = monthly, wards
        self.start, self.n_weeks, self.weight = pd.Timestamp(start), n_weeks, weight
        self._kept = kept
        self.has_events = kept is not None

    @cached_property
    def area(self) -> pd.DataFrame:
        """Months of the area, a column an outcome, in people."""
        return self._table(self._monthly[self._monthly["ward"] == ALL], ALL)

    def by_age(self, band: str) -> pd.DataFrame:
        """Months of one age band of the area."""
        return self._table(self._monthly[self._monthly["ward"] == ALL], f"age:{band}")

    @cached_property
    def districts(self) -> dict[str, pd.DataFrame]:
        """Months of each district, by its name."""
        district = self._wards.set_index("code")["district"]
        rows = self._monthly[self._monthly["ward"] != ALL]
        names = rows["ward"].astype(str).map(district)
        return {str(name): self._table(part, ALL) for name, part in rows.groupby(names)}

    def wards_in(self, month: pd.Timestamp) -> pd.DataFrame:
        """Return one month of each ward, index its code, a column an outcome."""
        rows = self._monthly[(self._monthly["date"] == month) & (self._monthly["ward"] != ALL)]
        return rows.astype({"ward": str, "outcome": str}).pivot(
            index="ward", columns="outcome", values="value"
        )

    @staticmethod
    def _table(rows: pd.DataFrame, group: str) -> pd.DataFrame:
        rows = rows[rows["group"] == group].astype({"outcome": str})
        return rows.groupby(["date", "outcome"])["value"].sum().unstack()

    def covers(self, period: Period) -> bool:
        """Whether the run has all of a period: its months are whole."""
        first, last = self.whole_months
        return first <= period.first and period.last <= last

    @property
    def whole_months(self) -> tuple[pd.Timestamp, pd.Timestamp]:
        """First days of the first and of the last month that lie within the run."""
        month = pd.DateOffset(months=1)
        first = self.start.replace(day=1)
        # A week is of the month it begins in, so that up to six days may be the month's before.
        first = first if self.start.day <= DAYS_PER_WEEK else first + month
        end = self.start + pd.Timedelta(weeks=self.n_weeks)
        return first, end.replace(day=1) - month

    def week_of(self, day: pd.Timestamp) -> int:
        """Return the number of the first week that begins on a day or after it."""
        return -((self.start - day).days // DAYS_PER_WEEK)

    def weeks_of(self, period: Period) -> tuple[int, int]:
        """Return the first week that begins in a period, and the first that begins after it."""
        return self.week_of(period.first), self.week_of(period.end)

    @cached_property
    def lives(self) -> Lives:
        """Everybody's changes."""
        return Lives(self._frame("events"), self._frame("first_day"))

    def _frame(self, name: str) -> pd.DataFrame:
        assert self._kept is not None
        return self._kept[name]

    @cached_property
    def quarters(self) -> tuple[pd.PeriodIndex, Linked]:
        """People linked from the middle of one calendar quarter to that of the next.

        Windows are 13 weeks; each has the name of the quarter it ends in, as the flows of the
        Labour Force Survey have.
        """
        first = pd.Period(self.start, "Q")
        middle = first.start_time + pd.Timedelta(days=MID_QUARTER_DAYS)
        if middle < self.start:
            first, middle = first + 1, (first + 1).start_time + pd.Timedelta(days=MID_QUARTER_DAYS)
        ends = np.arange(self.week_of(middle), self.n_weeks, QUARTER_WEEKS) - 1
        names = pd.period_range(first + 1, periods=max(len(ends) - 1, 0), freq="Q")
        return names, self.lives.linked(ends)

    def quarters_in(self, period: Period) -> np.ndarray:
        """Return which windows end in a period, int; empty if one of its quarters is not there."""
        names, _ = self.quarters
        wanted = pd.period_range(period.first, period.last, freq="Q")
        rows = names.get_indexer(wanted)
        return rows if (rows >= 0).all() else rows[:0]

    @cached_property
    def _spells(self) -> dict[tuple[State, ...], Spells]:
        return {}

    def spells(self, *states: State) -> Spells:
        """Return every spell in one of some states."""
        if states not in self._spells:
            self._spells[states] = self.lives.spells(states)
        return self._spells[states]

    def under_way(self, states: tuple[State, ...], week: int) -> tuple[np.ndarray, np.ndarray]:
        """Return how many weeks spells under way at the end of a week have lasted, and ages."""
        if (states, week) not in self._under_way:
            spells = self.spells(*states)
            here = np.flatnonzero((spells.start <= week) & (week < spells.end))
            start, age = spells.start[here].astype(np.int32), spells.age[here]
            years = (week - np.maximum(start, 0)) // WEEKS_PER_YEAR
            self._under_way[states, week] = week - start, age + years
        return self._under_way[states, week]

    @cached_property
    def _under_way(self) -> dict[tuple[tuple[State, ...], int], tuple[np.ndarray, np.ndarray]]:
        return {}

    @cached_property
    def jobs(self) -> pd.DataFrame:
        """Jobs by date, sector and level: filled, vacancies, vacancies_open; and hires a month."""
        jobs = self._frame("jobs").set_index(["date", "sector", "level"])
        sector = self._frame("employers")["sector"].cat.codes.to_numpy()
        lives = self.lives
        hired = np.flatnonzero(lives.after == State.EMPLOYED)
        days = lives.week[hired].astype("timedelta64[D]") * DAYS_PER_WEEK
        month = (self.start.to_datetime64().astype("datetime64[D]") + days).astype("datetime64[M]")
        keys = pd.MultiIndex.from_arrays(
            [
                month.astype("datetime64[ms]"),
                np.array(SECTORS, dtype=object)[sector[lives.employer[hired]]],
                lives.level[hired].astype(np.int64),
            ],
            names=["date", "sector", "level"],
        )
        hires = pd.Series(1, index=keys).groupby(level=[0, 1, 2]).sum() * float(self.weight)
        return jobs.assign(hires=hires.reindex(jobs.index, fill_value=0.0))
