"""Commissioning regimes: functions from what is seen on a planning date to contracts.

Every module of this folder is imported, so that a regime needs its file and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pkgutil import iter_modules

from simulation import register
from simulation.agents.contracts import Lettings
from simulation.policies.situation import Situation

Regime = Callable[[Situation], Lettings]


@register.regime("none")
def none(situation: Situation) -> Lettings:
    """Let nothing: no support."""
    return Lettings()


for _module in iter_modules(__path__, f"{__name__}."):
    import_module(_module.name)


def regime_named(name: str) -> Regime:
    """Return a regime, shipped or registered.

    Raises
    ------
    InputError
        If there is none of this name, with the nearest names.
    """
    return register.REGIMES.named(name)
