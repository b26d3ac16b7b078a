"""Commissioning regimes: functions from what is seen on a planning date to contracts."""

from __future__ import annotations

from collections.abc import Callable
from difflib import get_close_matches

from simulation.agents.contracts import Plan
from simulation.errors import InputError
from simulation.policies.regimes.aligned import aligned
from simulation.policies.regimes.co_commissioned import co_commissioned
from simulation.policies.regimes.fragmented import fragmented
from simulation.policies.regimes.pooled import pooled
from simulation.policies.regimes.prime_contractor import prime_contractor
from simulation.policies.situation import Situation

Regime = Callable[[Situation], Plan]


def none(situation: Situation) -> Plan:
    """Return the empty plan: no support."""
    return Plan()


REGIMES: dict[str, Regime] = {
    "none": none,
    "fragmented": fragmented,
    "aligned": aligned,
    "pooled": pooled,
    "prime_contractor": prime_contractor,
    "co_commissioned": co_commissioned,
}
"""The regimes by name; one of your own is added with `register`."""


def register(name: str, regime: Regime) -> None:
    """Add a regime of your own.

    Raises
    ------
    InputError
        If there is one of this name already.
    """
    if name in REGIMES:
        raise InputError(f"regime {name!r} exists already; give yours another name")
    REGIMES[name] = regime


def regime_named(name: str) -> Regime:
    """Return a regime.

    Raises
    ------
    InputError
        If there is none of this name, with the nearest names.
    """
    if name not in REGIMES:
        near = get_close_matches(name, REGIMES, n=3) or sorted(REGIMES)
        raise InputError(
            f"regime.name {name!r} is unknown; did you mean {' or '.join(near)}? "
            f"allowed: {', '.join(REGIMES)}; set in conf/regime/"
        )
    return REGIMES[name]


def remainder_pence(situation: Situation, plan: Plan) -> dict[str, int]:
    """Money left over by stream: budget less contracts, pool and administration.

    Returns
    -------
    dict of str to int
        For each stream planning on this day, and "pool" where there is one; pence, never below 0.
    """
    left = {stream.name: situation.budget_pence[stream.name] for stream in situation.streams}
    if plan.pooled_pence:
        left["pool"] = sum(plan.pooled_pence.values())
    for name, pence in (*plan.pooled_pence.items(), *plan.administration_pence.items()):
        left[name] -= pence
    for contract in plan.contracts:
        left[contract.stream] -= contract.budget_pence
    return left
