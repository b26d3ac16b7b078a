"""The folder of a study, read for its page: any table may lack or be empty, not the manifest.

Of `manifest.json` these keys are used, each looked for at the top, then under `settings`; all may
lack: experiment, title, question, model, method, outcomes (label and unit by name), baseline,
policies, samples, size, emulator, factors (by name: label, unit, kind, low and high or choices),
notes, command, n_points, n_runs, n_new, seconds, seeds, design_seed, versions, commit,
code_version.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from experiments.study_report.figures.names import Names
from experiments.study_report.figures.tornado import effect_factors
from simulation.errors import InputError
from simulation.report.pen import value_text

TEXT_COLUMNS = {
    "outcome", "unit", "difference_unit", "regret_unit", "index", "factor", "other", "flag",
    "note", "policy", "better", "worst_in", "largest_regret_in", "by",
}  # fmt: skip
"""Columns of a study's tables that are text whatever they look like."""
TABLES = {
    "indices": "indices.csv",
    "convergence": "convergence.csv",
    "noise": "noise.csv",
    "effects": "effects.csv",
    "interactions": "interactions.csv",
    "decisions": "decisions.csv",
    "predictions": "predictions.csv",
}
NONE = pd.DataFrame()


@dataclass(frozen=True)
class StudyTables:
    """What a study folder holds.

    Attributes
    ----------
    manifest : dict
        As read.
    points, runs, indices, convergence, noise, effects, interactions, decisions, predictions
        Frames; empty where the study has none.
    """

    manifest: dict[str, Any]
    points: pd.DataFrame = field(default_factory=pd.DataFrame)
    runs: pd.DataFrame = field(default_factory=pd.DataFrame)
    indices: pd.DataFrame = field(default_factory=pd.DataFrame)
    convergence: pd.DataFrame = field(default_factory=pd.DataFrame)
    noise: pd.DataFrame = field(default_factory=pd.DataFrame)
    effects: pd.DataFrame = field(default_factory=pd.DataFrame)
    interactions: pd.DataFrame = field(default_factory=pd.DataFrame)
    decisions: pd.DataFrame = field(default_factory=pd.DataFrame)
    predictions: pd.DataFrame = field(default_factory=pd.DataFrame)

    def said(self, key: str, default: Any = None) -> Any:
        """Give what the manifest says at the top, or else in its settings."""
        settings = self.manifest.get("settings") or {}
        value = self.manifest.get(key, settings.get(key))
        return default if value is None else value

    @property
    def outcomes(self) -> list[str]:
        """Outcomes in the order of the settings, then others the tables tell of."""
        named = list(self.said("outcomes", []))
        for table in (self.indices, self.effects, self.decisions, self.noise):
            if "outcome" in table.columns:
                named += list(table["outcome"].astype(str))
        if not named:
            named = [str(c) for c in self.runs.columns if c not in ("point", "seed", "key")]
        return list(dict.fromkeys(map(str, named)))

    @property
    def choosable(self) -> list[str]:
        """The factors that are ours to choose: those the baseline fixes, else `policies`."""
        if self.said("method") == "one_at_a_time":
            return []
        policies = self.said("policies")
        return list(self.said("baseline") or ([policies] if policies else []))

    @property
    def block(self) -> int | None:
        """Points of the design that were drawn together; None where none was drawn."""
        method, samples = self.said("method"), self.said("samples")
        if method in ("morris", "sobol") and samples:
            return max(len(self.points) // int(samples), 1)
        if method == "efast" and samples:
            return int(samples)
        return 1 if method in ("delta", "pawn", "latin_hypercube", "sobol_sequence") else None

    def by_policy(self, table: pd.DataFrame) -> tuple[pd.DataFrame, str | None]:
        """Give a table of a grid with one column of policies, and what that column is called.

        A baseline of several factors, such as two kinds of help, neither given, makes every
        combination of them a policy.
        """
        chosen = [name for name in self.choosable if name in table.columns]
        if len(chosen) < 2:
            return table, (chosen[0] if chosen else None)
        names = self.names
        together = " and ".join(names.label(name) for name in chosen)
        words = [
            policy_words(dict(zip(chosen, row, strict=True)), names)
            for row in table[chosen].itertuples(index=False)
        ]
        return table.drop(columns=chosen).assign(**{together: words}), together

    @property
    def names(self) -> Names:
        """What factors and outcomes are called; units of outcomes, else as the tables give them."""
        labels = {outcome: readable(outcome) for outcome in self.outcomes}
        units: dict[str, str] = {}
        said = self.said("outcomes", {})
        for table in (self.indices, self.effects, self.decisions, self.noise):
            if {"outcome", "unit"} <= set(table.columns):
                pairs = table[["outcome", "unit"]].drop_duplicates("outcome").astype(str)
                units |= dict(pairs.itertuples(index=False))
        # Of indices the unit is that of a difference.
        for name, each in said.items() if isinstance(said, Mapping) else ():
            labels |= {name: str(each["label"])} if each.get("label") else {}
            units |= {name: str(each["unit"])} if each.get("unit") else {}
        for each in self.factors:
            labels |= {each["name"]: each["label"]} if each.get("label") else {}
            units |= {each["name"]: each["unit"]} if each.get("unit") else {}
        return Names(labels, units)

    @property
    def factors(self) -> list[dict[str, Any]]:
        """Factors as the manifest lists them, else as the tables name them."""
        listed = self.manifest.get("factors")
        if isinstance(listed, Mapping):
            listed = [{"name": name, **_mapping(said)} for name, said in listed.items()]
        if listed:
            return [each if isinstance(each, dict) else {"name": str(each)} for each in listed]
        columns = list(self.points.columns) or effect_factors(self.effects)
        if not columns and "factor" in self.indices.columns:
            columns = list(dict.fromkeys(self.indices["factor"]))
        return [{"name": str(name)} for name in columns if name not in ("factor", "level")]


def policy_words(values: Mapping[str, Any], names: Names) -> str:
    """Name a combination: what is true by its label, other values with theirs."""
    parts = []
    for name, value in values.items():
        if isinstance(value, bool | np.bool_):
            parts += [names.label(name)] if value else []
        else:
            parts.append(f"{names.label(name)} {value_text(value)}")
    return " + ".join(parts) or "none of them"


def _mapping(said: Any) -> dict[str, Any]:
    return dict(said) if isinstance(said, Mapping) else {}


def readable(name: str) -> str:
    """Make a key readable where there is no label."""
    words = name.replace("_", " ")
    return words[:1].upper() + words[1:]


def read_study(folder: Path) -> StudyTables:
    """Read whatever of a study's tables is there.

    Parameters
    ----------
    folder : Path
        Holds at least manifest.json.

    Returns
    -------
    StudyTables

    Raises
    ------
    InputError
        When the manifest is missing or a file that is there cannot be read; one line a file.
    """
    if not (folder / "manifest.json").is_file():
        raise InputError(f"{folder}: manifest.json is missing; the page of a study needs it")
    problems: list[str] = []
    tables: dict[str, Any] = {}

    def attempt(name: str, read: Any, file: str) -> None:
        try:
            tables[name] = read(folder / file)
        except (OSError, ValueError) as error:
            problems.append(f"{folder / file}: cannot be read: {error}")

    attempt("manifest", _read_manifest, "manifest.json")
    attempt("points", _read_points, "design.csv")
    attempt("runs", _read_runs, "runs.parquet")
    for name, file in TABLES.items():
        attempt(name, read_table, file)
    if problems:
        raise InputError(problems)
    return StudyTables(**tables)


def _read_manifest(path: Path) -> dict[str, Any]:
    manifest = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(manifest, dict):
        raise ValueError("not a JSON object")
    return manifest


def _read_points(path: Path) -> pd.DataFrame:
    table = read_table(path)
    return table.set_index("point") if "point" in table.columns else table.rename_axis("point")


def _read_runs(path: Path) -> pd.DataFrame:
    return pd.read_parquet(path) if path.is_file() else NONE.copy()


def read_table(path: Path) -> pd.DataFrame:
    """Read a table of text and numbers; empty where there is no file or nothing in it.

    Names stay text whatever they look like ("none", "nan"); a column all of whose entries are
    numbers or missing is float64 or int64, one of true and false is bool.

    Raises
    ------
    OSError, ValueError
        When it cannot be read.
    """
    if not path.is_file() or path.stat().st_size == 0:
        return NONE.copy()
    try:
        table = pd.read_csv(path, dtype=str, keep_default_na=False)
    except pd.errors.EmptyDataError:
        return NONE.copy()
    for name in table.columns:
        if name not in TEXT_COLUMNS:
            table[name] = _typed(table[name])
    return table


def _typed(column: pd.Series) -> pd.Series:
    """Turn text into numbers or truth where all of it is."""
    if len(column) and column.isin(["True", "False"]).all():
        return column == "True"
    try:
        return pd.to_numeric(column.where(column != "", np.nan))
    except ValueError:
        return column
