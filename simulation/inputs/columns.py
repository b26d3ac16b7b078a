"""Columns of the tables users bring: what each may hold and the words an error says it in."""

from __future__ import annotations

from collections.abc import Iterable

import pandera.pandas as pa

from simulation.config.base import parse_day

SEPARATOR = "|"
"""Between the values of a cell that holds several."""


def column(dtype: type, allowed: str, check: pa.Check | None = None, **options) -> pa.Column:
    """Return a column; `allowed` is what a reader of an error message is told."""
    checks = [check] if check is not None else []
    return pa.Column(dtype, checks, coerce=True, description=allowed, **options)


def text(*, empty: bool = False) -> pa.Column:
    """Return a column of text."""
    if empty:
        return column(str, "some text or nothing")
    return column(str, "some text", pa.Check.str_length(min_value=1))


def unique_name(what: str) -> pa.Column:
    """Return a column of names, each in one row only."""
    allowed = f"{what} no other row has"
    return column(str, allowed, pa.Check.str_length(min_value=1), unique=True)


def one_of(values: Iterable) -> pa.Column:
    """Return a column of one of some values."""
    values = tuple(values)
    allowed = "one of " + ", ".join(map(str, values))
    return column(type(values[0]), allowed, pa.Check.isin(values))


def flag() -> pa.Column:
    """Return a column of zeros and ones."""
    return one_of((0, 1))


def whole(low: int, high: int) -> pa.Column:
    """Return a column of whole numbers in a range, both ends included."""
    return column(int, f"a whole number from {low} to {high}", pa.Check.in_range(low, high))


def measure(low: float, high: float) -> pa.Column:
    """Return a column of numbers in a range, both ends included."""
    allowed = f"a number from {low:g} to {high:g}"
    return column(float, allowed, pa.Check.in_range(low, high))


def several(values: Iterable[str]) -> pa.Column:
    """Return a column whose cells name one or more of some values, each once."""
    values = tuple(values)
    known = set(values)

    def is_allowed(cell: str) -> bool:
        parts = split(cell)
        return bool(parts) and set(parts) <= known and len(set(parts)) == len(parts)

    allowed = f"one or more of {', '.join(values)}, each once, separated by {SEPARATOR}"
    return column(str, allowed, pa.Check(is_allowed, element_wise=True, name="several"))


def day(*, empty: bool = False) -> pa.Column:
    """Return a column of days of the calendar, kept as text."""
    allowed = "a date such as 2006-04-01" + (" or nothing" if empty else "")
    check = pa.Check(
        lambda cell: (empty and cell == "") or parse_day(cell) is not None,
        element_wise=True,
        name="day",
    )
    return column(str, allowed, check)


def split(cell: str) -> tuple[str, ...]:
    """Return the values of a cell that holds several; none for an empty cell."""
    return tuple(part.strip() for part in cell.split(SEPARATOR)) if cell.strip() else ()
