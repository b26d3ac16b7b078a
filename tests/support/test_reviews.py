"""Idle money moves between contracts of a stream, by numbers worked out by hand."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from simulation.agents.contracts import Contracts
from simulation.support.books import check_money
from simulation.support.money import add_budget, grow, new_money
from simulation.support.reviews import is_review, move_idle

BUDGET, WEEK = 52_000, 26
"""Pence of each contract for a year, a thousand a week; half of the year has gone."""
RUN_OUT = 31_000
"""What has been released by then, five weeks ahead."""


def contracts_of(used: list[int], **columns) -> Contracts:
    n = len(used)
    plain = {name: np.zeros(n, np.int64) for name in Contracts._fields}
    plain |= {
        "prime": np.full(n, -1),
        "end_week": np.full(n, 52),
        "money_moves": np.ones(n, np.bool_),
        "by_results": np.zeros(n, np.bool_),
        "margin": np.zeros(n),
        "provider": np.arange(n),
        "budget": np.full(n, BUDGET),
        "used": np.array(used),
        "planned": np.ones((n, 5)),
        "price": np.full((n, 5), 1_000),
    }
    return Contracts(**plain | {name: np.array(each) for name, each in columns.items()})


def moved(contracts: Contracts, closed: tuple[int, ...] = ()) -> list[int]:
    """Return what a review moves; the books balance after it."""
    n = contracts.used.size
    money = new_money(3, n, opening=np.zeros(n, np.int64), lag_weeks=4)
    for stream in range(2):
        add_budget(money, stream, 10 * BUDGET)
    money = grow(money, contracts.budget, contracts.stream)
    is_open = np.ones(n, np.bool_)
    is_open[list(closed)] = False
    move_idle(money, contracts, WEEK, is_open)
    assert np.array_equal(money.committed - contracts.budget, contracts.moved)
    check_money(money, contracts, WEEK)
    return contracts.moved.tolist()


def test_what_is_behind_an_even_use_goes_to_those_that_have_run_out_by_budget():
    """Two are 20,000 and 6,000 behind; of those that have run out one is three times as large."""
    budget = [BUDGET, BUDGET, BUDGET, 3 * BUDGET]
    contracts = contracts_of([6_000, 20_000, RUN_OUT, 3 * RUN_OUT], budget=budget)
    assert moved(contracts) == [-20_000, -6_000, 6_500, 19_500]


def test_nothing_moves_without_idle_money_or_without_somebody_who_ran_out():
    assert moved(contracts_of([26_000, RUN_OUT])) == [0, 0]
    assert moved(contracts_of([6_000, RUN_OUT - 1_000])) == [0, 0]


@pytest.mark.parametrize(
    "apart",
    [
        {"stream": [0, 1]},
        {"end_week": [52, 60]},
        {"by_results": [True, False]},
        {"money_moves": [False, True]},
    ],
)
def test_money_stays_within_a_stream_and_what_was_let_together(apart: dict):
    assert moved(contracts_of([6_000, 60_000], **apart)) == [0, 0]


def test_a_closed_provider_neither_gives_nor_gets():
    assert moved(contracts_of([6_000, RUN_OUT]), closed=(0,)) == [0, 0]
    assert moved(contracts_of([6_000, RUN_OUT, RUN_OUT]), closed=(1,)) == [-20_000, 0, 20_000]


def test_reviews_are_counted_from_january():
    months = {n: [m for m in range(1, 13) if is_review(date(2008, m, 7), n)] for n in (0, 3, 12)}
    assert months == {0: [], 3: [1, 4, 7, 10], 12: [1]}
