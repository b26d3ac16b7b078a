"""Work trials: seen at work by an employer, and recently at work in the eyes of all."""

from __future__ import annotations

import numpy as np

from simulation import register
from simulation.config.aid import OUT_OF_WORK
from simulation.policies.interventions.base import Intervention, Scene
from simulation.policies.interventions.places import Who
from simulation.policies.interventions.training import COURSES


@register.intervention
class WorkTrial(Intervention):
    """Gives three weeks with an employer on benefit.

    Eligible: the client groups without a trial still remembered. Covered: until it is forgotten.
    Does: as in the journey, less search during its weeks (`journey.lock_in`), then for
    `journey.trial_memory_weeks` a gain in suitability (`journey.trial_fit`); its end counts as
    the last time in work.
    """

    name = "work_trial"
    number = 5
    can_help = OUT_OF_WORK
    bars = COURSES

    def eligible(self) -> Who:
        """Return who may take a place."""
        return super().eligible()._replace(trial_memory=self.config.journey.trial_memory_weeks)

    @property
    def cover_weeks(self) -> int:
        """Weeks of the trial, and of its memory."""
        return self.terms.weeks + self.config.journey.trial_memory_weeks + 1

    def begin(self, rows: np.ndarray, scene: Scene) -> None:
        """Set the week the trial ends; search, suitability and the queue follow from it."""
        scene.support.trial_week[rows] = scene.week + self.terms.weeks

    def hold(self, rows: np.ndarray, scene: Scene) -> None:
        """Leave less time to search during the trial; for clients the journey does."""
        is_busy = (scene.support.trial_week[rows] > scene.week) & (scene.clients.stage[rows] == 0)
        scene.support.search[rows[is_busy]] *= self.config.journey.lock_in
