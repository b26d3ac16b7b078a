"""Who applies in a round, and to which vacancy (docs/ODD.md 7.5)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from simulation.categories import LEVELS, State
from simulation.streams import Stream

from .chance import searched
from .person import Person
from .workplace import Cell

if TYPE_CHECKING:
    from .market import ReferenceMarket


@dataclass(frozen=True, eq=False)
class Lot:
    """Openings of one cell of one age."""

    cell: Cell
    openings: int
    is_new: bool

    @property
    def ward(self) -> int:
        return self.cell.establishment.ward

    @property
    def sector(self) -> int:
        return self.cell.establishment.sector


Shelf = dict[tuple[int, int], list[Lot]]
"""Lots by work ward and level, in the order of sector, cell, older before new."""


def shelve_lots(market: ReferenceMarket) -> Shelf:
    """Return what is open in a round."""
    lots = []
    for establishment in market.establishments:
        for cell in establishment.cells:
            new = cell.new_openings
            ages = ((cell.openings - new, False), (new, True))
            lots += [Lot(cell, number, is_new) for number, is_new in ages if number > 0]
    shelf: Shelf = {}
    for lot in sorted(lots, key=lambda lot: lot.sector):
        shelf.setdefault((lot.ward, lot.cell.level), []).append(lot)
    return shelf


def choose_lot(person: Person, shelf: Shelf) -> Lot | None:
    """Return the lot a person applies to in this round, None for no application."""
    market, search = person.model, person.model.config.search
    u_applies, _, u_level, u_sector = market.roll_in_round(Stream.SEARCH, person.number)
    if u_applies >= chance_to_apply(person):
        return None
    level = level_sought(person, u_level)
    only_own_sector = person.sector is not None and u_sector < search.own_sector
    only_new = market.config.hiring.rule == "stock_flow" and person.has_searched
    person.has_searched = True
    for place in range(search.places * market.config.people_per_agent):
        u_ward, u_stops, _, _ = market.roll_in_round(Stream.PLACES, person.number, place)
        lots = [
            lot
            for lot in shelf.get((_work_ward(person, u_ward), level), [])
            if lot.cell is not person.cell
            and not (only_own_sector and lot.sector != person.sector)
            and not (only_new and not lot.is_new)
        ]
        if lots:
            first = min(lots, key=lambda lot: _time_of_race(person, lot))
            half = search.half_stop / market.config.people_per_agent
            if u_stops < math.exp(-half * _time_of_race(person, first)):
                return first
    return None


def _work_ward(person: Person, uniform: float) -> int:
    """Return the ward a person looks in at a place."""
    market = person.model
    is_near = "transport" in person.barriers
    commuting = market.commuting_near if is_near else market.commuting
    return searched(commuting[person.ward], uniform)


def chance_to_apply(person: Person) -> float:
    """Return a person's chance to apply in a round."""
    search = person.model.config.search
    chance = search.voluntary[person.state]
    if person.is_on_benefit:
        duty = person.model.duty(person.state)
        chance += (search.full_duty - chance) * duty
    if person.state is not State.EMPLOYED:
        floor = search.confidence_floor
        chance *= floor + (1.0 - floor) * person.confidence
        if "childcare" in person.barriers and person.child_weeks is not None:
            chance *= search.childcare_factor
    chance *= person.help.search
    return chance + person.help.broker * (1.0 - chance)


def level_sought(person: Person, uniform: float) -> int:
    """Return the skill level a person tries."""
    search = person.model.config.search
    reach = person.model.slack_in_reach[person.ward]
    p_below = (1.0 - search.p_above) * (1.0 - math.exp(-search.bump_down * reach))
    step = -1 if uniform < p_below else int(uniform >= 1.0 - search.p_above)
    return min(max(person.qualification + step, LEVELS[0]), LEVELS[-1])


def _time_of_race(person: Person, lot: Lot) -> float:
    """Return when a lot would win this person's attention; the first does."""
    pair = 2 * lot.cell.number + int(lot.is_new)
    uniform = person.model.roll_in_round(Stream.VACANCY_CHOICE, person.number, pair)[0]
    return -math.log(uniform) / lot.openings
