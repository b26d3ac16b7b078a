"""Trials of published designs inside the model, with what was published beside what is found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from experiments.files.replacing import json_text
from simulation.config import Config
from simulation.config.programme import reference_of
from simulation.errors import InputError
from simulation.files.placing import put_folder
from simulation.finished.names import MARKETS
from simulation.inputs.shipped import CONF
from simulation.results.paired import mean_interval
from simulation.results.trial import trial_effects
from simulation.runner import simulate

PUBLISHED = CONF / "validate" / "trials.csv"
TRIAL, MANIFEST = "trial.csv", "manifest.json"
KEYS = ["who", "saturation", "weeks"]
MEASURES = ("effect", "seen")
FIGURES = 4
"""Significant figures of numbers in the table."""


def published_of(design: str) -> pd.DataFrame:
    """Return what was published of a design: who, saturation, weeks, measure, published, source.

    Raises
    ------
    InputError
        If nothing of it is in the table.
    """
    table = pd.read_csv(PUBLISHED, dtype={"saturation": str})
    rows = table[table["design"] == design].drop(columns="design")
    if rows.empty:
        known = ", ".join(table["design"].unique())
        raise InputError(f"design must be one of {known}, got {design!r}; see conf/trial")
    return rows.reset_index(drop=True)


def run_trial(
    config: Config, seeds: Sequence[int], *, weeks: Sequence[int], progress: Callable[[int], None]
) -> pd.DataFrame:
    """Simulate a trial and the same world without it, seed by seed, and measure its effects.

    Parameters
    ----------
    config : Config
        With an intervention that has a `saturation`.
    seeds : sequence of int
    weeks : sequence of int
        When work is looked at.
    progress : callable
        Called with the number of seeds done after each.

    Returns
    -------
    DataFrame
        who, saturation, weeks, people (mean over seeds), then for effect and seen their mean and
        95 per cent interval, `_low` and `_high`, in points; NaN for one seed.
    """
    tables = []
    for number, seed in enumerate(seeds, start=1):
        without = simulate(reference_of(config), seed, people=True)
        run = simulate(config, seed, people=True, reference=without.tables[MARKETS])
        tables.append(trial_effects(run, without, weeks=weeks).assign(seed=seed))
        progress(number)
    rows: list[dict[str, Any]] = []
    for key, cell in pd.concat(tables).groupby(KEYS, sort=False):
        row = dict(zip(KEYS, key, strict=True)) | {"people": cell["people"].mean()}
        for measure in MEASURES:
            mean, low, high = map(float, mean_interval(cell[measure].to_numpy()))
            row |= {measure: mean, f"{measure}_low": low, f"{measure}_high": high}
        rows.append(row)
    return pd.DataFrame(rows)


def beside_published(found: pd.DataFrame, published: pd.DataFrame) -> pd.DataFrame:
    """Put what was published beside what the model finds; most rows have nothing beside them."""
    return found.merge(published, on=KEYS, how="left")


def write_trial(folder: Path, table: pd.DataFrame, manifest: dict[str, Any]) -> None:
    """Write the table and what it takes to repeat it."""

    def write(new: Path) -> None:
        table.to_csv(new / TRIAL, index=False, float_format=f"%.{FIGURES}g")
        (new / MANIFEST).write_text(json_text(manifest), encoding="utf-8")

    put_folder(folder, write)


def as_text(table: pd.DataFrame) -> str:
    """Lay a trial out for a terminal: points of people in work, with intervals."""
    heads = f"{'who':<13}{'share':>6}{'weeks':>7}{'people':>9}{'effect':>22}{'seen':>22}"
    lines = [f"{heads}  published"]
    for row in table.to_dict("records"):
        parts = [
            "" if pd.isna(row[name])
            else f"{row[name]:.1f} ({row[f'{name}_low']:.1f} to {row[f'{name}_high']:.1f})"
            for name in MEASURES
        ]  # fmt: skip
        told = "" if pd.isna(row["published"]) else f"{row['published']:.1f} {row['measure']}"
        lines.append(
            f"{row['who']:<13}{row['saturation']:>6}{row['weeks']:>7}{row['people']:>9,.0f}"
            f"{parts[0]:>22}{parts[1]:>22}  {told}".rstrip()
        )
    sources = table.loc[table["source"].notna(), ["who", "weeks", "source"]]
    lines += ["", *(f"{who}, {weeks} weeks: {text}" for who, weeks, text in sources.to_numpy())]
    return "\n".join(lines)
