"""Locks: one command at a time writes in a folder, as far as the file system knows locks."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import BaseFileLock, FileLock, Timeout

from simulation.errors import InputError
from simulation.files.placing import naming, tidy_all

LOCK = ".pathfinder.lock"
"""Name of the lock in an output folder; it goes when the command ends."""
NO_LOCKS = {errno.ENOSYS, errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOTSUP}
"""What a file system says that knows no locks, or a shared disk whose server keeps none."""
NOT_ALLOWED = {errno.EACCES, errno.EPERM}
"""What the system says where the lock is that of somebody who let nobody else have it."""
_held: set[Path] = set()
"""Folders this process holds."""


@contextmanager
def locked(
    path: Path, *, wait_seconds: float, gives_up: Callable[[], bool] | None = None
) -> Iterator[bool | None]:
    """Hold a lock; give whether it is held, and None where none can be had at all.

    None can be had where the file system knows no locks, or the lock is somebody else's.

    Parameters
    ----------
    path : Path
    wait_seconds : float
        How long to wait for whoever holds it.
    gives_up : callable, optional
        Asked many times a second meanwhile whether to wait no longer; what it raises ends all.

    Raises
    ------
    OSError
        If it cannot be taken for another reason, such as a full disk.
    """
    # Whoever may write in the folder may lock it, whoever of them was first.
    lock = FileLock(path, timeout=wait_seconds, mode=path.parent.stat().st_mode & 0o666)
    is_held = _taken(lock, gives_up)
    try:
        yield is_held
    finally:
        if is_held:
            lock.release()


def _taken(lock: BaseFileLock, gives_up: Callable[[], bool] | None) -> bool | None:
    try:
        lock.acquire(cancel_check=gives_up)
    except Timeout:
        return False
    except NotImplementedError:  # from filelock 3 where there are no locks
        return None
    except OSError as error:
        if error.errno in NO_LOCKS | NOT_ALLOWED:
            return None
        raise
    return True


@contextmanager
def held(folder: Path, *, wait_seconds: float = 0) -> Iterator[None]:
    """Keep other commands from writing in a folder meanwhile, and tidy what they left when killed.

    The folder is made if it is not there; if it is empty at the end, it goes again.

    Parameters
    ----------
    folder : Path
    wait_seconds : float
        How long to wait for another command.

    Raises
    ------
    InputError
        If another command is writing there, or it cannot be written.
    """
    place = Path(os.path.realpath(folder))
    if place in _held:
        yield
        return
    made = [path for path in (place, *place.parents) if not path.exists()]
    try:
        with naming(folder):
            place.mkdir(parents=True, exist_ok=True)
            tidy_all(place)
        with locked(place / LOCK, wait_seconds=wait_seconds) as is_held:
            if is_held is False:
                raise InputError(
                    f"output={folder}: another command is writing there; wait until it ends, or"
                    " give another output="
                )
            with _alone(place):
                yield
    finally:
        for path in made:
            with suppress(OSError):
                path.rmdir()


@contextmanager
def _alone(place: Path) -> Iterator[None]:
    _held.add(place)
    try:
        yield
    finally:
        _held.discard(place)
        # While it is still held, so that nobody else's lock goes.
        (place / LOCK).unlink(missing_ok=True)
