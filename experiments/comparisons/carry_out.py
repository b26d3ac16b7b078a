"""Carrying out a comparison: what is not there yet is run, then all of it is measured."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from experiments.comparisons.adding import (
    headline_values,
    reached,
    seeds_to_add,
    with_more_seeds,
)
from experiments.comparisons.arms import check_inputs
from experiments.comparisons.asked import Asked, read_asked
from experiments.comparisons.deciding import own_sets
from experiments.comparisons.kept import (
    beside,
    forget_others,
    is_finished,
    make_room,
    set_aside_damaged,
)
from experiments.comparisons.measuring import frames_of
from experiments.comparisons.result import Comparison
from experiments.comparisons.targets import Promised, as_facts, target_values
from experiments.comparisons.works import works_of
from experiments.files.folders import check_writable
from experiments.files.locks import held
from experiments.files.replacing import read_json
from experiments.interrupts import telling
from experiments.models.tables import loaded_area
from experiments.running.execution import run_works
from experiments.running.launchers import make_launcher
from experiments.running.side_by_side import processes_here
from experiments.running.work import Work
from experiments.store import Store
from experiments.words.application import checked_words, own_words
from experiments.words.catalogue import COMMANDS
from experiments.words.check import Words, words_of
from experiments.words.composition import compose_mapping
from experiments.words.repeat import model_words
from simulation.config import Config
from simulation.errors import InputError


def compare(
    base: Words | Config = (),
    arms: Mapping[str, Words | Config] | None = None,
    *,
    seeds: int | Sequence[int] | None = None,
    baseline: str | None = None,
    sets: Mapping[str, Sequence[str]] | None = None,
    targets: str | Sequence[str] | None = None,
    launcher: str | None = None,
    store: str | Path | None = None,
    output: str | Path | None = None,
) -> Comparison:
    """Compare arms under the same seeds: `experiments.compare`."""
    command = COMMANDS["compare"]
    places = {name: str(place) for name, place in (("store", store), ("output", output)) if place}
    asked_for = {"seeds": seeds, "baseline": baseline, "sets": sets, "targets": targets}
    given = places | {name: value for name, value in asked_for.items() if value is not None}
    words = model_words(base) if isinstance(base, Config) else words_of(base)
    # Shipped comparisons bring arms and a size of their own.
    words += ["compare=own"] if arms is not None else []
    words += [f"launcher={launcher}"] if launcher is not None else []
    problems: list[str] = []
    try:
        words = checked_words(command, words)
        mapping = compose_mapping(command.config_name, words)
    except InputError as error:
        problems += [own_words(command, line) for line in error.problems]
        words, mapping = [], compose_mapping(command.config_name)
    asked = read_asked(mapping | given, words, arms=arms, problems=problems)
    folder = asked.settings.output_folder()
    return carry_out(asked, command="experiments.compare", folder=folder)


def carry_out(asked: Asked, *, command: str, folder: Path | None = None) -> Comparison:
    """Check every table, run what is not there yet, measure all runs and write the folder.

    Parameters
    ----------
    asked : Asked
    command : str
        What the comparison says it came from.
    folder : Path, optional
        Where it is written, with the runs; these are kept beside the store if it is left out.

    Raises
    ------
    InputError
        If a table cannot be used, there is no place to keep runs, or what is there must not be
        replaced.
    RunsFailedError
        If a run failed; the finished ones are kept.
    """
    make_launcher(asked.settings.launcher_settings())
    check_inputs([*asked.arms, *asked.references])
    own_sets(asked.settings.sets, loaded_area(asked.arms[0].config).wards)
    works = works_of(asked, folder)
    with telling(partial(_what_is_kept, list(works.values()))):
        if folder is None:
            return _carried_out(asked, works, command=command, folder=None)
        check_writable(folder)
        with held(folder):
            found = _carried_out(asked, works, command=command, folder=folder)
            found.write(folder, page=asked.settings.page)
        return found


def _what_is_kept(works: Sequence[Work]) -> str:
    """Say after the last run that no run is missing."""
    if not all(map(is_finished, works)):
        return ""
    return (
        f"all {len(works)} runs are finished and kept; the same command measures them and writes"
        " the tables"
    )


def _carried_out(
    asked: Asked, works: Mapping[tuple[str, int], Work], *, command: str, folder: Path | None
) -> Comparison:
    """Run, measure, and add seeds for all arms alike until the precision asked for is met."""
    began = time.perf_counter()
    frames, folders, n_run = _measured(asked, works, folder, overwrite=asked.settings.overwrite)
    precision: dict[str, object] = {}
    while asked.settings.precision is not None:
        values = headline_values(frames["period"], asked)
        seconds = time.perf_counter() - began
        n_more = seeds_to_add(values, asked, seconds=seconds, n_run=n_run)
        if not n_more:
            precision = reached(values, asked)
            break
        asked = with_more_seeds(asked, n_more)
        works = works_of(asked, folder)
        frames, folders, more = _measured(asked, works, folder, overwrite=False)
        n_run += more
    of_run = read_json(folders[asked.baseline, asked.seeds[0]] / "manifest.json")
    facts: dict[str, Any] = {"command": command} | {
        name: of_run[name] for name in ("versions", "commit", "code_version", "thinning")
    }
    facts["held"] = _held(asked, folders)
    facts["sets"] = asked.settings.sets
    facts["targets"] = {} if asked.promised is None else as_facts(asked.promised)
    facts["precision"] = precision
    facts["seconds"] = time.perf_counter() - began
    return Comparison(
        asked.arms, asked.seeds, asked.baseline, frames, folders, facts,
        processes=processes_here(asked.settings.launcher_settings()),
    )  # fmt: skip


def _measured(
    asked: Asked,
    works: Mapping[tuple[str, int], Work],
    folder: Path | None,
    *,
    overwrite: bool,
) -> tuple[dict[str, pd.DataFrame], dict[tuple[str, int], Path], int]:
    """Run what is not there yet and measure all of it.

    Returns
    -------
    frames, folders
        Of all runs.
    n_run : int
        Seeds of which any run was not there yet.
    """
    kept = asked.settings.store_folder()
    store = None if kept is None else Store(kept, create=True)
    if folder is not None:
        make_room(folder, list(works.values()), overwrite=overwrite)
    set_aside_damaged(list(works.values()))
    n_run = len({seed for (_, seed), work in works.items() if not is_finished(work)})
    run_works(
        list(works.values()),
        store=store,
        launcher=asked.settings.launcher_settings(),
        experiment="compare" if folder is None else folder.name,
        is_done=is_finished,
    )
    folders = {key: work.folder for key, work in works.items() if work.folder is not None}
    if folder is None and kept is not None:
        forget_others(beside(kept), set(folders.values()))
    processes = processes_here(asked.settings.launcher_settings())
    frames = frames_of(asked, folders, processes=processes)
    values = target_values(asked.promised or Promised(), frames, asked.arms, folders)
    return frames | {"target_values": values}, folders, n_run


def _held(asked: Asked, folders: Mapping[tuple[str, int], Path]) -> list[str]:
    """Return what runs held on to beyond the years of their tables, each line once."""
    firsts = (folders[arm.name, asked.seeds[0]] / "manifest.json" for arm in asked.arms)
    return list(dict.fromkeys(line for path in firsts for line in read_json(path)["held"]))
