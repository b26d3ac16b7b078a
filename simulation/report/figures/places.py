"""Where places are too few and where they are too many: one small map an arm."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.cm import ScalarMappable
from matplotlib.colors import BoundaryNorm, ListedColormap
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from simulation.errors import InputError, check_columns
from simulation.report.figures.maps import add_wards, extent_of, label_districts, shapes_of
from simulation.report.figures.style import A4_WIDTH, new_figure, styled
from simulation.report.pen import about

COVERAGE_COLUMNS = ("arm", "ward", "group", "stage", "need", "places", "unmet", "duplication")
SHADES = ("#ffffff", "#dbe6f0", "#a9c6de", "#6b9bc4", "#2f6ba3", "#0a3560")
"""Light to dark, so that a copy in black and white reads the same."""
PAGE_INCHES = 7.9
"""Height that all maps of a figure share at most."""


def by_ward(coverage: pd.DataFrame, column: str) -> pd.DataFrame:
    """Add a column of coverage up over groups and stages.

    Parameters
    ----------
    coverage : DataFrame
        Columns `COVERAGE_COLUMNS`, starts a year; rows with group or stage "all" are not counted
        again.
    column : str

    Returns
    -------
    DataFrame
        Index ward code, one float64 column an arm.

    Raises
    ------
    InputError
        When a column is missing or there is no row.
    """
    check_columns(coverage, COVERAGE_COLUMNS, what="coverage")
    single = coverage.astype({"arm": str, "ward": str, "group": str, "stage": str})
    single = single[
        (single["group"] != "all") & (single["stage"] != "all") & (single["ward"] != "all")
    ]
    if single.empty:
        raise InputError("coverage: no row of a ward, a group and a stage")
    return single.pivot_table(index="ward", columns="arm", values=column, aggfunc="sum")


@styled
def place_maps(
    coverage: pd.DataFrame,
    wards: pd.DataFrame,
    *,
    column: str,
    arms: Sequence[str],
    boundaries: Path | str | None = None,
    note: str = "",
) -> Figure:
    """Draw unmet need or duplication by ward, a map an arm, all in the same shades.

    Parameters
    ----------
    coverage : DataFrame
        As for `by_ward`; mean over seeds, a year.
    wards : DataFrame
        Columns `maps.WARD_COLUMNS`.
    column : str
        "unmet" or "duplication".
    arms : sequence of str
        Those without rows are left out.
    boundaries : Path or str, optional
        GeoJSON of the wards; without it circles are drawn.
    note : str
        Added to the note under the figure.

    Raises
    ------
    InputError
        When the coverage has no rows of the arms or a ward has no outline.
    """
    starts = by_ward(coverage, column)
    names = [arm for arm in arms if arm in starts.columns]
    if not names:
        raise InputError("coverage: no rows of any arm of the comparison")
    table = starts.reindex(wards["code"])[names].fillna(0.0)
    rates = 1000.0 * table.div(wards["residents"].to_numpy(np.float64), axis=0)
    outlines, centres, what = shapes_of(wards, boundaries)
    low, high = extent_of(outlines)
    n_cells = len(names) + (wards["district"].nunique() > 1)
    across = min(2, n_cells)
    width = (A4_WIDTH - 0.9) / across
    n_down = -(-n_cells // across)
    height = min(width * (high[1] - low[1]) / (high[0] - low[0]), PAGE_INCHES / n_down - 0.4)
    per_point = float(max((high - low)[0] / width, (high - low)[1] / height)) / 72.0
    words = "without a place" if column == "unmet" else "beyond need"
    figure = new_figure(
        1.1 + (height + 0.4) * n_down,
        title=_title(table, column),
        note=f"Simulated; means over runs (seeds). A start is one person in one stage, so one"
        f" person can need several. {what} Heavy outline: priority ward. {note}".strip(),
    )
    grid = figure.subplots(n_down, across, squeeze=False).ravel()
    colours, norm = _shades(rates.to_numpy())
    is_priority = wards["priority"].to_numpy(bool)
    everyone = np.ones(len(wards), dtype=bool)
    for axes in grid:
        axes.set_axis_off()
        axes.set_aspect("equal")
        axes.set_xlim(low[0], high[0])
        axes.set_ylim(low[1], high[1])
    for axes, arm in zip(grid, names, strict=False):
        axes.set_title(f"{arm}\n{about(float(table[arm].sum()))} a year")
        faces = colours(norm(rates[arm].to_numpy()))
        add_wards(axes, outlines, everyone, facecolors=faces, edgecolors="#8a8a8a", linewidths=0.3)
        add_wards(axes, outlines, is_priority, facecolors="none", edgecolors="black",
                  linewidths=0.8)  # fmt: skip
    if n_cells > len(names):
        key = grid[len(names)]
        key.set_title("Districts")
        add_wards(key, outlines, everyone, facecolors="#efefef", edgecolors="#c4c4c4",
                  linewidths=0.3)  # fmt: skip
        label_districts(key, wards, centres, size=7, per_point=per_point)
    figure.colorbar(
        ScalarMappable(norm, colours), ax=list(grid), shrink=0.55, aspect=26, pad=0.01,
        label=f"Starts {words}\na year per 1,000 residents",
    )  # fmt: skip
    return figure


def _shades(rates: NDArray[np.float64]) -> tuple[ListedColormap, BoundaryNorm]:
    """Six even classes from nought; the largest value lies in the last one."""
    largest = float(rates.max())
    ticks = MaxNLocator(nbins=6, steps=[1, 2, 2.5, 4, 5, 10]).tick_values(0.0, largest or 1.0)
    step = float(ticks[1] - ticks[0])
    edges = step * np.arange(len(SHADES) + 1)
    if edges[-1] < largest:
        edges = 1.25 * edges
    colours = ListedColormap(list(SHADES))
    return colours, BoundaryNorm(edges, colours.N)


def _title(table: pd.DataFrame, column: str) -> str:
    """State how many starts have no place, or places lie beyond need: from arm to arm.

    Means alone do not tell which arm comes first, so none is named.
    """
    what = "Unmet need" if column == "unmet" else "Duplication"
    totals = table.sum()
    high, low = about(float(totals.max())), about(float(totals.min()))
    unit = "starts a year without a place" if column == "unmet" else "places a year beyond need"
    if len(totals) == 1:
        return f"{what} is {high} {unit} ({totals.index[0]})"
    if high == low:
        return f"{what} is {high} {unit} in every arm"
    return f"{what} is {low} to {high} {unit}, from arm to arm"
