"""A comparison in words: at a glance, and in full as a command prints it."""

from __future__ import annotations

import html
import math
import textwrap
from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from experiments.models.values import differences
from simulation.report.pen import figure, plain, span
from simulation.results.outcomes import label_of
from simulation.results.unit_costs import NOT_BOUNDED

if TYPE_CHECKING:
    from experiments.comparisons.arms import Arm
    from experiments.comparisons.result import Comparison

PRINTED = (
    "employment_rate_end", "ni152_end", "claimant_gap_end", "long_term_workless_share_end",
    "engaged", "served", "job_entries", "sustained_26_weeks", "left_waiting", "over_provision",
    "spend_gbp",
)  # fmt: skip
"""Outcomes shown on a terminal where there is support; `summary.csv` has all."""
NET = {
    "gross": "clients in work",
    "deadweight": "without it too",
    "net": "net effect",
    "cost_per_job_gbp": "GBP a job",
    "cost_per_additional_job_gbp": "GBP a job more",
}
NET_EFFECT = "net effect on people in work at the end"
MOST_ARMS, WIDTH = 3, 100


def summary_text(
    summary: pd.DataFrame, *, baseline: str, outcomes: Sequence[str] | None = None
) -> str:
    """Lay a summary out for reading: an outcome at a time, an arm a line.

    Parameters
    ----------
    summary : DataFrame
        From `comparison.summarise`.
    baseline : str
        The arm the differences are from.
    outcomes : sequence of str, optional
        Those to show; all if left out.
    """
    if outcomes is not None:
        summary = summary[summary["outcome"].isin(outcomes)]
    width = max(map(len, summary["arm"])) + 4
    lines = [f"{'':<{width}}{'mean':>18}{f'less {baseline}':>28}{'95% interval':>38}"]
    for name, rows in summary.groupby("outcome", sort=False):
        lines.append(f"{label_of(str(name))} ({rows['unit'].iloc[0]})")
        for row in rows.to_dict("records"):
            unit = row["unit"]
            level = (row["low"], row["high"])
            difference = (row["difference_low"], row["difference_high"])
            lines.append(
                f"  {row['arm']:<{width - 2}}{figure(row['mean'], unit, within=level):>18}"
                f"{figure(row['difference'], unit, within=difference, signed=True):>28}"
                f"{span(*difference, unit, signed=True):>38}".rstrip()
            )
    return plain("\n".join(lines))


def net_text(table: pd.DataFrame, reasons: dict[str, str]) -> str:
    """Lay out from gross to net and what it cost, an arm a line, for reading.

    Parameters
    ----------
    table : DataFrame
        The table of additionality.
    reasons : dict of str to str
        Why arms are left out.
    """
    of_area = table[table["scope"] == "all"].to_dict("records")
    area = {(row["arm"], row["outcome"]): row for row in of_area}
    arms = [arm for arm in dict.fromkeys(table["arm"]) if (arm, "net") in area]
    lines = [f"additionality of {arm} is left out: {why}" for arm, why in reasons.items()]
    if arms:
        width = max(map(len, arms)) + 4
        heads = "".join(f"{head:>17}" for head in NET.values())
        lines.append("Who is in work because of support (people)\n" + " " * width + heads)
    for arm in arms:
        cells = [_cell(area.get((arm, outcome))) for outcome in NET]
        lines.append(f"  {arm:<{width - 2}}" + "".join(f"{cell:>17}" for cell in cells))
    return "\n".join(lines)


def _cell(row: dict[Hashable, Any] | None) -> str:
    """Write one number: a cost without an upper limit as its least, an unknown one as nothing."""
    if row is None:
        return ""
    if row["note"] == NOT_BOUNDED:
        return f"over {row['low']:,.0f}"
    has_half = row["outcome"] == "net" and not pd.isna(row["low"])
    half = f" +-{row['high'] - row['mean']:,.0f}" if has_half else ""
    return f"{row['mean']:,.0f}{half}"


def in_full(found: Comparison) -> str:
    """Return what a command prints: all outcomes, or the chief ones and the net of support."""
    chosen = PRINTED if found.has_support else None
    parts = [summary_text(found.summary, baseline=found.baseline, outcomes=chosen)]
    if found.has_support:
        parts.append(net_text(found.additionality, found.left_out))
    return "\n\n".join([*parts, size_text(found)])


def size_text(found: Comparison) -> str:
    """Say in one sentence how large a comparison was and what thinning means."""
    config = found.arms[0].config
    size = config.people_per_agent
    thinned = (
        "at full size, one agent for each person"
        if size == 1
        else f"thinned to one agent for {size} people (people_per_agent=1 is full size)"
    )
    return (
        f"{len(found.arms)} arms x {len(found.seeds)} seeds, {config.weeks} weeks from"
        f" {config.start}, {config.area.folder or config.area.name}, {thinned}."
    )


class Effect(NamedTuple):
    """What an arm changes, as an estimate with its interval."""

    arm: str
    what: str
    unit: str
    mean: float
    low: float
    high: float

    def text(self) -> str:
        """Say no more than the interval bears."""
        limits = (self.low, self.high)
        size = figure(self.mean, self.unit, within=limits, signed=True)
        size = f"{self.arm}: {self.what}: {size}"
        if math.isnan(self.low):
            return f"{size} (one seed: no interval)"
        interval = span(*limits, self.unit, signed=True)
        unclear = self.low <= 0 <= self.high
        told = ", cannot be told from nothing" if unclear else ""
        return f"{size} (95% interval {interval}{told})"


def effects(found: Comparison) -> list[Effect]:
    """Return what each arm changes against the baseline: jobs where arms are paired, else the rate.

    The net effect is the change in residents in work; where no arm has support, or none can be
    paired, the employment rate at the end is compared.
    """
    if not found.pairs.empty:
        return [
            Effect(row["arm"], NET_EFFECT, "people", row["mean"], row["low"], row["high"])
            for row in found.net().to_dict("records")
        ]
    table = found.summary[found.summary["outcome"] == "employment_rate_end"]
    what = f"employment rate at the end less {found.baseline}'s, in points"
    return [
        Effect(
            row["arm"], what, "percentage points",
            row["difference"], row["difference_low"], row["difference_high"],
        )
        for row in table.to_dict("records")
        if row["arm"] != found.baseline
    ]  # fmt: skip


def words_of_arm(found: Comparison, arm: Arm) -> str:
    """Say what makes an arm: its words, or else what differs from the baseline."""
    if arm.overrides:
        return " ".join(arm.overrides)
    base = next(each for each in found.arms if each.name == found.baseline)
    changes = differences(base.config.model_dump(mode="json"), arm.config.model_dump(mode="json"))
    return " ".join(f"{name}={value}" for name, value in changes.items())


def as_text(found: Comparison) -> str:
    """Return a comparison at a glance: size, arms and what they change, in at most six lines."""
    arms = "; ".join(
        f"{arm.name}{' (baseline)' if arm.name == found.baseline else ''}"
        f" {words_of_arm(found, arm)}".rstrip()
        for arm in found.arms
    )
    shown = effects(found)
    lines = [each.text() for each in shown[:MOST_ARMS]]
    if len(shown) > MOST_ARMS:
        lines.append(f"and {len(shown) - MOST_ARMS} arms more; .summary and .net() have all")
    arms = textwrap.shorten(f"arms: {arms}", WIDTH, placeholder=" ...")
    return plain("\n".join([f"Comparison of {size_text(found)}", arms, *lines]))


def as_html(found: Comparison) -> str:
    """Return a comparison at a glance as a small table, an arm a row."""
    told = {each.arm: each.text().partition(": ")[2] for each in effects(found)}
    table = pd.DataFrame(
        [
            (arm.name, words_of_arm(found, arm), told.get(arm.name, "baseline"
             if arm.name == found.baseline else found.left_out.get(arm.name, "")))
            for arm in found.arms
        ],
        columns=["arm", "what differs", "at the end"],
    )  # fmt: skip
    shown = table.to_html(index=False, border=0, justify="left")
    return f"<p>Comparison of {html.escape(size_text(found))}</p>{shown}"
