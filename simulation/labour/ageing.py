"""Phase ageing and benefits: everyone grows a week older; claims start, move and end."""

from __future__ import annotations

from typing import NamedTuple

import numba
import numpy as np

from simulation.agents.columns import LEAVES, NO_CHILD, NO_MOVE, People, age_band, move_benefit
from simulation.categories import LEAVES_WEEKS, N_STATES, START_WEEKS, WEEKS_PER_YEAR, State
from simulation.compile import kernel
from simulation.labour.benefits import BenefitRates, begin_claim, exit_claim, new_claim
from simulation.labour.separations import EntrantRates, newcomer
from simulation.streams import MARGIN, Stream, draw

AGEING = int(Stream.AGEING)
BENEFITS = int(Stream.BENEFITS)
CHILD_LEAVES_WEEKS = 18 * WEEKS_PER_YEAR


class AgeingRates(NamedTuple):
    """Parameters of growing older, per week."""

    decay: float
    recovery: float
    floor: float
    """Part of ability that employability does not fall below out of work."""
    scarring: float
    health_worsens: np.ndarray
    """float64 (4,), by age band."""
    health_mends: float
    workless_health_factor: float


@kernel(parallel=True)
def grow_older(
    state: np.ndarray,
    age_weeks: np.ndarray,
    weeks_in_state: np.ndarray,
    child_weeks: np.ndarray,
    is_lone_parent: np.ndarray,
    weeks_since_job: np.ndarray,
    workless_weeks: np.ndarray,
    ability: np.ndarray,
    employability: np.ndarray,
    confidence: np.ndarray,
    decay: float,
    recovery: float,
    floor: float,
    scarring: float,
) -> None:
    """Add a week to everyone's clocks, move employability and confidence; columns of `People`.

    One pass without branches, so that it runs on vectors.
    """
    for row in numba.prange(state.size):
        is_out = state[row] != State.EMPLOYED
        age_weeks[row] += 1
        weeks_in_state[row] += 1
        weeks_since_job[row] += np.int32(is_out)
        workless_weeks[row] += np.int32(is_out)
        child = child_weeks[row] + (child_weeks[row] != NO_CHILD)
        has_left = child >= CHILD_LEAVES_WEEKS
        child_weeks[row] = NO_CHILD if has_left else child
        is_lone_parent[row] = is_lone_parent[row] & (not has_left)
        adult = max(np.int64(age_weeks[row]) - START_WEEKS, 1)
        scar = scarring * workless_weeks[row] / adult
        ceiling = ability[row] * (1.0 - scar)
        skill, hope = employability[row], confidence[row]
        rising = skill + (ceiling - skill) * recovery
        falling = skill - (skill - floor * ability[row]) * decay
        employability[row] = falling if is_out else rising
        confidence[row] = hope - hope * decay if is_out else hope + (1.0 - hope) * recovery


@kernel(each=True)
def change_health(people: People, row: int, uniform: float, ageing: AgeingRates) -> None:
    """Let a person's health grow worse or mend."""
    p_worsens = ageing.health_worsens[age_band(people.age_weeks[row])]
    if people.state[row] != State.EMPLOYED:
        p_worsens *= ageing.workless_health_factor
    if uniform < p_worsens:
        people.health[row] = min(people.health[row] + 1, 2)
    elif uniform < p_worsens + ageing.health_mends:
        people.health[row] = max(people.health[row] - 1, 0)


@kernel(each=True)
def change_one(
    people: People,
    row: int,
    week: int,
    seed: np.uint64,
    child_limit_weeks: int,
    ageing: AgeingRates,
    benefits: BenefitRates,
    entrants: EntrantRates,
) -> None:
    """Let one person's health change, leave the area or at 65, end a claim or begin one."""
    grow = draw(seed, AGEING, week, people.id[row], 0)
    change_health(people, row, grow[0], ageing)
    is_employed = people.state[row] == State.EMPLOYED
    leaves = grow[2] < entrants.leave[age_band(people.age_weeks[row])]
    if leaves or people.age_weeks[row] >= LEAVES_WEEKS:
        if is_employed:
            people.pending[row] = LEAVES
        else:
            newcomer(people, row, week, seed, entrants)
        return
    words = draw(seed, BENEFITS, week, people.id[row], 0)
    if not is_employed and exit_claim(people, row, words[0], words[1], child_limit_weeks, benefits):
        return
    claim = new_claim(people, row, words[2], benefits)
    if claim == NO_MOVE or not begin_claim(
        people, row, claim, words[3], grow[1], child_limit_weeks, benefits
    ):
        return
    if is_employed:
        people.pending[row] = claim
    else:
        move_benefit(people, row, claim)


class MostLikely(NamedTuple):
    """The most that anybody's chances a week can be, given what is cheap to read of a person."""

    health: float
    """Of a change of health."""
    leave: float
    """Of leaving the area."""
    exit: np.ndarray
    """float64 (7,), of the end or change of a claim or a spell outside work, by state."""
    claim: np.ndarray
    """float64 (3, 7), of a new claim, by health and state."""


def most_likely(ageing: AgeingRates, benefits: BenefitRates, entrants: EntrantRates) -> MostLikely:
    """Return the largest chances a week of what `change_one` decides."""
    exits = np.zeros(N_STATES)
    pull = benefits.inactivity_health * np.array([[1.0], [benefits.inactivity_child]])
    exits[State.JSA] = benefits.jsa_exit
    exits[State.IB_ESA] = max(benefits.ib_long, benefits.ib_short)
    exits[State.LONE_PARENT] = benefits.lone_parent + benefits.review
    exits[State.OTHER_BENEFIT] = benefits.other
    exits[State.SEEKING_NO_BENEFIT] = (
        benefits.claim.max() + benefits.discouraged.max() * pull.max() / benefits.attachment.min()
    )
    exits[State.INACTIVE_NO_BENEFIT] = (
        benefits.start_seeking.max() * benefits.attachment.max() / pull.min()
    )
    claims = benefits.inflow.max(axis=0)[:, None] * benefits.risk
    worsens = ageing.health_worsens.max() * max(1.0, ageing.workless_health_factor)
    return MostLikely(
        health=float(worsens + ageing.health_mends) * MARGIN,
        leave=float(entrants.leave.max()) * MARGIN,
        exit=exits * MARGIN,
        claim=(claims[0] * benefits.health_risk[:, None] + claims[1] + claims[2]) * MARGIN,
    )


@kernel(parallel=True)
def mark_changes(
    ids: np.ndarray,
    state: np.ndarray,
    health: np.ndarray,
    age_weeks: np.ndarray,
    week: int,
    seed: np.uint64,
    most: MostLikely,
    marked: np.ndarray,
) -> None:
    """Mark whom `change_one` may change: all others it would leave as they are."""
    for row in numba.prange(ids.size):
        now = state[row]
        words = draw(seed, BENEFITS, week, ids[row], 0)
        may_end = words[0] < most.exit[now]
        may_claim = words[2] < most.claim[health[row], now]
        grow = draw(seed, AGEING, week, ids[row], 0)
        may_go = (grow[2] < most.leave) | (age_weeks[row] >= LEAVES_WEEKS)
        marked[row] = may_end | may_claim | (grow[0] < most.health) | may_go


@kernel(parallel=True)
def change_marked(
    people: People,
    rows: np.ndarray,
    week: int,
    seed: np.uint64,
    child_limit_weeks: int,
    ageing: AgeingRates,
    benefits: BenefitRates,
    entrants: EntrantRates,
) -> None:
    """Carry out `change_one` for the rows given."""
    for place in numba.prange(rows.size):
        change_one(people, rows[place], week, seed, child_limit_weeks, ageing, benefits, entrants)


def age_and_move(
    people: People,
    week: int,
    seed: np.uint64,
    child_limit_weeks: int,
    ageing: AgeingRates,
    benefits: BenefitRates,
    entrants: EntrantRates,
    marked: np.ndarray,
) -> np.ndarray:
    """Carry out the phase for one week; those at work who leave it are marked in `pending`.

    Parameters
    ----------
    people : People
    week : int
    seed : uint64
    child_limit_weeks : int
        Age of the youngest child, in weeks, that ends lone-parent benefit this week.
    ageing : AgeingRates
    benefits : BenefitRates
    entrants : EntrantRates
    marked : ndarray of bool, shape (n,)
        Room to work in.

    Returns
    -------
    ndarray of int64, shape (k,)
        Rows in which something may have changed beside age.
    """
    grow_older(
        people.state,
        people.age_weeks,
        people.weeks_in_state,
        people.child_weeks,
        people.is_lone_parent,
        people.weeks_since_job,
        people.workless_weeks,
        people.ability,
        people.employability,
        people.confidence,
        ageing.decay,
        ageing.recovery,
        ageing.floor,
        ageing.scarring,
    )
    most = most_likely(ageing, benefits, entrants)
    mark_changes(people.id, people.state, people.health, people.age_weeks, week, seed, most, marked)
    rows = np.flatnonzero(marked)
    change_marked(people, rows, week, seed, child_limit_weeks, ageing, benefits, entrants)
    return rows
