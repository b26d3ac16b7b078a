"""Do the indices settle: each index against the number of samples it was worked out from."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.gridspec import GridSpec
from matplotlib.lines import Line2D

from experiments.study_report.figures.marks import (
    INDEX_WORDS,
    index_table,
    is_denied,
    ranking_index,
)
from experiments.study_report.figures.names import Names, wrap
from experiments.study_report.figures.tornado import PLAIN_NAMES
from simulation.errors import InputError, check_columns
from simulation.report.figures.style import (
    REFERENCE,
    label_ends,
    line_style,
    new_figure,
    styled,
)
from simulation.report.pen import number, tick

MOST_NAMED = 6
"""Factors with a line of their own; the others are grey."""
LEAST_STEPS = 3
"""Numbers of samples it takes to say that an index has settled."""
UNIT_INDICES = ("mu", "mu_star", "sigma")


@styled
def convergence(
    table: pd.DataFrame, *, outcome: str, names: Names = PLAIN_NAMES, note: str = ""
) -> Figure:
    """Draw each index against the number of samples, with its interval, a panel an index.

    Parameters
    ----------
    table : DataFrame
        Columns of indices at each number of samples.
    outcome : str
    names : Names
    note : str
        Added to the note under the figure.

    Raises
    ------
    InputError
        When there is no index that ranks factors, or only one number of samples.
    """
    check_columns(table, ("samples",), what="convergence")
    first = ranking_index(table, outcome)
    if first is None:
        raise InputError(f"convergence: no index of {outcome} is given")
    indices = ["S1", "ST"] if first == "ST" else [first]
    tables = {index: index_table(table, outcome, index) for index in indices}
    tables = {index: rows for index, rows in tables.items() if len(rows)}
    n_steps = max(rows["samples"].nunique() for rows in tables.values())
    if n_steps < 2:
        raise InputError(f"convergence: {outcome} has one number of samples; two at least")
    figure = new_figure(
        4.6,
        title=_title(tables[first], first, outcome, names),
        note=f"Bands: 95% intervals. Hollow: flagged. Numbered: the first {MOST_NAMED}; grey: the"
        f" others. {note}".strip(),
    )
    order = _order(tables[first])
    parts = GridSpec(2, 1, figure=figure, height_ratios=(1.0, 0.045 * min(len(order), MOST_NAMED)))
    grid = parts[0].subgridspec(1, len(tables)).subplots(sharex=True, sharey=True, squeeze=False)[0]
    for axes, (index, rows) in zip(grid, tables.items(), strict=True):
        axes.set_title(f"{index.replace('_', '-')}: {INDEX_WORDS.get(index, index)}")
        _samples_axis(axes, rows["samples"])
        for at, factor in enumerate(order):
            _draw_line(axes, rows[rows["factor"] == factor], at)
    unit = names.with_unit(outcome, difference=True)
    grid[0].set_ylabel(wrap(unit, 32) if first in UNIT_INDICES else "Index")
    grid[0].yaxis.set_major_formatter(tick)
    _draw_key(figure.add_subplot(parts[1]), order[:MOST_NAMED], names)
    figure.draw_without_rendering()
    for axes, rows in zip(grid, tables.values(), strict=True):
        ends = [
            (_last(rows, factor), str(at + 1), line_style(at)["color"])
            for at, factor in enumerate(order[:MOST_NAMED])
        ]
        label_ends(axes, [end for end in ends if np.isfinite(end[0])], x=rows["samples"].max())
    return figure


def _draw_key(axes: Axes, factors: list[str], names: Names) -> None:
    """Say which numbered line is which factor; in one column where names are long."""
    labels = [f"{at + 1}  {names.label(factor)}" for at, factor in enumerate(factors)]
    handles = [Line2D([], [], **line_style(at), label=each) for at, each in enumerate(labels)]
    axes.set_axis_off()
    axes.legend(
        handles=handles, loc="upper left", ncols=1 if max(map(len, labels)) > 50 else 2,
        fontsize=7.5, frameon=False, handlelength=3.2, borderaxespad=0.0,
    )  # fmt: skip


def _order(rows: pd.DataFrame) -> list[str]:
    """Factors by their index at the largest number of samples, the largest first."""
    last = rows[rows["samples"] == rows["samples"].max()]
    return list(last.sort_values("value", ascending=False, kind="stable")["factor"])


def _last(rows: pd.DataFrame, factor: str) -> float:
    own = rows[rows["factor"] == factor].sort_values("samples")
    return float(own["value"].iloc[-1]) if len(own) else np.nan


def _draw_line(axes: Axes, rows: pd.DataFrame, at: int) -> None:
    """Draw one factor: a line with its band, or thin grey if it is one of many."""
    rows = rows.sort_values("samples", kind="stable")
    if at >= MOST_NAMED:
        axes.plot(rows["samples"], rows["value"], color=REFERENCE, linewidth=0.7, zorder=1.5)
        return
    style = line_style(at)
    low, high = (rows[name].astype(np.float64) for name in ("low", "high"))
    axes.fill_between(rows["samples"], low, high, color=style["color"], alpha=0.13, linewidth=0)
    axes.plot(rows["samples"], rows["value"], **style)
    for is_flagged, face in ((False, style["color"]), (True, "white")):
        some = rows[(rows["flag"] != "") == is_flagged]
        axes.plot(some["samples"], some["value"], "o", markersize=3.6, color=style["color"],
                  markerfacecolor=face, zorder=3)  # fmt: skip


def _samples_axis(axes: Axes, samples: pd.Series) -> None:
    """Mark the numbers of samples on a scale of doublings, with room for labels."""
    steps = sorted(set(samples))
    axes.set_xscale("log", base=2)
    shown = steps[:: -(-len(steps) // 6)]
    axes.set_xticks(shown, [f"{step:,.0f}" for step in shown])
    axes.minorticks_off()
    room = (steps[-1] / steps[0]) ** 0.08
    axes.set_xlim(steps[0] / room**0.3, steps[-1] * room)
    axes.spines["bottom"].set_bounds(steps[0], steps[-1])
    axes.set_xlabel("Samples")


def _title(rows: pd.DataFrame, index: str, outcome: str, names: Names) -> str:
    """State how far the first factor's index moved over the last step."""
    factor = _order(rows)[0]
    own = rows[rows["factor"] == factor].sort_values("samples")
    move = abs(own["value"].iloc[-1] - own["value"].iloc[-2])
    half = float(own["high"].iloc[-1] - own["low"].iloc[-1]) / 2.0
    name = f"{index.replace('_', '-')} of {names.label(factor)}"
    if not (np.isfinite(move) and np.isfinite(half)):
        return f"How {index.replace('_', '-')} of {names.label(outcome)} settles with more samples"
    moved = f"the last step moved it by {number(move, figures=1)}"
    flag = str(own["flag"].iloc[-1])
    is_open = own["samples"].nunique() < LEAST_STEPS or is_denied(flag) or "wider" in flag
    if move <= half and is_open:
        return f"{name}: {moved}, within its interval"
    if move <= half:
        return f"{name} has settled: {moved}, within its interval"
    return f"{name} has not settled: {moved}, beyond its interval"
