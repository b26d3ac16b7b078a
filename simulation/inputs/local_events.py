"""Dated closures and openings of workplaces in one ward: the local shocks to demand."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from simulation.categories import SECTORS
from simulation.errors import InputError

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
            f"local event {field}: must be {allowed}, got {value!r}"
            for field, value, allowed, is_right in (
                ("kind", self.kind, f"one of {', '.join(EVENT_KINDS)}", self.kind in EVENT_KINDS),
                ("ward", self.ward, "a ward code", isinstance(self.ward, str) and self.ward != ""),
                ("sector", self.sector, f"one of {', '.join(SECTORS)}", self.sector in SECTORS),
                ("jobs", self.jobs, "a whole number above 0", _is_count(self.jobs)),
                ("date", self.date, "a date", isinstance(self.date, date)),
            )
            if not is_right
        ]
        if problems:
            raise InputError(problems)

    @property
    def signed_jobs(self) -> int:
        """Change in desired jobs: negative for a closure."""
        return -self.jobs if self.kind == "closure" else self.jobs


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def parse_date(text: object) -> date | None:
    """Read a date written yyyy-mm-dd, or give None when it is not one.

    Parameters
    ----------
    text : object
        A date, or its text.
    """
    if isinstance(text, date):
        return text.date() if isinstance(text, datetime) else text
    try:
        return date.fromisoformat(str(text).strip())
    except ValueError:
        return None


def parse_local_events(
    records: Iterable[Mapping[str, object]], *, wards: Collection[str]
) -> tuple[LocalEvent, ...]:
    """Turn the entries of a configuration into events; no entries give an empty tuple.

    Parameters
    ----------
    records : iterable of mapping
        Each has exactly the keys of `EVENT_FIELDS`; the date as yyyy-mm-dd.
    wards : collection of str
        The codes an event may name.

    Raises
    ------
    InputError
        One line for every wrong key, kind, ward, sector, number of jobs or date.
    """
    events, problems = [], []
    for position, record in enumerate(records, start=1):
        found = _event_problems(record, wards=wards)
        if not found:
            values: dict[str, Any] = {**record, "date": parse_date(record["date"])}
            try:
                events.append(LocalEvent(**values))
            except InputError as error:
                found = error.problems
        problems += [f"local_events entry {position}: {problem}" for problem in found]
    if problems:
        raise InputError(problems)
    return tuple(events)


def _event_problems(record: Mapping[str, object], *, wards: Collection[str]) -> list[str]:
    """Return what stops a record from being read at all: keys, ward and date."""
    if set(record) != set(EVENT_FIELDS):
        return [f"keys must be {', '.join(EVENT_FIELDS)}; got {', '.join(map(str, record))}"]
    problems = []
    if record["ward"] not in wards:
        problems.append(f"ward {record['ward']!r} is not in the area's table of {len(wards)} wards")
    if parse_date(record["date"]) is None:
        problems.append(f"date must be yyyy-mm-dd, got {record['date']!r}")
    return problems


def local_event_changes(
    events: Iterable[LocalEvent], *, start: date, n_weeks: int
) -> list[tuple[int, LocalEvent]]:
    """Place events in the weeks of a run, earliest first, leaving out those outside it.

    Parameters
    ----------
    events : iterable of LocalEvent
        In any order; none give an empty list.
    start : date
        First day of week 0.
    n_weeks : int
        Weeks in the run.

    Returns
    -------
    list of (int, LocalEvent)
        Week index and event, sorted by date, then ward, sector and kind.
    """
    ordered = sorted(events, key=lambda event: (event.date, event.ward, event.sector, event.kind))
    placed = [((event.date - start).days // 7, event) for event in ordered]
    return [(week, event) for week, event in placed if 0 <= week < n_weeks]
