"""Carrying out works: those that are still to do, and what becomes of them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import TextIO

from experiments.errors import RunsFailedError
from experiments.interrupts import telling
from experiments.running.forks import with_forks
from experiments.running.going_on import forget_forks
from experiments.running.launchers import LauncherSettings, Watch, make_launcher
from experiments.running.plan import distinct, missing_of, plan_of
from experiments.running.room import check_room
from experiments.running.work import Failure, Work
from experiments.store import Store
from simulation.errors import InputError


def run_works(
    works: Sequence[Work],
    *,
    store: Store | None,
    launcher: LauncherSettings,
    experiment: str,
    is_done: Callable[[Work], bool] | None = None,
    out: TextIO | None = None,
) -> int:
    """Carry out the works that are not done yet, with a progress bar, and pack the store.

    Parameters
    ----------
    works : sequence of Work
        A work that is there twice is done once.
    store : Store or None
        Where rows go; None for works with folders only.
    launcher : LauncherSettings
    experiment : str
        What the rows shall be listed under.
    is_done : callable, optional
        Which works are done already; by default those whose key is in the store.
    out : file, optional
        Where progress is told; by default standard error.

    Returns
    -------
    int
        Runs done now.

    Raises
    ------
    InputError, RunsFailedError
        If runs failed, one line each; the finished ones are kept.
    MachineError
        If the disk has no room for them, before the first.
    Interrupted
        On Ctrl-C, saying what is kept.
    """
    out = sys.stderr if out is None else out
    works = distinct(works)
    missing = missing_of(works, store, is_done)
    plan = plan_of(works, store=store, launcher=launcher, missing=missing)
    print(plan.line(), file=out)
    if not missing:
        return 0
    folders = [work.folder for work in missing if work.folder is not None]
    check_room(plan, None if store is None else store.folder, next(iter(folders), None))
    if store is not None:
        missing = with_forks(missing)

    def what_is_kept() -> str:
        n_kept = len(works) - len(missing_of(works, store, is_done))
        return (
            f"{n_kept} of {len(works)} runs are finished and kept in {_place(missing, store)};"
            " the same command goes on from there"
        )

    with telling(what_is_kept):
        failures = _launch(_in_order(missing), store, launcher, experiment=experiment, out=out)
    _raise_for([failure for failure in failures if failure.ends_all][:1])
    if store is not None:
        forget_forks(store.folder, {fork for work in missing for fork in work.forks})
        store.pack()
    _raise_for(failures)
    return len(missing)


def _in_order(works: Sequence[Work]) -> list[Work]:
    """Return runs without support first: others have jobs that answer to what differs from them."""
    return sorted(works, key=lambda work: work.has_support)


def _launch(
    works: Sequence[Work],
    store: Store | None,
    launcher: LauncherSettings,
    *,
    experiment: str,
    out: TextIO,
) -> list[Failure]:
    """Have works carried out under a progress bar; return those that failed."""
    # Late: whether loops are compiled, which it tells, only Numba knows.
    from experiments.running.progress import Progress

    with Progress(works, out=out) as progress:
        return make_launcher(launcher).launch(
            works,
            store=None if store is None else store.folder,
            experiment=experiment,
            watch=Watch(progress.update, progress.finish),
        )


def _place(works: Sequence[Work], store: Store | None) -> str:
    folders = {str(work.folder.parent) for work in works if work.folder is not None}
    return ", ".join(sorted(folders)) if folders else str(store.folder if store else "no place")


def _raise_for(failures: Sequence[Failure]) -> None:
    """Raise one error for all runs that failed, one line each."""
    if not failures:
        return
    lines = [f"{failure.name}: {line}" for failure in failures for line in failure.lines]
    if all(failure.is_input for failure in failures):
        raise InputError(lines)
    raise RunsFailedError(lines)
