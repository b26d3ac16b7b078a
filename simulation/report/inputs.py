"""What the report of a comparison is made from: read, checked, every problem said at once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from simulation.errors import InputError
from simulation.report.figures.maps import WARD_COLUMNS
from simulation.report.figures.support_chosen import SUPPORT_FILES, SupportTables
from simulation.results.outcomes import MONTHLY_COLUMNS
from simulation.results.paired import SUMMARY_COLUMNS

MANIFEST_KEYS: dict[str, tuple[type, ...]] = {
    "command": (str,),
    "area": (str,),
    "arms": (list,),
    "baseline": (str,),
    "seeds": (list,),
    "start": (str,),
    "weeks": (int,),
    "people_per_agent": (int,),
    "versions": (dict,),
    "commit": (str, type(None)),
    "seconds": (int, float),
    "boundaries": (str, type(None)),
    "code_version": (str,),
}


class Inputs(NamedTuple):
    """What a report is made from, read and checked."""

    manifest: dict[str, Any]
    monthly: pd.DataFrame
    summary: pd.DataFrame
    wards: pd.DataFrame
    support: SupportTables = SupportTables()


def read_inputs(folder: Path) -> Inputs:
    """Read and check what a report needs, with every problem reported at once.

    Raises
    ------
    InputError
        One line a problem.
    """
    names = ("manifest.json", "monthly.parquet", "summary.csv", "wards.csv")
    missing = [name for name in names if not (folder / name).is_file()]
    if missing:
        raise InputError(
            [f"{folder}: {name} is missing; a report needs {', '.join(names)}" for name in missing]
        )
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        monthly = pd.read_parquet(folder / "monthly.parquet")
        summary = _read_summary(folder / "summary.csv")
        wards = pd.read_csv(folder / "wards.csv", dtype={"code": str, "name": str, "district": str})
        support = _read_support(folder)
    except (OSError, ValueError) as error:
        raise InputError(f"{folder}: an input of the report cannot be read: {error}") from error
    problems = _manifest_problems(manifest)
    for name, frame, columns in (
        ("monthly.parquet", monthly, MONTHLY_COLUMNS),
        ("summary.csv", summary, SUMMARY_COLUMNS[:-1]),
        ("wards.csv", wards, WARD_COLUMNS),
    ):
        problems += [f"{name}: column {c} is missing" for c in columns if c not in frame.columns]
    problems += _support_problems(support)
    if not problems:
        problems = _arm_problems(manifest, monthly, summary)
    if problems:
        raise InputError([f"{folder}: {problem}" for problem in problems])
    wards["priority"] = wards["priority"].astype(str).str.lower().isin(["1", "1.0", "true"])
    return Inputs(manifest, monthly, summary, wards, support)


TEXT_COLUMNS = (
    "arm", "outcome", "unit", "note", "scope", "source", "target", "ward", "group",
    "stage", "stream", "funder", "date", "baseline",
)  # fmt: skip
"""Columns that are text in every table a comparison writes; all others are numbers."""


def _read_summary(path: Path) -> pd.DataFrame:
    """Read a summary; names stay text whatever they look like, empty numbers are missing."""
    summary = pd.read_csv(path, dtype=dict.fromkeys(TEXT_COLUMNS, str), keep_default_na=False)
    numbers = [name for name in summary.columns if name not in TEXT_COLUMNS]
    summary[numbers] = summary[numbers].apply(pd.to_numeric)
    return summary


def _read_support(folder: Path) -> SupportTables:
    """Read those tables on support that are there and have rows."""
    tables = {
        name: _read_summary(folder / f"{name}.csv")
        for name in SUPPORT_FILES
        if (folder / f"{name}.csv").is_file()
    }
    if "coverage" in tables and "duplication" not in tables["coverage"]:
        tables["coverage"] = tables["coverage"].rename(columns={"over_provision": "duplication"})
    return SupportTables(**{name: table for name, table in tables.items() if len(table)})


def _support_problems(support: SupportTables) -> list[str]:
    """Name the columns that lack in the tables on support."""
    return [
        f"{name}.csv: column {column} is missing"
        for name, table in support._asdict().items()
        if table is not None
        for column in SUPPORT_FILES[name]
        if column not in table.columns
    ]


def _manifest_problems(manifest: Any) -> list[str]:
    if not isinstance(manifest, dict):
        return ["manifest.json: must be an object"]
    problems = [
        f"manifest.json: key {key} is missing" for key in MANIFEST_KEYS if key not in manifest
    ]
    problems += [
        f"manifest.json: {key} must be {' or '.join(kind.__name__ for kind in kinds)}, got"
        f" {manifest[key]!r}"
        for key, kinds in MANIFEST_KEYS.items()
        if key in manifest and not isinstance(manifest[key], kinds)
    ]
    return problems


def _arm_problems(
    manifest: dict[str, Any], monthly: pd.DataFrame, summary: pd.DataFrame
) -> list[str]:
    names = [arm["name"] for arm in manifest["arms"]]
    problems = []
    if manifest["baseline"] not in names:
        problems.append(
            f"manifest.json: baseline {manifest['baseline']!r} is not one of the arms"
            f" {', '.join(names)}"
        )
    for file, frame in (("monthly.parquet", monthly), ("summary.csv", summary)):
        present = set(frame["arm"].unique())
        problems += [
            f"{file}: no rows of arm {name!r}, which manifest.json names"
            for name in names
            if name not in present
        ]
    return problems
