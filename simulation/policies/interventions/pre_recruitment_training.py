"""Pre-recruitment training: a short course for an opening that its employer holds meanwhile."""

from __future__ import annotations

from typing import Any

import numpy as np

from simulation import register
from simulation.agents.columns import NO_CELL
from simulation.agents.commuting import chances_from
from simulation.categories import N_LEVELS
from simulation.config.interventions import PreRecruitmentTraining as TrainingTerms
from simulation.labour.hiring import Invited
from simulation.policies.interventions.base import Intervention, Scene, sectors_named
from simulation.policies.interventions.training import Course


@register.intervention
class PreRecruitmentTraining(Course):
    """Trains people for one opening each, and puts them to it before anybody else.

    Eligible: the client groups, where an opening of their level of qualification in its sectors
    is within reach by commuting. Covered: the weeks of the course, unless in work before. Does:
    the opening is held, no other can apply for it; lock-in. At the end it is open again: who
    completed is interviewed for it first, with a gain in suitability, and hired if suitable and
    willing. If there is no such vacancy any more nothing happens.
    """

    name = "pre_recruitment_training"
    number = 21
    terms: TrainingTerms
    STATE = (*Intervention.STATE, "cell_of")

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        self.cell_of = np.full(self.n_people, NO_CELL, np.int32)
        self._apt = sectors_named(self.terms.sectors)

    @property
    def held(self) -> np.ndarray:
        """Cells of the openings held, int64, one entry each."""
        return self.cell_of[self.cell_of != NO_CELL].astype(np.int64)

    def choose(self, scene: Scene, *arguments: Any) -> int:
        """Write who gets this week's places: those for whom an opening could be held."""
        rows = arguments[-1]
        n = super().choose(scene, *arguments)
        draws = scene.uniforms(rows[:n], self.number)[:, 2]
        free = self._free_openings(scene)
        cells = np.flatnonzero(free > 0)
        of_level = [cells[cells % N_LEVELS == level] for level in range(N_LEVELS)]
        for row, uniform in zip(rows[:n], draws, strict=True):
            of_own = of_level[scene.people.qualification[row]]
            self.cell_of[row] = self._hold_opening(row, uniform, of_own, free, scene)
        taken = rows[:n][self.cell_of[rows[:n]] != NO_CELL]
        rows[: taken.size] = taken
        return taken.size

    def _free_openings(self, scene: Scene) -> np.ndarray:
        """Return the openings of its sectors that nobody is invited for, int64 (n_cells,)."""
        is_apt = np.repeat(self._apt[scene.jobs.sector], N_LEVELS)
        free = np.where(is_apt, scene.jobs.openings, 0).astype(np.int64)
        for each in scene.invited:
            np.subtract.at(free, each.cell, 1)
        return free

    def _hold_opening(
        self, row: int, uniform: float, cells: np.ndarray, free: np.ndarray, scene: Scene
    ) -> int:
        """Hold a free opening of some cells for a person, by commuting; return its cell or -1."""
        jobs = scene.jobs
        chances = chances_from(scene.commuting, scene.people.ward[row])
        totals = np.cumsum(free[cells] * chances[jobs.ward[cells // N_LEVELS]])
        if not totals.size or totals[-1] == 0.0:
            return NO_CELL
        cell = cells[np.searchsorted(totals, uniform * totals[-1], "right")]
        free[cell] -= 1
        jobs.openings[cell] -= 1
        jobs.new_openings[cell] = min(jobs.new_openings[cell], jobs.openings[cell])
        return int(cell)

    def _release(self, rows: np.ndarray, scene: Scene) -> np.ndarray:
        """Open what was held for some people, if it is vacant still; return for whom, bool (k,)."""
        jobs, is_there = scene.jobs, np.zeros(rows.size, np.bool_)
        for number, cell in enumerate(self.cell_of[rows]):
            if jobs.openings[cell] < jobs.desired[cell] - jobs.filled[cell]:
                jobs.openings[cell] += 1
                jobs.open_since[cell] = scene.week
                is_there[number] = True
        self.cell_of[rows] = NO_CELL
        return is_there

    def abandon(self, rows: np.ndarray, scene: Scene) -> None:
        """Let others apply again."""
        self._release(rows, scene)

    def finish(self, rows: np.ndarray, scene: Scene) -> None:
        """Have those who complete the course interviewed for the openings that are still there."""
        cells = self.cell_of[rows].astype(np.int64)
        is_there = self._release(rows, scene)
        completes = scene.uniforms(rows, self.number)[:, 1] < self.terms.p_complete
        comes = is_there & completes
        fit = np.full(np.count_nonzero(comes), self.terms.fit)
        scene.invited.append(Invited(rows[comes].astype(np.int64), cells[comes], fit))
