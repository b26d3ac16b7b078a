"""A comparison as a folder: its tables, its runs and its page, written and read again."""

from __future__ import annotations

import shutil
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from experiments.comparisons.arms import Arm
from experiments.comparisons.kept import folder_of
from experiments.files.folders import check_free
from experiments.files.replacing import read_json, replace_file, write_json
from simulation.config import Config
from simulation.errors import InputError

if TYPE_CHECKING:
    from experiments.comparisons.result import Comparison

MANIFEST, WARDS = "manifest.json", "wards.csv"
FACTS = ("command", "versions", "commit", "code_version", "seconds")
PARQUET = ("monthly", "pairs")
READ = ("outcomes", "journey", "coverage", "spend", "partners")
"""Tables that are read again, besides those in `PARQUET`; all others are made of these."""
TEXT = dict.fromkeys(
    ("arm", "outcome", "unit", "source", "target", "ward", "group", "stage", "stream", "funder",
     "code", "name", "district"), str,
)  # fmt: skip


def write_comparison(found: Comparison, folder: Path, *, page: bool, overwrite: bool) -> Path:
    """Write all of a comparison: `Comparison.write`."""
    runs = {key: folder_of(folder, *key) for key in found.folders}
    if runs != dict(found.folders):
        check_free(folder, overwrite=overwrite)
        shutil.rmtree(folder, ignore_errors=True)
        for key, place in runs.items():
            shutil.copytree(found.folders[key], place)
    for name in PARQUET:
        write = partial(found.frames[name].to_parquet, compression="zstd", index=False)
        replace_file(folder / f"{name}.parquet", write)
    tables = {"wards": found.wards, "outcomes": found.outcomes, "summary": found.summary}
    _write_tables(folder, tables | found.on_support)
    write_json(folder / MANIFEST, found.manifest)
    if page:
        found.page(folder / "report.html", figures=folder / "figures")
    else:
        # One that is there tells of other tables.
        (folder / "report.html").unlink(missing_ok=True)
    return folder


def _write_tables(folder: Path, tables: dict[str, pd.DataFrame]) -> None:
    """Write a CSV a table; history's null only where it could be looked at."""
    for name, table in tables.items():
        if name == "null" and table.empty:
            (folder / "null.csv").unlink(missing_ok=True)
            continue
        replace_file(folder / f"{name}.csv", partial(table.to_csv, index=False))


def read_comparison(folder: Path) -> dict[str, Any]:
    """Return what a `Comparison` is made of: `Comparison.load`."""
    try:
        manifest = read_json(folder / MANIFEST)
        frames = {name: pd.read_parquet(folder / f"{name}.parquet") for name in PARQUET}
        frames["wards"] = _csv(folder / WARDS)
        for name in READ:
            path = folder / f"{name}.csv"
            frames[name] = _csv(path) if path.exists() else pd.DataFrame()
        arms = tuple(
            Arm(arm["name"], tuple(arm["overrides"]), Config.from_mapping(arm["config"]))
            for arm in manifest["arms"]
        )
        seeds = tuple(int(seed) for seed in manifest["seeds"])
        return {
            "arms": arms,
            "seeds": seeds,
            "baseline": manifest["baseline"],
            "frames": frames,
            "folders": {
                (arm.name, seed): folder_of(folder, arm.name, seed)
                for seed in seeds
                for arm in arms
            },
            "facts": {name: manifest[name] for name in FACTS},
        }
    except (OSError, ValueError, KeyError) as error:
        raise InputError(f"{folder} is not the folder of a comparison: {error}") from error


def _csv(path: Path) -> pd.DataFrame:
    """Read a table as it was written, to the last bit; names stay text whatever they look like."""
    table = pd.read_csv(path, dtype=TEXT, keep_default_na=False, na_values={"value": [""]})
    return table.assign(date=table["date"].astype("datetime64[ns]")) if "date" in table else table
