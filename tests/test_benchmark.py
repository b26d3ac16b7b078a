"""The benchmark: sizes it asks for, areas it makes, what it writes."""

from __future__ import annotations

import json

import numpy as np
import pytest

from experiments.benchmark import tile_area
from simulation.area import load_area, shipped_area_folder


@pytest.mark.parametrize("people", [1e5, 3e5, 1e6, 3e6, 1e7])
def test_an_area_of_every_size_is_made_of_wards_of_their_own_size(people):
    area = load_area(shipped_area_folder("bcbc"))
    tiled = tile_area(area, people)
    assert tiled.wards["residents"].sum() == pytest.approx(people, rel=0.05)
    assert tiled.wards["residents"].mean() == pytest.approx(7949, rel=0.3)
    assert tiled.wards["code"].is_unique
    np.testing.assert_allclose(tiled.commuting.sum(axis=1), 1.0)


def test_copies_of_an_area_are_not_connected():
    area = load_area(shipped_area_folder("two_towns"))
    tiled = tile_area(area, 2.5 * 4000)
    assert tiled.n_wards == 6 + 6 + 3
    np.testing.assert_allclose(tiled.commuting[:6, :6], area.commuting)
    assert tiled.commuting[:6, 6:].sum() == tiled.commuting[12:, :12].sum() == 0
    np.testing.assert_array_equal(tiled.jobs[6:12], area.jobs)


@pytest.mark.slow
def test_a_small_benchmark_measures_every_phase_and_the_plain_objects(pathfinder, tmp_path):
    code, out, _ = pathfinder(
        "benchmark",
        "area=two_towns",
        "weeks=8",
        "sizes=[0.004,0.008]",
        "size_weeks=4",
        "reference_weeks=2",
        "sweeps=false",
        "output=here.json",
    )
    facts = json.loads((tmp_path / "here.json").read_text())
    assert code == 0
    assert out[-1] == "Results: here.json"
    assert facts["run"]["people"] == 4000
    assert set(facts["run"]["seconds_by_phase"]) >= {"set_up", "search", "hiring", "record"}
    assert [row["people"] for row in facts["sizes"]] == [4000, 8000]
    assert facts["reference"]["engine_over_reference"] > 1
    assert facts["run"]["peak_memory_mb"] > 0
