"""Interventions: places by the lowest ticket, cover, and what a place does (docs/ODD.md 7.14)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from simulation.agents.contracts import Contract as Agreement
from simulation.agents.contracts import Eligibility
from simulation.categories import CLIENT_GROUPS, STAGES, State
from simulation.config.aid import Aid
from simulation.inputs.named_wards import named_wards
from simulation.policies.tariffs import terms_named
from simulation.streams import Stream

from .chance import WEEKS_PER_YEAR
from .contracts import contract_from
from .person import Person
from .proposals import client_group
from .providers import Provider

if TYPE_CHECKING:
    from .market import ReferenceMarket
    from .support import SupportSystem

PENCE = 100


class Intervention:
    """Whom an intervention covers, until which week, and the contract that pays for it.

    Its contract is the next of the system's, so that it has to begin after all others are signed.

    Parameters
    ----------
    system : SupportSystem
    """

    name: str
    number: int

    def __init__(self, system: SupportSystem) -> None:
        self.system, self.market = system, system.market
        config = self.market.config
        self.terms: Aid = getattr(config.interventions, self.name)
        self.covered: dict[Person, int] = {}
        self.weeks = [week for week in range(config.weeks) if self._is_offered(week)]
        wards, _ = named_wards(str(self.terms.wards), self.market.area.wards)
        self.wards = {ward for ward, is_in in enumerate(wards) if is_in}
        self.pence = round(self.terms.unit_cost_gbp * PENCE) * config.people_per_agent
        others = {each.stream for each in system.contracts}
        self.programme = len(others) + 1  # the pool comes between
        n_places = sum(self.n_places(week) for week in self.weeks)
        self.contract = contract_from(
            self._agreement(n_places * self.pence),
            number=len(system.contracts),
            stream=self.programme,
            providers=[self._deliverer()],
            config=config,
        )
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
            start=self._day(self.weeks[0]),
            end=self._day(self.market.config.weeks),
            eligibility=Eligibility(CLIENT_GROUPS),
        )

    def _deliverer(self) -> Provider:
        """Return who gives the places: a provider of its own, who never closes."""
        number = len(self.system.providers)
        none = [0.0] * max(len(CLIENT_GROUPS), len(STAGES))
        return Provider(number, 1.0, 0, 0.0, 0, none, none, none, False, None)

    def n_places(self, week: int) -> int:
        """Return how many agents can take a place in a week."""
        if week not in self.weeks:
            return 0
        number = self.weeks.index(week)
        a_place = WEEKS_PER_YEAR * self.market.config.people_per_agent
        due = [self.terms.places * each // a_place for each in (number, number + 1)]
        return due[1] - due[0]

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


KINDS = (PermittedWork,)


def interventions_of(market: ReferenceMarket) -> list[Intervention]:
    """Return those a run has chosen, each with its contract."""
    active = market.config.interventions.active_names()
    return [kind(market.support) for kind in KINDS if kind.name in active]


def run(interventions: list[Intervention]) -> None:
    """Carry out a week: cover ends, places are given, what lasts is done."""
    for each in interventions:
        each.close()
    for each in interventions:
        each.open()
    for each in interventions:
        for person in each.covered:
            each.hold(person)
