"""The page of a neighbourhood plan: its tables in, one self-contained file out."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from simulation.report.interactive.premises import ASSUMED_SUPPORT, assumed
from simulation.report.interactive.write import HERE, write_answer_page
from simulation.report.neighbourhood import Plan, plan_lines, plan_numbers, words, years_of_options
from simulation.report.page_of_comparison import ATTRIBUTION, LIMITS, support_limits
from simulation.report.pen import about, decimal, measured, percent, value_text, with_unit
from simulation.results.verdict import OUTCOMES, TIE

HEADS = {
    "profile": ("Who lives there", "On the first day, beside the whole area."),
    "caseload": ("Whom support is for", "People out of work on the first day, by client group."),
    "gaps": ("Provision and gaps", "Starts a year in each stage as things are: what residents"
             " would take up, what contracts have places for, need without places, places without"
             " need."),
    "mix": ("What the mix takes and brings",
            "There and in the whole area, where others then spend more or less too."),
}  # fmt: skip
NUMBERS = 1
SHARES = ("share_of_caseload",)
WHERE = {"here": "there", "all": "the whole area"}


def write_page_of_plan(path: Path, plan: Plan) -> Path:
    """Write the page of a plan: a sentence, three numbers and a picture, then all else."""
    tables = plan.tables
    options, months = tables["options"], tables["path"]
    data = {
        "options": [
            {"label": words(str(row["option"])), "mean": _number(row["work_years"]),
             "low": _number(row["low"]), "high": _number(row["high"]),
             "text": years, "interval": ends or "no interval",
             "spent": with_unit(about(row["spent_gbp"]), "GBP"),
             "per": _number(row["years_per_100000_gbp"])}
            for row, (years, ends) in zip(
                options.to_dict("records"), years_of_options(options), strict=True)
        ],
        "dates": [f"{date:%Y-%m}" for date in pd.to_datetime(months["date"])],
        **{name: [_number(value) for value in months[name]]
           for name in ("without", "with", "difference", "low", "high")},
    }  # fmt: skip
    manifest = _manifest(plan)
    title, answer, *details = plan_lines(plan)
    context = {
        "title": title,
        "kicker": "A neighbourhood plan, simulated",
        "answer": [_sentence(answer)],
        "numbers": plan_numbers(plan),
        "moved": [],
        "assumed": assumed(manifest, ASSUMED_SUPPORT, has_intervals=plan.n_seeds > 1),
        "contents": [("details", "Line by line"), ("path", "NI 153 over time"),
                     *((name, heading) for name, (heading, _) in HEADS.items()),
                     ("limits", "What it cannot say")],
        "details": [_sentence(line) for line in details],
        "parts": [(name, *about_it, *(_mix(tables) if name == "mix" else _as_it_is(tables[name])))
                  for name, about_it in HEADS.items()],
        "limits": [*LIMITS, *support_limits(manifest)],
        "repeat": [],
        "facts": [],
        "appendix": "",
        "attribution": ATTRIBUTION,
    }  # fmt: skip
    template, script = HERE / "neighbourhood.html", HERE / "neighbourhood.js"
    write_answer_page(path, template, words=context, data=data, scripts=[script])
    return path


def _manifest(plan: Plan) -> dict[str, Any]:
    """Return what premises are told from: things as they are, of which each arm is a variant."""
    config = plan.config
    return {
        "area": config.area.folder or config.area.name,
        "arms": [{"name": "as_it_is", "config": config.model_dump(mode="json")}],
        "people_per_agent": config.people_per_agent,
        "seeds": range(plan.n_seeds),
    }


def _sentence(line: str) -> str:
    text = line.strip()
    return f"{text[:1].upper()}{text[1:]}."


def _number(value: float) -> float | None:
    return None if pd.isna(value) else round(float(value), NUMBERS + 3)


def _mix(tables: Mapping[str, pd.DataFrame]) -> tuple[list[str], list[list[str]]]:
    """Lay out what the mix takes and brings, each number as precisely as its interval allows."""
    spent = tables["options"]["spent_in_mix_gbp"].sum()
    rows = [["there", "spent on places of the mix", with_unit(about(spent), "GBP"), ""]]
    for row in tables["mix"].to_dict("records"):
        unit = "GBP" if row["unit"] == "GBP" else ""
        change = measured(row["estimate"], row["low"], row["high"], unit=unit, signed=True)
        said = "cannot be told from nothing" if row["order"] == TIE else row["order"]
        rows.append([WHERE[row["set"]], OUTCOMES[row["outcome"]].label, change, said])
    return ["where", "what", "more than as things are (95 in 100)", "in words"], rows


def _as_it_is(table: pd.DataFrame) -> tuple[list[str], list[list[str]]]:
    """Lay out a table as its file has it, in words."""
    rows = [
        [_cell(column, value, str(row.get("unit"))) for column, value in row.items()]
        for row in table.to_dict("records")
    ]
    return list(map(words, table.columns)), rows


def _cell(column: Any, value: Any, unit: str) -> str:
    """Write a cell: people and places whole, rates to one decimal, shares per hundred."""
    if isinstance(value, str):
        return words(value)
    if not isinstance(value, float):
        return value_text(value)
    return percent(value) if column in SHARES else decimal(value, 1 if unit == "per cent" else 0)
