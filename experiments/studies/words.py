"""A study in plain words: what it asks before it runs, what it found afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from experiments.studies.factors import values_text
from experiments.studies.pairs import rows_of
from experiments.studies.preparation import Study
from simulation.report.pen import amount, figure, percent, plain, plural, span

MOST_FACTORS = 5
NO_UNIT = ("", "-")
LEADING = {"morris": "mu_star", "sobol": "ST", "efast": "ST", "delta": "delta", "pawn": "pawn"}
"""By which index factors are put in order."""
DIFFERENCE = ("difference", "difference_low", "difference_high")
MEANING = {
    "mu_star": "moves it by, on average",
    "ST": "share of its variance, alone and with others",
    "delta": "share of its distribution that hangs on it",
    "pawn": "largest shift of its distribution",
}


def asked_text(study: Study) -> str:
    """Say what a study is going to do."""
    settings = study.settings
    count = len(study.factors)
    title = settings.title or f"A study of {plural(count, 'factor')} by {settings.method}"
    lines = [f"{title}. {settings.question}".strip()]
    lines += [f"  {factor.name}: {factor.text()}" for factor in study.factors]
    lines.append(
        f"  method {settings.method}: {len(study.design.points):,} points x {settings.seeds} seeds,"
        f" at most {settings.most_seeds}"
    )
    return "\n".join(lines)


def found_text(study: Study, tables: Mapping[str, pd.DataFrame]) -> str:
    """Say what a study found: per outcome the leading factors or differences, then decisions."""
    labels = study.model.labels()
    parts = []
    for outcome in study.settings.outcomes:
        lines = [
            *_leading_lines(tables.get("indices"), outcome, study.settings.method),
            *_difference_lines(study, tables.get("effects"), outcome),
            *_decision_lines(tables.get("decisions"), outcome),
        ]
        noise = tables["noise"].set_index("outcome").loc[outcome]
        if not lines:
            lines = [f"  {noise['note'] or 'see design.csv and runs.parquet'}"]
        parts.append("\n".join([f"{labels[outcome]}{_noise_words(noise)}", *lines]))
    return "\n\n".join(parts)


def _noise_words(noise: Any) -> str:
    share = noise["noise_share"]
    if pd.isna(share):
        return ""
    words = percent(share) if share < 1.0 else "all"
    return f" ({words} of how it varies is luck)"


def _leading_lines(indices: pd.DataFrame | None, outcome: str, method: str) -> list[str]:
    """Return the factors that lead by the chief index of the method, largest first."""
    if indices is None:
        return []
    leading = LEADING.get(method, "ST")
    rows = indices[(indices["outcome"] == outcome) & (indices["index"] == leading)]
    if rows.empty:
        return []
    rows = rows.sort_values("value", ascending=False, kind="stable").head(MOST_FACTORS)
    width = max(map(len, rows["factor"])) + 2
    head = f"  {MEANING[leading]}"
    if leading == "mu_star" and (unit := rows["unit"].iloc[0]) not in NO_UNIT:
        head += f", {unit}"
    return [head] + [
        f"    {row['factor']:<{width}}{_with_interval(row, 'value', 'low', 'high')}"
        f"{'  ' + row['flag'] if row['flag'] else ''}"
        for row in rows.to_dict("records")
    ]


def _difference_lines(study: Study, effects: pd.DataFrame | None, outcome: str) -> list[str]:
    """Return the largest differences from the baseline, with intervals."""
    if effects is None:
        return []
    rows = effects[(effects["outcome"] == outcome) & effects["difference"].notna()]
    if rows.empty:
        return []
    order = rows["difference"].abs().sort_values(ascending=False, kind="stable").index
    chosen = rows_of(rows.loc[order[:MOST_FACTORS]])
    baseline = study.baseline or {}
    names = [_point_words(row, study, baseline) for row in chosen]
    width = max(map(len, names)) + 2
    shown = "the base" if study.settings.method == "one_at_a_time" else values_text(baseline)
    unit = rows["difference_unit"].iloc[0]
    head = f"  largest differences from {shown}{'' if unit in NO_UNIT else f', {unit}'}"
    return [head] + [
        f"    {name:<{width}}{_with_interval(row, *DIFFERENCE, signed=True)}"
        for name, row in zip(names, chosen, strict=True)
    ]


def _with_interval(
    row: Mapping[Any, Any], value: str, low: str, high: str, *, signed: bool = False
) -> str:
    """Return a number in its column, and its interval where there is one."""
    limits = (row[low], row[high])
    number, ends = figure(row[value], within=limits, signed=signed), span(*limits, signed=signed)
    return plain(f"{number:>9}" + f"  ({ends})" * bool(ends))


def _point_words(row: Mapping[str, Any], study: Study, baseline: Mapping[str, Any]) -> str:
    """Return the values of a point; of one_at_a_time only what is not the base's."""
    all_names = [factor.name for factor in study.factors]
    is_single = study.settings.method == "one_at_a_time"
    names = [name for name in all_names if not is_single or row[name] != baseline.get(name)]
    return values_text({name: row[name] for name in names})


def _decision_lines(decisions: pd.DataFrame | None, outcome: str) -> list[str]:
    """Return what each policy can cost to regret."""
    if decisions is None:
        return []
    rows = rows_of(decisions[decisions["outcome"] == outcome])
    width = max((len(str(row["policy"])) for row in rows), default=0) + 2
    head = "  policy, futures where it is best, largest regret"
    return [head] * bool(rows) + [
        f"    {row['policy']:<{width}}{_whole(row['best'])} of {_whole(row['n_futures'])}"
        f"  {_regret(row)}"
        for row in rows
    ]


def _regret(row: Mapping[str, Any]) -> str:
    if pd.isna(row["largest_regret"]):
        return str(row["note"])
    mark = "  least to regret at worst" if row["is_minimax"] else ""
    unit = "" if row["regret_unit"] in NO_UNIT else row["regret_unit"]
    return plain(amount(row["largest_regret"], unit)) + mark


def _whole(value: Any) -> str:
    return "-" if pd.isna(value) else str(int(value))
