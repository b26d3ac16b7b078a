"""Which policy is best over many futures: how often, and what each may cost in regret."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from experiments.study_report.figures.marks import (
    HATCHED,
    SOLID,
    draw_interval,
    label_factors,
    row_height,
)
from experiments.study_report.figures.names import Names, rows_of, wrap
from experiments.study_report.figures.tornado import PLAIN_NAMES
from simulation.errors import InputError, check_columns
from simulation.report.figures.style import COLOURS, new_figure, styled
from simulation.report.pen import listed, measured, tick

SURE = 0.95
"""Share of draws of luck from which on a policy is said to be the one least to regret."""
DECISION_NEEDS = (
    "policy", "outcome", "n_futures", "best", "best_or_tied", "mean_regret", "largest_regret",
)  # fmt: skip


def compared_policies(decisions: pd.DataFrame, outcome: str) -> pd.DataFrame:
    """Select the policies that could be compared on an outcome, least largest regret first.

    Raises
    ------
    InputError
        When a column lacks or no policy could be compared.
    """
    check_columns(decisions, DECISION_NEEDS, what="decisions")
    rows = rows_of(decisions, outcome, what="decisions")
    rows = rows[np.isfinite(rows["largest_regret"].astype(np.float64))].copy()
    if rows.empty:
        raise InputError(f"decisions: no policy could be compared on {outcome}")
    return rows.sort_values(["largest_regret", "mean_regret"], kind="stable")


@styled
def regret(
    decisions: pd.DataFrame, *, outcome: str, names: Names = PLAIN_NAMES, note: str = ""
) -> Figure:
    """Draw in how many futures each policy is best, and its mean and largest regret.

    Parameters
    ----------
    decisions : DataFrame
        One row a policy: at least `DECISION_NEEDS`; limits and floors of regret where known.
    outcome : str
    names : Names
    note : str
        Added to the note under the figure.

    Raises
    ------
    InputError
        When no policy could be compared.
    """
    rows = compared_policies(decisions, outcome)
    n_futures = int(rows["n_futures"].iloc[0])
    figure = new_figure(
        1.9 + row_height(len(rows), most=0.5) * len(rows),
        title=regret_title(rows, outcome, names),
        note="Regret: how much worse than the best policy in the same future. Hatched on the left:"
        " futures where the policy is not clearly worse than the best. On the right, dot: mean"
        " regret; square: largest, with 95% intervals; grey marks: what luck alone would show if"
        f" all policies did alike. {note}".strip(),
    )
    left, right = figure.subplots(1, 2, sharey=True)
    label_factors(left, list(rows["policy"].astype(str)), names=names, width=20)
    for y, (_, row) in enumerate(rows.iterrows()):
        _draw_best(left, row, y)
        _draw_regret(right, row, y)
    left.set_xlim(0, n_futures * 1.04)
    left.xaxis.get_major_locator().set_params(integer=True)
    left.set_xlabel(f"Futures, of {n_futures}")
    right.set_xlabel(wrap(f"Regret, {names.with_unit(outcome, difference=True)}", 40))
    right.xaxis.set_major_formatter(tick)
    right.set_xlim(left=0.0, right=None if rows["largest_regret"].any() else 1.0)
    right.margins(x=0.08)
    right.tick_params(axis="y", length=0)
    right.grid(False, axis="y")
    _draw_keys(left, right)
    return figure


def _draw_keys(left: Axes, right: Axes) -> None:
    """Say above each panel what its marks are."""
    left.legend(
        handles=[
            Patch(**SOLID, label="best"), Patch(**HATCHED, label="best or not told apart from it"),
        ],
        fontsize=7, frameon=False, loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=2,
        borderaxespad=0.1, columnspacing=1.0,
    )  # fmt: skip
    marks = [("o", "mean regret"), ("s", "largest regret")]
    right.legend(
        handles=[
            Line2D([], [], marker=mark, color=COLOURS[0], linestyle="", markersize=5, label=label,
                   markerfacecolor="white" if mark == "o" else COLOURS[0])
            for mark, label in marks
        ],
        fontsize=7, frameon=False, loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=2,
        borderaxespad=0.1, columnspacing=1.0,
    )  # fmt: skip


def _draw_best(axes: Axes, row: pd.Series, y: int) -> None:
    """Draw the futures where a policy is best in front of those where it may be."""
    if row["best_or_tied"] > 0:
        axes.barh(y, row["best_or_tied"], height=0.62, linewidth=0.8, **HATCHED)
    axes.barh(y, row["best"], height=0.3, linewidth=0, **SOLID)


def _draw_regret(axes: Axes, row: pd.Series, y: int) -> None:
    """Draw mean and largest regret with what is known of their noise."""
    for name, mark, shift, face in (
        ("mean_regret", "o", -0.17, "white"),
        ("largest_regret", "s", 0.17, COLOURS[0]),
    ):
        at = y + shift
        low, high = (row.get(f"{name}_{end}", np.nan) for end in ("low", "high"))
        draw_interval(axes, low, high, at)
        floor = row.get(f"{name}_floor", np.nan)
        if np.isfinite(floor):
            axes.plot([floor] * 2, [at - 0.14, at + 0.14], color="#8a8a8a", linewidth=2.2,
                      solid_capstyle="butt", gid="floor")  # fmt: skip
        axes.plot(row[name], at, mark, color=COLOURS[0], markerfacecolor=face, markersize=5,
                  zorder=4, gid=name)  # fmt: skip


def least_regret(rows: pd.DataFrame) -> tuple[pd.DataFrame, float]:
    """Find the policies whose largest regret is least, and in what share of draws of luck it is.

    Parameters
    ----------
    rows : DataFrame
        As `compared_policies` gives them.

    Returns
    -------
    DataFrame
        Their rows.
    float
        From 0 to 1; NaN where it is not known.
    """
    first = rows[rows["largest_regret"] == rows["largest_regret"].min()]
    if "minimax_share" not in first:
        return first, float("nan")
    return first, float(first["minimax_share"].astype(np.float64).sum(skipna=False))


def regret_title(rows: pd.DataFrame, outcome: str, names: Names) -> str:
    """State whose largest regret is least, ties said, and where other seeds might say another."""
    first, sure = least_regret(rows)
    who = listed([names.label(str(each)) for each in first["policy"]])
    if len(first) == len(rows) > 1:
        return f"{names.label(outcome)}: nothing to choose between the policies"
    if sure < SURE:
        return f"{names.label(outcome)}: which policy is least to regret is not certain; here {who}"
    row = first.iloc[0]
    low, high = (row.get(f"largest_regret_{end}", np.nan) for end in ("low", "high"))
    size = measured(row["largest_regret"], low, high, unit=names.difference_unit(outcome))
    return f"{names.label(outcome)}: least to regret at worst is {who}, {size}"
