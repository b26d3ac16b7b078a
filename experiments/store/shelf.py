"""Which file each run is taken from, while other processes add, pack and break files."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import pyarrow as pa

from experiments.store.files import (
    DAMAGED,
    PACKS,
    NotSoundError,
    Sound,
    StoreError,
    examine,
    is_unchanged,
    listed,
    set_aside,
)
from experiments.store.parquet import only, read_runs
from experiments.store.rows import RUN_SCHEMA

MOST_TRIES = 50
READERS = 4
AnswerT = TypeVar("AnswerT")
_CHECKED: dict[Path, Sound] = {}
"""Files this process has found sound: a worker opens the store for every run it does."""


class Shelf:
    """The files of a store, every one of them checked in full before it is used.

    Parameters
    ----------
    folder : Path
        Of the store.
    damaged : list of str
        A line is added for each file that is found not to be sound.
    """

    def __init__(self, folder: Path, damaged: list[str]) -> None:
        self.name, self.folder = folder, folder.absolute()
        self.damaged = damaged

    def has(self, key: str) -> bool:
        """Whether a run is there now; only files that may hold it are looked at."""

        def look() -> bool:
            paths = self._listed()
            likely = [p for p in paths if p.parent.name == PACKS or p.name.startswith(key)]
            return any(key in file.keys for file in self._checked(likely))

        return self.steadily(look)

    def files(self) -> list[Sound]:
        """Return all sound files, packs first."""
        return self._checked(self._listed())

    def owners(self) -> dict[str, Sound]:
        """Return the file each run is taken from, packs before files of single runs."""
        owners: dict[str, Sound] = {}
        for file in self.steadily(self.files):
            for key in file.keys:
                owners.setdefault(key, file)
        return owners

    def shares(self, keys: Collection[str] | None = None) -> dict[Sound, set[str]]:
        """Return which runs to take from which file; one that is in two is taken from one."""
        shares: dict[Sound, set[str]] = {}
        for key, file in self.owners().items():
            if keys is None or key in keys:
                shares.setdefault(file, set()).add(key)
        return shares

    def read(self, columns: Sequence[str], keys: Collection[str] | None = None) -> pa.Table:
        """Read key and some columns of all runs or of some."""
        wanted = list(dict.fromkeys(["key", *columns]))

        def read() -> pa.Table:
            shares = self.shares(keys).items()
            tables = [
                only(read_runs(file.path, wanted, encoded=True), share) for file, share in shares
            ]
            empty = RUN_SCHEMA.empty_table().select(wanted)
            return pa.concat_tables(tables, promote_options="permissive") if tables else empty

        return self.steadily(read)

    def steadily(self, read: Callable[[], AnswerT]) -> AnswerT:
        """Read again when a file went away meanwhile, for another process was packing.

        Raises
        ------
        StoreError
            If that does not end, or a file cannot be read.
        """
        for number in range(MOST_TRIES):
            try:
                return read()
            except FileNotFoundError:
                time.sleep(0.002 * number)
        raise StoreError(f"{self.name}: its files keep changing; try again")

    def trouble(self, what: str, error: Exception) -> StoreError:
        """Return the error that says in one line what could not be done and why."""
        reason = getattr(error, "strerror", None) or str(error)
        return StoreError(f"{self.name}: {what}: {reason}; all that was there still is")

    def forget(self) -> None:
        """Have every file read again before it is used."""
        for path in [path for path in _CHECKED if path.parent.parent == self.folder]:
            _CHECKED.pop(path, None)

    def _listed(self) -> list[Path]:
        """Return the files there are, and forget those that have gone."""
        paths = listed(self.folder)
        if len(_CHECKED) > len(paths):
            gone = _CHECKED.keys() - set(paths)
            for path in [path for path in gone if path.parent.parent == self.folder]:
                _CHECKED.pop(path, None)
        return paths

    def _checked(self, paths: Sequence[Path]) -> list[Sound]:
        """Return the sound files among some; those not looked at yet are read in parallel."""
        known = {path: _CHECKED[path] for path in paths if _is_known(path)}
        unknown = [path for path in paths if path not in known]
        if unknown:
            with ThreadPoolExecutor(READERS) as pool:
                found = zip(unknown, pool.map(self._examined, unknown), strict=True)
                known.update((path, file) for path, file in found if file is not None)
        _CHECKED.update(known)
        return [known[path] for path in paths if path in known]

    def _examined(self, path: Path) -> Sound | None:
        """Return a file if it is sound; else set it aside and note that."""
        try:
            return examine(path)
        except NotSoundError as error:
            is_aside = set_aside(self.folder, path)
            done = f"set aside in {DAMAGED}/" if is_aside else "left out"
            name = self.name / path.relative_to(self.folder)
            self.damaged.append(f"{name}: {error}; {done}, what it held will be run again")
            return None
        except FileNotFoundError:
            raise
        except OSError as error:
            raise self.trouble(f"{path.name} cannot be read", error) from error


def _is_known(path: Path) -> bool:
    return path in _CHECKED and is_unchanged(_CHECKED[path])
