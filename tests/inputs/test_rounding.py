"""Controlled rounding: whole numbers that keep counts, against what the tables ask."""

from __future__ import annotations

import numpy as np

from simulation.inputs.rounding import round_to_counts


def test_a_lesser_part_of_every_ward_is_not_rounded_away_in_all_of_them() -> None:
    """Rounded ward by ward, 0.4 would be nobody in each and 0.6 somebody in each."""
    counts = round_to_counts(np.tile([0.4, 0.6], (10, 1)))
    assert counts.sum(axis=0).tolist() == [4, 6]
    assert counts.sum(axis=1).tolist() == [1] * 10


def test_counts_of_two_characteristics_are_kept_in_the_area_and_in_each_ward() -> None:
    table = np.random.default_rng(7).gamma(0.3, size=(30, 4, 3, 2))
    counts = round_to_counts(table)
    assert (np.abs(counts - table) < 1.0).all()
    for others in ((0, 2, 3), (0, 1, 3), (0, 1, 2)):
        error = counts.sum(axis=others) - table.sum(axis=others)
        assert np.abs(error).max() <= 1.0
    ward = counts.sum(axis=(1, 2, 3)) - table.sum(axis=(1, 2, 3))
    assert np.abs(ward).max() <= 1.0
    running = np.cumsum(ward)
    assert np.abs(running).max() <= 0.5 + 1e-9


def test_whole_numbers_stay_as_they_are() -> None:
    table = np.arange(24.0).reshape(2, 3, 4)
    assert (round_to_counts(table) == table).all()


def test_wards_of_a_single_cell_are_rounded_by_their_running_total() -> None:
    assert round_to_counts(np.full((6, 1), 1.0 / 3.0)).ravel().tolist() == [0, 1, 0, 0, 1, 0]
