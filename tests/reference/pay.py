"""What work pays (docs/ODD.md 7.6): offers, growth on the job, the wage curve."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulation.categories import State

from .chance import WEEKS_PER_YEAR

if TYPE_CHECKING:
    from .market import ReferenceMarket
    from .person import Person
    from .workplace import Cell

UNEMPLOYED = (State.JSA, State.SEEKING_NO_BENEFIT)


def starting_pay(person: Person, cell: Cell) -> float:
    """Return what a job offers a person, GBP per week at the level of pay of the first day."""
    rules = person.model.config.employers
    lost = 1.0 - 0.5 ** (person.weeks_since_job / rules.return_loss_weeks)
    offered = cell.wage * (1.0 - rules.return_loss * lost)
    return max(offered, rules.weekly_hours[cell.level] * minimum_wage(person))


def minimum_wage(person: Person) -> float:
    """Return the minimum wage of a person's age, GBP per hour at the pay of the first day."""
    market, years = person.model, person.age_weeks / WEEKS_PER_YEAR
    if years >= market.adult_wage_years:
        return market.amount("minimum_wage_adult")
    return market.amount("minimum_wage_18_to_21" if years >= 18 else "minimum_wage_16_17")


def present_pay(person: Person) -> float:
    """Return what a person in work is paid by now."""
    rules = person.model.config.employers
    years = min(person.weeks_in_state / WEEKS_PER_YEAR, rules.progression_years)
    return person.wage * (1.0 + rules.progression) ** years


class WageCurve:
    """Unemployment by zone, and what it makes of the pay offered there.

    Parameters
    ----------
    market : ReferenceMarket
        As on the first day.
    """

    def __init__(self, market: ReferenceMarket) -> None:
        self.market, self.zone = market, market.closure.zone
        self.first = self.unemployment()
        self.present = self.first

    def begin_week(self) -> None:
        """See how many are unemployed."""
        self.present = self.unemployment()

    def unemployment(self) -> dict[int, float]:
        """Return the unemployed over all in work or unemployed, by zone."""
        seekers, active = dict.fromkeys(self.zone, 0), dict.fromkeys(self.zone, 0)
        for person in self.market.people:
            is_seeker = person.state in UNEMPLOYED
            seekers[self.zone[person.ward]] += is_seeker
            active[self.zone[person.ward]] += is_seeker or person.is_employed
        return {zone: max(seekers[zone], 1) / max(active[zone], 1) for zone in active}

    def factor(self, ward: int) -> float:
        """Return what pay offered in a ward is multiplied by."""
        zone = self.zone[ward]
        elasticity = self.market.config.employers.wage_curve
        return (self.present[zone] / self.first[zone]) ** -elasticity
