"""The check that closes each week: every account of `simulation.support.money` against another.

The first identity that does not hold raises `BooksError` with its name and the first row it
breaks in. Nothing is put right.
"""

from __future__ import annotations

import numpy as np

from simulation.agents.clients import NO_WEEK, Clients
from simulation.agents.contracts import Contracts
from simulation.errors import BooksError
from simulation.support.money import LAST, Money, payees, to_pass_on

NEVER_NEGATIVE = (
    "committed",
    "free",
    "reserved",
    "earned",
    "paid",
    "passed",
    "due",
    "stream_uncommitted",
    "stream_pooled",
    "stream_administration",
    "owed",
    "spent",
)


def check_money(money: Money, contracts: Contracts, week: int, *, pool_row: int = LAST) -> None:
    """Raise on the first identity that is broken after the payments of a week.

    By contract: committed = paid + due + reserved + free, earned = paid + due, and what a prime
    passed on. By stream: what it committed, earned and paid = the sums over its contracts;
    budget = committed + pooled + administration + uncommitted. By provider: owed, received,
    passed on and from primes = the sums over contracts; cash = opening + received + from primes
    - passed on - spent. Over all: paid = received, pooled = the pool's budget.

    Raises
    ------
    BooksError
        With the name of the identity, the week, the row and both figures in pence.
    """
    _check_signs(money, week)
    _check_contracts(money, contracts, week)
    _check_streams(money, contracts, week, pool_row)
    _check_providers(money, contracts, week)


def held_on_records(clients: Clients, n_contracts: int) -> np.ndarray:
    """Return what clients' records say is reserved for them, by contract; int64 pence (c,).

    A followed job is credited to `job_contract`; until then it is the contract of the stage.
    """
    rows = np.flatnonzero(clients.reserved)
    follows = clients.job_week[rows] != NO_WEEK
    contract = np.where(follows, clients.job_contract[rows], clients.contract[rows])
    held = np.zeros(n_contracts, np.int64)
    np.add.at(held, contract, clients.reserved[rows])
    return held


def check_reserved(money: Money, clients: Clients, week: int) -> None:
    """Raise unless each contract's reservations are those on its clients' records.

    Raises
    ------
    BooksError
        As `check_money`.
    """
    held = held_on_records(clients, len(money.reserved))
    _same("reserved = reserved on clients' records", week, "contract", money.reserved, held)


def _check_signs(money: Money, week: int) -> None:
    for name in NEVER_NEGATIVE:
        account = getattr(money, name)
        if account.size and account.min() < 0:
            row = int(np.argmin(account)) % account.shape[-1]
            raise BooksError(f"{name} is never negative", week, f"row {row}: {account.min()} pence")


def _check_contracts(money: Money, contracts: Contracts, week: int) -> None:
    owed = money.due.sum(axis=0)
    whole = money.paid + owed + money.reserved + money.free
    _same("committed = paid + owed + unspent", week, "contract", money.committed, whole)
    _same("earned = paid + owed", week, "contract", money.earned, money.paid + owed)
    left = money.due[week % len(money.due)]
    _same("what is due is paid", week, "contract", left, np.zeros_like(left))
    passed = to_pass_on(money, contracts)
    _same("passed on = paid - margin", week, "contract", money.passed, passed)


def _check_streams(money: Money, contracts: Contracts, week: int, pool_row: int) -> None:
    n = len(money.stream_budget)
    for name in ("committed", "earned", "paid"):
        by_stream = getattr(money, f"stream_{name}")
        summed = _summed(contracts.stream, getattr(money, name), n)
        _same(f"stream {name} = its contracts' {name}", week, "stream", by_stream, summed)
    used = money.stream_committed + money.stream_pooled + money.stream_administration
    _same(
        "budget = committed + pooled + administration + uncommitted",
        week,
        "stream",
        money.stream_budget,
        used + money.stream_uncommitted,
    )
    _same(
        "pool's budget = what streams pooled",
        week,
        "pool",
        money.stream_budget[[pool_row]],
        money.stream_pooled.sum(keepdims=True),
    )


def _check_providers(money: Money, contracts: Contracts, week: int) -> None:
    n, to = len(money.cash), payees(contracts)
    owed = _summed(to, money.due.sum(axis=0), n)
    _same("provider owed = its contracts' owed", week, "provider", money.owed, owed)
    received = _summed(to, money.paid, n)
    _same("streams' paid = providers' received", week, "provider", money.received, received)
    passed_on = _summed(to, money.passed, n)
    _same("provider passed on = its contracts'", week, "provider", money.passed_on, passed_on)
    passed = _summed(contracts.provider, money.passed, n)
    _same("from primes = what primes passed on", week, "provider", money.from_primes, passed)
    cash = money.opening + money.received + money.from_primes - money.passed_on - money.spent
    _same(
        "cash = opening + received + from primes - passed on - spent",
        week,
        "provider",
        money.cash,
        cash,
    )


def _summed(rows: np.ndarray, pence: np.ndarray, n: int) -> np.ndarray:
    """Return sums of whole pence by row; int64 (n,)."""
    total = np.zeros(n, np.int64)
    np.add.at(total, rows, pence)
    return total


def _same(identity: str, week: int, what: str, left: np.ndarray, right: np.ndarray) -> None:
    """Raise on the first row in which two accounts differ."""
    if not np.array_equal(left, right):
        row = int(np.flatnonzero(left != right)[0])
        raise BooksError(identity, week, f"{what} {row}: {left[row]} against {right[row]} pence")
