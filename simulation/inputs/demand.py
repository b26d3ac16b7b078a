"""Paths of demand for labour by sector, from a shipped table or the user's own.

A demand path is a table of index numbers of desired jobs; only its shape matters, for it is
rebased to one on the first day of a run. `docs/economies.md` describes the format.
"""

from __future__ import annotations

import math
from datetime import date
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pandera.pandas as pa

from simulation.categories import SECTORS
from simulation.errors import InputError
from simulation.inputs.local_events import (
    LocalEvent,
    local_event_changes,
    parse_date,
    parse_local_events,
)
from simulation.inputs.shipped import resolve_file

__all__ = [
    "LocalEvent",
    "load_demand_path",
    "local_event_changes",
    "parse_date",
    "parse_local_events",
    "resolve_demand_file",
]

ALL_SECTORS = "all"
COLUMNS = ("date", "sector", "index")
FIRST_DATA_ROW = 2


def resolve_demand_file(file: str | Path) -> Path:
    """Find an economy's table: a shipped name (`recession_2008`) or a path of the user's own.

    Raises
    ------
    InputError
        When there is no such file.
    """
    return resolve_file(file, group="economy", suffix=".csv")


def load_demand_path(file: Path, *, start: date, n_weeks: int) -> np.ndarray:
    """Read a demand path and give its value on the first day of every week of a run.

    Between dated points the index moves in a straight line by day; after a sector's last point
    it stays where it is. `all` stands for every sector the table does not name.

    Parameters
    ----------
    file : Path
        CSV with the columns `date` (yyyy-mm-dd), `sector`, `index` (above 0, any base).
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
        repeated, and sector whose points begin after `start`.
    """
    table = _read_table(file)
    points = {str(sector): rows for sector, rows in table.groupby("sector", sort=False)}
    problems = _order_problems(points, file=file) + _cover_problems(points, file=file, start=start)
    if problems:
        raise InputError(problems)
    days = start.toordinal() + 7 * np.arange(n_weeks, dtype=np.float64)
    path = np.empty((n_weeks, len(SECTORS)), dtype=np.float64)
    for column, sector in enumerate(SECTORS):
        rows = points[sector if sector in points else ALL_SECTORS]
        known_days = np.array([day.toordinal() for day in rows["date"]], dtype=np.float64)
        levels = rows["index"].to_numpy(dtype=np.float64)
        base = np.interp(start.toordinal(), known_days, levels)
        path[:, column] = np.interp(days, known_days, levels) / base
    return path


def _is_index(text: str) -> bool:
    try:
        number = float(text)
    except ValueError:
        return False
    return math.isfinite(number) and number > 0


ALLOWED = {
    "date": "a date written yyyy-mm-dd",
    "sector": f"one of {', '.join(SECTORS)}, {ALL_SECTORS}",
    "index": "a number above 0",
}
TABLE = pa.DataFrameSchema(
    {
        "date": pa.Column(
            str, pa.Check(lambda text: parse_date(text) is not None, element_wise=True)
        ),
        "sector": pa.Column(str, pa.Check.isin([*SECTORS, ALL_SECTORS])),
        "index": pa.Column(str, pa.Check(_is_index, element_wise=True)),
    }
)
"""What each cell of a demand table must be, checked on the text as it stands in the file."""


def _read_table(file: Path) -> pd.DataFrame:
    """Read and type the table, or say which cells cannot be read."""
    try:
        text = pd.read_csv(file, dtype=str, keep_default_na=False, encoding="utf-8")
    except (OSError, UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise InputError(f"{file}: cannot be read as a CSV table: {error}") from error
    if set(text.columns) != set(COLUMNS):
        raise InputError(
            f"{file} row 1: columns must be {', '.join(COLUMNS)}; got {', '.join(text.columns)}"
        )
    if text.empty:
        raise InputError(f"{file}: no rows; at least one dated index is needed")
    try:
        TABLE.validate(text, lazy=True)
    except pa.errors.SchemaErrors as error:
        cells = error.failure_cases.dropna(subset=["index"]).sort_values("index", kind="stable")
        raise InputError(
            f"{file} row {int(row) + FIRST_DATA_ROW}, column {column}: must be {ALLOWED[column]}, "
            f"got {value!r}"
            for row, column, value in zip(
                cells["index"], cells["column"], cells["failure_case"], strict=True
            )
        ) from error
    dates = pd.Series([parse_date(value) for value in text["date"]], dtype=object)
    return pd.DataFrame(
        {"date": dates, "sector": text["sector"], "index": text["index"].astype(float)}
    )


def _order_problems(points: dict[str, pd.DataFrame], *, file: Path) -> list[str]:
    """Dates that repeat or go back within a sector."""
    problems = []
    for sector, rows in points.items():
        for (_, before), (row, after) in pairwise(zip(rows.index, rows["date"], strict=True)):
            if after <= before:
                fault = "repeats" if after == before else "comes after"
                problems.append(
                    f"{file} row {row + FIRST_DATA_ROW}, column date: dates of {sector} must "
                    f"increase, but {after} {fault} {before}"
                )
    return problems


def _cover_problems(points: dict[str, pd.DataFrame], *, file: Path, start: date) -> list[str]:
    """Sectors without a path, and paths that begin after the run does."""
    missing = [] if ALL_SECTORS in points else [name for name in SECTORS if name not in points]
    problems = [
        f"{file}: sector {name} has no rows; give it some, or rows for {ALL_SECTORS}"
        for name in missing
    ]
    for sector, rows in points.items():
        first = min(rows["date"])
        if first > start:
            problems.append(
                f"{file} row {rows.index[0] + FIRST_DATA_ROW}, column date: {sector} begins on "
                f"{first}, after the run's start {start}; give a point on or before the start"
            )
    return problems
