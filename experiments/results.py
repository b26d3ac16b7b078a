"""The tables of a comparison: all runs in one file, the summary, and the summary in print."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from experiments.folders import replace_file
from simulation.headlines import BY_NAME

CATEGORY = pa.dictionary(pa.int32(), pa.string())
SCHEMA = pa.schema(
    [
        ("arm", CATEGORY),
        ("seed", pa.int64()),
        ("date", pa.timestamp("ms")),
        ("ward", CATEGORY),
        ("group", CATEGORY),
        ("outcome", CATEGORY),
        ("value", pa.float64()),
    ]
)
RunKey = tuple[str, int, Path]
"""Arm, seed and folder of a finished run."""


def write_monthly(path: Path, runs: Sequence[RunKey]) -> None:
    """Write the months of all runs into one file, a run at a time.

    Parameters
    ----------
    path : Path
        Replaced only when complete.
    runs : sequence of (arm, seed, folder)
    """

    def write(temporary: Path) -> None:
        with pq.ParquetWriter(temporary, SCHEMA, compression="zstd") as writer:
            for arm, seed, folder in runs:
                writer.write_table(_run_table(arm, seed, pq.read_table(folder / "monthly.parquet")))

    replace_file(path, write)


def _run_table(arm: str, seed: int, table: pa.Table) -> pa.Table:
    n_rows = table.num_rows
    columns = [
        pa.array([arm] * n_rows, pa.string()).dictionary_encode(),
        pa.array([seed] * n_rows, pa.int64()),
    ]
    for field in list(SCHEMA)[2:]:
        column = table.column(field.name)
        if field.type == CATEGORY:
            column = column.cast(pa.string()).combine_chunks().dictionary_encode()
        columns.append(column.cast(field.type))
    return pa.table(columns, schema=SCHEMA)


def whole_area(runs: Sequence[RunKey]) -> pd.DataFrame:
    """Read the rows of the area as a whole: arm, seed, date, ward, group, outcome, value."""
    frames = []
    for arm, seed, folder in runs:
        table = pd.read_parquet(folder / "monthly.parquet")
        table = table[table["ward"] == "all"].astype({"ward": str, "group": str, "outcome": str})
        frames.append(table.assign(arm=arm, seed=seed))
    return pd.concat(frames, ignore_index=True)


def summary_text(summary: pd.DataFrame, *, baseline: str) -> str:
    """Lay a summary out for reading: an outcome at a time, an arm a line.

    Parameters
    ----------
    summary : DataFrame
        From `comparison.summarise`.
    baseline : str
        The arm the differences are from.
    """
    width = max(map(len, summary["arm"])) + 4
    lines = [f"{'':<{width}}{'mean':>12}{f'less {baseline}':>28}{'95% interval':>26}"]
    for name, rows in summary.groupby("outcome", sort=False):
        outcome = str(name)
        label = BY_NAME[outcome].label if outcome in BY_NAME else outcome
        lines.append(f"{label} ({rows['unit'].iloc[0]})")
        for row in rows.to_dict("records"):
            difference = (row["difference_low"], row["difference_high"])
            lines.append(
                f"  {row['arm']:<{width - 2}}{number_text(row['mean'], row['unit']):>12}"
                f"{number_text(row['difference'], row['unit'], sign=True):>28}"
                f"{_interval(*difference, unit=row['unit']):>26}".rstrip()
            )
    return "\n".join(lines)


def number_text(value: float, unit: str, *, sign: bool = False) -> str:
    """Return a figure for reading: people whole, the rest with two decimals, NaN as nothing."""
    if math.isnan(value):
        return ""
    return f"{value:{'+' if sign else ''},.{0 if unit == 'people' else 2}f}"


def _interval(low: float, high: float, *, unit: str) -> str:
    if math.isnan(low):
        return ""
    return f"{number_text(low, unit, sign=True)} to {number_text(high, unit, sign=True)}"
