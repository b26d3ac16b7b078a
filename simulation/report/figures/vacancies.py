"""Vacancies: who fills them, by place in the queue, and how many there are against unemployment."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke
from numpy.typing import NDArray

from simulation.errors import InputError
from simulation.report.figures.style import (
    REFERENCE,
    line_style,
    new_figure,
    panels,
    sample_note,
    styled,
)
from simulation.report.figures.tables import arm_names, by_seed, outcome_tables
from simulation.results.paired import mean_interval

QUEUE_LABELS = {
    "hires_from_employment": "From another job",
    "hires_workless_under_3_months": "Workless under 3 months",
    "hires_workless_3_to_6_months": "Workless 3 to 6 months",
    "hires_workless_6_to_12_months": "Workless 6 to 12 months",
    "hires_workless_over_12_months": "Workless over a year",
    "hires_never_worked": "Never worked",
}
ORDINALS = ("first", "second", "third", "fourth")
WHITE_EDGE = [withStroke(linewidth=2.2, foreground="white")]


@styled
def hires_by_queue_position(
    monthly: pd.DataFrame, *, arms: Sequence[str] | None = None, note: str = ""
) -> Figure:
    """Draw the share of hires by time since the last job, a panel a position, a bar an arm.

    Parameters are those of `claimant_counts`.

    Raises
    ------
    InputError
        When an arm or a position is missing, or nobody was hired in a run.
    """
    names = arm_names(monthly, arms)
    table = outcome_tables(monthly, tuple(QUEUE_LABELS))[list(QUEUE_LABELS)]
    totals = table.loc[names].groupby(level=["arm", "seed"]).sum()
    hires = totals.sum(axis=1)
    if (hires == 0).any():
        raise InputError("hires: nobody was hired in some run, so that there are no shares")
    shares = 100.0 * totals.div(hires, axis=0)
    stats = {arm: mean_interval(shares.loc[arm].to_numpy()) for arm in names}
    figure = new_figure(
        1.25 + 2 * (0.35 + 0.24 * len(names)),
        title=_queue_title({arm: stats[arm][0] for arm in names}),
        note=sample_note(
            len(shares.loc[names[0]]),
            "Bars: share of all hires in the run by time since the recruit's last job; each arm"
            " adds up to 100.",
            note=note,
        ),
    )
    grid = panels(figure, len(QUEUE_LABELS), most_across=3)
    most = max(np.nanmax([mean, high]) for mean, _, high in stats.values())
    for position, (axes, title) in enumerate(zip(grid, QUEUE_LABELS.values(), strict=True)):
        axes.set_title(title)
        bars = [tuple(float(part[position]) for part in stats[arm]) for arm in names]
        _draw_bars(axes, names, bars, most=most)
    for axes in grid[3:]:
        axes.set_xlabel("% of hires")
    return figure


def _draw_bars(
    axes: Axes, names: Sequence[str], bars: Sequence[tuple[float, ...]], *, most: float
) -> None:
    """Draw one bar an arm with whisker and figure, the first arm on top and in grey."""
    for row, (mean, low, high) in enumerate(bars):
        colour = REFERENCE if row == 0 else line_style(0)["color"]
        axes.barh(row, mean, height=0.62, color=colour)
        right = mean
        if np.isfinite(high):
            axes.plot([low, high], [row, row], color="black", linewidth=1.1)
            right = max(mean, high)
        axes.text(right + 0.02 * most, row, f"{mean:.1f}", va="center", fontsize=8)
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(len(names) - 0.45, -0.55)
    axes.set_xlim(0, 1.22 * most)
    axes.tick_params(axis="y", length=0)
    axes.grid(False, axis="y")


def _queue_title(shares: dict[str, NDArray[np.float64]]) -> str:
    """State how many in a hundred hires go to people workless for over a year."""
    position = list(QUEUE_LABELS).index("hires_workless_over_12_months")
    over_a_year = {arm: float(share[position]) for arm, share in shares.items()}
    first = next(iter(over_a_year))
    start = "Of 100 people hired,"
    if len(over_a_year) == 1:
        return f"{start} {over_a_year[first]:.1f} had been workless for over a year ({first})"
    least, most = (f"{pick(over_a_year.values()):.1f}" for pick in (min, max))
    if least == most:
        return f"{start} {least} had been workless for over a year in every arm"
    return f"{start} {least} to {most} had been workless for over a year, from arm to arm"


@styled
def beveridge_curve(
    monthly: pd.DataFrame, *, arms: Sequence[str] | None = None, note: str = ""
) -> Figure:
    """Draw the path of vacancies against unemployment, quarter by quarter, a panel an arm.

    The unemployment rate is (JSA + seeking without benefit) / (those + employed); the vacancy
    rate is vacancies / (vacancies + employed), the denominator being residents in work. Points are
    means over seeds and over the months of a quarter, since months are noisy in a small area.

    Parameters are those of `claimant_counts`.

    Raises
    ------
    InputError
        When an arm or an outcome is missing.
    """
    names = arm_names(monthly, arms)
    table = outcome_tables(monthly, ("employed", "jsa", "seeking_no_benefit", "vacancies"))
    seekers = table["jsa"] + table["seeking_no_benefit"]
    unemployed = 100.0 * seekers / (seekers + table["employed"])
    vacant = 100.0 * table["vacancies"] / (table["vacancies"] + table["employed"])
    paths = {
        arm: _by_quarter(
            pd.DataFrame({"x": by_seed(unemployed, arm).mean(), "y": by_seed(vacant, arm).mean()})
        )
        for arm in names
    }
    worst = max(names, key=lambda arm: float(paths[arm]["x"].max()))
    behind = f"Grey path: {names[0]}. " if len(names) > 1 else ""
    n_seeds = len(by_seed(vacant, names[0]))
    runs = "one run an arm" if n_seeds == 1 else f"means of {n_seeds} runs (seeds) an arm"
    figure = new_figure(
        1.0 + 2.75 * -(-len(names) // 2),
        title=_beveridge_title(paths[worst], worst),
        note=f"Simulated; {runs}. {behind}Points are quarters; dots: first quarter of a year;"
        " circle: start; square: end. Unemployed: on JSA or seeking without a benefit. Neither"
        f" scale starts at zero. {note}".strip(),
    )
    grid = panels(figure, len(names))
    for axes, arm in zip(grid, names, strict=True):
        axes.set_title(arm)
        if arm != names[0]:
            axes.plot(paths[names[0]]["x"], paths[names[0]]["y"], color=REFERENCE, linewidth=0.9)
        axes.set_xlabel("Unemployed, % of those in work or seeking")
    for axes in grid[:: min(2, len(names))]:
        axes.set_ylabel("Vacancies, % of jobs")
    _fit_limits(grid[0], pd.concat(paths.values()))
    for axes, arm in zip(grid, names, strict=True):
        _draw_path(axes, paths[arm])
    return figure


def _by_quarter(path: pd.DataFrame) -> pd.DataFrame:
    """Average months by calendar quarter; the index is the first day of each quarter."""
    quarters = pd.DatetimeIndex(path.index).to_period("Q")
    mean = path.groupby(quarters).mean()
    return mean.set_axis(pd.PeriodIndex(mean.index).to_timestamp(), axis=0)


def _fit_limits(axes: Axes, points: pd.DataFrame) -> None:
    """Leave room for the year labels around all paths."""
    for name, setter in (("x", axes.set_xlim), ("y", axes.set_ylim)):
        low, high = points[name].min(), points[name].max()
        room = 0.17 * max(high - low, 0.1)
        setter(max(low - room, 0.0), high + room)


def _draw_path(axes: Axes, path: pd.DataFrame) -> None:
    """Draw one path with its start, its end and the first quarter of each year."""
    style = line_style(0)
    axes.plot(path["x"], path["y"], **style)
    end_markers = {"markersize": 6, "markeredgecolor": style["color"], "linestyle": "none"}
    for row, marker in ((0, "o"), (-1, "s")):
        axes.plot(
            path["x"].iloc[[row]], path["y"].iloc[[row]], marker, markerfacecolor="white",
            zorder=4, **end_markers,
        )  # fmt: skip
    firsts = path[pd.DatetimeIndex(path.index).month == 1]
    axes.plot(firsts["x"], firsts["y"], "o", color=style["color"], markersize=3.5)
    for date, text, where in _year_labels(axes, path, firsts):
        axes.annotate(
            text, (path.at[date, "x"], path.at[date, "y"]), xytext=where,
            textcoords="offset points", ha="center", va="center", fontsize=7.5,
            path_effects=WHITE_EDGE, zorder=5,
        )  # fmt: skip


def _year_labels(
    axes: Axes, path: pd.DataFrame, firsts: pd.DataFrame
) -> list[tuple[pd.Timestamp, str, tuple[float, float]]]:
    """Place each year where it is furthest from the path and the labels already placed."""
    points = axes.transData.transform(path[["x", "y"]].to_numpy()) * 72.0 / axes.figure.dpi
    taken = points
    turns = np.linspace(0.0, 2.0 * np.pi, 16, endpoint=False)
    around = np.column_stack([17.0 * np.cos(turns), 10.0 * np.sin(turns)])
    labels = []
    for date in firsts.index:
        centre = points[path.index.get_loc(date)]
        choices = centre + around
        apart = (choices[:, None, :] - taken[None]) / np.array([1.7, 1.0])
        clear = np.hypot(apart[..., 0], apart[..., 1]).min(axis=1)
        best = int(np.argmax(clear))
        taken = np.vstack([taken, choices[best]])
        labels.append((date, f"{date:%Y}", tuple(around[best])))
    return labels


def _beveridge_title(path: pd.DataFrame, arm: str) -> str:
    """State the lowest and the highest unemployment with the vacancies of the time."""
    rows = sorted((int(path["x"].argmin()), int(path["x"].argmax())))
    quarters, rates = pd.DatetimeIndex(path.index).to_period("Q"), path[["x", "y"]].to_numpy()
    words = [
        f"{rates[row, 0]:.1f}% with {rates[row, 1]:.1f} vacancies per 100 jobs in the"
        f" {ORDINALS[quarters[row].quarter - 1]} quarter of {quarters[row].year}"
        for row in rows
    ]
    return f"Unemployment goes from {words[0]} to {words[1]} ({arm})"
