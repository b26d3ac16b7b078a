"""Commissioning regimes: functions from what is seen on a planning date to contracts."""

from __future__ import annotations

from collections.abc import Callable

from simulation import register
from simulation.agents.contracts import Lettings
from simulation.policies.regimes.aligned import aligned
from simulation.policies.regimes.co_commissioned import co_commissioned
from simulation.policies.regimes.fragmented import fragmented
from simulation.policies.regimes.pooled import pooled
from simulation.policies.regimes.prime_contractor import prime_contractor
from simulation.policies.situation import Situation

Regime = Callable[[Situation], Lettings]


def none(situation: Situation) -> Lettings:
    """Let nothing: no support."""
    return Lettings()


for _regime in (none, fragmented, aligned, pooled, prime_contractor, co_commissioned):
    register.regime(_regime.__name__)(_regime)


def regime_named(name: str) -> Regime:
    """Return a regime, shipped or registered.

    Raises
    ------
    InputError
        If there is none of this name, with the nearest names.
    """
    return register.REGIMES.named(name)
