"""What a trial inside the model finds, beside what was published of its design."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from simulation.report.figures.style import COLOURS, new_figure, panels, styled

NOTE = (
    "Filled: the effect, from the same people in the same world without the trial. Hollow: what an"
    " evaluator would see, with the luck of the draw. Star: published. Lines: 95% t intervals over"
    " seeds."
)
MARKS = {"effect": ("o", COLOURS[0], -0.14), "seen": ("o", "white", 0.14)}
"""Marker, its fill and by how much it is moved down."""


@styled
def trial_beside_published(table: pd.DataFrame, *, labels: list[str], title: str) -> Figure:
    """Draw points of people in work with intervals, a line for each kind of people and time.

    Parameters
    ----------
    table : DataFrame
        effect and seen with `_low` and `_high`, published: percentage points; NaN where there is
        none.
    labels : list of str
        What each row is of.
    title : str
    """
    figure = new_figure(1.5 + 0.5 * len(table), title=title, note=NOTE)
    (axes,) = panels(figure, 1)
    rows = np.arange(len(table))
    axes.axvline(0.0, color="black", linewidth=0.6)
    for measure, (marker, fill, shift) in MARKS.items():
        low, high = table[f"{measure}_low"], table[f"{measure}_high"]
        axes.hlines(rows + shift, low, high, color=COLOURS[0], linewidth=1.2)
        axes.plot(
            table[measure], rows + shift, marker, color=fill, markeredgecolor=COLOURS[0],
            markersize=6,
        )  # fmt: skip
    axes.plot(
        table["published"], rows, "*", color="black", markeredgecolor="white", markersize=13,
        zorder=5,
    )  # fmt: skip
    axes.set_yticks(rows, labels)
    axes.set_ylim(len(table) - 0.5, -0.5)
    axes.set_xlabel("Points of people in work")
    return figure
