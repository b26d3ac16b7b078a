"""Rows of data that moments are held against, and the table that is shipped."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pandas as pd

from simulation.errors import InputError
from simulation.inputs.shipped import CONF

SHIPPED = CONF / "validate" / "moments.csv"
CALIBRATE, CHECK = "calibrate", "check"
REGION = "region"
"""The basis of flows moved to where an area's stocks stand still."""


class Row(NamedTuple):
    """One figure of the real world.

    Attributes
    ----------
    moment, period : str
        As `simulation.results.moments` reads them.
    basis : str
        What it is of: UK, GB, West Midlands, district, or the one area it holds for.
    data, tolerance : float
        In the moment's unit; a distance of one is as far off as is still right.
    role : str
        `calibrate` or `check`.
    economy : str
        The economy it holds for; any if empty.
    source : str
    """

    moment: str
    period: str
    basis: str
    data: float
    tolerance: float
    role: str
    economy: str
    source: str


def read_rows(path: Path) -> pd.DataFrame:
    """Read a table of rows.

    Raises
    ------
    InputError
        If it cannot be read, or a line is not a row; one line each.
    """
    try:
        table = pd.read_csv(path, dtype=str, keep_default_na=False)
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: cannot be read: {error}") from error
    if list(table.columns) != list(Row._fields):
        raise InputError(f"{path}: its columns must be {','.join(Row._fields)}")
    problems = []
    for place, row in enumerate(table.itertuples(index=False), start=2):
        if row.role not in (CALIBRATE, CHECK):
            problems.append(f"{path}, line {place}: role must be calibrate or check, {row.role!r}")
    for column in ("data", "tolerance"):
        numbers = pd.to_numeric(table[column], errors="coerce")
        wrong = numbers.isna() & (table[column] != "")
        if column == "tolerance":
            wrong |= ~(numbers > 0)
        problems += [
            f"{path}, line {place + 2}: {column} must be a number"
            f"{' above 0' if column == 'tolerance' else ' or empty'}, got {table[column][place]!r}"
            for place in wrong[wrong].index
        ]
        table[column] = numbers
    if problems:
        raise InputError(problems)
    twice = table[table.duplicated(["moment", "period", "basis"])]
    if len(twice):
        first = twice.iloc[0]
        raise InputError(f"{path}: {first['moment']}, {first['period']} is there twice")
    return table
