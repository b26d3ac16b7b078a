"""Journeys read from the record of clients, one row for each.

A journey begins with an engagement (people in work: with a service) and ends when the client leaves
or, after a job entry, when the job is lost or no longer followed. Frames in, frames out.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from simulation.categories import CLIENT_EVENTS, CLIENT_GROUPS, STAGES
from simulation.errors import InputError, check_columns

COLUMNS = ("week", "person", "event", "stage", "stream", "provider", "ward", "group", "cost_gbp")
CODE = {name: code for code, name in enumerate(CLIENT_EVENTS)}
ASIDE = ("helped", "paid_for_result")
"""Events that are no part of a journey's course."""
DURING = ("barrier_lifted", "training_started", "training_completed", "work_trial")
"""Events interventions can note for people outside a journey as well."""
STARTS = {
    "engaged": 1,
    "assessed": 2,
    "service_started": 3,
    "parked": 3,
    "placement_started": 4,
    "job_entry": 4,
    "aftercare_started": 5,
}
"""Events after which a client is in a stage, and its number."""
EXITS = ("did_not_go_on", "lost_at_hand_over", "left_waiting", "dropped_out", "completed")
LEAKS = {
    "did_not_go_on": "did not go on",
    "lost_at_hand_over": "lost at hand-over",
    "left_waiting": "left waiting",
    "dropped_out": "dropped out",
    "completed": "completed without a job",
    "provider_closed": "provider closed",
    "left_area": "left the area or reached 65",
    "job_lost": "job lost",
}
"""Where journeys end, by the event that ends them."""
NOBODY = -1


class Record(NamedTuple):
    """The record in order of persons and weeks, as codes; arrays have shape (n,)."""

    rows: np.ndarray
    """int64, place in the frame."""
    person: np.ndarray
    """int, who."""
    week: np.ndarray
    """int, when."""
    event: np.ndarray
    """int64, position in `categories.CLIENT_EVENTS`."""
    journey: np.ndarray
    """int64, numbered from 0; -1 for events outside any journey."""
    is_entry: np.ndarray
    """bool, the first event of a journey."""


def read_record(clients: pd.DataFrame) -> Record:
    """Order the events and number the journeys.

    Parameters
    ----------
    clients : DataFrame
        The record of clients, in the order of what happened; no rows give an empty record.

    Raises
    ------
    InputError
        When columns are missing, or somebody's record does not begin at the beginning.
    """
    check_columns(clients, COLUMNS, what="clients frame")
    event = _codes(clients["event"], CLIENT_EVENTS)
    kept = np.flatnonzero(~np.isin(event, [CODE[name] for name in ASIDE]))
    person, week = clients["person"].to_numpy()[kept], clients["week"].to_numpy()[kept]
    order = np.lexsort((week, person))
    rows, person, week = kept[order], person[order], week[order]
    event = event[rows]
    in_work = _codes(clients["group"], CLIENT_GROUPS)[rows] == CLIENT_GROUPS.index("employed")
    is_entry = _entries(person, event, in_work)
    journey = np.cumsum(is_entry) - 1
    owner = np.append(person[is_entry], NOBODY)
    journey = np.where(owner[journey] == person, journey, NOBODY)
    stray = (journey == NOBODY) & ~np.isin(event, [CODE[name] for name in DURING])
    if stray.any():
        first = int(np.argmax(stray))
        raise InputError(
            f"clients frame: the record of person {person[first]} begins in week {week[first]} with"
            f" {CLIENT_EVENTS[event[first]]}; it must begin with an engagement"
        )
    return Record(rows, person, week, event, journey, is_entry)


def _codes(column: pd.Series, categories: tuple[str, ...]) -> np.ndarray:
    """Positions of a column's values in a list of categories, whatever order they came in."""
    own = column.astype("category").cat
    positions = pd.Index(categories).get_indexer(own.categories)
    return np.append(positions, NOBODY)[own.codes.to_numpy()]


def _entries(person: np.ndarray, event: np.ndarray, in_work: np.ndarray) -> np.ndarray:
    """Find the first event of each journey.

    People in work enter at services; what follows a closure there is the same service again.
    """
    is_service = np.isin(event, [CODE["service_started"], CODE["parked"]]) & in_work
    again = np.zeros(event.size, np.bool_)
    repeated = np.isin(event[:-1], [CODE["provider_closed"], CODE["waiting"]]) & in_work[:-1]
    again[1:] = repeated & (person[1:] == person[:-1])
    return (event == CODE["engaged"]) | (is_service & ~again)


def journeys(clients: pd.DataFrame, record: Record | None = None) -> pd.DataFrame:
    """Lay the record out with one row a journey.

    Parameters
    ----------
    clients : DataFrame
        The record of clients.
    record : Record, optional
        Of the same frame, if it is read already.

    Returns
    -------
    DataFrame
        person, ward, group, stream (at entry), week, is_in_work (bool), then for each stage
        the week it was first begun (-1 never: week_engagement ... week_aftercare), was_served,
        was_parked (services), job_week, sustained_13, sustained_26, sustained_52 (bool), end (one
        of `LEAKS`, "" if it had not ended), end_week (-1), last_week. One row an agent.
    """
    record = read_record(clients) if record is None else record
    first = record.rows[record.is_entry]
    frame = clients[["person", "ward", "group", "stream", "week"]].iloc[first]
    frame = frame.reset_index(drop=True)
    n = len(frame)
    inside = record.journey >= 0
    number, event, week = record.journey[inside], record.event[inside], record.week[inside]
    frame["is_in_work"] = event[record.is_entry[inside]] != CODE["engaged"]

    def first_week(*names: str) -> np.ndarray:
        chosen = np.isin(event, [CODE[name] for name in names])
        weeks = np.full(n, NOBODY, np.int64)
        # Backwards, so that the earliest is written last.
        weeks[number[chosen][::-1]] = week[chosen][::-1]
        return weeks

    starts = ("engaged", "assessed", "service_started", "placement_started", "aftercare_started")
    for stage, name in zip(STAGES, starts, strict=True):
        names = (name, "parked") if name == "service_started" else (name,)
        frame[f"week_{stage}"] = first_week(*names)
    frame["was_served"] = first_week("service_started") >= 0
    frame["was_parked"] = first_week("parked") >= 0
    frame["job_week"] = first_week("job_entry")
    for weeks in (13, 26, 52):
        frame[f"sustained_{weeks}"] = first_week(f"sustained_{weeks}_weeks") >= 0
    last = np.zeros(n, np.int64)
    last[number] = np.arange(number.size)
    frame["last_week"] = week[last] if n else np.zeros(0, np.int64)
    return _with_ends(frame, event[last] if n else np.zeros(0, np.int64), first_week)


def _with_ends(frame: pd.DataFrame, last_event: np.ndarray, first_week) -> pd.DataFrame:
    """Add how and when each journey ended; a job decides where there is one."""
    had_job = frame["job_week"].to_numpy() >= 0
    end = np.full(len(frame), "", dtype=object)
    end_week = np.full(len(frame), NOBODY, np.int64)
    closed_early = frame["week_action_planning"].to_numpy() < 0
    for name in (*EXITS, "provider_closed", "left_area"):
        chosen = (last_event == CODE[name]) & ~had_job
        if name == "provider_closed":
            chosen &= closed_early & ~frame["is_in_work"].to_numpy()
        end[chosen] = name
    for name in ("left_area", "job_lost"):
        chosen = had_job & (first_week(name) >= 0)
        end[chosen] = name
    ended = end != ""
    end_week[ended] = frame["last_week"].to_numpy()[ended]
    frame["end"], frame["end_week"] = pd.Categorical(end, categories=["", *LEAKS]), end_week
    return frame
