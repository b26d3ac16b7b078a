"""Trials of published designs inside the model, with what was published beside what is found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from experiments.comparisons.kept import beside, forget_others, is_finished, set_aside_damaged
from experiments.files.replacing import json_text
from experiments.models import LABOUR_MARKET
from experiments.models.values import differences
from experiments.running.execution import run_works
from experiments.running.launchers import LauncherSettings
from experiments.running.work import Work, make_work
from experiments.store import Store
from simulation.config import Config
from simulation.config.programme import reference_of
from simulation.errors import InputError
from simulation.files.placing import put_folder
from simulation.finished.run import Run
from simulation.inputs.shipped import CONF
from simulation.results.paired import mean_interval
from simulation.results.trial import trial_effects

PUBLISHED = CONF / "validate" / "trials.csv"
TRIAL, MANIFEST, PAGE = "trial.csv", "manifest.json", "trial.html"
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
    config: Config,
    seeds: Sequence[int],
    *,
    weeks: Sequence[int],
    store: Path,
    launcher: LauncherSettings,
) -> pd.DataFrame:
    """Simulate a trial and the same world without it, seed by seed, and measure its effects.

    Parameters
    ----------
    config : Config
        With an intervention that has a `saturation`.
    seeds : sequence of int
    weeks : sequence of int
        When work is looked at.
    store : Path
        Each run is a row in it and is kept whole beside it; what is there is not done again.
    launcher : LauncherSettings

    Returns
    -------
    DataFrame
        who, saturation, weeks, people (mean over seeds), then for effect and seen their mean and
        95 per cent interval, `_low` and `_high`, in points; NaN for one seed.

    Raises
    ------
    InputError, RunsFailedError
        If runs failed; the finished ones are kept.
    """
    pairs = {seed: (_work(config, seed, store), _work(reference_of(config), seed, store))
             for seed in seeds}  # fmt: skip
    works = [work for pair in pairs.values() for work in pair]
    set_aside_damaged(works)
    run_works(
        works,
        store=Store(store, create=True),
        launcher=launcher,
        experiment="trial",
        is_done=is_finished,
    )
    folders = {work.key: work.folder for work in works if work.folder is not None}
    forget_others(beside(store), set(folders.values()))
    tables = []
    for seed, (run, without) in pairs.items():
        kept = Run.load(folders[run.key]), Run.load(folders[without.key])
        tables.append(trial_effects(*kept, weeks=weeks).assign(seed=seed))
    rows: list[dict[str, Any]] = []
    for key, cell in pd.concat(tables).groupby(KEYS, sort=False):
        row = dict(zip(KEYS, key, strict=True)) | {"people": cell["people"].mean()}
        for measure in MEASURES:
            mean, low, high = map(float, mean_interval(cell[measure].to_numpy()))
            row |= {measure: mean, f"{measure}_low": low, f"{measure}_high": high}
        rows.append(row)
    return pd.DataFrame(rows)


def _work(config: Config, seed: int, store: Path) -> Work:
    """Return the work of one run, which is kept with who worked when."""
    changes = differences(Config().model_dump(mode="json"), config.model_dump(mode="json"))
    work = make_work(LABOUR_MARKET, changes, seed, name=f"seed {seed}", people=True)
    return replace(work, folder=beside(store) / work.key)


def beside_published(found: pd.DataFrame, published: pd.DataFrame) -> pd.DataFrame:
    """Put what was published beside what the model finds; most rows have nothing beside them."""
    return found.merge(published, on=KEYS, how="left")


def write_trial(folder: Path, table: pd.DataFrame, manifest: dict[str, Any], *, page: bool) -> None:
    """Write the table, what it takes to repeat it and, if asked, the page."""

    def write(new: Path) -> None:
        if page:
            # Late: what draws takes a second to import.
            from simulation.report.page_of_trial import write_trial_page

            write_trial_page(new / PAGE, table, manifest, figures=new / "figures")
        table.to_csv(new / TRIAL, index=False, float_format=f"%.{FIGURES}g")
        (new / MANIFEST).write_text(json_text(manifest), encoding="utf-8")

    put_folder(folder, write)


def as_text(table: pd.DataFrame) -> str:
    """Lay a trial out for a terminal: points of people in work, with intervals."""
    heads = f"{'who':<13}{'share':>6}{'weeks':>7}{'people':>9}{'effect':>25}{'seen':>25}"
    lines = [f"{heads}  published"]
    for row in table.to_dict("records"):
        parts = [
            "" if pd.isna(row[name])
            else f"{row[name]:z.1f} ({row[f'{name}_low']:z.1f} to {row[f'{name}_high']:z.1f})"
            for name in MEASURES
        ]  # fmt: skip
        told = "" if pd.isna(row["published"]) else f"{row['published']:.1f} {row['measure']}"
        lines.append(
            f"{row['who']:<13}{row['saturation']:>6}{row['weeks']:>7}{row['people']:>9,.0f}"
            f"{parts[0]:>25}{parts[1]:>25}  {told}".rstrip()
        )
    sources = table.loc[table["source"].notna(), ["who", "weeks", "source"]]
    lines += ["", *(f"{who}, {weeks} weeks: {text}" for who, weeks, text in sources.to_numpy())]
    return "\n".join(lines)
