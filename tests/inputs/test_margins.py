"""Fitting tables to margins: the one table with the margins asked for and the seed's odds."""

import numpy as np
import pytest

from simulation.inputs.margins import TOLERANCE, fit_to_margins


def odds(table: np.ndarray) -> np.ndarray:
    """Return the odds ratios of neighbouring rows and columns along the last two axes."""
    return (table[..., :-1, :-1] * table[..., 1:, 1:]) / (table[..., :-1, 1:] * table[..., 1:, :-1])


def test_a_two_by_two_table_with_odds_of_six_is_fitted_to_what_algebra_gives() -> None:
    """With margins of one half, p^2 / (1/2 - p)^2 = 6 gives p = sqrt 6 / (2 (1 + sqrt 6))."""
    half = np.array([0.5, 0.5])
    table, error = fit_to_margins(np.array([[2.0, 1.0], [1.0, 3.0]]), [[0], [1]], [half, half])
    p = np.sqrt(6.0) / (2.0 * (1.0 + np.sqrt(6.0)))
    assert error < TOLERANCE
    np.testing.assert_allclose(table, [[p, 0.5 - p], [0.5 - p, p]], atol=1e-8)


def test_a_fitted_table_has_the_margins_asked_for_and_the_odds_of_the_seed() -> None:
    rng = np.random.default_rng(1)
    seed, true = rng.random((3, 4, 5)) + 0.1, rng.random((3, 4, 5)) * 100.0
    margins = [true.sum(axis=2), true.sum(axis=1)]
    table, error = fit_to_margins(seed, [[0, 1], [0, 2]], margins)
    assert error < TOLERANCE
    np.testing.assert_allclose(table.sum(axis=2), margins[0], atol=1e-8)
    np.testing.assert_allclose(table.sum(axis=1), margins[1], atol=1e-8)
    np.testing.assert_allclose(odds(table), odds(seed), rtol=1e-9)


def test_zeros_of_the_seed_and_of_the_margins_stay() -> None:
    seed = np.array([[0.0, 1.0, 1.0], [1.0, 1.0, 1.0]])
    table, error = fit_to_margins(
        seed, [[0], [1]], [np.array([3.0, 4.0]), np.array([2.0, 5.0, 0.0])]
    )
    assert error < TOLERANCE
    assert table[0, 0] == 0.0
    assert not table[:, 2].any()
    np.testing.assert_allclose(table, [[0.0, 3.0, 0.0], [2.0, 2.0, 0.0]], atol=1e-8)


def test_margins_the_zeros_leave_no_way_to_meet_are_told_by_the_error() -> None:
    seed = np.array([[0.0, 1.0], [1.0, 1.0]])
    _, error = fit_to_margins(seed, [[0], [1]], [np.array([3.0, 1.0]), np.array([2.0, 2.0])])
    assert error >= 1.0 - 1e-9


def test_a_seed_with_the_margins_already_is_left_to_the_last_bit() -> None:
    seed = np.array([[1.0, 2.0], [3.0, 4.0]])
    table, error = fit_to_margins(seed, [[0], [1]], [seed.sum(axis=1), seed.sum(axis=0)])
    assert error == 0.0
    np.testing.assert_array_equal(table, seed)


@pytest.mark.parametrize(
    ("margins", "problem"),
    [
        ([[1.0, 2.0], [4.0, -1.0]], "a margin is negative"),
        ([[1.0, 2.0], [2.0, 2.0]], "totals from 3 to 4"),
    ],
)
def test_margins_that_cannot_be_are_refused(margins: list[list[float]], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        fit_to_margins(np.ones((2, 2)), [[0], [1]], [np.array(margin) for margin in margins])
