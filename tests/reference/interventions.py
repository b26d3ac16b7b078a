"""Interventions: places by the lowest ticket, cover, and what a place does (docs/ODD.md 7.14)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from typing import TYPE_CHECKING

import numpy as np

from simulation.agents.contracts import Contract as Agreement
from simulation.agents.contracts import Eligibility
from simulation.categories import CLIENT_GROUPS, SECTORS, STAGES, State
from simulation.config.aid import Aid
from simulation.inputs.named_wards import named_wards
from simulation.policies.tariffs import terms_named
from simulation.streams import Stream

from .chance import WEEKS_PER_YEAR, searched
from .contracts import contract_from
from .journey import single
from .person import Person
from .proposals import client_group
from .providers import Provider
from .workplace import Cell

if TYPE_CHECKING:
    from .market import ReferenceMarket
    from .support import SupportSystem

PENCE = 100


@dataclass(frozen=True)
class Invited:
    """Somebody who is interviewed before all others for an opening of a cell."""

    person: Person
    cell: Cell
    gain: float


class Intervention:
    """Whom an intervention covers, until which week, and the contract that pays for it.

    Its contract is the next of the system's, so that it has to begin after all others are signed.

    Parameters
    ----------
    system : SupportSystem
    place : int
        How many interventions come before it.
    """

    name: str
    number: int

    def __init__(self, system: SupportSystem, place: int) -> None:
        self.system, self.market = system, system.market
        config = self.market.config
        self.terms: Aid = getattr(config.interventions, self.name)
        self.covered: dict[Person, int] = {}
        self.invited: list[Invited] = []
        dated = [week for week in range(config.weeks) if self._is_offered(week)]
        self.weeks = [week for week in dated if self.has_anybody(week)]
        self.first_week = dated[0]
        wards, _ = named_wards(str(self.terms.wards), self.market.area.wards)
        self.wards = {ward for ward, is_in in enumerate(wards) if is_in}
        self.pence = round(self.terms.unit_cost_gbp * PENCE) * config.people_per_agent
        n_before = len({each.stream for each in system.contracts})
        self.programme = n_before + 1  # the pool comes between
        n_places = sum(self.n_places(week) for week in self.weeks)
        self.contract = contract_from(
            self._agreement(n_places * self.pence),
            number=len(system.contracts),
            stream=self.programme,
            providers=[self._deliverer(len(system.providers) + place)],
            config=config,
        )
        self.contract.purse.committed = 0
        system.contracts.append(self.contract)

    def _is_offered(self, week: int) -> bool:
        day, terms = self._day(week), self.terms
        return (terms.start or date.min) <= day < (terms.end or date.max)

    def _day(self, week: int) -> date:
        return self.market.config.start + timedelta(weeks=week)

    def _agreement(self, pence: int) -> Agreement:
        n_wards = self.market.area.n_wards
        return Agreement(
            stream=f"intervention:{self.name}",
            provider=0,
            terms=terms_named("unit_price"),
            wards=np.zeros(n_wards, bool),
            places=np.zeros((len(CLIENT_GROUPS), len(STAGES))),
            price_gbp=(self.terms.unit_cost_gbp,) * len(STAGES),
            budget_pence=pence,
            start=self._day(self.first_week),
            end=self._day(self.market.config.weeks),
            eligibility=Eligibility(CLIENT_GROUPS),
        )

    def _deliverer(self, number: int) -> Provider:
        """Return who gives the places: a provider of its own, who never closes."""
        none = [0.0] * max(len(CLIENT_GROUPS), len(STAGES))
        return Provider(number, 1.0, 0, 0.0, 0, none, none, none, False, None)

    def n_places(self, week: int) -> int:
        """Return how many agents can take a place in a week."""
        if week not in self.weeks:
            return 0
        number = self.weeks.index(week)
        a_place = self.weeks_of_places() * self.market.config.people_per_agent
        due = [self.terms.places * each // a_place for each in (number, number + 1)]
        return due[1] - due[0]

    def has_anybody(self, week: int) -> bool:
        """Return whether there can be somebody to help in a week."""
        return True

    def weeks_of_places(self) -> int:
        """Return over how many weeks the places are spread."""
        return WEEKS_PER_YEAR

    def close(self) -> None:
        """End the cover of those who leave, then of those whose time is up."""
        left = [person for person in self.covered if person.is_new or self.leaves(person)]
        for person in sorted(left, key=lambda each: each.number):
            del self.covered[person]
            self.abandon(person)
        over = [person for person, until in self.covered.items() if until <= self.market.week]
        for person in sorted(over, key=lambda each: each.number):
            del self.covered[person]
            self.finish(person)

    def open(self) -> None:
        """Give this week's places to the lowest tickets; book them."""
        asking = [person for person in self.market.residents if self.is_eligible(person)]
        asking.sort(key=lambda each: (self.roll(each)[0], each.number))
        chosen = [each for each in asking[: self.n_places(self.market.week)] if self.takes(each)]
        for person in sorted(chosen, key=lambda each: each.number):
            self.covered[person] = self.market.week + self.terms.weeks
            self._book(person)

    def _book(self, person: Person) -> None:
        """Put a place on the record and pay for it."""
        journey = person.journey
        if journey.treated_week is None:
            journey.treated_week, journey.programme = self.market.week, self.programme
        if not journey.is_client:
            journey.group = client_group(person)
        self.contract.purse.committed += self.pence
        self.contract.purse.keep_back(self.pence)
        self.system.earn(self.contract, self.pence)
        costs = {"cost": self.pence, "earned": self.pence}
        self.system.record(person, "helped", self.contract, **costs)

    def roll(self, person: Person) -> tuple[float, ...]:
        """Return a person's draws for this intervention this week."""
        return self.market.roll(Stream.INTERVENTIONS, person.number, self.number)

    def is_eligible(self, person: Person) -> bool:
        """Return whether a person may take a place."""
        terms, years = self.terms, person.age_weeks / WEEKS_PER_YEAR
        return (
            person not in self.covered
            and CLIENT_GROUPS[client_group(person)] in terms.groups
            and person.ward in self.wards
            and terms.min_age <= years < terms.max_age
            and person.qualification <= terms.max_qualification
        )

    def takes(self, person: Person) -> bool:
        """Return whether there is what it takes for a place, besides the place."""
        return True

    def leaves(self, person: Person) -> bool:
        """Return whether somebody covered goes before the time."""
        return False

    def abandon(self, person: Person) -> None:
        """Undo what does not outlast a place, for somebody who left."""

    def finish(self, person: Person) -> None:
        """Do what a place does at its end."""

    def hold(self, person: Person) -> None:
        """Do what a place does in a week."""


class RedundancyResponse(Intervention):
    """Help for those who have just lost a job, or lost it in a closure."""

    name, number = "redundancy_response", 16

    def has_anybody(self, week: int) -> bool:
        """Return whether a closure was this week or a few weeks ago, if closures alone count."""
        closures = [when for when, each in self.market.placed_events if each.kind == "closure"]
        since = [week - when + 1 for when in closures]
        return not self.terms.closures_only or any(
            1 <= each <= self.terms.within_weeks for each in since
        )

    def weeks_of_places(self) -> int:
        """Return a year, or all the weeks on offer."""
        return len(self.weeks) if self.terms.closures_only else super().weeks_of_places()

    def is_eligible(self, person: Person) -> bool:
        """Return whether a person may take a place."""
        return (
            super().is_eligible(person)
            and person.sector is not None
            and person.weeks_since_job <= self.terms.within_weeks
            and (person.is_from_closure or not self.terms.closures_only)
        )

    def leaves(self, person: Person) -> bool:
        """Return whether somebody has found work."""
        return person.is_employed

    def hold(self, person: Person) -> None:
        """Bring about applications."""
        goodwill, broker = self.system.goodwill, person.help.broker
        known = min(single(self.terms.p_broker * goodwill.answer[person.ward]), 1.0)
        person.help.broker = single(broker + single(known * single(1.0 - broker)))
        goodwill.call(self.contract, person.ward)


class PermittedWork(Intervention):
    """Some hours of work on incapacity benefit."""

    name, number = "permitted_work", 20

    def leaves(self, person: Person) -> bool:
        """Return whether the claim is over."""
        return person.state is not State.IB_ESA

    def hold(self, person: Person) -> None:
        """Recover as at work, at a part of the pace."""
        rules = self.market.config.people
        share = self.terms.recovery * (1.0 - 0.5 ** (1.0 / rules.recovery_weeks))
        scar = rules.scarring * person.workless_weeks / max(person.weeks_since_16, 1)
        lacks = person.ability * (1.0 - scar) - person.employability
        person.employability += share * max(lacks, 0.0)
        person.confidence += share * (1.0 - person.confidence)


class PreRecruitmentTraining(Intervention):
    """A course for an opening that is held meanwhile, then the first interview for it."""

    name, number = "pre_recruitment_training", 21

    def __init__(self, system: SupportSystem, place: int) -> None:
        super().__init__(system, place)
        self.sectors = {SECTORS.index(name) for name in self.terms.sectors}
        self.cell_of: dict[Person, Cell] = {}

    def is_eligible(self, person: Person) -> bool:
        """Return whether a person may take a place: nobody in a work trial."""
        trial = person.help.trial_week
        is_in_trial = trial is not None and trial >= self.market.week
        return super().is_eligible(person) and not is_in_trial

    def takes(self, person: Person) -> bool:
        """Hold an opening of the person's level in reach, return whether there is one."""
        table = self.market.commuting[person.ward]
        chances = [high - low for low, high in zip([0.0, *table], table, strict=False)]
        cells = [
            cell
            for each in self.market.establishments
            for cell in each.cells
            if each.sector in self.sectors
            and cell.level == person.qualification
            and self._n_free(cell) > 0
        ]
        weights = [self._n_free(cell) * chances[cell.establishment.ward] for cell in cells]
        totals = list(accumulate(weights))
        if not totals or totals[-1] == 0.0:
            return False
        cell = cells[searched(totals, self.roll(person)[2] * totals[-1])]
        cell.hold_opening()
        self.cell_of[person] = cell
        return True

    def _n_free(self, cell: Cell) -> int:
        """Return how many openings there are for which nobody is invited."""
        return cell.openings - sum(each.cell is cell for each in self.invited)

    def leaves(self, person: Person) -> bool:
        """Return whether somebody has found work before the end."""
        return person.is_employed

    def abandon(self, person: Person) -> None:
        """Let others apply again."""
        self.cell_of.pop(person).release_opening()

    def finish(self, person: Person) -> None:
        """Invite who completed the course, if the opening is still there."""
        cell = self.cell_of.pop(person)
        is_there = cell.release_opening()
        if is_there and self.roll(person)[1] < self.terms.p_complete:
            self.invited.append(Invited(person, cell, self.terms.fit))

    def hold(self, person: Person) -> None:
        """Leave less time to search."""
        person.help.search = single(person.help.search * single(self.terms.lock_in))


KINDS = (RedundancyResponse, PermittedWork, PreRecruitmentTraining)


def interventions_of(market: ReferenceMarket) -> list[Intervention]:
    """Return those a run has chosen, each with its contract."""
    active = market.config.interventions.active_names()
    chosen = [kind for kind in KINDS if kind.name in active]
    return [kind(market.support, place) for place, kind in enumerate(chosen)]


def run(interventions: list[Intervention]) -> None:
    """Carry out a week: cover ends, places are given, what lasts is done."""
    for each in interventions:
        each.invited.clear()
        each.close()
    for each in interventions:
        each.open()
    for each in interventions:
        for person in each.covered:
            each.hold(person)
