"""What factors and outcomes are called in figures, and how their numbers are written."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from simulation.errors import InputError

MINUS = "\u2212"
NO_UNIT = ("-", "nan", "choice")
PER_CENT_CHANGE = "percentage points"


@dataclass(frozen=True)
class Names:
    """What to call factors and outcomes.

    Attributes
    ----------
    labels : mapping of str to str
        Words for a reader by name; a name that lacks is shown as it is.
    units : mapping of str to str
        By name; "" or "-" where there is none.
    """

    labels: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)

    def label(self, name: str) -> str:
        """Name a factor or an outcome for a reader."""
        return self.labels.get(name, name)

    def inline(self, name: str) -> str:
        """Name within a sentence: a label that begins like a sentence does no longer."""
        label = self.label(name)
        is_word = name in self.labels and label[:1].isupper() and label[1:2].islower()
        return label[:1].lower() + label[1:] if is_word else label

    def unit(self, name: str) -> str:
        """Give the unit, empty where there is none."""
        unit = self.units.get(name, "")
        return "" if unit in NO_UNIT else unit

    def difference_unit(self, name: str) -> str:
        """Give the unit of a difference: that of per cents is percentage points."""
        unit = self.unit(name)
        return PER_CENT_CHANGE if unit == "per cent" else unit

    def with_unit(self, name: str, *, difference: bool = False) -> str:
        """Name with the unit in brackets."""
        unit = self.difference_unit(name) if difference else self.unit(name)
        return f"{self.label(name)} ({unit})" if unit else self.label(name)

    def wrapped(self, name: str, width: int = 26) -> str:
        """Break a name into lines, also after its dots and underscores."""
        return wrap(self.label(name), width)


def wrap(text: str, width: int) -> str:
    """Break text into lines of at most about `width` letters; dots and underscores may end one."""
    words = re.sub(r"([._/])(?=\w{3})", "\\1\u200b ", text)
    lines = textwrap.wrap(words, width + 2, break_long_words=True)
    return "\n".join(line.replace("\u200b ", "").replace("\u200b", "") for line in lines)


def number(value: float, *, signed: bool = False, figures: int = 3) -> str:
    """Write a number to so many significant figures, thousands parted, with a real minus.

    Numbers of a million and over are written in millions; what is not a number is a dash.
    """
    if not np.isfinite(value):
        return "-"
    if value == 0:
        return "0"
    size = abs(value)
    if size >= 999_500:
        places = max(0, figures - 1 - int(np.floor(np.log10(size / 1e6))))
        text = f"{size / 1e6:,.{min(places, figures - 1)}f} million"
    elif size < 1e-4:
        text = f"{size:.1e}"
    else:
        places = figures - 1 - int(np.floor(np.log10(size)))
        text = f"{round(size, places):,.{max(places, 0)}f}"
    sign = MINUS if value < 0 else "+" if signed else ""
    return sign + text


def share(value: float) -> str:
    """Write an index between zero and one with two places, with a real minus."""
    if not np.isfinite(value):
        return "-"
    text = f"{value:.2f}"
    return "0.00" if text == "-0.00" else text.replace("-", MINUS)


def alike(values: NDArray[np.float64]) -> list[str]:
    """Write numbers with the same decimals, three figures of the span between them."""
    known = values[np.isfinite(values)]
    span = float(np.ptp(known)) if known.size else 0.0
    span = span or float(np.abs(known).max(initial=0.0)) or 1.0
    places = min(max(0, 2 - int(np.floor(np.log10(span)))), 8)
    texts = [f"{value:,.{places}f}".replace("-", MINUS) for value in values]
    zero = f"{0.0:.{places}f}"
    texts = [zero if text == f"{MINUS}{zero}" else text for text in texts]
    return [text if np.isfinite(value) else "-" for text, value in zip(texts, values, strict=True)]


def tick(value: float, _: int | None = None) -> str:
    """Write a number on an axis, as short as it is, with a real minus."""
    size = abs(value)
    if size >= 1e6:
        return number(value).replace(" million", "m")
    return f"{value:,.6g}".replace("-", MINUS) if size > 1e-12 else "0"


def signed_tick(value: float, _: int | None = None) -> str:
    """Write a number on an axis of differences, with its sign."""
    text = tick(value)
    return f"+{text}" if value > 0 and text != "0" else text


def level(value: Any) -> str:
    """Write the level of a factor: a number short, a choice as it is."""
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if isinstance(value, int | float | np.integer | np.floating):
        return f"{value:,.4g}".replace("-", MINUS) if np.isfinite(value) else "-"
    return str(value)


def check_columns(frame: pd.DataFrame, columns: Sequence[str], *, what: str) -> None:
    """Refuse a frame that lacks a column.

    Raises
    ------
    InputError
        One line a column.
    """
    missing = [name for name in columns if name not in frame.columns]
    if missing:
        raise InputError([f"{what}: column {name} is missing" for name in missing])


def rows_of(frame: pd.DataFrame, outcome: str, *, what: str) -> pd.DataFrame:
    """Select the rows of one outcome.

    Raises
    ------
    InputError
        When there are none.
    """
    check_columns(frame, ("outcome",), what=what)
    rows = frame[frame["outcome"].astype(str) == outcome].reset_index(drop=True)
    if rows.empty:
        known = ", ".join(dict.fromkeys(frame["outcome"].astype(str))) or "none"
        raise InputError(f"{what}: no rows of outcome {outcome}; there are: {known}")
    return rows


def is_number(column: pd.Series) -> bool:
    """Whether a column of a design holds numbers, not choices."""
    return bool(
        pd.api.types.is_numeric_dtype(column.dtype) and not pd.api.types.is_bool_dtype(column.dtype)
    )


def seed_means(runs: pd.DataFrame, outcome: str) -> pd.Series:
    """Average an outcome over the seeds of each point.

    Parameters
    ----------
    runs : DataFrame
        point, seed and the outcome.
    outcome : str

    Returns
    -------
    Series
        float64, index point, sorted.

    Raises
    ------
    InputError
        When a column is missing, there are no runs, or a run does not have the outcome: an
        average over those that have it would be of other runs at every point.
    """
    check_columns(runs, ("point", "seed", outcome), what="runs")
    values = runs[outcome].to_numpy(np.float64)
    if not len(values):
        raise InputError(f"runs: there is no run with {outcome}")
    lacking = runs[~np.isfinite(values)]
    if len(lacking):
        first = lacking.iloc[0]
        raise InputError(
            f"runs: {outcome} is not a number in {len(lacking)} of {len(runs)} runs, first at"
            f" point {first['point']}, seed {first['seed']}; choose an outcome every run has"
        )
    return runs.groupby("point", sort=True)[outcome].mean().astype(np.float64)
