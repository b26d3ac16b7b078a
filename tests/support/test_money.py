from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulation.agents.clients import Clients
from simulation.agents.columns import new_columns
from simulation.agents.contracts import Contracts
from simulation.errors import BooksError
from simulation.support.books import check_money, check_reserved
from simulation.support.money import (
    Money,
    add_budget,
    can_reserve,
    earn,
    failed,
    grow,
    instalments,
    invoiced,
    lapse,
    new_money,
    pay_administration,
    pay_due,
    pool,
    release,
    reserve,
    spend,
)

LAG = 4
N_PROVIDERS = 4
OPENING = np.array([1000, 2000, 3000, 4000])
NO_PRIME = -1


class Market(NamedTuple):
    """Books and the contracts they are of."""

    money: Money
    contracts: Contracts


def contracts_of(**columns) -> Contracts:
    """Columns of contracts; those not given are zeros."""
    n = len(columns["stream"])
    given_columns = {name: np.array(values) for name, values in columns.items()}
    return Contracts(
        **{name: given_columns.get(name, np.zeros(n, np.int64)) for name in Contracts._fields}
    )


@pytest.fixture
def market() -> Market:
    """Two streams and the pool; a contract by itself, one through a prime, a block grant."""
    contracts = contracts_of(
        stream=[0, 0, 1],
        provider=[1, 2, 3],
        prime=[NO_PRIME, 0, NO_PRIME],
        margin=[0.0, 0.15, 0.0],
        start_week=[0, 0, 0],
        end_week=[52, 52, 52],
        is_block=[False, False, True],
        budget=[60_000, 30_000, 12_345],
        used=[0, 0, 0],
    )
    money = new_money(3, N_PROVIDERS, opening=OPENING, lag_weeks=LAG)
    add_budget(money, 0, 100_000)
    add_budget(money, 1, 50_000)
    money = grow(money, contracts.budget, contracts.stream)
    return Market(money, contracts)


WHATEVER_HAPPENS = np.inf
"""Weeks ahead of delivery beyond which no grant waits for any."""


def earn_at_once(market: Market, contract: int, pence: int, week: int) -> None:
    reserve(market.money, contract, pence)
    earn(market.money, market.contracts, contract, pence, week)


def begins_month(week: int) -> bool:
    """Whether a month begins in a week of a run from 1 April 2007, a Sunday."""
    day = date(2007, 4, 1) + timedelta(weeks=week)
    return week > 0 and day.month != (day - timedelta(weeks=1)).month


def close_week(
    money: Money,
    contracts: Contracts,
    week: int,
    is_open: np.ndarray | None = None,
    *,
    advance_weeks: float = WHATEVER_HAPPENS,
) -> None:
    """Do what the phase of payments does at the end of a week."""
    is_month_start = begins_month(week)
    instalments(
        money,
        contracts,
        week,
        is_month_start=is_month_start,
        advance_weeks=advance_weeks,
        is_open=is_open,
    )
    pay_due(money, contracts, week)
    lapse(money, contracts, week, is_open=is_open)
    check_money(money, contracts, week)


def test_new_books_balance(market: Market):
    check_money(market.money, market.contracts, 0)
    assert list(market.money.stream_uncommitted) == [10_000, 37_655, 0]
    assert list(market.money.cash) == list(OPENING)


def test_what_is_earned_is_paid_after_the_lag_and_not_before(market: Market):
    money, contracts = market
    earn_at_once(market, 0, 500, week=3)
    for week in range(3, 3 + LAG):
        pay_due(money, contracts, week)
        check_money(money, contracts, week)
        assert (money.paid[0], money.owed[1]) == (0, 500)
    pay_due(money, contracts, 3 + LAG)
    check_money(money, contracts, 3 + LAG)
    assert (money.paid[0], money.owed[1], money.cash[1]) == (500, 0, OPENING[1] + 500)
    assert money.stream_paid[0] == 500


def test_without_a_lag_it_is_paid_in_the_same_week(market: Market):
    money = new_money(3, N_PROVIDERS, opening=OPENING, lag_weeks=0)
    add_budget(money, 0, 100_000)
    money = grow(money, np.array([60_000, 30_000, 0]), np.array([0, 0, 0]))
    contracts = market.contracts._replace(stream=np.array([0, 0, 0]))
    earn_at_once(Market(money, contracts), 0, 500, week=7)
    pay_due(money, contracts, 7)
    check_money(money, contracts, 7)
    assert money.paid[0] == 500


def test_a_contract_cannot_reserve_more_than_is_free(market: Market):
    money = market.money
    assert can_reserve(money, 0, 60_000)
    assert not can_reserve(money, 0, 60_001)
    reserve(money, 0, 50_000)
    assert not can_reserve(money, 0, 10_001)
    release(money, 0, 1)
    assert can_reserve(money, 0, 10_001)
    earn(money, market.contracts, 0, 49_999, 0)
    assert not can_reserve(money, 0, 10_002)


def test_a_prime_keeps_its_margin_to_the_penny_of_all_it_was_paid(market: Market):
    """Of many payments of a penny or three the prime keeps 15 per cent, rounded once."""
    money, contracts = market
    total = 0
    for week in range(101):
        pence = 1 + 2 * (week % 2)
        earn_at_once(market, 1, pence, week)
        total += pence if week + LAG <= 100 else 0
        pay_due(money, contracts, week)
        check_money(money, contracts, week)
        kept = money.cash[0] - OPENING[0]
        assert kept == np.rint(0.15 * money.paid[1])
    assert money.paid[1] == total
    assert money.from_primes[2] + (money.cash[0] - OPENING[0]) == total


def test_a_prime_may_deliver_itself(market: Market):
    money, _ = market
    contracts = market.contracts._replace(provider=np.array([1, 0, 3]))
    earn_at_once(Market(money, contracts), 1, 999, 0)
    for week in range(LAG + 1):
        pay_due(money, contracts, week)
    check_money(money, contracts, LAG)
    assert money.cash[0] == OPENING[0] + 999


@pytest.mark.parametrize("first_week", [0, 2, 3, 4, 6])
@pytest.mark.parametrize("length", [1, 4, 5, 8, 13, 26, 52, 53, 104, 105])
@pytest.mark.parametrize("budget", [0, 1, 12_345, 1_000_000])
def test_instalments_of_a_block_grant_come_to_its_budget(first_week: int, length: int, budget: int):
    contracts = contracts_of(
        stream=[0],
        provider=[0],
        prime=[NO_PRIME],
        margin=[0.0],
        start_week=[first_week],
        end_week=[first_week + length],
        is_block=[True],
        budget=[budget],
        used=[0],
    )
    money = new_money(2, 1, opening=np.zeros(1), lag_weeks=LAG)
    add_budget(money, 0, budget)
    money = grow(money, np.array([budget]), contracts.stream)
    paid_in = []
    for week in range(first_week + length):
        before = money.paid[0]
        close_week(money, contracts, week)
        paid_in += [week] if money.paid[0] > before else []
    assert money.paid[0] == budget
    assert all(week == first_week or begins_month(week) for week in paid_in)


def test_a_year_has_twelve_equal_instalments(market: Market):
    money, contracts = market
    money.free[2] = money.committed[2] = money.stream_committed[1] = 12_000
    money.stream_uncommitted[1] = 38_000
    for week in range(52):
        before = money.paid[2]
        close_week(money, contracts, week)
        assert money.paid[2] - before == (1000 if begins_month(week) or week == 0 else 0)
    assert money.paid[2] == 12_000


@pytest.mark.parametrize("part", [0.0, 0.3, 0.9, 1.0])
def test_a_grant_is_paid_for_what_was_delivered_and_little_ahead_of_it(market: Market, part):
    """Evenly used up to a part of the budget, it is paid that part in the end, to the penny."""
    money, contracts = market
    budget, ahead = int(contracts.budget[2]), 5.0
    for week in range(53):
        contracts.used[2] = min(int(part * budget * (week + 1) / 52), int(part * budget))
        close_week(money, contracts, week, advance_weeks=ahead)
        most = contracts.used[2] + budget * ahead / 52 * (52 - week) / 52
        assert money.earned[2] <= max(most, budget * ahead / 52)
    assert part * budget - 1 <= money.paid[2] <= max(part * budget, budget * ahead / 52)
    assert money.stream_uncommitted[1] == 50_000 - money.paid[2]


def test_a_closed_provider_gets_no_more_instalments_and_its_money_lapses(market: Market):
    money, contracts = market
    close_week(money, contracts, 0)
    is_open = np.ones(N_PROVIDERS, np.bool_)
    is_open[3] = False
    for week in range(1, 52):
        close_week(money, contracts, week, is_open)
    first = 12_345 // 12
    assert money.paid[2] == money.committed[2] == first
    assert money.stream_uncommitted[1] == 50_000 - first


def test_what_an_ended_contract_neither_earned_nor_reserved_lapses(market: Market):
    money, contracts = market
    earn_at_once(market, 0, 5_000, week=50)
    reserve(money, 0, 700)
    lapse(money, contracts, 51)
    assert money.committed[0] == 60_000
    lapse(money, contracts, 52)
    assert money.committed[0] == 5_700
    release(money, 0, 200)
    lapse(money, contracts, 53)
    assert money.committed[0] == 5_500
    assert money.stream_uncommitted[0] == 10_000 + 54_500 + 30_000
    earn(money, contracts, 0, 500, 54)
    for week in range(54, 55 + LAG):
        close_week(money, contracts, week)
    assert money.paid[0] == money.committed[0] == 5_500


def test_pooled_money_and_administration_leave_what_can_be_committed(market: Market):
    money, contracts = market
    pool(money, 1, 20_000)
    pay_administration(money, 2, 1_500)
    check_money(money, contracts, 0)
    assert list(money.stream_uncommitted) == [10_000, 17_655, 18_500]
    assert list(money.stream_budget) == [100_000, 50_000, 20_000]
    assert list(money.stream_pooled) == [0, 20_000, 0]
    assert list(money.stream_administration) == [0, 0, 1_500]


def test_only_open_providers_beyond_their_credit_fail(market: Market):
    money = market.money
    for provider in range(N_PROVIDERS):
        spend(money, provider, int(OPENING[provider]) + 100)
    credit = np.array([100, 99, 0, 0])
    is_open = np.array([True, True, True, False])
    fate = {"is_open": is_open, "credit": credit, "invoice_finance": 0.8}
    assert list(failed(money, market.contracts, **fate)) == [1, 2]
    check_money(money, market.contracts, 0)


def test_banks_lend_a_part_of_what_is_earned_and_not_paid(market: Market):
    """Contract 1 is of provider 2 under prime 1, which keeps its margin."""
    money, contracts = market
    earn_at_once(market, 1, 1_000, week=0)
    kept = round(1_000 * contracts.margin[1])
    prime, provider = contracts.prime[1], contracts.provider[1]
    waiting = invoiced(money, contracts)
    assert (waiting[prime], waiting[provider], waiting.sum()) == (kept, 1_000 - kept, 1_000)
    lent = int(0.8 * waiting[provider])
    spend(money, provider, int(OPENING[provider]) + lent + 1)
    is_open, credit = np.ones(N_PROVIDERS, np.bool_), np.zeros(N_PROVIDERS, np.int64)
    for part, rows in ((0.8, [provider]), (0.9, [])):
        given = {"is_open": is_open, "credit": credit, "invoice_finance": part}
        assert list(failed(money, contracts, **given)) == rows


def _add(*changes):
    """Return a change that puts pence where they do not belong."""

    def change(money: Money) -> None:
        for name, place, pence in changes:
            getattr(money, name)[place] += pence

    return change


BROKEN = {
    "committed = paid + owed + unspent": [
        _add(("committed", 0, 1)),
        _add(("free", 0, 1)),
        _add(("reserved", 1, 1)),
        _add(("paid", 0, 1)),
        _add(("due", (1, 0), 1)),
    ],
    "earned = paid + owed": [_add(("earned", 0, 1))],
    "what is due is paid": [
        _add(("due", (0, 0), 1), ("earned", 0, 1), ("free", 0, -1)),
    ],
    "passed on = paid - margin": [_add(("passed", 1, 1)), _add(("passed", 0, 1))],
    "stream committed = its contracts' committed": [_add(("stream_committed", 1, 1))],
    "stream earned = its contracts' earned": [_add(("stream_earned", 0, 1))],
    "stream paid = its contracts' paid": [_add(("stream_paid", 2, 1))],
    "budget = committed + pooled + administration + uncommitted": [
        _add(("stream_budget", 0, 1)),
        _add(("stream_pooled", 0, 1)),
        _add(("stream_administration", 1, 1)),
        _add(("stream_uncommitted", 0, 1)),
    ],
    "pool's budget = what streams pooled": [
        _add(("stream_budget", 2, 1), ("stream_uncommitted", 2, 1)),
    ],
    "provider owed = its contracts' owed": [_add(("owed", 0, 1))],
    "streams' paid = providers' received": [_add(("received", 1, 1))],
    "provider passed on = its contracts'": [_add(("passed_on", 0, 1))],
    "from primes = what primes passed on": [_add(("from_primes", 2, 1))],
    "cash = opening + received + from primes - passed on - spent": [
        _add(("cash", 3, 1)),
        _add(("opening", 0, 1)),
        _add(("spent", 1, 1)),
    ],
}


@pytest.mark.parametrize(
    ("identity", "change"),
    [(identity, change) for identity, changes in BROKEN.items() for change in changes],
)
def test_a_penny_too_much_in_any_account_is_found_and_named(market: Market, identity, change):
    money, contracts = market
    earn_at_once(market, 1, 333, 0)
    earn_at_once(market, 0, 444, 0)
    for week in range(LAG + 2):
        pay_due(money, contracts, week)
    earn_at_once(market, 1, 77, LAG + 1)
    spend(money, 2, 10)
    check_money(money, contracts, LAG + 1)
    change(money)
    with pytest.raises(BooksError) as error:
        check_money(money, contracts, LAG + 1)
    assert error.value.identity == identity
    assert error.value.week == LAG + 1


def test_committing_more_than_the_budget_is_found(market: Market):
    more = grow(market.money, np.array([10_001]), np.array([0]))
    contracts = Contracts(*(np.concatenate([each, each[:1]]) for each in market.contracts))
    with pytest.raises(BooksError, match="stream_uncommitted is never negative: row 0: -1 pence"):
        check_money(more, contracts, 9)


def test_earning_what_was_not_reserved_is_found(market: Market):
    earn(market.money, market.contracts, 0, 5, 0)
    with pytest.raises(BooksError, match="reserved is never negative"):
        check_money(market.money, market.contracts, 0)


def test_reservations_must_stand_on_clients_records(market: Market):
    money = market.money
    clients = new_columns(Clients, 3)
    clients.contract[:] = [0, 1, 1]
    clients.reserved[:] = [100, 0, 40]
    clients.job_week[2], clients.job_contract[2] = 5, 0
    reserve(money, 0, 140)
    check_reserved(money, clients, 6)
    clients.reserved[0] = 99
    with pytest.raises(BooksError, match="contract 0: 140 against 139 pence"):
        check_reserved(money, clients, 6)


MOVES = st.lists(
    st.tuples(
        st.sampled_from(["reserve", "release", "earn", "spend", "pool", "administration", "close"]),
        st.integers(0, 2),
        st.integers(0, 40_000),
    ),
    max_size=80,
)


def make_move(market: Market, move: str, row: int, pence: int, week: int) -> None:
    """Do what is allowed of a move; what is not is left."""
    money, contracts = market
    if move == "reserve" and can_reserve(money, row, pence):
        reserve(money, row, pence)
    elif move == "release" and money.reserved[row] >= pence:
        release(money, row, pence)
    elif move == "earn" and money.reserved[row] >= pence:
        earn(money, contracts, row, pence, week)
    elif move == "spend":
        spend(money, row, pence)
    elif move == "pool" and row < 2 and money.stream_uncommitted[row] >= pence:
        pool(money, row, pence)
    elif move == "administration" and money.stream_uncommitted[row] >= pence:
        pay_administration(money, row, pence)


@settings(max_examples=60, deadline=None)
@given(moves=MOVES, lag=st.integers(0, 6), margin=st.floats(0, 1))
def test_books_balance_whatever_happens(moves, lag: int, margin: float):
    contracts = contracts_of(
        stream=[0, 0, 1],
        provider=[1, 2, 3],
        prime=[NO_PRIME, 0, NO_PRIME],
        margin=[0.0, margin, 0.0],
        start_week=[0, 0, 2],
        end_week=[6, 9, 12],
        is_block=[False, False, True],
    )
    money = new_money(3, N_PROVIDERS, opening=OPENING, lag_weeks=lag)
    add_budget(money, 0, 100_000)
    add_budget(money, 1, 50_000)
    money = grow(money, np.array([60_000, 30_000, 12_345]), contracts.stream)
    week = 0
    for move, row, pence in moves:
        make_move(Market(money, contracts), move, row, pence, week)
        if move == "close":
            close_week(money, contracts, week)
            week += 1
    everywhere = money.cash.sum() + money.spent.sum() + money.stream_administration.sum()
    unpaid = money.stream_committed.sum() - money.stream_paid.sum()
    assert everywhere + unpaid + money.stream_uncommitted.sum() == OPENING.sum() + 150_000


def test_five_thousand_contracts_balance_and_block_grants_are_paid_in_full():
    rng = np.random.default_rng(1)
    n, n_providers = 5_000, 300
    contracts = contracts_of(
        stream=rng.integers(0, 20, n),
        provider=rng.integers(0, n_providers, n),
        prime=rng.integers(-1, n_providers, n),
        margin=rng.random(n),
        start_week=np.zeros(n, np.int64),
        end_week=np.full(n, 52),
        is_block=rng.random(n) < 0.3,
    )
    money = new_money(21, n_providers, opening=np.zeros(n_providers), lag_weeks=LAG)
    for stream in range(20):
        add_budget(money, stream, 10**11)
    money = grow(money, rng.integers(0, 10**8, n), contracts.stream)
    for week in range(60):
        close_week(money, contracts, week)
    assert money.paid[contracts.is_block].sum() == money.committed[contracts.is_block].sum()
    assert money.committed[~contracts.is_block].sum() == 0
