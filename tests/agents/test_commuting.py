"""Commuting as a sparse table answers as a table of every pair of wards does."""

from __future__ import annotations

import numpy as np
import pytest
from small_areas import dense, sparse

from simulation.agents.commuting import (
    GUIDE,
    commuting_of,
    distance_between,
    mean_in_reach,
    work_ward,
)
from simulation.inputs.area import load_area
from simulation.inputs.geography import chances_of_flows, distances_km, gravity_commuting
from simulation.inputs.shipped import shipped_area_folder

AREAS = ("two_towns", "tyne_and_wear")


@pytest.fixture(params=AREAS)
def area(request):
    return load_area(shipped_area_folder(request.param))


def every_pair(area):
    """Cumulative chances of every pair of wards, the same at half the distance, and distances."""
    east, north = (
        np.subtract.outer(*[area.positions_km[:, 0]] * 2),
        np.subtract.outer(*[area.positions_km[:, 1]] * 2),
    )
    distance = np.hypot(east, north) + np.eye(area.n_wards)
    chances = dense(area.commuting)
    mean = (chances * distance).sum(axis=1, keepdims=True)
    tables = [np.cumsum(each, axis=1) for each in (chances, chances * np.exp(-2 * distance / mean))]
    return *(table / table[:, -1:] for table in tables), distance


def test_every_draw_leads_to_the_ward_a_table_of_every_pair_gives(area):
    commuting = commuting_of(area, 10.0)
    far, near, _ = every_pair(area)
    uniforms = (np.random.default_rng(1).integers(0, 2**32, 200) + 0.5) * 2.0**-32
    for is_short, table in ((False, far), (True, near)):
        for home in range(area.n_wards):
            found = [work_ward(commuting, is_short, home, each) for each in uniforms]
            assert found == np.searchsorted(table[home], uniforms, "right").tolist()


def test_draws_on_the_edge_of_a_chance_or_of_a_part_lead_where_a_search_does(area):
    commuting = commuting_of(area, 10.0)
    parts = np.arange(1, GUIDE) / GUIDE
    for is_short, chance in ((False, commuting.chance), (True, commuting.chance_short)):
        for home in range(area.n_wards):
            pairs = slice(*commuting.start[home : home + 2])
            edges = np.concatenate([chance[pairs][:-1], parts])
            edges = np.concatenate([edges, np.nextafter(edges, 0.0), np.nextafter(edges, 1.0)])
            edges = edges[(edges > 0.0) & (edges < 1.0)]
            found = [work_ward(commuting, is_short, home, each) for each in edges]
            expected = commuting.work[pairs][np.searchsorted(chance[pairs], edges, "right")]
            np.testing.assert_array_equal(found, expected)


def test_means_in_reach_are_those_of_a_table_of_every_pair(area):
    values = np.random.default_rng(2).random(area.n_wards)
    expected = dense(area.commuting) @ values
    np.testing.assert_allclose(
        mean_in_reach(commuting_of(area, 10.0), values), expected, rtol=1e-12
    )


def test_distances_are_straight_lines_and_one_kilometre_at_home(area):
    expected, wards = every_pair(area)[2], np.arange(area.n_wards)
    for home in wards:
        np.testing.assert_allclose(distances_km(area.positions_km, home, wards), expected[home])
        own = [distance_between(area.positions_km, home, work) for work in wards]
        np.testing.assert_allclose(own, expected[home])


def test_pairs_without_people_are_left_out_and_a_ward_nobody_leaves_works_at_home():
    chances = chances_of_flows(
        np.array([2, 0, 0, 0]), np.array([0, 2, 1, 0]), np.array([5, 3, 1, 0]), n_wards=3
    )
    assert chances.start.tolist() == [0, 2, 3, 4]
    assert chances.work.tolist() == [1, 2, 1, 0]
    assert chances.chance.tolist() == [0.25, 0.75, 1.0, 1.0]


def test_a_sparse_table_is_the_dense_one_it_was_made_of():
    table = np.array([[0.25, 0.0, 0.75], [0.0, 1.0, 0.0], [0.5, 0.5, 0.0]])
    np.testing.assert_array_equal(dense(sparse(table)), table)


def test_nobody_commutes_farther_by_gravity_than_rounding_shows():
    line = np.stack([np.arange(0.0, 5000.0), np.zeros(5000)], axis=1)
    chances = gravity_commuting(line, np.ones(5000), mean_commute_km=2.0)
    # 20 mean commutes of 2 km either way, beyond the kilometre to the nearest workplace.
    middle = 2500 - chances.of(2500)[0].astype(int)
    assert middle.min() == -41
    assert middle.max() == 41
    assert chances.work.size < 5000 * 83
