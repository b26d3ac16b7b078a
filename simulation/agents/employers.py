"""Establishments and their jobs: built from the area's table around the people who fill them."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numba
import numpy as np
import pandas as pd

from simulation.agents.columns import Jobs, People, check_fits, link
from simulation.agents.commuting import Commuting, work_ward
from simulation.agents.views import AgentView, ColumnAgentSet
from simulation.categories import LEVELS, N_LEVELS, N_SECTORS, SECTORS, SIZE_BAND_LIMITS, State
from simulation.compile import kernel
from simulation.config import Config
from simulation.inputs.area import Area
from simulation.inputs.local_events import LocalEvent
from simulation.inputs.margins import fit_to_margins
from simulation.inputs.shipped import CONF
from simulation.streams import LOGISTIC_SD, Stream, check_seed, draw, logit

FIRST_JOB = int(Stream.FIRST_JOB)
CELLS = int(Stream.CELLS)
ESTABLISHMENTS = int(Stream.ESTABLISHMENTS)
AT_FIRST = 1024
"""Establishments that there is room for before there is twice as much, and so on."""
OPEN_SHARE = 0.75
"""Of the vacancies of the first day, those open to applicants: the rest are not posted yet."""
OPEN_WEEKS = 5.0
"""Mean time since the last opening or hire of a cell with openings, in a steady market."""


class Establishments(NamedTuple):
    """What is known of each establishment, shape (m,); jobs by level, shape (m, 5)."""

    ward: np.ndarray
    sector: np.ndarray
    desired: np.ndarray
    filled: np.ndarray
    openings: np.ndarray
    pay: np.ndarray
    goodwill: np.ndarray


class Employer(AgentView):
    """One establishment; attributes as in `Establishments`."""

    __slots__ = ()


class Employers(ColumnAgentSet):
    """The establishments of a model.

    Parameters
    ----------
    model : LabourMarket
    """

    def __init__(self, model: Any) -> None:
        jobs = model.jobs
        desired, filled, openings = (
            column.reshape(-1, N_LEVELS) for column in (jobs.desired, jobs.filled, jobs.openings)
        )
        columns = Establishments(
            jobs.ward, jobs.sector, desired, filled, openings, jobs.pay, jobs.goodwill
        )
        super().__init__(model, columns, Employer)


def load_skill_mix() -> np.ndarray:
    """Return the share of each sector's jobs at each level, float64 (n_sectors, 5)."""
    table = pd.read_csv(CONF / "employers" / "skill_mix.csv")
    shares = table.pivot(index="sector", columns="level", values="share")
    return shares.loc[list(SECTORS), list(LEVELS)].to_numpy()


@kernel(parallel=True)
def _place_of_first_job(
    people: People,
    commuting: Commuting,
    below: float,
    above: float,
    seed: np.uint64,
    ward: np.ndarray,
    level: np.ndarray,
) -> None:
    """Draw the work ward and the skill level of the employed; the others: home ward and -1."""
    for row in numba.prange(people.state.size):
        ward[row], level[row] = people.ward[row], -1
        if people.state[row] != State.EMPLOYED:
            continue
        words = draw(seed, FIRST_JOB, 0, people.id[row], 0)
        own = people.qualification[row]
        if words[1] < below:
            own = max(own - 1, 0)
        elif words[1] >= 1.0 - above:
            own = min(own + 1, N_LEVELS - 1)
        ward[row] = work_ward(commuting, False, people.ward[row], words[0])
        level[row] = own


@kernel(each=True)
def _sector_of(people: People, row: int, chances: np.ndarray, seed: np.uint64) -> int:
    words = draw(seed, FIRST_JOB, 0, people.id[row], 0)
    drawn = min(int(np.searchsorted(chances, words[2], "right")), N_SECTORS - 1)
    if people.sector[row] >= 0:
        people.sector[row] = drawn
    return drawn


@kernel(parallel=True)
def _sector_of_first_job(
    people: People,
    ward: np.ndarray,
    level: np.ndarray,
    cumulative: np.ndarray,
    seed: np.uint64,
    sector: np.ndarray,
) -> None:
    """Draw the sector given work ward and level; for the workless, of the last job."""
    for row in numba.prange(people.state.size):
        sought = level[row] if level[row] >= 0 else people.qualification[row]
        sector[row] = _sector_of(people, row, cumulative[ward[row], sought], seed)


def _sector_chances(area: Area, ward: np.ndarray, level: np.ndarray) -> np.ndarray:
    """Return the cumulative chance of each sector, float64 (n_wards, 5 levels, n_sectors).

    The sector's skill mix is fitted to each ward's jobs by sector and to the levels of the people
    who work there (iterative proportional fitting).
    """
    by_sector = area.jobs.sum(axis=2) + 1e-3
    by_level = np.zeros((area.n_wards, N_LEVELS))
    is_job = level >= 0
    np.add.at(by_level, (ward[is_job], level[is_job]), 1.0)
    by_level += 1e-3
    by_level *= (by_sector.sum(axis=1) / by_level.sum(axis=1))[:, None]
    seed = np.repeat((load_skill_mix().T + 1e-6)[None], area.n_wards, axis=0)
    table, _ = fit_to_margins(seed, [[0, 1], [0, 2]], [by_level, by_sector])
    cumulative = np.cumsum(table, axis=2)
    return cumulative / cumulative[:, :, -1:]


@kernel
def draw_sizes(
    counts: np.ndarray, bands: np.ndarray, largest: int, seed: np.uint64
) -> tuple[np.ndarray, np.ndarray]:
    """Return the establishments that hold the jobs of each place, a ward's jobs in one sector.

    Parameters
    ----------
    counts : ndarray of int64, shape (n_places,)
        Jobs to hold; 0 gives no establishment.
    bands : ndarray of int64, shape (n_places, n_size_bands)
        Weight of each size band in jobs.
    largest : int
        Where it would have more, it is several, which recruit and lay off by themselves.
    seed : uint64

    Returns
    -------
    numbers : ndarray of int64, shape (n_places,)
        Of establishments.
    sizes : ndarray of int64, shape (n,)
        Place by place; those of a place sum to its jobs, and the last takes what is left.
    """
    numbers = np.zeros(counts.size, np.int64)
    sizes = np.empty(AT_FIRST, np.int64)
    n = 0
    for place in range(counts.size):
        n_jobs, total = counts[place], bands[place].sum()
        share = np.cumsum(bands[place]) / total if total > 0 else np.ones(bands.shape[1])
        held = 0
        while held < n_jobs:
            # The band's weight is in jobs: walking along the jobs held keeps each band's share.
            along = min((held + 0.5) / n_jobs, 1 - 1e-12)
            low, high = SIZE_BAND_LIMITS[np.searchsorted(share, along, "right")]
            word = draw(seed, ESTABLISHMENTS, 0, numbers[place], place)[0]
            size = int(np.rint(low * (high / low) ** word))
            if n == sizes.size:
                sizes = np.append(sizes, np.empty_like(sizes))
            sizes[n] = max(1, min(size, largest, n_jobs - held))
            held += sizes[n]
            numbers[place] += 1
            n += 1
    return numbers, sizes[:n]


def _establishments(
    area: Area, counts: np.ndarray, largest: int, seed: np.uint64
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return ward, sector and size of every establishment, in the order of ward and sector."""
    bands = area.jobs.reshape(counts.size, -1)
    numbers, sizes = draw_sizes(counts, bands, largest, seed)
    ward, sector = np.divmod(np.repeat(np.arange(counts.size, dtype=np.int32), numbers), N_SECTORS)
    return ward, sector.astype(np.int8), sizes


def allocate_jobs(ward: np.ndarray, sector: np.ndarray) -> Jobs:
    """Return columns for establishments in these wards and sectors, without any job yet."""
    n = ward.size
    cells = n * N_LEVELS
    return Jobs(
        ward=ward.astype(np.int32),
        sector=sector.astype(np.int8),
        shock=np.zeros(n),
        pay=np.ones(n),
        local=np.ones(n),
        goodwill=np.ones(n),
        base=np.zeros(cells),
        rounding=np.zeros(cells),
        desired=np.zeros(cells, np.int32),
        filled=np.zeros(cells, np.int32),
        openings=np.zeros(cells, np.int32),
        new_openings=np.zeros(cells, np.int32),
        open_since=np.zeros(cells, np.int16),
        pause_until=np.zeros(cells, np.int16),
        head=np.full(cells, -1, np.int32),
        extra=np.zeros(cells, np.int16),
        kept=np.zeros(cells, np.int16),
    )


@kernel(parallel=True)
def _draw_ties(people: People, rows: np.ndarray, seed: np.uint64, tie: np.ndarray) -> None:
    """Draw what decides the order of the employed of one ward and sector."""
    for number in numba.prange(rows.size):
        tie[number] = draw(seed, FIRST_JOB, 0, people.id[rows[number]], 1)[0]


@kernel
def _set_wages(people: People, jobs: Jobs, weekly_wage: np.ndarray) -> None:
    """Set what everyone employed began at: the wage of the level times the establishment's pay."""
    for row in range(people.cell.size):
        cell = people.cell[row]
        if cell >= 0:
            people.wage[row] = weekly_wage[cell % N_LEVELS] * jobs.pay[cell // N_LEVELS]


@kernel
def _link_longest_first(people: People, jobs: Jobs) -> None:
    """Enter everyone in the list of their cell, those longest in the job first (counting sort)."""
    first = np.zeros(people.weeks_in_state.max() + 2, np.int64)
    for row in range(people.cell.size):
        if people.cell[row] >= 0:
            first[people.weeks_in_state[row]] += 1
    for weeks in range(first.size - 2, -1, -1):
        first[weeks] += first[weeks + 1]
    order = np.empty(first[0], np.int32)
    for row in range(people.cell.size):
        if people.cell[row] >= 0:
            place = first[people.weeks_in_state[row] + 1]
            order[place] = row
            first[people.weeks_in_state[row] + 1] = place + 1
    for row in order:
        link(people, jobs, row, people.cell[row])
        jobs.filled[people.cell[row]] += 1


@kernel(each=True)
def _draw_establishment(
    jobs: Jobs,
    employer: int,
    pay_spread: float,
    gap_spread: float,
    lapse_weeks: int,
    seed: np.uint64,
) -> None:
    words = draw(seed, CELLS, 0, employer, 0)
    wanted = max(1.0 + gap_spread * logit(words[1]) / LOGISTIC_SD, 0.0)
    jobs.pay[employer] = math.exp(pay_spread * logit(words[0]) / LOGISTIC_SD)
    for cell in range(employer * N_LEVELS, (employer + 1) * N_LEVELS):
        words = draw(seed, CELLS, 0, cell, 1)
        jobs.base[cell] *= wanted
        jobs.rounding[cell] = words[0]
        jobs.desired[cell] = int(jobs.base[cell] + words[0])
        jobs.open_since[cell] = max(int(OPEN_WEEKS * math.log(words[2])), 1 - lapse_weeks)
        if words[1] < OPEN_SHARE:
            jobs.openings[cell] = max(jobs.desired[cell] - jobs.filled[cell], 0)


@kernel(parallel=True)
def _draw_establishments(
    jobs: Jobs, pay_spread: float, gap_spread: float, lapse_weeks: int, seed: np.uint64
) -> None:
    """Draw each establishment's pay and each cell's rounding; open most vacancies."""
    for employer in numba.prange(jobs.ward.size):
        _draw_establishment(jobs, employer, pay_spread, gap_spread, lapse_weeks, seed)


def build_jobs(
    area: Area,
    people: People,
    config: Config,
    *,
    commuting: Commuting,
    events: tuple[LocalEvent, ...],
    seed: int,
) -> Jobs:
    """Return the establishments, with everyone employed in a job.

    People choose a work ward by the area's commuting, a level about their qualification and a
    sector by the ward's jobs; establishments of the area's sizes are then drawn around them, so
    that filled jobs are employed people exactly.

    Parameters
    ----------
    area : Area
    people : People
        Cell, wage and sector are written.
    config : Config
    commuting : Commuting
    events : tuple of LocalEvent
        An opening brings an establishment of its own, empty until its date.
    seed : int

    Returns
    -------
    Jobs
    """
    key = check_seed(seed)
    openings = [event for event in events if event.kind == "opening"]
    places = _establishments_around(area, people, config, commuting, key)
    jobs = _with_openings(area, places, openings)
    _link_longest_first(people, jobs)
    jobs.base[:] = jobs.filled * (1.0 + np.tile(config.employers.unfilled_share, jobs.ward.size))
    jobs.goodwill[:] = config.goodwill.usual
    _draw_establishments(
        jobs,
        config.employers.wage_spread,
        config.employers.gap_spread,
        config.employers.lapse_weeks,
        key,
    )
    # Only now, so that an opening has the jobs asked for, with no gap of its own.
    mix = load_skill_mix()
    for number, event in enumerate(openings, start=jobs.ward.size - len(openings)):
        cells = slice(number * N_LEVELS, (number + 1) * N_LEVELS)
        jobs.base[cells] = mix[jobs.sector[number]] * event.jobs / config.people_per_agent
        jobs.local[number] = 0.0
    _set_wages(people, jobs, np.array(config.employers.weekly_wage))
    return jobs


def _establishments_around(
    area: Area,
    people: People,
    config: Config,
    commuting: Commuting,
    seed: np.uint64,
) -> tuple[np.ndarray, np.ndarray]:
    """Give everyone employed a cell; return ward and sector of the establishments."""
    n = people.state.size
    ward, level, sector = np.empty(n, np.uint16), np.empty(n, np.int8), np.empty(n, np.int8)
    below, above = config.population.p_level_below, config.population.p_level_above
    _place_of_first_job(people, commuting, below, above, seed, ward, level)
    _sector_of_first_job(people, ward, level, _sector_chances(area, ward, level), seed, sector)
    rows = np.flatnonzero(level >= 0).astype(np.int32)
    level = level[rows]
    place = ward[rows].astype(np.int32) * N_SECTORS + sector[rows]
    del ward, sector
    counts = np.bincount(place, minlength=area.n_wards * N_SECTORS)
    wards, sectors, sizes = _establishments(area, counts, config.employers.unit_size, seed)
    check_fits("jobs by establishment and level", sizes.size * N_LEVELS, np.int32)
    tie = np.empty(rows.size)
    _draw_ties(people, rows, seed, tie)
    # Within a ward and sector people come in a drawn order, equal draws in that of rows.
    order = np.lexsort((tie, place))
    del tie, place
    cells = N_LEVELS * np.repeat(np.arange(sizes.size, dtype=np.int32), sizes)
    people.cell[rows[order]] = cells + level[order]
    return wards, sectors


def _with_openings(
    area: Area, places: tuple[np.ndarray, np.ndarray], openings: list[LocalEvent]
) -> Jobs:
    """Return establishments without jobs: those of the first day, then one for each opening."""
    ward, sector = places
    codes = {code: row for row, code in enumerate(area.wards["code"])}
    return allocate_jobs(
        np.append(ward, [codes[event.ward] for event in openings]),
        np.append(sector, [SECTORS.index(event.sector) for event in openings]),
    )
