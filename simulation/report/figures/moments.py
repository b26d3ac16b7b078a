"""A run beside statistics of the time: flows, vacancies, durations, survival, districts, wards.

The model is a line in colour, data are dots and, where they have one, bars of what is still right.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from simulation.report.figures.style import (
    COLOURS,
    REFERENCE,
    line_style,
    new_figure,
    styled,
    year_axis,
)
from simulation.report.pen import number

MODEL, DATA = COLOURS[0], "black"
NOTE = "Line: the model, one run. Dots: statistics of the time, most of the UK."
STILL_CLAIMING = {13: 48.0, 26: 25.0, 52: 10.0}
"""Per cent of new claims for JSA: Hansard 2 Feb 2009, DWP tables."""


def _dates(periods: pd.Series) -> pd.DatetimeIndex:
    """Return the middle of each quarter."""
    return pd.PeriodIndex(periods, freq="Q").to_timestamp() + pd.Timedelta(days=45)


@styled
def moments_over_time(
    series: pd.DataFrame,
    labels: Mapping[str, str],
    *,
    title: str,
    region: Mapping[str, float] | None = None,
    across: int = 2,
) -> Figure:
    """Draw some moments quarter by quarter, a panel each, the model's line among dots of data.

    Parameters
    ----------
    series : DataFrame
        moment, period (a quarter as text), model, data; not a number where there is none.
    labels : mapping of str to str
        Moments to draw, and the title of each panel.
    title : str
    region : mapping of str to float, optional
        A level by moment, drawn as a dashed line.
    across : int
        Panels side by side.
    """
    down = -(-len(labels) // across)
    region = region or {}
    words = " Dashed: flows that keep the area's stocks as they are." if region else ""
    figure = new_figure(0.9 + 1.75 * down, title=title, note=NOTE + words)
    grid = figure.subplots(down, across, squeeze=False).ravel()
    for spare in grid[len(labels) :]:
        spare.set_visible(False)
    for axes, (name, label) in zip(grid, labels.items(), strict=False):
        rows = series[series["moment"] == name]
        dates = _dates(rows["period"])
        axes.set_title(label)
        axes.plot(dates, rows["model"], **line_style(0))
        axes.plot(dates, rows["data"], "o", color=DATA, markersize=3)
        if name in region:
            axes.axhline(region[name], color=REFERENCE, linestyle="--", linewidth=1.0)
        seen = [rows["model"].max(), rows["data"].max(), region.get(name, np.nan)]
        if np.isfinite(seen).any():
            axes.set_ylim(0, 1.1 * np.nanmax(seen))
        if len(dates):
            year_axis(axes, pd.DatetimeIndex(dates))
    return figure


@styled
def beveridge_paths(series: pd.DataFrame) -> Figure:
    """Draw vacancies against unemployment, the path of the model and that of the data.

    Parameters as of `moments_over_time`; moments `unemployment_rate` and `open_vacancies`.
    """
    wide = series.pivot(index="period", columns="moment", values=["model", "data"]).sort_index()
    figure = new_figure(
        3.9,
        title="Vacancies against unemployment, quarter by quarter",
        note="Each path begins at its circle and ends at its square. The data are of the UK, where"
        " unemployment is lower than in the area: compare the slope and how far each goes.",
    )
    axes = figure.subplots()
    for source, colour, label in (("model", MODEL, "model"), ("data", DATA, "UK")):
        path = wide[source][["unemployment_rate", "open_vacancies"]].dropna()
        if path.empty:
            continue
        x, y = path["unemployment_rate"], path["open_vacancies"]
        axes.plot(x, y, "-o", color=colour, markersize=2.5, linewidth=1.2)
        axes.plot(x.iloc[[0]], y.iloc[[0]], "o", color=colour, markersize=7, fillstyle="none")
        axes.plot(x.iloc[[-1]], y.iloc[[-1]], "s", color=colour, markersize=7, fillstyle="none")
        axes.annotate(
            label, (x.iloc[0], y.iloc[0]), xytext=(7, 5), textcoords="offset points", color=colour
        )
    axes.set_xlabel("Unemployed, % of those in work or unemployed")
    axes.set_ylabel("Open vacancies per 100 jobs")
    axes.set_ylim(bottom=0.0)
    return figure


@styled
def survival_of_claims(survival: pd.DataFrame) -> Figure:
    """Draw the share of new claims for JSA that go on, by weeks.

    Parameters
    ----------
    survival : DataFrame
        Index weeks, a column of per cent for each group of claims, `all` first.
    """
    figure = new_figure(
        3.6,
        title="How long new claims for JSA last",
        note="Lines: claims begun in 2007 in the model, all and by age. Dots: 48, 25 and 10 per"
        " cent still claim after 3, 6 and 12 months (Hansard, 2 February 2009).",
    )
    axes = figure.subplots()
    for row, name in enumerate(survival):
        style = line_style(row) | {"linewidth": 2.0 if row == 0 else 1.0}
        axes.plot(survival.index, survival[name], label=str(name), **style)
    axes.plot(list(STILL_CLAIMING), list(STILL_CLAIMING.values()), "o", color=DATA, markersize=5)
    axes.set_xlabel("Weeks since the claim began")
    axes.set_ylabel("Still claiming, %")
    axes.set_ylim(0, 100)
    axes.legend(frameon=False)
    return figure


@styled
def districts_in_intervals(rows: pd.DataFrame) -> Figure:
    """Draw the model's unemployment of districts in the intervals of the data, a panel a period.

    Parameters
    ----------
    rows : DataFrame
        district, period, data, tolerance, model.
    """
    periods = list(dict.fromkeys(rows["period"]))
    districts = list(dict.fromkeys(rows["district"]))
    inside = (rows["model"] - rows["data"]).abs() <= rows["tolerance"]
    found = [
        f"{int(inside[rows['period'] == each].sum())} of"
        f" {int((rows['period'] == each).sum())} in {each}"
        for each in periods
    ]
    figure = new_figure(
        1.2 + 0.24 * len(districts),
        title=f"Districts inside their interval: {', '.join(found)}",
        note="Unemployed, % of those in work or unemployed. Bars: model-based estimates of the"
        " Office for National Statistics with their 95% intervals. Diamonds: the model, filled"
        " where inside.",
    )
    grid = figure.subplots(1, len(periods), sharey=True, sharex=True, squeeze=False).ravel()
    for axes, period in zip(grid, periods, strict=True):
        part = rows[rows["period"] == period].set_index("district").reindex(districts)
        heights = np.arange(len(districts))
        axes.set_title(period)
        axes.errorbar(
            part["data"], heights, xerr=part["tolerance"], fmt="|", color=DATA, elinewidth=1.2
        )
        is_in = (part["model"] - part["data"]).abs() <= part["tolerance"]
        for chosen, fill in ((is_in, "full"), (~is_in, "none")):
            axes.plot(
                part["model"][chosen], heights[chosen], "D", color=MODEL, fillstyle=fill,
                markersize=5,
            )  # fmt: skip
        axes.set_yticks(heights, districts)
        axes.grid(False, axis="y")
    most = np.nanmax([rows["data"] + rows["tolerance"], rows["model"]])
    grid[0].set_xlim(0, 1.05 * most)
    grid[0].invert_yaxis()
    return figure


@styled
def wards_side_by_side(wards: pd.DataFrame) -> Figure:
    """Draw claimants per 100 residents of each ward, the model against the data.

    Parameters
    ----------
    wards : DataFrame
        model, data (per cent) and priority (bool), a row a ward.
    """
    known = wards.dropna(subset=["model", "data"])
    alike = known["model"].corr(known["data"])
    figure = new_figure(
        4.2,
        title=f"Wards: claimants per 100 residents, correlation {number(alike)}",
        note="A dot a ward, August 2008. The pattern of wards is an input of the model, spread by"
        " these very rates, so this shows that it lasts, not that it is found.",
    )
    axes = figure.subplots()
    for chosen, colour, label in (
        (~known["priority"], REFERENCE, "other wards"),
        (known["priority"], MODEL, "priority wards"),
    ):
        part = known[chosen.astype(bool)]
        axes.plot(part["data"], part["model"], "o", color=colour, markersize=3.5, label=label)
    most = float(np.nanmax(known[["model", "data"]].to_numpy())) if len(known) else 1.0
    axes.plot([0, most], [0, most], color="black", linewidth=0.7)
    axes.set_xlabel("Statistics, %")
    axes.set_ylabel("Model, %")
    axes.set_xlim(0, 1.05 * most)
    axes.set_ylim(0, 1.05 * most)
    axes.legend(frameon=False)
    return figure


@styled
def distances(table: pd.DataFrame, *, names: Sequence[str]) -> Figure:
    """Draw how far the model is from the data, in tolerances, a bar a moment.

    Parameters
    ----------
    table : DataFrame
        distance, a row a moment, as it should stand from above.
    names : sequence of str
        What each is called.
    """
    values = table["distance"].to_numpy(np.float64)
    figure = new_figure(
        1.0 + 0.155 * len(values),
        title=f"{int((np.abs(values) <= 1).sum())} of {len(values)} moments that may be fitted are"
        " within their tolerance",
        note="Model less data, in tolerances; shaded: within. Beyond 6 a bar is cut off.",
    )
    axes: Axes = figure.subplots()
    heights = np.arange(len(values))
    axes.axvspan(-1, 1, color="#e8eef5")
    colours = [MODEL if abs(value) <= 1 else COLOURS[1] for value in values]
    axes.barh(heights, np.clip(values, -6, 6), color=colours, height=0.7)
    axes.set_yticks(heights, names, fontsize=6.5)
    axes.set_ylim(len(values) - 0.4, -0.6)
    axes.set_xlim(-6, 6)
    axes.grid(False, axis="y")
    return figure
