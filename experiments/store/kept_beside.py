"""Files kept for later runs in a folder of a store's: named by a key and the digest of the bytes.

A file that is not as it was written is thrown away, and one that cannot be written is done without:
what is in it can be simulated again.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from experiments.files.locks import locked
from experiments.store.files import write_whole
from experiments.store.keys import data_digest

WAIT_SECONDS = 3600.0
"""How long to wait for another process that is simulating the same."""
PART_OF_FREE = 0.25
"""Part of what is free on the disk that such files may take."""


@dataclass(frozen=True)
class KeptBeside:
    """A folder of such files, those used longest ago of which go first.

    Attributes
    ----------
    folder : Path
    suffix : str
        Of its files.
    most_files : int
    most_bytes : float
    """

    folder: Path
    suffix: str
    most_files: int
    most_bytes: float = float("inf")

    def read(self, key: str) -> bytes | None:
        """Return what is kept under a key, and is as it was written; None if nothing is."""
        for path in self._files(f"{key}."):
            with suppress(OSError):
                data = path.read_bytes()
                if path.name == self._name(key, data):
                    os.utime(path)
                    return data
                path.unlink()
        return None

    def has(self, key: str) -> bool:
        """Return whether anything is kept under a key."""
        return bool(self._files(f"{key}."))

    def keep(self, key: str, data: bytes) -> None:
        """Keep some bytes under a key instead of those before, if there is room."""
        with suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            before = set(self._files(f"{key}."))
            if self._make_room(len(data), before):
                before.discard(write_whole(self.folder, self._name(key, data), data))
                for path in before:
                    path.unlink(missing_ok=True)

    def forget(self, key: str) -> None:
        """Throw away what is kept under a key."""
        with suppress(OSError):
            for path in self._files(f"{key}."):
                path.unlink(missing_ok=True)

    def close(self) -> None:
        """Remove the folder if it is empty."""
        with suppress(OSError):
            self.folder.rmdir()

    @contextmanager
    def alone_with(
        self, key: str, *, tell: Callable[[int], None], wait_seconds: float | None = None
    ) -> Iterator[None]:
        """Let no other process simulate the same meanwhile, where there are locks.

        Parameters
        ----------
        key : str
        tell : callable
            Told while another process is waited for that no week is done; may raise to give up.
        wait_seconds : float, optional
            How long it is waited for, by default `WAIT_SECONDS`; then both simulate it.
        """
        longest = WAIT_SECONDS if wait_seconds is None else wait_seconds

        def gives_up() -> bool:
            tell(0)
            return False

        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / f"{key}.lock"
        with locked(path, wait_seconds=longest, gives_up=gives_up) as is_held:
            try:
                yield
            finally:
                # While it is still held, and by nobody else, so that no other's lock goes.
                if is_held:
                    path.unlink(missing_ok=True)

    def _files(self, start: str = "") -> list[Path]:
        """Return the files whose names begin so; patterns would be compiled and kept, one a key."""
        try:
            names = os.listdir(self.folder)
        except OSError:
            return []
        return [
            self.folder / name
            for name in names
            if name.startswith(start) and name.endswith(self.suffix)
        ]

    def _name(self, key: str, data: bytes) -> str:
        return f"{key}.{data_digest(data)}{self.suffix}"

    def _make_room(self, n_bytes: int, replaced: set[Path]) -> bool:
        """Throw away the oldest files until there is room for one more; return whether there is."""
        kept = [path for path in self._files() if path not in replaced]
        sizes = {path: (path.stat().st_mtime, path.stat().st_size) for path in kept}
        oldest_first = sorted(kept, key=lambda path: sizes[path][0])
        total = sum(size for _, size in sizes.values())
        most = self.most_bytes
        if most != float("inf"):
            free = shutil.disk_usage(self.folder).free
            most = min(most, PART_OF_FREE * (free + total))
        while oldest_first and (len(oldest_first) >= self.most_files or total + n_bytes > most):
            path = oldest_first.pop(0)
            total -= sizes[path][1]
            path.unlink(missing_ok=True)
        return n_bytes <= most
