"""The first difference between the engine and the reference, in words."""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import numpy as np

from simulation.agents.columns import NO_CELL, NO_CHILD
from simulation.categories import BARRIERS

from .market import ReferenceMarket
from .person import AS_THEY_ARE, Person
from .workplace import Cell

if TYPE_CHECKING:
    from simulation.model import LabourMarket

TOLERANCE = 1e-12
PEOPLE: dict[str, Callable[[Person], Any]] = {
    "state": lambda person: int(person.state),
    "cell": lambda person: NO_CELL if person.cell is None else person.cell.number,
    "child_weeks": lambda person: NO_CHILD if person.child_weeks is None else person.child_weeks,
    "sector": lambda person: -1 if person.sector is None else person.sector,
    "barriers": lambda person: sum(
        1 << bit for bit, name in enumerate(BARRIERS) if name in person.barriers
    ),
    **{name: attrgetter(name) for name in AS_THEY_ARE},
}
CELLS: dict[str, Callable[[Cell], int]] = {
    "desired": lambda cell: cell.desired,
    "filled": lambda cell: cell.filled,
    "openings": lambda cell: cell.openings,
    "new_openings": lambda cell: cell.new_openings,
    "open_since": lambda cell: cell.open_since,
    "pause_until": lambda cell: cell.pause_until,
    "head": lambda cell: cell.employees[-1].number if cell.employees else -1,
}


def first_disagreement(engine: LabourMarket, reference: ReferenceMarket) -> str | None:
    """Return the first difference after a week, in words; None where the two agree."""
    cells = [cell for each in reference.establishments for cell in each.cells]
    slack = engine.matching.slack, np.array(reference.slack), "ward", "slack"
    columns = [
        *_columns(engine.people, reference.people, PEOPLE, "person"),
        *_columns(engine.jobs, cells, CELLS, "cell"),
        slack,
    ]
    for mine, theirs, kind, name in columns:
        differs = np.abs(mine.astype(np.float64) - theirs) > TOLERANCE
        if differs.any():
            who = int(np.flatnonzero(differs)[0])
            return (
                f"week {engine.week - 1}, {kind} {who}, {name}: the engine has {mine[who]},"
                f" the reference {theirs[who]} ({differs.sum()} {name} in all differ)"
            )
    return None


def _columns(
    table: Any, objects: list, readers: dict[str, Callable], kind: str
) -> list[tuple[np.ndarray, np.ndarray, str, str]]:
    """Return the engine's column and the reference's for every attribute."""
    return [
        (
            getattr(table, name),
            np.array([read(each) for each in objects], dtype=np.float64),
            kind,
            name,
        )
        for name, read in readers.items()
    ]
