"""What the values of choices are called on the page: words in place of names of files."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from experiments.study_report.inputs import StudyTables
from simulation.report.labels import REGIMES

WHERE = ("worst_in", "largest_regret_in")
TABLES = ("points", "effects", "interactions")


def relabelled(study: StudyTables) -> StudyTables:
    """Put words for the names of choices wherever a reader meets them.

    Words are those of the experiment (`value_labels` of a factor), else those of a comparison's
    page for regimes, else the name without its underscores; a factor two of whose values would be
    called the same keeps its names.

    Parameters
    ----------
    study : StudyTables
        As the folder has it.

    Returns
    -------
    StudyTables
    """
    words = value_words(study)
    changed = {name: _with_words(getattr(study, name), words) for name in TABLES}
    changed["decisions"] = _decisions(study.decisions, study, words)
    factors = [_named_choices(each, words.get(each["name"], {})) for each in study.factors]
    manifest = study.manifest | ({"factors": factors} if study.manifest.get("factors") else {})
    baseline = study.said("baseline")
    if isinstance(baseline, Mapping):
        manifest["baseline"] = {
            name: words.get(name, {}).get(str(value), value) for name, value in baseline.items()
        }
    return replace(study, manifest=manifest, **changed)


def _named_choices(factor: Mapping[str, Any], words: Mapping[str, str]) -> dict[str, Any]:
    choices = {"choices": [_word(value, words) for value in factor["choices"]]} if words else {}
    return {**factor, **choices}


def value_words(study: StudyTables) -> dict[str, dict[str, str]]:
    """Give by factor what each of its values is called; factors without names are left out."""
    said = (study.manifest.get("settings") or {}).get("factors") or {}
    found = {}
    for each in study.factors:
        texts = [value for value in each.get("choices") or [] if isinstance(value, str)]
        own = (said.get(each["name"]) or {}).get("value_labels") or {}
        usual = REGIMES if each["name"] == "regime" else {}
        words = {
            text: str(own.get(text, usual.get(text, text.replace("_", " ")))) for text in texts
        }
        if words and len(set(words.values())) == len(words):
            found[each["name"]] = words
    return found


def _with_words(table: pd.DataFrame, words: Mapping[str, Mapping[str, str]]) -> pd.DataFrame:
    """Replace names in the columns of factors, and in that of their reference."""
    table = table.copy()
    for factor, own in words.items():
        if factor in table.columns:
            table[factor] = [_word(value, own) for value in table[factor]]
        if {"by", "reference"} <= set(table.columns):
            table["reference"] = [
                _word(value, own) if by == factor else value
                for by, value in zip(table["by"], table["reference"], strict=True)
            ]
    return table


def _word(value: Any, words: Mapping[str, str]) -> Any:
    return words.get(str(value), value)


def _decisions(
    table: pd.DataFrame, study: StudyTables, words: Mapping[str, Mapping[str, str]]
) -> pd.DataFrame:
    """Replace the names of policies, and write futures as "economy is deep"."""
    table = table.copy()
    own = words.get(str(study.said("policies", "")), {})
    if "policy" in table.columns:
        table["policy"] = [_word(value, own) for value in table["policy"]]
    for column in WHERE:
        if column in table.columns:
            table[column] = [_where(str(text), study, words) for text in table[column]]
    return table


def _where(text: str, study: StudyTables, words: Mapping[str, Mapping[str, str]]) -> str:
    parts = [part.partition("=") for part in re.split(r", (?=[\w.]+=)", text)]
    return " and ".join(
        f"{study.names.inline(name)} is {_word(value, words.get(name, {}))}" if sign else name
        for name, sign, value in parts
    )
