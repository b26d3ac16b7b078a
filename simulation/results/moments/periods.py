"""Periods of data and of runs: a month, a quarter, a year, or from one of them to another."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pandas as pd

from simulation.errors import InputError

TO = ".."
WHOLE_RUN = "run"
FORM = re.compile(r"\d{4}(-(0[1-9]|1[0-2])|Q[1-4])?")


@dataclass(frozen=True)
class Period:
    """Some whole months.

    Attributes
    ----------
    text : str
        As in tables: `2008-02`, `2008Q1`, `2007`, `2008-07..2009-06`, or `run`.
    first, last : Timestamp
        First days of the first and of the last month.
    """

    text: str
    first: pd.Timestamp
    last: pd.Timestamp

    @property
    def end(self) -> pd.Timestamp:
        """The day after the last."""
        return self.last + pd.DateOffset(months=1)

    def months(self) -> pd.DatetimeIndex:
        """Return the first day of each month."""
        return pd.date_range(self.first, self.last, freq="MS")

    def first_months(self, n: int) -> Period:
        """Return its first n months."""
        return Period(self.text, self.first, self.first + pd.DateOffset(months=n - 1))

    def last_months(self, n: int) -> Period:
        """Return its last n months."""
        return Period(self.text, self.last - pd.DateOffset(months=n - 1), self.last)


def period_of(text: str, *, run: tuple[pd.Timestamp, pd.Timestamp]) -> Period:
    """Read a period.

    Parameters
    ----------
    text : str
    run : (Timestamp, Timestamp)
        First days of the first and the last whole month of the run, what `run` stands for.

    Raises
    ------
    InputError
        If it is none.
    """
    if text == WHOLE_RUN:
        return Period(text, *run)
    parts = text.split(TO)
    if len(parts) > 2 or not all(FORM.fullmatch(part) for part in parts):
        raise InputError(
            f"period {text!r}: write a month 2008-02, a quarter 2008Q1, a year 2007, two of them"
            " with .. between, or run"
        )
    ends = [pd.Period(part) for part in parts]
    first = ends[0].to_timestamp().normalize()
    last = ends[-1].end_time.normalize().replace(day=1)
    if last < first:
        raise InputError(f"period {text!r} ends before it begins")
    return Period(text, first, last)
