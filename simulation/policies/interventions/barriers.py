"""Condition management, childcare, transport, debt advice: help with what stands in the way."""

from __future__ import annotations

import numpy as np

from simulation import register
from simulation.agents.columns import CHILDCARE_BIT, NO_CHILD, TRANSPORT_BIT
from simulation.categories import BARRIERS
from simulation.config.interventions import ConditionManagement as ConditionTerms
from simulation.config.interventions import DebtAdvice as DebtTerms
from simulation.config.interventions import Transport as TransportTerms
from simulation.policies.interventions.base import Intervention, Scene
from simulation.policies.interventions.places import Who

DEBT_BIT = 1 << BARRIERS.index("debt")


def encourage(scene: Scene, rows: np.ndarray, gain: float) -> None:
    """Make good a part of people's lack of confidence."""
    confidence = scene.people.confidence
    confidence[rows] += gain * (1.0 - confidence[rows])


@register.intervention
class ConditionManagement(Intervention):
    """Helps people to manage a health condition.

    Eligible: the client groups whose health limits work. Covered: until in work or the weeks
    are over. Does: at the end confidence, and for some one degree less of limitation.
    """

    name = "condition_management"
    number = 9
    ends_in_work = True
    terms: ConditionTerms

    def eligible(self) -> Who:
        """Return who may take a place."""
        return super().eligible()._replace(min_health=1)

    def finish(self, rows: np.ndarray, scene: Scene) -> None:
        """Give confidence to all and better health to some."""
        encourage(scene, rows, self.terms.confidence_gain)
        mends = scene.uniforms(rows, self.number)[:, 1] < self.terms.p_mend
        mended = rows[mends & (scene.people.health[rows] > 0)]
        scene.people.health[mended] -= 1


class Lent(Intervention):
    """A barrier taken away while the place lasts."""

    bit: int

    def begin(self, rows: np.ndarray, scene: Scene) -> None:
        """Take the barrier away."""
        scene.people.barriers[rows] &= ~np.uint8(self.bit)


@register.intervention
class Childcare(Lent):
    """Pays for childcare.

    Eligible: the client groups with a child at home whom childcare holds back. Covered: the
    weeks of the place, in work or out. Does: the barrier is away; it is back at the end where
    there is still a child.
    """

    name = "childcare"
    number = 10
    bit = CHILDCARE_BIT

    def eligible(self) -> Who:
        """Return who may take a place."""
        return super().eligible()._replace(barriers=CHILDCARE_BIT, needs_child=True)

    def finish(self, rows: np.ndarray, scene: Scene) -> None:
        """Bring the barrier back to those with a child at home."""
        still = rows[scene.people.child_weeks[rows] != NO_CHILD]
        scene.people.barriers[still] |= np.uint8(CHILDCARE_BIT)


@register.intervention
class Transport(Lent):
    """Pays for the way to work.

    Eligible: the client groups whom transport holds back. Covered: the weeks of the place, in
    work or out. Does: the barrier is away; at the end it stays away for some.
    """

    name = "transport"
    number = 11
    bit = TRANSPORT_BIT
    terms: TransportTerms

    def eligible(self) -> Who:
        """Return who may take a place."""
        return super().eligible()._replace(barriers=TRANSPORT_BIT)

    def finish(self, rows: np.ndarray, scene: Scene) -> None:
        """Bring the barrier back to those for whom the help did not last."""
        back = scene.uniforms(rows, self.number)[:, 1] >= self.terms.p_lasting
        scene.people.barriers[rows[back]] |= np.uint8(TRANSPORT_BIT)


@register.intervention
class DebtAdvice(Intervention):
    """Advises people in debt.

    Eligible: the client groups whom debt holds back. Covered: the weeks of the place. Does: at
    the end confidence, and for some the barrier is gone.
    """

    name = "debt_advice"
    number = 12
    terms: DebtTerms

    def eligible(self) -> Who:
        """Return who may take a place."""
        return super().eligible()._replace(barriers=DEBT_BIT)

    def finish(self, rows: np.ndarray, scene: Scene) -> None:
        """Give confidence to all and lift the barrier of some."""
        encourage(scene, rows, self.terms.confidence_gain)
        lifted = scene.uniforms(rows, self.number)[:, 1] < self.terms.p_lift
        scene.people.barriers[rows[lifted]] &= ~np.uint8(DEBT_BIT)
