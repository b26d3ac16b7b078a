"""The plane of Morris screening: how far a factor moves the outcome, how unevenly it does."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.gridspec import GridSpec
from numpy.typing import NDArray

from experiments.study_report.figures.marks import (
    AXIS_WIDTH,
    FLOOR_WORDS,
    HOLLOW_NOTE,
    clear_of_noise,
    index_table,
    sample_words,
)
from experiments.study_report.figures.names import Names, wrap
from experiments.study_report.figures.tornado import PLAIN_NAMES, index_title
from simulation.errors import InputError
from simulation.report.figures.style import COLOURS, REFERENCE, new_figure, styled
from simulation.report.pen import measured, tick

OFFSETS = ((7, 6), (7, -6), (-7, 6), (-7, -6), (0, 10), (0, -10), (12, 0), (-12, 0), (14, 10),
           (-14, 10), (14, -10), (-14, -10))  # fmt: skip
"""Where a number may stand beside its point, in printer's points, the best first."""


LEAST_NUMBERED = 0.04
"""Points nearer zero than this share of the largest stay without a number."""


@styled
def morris_plane(
    indices: pd.DataFrame, *, outcome: str, names: Names = PLAIN_NAMES, note: str = ""
) -> Figure:
    """Draw mu-star against sigma, a numbered point a factor, with the list of factors beside it.

    Parameters
    ----------
    indices : DataFrame
        Rows mu_star and sigma of each factor, in the unit of the outcome.
    outcome : str
    names : Names
    note : str
        Added to the note under the figure.

    Raises
    ------
    InputError
        When either index lacks.
    """
    stars, sigmas = (index_table(indices, outcome, index) for index in ("mu_star", "sigma"))
    stars = stars[np.isfinite(stars["value"])]
    if stars.empty or sigmas.empty:
        raise InputError(f"indices: mu_star and sigma are needed for {outcome}")
    sigmas = sigmas.set_index("factor").reindex(stars["factor"])
    floor = float(stars["floor"].max()) if np.isfinite(stars["floor"]).any() else np.nan
    below = f" Shaded: {FLOOR_WORDS}" if np.isfinite(floor) else ""
    hollow = f" {HOLLOW_NOTE}" if (stars["flag"] != "").any() else ""
    figure = new_figure(
        max(4.6, 1.4 + 0.235 * len(stars)),
        title=index_title(stars, "mu_star", outcome, names),
        note=f"{sample_words(stars)} Above the dashed line (sigma = mu-star) the effect depends"
        f" strongly on the other factors or is far from straight.{below}{hollow} {note}".strip(),
    )
    grid = GridSpec(1, 2, figure=figure, width_ratios=(1.55, 1.0))
    axes = figure.add_subplot(grid[0])
    key = figure.add_subplot(grid[1])
    for at, ((_, star), spread) in enumerate(
        zip(stars.iterrows(), sigmas["value"].astype(float), strict=True)
    ):
        _draw_point(axes, star, spread, sigmas.iloc[at])
    _draw_guides(axes, stars, sigmas, floor)
    axes.set_xlabel(
        "mu-star, mean size of the effect, for a whole range\n"
        + wrap(names.with_unit(outcome, difference=True), AXIS_WIDTH)
    )
    axes.set_ylabel("sigma, spread of the effect")
    axes.xaxis.set_major_formatter(tick)
    axes.yaxis.set_major_formatter(tick)
    draw_key(key, [_key_line(row, names) for _, row in stars.iterrows()])
    figure.draw_without_rendering()
    places = np.column_stack([stars["value"], sigmas["value"].fillna(0.0)]).astype(np.float64)
    n_apart = int((stars["value"] > LEAST_NUMBERED * stars["value"].max()).sum())
    number_points(axes, places, most=n_apart)
    return figure


def _draw_point(axes: Axes, star: pd.Series, spread: float, sigma: pd.Series) -> None:
    """Draw one factor with both intervals."""
    if np.isfinite(star["low"]) and np.isfinite(star["high"]):
        axes.plot([star["low"], star["high"]], [spread] * 2, color="#666666", linewidth=0.9,
                  gid="interval")  # fmt: skip
    if np.isfinite(sigma["low"]) and np.isfinite(sigma["high"]):
        axes.plot([star["value"]] * 2, [sigma["low"], sigma["high"]], color="#666666",
                  linewidth=0.9)  # fmt: skip
    face = "white" if star["flag"] or not clear_of_noise(star) else COLOURS[0]
    axes.plot(star["value"], spread, "o", markersize=5.5, color=COLOURS[0], markerfacecolor=face,
              zorder=4, gid="factor")  # fmt: skip


def _draw_guides(axes: Axes, stars: pd.DataFrame, sigmas: pd.DataFrame, floor: float) -> None:
    """Draw the line sigma = mu-star and shade what noise alone would give."""
    right = 1.06 * float(np.nanmax(stars[["value", "high"]].to_numpy(np.float64)))
    top = 1.1 * float(np.nanmax(sigmas[["value", "high"]].to_numpy(np.float64)))
    right, top = max(right, 1e-12), max(top, 1e-12)
    axes.plot([0, min(right, top)], [0, min(right, top)], color=REFERENCE, linestyle=(0, (5, 3)),
              linewidth=1.0)  # fmt: skip
    if np.isfinite(floor):
        axes.axvspan(0, floor, color="#e9e9e9", zorder=0, gid="floor")
    axes.set_xlim(min(0.0, float(stars["low"].min(skipna=True)) if len(stars) else 0.0), right)
    axes.set_ylim(-0.02 * top, top)


def _key_line(row: pd.Series, names: Names) -> str:
    size = measured(row["value"], row["low"], row["high"]).partition(" (")[0]
    return f"{names.label(row['factor'])} ({size})"


def draw_key(axes: Axes, lines: Sequence[str]) -> None:
    """List what the numbers stand for, one line each, cut to the width."""
    axes.set_axis_off()
    step = 1.0 / max(len(lines), 18)
    for at, line in enumerate(lines):
        text = line if len(line) <= 44 else f"{line[:20]}...{line[-21:]}"
        axes.text(0.0, 1.0 - (at + 0.5) * step, f"{at + 1}", fontsize=7, ha="right",
                  fontweight="bold", va="center", transform=axes.transAxes)  # fmt: skip
        axes.text(0.03, 1.0 - (at + 0.5) * step, text, fontsize=7, va="center",
                  transform=axes.transAxes)  # fmt: skip


def number_points(axes: Axes, places: NDArray[np.float64], *, most: int) -> list[int]:
    """Write 1, 2, ... beside points where there is room; gives those that got one.

    Parameters
    ----------
    axes : Axes
        Laid out, with its final limits.
    places : float64 array, shape (n, 2)
        In data units, the most important first: points in a crowd stay without.
    most : int
        Only the first so many.
    """
    points = 72.0 / axes.figure.dpi
    pixels = axes.transData.transform(places) * points
    taken: list[tuple[float, float]] = [tuple(place) for place in pixels]
    box = axes.get_window_extent()
    low, high = np.array([box.x0, box.y0]) * points, np.array([box.x1, box.y1]) * points
    written = []
    for at, place in enumerate(pixels[:most]):
        others = taken[:at] + taken[at + 1 :]
        for offset in OFFSETS:
            spot = place + np.asarray(offset)
            is_inside = bool(np.all(spot > low + 4) and np.all(spot < high + 8))
            if is_inside and not _touches(spot, others):
                axes.annotate(str(at + 1), places[at], xytext=offset, textcoords="offset points",
                              fontsize=7.5, ha="center", va="center", gid="number")  # fmt: skip
                taken.append((float(spot[0]), float(spot[1])))
                written.append(at + 1)
                break
    return written


def _touches(spot: NDArray[np.float64], others: list[tuple[float, float]]) -> bool:
    """Whether a number there would cover a point or another number."""
    return any(abs(spot[0] - x) < 9.0 and abs(spot[1] - y) < 8.0 for x, y in others)
