"""Lots of like vacancies, as applicants see them in a round, and the race that picks one."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from simulation.agents.columns import Jobs
from simulation.categories import N_LEVELS, N_SECTORS
from simulation.compile import kernel
from simulation.streams import Stream, draw

VACANCY_CHOICE = int(Stream.VACANCY_CHOICE)
NO_LOT = -1
BELOW = 1.0 - 1e-9
"""Factor that keeps a lower bound below what it bounds, whatever the rounding."""


class Lots(NamedTuple):
    """What applicants see in a round: lots of like vacancies, sorted by bucket.

    A lot is one cell's openings of one age (new this week, or older). Buckets are
    (work ward x 5 + level) x 9 + sector.
    """

    cell: np.ndarray
    """int32 (n_lots,)."""
    openings: np.ndarray
    """int32 (n_lots,)."""
    is_new: np.ndarray
    """bool (n_lots,)."""
    start: np.ndarray
    """int32 (n_wards x 45 + 1,), first lot of each bucket."""
    most: int
    """Lots of the fullest place and level, all sectors together."""


@kernel(each=True)
def bucket_of(jobs: Jobs, cell: int) -> int:
    """Return the bucket of a cell: work ward, level, sector."""
    employer = cell // N_LEVELS
    place = jobs.ward[employer] * N_LEVELS + cell % N_LEVELS
    return place * N_SECTORS + jobs.sector[employer]


@kernel
def list_lots(jobs: Jobs, n_wards: int) -> Lots:
    """Return the week's `Lots` by a counting sort; within a bucket in the order of cells."""
    n_buckets = n_wards * N_LEVELS * N_SECTORS
    start = np.zeros(n_buckets + 1, np.int32)
    for cell in range(jobs.openings.size):
        if jobs.openings[cell] > 0:
            old = jobs.openings[cell] > jobs.new_openings[cell]
            new = jobs.new_openings[cell] > 0
            start[bucket_of(jobs, cell) + 1] += int(old) + int(new)
    for bucket in range(n_buckets):
        start[bucket + 1] += start[bucket]
    n_lots = start[n_buckets]
    most = 0
    for bucket in range(0, n_buckets, N_SECTORS):
        most = max(most, start[bucket + N_SECTORS] - start[bucket])
    lots = Lots(
        np.empty(n_lots, np.int32),
        np.empty(n_lots, np.int32),
        np.empty(n_lots, np.bool_),
        start,
        most,
    )
    place = start.copy()
    for cell in range(jobs.openings.size):
        if jobs.openings[cell] == 0:
            continue
        new = jobs.new_openings[cell]
        bucket = bucket_of(jobs, cell)
        for is_new in range(2):
            number = new if is_new else jobs.openings[cell] - new
            if number > 0:
                lots.cell[place[bucket]] = cell
                lots.openings[place[bucket]] = number
                lots.is_new[place[bucket]] = is_new == 1
                place[bucket] += 1
    return lots


@kernel(each=True)
def pick_lot(
    lots: Lots,
    first: int,
    last: int,
    latest: float,
    only_new: bool,
    own_cell: int,
    person: int,
    round_number: int,
    seed: np.uint64,
    room: np.ndarray,
) -> tuple[int, float]:
    """Return one of the lots in [first, last), at random by openings, and when it comes first.

    It is -1, and the time `latest`, if none comes before that. With n openings the time is
    exponential with rate n. Each (person, vacancy) pair has its own draw, so that another
    vacancy's coming or going changes a choice only if it is the vacancy chosen (an exponential
    race; highest random weight hashing, Thaler and Ravishankar 1998). All are drawn first, on
    vectors: of slices, for Numba lets an index count from the end unless it is known not to. In
    most races none of them comes in time.
    """
    cells, is_new, openings = (
        lots.cell[first:last],
        lots.is_new[first:last],
        lots.openings[first:last],
    )
    n_early = 0
    for each in range(cells.size):
        pair = 2 * cells[each] + int(is_new[each])
        room[each] = draw(seed, VACANCY_CHOICE, round_number, person, pair)[0]
        # Minus the logarithm is at least this: most lots are out without it.
        n_early += int((1.0 - room[each]) * BELOW < latest * openings[each])
    best, best_time = NO_LOT, latest
    for each in range(cells.size if n_early > 0 else 0):
        if (1.0 - room[each]) * BELOW >= best_time * openings[each]:
            continue
        if (only_new and not is_new[each]) or cells[each] == own_cell:
            continue
        time = -math.log(room[each]) / openings[each]
        if time < best_time:
            best, best_time = first + each, time
    return best, best_time
