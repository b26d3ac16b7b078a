"""Packing: the files of single runs become files of many, which are quicker to read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pyarrow as pa

from experiments.store.files import PACKS, Sound, settle, write_whole
from experiments.store.keys import data_digest
from experiments.store.parquet import file_data, only, read_months, read_runs

SMALL_RUNS, MOST_RUNS = 100, 1000
"""A pack of fewer runs is packed again with the next; none has more."""
SMALL_BYTES, MOST_BYTES = 2**24, 2**26
"""The same in bytes of the files that go into it."""
LOCK = "lock"


def pack_files(folder: Path, files: Sequence[Sound]) -> int:
    """Make packs of loose files and small packs, then remove these; return how many runs moved.

    Whoever calls this holds the store's lock. A crash between writing and removing leaves runs in
    two files, of which reading takes one and the next packing removes the other.

    Parameters
    ----------
    folder : Path
        Of the store.
    files : sequence of Sound
        All its files.

    Raises
    ------
    OSError
        If the disk is full; every run is still there then.
    """
    small = [file for file in files if _is_small(file)]
    large = [file for file in files if file not in small]
    if not any(not file.is_pack for file in small) and len(small) < 2:
        return 0
    present = {key for file in large for key in file.keys}
    packed = {key for file in files if file.is_pack for key in file.keys}
    for group in _groups(small):
        _merge(folder, group, present)
    return len({key for file in small for key in file.keys} - packed)


def _is_small(file: Sound) -> bool:
    return not file.is_pack or (len(file.keys) < SMALL_RUNS and file.stamp[0] < SMALL_BYTES)


def _groups(files: Iterable[Sound]) -> Iterator[list[Sound]]:
    """Part files into groups that make one pack each."""
    group: list[Sound] = []
    n_runs = n_bytes = 0
    for file in files:
        n_runs, n_bytes = n_runs + len(file.keys), n_bytes + file.stamp[0]
        if group and (n_runs > MOST_RUNS or n_bytes > MOST_BYTES):
            yield group
            group, n_runs, n_bytes = [], len(file.keys), file.stamp[0]
        group.append(file)
    if group:
        yield group


def _merge(folder: Path, group: Sequence[Sound], present: set[str]) -> None:
    """Write one pack of the runs of a group that no other pack has, and remove the group."""
    runs, months = [], []
    for file in group:
        new = [key for key in file.keys if key not in present]
        present.update(new)
        if new:
            runs.append(only(read_runs(file.path), new))
            months.append(only(read_months(file.path), new))
    kept = None
    if runs:
        tables = [pa.concat_tables(each, promote_options="default") for each in (runs, months)]
        in_order = [tables[0].sort_by("key"), _by_key(tables[1])]
        data = file_data(*in_order)
        (folder / PACKS).mkdir(exist_ok=True)
        kept = write_whole(folder / PACKS, f"{data_digest(data)}.parquet", data)
        settle(folder / PACKS)
    for file in group:
        if file.path != kept:
            file.path.unlink(missing_ok=True)


def _by_key(months: pa.Table) -> pa.Table:
    """Return months by key, date and group; those of a run are so already."""
    return months.sort_by([(name, "ascending") for name in months.column_names[:3]])


def loose_name(key: str, data: bytes) -> str:
    """Return the name of the file of a single run."""
    return f"{key}.{data_digest(data)}.parquet"
