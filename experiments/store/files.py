"""Files of a store: written whole or not at all, named by what is in them, checked before use."""

from __future__ import annotations

import os
import re
import secrets
import time
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from experiments.store.keys import data_digest
from experiments.store.parquet import read_runs
from simulation.errors import SimulationError
from simulation.files.placing import is_alive, this_host

LOOSE, PACKS, DAMAGED, FAILURES = "loose", "packs", "damaged", "failures"
NAMES = {
    LOOSE: re.compile(r"(?P<key>[0-9a-f]{32})\.(?P<digest>[0-9a-f]{32})\.parquet"),
    PACKS: re.compile(r"(?P<digest>[0-9a-f]{32})\.parquet"),
}
"""A file's name holds the digest of its bytes; that of a single run its key too."""
TEMPORARY = re.compile(r"\..+~(?P<host>.+)~(?P<process>\d+)~[0-9a-f]+\.part")
DEAD_SECONDS = 600
"""What a dead process of this machine left is thrown away when it is older than this."""
LOST_SECONDS = 86400
"""The same for a process that cannot be asked after: of another machine, or a number used again."""
SETTLED_SECONDS = 2
"""A file changed so short a time ago may change again without its time telling."""


class StoreError(SimulationError):
    """The store could not be written or read, though nothing the user gave is wrong."""


@dataclass(frozen=True)
class Sound:
    """A file whose bytes are those it was written with.

    Attributes
    ----------
    path : Path
    keys : frozenset of str
        Of the runs in it.
    stamp : tuple of int
        Size, times and number of the file when it was checked.
    checked : float
        When, in seconds since 1970.
    """

    path: Path
    keys: frozenset[str]
    stamp: tuple[int, ...]
    checked: float

    @property
    def is_pack(self) -> bool:
        """Whether it may hold many runs."""
        return self.path.parent.name == PACKS


class NotSoundError(Exception):
    """A file is not as it was written; the message says how one can tell."""


def write_whole(folder: Path, name: str, data: bytes) -> Path:
    """Write a file under a hidden name beside its own, to the disk, and put it in its place.

    Raises
    ------
    OSError
        If it cannot be written; nothing is left then.
    """
    writer = f"{this_host()}~{os.getpid()}~{secrets.token_hex(4)}"
    temporary = folder / f".{name}~{writer}.part"
    try:
        with temporary.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, folder / name)
    finally:
        temporary.unlink(missing_ok=True)
    return folder / name


def settle(folder: Path) -> None:
    """Have the names in a folder written to the disk, as their contents are already."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sweep(folder: Path) -> int:
    """Throw away temporary files that writers long dead have left; return how many."""
    n_swept = 0
    for name in _names(folder):
        match = TEMPORARY.fullmatch(name)
        if match and _is_abandoned(folder / name, match["host"], int(match["process"])):
            (folder / name).unlink(missing_ok=True)
            n_swept += 1
    return n_swept


def _is_abandoned(path: Path, host: str, process: int) -> bool:
    try:
        age = time.time() - path.stat().st_mtime
    except FileNotFoundError:
        return False
    is_dead = host == this_host() and not is_alive(process)
    return age > (DEAD_SECONDS if is_dead else LOST_SECONDS)


def _names(folder: Path) -> list[str]:
    try:
        return sorted(os.listdir(folder))
    except FileNotFoundError:
        return []


def listed(folder: Path) -> list[Path]:
    """Return the files of runs of a store, packs first, none missed that another process moves.

    A run is packed before its own file goes, so that one looks for packs last; and packs are
    listed twice, for one that is written while another goes can escape a single look.
    """
    loose = [folder / LOOSE / name for name in _names(folder / LOOSE) if name[0] != "."]
    packs, again = None, _names(folder / PACKS)
    while packs != again:
        packs, again = again, _names(folder / PACKS)
    return [folder / PACKS / name for name in again if name[0] != "."] + loose


def stamp_of(path: Path) -> tuple[int, ...]:
    """Return what changes when a file is written to: size, times, number."""
    status = path.stat()
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino


def is_unchanged(sound: Sound) -> bool:
    """Whether a file that was sound has not been written to since.

    Raises
    ------
    FileNotFoundError
        If it has gone.
    """
    stamp = stamp_of(sound.path)
    return stamp == sound.stamp and sound.checked - stamp[1] / 1e9 > SETTLED_SECONDS


def examine(path: Path) -> Sound:
    """Read a whole file and check that it is what its name says.

    Raises
    ------
    NotSoundError
        If it is not.
    FileNotFoundError
        If it has gone.
    """
    match = NAMES[path.parent.name].fullmatch(path.name)
    if match is None:
        raise NotSoundError("is no file of a store's")
    checked, stamp = time.time(), stamp_of(path)
    data = path.read_bytes()
    if data_digest(data) != match["digest"]:
        raise NotSoundError(f"is not as it was written ({len(data):,} bytes, another digest)")
    if path.parent.name == LOOSE:
        return Sound(path, frozenset([match["key"]]), stamp, checked)
    try:
        keys = read_runs(pa.BufferReader(data), ["key"])["key"].to_pylist()
    except (pa.ArrowException, IndexError, KeyError, OSError) as error:
        first = str(error).splitlines()[0]
        raise NotSoundError(f"holds no runs ({first})") from error
    return Sound(path, frozenset(keys), stamp, checked)


def set_aside(folder: Path, path: Path) -> bool:
    """Move a file out of the way, to the folder of damaged ones; return whether it could be."""
    try:
        (folder / DAMAGED).mkdir(exist_ok=True)
        target = folder / DAMAGED / f"{path.name}.{secrets.token_hex(4)}"
        os.rename(path, target)
    except OSError:
        return not path.exists()
    return True
