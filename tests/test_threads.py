"""The number of threads that helps, found by trying."""

from __future__ import annotations

import numba
import pytest

from simulation.compile import SMALL, TRIED_EVERY, TRIES, Threads


class Clock:
    """Seconds that pass as a week is said to take with so many threads."""

    def __init__(self, seconds_of):
        self.now, self.seconds_of = 0.0, seconds_of

    def __call__(self):
        return self.now

    def run(self, threads, n_weeks):
        used = []
        for week in range(n_weeks):
            with threads.week() as number:
                assert numba.get_num_threads() == number
                self.now += self.seconds_of(week, number)
            used.append(number)
        return used


@pytest.fixture
def two_threads():
    before = numba.get_num_threads()
    if numba.config.NUMBA_NUM_THREADS < 2:
        pytest.skip("this machine has one core")
    numba.set_num_threads(2)
    yield
    numba.set_num_threads(before)


@pytest.mark.parametrize(("seconds", "best"), [({2: 1.0, 1: 1.5}, 2), ({2: 1.5, 1: 1.0}, 1)])
def test_what_is_quicker_is_used_between_tries(two_threads, seconds, best):
    clock = Clock(lambda week, number: 100.0 if week == 0 else seconds[number])
    used = clock.run(Threads(SMALL, clock), TRIED_EVERY)
    assert used[: 2 * TRIES] == [2, 1] * TRIES
    assert set(used[2 * TRIES :]) == {best}


def test_a_machine_that_becomes_busy_is_noticed(two_threads):
    clock = Clock(lambda week, number: {2: 0.5 if week < TRIED_EVERY else 3.0, 1: 1.0}[number])
    used = clock.run(Threads(SMALL, clock), 2 * TRIED_EVERY)
    assert set(used[2 * TRIES : TRIED_EVERY]) == {2}
    assert set(used[TRIED_EVERY + 2 * TRIES :]) == {1}


def test_few_people_are_never_shared(two_threads):
    clock = Clock(lambda week, number: 1.0)
    assert set(clock.run(Threads(SMALL - 1, clock), 5)) == {1}
    assert numba.get_num_threads() == 2
