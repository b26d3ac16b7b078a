"""Designs: points where they should be, the same for the same seed."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats
from scipy.stats import qmc

from experiments.studies.designs import (
    crossed,
    filled,
    latin_hypercube,
    points_at,
    sobol_sequence,
)
from experiments.studies.factors import Factor
from simulation.errors import InputError

NUMBER = Factor("hiring.strength", "number", 1.0, low=0.0, high=4.0)
WHOLE = Factor("search.rounds", "whole", 1, low=1, high=3)
CHOICE = Factor("regime", "choice", "none", choices=("none", "aligned", "pooled"))
TRUTH = Factor("interventions.outreach.active", "levels", False, choices=(False, True))


def test_a_latin_hypercube_has_one_point_in_each_slice_of_each_factor():
    unit = latin_hypercube(3, 50, seed=1)
    for column in unit.T:
        assert sorted((column * 50).astype(int)) == list(range(50))


def test_a_sobol_sequence_of_a_power_of_two_has_one_point_in_each_slice_and_box():
    unit = sobol_sequence(2, 64, seed=1)
    for column in unit.T:
        assert sorted((column * 64).astype(int)) == list(range(64))
    boxes = {(int(x * 8), int(y * 8)) for x, y in unit}
    assert len(boxes) == 64


def test_a_longer_sobol_sequence_begins_with_the_shorter():
    assert np.array_equal(sobol_sequence(3, 128, seed=1)[:37], sobol_sequence(3, 37, seed=1))


def test_a_sobol_sequence_is_more_even_than_independent_points():
    independent = np.random.default_rng(1).random((128, 4))
    assert qmc.discrepancy(sobol_sequence(4, 128, seed=1)) < 0.2 * qmc.discrepancy(independent)


@pytest.mark.parametrize("draw", [latin_hypercube, sobol_sequence])
def test_the_seed_and_nothing_else_moves_the_points(draw):
    assert np.array_equal(draw(3, 16, seed=1), draw(3, 16, seed=1))
    assert not np.array_equal(draw(3, 16, seed=1), draw(3, 16, seed=2))


def test_a_number_of_samples_that_is_no_power_of_two_is_remarked_on():
    assert filled("sobol_sequence", [NUMBER], 64, seed=1).notes == ()
    (note,) = filled("sobol_sequence", [NUMBER], 100, seed=1).notes
    assert "64 or 128" in note
    assert filled("latin_hypercube", [NUMBER], 100, seed=1).notes == ()


def test_the_points_of_a_filling_design_have_the_values_of_the_factors():
    design = filled("latin_hypercube", [NUMBER, WHOLE, CHOICE], 300, seed=1)
    points = design.points
    assert list(points.columns) == ["hiring.strength", "search.rounds", "regime"]
    assert points.index.name == "point"
    assert stats.kstest(points["hiring.strength"], stats.uniform(0, 4).cdf).pvalue > 0.5
    assert points["search.rounds"].value_counts().to_dict() == {1: 100, 2: 100, 3: 100}
    assert points["regime"].value_counts().max() == 100
    assert points.equals(points_at([NUMBER, WHOLE, CHOICE], design.unit))


def test_a_factorial_has_every_combination_of_ends_and_choices():
    points = crossed("factorial", [NUMBER, CHOICE, TRUTH], None).points
    assert len(points) == 2 * 3 * 2 == len(points.drop_duplicates())
    assert set(points["hiring.strength"]) == {0.0, 4.0}
    assert points["interventions.outreach.active"].dtype == bool


def test_a_grid_has_as_many_values_of_a_range_as_it_is_told():
    assert sorted(set(crossed("grid", [NUMBER], None).points["hiring.strength"])) == [0, 1, 2, 3, 4]
    assert sorted(set(crossed("grid", [NUMBER], 3).points["hiring.strength"])) == [0, 2, 4]
    assert sorted(set(crossed("grid", [WHOLE], 50).points["search.rounds"])) == [1, 2, 3]


def test_a_logarithmic_range_has_its_values_evenly_in_the_logarithm():
    factor = Factor("x", "number", 10.0, low=1.0, high=100.0, distribution="log_uniform")
    assert crossed("grid", [factor], 3).points["x"].tolist() == pytest.approx([1.0, 10.0, 100.0])


def test_one_at_a_time_changes_one_factor_and_starts_from_the_base():
    points = crossed("one_at_a_time", [NUMBER, CHOICE, TRUTH], None).points
    base = {"hiring.strength": 1.0, "regime": "none", "interventions.outreach.active": False}
    assert points.iloc[0].to_dict() == base
    moved = [
        {name: row[name] for name in base if row[name] != base[name]}
        for _, row in points.iloc[1:].iterrows()
    ]
    assert moved == [
        {"hiring.strength": 0.0},
        {"hiring.strength": 4.0},
        {"regime": "aligned"},
        {"regime": "pooled"},
        {"interventions.outreach.active": True},
    ]


def test_one_at_a_time_from_a_base_that_is_none_of_the_choices_says_what_to_set():
    factor = Factor("economy", "choice", None, choices=("steady", "deep"))
    with pytest.raises(InputError, match="economy=NAME"):
        crossed("one_at_a_time", [factor], None)


def test_the_base_may_be_a_choice_the_factor_leaves_out():
    factor = Factor("regime", "choice", "none", choices=("aligned", "pooled"))
    design = crossed("one_at_a_time", [factor], None)
    assert design.points["regime"].tolist() == ["none", "aligned", "pooled"]
    assert math.isnan(design.unit[0, 0]) and design.unit[1:, 0].tolist() == [0.25, 0.75]


def test_a_grid_beyond_all_measure_is_refused_before_it_is_made():
    factors = [Factor(f"x{i}", "number", 0.5, low=0.0, high=1.0) for i in range(12)]
    with pytest.raises(InputError, match="244,140,625 points"):
        crossed("grid", factors, None)
