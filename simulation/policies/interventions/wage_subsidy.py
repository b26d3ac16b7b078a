"""Wage subsidies: a voucher that an employer who hires its holder is paid for."""

from __future__ import annotations

from typing import Any

import numpy as np

from simulation import register
from simulation.config.aid import OUT_OF_WORK
from simulation.config.interventions import WageSubsidy as SubsidyTerms
from simulation.policies.interventions.base import Intervention, Scene


@register.intervention
class WageSubsidy(Intervention):
    """Gives a voucher to show to employers.

    Eligible: the client groups. Covered: the weeks of the voucher; once hired, the weeks of
    the subsidy from then on, while in work. Does: adds suitability out of work; in work fewer
    lose the job. It costs when the holder is hired, and nothing before.
    """

    name = "wage_subsidy"
    number = 13
    can_help = OUT_OF_WORK
    bars = ("temporary_jobs",)
    is_paid_at_start = False
    terms: SubsidyTerms
    STATE = (*Intervention.STATE, "is_paid")

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        self.is_paid = np.zeros(self.n_people, np.bool_)

    def has_left(self, rows: np.ndarray, scene: Scene) -> np.ndarray:
        """Return who lost the subsidised job, took a temporary one, or has gone, bool (k,)."""
        is_temporary = scene.support.temporary_until[rows] >= 0
        lost = self.is_paid[rows] & ~scene.is_employed(rows)
        return super().has_left(rows, scene) | lost | is_temporary

    def begin(self, rows: np.ndarray, scene: Scene) -> None:
        """Hand out the voucher."""
        self.is_paid[rows] = False

    def charged(self, rows: np.ndarray, scene: Scene) -> np.ndarray:
        """Return who was hired since the last week; their subsidy begins."""
        is_regular = scene.is_employed(rows) & (scene.support.temporary_until[rows] < 0)
        hired = rows[is_regular & ~self.is_paid[rows]]
        self.is_paid[hired] = True
        self.until[hired] = scene.week + self.terms.subsidy_weeks
        return hired

    def hold(self, rows: np.ndarray, scene: Scene) -> None:
        """Make a holder more suitable, and keep the one who is paid for."""
        is_paid = self.is_paid[rows]
        scene.support.fit[rows[~is_paid]] += self.terms.fit
        scene.support.keep[rows[is_paid]] *= self.terms.keep_factor
