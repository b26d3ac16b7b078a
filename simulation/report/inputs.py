"""What the report of a comparison is made from."""

from __future__ import annotations

from typing import Any, NamedTuple

import pandas as pd

from simulation.report.figures.support_chosen import SupportTables
from simulation.report.labels import arm_labels


class Inputs(NamedTuple):
    """What a report is made from, as a comparison has it.

    Attributes
    ----------
    manifest : dict
        What was compared, and what it takes to do it again.
    monthly, summary, wards : DataFrame
        As in `docs/results.md`; `priority` of the wards is bool.
    support : SupportTables
    outcomes, pairs : DataFrame
        Seed by seed, as in `docs/results.md`; empty where they were not kept.
    period, verdict : DataFrame
        What each run brought each ward and group, and what every two arms differ by; empty where
        there is none.
    answer : tuple of str
        The verdict in sentences.
    dose : DataFrame
        What part of the money, places and people each regime moved; empty where there is none.
    pairing : DataFrame
        What comparing seed by seed was worth; empty where there is none.
    targets : DataFrame
        What was promised, what happened and whose doing it was; empty where nothing was promised.
    """

    manifest: dict[str, Any]
    monthly: pd.DataFrame
    summary: pd.DataFrame
    wards: pd.DataFrame
    support: SupportTables = SupportTables()
    outcomes: pd.DataFrame = pd.DataFrame()
    pairs: pd.DataFrame = pd.DataFrame()
    period: pd.DataFrame = pd.DataFrame()
    verdict: pd.DataFrame = pd.DataFrame()
    answer: tuple[str, ...] = ()
    dose: pd.DataFrame = pd.DataFrame()
    pairing: pd.DataFrame = pd.DataFrame()
    targets: pd.DataFrame = pd.DataFrame()


TABLES = ("monthly", "summary", "outcomes", "pairs", "period", "verdict", "dose", "targets")
"""Those of `Inputs` that may have a column of arms."""


def in_words(inputs: Inputs) -> Inputs:
    """Return the same with each arm called as a mayor would, in every table and the manifest."""
    manifest = inputs.manifest
    words = arm_labels(manifest["arms"])
    left_out = manifest.get("additionality_left_out", {})
    tables: dict[str, Any] = {name: _called(getattr(inputs, name), words) for name in TABLES}
    named = {
        "arms": [arm | {"name": words[arm["name"]]} for arm in manifest["arms"]],
        "baseline": words[manifest["baseline"]],
        "additionality_left_out": {words[arm]: why for arm, why in left_out.items()},
    }
    on_support = (table if table is None else _called(table, words) for table in inputs.support)
    return inputs._replace(manifest=manifest | named, support=SupportTables(*on_support), **tables)


def _called(table: pd.DataFrame, words: dict[str, str]) -> pd.DataFrame:
    """Return a table with other words for the arms in it."""
    found = table.columns.intersection(["arm", "against", "baseline"])
    return table.assign(
        **{name: table[name].map(lambda arm: words.get(arm, arm)) for name in found}
    )


def arms_in_order(manifest: dict[str, Any]) -> list[str]:
    """Return the names of the arms: the baseline first, the others as the manifest lists them."""
    names = [arm["name"] for arm in manifest["arms"]]
    return [manifest["baseline"], *(name for name in names if name != manifest["baseline"])]
