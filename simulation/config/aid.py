"""What the parameters of all interventions have in common, and the kinds of fields they use."""

from __future__ import annotations

from typing import Any, Literal, Self

from pydantic import model_validator

from simulation.categories import CLIENT_GROUPS, SECTORS
from simulation.config.base import ASSUMPTION, Day, Group, Share, parameter

ClientGroup = Literal[CLIENT_GROUPS]  # type: ignore[valid-type]
Sector = Literal[SECTORS]  # type: ignore[valid-type]
INSTEAD_OF_PLACES = ("places_per_1000", "budget_gbp")
OUT_OF_WORK, IN_WORK = CLIENT_GROUPS[:-1], CLIENT_GROUPS[-1:]


def groups_field(names: tuple[str, ...]) -> Any:
    """Return the field of who may be helped."""
    return parameter(names, "client groups that may be helped", unit="-")


def places_field(number: int, source: str = ASSUMPTION) -> Any:
    """Return the field of places a year."""
    return parameter(
        number,
        "places a year",
        unit="people per year",
        source=source,
        plausible=(number // 4, number * 4),
        distribution="log_uniform",
        ge=0,
        le=10_000_000,
    )


def cost_field(gbp: float, source: str = ASSUMPTION) -> Any:
    """Return the field of the cost of one place."""
    return parameter(
        gbp,
        "cost of a place",
        unit="GBP",
        source=source,
        plausible=(gbp / 2.0, gbp * 2.0),
        distribution="log_uniform",
        ge=0,
        le=100_000,
    )


def weeks_field(weeks: int, source: str = ASSUMPTION) -> Any:
    """Return the field of how long a place covers somebody."""
    return parameter(
        weeks,
        "a place covers a person for",
        unit="weeks",
        source=source,
        plausible=(max(weeks // 2, 1), weeks * 2),
        ge=1,
        le=520,
    )


def factor_field(value: float, meaning: str, source: str = ASSUMPTION) -> Any:
    """Return the field of a factor above one; plausible is half to double its excess over one."""
    plausible = (1.0 + (value - 1.0) / 2.0, 1.0 + (value - 1.0) * 2.0)
    return parameter(value, meaning, unit="ratio", source=source, plausible=plausible, ge=1, le=100)


def share_field(
    value: float, meaning: str, unit: str = "probability", source: str = ASSUMPTION
) -> Any:
    """Return the field of a share or chance; plausible is half to double its odds."""
    low, high = value / (2.0 - value), 2.0 * value / (1.0 + value)
    plausible = (round(low, 2), round(high, 2))
    return parameter(value, meaning, unit=unit, source=source, plausible=plausible)


def fit_field(value: float, meaning: str, source: str = ASSUMPTION) -> Any:
    """Return the field of a gain in suitability."""
    plausible = (value / 2.0, value * 2.0)
    return parameter(
        value, meaning, unit="log odds", source=source, plausible=plausible, ge=0, le=20
    )


class Aid(Group):
    """What all interventions have: dates, who, where, how many, at what cost, for how long."""

    active: bool = parameter(False, "whether it is offered", unit="-")
    start: Day | None = parameter(None, "first day; none: from the run's first", unit="date")
    end: Day | None = parameter(
        None, "day from which no place can be taken; none: never", unit="date"
    )
    groups: tuple[ClientGroup, ...] = groups_field(OUT_OF_WORK)
    wards: str | tuple[str, ...] = parameter(
        "all",
        "where those helped live: all, priority, worst:N, or codes or names of wards and districts",
        unit="-",
    )
    places: int = places_field(1000)
    places_per_1000: float | None = parameter(
        None,
        "places a year for each 1,000 residents of working age of the wards it serves, instead of"
        " places",
        unit="places per year per 1,000",
        ge=0,
        le=10_000,
    )
    budget_gbp: float | None = parameter(
        None,
        "what may be spent on it in all, instead of places: as many as that buys, spread evenly"
        " over the time it is offered",
        unit="GBP",
        ge=0,
        le=10_000_000_000,
    )
    unit_cost_gbp: float = cost_field(500.0)
    weeks: int = weeks_field(13)
    min_age: int = parameter(16, "youngest age", unit="years", ge=16, le=64)
    max_age: int = parameter(65, "age from which nobody is helped", unit="years", ge=17, le=65)
    max_qualification: int = parameter(4, "highest qualification", unit="level", ge=0, le=4)
    saturation: tuple[Share, ...] = parameter(
        (),
        "of a trial: shares of the people of a ward who may be helped, dealt to wards by lot; none:"
        " everybody",
        unit="share",
    )

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.start is not None and self.end is not None and self.end <= self.start:
            raise ValueError(f"end must be after start {self.start}, got {self.end}")
        if self.max_age <= self.min_age:
            raise ValueError(f"max_age must be above min_age {self.min_age}, got {self.max_age}")
        instead = [name for name in INSTEAD_OF_PLACES if getattr(self, name) is not None]
        usual = type(self).model_fields["places"].default
        given = [*instead, *(["places"] if self.places != usual else [])]
        if instead and len(given) > 1:
            raise ValueError(f"give {' or '.join(given)}, not both")
        if self.budget_gbp is not None and self.unit_cost_gbp == 0:
            raise ValueError("budget_gbp buys no number of places: unit_cost_gbp is 0")
        for name in ("groups", "sectors"):
            if getattr(self, name, None) == ():
                raise ValueError(f"{name} must name at least one, got none")
        return self
