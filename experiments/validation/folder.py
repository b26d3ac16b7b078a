"""What `pathfinder validate` writes, and what it says."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from experiments.files.replacing import json_text
from experiments.validation.rows import CALIBRATE
from simulation.files.placing import put_folder
from simulation.report.page_of_validation import Inputs, write_validation_page
from simulation.report.pen import number, plain

MOMENTS, SERIES, MANIFEST, PAGE = "moments.csv", "series.csv", "manifest.json", "validation.html"
FIGURES = 4
"""Significant figures of numbers in the table."""


def write_validation(folder: Path, found: Inputs, *, page: bool) -> None:
    """Write the tables, what run they are of, and a page."""

    def write(new: Path) -> None:
        tables = {MOMENTS: found.table, SERIES: found.series}
        for name, table in tables.items():
            table.to_csv(new / name, index=False, float_format=f"%.{FIGURES}g")
        (new / MANIFEST).write_text(json_text(found.manifest), encoding="utf-8")
        if page:
            write_validation_page(new / PAGE, found, figures=new / "figures")

    put_folder(folder, write)


def as_text(table: pd.DataFrame, left_out: Sequence[str]) -> str:
    """Lay the rows that may be fitted out for a terminal, and count the others."""
    shown = table[(table["role"] == CALIBRATE) & table["distance"].notna()]
    names = [f"{row.moment}, {row.period}" for row in shown.itertuples()]
    width = max(map(len, names), default=6) + 2
    lines = [f"{'moment':<{width}}{'data':>8}{'model':>9}{'distance':>10}"]
    lines += [
        f"{name:<{width}}{plain(number(data)):>8}{plain(number(model)):>9}{distance:>10.1f}"
        for name, data, model, distance in zip(
            names, shown["data"], shown["model"], shown["distance"], strict=True
        )
    ]
    known = table["distance"].dropna()
    lines.append(
        f"\n{(known.abs() <= 1.0).sum()} of {len(known)} rows with data are within their tolerance,"
        f" {(shown['distance'].abs() <= 1.0).sum()} of {len(shown)} of those that may be fitted."
    )
    reasons = table.loc[table["left_out"] != "", "left_out"].value_counts()
    lines += [f"Left out: {n} rows ({reason})" for reason, n in reasons.items()]
    lines += [f"Left out: {line}" for line in left_out]
    return "\n".join(lines)
