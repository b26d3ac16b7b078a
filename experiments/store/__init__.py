"""The store: every run of every experiment is a row, kept once, found again by its key."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from experiments.files.locks import locked
from experiments.store.failures import FailedRun, read_failures, remove_failure, write_failure
from experiments.store.files import FAILURES, LOOSE, PACKS, StoreError, sweep, write_whole
from experiments.store.frames import (
    duration_frame,
    outcome_frame,
    parameter_columns,
    runs_table,
)
from experiments.store.keys import key_of, text_digest
from experiments.store.opening import open_folder
from experiments.store.packs import LOCK, loose_name, pack_files
from experiments.store.parquet import by_key, file_data, only, read_months, read_runs
from experiments.store.rows import (
    MONTH_SCHEMA,
    RUN_SCHEMA,
    Row,
    content_digest,
    month_frame,
    month_table,
    row_of,
    run_table,
)
from experiments.store.shelf import Shelf

__all__ = ["FailedRun", "Row", "Store", "StoreError", "key_of"]

LOCK_SECONDS = 60
MOST_LOOSE = 250
"""With more files of single runs than that, whoever adds one packs them."""


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
        put_right = open_folder(Path(folder), create=create)
        self._shelf = Shelf(Path(folder), put_right)
        self.folder = self._shelf.folder

    def keys(self) -> set[str]:
        """Return the keys of all runs whose files are sound; others are set aside."""
        return set(self._shelf.owners())

    def __len__(self) -> int:
        return len(self._shelf.owners())

    def __contains__(self, key: str) -> bool:
        """Whether a run is there now, whichever process added it."""
        return self._shelf.has(key)

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
                what = f"run {row.key[:8]} cannot be kept"
                raise self._shelf.trouble(what, error) from error
        remove_failure(self.folder, row.key)
        if len(os.listdir(self.folder / LOOSE)) > MOST_LOOSE:
            # The run is kept already: whether there is room for a pack is not its concern.
            with suppress(StoreError):
                self.pack(wait_seconds=0)

    def pack(self, *, wait_seconds: float = LOCK_SECONDS) -> int:
        """Put runs that have a file each together in files of many; return how many there were.

        Temporary files of writers long dead are thrown away.

        Parameters
        ----------
        wait_seconds : float
            How long to wait for another process that is packing; then nothing is done, nor where
            the lock cannot be had at all.

        Raises
        ------
        StoreError
            If the disk is full; every run is still there.
        """
        try:
            # Packing only makes reading quicker: without the lock files stay single, and that is
            # no error, above all not at the end of a sweep whose runs are all kept.
            with locked(self.folder / LOCK, wait_seconds=wait_seconds) as is_held:
                if not is_held:
                    return 0
                for name in (".", LOOSE, PACKS, FAILURES):
                    sweep(self.folder / name)
                pack = self._shelf.steadily
                return pack(lambda: pack_files(self.folder, self._shelf.files()))
        except OSError as error:
            raise self._shelf.trouble("runs cannot be packed", error) from error

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
        self,
        *,
        keys: Iterable[str] | None = None,
        experiment: str | None = None,
        also: Collection[str] = (),
    ) -> pa.Table:
        """Return what `runs` does as a table of Arrow's; more columns as `frames.runs_table`."""
        names = [name for name in RUN_SCHEMA.names if name not in ("inputs", "versions")]
        runs = self._shelf.read(names, None if keys is None else set(keys))
        if experiment is not None:
            runs = runs.filter(pc.equal(runs["experiment"], experiment))
        order = [("finished", "ascending"), ("key", "ascending")]
        # Plain columns are put in order several times as fast as those they are made from.
        return runs_table(runs, also).sort_by(order)

    def parameters(self) -> list[str]:
        """Return the names of the columns of `runs` that are parameters."""
        return parameter_columns(self._shelf.read(["changes"]))

    def outcomes(self, keys: Sequence[str], names: Sequence[str]) -> pd.DataFrame:
        """Return some outcomes of some runs: index key as given, float64, NaN for what is not."""
        return outcome_frame(self._shelf.read(["outcomes"], set(keys)), keys, names)

    def months(self, keys: Sequence[str]) -> pd.DataFrame:
        """Return the months of some runs: key, date, group, and outcomes, in the order of keys."""

        def read() -> list[pa.Table]:
            shares = self._shelf.shares(set(keys)).items()
            return [only(read_months(file.path), share) for file, share in shares]

        tables = self._shelf.steadily(read) or [MONTH_SCHEMA.empty_table()]
        frame = month_frame(pa.concat_tables(tables, promote_options="default"))
        order = {key: place for place, key in enumerate(keys)}
        places = frame["key"].map(order).to_numpy()
        return frame.iloc[places.argsort(kind="stable")].reset_index(drop=True)

    def row(self, key: str) -> Row:
        """Return one run whole.

        Raises
        ------
        KeyError
            If it is not there.
        """

        def read() -> Row:
            file = self._shelf.owners()[key]
            run = only(read_runs(file.path), [key]).to_pylist()[0]
            return row_of(run, only(read_months(file.path), [key]))

        return self._shelf.steadily(read)

    def query(self, sql: str, *, also: Collection[str] = ()) -> pd.DataFrame:
        """Answer one SELECT over the views `runs` and `months`.

        A parameter that no run changes has its default where the SQL, or `also`, names it, and an
        outcome that no run has is null.

        Raises
        ------
        InputError
            In one line, with the nearest names.
        """
        # Late: the engine takes a while to load, and workers that only add runs never ask it.
        from experiments.store.queries import names_in, select

        named = names_in(sql) | set(also)

        def read() -> pa.Table:
            shares = self._shelf.shares().items()
            files = {file.path: file.keys - share for file, share in shares}
            needs_runs = re.search(r"\bruns\b", sql, re.IGNORECASE)
            runs = self.table(keys=None if needs_runs else (), also=named)
            return select(sql, runs, files)

        return self._shelf.steadily(read).to_pandas()

    def seconds(self, model: str) -> pd.DataFrame:
        """Return n_people, weeks and seconds of every run of a model; weeks 1 if it knows none."""
        runs = self._shelf.read(["model", "changes", "defaults", "n_people", "seconds"])
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
            raise self._shelf.trouble(f"failure of {name} cannot be noted", error) from error

    def failures(self) -> list[FailedRun]:
        """Return the runs that failed and have not been done since, the latest first."""
        return read_failures(self.folder)

    def damaged(self) -> list[str]:
        """Return a line for each file that was found not to be sound and set aside."""
        return list(self._shelf.damaged)

    def check(self) -> None:
        """Read every file anew, set aside what is not sound, and pack.

        Raises
        ------
        StoreError
            As `pack`.
        """
        self.forget()
        self._shelf.owners()
        self.pack()

    def forget(self) -> None:
        """Have every file checked again before it is used, as in a new process."""
        self._shelf.forget()

    def digest(self) -> str:
        """Return a digest of all content: the same for the same runs, however they are kept."""

        def read() -> list[str]:
            lines = []
            for file, share in self._shelf.shares().items():
                months = by_key(read_months(file.path))
                for run in only(read_runs(file.path), share).to_pylist():
                    own = months.get(run["key"], MONTH_SCHEMA.empty_table())
                    lines.append(f"{run['key']} {content_digest(run, own)}")
            return sorted(lines)

        return text_digest("\n".join(self._shelf.steadily(read)))
