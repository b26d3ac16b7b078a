"""Phase economy: what an establishment wants when shocks have hit it."""

from __future__ import annotations

import numpy as np

from simulation.agents.employers import allocate_jobs
from simulation.categories import N_LEVELS, SECTORS
from simulation.labour.economy import WEEKS_PER_QUARTER, EconomyRates, set_desired

N_ESTABLISHMENTS, BASE = 39_000, 1_000_000


def test_shocks_leave_the_mean_of_desired_jobs_as_it_is_in_every_week_of_a_quarter():
    everywhere = np.zeros(N_ESTABLISHMENTS, np.int64)
    jobs = allocate_jobs(everywhere, everywhere)
    jobs.base[::N_LEVELS], jobs.rounding[:] = BASE, 0.5
    rates = EconomyRates(0.3, 0.9, 0.5, 26, 4)
    demand, answer = np.ones(len(SECTORS)), np.ones((1, N_LEVELS))
    means = []
    for week in range(3 * WEEKS_PER_QUARTER):
        set_desired(jobs, demand, answer, week, np.uint64(3), rates)
        means.append(jobs.desired[::N_LEVELS].mean() / BASE)
    # Four standard errors of a mean of exponentials whose logarithms have so much variance.
    variance = 0.3**2 * (1 + 0.9**2 + 0.9**4)
    error = np.sqrt(np.expm1(variance) / N_ESTABLISHMENTS)
    np.testing.assert_allclose(means, 1.0, atol=4 * error)
