"""The record of every client: each event with week, person, contract and what it cost."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from simulation.agents.clients import Clients
from simulation.agents.columns import People
from simulation.categories import CLIENT_EVENTS
from simulation.compile import kernel

EVENT = {name: number for number, name in enumerate(CLIENT_EVENTS)}
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
    """int16, home ward's row."""
    group: np.ndarray
    """int8, position in `categories.CLIENT_GROUPS`."""
    cost: np.ndarray
    """int64, pence it cost to deliver."""
    earned: np.ndarray
    """int64, pence the contract owes for it."""
    n: np.ndarray
    """int64 (1,), how many are written."""


def _room(n: int) -> Records:
    kinds = (np.int32, np.int32, np.int8, np.int8, np.int32, np.int16, np.int8, np.int64, np.int64)
    return Records._make([*(np.zeros(n, kind) for kind in kinds), np.zeros(1, np.int64)])


@kernel(each=True)
def note(
    records: Records,
    week: int,
    people: People,
    clients: Clients,
    row: int,
    event: int,
    cost: int,
    earned: int,
) -> None:
    """Write one event of a client under the contract and stage they are in."""
    number = records.n[0]
    records.week[number] = week
    records.row[number] = row
    records.event[number] = event
    records.stage[number] = clients.stage[row]
    records.contract[number] = clients.contract[row]
    records.ward[number] = people.ward[row]
    records.group[number] = clients.group[row]
    records.cost[number] = cost
    records.earned[number] = earned
    records.n[0] = number + 1


class ClientRecords:
    """All records of a run, kept in chunks that are never copied while it runs."""

    def __init__(self) -> None:
        self._full: list[Records] = []
        self.records = _room(CHUNK)

    def make_room(self, n: int) -> Records:
        """Return a stretch with room for at least n more events."""
        used = int(self.records.n[0])
        if self.records.week.size - used < n:
            self._full.append(self._trimmed())
            self.records = _room(max(CHUNK, n))
        return self.records

    def _trimmed(self) -> Records:
        used = int(self.records.n[0])
        return Records._make([*(column[:used] for column in self.records[:-1]), self.records.n])

    def columns(self) -> dict[str, np.ndarray]:
        """Return every event so far, each column by name, in the order they happened."""
        chunks = [*self._full, self._trimmed()]
        return {
            name: np.concatenate([getattr(chunk, name) for chunk in chunks])
            for name in Records._fields[:-1]
        }
