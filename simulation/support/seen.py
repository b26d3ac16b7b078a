"""Which records of clients there are of providers' work, and which of them others may see."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from simulation.agents.clients import GROUP_EMPLOYED, NO_WEEK, Clients
from simulation.agents.columns import People
from simulation.agents.contracts import Contracts
from simulation.categories import N_CLIENT_GROUPS, Stage, State
from simulation.compile import kernel
from simulation.streams import Stream, draw
from simulation.support.records import EVENT, Records

RECORDS_SEEN = int(Stream.RECORDS_SEEN)
JOB_ENTRY = EVENT["job_entry"]
FIRST_STAGE, N_SEEN = int(Stage.SERVICES), 2
"""Services and placement are where quality shows in jobs."""


class Seen(NamedTuple):
    """Records by contract, client group and stage (services, placement); int64 (c, 8, 2)."""

    weeks: np.ndarray
    """Client-weeks out of work, of all its clients."""
    jobs: np.ndarray
    """Job entries among them."""
    open_weeks: np.ndarray
    """Client-weeks of those whose records others may see."""
    open_jobs: np.ndarray
    """Job entries among those."""


def nothing_seen(n: int) -> Seen:
    """Return the records of n contracts without clients."""
    return Seen(*(np.zeros((n, N_CLIENT_GROUPS, N_SEEN), np.int64) for _ in Seen._fields))


@kernel(each=True)
def is_seen(
    contracts: Contracts,
    shares: np.ndarray,
    contract: int,
    person: int,
    is_tracked: bool,
    seed: np.uint64,
) -> bool:
    """Return whether others may see a client's record; the same each week at the same share."""
    share = shares[contract, 1 if is_tracked else 0]
    return draw(seed, RECORDS_SEEN, 0, person, contracts.provider[contract])[0] < share


@kernel
def see_weeks(
    people: People,
    clients: Clients,
    contracts: Contracts,
    seen: Seen,
    shares: np.ndarray,
    tracked: np.ndarray,
    rows: np.ndarray,
    seed: np.uint64,
) -> None:
    """Add the week of each client out of work in services or placement.

    Parameters
    ----------
    people, clients, contracts
        Columns.
    seen : Seen
        Written.
    shares : ndarray of float64, shape (c, 2)
        Share of a contract's records others may see, of clients not tracked and tracked.
    tracked : ndarray of bool, shape (n_people,)
    rows : ndarray of int64, shape (k,)
        Clients among them.
    seed : uint64
    """
    for row in rows:
        stage = clients.stage[row] - FIRST_STAGE
        if not 0 <= stage < N_SEEN or clients.group[row] == GROUP_EMPLOYED:
            continue
        if clients.job_week[row] != NO_WEEK or people.state[row] == State.EMPLOYED:
            continue
        contract, group = clients.contract[row], clients.group[row]
        seen.weeks[contract, group, stage] += 1
        if is_seen(contracts, shares, contract, people.id[row], tracked[row], seed):
            seen.open_weeks[contract, group, stage] += 1


@kernel
def see_jobs(
    people: People,
    contracts: Contracts,
    seen: Seen,
    shares: np.ndarray,
    tracked: np.ndarray,
    records: Records,
    first: int,
    seed: np.uint64,
) -> None:
    """Add the job entries from services and placement among records from number `first` on.

    Other parameters as `see_weeks`.
    """
    for number in range(first, records.n[0]):
        stage = records.stage[number] - FIRST_STAGE
        if records.event[number] != JOB_ENTRY or not 0 <= stage < N_SEEN:
            continue
        contract, row, group = records.contract[number], records.row[number], records.group[number]
        seen.jobs[contract, group, stage] += 1
        if is_seen(contracts, shares, contract, people.id[row], tracked[row], seed):
            seen.open_jobs[contract, group, stage] += 1
