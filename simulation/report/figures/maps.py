"""A map of how wards differ between two arms: boundaries if there are any, else circles."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.collections import PathCollection
from matplotlib.colors import BoundaryNorm, ListedColormap
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.path import Path as Outline
from matplotlib.patheffects import withStroke
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import Affine2D, IdentityTransform
from numpy.typing import ArrayLike, NDArray

from simulation.errors import InputError
from simulation.report.figures.boundaries import read_outlines
from simulation.report.figures.cartogram import circle_radii, relax_circles
from simulation.report.figures.style import A4_WIDTH, new_figure, styled

WARD_COLUMNS = ("code", "name", "district", "easting", "northing", "priority", "residents")
FALLS = ("#8c3d04", "#c9712a", "#f0c08d")
RISES = ("#a9cfe6", "#4a90c2", "#0b4f8a")
NO_CHANGE = "#f4f4f4"


@styled
def ward_map(
    wards: pd.DataFrame,
    changes: pd.Series,
    *,
    title: str,
    unit: str,
    boundaries: Path | str | None = None,
    positions_km: ArrayLike | None = None,
    note: str = "",
) -> Figure:
    """Draw a change by ward: colour for its size, hatching for a fall, an outline for priority.

    Parameters
    ----------
    wards : DataFrame
        Columns `WARD_COLUMNS`; easting and northing in metres.
    changes : Series
        One float64 value a ward, index ward code.
    title, unit : str
        What is shown; unit is written at the colour scale.
    boundaries : Path or str, optional
        GeoJSON of the wards; without it a cartogram of circles is drawn.
    positions_km : array_like, shape (n_wards, 2), optional
        Centres for the cartogram, kilometres; default from easting and northing.
    note : str
        Under the figure.

    Raises
    ------
    InputError
        When a column, a value or an outline is missing.
    """
    _check_wards(wards, changes)
    values = changes.loc[wards["code"]].to_numpy(np.float64)
    outlines, centres, what = shapes_of(wards, boundaries, positions_km)
    low, high = extent_of(outlines)
    map_height = (A4_WIDTH - 1.4) * (high[1] - low[1]) / (high[0] - low[0])
    figure = new_figure(
        float(np.clip(map_height, 2.6, 5.2)) + 1.3, title=title, note=f"{what} {note}".strip()
    )
    axes = figure.subplots()
    _draw_wards(axes, outlines, values, wards["priority"].to_numpy(bool), unit=unit)
    axes.set_xlim(low[0], high[0])
    axes.set_ylim(low[1], high[1])
    axes.set_aspect("equal")
    axes.set_axis_off()
    label_districts(axes, wards, centres)
    return figure


def shapes_of(
    wards: pd.DataFrame,
    boundaries: Path | str | None,
    positions_km: ArrayLike | None = None,
) -> tuple[list[Outline], NDArray[np.float64], str]:
    """Outlines of the wards, their centres, shape (n_wards, 2), and a sentence on what they are.

    Raises
    ------
    InputError
        When a ward has no outline in the boundaries, or no place for a circle.
    """
    if boundaries is None:
        what = "Circles: wards, area by residents, moved apart a little."
        return *_circles(wards, positions_km), what
    return *_polygons(wards, boundaries), f"Ward boundaries: {Path(boundaries).name}."


def _check_wards(wards: pd.DataFrame, changes: pd.Series) -> None:
    problems = [f"wards: column {c} is missing" for c in WARD_COLUMNS if c not in wards.columns]
    if not problems:
        if wards.empty:
            problems.append("wards: no rows; a map needs at least one ward")
        lacking = [code for code in wards["code"] if not np.isfinite(changes.get(code, np.nan))]
        if lacking:
            problems.append(
                f"changes: no value for {len(lacking)} wards, such as {', '.join(lacking[:5])}"
            )
    if problems:
        raise InputError(problems)


def _circles(
    wards: pd.DataFrame, positions_km: ArrayLike | None
) -> tuple[list[Outline], NDArray[np.float64]]:
    """Circles as outlines, and their centres, kilometres."""
    if positions_km is None:
        positions_km = wards[["easting", "northing"]].to_numpy(np.float64) / 1000.0
    radii = circle_radii(positions_km, wards["residents"])
    centres = relax_circles(positions_km, radii)
    outlines = [
        Affine2D().scale(radius).translate(*centre).transform_path(Outline.unit_circle())
        for centre, radius in zip(centres, radii, strict=True)
    ]
    return outlines, centres


def _polygons(
    wards: pd.DataFrame, boundaries: Path | str
) -> tuple[list[Outline], NDArray[np.float64]]:
    """Outlines with degrees of longitude shortened to those of latitude, and their middles."""
    found = read_outlines(boundaries, wards["code"])
    raw = [found[code] for code in wards["code"]]
    corners = np.concatenate([outline.vertices for outline in raw])
    is_degrees = bool(np.abs(corners).max() <= 180.0)
    squeeze = np.cos(np.radians(corners[:, 1].mean())) if is_degrees else 1.0
    outlines = [Affine2D().scale(squeeze, 1.0).transform_path(outline) for outline in raw]
    middles = [outline.get_extents().get_points().mean(axis=0) for outline in outlines]
    return outlines, np.array(middles)


def extent_of(outlines: list[Outline]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Corners of the box around all outlines with a small margin."""
    corners = np.concatenate([outline.get_extents().get_points() for outline in outlines])
    low, high = corners.min(axis=0), corners.max(axis=0)
    margin = 0.015 * (high - low).max()
    return low - margin, high + margin


def _scale(values: NDArray[np.float64]) -> tuple[ListedColormap, BoundaryNorm]:
    """Seven classes even on both sides of nought; the middle one is "about no change"."""
    largest = float(np.abs(values).max())
    if largest == 0.0:
        largest = 1.0
    step = MaxNLocator(nbins=7, steps=[1, 2, 2.5, 4, 5, 10]).tick_values(-largest, largest)
    width = float(step[1] - step[0])
    while 3.5 * width < largest:
        width *= 1.25
    edges = width * np.array([-3.5, -2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 3.5])
    colours = ListedColormap([*FALLS, NO_CHANGE, *RISES])
    return colours, BoundaryNorm(edges, colours.N)


def add_wards(axes: Axes, outlines: list[Outline], chosen: NDArray[np.bool_], **style: Any) -> None:
    """Draw the outlines of the chosen wards in a style of `PathCollection`."""
    paths = [outline for outline, keep in zip(outlines, chosen, strict=True) if keep]
    placed: dict[str, Any] = {"transform": axes.transData, "offset_transform": IdentityTransform()}
    if paths:
        axes.add_collection(PathCollection(paths, **placed, **style))


def _draw_wards(
    axes: Axes,
    outlines: list[Outline],
    values: NDArray[np.float64],
    is_priority: NDArray[np.bool_],
    *,
    unit: str,
) -> None:
    """Fill every ward, hatch the falls, outline the priority wards, and explain all three."""
    colours, norm = _scale(values)
    add = partial(add_wards, axes, outlines)
    everyone = np.ones(len(values), dtype=bool)
    add(everyone, facecolors=colours(norm(values)), edgecolors="#ffffff", linewidths=0.4)
    add(norm(values) < 3, facecolors="none", edgecolors="#4d2000", linewidths=0.0, hatch="//////")
    add(~is_priority, facecolors="none", edgecolors="#8a8a8a", linewidths=0.4)
    add(is_priority, facecolors="none", edgecolors="black", linewidths=1.4)
    bar = axes.figure.colorbar(
        ScalarMappable(norm, colours), ax=axes, shrink=0.62, aspect=18, pad=0.01, label=unit
    )
    edges = [float(edge) for edge in norm.boundaries[1:-1]]
    bar.set_ticks(edges, labels=[f"{edge:+.3g}" for edge in edges])
    handles: list[Patch | Line2D] = [
        Patch(facecolor=FALLS[1], edgecolor="#4d2000", hatch="//////", label="Lower"),
        Patch(facecolor=RISES[1], label="Higher"),
    ]
    if is_priority.any():
        handles.append(Line2D([], [], color="black", linewidth=1.6, label="Priority ward"))
    axes.legend(
        handles=handles, loc="upper center", bbox_to_anchor=(0.5, 0.0), ncols=3, frameon=False,
        fontsize=8,
    )  # fmt: skip


def label_districts(
    axes: Axes,
    wards: pd.DataFrame,
    centres: NDArray[np.float64],
    *,
    size: float = 8.0,
    per_point: float = 0.0,
) -> None:
    """Write each district's name, in points of that size, at the middle of its wards.

    With `per_point`, the units of the map a point, a name that would cover one already written
    moves up above it.
    """
    if wards["district"].nunique() < 2:
        return
    placed: list[tuple[float, float, float]] = []
    middles = [
        (*np.average(centres[rows.index], axis=0, weights=rows["residents"]), str(district))
        for district, rows in wards.reset_index(drop=True).groupby("district")
    ]
    for x, y, district in sorted(middles, key=lambda place: place[1]):
        half = 0.33 * size * len(district) * per_point
        height = 1.15 * size * per_point
        for other_x, other_y, other_half in placed:
            if abs(x - other_x) < half + other_half and abs(y - other_y) < height:
                y = other_y + height
        placed.append((x, y, half))
        axes.text(
            x, y, district, ha="center", va="center", fontsize=size, zorder=6,
            fontweight="bold", path_effects=[withStroke(linewidth=2.6, foreground="white")],
        )  # fmt: skip
