"""What work pays: what is offered to recruits, growth on the job, and the wage curve.

Pay is kept at the level of the first day; what it is in money of a later day, and benefits in
terms of it, follow from the path of pay in general (`inputs.pay`).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from simulation.agents.columns import Jobs, People
from simulation.categories import ADULT_WEEKS, N_LEVELS, WEEKS_PER_YEAR, State
from simulation.compile import kernel
from simulation.config import Config

UNEMPLOYED, ACTIVE = 0, 1


class PayRates(NamedTuple):
    """Parameters of pay."""

    weekly_wage: np.ndarray
    """float64 (5,), GBP by level."""
    curve: np.ndarray
    """float64 (n_wards,), factor of what is offered, by work ward; written each week."""
    return_loss: float
    loss_weeks: float
    growth: np.ndarray
    """float64 (k,), factor of starting pay by weeks in the job; the last for all from then on."""
    hours: np.ndarray
    """float64 (5,), a week, by level."""
    minimum: np.ndarray
    """float64 (3,), GBP an hour at 16 and 17, at 18 and over, for adults; written each week."""
    adult_weeks: np.ndarray
    """int64 (1,), age from which the last of them holds; written each week."""


def pay_rates(config: Config, n_wards: int) -> PayRates:
    """Return the parameters of pay; `curve` and minimum wages are written each week."""
    employers = config.employers
    a_week = math.log1p(employers.progression) / WEEKS_PER_YEAR
    weeks = range(employers.progression_years * WEEKS_PER_YEAR + 1)
    return PayRates(
        weekly_wage=np.array(employers.weekly_wage),
        curve=np.ones(n_wards),
        return_loss=employers.return_loss,
        loss_weeks=employers.return_loss_weeks,
        growth=np.array([math.exp(a_week * each) for each in weeks]),
        hours=np.array(employers.weekly_hours),
        minimum=np.zeros(3),
        adult_weeks=np.zeros(1, np.int64),
    )


@kernel(each=True)
def pay_of_job(jobs: Jobs, cell: int, pay: PayRates) -> float:
    """Return what a job offers a recruit who comes from work, GBP per week."""
    employer = cell // N_LEVELS
    of_employer = pay.weekly_wage[cell % N_LEVELS] * jobs.pay[employer]
    return of_employer * pay.curve[jobs.ward[employer]]


@kernel
def write_pay(jobs: Jobs, cells: np.ndarray, pay: PayRates, offered: np.ndarray) -> None:
    """Write `pay_of_job` of each cell given, float64 (n,)."""
    for number in range(cells.size):
        offered[number] = pay_of_job(jobs, cells[number], pay)


@kernel(each=True)
def starting_pay(people: People, jobs: Jobs, row: int, cell: int, pay: PayRates) -> float:
    """Return what a job offers a person: less, the longer ago the last job was.

    Never less than the minimum wage of the person's age.
    """
    kept = 0.5 ** (people.weeks_since_job[row] / pay.loss_weeks)
    offered = pay_of_job(jobs, cell, pay) * (1.0 - pay.return_loss * (1.0 - kept))
    return max(offered, least_pay(people, row, cell % N_LEVELS, pay))


@kernel(each=True)
def least_pay(people: People, row: int, level: int, pay: PayRates) -> float:
    """Return what the minimum wage of a person's age comes to in a job of a level, GBP per week."""
    age = people.age_weeks[row]
    if age >= pay.adult_weeks[0]:
        return pay.minimum[2] * pay.hours[level]
    return pay.minimum[int(age >= ADULT_WEEKS)] * pay.hours[level]


@kernel(each=True)
def present_pay(people: People, row: int, pay: PayRates) -> float:
    """Return what a person in work is paid by now: pay grows with time in the job."""
    weeks = min(people.weeks_in_state[row], pay.growth.size - 1)
    return people.wage[row] * pay.growth[weeks]


@kernel
def count_active(people: People, zone: np.ndarray, counts: np.ndarray) -> None:
    """Add the unemployed, and all who are in work or unemployed, to int64 (n_zones, 2)."""
    for row in range(people.state.size):
        state, place = people.state[row], zone[people.ward[row]]
        # Added without a branch, which nobody could foresee of the next person.
        unemployed = (state == State.JSA) | (state == State.SEEKING_NO_BENEFIT)
        counts[place, UNEMPLOYED] += np.int64(unemployed)
        counts[place, ACTIVE] += np.int64(unemployed | (state == State.EMPLOYED))


class WageCurve:
    """Pay offered follows unemployment in the travel-to-work zone since the first day.

    Parameters
    ----------
    config : Config
    zone : ndarray of int64, shape (n_wards,)
        Of each ward.
    people : People
        As on the first day.
    """

    def __init__(self, config: Config, zone: np.ndarray, people: People) -> None:
        self._elasticity, self._zone = config.employers.wage_curve, zone
        self._first = self._unemployment(people)

    def begin_week(self, people: People, pay: PayRates) -> None:
        """Write the week's factor of what is offered."""
        if self._elasticity > 0.0:
            factor = (self._unemployment(people) / self._first) ** -self._elasticity
            pay.curve[:] = factor[self._zone]

    def _unemployment(self, people: People) -> np.ndarray:
        """Return the rate by zone; nobody counts as one, so that small places have one too."""
        counts = np.zeros((int(self._zone.max()) + 1, 2), np.int64)
        count_active(people, self._zone, counts)
        unemployed, active = np.maximum(counts, 1).T
        return unemployed / active
