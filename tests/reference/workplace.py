"""Establishments and their cells, one a skill level."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import mesa

from simulation.categories import LEVELS
from simulation.streams import Stream

from .chance import LOGISTIC_SD, logistic
from .person import Person

WEEKS_PER_QUARTER = 13


@dataclass(eq=False)
class Cell:
    """The jobs of one skill level in one establishment."""

    establishment: Establishment
    level: int
    base: float
    rounding: float
    desired: int
    openings: int
    new_openings: int
    open_since: int
    pause_until: int
    held: int = 0
    employees: list[Person] = field(default_factory=list)
    """In the order of hiring."""

    @property
    def number(self) -> int:
        return self.establishment.number * len(LEVELS) + self.level

    @property
    def filled(self) -> int:
        return len(self.employees)

    @property
    def wage(self) -> float:
        """Pay offered to who comes from work, GBP per week."""
        market = self.establishment.model
        weekly_wage = market.config.employers.weekly_wage[self.level]
        return (
            weekly_wage * self.establishment.pay * market.wage_curve.factor(self.establishment.ward)
        )

    def post_vacancies(self) -> None:
        """Open, withdraw and lapse vacancies (docs/ODD.md 7.1)."""
        market, week = self.establishment.model, self.establishment.model.week
        rules = market.config.employers
        vacancies = max(self.desired - self.filled - self.held, 0)
        self.new_openings = 0
        self.openings = min(self.openings, vacancies)
        if self.openings > 0 and week - self.open_since >= rules.lapse_weeks:
            self.openings = 0
            self.pause_until = week + rules.pause_weeks
        if vacancies == 0 or week < self.pause_until:
            return
        p_post = min(1.0, 1.0 / rules.posting_weeks)
        for vacancy in range(self.openings, vacancies):
            if market.roll(Stream.POSTING, self.number, vacancy)[0] < p_post:
                self.new_openings += 1
        if self.new_openings:
            self.openings += self.new_openings
            self.open_since = week

    def surplus_employees(self) -> list[Person]:
        """Return those to be laid off, last hired first (docs/ODD.md 7.2)."""
        market = self.establishment.model
        p_layoff = min(1.0, 1.0 / market.config.employers.hoarding_weeks[self.level])
        if self.establishment.local == 0.0:
            p_layoff = 1.0
        n_ended = sum(
            market.roll(Stream.LAYOFFS, self.number, surplus_job)[0] < p_layoff
            for surplus_job in range(self.filled - self.desired)
        )
        return self.last_hired(n_ended)

    def last_hired(self, number: int) -> list[Person]:
        """Return so many of those hired last who may be laid off, none for fewer than one."""
        may_go = [each for each in self.employees[::-1] if each.help.keep > 0.0]
        return may_go[: max(number, 0)]

    def n_decided(self) -> int:
        """Return how many openings are decided in this round (docs/ODD.md 7.6)."""
        market = self.establishment.model
        wait = market.config.employers.selection_weeks * market.config.search.rounds
        return sum(
            market.roll_in_round(Stream.SELECTION, self.number, opening)[0] < min(1.0, 1.0 / wait)
            for opening in range(self.openings)
        )

    def hold_opening(self) -> None:
        """Close the opening of longest standing to applicants (docs/ODD.md 7.14)."""
        self.held += 1
        self.openings -= 1
        self.new_openings = min(self.new_openings, self.openings)

    def release_opening(self) -> bool:
        """Open what was held, return whether it is a vacancy still."""
        self.held -= 1
        is_there = self.openings < self.desired - self.filled
        if is_there:
            self.openings += 1
            self.open_since = self.establishment.model.week
        return is_there

    def fill_opening(self) -> None:
        """Take the opening of longest standing off the market, for it is filled now."""
        self.openings -= 1
        self.new_openings = min(self.new_openings, self.openings)
        self.open_since = self.establishment.model.week


class Establishment(mesa.Agent):
    """A workplace in a ward and sector, with a cell for each skill level."""

    number: int
    ward: int
    sector: int
    shock: float
    pay: float
    local: float
    goodwill: float
    cells: list[Cell]

    def receive_shock(self) -> None:
        """Once a quarter, in the establishment's own week, forget some and be hit again."""
        week, economy = self.model.week, self.model.config.economy
        if week > 0 and (week + self.number) % WEEKS_PER_QUARTER == 0:
            uniform = self.model.roll(Stream.SHOCKS, self.number)[0]
            news = economy.shock_sd * logistic(uniform) / LOGISTIC_SD
            self.shock = economy.shock_persistence * self.shock + news

    def plan_jobs(self) -> None:
        """Set every cell's desired jobs."""
        level = (
            self.model.demand[self.model.week][self.sector]
            * self.local
            * math.exp(self.shock - self._correction())
        )
        for cell in self.cells:
            if cell.base > 0.0:
                answer = self.model.closure.factor(self.ward, cell.level)
                cell.desired = int(cell.base * level * answer + cell.rounding)

    def _correction(self) -> float:
        """Return half the variance of the shocks so far."""
        economy = self.model.config.economy
        weeks = range(1, self.model.week + 1)
        quarters = sum((week + self.number) % WEEKS_PER_QUARTER == 0 for week in weeks)
        half, rho = 0.5 * economy.shock_sd**2, economy.shock_persistence
        if rho == 1.0:
            return half * quarters
        return half * (1.0 - rho ** (2 * quarters)) / (1.0 - rho**2)

    def post_vacancies(self) -> None:
        """Let every cell open, withdraw and lapse its vacancies."""
        for cell in self.cells:
            cell.post_vacancies()
