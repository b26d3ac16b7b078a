"""Courses: basic skills, level 2, a sector routeway, and training in work."""

from __future__ import annotations

import numpy as np

from simulation import register
from simulation.agents.columns import learn
from simulation.categories import BARRIERS, SECTORS
from simulation.config.interventions import Course as CourseTerms
from simulation.config.interventions import InWorkTraining as InWorkTerms
from simulation.config.interventions import SectorRouteway as RoutewayTerms
from simulation.policies.interventions.base import Intervention, Scene
from simulation.policies.interventions.places import Who

BASIC_SKILLS = 1 << BARRIERS.index("basic_skills")
COURSES = ("basic_skills", "level_2", "sector_routeway", "pre_recruitment_training")


class Course(Intervention):
    """A course out of work: less search while it lasts, more ability for those who complete it."""

    ends_in_work = True
    bars = COURSES
    terms: CourseTerms

    def eligible(self) -> Who:
        """Return who may take a place: nobody in a work trial."""
        return super().eligible()._replace(trial_memory=0)

    def hold(self, rows: np.ndarray, scene: Scene) -> None:
        """Leave less time to search."""
        scene.support.search[rows] *= self.terms.lock_in

    def finish(self, rows: np.ndarray, scene: Scene) -> None:
        """Let those gain who complete the course."""
        completes = scene.uniforms(rows, self.number)[:, 1] < self.terms.p_complete
        learn(scene.people, rows[completes], self.config.journey.training_gain)
        self.gain(rows[completes], scene)

    def gain(self, rows: np.ndarray, scene: Scene) -> None:
        """Give those who completed what the course is for, besides ability."""


@register.intervention
class BasicSkills(Course):
    """Teaches reading, writing, figures and English.

    Eligible: those of the client groups whom basic skills hold back. Covered: the weeks of the
    course, unless in work before. Does: lock-in; at the end the barrier is gone for those who
    complete.
    """

    name = "basic_skills"
    number = 6

    def eligible(self) -> Who:
        """Return who may take a place."""
        return super().eligible()._replace(barriers=BASIC_SKILLS)

    def gain(self, rows: np.ndarray, scene: Scene) -> None:
        """Lift the barrier."""
        scene.people.barriers[rows] &= ~np.uint8(BASIC_SKILLS)


@register.intervention
class Level2(Course):
    """Teaches up to level 2.

    Eligible: the client groups up to `max_qualification`. Covered: the weeks of the course,
    unless in work before. Does: lock-in; at the end one level more for those who complete.
    """

    name = "level_2"
    number = 7

    def eligible(self) -> Who:
        """Return who may take a place."""
        return raisable(super().eligible())

    def gain(self, rows: np.ndarray, scene: Scene) -> None:
        """Raise the qualification."""
        scene.people.qualification[rows] += 1


@register.intervention
class SectorRouteway(Course):
    """Leads to one sector.

    Eligible: the client groups, last at work elsewhere or never. Covered: the weeks of the
    course, unless in work before. Does: lock-in; at the end those who complete search and are
    judged as people of that sector.
    """

    name = "sector_routeway"
    number = 8
    terms: RoutewayTerms

    def eligible(self) -> Who:
        """Return who may take a place."""
        return super().eligible()._replace(not_of_sector=SECTORS.index(self.terms.sector))

    def gain(self, rows: np.ndarray, scene: Scene) -> None:
        """Count as of the sector."""
        scene.people.sector[rows] = SECTORS.index(self.terms.sector)


@register.intervention
class InWorkTraining(Intervention):
    """Trains people at work.

    Eligible: the employed up to `max_qualification`, in no temporary job. Covered: the weeks of
    the course, unless out of work before. Does: fewer lose the job meanwhile; at the end one
    level more for those who complete.
    """

    name = "in_work_training"
    number = 15
    ends_out_of_work = True
    bars = ("temporary_jobs",)
    terms: InWorkTerms

    def eligible(self) -> Who:
        """Return who may take a place."""
        return raisable(super().eligible())

    def hold(self, rows: np.ndarray, scene: Scene) -> None:
        """Make losing the job less likely."""
        scene.support.keep[rows] *= self.terms.keep_factor

    def finish(self, rows: np.ndarray, scene: Scene) -> None:
        """Raise the qualification of those who complete the course."""
        completes = scene.uniforms(rows, self.number)[:, 1] < self.terms.p_complete
        learn(scene.people, rows[completes], self.config.journey.training_gain)
        scene.people.qualification[rows[completes]] += 1


def raisable(who: Who) -> Who:
    """Return those whose qualification can still rise by a level."""
    return who._replace(max_qualification=min(who.max_qualification, 3))
