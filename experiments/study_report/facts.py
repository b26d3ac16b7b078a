"""What a study varied, what it cost and what it takes to repeat it, as its manifest says."""

from __future__ import annotations

import numpy as np

from experiments.study_report.figures.names import NO_UNIT, is_number
from experiments.study_report.inputs import StudyTables, policy_words
from simulation.report.pen import duration, listed, plural, value_text


def _n_seeds(study: StudyTables) -> int | None:
    if "seed" in study.runs.columns and len(study.runs):
        return int(study.runs["seed"].nunique())
    seeds = study.said("seeds")
    return len(seeds) if isinstance(seeds, list) else seeds


def scope_text(study: StudyTables) -> str:
    """Say what was varied and how much was run."""
    n_points = study.said("n_points") or len(study.points)
    n_seeds = _n_seeds(study)
    parts = [plural(len(study.factors), "factor")] if study.factors else []
    if n_points:
        parts.append(f"{plural(n_points, 'point')} (combinations of values)")
    if n_seeds:
        parts.append(f"{plural(n_seeds, 'seed')} at every point, the same for"
                     " all, so that points differ by their factors and not by luck")  # fmt: skip
    return ", ".join(parts) + "." if parts else "Nothing is said of it in this folder."


def terms_text(study: StudyTables) -> str:
    """Say what in a grid is ours to choose and what makes the futures; empty for other studies."""
    names, chosen = study.names, study.choosable
    if not chosen:
        return ""
    text = f"To choose from, as policies: {listed([names.label(name) for name in chosen])}"
    baseline = study.said("baseline")
    if baseline:
        first, *others = map(value_text, baseline.values())
        text += f", compared with {policy_words(baseline, names) if others else first}"
    others = [names.label(each["name"]) for each in study.factors if each["name"] not in chosen]
    if others:
        text += f". Not ours to choose: {listed(others)}; every value or combination is a future"
    return f"{text}."


def factor_rows(study: StudyTables) -> list[dict[str, str]]:
    """List the factors with what they ranged over, from the manifest or else the design."""
    found = []
    for each in study.factors:
        name = each["name"]
        words = each.get("range") or each.get("text") or ""
        column = study.points[name] if name in study.points.columns else None
        if each.get("choices"):
            # A design of few levels leaves some out.
            taken = each["choices"] if column is None else set(column.map(value_text))
            words = ", ".join(
                value
                for value in map(value_text, each["choices"])
                if value in map(value_text, taken)
            )
        if not words and each.get("low") is not None and each.get("high") is not None:
            words = f"{value_text(each['low'])} to {value_text(each['high'])}"
        if not words and column is not None and len(column):
            words = (
                f"{value_text(column.min())} to {value_text(column.max())}"
                if is_number(column)
                else ", ".join(dict.fromkeys(column.map(value_text)))
            )
        unit = str(each.get("unit") or "")
        found.append({"name": name, "label": str(each.get("label") or ""), "range": str(words),
                      "unit": "" if unit in NO_UNIT else unit,
                      "meaning": str(each.get("meaning") or "")})  # fmt: skip
    return found


def cost_text(study: StudyTables) -> str:
    """Say what the study cost: runs, those done for it, seconds."""
    n_runs = study.said("n_runs") or len(study.runs)
    if not n_runs:
        return "No runs are stored with this study."
    text = plural(n_runs, "run")
    new = study.said("n_new")
    if new is not None:
        kept = n_runs - new
        if not kept or not new:
            text += ", all done for it" if new else ", all in the store already"
        else:
            text += f", of which {new:,} were done for it and {kept:,} were in the store"
    seconds = study.said("seconds")
    if isinstance(seconds, int | float) and np.isfinite(seconds):
        text += f"; {duration(float(seconds))} in all"
        text += f", {duration(float(seconds) / new)} a run done" if new else ""
    return f"{text}."


def fact_rows(study: StudyTables) -> list[tuple[str, str]]:
    """List what is needed to do the study again, name and value; what is not known is left out."""
    seeds = study.said("seeds")
    if "seed" in study.runs.columns and len(study.runs):
        seeds = sorted({int(seed) for seed in study.runs["seed"]})
    versions = study.said("versions") or {}
    facts = {
        "Model": study.said("model"),
        "Method": study.said("method"),
        "Samples": study.said("samples"),
        "Size": study.said("size"),
        "Seeds": ", ".join(map(str, seeds)) if isinstance(seeds, list) else seeds,
        "Seed of the design": study.said("design_seed"),
        "Emulator": study.said("emulator"),
        "Commit": study.said("commit"),
        "Code version": study.said("code_version"),
        "Versions": ", ".join(f"{name} {value}" for name, value in versions.items()),
    }
    return [(name, str(value)) for name, value in facts.items() if value not in (None, "", "none")]
