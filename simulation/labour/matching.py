"""Rounds of search and hiring: seekers choose vacancies, vacancies take the best of the suitable.

The work on columns is in `search`, `hiring` and `hiring_rules`; here is its order, and what lasts
from round to round: the slack that seekers and employers see.
"""

from __future__ import annotations

import numpy as np

from simulation.agents.clients import Schemes, Support
from simulation.agents.columns import Flows, Jobs, People
from simulation.agents.commuting import mean_in_reach
from simulation.categories import N_LEVELS
from simulation.config import Config
from simulation.inputs.area import Area
from simulation.labour import hiring, search
from simulation.labour.hiring_rules import Applications, least_suitability, rule_named
from simulation.labour.rates import Rates
from simulation.labour.separations import move_house


class Matching:
    """Who applies to which vacancy, and whom it takes.

    Parameters
    ----------
    config : Config
    area : Area
    rates : Rates
    n_people : int
    seed : uint64

    Attributes
    ----------
    slack : ndarray of float64, shape (n_wards,)
        Smoothed applications per opening by work ward, 1 at the start.

    Raises
    ------
    InputError
        If there is no such hiring rule.
    """

    def __init__(
        self, config: Config, area: Area, rates: Rates, *, n_people: int, seed: np.uint64
    ) -> None:
        self.slack = np.ones(area.n_wards)
        self._config, self._rates, self._seed = config, rates, seed
        self._is_priority = area.priority
        self._rule = rule_named(config.hiring.rule)
        self._marked = np.zeros(n_people, np.bool_)

    def search(self, people: People, support: Support, jobs: Jobs, *, round_number: int) -> None:
        """Let seekers choose an open vacancy to apply to in a round."""
        self._lots = search.list_lots(jobs, self.slack.size)
        rates = self._rates.search
        search.mark_applicants(
            people, support, rates.intensity, round_number, self._seed, self._marked
        )
        rows = np.flatnonzero(self._marked)
        choice = np.empty(rows.size, np.int64)
        search.choose_lots(
            people,
            support,
            self._rates.commuting,
            self._lots,
            rows,
            mean_in_reach(self._rates.commuting, self.slack),
            round_number,
            self._seed,
            rates,
            choice,
        )
        applies = choice != search.NO_LOT
        self._rows, self._choice = rows[applies], choice[applies]

    def hire(
        self,
        people: People,
        support: Support,
        schemes: Schemes,
        jobs: Jobs,
        flows: Flows,
        *,
        week: int,
        round_number: int,
    ) -> dict[str, int]:
        """Fill vacancies from those who applied; return what the round counts, by name."""
        rows, choice = self._rows, self._choice
        applications = self._assess(
            people, support, schemes, jobs, rows, choice, week=week, round_number=round_number
        )
        hired = self._settle(applications, choice)
        refused = hiring.take_offers(
            people,
            jobs,
            self._lots,
            rows,
            choice,
            hired,
            week,
            self._rates.hiring,
            flows,
            self._is_priority,
        )
        p_move = self._config.people.p_move_on_hire
        move_house(people, self._is_priority, rows, round_number, self._seed, p_move)
        by_ward = hiring.applications_by_ward(jobs, self._lots, choice, self.slack.size)
        self._remember_slack(by_ward)
        n_applications, n_openings = by_ward.sum(axis=0).tolist()
        return {"applications": n_applications, "openings": n_openings, "offers_refused": refused}

    def _assess(
        self,
        people: People,
        support: Support,
        schemes: Schemes,
        jobs: Jobs,
        rows: np.ndarray,
        choice: np.ndarray,
        *,
        week: int,
        round_number: int,
    ) -> Applications:
        """Return how employers see those who applied to their lots."""
        suitability, ticket = np.empty(rows.size), np.empty(rows.size)
        hiring.assess(
            people,
            support,
            schemes,
            jobs,
            self._lots,
            rows,
            choice,
            round_number,
            self._seed,
            self._rates.hiring,
            suitability,
            ticket,
        )
        cells = self._lots.cell[choice]
        return Applications(
            suitability=suitability,
            weeks_since_job=hiring.weeks_since_work(people, support, rows, week),
            level=(cells % N_LEVELS).astype(np.int64),
            slack=self.slack[jobs.ward[cells // N_LEVELS]],
            ticket=ticket,
        )

    def _settle(self, applications: Applications, choice: np.ndarray) -> np.ndarray:
        """Return who is offered the job: the best by the rule of the suitable, bool (n,)."""
        least = least_suitability(applications.slack, self._config.hiring)
        is_suitable = applications.suitability >= least
        score = self._rule(applications, self._config.hiring)
        return hiring.clear(np.where(is_suitable, choice, -1), score, self._lots.openings)

    def _remember_slack(self, by_ward: np.ndarray) -> None:
        """Smooth applications per opening by work ward, where there were openings."""
        memory = self._config.hiring.slack_memory ** (1.0 / self._config.search.rounds)
        seen = by_ward[:, 1] > 0
        self.slack[seen] *= memory
        self.slack[seen] += (1.0 - memory) * by_ward[seen, 0] / by_ward[seen, 1]
