"""A comparison as a folder: its tables, its runs and its page, written and read again."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from experiments.comparisons.arms import Arm
from experiments.comparisons.kept import folder_of
from experiments.files.folders import check_free
from experiments.files.locks import held
from experiments.files.replacing import json_text, read_json
from simulation.errors import InputError
from simulation.files.listing import check_whole
from simulation.files.placing import put_folder, remove_ours
from simulation.finished.folder import written_config

if TYPE_CHECKING:
    from experiments.comparisons.result import Comparison

MANIFEST, WARDS = "manifest.json", "wards.csv"
FACTS = ("command", "versions", "commit", "code_version", "seconds", "sets", "precision")
LATER: dict[str, Any] = {"held": [], "thinning": "", "targets": {}}
"""Facts that folders of an earlier version do not have."""
PARQUET = ("monthly", "pairs", "participants", "period", "dose_cells")
DECIDED = (
    "answer", "verdict", "order", "dose", "pairing", "targets", "targets_by_seed", "target_values",
)  # fmt: skip
"""Tables of the verdict and of targets, where there is anything to compare."""
READ = (
    "outcomes", "journey", "reached", "engaged", "coverage", "spend", "partners", "target_values",
)  # fmt: skip
"""Tables that are read again, besides those in `PARQUET`; all others are made of these."""
TEXT = dict.fromkeys(
    ("arm", "outcome", "unit", "source", "target", "ward", "group", "stage", "stream", "funder",
     "place", "code", "name", "district"), str,
)  # fmt: skip


def write_comparison(found: Comparison, folder: Path, *, page: bool, overwrite: bool) -> Path:
    """Write all of a comparison: `Comparison.write`."""
    runs = {key: folder_of(folder, *key) for key in found.folders}
    copied = {} if runs == dict(found.folders) else found.folders

    def write(new: Path) -> None:
        for key, place in copied.items():
            check_whole(place)
            shutil.copytree(place, folder_of(new, *key))
        for name in PARQUET:
            path = new / f"{name}.parquet"
            found.frames[name].to_parquet(path, compression="zstd", index=False)
        tables = {"wards": found.wards, "outcomes": found.outcomes, "summary": found.summary}
        decided = {name: getattr(found, name) for name in DECIDED}
        tables |= {name: table for name, table in decided.items() if len(table)}
        for name, table in (tables | found.on_support).items():
            # History's null only where it could be looked at.
            if name != "null" or len(table):
                table.to_csv(new / f"{name}.csv", index=False)
        (new / MANIFEST).write_text(json_text(found.manifest), encoding="utf-8")
        if page:
            found.answer_page(new / "page.html", appendix="report.html", beside=folder)
            found.page(new / "report.html", figures=new / "figures", beside=folder)

    with held(folder):
        if copied:
            check_free(folder, overwrite=overwrite)
            remove_ours(folder)
        put_folder(folder, write)
    return folder


def read_comparison(folder: Path) -> dict[str, Any]:
    """Return what a `Comparison` is made of: `Comparison.load`."""
    try:
        files = check_whole(folder).files
        manifest = read_json(folder / MANIFEST)
        frames = {name: pd.read_parquet(folder / f"{name}.parquet") for name in PARQUET}
        frames["wards"] = read_csv(folder / WARDS)
        for name in READ:
            path = folder / f"{name}.csv"
            frames[name] = read_csv(path) if path.name in files else pd.DataFrame()
        written = [(arm["name"], tuple(arm["overrides"]), arm["config"])
                   for arm in manifest["arms"]]  # fmt: skip
        seeds, baseline = tuple(int(seed) for seed in manifest["seeds"]), manifest["baseline"]
        facts = {name: manifest[name] for name in FACTS}
        facts |= {name: manifest.get(name, usual) for name, usual in LATER.items()}
    except (OSError, ValueError, KeyError, InputError) as error:
        raise InputError(f"{folder} is not the folder of a comparison: {error}") from error
    return {
        "arms": tuple(
            Arm(name, words, written_config(folder, config, facts["commit"]))
            for name, words, config in written
        ),
        "seeds": seeds,
        "baseline": baseline,
        "frames": frames,
        "folders": {
            (name, seed): folder_of(folder, name, seed) for seed in seeds for name, *_ in written
        },
        "facts": facts,
    }


def read_csv(path: Path) -> pd.DataFrame:
    """Read a table as it was written, to the last bit; names stay text whatever they look like."""
    numbers = pd.read_csv(path, nrows=0).columns.difference(list(TEXT))
    missing = dict.fromkeys(numbers, [""])
    table = pd.read_csv(path, dtype=TEXT, keep_default_na=False, na_values=missing)
    return table.assign(date=table["date"].astype("datetime64[ns]")) if "date" in table else table
