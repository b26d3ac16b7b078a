"""`pathfinder run --multirun`: Hydra's jobs become works, which a launcher carries out."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from experiments.commands.run import RunSettings
from experiments.commands.runs_text import CHIEF
from experiments.comparisons.kept import is_finished, replaced_by, set_aside_damaged
from experiments.files.folders import STORE, check_free, check_writable, is_listed
from experiments.files.locks import held
from experiments.models import LABOUR_MARKET, model_named
from experiments.running.checks import Problems, check_works, raise_for
from experiments.running.execution import run_works
from experiments.running.launchers import make_launcher
from experiments.running.plan import Plan, plan_of
from experiments.running.work import Work, make_work
from experiments.store import Store
from experiments.words.composition import read_settings
from experiments.words.variations import Variations
from simulation.config import HOLD
from simulation.errors import InputError

SEED = "seed"
SINGLE = tuple(name for name in RunSettings.model_fields if name != SEED)
"""Settings that are the same for all runs of a sweep."""
NAME = "sweep"
MOST_COLUMNS = 4


@dataclass(frozen=True)
class Sweep:
    """The works of a sweep, and what differs between them.

    Attributes
    ----------
    settings : RunSettings
        Those all runs have alike; the seed of the first.
    works : tuple of Work
        In the order of the jobs.
    points : tuple of dict
        For each work its varied keys but the seed, and their values as typed.
    """

    settings: RunSettings
    works: tuple[Work, ...]
    points: tuple[dict[str, str], ...]


def execute_all(jobs: Sequence[Sequence[str]]) -> None:
    """Check every job, carry out those that are not in the store, and print what was found.

    Parameters
    ----------
    jobs : sequence of sequence of str
        The words of each job, one for each key, in the same order.

    Raises
    ------
    InputError
        Before anything is simulated or written.
    RunsFailedError, Interrupted
        As `run_works`.
    """
    sweep = read_sweep(jobs)
    settings = sweep.settings
    make_launcher(settings.launcher)
    folder = Path(settings.store).expanduser()
    if settings.plan:
        print(_plan(sweep, folder).text())
        return
    check_works(sweep.works)
    _check_folders(sweep)
    output = None if settings.output is None else Path(settings.output).expanduser()
    with nullcontext() if output is None else held(output):
        set_aside_damaged([work for work in sweep.works if work.folder is not None])
        store = Store(folder, create=True)
        for line in store.damaged():
            print(line, file=sys.stderr)
        run_works(
            sweep.works,
            store=store,
            launcher=settings.launcher,
            experiment=_name(settings),
            is_done=_whether_done(store) if settings.output else None,
        )
    print(describe(sweep, store))


def _plan(sweep: Sweep, folder: Path) -> Plan:
    """Return what a sweep takes; the store is looked at only if it is there."""
    store = Store(folder) if folder.exists() else None
    missing = None
    if sweep.settings.output and store is not None:
        is_done = _whether_done(store)
        missing = [work for work in sweep.works if not is_done(work)]
    launcher = sweep.settings.launcher
    return plan_of(sweep.works, store=store, launcher=launcher, missing=missing, measure=True)


def read_sweep(jobs: Sequence[Sequence[str]]) -> Sweep:
    """Turn the words of jobs into works, composing only what cannot be put together otherwise.

    Raises
    ------
    InputError
        The problems of all jobs, one line each.
    """
    words = [{_key(word): word for word in job} for job in jobs]
    varied = _varied(words)
    base = [word for key, word in words[0].items() if not _concerns(key, varied)]
    variations = Variations("run", base)
    settings, works, points, problems = None, [], [], Problems()
    for number, job in enumerate(words):
        shown = " ".join(job[key] for key in varied)
        name = f"job {number} ({shown})" if shown else f"job {number}"
        own = [word for key, word in job.items() if _concerns(key, varied)]
        try:
            of_job = read_settings(variations.settings(own), RunSettings)
            settings = settings or of_job
            works.append(_work(variations.changes(own), of_job, name=name, number=number))
        except InputError as error:
            problems += [(name, line) for line in error.problems]
        points.append({key: job[key].partition("=")[2] for key in varied if key != SEED})
    raise_for(problems)
    if settings is None:
        raise InputError("no jobs; give some parameter several values, such as seed=1,2")
    _check_settings(settings)
    return Sweep(settings, tuple(works), tuple(points))


def _key(word: str) -> str:
    return word.lstrip("+").partition("=")[0]


def _varied(jobs: Sequence[Mapping[str, str]]) -> list[str]:
    """Return the keys that jobs differ in.

    Raises
    ------
    InputError
        If one of them must be the same for all.
    """
    varied = [key for key in jobs[0] if len({job[key] for job in jobs}) > 1]
    if single := [key for key in varied if key.partition(".")[0] in SINGLE]:
        raise InputError(f"{key}: give one value; it is the same for all runs" for key in single)
    return varied


def _concerns(key: str, varied: Sequence[str]) -> bool:
    """Whether a word has to be looked at for each job: its key varies, or one within or around."""
    return any(
        key == other or key.startswith(f"{other}.") or other.startswith(f"{key}.")
        for other in varied
    )


def _check_settings(settings: RunSettings) -> None:
    problems = []
    if settings.events:
        problems.append("events=true: only for a single run, without --multirun")
    if settings.gone_on_from is not None:
        problems.append("from: only for a single run, without --multirun")
    if settings.snapshots and settings.output is None:
        problems.append("snapshots=true: needs output=FOLDER, the store keeps no people")
    if problems:
        raise InputError(problems)


def _work(changes: Mapping[str, Any], settings: RunSettings, *, name: str, number: int) -> Work:
    folder = None if settings.output is None else Path(settings.output).expanduser() / str(number)
    return make_work(
        LABOUR_MARKET, changes, settings.seed, name=name, folder=folder, people=settings.snapshots
    )


def _name(settings: RunSettings) -> str:
    """Return what the runs are listed under in the store."""
    return settings.name or (Path(settings.output).name if settings.output else "") or NAME


def _check_folders(sweep: Sweep) -> None:
    """Refuse folders that hold anything but runs of this very sweep, unless they are replaced.

    Raises
    ------
    InputError
        One line a folder.
    """
    if sweep.settings.output is None:
        return
    check_writable(Path(sweep.settings.output).expanduser())
    problems = Problems()
    for work in sweep.works:
        if work.folder is None or not work.folder.exists():
            continue
        if is_finished(work):
            continue
        try:
            # A damaged run, or one of older code, is run again under its old name.
            is_same = is_listed(work.folder) and not replaced_by(work)
            check_free(work.folder, overwrite=sweep.settings.overwrite or is_same)
        except InputError as error:
            problems += [(work.name, line) for line in error.problems]
    raise_for(problems)


def _whether_done(store: Store) -> Callable[[Work], bool]:
    """Return what tells whether a run is in the store and in its folder."""
    return lambda work: is_finished(work) and work.key in store


def describe(sweep: Sweep, store: Store) -> str:
    """Return what the runs of a sweep gave, and where to look further."""
    # Late: SciPy, for the intervals, is slow to import, and a plan or a refusal has none.
    from experiments.commands.sweep_table import sweep_text
    from experiments.models.labour_market import HELD

    works, settings = sweep.works, sweep.settings
    outcomes = store.outcomes([work.key for work in works], CHIEF)
    n_seeds = len({work.seed for work in works})
    over = f"; means over {n_seeds} seeds with 95% intervals" if n_seeds > 1 else ""
    parts = [
        f"{len(works)} run{'s' * (len(works) > 1)}{over}",
        sweep_text(sweep.points, outcomes, units=model_named(LABOUR_MARKET).units()),
        "",
    ]
    if any(work.changes.get("beyond") == HOLD for work in works):
        parts.append(HELD)
    if settings.output:
        parts.append(f"Folders: {settings.output}/0 to {settings.output}/{len(works) - 1}")
    return "\n".join([*parts, f"Store: {settings.store}", f"Look further: {_query(sweep)}"])


def _query(sweep: Sweep) -> str:
    """Return a command that asks the store for what varied and the chief outcome."""
    changed = {name for work in sweep.works for name in work.changes}
    varied = sorted(
        name for name in changed if len({repr(work.changes.get(name)) for work in sweep.works}) > 1
    )
    columns = varied[:MOST_COLUMNS]
    words = f"select {', '.join([*columns, SEED, CHIEF[0]])} from runs"
    store = [] if sweep.settings.store == STORE else [f"store={sweep.settings.store}"]
    return shlex.join(["pathfinder", "runs", "query", words, *store])
