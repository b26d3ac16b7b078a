"""Phase search: who applies this round, where, and to which open vacancy."""

from __future__ import annotations

import math
from typing import NamedTuple

import numba
import numpy as np

from simulation.agents.clients import Support, has_nobody
from simulation.agents.columns import CHILDCARE_BIT, TRANSPORT_BIT, Jobs, People
from simulation.agents.commuting import Commuting, mean_in_reach, work_ward
from simulation.categories import N_LEVELS, N_SECTORS, State
from simulation.compile import kernel
from simulation.labour.lots import NO_LOT, Lots, pick_lot
from simulation.streams import MARGIN, Stream, draw

SEARCH = int(Stream.SEARCH)
PLACES = int(Stream.PLACES)
BLOCK = 256
"""Applicants who share room for draws."""
SPARE = 1e-9
"""Added to what must not come out too small, whatever the rounding."""
ROUNDS_PER_WEEK = 8
"""Rounds are numbered week x 8 + round, so that adding a round moves no draw of another week."""


class SearchRates(NamedTuple):
    """Parameters of the phase."""

    intensity: np.ndarray
    """float64 (7,), chance to apply in a round, by state."""
    confidence_floor: float
    childcare_factor: float
    own_sector: float
    places: int
    """Places looked in at most."""
    p_above: float
    bump_down: float
    half_stop: float
    """Openings, of agents, of the kind sought at which half of those who look stop."""
    stock_meets_new: bool
    """Whether those who searched before see only vacancies opened this week."""


@kernel(each=True)
def unaided_chance(people: People, row: int, rates: SearchRates) -> float:
    """Return the chance to apply in a round by state, confidence and childcare, without support."""
    floor = rates.confidence_floor
    chance = rates.intensity[people.state[row]]
    if people.state[row] != State.EMPLOYED:
        chance *= floor + (1.0 - floor) * people.confidence[row]
        if people.barriers[row] & CHILDCARE_BIT and people.child_weeks[row] >= 0:
            chance *= rates.childcare_factor
    return chance


@kernel(each=True)
def application_chance(people: People, support: Support, row: int, rates: SearchRates) -> float:
    """Return a person's chance to apply in a round."""
    chance = unaided_chance(people, row, rates) * support.search[row]
    return chance + support.broker[row] * (1.0 - chance)


@kernel
def first_slack(
    people: People, jobs: Jobs, commuting: Commuting, n_wards: int, rates: SearchRates
) -> np.ndarray:
    """Return the applications per opening that people would make now, float64 (n_wards,).

    By work ward, if those of each home ward spread over openings by the chance to commute there.
    """
    applications, openings, slack = np.zeros(n_wards), np.zeros(n_wards), np.zeros(n_wards)
    for row in range(people.state.size):
        applications[people.ward[row]] += unaided_chance(people, row, rates)
    for cell in range(jobs.openings.size):
        openings[jobs.ward[cell // N_LEVELS]] += jobs.openings[cell]
    found = mean_in_reach(commuting, openings)
    for home in range(n_wards):
        if found[home] == 0.0:
            continue
        before = 0.0
        for pair in range(commuting.start[home], commuting.start[home + 1]):
            chance = commuting.chance[pair] - before
            slack[commuting.work[pair]] += chance * applications[home] / found[home]
            before = commuting.chance[pair]
    return slack


@kernel(each=True)
def level_sought(people: People, row: int, uniform: float, reach: float, rates: SearchRates) -> int:
    """Return the skill level a person tries: their own, one below in slack, one above rarely."""
    own = people.qualification[row]
    p_below = (1.0 - rates.p_above) * (1.0 - math.exp(-rates.bump_down * reach))
    if uniform < p_below:
        return max(own - 1, 0)
    if uniform >= 1.0 - rates.p_above:
        return min(own + 1, N_LEVELS - 1)
    return own


@kernel(each=True)
def choose_lot(
    people: People,
    support: Support,
    commuting: Commuting,
    lots: Lots,
    row: int,
    slack_in_reach: np.ndarray,
    round_number: int,
    seed: np.uint64,
    rates: SearchRates,
    room: np.ndarray,
) -> int:
    """Return the lot one person applies to in this round, -1 for none.

    The person looks in a place of work, by commuting, for the level and perhaps the sector
    sought, and stops there with chance n / (n + `half_stop`) where it has n such openings; else
    in another place, up to `places` in all.
    """
    person = people.id[row]
    words = draw(seed, SEARCH, round_number, person, 0)
    if words[0] >= application_chance(people, support, row, rates):
        return NO_LOT
    home, sector = people.ward[row], people.sector[row]
    is_short = people.barriers[row] & TRANSPORT_BIT != 0
    level = level_sought(people, row, words[2], slack_in_reach[home], rates)
    in_sector = sector >= 0 and words[3] < rates.own_sector
    only_new = rates.stock_meets_new and people.has_searched[row]
    people.has_searched[row] = True
    for place in range(rates.places):
        words = draw(seed, PLACES, round_number, person, place)
        ward = work_ward(commuting, is_short, home, words[0])
        bucket = (ward * N_LEVELS + level) * N_SECTORS
        first, last = bucket, bucket + N_SECTORS
        if in_sector:
            first, last = bucket + sector, bucket + sector + 1
        first, last = lots.start[first], lots.start[last]
        if first == last:
            continue
        # Whoever finds nothing until then does not stop here.
        latest = (SPARE - math.log(words[1])) / rates.half_stop
        lot, time = pick_lot(
            lots, first, last, latest, only_new, people.cell[row], person, round_number, seed, room
        )
        if lot != NO_LOT and words[1] < math.exp(-rates.half_stop * time):
            return lot
    return NO_LOT


@kernel(parallel=True)
def mark_seekers(
    ids: np.ndarray,
    state: np.ndarray,
    intensity: np.ndarray,
    round_number: int,
    seed: np.uint64,
    marked: np.ndarray,
) -> None:
    """Mark who may apply in a round where there is no support: all others do not."""
    for row in numba.prange(ids.size):
        uniform = draw(seed, SEARCH, round_number, ids[row], 0)[0]
        marked[row] = uniform < intensity[state[row]] * MARGIN


@kernel(parallel=True)
def mark_supported(
    ids: np.ndarray,
    state: np.ndarray,
    search: np.ndarray,
    broker: np.ndarray,
    intensity: np.ndarray,
    round_number: int,
    seed: np.uint64,
    marked: np.ndarray,
) -> None:
    """Mark who may apply in a round where support may raise the chance: all others do not."""
    for row in numba.prange(ids.size):
        uniform = draw(seed, SEARCH, round_number, ids[row], 0)[0]
        most = intensity[state[row]] * np.float64(search[row]) + np.float64(broker[row])
        marked[row] = uniform < most * MARGIN


def mark_applicants(
    people: People,
    support: Support,
    intensity: np.ndarray,
    round_number: int,
    seed: np.uint64,
    marked: np.ndarray,
) -> None:
    """Mark who may apply in a round.

    Parameters
    ----------
    people : People
    support : Support
    intensity : ndarray of float64, shape (7,)
        Chance to apply by state.
    round_number : int
    seed : uint64
    marked : ndarray of bool, shape (n,)
        Written.
    """
    ids, state = people.id, people.state
    if has_nobody(support):
        mark_seekers(ids, state, intensity, round_number, seed, marked)
    else:
        search, broker = support.search, support.broker
        mark_supported(ids, state, search, broker, intensity, round_number, seed, marked)


@kernel(each=True)
def choose_in_block(
    people: People,
    support: Support,
    commuting: Commuting,
    lots: Lots,
    rows: np.ndarray,
    block: int,
    slack_in_reach: np.ndarray,
    round_number: int,
    seed: np.uint64,
    rates: SearchRates,
    room: np.ndarray,
    choice: np.ndarray,
) -> None:
    """Write the choices of a block of rows, which share room for the draws of a race."""
    for place in range(block * BLOCK, min((block + 1) * BLOCK, rows.size)):
        choice[place] = choose_lot(
            people,
            support,
            commuting,
            lots,
            rows[place],
            slack_in_reach,
            round_number,
            seed,
            rates,
            room,
        )


@kernel(parallel=True)
def choose_lots(
    people: People,
    support: Support,
    commuting: Commuting,
    lots: Lots,
    rows: np.ndarray,
    slack_in_reach: np.ndarray,
    round_number: int,
    seed: np.uint64,
    rates: SearchRates,
    choice: np.ndarray,
) -> None:
    """Write the lot each of some people applies to in this round, -1 for those who do not.

    Parameters
    ----------
    people : People
    support : Support
    commuting : Commuting
    lots : Lots
    rows : ndarray of int64, shape (k,)
        Those marked by `mark_applicants`.
    slack_in_reach : ndarray of float64, shape (n_wards,)
        Applications per opening where residents of each ward look for work.
    round_number : int
    seed : uint64
    rates : SearchRates
    choice : ndarray of int64, shape (k,)
        Written.
    """
    n_blocks = (rows.size + BLOCK - 1) // BLOCK
    room = np.empty((n_blocks, lots.most))
    for block in numba.prange(n_blocks):
        choose_in_block(
            people,
            support,
            commuting,
            lots,
            rows,
            block,
            slack_in_reach,
            round_number,
            seed,
            rates,
            room[block],
            choice,
        )
