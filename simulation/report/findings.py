"""A summary in words: what differs between arms, by how much, and how sure that is."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from simulation.report.pen import (
    POUND,
    about,
    amount,
    figure,
    number,
    span,
    unit_of_difference,
)
from simulation.results.outcomes import BY_NAME, label_of

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
COUNTS = ("people", "starts a year", "GBP")
"""Units of which there is never less than nothing."""
JOBS_OF_CLIENTS = ("job_entries", "sustained_26_weeks")
"""Gross: many of these people would have found work by themselves."""


class Finding(NamedTuple):
    """One outcome of one arm compared with the baseline."""

    arm: str
    outcome: str
    label: str
    text: str
    is_clear: bool


class TableRow(NamedTuple):
    """One row of the table: an arm's figures for one outcome, as text."""

    arm: str
    mean: str
    interval: str
    difference: str
    difference_interval: str
    is_clear: bool


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
    narrowest = _narrowest(summary[summary["arm"] != baseline])
    found: dict[str, list[Finding]] = {}
    for row in _records(summary[summary["arm"] != baseline]):
        sentence = _sentence(row, baseline, base[row["outcome"]], narrowest.get(row["outcome"]))
        finding = Finding(
            row["arm"], row["outcome"], label_of(row["outcome"]), sentence, is_clear(row)
        )
        found.setdefault(row["arm"], []).append(finding)
    return {arm: sorted(each, key=lambda f: not f.is_clear) for arm, each in found.items()}


def _narrowest(summary: pd.DataFrame) -> dict[str, tuple[float, float]]:
    """Return the narrowest interval of a difference by outcome: levels are written within it.

    So a level that several arms are held against is the same in every sentence.
    """
    width = summary["difference_high"] - summary["difference_low"]
    rows = summary[width > 0].assign(width=width).sort_values("width", kind="stable")
    rows = rows.drop_duplicates("outcome")
    limits = zip(rows["difference_low"], rows["difference_high"], strict=True)
    return dict(zip(rows["outcome"], limits, strict=True))


def _level(low: float, high: float, unit: str) -> tuple[float, float]:
    """Return the limits of a level; those of a count are not below nothing."""
    return (max(low, 0.0) if unit in COUNTS and high > 0 else low, high)


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(key): value for key, value in row.items()} for row in frame.to_dict("records")]


def is_clear(row: dict[str, Any]) -> bool:
    """Whether the interval of the difference leaves zero out."""
    return bool(row["difference_low"] > 0 or row["difference_high"] < 0)


def _has_none(rows: Any) -> Any:
    """Whether the baseline has nothing of an outcome, such as clients where there is no support."""
    return rows["difference"] == rows["mean"]


def _sentence(
    row: dict[str, Any], baseline: str, base: float, narrowest: tuple[float, float] | None
) -> str:
    """State both levels, the difference, its interval and whether it could be noise."""
    unit, low, high = row["unit"], row["difference_low"], row["difference_high"]
    write = figure if unit == "people" else amount
    if _has_none(row) and row["mean"]:
        within = span(*_level(low, high, unit), unit)
        level = write(row["mean"], unit, within=(low, high)) + (f" ({within})" if within else "")
        gross = (
            " How many of these jobs are additional is another question: see from gross to net."
            if row["outcome"] in JOBS_OF_CLIENTS
            else ""
        )
        return f"{level} under {row['arm']}; {baseline} has none.{gross}"
    # As precisely as any difference is known, so that the two differ by it; small ones as they are.
    near = narrowest or (low, high)
    levels = ", ".join(
        f"{write(mean, unit, within=near if abs(mean) > near[1] - near[0] else None)} under {arm}"
        for mean, arm in ((base, baseline), (row["mean"], row["arm"]))
    )
    known = BY_NAME.get(row["outcome"])
    more, fewer = known.words if known is not None else ("more", "less")
    word = more if row["difference"] > 0 else fewer
    points = unit_of_difference(unit)
    size = write(abs(row["difference"]), points, within=(low, high))
    if np.isnan(low):
        return (
            f"{levels}: {size} {word} in the one pair of runs. With one seed there is no telling"
            " how much of that is chance."
        )
    if low == high == 0:
        return f"{levels}: the same in every pair of runs."
    if low > 0 or high < 0:
        near, far = sorted(map(abs, (low, high)))
        return f"{levels}: {size} {word} ({span(near, far, unit)})."
    ends = [write(abs(end), points, within=(low, high)) for end in (low, high)]
    return (
        f"{levels}. The difference cannot be told from noise (between {ends[0]} {fewer} and"
        f" {ends[1]} {more})."
    )


def table_rows(summary: pd.DataFrame) -> dict[str, list[TableRow]]:
    """Lay the summary out as text: by outcome's label and unit, one row an arm."""
    table: dict[str, list[TableRow]] = {}
    for row in _records(summary):
        unit = row["unit"]
        shown = POUND if unit == "GBP" else unit
        key = f"{label_of(row['outcome'])} ({shown})" if unit else label_of(row["outcome"])
        level, difference = (
            (row[f"{name}low"], row[f"{name}high"]) for name in ("", "difference_")
        )
        table.setdefault(key, []).append(
            TableRow(
                row["arm"],
                figure(row["mean"], unit, within=level),
                span(*_level(*level, unit), unit),
                figure(row["difference"], unit, within=difference, signed=True),
                span(*difference, unit, signed=True),
                is_clear(row),
            )
        )
    return table


def certainty(summary: pd.DataFrame, *, n_seeds: int) -> list[str]:
    """Say what the intervals mean, how many clear differences chance gives, what pairing gained.

    What the baseline has nothing of, such as clients where there is no support, is left out of
    the counts: any difference is clear there, and pairing gains nothing.
    """
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
    told = summary[~_has_none(summary)]
    compared = [row for row in _records(told) if np.isfinite(row["difference"])]
    if compared:
        n_clear = sum(map(is_clear, compared))
        by_chance = number(0.05 * len(compared), figures=2)
        lines.append(
            f"Of {len(compared)} differences, {n_clear} can be told from noise; if no arm made any"
            f" difference, about {by_chance} would seem so by chance. The"
            " outcomes move together, so they are not independent proofs."
        )
    ratios = told["variance_ratio"].dropna()
    if len(ratios):
        lines.append(_pairing(float(ratios.median())))
    return lines


def _pairing(ratio: float) -> str:
    """Say how much comparing within seeds narrowed the differences, by the median outcome."""
    start = "Arms are compared seed by seed, so that the same people meet the same luck. "
    if np.isinf(ratio):
        return start + "For most outcomes the pairs did not vary at all."
    if ratio > 1:
        return start + (
            f"For the middling outcome this is worth {number(ratio)} times as many runs compared"
            " without pairing."
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
        f" That adds sampling noise: a count of {about(count)} people, for example, may be off by"
        f" about {about(noise)} either way (95 in 100) in any one run, relatively more in a ward or"
        " a small group. Much of it cancels in the differences between arms; run with"
        " people_per_agent=1 for figures at full size."
    )
