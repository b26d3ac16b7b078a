"""Dated closures and openings of workplaces in one ward: the local shocks to demand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd

from simulation.categories import SECTORS
from simulation.config.base import parse_day
from simulation.errors import InputError, cut, did_you_mean
from simulation.inputs.named_wards import named_wards

MOST_JOBS = 1_000_000
JOBS_ALLOWED = f"a whole number above 0 and at most {MOST_JOBS}"
EVENT_KINDS = ("closure", "opening")
EVENT_FIELDS = ("kind", "ward", "sector", "jobs", "date")


@dataclass(frozen=True)
class LocalEvent:
    """One dated gain or loss of jobs in one ward and sector.

    Attributes
    ----------
    kind : str
        "closure" (jobs are lost) or "opening" (jobs are added).
    ward : str
        Ward code, as in the area's table.
    sector : str
        One of `categories.SECTORS`.
    jobs : int
        How many jobs, above zero.
    date : date
        The day it happens; it takes effect in the week that holds this day.
    """

    kind: str
    ward: str
    sector: str
    jobs: int
    date: date

    def __post_init__(self) -> None:
        problems = [
            f"local event {field}: must be {allowed}, got {cut(repr(value))}"
            for field, value, allowed, is_right in (
                ("kind", self.kind, f"one of {', '.join(EVENT_KINDS)}", self.kind in EVENT_KINDS),
                ("ward", self.ward, "a ward code", isinstance(self.ward, str) and self.ward != ""),
                ("sector", self.sector, f"one of {', '.join(SECTORS)}", self.sector in SECTORS),
                ("jobs", self.jobs, JOBS_ALLOWED, _is_count(self.jobs)),
                ("date", self.date, "a date", isinstance(self.date, date)),
            )
            if not is_right
        ]
        if problems:
            raise InputError(problems)


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value <= MOST_JOBS


def parse_local_events(
    records: Iterable[Mapping[str, object]], *, wards: pd.DataFrame, start: date, n_weeks: int
) -> tuple[LocalEvent, ...]:
    """Turn the entries of a configuration into events; no entries give an empty tuple.

    Parameters
    ----------
    records : iterable of mapping
        Each has exactly the keys of `EVENT_FIELDS`; the date as yyyy-mm-dd, the ward by its code
        or its name.
    wards : DataFrame
        Those of the area: code, name, district.
    start : date
        First day of week 0.
    n_weeks : int
        Weeks in the run.

    Raises
    ------
    InputError
        One line for every wrong key, kind, ward, sector, number of jobs or date, and for every day
        outside of the run.
    """
    events, problems = [], []
    for position, record in enumerate(records, start=1):
        found = _event_problems(record)
        code = None if found else _code_of(str(record["ward"]), wards)
        if code is None and not found:
            found = [_no_such_ward(str(record["ward"]), wards)]
        if not found:
            values: dict[str, Any] = {**record, "date": parse_day(record["date"]), "ward": code}
            try:
                events.append(LocalEvent(**values))
            except InputError as error:
                found = error.problems
        if not found and not 0 <= (events[-1].date - start).days < 7 * n_weeks:
            last = start + timedelta(weeks=n_weeks, days=-1)
            found = [f"date must be a day of the run, {start} to {last}, got {events[-1].date}"]
        problems += [f"economy.events entry {position}: {problem}" for problem in found]
    if problems:
        raise InputError(problems)
    return tuple(events)


def _code_of(place: str, wards: pd.DataFrame) -> str | None:
    """Return the code of the one ward a text names, None if it names none or several."""
    chosen, unknown = named_wards(place, wards)
    return None if unknown is not None or chosen.sum() != 1 else str(wards["code"][chosen].iloc[0])


def _no_such_ward(place: str, wards: pd.DataFrame) -> str:
    """Say that a text names no one ward, with the nearest names, or the codes of a name's wards."""
    alike = wards[wards["name"].astype(str).str.casefold() == place.casefold()]
    if len(alike) > 1:
        codes = ", ".join(f"{row.code} ({row.district})" for row in alike.itertuples())
        return f"ward {cut(repr(place))} is the name of several wards: {codes}"
    known = [*wards["name"].astype(str), *wards["code"].astype(str)]
    near = did_you_mean(place, known, otherwise="they are named in the area's wards.csv")
    name = cut(repr(place))
    return f"ward {name} is neither the code nor the name of one of {len(wards)} wards; {near}"


def _event_problems(record: Mapping[str, object]) -> list[str]:
    """Return what stops a record from being read at all: keys and date."""
    if set(record) != set(EVENT_FIELDS):
        return [f"keys must be {', '.join(EVENT_FIELDS)}; got {cut(', '.join(map(str, record)))}"]
    if parse_day(record["date"]) is None:
        return [f"date must be yyyy-mm-dd without a time, got {cut(repr(record['date']))}"]
    return []


def closure_weeks(records: Iterable[Mapping[str, object]], *, start: date) -> list[int]:
    """Return the weeks in which the closures among the entries of a configuration take effect."""
    days = [parse_day(each["date"]) for each in records if each.get("kind") == "closure"]
    return [(day - start).days // 7 for day in days if day is not None]


def local_event_changes(
    events: Iterable[LocalEvent], *, start: date
) -> list[tuple[int, LocalEvent]]:
    """Place events in the weeks of a run, earliest first.

    Parameters
    ----------
    events : iterable of LocalEvent
        In any order; none give an empty list.
    start : date
        First day of week 0.

    Returns
    -------
    list of (int, LocalEvent)
        Week index and event, sorted by date, then ward, sector and kind.
    """
    ordered = sorted(events, key=lambda event: (event.date, event.ward, event.sector, event.kind))
    return [((event.date - start).days // 7, event) for event in ordered]
