"""Phase separations: people leave, lose or are laid off from jobs."""

from __future__ import annotations

from typing import NamedTuple

import numba
import numpy as np

from simulation.agents.clients import Support, most_of
from simulation.agents.columns import (
    LEAVES,
    NO_MOVE,
    Flows,
    Jobs,
    People,
    age_band,
    enter,
    separate,
)
from simulation.agents.groups import count
from simulation.categories import (
    ADULT_WEEKS,
    AGE_BAND_STARTS,
    N_LEVELS,
    WEEKS_PER_YEAR,
    State,
)
from simulation.compile import kernel
from simulation.streams import MARGIN, Stream, draw

SEPARATIONS = int(Stream.SEPARATIONS)
LAYOFFS = int(Stream.LAYOFFS)
ENTRANTS = int(Stream.ENTRANTS)
MOVERS = int(Stream.MOVERS)
BAND_STARTS = np.array(AGE_BAND_STARTS) * WEEKS_PER_YEAR


class SeparationRates(NamedTuple):
    """Parameters of the phase, per week."""

    quit: np.ndarray
    """float64 (4,), by age band."""
    job_loss: np.ndarray
    """float64 (5,), by skill level."""
    probation_weeks: int
    probation_factor: float
    ward_quit: np.ndarray
    """float64 (n_wards,), factor of quits by home ward."""
    ward_loss: np.ndarray
    """float64 (n_wards,), factor of job loss by home ward."""
    p_layoff: np.ndarray
    """float64 (5,), chance a week that a person no longer needed is laid off, by level."""
    p_claim: float
    p_claim_laid_off: float


class EntrantRates(NamedTuple):
    """Who leaves the area, and what those bring who come: school leavers and new residents."""

    leave: np.ndarray
    """float64 (4,), chance a week of leaving, by age band."""
    arrival_cumulative: np.ndarray
    """float64 (4,), who comes, by the age band at whose start they do."""

    qualification_cumulative: np.ndarray
    """float64 (5,)."""
    ability: float
    ability_spread: float
    ward_ability: np.ndarray
    """float64 (n_wards,), shift of ability by home ward."""


@kernel(each=True)
def out_of_work_state(people: People, row: int, uniform: float, p_claim: float) -> int:
    """Return where a lost job leads: a claim for JSA, or seeking without benefit."""
    is_claim = people.age_weeks[row] >= ADULT_WEEKS and uniform < p_claim
    return State.JSA if is_claim else State.SEEKING_NO_BENEFIT


@kernel(each=True)
def decide_separation(
    people: People, support: Support, row: int, week: int, seed: np.uint64, rates: SeparationRates
) -> None:
    """Mark an employed person who quits for inactivity or loses the job this week."""
    words = draw(seed, SEPARATIONS, week, people.id[row], 0)
    home = people.ward[row]
    p_quit = rates.quit[age_band(people.age_weeks[row])] * rates.ward_quit[home]
    p_loss = rates.job_loss[people.cell[row] % N_LEVELS] * rates.ward_loss[home]
    if people.weeks_in_state[row] < rates.probation_weeks:
        p_loss *= rates.probation_factor
    p_loss *= support.keep[row]
    if words[0] < p_quit:
        people.pending[row] = State.INACTIVE_NO_BENEFIT
    elif words[0] < p_quit + p_loss:
        people.pending[row] = out_of_work_state(people, row, words[1], rates.p_claim)


@kernel(parallel=True)
def mark_separations(
    ids: np.ndarray,
    state: np.ndarray,
    weeks_in_state: np.ndarray,
    week: int,
    seed: np.uint64,
    most: np.ndarray,
    probation_weeks: int,
    marked: np.ndarray,
) -> None:
    """Mark the employed who may quit or lose their job: all others stay.

    `most` holds the largest chances a week to quit, to lose a job and to lose it in probation.
    """
    for row in numba.prange(ids.size):
        uniform = draw(seed, SEPARATIONS, week, ids[row], 0)[0]
        loss = most[2] if weeks_in_state[row] < probation_weeks else most[1]
        marked[row] = (uniform < most[0] + loss) & (state[row] == State.EMPLOYED)


@kernel(parallel=True)
def decide_marked(
    people: People,
    support: Support,
    rows: np.ndarray,
    week: int,
    seed: np.uint64,
    rates: SeparationRates,
) -> None:
    """Carry out `decide_separation` for the rows given."""
    for place in numba.prange(rows.size):
        decide_separation(people, support, rows[place], week, seed, rates)


def decide_separations(
    people: People,
    support: Support,
    week: int,
    seed: np.uint64,
    rates: SeparationRates,
    marked: np.ndarray,
) -> None:
    """Note in `pending` the employed who quit for inactivity or lose their job this week.

    Parameters
    ----------
    people : People
    support : Support
    week : int
    seed : uint64
    rates : SeparationRates
    marked : ndarray of bool, shape (n,)
        Room to work in.
    """
    quits = rates.quit.max() * rates.ward_quit.max()
    losses = rates.job_loss.max() * rates.ward_loss.max() * most_of(support.keep)
    most = MARGIN * np.array([quits, losses, losses * rates.probation_factor])
    mark_separations(
        people.id,
        people.state,
        people.weeks_in_state,
        week,
        seed,
        most,
        rates.probation_weeks,
        marked,
    )
    decide_marked(people, support, np.flatnonzero(marked), week, seed, rates)


@kernel(each=True)
def lay_off(
    people: People, support: Support, row: int, week: int, seed: np.uint64, p_claim: float
) -> int:
    """Mark in `pending` the first who may be laid off from a row of a cell's list on.

    Return the row, -1 where there is nobody.
    """
    while row >= 0 and (people.pending[row] != NO_MOVE or support.keep[row] <= 0.0):
        row = people.next[row]
    if row >= 0:
        own = draw(seed, SEPARATIONS, week, people.id[row], 0)
        people.pending[row] = out_of_work_state(people, row, own[2], p_claim)
    return row


@kernel
def decide_closing(
    people: People,
    support: Support,
    jobs: Jobs,
    cells: np.ndarray,
    stay: np.ndarray,
    week: int,
    seed: np.uint64,
    p_claim: float,
) -> None:
    """Mark in `pending` all but those who stay in the cells a closure strikes, last hired first.

    They are noted as laid off by it, `is_from_closure`.
    """
    for number in range(cells.size):
        cell = cells[number]
        row = jobs.head[cell]
        for _ in range(jobs.filled[cell] - stay[number]):
            row = lay_off(people, support, row, week, seed, p_claim)
            if row >= 0:
                people.is_from_closure[row] = True


@kernel
def decide_layoffs(
    people: People, support: Support, jobs: Jobs, week: int, seed: np.uint64, rates: SeparationRates
) -> None:
    """Mark in `pending` those laid off where filled jobs exceed desired ones.

    The last hired go first; lower skills are kept for less long; nobody is kept where the
    workplace has closed.
    """
    for cell in range(jobs.desired.size):
        excess = jobs.filled[cell] - jobs.desired[cell]
        if excess <= 0:
            continue
        row = jobs.head[cell]
        has_closed = jobs.local[cell // N_LEVELS] == 0.0
        for number in range(excess):
            words = draw(seed, LAYOFFS, week, cell, number)
            if has_closed or words[0] < rates.p_layoff[cell % N_LEVELS]:
                row = lay_off(people, support, row, week, seed, rates.p_claim_laid_off)


@kernel(each=True)
def newcomer(people: People, row: int, week: int, seed: np.uint64, entrants: EntrantRates) -> None:
    """Start a slot again as a newcomer with drawn age, qualification and ability."""
    words = draw(seed, ENTRANTS, week, people.id[row], 0)
    qualification = int(np.searchsorted(entrants.qualification_cumulative, words[0], "right"))
    ability = entrants.ability + entrants.ward_ability[people.ward[row]]
    ability += entrants.ability_spread * (2.0 * words[1] - 1.0)
    band = np.searchsorted(entrants.arrival_cumulative, words[2], "right")
    enter(people, row, BAND_STARTS[band], qualification, min(max(ability, 0.0), 1.0))


@kernel
def apply_separations(
    people: People,
    jobs: Jobs,
    rows: np.ndarray,
    week: int,
    seed: np.uint64,
    entrants: EntrantRates,
    flows: Flows,
    is_priority: np.ndarray,
) -> None:
    """Carry out what `pending` says of the rows given, in their order, and clear it."""
    for row in rows:
        to = people.pending[row]
        people.pending[row] = NO_MOVE
        count(flows.separations, people, row, is_priority)
        if to == LEAVES:
            separate(people, jobs, row, State.INACTIVE_NO_BENEFIT)
            newcomer(people, row, week, seed, entrants)
        else:
            separate(people, jobs, row, to)


@kernel
def move_house(
    people: People,
    is_priority: np.ndarray,
    recruits: np.ndarray,
    round_number: int,
    seed: np.uint64,
    p_move: float,
) -> None:
    """Let some residents of priority wards who got a job change homes with a workless person.

    The partner is the first workless person of at most 64 drawn from the other wards; without
    one nobody moves.

    Parameters
    ----------
    people : People
    is_priority : ndarray of bool, shape (n_wards,)
    recruits : ndarray of int64, shape (k,)
        Rows of those who were offered a job this round.
    round_number : int
    seed : uint64
    p_move : float
    """
    if p_move <= 0.0:
        return
    for row in recruits:
        home = people.ward[row]
        is_hired = people.state[row] == State.EMPLOYED and people.weeks_in_state[row] == 0
        if not is_hired or not is_priority[home]:
            continue
        if draw(seed, MOVERS, round_number, people.id[row], 0)[0] >= p_move:
            continue
        for attempt in range(1, 65):
            words = draw(seed, MOVERS, round_number, people.id[row], attempt)
            other = int(words[0] * people.state.size)
            if people.state[other] != State.EMPLOYED and not is_priority[people.ward[other]]:
                people.ward[row], people.ward[other] = people.ward[other], home
                break
