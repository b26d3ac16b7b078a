"""Tables of runs as text, fitted to the terminal."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Collection, Sequence
from typing import Any

import pandas as pd

from simulation.report.pen import plain, value_text

WIDEST_NAME, WIDEST_VALUE = 26, 40
NO_TERMINAL = 160
CHIEF = ("employment_rate_end", "ni152_end", "long_term_workless_share_end", "job_entries")
"""Outcomes shown of many runs; the store has all."""

ALWAYS = ("key", "experiment", "seed")
LEFT_OUT = ("code_version", "host", "commit", "n_people", "seconds", "finished")
"""Columns shown only when asked for by name."""


def line_width() -> int:
    """Return how many letters fit in a line; elsewhere than on a terminal, a long one."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else NO_TERMINAL


def table_text(
    frame: pd.DataFrame, *, width: int | None = None, keep: str | None = None
) -> tuple[str, int]:
    """Return a frame as lines of text, and how many columns had no room.

    Parameters
    ----------
    frame : DataFrame
    width : int, optional
        Letters in a line; the first column is shown however wide.
    keep : str, optional
        A column that is shown even where those before it leave no room.
    """
    names = list(frame.columns)
    kept = _cells(frame, names.index(keep)) if keep in names else []
    texts: list[list[str]] = []
    used = 0
    for place, name in enumerate(names):
        cells = _cells(frame, place)
        if name == keep:
            kept = []
        room = len(kept[0]) + 2 if kept else 0
        if width is not None and texts and used + len(cells[0]) + room > width:
            break
        used += len(cells[0]) + 2
        texts.append(cells)
    texts += [kept] if kept else []
    lines = ["  ".join(cells).rstrip() for cells in zip(*texts, strict=True)]
    return "\n".join(lines), len(frame.columns) - len(texts)


def _cells(frame: pd.DataFrame, place: int) -> list[str]:
    """Return a column as text, its name above, all equally wide."""
    column = frame.iloc[:, place]
    cells = [_short(str(frame.columns[place]), WIDEST_NAME), *map(_cell, column)]
    breadth = max(map(len, cells))
    is_number = pd.api.types.is_numeric_dtype(column) and column.dtype != bool
    return [cell.rjust(breadth) if is_number else cell.ljust(breadth) for cell in cells]


def chosen_columns(
    frame: pd.DataFrame, parameters: Sequence[str], *, outcomes: Sequence[str]
) -> list[str]:
    """Return the columns of runs worth a look: parameters that differ, then outcomes.

    Parameters
    ----------
    frame : DataFrame
        From `Store.runs`.
    parameters : sequence of str
        Its columns that are parameters.
    outcomes : sequence of str
        The chief ones first; those that are no columns are left out.
    """
    differ = [name for name in parameters if frame[name].nunique(dropna=False) > 1]
    varies = [name for name in differ if not _is_said(name, differ, frame)]
    models = ["model"] if frame["model"].nunique() > 1 else []
    aside = {*ALWAYS, *LEFT_OUT, *parameters, "model"}
    given = dict.fromkeys([*outcomes, *frame.columns])
    shown = [name for name in given if name in frame and name not in aside]
    return [*ALWAYS, *models, *varies, *(name for name in shown if frame[name].notna().any())]


def _is_said(name: str, others: Sequence[str], frame: pd.DataFrame) -> bool:
    """Whether the name of a choice says all that this parameter of its group does."""
    chosen = f"{name.partition('.')[0]}.name"
    if name == chosen or chosen not in others:
        return False
    return int(frame.groupby(chosen, dropna=False)[name].nunique(dropna=False).max()) == 1


def short_keys(keys: Sequence[str], all_keys: Collection[str]) -> list[str]:
    """Return as many first digits of keys as tell them apart, eight at least."""
    length = 8
    while len({key[:length] for key in all_keys}) < len(set(all_keys)):
        length += 1
    return [key[:length] for key in keys]


def _cell(value: Any) -> str:
    text = plain(value_text(value))
    return text if len(text) <= WIDEST_VALUE else f"{text[: WIDEST_VALUE - 2]}.."


def _short(name: str, widest: int) -> str:
    """Return a name, of one too long its end, which tells more than its beginning."""
    return name if len(name) <= widest else f"..{name[2 - widest :]}"
