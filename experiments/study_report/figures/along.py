"""How the difference a policy makes changes along a factor: where its sign turns."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.study_report.figures.differences import (
    baseline_words,
    difference_rows,
    evenly_chosen,
    future_factors,
    future_names,
    is_clear,
    left_out_words,
)
from experiments.study_report.figures.names import Names, is_number, wrap
from experiments.study_report.figures.tornado import PLAIN_NAMES
from simulation.errors import InputError, check_columns
from simulation.report.figures.style import (
    A4_WIDTH,
    label_ends,
    line_style,
    new_figure,
    panels,
    styled,
)
from simulation.report.pen import signed_tick, value_text

MOST_PANELS = 9
MOST_UNEQUAL = 3.0
"""A longest step of more than so many shortest ones is drawn as one step all the same."""


@styled
def effect_along(
    effects: pd.DataFrame, *, outcome: str, policies: str, along: str,
    names: Names = PLAIN_NAMES, note: str = "",
) -> Figure:  # fmt: skip
    """Draw how the difference from the baseline changes along a numeric factor, a line a policy.

    Parameters
    ----------
    effects : DataFrame
        One column a factor and `EFFECT_NEEDS`.
    outcome : str
    policies : str
        The factor whose levels are lines.
    along : str
        The numeric factor across; other factors make panels.
    names : Names
    note : str
        Added to the note under the figure.

    Raises
    ------
    InputError
        When a factor lacks, `along` holds no numbers, or there is no difference.
    """
    check_columns(effects, (policies, along), what="effects")
    rows = difference_rows(effects, outcome)
    if not is_number(rows[along]):
        raise InputError(f"effects: {along} holds choices; a factor along an axis holds numbers")
    factors = [name for name in future_factors(rows, policies) if name != along]
    rows = rows.assign(panel=future_names(rows, factors), place=places(rows[along]))
    shown, n_panels = evenly_chosen(list(dict.fromkeys(rows["panel"])), MOST_PANELS)
    heads = f"Panels: {' / '.join(names.label(f) for f in factors)}. " if factors else ""
    across = 3 if len(shown) > 4 else 2
    down = -(-len(shown) // across)
    figure = new_figure(
        1.4 + 2.15 * down if down > 1 else 3.7,
        title=_title(rows, outcome, policies, along, names),
        note=f"Lines: mean difference from {baseline_words(effects, outcome, policies)}; bands: 95%"
        " intervals. Where a band holds zero, the difference cannot be told from nothing."
        f" {heads}{left_out_words(len(shown), n_panels, 1, 1)}{note}".strip(),
    )
    grid = panels(figure, len(shown), most_across=across)
    levels = list(dict.fromkeys(rows[policies].map(value_text)))
    for axes, panel in zip(grid, shown, strict=True):
        axes.set_title(wrap(panel, 30) if factors else "", fontsize=8)
        _draw_panel(axes, rows[rows["panel"] == panel], "place", policies, levels)
        _place_axis(axes, rows, along, room=_room(levels, min(across, len(shown))))
    for axes in grid[-across:]:
        axes.set_xlabel(names.wrapped(along, 40))
    for axes in grid[::across]:
        words = f"Difference: {names.with_unit(outcome, difference=True)}"
        axes.set_ylabel(wrap(words, 34), fontsize=7.5)
    figure.draw_without_rendering()
    for axes, panel in zip(grid, shown, strict=True):
        _label_lines(axes, rows[rows["panel"] == panel], policies, "place", levels)
    return figure


def _room(labels: list[str], across: int) -> float:
    """Share of the axis to leave on the right so that the longest label fits."""
    panel = (A4_WIDTH - 0.9) / across
    text = 0.062 * max(map(len, labels)) + 0.1
    return text / max(panel - text, 0.25 * panel)


def _title(rows: pd.DataFrame, outcome: str, policies: str, along: str, names: Names) -> str:
    """State in how many lines the sign of the difference turns."""
    signs = np.sign(rows["difference"]).where(is_clear(rows), 0.0)
    lines = signs.groupby([rows["panel"], rows[policies].map(value_text)], sort=False)
    turning = int(((lines.max() > 0) & (lines.min() < 0)).sum())
    start = f"{names.label(outcome)} along {names.label(along)}: the difference"
    if turning:
        return f"{start} changes sign in {turning} of {lines.ngroups} lines"
    return f"{start} changes sign in no line"


def places(column: pd.Series) -> pd.Series:
    """Place levels on an axis: by size, or evenly where their steps are very unequal."""
    levels = np.sort(column.unique()).astype(np.float64)
    steps = np.diff(levels)
    if len(steps) < 2 or steps.max() <= MOST_UNEQUAL * steps.min():
        return column.astype(np.float64)
    return pd.Series(np.searchsorted(levels, column.to_numpy(np.float64)), column.index, float)


def _place_axis(axes: Axes, rows: pd.DataFrame, along: str, *, room: float) -> None:
    """Mark the levels, with room for labels on the right."""
    marks = rows.drop_duplicates("place").sort_values("place")
    low, high = marks["place"].iloc[0], marks["place"].iloc[-1]
    axes.set_xlim(low, high + room * (high - low))
    axes.spines["bottom"].set_bounds(low, high)
    marks = marks.iloc[:: -(-len(marks) // 6)]
    axes.set_xticks(marks["place"], marks[along].map(value_text))


def _draw_panel(
    axes: Axes, rows: pd.DataFrame, along: str, policies: str, levels: list[str]
) -> None:
    """Draw the lines of one panel."""
    for at, policy in enumerate(levels):
        _draw_along(axes, rows[rows[policies].map(value_text) == policy], along, at)
    # As far as the lines, so as not to strike out their labels.
    axes.hlines(0.0, rows[along].min(), rows[along].max(), color="#333333", linewidth=0.9)
    axes.yaxis.set_major_formatter(signed_tick)


def _draw_along(axes: Axes, rows: pd.DataFrame, along: str, at: int) -> None:
    """Draw one policy's line with its band."""
    rows = rows.sort_values(along, kind="stable")
    style = line_style(at)
    axes.fill_between(rows[along], rows["difference_low"], rows["difference_high"], alpha=0.15,
                      color=style["color"], linewidth=0)  # fmt: skip
    axes.plot(rows[along], rows["difference"], marker="o", markersize=3, **style)


def _label_lines(
    axes: Axes, rows: pd.DataFrame, policies: str, along: str, levels: list[str]
) -> None:
    last = rows[rows[along] == rows[along].max()].drop_duplicates(policies)
    ends = [
        (float(row["difference"]), value_text(row[policies]),
         line_style(levels.index(value_text(row[policies])))["color"])
        for _, row in last.iterrows()
    ]  # fmt: skip
    label_ends(axes, ends, x=float(rows[along].max()))
