"""The record of every client: each event with week, person, contract and what it cost."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from simulation.agents.clients import GROUP_EMPLOYED, Clients
from simulation.categories import CLIENT_EVENTS, N_STAGES
from simulation.record.packed import Packed

EVENT = {name: number for number, name in enumerate(CLIENT_EVENTS)}
N_EVENTS = len(CLIENT_EVENTS)
CHUNK = 100_000


class Records(NamedTuple):
    """A stretch of records; all arrays but the last have shape (room,)."""

    week: np.ndarray
    """int32."""
    row: np.ndarray
    """int32, the person's row."""
    event: np.ndarray
    """int8, position in `categories.CLIENT_EVENTS`."""
    stage: np.ndarray
    """int8, 0 to 5."""
    contract: np.ndarray
    """int32, -1 none."""
    ward: np.ndarray
    """uint16, home ward's row."""
    group: np.ndarray
    """int8, position in `categories.CLIENT_GROUPS`."""
    cost: np.ndarray
    """int64, pence it cost to deliver."""
    earned: np.ndarray
    """int64, pence the contract owes for it."""
    n: np.ndarray
    """int64 (1,), how many are written."""


COLUMNS = Records._fields[:-1]


def _room(n: int) -> Records:
    """Return columns for n events, not yet touched: most of the room is never written to."""
    kinds = (np.int32, np.int32, np.int8, np.int8, np.int32, np.uint16, np.int8, np.int64, np.int64)
    return Records._make([*(np.empty(n, kind) for kind in kinds), np.zeros(1, np.int64)])


def tally(event: np.ndarray, stage: np.ndarray, group: np.ndarray) -> np.ndarray:
    """Count events of people out of work by event and stage, int64 (n_events, 6)."""
    is_workless = group != GROUP_EMPLOYED
    cells = event[is_workless].astype(np.int64) * (N_STAGES + 1) + stage[is_workless]
    counts = np.bincount(cells, minlength=N_EVENTS * (N_STAGES + 1))
    return counts.reshape(N_EVENTS, N_STAGES + 1)


class ClientRecords:
    """All records of a run: those since the last month's end as written, older ones packed.

    Attributes
    ----------
    client_weeks : ndarray of int64, shape (5,)
        Weeks that clients out of work have been in each stage.
    """

    STATE = ("records", "_tally", "client_weeks", "_packed")

    def __init__(self) -> None:
        self.records = _room(0)
        self._tally = self._count()
        self.client_weeks = np.zeros(N_STAGES, np.int64)
        self._packed = {name: Packed(getattr(self.records, name).dtype) for name in COLUMNS}

    def make_room(self, n: int) -> Records:
        """Return a stretch with room for at least n more events."""
        if self.records.week.size - int(self.records.n[0]) < n:
            self.pack()
            self.records = _room(max(CHUNK, n))
        return self.records

    def pack(self) -> None:
        """Pack the events written since the last time."""
        self._tally += self._count()
        for name, packed in self._packed.items():
            packed.add(self._written(name))
        self.records = _room(0)

    def _written(self, name: str) -> np.ndarray:
        return getattr(self.records, name)[: int(self.records.n[0])]

    def count_week(self, clients: Clients, rows: np.ndarray) -> None:
        """Add a week in the stage they are in of the clients among some rows, if out of work."""
        stage = clients.stage[rows[clients.group[rows] != GROUP_EMPLOYED]]
        self.client_weeks += np.bincount(stage, minlength=N_STAGES + 1)[1:]

    def _count(self) -> np.ndarray:
        return tally(*(self._written(name) for name in ("event", "stage", "group")))

    def tally(self) -> np.ndarray:
        """Return the events of people out of work so far, counted by event and stage."""
        return self._tally + self._count()

    def column(self, name: str) -> np.ndarray:
        """Return a column of every event so far, in the order they happened."""
        return np.concatenate([self._packed[name].unpacked(), self._written(name)])

    def columns(self) -> dict[str, np.ndarray]:
        """Return every event so far, each column by name, in the order they happened."""
        return {name: self.column(name) for name in COLUMNS}
