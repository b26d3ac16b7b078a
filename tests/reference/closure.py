"""How jobs wanted answer to ease of hiring, beside a market without support (docs/ODD.md 7.1)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from simulation.categories import LEVELS

if TYPE_CHECKING:
    from .market import ReferenceMarket

Market = tuple[int, int]
"""A zone and a level."""
INTEGRAL_RESPONSE = 0.1


class Places:
    """How many live, work, and do both, in places and between them."""

    def __init__(self, flows: dict[tuple[int, int], float], zone: list[int]) -> None:
        self.names = sorted(set(zone))
        self.lives, self.works = dict.fromkeys(self.names, 0.0), dict.fromkeys(self.names, 0.0)
        self.between: dict[tuple[int, int], float] = {}
        for (home, work), people in flows.items():
            pair = zone[home], zone[work]
            self.lives[pair[0]] += people
            self.works[pair[1]] += people
            self.between[pair] = self.between.get(pair, 0.0) + people

    def contained(self, one: int) -> float:
        """Return how much of its work a place contains."""
        return self.between.get((one, one), 0.0) / max(self.lives[one], self.works[one])

    def link(self, one: int, other: int) -> float:
        """Return how much two places have to do with each other."""
        out, back = self.between.get((one, other), 0.0), self.between.get((other, one), 0.0)
        return (
            out / self.lives[one]
            + out / self.works[other]
            + back / self.lives[other]
            + back / self.works[one]
        )


def zones(market: ReferenceMarket) -> list[int]:
    """Return the travel-to-work zone of each ward."""
    wards = market.area.wards.to_dict("records")
    outside = [] if market.outside is None else [wards.pop()]
    names = sorted({str(ward["district"]) for ward in wards})
    place = [names.index(str(ward["district"])) for ward in wards]
    flows: dict[tuple[int, int], float] = {}
    for home, ward in enumerate(wards):
        chances = market.commuting[home]
        steps = list(zip([0.0, *chances], chances, strict=False))
        for work, (low, high) in enumerate(steps[: len(wards)]):
            pair = place[home], place[work]
            flows[pair] = flows.get(pair, 0.0) + ward["employed"] * (high - low)
    zone = list(range(len(names)))
    while len(set(zone)) > 1:
        places = Places(flows, zone)
        weakest = min(places.names, key=places.contained)
        if places.contained(weakest) >= market.config.closure.self_containment:
            break
        links = {one: places.link(weakest, one) for one in places.names if one != weakest}
        first, second = sorted((weakest, max(links, key=links.__getitem__)))
        zone = [first if one == second else one for one in zone]
    return [zone[number] for number in place] + [max(zone) + 1] * len(outside)


class Closure:
    """What is seen of hiring in a market, and what it makes of the jobs wanted.

    Parameters
    ----------
    market : ReferenceMarket
    """

    def __init__(self, market: ReferenceMarket) -> None:
        self.market, self.rules = market, market.config.closure
        self.zone = zones(market)
        self.markets = [(zone, level) for zone in sorted(set(self.zone)) for level in LEVELS]
        self.outside = None if market.outside is None else self.zone[market.outside]
        self.openings = dict.fromkeys(self.markets, 0.0)
        self.hires = dict.fromkeys(self.markets, 0.0)
        self.log_factor = dict.fromkeys(self.markets, 0.0)
        self.forget_week()

    def forget_week(self) -> None:
        """Begin to count a week."""
        self.week_openings = dict.fromkeys(self.markets, 0)
        self.week_hires = dict.fromkeys(self.markets, 0)

    def see_round(self, *, hires: bool) -> None:
        """Count openings before a round, or those left after it."""
        for establishment in self.market.establishments:
            for cell in establishment.cells:
                place = self.zone[establishment.ward], cell.level
                openings = cell.openings + cell.held
                if hires:
                    self.week_hires[place] -= openings
                else:
                    self.week_openings[place] += openings
                    self.week_hires[place] += openings

    def end_week(self) -> None:
        """Remember the week."""
        keeps = 0.5 ** (1.0 / self.rules.memory_weeks)
        for place in self.markets:
            for memory, seen in (
                (self.openings, self.week_openings),
                (self.hires, self.week_hires),
            ):
                memory[place] = keeps * memory[place] + (1.0 - keeps) * seen[place]
        self.forget_week()

    def answer(self, other: Closure) -> None:
        """Move the factors by how much easier hiring is here than in another world."""
        speed = 1.0 - 0.5 ** (1.0 / self.rules.half_life_weeks)
        for zone, level in self.markets:
            if zone == self.outside:
                continue  # what is wanted outside is given
            place = zone, level
            hires = sum(other.hires[zone, each] for each in LEVELS)
            openings = sum(other.openings[zone, each] for each in LEVELS)
            easier = 0.0
            if hires > 0.0:
                pace = hires / openings
                own = (self.hires[place] + pace) / (self.openings[place] + 1.0)
                theirs = (other.hires[place] + pace) / (other.openings[place] + 1.0)
                easier = math.log(own / theirs)
            if math.isinf(self.rules.response):
                self.log_factor[place] += speed * INTEGRAL_RESPONSE * easier
            else:
                aim = self.rules.response * easier
                self.log_factor[place] += speed * (aim - self.log_factor[place])

    def factor(self, ward: int, level: int) -> float:
        """Return what the jobs wanted of a level are multiplied by in a ward."""
        return math.exp(self.log_factor[self.zone[ward], level])
