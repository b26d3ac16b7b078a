"""Phase hiring: vacancies judge the applicants in their queues and take the best."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, NamedTuple

import numba
import numpy as np

from simulation.agents.clients import Schemes, Support
from simulation.agents.columns import (
    SEEN_BY_EMPLOYERS,
    Jobs,
    People,
)
from simulation.categories import N_LEVELS
from simulation.compile import kernel
from simulation.errors import InputError
from simulation.streams import Stream, draw, logit

INTERVIEW = int(Stream.INTERVIEW)
SELECTION = int(Stream.SELECTION)
FEW = 16
"""Up to so many, finding the best one by one is quicker than sorting the queue."""


class HiringRates(NamedTuple):
    """Parameters of suitability."""

    under_qualified: float
    over_qualified: float
    sector_experience: float
    employability: float
    barrier_penalty: float
    health_penalty: np.ndarray
    """float64 (3,)."""
    attitude: np.ndarray
    """float64 (5,)."""


class Queue(NamedTuple):
    """Applications that wait for a decision, one row each; all arrays have shape (n,)."""

    row: Annotated[np.ndarray, np.int32]
    """The applicant's."""
    cell: Annotated[np.ndarray, np.int32]
    """Whose openings are applied to."""
    state: Annotated[np.ndarray, np.int8]
    """The applicant's when applying."""
    since: Annotated[np.ndarray, np.int16]
    """Week in which the applicant entered that state or job; negative before the first day."""

    def where(self, kept: np.ndarray) -> Queue:
        """Return the applications that are kept, by bool (n,)."""
        return Queue(*(column[kept] for column in self))


class Invited(NamedTuple):
    """People with an interview before all others for an opening, one row each; arrays (n,)."""

    row: np.ndarray
    """int64, the person's."""
    cell: np.ndarray
    """int64, where the opening is."""
    fit: np.ndarray
    """float64, gain in suitability, log odds."""

    @classmethod
    def joined(cls, parts: Sequence[Invited]) -> Invited:
        """Return all that several lists have."""
        return cls(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


NOBODY_INVITED = Invited(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))


@kernel
def clear_round(
    queue: np.ndarray,
    choice: np.ndarray,
    score: np.ndarray,
    openings: np.ndarray,
    hired: np.ndarray,
) -> None:
    """Mark in `hired` the best applicants of every vacancy, as many as it has openings.

    Parameters
    ----------
    queue : ndarray of int64, shape (k,)
        Applicants, those of a vacancy together and in the order of rows; put in another order.
    choice, openings : ndarray of int64, shape (n,)
        The vacancy of each applicant, and how many it can take.
    score : ndarray of float64, shape (n,)
    hired : ndarray of bool, shape (n,)
        Written.
    """
    first = 0
    while first < queue.size:
        vacancy = choice[queue[first]]
        last = first + 1
        while last < queue.size and choice[queue[last]] == vacancy:
            last += 1
        n_hired = min(openings[queue[first]], last - first)
        if FEW < n_hired < last - first:
            order = np.argsort(-score[queue[first:last]], kind="mergesort")
            queue[first:last] = queue[first:last][order]
        elif n_hired < last - first:
            for place_of_best in range(first, first + n_hired):
                bring_best(queue, score, place_of_best, last)
        for number in range(first, first + n_hired):
            hired[queue[number]] = True
        first = last


@kernel(each=True)
def bring_best(queue: np.ndarray, score: np.ndarray, first: int, last: int) -> None:
    """Move the best of [first, last) in a queue to its front, the others in their order."""
    best = first
    for number in range(first + 1, last):
        if score[queue[number]] > score[queue[best]]:
            best = number
    applicant = queue[best]
    for number in range(best, first, -1):
        queue[number] = queue[number - 1]
    queue[first] = applicant


def clear(choice: np.ndarray, score: np.ndarray, openings: np.ndarray) -> np.ndarray:
    """Return who is hired when every vacancy takes its best applicants.

    Parameters
    ----------
    choice : array of int, shape (n,)
        The vacancy each applicant chose, 0 to m - 1; -1 for none.
    score : array of float, shape (n,)
        Higher is better; applicants with equal scores are taken in the order of rows.
    openings : array of int, shape (m,)
        How many each vacancy can take, not negative.

    Returns
    -------
    ndarray of bool, shape (n,)
        Empty for no applicants.

    Raises
    ------
    InputError
        If shapes differ, a choice or an opening is out of range, or a score is not a number.
    """
    choice, score, openings = np.asarray(choice), np.asarray(score), np.asarray(openings)
    if choice.ndim != 1 or choice.shape != score.shape or openings.ndim != 1:
        raise InputError(
            "choice and score must have one equal dimension and openings one dimension, got"
            f" shapes {choice.shape}, {score.shape}, {openings.shape}"
        )
    for name, array in (("choice", choice), ("openings", openings)):
        if array.size and array.dtype.kind not in "iu":
            raise InputError(f"{name} must be whole numbers, got {array.dtype}")
    if choice.size and not (choice.min() >= -1 and choice.max() < openings.size):
        raise InputError(f"choice must lie between -1 and {openings.size - 1}")
    if openings.size and openings.min() < 0:
        raise InputError("openings must not be negative")
    if np.isnan(score.astype(np.float64)).any():
        raise InputError("score must not be NaN")
    hired = np.zeros(choice.size, dtype=bool)
    asking = np.flatnonzero(choice >= 0)
    choice, score = choice[asking].astype(np.int64), score[asking].astype(np.float64)
    # Keys that are all different sort faster than any order of equals.
    keys = np.sort(choice * asking.size + np.arange(asking.size))
    is_best = np.zeros(asking.size, dtype=bool)
    clear_round(
        keys % max(asking.size, 1), choice, score, openings[choice].astype(np.int64), is_best
    )
    hired[asking] = is_best
    return hired


@kernel(each=True)
def n_bits(value: int) -> int:
    """Return how many bits of a whole number are set."""
    total = 0
    while value:
        total += value & 1
        value >>= 1
    return total


@kernel(each=True)
def backing(support: Support, schemes: Schemes, jobs: Jobs, row: int, employer: int) -> float:
    """Return what support adds to a person's suitability for an establishment, log odds."""
    fit = np.float64(support.fit[row])
    scheme = support.scheme[row]
    if (
        scheme >= 0
        and schemes.sectors[scheme, jobs.sector[employer]]
        and schemes.wards[scheme, jobs.ward[employer]]
    ):
        goodwill = jobs.goodwill[employer] / schemes.usual_goodwill
        fit += schemes.fit[scheme] * goodwill**schemes.elasticity
    return fit


@kernel(parallel=True)
def count_decided(
    openings: np.ndarray,
    p_decide: float,
    round_number: int,
    seed: np.uint64,
    decided: np.ndarray,
) -> None:
    """Write how many of each cell's openings are decided in this round, int32 (n_cells,)."""
    for cell in numba.prange(openings.size):
        decided[cell] = 0
        for number in range(openings[cell]):
            if draw(seed, SELECTION, round_number, cell, number)[0] < p_decide:
                decided[cell] += 1


@kernel(parallel=True)
def sort_out(
    state: np.ndarray,
    weeks_in_state: np.ndarray,
    queue: Queue,
    openings: np.ndarray,
    decided: np.ndarray,
    week: int,
    waits: np.ndarray,
    is_judged: np.ndarray,
) -> None:
    """Write which applications wait on and which are judged now, bool (n_applications,).

    Who has changed state or job since applying has withdrawn, and a queue without an opening is
    sent home: neither.
    """
    for number in numba.prange(queue.row.size):
        row, cell = queue.row[number], queue.cell[number]
        stands = (
            openings[cell] > 0
            and state[row] == queue.state[number]
            and week - weeks_in_state[row] == queue.since[number]
        )
        waits[number] = stands and decided[cell] == 0
        is_judged[number] = stands and decided[cell] > 0


@kernel
def best_paid_first(rows: np.ndarray, cells: np.ndarray, pay: np.ndarray) -> None:
    """Put the cells of each row, which stand together, in the order of pay, the highest first."""
    for number in range(1, rows.size):
        cell, wage = cells[number], pay[number]
        place = number
        while place > 0 and rows[place - 1] == rows[number] and pay[place - 1] < wage:
            cells[place], pay[place] = cells[place - 1], pay[place - 1]
            place -= 1
        cells[place], pay[place] = cell, wage


@kernel
def weeks_since_work(people: People, support: Support, rows: np.ndarray, week: int) -> np.ndarray:
    """Return weeks since the last job or work trial of each row, float64 (n,)."""
    weeks = np.empty(rows.size)
    for number in range(rows.size):
        row = rows[number]
        weeks[number] = people.weeks_since_job[row]
        trial = support.trial_week[row]
        if 0 <= trial <= week:
            weeks[number] = min(weeks[number], week - trial)
    return weeks


@kernel(parallel=True)
def assess(
    people: People,
    support: Support,
    schemes: Schemes,
    jobs: Jobs,
    rows: np.ndarray,
    cells: np.ndarray,
    round_number: int,
    seed: np.uint64,
    rates: HiringRates,
    suitability: np.ndarray,
    ticket: np.ndarray,
) -> None:
    """Write the suitability of each applicant in the eyes of the employer, and their ticket.

    Parameters
    ----------
    people : People
    support : Support
    schemes : Schemes
    jobs : Jobs
    rows : ndarray of int64, shape (n,)
        The applicants' rows.
    cells : ndarray of int64, shape (n,)
        The cells in whose queues they are.
    round_number : int
    seed : uint64
    rates : HiringRates
    suitability, ticket : ndarray of float64, shape (n,)
        Written.
    """
    for number in numba.prange(rows.size):
        row, cell = rows[number], cells[number]
        gap = cell % N_LEVELS - people.qualification[row]
        fit = -rates.under_qualified * gap if gap > 0 else rates.over_qualified * gap
        if people.sector[row] == jobs.sector[cell // N_LEVELS]:
            fit += rates.sector_experience
        fit += rates.employability * people.employability[row]
        fit += rates.attitude[people.ethnicity[row]]
        fit -= rates.health_penalty[people.health[row]]
        fit -= rates.barrier_penalty * n_bits(people.barriers[row] & SEEN_BY_EMPLOYERS)
        fit += backing(support, schemes, jobs, row, cell // N_LEVELS)
        words = draw(seed, INTERVIEW, round_number, people.id[row], cell)
        suitability[number] = fit + logit(words[0])
        ticket[number] = words[1]


@kernel
def applications_by_ward(jobs: Jobs, cells: np.ndarray, n_wards: int) -> np.ndarray:
    """Return applications to cells, and openings, by work ward, int64 (n_wards, 2)."""
    totals = np.zeros((n_wards, 2), np.int64)
    for cell in range(jobs.openings.size):
        if jobs.openings[cell] > 0:
            totals[jobs.ward[cell // N_LEVELS], 1] += jobs.openings[cell]
    for cell in cells:
        totals[jobs.ward[cell // N_LEVELS], 0] += 1
    return totals
