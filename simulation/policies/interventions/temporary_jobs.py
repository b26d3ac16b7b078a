"""Temporary jobs made for the purpose, as by the Future Jobs Fund of 2009 to 2011."""

from __future__ import annotations

from typing import Any

import numpy as np

from simulation import register
from simulation.agents.clients import NO_WEEK, Support
from simulation.agents.columns import Flows, Jobs, People, hire, separate
from simulation.agents.groups import count
from simulation.categories import ADULT_WEEKS, N_LEVELS, State
from simulation.compile import kernel
from simulation.config.aid import OUT_OF_WORK
from simulation.config.interventions import TemporaryJobs as JobsTerms
from simulation.inputs.pay import pay_index_of
from simulation.labour.offers import origin
from simulation.policies.interventions.base import Intervention, Scene, sectors_named

HIGHEST_LEVEL = 1


@kernel
def take_on(
    people: People,
    jobs: Jobs,
    support: Support,
    flows: Flows,
    is_priority: np.ndarray,
    rows: np.ndarray,
    cells: np.ndarray,
    wage: float,
    week: int,
    until: int,
) -> None:
    """Make a job more in each cell and hire a person into it; the cell's vacancies stay."""
    for number in range(rows.size):
        row, cell = rows[number], cells[number]
        jobs.extra[cell] += 1
        jobs.desired[cell] += 1
        jobs.openings[cell] += 1
        open_since = jobs.open_since[cell]
        flows.hires_by_origin[people.ward[row], origin(people, row)] += 1
        flows.pay_of_hires[people.ward[row]] += wage
        count(flows.hires, people, row, is_priority)
        hire(people, jobs, row, cell, wage, week)
        jobs.open_since[cell] = open_since
        support.temporary_until[row] = until


@kernel(each=True)
def withdraw(jobs: Jobs, cell: int) -> None:
    """Take back a job made for a person, and openings beyond the vacancies left."""
    jobs.extra[cell] -= 1
    jobs.desired[cell] -= 1
    vacancies = max(jobs.desired[cell] - jobs.filled[cell], 0)
    jobs.openings[cell] = min(jobs.openings[cell], vacancies)
    jobs.new_openings[cell] = min(jobs.new_openings[cell], vacancies)


@kernel
def end_jobs(
    people: People,
    jobs: Jobs,
    support: Support,
    flows: Flows,
    is_priority: np.ndarray,
    rows: np.ndarray,
    is_liked: np.ndarray,
) -> None:
    """End temporary jobs whose time is up; who is liked stays where there is a vacancy."""
    for number in range(rows.size):
        row = rows[number]
        cell = people.cell[row]
        support.temporary_until[row] = NO_WEEK
        if not is_liked[number] or jobs.desired[cell] <= jobs.filled[cell]:
            count(flows.separations, people, row, is_priority)
            is_adult = people.age_weeks[row] >= ADULT_WEEKS
            separate(people, jobs, row, State.JSA if is_adult else State.SEEKING_NO_BENEFIT)
        withdraw(jobs, cell)


@kernel
def forget_jobs(jobs: Jobs, support: Support, rows: np.ndarray, cells: np.ndarray) -> None:
    """Take back the temporary jobs of people who left them."""
    for number in range(rows.size):
        support.temporary_until[rows[number]] = NO_WEEK
        withdraw(jobs, cells[number])


@register.intervention
class TemporaryJobs(Intervention):
    """Makes a job for a person, in an establishment of its sectors in their district.

    Eligible: the client groups and ages, out of work. Covered: while in that job, for the weeks
    of the place. Does: one desired job more, filled at once with this person, who is safe in it;
    at the end it is gone and the person claims JSA, unless kept on in a vacancy of the kind.
    """

    name = "temporary_jobs"
    number = 14
    can_help = OUT_OF_WORK
    terms: JobsTerms
    STATE = (*Intervention.STATE, "cell_of")

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        self.cell_of = np.full(self.n_people, -1, np.int32)
        self.pay_index = pay_index_of(self.config)
        self.cells: np.ndarray | None = None
        self.districts = np.unique(self.area.wards["district"], return_inverse=True)[1]

    def _cells(self, scene: Scene) -> np.ndarray:
        """Return the cells that can take somebody on, int64."""
        jobs = scene.jobs
        if self.cells is None:
            is_apt = np.repeat(sectors_named(self.terms.sectors)[jobs.sector], N_LEVELS)
            is_here = np.repeat(jobs.ward < self.area.n_wards, N_LEVELS)
            cells = np.flatnonzero(is_apt & is_here & (jobs.base > 0.0))
            self.cells = cells[cells % N_LEVELS <= HIGHEST_LEVEL]
        return self.cells[jobs.local[self.cells // N_LEVELS] > 0.0]

    def _places_of_work(self, rows: np.ndarray, scene: Scene) -> np.ndarray:
        """Return a cell for each person: by jobs there, in their district where it has any."""
        cells, jobs = self._cells(scene), scene.jobs
        district = self.districts[jobs.ward[cells // N_LEVELS]]
        own = self.districts[scene.people.ward[rows]]
        draws = scene.uniforms(rows, self.number)[:, 2]
        chosen = np.empty(rows.size, np.int64)
        for each in np.unique(own):
            here = cells[district == each] if (district == each).any() else cells
            totals = np.cumsum(jobs.base[here])
            mine = own == each
            chosen[mine] = here[np.searchsorted(totals / totals[-1], draws[mine], "right")]
        return chosen

    def choose(self, scene: Scene, *arguments) -> int:
        """Write who gets this week's places: none where no establishment can take them on."""
        return super().choose(scene, *arguments) if self._cells(scene).size else 0

    def has_left(self, rows: np.ndarray, scene: Scene) -> np.ndarray:
        """Return who is in the temporary job no more, bool (k,)."""
        people = scene.people
        weeks = scene.week - (self.until[rows] - self.terms.weeks)
        is_same = people.cell[rows] == self.cell_of[rows]
        return ~is_same | (people.weeks_in_state[rows] != weeks)

    def begin(self, rows: np.ndarray, scene: Scene) -> None:
        """Make the jobs and fill them."""
        cells = self._places_of_work(rows, scene)
        self.cell_of[rows] = cells
        take_on(
            scene.everyone,
            scene.jobs,
            scene.support,
            scene.flows,
            self.area.priority,
            rows,
            cells,
            self.terms.weekly_wage_gbp / self.pay_index[scene.week],
            scene.week,
            scene.week + self.terms.weeks,
        )

    def hold(self, rows: np.ndarray, scene: Scene) -> None:
        """Nobody loses a job that is paid for."""
        scene.support.keep[rows] = 0.0

    def finish(self, rows: np.ndarray, scene: Scene) -> None:
        """End the jobs, or keep some people on in vacancies."""
        is_liked = scene.uniforms(rows, self.number)[:, 1] < self.terms.p_kept
        end_jobs(
            scene.everyone,
            scene.jobs,
            scene.support,
            scene.flows,
            self.area.priority,
            rows,
            is_liked,
        )

    def abandon(self, rows: np.ndarray, scene: Scene) -> None:
        """Take back the jobs of those who left."""
        forget_jobs(scene.jobs, scene.support, rows, self.cell_of[rows])
