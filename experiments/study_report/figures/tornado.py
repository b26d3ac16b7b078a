"""Tornado: one bar a factor, the most important at the top."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.study_report.figures.marks import (
    INDEX_AXES,
    INDEX_WORDS,
    SHARES,
    SOLID,
    bar_notes,
    bars_figure,
    draw_bar,
    draw_interval,
    index_table,
    is_of_one_seed,
    is_vague,
    ranking_index,
    standing,
)
from experiments.study_report.figures.names import Names, rows_of
from simulation.errors import InputError, check_columns
from simulation.report.figures.style import COLOURS, styled
from simulation.report.pen import decimal, listed, measured, signed_tick, value_text

EFFECT_NEEDS = ("outcome", "difference", "difference_low", "difference_high")
EFFECT_COLUMNS = {
    *EFFECT_NEEDS, "unit", "difference_unit", "mean", "low", "high", "n_seeds", "note", "point",
    "future", "panel", "place",
}  # fmt: skip
"""What a table of effects has besides one column a factor."""
PLAIN_NAMES = Names()
LIMITS = ("low", "value", "high")


def effect_factors(effects: pd.DataFrame) -> list[str]:
    """List the columns of a table of effects that are factors, in their order."""
    return [str(name) for name in effects.columns if name not in EFFECT_COLUMNS]


def single_effects(effects: pd.DataFrame, outcome: str) -> pd.DataFrame:
    """Keep the points that differ from the base in one factor only.

    Parameters
    ----------
    effects : DataFrame
        Either columns factor and level, or one column a factor; and `EFFECT_NEEDS`. With a column
        a factor the base is the point whose differences are all zero or not given, else the
        most frequent level of each factor.
    outcome : str

    Returns
    -------
    DataFrame
        factor, level, difference, difference_low, difference_high; rows whose difference is not
        a number are left out.
    """
    check_columns(effects, EFFECT_NEEDS, what="effects")
    rows = rows_of(effects, outcome, what="effects")
    keep = ["factor", "level", "difference", "difference_low", "difference_high"]
    if not {"factor", "level"} <= set(rows.columns):
        rows = _changed(rows)
    return rows.loc[np.isfinite(rows["difference"].astype(np.float64)), keep]


def _changed(rows: pd.DataFrame) -> pd.DataFrame:
    """Name the one factor in which each row differs from the base, and its level there."""
    factors = effect_factors(rows)
    still = rows["difference"].fillna(0.0).eq(0.0)
    for limit in ("difference_low", "difference_high"):
        still &= rows[limit].fillna(0.0).eq(0.0)
    common = rows[factors].astype(str).mode().iloc[0]
    text = rows[factors].astype(str)
    candidates = text[still]
    if len(candidates):
        common = candidates.iloc[int((candidates == common).sum(axis=1).argmax())]
    differs = text.ne(common)
    single = rows[differs.sum(axis=1) == 1].copy()
    single["factor"] = differs.loc[single.index].idxmax(axis=1)
    single["level"] = [row[row["factor"]] for row in single.to_dict("records")]
    return single


@styled
def tornado(
    frame: pd.DataFrame, *, outcome: str, names: Names = PLAIN_NAMES, note: str = ""
) -> Figure:
    """Draw one bar a factor: its effect each way from the base, or its index.

    Parameters
    ----------
    frame : DataFrame
        Effects (see `single_effects`) or indices (`INDEX_NEEDS`; the first of `RANKED_BY`).
    outcome : str
    names : Names
    note : str
        Added to the note under the figure.

    Raises
    ------
    InputError
        When the frame has neither, or nothing on the outcome.
    """
    if "index" in frame.columns:
        return _index_bars(frame, outcome, names, note)
    rows = single_effects(frame, outcome)
    if rows.empty:
        raise InputError(f"effects: no point differs from the base in one factor only ({outcome})")
    size = rows["difference"].abs().groupby(rows["factor"], sort=False).max()
    factors = list(size.sort_values(ascending=False, kind="stable").index)
    figure, axes = bars_figure(
        factors, height=0.42, room=1.35, names=names,
        title=_effect_title(rows, outcome, names),
        note="Dots: mean difference from the base when one factor takes the level beside it and"
        " all others stay; filled: the 95% interval (line) leaves zero out. "
        f"{note}".strip(),
        axis=f"{names.with_unit(outcome, difference=True)}, difference from the base",
    )  # fmt: skip
    for y, factor in enumerate(factors):
        _effect_row(axes, rows[rows["factor"] == factor], y)
    axes.xaxis.set_major_formatter(signed_tick)
    axes.margins(x=0.16)
    return figure


def _effect_row(axes: Axes, rows: pd.DataFrame, y: float) -> None:
    """Draw the levels of one factor: a pale bar to the furthest, a dot and interval for each."""
    rows = rows.sort_values("difference", kind="stable")
    ends = (min(0.0, rows["difference"].min()), max(0.0, rows["difference"].max()))
    axes.barh(y, ends[1] - ends[0], left=ends[0], height=0.62, color="#cfdbe6", linewidth=0)
    for row in rows.to_dict("records"):
        low, high = row["difference_low"], row["difference_high"]
        draw_interval(axes, low, high, y, cap=4.0)
        is_clear = low > 0 or high < 0
        axes.plot(
            row["difference"], y, "o", markersize=4.6, color=COLOURS[0], zorder=5,
            markerfacecolor=COLOURS[0] if is_clear else "white", gid="effect",
        )  # fmt: skip
    first, last = rows.iloc[0], rows.iloc[-1]
    _level_text(axes, first, y, side=-1 if len(rows) > 1 or first["difference"] < 0 else 1)
    if len(rows) > 1:
        _level_text(axes, last, y, side=1)


def _level_text(axes: Axes, row: pd.Series, y: float, *, side: int) -> None:
    edge = row["difference_low"] if side < 0 else row["difference_high"]
    axes.annotate(
        value_text(row["level"]), (edge if np.isfinite(edge) else row["difference"], y),
        xytext=(4 * side, 0), textcoords="offset points", fontsize=7, va="center",
        ha="right" if side < 0 else "left",
    )  # fmt: skip


def _effect_title(rows: pd.DataFrame, outcome: str, names: Names) -> str:
    """State the largest change that can be told from noise."""
    clear = rows[(rows["difference_low"] > 0) | (rows["difference_high"] < 0)]
    if clear.empty:
        return f"No single change moves {names.inline(outcome)} further than noise does"
    row = clear.iloc[int(clear["difference"].abs().argmax())]
    limits = row[["difference", "difference_low", "difference_high"]]
    change = measured(*limits, unit=names.difference_unit(outcome), signed=True)
    return (
        f"{names.label(row['factor'])} at {value_text(row['level'])} moves"
        f" {names.inline(outcome)} most: {change}"
    )


def _index_bars(indices: pd.DataFrame, outcome: str, names: Names, note: str) -> Figure:
    """Draw the index factors are ranked by, as bars from zero."""
    index = ranking_index(indices, outcome)
    if index is None:
        raise InputError(f"indices: none of the indices that rank factors is given for {outcome}")
    table = index_table(indices, outcome, index)
    figure, axes = bars_figure(
        list(table["factor"]), height=0.34, room=1.3, names=names,
        title=index_title(table, index, outcome, names), note=bar_notes(table, note),
        axis=index_axis(index, outcome, names),
    )  # fmt: skip
    for y, (_, row) in enumerate(table.iterrows()):
        draw_bar(axes, row, y, height=0.6, look=SOLID)
    return figure


def index_axis(index: str, outcome: str, names: Names) -> str:
    """Label the axis of an index; those in the unit of the outcome name it."""
    words = INDEX_AXES.get(index, index)
    if index in ("mu", "mu_star", "sigma"):
        return f"{words}: {names.with_unit(outcome, difference=True)}"
    return f"{words}: {names.label(outcome)}"


def index_words(row: pd.Series, index: str, unit: str, *, brief: bool = False) -> str:
    """Write an index with its interval: a share of variance per hundred, else as it is.

    Brief leaves out what it is a share of, and its unit. A share is none beyond nothing and all.
    """
    if index in SHARES and is_vague(row):
        return f"a share{'' if brief else ' of its variance'} that these runs cannot tell"
    if index in SHARES:
        low, value, high = (decimal(100.0 * min(max(row[name], 0.0), 1.0), 0) for name in LIMITS)
        return f"{value}%{'' if brief else ' of its variance'} ({low}% to {high}%)"
    if index in ("mu", "mu_star", "sigma"):
        return measured(row["value"], row["low"], row["high"], unit="" if brief else unit)
    low, value, high = (decimal(row[name], 2) for name in LIMITS)
    words = "" if brief else INDEX_WORDS.get(index, index)
    return f"{value} {words}".strip() + f" ({low} to {high})"


def index_title(table: pd.DataFrame, index: str, outcome: str, names: Names) -> str:
    """State which factor is first by an index, that several may be, or that none stands out."""
    clear, first = standing(table)
    label = names.inline(outcome)
    if clear.empty:
        return f"No single factor's effect on {label} can be told from noise"
    row = clear.iloc[0]
    beware = " (one seed: luck is in it)" if is_of_one_seed(row["flag"]) else ""
    if len(first) > 1:
        who = listed([names.label(factor) for factor in first["factor"]], most=3)
        return f"Which matters most for {label} cannot be told: {who}{beware}"
    size = index_words(row, index, names.difference_unit(outcome))
    return f"{names.label(row['factor'])} matters most for {label}: {size}{beware}"
