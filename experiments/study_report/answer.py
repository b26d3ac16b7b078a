"""The page of a study that begins with its answer; the long page stays as its appendix."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from experiments.study_report.facts import scope_text, terms_text
from experiments.study_report.figures.decisions import compared_policies
from experiments.study_report.figures.differences import (
    difference_rows,
    future_factors,
    future_names,
)
from experiments.study_report.figures.marks import (
    INDEX_AXES,
    INDEX_WORDS,
    index_table,
    is_vague,
    ranking_index,
)
from experiments.study_report.finding import Finding
from experiments.study_report.inputs import StudyTables
from simulation.errors import InputError
from simulation.report.interactive.write import write_answer_page
from simulation.report.pen import figure, span, value_text

TEMPLATE = Path(__file__).with_name("page_of_answer.html")
SCRIPT = Path(__file__).with_name("study.js")
MOST_TOLD = 2
"""Findings of the first screen."""


def write_answer(study: StudyTables, path: Path, *, context: dict[str, Any]) -> None:
    """Write the page.

    Parameters
    ----------
    study : StudyTables
        With words for names.
    path : Path
        The page.
    context : dict
        Of the long page: title, lead, findings (by label of the outcome), notes, factors, limits,
        command and facts are read.
    """
    found = context["findings"]
    leading = leading_outcome(found)
    outcome = next((name for name in study.outcomes if study.names.label(name) == leading), "")
    words = {
        "kicker": f"{context['title']} \u00b7 a study \u00b7 simulated",
        "title": context["lead"] or context["title"],
        "answer": answer_lines(found, leading),
        "numbers": numbers(study, outcome),
        "moved": [],
        "assumed": assumed(study),
        "contents": [
            ("found", "What was found"), *[("beware", "Beware")] * bool(context["notes"]),
            ("pictures", "In pictures"), ("varied", "What was varied"),
            ("limits", "What it cannot say"), ("repeat", "Do it again"),
        ],
        "found": found,
        "notes": context["notes"],
        "factors": context["factors"],
        "limits": context["limits"],
        "repeat": [("On a command line", context["command"])] if context["command"] else [],
        "facts": context["facts"],
        "appendix": "study.html",
        "attribution": "",
    }  # fmt: skip
    data = {"outcomes": [outcome_data(study, name) for name in study.outcomes]}
    write_answer_page(path, TEMPLATE, words=words, data=data, scripts=[SCRIPT])


def leading_outcome(found: Mapping[str, list[Finding]]) -> str:
    """Choose the outcome the first screen tells of: the first of which something can be told."""
    for label, findings in found.items():
        if any(finding.is_clear and not finding.is_aside for finding in findings):
            return label
    return next(iter(found), "")


def answer_lines(found: Mapping[str, list[Finding]], leading: str) -> list[str]:
    """Tell of the leading outcome; before it that of the first one nothing can be told."""
    lines = told(found.get(leading, []))
    first = next(iter(found), "")
    return lines if leading == first else [found[first][0].text, *lines][:MOST_TOLD]


def told(findings: list[Finding]) -> list[str]:
    """Choose what the first screen tells: what stands out of the noise, else the first finding."""
    clear = [finding.text for finding in findings if finding.is_clear and not finding.is_aside]
    return (
        clear[:MOST_TOLD] or [finding.text for finding in findings[:1]] or ["No outcome is kept."]
    )


def assumed(study: StudyTables) -> list[str]:
    """Say what was varied and what is ours to choose."""
    lines = [f"Varied: {scope_text(study)}", terms_text(study)]
    if study.said("model", "labour_market") == "labour_market":
        lines.append("Intervals are of chance in the runs, not of what was not varied.")
    return [line for line in lines if line]


def numbers(study: StudyTables, outcome: str) -> list[dict[str, str]]:
    """Give three numbers of an outcome with their intervals, as far as there are any.

    Of a grid what the least regretted policy leaves to regret, at worst and on average; else the
    factors that matter most; else the largest differences.
    """
    policies = policy_rows(study, outcome)
    if policies:
        best = policies[0]
        rows = [("Most to regret", best["label"], best["largest"]),
                ("To regret on average", best["label"], best["average"])]  # fmt: skip
        if len(policies) > 1:
            rows.append(("Most to regret", policies[-1]["label"], policies[-1]["largest"]))
    else:
        ranked = indices_drawn(study, outcome)[:1]
        rows = [
            (index["label"], row["label"], row)
            for index in ranked
            for row in index["rows"]
            if row["mean"] is not None and not row["is_vague"]
        ]
    unit = study.names.difference_unit(outcome) if policies else ""
    return [_number(label, of, row, unit) for label, of, row in rows[:3]]


def _number(label: str, of: str, row: dict[str, Any], unit: str) -> dict[str, str]:
    low, high = (np.nan if row[end] is None else row[end] for end in ("low", "high"))
    ends = span(low, high, unit)
    value = figure(row["mean"], unit, within=(low, high))
    return {
        "label": f"{label} ({unit})" if unit else label,
        "value": value,
        "interval": f"{ends} (95 in 100)" if ends else "no interval",
        "of": of,
    }


def outcome_data(study: StudyTables, outcome: str) -> dict[str, Any]:
    """Return what is drawn of an outcome: policies, differences by policy, indices."""
    return {
        "label": study.names.label(outcome),
        "unit": study.names.difference_unit(outcome),
        "policies": policy_rows(study, outcome),
        "differences": difference_data(study, outcome),
        "indices": indices_drawn(study, outcome),
    }


def policy_rows(study: StudyTables, outcome: str) -> list[dict[str, Any]]:
    """List the policies, least regretted first: label, largest and average regret with limits."""
    try:
        rows = compared_policies(study.decisions, outcome)
    except InputError:
        return []
    return [
        {
            "label": study.names.label(str(row["policy"])),
            "largest": _estimate(row, "largest_regret"),
            "average": _estimate(row, "mean_regret"),
        }
        for row in rows.to_dict("records")
    ]


def difference_data(study: StudyTables, outcome: str) -> list[dict[str, Any]]:
    """List for each policy its differences from the baseline, a future a row."""
    effects, policies = study.by_policy(study.effects)
    if policies is None or policies not in effects:
        return []
    try:
        rows = difference_rows(effects, outcome)
    except InputError:
        return []
    rows = rows.assign(_future=future_names(rows, future_factors(rows, policies)))
    return [
        {
            "label": study.names.label(str(policy)),
            "rows": [
                {"label": str(row["_future"]), **_estimate(row, "difference")}
                for row in own.to_dict("records")
            ],
        }
        for policy, own in rows.groupby(rows[policies].map(value_text), sort=False)
    ]


def indices_drawn(study: StudyTables, outcome: str) -> list[dict[str, Any]]:
    """List the indices of an outcome, that by which factors are ranked first, factors in order."""
    if study.indices.empty or outcome not in set(study.indices["outcome"].astype(str)):
        return []
    first = ranking_index(study.indices, outcome)
    present = set(study.indices.loc[study.indices["outcome"].astype(str) == outcome, "index"])
    names = [name for name in INDEX_WORDS if name in present]
    found = []
    for name in sorted(names, key=lambda each: each != first):
        table = index_table(study.indices, outcome, name)
        rows = [
            {"label": _factors(row, study), "is_vague": is_vague(row), **_estimate(row, "")}
            for row in table.to_dict("records")
        ]
        found.append({"label": INDEX_AXES.get(name, INDEX_WORDS[name]), "rows": rows})
    return found


def _factors(row: dict[Any, Any], study: StudyTables) -> str:
    names = [row["factor"], *([row["other"]] if row.get("other") else [])]
    return " and ".join(study.names.label(str(name)) for name in names)


def _estimate(row: dict[Any, Any], name: str) -> dict[str, float | None]:
    """Return a number and its limits; None for what is not known."""
    keys = (name, f"{name}_low", f"{name}_high") if name else ("value", "low", "high")
    found = [float(row.get(key) or 0.0) if key in row else np.nan for key in keys]
    values = [each if np.isfinite(each) else None for each in found]
    return dict(zip(("mean", "low", "high"), values, strict=True))
