"""A sample of `make attack`: bad inputs are refused, flipped bits and kills lose nothing."""

from __future__ import annotations

import random

import pytest

from tests.attacks import blows
from tests.bad_inputs import KINDS, fault_of

GOOD = {"told", "told and done again", "harmless", "killed and resumed", "ended before the blow"}
OF_EACH_KIND = 3


@pytest.mark.slow
def test_flipped_bits_and_kills_end_in_the_undisturbed_result():
    assert {came for _, _, came in blows(flips=10, kills=12, seed=2)} <= GOOD


@pytest.mark.parametrize("kind", KINDS)
def test_a_bad_input_is_refused_in_a_line_and_nothing_is_written(kind):
    cases = random.Random(1).sample(list(KINDS[kind]()), OF_EACH_KIND)
    assert [fault for case in cases if (fault := fault_of(case))] == []
