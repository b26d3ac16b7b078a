"""What a regime of the user's own lets, checked before it is signed.

Shipped regimes are tested instead. A contract with a row that is not there would end the process
in a compiled loop; more money than there is would show only when the books are closed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from simulation.agents.contracts import POOL, Contract, Lettings
from simulation.categories import N_CLIENT_GROUPS, N_STAGES, PENCE_PER_POUND
from simulation.errors import InputError, few
from simulation.policies.situation import Situation

PLACES = (N_CLIENT_GROUPS, N_STAGES)


def check_lettings(
    lettings: object, situation: Situation, left_pence: Mapping[str, int], *, name: str
) -> None:
    """Refuse lettings that cannot be signed.

    Parameters
    ----------
    lettings : object
        What the regime returned.
    situation : Situation
        What it saw.
    left_pence : mapping of str to int
        What each stream, and the pool, has left to spend.
    name : str
        The regime's.

    Raises
    ------
    InputError
        One line for each thing that cannot be signed.
    """
    where = f"regime {name!r}, {situation.day}: "
    if not isinstance(lettings, Lettings):
        raise InputError(f"{where}must return Lettings, got {type(lettings).__name__}")
    n_providers, n_wards = situation.providers.wards.shape
    problems = [
        problem
        for contract in lettings.contracts
        for problem in _problems_of(contract, n_providers=n_providers, n_wards=n_wards)
    ]
    if problems := problems or list(_problems_of_money(lettings, left_pence)):
        raise InputError(where + problem for problem in problems)


def _problems_of(contract: object, *, n_providers: int, n_wards: int) -> Iterator[str]:
    """Yield what is of another kind or shape than it must be."""
    if not isinstance(contract, Contract):
        yield f"contracts must be Contract, got {type(contract).__name__}"
        return
    for row in (contract.provider, contract.prime):
        if row is not None and row not in range(n_providers):
            yield f"a contract's provider must be 0 to {n_providers - 1}, got {row}"
    if np.shape(contract.wards) != (n_wards,):
        yield f"a contract's wards must have shape {(n_wards,)}, got {np.shape(contract.wards)}"
    places = np.asarray(contract.places)
    if places.shape != PLACES or places.dtype.kind not in "iuf":
        yield f"a contract's places must be float64 {PLACES}, got {places.dtype} {places.shape}"
    elif not (np.isfinite(places) & (places >= 0)).all():
        yield "a contract's places must be finite and at least 0"


def _problems_of_money(lettings: Lettings, left_pence: Mapping[str, int]) -> Iterator[str]:
    """Yield amounts that are none, and else streams of which more is spent than they have."""
    contracts = [(each.stream, each.budget_pence) for each in lettings.contracts]
    pooled = list(lettings.pooled_pence.items())
    amounts = [*contracts, *pooled, *lettings.administration_pence.items()]
    wrong = [(stream, pence) for stream, pence in amounts if not _is_money(pence)]
    yield from (f"{name}: money must be whole pence, at least 0, got {p}" for name, p in wrong)
    unknown = {stream for stream, _ in amounts} - set(left_pence)
    yield from (f"there is no stream {name!r}; there are {few(left_pence)}" for name in unknown)
    if wrong or unknown:
        return
    left = {**left_pence, POOL: left_pence[POOL] + sum(pence for _, pence in pooled)}
    for stream, pence in amounts:
        left[stream] -= pence
    for stream, pence in left.items():
        if pence < 0:
            yield f"{stream}: lets GBP {-pence / PENCE_PER_POUND:,.2f} more than it has"


def _is_money(pence: object) -> bool:
    return isinstance(pence, int | np.integer) and bool(pence >= 0)
