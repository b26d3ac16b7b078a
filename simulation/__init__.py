"""Simulate a local labour market, and what helps people into work.

>>> from experiments import configure
>>> from simulation import simulate
>>> run = simulate(configure("area=two_towns", "weeks=52"), seed=1)
>>> run.table()[["employed", "jsa"]]  # doctest: +SKIP
"""

from __future__ import annotations

import importlib
import warnings
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from simulation.config import Config
    from simulation.errors import BooksError, InputError, SimulationError
    from simulation.finished.run import Run
    from simulation.inputs.area import Area, load_area
    from simulation.inputs.shipped import shipped_area_folder
    from simulation.model import LabourMarket
    from simulation.runner import simulate

__all__ = [
    "Area",
    "BooksError",
    "Config",
    "InputError",
    "LabourMarket",
    "Run",
    "SimulationError",
    "load_area",
    "shipped_area_folder",
    "simulate",
]
PLACES = {
    "inputs.area": ("Area", "load_area"),
    "inputs.shipped": ("shipped_area_folder",),
    "config": ("Config",),
    "errors": ("BooksError", "InputError", "SimulationError"),
    "finished.run": ("Run",),
    "model": ("LabourMarket",),
    "runner": ("simulate",),
}
"""Which module each name is from; the model takes seconds to import, its errors nothing."""


_found = find_spec("experiments")
_place = str(_found and _found.origin)
if not _place.startswith(str(Path(__file__).parents[1] / "experiments")):
    # The model runs without it: somebody may have a package experiments and mean it.
    warnings.warn(
        f"{_place} hides the package experiments that pathfinder brings (compare, ask, configure,"
        " the command): give it another name, or run from another folder",
        stacklevel=2,
    )


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for."""
    for module, names in PLACES.items():
        if name in names:
            return getattr(importlib.import_module(f"simulation.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """List what is public."""
    return sorted([*globals(), *__all__])
