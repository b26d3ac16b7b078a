"""Which points of a design belong together, alike in all factors but some; runs by seed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from simulation.errors import InputError, did_you_mean

MOST_NAMED = 3
"""More missing combinations than that are only counted."""


def seed_tables(
    points: pd.DataFrame, runs: pd.DataFrame, outcomes: Sequence[str]
) -> dict[str, NDArray[np.float64]]:
    """Lay each outcome out as points x seeds, float64, in the order of points; NaN if missing.

    Raises
    ------
    InputError
        When an outcome is no column, or a point has a seed twice.
    """
    known = [name for name in runs.columns if name not in ("point", "seed", "key")]
    unknown = [name for name in outcomes if name not in known]
    if unknown:
        raise InputError([_no_such("outcome", name, known) for name in unknown])
    if runs.duplicated(["point", "seed"]).any():
        row = runs[runs.duplicated(["point", "seed"])].iloc[0]
        raise InputError(f"runs: point {row['point']} has seed {row['seed']} twice; once is right")
    return {
        name: runs.pivot(index="point", columns="seed", values=name)
        .reindex(points.index)
        .to_numpy(np.float64)
        for name in outcomes
    }


def partners(points: pd.DataFrame, baseline: Mapping[str, Any]) -> list[int]:
    """Give the place of the baseline point of each point, in the order of points.

    Raises
    ------
    InputError
        As `paired_differences`.
    """
    for name, value in baseline.items():
        check_factor(points, name, where="baseline")
        levels = dict.fromkeys(map(same_text, points[name]))
        if same_text(value) not in levels:
            raise InputError(
                f"baseline {name}={value}: no point has it; the values are {', '.join(levels)}"
            )
    others = [name for name in points.columns if name not in baseline]
    wanted = tuple(same_text(value) for value in baseline.values())
    rest, own = level_texts(points, others), level_texts(points, list(baseline))
    place = {
        text: number for number, text in reversed(list(enumerate(rest))) if own[number] == wanted
    }
    missing = [text for text in dict.fromkeys(rest) if text not in place]
    if missing:
        words = [
            ", ".join(f"{name}={value}" for name, value in zip(others, text, strict=True))
            for text in missing[:MOST_NAMED]
        ]
        more = f" and {len(missing) - MOST_NAMED} more" if len(missing) > MOST_NAMED else ""
        raise InputError(
            f"baseline {', '.join(f'{n}={v}' for n, v in baseline.items())}: no point with"
            f" {'; '.join(words)}{more}; a baseline needs a design with every combination"
        )
    return [place[text] for text in rest]


def check_factor(points: pd.DataFrame, name: str, *, where: str) -> None:
    """Refuse a name that is no factor, with the nearest.

    Raises
    ------
    InputError
        In one line.
    """
    if name not in points.columns:
        raise InputError(f"{where} {_no_such('factor', name, list(map(str, points.columns)))}")


def same_text(value: Any) -> str:
    """Write a value so that equal ones are the same text: 1 and 1.0, lists, mappings."""
    if isinstance(value, bool | np.bool_):
        return str(bool(value)).lower()
    if isinstance(value, int | float | np.integer | np.floating):
        return f"{float(value):.12g}"
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True, default=str)


def level_texts(points: pd.DataFrame, names: Sequence[str]) -> list[tuple[str, ...]]:
    """Give the values of some factors of each point as texts that can be looked up."""
    columns = [list(map(same_text, points[name])) for name in names]
    return [tuple(column[row] for column in columns) for row in range(len(points))]


def _no_such(what: str, name: str, known: Sequence[str]) -> str:
    return f"{name}: no such {what}; {did_you_mean(name, known, cutoff=0.5)}"


def rows_of(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a frame as mappings by name of column."""
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]
