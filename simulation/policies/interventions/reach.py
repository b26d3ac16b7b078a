"""Outreach, a single point of access, a tracking system: what changes the journey alone."""

from __future__ import annotations

import numpy as np

from simulation import register
from simulation.categories import Stage
from simulation.config.interventions import Outreach as OutreachTerms
from simulation.config.interventions import SinglePointOfAccess as AccessTerms
from simulation.policies.interventions.base import Intervention, Scene
from simulation.policies.interventions.places import Who

NO_CLIENT = np.arange(len(Stage)) == 0


@register.intervention
class Outreach(Intervention):
    """Seeks out people who are no clients; whoever is reached is engaged the sooner.

    Eligible: of the client groups, no client, free to be engaged. Covered: until engaged, in
    work, or the weeks are over. Does: multiplies the chance to be engaged.
    """

    name = "outreach"
    number = 1
    needs_journey = True
    ends_in_work = True
    terms: OutreachTerms

    def eligible(self) -> Who:
        """Return who may take a place."""
        return super().eligible()._replace(stages=NO_CLIENT, can_be_engaged=True)

    def has_left(self, rows: np.ndarray, scene: Scene) -> np.ndarray:
        """Return who has become a client, got work or gone, bool (k,)."""
        return super().has_left(rows, scene) | (scene.clients.stage[rows] > 0)

    def hold(self, rows: np.ndarray, scene: Scene) -> None:
        """Make being engaged more likely."""
        scene.journey.engagement[rows] *= self.terms.engagement_factor


class OfClients(Intervention):
    """An intervention for clients while they are clients."""

    needs_journey = True

    def eligible(self) -> Who:
        """Return who may take a place."""
        return super().eligible()._replace(stages=~NO_CLIENT)

    def has_left(self, rows: np.ndarray, scene: Scene) -> np.ndarray:
        """Return who is a client no more, bool (k,)."""
        return super().has_left(rows, scene) | (scene.clients.stage[rows] == 0)


@register.intervention
class SinglePointOfAccess(OfClients):
    """Puts services under one roof, so that fewer are lost when passed on.

    Eligible: clients. Covered: while clients, until the weeks are over. Does: multiplies the
    chance to be lost at a hand-over.
    """

    name = "single_point_of_access"
    number = 2
    terms: AccessTerms

    def hold(self, rows: np.ndarray, scene: Scene) -> None:
        """Make being lost less likely."""
        scene.journey.loss[rows] *= self.terms.loss_factor


@register.intervention
class TrackingSystem(OfClients):
    """Keeps one record of a client for all providers.

    Eligible: clients. Covered: while clients, until the weeks are over. Does: both sides of a
    hand-over share records, so that less is lost (`journey.tracking_factor`) and nobody is
    assessed again.
    """

    name = "tracking_system"
    number = 3

    def hold(self, rows: np.ndarray, scene: Scene) -> None:
        """Share records."""
        scene.journey.shares_records[rows] = True
