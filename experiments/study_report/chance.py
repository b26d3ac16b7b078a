"""What of a study is chance, in sentences: noise, the emulator's misses, single changes."""

from __future__ import annotations

import numpy as np
import pandas as pd

from experiments.study_report.figures.names import Names
from experiments.study_report.figures.tornado import single_effects
from experiments.study_report.finding import Finding
from simulation.report.pen import listed, measured, percent, value_text


def noise_findings(noise: pd.DataFrame, outcome: str, *, names: Names) -> list[Finding]:
    """Say what share of the differences between points is chance.

    Parameters
    ----------
    noise : DataFrame
        outcome, n_seeds, noise_share, and `enough` and `note` where known; may be empty.
    outcome : str
    names : Names
    """
    if noise.empty or outcome not in set(noise["outcome"].astype(str)):
        return []
    row = noise[noise["outcome"].astype(str) == outcome].iloc[-1]
    size, n_seeds = float(row.get("noise_share", np.nan)), row.get("n_seeds", np.nan)
    label = names.inline(outcome)
    if not np.isfinite(size):
        note = str(row.get("note", "") or "it is not known")
        return [Finding(f"How much of the variance of {label} is chance cannot be told: {note}.",
                        False)]  # fmt: skip
    seeds = f"the means of {int(n_seeds)} seeds" if np.isfinite(n_seeds) else "means over seeds"
    if size >= 1.0:
        text = f"Points differ in {label} ({seeds}) no more than chance alone would make them."
        return [Finding(text, False)]
    text = f"Of what makes points differ in {label} ({seeds}), {parts_text(size)}."
    if "enough" in row and str(row["enough"]).lower() in ("false", "0", "0.0"):
        text += " That is less precise than the study aimed for: more seeds are needed."
    return [Finding(text, size < 0.5, is_aside=True)]


def parts_text(size: float) -> str:
    """Write the share of chance and that of the factors so that they add up to a hundred."""
    if size < 0.0005:
        return "practically nothing is chance"
    places = 0 if size >= 0.095 else 1
    of_chance = round(100.0 * size, places)
    return f"{of_chance:.{places}f}% is chance and {100.0 - of_chance:.{places}f}% the factors"


def emulator_findings(indices: pd.DataFrame, outcome: str) -> list[Finding]:
    """Say what the emulator behind the indices misses; nothing where there was none."""
    if "emulator_error" not in indices or "outcome" not in indices:
        return []
    errors = indices.loc[indices["outcome"].astype(str) == outcome, "emulator_error"].astype(float)
    if not np.isfinite(errors).any():
        return []
    error = float(errors.max())
    text = (
        "These indices come from an emulator, a fitted stand-in for the model; on points it had"
        f" not seen it missed {percent(error)} of the variance."
    )
    if error > 0.2:
        text += " That is too much to trust the smaller indices."
    return [Finding(text, error <= 0.2)]


def single_findings(effects: pd.DataFrame, outcome: str, *, names: Names) -> list[Finding]:
    """Say which single change moves an outcome most, and which cannot be told from noise.

    Parameters
    ----------
    effects : DataFrame
        Of a one-at-a-time design; see `single_effects`.
    outcome : str
    names : Names
    """
    if effects.empty or outcome not in set(effects["outcome"].astype(str)):
        return []
    rows = single_effects(effects, outcome)
    label, unit = names.inline(outcome), names.difference_unit(outcome)
    clear = rows[(rows["difference_low"] > 0) | (rows["difference_high"] < 0)]
    found = []
    order = clear["difference"].abs().sort_values(ascending=False, kind="stable").index
    for _, row in clear.loc[order].head(3).iterrows():
        limits = row[["difference", "difference_low", "difference_high"]]
        size = measured(*limits, unit=unit, signed=True)
        found.append(
            Finding(
                f"{names.label(row['factor'])} at {value_text(row['level'])} alone changes {label}"
                f" by {size}.",
                True,
            )  # fmt: skip
        )
    if clear.empty and len(rows):
        found.append(Finding(f"No single change moves {label} further than noise does.", False))
    hidden = [name for name in dict.fromkeys(rows["factor"]) if name not in set(clear["factor"])]
    if hidden and len(clear):
        found.append(Finding(f"Nothing can be told of {listed([names.label(f) for f in hidden])}:"
                             " every change is within noise.", False))  # fmt: skip
    return found
