"""How fast a store of many runs is: adding, finding what is there, listing, filtering, months."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from experiments.store import Row, Store
from experiments.store.files import PACKS, write_whole
from experiments.store.keys import data_digest, key_of
from experiments.store.parquet import file_data
from experiments.store.rows import DATE, GROUP, MONTH, month_frame, run_table

N_CHANGES, N_OUTCOMES, N_MONTHS, N_COLUMNS = 12, 60, 60, 25
GROUPS = ("all", "priority:0", "priority:1")
RUNS_A_PACK = 500
REPEATS = 3
DEFAULTS = {
    "people": {f"share_{number}": 0.5 for number in range(N_CHANGES)},
    "area": {f"text_{number}": "as long as a configuration is" for number in range(300)},
    "weeks": 260,
}


def benchmark_store(folder: Path, *, n_runs: int = 10_000, n_added: int = 100) -> dict[str, float]:
    """Make a store of made-up runs of realistic size and time what is done with it.

    Parameters
    ----------
    folder : Path
        Where to make it; must not be there.
    n_runs : int
        How many runs to have in packs.
    n_added : int
        How many to add one by one besides.

    Returns
    -------
    dict of str to float
        n_runs, megabytes; then seconds, the best of three, each as the first time in a process:
        check_keys (every file read and checked), list_runs, filter_parameter, filter_outcome,
        months_of_group, each also as seconds of processors (NAME_cpu); and of what follows
        add_one, look_up_one and pack_one, each a run.
    """
    store = Store(folder, create=True)
    generator = np.random.default_rng(1)
    for first in range(0, n_runs, RUNS_A_PACK):
        rows = [_row(first + number, generator) for number in range(RUNS_A_PACK)]
        data = file_data(pa.concat_tables(map(run_table, rows)), _months(rows, generator))
        write_whole(store.folder / PACKS, f"{data_digest(data)}.parquet", data)
    added = [_row(n_runs + number, generator) for number in range(n_added)]
    months = [month_frame(_months([row], generator)).drop(columns="key") for row in added]
    added = [replace(row, months=own) for row, own in zip(added, months, strict=True)]
    asked = {
        "check_keys": lambda: Store(folder).keys(),
        "list_runs": lambda: Store(folder).runs(),
        "filter_parameter": lambda: Store(folder).query(
            "select key, seed, outcome_01 from runs where people.share_3 > 0.9 and seed < 4"
        ),
        "filter_outcome": lambda: Store(folder).query(
            "select count(*), avg(outcome_02) from runs where outcome_01 > 600"
        ),
        "months_of_group": lambda: Store(folder).query(
            "select date, avg(count_03) from months where group = 'priority:1' group by date"
        ),
    }
    figures: dict[str, float] = {}
    for name, ask in asked.items():
        times = [_timed(folder, ask) for _ in range(REPEATS)]
        figures[name], figures[f"{name}_cpu"] = map(min, zip(*times, strict=True))
    begun = {
        "add_one": lambda: deque(map(store.add, added), maxlen=0),
        "look_up_one": lambda: [row.key in store for row in added],
        "pack_one": store.pack,
    }
    for name, work in begun.items():
        figures[name] = _timed(folder, work, is_first=False)[0] / n_added
    size = sum(path.stat().st_size for path in folder.rglob("*.parquet"))
    return {"n_runs": float(n_runs), "megabytes": size / 1e6, **figures}


def _timed(
    folder: Path, work: Callable[[], object], *, is_first: bool = True
) -> tuple[float, float]:
    """Return the seconds of some work and those of processors, as if the first in a process."""
    store = Store(folder)
    if is_first:
        store.forget()
    else:
        store.keys()
    began, began_cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - began, time.process_time() - began_cpu


def _row(number: int, generator: np.random.Generator) -> Row:
    """Return a made-up run of realistic size, its months left out."""
    shares = generator.random(N_CHANGES)
    changes = {f"people.share_{place}": float(share) for place, share in enumerate(shares)}
    outcomes = generator.normal(500, 100, N_OUTCOMES)
    seed = number % 16 + 1
    return Row(
        key=key_of("benchmark", changes, seed, "1", {}),
        model="benchmark",
        seed=seed,
        code_version="1",
        defaults=DEFAULTS,
        changes=changes,
        inputs={},
        outcomes={f"outcome_{place:02}": value for place, value in enumerate(outcomes)},
        months=None,
        experiment=f"study_{number % 3}",
        seconds=1.0,
        n_people=1000,
        host="here",
        finished=f"2026-01-01T00:{number // 60 % 60:02}:{number % 60:02}+00:00",
        commit="unknown",
        versions={"python": "3"},
    )


def _months(rows: Sequence[Row], generator: np.random.Generator) -> pa.Table:
    """Return made-up months of some runs, as `rows.month_table` would."""
    n_rows = N_MONTHS * len(GROUPS)
    dates = pd.date_range("2006-05-01", periods=N_MONTHS, freq="MS", unit="ms")
    columns = {
        "key": np.repeat([row.key for row in rows], n_rows),
        DATE: np.tile(dates.repeat(len(GROUPS)), len(rows)),
        GROUP: np.tile(GROUPS, len(rows) * N_MONTHS),
    }
    for place in range(N_COLUMNS):
        level = 2000 * (place + 1)
        counts = generator.normal(level, np.sqrt(level), len(rows) * n_rows).round()
        columns[f"{MONTH}count_{place:02}"] = counts
    return pa.table(columns)
