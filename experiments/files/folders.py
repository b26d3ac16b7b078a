"""Output folders: whether they can be written, and whether what is in them may be replaced."""

from __future__ import annotations

import os
from pathlib import Path

from experiments.files.locks import LOCK
from simulation.errors import InputError, MachineError
from simulation.files.listing import LIST, DamagedError, damage, read_listing
from simulation.files.placing import cannot_write, is_scratch, scratch_in

STORE = "results/store"
"""The store of runs of commands that are given none."""


def check_writable(folder: Path) -> None:
    """Try whether a folder can be made, leaving nothing behind.

    Raises
    ------
    InputError
        If it cannot, with the reason the system gives.
    MachineError
        If the disk is full or fails.
    """
    parent = folder.absolute()
    try:
        place = Path(os.path.realpath(folder))
        # One that is not there is no trouble; one whose name is too long never will be.
        place.exists()
        parent = next(path for path in (place, *place.parents) if os.path.lexists(path))
        with scratch_in(parent):
            pass
    except OSError as error:
        if isinstance(cannot_write(folder, error), MachineError):
            raise cannot_write(folder, error) from error
        raise InputError(
            f"output={folder}: cannot write in {parent}: {error.strerror}; give output= a folder"
            " that can be written"
        ) from error


def check_file(path: Path, *, overwrite: bool = True) -> None:
    """Refuse a file that could not or may not be written, before anything is done for it.

    Raises
    ------
    InputError
        If it is a folder or its folder cannot be written; if it is there and may not be.
    """
    place = Path(os.path.realpath(path))
    if place.is_dir():
        raise InputError(f"output={path}: is a folder; give the name of a file")
    check_writable(path.parent)
    if place.exists() and not overwrite:
        raise InputError(
            f"output={path}: is there already; overwrite=true replaces it, or give another output="
        )


def check_free(folder: Path, *, overwrite: bool) -> None:
    """Refuse a folder that is in use, unless it may be overwritten; refuse one that is not ours.

    A folder with a list of files that a command wrote is ours, whatever else is in it: only what
    is listed will be replaced.

    Raises
    ------
    InputError
        In one line.
    """
    check_writable(folder)
    # Where it will be written: to the system, nothing is at MISSING/../there.
    place = Path(os.path.realpath(folder))
    names = sorted(path.name for path in place.iterdir()) if place.is_dir() else []
    names = [name for name in names if name != LOCK and not is_scratch(place / name)]
    if not names:
        return
    if not is_listed(place):
        raise InputError(_not_ours(folder, names))
    if not overwrite:
        damaged = "".join(f" ({line})" for line in damage(place)[:1])
        raise InputError(
            f"output={folder}: is there already and not empty{damaged}; overwrite=true"
            " replaces it, or give another output="
        )


def is_listed(folder: Path) -> bool:
    """Whether a command wrote in a folder and said what, even if that cannot be read any more."""
    try:
        return read_listing(folder) is not None
    except DamagedError:
        return True


def _not_ours(folder: Path, names: list[str]) -> str:
    if "manifest.json" in names:
        return (
            f"output={folder}: holds manifest.json, but no {LIST} that says what a command wrote"
            " there, as older versions left it; move the folder away, or give another output="
        )
    return (
        f"output={folder}: holds {names[0]}, which no command here wrote and none will overwrite;"
        " give another output="
    )
