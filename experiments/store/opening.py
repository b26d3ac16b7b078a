"""Opening a store: whether a folder is one, of this version, and can be written."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path

from experiments.files.folders import STORE
from experiments.store.files import DAMAGED, FAILURES, LOOSE, PACKS, set_aside, write_whole
from experiments.store.packs import LOCK
from experiments.store.references import REFERENCES
from simulation.errors import InputError

FORMAT = 1
"""Raised whenever files of another version could be misread."""
MARK = "store.json"
MARK_TEXT = json.dumps({"format": FORMAT, "of": "runs of pathfinder"}) + "\n"
OURS = {MARK, LOOSE, PACKS, DAMAGED, FAILURES, LOCK, REFERENCES}


def open_folder(folder: Path, *, create: bool) -> list[str]:
    """Check that a folder is a store, or make it one; return a line for each thing put right.

    Raises
    ------
    InputError
        If it is no store, one of another version, or is to be written and cannot be.
    """
    put_right: list[str] = []
    try:
        # To the system nothing is at MISSING/../there, until MISSING is made.
        is_new = create and not folder.is_dir()
        place = Path(os.path.realpath(folder)) if is_new else folder
        is_there = place.is_dir() and any(name for name in place.iterdir() if _is_visible(name))
        if is_there:
            put_right = _check_mark(place)
        elif not create:
            raise InputError(
                f"store={folder}: no store is there; give store= the folder of one ({STORE}"
                " is the default of sweeps and studies)"
            )
        if create:
            _make(folder)
    except OSError as error:
        doing = "made or written" if create else "read"
        raise InputError(
            f"store={folder}: cannot be {doing}: {error.strerror or error}; give store= a folder"
            " that can"
        ) from error
    return put_right


def _is_visible(path: Path) -> bool:
    return not path.name.startswith(".")


def _make(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".pathfinder-", dir=folder):
        pass
    if not (folder / MARK).exists():
        write_whole(folder, MARK, MARK_TEXT.encode())
    for name in (LOOSE, PACKS):
        (folder / name).mkdir(exist_ok=True)


def _check_mark(folder: Path) -> list[str]:
    """Read what a store says of itself; a torn mark beside files of a store is written again."""
    mark = folder / MARK
    strange = sorted(path.name for path in folder.iterdir() if _is_visible(path))
    strange = [name for name in strange if name not in OURS]
    has_files = (folder / LOOSE).is_dir() or (folder / PACKS).is_dir()
    if not mark.is_file() and (strange or not has_files):
        raise InputError(
            f"store={folder}: is no store of runs: {MARK} is not there, but {strange[0]} is;"
            " give another folder"
            if strange
            else f"store={folder}: is no store of runs: {MARK} is not there; give another folder"
        )
    try:
        number = json.loads(mark.read_bytes())["format"] if mark.is_file() else None
    except (ValueError, KeyError, TypeError):
        number = None
    if number == FORMAT:
        return []
    if isinstance(number, int):
        raise InputError(
            f"store={folder}: is of format {number}, as its {MARK} says, and this version of the"
            f" program knows format {FORMAT}; use the version that wrote it, or give another store="
        )
    if not has_files:
        raise InputError(f"store={folder}: {MARK} cannot be read; give another folder")
    if mark.exists():
        set_aside(folder, mark)
    try:
        write_whole(folder, MARK, MARK_TEXT.encode())
    except OSError:
        # A store that cannot be written can still be read.
        return [f"{mark}: cannot be read"]
    return [f"{mark}: could not be read; set aside in {DAMAGED}/ and written again"]
