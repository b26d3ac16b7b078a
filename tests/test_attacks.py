"""A sample of `make attack`: flipped bits and kills lose nothing and show nothing wrong."""

from __future__ import annotations

import pytest

from tests.attacks import blows

GOOD = {"told", "told and done again", "harmless", "killed and resumed", "ended before the blow"}


@pytest.mark.slow
def test_flipped_bits_and_kills_end_in_the_undisturbed_result():
    assert {came for _, _, came in blows(flips=10, kills=6, seed=2)} <= GOOD
