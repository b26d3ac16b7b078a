"""The lives of a few people, or of one in several worlds: who was in which state when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

import matplotlib.dates as mdates
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from simulation.categories import STATES
from simulation.errors import InputError
from simulation.report.figures.series import SHORT_LABELS
from simulation.report.figures.style import new_figure, styled, year_axis

MARKERS = ("v", "^", "D", "o", "s", "P")
SHADES = dict(
    zip(
        STATES,
        ("#0b4f8a", "#c4500b", "#e7a977", "#f2d5bd", "#8a4f8f", "#8a8a8a", "#d9d9d9"),
        strict=True,
    )
)
"""In work dark blue; benefits from dark to light; without a benefit violet and greys."""
LABELS = {**SHORT_LABELS, "seeking_no_benefit": "seeking", "inactive_no_benefit": "not seeking"}
HATCHED = ("ib_esa", "seeking_no_benefit")
"""Hatched too, to be told from their neighbours in black and white."""


@styled
def life_lines(
    histories: Mapping[str, pd.DataFrame],
    *,
    start: date,
    weeks: int,
    marks: Mapping[str, Iterable[pd.Timestamp]] | None = None,
) -> Figure:
    """Draw a bar a person, one colour a state, from the first day to the last.

    Parameters
    ----------
    histories : mapping of str to DataFrame
        date, from_state, to_state of every change, in order, by what to call the person.
    start : date
        First day.
    weeks : int
        Length of the run.
    marks : mapping of str to dates, optional
        What else happened, above the first bar.

    Raises
    ------
    InputError
        If nobody changed: then it is not known in which state they were.
    """
    known = {name: history for name, history in histories.items() if len(history)}
    if not known:
        raise InputError("nothing to draw: no state ever changed")
    end = pd.Timestamp(start) + pd.Timedelta(weeks=weeks)
    n_changes = ", ".join(f"{name}: {len(history)} changes" for name, history in known.items())
    figure = new_figure(
        1.25 + 0.42 * len(known),
        title=n_changes[:1].upper() + n_changes[1:],
        note="Simulated; a gap in a bar is a move from one job to another.",
    )
    axes = figure.subplots()
    seen: dict[str, None] = {}
    for row, history in enumerate(known.values()):
        states = [str(history["from_state"].iloc[0]), *map(str, history["to_state"])]
        begins = [pd.Timestamp(start), *history["date"]]
        for begin, until, state in zip(begins, [*begins[1:], end], states, strict=True):
            seen[state] = None
            axes.barh(
                row, until - begin, left=begin, height=0.6, color=SHADES[state],
                edgecolor="white", linewidth=0.8, hatch="////" if state in HATCHED else None,
            )  # fmt: skip
    for marker, (what, dates) in zip(MARKERS, (marks or {}).items(), strict=False):
        days = mdates.date2num(list(dates))
        axes.plot(days, [-0.45] * len(days), marker, color="black", markersize=5, label=what)
    handles, _ = axes.get_legend_handles_labels()
    handles += [
        Patch(
            facecolor=SHADES[state],
            edgecolor="white",
            label=LABELS.get(state, state.replace("_", " ")),
            hatch="////" if state in HATCHED else None,
        )  # fmt: skip
        for state in STATES
        if state in seen
    ]
    year_axis(axes, pd.DatetimeIndex([start, end]))
    axes.set_yticks(range(len(known)), list(known))
    axes.invert_yaxis()
    axes.tick_params(axis="y", length=0)
    axes.grid(False, axis="y")
    axes.spines["left"].set_visible(False)
    axes.legend(
        handles=handles, loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=6, frameon=False,
        fontsize=8, borderaxespad=0.0, columnspacing=1.2,
    )  # fmt: skip
    return figure
