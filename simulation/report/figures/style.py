"""How every figure looks: sizes for A4, colours and lines told apart in black and white."""

from __future__ import annotations

import io
import textwrap
from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from typing import Any, TypeVar, cast

import matplotlib as mpl
import matplotlib.dates as mdates
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import isotonic_regression

A4_WIDTH = 7.1
"""Inches between the margins of an A4 page."""
NOTEBOOK_DPI = 110

COLOURS = ("#0b4f8a", "#c4500b", "#1b7a57", "#8a4f8f", "#5c5c5c", "#a37b00")
DASHES: tuple[Any, ...] = ("-", (0, (5, 1.6)), (0, (1.2, 1.2)), (0, (6, 1.5, 1.2, 1.5)))
"""Dark hues of the Okabe and Ito palette; hue, darkness and dash all tell lines apart."""

REFERENCE = "#9a9a9a"
SETTINGS: Any = {
    "font.size": 8.5,
    "axes.titlesize": 9,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.labelsize": 8.5,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#e4e4e4",
    "grid.linewidth": 0.6,
    "lines.linewidth": 1.6,
    "svg.hashsalt": "figures",
    # A name with dollar signs in it is a name, not mathematics.
    "text.parse_math": False,
    "hatch.linewidth": 0.5,
}

Draw = TypeVar("Draw", bound=Callable[..., Figure])


class Picture(Figure):
    """A figure that a notebook shows as it is, whether or not pyplot was ever imported."""

    def _repr_png_(self) -> bytes:
        buffer = io.BytesIO()
        self.savefig(buffer, format="png", dpi=NOTEBOOK_DPI, metadata={"Software": None})
        return buffer.getvalue()


def styled(draw: Draw) -> Draw:
    """Run a drawing function under the house settings and lay the figure out, once for all."""

    @wraps(draw)
    def inner(*args: Any, **kwargs: Any) -> Figure:
        with mpl.rc_context(SETTINGS):
            figure = draw(*args, **kwargs)
            figure.draw_without_rendering()
            # Kept as it is: an engine, even one that does nothing, has every file drawn twice.
            figure.set_layout_engine(None)
            return figure

    return cast(Draw, inner)


def new_figure(height: float, *, title: str, note: str) -> Figure:
    """Make an empty figure of A4 text width with a bold title above and a small note below.

    Parameters
    ----------
    height : float
        Inches.
    title, note : str
        Wrapped to the width.
    """
    layout = ConstrainedLayoutEngine(h_pad=0.06, w_pad=0.05, hspace=0.04, wspace=0.03)
    figure = Picture(figsize=(A4_WIDTH, height), layout=layout)
    lines = textwrap.fill(title, 74)
    figure.suptitle(lines, x=0.012, ha="left", fontsize=11, fontweight="bold")
    figure.supxlabel(
        textwrap.fill(note, 132), x=0.012, ha="left", fontsize=7, color="#444444", linespacing=1.35
    )
    return figure


def panels(
    figure: Figure, n_panels: int, *, most_across: int = 2, share_x: bool = True
) -> NDArray[np.object_]:
    """Lay out panels that share their scales; unused places stay empty.

    Returns
    -------
    object array, shape (n_panels,)
        Axes, row by row.
    """
    across = min(most_across, n_panels)
    down = -(-n_panels // across)
    grid = figure.subplots(down, across, sharex=share_x, sharey=True, squeeze=False).ravel()
    for spare in grid[n_panels:]:
        spare.set_visible(False)
    for axes in grid[:n_panels]:
        axes.tick_params(labelbottom=True)
    return grid[:n_panels]


def spread(positions: ArrayLike, *, gap: float, low: float, high: float) -> NDArray[np.float64]:
    """Move positions as little as possible so that neighbours are at least `gap` apart.

    Least squares under order constraints, by isotonic regression.

    Parameters
    ----------
    positions : array_like, shape (n,)
        Wanted places of labels, in axis units.
    gap, low, high : float
        Least distance and the range to stay in; the range yields if it is too small.

    Returns
    -------
    float64 array, shape (n,)
        In the order given.
    """
    wanted = np.asarray(positions, dtype=np.float64)
    if wanted.size == 0:
        return wanted
    order = np.argsort(wanted, kind="stable")
    steps = gap * np.arange(len(wanted))
    fitted = isotonic_regression(wanted[order] - steps).x
    room = max(high - steps[-1], low)
    placed = np.empty_like(wanted)
    placed[order] = np.minimum(np.maximum(fitted, low), room) + steps
    return placed


def label_ends(axes: Axes, labels: Sequence[tuple[float, str, str]], *, x: float) -> None:
    """Write a label to the right of each line end, moved apart where they would overlap.

    Parameters
    ----------
    axes : Axes
        With its final vertical limits.
    labels : sequence of (height, text, colour)
        Heights in data units.
    x : float
        Where the text starts, in data units.
    """
    low, high = axes.get_ylim()
    height_inches = axes.get_window_extent().height / axes.figure.dpi
    gap = (high - low) * (8.5 * 1.15 / 72) / max(height_inches, 0.5)
    heights = spread([label[0] for label in labels], gap=gap, low=low, high=high)
    for (_, text, colour), height in zip(labels, heights, strict=True):
        axes.annotate(
            text, (x, height), xytext=(4, 0), textcoords="offset points", color=colour,
            fontsize=8, va="center", ha="left", annotation_clip=False,
        )  # fmt: skip


def year_axis(axes: Axes, dates: pd.DatetimeIndex, *, label_room: float = 0.0) -> None:
    """Mark Januaries by year, and leave room on the right for labels (a share of the span)."""
    start, end = mdates.date2num(dates[0]), mdates.date2num(dates[-1])
    span = max(end - start, 31.0)
    axes.set_xlim(start, max(end, start + 1.0) + label_room * span)
    axes.spines["bottom"].set_bounds(start, end)
    years = pd.date_range(dates[0], dates[-1], freq="YS")
    if len(years) == 0:
        years = pd.DatetimeIndex([dates[0]])
        axes.set_xticks(mdates.date2num(years), [f"{dates[0]:%b %Y}"])
        return
    stride = -(-len(years) // 8)
    axes.set_xticks(mdates.date2num(years)[::stride], [f"{year:%Y}" for year in years[::stride]])


def label_room(labels: Iterable[str], *, n_panels: int) -> float:
    """Share of the time span to leave on the right so that the longest label fits.

    Parameters
    ----------
    labels : iterable of str
        At 8 points, about 0.062 inches a letter.
    n_panels : int
        How many panels share the width of the page, at most two across.
    """
    panel = (A4_WIDTH - 0.9) / min(n_panels, 2)
    text = 0.062 * max(map(len, labels)) + 0.1
    return text / max(panel - text, 0.25 * panel)


def line_style(number: int) -> dict[str, Any]:
    """Colour and dash of the line of that number, from 0."""
    return {"color": COLOURS[number % len(COLOURS)], "linestyle": DASHES[number % len(DASHES)]}


def sample_note(n_seeds: int, extra: str = "", *, note: str = "") -> str:
    """Write the note under a figure: what lines and bands are, then the caller's own words."""
    if n_seeds == 1:
        what = "Simulated; one run an arm, so no interval can be shown."
    else:
        what = (
            f"Simulated; means of {n_seeds} runs (seeds) an arm, with 95% t intervals for the mean."
        )
    return " ".join(part for part in (what, extra, note) if part)
