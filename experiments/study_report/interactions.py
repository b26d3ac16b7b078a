"""Whether what a policy does depends on another factor, in sentences."""

from __future__ import annotations

import numpy as np
import pandas as pd

from experiments.study_report.decisions import spread_text
from experiments.study_report.figures.marks import may_be_chance
from experiments.study_report.figures.names import Names
from experiments.study_report.finding import Finding
from simulation.report.pen import measured, value_text

NEEDS = {"by", "reference", "outcome", "interaction", "low", "high"}


def interaction_findings(
    interactions: pd.DataFrame, outcome: str, *, policies: str | None, names: Names
) -> list[Finding]:
    """Say by which factors the difference that policies make changes, and by how much at most.

    Parameters
    ----------
    interactions : DataFrame
        One column a factor, then `NEEDS`: the difference from the baseline at a level of the
        factor `by`, less that at its reference; may be empty.
    outcome : str
    policies : str or None
        The factor that is ours to choose; without it nothing is said.
    names : Names
    """
    if policies is None or policies not in interactions or not set(interactions.columns) >= NEEDS:
        return []
    rows = interactions[interactions["outcome"].astype(str) == outcome]
    rows = rows[np.isfinite(rows["interaction"].astype(np.float64))]
    return [
        _by_factor(own, str(by), outcome, policies, names)
        for by, own in rows.groupby("by", sort=False)
        if by in rows.columns and own[["interaction", "low", "high"]].to_numpy(float).any()
    ]


def _by_factor(rows: pd.DataFrame, by: str, outcome: str, policies: str, names: Names) -> Finding:
    """Count the comparisons with the reference that can be told, and give the largest."""
    unit = names.difference_unit(outcome)
    reference = value_text(rows["reference"].iloc[0])
    ups, downs = rows[rows["low"] > 0], rows[rows["high"] < 0]
    start = f"Does {names.inline(by)} change what policies do?"
    among = f"{len(rows)} comparisons with {reference}"
    if ups.empty and downs.empty:
        reach = spread_text(rows, "low", "high", limits=("low", "high"), unit=unit)
        text = f"{start} That cannot be told: in none of {among} does the interval of the change"
        return Finding(f"{text} leave zero out; intervals reach {reach}.", False)
    clear = pd.concat([ups, downs])
    if may_be_chance(rows, "interaction", "low", "high"):
        text = f"{start} That cannot be told: the change stands out in {len(clear)} of {among}, and"
        return Finding(f"{text} chance alone may show as many.", False)
    counts = [
        f"{word} in {len(some)}" for word, some in (("up", ups), ("down", downs)) if len(some)
    ]
    row = clear.iloc[int(clear["interaction"].abs().argmax())]
    size = measured(row["interaction"], row["low"], row["high"], unit=unit, signed=True)
    text = (
        f"{start} Yes: it moves the difference they make {' and '.join(counts)} of {among}; most"
        f" under {names.label(value_text(row[policies]))} at {value_text(row[by])}, by {size}."
    )
    return Finding(text, True)
