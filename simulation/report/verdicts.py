"""Which regime helps whom, where, at what cost and how sure that is: in words, from the numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from simulation.report.figures.costs import COST_LABELS, is_bounded
from simulation.report.figures.estimates import Estimate, estimate
from simulation.report.figures.helped import helped_scopes
from simulation.report.pen import (
    about,
    figure,
    listed,
    measured,
    number,
    percent,
    plural,
    span,
    with_unit,
)

MOST_GROUPS = 4
"""Groups named in a cell of the table, the largest effects first."""
COSTS_TOLD = (
    "cost_per_job_gbp", "cost_per_additional_job_gbp", "cost_per_additional_sustained_job_gbp",
)  # fmt: skip
CHOSEN = {
    "creaming": "those engaged less all out of work in their group",
    "parking": "those served in full less those parked",
}


class Verdict(NamedTuple):
    """One row of the first table of the report, as text."""

    arm: str
    own: str
    effect: str
    whom: str
    where: str
    cost: str
    sure: str


def verdicts(additionality: pd.DataFrame, *, arms: Sequence[str], baseline: str) -> list[Verdict]:
    """Put the net effect of each arm into words; nothing its interval leaves open is stated.

    Parameters
    ----------
    additionality : DataFrame
        arm, scope, outcome, unit, mean, low, high, n_seeds, note.
    arms : sequence of str
        In the order wanted; those without a net effect are left out.
    baseline : str
        The arm without support.

    Returns
    -------
    list of Verdict
        Empty when no arm has a net effect.
    """
    rows = []
    for arm in arms:
        net = estimate(additionality, arm, "all", "net")
        if net is not None:
            rows.append(
                Verdict(
                    arm,
                    _own(additionality, arm),
                    _effect(net, baseline),
                    _whom(additionality, arm),
                    _where(additionality, arm),
                    _cost(additionality, arm),
                    _sure(net),
                )
            )
    return rows


def _effect(net: Estimate, baseline: str) -> str:
    """State the net effect, or that there is none to be told."""
    if not net.has_interval:
        return f"{net.text(signed=True)} in work in one pair of runs"
    if not net.is_clear:
        return f"None that can be told from nothing ({span(net.low, net.high)} people in work)"
    word = "more" if net.mean > 0 else "fewer"
    low, high = sorted((abs(net.low), abs(net.high)))
    size = figure(abs(net.mean), "people", within=(low, high))
    return f"{size} {word} people in work at the end than under {baseline} ({span(low, high)})"


def _own(additionality: pd.DataFrame, arm: str) -> str:
    """State what support changes for its clients themselves, others apart."""
    own = estimate(additionality, arm, "all", "own_effect")
    if own is None:
        return "Not recorded"
    if not own.has_interval:
        return f"{own.text(signed=True)} in work in one pair of runs"
    if not own.is_clear:
        return f"None that can be told from nothing ({span(own.low, own.high)} in work)"
    return f"{own.text(signed=True)} in work"


def _whom(additionality: pd.DataFrame, arm: str) -> str:
    """Name the groups with a net effect of their own, largest first."""
    scopes = helped_scopes(additionality)
    groups = {scope: label for scope, label in scopes.items() if scope.startswith("group:")}
    nets = {label: estimate(additionality, arm, scope, "net") for scope, label in groups.items()}
    known = {label: net for label, net in nets.items() if net is not None}
    if not known:
        return "Not counted"
    clear = sorted(
        ((label, net) for label, net in known.items() if net.is_clear),
        key=lambda p: -abs(p[1].mean),
    )
    if not clear:
        return f"No group of {len(known)} alone can be told from nothing"
    parts = [f"{label} {net.alone(signed=True)}" for label, net in clear[:MOST_GROUPS]]
    more, rest = len(clear[MOST_GROUPS:]), len(known) - len(clear)
    if more:
        parts.append(f"{more} more in the chart")
    if rest:
        parts.append(f"{plural(rest, 'group')} cannot be told from nothing")
    return "; ".join(parts)


def _where(additionality: pd.DataFrame, arm: str) -> str:
    """State the net effect in priority wards and in others, each if it can be told."""
    parts = []
    for scope, words in (("priority:1", "Priority wards"), ("priority:0", "other wards")):
        net = estimate(additionality, arm, scope, "net")
        if net is None:
            continue
        if net.is_clear:
            parts.append(f"{words} {net.text(signed=True)}")
        else:
            parts.append(f"{words}: cannot be told")
    return "; ".join(parts) or "Not counted"


def _cost(additionality: pd.DataFrame, arm: str) -> str:
    """State spend and cost per job, per sustained and per additional job as far as known."""
    parts = []
    spend = estimate(additionality, arm, "all", "spend_gbp")
    if spend is not None:
        parts.append(f"{with_unit(spend.alone('GBP'), 'GBP')} in all")
    for outcome in COSTS_TOLD:
        label = COST_LABELS[outcome]
        cost = estimate(additionality, arm, "all", outcome)
        if cost is None:
            continue
        words = label.lower()
        if not is_bounded(cost):
            least = with_unit(number(cost.low), "GBP")
            start = f"{least} or more" if 0 < cost.low < np.inf else "any amount"
            parts.append(f"{words}: not bounded ({start})")
        else:
            parts.append(f"{cost.text('GBP')} {words}")
    return "; ".join(parts) or "Not counted"


def _sure(net: Estimate) -> str:
    """Say what the interval of the net effect allows."""
    if not net.has_interval:
        return "One seed: chance cannot be told from effect"
    seeds = plural(net.n_seeds, "seed")
    if not net.is_clear:
        return f"Not sure of the direction ({seeds})"
    half = percent((net.high - net.low) / 2.0 / abs(net.mean))
    return f"Sure of the direction; size known to {half} either way ({seeds})"


def ranking(additionality: pd.DataFrame, *, arms: Sequence[str]) -> str:
    """Say whether the arm with the largest clear net effect can be told from the others.

    Two arms are told apart only if their intervals do not meet; that is cautious, since pairs of
    runs share their luck.
    """
    nets = {arm: estimate(additionality, arm, "all", "net") for arm in arms}
    known = {arm: net for arm, net in nets.items() if net is not None and net.has_interval}
    if len(known) < 2:
        return ""
    clear = {arm: net for arm, net in known.items() if net.low > 0}
    if not clear:
        return "No arm's net effect can be told from nothing, so the arms cannot be put in order."
    best = max(clear, key=lambda arm: clear[arm].mean)
    level = [arm for arm, net in known.items() if arm != best and net.high >= clear[best].low]
    if not level:
        return f"The net effect of {best} is the largest: its interval lies above all others."
    return (
        f"{best} has the largest mean net effect of those that can be told from nothing, but its"
        f" interval meets that of {listed(level)}: these runs do not put them in order."
    )


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


def null_lines(null: pd.DataFrame) -> list[str]:
    """Say for each outcome of the history's null what changed and what could have been seen.

    Parameters
    ----------
    null : DataFrame
        outcome, unit, effect, low, high, minimum_detectable (all float64 in the unit of the row),
        optionally arm, baseline, note.

    Returns
    -------
    list of str
        One sentence or two a row.
    """
    return [_null_line({str(k): v for k, v in row.items()}) for row in null.to_dict("records")]


def _null_line(row: dict[str, object]) -> str:
    effect, low, high, least = (
        float(str(row[name])) for name in ("effect", "low", "high", "minimum_detectable")
    )
    unit = str(row["unit"])
    name = str(row["outcome"]).replace("_", " ").replace("ni 15", "NI 15")
    pair = f" ({row['arm']} less {row['baseline']})" if row.get("arm") else ""
    start = f"{name[:1].upper()}{name[1:]}{pair}: {measured(effect, low, high, unit=unit)}."
    said = row.get("note")
    note = f" {said}" if isinstance(said, str) and said else ""
    if not np.isfinite(least):
        return f"{start} An evaluator cannot see this: it takes both worlds.{note}"
    words = (
        "inside the noise of a single region" if abs(effect) < least else "large enough to be seen"
    )
    return (
        f"{start} An evaluator of one region could have detected {number(least)} {unit} or more:"
        f" the effect is {words}.{note}"
    )
