"""How an outcome answers to one factor, or to two."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from scipy import stats

from experiments.study_report.figures.names import Names, is_number, seed_means, wrap
from experiments.study_report.figures.tornado import PLAIN_NAMES
from simulation.errors import InputError, check_columns
from simulation.report.figures.style import COLOURS, new_figure, styled
from simulation.report.pen import alike, number, tick, value_text

MOST_LEVELS = 12
"""A factor with more levels is drawn in bins."""
N_BINS = 10
COLOUR_MAP = "cividis"
"""Dark to light in even steps, alike for the colour-blind and in black and white."""


@styled
def response_surface(
    points: pd.DataFrame,
    runs: pd.DataFrame,
    *,
    outcome: str,
    factors: Sequence[str],
    block: int | None = None,
    names: Names = PLAIN_NAMES,
    note: str = "",
) -> Figure:
    """Draw an outcome against one factor with a band, or against two as a filled surface.

    Parameters
    ----------
    points : DataFrame
        Index point, one column a factor.
    runs : DataFrame
        point, seed and the outcome; an emulator's grid has one seed.
    outcome : str
    factors : sequence of str
        One or two.
    block : int, optional
        As of `curve_table`.
    names : Names
    note : str
        Added to the note under the figure.

    Raises
    ------
    InputError
        When a column is missing, a run lacks the outcome, or not one or two factors are given.
    """
    if len(factors) not in (1, 2):
        raise InputError(f"factors: {len(factors)} given; a response surface has one or two")
    check_columns(points, factors, what="points")
    means = seed_means(runs, outcome)
    table = points.loc[means.index, list(factors)].assign(outcome=means)
    others = [name for name in points if name not in factors and points[name].nunique() > 1]
    if len(factors) == 1:
        return _curve(
            table, runs, outcome, factors[0],
            block=block, others=bool(others), names=names, note=note,
        )  # fmt: skip
    return _surface(table, outcome, list(factors), others=bool(others), names=names, note=note)


def binned(column: pd.Series) -> pd.Series:
    """Give each row its value_text, or the middle of its bin where there are too many levels.

    Bins hold the same number of points; choices keep their order of appearance.
    """
    if not is_number(column) or column.nunique() <= MOST_LEVELS:
        return column
    bins = pd.qcut(column, N_BINS, duplicates="drop")
    width = float(np.ptp(column)) / N_BINS
    middles = column.groupby(bins, observed=True).transform("mean")
    return middles.round(1 - int(np.floor(np.log10(width))))


def curve_table(
    table: pd.DataFrame, runs: pd.DataFrame, outcome: str, factor: str, *, block: int | None
) -> pd.DataFrame:
    """Work out mean and 95% t interval of an outcome at each level of a factor.

    Chance is in the points that were drawn, a block of points at a time, and in the seeds, which
    move all points alike; degrees of freedom after Satterthwaite.

    Parameters
    ----------
    table : DataFrame
        Index point, from 0 in the order of the design: the factor, and `outcome` the mean over
        seeds.
    runs : DataFrame
        point, seed, outcome.
    outcome, factor : str
    block : int or None
        Points that were drawn together, such as a trajectory; 1 where each was by itself, None
        where none was drawn, as in a grid.

    Returns
    -------
    DataFrame
        Index level; mean, low, high; limits are NaN where one value stands alone.
    """
    levels = binned(table[factor]).rename("level")
    by_level = table["outcome"].groupby(levels, sort=is_number(table[factor]))
    mean = by_level.mean()
    by_seed = runs.groupby([runs["point"].map(levels).rename("level"), "seed"])[outcome].mean()
    of_seeds = by_seed.groupby("level").agg(["var", "count"]).reindex(mean.index)
    n_seeds = of_seeds["count"].to_numpy(np.float64)
    parts = [(of_seeds["var"].to_numpy(np.float64) / n_seeds, n_seeds - 1)]
    if block is not None:
        away = table["outcome"] - by_level.transform("mean")
        drawn = away.groupby([levels, table.index // block], sort=False).sum() ** 2
        of_blocks = drawn.groupby("level").agg(["sum", "count"]).reindex(mean.index)
        squares, n_blocks = (of_blocks[name].to_numpy(np.float64) for name in ("sum", "count"))
        share = np.divide(
            n_blocks, n_blocks - 1, out=np.full(len(mean), np.nan), where=n_blocks > 1
        )
        # With one seed the luck of seeds is in the points.
        parts = [(np.nan_to_num(parts[0][0]), n_seeds - 1)]
        parts.append((share * squares / by_level.count().to_numpy() ** 2, n_blocks - 1))
    variance = np.sum([part for part, _ in parts], axis=0)
    weights = np.sum([part**2 / np.maximum(free, 1) for part, free in parts], axis=0)
    freedom = np.divide(variance**2, weights, out=np.ones(len(mean)), where=weights > 0)
    half = stats.t.ppf(0.975, freedom) * np.sqrt(variance)
    return pd.DataFrame({"mean": mean, "low": mean - half, "high": mean + half})


def _curve(
    table: pd.DataFrame, runs: pd.DataFrame, outcome: str, factor: str, *, block: int | None,
    others: bool, names: Names, note: str,
) -> Figure:  # fmt: skip
    """Draw the mean with its band, all points behind it."""
    curve = curve_table(table, runs, outcome, factor, block=block)
    n_seeds = runs["seed"].nunique()
    what = (
        "Line: mean over all values of the other factors; band: its 95% interval, over seeds"
        f"{'' if block is None else ' and the points drawn'}; dots: single points, which the other"
        " factors spread."
        if others
        else f"Line: mean over {n_seeds} seeds; band: its 95% interval; dots: points."
    )
    figure = new_figure(
        3.9, title=_curve_title(curve, outcome, factor, names), note=f"{what} {note}".strip()
    )
    axes = figure.subplots()
    places = {value: at for at, value in enumerate(curve.index)}
    is_scale = is_number(table[factor])
    x = curve.index.to_numpy(np.float64) if is_scale else np.arange(len(curve))
    spots = table[factor] if is_scale else table[factor].map(places)
    axes.plot(spots, table["outcome"], "o", markersize=2.6, color="#b5b5b5", zorder=1.5,
              rasterized=len(table) > 3000)  # fmt: skip
    if is_scale:
        axes.fill_between(x, curve["low"], curve["high"], color=COLOURS[0], alpha=0.22, linewidth=0)
        axes.plot(x, curve["mean"], color=COLOURS[0], marker="o", markersize=3.5, gid="mean")
    else:
        half = np.nan_to_num(curve["high"] - curve["mean"])
        axes.errorbar(x, curve["mean"], yerr=half, fmt="o", color=COLOURS[0], capsize=4, zorder=3)
        axes.set_xticks(x, [names.wrapped(value_text(value), 14) for value in curve.index])
        axes.margins(x=0.12)
    axes.set_xlabel(names.with_unit(factor))
    axes.set_ylabel(wrap(names.with_unit(outcome), 44))
    axes.yaxis.set_major_formatter(tick)
    return figure


def _curve_title(curve: pd.DataFrame, outcome: str, factor: str, names: Names) -> str:
    """State the range of the means; whether it is more than chance, indices say."""
    ends = alike(np.array([curve["mean"].min(), curve["mean"].max()]))
    start, along = names.label(outcome), names.inline(factor)
    if curve["mean"].min() == curve["mean"].max():
        return f"{start} is the same at every {along}"
    return f"{start} by {along}: means from {ends[0]} to {ends[1]} {names.unit(outcome)}".strip()


def _surface(
    table: pd.DataFrame, outcome: str, factors: list[str], *, others: bool, names: Names, note: str
) -> Figure:
    """Draw contours where two numbers alone vary, else the means of cells."""
    is_plane = not others and all(
        is_number(table[name]) and table[name].nunique() > 3 for name in factors
    )
    cells = table.groupby([binned(table[name]) for name in factors])["outcome"].mean()
    what = (
        "Filled contours between the points (dots)."
        if is_plane
        else "Cells: means over all points in them"
        + (", the other factors taking all their values." if others else ".")
    )
    figure = new_figure(
        4.9, title=_surface_title(table["outcome"] if is_plane else cells, outcome, factors, names),
        note=f"{what} Dark is low, light is high. {note}".strip(),
    )  # fmt: skip
    axes = figure.subplots()
    axes.grid(False)
    draw = _draw_contours if is_plane else _draw_cells
    mapped = draw(axes, table, factors, names)
    bar = figure.colorbar(mapped, ax=axes, fraction=0.05, pad=0.02)
    bar.set_label(wrap(names.with_unit(outcome), 50))
    bar.ax.yaxis.set_major_formatter(tick)
    bar.outline.set_visible(False)
    axes.set_xlabel(names.with_unit(factors[0]))
    axes.set_ylabel(wrap(names.with_unit(factors[1]), 44))
    return figure


def _draw_contours(axes: Axes, table: pd.DataFrame, factors: list[str], names: Names):
    x, y, z = (table[name].to_numpy(np.float64) for name in (*factors, "outcome"))
    filled = axes.tricontourf(x, y, z, levels=10, cmap=COLOUR_MAP)
    lines = axes.tricontour(x, y, z, levels=list(filled.levels), colors="black", linewidths=0.5)
    axes.clabel(lines, fontsize=6.5, fmt=lambda value: number(value, figures=4))
    axes.plot(x, y, "o", markersize=2.4, color="white", markeredgecolor="black",
              markeredgewidth=0.5, gid="points")  # fmt: skip
    return filled


def _draw_cells(axes: Axes, table: pd.DataFrame, factors: list[str], names: Names):
    across, up = (binned(table[name]) for name in factors)
    cells = table["outcome"].groupby([up, across], sort=False).mean().unstack()
    rows = sorted(cells.index) if is_number(table[factors[1]]) else list(dict.fromkeys(up))
    columns = sorted(cells.columns) if is_number(table[factors[0]]) else list(dict.fromkeys(across))
    cells = cells.reindex(index=rows, columns=columns)
    values = cells.to_numpy(np.float64)
    mapped = axes.pcolormesh(values, cmap=COLOUR_MAP, edgecolors="white", linewidth=1.0)
    middle = (np.nanmin(values) + np.nanmax(values)) / 2.0
    words = alike(values.ravel())
    for word, ((at, place), value) in zip(words, np.ndenumerate(values), strict=True):
        if np.isfinite(value):
            axes.text(place + 0.5, at + 0.5, word, ha="center", va="center",
                      fontsize=7, color="white" if value < middle else "black")  # fmt: skip
    axes.set_xticks(
        np.arange(len(columns)) + 0.5, [names.wrapped(value_text(c), 12) for c in columns]
    )
    axes.set_yticks(np.arange(len(rows)) + 0.5, [names.wrapped(value_text(r), 16) for r in rows])
    axes.tick_params(length=0)
    return mapped


def _surface_title(drawn: pd.Series, outcome: str, factors: list[str], names: Names) -> str:
    """State the range of what is drawn; which is highest may be chance, so it is not named."""
    by = " and ".join(names.inline(factor) for factor in factors)
    ends = alike(np.array([drawn.min(), drawn.max()]))
    if drawn.min() == drawn.max():
        return f"{names.label(outcome)} is the same at every point, {ends[0]}"
    unit = names.unit(outcome)
    span = f"{ends[0]} to {ends[1]} {unit}".strip()
    return f"{names.label(outcome)}: {span} over all values of {by}"
