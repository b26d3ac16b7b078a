"""Output folders: whether they can be written, and what in them may be replaced."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from simulation.errors import InputError
from simulation.finished.names import GROUPS, PEOPLE, SUPPORT

STORE = "results/store"
"""The store of runs of commands that are given none."""
STUDY_TABLES = (
    "indices",
    "convergence",
    "noise",
    "effects",
    "interactions",
    "decisions",
    "predictions",
)
"""Tables in the folder of a study, each NAME.csv."""
SUPPORT_TABLES = ("additionality", "journey", "coverage", "spend", "partners", "null")
"""Tables on support in the folder of a comparison, each NAME.csv."""
RESULT_NAMES = {
    "manifest.json",
    "monthly.parquet",
    "flows.parquet",
    "events.parquet",
    *(f"{name}.parquet" for name in (*SUPPORT, PEOPLE, GROUPS)),
    *(f"{name}.csv" for name in (*SUPPORT_TABLES, *STUDY_TABLES, "design")),
    "runs.parquet",
    "study.html",
    "summary.csv",
    "outcomes.csv",
    "pairs.parquet",
    "report.html",
    "figures",
    "runs",
    "wards.csv",
    "jobs.csv",
    "commuting.csv",
    "joint.csv",
    "margins.csv",
    "sources.csv",
}
"""Files and folders that may be replaced when the user says so."""


def check_writable(folder: Path) -> None:
    """Try whether a folder can be made, leaving nothing behind.

    Raises
    ------
    InputError
        If it cannot, with the reason the system gives.
    """
    parent = next(
        path for path in (folder.absolute(), *folder.absolute().parents) if _is_there(path)
    )
    try:
        with tempfile.TemporaryDirectory(prefix=".pathfinder-", dir=parent):
            pass
    except OSError as error:
        raise InputError(
            f"output={folder}: cannot write in {parent}: {error.strerror}; give output= a folder"
            " that can be written"
        ) from error


def check_file(path: Path) -> None:
    """Refuse a file that could not be written, before anything is done for it.

    Raises
    ------
    InputError
        If it is a folder or its folder cannot be written.
    """
    if path.is_dir():
        raise InputError(f"output={path}: is a folder; give the name of a file")
    check_writable(path.parent)


def _is_there(path: Path) -> bool:
    """Whether something of this name exists; a path through a file does not."""
    return os.path.lexists(path)


def check_free(folder: Path, *, overwrite: bool) -> None:
    """Refuse a folder that is in use, unless it may be overwritten; refuse one never to be written.

    Raises
    ------
    InputError
        In one line.
    """
    check_writable(folder)
    if not folder.is_dir() or not any(folder.iterdir()):
        return
    if strange := sorted(path.name for path in folder.iterdir() if not is_ours(path)):
        raise InputError(
            f"output={folder}: holds {strange[0]}, which no command here wrote and none will"
            " overwrite; give another output="
        )
    if not overwrite:
        raise InputError(
            f"output={folder}: is there already and not empty; overwrite=true replaces it, or give"
            " another output="
        )


def is_ours(path: Path) -> bool:
    """Whether an entry of an output folder has a name that a command of this package gives."""
    return path.name in RESULT_NAMES or path.name.startswith(".")
