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


def remainder_pence(situation: Situation, lettings: Lettings) -> dict[str, int]:
    """Money left over by stream: budget less contracts, pool and administration.

    Returns
    -------
    dict of str to int
        For each stream planning on this day, and "pool" where there is one; pence, never below 0.
    """
    left = {stream.name: situation.budget_pence[stream.name] for stream in situation.streams}
    if lettings.pooled_pence:
        left["pool"] = sum(lettings.pooled_pence.values())
    for name, pence in (*lettings.pooled_pence.items(), *lettings.administration_pence.items()):
        left[name] -= pence
    for contract in lettings.contracts:
        left[contract.stream] -= contract.budget_pence
    return left
