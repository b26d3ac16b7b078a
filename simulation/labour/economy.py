"""Phase economy: desired jobs follow demand, vacancies open, wait, are withdrawn and lapse."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numba
import numpy as np

from simulation.agents.columns import Jobs
from simulation.categories import N_LEVELS, SECTORS
from simulation.compile import kernel
from simulation.config import Config
from simulation.errors import InputError
from simulation.inputs.local_events import LocalEvent, local_event_changes
from simulation.streams import LOGISTIC_SD, Stream, draw, logit

WEEKS_PER_QUARTER = 13
SHOCKS = int(Stream.SHOCKS)
POSTING = int(Stream.POSTING)


class EconomyRates(NamedTuple):
    """Parameters of the phase, per week."""

    shock_sd: float
    shock_persistence: float
    p_post: float
    lapse_weeks: int
    pause_weeks: int


@kernel(each=True)
def shock_correction(n_shocks: int, rates: EconomyRates) -> float:
    """Return half the variance of so many shocks: it keeps the mean of their exponential at one."""
    fade = rates.shock_persistence * rates.shock_persistence
    if fade >= 1.0:
        return 0.5 * rates.shock_sd * rates.shock_sd * n_shocks
    return 0.5 * rates.shock_sd * rates.shock_sd * (1.0 - fade**n_shocks) / (1.0 - fade)


@kernel(each=True)
def set_establishment(
    jobs: Jobs,
    employer: int,
    demand: np.ndarray,
    answer: np.ndarray,
    corrections: np.ndarray,
    week: int,
    seed: np.uint64,
    rates: EconomyRates,
) -> None:
    """Set the desired jobs of one establishment's cells; `corrections` by whether it was hit."""
    if week > 0 and (week + employer) % WEEKS_PER_QUARTER == 0:
        words = draw(seed, SHOCKS, week, employer, 0)
        jobs.shock[employer] = (
            rates.shock_persistence * jobs.shock[employer]
            + rates.shock_sd * logit(words[0]) / LOGISTIC_SD
        )
    is_shocked = (week % WEEKS_PER_QUARTER + employer % WEEKS_PER_QUARTER) // WEEKS_PER_QUARTER
    level = (
        demand[jobs.sector[employer]]
        * jobs.local[employer]
        * math.exp(jobs.shock[employer] - corrections[is_shocked])
    )
    for cell in range(employer * N_LEVELS, (employer + 1) * N_LEVELS):
        if jobs.base[cell] > 0.0:
            asked = jobs.base[cell] * level * answer[jobs.ward[employer], cell % N_LEVELS]
            wanted = int(asked + jobs.rounding[cell]) + jobs.extra[cell]
            surplus = max(jobs.filled[cell] - wanted, 0)
            jobs.desired[cell] = wanted + min(surplus, jobs.kept[cell])


@kernel(parallel=True)
def set_desired(
    jobs: Jobs,
    demand: np.ndarray,
    answer: np.ndarray,
    week: int,
    seed: np.uint64,
    rates: EconomyRates,
) -> None:
    """Set the desired jobs of every cell.

    Desired jobs are the start level times the sector's path, local events, the establishment's
    slow shock and the answer to ease of hiring, rounded by the cell's own threshold so that the
    mean is exact.

    Parameters
    ----------
    jobs : Jobs
    demand : ndarray of float64, shape (n_sectors,)
        Index of the week, 1 at the start.
    answer : ndarray of float64, shape (n_wards, 5)
        Factor by work ward and level; 1 without support (`closure`).
    week : int
    seed : uint64
    rates : EconomyRates
    """
    n_shocks = week // WEEKS_PER_QUARTER
    # Of those not yet shocked this quarter, and of those that have been.
    corrections = np.array(
        [shock_correction(n_shocks, rates), shock_correction(n_shocks + 1, rates)]
    )
    for employer in numba.prange(jobs.ward.size):
        set_establishment(jobs, employer, demand, answer, corrections, week, seed, rates)


@kernel(each=True)
def post_in_cell(
    jobs: Jobs, held: int, cell: int, week: int, seed: np.uint64, rates: EconomyRates
) -> None:
    """Open, withdraw and lapse the vacancies of one cell, all but those held."""
    jobs.new_openings[cell] = 0
    vacancies = jobs.desired[cell] - jobs.filled[cell] - held
    if vacancies <= 0:
        jobs.openings[cell] = 0
        return
    jobs.openings[cell] = min(jobs.openings[cell], vacancies)
    if jobs.openings[cell] > 0 and week - jobs.open_since[cell] >= rates.lapse_weeks:
        jobs.openings[cell] = 0
        jobs.pause_until[cell] = week + rates.pause_weeks
    if week < jobs.pause_until[cell]:
        return
    for number in range(jobs.openings[cell], vacancies):
        if draw(seed, POSTING, week, cell, number)[0] < rates.p_post:
            jobs.new_openings[cell] += 1
    if jobs.new_openings[cell] > 0:
        jobs.openings[cell] += jobs.new_openings[cell]
        jobs.open_since[cell] = week


@kernel(parallel=True)
def post_vacancies(
    jobs: Jobs, held: np.ndarray, week: int, seed: np.uint64, rates: EconomyRates
) -> None:
    """Open, withdraw and lapse the vacancies of every cell; `held` are int32 (n_cells,).

    Vacancies are desired less filled jobs and those held. Each not yet open opens with the same
    chance a week; openings beyond the vacancies are withdrawn; a cell that neither hired nor posted
    for `lapse_weeks` withdraws all and pauses.
    """
    for cell in numba.prange(jobs.desired.size):
        post_in_cell(jobs, held[cell], cell, week, seed, rates)


class LocalChange(NamedTuple):
    """A local event in the week it takes effect."""

    week: int
    event: LocalEvent
    ward: int
    """Row of the event's ward."""
    opening: list[int]
    """Rows of the establishments an opening brings; empty for a closure."""
    people_per_agent: int


class Closing(NamedTuple):
    """Where a closure lays people off, all but those who stay; arrays of shape (k,)."""

    number: int
    """Of the closures of the run in their order, from 1."""
    cell: np.ndarray
    """int64."""
    stay: np.ndarray
    """int32, how many stay in each cell."""


def local_changes(
    jobs: Jobs, events: Sequence[LocalEvent], config: Config, *, ward_codes: Iterable[str]
) -> list[LocalChange]:
    """Return the local events of a run in their order.

    The establishments that openings bring are the last of `jobs`.
    """
    ward_of = {code: row for row, code in enumerate(ward_codes)}
    openings = [event for event in events if event.kind == "opening"]
    rows: dict[LocalEvent, list[int]] = {}
    for row, event in enumerate(openings, start=jobs.ward.size - len(openings)):
        rows.setdefault(event, []).append(row)
    return [
        LocalChange(week, event, ward_of[event.ward], rows.get(event, []), config.people_per_agent)
        for week, event in local_event_changes(events, start=config.start)
    ]


def apply_local_changes(jobs: Jobs, changes: Iterable[LocalChange], week: int) -> list[Closing]:
    """Let the local events of a week take effect; return where its closures lay people off.

    Raises
    ------
    InputError
        If a closure has more jobs than there are.
    """
    closings: list[Closing] = []
    stay, n_closures = None, 0
    for change in changes:
        n_closures += not change.opening
        if change.week != week:
            continue
        if change.opening:
            jobs.local[change.opening] = 1.0
            continue
        stay = jobs.filled.copy() if stay is None else stay
        cells = close_workplaces(jobs, change, stay)
        closings.append(Closing(n_closures, cells, stay[cells]))
    return closings


def close_workplaces(jobs: Jobs, change: LocalChange, stay: np.ndarray) -> np.ndarray:
    """Close workplaces until a closure's jobs are gone; return the cells it strikes, int64 (k,).

    The largest of the first day go first, of those no larger today than what is left to lose; what
    then remains is taken from the smallest of the others, from its levels alike. So two runs that
    differ a little lose the same workplaces.

    Parameters
    ----------
    jobs : Jobs
    change : LocalChange
    stay : ndarray of int32, shape (n_cells,)
        Who stays in each cell after the closures before this one in the week; lowered.

    Raises
    ------
    InputError
        If there are fewer jobs.
    """
    event, size = change.event, change.people_per_agent
    here = jobs.ward == change.ward
    here &= (jobs.sector == SECTORS.index(event.sector)) & (jobs.local > 0.0)
    rows = np.flatnonzero(here)
    there = stay.reshape(-1, N_LEVELS)
    today = there[rows].sum(axis=1)
    left = event.jobs / size
    if left > today.sum():
        raise InputError(
            f"economy.events: the closure of {event.jobs} {event.sector} jobs in ward"
            f" {event.ward} is more than the {today.sum() * size} there on {event.date}"
        )
    at_first = jobs.base.reshape(-1, N_LEVELS)[rows].sum(axis=1)
    struck, spared = [], []
    for place in np.argsort(-at_first, kind="stable"):
        if today[place] <= left:
            struck.append(rows[place])
            jobs.local[rows[place]] = 0.0
            there[rows[place]] = 0
            left -= today[place]
        else:
            spared.append(place)
    if left > 0.0:
        smallest = min(spared, key=lambda place: (today[place], place))
        struck.append(rows[smallest])
        jobs.local[rows[smallest]] *= 1.0 - left / today[smallest]
        upto = np.cumsum(there[rows[smallest]])
        gone = (left * upto / today[smallest]).astype(np.int32)
        there[rows[smallest]] -= np.diff(gone, prepend=0)
    levels = np.arange(N_LEVELS)
    return (N_LEVELS * np.array(struck, np.int64)[:, None] + levels).ravel()


def run_economy(
    jobs: Jobs,
    demand: np.ndarray,
    *,
    answer: np.ndarray,
    held: np.ndarray,
    week: int,
    seed: np.uint64,
    rates: EconomyRates,
) -> np.ndarray:
    """Carry out the phase for one week; return the rise in desired jobs, int32 (n_cells,).

    Arguments as `set_desired`; `held` are the cells in which an opening is held for somebody,
    int64, one entry each.
    """
    before = jobs.desired.copy()
    set_desired(jobs, demand, answer, week, seed, rates)
    n_held = np.zeros(jobs.openings.size, np.int32)
    np.add.at(n_held, held, 1)
    post_vacancies(jobs, n_held, week, seed, rates)
    return np.maximum(jobs.desired - before, 0)
