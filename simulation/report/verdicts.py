"""What is said besides the answer: chance, selection, precision, worth of pairs, the null."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from simulation.report.figures.estimates import estimate
from simulation.report.figures.helped import helped_scopes
from simulation.report.pen import (
    about,
    listed,
    measured,
    number,
)
from simulation.results.detectable import MINIMUM
from simulation.results.pairing import A_WARD, WHOLE
from simulation.results.sets import ALL

CHOSEN = {
    "creaming": "those engaged less all out of work in their group",
    "parking": "those served in full less those parked",
}


def chance_findings(additionality: pd.DataFrame, *, arms: Sequence[str]) -> str:
    """Say how many of the groups' net effects would seem clear by chance alone."""
    scopes = [*helped_scopes(additionality)]
    nets = [estimate(additionality, arm, scope, "net") for arm in arms for scope in scopes]
    known = [net for net in nets if net is not None and net.has_interval]
    if not known:
        return ""
    by_chance = number(0.05 * len(known), figures=2)
    return (
        f"Of {len(known)} net effects by group and kind of ward, {sum(n.is_clear for n in known)}"
        f" can be told from nothing; about {by_chance} would seem so by chance alone."
    )


def selection_lines(additionality: pd.DataFrame, *, arms: Sequence[str]) -> list[str]:
    """Say of each arm how much easier to place its clients were; nothing where it is not known."""
    lines = []
    for arm in arms:
        known = {name: estimate(additionality, arm, "all", name) for name in CHOSEN}
        parts = [
            f"{CHOSEN[name]}: {each.text('percentage points', signed=True)}"
            + (", cannot be told from nothing" if each.has_interval and not each.is_clear else "")
            for name, each in known.items()
            if each is not None
        ]
        if parts:
            lines.append(f"{arm}: {'; '.join(parts)}.")
    return lines


def precision(additionality: pd.DataFrame, *, arms: Sequence[str], people_per_agent: int) -> str:
    """Say how far the net effect is known and what thinning has to do with it.

    Chance of single people shrinks with the square root of their number, so the same seeds at full
    size would give about the half-width over the root of `people_per_agent`.
    """
    nets = [estimate(additionality, arm, "all", "net") for arm in arms]
    halves = [(net.high - net.low) / 2 for net in nets if net is not None and net.has_interval]
    if not halves:
        return ""
    half = float(np.median(halves))
    start = f"The net effect on people in work is known to about {about(half)} people either way"
    if people_per_agent == 1:
        return f"{start} (middle arm), at full size."
    full = half / np.sqrt(people_per_agent)
    return (
        f"{start} (middle arm). Part of that is the price of thinning: with one agent for each"
        f" person the same seeds would give about {about(full)}, so far as it is the chance of"
        " single people; the same is had from"
        f" {people_per_agent} times as many seeds."
    )


def worth_of_pairs(pairing: pd.DataFrame) -> str:
    """Say what comparing seed by seed was worth for years of work; nothing where it was worth none.

    Parameters
    ----------
    pairing : DataFrame
        As in `docs/results.md`; may be empty.
    """
    ratios = {
        (str(row["span"]), str(row["place"])): float(row["variance_ratio"])
        for row in pairing.to_dict("records")
        if np.isfinite(row["variance_ratio"])
    }
    if not ratios.get((WHOLE, ALL), np.nan) > 1:
        return ""
    years = [key for key in ratios if key[0].startswith("year")]
    more = [f"{number(ratios[years[-1]], figures=2)} in the last year"] if len(years) > 1 else []
    if (WHOLE, A_WARD) in ratios:
        more.append(f"{number(ratios[WHOLE, A_WARD], figures=2)} in a single ward")
    return (
        "For years of work over the whole period, pairing by seed was worth"
        f" {number(ratios[WHOLE, ALL], figures=2)} times the seeds"
        f"{f' ({listed(more)})' if more else ''}."
    )


def null_lines(null: pd.DataFrame) -> list[str]:
    """Say for each outcome of the history's null what changed and what could have been seen.

    Parameters
    ----------
    null : DataFrame
        outcome, unit, effect, low, high, `MINIMUM` (all float64 in the unit of the row),
        optionally arm, baseline, note.

    Returns
    -------
    list of str
        One sentence or two a row.
    """
    return [_null_line({str(k): v for k, v in row.items()}) for row in null.to_dict("records")]


def _null_line(row: dict[str, object]) -> str:
    effect, low, high, *least = (
        float(str(row[name])) for name in ("effect", "low", "high", *MINIMUM)
    )
    unit = str(row["unit"])
    name = str(row["outcome"]).replace("_", " ").replace("ni 15", "NI 15")
    pair = f" ({row['arm']} less {row['baseline']})" if row.get("arm") else ""
    start = f"{name[:1].upper()}{name[1:]}{pair}: {measured(effect, low, high, unit=unit)}."
    said = row.get("note")
    note = f" {said}" if isinstance(said, str) and said else ""
    if not np.isfinite(least[0]):
        return f"{start} An evaluator cannot see this: it takes both worlds.{note}"
    if least[1] <= abs(effect) <= least[2]:
        words = "about as large, and whether it would be seen is not sure"
    elif abs(effect) < least[1]:
        words = "inside the noise of a single region"
    else:
        words = "large enough to be seen"
    subject = "the effect, which may be nothing," if low <= 0 <= high else "the effect"
    return (
        f"{start} An evaluator of one region could have detected"
        f" {measured(*least, unit=unit)} or more: {subject} is {words}.{note}"
    )
