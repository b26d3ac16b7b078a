"""The benchmark: sizes it asks for, areas it makes, what it writes."""

from __future__ import annotations

import json
import sys

import numpy as np
import pytest
from small_areas import dense

from experiments.commands.benchmark_against import against_text, measure_against
from experiments.commands.benchmark_areas import tile_area
from experiments.commands.benchmark_sweeps import rate_of, sweeps_text, works_of_seeds
from simulation.config import Config
from simulation.inputs.area import load_area
from simulation.inputs.shipped import shipped_area_folder


@pytest.mark.parametrize("people", [1e5, 3e5, 1e6, 3e6, 1e7])
def test_an_area_of_every_size_is_made_of_wards_of_their_own_size(people):
    area = load_area(shipped_area_folder("bcbc"))
    tiled = tile_area(area, people)
    assert tiled.wards["residents"].sum() == pytest.approx(people, rel=0.05)
    assert tiled.wards["residents"].mean() == pytest.approx(7949, rel=0.3)
    assert tiled.wards["code"].is_unique
    chances = tiled.commuting
    np.testing.assert_allclose(np.add.reduceat(chances.chance, chances.start[:-1]), 1.0)


def test_copies_of_an_area_are_not_connected():
    area = load_area(shipped_area_folder("two_towns"))
    tiled = tile_area(area, 2.5 * 4000)
    assert tiled.n_wards == 6 + 6 + 3
    table = dense(tiled.commuting)
    np.testing.assert_allclose(table[:6, :6], dense(area.commuting))
    assert table[:6, 6:].sum() == table[12:, :12].sum() == 0
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


def test_two_processes_do_nearly_twice_as_many_runs_as_one():
    # Runs that only wait: what is measured is the launcher, whatever else the machine does.
    one, two = (rate_of(works_of_seeds("ishigami", {"sleep": 0.25}, 32), n) for n in (1, 2))
    assert one < 4
    assert 1.6 < two / one < 2.4


def test_what_many_runs_cost_is_told_in_words():
    facts = {
        "runs_per_second_1": 2.0,
        "runs_per_second_2": 3.9,
        "speed_up": 1.95,
        "run_ms": 480.0,
        "overhead_ms": 21.4,
        "overhead_short_ms": 9.0,
        "kb_per_run": 0.3,
        "store": {
            "n_runs": 10_000.0,
            "list_runs": 0.5,
            "filter_parameter": 0.1,
            "megabytes": 150.0,
        },
    }
    text = sweeps_text(facts)
    assert "2.0 a second with one process, 3.9 with two (1.95 times)" in text
    assert "beyond the simulation of 480 ms: 21 ms a run" in text
    assert "10,000 stored runs: listed in 0.50 s" in text


def test_a_version_against_itself_is_told_with_and_without_support(monkeypatch):
    config = Config.from_mapping({"area": {"name": "two_towns"}})
    turns = iter([1.0, 1.0, 40.0, 80.0, 41.0, 75.0, 42.0, 90.0] * 2)
    asked = []

    def nanoseconds(python, words, seed):
        asked.append((python, [word for word in words if word.startswith("regime=")]))
        return next(turns)

    monkeypatch.setattr("experiments.commands.benchmark_against._nanoseconds", nanoseconds)
    rows = measure_against("other/python", config, 1, weeks=5)
    assert asked[:4] == [(sys.executable, ["regime=none"]), ("other/python", ["regime=none"])] * 2
    assert rows["none"] == {"here_ns": 40.0, "there_ns": 75.0, "ratio": 75.0 / 40.0}
    assert against_text(rows).splitlines()[1] == (
        "regime aligned: 40 ns of processor time a person-week here, 75 there: 1.88 times as fast"
    )


def test_what_is_no_python_with_a_version_of_the_program_is_refused_first(pathfinder):
    code, out, problems = pathfinder("benchmark", "against=/bin/false")
    assert (code, out) == (2, [])
    assert problems == [
        "against=/bin/false: give the Python of an environment in which another version of"
        " pathfinder is installed, such as other/.venv/bin/python"
    ]
