"""Parameters of interventions, one group each."""

from __future__ import annotations

from simulation.config.base import Group


class InterventionsConfig(Group):
    """The interventions; each has `active: false` until it is chosen."""
