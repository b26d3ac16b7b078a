"""Shares of variance: bars of first and total order side by side, and the map of pairs."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle
from numpy.typing import NDArray

from experiments.study_report.figures.marks import (
    HATCHED,
    INDEX_WORDS,
    SOLID,
    bar_notes,
    bars_figure,
    denied,
    draw_bar,
    index_table,
    is_denied,
    sample_words,
)
from experiments.study_report.figures.names import Names, wrap
from experiments.study_report.figures.tornado import PLAIN_NAMES, index_title
from simulation.errors import InputError
from simulation.report.figures.style import new_figure, styled
from simulation.report.pen import decimal

LEAST_ACROSS = 6
"""Cells of room across, so that those of few factors are not drawn out."""
MOST_PAIRED = 16
"""Factors a map of pairs holds; of more, those with the largest interplay are drawn."""


@styled
def sobol_bars(
    indices: pd.DataFrame, *, outcome: str, names: Names = PLAIN_NAMES, note: str = ""
) -> Figure:
    """Draw first-order and total index of every factor side by side, largest total at the top.

    Parameters
    ----------
    indices : DataFrame
        Rows S1 and ST, from any method that gives either.
    outcome : str
    names : Names
    note : str
        Added to the note under the figure.

    Raises
    ------
    InputError
        When neither index is there.
    """
    tables = {index: index_table(indices, outcome, index) for index in ("S1", "ST")}
    tables = {index: table for index, table in tables.items() if len(table)}
    if not tables:
        raise InputError(f"indices: neither S1 nor ST is given for {outcome}")
    first = "ST" if "ST" in tables else "S1"
    factors = list(tables[first]["factor"])
    figure, axes = bars_figure(
        factors, height=0.46, room=1.5, names=names,
        title=index_title(tables[first], first, outcome, names),
        note=bar_notes(pd.concat(tables.values()), note),
        axis=f"Share of the variance of {names.inline(outcome)}",
    )  # fmt: skip
    looks = {"S1": SOLID, "ST": HATCHED}
    shift = 0.19 if len(tables) == 2 else 0.0
    for index, table in tables.items():
        rows = table.set_index("factor")
        for y, factor in enumerate(factors):
            if factor in rows.index:
                at = y + (-shift if index == "S1" else shift)
                draw_bar(axes, rows.loc[factor], at, height=0.36, look=looks[index])
    handles = [
        Patch(**looks[index], label=f"{index}: {INDEX_WORDS[index]}")
        for index in ("S1", "ST")
        if index in tables
    ]
    axes.legend(handles=handles, loc="lower right", fontsize=7.5, frameon=True, framealpha=0.95)
    return figure


@styled
def interaction_heat_map(
    indices: pd.DataFrame, *, outcome: str, names: Names = PLAIN_NAMES, note: str = ""
) -> Figure:
    """Draw the second-order indices of pairs as a triangle; framed on the diagonal, first order.

    Pairs whose interval holds zero, or that are flagged, are hollow: written grey, not filled.

    Parameters
    ----------
    indices : DataFrame
        Rows S2 with the second factor in `other`, and S1 if there are any.
    outcome : str
    names : Names
    note : str
        Added to the note under the figure.

    Raises
    ------
    InputError
        When there is no second-order index.
    """
    pairs = index_table(indices, outcome, "S2")
    if pairs.empty or "other" not in pairs:
        raise InputError(f"indices: no second-order index is given for {outcome}")
    pairs["other"] = pairs["other"].fillna("").astype(str)
    factors, n_all = _most_paired(pairs)
    values, clear = pair_matrix(indices, outcome, factors)
    more = "" if n_all == len(factors) else f" Those {len(factors)} of {n_all} with most interplay."
    figure = new_figure(
        2.0 + 0.36 * len(factors),
        title=_pair_title(pairs, outcome, names),
        note=f"{sample_words(pairs).replace('Lines: 95', '95')} Filled: pairs whose"
        " interval leaves zero out; grey figures: cannot be told from none. Framed: the factor"
        " alone (S1)."
        f"{more} {note}".strip(),
    )
    axes = figure.subplots()
    _draw_cells(axes, values, clear)
    size = 8 if len(factors) <= 10 else 7
    axes.set_yticks(
        range(len(factors)),
        [f"{names.wrapped(f, 34)}  {at + 1}" for at, f in enumerate(factors)], fontsize=size,
    )  # fmt: skip
    axes.set_xticks(range(len(factors)), [str(at + 1) for at in range(len(factors))], fontsize=size)
    axes.tick_params(length=0)
    axes.set_xlabel(
        wrap(f"Share of the variance of {names.inline(outcome)} that is the pair's alone", 64)
    )
    return figure


def _most_paired(pairs: pd.DataFrame) -> tuple[list[str], int]:
    """Factors by the size of their interplay, at most so many, and how many there are."""
    long = pd.concat(
        [pairs[["factor", "value"]], pairs[["other", "value"]].rename(columns={"other": "factor"})]
    )
    size = long.assign(value=long["value"].abs()).groupby("factor", sort=False)["value"].sum()
    order = list(size.sort_values(ascending=False, kind="stable").index)
    return order[:MOST_PAIRED], len(order)


def pair_matrix(
    indices: pd.DataFrame, outcome: str, factors: list[str]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Lay pairs out as a lower triangle with first-order indices on the diagonal.

    Returns
    -------
    float64 array, shape (n, n)
        NaN where nothing is given.
    bool array, shape (n, n)
        Whether the interval leaves zero out and no flag denies it.
    """
    place = {factor: at for at, factor in enumerate(factors)}
    values = np.full((len(factors), len(factors)), np.nan)
    clear = np.zeros_like(values, dtype=bool)
    for index in ("S1", "S2"):
        for _, row in index_table(indices, outcome, index).iterrows():
            other = row["factor"] if index == "S1" else str(row["other"])
            if row["factor"] not in place or other not in place:
                continue
            low, high = sorted((place[row["factor"]], place[other]))
            values[high, low] = row["value"]
            clear[high, low] = not is_denied(row["flag"]) and (row["low"] > 0 or row["high"] < 0)
    return values, clear


def _draw_cells(axes: Axes, values: NDArray[np.float64], clear: NDArray[np.bool_]) -> None:
    """Fill cells by size, pale to dark, and write the figure in each."""
    n = len(values)
    off = values[np.tril_indices(n, -1)]
    top = max(float(np.nanmax(np.abs(off), initial=0.0)), 0.01)
    axes.set_xlim(-0.5, max(n, LEAST_ACROSS) - 0.5)
    axes.set_ylim(n - 0.5, -0.5)
    axes.grid(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_visible(False)
    for high, low in np.argwhere(np.tri(n)).tolist():
        value = values[high, low]
        if not np.isfinite(value):
            continue
        is_pair = high != low
        depth = min(abs(value) / top, 1.0) if clear[high, low] and is_pair else 0.0
        shade = tuple(1.0 - depth * (1.0 - part) for part in (0.04, 0.24, 0.44))
        axes.add_patch(
            Rectangle(
                (low - 0.5, high - 0.5),
                1,
                1,
                facecolor=shade,
                linewidth=0.8,
                edgecolor="#d5d5d5" if is_pair else "#222222",
                zorder=1 if is_pair else 2,
            )  # fmt: skip
        )
        ink = "white" if depth > 0.55 else "#111111" if clear[high, low] else "#8a8a8a"
        axes.text(low, high, decimal(value, 2), ha="center", va="center", color=ink, zorder=3,
                  fontsize=7.5 if n <= 12 else 6)  # fmt: skip


def _pair_title(pairs: pd.DataFrame, outcome: str, names: Names) -> str:
    """State the strongest interplay that can be told from none."""
    clear = pairs[~denied(pairs["flag"]) & (pairs["low"] > 0)]
    if clear.empty:
        return f"No interplay of two factors in {names.inline(outcome)} can be told from none"
    row = clear.iloc[0]
    return (
        f"{names.label(row['factor'])} and {names.label(row['other'])} act on each other most:"
        f" {decimal(row['value'], 2)} of the variance of {names.inline(outcome)}"
    )
