"""Rounds of search and hiring: seekers choose vacancies, vacancies take the best of the suitable.

The work on columns is in `search`, `hiring` and `hiring_rules`; here is its order, and what lasts
from round to round: applications that wait for a decision, and the slack that seekers and
employers see.
"""

from __future__ import annotations

import numpy as np

from simulation.agents.clients import Schemes, Support
from simulation.agents.columns import Flows, Jobs, People, first_rows, new_columns
from simulation.agents.commuting import mean_in_reach
from simulation.categories import N_LEVELS
from simulation.config import Config
from simulation.inputs.area import Area
from simulation.labour import hiring, offers, search
from simulation.labour.hiring import NOBODY_INVITED, Invited, Queue
from simulation.labour.hiring_rules import (
    Applications,
    least_suitability,
    rule_named,
    scores_of,
)
from simulation.labour.lots import NO_LOT, list_lots
from simulation.labour.pay import write_pay
from simulation.labour.rates import Rates
from simulation.labour.separations import move_house


class Matching:
    """Who applies to which vacancy, and whom it takes.

    Parameters
    ----------
    config : Config
    area : Area
    rates : Rates
    people : People
    jobs : Jobs
        Both as on the first day.
    n_outside : int
        Of the people, the last, who live outside the area.
    seed : uint64
    marked : ndarray of bool, shape (n,)
        Room for marks of people, written anew each time.

    Attributes
    ----------
    slack : ndarray of float64, shape (n_wards,)
        Smoothed applications per opening by work ward.
    queue : Queue

    Raises
    ------
    InputError
        If there is no such hiring rule.
    """

    STATE = ("slack", "queue")

    def __init__(
        self,
        config: Config,
        area: Area,
        rates: Rates,
        people: People,
        jobs: Jobs,
        *,
        n_outside: int,
        seed: np.uint64,
        marked: np.ndarray,
    ) -> None:
        rates.search.intensity[:] = rates.dated.intensity[0]
        self.slack = search.first_slack(people, jobs, rates.commuting, area.n_wards, rates.search)
        rates.usual_reach[:] = mean_in_reach(rates.commuting, self.slack)
        self.queue = new_columns(Queue, 0)
        self._config, self._rates, self._seed = config, rates, seed
        self._is_priority = area.priority
        self._n_inside = area.n_wards - int(n_outside > 0)
        self._n_residents = people.id.size - n_outside
        self._rule = rule_named(config.hiring.rule)
        self._marked = marked
        rounds = config.search.rounds
        self._p_decide = min(1.0, 1.0 / (config.employers.selection_weeks * rounds))

    def search(
        self, people: People, support: Support, jobs: Jobs, *, week: int, round_number: int
    ) -> None:
        """Let seekers choose an open vacancy to apply to in a round, and wait in its queue."""
        lots = list_lots(jobs, self.slack.size)
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
            lots,
            rows,
            mean_in_reach(self._rates.commuting, self.slack),
            round_number,
            self._seed,
            rates,
            choice,
        )
        applies = choice != NO_LOT
        rows, self._applied_to = rows[applies], lots.cell[choice[applies]]
        since = week - people.weeks_in_state[rows]
        new = Queue(rows, self._applied_to, people.state[rows], since)
        self.queue = Queue(
            *(
                np.concatenate([old, more.astype(old.dtype)])
                for old, more in zip(self.queue, new, strict=True)
            )
        )

    def hire(
        self,
        people: People,
        support: Support,
        schemes: Schemes,
        jobs: Jobs,
        flows: Flows,
        *,
        invited: Invited = NOBODY_INVITED,
        week: int,
        round_number: int,
    ) -> dict[str, int]:
        """Fill the openings decided in this round; return what the round counts, by name.

        Those invited are interviewed before anybody else is judged.
        """
        by_ward = hiring.applications_by_ward(jobs, self._applied_to, self.slack.size)
        first = invited.row
        if first.size:
            first = self._interview(
                people, support, schemes, jobs, flows, invited, week=week, round_number=round_number
            )
        decided = np.empty(jobs.openings.size, np.int32)
        hiring.count_decided(jobs.openings, self._p_decide, round_number, self._seed, decided)
        rows, cells = self._take_from_queue(people, jobs, decided, week)
        applications = self._assess(
            people, support, schemes, jobs, rows, cells, week=week, round_number=round_number
        )
        offered = self._settle(applications, cells, decided)
        rows, cells = rows[offered], cells[offered]
        self._offer(people, support, jobs, flows, rows, cells, week)
        p_move = self._config.people.p_move_on_hire
        residents = first_rows(people, self._n_residents)
        recruits = np.unique(np.concatenate([first, rows]))
        movers = recruits[recruits < self._n_residents]
        move_house(residents, self._is_priority, movers, round_number, self._seed, p_move)
        self._remember_slack(by_ward)
        n_applications, n_openings = by_ward[: self._n_inside].sum(axis=0).tolist()
        return {"applications": n_applications, "openings": n_openings}

    def _interview(
        self,
        people: People,
        support: Support,
        schemes: Schemes,
        jobs: Jobs,
        flows: Flows,
        invited: Invited,
        *,
        week: int,
        round_number: int,
    ) -> np.ndarray:
        """Hire those invited who are suitable and willing; return who was asked, int64 rows."""
        rows, cells = invited.row, invited.cell
        seen = self._assess(
            people, support, schemes, jobs, rows, cells, week=week, round_number=round_number
        )
        least = least_suitability(seen.slack, self._config.hiring)
        is_suitable = seen.suitability + invited.fit >= least
        rows, cells = rows[is_suitable], cells[is_suitable]
        self._offer(people, support, jobs, flows, rows, cells, week)
        return rows

    def _offer(
        self,
        people: People,
        support: Support,
        jobs: Jobs,
        flows: Flows,
        rows: np.ndarray,
        cells: np.ndarray,
        week: int,
    ) -> None:
        """Hire those offered a job who take it."""
        rates = self._rates
        offers.take_offers(
            people,
            support,
            jobs,
            rows,
            cells,
            week,
            rates.offers,
            rates.pay,
            flows,
            self._is_priority,
        )

    def _take_from_queue(
        self, people: People, jobs: Jobs, decided: np.ndarray, week: int
    ) -> tuple[np.ndarray, np.ndarray]:
        """Take from the queue those who are judged now; return their rows and cells.

        Rows are in their order, the better paid of a person's jobs before others.
        """
        queue, n_cells = self.queue, jobs.openings.size
        state, since = people.state, people.weeks_in_state
        waits, is_judged = np.empty((2, queue.row.size), np.bool_)
        hiring.sort_out(state, since, queue, jobs.openings, decided, week, waits, is_judged)
        keys = np.sort(queue.row[is_judged].astype(np.int64) * n_cells + queue.cell[is_judged])
        self.queue = queue.where(waits)
        # A second application to the same cell says no more than the first.
        rows, cells = np.divmod(keys[np.diff(keys, prepend=-1) > 0], n_cells)
        pay = np.empty(cells.size)
        write_pay(jobs, cells, self._rates.pay, pay)
        hiring.best_paid_first(rows, cells, pay)
        return rows, cells

    def _assess(
        self,
        people: People,
        support: Support,
        schemes: Schemes,
        jobs: Jobs,
        rows: np.ndarray,
        cells: np.ndarray,
        *,
        week: int,
        round_number: int,
    ) -> Applications:
        """Return how employers see those who are judged."""
        suitability, ticket = np.empty(rows.size), np.empty(rows.size)
        hiring.assess(
            people,
            support,
            schemes,
            jobs,
            rows,
            cells,
            round_number,
            self._seed,
            self._rates.hiring,
            suitability,
            ticket,
        )
        return Applications(
            suitability=suitability,
            weeks_since_job=hiring.weeks_since_work(people, support, rows, week),
            level=cells % N_LEVELS,
            slack=self.slack[jobs.ward[cells // N_LEVELS]],
            ticket=ticket,
        )

    def _settle(
        self, applications: Applications, cells: np.ndarray, decided: np.ndarray
    ) -> np.ndarray:
        """Return who is offered a job: the best by the rule of the suitable, bool (n,)."""
        least = least_suitability(applications.slack, self._config.hiring)
        is_suitable = applications.suitability >= least
        score = scores_of(self._rule, applications, self._config.hiring)
        return hiring.clear(np.where(is_suitable, cells, -1), score, decided)

    def _remember_slack(self, by_ward: np.ndarray) -> None:
        """Smooth applications per opening by work ward, where there were openings."""
        memory = self._config.hiring.slack_memory ** (1.0 / self._config.search.rounds)
        seen = by_ward[:, 1] > 0
        self.slack[seen] *= memory
        self.slack[seen] += (1.0 - memory) * by_ward[seen, 0] / by_ward[seen, 1]
