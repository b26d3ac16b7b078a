"""Runs and their months as Parquet, written with checksums and read with them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from experiments.store.rows import MONTH_SCHEMA, RUN_SCHEMA

MONTHS_A_GROUP = 30_000
"""Rows of months in a row group: few enough that one run's are found without reading all."""

ENCODED = ("outcomes.key_value.key",)
"""Columns of many texts of which few are distinct."""


def read_runs(
    source: Path | pa.BufferReader, columns: Sequence[str] = (), *, encoded: bool = False
) -> pa.Table:
    """Read the rows of runs of a file.

    Parameters
    ----------
    source : Path or BufferReader
    columns : sequence of str
        Which; all if left out.
    encoded : bool
        Leave names of outcomes as codes, which is several times as fast.
    """
    texts = ["defaults", *(ENCODED if encoded else ())]
    with pq.ParquetFile(source, page_checksum_verification=True, read_dictionary=texts) as file:
        return file.read_row_group(0, columns=list(columns or RUN_SCHEMA.names))


def read_months(source: Path) -> pa.Table:
    """Read the rows of months of a file: key and whatever belongs to months."""
    with pq.ParquetFile(source, page_checksum_verification=True) as file:
        names = [name for name in file.schema_arrow.names if name not in RUN_SCHEMA.names[1:]]
        groups = list(range(1, file.num_row_groups))
        if not groups:
            return MONTH_SCHEMA.empty_table()
        return file.read_row_groups(groups, columns=names)


def file_data(runs: pa.Table, months: pa.Table) -> bytes:
    """Return the bytes of a file of runs and their months."""
    schema = pa.unify_schemas([RUN_SCHEMA, months.schema])
    schema = schema.remove_metadata()
    texts = [field.name for field in schema if field.type in (pa.string(), pa.timestamp("ms"))]
    sink = pa.BufferOutputStream()
    with pq.ParquetWriter(
        sink, schema, compression="zstd", use_dictionary=texts, write_page_checksum=True
    ) as writer:
        writer.write_table(_widened(runs, schema), row_group_size=max(runs.num_rows, 1))
        for start in range(0, months.num_rows, MONTHS_A_GROUP):
            part = months.slice(start, MONTHS_A_GROUP)
            writer.write_table(_widened(part, schema), row_group_size=MONTHS_A_GROUP)
    return sink.getvalue().to_pybytes()


def _widened(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """Return a table in a wider schema, what it lacks as nulls."""
    columns = [
        table[field.name].cast(field.type)
        if field.name in table.column_names
        else pa.nulls(len(table), field.type)
        for field in schema
    ]
    return pa.table(columns, schema=schema)


def only(table: pa.Table, keys: Iterable[str]) -> pa.Table:
    """Return the rows of some keys."""
    wanted = pa.array(list(keys), pa.string())
    return table.filter(pc.is_in(table["key"], value_set=wanted))


def by_key(months: pa.Table) -> dict[str, pa.Table]:
    """Part months, in which those of a run stand together, into runs."""
    keys = months["key"].to_pylist()
    starts = [place for place, key in enumerate(keys) if place == 0 or key != keys[place - 1]]
    ends = [*starts, len(keys)][1:]
    return {
        keys[start]: months.slice(start, end - start)
        for start, end in zip(starts, ends, strict=True)
    }
