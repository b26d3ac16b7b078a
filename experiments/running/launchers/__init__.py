"""Who carries out works: the launchers by name, each imported when it is wanted."""

from __future__ import annotations

import importlib
from collections.abc import Callable

from experiments.running.launchers.launcher import Launcher, Watch
from experiments.running.launchers.settings import LauncherSettings
from simulation.errors import InputError

__all__ = ["LAUNCHERS", "Launcher", "LauncherSettings", "Watch", "make_launcher"]


def _launcher(module: str, extra: str | None = None) -> Callable[[LauncherSettings], Launcher]:
    """Return what makes the launcher of a module, imported only when it is wanted."""

    def make(settings: LauncherSettings) -> Launcher:
        try:
            found = importlib.import_module(f"experiments.running.launchers.{module}")
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
