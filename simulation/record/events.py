"""Every change of state or job of every person, and what it takes to read them: kept on request."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

from simulation.agents.columns import Jobs, People
from simulation.categories import LEVELS, N_LEVELS, N_SECTORS, SECTORS, STATES, WEEKS_PER_YEAR
from simulation.inputs.area import Area

EVENT_DTYPES = {
    "week": np.int16,
    "person": np.int32,
    "from_state": np.int8,
    "to_state": np.int8,
    "age": np.int16,
    "employer": np.int32,
    "level": np.int8,
    "wage_gbp": np.float64,
}


def _employer(cell: np.ndarray) -> np.ndarray:
    return np.where(cell < 0, -1, cell // N_LEVELS).astype(np.int32)


def _level(cell: np.ndarray) -> np.ndarray:
    return np.where(cell < 0, -1, cell % N_LEVELS).astype(np.int8)


def _states(numbers: np.ndarray):
    return pd.Categorical.from_codes(numbers, categories=pd.Index(STATES))


class EventRecord:
    """The first day of everybody, what changed since, and jobs month by month.

    Parameters
    ----------
    people : People
        As on the first day.
    area : Area

    Attributes
    ----------
    cell_before : ndarray of int32, shape (n,)
        Where everybody worked a week ago.
    """

    STATE = ("cell_before", "_weeks", "_months")

    def __init__(self, people: People, area: Area) -> None:
        codes = [str(code) for code in area.wards["code"]]
        self.cell_before = people.cell.copy()
        self._first_day = pd.DataFrame(
            {
                "person": people.id.astype(np.int32),
                "ward": pd.Categorical.from_codes(people.ward, categories=pd.Index(codes)),
                "age_weeks": people.age_weeks.copy(),
                "state": _states(people.state.copy()),
                "weeks_in_state": people.weeks_in_state.copy(),
                "employer": _employer(people.cell),
                "level": _level(people.cell),
                "wage_gbp": people.wage.copy(),
            }
        )
        self._ward_codes = pd.Index(codes)
        self._weeks: list[pd.DataFrame] = []
        self._months: list[np.ndarray] = []

    def add_week(self, people: People, rows: np.ndarray, before: np.ndarray, *, week: int) -> None:
        """Keep who changed in a week: their rows, and the states they were in, shape (rows,)."""
        if not rows.size:
            return
        cell = self.cell_before[rows] = people.cell[rows]
        columns = {
            "week": np.full(rows.size, week),
            "person": people.id[rows],
            "from_state": before,
            "to_state": people.state[rows],
            "age": people.age_weeks[rows] // WEEKS_PER_YEAR,
            "employer": _employer(cell),
            "level": _level(cell),
            "wage_gbp": people.wage[rows],
        }
        self._weeks.append(pd.DataFrame(columns).astype(EVENT_DTYPES))

    def close_month(self, jobs: Jobs) -> None:
        """Count filled jobs, vacancies and those open by sector and level."""
        here = np.repeat(jobs.ward < len(self._ward_codes), N_LEVELS)
        group = (jobs.sector[:, None].astype(np.int64) * N_LEVELS + np.arange(N_LEVELS)).ravel()
        counts = (jobs.filled, np.maximum(jobs.desired - jobs.filled, 0), jobs.openings)
        n_groups = N_SECTORS * N_LEVELS
        self._months.append(
            np.column_stack(
                [np.bincount(group[here], each[here], minlength=n_groups) for each in counts]
            )
        )

    def event_table(self) -> pd.DataFrame:
        """Return every change of state or job, week by week."""
        if not self._weeks:
            return pd.DataFrame(columns=list(EVENT_DTYPES))
        table = pd.concat(self._weeks, ignore_index=True)
        for column in ("from_state", "to_state"):
            table[column] = _states(table[column].to_numpy())
        return table

    def first_day(self) -> pd.DataFrame:
        """Return one row a person: ward, age, state, weeks in it, where in work."""
        return self._first_day

    def job_table(self, months: Sequence[date], weight: int) -> pd.DataFrame:
        """Return jobs (of real people) by month, sector and level: filled, vacancies, open."""
        n_months = len(self._months)
        dates = pd.to_datetime(list(months[:n_months])).as_unit("ms")
        index = pd.MultiIndex.from_product(
            [dates, SECTORS, LEVELS], names=["date", "sector", "level"]
        )
        values = np.concatenate([np.empty((0, 3)), *self._months]) * weight
        names = ["filled", "vacancies", "vacancies_open"]
        return pd.DataFrame(values, index=index, columns=names).reset_index()

    def employer_table(self, jobs: Jobs) -> pd.DataFrame:
        """Return one row an establishment: ward, none if it is outside, and sector."""
        return pd.DataFrame(
            {
                "employer": np.arange(jobs.ward.size, dtype=np.int32),
                "ward": pd.Categorical.from_codes(
                    np.where(jobs.ward < len(self._ward_codes), jobs.ward, -1),
                    categories=self._ward_codes,
                ),
                "sector": pd.Categorical.from_codes(jobs.sector, categories=pd.Index(SECTORS)),
            }
        )
