"""The store: every run of every experiment is a row, kept once, found again by its key."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from filelock import FileLock, Timeout

from experiments.store.failures import FailedRun, read_failures, remove_failure, write_failure
from experiments.store.files import (
    DAMAGED,
    FAILURES,
    LOOSE,
    PACKS,
    NotSoundError,
    Sound,
    StoreError,
    examine,
    is_unchanged,
    listed,
    set_aside,
    sweep,
    write_whole,
)
from experiments.store.frames import duration_frame, outcome_frame, runs_table
from experiments.store.keys import key_of, text_digest
from experiments.store.opening import open_folder
from experiments.store.packs import loose_name, pack_files
from experiments.store.parquet import by_key, file_data, only, read_months, read_runs
from experiments.store.rows import (
    RUN_SCHEMA,
    Row,
    content_digest,
    month_frame,
    month_table,
    row_of,
    run_table,
)

__all__ = ["FailedRun", "Row", "Store", "StoreError", "key_of"]

LOCK_SECONDS = 60
MOST_LOOSE = 500
"""With more files of single runs than that, whoever adds one packs them."""
MOST_TRIES = 50
AnswerT = TypeVar("AnswerT")
_CHECKED: dict[Path, Sound] = {}
"""Files this process has found sound: a worker opens the store for every run it does."""


class Store:
    """A folder of runs that any number of processes read and add to at once.

    Parameters
    ----------
    folder : Path
    create : bool
        Make it if it is not there, and see that it can be written.

    Raises
    ------
    InputError
        If the folder is no store, one of another version, or cannot be written.
    """

    def __init__(self, folder: Path, *, create: bool = False) -> None:
        self.folder = Path(folder).absolute()
        self._damaged = open_folder(Path(folder), create=create)

    def keys(self) -> set[str]:
        """Return the keys of all runs whose files are sound; others are set aside."""
        return set(self._owners())

    def __len__(self) -> int:
        return len(self._owners())

    def __contains__(self, key: str) -> bool:
        """Whether a run is there now; only files that may hold it are looked at."""

        def look() -> bool:
            paths = listed(self.folder)
            likely = [path for path in paths if _is_pack(path) or path.name.startswith(key)]
            return any(key in file.keys for file in self._checked(likely))

        return self._steadily(look)

    def add(self, row: Row) -> None:
        """Keep a run; one that is there already is left as it is.

        Raises
        ------
        StoreError
            If it cannot be written; nothing that is there is lost.
        ValueError
            If its months are no months.
        """
        if row.key not in self:
            data = file_data(run_table(row), month_table(row))
            try:
                write_whole(self.folder / LOOSE, loose_name(row.key, data), data)
            except OSError as error:
                raise self._trouble(f"run {row.key[:8]} cannot be kept", error) from error
        remove_failure(self.folder, row.key)
        if sum(1 for _ in os.scandir(self.folder / LOOSE)) > MOST_LOOSE:
            self.pack(wait_seconds=0)

    def pack(self, *, wait_seconds: float = LOCK_SECONDS) -> int:
        """Put runs that have a file each together in files of many; return how many there were.

        Parameters
        ----------
        wait_seconds : float
            How long to wait for another process that is packing; then nothing is done.

        Raises
        ------
        StoreError
            If the disk is full; every run is still there.
        """
        try:
            with FileLock(self.folder / "lock", timeout=wait_seconds):
                for name in (".", LOOSE, PACKS, FAILURES):
                    sweep(self.folder / name)
                return self._steadily(lambda: pack_files(self.folder, self._files()))
        except Timeout:
            return 0
        except (OSError, NotImplementedError) as error:
            raise self._trouble("runs cannot be packed", error) from error

    def runs(
        self, *, keys: Iterable[str] | None = None, experiment: str | None = None
    ) -> pd.DataFrame:
        """Return runs: fixed columns, a column a changed parameter, a column an outcome.

        Parameters
        ----------
        keys : iterable of str, optional
            Those wanted; all if left out.
        experiment : str, optional
            Only those first done for this one.

        Returns
        -------
        DataFrame
            In the order of time, columns as `frames.runs_table`.
        """
        return self.table(keys=keys, experiment=experiment).to_pandas()

    def table(
        self, *, keys: Iterable[str] | None = None, experiment: str | None = None
    ) -> pa.Table:
        """Return what `runs` does as a table of Arrow's."""
        names = [name for name in RUN_SCHEMA.names if name not in ("inputs", "versions")]
        runs = self._read(names, keys=None if keys is None else set(keys))
        if experiment is not None:
            runs = runs.filter(pc.equal(runs["experiment"], experiment))
        return runs_table(runs.sort_by([("finished", "ascending"), ("key", "ascending")]))

    def outcomes(self, keys: Sequence[str], names: Sequence[str]) -> pd.DataFrame:
        """Return some outcomes of some runs: index key as given, float64, NaN for what is not."""
        return outcome_frame(self._read(["key", "outcomes"], keys=set(keys)), keys, names)

    def months(self, keys: Sequence[str]) -> pd.DataFrame:
        """Return the months of some runs: key, date, group, and outcomes, in the order of keys."""

        def read() -> pa.Table:
            shares = self._shares(set(keys)).items()
            return pa.concat_tables(
                [only(read_months(file.path), share) for file, share in shares]
                or [month_table(None)],
                promote_options="default",
            )

        frame = month_frame(self._steadily(read))
        order = {key: place for place, key in enumerate(keys)}
        return frame.sort_values(
            "key", key=lambda each: each.map(order), kind="stable"
        ).reset_index(drop=True)

    def row(self, key: str) -> Row:
        """Return one run whole.

        Raises
        ------
        KeyError
            If it is not there.
        """

        def read() -> Row:
            file = self._owners()[key]
            run = only(read_runs(file.path), [key]).to_pylist()[0]
            return row_of(run, only(read_months(file.path), [key]))

        return self._steadily(read)

    def seconds(self, model: str) -> pd.DataFrame:
        """Return n_people, weeks and seconds of every run of a model; weeks 1 if it knows none."""
        names = ["model", "changes", "defaults", "n_people", "seconds"]
        runs = self._read(names, keys=None)
        return duration_frame(runs.filter(pc.equal(runs["model"], model)))

    def fail(self, key: str, name: str, lines: Sequence[str], *, is_input: bool = False) -> None:
        """Note that a run failed, and whether by its input; adding it removes the note.

        Raises
        ------
        StoreError
            If that cannot be written.
        """
        try:
            write_failure(self.folder, key, name, lines, is_input=is_input)
        except OSError as error:
            raise self._trouble(f"failure of run {key[:8]} cannot be noted", error) from error

    def failures(self) -> list[FailedRun]:
        """Return the runs that failed and have not been done since, the latest first."""
        return read_failures(self.folder)

    def damaged(self) -> list[str]:
        """Return a line for each file that was found not to be sound and set aside."""
        return list(self._damaged)

    def digest(self) -> str:
        """Return a digest of all content: the same for the same runs, however they are kept."""

        def read() -> list[str]:
            lines = []
            for file, share in self._shares(None).items():
                months = by_key(read_months(file.path))
                for run in only(read_runs(file.path), share).to_pylist():
                    own = months.get(run["key"], month_table(None))
                    lines.append(f"{run['key']} {content_digest(run, own)}")
            return sorted(lines)

        return text_digest("\n".join(self._steadily(read)))

    def _read(self, columns: Sequence[str], *, keys: Collection[str] | None) -> pa.Table:
        """Read columns of runs, all of them or those of some keys."""
        wanted = list(dict.fromkeys(["key", *columns]))

        def read() -> pa.Table:
            shares = self._shares(keys).items()
            tables = [only(read_runs(file.path, wanted), share) for file, share in shares]
            empty = RUN_SCHEMA.empty_table().select(wanted)
            return pa.concat_tables(tables, promote_options="permissive") if tables else empty

        return self._steadily(read)

    def _shares(self, keys: Collection[str] | None) -> dict[Sound, set[str]]:
        """Return which runs to take from which file; one that is in two is taken from one."""
        shares: dict[Sound, set[str]] = {}
        for key, file in self._owners().items():
            if keys is None or key in keys:
                shares.setdefault(file, set()).add(key)
        return shares

    def _owners(self) -> dict[str, Sound]:
        """Return the file each run is taken from, packs before loose files."""
        owners: dict[str, Sound] = {}
        for file in self._steadily(self._files):
            for key in file.keys:
                owners.setdefault(key, file)
        return owners

    def _files(self) -> list[Sound]:
        return self._checked(listed(self.folder))

    def _checked(self, paths: Sequence[Path]) -> list[Sound]:
        """Return the sound files among some; those not looked at yet are read in parallel."""
        known = {path: _CHECKED[path] for path in paths if _is_known(path)}
        unknown = [path for path in paths if path not in known]
        if unknown:
            with ThreadPoolExecutor() as pool:
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
            self._damaged.append(f"{path}: {error}; {done}, what it held will be run again")
            return None
        except FileNotFoundError:
            raise
        except OSError as error:
            raise self._trouble(f"{path.name} cannot be read", error) from error

    def _steadily(self, read: Callable[[], AnswerT]) -> AnswerT:
        """Read again when a file went away meanwhile, for another process was packing."""
        for number in range(MOST_TRIES):
            try:
                return read()
            except FileNotFoundError:
                time.sleep(0.002 * number)
        raise StoreError(f"{self.folder}: its files keep changing; try again")

    def _trouble(self, what: str, error: Exception) -> StoreError:
        reason = getattr(error, "strerror", None) or str(error)
        return StoreError(f"{self.folder}: {what}: {reason}; all that was there still is")


def _is_pack(path: Path) -> bool:
    return path.parent.name == PACKS


def _is_known(path: Path) -> bool:
    return path in _CHECKED and is_unchanged(_CHECKED[path])
