"""The page of a trial: what it finds beside what was published, in words, a picture and a table."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from simulation.report.figures.saving import PageFigure
from simulation.report.figures.trial import trial_beside_published
from simulation.report.labels import area_label
from simulation.report.page import embedded, saved, write_page
from simulation.report.pen import decimal, number, per_agent

TEMPLATE = Path(__file__).with_name("page_of_trial.html")
ANY = "any"
DESIGNS = {
    "two_level": "Help with looking for work for the young, offered to more of them in some wards",
    "two_level_in_recession": "The same help for the young, offered as the recession begins",
    "new_deal": "A new deal for the young who are six months on JSA, in half the wards",
    "job_search_help": "Help with looking for work for a tenth of those on JSA",
    "training": "A course to level 2 for a tenth of those six months on JSA",
    "basic_skills": "A course of basic skills for those whom the lack of them holds back",
}
WHO = {
    "offered": "Offered help",
    "not_offered": "Neighbours, not offered it",
    "too_old": "Just too old for it",
}
MEASURES = {"effect": "effect", "seen": "as an evaluator sees it"}


def write_trial_page(
    path: Path, table: pd.DataFrame, manifest: Mapping[str, Any], *, figures: Path
) -> None:
    """Write the page, and its figure into a folder beside it.

    Parameters
    ----------
    path : Path
    table : DataFrame
        who, saturation, weeks, people; effect and seen with `_low` and `_high`; measure, published
        and source where there is anything published.
    manifest : mapping
        design, seeds, config and what else it takes to repeat it.
    figures : Path
    """
    shown = table[table["saturation"] == ANY].reset_index(drop=True)
    title = DESIGNS.get(manifest["design"], f"Trial {manifest['design']}")
    drawn = PageFigure(
        "trial",
        trial_beside_published(
            shown,
            labels=[
                f"{WHO[row['who']]},\nafter {row['weeks']} weeks" for _, row in shown.iterrows()
            ],
            title=title_of(shown),
        ),
        "Effects in the model with intervals, and published ones, by kind of people and time.",
        "A star within the line of its kind: the model finds what was published. Where the line of"
        " a hollow dot is long, an evaluator of a trial of this size could hardly have told.",
        "Beside what was published",
    )
    config = manifest["config"]
    weight = config["people_per_agent"]
    context = {
        "title": title,
        "lead": f"{area_label(config['area']['folder'] or config['area']['name'])}, economy"
        f" {config['economy']['name']}, from {config['start']}, {manifest['seeds']}"
        f" seed{'s' * (manifest['seeds'] != 1)}, one agent for {per_agent(weight)}.",
        "findings": [_finding(row) for row in _rows(table) if _is_told(row)],
        "rows": [_words(row) for row in _rows(table)],
        "sources": list(dict.fromkeys(table["source"].dropna())),
        "figures": embedded([saved(drawn, figures)]),
        "left_out": [],
        "limits": [*manifest.get("held", ())],
        "command": "",
        "facts": [
            ("Design", str(manifest["design"])),
            ("Commit", str(manifest["commit"])),
            ("Code version", str(manifest["code_version"])),
        ],
        "attribution": "",
    }
    write_page(path, TEMPLATE, context)


def title_of(table: pd.DataFrame) -> str:
    """Say how many of the published figures lie within the intervals of what is found."""
    told = [row for row in _rows(table) if _is_told(row)]
    n_within = sum(
        row[f"{row['measure']}_low"] <= row["published"] <= row[f"{row['measure']}_high"]
        for row in told
    )
    if not told:
        return "Points more in work, by who and when"
    if all(_is_vacuous(row) for row in told):
        return "Too few people or seeds to tell: intervals are wider than what was published"
    if n_within == len(told) > 1:
        return f"All {n_within} published figures lie within the intervals found"
    return f"{n_within} of {len(told)} published figures within the interval found"


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]


def _is_told(row: Mapping[str, Any]) -> bool:
    return bool(pd.notna(row["published"]))


def _is_vacuous(row: Mapping[str, Any]) -> bool:
    """Whether an interval would hold what was published whatever the model did.

    It reaches further either way than what was published is from nought, and than a point.
    """
    low, high = (row[f"{row['measure']}{end}"] for end in ("_low", "_high"))
    return bool((high - low) / 2 > max(2 * abs(row["published"]), 1.0))


def _finding(row: Mapping[str, Any]) -> str:
    """Say whether the interval of what is found holds what was published."""
    measure = row["measure"]
    low, high, published = row[f"{measure}_low"], row[f"{measure}_high"], row["published"]
    if pd.isna(low):
        verdict = "one seed tells no interval"
    elif low <= published <= high:
        verdict = "the interval holds it"
    else:
        verdict = "more than was published" if low > published else "less than was published"
    return (
        f"{WHO[row['who']]}, after {row['weeks']} weeks ({MEASURES[measure]}): published"
        f" {decimal(published, 1, signed=True)} points, here {_points(row, measure)}; {verdict}."
    )


def _points(row: Mapping[str, Any], measure: str) -> str:
    """Write points with their interval; nothing where there are none."""
    if pd.isna(row[measure]):
        return ""
    mean, low, high = (row[f"{measure}{end}"] for end in ("", "_low", "_high"))
    interval = "" if pd.isna(low) else f" ({decimal(low, 1)} to {decimal(high, 1)})"
    return f"{decimal(mean, 1)}{interval}"


def _words(row: Mapping[str, Any]) -> dict[str, str]:
    """Return a row of the table as it is written."""
    share = row["saturation"]
    return {
        "who": WHO[row["who"]],
        "share": "any" if share == ANY else f"{100 * float(share):g}%",
        "weeks": str(row["weeks"]),
        "people": number(row["people"]),
        **{measure: _points(row, measure) for measure in MEASURES},
        "published": decimal(row["published"], 1) if _is_told(row) else "",
    }
