"""All runs at once: a line a point through every factor, coloured by an outcome."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from experiments.study_report.figures.marks import row_height
from experiments.study_report.figures.names import Names, is_number, seed_means, wrap
from experiments.study_report.figures.tornado import PLAIN_NAMES
from simulation.errors import InputError
from simulation.report.figures.style import COLOURS, new_figure, styled
from simulation.report.pen import number, value_text

MOST_LINES = 300
"""Of more points, so many are drawn, chosen evenly along the outcome."""
LOOKS: tuple[dict[str, Any], ...] = (
    {"colors": "#c4c4c4", "linewidths": 0.5, "zorder": 1.2},
    {"colors": COLOURS[1], "linewidths": 1.0, "linestyles": [(0, (4, 1.8))], "zorder": 1.4},
    {"colors": COLOURS[0], "linewidths": 1.1, "zorder": 1.6},
)
"""Lines in between, of the lowest tenth and of the highest tenth."""


@styled
def parallel_coordinates(
    points: pd.DataFrame,
    runs: pd.DataFrame,
    *,
    outcome: str,
    order: Sequence[str] | None = None,
    names: Names = PLAIN_NAMES,
    note: str = "",
) -> Figure:
    """Draw every point as a line down through one scale a factor to the outcome at the foot.

    Scales lie across the page so that long names stand upright beside them; the highest and the
    lowest tenth by the outcome have colours and dashes of their own.

    Parameters
    ----------
    points : DataFrame
        Index point, one column a factor; numbers or choices.
    runs : DataFrame
        point, seed and the outcome.
    outcome : str
        What the lines are coloured by, in tenths: the mean over seeds.
    order : sequence of str, optional
        Factors from the top, such as by importance with the most important last, next to the
        outcome; by default as in `points`.
    names : Names
    note : str
        Added to the note under the figure.

    Raises
    ------
    InputError
        When a run lacks the outcome or no factor varies.
    """
    means = seed_means(runs, outcome)
    factors = [f for f in (order or list(points.columns)) if points[f].astype(str).nunique() > 1]
    if not factors:
        raise InputError("points: no factor has two levels, so there is nothing to compare")
    chosen = evenly(means, MOST_LINES)
    table = points.loc[chosen.index, factors]
    some = f" {len(chosen):,} of {len(means):,} points." if len(chosen) < len(means) else ""
    figure = new_figure(
        1.6 + row_height(len(factors) + 1, most=0.5) * (len(factors) + 1),
        title=f"What goes with the highest and the lowest {names.inline(outcome)},"
        f" of {len(means):,} points",
        note=f"Every line is a point of the design, from the top down to its outcome (mean over"
        f" {runs['seed'].nunique()} seeds). Where full or dashed lines crowd at one end of a scale,"
        f" that factor goes with high or low outcomes. Choices are spread within their place.{some}"
        f" {note}".strip(),
    )
    axes = figure.subplots()
    places = np.column_stack(
        [*(positions(table[name], points[name]) for name in factors), _scaled(chosen, means)]
    )
    _draw_lines(axes, places, tenths(chosen.to_numpy()))
    for row, name in enumerate(factors):
        _draw_scale(axes, points[name], row)
    _draw_scale(axes, means, len(factors), is_last=True)
    labels = [names.with_unit(name) for name in (*factors, outcome)]
    size = 8.0 if len(factors) <= 14 else 7.0
    wide = 26 if len(factors) <= 14 else 46
    axes.set_yticks(range(len(labels)), [wrap(each, wide) for each in labels], fontsize=size)
    axes.get_yticklabels()[-1].set_fontweight("bold")
    _draw_key(axes)
    return figure


def _draw_key(axes: Axes) -> None:
    """Say above the scales which lines are which."""
    handles = [
        Line2D([], [], color=look["colors"], linewidth=1.4, label=words,
               linestyle=look.get("linestyles", ["-"])[0])
        for look, words in zip(LOOKS, ("between", "lowest tenth", "highest tenth"), strict=True)
    ]  # fmt: skip
    axes.legend(handles=handles[::-1], loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=3,
                fontsize=7.5, frameon=False, handlelength=3)  # fmt: skip


def tenths(values: NDArray[np.float64]) -> NDArray[np.int64]:
    """Mark the highest tenth (2) and the lowest (1); all others are 0.

    Those equal to the last one in are in too; if all are equal none is marked.
    """
    if np.ptp(values) == 0:
        return np.zeros(len(values), dtype=np.int64)
    n_marked = max(1, len(values) // 10)
    ordered = np.sort(values)
    return np.where(
        values >= ordered[-n_marked], 2, np.where(values <= ordered[n_marked - 1], 1, 0)
    ).astype(np.int64)


def evenly(means: pd.Series, most: int) -> pd.Series:
    """Keep at most so many, evenly along their order, lowest and highest among them."""
    ordered = means.sort_values(kind="stable")
    if len(ordered) <= most:
        return ordered
    return ordered.iloc[np.linspace(0, len(ordered) - 1, most).round().astype(int)]


def positions(column: pd.Series, whole: pd.Series) -> NDArray[np.float64]:
    """Place values between 0 and 1 on the scale of the whole column.

    Numbers by size; choices in order of appearance, spread within their place by row.
    """
    if is_number(whole):
        return _scaled(column, whole)
    choices = list(dict.fromkeys(whole.astype(str)))
    place = column.astype(str).map({choice: at for at, choice in enumerate(choices)})
    spread = (np.arange(len(column)) * 0.618034) % 1.0 - 0.5
    return (place.to_numpy(np.float64) + 0.5 + 0.5 * spread) / len(choices)


def _scaled(column: pd.Series, whole: pd.Series) -> NDArray[np.float64]:
    low, high = float(whole.min()), float(whole.max())
    span = high - low if high > low else 1.0
    return (column.to_numpy(np.float64) - low) / span


def _draw_lines(axes: Axes, places: NDArray[np.float64], marks: NDArray[np.int64]) -> None:
    """Draw the lines, those that stand out over the others."""
    n_rows = places.shape[1]
    down = np.arange(n_rows)
    for mark, look in enumerate(LOOKS):
        segments = [np.column_stack([row, down]) for row in places[marks == mark]]
        axes.add_collection(LineCollection(segments, gid=f"tenth {mark}", **look))
    axes.set_xlim(-0.02, 1.02)
    axes.set_ylim(n_rows - 0.35, -0.45)
    axes.set_xticks([])
    axes.grid(False)
    axes.tick_params(axis="y", length=0)
    for side in ("left", "bottom"):
        axes.spines[side].set_visible(False)


def _draw_scale(axes: Axes, column: pd.Series, row: int, *, is_last: bool = False) -> None:
    """Draw one scale with its ends, or its choices, written under it."""
    axes.plot([0, 1], [row, row], color="#222222", linewidth=1.0, zorder=3)
    if is_number(column):
        figures = 4 if is_last else 2
        ends = [number(float(end), figures=figures) for end in (column.min(), column.max())]
        spots = [(0.0, ends[0], "left"), (1.0, ends[1], "right")]
    else:
        choices = list(dict.fromkeys(column.map(value_text)))
        edges = np.linspace(0, 1, len(choices) + 1)
        for edge in edges:
            axes.plot([edge, edge], [row - 0.12, row + 0.12], color="#222222", linewidth=0.8)
        spots = [
            ((edges[at] + edges[at + 1]) / 2, choice, "center") for at, choice in enumerate(choices)
        ]
    for x, text, side in spots:
        axes.annotate(
            text, (x, row), xytext=(0, -3), textcoords="offset points", fontsize=6.5, ha=side,
            va="top", zorder=4,
            bbox={"boxstyle": "round,pad=0.1", "facecolor": "white", "alpha": 0.8, "linewidth": 0},
        )  # fmt: skip
