"""Brokerage, redundancy response, recruitment compact, employment hub: people and vacancies met."""

from __future__ import annotations

from typing import Any

import numpy as np

from simulation import register
from simulation.categories import SECTORS
from simulation.config.interventions import EmployerBrokerage as BrokerageTerms
from simulation.config.interventions import EmploymentHub as HubTerms
from simulation.config.interventions import RecruitmentCompact as CompactTerms
from simulation.config.interventions import RedundancyResponse as RedundancyTerms
from simulation.errors import InputError
from simulation.inputs.local_events import closure_weeks
from simulation.policies.interventions.base import Intervention, Scene, Scheme, sectors_named
from simulation.policies.interventions.places import Pace, Who, numbered


def broker(scene: Scene, rows: np.ndarray, chance: float, *, caller: int) -> None:
    """Add an adviser who calls upon employers, and brings about applications.

    The chance follows the vacancies in reach of the person that advisers know of.
    """
    home, brokered = scene.people.ward[rows], scene.support.broker
    known = (chance * scene.calls.answer[home]).astype(np.float32)
    brokered[rows] += np.minimum(known, 1.0) * (1.0 - brokered[rows])
    np.add.at(scene.calls.made[caller], home, 1.0)


@register.intervention
class EmployerBrokerage(Intervention):
    """Makes employers one offer and brings about applications.

    Eligible: the client groups. Covered: until in work or the weeks are over. Does: adds
    brokered applications and the adviser's word.
    """

    name = "employer_brokerage"
    number = 4
    ends_in_work = True
    terms: BrokerageTerms

    def hold(self, rows: np.ndarray, scene: Scene) -> None:
        """Bring about applications and speak for those covered."""
        broker(scene, rows, self.terms.p_broker, caller=self.caller)
        scene.support.fit[rows] += self.terms.fit


@register.intervention
class RedundancyResponse(Intervention):
    """Helps those who have just lost a job to find the next.

    Eligible: the client groups whose last job ended at most `within_weeks` ago; `closures_only`,
    in a local closure, and all places are given, evenly, while somebody can be eligible. Covered:
    until in work or the weeks are over. Does: adds brokered applications.
    """

    name = "redundancy_response"
    number = 16
    ends_in_work = True
    terms: RedundancyTerms

    def eligible(self) -> Who:
        """Return who may take a place."""
        terms = self.terms
        return (
            super()
            .eligible()
            ._replace(since_job=terms.within_weeks, from_closure=terms.closures_only)
        )

    def weeks_offered(self) -> np.ndarray:
        """Return the number of each week since places began, -1 where nobody can be eligible.

        Raises
        ------
        InputError
            If places are for closures alone and it is not offered after any.
        """
        offered = super().weeks_offered()
        if not self.terms.closures_only:
            return offered
        is_near = np.zeros(offered.size, np.bool_)
        for week in closure_weeks(self.config.economy.events, start=self.config.start):
            # Support comes after the week's clocks are set on: who lost work in it has one week.
            is_near[week : week + self.terms.within_weeks] = True
        if not (is_near & (offered >= 0)).any():
            raise InputError(
                f"interventions.{self.name}.closures_only: economy.events has no closure within"
                f" {self.terms.within_weeks} weeks of which it is offered, so that it would help"
                " nobody"
            )
        return numbered(is_near & (offered >= 0))

    def pace(self, *, residents: int, n_weeks: int) -> Pace:
        """Return how many places it has over how many weeks: for closures, those it is offered."""
        pace = super().pace(residents=residents, n_weeks=n_weeks)
        return pace._replace(weeks=n_weeks) if self.terms.closures_only else pace

    def hold(self, rows: np.ndarray, scene: Scene) -> None:
        """Bring about applications."""
        broker(scene, rows, self.terms.p_broker, caller=self.caller)


@register.intervention
class RecruitmentCompact(Intervention):
    """Has public employers interview the residents it puts forward.

    Eligible: the client groups of its wards. Covered: until in work or the weeks are over.
    Does: adds suitability for vacancies of the sectors bound, wherever they are.
    """

    name = "recruitment_compact"
    number = 18
    ends_in_work = True
    bars = ("employment_hub",)
    terms: CompactTerms

    def scheme(self) -> Scheme:
        """Return the vacancies of the sectors bound."""
        everywhere = np.ones(self.area.n_wards, np.bool_)
        return Scheme(self.terms.fit, sectors_named(self.terms.sectors), everywhere)

    def hold(self, rows: np.ndarray, scene: Scene) -> None:
        """Back those covered."""
        scene.support.scheme[rows] = self.scheme_row


@register.intervention
class EmploymentHub(Intervention):
    """Recruits for a new development.

    Eligible: the client groups of its wards. Covered: until in work or the weeks are over.
    Does: adds brokered applications, and suitability for vacancies in the ward of the site.
    """

    name = "employment_hub"
    number = 19
    ends_in_work = True
    bars = ("recruitment_compact",)
    terms: HubTerms

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        self.site = self._site()

    def scheme(self) -> Scheme:
        """Return the vacancies of the site."""
        wards = np.zeros(self.area.n_wards, np.bool_)
        wards[self.site] = True
        return Scheme(self.terms.fit, np.ones(len(SECTORS), np.bool_), wards)

    def _site(self) -> int:
        """Return the row of the site's ward."""
        if self.terms.site is None:
            return int(self.area.jobs.sum(axis=(1, 2)).argmax())
        found = np.flatnonzero(self.area.wards["code"].astype(str) == self.terms.site)
        if found.size == 0:
            raise InputError(
                f"interventions.employment_hub.site: {self.terms.site!r} is no ward's code of area"
                f" {self.area.name}; see its wards.csv"
            )
        return int(found[0])

    def hold(self, rows: np.ndarray, scene: Scene) -> None:
        """Back those covered and bring about applications."""
        broker(scene, rows, self.terms.p_broker, caller=self.caller)
        scene.support.scheme[rows] = self.scheme_row
