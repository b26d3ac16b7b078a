"""Permitted work: a few hours a week in a job, with incapacity benefit kept."""

from __future__ import annotations

import numpy as np

from simulation import register
from simulation.categories import START_WEEKS, State
from simulation.config import Config
from simulation.config.interventions import PermittedWork as PermittedWorkTerms
from simulation.inputs.area import Area
from simulation.policies.interventions.base import Intervention, Scene


@register.intervention
class PermittedWork(Intervention):
    """Lets people on incapacity benefit work some hours, within a limit of earnings.

    Eligible: the client groups. Covered: while on the claim, until the weeks are over. Does:
    confidence and employability recover as in work, at a part of the pace. The claim goes on, and
    the person counts as out of work.
    """

    name = "permitted_work"
    number = 20
    can_help = ("ib_esa",)
    terms: PermittedWorkTerms

    def __init__(
        self, terms: PermittedWorkTerms, *, area: Area, config: Config, n_people: int
    ) -> None:
        super().__init__(terms, area=area, config=config, n_people=n_people)
        in_work = 1.0 - 0.5 ** (1.0 / config.people.recovery_weeks)
        self._recovery = terms.recovery * in_work
        self._scarring = config.people.scarring

    def has_left(self, rows: np.ndarray, scene: Scene) -> np.ndarray:
        """Return whose claim is over, bool (k,)."""
        return super().has_left(rows, scene) | (scene.people.state[rows] != State.IB_ESA)

    def hold(self, rows: np.ndarray, scene: Scene) -> None:
        """Bring confidence and employability a little nearer to what they come to in work."""
        people = scene.people
        adult = np.maximum(people.age_weeks[rows].astype(np.int64) - START_WEEKS, 1)
        ceiling = people.ability[rows] * (
            1.0 - self._scarring * people.workless_weeks[rows] / adult
        )
        lacking = np.maximum(ceiling - people.employability[rows], 0.0)
        people.employability[rows] += self._recovery * lacking
        people.confidence[rows] += self._recovery * (1.0 - people.confidence[rows])
