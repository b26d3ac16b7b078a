"""A summary in words: what differs between arms, by how much, and how sure that is."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from simulation.report.figures.estimates import POUND, pounds
from simulation.report.figures.style import about
from simulation.results.outcomes import BY_NAME

MINUS = "\u2212"
UNIT_OF_DIFFERENCE = {"per cent": "percentage points", "people": "", "GBP": ""}
DECIMALS = {"starts a year": 0, "weeks": 1, "ratio": 2, "barriers": 2}
"""Places after the point for units of support."""
KEY_OUTCOMES = (
    "employment_rate_end",
    "out_of_work_benefits_end",
    "jsa_peak",
    "long_term_workless_share_end",
    "hires_over_12_months_share",
    "employment_gap_end",
    "job_entries",
    "sustained_26_weeks",
    "unmet_need",
    "over_provision",
    "cost_per_job",
)
"""What the key findings tell of; the table holds the rest."""


class Finding(NamedTuple):
    """One outcome of one arm compared with the baseline."""

    arm: str
    outcome: str
    label: str
    sentence: str
    is_clear: bool


class TableRow(NamedTuple):
    """One row of the table: an arm's figures for one outcome, as text."""

    arm: str
    mean: str
    interval: str
    difference: str
    difference_interval: str
    is_clear: bool


def label_of(outcome: str) -> str:
    """Name an outcome as the registry does, else make its key readable."""
    if outcome in BY_NAME:
        return BY_NAME[outcome].label
    words = outcome.replace("_", " ")
    return words[:1].upper() + words[1:]


def amount(value: float, unit: str) -> str:
    """Write a level with its unit, as "71.3%" or "61,234"."""
    if unit == "per cent":
        return f"{value:.1f}%"
    if unit == "people":
        return f"{value:,.0f}"
    if unit == "percentage points":
        return f"{value:.1f} points"
    if unit == "GBP":
        return pounds(value)
    if unit in DECIMALS:
        return f"{value:,.{DECIMALS[unit]}f} {unit}"
    return f"{value:,.4g} {unit}".strip()


def change(value: float, unit: str, *, signed: bool = False) -> str:
    """Write the size of a difference without its unit; with its sign if asked for."""
    sign = "+" if signed else ""
    size = value if signed else abs(value)
    if unit == "people":
        text = f"{size:{sign},.0f}" if signed else about(size)
    elif unit in ("per cent", "percentage points"):
        text = f"{size:{sign}.2f}"
    elif unit == "GBP":
        text = f"{'+' if signed and value > 0 else ''}{pounds(size)}"
    elif unit in DECIMALS:
        text = f"{size:{sign},.{DECIMALS[unit]}f}"
    else:
        text = f"{size:{sign},.3g}"
    return text.replace("-", MINUS)


def findings(summary: pd.DataFrame, baseline: str) -> dict[str, list[Finding]]:
    """Put the difference from the baseline in each key outcome into a sentence.

    Parameters
    ----------
    summary : DataFrame
        As `comparison.summarise` gives it.
    baseline : str
        The arm the others are compared with.

    Returns
    -------
    dict of str to list of Finding
        By arm, those that can be told from noise first; no key for the baseline. If the summary
        has no key outcome, all its outcomes are told.
    """
    is_key = summary["outcome"].isin(KEY_OUTCOMES)
    summary = summary[is_key] if is_key.any() else summary
    base = summary[summary["arm"] == baseline].set_index("outcome")["mean"].to_dict()
    found: dict[str, list[Finding]] = {}
    for row in _records(summary[summary["arm"] != baseline]):
        sentence = _sentence(row, baseline, base[row["outcome"]])
        finding = Finding(
            row["arm"], row["outcome"], label_of(row["outcome"]), sentence, is_clear(row)
        )
        found.setdefault(row["arm"], []).append(finding)
    return {arm: sorted(each, key=lambda f: not f.is_clear) for arm, each in found.items()}


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(key): value for key, value in row.items()} for row in frame.to_dict("records")]


def is_clear(row: dict[str, Any]) -> bool:
    """Whether the interval of the difference leaves zero out."""
    return bool(row["difference_low"] > 0 or row["difference_high"] < 0)


def _sentence(row: dict[str, Any], baseline: str, base: float) -> str:
    """State both levels, the difference, its interval and whether it could be noise."""
    unit, arm = row["unit"], row["arm"]
    levels = f"{_level(base, unit)} under {baseline}, {_level(row['mean'], unit)} under {arm}"
    low, high, value = row["difference_low"], row["difference_high"], row["difference"]
    known = BY_NAME.get(row["outcome"])
    more, fewer = known.words if known is not None else ("more", "less")
    points = UNIT_OF_DIFFERENCE.get(unit, unit)

    def size(number: float) -> str:
        return " ".join(part for part in (change(number, unit), points) if part)

    word = more if value > 0 else fewer
    if np.isnan(low):
        return (
            f"{levels}: {size(value)} {word} in the one pair of runs. With one seed there is no"
            " telling how much of that is chance."
        )
    if low == high == 0:
        return f"{levels}: the same in every pair of runs."
    if low > 0 or high < 0:
        near, far = sorted((low, high), key=abs)
        return (
            f"{levels}: {size(value)} {word} (between {change(near, unit)} and"
            f" {change(far, unit)})."
        )
    return (
        f"{levels}. The difference cannot be told from noise (between {size(low)} {fewer} and"
        f" {size(high)} {more})."
    )


def _level(value: float, unit: str) -> str:
    """Write a level for a sentence; people to four significant figures."""
    return about(value, figures=4) if unit == "people" else amount(value, unit)


def table_rows(summary: pd.DataFrame) -> dict[str, list[TableRow]]:
    """Lay the summary out as text: by outcome's label and unit, one row an arm."""
    table: dict[str, list[TableRow]] = {}
    for row in _records(summary):
        unit = row["unit"]
        shown = {"GBP": POUND}.get(unit, unit)
        key = f"{label_of(row['outcome'])} ({shown})" if unit else label_of(row["outcome"])
        difference, interval = "", ""
        if np.isfinite(row["difference"]):
            difference = change(row["difference"], unit, signed=True)
            interval = _interval(
                change(row["difference_low"], unit, signed=True),
                change(row["difference_high"], unit, signed=True),
                is_known=bool(np.isfinite(row["difference_low"])),
            )
        levels = [_bare(row[name], unit) for name in ("low", "high")]
        table.setdefault(key, []).append(
            TableRow(
                row["arm"],
                _bare(row["mean"], unit),
                _interval(*levels, is_known=bool(np.isfinite(row["low"]))),
                difference,
                interval,
                is_clear(row),
            )
        )
    return table


def _bare(value: float, unit: str) -> str:
    """Write a level without the unit that the heading of the table gives."""
    return amount(value, unit).removesuffix(" points").removesuffix(f" {unit}")


def _interval(low: str, high: str, *, is_known: bool) -> str:
    return f"{low} to {high}" if is_known else "one seed: none"


def certainty(summary: pd.DataFrame, *, n_seeds: int) -> list[str]:
    """Say what the intervals mean, how many clear differences chance gives, what pairing gained.

    What the baseline has nothing of, such as clients where there is no support, is left out of
    the counts: any difference is clear there, and pairing gains nothing.
    """
    summary = summary[summary["difference"].isna() | (summary["difference"] != summary["mean"])]
    if n_seeds == 1:
        return [
            "There is one seed, so no interval can be given and no difference can be told from"
            " noise. Run again with more seeds before drawing a conclusion."
        ]
    lines = [
        f"Every arm was run {n_seeds} times, with the same {n_seeds} seeds. Intervals are 95% t"
        " intervals for the average that the model would give over very many seeds: if the whole"
        f" set of {n_seeds} seeds were drawn anew again and again, about 95 of 100 such intervals"
        " would hold that average. They say nothing about whether the model is right."
    ]
    compared = [row for row in _records(summary) if np.isfinite(row["difference"])]
    if compared:
        n_clear = sum(map(is_clear, compared))
        lines.append(
            f"Of {len(compared)} differences, {n_clear} can be told from noise; if no arm made any"
            f" difference, about {0.05 * len(compared):.1f} would seem so by chance. The"
            " outcomes move together, so they are not independent proofs."
        )
    ratios = summary["variance_ratio"].dropna()
    if len(ratios):
        lines.append(_pairing(float(ratios.median())))
    return lines


def _pairing(ratio: float) -> str:
    """Say how much comparing within seeds narrowed the differences, by the median outcome."""
    start = "Arms are compared seed by seed, so that the same people meet the same luck. "
    if np.isinf(ratio):
        return start + "For most outcomes the pairs did not vary at all."
    if ratio > 1:
        times = about(ratio) if ratio >= 10 else f"{ratio:.1f}"
        return start + (
            f"For the middling outcome this is worth {times} times as many runs compared without"
            " pairing."
        )
    return start + "Here it did not narrow the intervals (variance ratio below one)."


def thinning(people_per_agent: int, *, count: float) -> str:
    """Say how coarse the simulated population is.

    Parameters
    ----------
    people_per_agent : int
        People each simulated person stands for.
    count : float
        Some count of people to give an example for; the standard deviation of a thinned count of
        N is about sqrt(N x people_per_agent) (Poisson, the upper end for a rare state).
    """
    if people_per_agent == 1:
        return (
            "The population is at full size: one simulated person for each resident of working age."
        )
    noise = 1.96 * np.sqrt(count * people_per_agent)
    return (
        f"The population is thinned: each simulated person stands for {people_per_agent} people."
        f" That adds sampling noise: a count of {count:,.0f} people, for example, may be off by"
        f" about {noise:,.0f} either way (95 in 100) in any one run, relatively more in a ward or"
        " a small group. Much of it cancels in the differences between arms; run with"
        " people_per_agent=1 for figures at full size."
    )
