"""Reviews of contracts: money that lies idle goes to those of the same stream that have run out."""

from __future__ import annotations

from datetime import date

import numpy as np

from simulation.agents.contracts import Contracts
from simulation.support.contract_columns import money_left
from simulation.support.money import Money, move


def is_review(day: date, months: int) -> bool:
    """Return whether contracts are reviewed in the month of a day; never where `months` is 0."""
    return months > 0 and (day.month - 1) % months == 0


def move_idle(money: Money, contracts: Contracts, week: int, is_open: np.ndarray) -> None:
    """Move idle money between contracts in force that a stream let on one day until one day.

    Idle is what a contract is behind an even use of its money and has not been paid in advance.
    It goes to those that cannot pay for one more start of every stage they buy, in proportion to
    their budgets. What is released later stays where it is, so that who begins slowly does not
    starve.

    Parameters
    ----------
    money : Money
    contracts : Contracts
    week : int
    is_open : ndarray of bool, shape (p,)
        Providers that have not closed.
    """
    is_on = (contracts.start_week < week) & (week < contracts.end_week)
    is_on &= contracts.money_moves & ~contracts.by_results & is_open[contracts.provider]
    rows = np.flatnonzero(is_on)
    if not rows.size:
        return
    start, end = contracts.start_week[rows], contracts.end_week[rows]
    is_bought = contracts.planned[rows] > 0.0
    dearest = np.where(is_bought, contracts.price[rows], 0).max(axis=1)
    has_run_out = money_left(contracts, week)[rows] < dearest
    due = contracts.budget[rows] * (week - start) // (end - start) + contracts.moved[rows]
    idle = np.minimum(due - contracts.used[rows], money.free[rows])
    idle = np.where(has_run_out, 0, np.maximum(idle, 0))
    weight = np.where(has_run_out, contracts.budget[rows], 0)
    keys = np.stack([contracts.stream[rows], start, end], axis=1)
    _, lots = np.unique(keys, axis=0, return_inverse=True)
    for lot in range(int(lots.max()) + 1):
        members = np.flatnonzero(lots.reshape(-1) == lot)
        gives, weights = idle[members], weight[members]
        if not gives.any() or not weights.any():
            continue
        gets = np.floor(gives.sum() * (weights / weights.sum())).astype(np.int64)
        gets[np.argmax(weights)] += gives.sum() - gets.sum()
        move(money, contracts, rows[members], gets - gives)
