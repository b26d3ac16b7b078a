"""Paths of demand for labour by sector, from a shipped table or the user's own.

A demand path is a table of index numbers of desired jobs; only its shape matters, for it is
rebased to one on the first day of a run. `docs/economies.md` describes the format.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pandera.pandas as pa

from simulation.categories import SECTORS
from simulation.errors import InputError
from simulation.inputs.columns import day, measure, one_of
from simulation.inputs.csv_files import Table, read_table
from simulation.inputs.local_events import (
    LocalEvent,
    local_event_changes,
    parse_local_events,
)
from simulation.inputs.shipped import resolve_file

__all__ = [
    "LocalEvent",
    "load_demand_path",
    "local_event_changes",
    "parse_local_events",
    "resolve_demand_file",
]

ALL_SECTORS = "all"
MOST_KEPT = 16
LOWEST, HIGHEST = 1e-3, 1e6
MOST_GROWTH = 10.0
"""A sector that wants so many times the jobs of the first day is a slip, not an economy."""
TABLE = pa.DataFrameSchema(
    {
        "date": day(),
        "sector": one_of((*SECTORS, ALL_SECTORS)),
        "index": measure(LOWEST, HIGHEST),
    },
    strict=True,
)


def resolve_demand_file(file: str | Path) -> Path:
    """Find an economy's table: a shipped name (`recession_2008`) or a path of the user's own.

    Raises
    ------
    InputError
        When there is no such file.
    """
    return resolve_file(file, group="economy", suffix=".csv")


def demand_days(file: Path) -> tuple[date, date]:
    """Return the first and the last day on which every sector of a table has a value.

    Raises
    ------
    InputError
        As `load_demand_path`.
    """
    points = _sectors(file)
    return (
        max(rows["date"].iloc[0] for rows in points.values()),
        min(rows["date"].iloc[-1] for rows in points.values()),
    )


def load_demand_path(file: Path, *, start: date, n_weeks: int) -> np.ndarray:
    """Read a demand path and give its value on the first day of every week of a run.

    Between dated points the index moves in a straight line by day; before a sector's first point
    and after its last it stays, and `inputs.years` says whether a run may go there. `all` stands
    for every sector the table does not name.

    Parameters
    ----------
    file : Path
        CSV with the columns `date` (yyyy-mm-dd), `sector`, `index` (any base).
    start : date
        First day of week 0, where every sector's value is 1.0.
    n_weeks : int
        Weeks in the run; 0 gives no rows.

    Returns
    -------
    numpy.ndarray
        float64, shape (n_weeks, n_sectors) in the order of `categories.SECTORS`; jobs wanted as
        a ratio to those wanted at the start.

    Raises
    ------
    InputError
        One line for every unreadable cell, unknown or missing sector, date out of order or
        repeated, and sector that grows more than `MOST_GROWTH` times.
    """
    points = _sectors(file)
    days = start.toordinal() + 7 * np.arange(n_weeks, dtype=np.float64)
    path = np.empty((n_weeks, len(SECTORS)), dtype=np.float64)
    for column, sector in enumerate(SECTORS):
        rows = points[sector if sector in points else ALL_SECTORS]
        known_days = np.array([day.toordinal() for day in rows["date"]], dtype=np.float64)
        levels = rows["index"].to_numpy(dtype=np.float64)
        base = np.interp(start.toordinal(), known_days, levels)
        path[:, column] = np.interp(days, known_days, levels) / base
    _check_growth(path, file)
    return path


def _check_growth(path: np.ndarray, file: Path) -> None:
    """Refuse sectors that want many times the jobs they began with."""
    most = path.max(axis=0, initial=0.0)
    over = [name for name, times in zip(SECTORS, most, strict=True) if times > MOST_GROWTH]
    if over:
        raise InputError(
            f"{file}: {', '.join(over)} would want over {MOST_GROWTH:g} times the jobs of the run's"
            f" first day; the index may be at most {MOST_GROWTH:g} times that of the first day"
        )


def _sectors(file: Path) -> dict[str, pd.DataFrame]:
    """Return the checked points of each sector the table names, dates as dates.

    Raises
    ------
    InputError
        One line a problem.
    """
    return _read_sectors(file, file.stat().st_mtime_ns if file.is_file() else 0)


@lru_cache(maxsize=MOST_KEPT)
def _read_sectors(file: Path, modified_ns: int) -> dict[str, pd.DataFrame]:
    """Read a file once for each time it was changed."""
    table = read_table(file.parent, file.name, TABLE)
    table.refuse(file.parent)
    table.frame = table.frame.assign(date=table.frame["date"].map(date.fromisoformat))
    points = {str(sector): rows for sector, rows in table.frame.groupby("sector", sort=False)}
    _check_order(table, points)
    if ALL_SECTORS not in points:
        for name in SECTORS:
            if name not in points:
                table.add(f"sector {name} has no rows; give it some, or rows for {ALL_SECTORS}")
    table.refuse(file.parent)
    return points


def _check_order(table: Table, points: dict[str, pd.DataFrame]) -> None:
    """Report dates that repeat or go back within a sector."""
    for sector, rows in points.items():
        for (_, before), (line, after) in pairwise(zip(rows.index, rows["date"], strict=True)):
            if after <= before:
                fault = "repeats" if after == before else "comes after"
                table.add(
                    f"row {line}, column date: dates of {sector} must increase, but {after} {fault}"
                    f" {before}"
                )
