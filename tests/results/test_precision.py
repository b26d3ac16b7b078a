"""Seeds that are added until an interval is met: how many, and that intervals still hold."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from simulation.results.paired import mean_interval
from simulation.results.precision import FIRST, half_width, seeds_needed


def test_the_half_width_is_that_of_the_widest_interval():
    values = np.random.default_rng(1).normal(size=(6, 3)) * [1, 1, 5]
    widths = [
        (high - mean) for arm in (1, 2)
        for mean, _, high in [mean_interval(values[:, arm] - values[:, 0])]
    ]  # fmt: skip
    assert half_width(values) == pytest.approx(max(widths))
    assert half_width(values[:2]) == math.inf == half_width(values[:, :1])


def test_four_times_the_seeds_are_needed_for_half_the_width():
    values = np.random.default_rng(2).normal(size=(50, 2))
    width = half_width(values)
    assert seeds_needed(values, width * 1.0001) == 50
    assert seeds_needed(values, width / 2) in (200, 201)
    sd = (values[:, 1] - values[:, 0]).std(ddof=1)
    expected = (stats.t.ppf(0.975, 49) * sd / 0.1) ** 2
    assert seeds_needed(values, 0.1) == math.ceil(expected)


def test_at_least_one_seed_is_added_where_the_width_is_not_met():
    values = np.random.default_rng(3).normal(size=(5, 2))
    assert seeds_needed(values, half_width(values) * 0.9999) >= 6


@pytest.mark.parametrize("precision", [0.5, 1.0])
def test_seeds_added_until_the_width_is_met_leave_93_to_97_intervals_in_100_true(precision):
    rng = np.random.default_rng(4)
    truth, held, n_worlds = 0.7, 0, 2000
    for _ in range(n_worlds):
        values = rng.normal(size=(FIRST, 2)) + [0.0, truth]
        while (needed := seeds_needed(values, precision)) > len(values):
            more = rng.normal(size=(needed - len(values), 2)) + [0.0, truth]
            values = np.concatenate([values, more])
        mean, low, high = mean_interval(values[:, 1] - values[:, 0])
        assert high - mean <= precision * (1 + 1e-9)
        held += low <= truth <= high
    assert 0.93 < held / n_worlds < 0.97
