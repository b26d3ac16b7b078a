"""Flows of clients between the stages of the journey, for a Sankey diagram; nobody is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from simulation.errors import BooksError
from simulation.results.journeys import LEAKS, journeys

if TYPE_CHECKING:
    from simulation.finished.run import Run

COMPLETED_IN_WORK = "completed in work"
IN_PROGRESS, FOLLOWED = "still in support at the end", "job still followed at the end"
ENTRY, ENTRY_IN_WORK = "engaged", "in-work support"
NODES = (
    "action planning",
    "services",
    "parked in services",
    "placement",
    "job",
    "sustained 26 weeks",
    "sustained 52 weeks",
)
"""Places on the way, in order; a journey passes through those it reaches."""
_OTHER_ENDS = (COMPLETED_IN_WORK, IN_PROGRESS, FOLLOWED)


REACHED = (ENTRY, ENTRY_IN_WORK, *NODES)
"""Places a client can have reached."""


def journey_flows(run: Run, courses: pd.DataFrame | None = None) -> pd.DataFrame:
    """Count the people who pass from one place on the way to the next, for a Sankey diagram.

    Every journey is one path from "engaged" (or "in-work support") through the `NODES` it reaches
    to one of the `LEAKS`, to "sustained 52 weeks", or to where it stands at the end.

    Parameters
    ----------
    run : Run
    courses : DataFrame, optional
        Of `journeys` of its clients, if they are known already.

    Returns
    -------
    DataFrame
        source, target (str), people (float64), in the order of the journey; no rows if nobody is a
        client or the run had no support. What flows into a place flows out of it, but for the ends.

    Raises
    ------
    BooksError
        When flows are lost at a place: a defect.
    """
    clients = run.tables.get("clients")
    if clients is None:
        return pd.DataFrame(columns=["source", "target", "people"])
    frame = journeys(clients) if courses is None else courses
    reached = _reached(frame)
    names = np.array([ENTRY, ENTRY_IN_WORK, *NODES, *LEAKS.values(), *_OTHER_ENDS])
    place = np.where(frame["is_in_work"], 1, 0)
    counts = np.zeros((names.size, names.size), np.int64)
    for node in range(len(NODES)):
        passing = reached[:, node]
        np.add.at(counts, (place[passing], 2 + node), 1)
        place[passing] = 2 + node
    end = pd.Index(names).get_indexer(_end_names(frame))
    moves = end != place
    np.add.at(counts, (place[moves], end[moves]), 1)
    _check_flows(counts, names, n_journeys=len(frame))
    source, target = np.nonzero(counts)
    people = counts[source, target] * float(run.config.people_per_agent)
    return pd.DataFrame({"source": names[source], "target": names[target], "people": people})


def reached_by_ward(run: Run, courses: pd.DataFrame) -> pd.DataFrame:
    """Count the journeys of each ward's residents that reached a place on the way.

    Parameters
    ----------
    run : Run
    courses : DataFrame
        Of `journeys` of its clients.

    Returns
    -------
    DataFrame
        ward (code), place (of `REACHED`), people; places nobody of a ward reached have no row.
    """
    in_work = courses["is_in_work"].to_numpy(np.bool_)
    columns = [~in_work, in_work, *_reached(courses).T]
    counts = pd.DataFrame(dict(zip(REACHED, columns, strict=True)))
    table = counts.groupby(courses["ward"].astype(str).rename("ward")).sum().reset_index()
    rows = table.melt("ward", var_name="place", value_name="people")
    rows["people"] *= float(run.config.people_per_agent)
    return rows[rows["people"] > 0].reset_index(drop=True)


def engaged_by_stream(run: Run, clients: pd.DataFrame) -> pd.DataFrame:
    """Count who engages whom: journeys begun, by who pays and client group.

    Parameters
    ----------
    run : Run
    clients : DataFrame
        Its events.

    Returns
    -------
    DataFrame
        stream, group (str), people (float64); a stream that engages nobody of a group has no row.
    """
    begun = clients.loc[clients["event"] == "engaged", ["stream", "group"]].astype(str)
    people = begun.value_counts(sort=False) * float(run.config.people_per_agent)
    return people.rename("people").reset_index()


def _reached(frame: pd.DataFrame) -> np.ndarray:
    """Which `NODES` each journey passes, bool (n, 7); a service counts once, served if ever."""
    had_job = frame["job_week"] >= 0
    columns = (
        frame["week_action_planning"] >= 0,
        frame["was_served"] & ~frame["is_in_work"],
        frame["was_parked"] & ~frame["was_served"] & ~frame["is_in_work"],
        frame["week_placement"] >= 0,
        had_job,
        had_job & frame["sustained_26"],
        had_job & frame["sustained_52"],
    )
    return np.stack([column.to_numpy(np.bool_) for column in columns], axis=1)


def _end_names(frame: pd.DataFrame) -> np.ndarray:
    """Name the place where each journey ends or stands."""
    end = frame["end"].astype(str).to_numpy()
    names = np.array([LEAKS.get(name, IN_PROGRESS) for name in end], dtype=object)
    names[(frame["is_in_work"] & (end == "completed")).to_numpy()] = COMPLETED_IN_WORK
    names[((frame["job_week"] >= 0) & (end == "")).to_numpy()] = FOLLOWED
    names[frame["sustained_52"].to_numpy(np.bool_)] = NODES[-1]
    return names


def _check_flows(counts: np.ndarray, names: np.ndarray, *, n_journeys: int) -> None:
    """Raise unless all that flows into a place between flows out, and every journey ends."""
    between = np.isin(names, NODES[:-1])
    lost = (counts.sum(axis=0) != counts.sum(axis=1)) & between
    ends = ~between & ~np.isin(names, (ENTRY, ENTRY_IN_WORK))
    if lost.any() or counts[:, ends].sum() != n_journeys:
        where = ", ".join(names[lost]) or "the ends"
        raise BooksError("journeys", -1, f"flows do not add up at {where}")
