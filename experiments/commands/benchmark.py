"""`pathfinder benchmark`: how fast, how large, how flat, all measured in one go.

Every measurement has a process of its own, so that its peak of memory is its own; in it the
compiled loops are loaded by a small run before the clock starts.
"""

from __future__ import annotations

import gc
import importlib
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from experiments.commands.benchmark_against import against_text, check_python, measure_against
from experiments.commands.benchmark_areas import great_britain, tile_area
from experiments.commands.benchmark_sweeps import in_own_process, measure_sweeps, sweeps_text
from experiments.commands.memory import forget_peak, peak_kb, resident_kb
from experiments.files.folders import check_file
from experiments.files.replacing import write_json
from experiments.words.application import Job
from experiments.words.composition import Seed, split_mapping
from simulation.config import Config, Group
from simulation.inputs.area import Area
from simulation.inputs.of_config import area_of
from simulation.model import LabourMarket
from simulation.provenance import commit, versions
from simulation.runner import forget_model

HOME = Path(__file__).resolve().parents[2]
REFERENCE_FOLDER = HOME / "tests"
SMALL = {"area": {"name": "two_towns"}}
LEAST_PERSON_WEEKS = 20e6
"""A measurement is repeated, and the best taken, until about so much has been simulated."""
MOST_REPEATS = 7
GREAT_BRITAIN = "great_britain"
WARM_UP_THINNING = 200


class BenchmarkSettings(Group):
    """What `pathfinder benchmark` takes besides the parameters of the model."""

    seed: Seed = 1
    sizes: list[Annotated[float, Field(gt=0, le=100)]] = []
    great_britain: bool = False
    size_weeks: Annotated[int, Field(ge=1, le=2600)] = 26
    reference_weeks: Annotated[int, Field(ge=0, le=2600)] = 26
    sweeps: bool = False
    against: str | None = None
    against_weeks: Annotated[int, Field(ge=2, le=2600)] = 27
    output: str = "results/benchmark.json"


def execute(mapping: dict[str, Any], job: Job) -> None:
    """Measure, print, and write one JSON file.

    Raises
    ------
    InputError
        Before anything is measured.
    """
    config, settings = split_mapping(mapping, BenchmarkSettings)
    output = Path(settings.output).expanduser()
    check_file(output)
    if settings.against:
        check_python(settings.against)
    facts: dict[str, Any] = {
        "machine": {"cores": os.cpu_count(), "system": platform.platform()},
        "versions": versions(),
        "commit": commit(),
        "config": config.model_dump(mode="json"),
    }
    facts["run"] = in_own_process(measure, config, settings.seed)
    print(_run_text(facts["run"], config))
    facts["start_up_seconds"] = measure_start_up()
    print(f"start-up to the first result, warm cache: {facts['start_up_seconds']:.1f} s")
    if settings.sizes or settings.great_britain:
        facts["sizes"] = _measure_sizes(config, settings)
        facts["flatness"] = _flatness(facts["sizes"])
        print(f"fastest over slowest of these: {facts['flatness']:.2f}")
    if settings.reference_weeks and (REFERENCE_FOLDER / "reference").is_dir():
        facts["reference"] = _compare_with_reference(facts["run"], settings)
    if settings.against:
        facts["against"] = measure_against(
            settings.against, config, settings.seed, weeks=settings.against_weeks
        )
        print(against_text(facts["against"]))
    if settings.sweeps:
        facts["sweeps"] = measure_sweeps()
        print(sweeps_text(facts["sweeps"]))
    output.parent.mkdir(parents=True, exist_ok=True)
    write_json(output, facts)
    print(f"\nResults: {output}")


def measure(config: Config, seed: int, people: float | str | None = None) -> dict[str, Any]:
    """Time one configuration, on its area or on one of another size made of its wards.

    Parameters
    ----------
    config : Config
    seed : int
    people : float or str, optional
        About how many residents the area shall have; `GREAT_BRITAIN` for the made area.

    Returns
    -------
    dict
        people, weeks, seconds by phase (set_up is one), seconds of all weeks, person-weeks a
        second over the weeks, peak memory in MB, bytes a person beyond what the program itself
        takes, repeats (best taken).
    """
    area = area_of(config)
    if people is not None:
        of_one = int(area.wards["residents"].sum())
        area = great_britain() if people == GREAT_BRITAIN else tile_area(area, float(people))
        # As much money a head, however many there are.
        scale = config.funding.scale * int(area.wards["residents"].sum()) / of_one
        config = config.replace(funding={"scale": scale})
    # The same area, for loops are compiled for the kinds of arrays they are given.
    _step_all(config.replace(weeks=2, people_per_agent=WARM_UP_THINNING), seed, area)
    size = int(area.wards["residents"].sum()) * config.weeks / config.people_per_agent
    repeats = max(1, min(MOST_REPEATS, round(LEAST_PERSON_WEEKS / size)))
    gc.collect()
    forget_peak()
    before = resident_kb()
    tries = [_step_all(config, seed, area)]
    peak = peak_kb()
    tries += [_step_all(config, seed, area) for _ in range(1, repeats)]
    people, phases = min(tries, key=lambda each: _stepping(each[1]))
    seconds = _stepping(phases)
    return {
        "people": people,
        "weeks": config.weeks,
        "seconds_by_phase": phases,
        "seconds": seconds,
        "person_weeks_per_second": people * config.weeks / seconds,
        "peak_memory_mb": peak / 1024,
        "bytes_per_person": 1024 * (peak - before) / people,
        "repeats": repeats,
    }


def _step_all(config: Config, seed: int, area: Area | None) -> tuple[int, dict[str, float]]:
    """Step through a run; return how many people there are and the seconds of each phase."""
    model = LabourMarket(config, seed, area=area)
    try:
        while model.running:
            model.step()
        return int(model.people.id.size), dict(model.seconds)
    finally:
        forget_model(model)


def _stepping(phases: dict[str, float]) -> float:
    return sum(phases.values()) - phases["set_up"]


def _measure_sizes(config: Config, settings: BenchmarkSettings) -> list[dict[str, Any]]:
    rows = []
    sizes: list[float | str] = [millions * 1e6 for millions in settings.sizes]
    for people in [*sizes, *([GREAT_BRITAIN] if settings.great_britain else [])]:
        sized = config.replace(weeks=settings.size_weeks, people_per_agent=1)
        row = in_own_process(measure, sized, settings.seed, people)
        rows.append(row)
        print(
            f"{row['people']:>12,} people: {row['person_weeks_per_second'] / 1e6:8.1f} million"
            f" person-weeks/s, set-up {row['seconds_by_phase']['set_up']:.1f} s,"
            f" {row['peak_memory_mb']:,.0f} MB, {row['bytes_per_person']:.0f} bytes a person"
        )
    return rows


def _flatness(rows: Sequence[dict[str, Any]]) -> float:
    rates = [row["person_weeks_per_second"] for row in rows]
    return max(rates) / min(rates)


def measure_start_up() -> float:
    """Time the smallest run of the command line from nothing to its end, in seconds."""
    with tempfile.TemporaryDirectory() as folder:
        words = ["run", "area=bare_market", "weeks=1", f"output={folder}/run"]
        path = os.pathsep.join([str(HOME), os.environ.get("PYTHONPATH", "")])
        began = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "experiments.command", *words],
            check=True,
            capture_output=True,
            env={**os.environ, "PYTHONPATH": path},
        )
        return time.perf_counter() - began


def _compare_with_reference(run: dict[str, Any], settings: BenchmarkSettings) -> dict[str, float]:
    """Time the same rules as plain objects on a small area, against the engine's full size."""
    config = Config.from_mapping({**SMALL, "weeks": settings.reference_weeks})
    seconds = in_own_process(measure_reference, config, settings.seed)
    small = in_own_process(measure, config, settings.seed)
    facts = {
        "person_weeks_per_second": 1.0 / seconds,
        "engine_over_reference": run["person_weeks_per_second"] * seconds,
        "engine_over_reference_same_area": small["person_weeks_per_second"] * seconds,
    }
    print(
        f"plain objects: {facts['person_weeks_per_second']:,.0f} person-weeks/s; the engine is"
        f" {facts['engine_over_reference']:,.0f} times as fast at full size,"
        f" {facts['engine_over_reference_same_area']:,.0f} times on the same small area"
    )
    return facts


def measure_reference(config: Config, seed: int) -> float:
    """Return the seconds a person-week takes in the reference implementation of the tests."""
    sys.path.insert(0, str(REFERENCE_FOLDER))
    return float(importlib.import_module("reference").run_reference(config, seed))


def _run_text(run: dict[str, Any], config: Config) -> str:
    person_weeks = run["people"] * run["weeks"]
    lines = [
        f"{config.area.folder or config.area.name}: {run['people']:,} people, {run['weeks']} weeks",
        f"  {'phase':<24}{'seconds':>10}{'million person-weeks/s':>26}",
    ]
    lines += [
        f"  {phase:<24}{seconds:>10.2f}{person_weeks / max(seconds, 1e-9) / 1e6:>26,.1f}"
        for phase, seconds in run["seconds_by_phase"].items()
    ]
    total = run["seconds"] + run["seconds_by_phase"]["set_up"]
    return "\n".join(
        [
            *lines,
            f"  {'all':<24}{total:>10.2f}{person_weeks / total / 1e6:>26,.1f}",
            f"  peak memory {run['peak_memory_mb']:,.0f} MB,"
            f" {run['bytes_per_person']:.0f} bytes a person beyond the program's own",
        ]
    )
