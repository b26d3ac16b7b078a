"""What a regime of one's own returns is checked before it is signed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from simulation import register
from simulation.agents.contracts import Lettings
from simulation.config import Config
from simulation.errors import InputError
from simulation.model import LabourMarket
from simulation.policies.regimes.fragmented import fragmented

SMALL = Config(weeks=2, people_per_agent=20).replace(
    area={"name": "two_towns"}, regime={"name": "mine"}
)


def first_week_of(regime) -> LabourMarket:
    """Carry out the first week, a planning date, under a regime of one's own."""
    with register.on_behalf_of("mine.py"):
        register.regime("mine")(lambda situation: regime(situation))
    try:
        model = LabourMarket(SMALL, 1)
        model.step()
    finally:
        register.forget("mine.py")
    return model


def with_first(**changes):
    """Return the regime that lets what the fragmented one lets, its first contract changed."""

    def regime(situation):
        first, *others = fragmented(situation).contracts
        return Lettings(contracts=(replace(first, **changes), *others))

    return regime


CASES = {
    "nothing": (lambda situation: None, "must return Lettings, got NoneType"),
    "a list": (lambda situation: [], "must return Lettings, got list"),
    "no contract": (lambda situation: Lettings((3,)), "contracts must be Contract, got int"),
    "no stream": (
        lambda situation: Lettings(pooled_pence={"nobody": 1}),
        "there is no stream 'nobody'; there are",
    ),
    "half a penny": (
        lambda situation: Lettings(pooled_pence={situation.streams[0].name: 0.5}),
        "money must be whole pence, at least 0, got 0.5",
    ),
    "too much": (
        lambda situation: Lettings(
            pooled_pence={name: p + 150 for name, p in situation.budget_pence.items()}
        ),
        "lets GBP 1.50 more than it has",
    ),
    "no provider": (with_first(provider=10**4), "provider must be 0 to"),
    "no prime": (with_first(prime=-2), "got -2"),
    "wards": (with_first(wards=np.ones(3, bool)), "wards must have shape (6,), got (3,)"),
    "places": (with_first(places=np.ones(5)), "places must be float64 (8, 5), got float64 (5,)"),
    "no number": (with_first(places=np.full((8, 5), np.nan)), "must be finite and at least 0"),
}


@pytest.mark.parametrize("case", CASES)
def test_what_cannot_be_signed_is_told_with_the_regime_and_the_day(case):
    regime, said = CASES[case]
    with pytest.raises(InputError) as error:
        first_week_of(regime)
    for line in error.value.problems:
        assert line.startswith(f"regime 'mine', {SMALL.start}: ")
        assert said in line


def test_what_a_shipped_regime_lets_can_be_signed():
    assert first_week_of(fragmented).support_system.commissioning.contracts
