"""What factors and outcomes are called in figures, and their values; tables by outcome."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from simulation.errors import InputError, check_columns
from simulation.report.pen import unit_of_difference

NO_UNIT = ("-", "nan", "choice")


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
        """Give the unit of a difference: percentage points of per cents, none of ratios."""
        return unit_of_difference(self.unit(name))

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
