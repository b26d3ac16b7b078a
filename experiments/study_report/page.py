"""The page of a study: a folder of saved tables in, one self-contained page out."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from experiments.study_report.answer import write_answer
from experiments.study_report.chance import emulator_findings, noise_findings, single_findings
from experiments.study_report.decisions import decision_findings, difference_findings
from experiments.study_report.facts import cost_text, fact_rows, factor_rows, scope_text, terms_text
from experiments.study_report.figures.chosen import draw_emulator, draw_outcome
from experiments.study_report.figures.names import is_number
from experiments.study_report.finding import Finding
from experiments.study_report.indices import index_findings
from experiments.study_report.inputs import StudyTables, read_study
from experiments.study_report.interactions import interaction_findings
from experiments.study_report.labels import relabelled
from experiments.study_report.tables import decision_rows, index_rows, noise_rows
from simulation.report.figures.saving import PageFigure
from simulation.report.page import embedded, saved, write_page
from simulation.report.pen import listed, number, value_text

TEMPLATE = Path(__file__).with_name("page_of_study.html")
MOST_BYTES = 2_000_000
"""Bytes of images in a page, before they are written as text; the others stay files."""
"""What a study is called that was put together on the command line."""
MOST_DRAWN = 4
"""Outcomes with figures of their own; the tables tell of all."""
METHODS = {
    "morris": "Morris screening: one factor at a time is moved, from many starting points",
    "sobol": "Sobol indices: shares of variance, from pairs of random designs",
    "efast": "eFAST: shares of variance, from waves of a different length for each factor",
    "delta": "Delta: how far knowing a factor shifts the whole distribution of the outcome",
    "pawn": "PAWN: the greatest gap between distributions with and without knowing a factor",
    "factorial": "full factorial: every value of every factor with every other",
    "grid": "scenario grid: every value of every factor with every other",
    "latin_hypercube": "Latin hypercube: random points, each factor's range evenly covered",
    "sobol_sequence": "Sobol sequence: points that fill the ranges evenly",
    "one_at_a_time": "one at a time: from a base point one factor is changed, all others stay",
}
LIMITS = (
    "It says what drives the outcome within the ranges given for the factors. Wider or narrower"
    " ranges, or factors left out, may give another order.",
    "Intervals cover chance in the runs and in the choice of points. They do not cover whether the"
    " model is right, nor values of parameters that were not varied.",
    "Shares of variance and regrets are of the points of this design, all given the same weight:"
    " the design is not a forecast of how likely a future is.",
    "With many factors and outcomes some intervals leave zero out by chance: about one in twenty"
    " of those that ought not to.",
)
MODEL_LIMITS = (
    "The model was fitted to published tables, not to records of individuals, and gains and losses"
    " outside its area do not show.",
)
EMULATOR_LIMIT = (
    "Indices from an emulator are those of the emulator. Where it smooths over a kink or a"
    " threshold of the model, so do they; its error out of sample is given beside them."
)


def write_study_page(folder: Path | str) -> Path:
    """Write `page.html`, `study.html` and `figures/` into the folder of a study.

    Parameters
    ----------
    folder : Path or str
        Holds manifest.json; design.csv, runs.parquet, indices.csv, convergence.csv, noise.csv,
        effects.csv, decisions.csv and predictions.csv may each lack or be empty.

    Returns
    -------
    Path
        The page that begins with the answer; neither page needs a network or another file.

    Raises
    ------
    InputError
        When the manifest is missing or a file cannot be read; nothing is written then.
    """
    folder = Path(folder)
    study = relabelled(read_study(folder))
    drawn, left_out = _draw(study)
    context = page_context(study)
    write_answer(study, folder / "page.html", context=context)
    context |= {
        "figures": embedded(
            [saved(each, folder / "figures") for each in drawn], most_bytes=MOST_BYTES
        ),
        "left_out": left_out,
    }
    write_page(folder / "study.html", TEMPLATE, context)
    return folder / "page.html"


def _draw(study: StudyTables) -> tuple[list[PageFigure], list[str]]:
    """Draw what the tables allow, an outcome at a time."""
    frames = {
        name: getattr(study, name)
        for name in ("points", "runs", "indices", "convergence", "decisions")
    }
    frames["effects"], policies = study.by_policy(study.effects)
    frames["points"], _ = study.by_policy(study.points)
    names = study.names
    drawn, left_out = [], []
    for outcome in study.outcomes[:MOST_DRAWN]:
        figures, lacking = draw_outcome(
            frames, outcome, policies=policies, block=study.block, names=names
        )
        drawn += figures
        left_out += lacking
    figures, lacking = draw_emulator(study.predictions, names=names)
    if len(study.outcomes) > MOST_DRAWN:
        rest = ", ".join(names.label(outcome) for outcome in study.outcomes[MOST_DRAWN:])
        lacking.append(f"Figures are drawn of the first {MOST_DRAWN} outcomes, not of {rest}.")
    return drawn + figures, left_out + lacking


def page_context(study: StudyTables) -> dict[str, Any]:
    """Everything the page says, figures apart.

    Parameters
    ----------
    study : StudyTables

    Returns
    -------
    dict
        Names of the template.
    """
    names, outcomes = study.names, study.outcomes
    method = str(study.said("method", ""))
    limits = list(LIMITS)
    if study.said("model", "labour_market") == "labour_market":
        limits += MODEL_LIMITS
    if str(study.said("emulator", "none")) != "none" or len(study.predictions):
        limits.append(EMULATOR_LIMIT)
    return {
        "title": title_of(study),
        "lead": str(study.said("question", "")),
        "attribution": "",
        "terms": terms_text(study),
        "findings": {names.label(each): outcome_findings(study, each) for each in outcomes},
        "definitions": definitions_of(study),
        "method": METHODS.get(method, method),
        "scope": scope_text(study),
        "notes": list(map(str, study.said("notes", []))),
        "factors": factor_rows(study),
        "cost": cost_text(study),
        "indices": index_rows(study.indices, names=names),
        "noise": noise_rows(study.noise, names=names),
        "decisions": decision_rows(study.decisions, names=names),
        "limits": limits,
        "command": str(study.said("command", "")),
        "facts": fact_rows(study),
    }


def definitions_of(study: StudyTables) -> dict[str, str]:
    """Say what outcomes mean, by label; empty where the manifest does not."""
    said = study.said("outcomes", {})
    said = said if isinstance(said, Mapping) else {}
    return {
        study.names.label(name): str(said.get(name, {}).get("definition", ""))
        for name in study.outcomes
    }


def title_of(study: StudyTables) -> str:
    """Give the study's title, or make one where it was put together on the command line."""
    if title := str(study.said("title", "")):
        return title
    outcomes = [study.names.inline(outcome) for outcome in study.outcomes]
    return f"A study of {listed(outcomes)}" if outcomes else "A study"


def outcome_findings(study: StudyTables, outcome: str) -> list[Finding]:
    """Say what a study found on one outcome, the plainest first; never empty."""
    names = study.names
    effects, policies = study.by_policy(study.effects)
    choices = {
        str(name): () for name in study.points.columns if not is_number(study.points[name])
    } | {
        each["name"]: tuple(map(value_text, each.get("choices") or ()))
        for each in study.factors
        if each.get("kind") == "choice"
    }
    found = decision_findings(study.decisions, outcome, names=names)
    if policies:
        found += difference_findings(effects, outcome, policies=policies, names=names)
        between, who = study.by_policy(study.interactions)
        found += interaction_findings(between, outcome, policies=who, names=names)
    elif {"difference", "outcome"} <= set(effects.columns):
        found += single_findings(effects, outcome, names=names)
    found += index_findings(study.indices, outcome, names=names, choices=choices)
    found += emulator_findings(study.indices, outcome)
    found += noise_findings(study.noise, outcome, names=names)
    return found or [_range_finding(study.runs, outcome)]


def _range_finding(runs: pd.DataFrame, outcome: str) -> Finding:
    """Say how far an outcome varies, where nothing else can be said."""
    if outcome not in runs.columns or not np.isfinite(runs[outcome]).any():
        return Finding("No run has it, so nothing can be said.", False)
    values = runs.groupby("point")[outcome].mean()
    ends = " and ".join(number(value, figures=4) for value in (values.min(), values.max()))
    lacking = int((~np.isfinite(runs[outcome])).sum())
    missing = f" {lacking} of {len(runs)} runs do not have it." if lacking else ""
    return Finding(
        f"Over {len(values):,} points it lies between {ends} (means over seeds)." + missing,
        True,
    )
