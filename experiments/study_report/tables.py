"""The tables of a study's page, as text."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from experiments.study_report.figures.marks import INDEX_WORDS, clear_of_noise, is_denied
from experiments.study_report.figures.names import Names
from simulation.report.pen import decimal, measured, number, percent, places_for

MOST_PAIRS = 12
"""Second-order rows shown of one outcome; the file has all."""
UNIT_INDICES = ("mu", "mu_star", "sigma")
TEXT = ("outcome", "index", "factor", "other", "flag")


def index_rows(indices: pd.DataFrame, *, names: Names) -> dict[str, dict[str, Any]]:
    """Lay indices out as text: by outcome, rows in order and how many pairs are left out.

    Parameters
    ----------
    indices : DataFrame
        May be empty; columns that lack are left blank.
    names : Names

    Returns
    -------
    dict of str to dict
        By label of the outcome: rows (factor, index, value, interval, plain, floor, flag, error,
        is_clear) and n_hidden.
    """
    found: dict[str, dict[str, Any]] = {}
    if indices.empty:
        return found
    table = _complete(indices)
    for outcome, rows in table.groupby("outcome", sort=False):
        order = {index: at for at, index in enumerate(INDEX_WORDS)}
        rows = rows.assign(order=rows["index"].map(order).fillna(len(order)))
        rows = rows.sort_values(["order", "value"], ascending=[True, False], kind="stable")
        pairs = rows[rows["index"] == "S2"].sort_values("value", key=np.abs, ascending=False)
        kept = rows.drop(pairs.index[MOST_PAIRS:])
        found[names.label(str(outcome))] = {
            "rows": [_index_row(row, names) for _, row in kept.iterrows()],
            "n_hidden": len(rows) - len(kept),
        }
    return found


def _complete(indices: pd.DataFrame) -> pd.DataFrame:
    """Fill in columns that lack, text as text and numbers as numbers."""
    table = indices.copy()
    for name in TEXT:
        table[name] = table[name].fillna("").astype(str) if name in table else ""
    for name in ("value", "low", "high", "plain", "floor", "emulator_error"):
        table[name] = table[name].astype(np.float64) if name in table else np.nan
    return table


def _index_row(row: pd.Series, names: Names) -> dict[str, Any]:
    """Write one index."""
    places: int | None = 2
    if row["index"] in UNIT_INDICES:
        places = places_for(row["low"], row["high"])
    write = number if places is None else partial(decimal, places=places)
    factor = names.label(row["factor"])
    if row["other"]:
        factor += f" and {names.label(row['other'])}"
    is_known = np.isfinite(row["low"]) and np.isfinite(row["high"])
    error = row["emulator_error"]
    return {
        "factor": factor,
        "index": row["index"],
        "value": write(row["value"]),
        "interval": f"{write(row['low'])} to {write(row['high'])}" if is_known else "",
        "plain": write(row["plain"]),
        "floor": write(row["floor"]),
        "flag": row["flag"] + (f"; emulator misses {percent(error)}" if error > 0 else ""),
        "is_clear": clear_of_noise(row) or (row["high"] < 0 and not is_denied(row["flag"])),
    }


def noise_rows(noise: pd.DataFrame, *, names: Names) -> list[dict[str, str]]:
    """Lay the table of noise out as text, a row an outcome; empty where there is none."""
    found = []
    for row in noise.to_dict("records"):
        size = float(row.get("noise_share", np.nan))
        enough = str(row.get("enough", "")).lower()
        found.append(
            {
                "outcome": names.label(str(row.get("outcome", ""))),
                "seeds": _count_of(row, "n_seeds"),
                "points": _count_of(row, "n_points"),
                "of_points": number(float(row.get("variance_points", np.nan))),
                "of_noise": number(float(row.get("variance_noise", np.nan))),
                "share": percent(size),
                "half_width": number(float(row.get("half_width", np.nan))),
                "wanted": number(float(row.get("wanted", np.nan))),
                "enough": {"true": "yes", "1": "yes", "1.0": "yes", "": ""}.get(enough, "no"),
                "note": str(row.get("note", "") or ""),
            }
        )  # fmt: skip
    return found


def decision_rows(decisions: pd.DataFrame, *, names: Names) -> dict[str, list[dict[str, Any]]]:
    """Lay the table of decisions out as text: by outcome with its unit, a row a policy."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in decisions.to_dict("records"):
        outcome = str(row.get("outcome", ""))
        found.setdefault(names.with_unit(outcome), []).append(
            {
                "policy": names.label(str(row.get("policy", ""))),
                "best": _count(row, "best"),
                "tied": _count(row, "best_or_tied"),
                "mean": number(float(row.get("mean", np.nan))),
                "worst": number(float(row.get("worst", np.nan))),
                "mean_regret": _with_limits(row, "mean_regret"),
                "largest_regret": _with_limits(row, "largest_regret"),
                "floor": number(float(row.get("largest_regret_floor", np.nan)), figures=2),
                "where": f"{_text(row, 'largest_regret_in')} {_text(row, 'note')}".strip(),
                "is_clear": str(row.get("is_minimax", "")).lower() in ("true", "1", "1.0"),
            }
        )  # fmt: skip
    return found


def _text(row: dict[Any, Any], name: str) -> str:
    return str(row.get(name, "") or "")


def _count_of(row: dict[Any, Any], name: str) -> str:
    return decimal(float(row.get(name, np.nan)), 0)


def _count(row: dict[Any, Any], name: str) -> str:
    counts = (_count_of(row, name), _count_of(row, "n_futures"))
    return " of ".join(counts) if all(counts) else counts[0]


def _with_limits(row: dict[Any, Any], name: str) -> str:
    low, high = (float(row.get(f"{name}_{end}", np.nan)) for end in ("low", "high"))
    return measured(float(row.get(name, np.nan)), low, high)
