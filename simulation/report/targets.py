"""Targets in the words of a partnership: what was promised, what came, whose doing it was."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from simulation.report.pen import about, amount, decimal, figure, listed, percent, plural, span

PART_WORDS = {
    "economy": "the economy",
    "rules": "new benefit rules",
    "under_way": "what was under way",
}
MOST_TARGETS = 2
UNTOLD = (
    "cannot be told, for in some run there is nobody it is of; take a larger place or area, or"
    " fewer people an agent"
)


def size(value: float, unit: str, *, signed: bool = True) -> str:
    """Write a change: people whole, points and per cents to one place, small ones to two."""
    if unit == "people":
        return decimal(value, 0, signed=signed)
    text = decimal(value, 1 if abs(value) >= 0.95 else 2, signed=signed)
    return f"{text}%" if unit == "per cent" else f"{text} points"


def causes(row: Mapping[str, Any], name: str) -> list[str]:
    """Say what each cause made of a change, the largest first; nothing of what made none.

    Parameters
    ----------
    row : mapping
        Of the table of targets.
    name : str
        What the arm is called.
    """
    parts = sorted(PART_WORDS, key=lambda part: -abs(row[part]))
    found = [f"{PART_WORDS[part]} {size(row[part], row['unit'])}" for part in parts if row[part]]
    if row["arms_doing"] or row["arms_doing_low"] != row["arms_doing_high"]:
        limits = (row["arms_doing_low"], row["arms_doing_high"])
        ends = span(*limits, row["unit"], signed=True)
        mean = figure(row["arms_doing"], row["unit"], within=limits, signed=True)
        unsure = limits[0] <= 0 <= limits[1]
        said = f" ({ends}{', cannot be told from nothing' if unsure else ''})" if ends else ""
        found.append(f"{name} {mean}{'' if row['unit'] == 'people' else ' points'}{said}")
    if np.isfinite(row["luck_sd"]):
        spread, unit = row["luck_sd"], row["unit"]
        luck = about(spread, figures=2) if unit == "people" else size(spread, unit, signed=False)
        found.append(f"the luck of one region {luck} either way")
    return found


def met(row: Mapping[str, Any]) -> str:
    """Say in how many runs a target was met, and how often luck decided."""
    n, n_met = int(row["n_seeds"]), round(row["share_met"] * row["n_seeds"])
    n_luck = round(row["share_by_luck"] * n)
    return f"met in {n_met} of {n} runs" + (f", luck deciding in {n_luck}" if n_luck else "")


def kept(row: Mapping[str, Any]) -> str:
    """Say in how many runs a target was met, and what reward follows."""
    text = met(row)
    if row["reward_offered_gbp"]:
        share = percent(row["reward_gbp"] / row["reward_offered_gbp"])
        text += f"; {share} of the reward of {amount(row['reward_offered_gbp'], 'GBP')}"
    return text


def sentence(row: Mapping[str, Any], name: str) -> str:
    """Say all there is to say of one target under one arm."""
    promised, came = (size(row[each], row["unit"]) for each in ("promised", "change"))
    return (
        f"{row['label'][:1].upper()}{row['label'][1:]}: promised {promised}, came to {came} under"
        f" {name}. Whose doing: {listed(causes(row, name), most=8)}. It was {kept(row)}."
    )


def lines(table: pd.DataFrame, labels: Mapping[str, str]) -> list[str]:
    """Put targets into sentences: each with the arm, the baseline apart, that did most for it.

    Parameters
    ----------
    table : DataFrame
        Columns `simulation.results.targets.TABLE`; no rows give no text.
    labels : mapping of str to str
        What each arm is called, the baseline's first.
    """
    said = []
    baseline = next(iter(labels))
    names = list(dict.fromkeys(table["target"]))
    for name in names[:MOST_TARGETS]:
        own = table[(table["target"] == name) & (table["arm"] != baseline)].to_dict("records")
        if not np.isfinite(own[0]["change"]):
            said.append(f"{own[0]['label']}: {UNTOLD}")
            continue
        sign = np.sign(own[0]["promised"])
        row = max(own, key=lambda each: sign * each["arms_doing"])
        promised, came = (size(row[each], row["unit"]) for each in ("promised", "change"))
        arm = labels[row["arm"]]
        said += [
            f"{row['label']}: promised {promised}, came to {came} under {arm}, {met(row)}",
            f"whose doing that was: {listed(causes(row, arm), most=8)}",
        ]
    if len(names) > MOST_TARGETS:
        said.append(f"{plural(len(names) - MOST_TARGETS, 'target')} more in targets.csv")
    return said


def targets_data(table: pd.DataFrame, labels: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return what the page shows of targets: by target its label, unit and, by arm, its parts.

    Parameters
    ----------
    table : DataFrame
    labels : mapping of str to str
        What each arm is called, in the order of the page.

    Returns
    -------
    list of dict
        label, unit, rows (by arm: said, and rows of what, value, text), of those that can be told.
    """
    found = []
    told = table[table["change"].notna()]
    for name in dict.fromkeys(told["target"]):
        own = told[told["target"] == name].set_index("arm")
        rows = [_steps({**own.loc[arm].to_dict(), "arm": arm}, labels[arm]) for arm in labels]
        first = own.iloc[0]
        found.append({"label": str(first["label"]), "unit": str(first["unit"]), "rows": rows})
    return found


def _steps(row: dict[str, Any], name: str) -> dict[str, Any]:
    """Return the steps from nothing to what came, and what was promised beside it."""
    steps = [
        *((PART_WORDS[part], float(row[part])) for part in ("under_way", "rules", "economy")),
        (name, float(row["arms_doing"])),
    ]
    return {
        "said": sentence(row, name),
        "steps": [{"what": what, "value": round(value, 4), "text": size(value, row["unit"])}
                  for what, value in steps],
        "came": {"value": round(float(row["change"]), 4), "text": size(row["change"], row["unit"])},
        "promised": {"value": round(float(row["promised"]), 4),
                     "text": size(row["promised"], row["unit"])},
    }  # fmt: skip
