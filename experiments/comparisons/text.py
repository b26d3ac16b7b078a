"""A comparison in words: at a glance, and in full as a command prints it."""

from __future__ import annotations

import html
import math
import textwrap
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from experiments.models.values import differences
from simulation.report.pen import figure, plain, span
from simulation.results.sets import ALL
from simulation.results.verdict import HEADLINE, LESS, MORE

if TYPE_CHECKING:
    from experiments.comparisons.arms import Arm
    from experiments.comparisons.result import Comparison

YEARS = "years of work more than the baseline"
MOST_ARMS, WIDTH = 3, 100


def in_full(found: Comparison) -> str:
    """Return what a command prints: the answer, a paragraph a sentence."""
    lines = [textwrap.fill(text, WIDTH, subsequent_indent="  ") for text in found.answer["text"]]
    lines += [
        f"whose doing the jobs under {arm} are cannot be told: {reason}"
        for arm, reason in found.left_out.items()
    ]
    return plain("\n".join(lines))


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
    order: str
    """What the verdict says of it, corrected for all comparisons."""

    def text(self) -> str:
        """Say no more than the interval bears."""
        limits = (self.low, self.high)
        size = figure(self.mean, self.unit, within=limits, signed=True)
        size = f"{self.arm}: {self.what}: {size}"
        if math.isnan(self.low):
            return f"{size} (too few seeds: no interval)"
        interval = span(*limits, self.unit, signed=True)
        many = " among so many comparisons" if self.low > 0 or self.high < 0 else ""
        is_sure = self.order in (MORE, LESS)
        told = "" if is_sure else f", cannot be told from nothing{many}"
        return f"{size} (95% interval {interval}{told})"


def effects(found: Comparison) -> list[Effect]:
    """Return how many years of work each arm has more than the baseline, over the whole period."""
    table = found.verdict
    rows = table[
        (table["outcome"] == HEADLINE)
        & (table["set"] == ALL)
        & (table["against"] == found.baseline)
    ]
    return [
        Effect(
            row["arm"], YEARS, row["unit"], row["estimate"], row["low"], row["high"], row["order"]
        )
        for row in rows.to_dict("records")
    ]


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
        columns=["arm", "what differs", "over the whole period"],
    )  # fmt: skip
    shown = table.to_html(index=False, border=0, justify="left")
    return f"<p>Comparison of {html.escape(size_text(found))}</p>{shown}"
