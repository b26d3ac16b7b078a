"""Places of interventions on the record and in the books."""

from __future__ import annotations

import numpy as np

from simulation.agents.clients import Clients, client_group
from simulation.agents.columns import People
from simulation.agents.contracts import Contracts
from simulation.compile import kernel
from simulation.support.money import Money, earn, reserve, spend
from simulation.support.records import EVENT, Records, note

HELPED = EVENT["helped"]


@kernel
def book_helped(
    people: People,
    clients: Clients,
    contracts: Contracts,
    money: Money,
    records: Records,
    rows: np.ndarray,
    which: np.ndarray,
    pence: np.ndarray,
    week: int,
) -> None:
    """Note each place given and pay for it under the contract of its intervention.

    Parameters
    ----------
    people : People
    clients : Clients
    contracts : Contracts
    money : Money
    records : Records
        With room for one event a place.
    rows : ndarray of int64, shape (k,)
        The people helped.
    which : ndarray of int64, shape (k,)
        The contract of the intervention.
    pence : ndarray of int64, shape (k,)
        What the place costs, and earns, per agent.
    week : int
    """
    for number in range(rows.size):
        row, contract, cost = rows[number], which[number], pence[number]
        reserve(money, contract, cost)
        earn(money, contracts, contract, cost, week)
        spend(money, contracts.provider[contract], cost)
        note(records, week, people, clients, row, HELPED, cost, cost)
        records.contract[records.n[0] - 1] = contract
        if clients.stage[row] == 0:
            records.group[records.n[0] - 1] = client_group(people, row)
