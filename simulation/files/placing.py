"""Folders put in their place whole or not at all; only what is ours is ever removed.

Whatever is written is written in a scratch folder first, beside a folder that is new or within one
that is there, so that a link is followed and no other disk is met on the way. What stands where a
file of ours goes and is not ours, to the last bit, is kept under another name.
"""

from __future__ import annotations

import errno
import logging
import os
import re
import shutil
import socket
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from simulation.errors import InputError, MachineError, SimulationError
from simulation.files.listing import (
    LIST,
    DamagedError,
    Listing,
    list_text,
    listing_of,
    mark,
    read_listing,
)

LOG = logging.getLogger(__name__)
SCRATCH = re.compile(r"\.pathfinder~(?P<host>.+)~(?P<process>\d+)~\w+")
LOST_SECONDS = 86400
"""Scratch of another machine, whose processes cannot be asked after, is left alone so long."""
MACHINES = {errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.ENFILE, errno.EMFILE}
"""What the system says where a disk is full or fails: no other words would help."""


def put_folder(folder: Path, write: Callable[[Path], object]) -> None:
    """Have a folder written elsewhere, then put in its place with a list of its files.

    Parameters
    ----------
    folder : Path
        If it is there, what its list names is replaced; all else in it stays.
    write : callable
        Writes all files into the empty folder it is given.

    Raises
    ------
    InputError, MachineError
        If it cannot be written, naming it; nothing is left behind then.
    """
    place = Path(os.path.realpath(folder))
    with naming(folder):
        home = place if place.is_dir() else place.parent
        home.mkdir(parents=True, exist_ok=True)
        # Killed just after it was put in its place, it left its scratch beside it.
        tidy(place.parent)
        with scratch_in(home) as scratch:
            new = scratch / "new"
            new.mkdir()
            write(new)
            listing = listing_of(new)
            _write_list(new, listing)
            _place(new, place, listing)


def add_file(folder: Path, name: str, write: Callable[[Path], object]) -> None:
    """Put a file made of the others into a folder that has a list, and on the list.

    Raises
    ------
    InputError, MachineError
        If it cannot be written, or the list is damaged.
    """
    with naming(folder), scratch_in(folder) as scratch:
        write(scratch / name)
        entry, old = mark(scratch / name), read_listing(folder) or Listing()
        # Cut short here, it is not on the list: no reader takes it for what it is not.
        others = {other: digest for other, digest in old.made.items() if other != name}
        _write_list(folder, replace(old, made=others))
        os.replace(scratch / name, folder / name)
        _write_list(folder, replace(old, made={**others, name: entry}))


def claim(folder: Path, folders: Iterable[str]) -> None:
    """Note in a folder which folders will be written in it, before it is written itself.

    Raises
    ------
    InputError, MachineError
        If that cannot be written.
    """
    with naming(folder):
        folder.mkdir(parents=True, exist_ok=True)
        old = read_listing(folder) or Listing()
        claimed = Listing({}, _union(old.folders, folders), before=_there(old), is_whole=False)
        _write_list(folder, claimed)


def put_aside(folder: Path) -> None:
    """Rename what is listed and not as it was written to NAME.damaged-1, telling it in one line."""
    with naming(folder):
        _tell(folder, _set_aside(folder))


def remove_ours(folder: Path) -> None:
    """Remove what a folder's list names, as far as it is as it was written, and empty folders.

    Without a list nothing is removed.
    """
    with naming(folder):
        _tell(folder, _set_aside(folder))
        listing = read_listing(folder)
        if listing is None:
            return
        for name in listing.folders:
            remove_ours(folder / name)
        _unlink(folder, listing.names)
        (folder / LIST).unlink()
        _remove_empty(folder, [f"{name}/{LIST}" for name in listing.folders])
        if not folder.is_symlink():
            _rmdir(folder)


def _place(new: Path, place: Path, listing: Listing) -> None:
    """Put a written folder in its place, file by file where there is one already."""
    with suppress(OSError):
        if not place.is_dir():
            new.rename(place)
            return
    place.mkdir(exist_ok=True)
    moved = _set_aside(place)
    old = read_listing(place) or Listing()
    folders = _union(old.folders, listing.folders)
    # Wherever this is cut short, every file that may be there then is known as ours.
    before = _there(old)
    _write_list(place, Listing(listing.files, folders, before=before, is_whole=False))
    for name in listing.files:
        if name not in before and (other := _standing(place, name)):
            moved.append(_rename(other))
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        os.replace(new / name, place / name)
    _tell(place, moved)
    for name in listing.folders:
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        own = read_listing(new / name)
        _place(new / name, place / name, own or listing_of(new / name))
    _unlink(place, before.keys() - listing.files.keys())
    _write_list(place, Listing(listing.files, folders))


def _there(listing: Listing) -> dict[str, str]:
    """Return all files that may be there."""
    return {**listing.before, **listing.files, **listing.made}


def _union(*names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({name for each in names for name in each}))


def _write_list(folder: Path, listing: Listing) -> None:
    with scratch_in(folder) as scratch:
        (scratch / LIST).write_text(list_text(listing), encoding="utf-8")
        os.replace(scratch / LIST, folder / LIST)


def _set_aside(folder: Path) -> list[Path]:
    """Rename what is listed and not as it was written; return the new names."""
    try:
        listing = read_listing(folder)
    except DamagedError:
        return [_rename(folder / LIST)]
    names = sorted(listing.names) if listing else []
    damaged = [name for name in names if listing and not listing.is_as_written(folder, name)]
    # Looked for one by one, for a link in the way of several files is renamed once.
    return [_rename(other) for name in damaged if (other := _standing(folder, name))]


def _standing(folder: Path, name: str) -> Path | None:
    """Return what stands where a file is to go, or in the way to it; None if nothing does."""
    path = folder / name
    on_the_way = [each for each in path.parents if each.is_relative_to(folder) and each != folder]
    for each in reversed(on_the_way):
        if each.is_symlink() or (os.path.lexists(each) and not each.is_dir()):
            return each
    return path if os.path.lexists(path) else None


def _rename(path: Path) -> Path:
    """Keep something under another name beside its own, and return that."""
    number = 1
    while os.path.lexists(path.with_name(f"{path.name}.damaged-{number}")):
        number += 1
    return path.rename(path.with_name(f"{path.name}.damaged-{number}"))


def _tell(folder: Path, moved: list[Path]) -> None:
    if moved:
        first = moved[0].relative_to(folder)
        name = str(first).rpartition(".damaged-")[0]
        more = f" (and {len(moved) - 1} files more)" if len(moved) > 1 else ""
        LOG.warning(
            "%s: is not as it was written; set aside as %s%s", folder / name, first.name, more
        )


def _unlink(folder: Path, names: Iterable[str]) -> None:
    """Remove files of a folder, and the folders in it that they leave empty."""
    for name in names:
        (folder / name).unlink(missing_ok=True)
    _remove_empty(folder, names)


def _remove_empty(folder: Path, names: Iterable[str]) -> None:
    parents = {parent for name in names for parent in (folder / name).parents}
    within = [path for path in parents if path.is_relative_to(folder) and path != folder]
    for path in sorted(within, key=lambda path: len(path.parts), reverse=True):
        _rmdir(path)


def _rmdir(folder: Path) -> None:
    with suppress(OSError):
        folder.rmdir()


@contextmanager
def scratch_in(folder: Path) -> Iterator[Path]:
    """Give a folder for a while, under a hidden name nobody can guess and only we give.

    What killed processes left of theirs beside it goes first.
    """
    tidy(folder)
    prefix = f".pathfinder~{this_host()}~{os.getpid()}~"
    scratch = Path(tempfile.mkdtemp(prefix=prefix, dir=folder))
    try:
        yield scratch
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def tidy_all(folder: Path) -> None:
    """Tidy a folder of ours and all folders in it; links are not followed."""
    for each, _, _ in os.walk(folder):
        tidy(Path(each))


def tidy(folder: Path) -> None:
    """Throw away the scratch folders in a folder that processes that were killed have left."""
    with suppress(OSError):
        for path in list(folder.iterdir()):
            match = SCRATCH.fullmatch(path.name)
            if match and not path.is_symlink() and _is_left(path, **match.groupdict()):
                shutil.rmtree(path, ignore_errors=True)


def is_scratch(path: Path) -> bool:
    """Whether a name is one that only `scratch_in` gives."""
    return SCRATCH.fullmatch(path.name) is not None


def _is_left(path: Path, host: str, process: str) -> bool:
    if host == this_host():
        return not is_alive(int(process))
    return time.time() - path.stat().st_mtime > LOST_SECONDS


def is_alive(process: int) -> bool:
    """Whether a process of this machine has not ended."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def this_host() -> str:
    """Return the machine's name as far as it can stand in that of a file."""
    return re.sub(r"[^A-Za-z0-9-]", "-", socket.gethostname())[:40] or "host"


@contextmanager
def naming(place: Path) -> Iterator[None]:
    """Have what the system refuses said in one line that names the user's own path.

    Raises
    ------
    InputError
        If another path would do.
    MachineError
        If the disk is full or fails.
    """
    try:
        yield
    except OSError as error:
        raise cannot_write(place, error) from error


def cannot_write(place: Path, error: OSError) -> SimulationError:
    """Return the error that says why something cannot be written, without our own names."""
    reason = error.strerror or str(error).splitlines()[0]
    is_machine = error.errno in MACHINES or "No space left" in reason
    return (MachineError if is_machine else InputError)(f"{place} cannot be written: {reason}")
