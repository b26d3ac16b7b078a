"""Money books in whole pence: what is committed, reserved, earned, due, paid, passed on and spent.

Every movement is entered twice, by contract and by stream or provider, so that `check_money` can
find a missing half. One pound of a contract is always in one of four places: free, reserved for
results still possible, earned and due, or paid.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from simulation.agents.contracts import Contracts
from simulation.categories import MONTHS_PER_YEAR, WEEKS_PER_YEAR
from simulation.compile import kernel

LAST = -1
"""Row of the pool among the streams, where nothing else is said."""
NO_PRIME = -1
RUN_OFF_WEEKS = 104
"""Longest time from the start of a client's last stage to the last result usually paid."""


class Money(NamedTuple):
    """Accounts in int64 pence: c contracts, s streams and the pool, p providers."""

    committed: np.ndarray
    """(c,), the most a contract can still cost from its start to its end."""
    free: np.ndarray
    """(c,), neither reserved nor earned."""
    reserved: np.ndarray
    """(c,), kept back for results still possible."""
    earned: np.ndarray
    """(c,), ever."""
    paid: np.ndarray
    """(c,), ever."""
    passed: np.ndarray
    """(c,), part of `paid` the prime has passed on to the provider."""
    due: np.ndarray
    """(lag + 1, c), earned and not yet paid, by the week it is paid modulo lag + 1."""
    stream_budget: np.ndarray
    """(s,), received from funders, or from streams by the pool."""
    stream_uncommitted: np.ndarray
    """(s,), free to be committed; below 0 a defect."""
    stream_committed: np.ndarray
    """(s,)."""
    stream_earned: np.ndarray
    """(s,)."""
    stream_paid: np.ndarray
    """(s,)."""
    stream_pooled: np.ndarray
    """(s,), put into the pool."""
    stream_administration: np.ndarray
    """(s,), procurement and core team, paid."""
    opening: np.ndarray
    """(p,), cash on the first day."""
    received: np.ndarray
    """(p,), from streams, as a prime or for itself."""
    owed: np.ndarray
    """(p,), earned from streams and not yet received."""
    from_primes: np.ndarray
    """(p,), passed on to it as a subcontractor."""
    passed_on: np.ndarray
    """(p,), to subcontractors."""
    spent: np.ndarray
    """(p,), on clients."""
    cash: np.ndarray
    """(p,), below 0 on credit."""


def new_money(n_streams: int, n_providers: int, *, opening: np.ndarray, lag_weeks: int) -> Money:
    """Return books without contracts.

    Parameters
    ----------
    n_streams : int
        With the pool.
    n_providers : int
    opening : ndarray of int64, shape (n_providers,)
        Cash of each provider, pence.
    lag_weeks : int
        From earning to being paid, 0 or more.
    """

    def zeros(*shape: int) -> np.ndarray:
        return np.zeros(shape, np.int64)

    by_provider = {
        name: zeros(n_providers)
        for name in ("received", "owed", "from_primes", "passed_on", "spent")
    }
    by_contract = {
        name: zeros(0) for name in ("committed", "free", "reserved", "earned", "paid", "passed")
    }
    by_stream = {name: zeros(n_streams) for name in Money._fields if name.startswith("stream_")}
    start = np.array(opening, np.int64).reshape(n_providers)
    return Money(
        **by_contract,
        **by_stream,
        **by_provider,
        due=zeros(lag_weeks + 1, 0),
        opening=start,
        cash=start.copy(),
    )


def add_budget(money: Money, stream: int, pence: int) -> None:
    """Give a stream the money of a planning year."""
    money.stream_budget[stream] += pence
    money.stream_uncommitted[stream] += pence


def pool(money: Money, from_stream: int, pence: int, *, pool_row: int = LAST) -> None:
    """Move money of a stream that is not committed into the pool."""
    money.stream_pooled[from_stream] += pence
    money.stream_uncommitted[from_stream] -= pence
    add_budget(money, pool_row, pence)


def pay_administration(money: Money, stream: int, pence: int) -> None:
    """Pay procurement and core-team costs of a stream at once."""
    money.stream_administration[stream] += pence
    money.stream_uncommitted[stream] -= pence


def grow(money: Money, committed: np.ndarray, streams: np.ndarray) -> Money:
    """Return the books with contracts appended, each with its money committed by its stream.

    Parameters
    ----------
    money : Money
        Its tallies by stream are written; the arrays by contract are copied.
    committed : ndarray of int64, shape (k,)
        Pence of each new contract.
    streams : ndarray of int, shape (k,)
        Row of the stream of each.
    """
    pence = np.asarray(committed, np.int64)
    np.add.at(money.stream_committed, streams, pence)
    np.subtract.at(money.stream_uncommitted, streams, pence)
    nothing = np.zeros(len(pence), np.int64)
    added = {"committed": pence, "free": pence}
    longer = {
        name: np.concatenate([getattr(money, name), added.get(name, nothing)])
        for name in ("committed", "free", "reserved", "earned", "paid", "passed")
    }
    rows = np.zeros((len(money.due), len(pence)), np.int64)
    return money._replace(**longer, due=np.concatenate([money.due, rows], axis=1))


@kernel(each=True)
def can_reserve(money: Money, contract: int, pence: int) -> bool:
    """Tell whether a contract has this much that is neither reserved nor earned."""
    return money.free[contract] >= pence


@kernel(each=True)
def reserve(money: Money, contract: int, pence: int) -> None:
    """Keep money of a contract back for results; ask `can_reserve` first."""
    money.free[contract] -= pence
    money.reserved[contract] += pence


@kernel(each=True)
def release(money: Money, contract: int, pence: int) -> None:
    """Give up a reservation: the results can no longer happen."""
    money.reserved[contract] -= pence
    money.free[contract] += pence


@kernel(each=True)
def earn(money: Money, contracts: Contracts, contract: int, pence: int, week: int) -> None:
    """Turn reserved money into earned money, due after the lag: paid `lag` weeks from now."""
    money.reserved[contract] -= pence
    money.earned[contract] += pence
    slots = money.due.shape[0]
    money.due[(week + slots - 1) % slots, contract] += pence
    money.stream_earned[contracts.stream[contract]] += pence
    prime = contracts.prime[contract]
    payee = prime if prime >= 0 else contracts.provider[contract]
    money.owed[payee] += pence


@kernel(each=True)
def spend(money: Money, provider: int, pence: int) -> None:
    """Pay a provider's cost of delivery from its cash."""
    money.spent[provider] += pence
    money.cash[provider] -= pence


def payees(contracts: Contracts) -> np.ndarray:
    """Return whom the stream pays: the prime, or the provider itself; int64 (c,)."""
    primes = contracts.prime.astype(np.int64)
    return np.where(primes == NO_PRIME, contracts.provider, primes)


def pay_due(money: Money, contracts: Contracts, week: int) -> None:
    """Pay what is due this week; a prime passes on all but its margin in the same week.

    Of all a prime has been paid under a contract it keeps its margin rounded to the penny, so
    that no penny is lost however small the payments are.
    """
    slot = week % len(money.due)
    pence = money.due[slot].copy()
    if not pence.any():
        return
    money.due[slot] = 0
    money.paid[:] += pence
    np.add.at(money.stream_paid, contracts.stream, pence)
    to = payees(contracts)
    np.add.at(money.received, to, pence)
    np.subtract.at(money.owed, to, pence)
    np.add.at(money.cash, to, pence)
    passing = to_pass_on(money, contracts) - money.passed
    money.passed[:] += passing
    np.add.at(money.passed_on, to, passing)
    np.subtract.at(money.cash, to, passing)
    np.add.at(money.from_primes, contracts.provider, passing)
    np.add.at(money.cash, contracts.provider, passing)


def to_pass_on(money: Money, contracts: Contracts) -> np.ndarray:
    """Return the part of what was ever paid that belongs to subcontractors; int64 (c,)."""
    kept = np.rint(money.paid * contracts.margin).astype(np.int64)
    return np.where(contracts.prime == NO_PRIME, 0, money.paid - kept)


def instalments(
    money: Money,
    contracts: Contracts,
    week: int,
    *,
    is_month_start: bool,
    advance_weeks: float,
    is_open: np.ndarray | None = None,
) -> None:
    """Let block grants earn the month's instalment in advance, due this very week.

    One on the first day of a contract and one in the first week of each month until it ends. An
    instalment is what is free over the months left, so that the last takes all the rest and all
    of them come to the budget; but a grant is never paid further ahead of what its starts have
    used than `advance_weeks` of its budget, a part that falls evenly to nothing at its end. Then
    what was used and not yet paid is. Call it before `pay_due`.

    Parameters
    ----------
    money : Money
    contracts : Contracts
    week : int
    is_month_start : bool
        Whether a month begins this week.
    advance_weeks : float
    is_open : ndarray of bool, shape (p,), or None
        Providers that have closed get no more; None if all are open.
    """
    is_time = contracts.start_week == week
    if is_month_start:
        is_time |= contracts.start_week < week
    is_time |= contracts.end_week == week
    is_over = contracts.end_week < week
    if is_open is not None:
        is_over |= ~is_open[contracts.provider]
    rows = np.flatnonzero(contracts.is_block & is_time & ~is_over)
    weeks_left = contracts.end_week[rows].astype(np.int64) - week
    months_left = np.rint(weeks_left * (MONTHS_PER_YEAR / WEEKS_PER_YEAR)).astype(np.int64)
    pence = np.minimum(
        money.free[rows] // np.maximum(months_left, 1),
        payable(contracts, rows, week, advance_weeks) - money.earned[rows],
    )
    pence = np.maximum(pence, 0)
    money.free[rows] -= pence
    money.earned[rows] += pence
    money.due[week % len(money.due), rows] += pence
    np.add.at(money.stream_earned, contracts.stream[rows], pence)
    np.add.at(money.owed, payees(contracts)[rows], pence)


def payable(contracts: Contracts, rows: np.ndarray, week: int, advance_weeks: float) -> np.ndarray:
    """Return the most that grants may have been paid by a week, pence; int64 as `rows`."""
    length = (contracts.end_week[rows] - contracts.start_week[rows]).astype(np.float64)
    left = contracts.end_week[rows] - week
    # At its end there is no advance, however long it was.
    part = np.where(left > 0, np.minimum(advance_weeks * np.maximum(left, 1) / length**2, 1.0), 0.0)
    ahead = contracts.budget[rows] * part
    return contracts.used[rows] + np.floor(ahead).astype(np.int64)


def move(money: Money, contracts: Contracts, rows: np.ndarray, pence: np.ndarray) -> None:
    """Move money between contracts of a stream, int64 (k,) pence that come to 0 in all."""
    contracts.moved[rows] += pence
    money.committed[rows] += pence
    money.free[rows] += pence


def have_ended(contracts: Contracts, week: int, is_open: np.ndarray | None) -> np.ndarray:
    """Return which contracts are past their term or their provider has closed; bool (c,).

    A contract by results stays open for `RUN_OFF_WEEKS`: its clients' results are still to come.
    """
    is_over = contracts.end_week + RUN_OFF_WEEKS * contracts.by_results <= week
    return is_over if is_open is None else is_over | ~is_open[contracts.provider]


def lapse(
    money: Money, contracts: Contracts, week: int, *, is_open: np.ndarray | None = None
) -> None:
    """Take back what contracts that have ended neither earned nor reserved.

    A contract ends with its term or when its provider closes (`is_open`, None if all are open).
    Reservations released after the end lapse the next time this is called.
    """
    pence = np.where(have_ended(contracts, week, is_open), money.free, 0)
    commit(money, contracts, np.arange(pence.size), -pence)


def commit(money: Money, contracts: Contracts, rows: np.ndarray, pence: np.ndarray) -> None:
    """Let streams commit more to contracts, int64 (k,), or take back what is free, below 0."""
    money.free[rows] += pence
    money.committed[rows] += pence
    np.add.at(money.stream_committed, contracts.stream[rows], pence)
    np.subtract.at(money.stream_uncommitted, contracts.stream[rows], pence)


def invoiced(money: Money, contracts: Contracts) -> np.ndarray:
    """Return what providers have earned and not been paid, pence; int64 (p,).

    A subcontractor waits for its part, a prime for the margin it keeps.
    """
    due = money.due.sum(axis=0)
    kept = np.where(contracts.prime == NO_PRIME, 0, np.rint(due * contracts.margin))
    kept = kept.astype(np.int64)
    waiting = np.zeros_like(money.cash)
    np.add.at(waiting, contracts.provider, due - kept)
    np.add.at(waiting, payees(contracts), kept)
    return waiting


def failed(
    money: Money,
    contracts: Contracts,
    *,
    is_open: np.ndarray,
    credit: np.ndarray,
    invoice_finance: float,
) -> np.ndarray:
    """Return the rows of open providers that have used up their cash and what banks lend them.

    Parameters
    ----------
    money : Money
    contracts : Contracts
    is_open : ndarray of bool, shape (p,)
    credit : ndarray of int64, shape (p,)
        Pence a provider can be overdrawn.
    invoice_finance : float
        Part of what it has earned and not been paid that it can be overdrawn beside that.
    """
    lent = np.asarray(credit, np.int64) + np.floor(invoice_finance * invoiced(money, contracts))
    return np.flatnonzero(is_open & (money.cash < -lent))
