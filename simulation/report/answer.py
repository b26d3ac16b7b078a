"""The answer of a comparison in a dozen lines a mayor reads, each from the tables of its verdict.

No more is said than the tables bear: a direction only where it holds together with all other
comparisons (Holm), an order only where the difference of the two arms does, no rank for a regime
that hardly happened, nothing of what an arm cannot have.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from simulation.report.decided import Decided, is_known, is_same, records, sides
from simulation.report.interactive.premises import HELD, OPEN_GATE, answer_of_jobs
from simulation.report.pen import (
    about,
    amount,
    figure,
    listed,
    measured,
    number,
    percent,
    plural,
    same_in_all,
    span,
    with_unit,
)
from simulation.report.targets import lines as target_lines
from simulation.results.pairwise import METHODS, NONE
from simulation.results.period import LAID_OFF
from simulation.results.sets import (
    ALL,
    GROUP,
    IN_WORK,
    LABELS,
    LAID_OFF_LABEL,
    OUT_OF_WORK,
    OUT_OF_WORK_LABEL,
    OWN,
    PRIORITY,
    WORST,
    WORST_LABEL,
)
from simulation.results.verdict import COST, HEADLINE, LESS, MORE, OUTCOMES, TIE

ANSWER = ("about", "text")
MOST_ARMS = 5
PLACES = ("title", "answer", "arm", "order", "dose", "where", "who", "left", "targets", "assumed",
          "sure")  # fmt: skip
"""What a sentence is about, in the order they are told."""


def answer(decided: Decided) -> list[tuple[str, str]]:
    """Put a verdict into words.

    Parameters
    ----------
    decided : Decided

    Returns
    -------
    list of (str, str)
        What each sentence is about (`PLACES`), and the sentence; no more than the tables bear.
    """
    targets = [("targets", said) for said in target_lines(decided.targets, decided.labels)]
    if decided.verdict.empty:
        return [(place, _sentence(said)) for place, said in (("title", title(decided)), *targets)]
    lines = [
        ("title", title(decided)),
        ("answer", headline(decided)),
        *(("arm", line) for line in arm_lines(decided)),
        ("order", order_line(decided)),
        ("dose", dose_line(decided)),
        ("where", where_line(decided)),
        ("who", who_line(decided)),
        ("left", left_line(decided)),
        *targets,
        ("assumed", assumed_line(decided)),
        ("sure", sure_line(decided)),
    ]
    return [(place, _sentence(line)) for place, line in lines if line]


def _sentence(line: str) -> str:
    return line[:1].upper() + line[1:]


def title(decided: Decided) -> str:
    """Say what is asked, where and when; no direction."""
    area, period = decided.facts["area"], decided.facts["period"]
    asked = (
        f"which adds most work: {decided.name(*decided.others)}?"
        if len(decided.others) > 1
        else f"what comes of {decided.name(*decided.others)}?"
        if decided.others
        else f"{decided.name(decided.baseline)}, with nothing to compare it with"
    )
    return f"{area}, {period}: {asked}"


def headline(decided: Decided) -> str:
    """Say in one sentence which arms add years of work over the whole period."""
    rows = decided.against_baseline(HEADLINE)
    base = decided.name(decided.baseline)
    if not is_known(rows):
        return (
            f"{plural(decided.facts['n_seeds'], 'seed')} cannot tell effect from chance; give"
            " seeds=8 or more"
        )
    more, less, rest = sides({arm: row["order"] for arm, row in rows.items()})
    if all(is_same(row) for row in rows.values()):
        return f"as many years of work as with {base} in every run: {_few(decided)}"
    if not more and not less:
        return f"no difference in years of work from {base} can be told from nothing"
    parts = []
    for arms, verb in ((more, "more"), (less, "fewer")):
        if len(arms) == 1:
            row = rows[arms[0]]
            size = figure(abs(row["estimate"]), "years", within=(row["low"], row["high"]))
            ends = span(*sorted((abs(row["low"]), abs(row["high"]))))
            parts.append(f"{decided.name(*arms)}: {size} years of work {verb} ({ends}) than {base}")
        elif arms:
            by_size = sorted((abs(rows[arm]["estimate"]), arm) for arm in arms)
            sizes = [
                f"{figure(size, 'years', within=(rows[arm]['low'], rows[arm]['high']))}"
                f" ({decided.name(arm)})"
                for size, arm in (by_size[0], by_size[-1])
            ]
            every = f"{len(arms)} of {len(rows)}"
            if len(arms) == len(rows):
                every = {2: "both"}.get(len(arms), f"all {len(arms)}")
            parts.append(
                f"{every} have {verb} years of work than {base}, from {sizes[0]} to {sizes[1]}"
            )
    if rest:
        parts.append(f"of {decided.name(*rest)} it cannot be told")
    return "; ".join(parts)


def arm_lines(decided: Decided) -> list[str]:
    """Say of each arm what it adds, what a year of it costs, and what was spent; the most first."""
    rows = decided.against_baseline(HEADLINE)
    costs, spent = decided.against_baseline(COST), decided.against_baseline("spend_gbp")
    if not is_known(rows):
        return []
    arms = sorted(rows, key=lambda arm: -rows[arm]["estimate"])
    lines = [
        _arm_line(decided.name(arm), rows[arm], costs.get(arm), spent.get(arm))
        for arm in arms[:MOST_ARMS]
    ]
    if len(arms) > MOST_ARMS:
        lines[-1] += f" ({len(arms) - MOST_ARMS} more in verdict.csv)"
    return lines


def _few(decided: Decided) -> str:
    return same_in_all(decided.facts["people_per_agent"])


def _arm_line(
    name: str,
    row: Mapping[str, Any],
    cost: Mapping[str, Any] | None,
    spent: Mapping[str, Any] | None,
) -> str:
    ends = span(row["low"], row["high"], signed=True)
    if is_same(row):
        text = f"{name}: no year of work differs in any run"
    elif row["order"] not in (MORE, LESS):
        why = (
            "cannot be told from nothing among so many comparisons"
            if row["low"] > 0 or row["high"] < 0
            else "cannot be told from nothing"
        )
        text = f"{name}: years of work {why} ({ends})"
    else:
        size = figure(row["estimate"], "years", within=(row["low"], row["high"]), signed=True)
        text = f"{name}: {size} years of work ({ends})"
        if cost is not None and np.isfinite(cost["estimate"]) and row["order"] == MORE:
            text += f", {measured(cost['estimate'], cost['low'], cost['high'], unit='GBP')} each"
    if spent is not None and spent["estimate"] > 0:
        text += f"; {_spent(spent['estimate'], spent['low'], spent['high'])} spent"
    return text


def _spent(value: float, low: float, high: float) -> str:
    """Write what was spent, as precisely as it is known; to two figures where that is not known."""
    if np.isfinite(low):
        return measured(value, low, high, unit="GBP")
    return f"about {with_unit(number(value, figures=2), 'GBP')}"


def order_line(decided: Decided) -> str:
    """Say which arms come before which, and that others cannot be told apart."""
    ahead = decided.ahead()
    if len(ahead) < 2:
        return ""
    unsure = f"cannot be told apart with {plural(decided.facts['n_seeds'], 'seed')}"
    said = decided.in_order(ahead)
    if not said:
        return f"between them no order holds: {decided.name(*ahead)} {unsure}"
    n_pairs, n_told = len(ahead) * (len(ahead) - 1) // 2, sum(map(len, ahead.values()))
    return said if n_told == n_pairs else f"{said}; other pairs {unsure}"


def dose_line(decided: Decided) -> str:
    """Say how much each regime moved, and which hardly happened."""
    shares = {
        str(arm): {str(row["what"]): float(row["share"]) for row in records(rows)}
        for arm, rows in decided.dose.groupby("arm", sort=False)
    }
    if not shares:
        return ""
    against = decided.name(str(decided.dose["against"].iloc[0]))
    hardly = [arm for arm in decided.hardly if arm in decided.labels]
    parts = [
        f"{decided.name(arm)} moved "
        + listed([f"{percent(share)} of the {what}" for what, share in own.items()])
        for arm, own in shares.items()
        if arm not in hardly and arm in decided.labels
    ]
    if hardly:
        most = max(max(shares[arm].values()) for arm in hardly)
        parts.append(
            f"{decided.name(*hardly)} hardly happened ({percent(most)} at most of money, places and"
            " people) and " + ("are" if len(hardly) > 1 else "is") + " not ranked"
        )
    return f"against {against}, {'; '.join(parts)}"


def where_line(decided: Decided) -> str:
    """Say which arms add work in priority wards, in the worst, and in sets of one's own."""
    return "; ".join(lines_of_sets(decided, (PRIORITY, WORST, OWN)))


def lines_of_sets(decided: Decided, kinds: Sequence[str]) -> list[str]:
    """Say of each set of some kinds what work is added there."""
    table = decided.verdict
    usual = {PRIORITY: "priority wards", WORST: WORST_LABEL, LAID_OFF: LAID_OFF_LABEL}
    return [
        f"{usual.get(str(name), str(name).replace('_', ' '))}: {_most_and_rest(decided, str(name))}"
        for name in table.loc[table["kind"].isin(kinds), "set"].unique()
    ]


def _most_and_rest(decided: Decided, of: str) -> str:
    """Name the arm with the largest clear change, count the clear ones and put them in order.

    Where none is clear, say what it may be. Arms that hardly happened are not among them.
    """
    found = decided.against_baseline(HEADLINE, of)
    rows = {arm: found[arm] for arm in decided.ranked}
    if all(is_same(row) for row in rows.values()):
        return f"no year of work differs in any run: {_few(decided)}"
    clear = {arm: row for arm, row in rows.items() if row["order"] in (MORE, LESS)}
    if not clear:
        lows, highs = ([row[end] for row in rows.values()] for end in ("low", "high"))
        ends = span(min(lows), max(highs), signed=True)
        many = " among so many comparisons" if min(lows) > 0 or max(highs) < 0 else ""
        together = ", all arms together" if len(rows) > 1 else ""
        return f"nothing can be told{many}" + (f" ({ends} years of work{together})" if ends else "")
    most = max(clear, key=lambda arm: abs(clear[arm]["estimate"]))
    row = clear[most]
    size = figure(row["estimate"], "years", within=(row["low"], row["high"]), signed=True)
    text = f"{size} years of work ({span(row['low'], row['high'], signed=True)})"
    if len(rows) == 1:
        return f"{text} under {decided.name(most)}"
    told = [f"{len(clear)} of {len(rows)} can be told", decided.in_order(decided.ahead(of))]
    return f"{text} under {decided.name(most)} ({', '.join(part for part in told if part)})"


def who_line(decided: Decided) -> str:
    """Say what those gain and lose who were out of work and in work at the start, and who they are.

    A group is named where it gains or loses years of work, with the arms under which it does.
    """
    table = decided.verdict
    parts = [
        f"{label}: {_most_and_rest(decided, name)}"
        for name, label in ((OUT_OF_WORK, OUT_OF_WORK_LABEL), (IN_WORK, "those in work then"))
        if is_known(decided.against_baseline(HEADLINE, name))
    ]
    groups = table.loc[table["kind"] == GROUP, "set"].unique()
    if not len(groups) or not is_known(decided.against_baseline(HEADLINE)):
        return ""
    named = [
        f"{verb} work: {', '.join(found)}"
        for order, verb in ((MORE, "more"), (LESS, "less"))
        if (found := _groups_and_arms(decided, groups, order))
    ]
    return "; ".join([*parts, *(named or ["no client group's change alone can be told"])])


def _groups_and_arms(decided: Decided, groups: Iterable[str], order: str) -> list[str]:
    """List the groups with an order against the baseline, together where under the same arms."""
    found: dict[tuple[str, ...], list[str]] = {}
    for name in groups:
        rows = decided.against_baseline(HEADLINE, name)
        arms = tuple(arm for arm in decided.ranked if rows[arm]["order"] == order)
        if arms:
            found.setdefault(arms, []).append(LABELS[name.removeprefix("group:")])
    n_ranked = len(decided.ranked)
    under = {
        arms: f"all {n_ranked}" if len(arms) == n_ranked > 2 else decided.name(*arms)
        for arms in found
    }
    return [
        listed(labels, most=8) + (f" ({under[arms]})" if n_ranked > 1 else "")
        for arms, labels in found.items()
    ]


def left_line(decided: Decided) -> str:
    """Say what is left on the last day, and in which order; not of arms that hardly happened."""
    found = decided.against_baseline("work_end")
    if not is_known(found):
        return ""
    rows = {arm: found[arm] for arm in decided.ranked}
    clear = {arm: row for arm, row in rows.items() if row["order"] in (MORE, LESS)}
    if not clear:
        return "what is left on the last day cannot be told from nothing"
    parts = [
        f"{figure(row['estimate'], 'people', within=(row['low'], row['high']), signed=True)} people"
        f" in work under {decided.name(arm)} ({span(row['low'], row['high'], signed=True)})"
        for arm, row in clear.items()
    ]
    rest = len(rows) - len(clear)
    of_rest = f"of the other{'s' * (rest > 1)} nothing can be told" if rest else ""
    said = [listed(parts), of_rest, decided.in_order(decided.ahead(outcome="work_end"))]
    return f"left on the last day: {'; '.join(part for part in said if part)}"


def assumed_line(decided: Decided) -> str:
    """Say what the answer hangs on most: whether jobs answer, an open border, tables that end."""
    facts = decided.facts
    said = [
        answer_of_jobs(facts["job_response"]),
        OPEN_GATE if facts["is_open"] else "",
        HELD if facts["held"] else "",
    ]
    lines = " ".join(line for line in said if line)
    return f"assumed: {lines[:1].lower()}{lines[1:]}" if lines else ""


def sure_line(decided: Decided) -> str:
    """Say how many seeds there are, how comparisons were corrected, and how well it is known."""
    facts = decided.facts
    rows = decided.verdict[
        (decided.verdict["set"] == ALL) & (decided.verdict["outcome"] == HEADLINE)
    ]
    size = facts["people_per_agent"]
    parts = [plural(facts["n_seeds"], "seed")]
    if size > 1:
        parts[0] += f", one agent for {size} people"
    if set(rows["method"]) != {METHODS[NONE]}:
        n_tested = int(rows["order"].isin((MORE, LESS, TIE)).sum())
        parts[0] += ", 95% intervals"
        if n_tested > 1:
            parts[0] += f", orders corrected for {n_tested} comparisons (Holm)"
    return "; ".join([*parts, *_precision(facts["precision"])])


def _precision(found: Mapping[str, Any]) -> list[str]:
    """Say whether the headline is known as well as was asked for."""
    if not found or found["half_width"] is None:
        return []
    outcome = OUTCOMES[found["headline"]]
    half, asked = (
        amount(found[name], "GBP") if outcome.unit == "GBP" else about(found[name])
        for name in ("half_width", "asked")
    )
    known = f"{outcome.label} known to {half} either way"
    return [f"{known}, as asked" if found["is_met"] else f"{known}, not to {asked}: budget spent"]
