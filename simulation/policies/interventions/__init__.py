"""Interventions: all there are, and the engine of their places.

Every module of this folder is imported, so that a class of `Intervention` needs its file and its
parameters in `simulation/config/interventions.py`, which must be read without the engine; one of
your own brings both in one file.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from simulation import register
from simulation.config import Config
from simulation.inputs.area import Area
from simulation.policies.interventions.base import Intervention
from simulation.policies.interventions.engine import Helped, Interventions

__all__ = [
    "Helped",
    "Intervention",
    "Interventions",
    "new_interventions",
]

for _module in iter_modules(__path__, f"{__name__}."):
    import_module(_module.name)


def new_interventions(
    config: Config, area: Area, *, n_people: int, has_journey: bool, first_stream: int = 0
) -> Interventions:
    """Return the interventions of a run; parameters and errors as `Interventions`."""
    return Interventions(
        config,
        area,
        n_people=n_people,
        has_journey=has_journey,
        registry=register.INTERVENTIONS,
        first_stream=first_stream,
    )
