"""The first day, copied from the engine into objects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulation.categories import BARRIERS, LEVELS, State

from .market import ReferenceMarket
from .person import AS_THEY_ARE, Person
from .workplace import Cell, Establishment

if TYPE_CHECKING:
    from simulation.model import LabourMarket

CELL_COLUMNS = (
    "base",
    "rounding",
    "desired",
    "openings",
    "new_openings",
    "open_since",
    "pause_until",
)


def copy_first_day(engine: LabourMarket, seed: int) -> ReferenceMarket:
    """Return a market of objects in the state of an engine that has not stepped yet."""
    market = ReferenceMarket(engine.config, engine.world, seed)
    columns = {name: getattr(engine.people, name).tolist() for name in engine.people._fields}
    market.people = [_person(market, columns, row) for row in range(len(columns["id"]))]
    jobs = {name: getattr(engine.jobs, name).tolist() for name in engine.jobs._fields}
    market.establishments = [
        _establishment(market, jobs, number) for number in range(len(jobs["ward"]))
    ]
    _employ(market, columns["next"], jobs["head"])
    market.open()
    return market


def _person(market: ReferenceMarket, columns: dict[str, list], row: int) -> Person:
    person = Person(market)
    person.number = columns["id"][row]
    for name in AS_THEY_ARE:
        setattr(person, name, columns[name][row])
    person.state, person.cell = State(columns["state"][row]), None
    child, sector, bits = (columns[name][row] for name in ("child_weeks", "sector", "barriers"))
    person.child_weeks = child if child >= 0 else None
    person.sector = sector if sector >= 0 else None
    person.barriers = {name for bit, name in enumerate(BARRIERS) if bits >> bit & 1}
    return person


def _establishment(market: ReferenceMarket, jobs: dict[str, list], number: int) -> Establishment:
    establishment = Establishment(market)
    establishment.number = number
    for name in ("ward", "sector", "shock", "pay", "local", "goodwill"):
        setattr(establishment, name, jobs[name][number])
    establishment.cells = [
        Cell(
            establishment,
            level,
            **{name: jobs[name][number * len(LEVELS) + level] for name in CELL_COLUMNS},
        )
        for level in LEVELS
    ]
    return establishment


def _employ(market: ReferenceMarket, hired_before: list[int], last_hired: list[int]) -> None:
    """Enter employees in their cells in the order of hiring."""
    for establishment in market.establishments:
        for cell in establishment.cells:
            row = last_hired[cell.number]
            while row >= 0:
                cell.employees.insert(0, market.people[row])
                market.people[row].cell = cell
                row = hired_before[row]
