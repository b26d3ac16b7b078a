"""The months of some wards and a group of a finished run, asked for by code or by name."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from simulation.errors import InputError, did_you_mean
from simulation.inputs.named_wards import EXCEPT, MARKS, named_wards

ALL = "all"


def months(
    monthly: pd.DataFrame,
    groups: pd.DataFrame | None,
    *,
    wards: Iterable[str] | None,
    group: str,
) -> pd.DataFrame:
    """Return what was counted month by month, wards added up.

    Parameters
    ----------
    monthly : DataFrame
        date, ward, group, outcome, value.
    groups : DataFrame or None
        date, ward, group and a column an outcome: each group in each ward, no row where nobody is.
    wards : iterable of str or None
        Codes; None for the area as a whole, which has outcomes wards have not.
    group : str

    Returns
    -------
    DataFrame
        Index date, a float64 column an outcome; only outcomes that are counted by group and by
        ward, as far as one is asked for.

    Raises
    ------
    InputError
        If there is no such group, or groups within wards are asked of a run that did not keep them.
    """
    known = monthly["group"].unique()
    if group not in set(known):
        raise InputError(f"the run has no group {group!r}; {did_you_mean(group, known)}")
    dates = pd.Index(monthly["date"].unique(), name="date")
    if wards is not None and group != ALL:
        if groups is None:
            raise InputError("the run has no groups within wards, it was saved before they were")
        rows = groups[groups["ward"].isin(list(wards)) & (groups["group"] == group)]
        sums = rows.drop(columns=["ward", "group"]).groupby("date").sum()
        return sums.reindex(dates, fill_value=0).astype(np.float64).sort_index(axis="columns")
    rows = monthly[monthly["ward"].isin([ALL] if wards is None else list(wards))]
    rows = rows[rows["group"] == group].astype({"outcome": str})
    table = rows.groupby(["date", "outcome"])["value"].sum().unstack()
    return table.rename_axis(columns=None)


def wards_asked(wards: pd.DataFrame, words: str | Iterable[str]) -> list[str] | None:
    """Return the codes of the wards some words name, None if they name the area as a whole.

    Parameters
    ----------
    wards : DataFrame
        code, name, district, priority.
    words : str or iterable of str
        Each a code, a name, a district, `priority`, or several of them as `named_wards` reads them.

    Raises
    ------
    InputError
        One line for each word that names no ward, or a name that several wards have.
    """
    asked = [words] if isinstance(words, str) else [str(word) for word in words]
    if ALL in asked:
        return None
    found = [named_wards(word, wards) for word in asked]
    problems = [
        f"{word!r} leaves no ward" if unknown is None else _unknown(unknown, wards)
        for word, (chosen, unknown) in zip(asked, found, strict=True)
        if not chosen.any()
    ]
    if problems or not asked:
        raise InputError(problems or "wards names no ward")
    chosen = np.logical_or.reduce([each for each, _ in found])
    return [str(code) for code in wards["code"][chosen]]


def _unknown(part: str, wards: pd.DataFrame) -> str:
    """Say of a word no ward is known by what it may have been meant to be."""
    place = part.removeprefix(EXCEPT)
    alike = wards[wards["name"] == place]
    if len(alike):
        codes = alike["code"] + " in " + alike["district"]
        return f"several wards are called {place!r}; give a code: {', '.join(codes)}"
    known = [*MARKS[:1], *wards["code"], *wards["name"], *wards["district"].unique()]
    hint = did_you_mean(place, known, otherwise="run.wards lists codes, names and districts")
    return f"the run has no ward {place!r}; {hint}"
