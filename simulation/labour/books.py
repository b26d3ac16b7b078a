"""The check of the books that closes each week; a broken identity raises, nothing is clamped."""

from __future__ import annotations

import numpy as np

from simulation.agents.columns import NO_CELL, NO_MOVE, Flows, Jobs, People
from simulation.categories import N_STATES, STATES, State
from simulation.compile import kernel
from simulation.errors import BooksError

ONE_STATE, AT_WORK, NOTHING_PENDING = 1, 2, 3
PROBLEMS = {
    ONE_STATE: "every person is in exactly one state",
    AT_WORK: "exactly the employed have a job and pay",
    NOTHING_PENDING: "nobody is about to leave a job when the week closes",
}


@kernel
def _tally(people: People, filled: np.ndarray, states: np.ndarray) -> tuple[int, int]:
    """Count people by cell into `filled` and by state; return a problem and its row, or (0, 0)."""
    for row in range(people.state.size):
        state, cell = people.state[row], people.cell[row]
        if state < 0 or state >= N_STATES:
            return ONE_STATE, row
        if (state == State.EMPLOYED) != (cell != NO_CELL) or (people.wage[row] > 0.0) != (
            cell >= 0
        ):
            return AT_WORK, row
        if people.pending[row] != NO_MOVE:
            return NOTHING_PENDING, row
        states[state] += 1
        if cell != NO_CELL:
            filled[cell] += 1
    return 0, 0


def check_books(
    people: People, jobs: Jobs, flows: Flows, *, employed_before: int, week: int
) -> np.ndarray:
    """Check the identities of a week and return how many are in each state, int64 (7,).

    Parameters
    ----------
    people : People
    jobs : Jobs
    flows : Flows
        Of this week only.
    employed_before : int
        Employed agents when the week began.
    week : int

    Raises
    ------
    BooksError
        If a person is not in exactly one state, a cell's filled jobs are not its employed
        people, openings exceed vacancies or are negative, or the change in employment is not
        hires less separations.
    """
    filled, states = np.zeros_like(jobs.filled), np.zeros(N_STATES, np.int64)
    problem, number = _tally(people, filled, states)
    if problem:
        state = people.state[number]
        name = STATES[state] if 0 <= state < N_STATES else state
        raise BooksError(
            PROBLEMS[problem],
            week,
            f"person {people.id[number]}: state {name}, cell {people.cell[number]},"
            f" wage {people.wage[number]}, pending {people.pending[number]}",
        )
    _same("filled jobs = employed people, cell by cell", jobs.filled, filled, week)
    most = np.maximum(jobs.desired - jobs.filled, 0)
    _same("0 <= openings <= vacancies", jobs.openings, np.clip(jobs.openings, 0, most), week)
    hires, separations = int(flows.hires[:, 0].sum()), int(flows.separations[:, 0].sum())
    employed = int(states[State.EMPLOYED])
    if employed - employed_before != hires - separations:
        raise BooksError(
            "change in employment = hires - separations",
            week,
            f"{employed} - {employed_before} is not {hires} - {separations}",
        )
    if int(flows.hires_by_origin.sum()) != hires:
        raise BooksError(
            "hires = hires by origin", week, f"{hires} is not {flows.hires_by_origin.sum()}"
        )
    return states


def _same(identity: str, left: np.ndarray, right: np.ndarray, week: int) -> None:
    """Raise where two columns of cells differ, naming the first."""
    if not np.array_equal(left, right):
        cell = int(np.flatnonzero(left != right)[0])
        raise BooksError(identity, week, f"cell {cell}: {left[cell]} is not {right[cell]}")
