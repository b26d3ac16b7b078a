"""The benchmark: sizes it asks for, areas it makes, what it writes."""

from __future__ import annotations

import json

import numpy as np
import pytest

from experiments.benchmark import fit_size, multiply_area
from simulation.area import load_area, shipped_area_folder
from simulation.area_schema import IDENTITIES


@pytest.mark.parametrize("people", [1e5, 3e5, 1e6, 3e6, 1e7])
def test_an_area_can_be_scaled_to_within_two_per_cent_of_every_size(people):
    factor, people_per_agent = fit_size(people, 1_550_000)
    assert 1_550_000 * factor / people_per_agent == pytest.approx(people, rel=0.02)


def test_a_multiplied_area_has_the_same_wards_and_adds_up():
    area = load_area(shipped_area_folder("two_towns"))
    large = multiply_area(area, 7)
    assert large.n_wards == area.n_wards
    assert (large.wards["residents"] == 7 * area.wards["residents"]).all()
    for columns in IDENTITIES:
        assert (large.wards[list(columns)].sum(axis=1) == large.wards["residents"]).all()
    np.testing.assert_array_equal(large.jobs, 7 * area.jobs)


@pytest.mark.slow
def test_a_small_benchmark_measures_every_phase_and_the_plain_objects(pathfinder, tmp_path):
    code, out, _ = pathfinder(
        "benchmark",
        "area=two_towns",
        "weeks=8",
        "sizes=[0.004,0.008]",
        "size_weeks=4",
        "reference_weeks=2",
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
