"""How fast many runs are: two processes over one, time and memory a run beyond the simulation."""

from __future__ import annotations

import gc
import multiprocessing
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from experiments.commands.memory import resident_kb
from experiments.models import LABOUR_MARKET
from experiments.models.labour_market import LabourMarketModel
from experiments.models.tables import loaded_area
from experiments.running.launchers import Watch
from experiments.running.launchers.processes import Processes
from experiments.running.launchers.worker import one_thread_each
from experiments.running.work import Work, make_work, run_work
from experiments.store import Store
from experiments.store.benchmark import benchmark_store
from simulation.runner import simulate

SMALL = {"area.name": "two_towns", "regime.name": "fragmented", "weeks": 52}
SHORT = {**SMALL, "weeks": 9}
N_RUNS, N_SHORT, N_PAIRS, N_KNOWN = 60, 180, 20, 600


def measure_sweeps() -> dict[str, Any]:
    """Measure everything that matters to whoever runs tens of thousands of simulations.

    Returns
    -------
    dict
        runs_per_second with one process and with two, and speed_up, their ratio;
        overhead_ms, a run's time beyond the simulation, and overhead_short_ms, a run's whole time
        where the simulation is nothing; kb_per_run, growth of a worker's memory; store, seconds
        of what is done with 10,000 stored runs.
    """
    with one_thread_each():
        facts = in_own_process(measure_throughput)
        facts |= in_own_process(measure_overhead)
        facts |= in_own_process(measure_memory)
    with tempfile.TemporaryDirectory() as folder:
        facts["store"] = benchmark_store(Path(folder) / "store")
    return facts


def in_own_process(function: Callable[..., Any], *arguments: Any) -> Any:
    """Call a function of a module in a fresh process with all cores and return its result."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as executor:
        return executor.submit(function, *arguments).result()


def works_of_seeds(model: str, changes: Mapping[str, Any], n: int) -> list[Work]:
    """Return works that differ in their seed."""
    return [make_work(model, changes, seed, name=f"seed {seed}") for seed in range(1, n + 1)]


def measure_throughput() -> dict[str, Any]:
    """Return runs a second with one worker and with two, once the workers are warm."""
    rates = {}
    for n_processes in (1, 2):
        works = works_of_seeds(LABOUR_MARKET, SMALL, N_RUNS)
        rates[f"runs_per_second_{n_processes}"] = rate_of(works, n_processes)
    speed_up = rates["runs_per_second_2"] / rates["runs_per_second_1"]
    return {**rates, "speed_up": speed_up}


def rate_of(works: Sequence[Work], n_processes: int) -> float:
    """Return runs a second with so many workers, from the time they have done a quarter."""
    times: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder) / "store", create=True)
        watch = Watch(lambda weeks: None, lambda work: times.append(time.perf_counter()))
        failures = Processes(n_processes).launch(
            works, store=store.folder, experiment="benchmark", watch=watch
        )
    if failures:
        raise RuntimeError(failures[0].lines[0])
    warm = len(works) // 4
    return (len(times) - warm) / (times[-1] - times[warm - 1])


def measure_overhead() -> dict[str, Any]:
    """Return milliseconds of a run beyond its simulation, and of a run that is nothing else."""
    model = LabourMarketModel()
    work = works_of_seeds(LABOUR_MARKET, SMALL, 1)[0]
    config = model.config(model.complete(work.changes))
    alone, whole = [], []
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder) / "store", create=True)
        for each in works_of_seeds(LABOUR_MARKET, SMALL, N_PAIRS):
            began = time.perf_counter()
            simulate(config, each.seed, area=loaded_area(config))
            alone.append(time.perf_counter() - began)
            began = time.perf_counter()
            run_work(each, store.folder, experiment="benchmark", tell=lambda weeks: None)
            whole.append(time.perf_counter() - began)
    short = works_of_seeds("ishigami", {}, N_KNOWN)
    return {
        "run_ms": 1e3 * _middle(alone),
        "overhead_ms": 1e3 * _middle([b - a for a, b in zip(alone, whole, strict=True)]),
        "overhead_short_ms": 1e3 / rate_of(short, 1),
    }


def _middle(values: Sequence[float]) -> float:
    return sorted(values)[len(values) // 2]


def measure_memory() -> dict[str, Any]:
    """Return by how many KB a run the memory of this process grows, once it is warm.

    The first dozens of runs fill what is kept for all. Memory comes and goes in steps of the
    system's, so that the least of a third of the runs is what they needed.
    """
    used = []
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder) / "store", create=True)
        for work in works_of_seeds(LABOUR_MARKET, SHORT, N_SHORT):
            run_work(work, store.folder, experiment="benchmark", tell=lambda weeks: None)
            gc.collect()
            used.append(resident_kb())
    third = N_SHORT // 3
    return {"kb_per_run": (min(used[-third:]) - min(used[-2 * third : -third])) / third}


def sweeps_text(facts: Mapping[str, Any]) -> str:
    """Return what was measured, for printing."""
    store = facts["store"]
    return (
        f"many runs: {facts['runs_per_second_1']:.1f} a second with one process,"
        f" {facts['runs_per_second_2']:.1f} with two ({facts['speed_up']:.2f} times)\n"
        f"  beyond the simulation of {facts['run_ms']:.0f} ms: {facts['overhead_ms']:.0f} ms a run;"
        f" runs that are nothing else: {facts['overhead_short_ms']:.1f} ms each\n"
        f"  memory grows by {facts['kb_per_run']:.1f} KB a run\n"
        f"  {store['n_runs']:,.0f} stored runs: listed in {store['list_runs']:.2f} s, filtered in"
        f" {store['filter_parameter']:.2f} s, {store['megabytes']:.0f} MB"
    )
