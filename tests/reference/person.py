"""A resident of working age, and the few ways their state changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa

from simulation.agents.columns import People
from simulation.categories import AGE_BAND_STARTS, AGE_LEAVES, State
from simulation.streams import Stream

from .chance import WEEKS_PER_YEAR, cumulative, searched, weekly
from .pay import starting_pay

if TYPE_CHECKING:
    from .journey import Help, Journey
    from .workplace import Cell

START_OF_WORK = 16 * WEEKS_PER_YEAR
ADULT = 18 * WEEKS_PER_YEAR
CHILD_LEAVES = 18 * WEEKS_PER_YEAR
WORST_HEALTH = 2
LAST_BAND = len(AGE_BAND_STARTS) - 1
BENEFITS = (State.JSA, State.IB_ESA, State.LONE_PARENT, State.OTHER_BENEFIT)


class Person(mesa.Agent):
    """One slot of the population; attributes are those of docs/ODD.md section 2."""

    number: int
    ward: int
    ethnicity: int
    age_weeks: int
    qualification: int
    child_weeks: int | None
    is_lone_parent: bool
    health: int
    state: State
    cell: Cell | None
    sector: int | None
    wage: float
    weeks_in_state: int
    weeks_since_job: int
    workless_weeks: int
    ability: float
    employability: float
    confidence: float
    has_searched: bool
    barriers: set[str]
    is_long_claim: bool
    is_from_closure: bool
    journey: Journey
    help: Help

    @property
    def is_employed(self) -> bool:
        return self.state is State.EMPLOYED

    @property
    def is_adult(self) -> bool:
        return self.age_weeks >= ADULT

    @property
    def is_on_benefit(self) -> bool:
        return self.state in BENEFITS

    @property
    def age_band(self) -> int:
        years = self.age_weeks // WEEKS_PER_YEAR
        return sum(years >= start for start in AGE_BAND_STARTS) - 1

    @property
    def weeks_since_16(self) -> int:
        return self.age_weeks - START_OF_WORK

    def move_to(self, state: State) -> None:
        """Change state outside work."""
        self.state = state
        self.weeks_in_state = 0
        if state is State.INACTIVE_NO_BENEFIT:
            self.has_searched = False

    def leave_job(self, state: State) -> None:
        """Leave the present job for a state."""
        self.cell.employees.remove(self)
        self.cell, self.wage = None, 0.0
        self.weeks_since_job = 0
        self.has_searched = False
        self.move_to(state)

    def take_job(self, cell: Cell) -> None:
        """Enter a cell as the last hired, leaving the present job if there is one."""
        wage = starting_pay(self, cell)
        if self.is_employed:
            self.leave_job(State.EMPLOYED)
        cell.employees.append(self)
        self.cell, self.wage, self.sector = cell, wage, cell.establishment.sector
        self.weeks_since_job = 0
        self.is_from_closure = False
        self.has_searched = False
        self.move_to(State.EMPLOYED)

    def state_without_job(self, uniform: float, p_claim: float) -> State:
        """Return where the loss of a job leads."""
        if self.is_adult and uniform < p_claim:
            return State.JSA
        return State.SEEKING_NO_BENEFIT

    def grow_older(self) -> None:
        """Age a week; where one leaves the area or is 65 the slot starts again."""
        self.u_health, self.u_detail, u_leaves, _ = self.model.roll(Stream.AGEING, self.number)
        self.age_weeks += 1
        self.weeks_in_state += 1
        if self.child_weeks is not None:
            self.child_weeks += 1
            if self.child_weeks >= CHILD_LEAVES:
                self.child_weeks, self.is_lone_parent = None, False
        self._change_health()
        self._change_employability()
        leaves = u_leaves < weekly(self.model.leaving[min(self.age_band, LAST_BAND)])
        self.is_new = leaves or self.age_weeks >= AGE_LEAVES * WEEKS_PER_YEAR
        if self.is_new:
            self._start_again()

    def _change_health(self) -> None:
        rules = self.model.config.people
        p_worse = weekly(rules.health_worsens[self.age_band])
        if not self.is_employed:
            p_worse *= rules.workless_health_factor
        if self.u_health < p_worse:
            self.health = min(self.health + 1, WORST_HEALTH)
        elif self.u_health < p_worse + weekly(rules.health_mends):
            self.health = max(self.health - 1, 0)

    def _change_employability(self) -> None:
        rules = self.model.config.people
        if self.is_employed:
            scar = rules.scarring * self.workless_weeks / max(self.weeks_since_16, 1)
            ceiling = self.ability * (1.0 - scar)
            share = 1.0 - 0.5 ** (1.0 / rules.recovery_weeks)
            self.employability += (ceiling - self.employability) * share
            self.confidence += (1.0 - self.confidence) * share
        else:
            self.weeks_since_job += 1
            self.workless_weeks += 1
            share = 1.0 - 0.5 ** (1.0 / rules.half_life_weeks)
            lasting = rules.employability_floor * self.ability
            self.employability -= (self.employability - lasting) * share
            self.confidence -= self.confidence * share

    def _start_again(self) -> None:
        population = self.model.config.population
        u_qualification, u_ability, u_age, _ = self.model.roll(Stream.ENTRANTS, self.number)
        if self.is_employed:
            self.leave_job(State.INACTIVE_NO_BENEFIT)
        self.move_to(State.INACTIVE_NO_BENEFIT)
        band = searched(cumulative(self.model.arriving), u_age)
        self.age_weeks = AGE_BAND_STARTS[band] * WEEKS_PER_YEAR
        self.weeks_since_job = self.workless_weeks = 0
        self.child_weeks, self.is_lone_parent = None, False
        self.health, self.sector, self.barriers = 0, None, set()
        self.is_long_claim = self.is_from_closure = False
        self.qualification = searched(cumulative(population.entrant_qualification), u_qualification)
        mean = population.newcomer_ability + self.model.ward_ability[self.ward]
        ability = mean + population.ability_spread * (2.0 * u_ability - 1.0)
        self.ability = self.employability = min(max(ability, 0.0), 1.0)
        self.confidence = 1.0


IN_WORDS_OF_ITS_OWN = ("state", "cell", "child_weeks", "sector", "barriers")
AS_THEY_ARE = tuple(
    name
    for name in Person.__annotations__
    if name in People._fields and name not in IN_WORDS_OF_ITS_OWN
)
"""Attributes whose values are those of the engine's columns."""
