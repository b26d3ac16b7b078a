"""Claims and spells outside work: who may begin one, and how each ends or changes."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from simulation.agents.columns import NO_CHILD, People, age_band, move_benefit
from simulation.categories import ADULT_WEEKS, WEEKS_PER_YEAR, State
from simulation.compile import kernel

PARENT_MAX_WEEKS = 50 * WEEKS_PER_YEAR
SCHOOL_WEEKS = 5 * WEEKS_PER_YEAR


class BenefitRates(NamedTuple):
    """Parameters of benefits, per week; groups are incapacity, lone parent, other."""

    claim: np.ndarray
    """float64 (n_wards,), of seekers without benefit, by home ward; written each week."""
    discouraged: np.ndarray
    """float64 (4,), by age band."""
    start_seeking: np.ndarray
    """float64 (4,), by age band."""
    inactivity_health: np.ndarray
    """float64 (3,), factor of giving up and divisor of starting to seek, by health."""
    inactivity_child: float
    """The same with a child below school age."""
    attachment: np.ndarray
    """float64 (n_wards,), divisor of giving up and factor of starting to seek, by home ward;
    written each week."""
    jsa_exit: float
    jsa_exit_to_inactive: float
    ib_short: float
    ib_long: float
    ib_long_share: float
    lone_parent: float
    review: float
    other: float
    exit_to_jsa: np.ndarray
    """float64 (3,)."""
    exit_to_seeking: np.ndarray
    """float64 (3,)."""
    risk: np.ndarray
    """float64 (3, 7), relative risk of a new claim by group and present state."""
    health_risk: np.ndarray
    """float64 (3,), of an incapacity claim by health."""
    illness_with_claim: float
    child_age_cumulative: np.ndarray
    """float64 (4,), lone-parent claimants by age of youngest child."""
    inflow: np.ndarray
    """float64 (n_wards, 3), chance a week of a new claim at relative risk 1."""


CHILD_AGE_BANDS = np.array([0, 5, 10, 12, 16]) * WEEKS_PER_YEAR


@kernel(each=True)
def child_age(band: int, uniform: float) -> int:
    """Return the age in weeks of a lone-parent claimant's youngest child, uniform in its band."""
    first = CHILD_AGE_BANDS[band]
    return first + int(uniform * (CHILD_AGE_BANDS[band + 1] - first))


@kernel(each=True)
def relative_risk(people: People, row: int, group: int, benefits: BenefitRates) -> float:
    """Return a person's relative risk of a new claim of one group (0, 1, 2); 0 if not eligible."""
    risk = benefits.risk[group, people.state[row]]
    if people.age_weeks[row] < ADULT_WEEKS:
        return 0.0
    if group == 0:
        return risk * benefits.health_risk[people.health[row]]
    if group == 1:
        return risk if people.age_weeks[row] < PARENT_MAX_WEEKS else 0.0
    return risk


@kernel
def ward_risks(people: People, benefits: BenefitRates, n_wards: int) -> np.ndarray:
    """Return the sum of relative risks, float64 (n_wards, 3); the ground of the inflow rates."""
    total = np.zeros((n_wards, 3))
    for row in range(people.state.size):
        for group in range(3):
            total[people.ward[row], group] += relative_risk(people, row, group, benefits)
    return total


@kernel(each=True)
def end_claim(people: People, row: int, group: int, uniform: float, benefits: BenefitRates) -> None:
    """End a claim of one group: on to JSA, to seeking without benefit or to inactivity."""
    to_jsa = benefits.exit_to_jsa[group]
    if uniform < to_jsa:
        move_benefit(people, row, State.JSA)
    elif uniform < to_jsa + benefits.exit_to_seeking[group]:
        move_benefit(people, row, State.SEEKING_NO_BENEFIT)
    else:
        move_benefit(people, row, State.INACTIVE_NO_BENEFIT)


@kernel(each=True)
def pull_of_inactivity(people: People, row: int, benefits: BenefitRates) -> float:
    """Return by how much giving up is raised and starting to seek lowered.

    Illness and a small child pull; where jobs are hard to find less so.
    """
    child = people.child_weeks[row]
    pull = benefits.inactivity_health[people.health[row]] / benefits.attachment[people.ward[row]]
    return pull * benefits.inactivity_child if 0 <= child < SCHOOL_WEEKS else pull


@kernel(each=True)
def exit_claim(
    people: People,
    row: int,
    uniform: float,
    where: float,
    child_limit_weeks: int,
    benefits: BenefitRates,
) -> bool:
    """Let a claim or a spell outside work end or change, by state; return whether it did."""
    state = people.state[row]
    if state == State.JSA:
        if uniform < benefits.jsa_exit:
            inactive = where < benefits.jsa_exit_to_inactive
            move_benefit(
                people, row, State.INACTIVE_NO_BENEFIT if inactive else State.SEEKING_NO_BENEFIT
            )
            return True
    elif state == State.IB_ESA:
        if uniform < (benefits.ib_long if people.is_long_claim[row] else benefits.ib_short):
            end_claim(people, row, 0, where, benefits)
            return True
    elif state == State.LONE_PARENT:
        child = people.child_weeks[row]
        over = child == NO_CHILD or child >= child_limit_weeks
        if uniform < benefits.lone_parent + (benefits.review if over else 0.0):
            end_claim(people, row, 1, where, benefits)
            return True
    elif state == State.OTHER_BENEFIT:
        if uniform < benefits.other:
            end_claim(people, row, 2, where, benefits)
            return True
    elif state == State.SEEKING_NO_BENEFIT:
        claims = benefits.claim[people.ward[row]] if people.age_weeks[row] >= ADULT_WEEKS else 0.0
        if uniform < claims:
            move_benefit(people, row, State.JSA)
            return True
        gives_up = benefits.discouraged[age_band(people.age_weeks[row])]
        if uniform < claims + gives_up * pull_of_inactivity(people, row, benefits):
            move_benefit(people, row, State.INACTIVE_NO_BENEFIT)
            return True
    elif state == State.INACTIVE_NO_BENEFIT:
        starts = benefits.start_seeking[age_band(people.age_weeks[row])]
        if uniform < starts / pull_of_inactivity(people, row, benefits):
            move_benefit(people, row, State.SEEKING_NO_BENEFIT)
            return True
    return False


@kernel(each=True)
def new_claim(people: People, row: int, uniform: float, benefits: BenefitRates) -> int:
    """Return the state of a new incapacity, lone-parent or other claim, or 0 for none."""
    low = 0.0
    for group in range(3):
        high = low + benefits.inflow[people.ward[row], group] * relative_risk(
            people, row, group, benefits
        )
        if uniform < high:
            return State.IB_ESA + group
        low = high
    return 0


@kernel(each=True)
def begin_claim(
    people: People,
    row: int,
    claim: int,
    kind: float,
    detail: float,
    child_limit_weeks: int,
    benefits: BenefitRates,
) -> bool:
    """Give a new claimant what the claim rests on, illness or a child; return whether it holds.

    A lone parent whose youngest child has reached the age limit has no new claim.
    """
    if claim == State.IB_ESA:
        people.is_long_claim[row] = kind < benefits.ib_long_share
        people.health[row] = 2 if detail < benefits.illness_with_claim else 1
    elif claim == State.LONE_PARENT:
        band = int(np.searchsorted(benefits.child_age_cumulative, kind, "right"))
        age = child_age(band, detail)
        if age >= child_limit_weeks:
            return False
        people.is_lone_parent[row] = True
        people.child_weeks[row] = age
    return True
