"""Trust of partners over time, a panel a funder, a line an arm."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from simulation.errors import InputError, check_columns
from simulation.report.figures.style import (
    line_style,
    new_figure,
    panels,
    styled,
    year_axis,
)

PARTNER_COLUMNS = ("arm", "date", "funder", "trust")
SURVEY = pd.Timestamp("2010-09-01"), (3.54 - 1.0) / 4.0
"""When partners of the pathfinders were asked, and their trust: mean score of the six statements of
engagement, of 1 to 5, as a share (Green and Adam 2011; docs/decisions/partnership.md)."""
MARKERS = ("o", "s", "^", "D", "v", "P")
NOT_SEEN = 0.005
"""Lines of trust everywhere closer than this share one line."""


@styled
def trust_over_time(partners: pd.DataFrame, *, arms: Sequence[str], note: str = "") -> Figure:
    """Draw each funder's trust in the partnership, from 0 to 1, month by month.

    Parameters
    ----------
    partners : DataFrame
        arm, date, funder, trust (0 to 1): mean over seeds.
    arms : sequence of str
        Those without rows are left out; line styles follow this order.
    note : str
        Added to the note under the figure.

    Raises
    ------
    InputError
        When a column is missing or there is no row.
    """
    check_columns(partners, PARTNER_COLUMNS, what="partners")
    if partners.empty:
        raise InputError("partners: there is no row")
    table = partners.astype({"arm": str, "funder": str}).assign(
        date=pd.to_datetime(partners["date"])
    )
    wide = table.pivot_table(index="date", columns=["arm", "funder"], values="trust")
    names = [arm for arm in arms if arm in wide.columns.get_level_values("arm")]
    funders = list(dict.fromkeys(table["funder"]))
    groups = _alike(wide, names)
    figure = new_figure(
        1.0 + 1.6 * -(-(len(funders) + 1) // 3),
        title=_trust_title(wide, names),
        note="Simulated; means over runs (seeds). 0: none, 1: full trust in the partnership."
        f"{_asked(wide)} {note}".strip(),
    )
    *grid, key = panels(figure, len(funders) + 1, most_across=3)
    for axes, funder in zip(grid, funders, strict=True):
        axes.set_title(funder[:1].upper() + funder[1:])
        axes.set_ylim(0, 1)
        year_axis(axes, pd.DatetimeIndex(wide.index))
        axes.tick_params(axis="x", labelsize=7.5)
        for number, arms_alike in enumerate(groups):
            if (arms_alike[0], funder) in wide.columns:
                axes.plot(wide.index, wide[(arms_alike[0], funder)], **_style(number, len(wide)))
        if _asked(wide):
            axes.plot(*SURVEY, "*", color="white", markersize=11, markeredgecolor="black", zorder=5)
    for axes in grid[::3]:
        axes.set_ylabel("Trust", labelpad=7)
    handles = [
        Line2D([], [], label=_label(group, names), **(_style(number, 1) | {"markevery": None}))
        for number, group in enumerate(groups)
    ]
    key.set_axis_off()
    key.legend(handles=handles, loc="center", frameon=False, fontsize=8.5, handlelength=3.2)
    return figure


def _alike(wide: pd.DataFrame, names: Sequence[str]) -> list[list[str]]:
    """Put arms together whose lines nobody could tell apart."""
    groups: list[list[str]] = []
    for arm in names:
        for group in groups:
            same = wide[arm].columns.equals(wide[group[0]].columns)
            if same and float((wide[arm] - wide[group[0]]).abs().max().max()) < NOT_SEEN:
                group.append(arm)
                break
        else:
            groups.append([arm])
    return groups


def _label(group: Sequence[str], names: Sequence[str]) -> str:
    """Name arms that share a line."""
    return "every arm" if len(group) == len(names) > 1 else "\n".join(group)


def _asked(wide: pd.DataFrame) -> str:
    """Say what the star is, where the time drawn has the survey in it."""
    if not wide.index[0] <= SURVEY[0] <= wide.index[-1]:
        return ""
    return f" Star: partners of all pathfinders, asked in late summer 2010 ({SURVEY[1]:.2f})."


def _style(number: int, n_dates: int) -> dict[str, Any]:
    """Colour, dash and a marker now and then, at other months for each arm."""
    stride = max(n_dates // 4, 1)
    return line_style(number) | {
        "marker": MARKERS[number % len(MARKERS)],
        "markersize": 4,
        "linewidth": 1.2,
        "markevery": (number * stride // 6, stride),
    }


def _trust_title(wide: pd.DataFrame, names: Sequence[str]) -> str:
    """State where the mean trust of the funders ends highest and lowest."""
    ends = {arm: float(wide[arm].iloc[-1].mean()) for arm in names}
    least, most = min(ends, key=lambda a: ends[a]), max(ends, key=lambda a: ends[a])
    if len(ends) == 1:
        return f"Trust, the mean of the funders, ends at {ends[most]:.2f} ({most})"
    if f"{ends[least]:.2f}" == f"{ends[most]:.2f}":
        return f"Trust, the mean of the funders, ends at {ends[most]:.2f} in every arm"
    return (
        f"Trust, the mean of the funders, ends highest under {most} ({ends[most]:.2f}) and lowest"
        f" under {least} ({ends[least]:.2f})"
    )
