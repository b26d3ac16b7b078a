"""The years a dated table speaks of: a run that leaves them is refused, or told to hold on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

from simulation.config import HOLD, Config
from simulation.errors import InputError


class Years(NamedTuple):
    """A dated table and the days it speaks of."""

    table: str
    """As a user calls it: the parameter that names it and its file."""
    first: date | None
    last: date | None
    """Days it speaks of, both included; None where it is open."""
    give: str
    """What to give where a run leaves them."""


class Left(NamedTuple):
    """A table that a run leaves: in which words, and what to give instead."""

    said: str
    give: str


HOLDS = ", which keeps the nearest values"


def first_and_last(config: Config) -> tuple[date, date]:
    """Return the first days of the first and of the last week of a run."""
    return config.start, config.start + timedelta(weeks=config.weeks - 1)


def left(config: Config, tables: Iterable[Years]) -> Iterator[Left]:
    """Give each table that a run leaves, once for each side it is left on."""
    begins, ends = first_and_last(config)
    for each in tables:
        if each.first is not None and begins < each.first:
            said = f"{each.table} begins on {each.first}, after the run does, on {begins}"
            yield Left(said, each.give)
        if each.last is not None and ends > each.last:
            said = f"{each.table} ends on {each.last}, before the run's last week, of {ends}"
            yield Left(said, each.give)


def refuse(config: Config, found: Iterable[Left]) -> None:
    """Refuse a run that leaves the years of a table, unless it is told to hold on.

    Raises
    ------
    InputError
        One line for each.
    """
    lines = [f"{each.said}: {each.give}, or say beyond=hold{HOLDS}" for each in found]
    if lines and config.beyond != HOLD:
        raise InputError(lines)


def check_years(config: Config, tables: Iterable[Years]) -> None:
    """Refuse a run that leaves the years of some tables, as `refuse` does."""
    refuse(config, left(config, tables))
