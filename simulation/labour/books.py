"""The check of the books that closes each week; a broken identity raises, nothing is clamped."""

from __future__ import annotations

import numba
import numpy as np

from simulation.agents.columns import NO_CELL, NO_MOVE, Flows, Jobs, People
from simulation.categories import N_STATES, STATES, State
from simulation.compile import kernel
from simulation.errors import BooksError

ONE_STATE = "every person is in exactly one state"
AT_WORK = "exactly the employed have a job and pay"
NOTHING_PENDING = "nobody is about to leave a job when the week closes"


@kernel(parallel=True)
def mark_odd(
    state: np.ndarray,
    cell: np.ndarray,
    wage: np.ndarray,
    pending: np.ndarray,
    marked: np.ndarray,
) -> None:
    """Mark who is in no state, or whose state, job, pay and move do not fit together."""
    for row in numba.prange(state.size):
        has_cell = cell[row] != NO_CELL
        no_state = (state[row] < 0) | (state[row] >= N_STATES)
        no_fit = ((state[row] == State.EMPLOYED) != has_cell) | ((wage[row] > 0.0) != has_cell)
        marked[row] = no_state | no_fit | (cell[row] < NO_CELL) | (pending[row] != NO_MOVE)


@kernel
def count_filled(cell: np.ndarray, filled: np.ndarray) -> None:
    """Count people by the cell they work in."""
    for row in range(cell.size):
        if cell[row] != NO_CELL:
            filled[cell[row]] += 1


def _check_people(people: People, week: int, marked: np.ndarray) -> None:
    """Raise for the first person for whom an identity does not hold."""
    mark_odd(people.state, people.cell, people.wage, people.pending, marked)
    if not marked.any():
        return
    row = int(np.flatnonzero(marked)[0])
    state, is_known = people.state[row], 0 <= people.state[row] < N_STATES
    if not is_known:
        problem = ONE_STATE
    elif people.pending[row] != NO_MOVE:
        problem = NOTHING_PENDING
    else:
        problem = AT_WORK
    raise BooksError(
        problem,
        week,
        f"person {people.id[row]}: state {STATES[state] if is_known else state},"
        f" cell {people.cell[row]}, wage {people.wage[row]}, pending {people.pending[row]}",
    )


def check_books(
    people: People,
    jobs: Jobs,
    flows: Flows,
    *,
    employed_before: int,
    week: int,
    marked: np.ndarray,
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
    marked : ndarray of bool, shape (n,)
        Room to work in.

    Raises
    ------
    BooksError
        If a person is not in exactly one state, a cell's filled jobs are not its employed
        people, openings exceed vacancies or are negative, or the change in employment is not
        hires less separations.
    """
    _check_people(people, week, marked)
    filled = np.zeros_like(jobs.filled)
    count_filled(people.cell, filled)
    states = np.array(
        [np.count_nonzero(np.equal(people.state, state, out=marked)) for state in range(N_STATES)]
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
