"""Places of interventions on the record and in the books."""

from __future__ import annotations

import numpy as np

from simulation.agents.clients import client_group
from simulation.compile import kernel
from simulation.support.journey_week import JourneyWeek, note
from simulation.support.money import earn, reserve, spend
from simulation.support.records import EVENT

HELPED = EVENT["helped"]


@kernel
def book_helped(now: JourneyWeek, rows: np.ndarray, which: np.ndarray, pence: np.ndarray) -> None:
    """Note each place given and pay for it under the contract of its intervention.

    Parameters
    ----------
    now : JourneyWeek
        With room for one event a place.
    rows : ndarray of int64, shape (k,)
        The people helped.
    which : ndarray of int64, shape (k,)
        The contract of the intervention.
    pence : ndarray of int64, shape (k,)
        What the place costs, and earns, per agent.
    """
    money, records = now.money, now.records
    for number in range(rows.size):
        row, contract, cost = rows[number], which[number], pence[number]
        reserve(money, contract, cost)
        earn(money, now.contracts, contract, cost, now.week)
        spend(money, now.contracts.provider[contract], cost)
        note(now, row, HELPED, cost, cost)
        records.contract[records.n[0] - 1] = contract
        if now.clients.stage[row] == 0:
            records.group[records.n[0] - 1] = client_group(now.people, row)
