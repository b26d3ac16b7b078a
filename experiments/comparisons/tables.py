"""The tables of a comparison: all runs in one file, the summary, and the summary in print."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from experiments.files.replacing import read_json, replace_file
from simulation.report.pen import figure, plain, span
from simulation.results.outcomes import label_of, ni153_rows

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
    """Read the rows of the area as a whole: arm, seed, date, ward, group, outcome, value.

    The wards of NI 153, which every run's manifest names, are added up as one more group.
    """
    frames = []
    for arm, seed, folder in runs:
        monthly = pd.read_parquet(folder / "monthly.parquet")
        wards = read_json(folder / "manifest.json").get("ni153_wards", [])
        table = monthly[monthly["ward"].isin(["all", *wards])]
        table = table.astype({"ward": str, "group": str, "outcome": str})
        rows = [table[table["ward"] == "all"], ni153_rows(table, wards)]
        table = pd.concat(rows, ignore_index=True)
        frames.append(table.assign(arm=arm, seed=seed))
    return pd.concat(frames, ignore_index=True)


def summary_text(
    summary: pd.DataFrame, *, baseline: str, outcomes: Sequence[str] | None = None
) -> str:
    """Lay a summary out for reading: an outcome at a time, an arm a line.

    Parameters
    ----------
    summary : DataFrame
        From `comparison.summarise`.
    baseline : str
        The arm the differences are from.
    outcomes : sequence of str, optional
        Those to show; all if left out.
    """
    if outcomes is not None:
        summary = summary[summary["outcome"].isin(outcomes)]
    width = max(map(len, summary["arm"])) + 4
    lines = [f"{'':<{width}}{'mean':>18}{f'less {baseline}':>28}{'95% interval':>38}"]
    for name, rows in summary.groupby("outcome", sort=False):
        lines.append(f"{label_of(str(name))} ({rows['unit'].iloc[0]})")
        for row in rows.to_dict("records"):
            unit = row["unit"]
            level = (row["low"], row["high"])
            difference = (row["difference_low"], row["difference_high"])
            lines.append(
                f"  {row['arm']:<{width - 2}}{figure(row['mean'], unit, within=level):>18}"
                f"{figure(row['difference'], unit, within=difference, signed=True):>28}"
                f"{span(*difference, unit, signed=True):>38}".rstrip()
            )
    return plain("\n".join(lines))
