"""What there is to plan with: zones, people in need, whom streams may help, providers."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from simulation.agents.contracts import Eligibility, FundingStream
from simulation.agents.providers import Providers
from simulation.categories import CLIENT_GROUPS, STAGES
from simulation.config import Config, RegimeConfig

from .chance import WEEKS_PER_YEAR
from .contracts import WHITE
from .person import Person
from .proposals import client_group

if TYPE_CHECKING:
    from .market import ReferenceMarket

N_STAGES, N_GROUPS = len(STAGES), len(CLIENT_GROUPS)
SERVICES = STAGES.index("services")

Cell = tuple[int, int, int]
"""Zone, group, stage."""


@dataclass
class Firm:
    """A provider as regimes see it, for people in place of agents."""

    number: int
    wards: frozenset[int]
    stages: frozenset[int]
    quality: float
    group_strength: list[float]
    unit_cost: list[int]
    capacity: float
    is_open: bool
    trust: list[float] = field(default_factory=list)


@dataclass
class Scene:
    """What is the same for every stream on a planning date."""

    day: date
    rules: RegimeConfig
    wards_of_zone: list[list[int]]
    need: dict[Cell, float]
    people: dict[tuple[int, int], float]
    reach: list[float]
    weeks: list[float]
    part: list[float]
    firms: list[Firm]
    believed: Callable[[str, int], float]
    is_aware: Callable[[str, int], bool]
    free: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.free = [firm.capacity if firm.is_open else 0.0 for firm in self.firms]

    @property
    def zones(self) -> range:
        return range(len(self.wards_of_zone))


def firms_of(columns: Providers) -> list[Firm]:
    """Return the providers of columns that are for people already."""

    def where(flags) -> frozenset[int]:
        return frozenset(number for number, flag in enumerate(flags.tolist()) if flag)

    return [
        Firm(
            number=p,
            wards=where(columns.wards[p]),
            stages=where(columns.stages[p]),
            quality=float(columns.quality[p]),
            group_strength=columns.group_strength[p].tolist(),
            unit_cost=columns.unit_cost[p].tolist(),
            capacity=float(columns.capacity[p]),
            is_open=bool(columns.is_open[p]),
        )
        for p in range(len(columns.quality))
    ]


def wards_of_zones(market: ReferenceMarket) -> list[list[int]]:
    """Return the wards of each zone: districts by name, priority wards before the others."""
    zones: dict[tuple[str, bool], list[int]] = {}
    for ward, district in enumerate(market.area.wards["district"]):
        zones.setdefault((district, not market.is_priority[ward]), []).append(ward)
    return [zones[key] for key in sorted(zones)]


def count_people(market: ReferenceMarket) -> dict[tuple[int, int], list[Person]]:
    """Return the people of each zone and client group."""
    zones = wards_of_zones(market)
    cells: dict[tuple[int, int], list[Person]] = {
        (z, g): [] for z in range(len(zones)) for g in range(N_GROUPS)
    }
    zone_of_ward = {ward: z for z, wards in enumerate(zones) for ward in wards}
    for person in market.people:
        cells[zone_of_ward[person.ward], client_group(person)].append(person)
    return cells


def need_of(
    people: dict[tuple[int, int], list[Person]], config: Config, reach: list[float]
) -> dict[Cell, float]:
    """Return the starts a year residents would take, people by zone, group and stage."""
    need = {}
    for (z, g), residents in people.items():
        rate = config.journey.engagement_rate[g]
        engaged = len(residents) * config.people_per_agent * (1.0 - math.exp(-rate))
        for k in range(N_STAGES):
            goes_on = reach[k]
            if CLIENT_GROUPS[g] == "employed":
                goes_on = 1.0 if k == SERVICES else 0.0
            need[z, g, k] = engaged * goes_on
    return need


def share_eligible(residents: list[Person], stream: FundingStream, group: int) -> float:
    """Return the share of the people of a cell whom a stream may help."""
    if not residents or CLIENT_GROUPS[group] not in stream.eligibility.groups:
        return 0.0
    fits = [each for each in residents if _is_eligible(each, stream)]
    return len(fits) / len(residents)


def _is_eligible(person: Person, stream: FundingStream) -> bool:
    rules: Eligibility = stream.eligibility
    is_of_age = rules.min_age <= person.age_weeks / WEEKS_PER_YEAR < rules.max_age
    is_skilled = person.qualification > rules.max_qualification
    is_other = rules.minority_only and person.ethnicity == WHITE
    return bool(stream.wards[person.ward]) and is_of_age and not is_skilled and not is_other
