"""Whether what a policy does depends on another factor, in sentences."""

from __future__ import annotations

import numpy as np
import pandas as pd

from experiments.study_figures.names import Names, level, number
from experiments.study_page.wording import Finding

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
    if policies not in interactions.columns or not set(interactions.columns) >= NEEDS:
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
    reference = level(rows["reference"].iloc[0])
    ups, downs = rows[rows["low"] > 0], rows[rows["high"] < 0]
    start = f"Does {names.label(by)} change what policies do?"
    if ups.empty and downs.empty:
        text = (
            f"{start} That cannot be told: in none of {len(rows)} comparisons with"
            f" {reference} does the interval of the change leave zero out."
        )
        return Finding(text, False)
    counts = [
        f"{len(some)} {word}"
        for word, some in (("upwards", ups), ("downwards", downs))
        if len(some)
    ]
    clear = pd.concat([ups, downs])
    row = clear.loc[clear["interaction"].abs().idxmax()]
    size, low, high = (number(float(row[name]), signed=True)
                       for name in ("interaction", "low", "high"))  # fmt: skip
    text = (
        f"{start} Yes, in {' and '.join(counts)} of {len(rows)} comparisons with {reference}; most"
        f" under {names.label(level(row[policies]))} at {level(row[by])}, where the difference it"
        f" makes moves by {f'{size} {unit}'.strip()} ({low} to {high})."
    )
    return Finding(text, True)
