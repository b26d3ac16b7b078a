"""The first screen of the page, in words a mayor reads: question, answer, three numbers, premises.

Every sentence follows from the frames or the configuration, or is not there.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from simulation.report.answer import lines_of_sets
from simulation.report.decided import Decided
from simulation.report.inputs import Inputs
from simulation.report.interactive.found import Found, Told, supported
from simulation.report.interactive.premises import assumed, has_regime, of_helped
from simulation.report.interactive.sums import area_values
from simulation.report.labels import REGIMES, area_label, arm_labels
from simulation.report.pen import (
    amount,
    figure,
    in_years,
    listed,
    number,
    percent,
    same_in_all,
    span,
    with_unit,
)
from simulation.results.dose import DOSE, hardly_happened
from simulation.results.sets import IN_WORK, OUT_OF_WORK, OWN
from simulation.results.verdict import order_of

LONG = 40
"""Characters of a name above which it is not put into the question twice."""


def first_screen(inputs: Inputs, arms: Sequence[str]) -> dict[str, Any]:
    """Write the first screen.

    Parameters
    ----------
    inputs : Inputs
    arms : sequence of str
        The baseline first.

    Returns
    -------
    dict
        kicker, title, answer (sentences), numbers (three of label, value, interval), best (name of
        the arm they are of), moved and assumed (sentences).
    """
    manifest = inputs.manifest
    words = arm_labels(manifest["arms"])
    labels = [words[name] for name in arms]
    values = area_values(inputs, arms)
    is_supported = supported(values, len(arms))
    place = area_label(manifest["area"])
    found = Found(values, arms, inputs.verdict)
    hardly = hardly_happened(inputs.dose) if len(inputs.dose) else []
    best = found.best(hardly)
    of_support = of_helped(
        inputs.support.participant_effects,
        arms[best],
        labels[best],
        is_evaluated=has_regime(manifest, arms[best]),
    )
    has_intervals = found.told("work_years", best).has_interval
    size = manifest["people_per_agent"]
    said, *rest = answer(
        found, labels, is_supported, best, weeks=manifest["weeks"], hardly=hardly, people=size
    )
    return {
        "kicker": f"{place} \u00b7 {_years(manifest)} \u00b7 simulated",
        "title": question(labels, is_supported, place),
        "answer": [said, *of_own_sets(inputs, words, arms, hardly), *rest],
        "numbers": numbers(found, labels, best, weeks=manifest["weeks"]),
        "best": arms[best],
        "moved": of_dose(inputs.dose, words, hardly),
        "assumed": assumed(
            manifest, of_support if any(is_supported) else "", has_intervals=has_intervals
        ),
    }


def of_own_sets(
    inputs: Inputs, words: Mapping[str, str], arms: Sequence[str], hardly: Sequence[str]
) -> list[str]:
    """Say what the people gain who were asked for by name, as the printed answer does.

    Parameters
    ----------
    inputs : Inputs
    words : mapping of str to str
        What each arm is called.
    arms : sequence of str
        The baseline first.
    hardly : sequence of str
        Arms that hardly happened.
    """
    if inputs.verdict.empty or "kind" not in inputs.verdict:
        return []
    decided = Decided(
        inputs.verdict,
        order_of(inputs.verdict, [arm for arm in arms if arm not in hardly]),
        inputs.dose if len(inputs.dose) else pd.DataFrame(columns=list(DOSE)),
        {arm: words[arm] for arm in arms},
        {"people_per_agent": inputs.manifest["people_per_agent"]},
    )
    return [f"{_capital(line)}." for line in lines_of_sets(decided, (OWN,))]


def of_dose(dose: pd.DataFrame, words: Mapping[str, str], hardly: Sequence[str]) -> list[str]:
    """Say how much each regime moved, and that those which hardly happened are not ranked.

    Parameters
    ----------
    dose : DataFrame
        arm, against, what, share; may be empty.
    words : mapping of str to str
        What each arm is called.
    hardly : sequence of str
        Arms that hardly happened.
    """
    if dose.empty:
        return []
    moved = {
        str(arm): listed(
            [
                f"{percent(share)} of the {what}"
                for what, share in zip(own["what"], own["share"], strict=True)
            ]
        )
        for arm, own in dose.groupby("arm", sort=False)
    }
    parts = {
        f"Moved against {words[str(dose['against'].iloc[0])]}": [
            a for a in moved if a not in hardly
        ],
        "Hardly happened, so not ranked": [a for a in moved if a in hardly],
    }
    return [
        f"{start}: {'; '.join(f'{words[arm]} {moved[arm]}' for arm in arms)}."
        for start, arms in parts.items()
        if arms
    ]


def _years(manifest: dict[str, Any]) -> str:
    start = pd.Timestamp(manifest["start"])
    end = start + pd.Timedelta(weeks=manifest["weeks"], days=-1)
    return str(start.year) if end.year == start.year else f"{start.year} to {end.year}"


def question(labels: Sequence[str], is_supported: Sequence[bool], place: str) -> str:
    """Put into a question what was compared."""
    helped = [label for label, is_one in zip(labels, is_supported, strict=True) if is_one]
    others = [label for label in labels if label not in helped]
    if len(helped) > 1 and len(others) < 2:
        are_regimes = {*labels} <= {*REGIMES.values()}
        what = "way of buying support" if are_regimes else f"of {len(helped)} choices"
        return f"Which {what} brings most work to {place}?"
    if len(helped) == 1 and len(others) == 1:
        return f"What comes of {helped[0]} in {place}?"
    if len(labels) == 1:
        return f"What happens in {place} with {labels[0]}?"
    if sum(map(len, labels)) > LONG * 3:
        return f"How do {len(labels)} assumptions differ in {place}?"
    return f"How do {listed(labels)} differ in {place}?"


def answer(
    found: Found,
    labels: Sequence[str],
    is_supported: Sequence[bool],
    best: int,
    *,
    weeks: int,
    hardly: Sequence[str] = (),
    people: int = 1,
) -> list[str]:
    """Say what the runs answer, in a sentence or two; nothing an interval leaves open.

    Arms that hardly happened, whose names `hardly` are, are not ranked beside the best; an agent
    stands for `people`.
    """
    if len(labels) == 1:
        mean = float(found.values["work_years"][0].mean())
        return [
            f"{_capital(labels[0])}: {figure(mean, 'people')} years of work in {in_years(weeks)}."
        ]
    gain = found.told("work_years", best)
    name, base = _capital(labels[best]), labels[0]
    if not gain.has_interval:
        return [
            f"{_capital(_pairs(found.n_seeds))}: {name} comes to"
            f" {number(gain.mean, figures=2, signed=True)} years of work against {base}, and chance"
            " cannot be told from effect."
        ]
    sides = found.sides(hardly)
    words = dict(zip(found.arms, labels, strict=True))
    lost = losses(found, [arm for arm in sides.less if arm != found.arms[best]], words)
    ends = span(gain.low, gain.high, "people", signed=True)
    if gain.is_same:
        why = same_in_all(people)
        return [f"{name} brings as many years of work as {base} in every run: {why}.", *lost]
    if gain.is_clear_alone and not gain.is_clear:
        return [
            f"{name}, looked at alone, comes to {ends} years of work in {in_years(weeks)} against"
            f" {base}; among so many comparisons that is not sure yet, and more runs would tell.",
            *lost,
        ]
    if not gain.is_clear:
        start = name if len(labels) == 2 else f"Even {labels[best]}, the most by its mean,"
        return [
            f"{start} cannot be told from {base}: {ends} years of work in {in_years(weeks)}.",
            *lost,
        ]
    low, high = sorted((abs(gain.low), abs(gain.high)))
    size = figure(abs(gain.mean), "people", within=(low, high))
    verb = "adds" if gain.mean > 0 else "costs"
    cost = found.cost(best) if is_supported[best] else None
    price = "" if cost is None or not cost.is_clear else f", at {_pounds(cost)} each"
    ends = span(low, high, "people")
    lines = [f"{name} {verb} {size} years of work in {in_years(weeks)} ({ends}){price}."]
    lines += gained_and_lost(found, best)
    others = [found.arms.index(arm) for arm in found.ranked(hardly)]
    others.remove(best)
    against = {arm: found.told("work_years", best, arm) for arm in others}
    beaten = [labels[arm] for arm in others if against[arm].is_clear and against[arm].low > 0]
    alone = {
        labels[arm]: told
        for arm, told in against.items()
        if told.is_clear_alone and not told.is_clear
    }
    level = [labels[arm] for arm in others if labels[arm] not in (*beaten, *alone)]
    if level:
        lines.append(f"It cannot be told from {listed(level)}.")
    if alone:
        more = [
            f"{span(told.low, told.high, 'people')} more than those of {label}"
            for label, told in alone.items()
        ]
        lines.append(
            f"Looked at alone, its years of work are {listed(more)}; among so many comparisons"
            " that is not sure yet, and more runs would tell."
        )
    if beaten:
        lines.append(f"It {'also ' if level else ''}beats {listed(beaten)}.")
    open_ = [words[arm] for arm in sides.open]
    if gain.mean > 0 and open_:
        verb = "adds" if len(open_) == 1 else "add"
        lines.append(f"Whether {listed(open_)} {verb} any cannot be told.")
    return [*lines, *lost, left(found.told("work_end", best))]


def losses(found: Found, arms: Sequence[str], words: Mapping[str, str]) -> list[str]:
    """Say which of some arms cost years of work, and how many."""
    sizes = []
    for arm in arms:
        loss = found.told("work_years", found.arms.index(arm))
        size = figure(abs(loss.mean), "people", within=(loss.low, loss.high))
        sizes.append(f"{words[arm]} costs {size} ({span(-loss.high, -loss.low, 'people')})")
    return [f"{_capital(listed(sizes))}, against {words[found.arms[0]]}."] if sizes else []


def gained_and_lost(found: Found, arm: int) -> list[str]:
    """Say what those out of work on the first day gain and those in work lose, if they do."""
    gain, loss = (found.of_set(name, "work_years", arm) for name in (OUT_OF_WORK, IN_WORK))
    if gain is None or loss is None or not (gain.is_clear and loss.is_clear):
        return []
    if gain.mean < 0 or loss.mean > 0:
        return []
    more, less = (
        figure(abs(each.mean), "people", within=(each.low, each.high)) for each in (gain, loss)
    )
    return [f"Those out of work on the first day gain {more}, those in work that day lose {less}."]


def left(end: Told) -> str:
    """Say what is left of a gain on the last day."""
    if not end.is_clear:
        return "Whether anything is left of it on the last day cannot be told."
    size = figure(abs(end.mean), "people", within=(end.low, end.high))
    word = "more" if end.mean > 0 else "fewer"
    return f"On the last day {size} {word} people are in work."


def numbers(found: Found, labels: Sequence[str], best: int, *, weeks: int) -> list[dict[str, str]]:
    """Give the three numbers of the best arm: what it brings, what that costs, what is left."""
    if len(labels) == 1:
        return []
    against, pairs = f"{labels[best]} less {labels[0]}", _pairs(found.n_seeds)
    years, end = found.told("work_years", best), found.told("work_end", best)
    cost = found.cost(best)
    if cost is None:
        claims = found.told("claimant_years", best)
        second = _number("Years on out-of-work benefits", claims, "people", against, pairs)
    else:
        second = _number("Cost of an additional year of work", cost, "GBP", labels[best], pairs)
        if math.isinf(cost.high):
            least = with_unit(number(cost.low, figures=2), "GBP")
            second["value"] = f"{least} or more" if least else "not known"
            second["interval"] = "no upper limit: the years added may be none"
        elif math.isnan(cost.mean):
            second["value"] = "not known"
            if years.mean <= 0 and years.has_interval:
                second["interval"] = "no years of work were added"
    return [
        _number(f"Years of work in {in_years(weeks)}", years, "people", against, pairs),
        second,
        _number("People in work on the last day", end, "people", against, pairs),
    ]


def _number(label: str, each: Told, unit: str, of: str, pairs: str) -> dict[str, str]:
    """Write a number: as its interval allows, or to two figures where chance cannot be told."""
    is_money = unit == "GBP"
    within = (each.low, each.high)
    text = (
        figure(each.mean, unit, within=within, signed=not is_money)
        if each.has_interval
        else number(each.mean, figures=2, signed=not is_money)
    )
    value = with_unit(text, unit) if is_money else text
    ends = span(*within, unit, signed=not is_money) if each.has_interval else ""
    if each.is_same:
        return {"label": label, "value": value, "interval": "the same in every run", "of": of}
    sure = f"{ends} (95 in 100)" if ends else f"{pairs}: no interval"
    if each.is_clear_alone and not each.is_clear:
        sure += "; not sure among so many comparisons"
    elif each.has_interval and not each.is_clear:
        sure += "; cannot be told from nought"
    return {"label": label, "value": value, "interval": sure, "of": of}


def _pairs(n_seeds: int) -> str:
    return "one pair of runs" if n_seeds == 1 else f"{n_seeds:,} pairs of runs"


def _pounds(cost: Told) -> str:
    return amount(cost.mean, "GBP", within=(cost.low, cost.high))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
