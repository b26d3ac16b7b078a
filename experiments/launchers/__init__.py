"""Carrying out works: which are still to do, by which launcher, and what becomes of them."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Protocol, TextIO

from pydantic import Field

from experiments.errors import Interrupted, RunsFailedError
from experiments.launchers.cluster_settings import DaskSettings, SlurmSettings
from experiments.launchers.progress import Progress
from experiments.work import Failure, Work
from simulation.config.base import Group
from simulation.errors import InputError

if TYPE_CHECKING:
    from experiments.store import Store

Positive = Annotated[int, Field(ge=1, le=1_000_000)]


class LauncherSettings(Group):
    """Who carries out runs, `launcher=NAME`, and how many at a time."""

    name: str = "processes"
    processes: Annotated[int, Field(ge=1, le=4096)] | None = None
    runs_per_job: Positive = 100
    slurm: SlurmSettings = SlurmSettings()
    dask: DaskSettings = DaskSettings()


@dataclass
class Watch:
    """Whom a launcher tells how far it is.

    Attributes
    ----------
    on_progress : callable
        Told, now and then, the weeks done of each work in their order; -1 is not started.
    on_finish : callable
        Told each work once it is kept.
    """

    on_progress: Callable[[Sequence[int]], None]
    on_finish: Callable[[Work], None]


class Launcher(Protocol):
    """Carries out works, each of which is kept as it finishes."""

    def launch(
        self, works: Sequence[Work], *, store: Path | None, experiment: str, watch: Watch
    ) -> list[Failure]:
        """Carry out all works and return those that failed.

        Raises
        ------
        KeyboardInterrupt
            After Ctrl-C, once nothing runs any more.
        """


def _launcher(module: str, extra: str | None = None) -> Callable[[LauncherSettings], Launcher]:
    """Return what makes the launcher of a module, imported only when it is wanted."""

    def make(settings: LauncherSettings) -> Launcher:
        try:
            found = importlib.import_module(f"experiments.launchers.{module}")
        except ModuleNotFoundError as error:
            if extra is None:
                raise
            raise InputError(
                f"launcher={settings.name} needs the package {error.name}, which is not installed:"
                f" pip install 'pathfinder-labour[{extra}]'"
            ) from error
        return found.make_launcher(settings)

    return make


LAUNCHERS: dict[str, Callable[[LauncherSettings], Launcher]] = {
    "in_process": _launcher("in_process"),
    "processes": _launcher("processes"),
    "slurm": _launcher("slurm", "slurm"),
    "dask": _launcher("dask", "dask"),
}


def make_launcher(settings: LauncherSettings) -> Launcher:
    """Return the launcher that the settings name.

    Raises
    ------
    InputError
        If there is none of this name, or what it needs is not installed.
    """
    if settings.name not in LAUNCHERS:
        raise InputError(
            f"launcher.name={settings.name}: no such launcher; there are {', '.join(LAUNCHERS)}"
        )
    return LAUNCHERS[settings.name](settings)


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
    Interrupted
        On Ctrl-C, saying what is kept.
    """
    out = sys.stderr if out is None else out
    chosen = make_launcher(launcher)
    works = list({(work.key, work.folder): work for work in works}.values())
    missing = _missing(works, store, is_done)
    # Late: a plan knows the launchers.
    from experiments.plan import plan_of

    plan = plan_of(works, store=store, launcher=launcher, missing=missing)
    print(plan.line(), file=out)
    if not missing:
        return 0
    with Progress(missing, out=out) as progress:
        try:
            failures = chosen.launch(
                missing,
                store=None if store is None else store.folder,
                experiment=experiment,
                watch=Watch(progress.update, progress.finish),
            )
        except KeyboardInterrupt as error:
            n_kept = len(works) - len(_missing(works, store, is_done))
            raise Interrupted(
                f"{n_kept} of {len(works)} runs are finished and kept in {_place(missing, store)};"
                " the same command goes on from there"
            ) from error
    _raise_for([failure for failure in failures if failure.ends_all][:1])
    if store is not None:
        store.pack()
    _raise_for(failures)
    return len(missing)


def _missing(
    works: Sequence[Work], store: Store | None, is_done: Callable[[Work], bool] | None
) -> list[Work]:
    """Return the works that are still to do."""
    if is_done is not None:
        return [work for work in works if not is_done(work)]
    keys = set() if store is None else store.keys()
    return [work for work in works if work.key not in keys]


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
