"""Employers towards advisers who call with candidates: what they tell, who tires or pleases them.

An establishment notifies some of its vacancies; of the others an adviser hears as far as its
goodwill goes. Callers wear goodwill down, time mends it, recruits raise or lower it:
`docs/ODD.md` 7.18.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numba
import numpy as np

from simulation.agents.clients import NO_EMPLOYER, Calls, Clients
from simulation.agents.columns import Jobs, People
from simulation.agents.commuting import Commuting, mean_in_reach
from simulation.categories import N_LEVELS
from simulation.compile import kernel
from simulation.config.goodwill import GoodwillConfig

TRIAL_WEEKS = 13
"""How long an employer takes to be sure of a recruit."""


class GoodwillRates(NamedTuple):
    """Parameters of goodwill."""

    elasticity: float
    notified: float
    usual: float
    usual_callers: float
    calls: float
    recovery: float
    """Rate a week at which goodwill that is lacking comes back where nobody calls."""
    good_recruit: float
    bad_recruit: float


def goodwill_rates(config: GoodwillConfig) -> GoodwillRates:
    """Return the parameters of goodwill as the compiled phases read them."""
    values = config.model_dump()
    half_life = values.pop("half_life_weeks")
    return GoodwillRates(**values, recovery=math.log(2.0) / half_life)


@kernel(each=True)
def week_of_calls(callers: float, rates: GoodwillRates) -> tuple[float, float]:
    """Return where goodwill g tends in a week, and how much of the distance is left after it.

    Exactly for dg/dt = r (1 - g) - r w (1 + n / n0) g. n are callers beyond the usual n0;
    w = (1 - usual) / usual, so that without them the usual goodwill stays.
    """
    wear = (1.0 - rates.usual) / rates.usual * (1.0 + callers / rates.usual_callers)
    rate = rates.recovery * (1.0 + wear)
    return 1.0 / (1.0 + wear), math.exp(-rate)


@kernel(each=True)
def judge_recruit(
    people: People, jobs: Jobs, clients: Clients, row: int, week: int, rates: GoodwillRates
) -> None:
    """Have the employer of a recruit from an adviser think better of advisers, or worse."""
    employer = clients.employer[row]
    if employer == NO_EMPLOYER:
        return
    if people.cell[row] // N_LEVELS != employer:
        jobs.goodwill[employer] *= 1.0 - rates.bad_recruit
    elif week - clients.job_week[row] >= TRIAL_WEEKS:
        jobs.goodwill[employer] += rates.good_recruit * (1.0 - jobs.goodwill[employer])
    else:
        return
    clients.employer[row] = NO_EMPLOYER


@kernel
def openings_and_goodwill(jobs: Jobs, n_wards: int) -> tuple[np.ndarray, np.ndarray]:
    """Return openings by work ward, and their establishments' goodwill summed, float64."""
    openings, goodwill = np.zeros(n_wards), np.zeros(n_wards)
    for cell in range(jobs.openings.size):
        if jobs.openings[cell] > 0:
            employer = cell // N_LEVELS
            openings[jobs.ward[employer]] += jobs.openings[cell]
            goodwill[jobs.ward[employer]] += jobs.openings[cell] * jobs.goodwill[employer]
    return openings, goodwill


@kernel
def answers(
    openings: np.ndarray, goodwill: np.ndarray, commuting: Commuting, rates: GoodwillRates
) -> np.ndarray:
    """Return the vacancies known to advisers by home ward over the usual, to the elasticity.

    Parameters
    ----------
    openings, goodwill : ndarray of float64, shape (n_wards,)
        As `openings_and_goodwill` gives them.
    commuting : Commuting
    rates : GoodwillRates

    Returns
    -------
    ndarray of float64, shape (n_wards,)
        1 where no vacancy is in reach.
    """
    in_reach, summed = mean_in_reach(commuting, openings), mean_in_reach(commuting, goodwill)
    usual = rates.notified + (1.0 - rates.notified) * rates.usual
    answer = np.ones(openings.size)
    for home in range(answer.size):
        if in_reach[home] > 0.0:
            known = rates.notified + (1.0 - rates.notified) * summed[home] / in_reach[home]
            answer[home] = (known / usual) ** rates.elasticity
    return answer


@kernel
def callers_of_vacancies(calls: Calls, commuting: Commuting, per_client: float) -> np.ndarray:
    """Return how many callers a vacancy hears from in a week, on average.

    A caller makes its calls at random among the vacancies of a ward, so that it calls upon one
    with chance 1 - exp(-its calls per vacancy), however often.

    Parameters
    ----------
    calls : Calls
    commuting : Commuting
    per_client : float
        Calls a week.

    Returns
    -------
    ndarray of float64, shape (n_wards,)
        By work ward; 0 where there is no vacancy.
    """
    openings, made = calls.openings, calls.made
    callers, sought = np.zeros(openings.size), np.zeros(openings.size)
    reached, is_reached = np.empty(openings.size, np.int64), np.zeros(openings.size, np.bool_)
    for caller in range(made.shape[0]):
        n_reached = 0
        for home in np.flatnonzero(made[caller]):
            before = 0.0
            for pair in range(commuting.start[home], commuting.start[home + 1]):
                ward, chance = commuting.work[pair], commuting.chance[pair] - before
                before = commuting.chance[pair]
                if not is_reached[ward]:
                    is_reached[ward], reached[n_reached] = True, ward
                    n_reached += 1
                sought[ward] += made[caller, home] * chance
        for ward in reached[:n_reached]:
            if openings[ward] > 0.0 and sought[ward] > 0.0:
                callers[ward] += 1.0 - math.exp(-per_client * sought[ward] / openings[ward])
            is_reached[ward], sought[ward] = False, 0.0
    return callers


@kernel(each=True)
def is_hiring(jobs: Jobs, employer: int) -> bool:
    """Return whether an establishment has a vacancy open to applicants."""
    for cell in range(employer * N_LEVELS, (employer + 1) * N_LEVELS):
        if jobs.openings[cell] > 0:
            return True
    return False


@kernel(each=True)
def hear(jobs: Jobs, goal: np.ndarray, left: np.ndarray, employer: int) -> None:
    """Let a week of calls pass for an establishment; without an opening it has the usual ones."""
    ward = jobs.ward[employer] if is_hiring(jobs, employer) else goal.size - 1
    jobs.goodwill[employer] = goal[ward] + (jobs.goodwill[employer] - goal[ward]) * left[ward]


@kernel(parallel=True)
def pass_a_week(jobs: Jobs, callers: np.ndarray, rates: GoodwillRates) -> None:
    """Let a week of calls, by work ward, and of time pass for every establishment."""
    goal, left = np.empty(callers.size + 1), np.empty(callers.size + 1)
    for ward in range(callers.size):
        goal[ward], left[ward] = week_of_calls(callers[ward], rates)
    goal[-1], left[-1] = week_of_calls(0.0, rates)
    for employer in numba.prange(jobs.goodwill.size):
        hear(jobs, goal, left, employer)


class Goodwill:
    """What employers make of advisers' calls, week by week; the state stands in `Jobs`.

    Parameters
    ----------
    config : GoodwillConfig
    n_callers : int
        Providers, with who delivers interventions, and one for all single offers.

    Attributes
    ----------
    rates : GoodwillRates
    """

    def __init__(self, config: GoodwillConfig, n_callers: int) -> None:
        self.rates = goodwill_rates(config)
        self._n_callers = n_callers

    def week_begins(self, jobs: Jobs, commuting: Commuting) -> Calls:
        """Return what advisers find with employers this week, and room for the calls they make."""
        n_wards = commuting.start.size - 1
        openings, goodwill = openings_and_goodwill(jobs, n_wards)
        answer = answers(openings, goodwill, commuting, self.rates)
        return Calls(openings, answer, np.zeros((self._n_callers, n_wards)))

    def week_ends(self, jobs: Jobs, calls: Calls, commuting: Commuting) -> None:
        """Let employers hear the calls of the week."""
        callers = callers_of_vacancies(calls, commuting, self.rates.calls)
        pass_a_week(jobs, callers, self.rates)
