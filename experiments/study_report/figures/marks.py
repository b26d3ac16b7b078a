"""Marks the figures of a study share: intervals, hollow where flagged, floors, rows by factor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from scipy import stats

from experiments.study_report.figures.names import Names, rows_of, wrap
from simulation.errors import check_columns
from simulation.report.figures.style import COLOURS, new_figure
from simulation.report.pen import percent, tick

INDEX_NEEDS = ("outcome", "index", "factor", "value", "low", "high")
RANKED_BY = ("ST", "mu_star", "delta", "pawn", "S1", "mu")
"""Factors are put in the order of the first of these that a study has."""
INDEX_WORDS = {
    "S1": "first order",
    "ST": "total",
    "S2": "second order",
    "mu": "mean effect",
    "mu_star": "mean size of the effect",
    "sigma": "spread of the effect",
    "delta": "delta",
    "pawn": "PAWN",
}
INDEX_AXES = {
    "S1": "Share of variance, the factor alone",
    "ST": "Share of variance, with all interplay",
    "mu_star": "Mean size of the effect, for a whole range",
    "mu": "Mean effect, for a whole range",
    "sigma": "Spread of the effect",
    "delta": "Delta: how far the distribution shifts (0 to 1)",
    "pawn": "PAWN: how far the distribution shifts (0 to 1)",
}
SHARES = ("S1", "ST", "S2")
WIDEST = 0.8
"""Width of an interval of a share of variance beyond which no figure is told."""
SOLID: dict[str, Any] = {"facecolor": COLOURS[0], "edgecolor": COLOURS[0]}
HATCHED: dict[str, Any] = {"facecolor": "#f3ded0", "edgecolor": COLOURS[1], "hatch": "/////"}
CHANGES_NOTHING = "changes nothing"
DENIALS = ("within noise", "negative", CHANGES_NOTHING, "no interaction")
"""How flags begin that leave nothing to be said of a factor."""
AXIS_WIDTH = 58
"""Letters of an axis label on one line beside long names of factors."""
MOST_HEIGHT = 8.4
"""Inches of rows that a page holds."""
FLOOR_WORDS = "what a factor without any effect would show, chance left in."
FLOOR_NOTE = f"Grey mark: {FLOOR_WORDS}"
HOLLOW_NOTE = "Hollow: flagged, see the table before relying on it."


def index_table(indices: pd.DataFrame, outcome: str, index: str) -> pd.DataFrame:
    """Select one index of one outcome, the largest first, NaN last.

    Parameters
    ----------
    indices : DataFrame
        At least `INDEX_NEEDS`; flag and floor are filled in where they lack.
    outcome, index : str

    Returns
    -------
    DataFrame
        factor, value, low, high, flag, floor and what else there was; empty if there is none.
    """
    check_columns(indices, INDEX_NEEDS, what="indices")
    rows = rows_of(indices, outcome, what="indices")
    rows = rows[rows["index"].astype(str) == index].copy()
    rows["flag"] = rows["flag"].fillna("").astype(str) if "flag" in rows else ""
    rows["floor"] = rows["floor"].astype(np.float64) if "floor" in rows else np.nan
    return rows.sort_values("value", ascending=False, kind="stable", na_position="last")


def ranking_index(indices: pd.DataFrame, outcome: str) -> str | None:
    """Find the index that factors are ranked by; None if the study has none."""
    if indices.empty:
        return None
    found = set(rows_of(indices, outcome, what="indices")["index"].astype(str))
    return next((index for index in RANKED_BY if index in found), None)


def row_height(n_rows: int, *, most: float) -> float:
    """Inches of one row, so that all fit on a page."""
    return min(most, MOST_HEIGHT / max(n_rows, 1))


def label_factors(axes: Axes, factors: Sequence[str], *, names: Names, width: int = 30) -> None:
    """Name one row a factor, the first at the top, small where there are many."""
    size = 8.0 if len(factors) <= 16 else 7.0
    wide = width if len(factors) <= 12 else 2 * width
    labels = [names.wrapped(factor, wide) for factor in factors]
    axes.set_yticks(range(len(factors)), labels, fontsize=size, linespacing=0.95)
    axes.set_ylim(len(factors) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)
    axes.grid(False, axis="y")


def bars_figure(
    factors: Sequence[str], *, height: float, room: float, title: str, note: str, axis: str,
    names: Names,
) -> tuple[Figure, Axes]:  # fmt: skip
    """Make a figure with a row a factor and a line at zero, ready for bars.

    Parameters
    ----------
    factors : sequence of str
        From the top.
    height, room : float
        Inches of a row at most, and of all that is not rows.
    title, note, axis : str
        Text above, below and along the horizontal axis.
    names : Names
    """
    inches = room + row_height(len(factors), most=height) * len(factors)
    figure = new_figure(inches, title=title, note=note)
    axes = figure.subplots()
    label_factors(axes, factors, names=names)
    axes.axvline(0.0, color="#333333", linewidth=0.9)
    axes.set_xlabel(wrap(axis, AXIS_WIDTH))
    axes.xaxis.set_major_formatter(tick)
    return figure, axes


def draw_bar(axes: Axes, row: pd.Series, y: float, *, height: float, look: dict[str, Any]) -> None:
    """Draw one index as a bar from zero with its interval and floor; hollow if flagged.

    An index that is not a number has no bar, and says so.
    """
    if not np.isfinite(row["value"]):
        axes.text(0.0, y, " not given", va="center", fontsize=6.5, color="#555555")
        return
    if row["value"] == 0 and row["flag"] == CHANGES_NOTHING:
        axes.text(0.0, y, " changes nothing", va="center", fontsize=6.5, color="#555555")
    if row["flag"]:
        look = {"facecolor": "white", "edgecolor": look["edgecolor"]}
    axes.barh(y, row["value"], height=height, linewidth=0.9, **look)
    draw_interval(axes, row["low"], row["high"], y)
    if np.isfinite(row["floor"]):
        axes.plot(
            [row["floor"]] * 2, [y - 0.5 * height, y + 0.5 * height], color="#8a8a8a",
            linewidth=2.2, solid_capstyle="butt", zorder=4, gid="floor",
        )  # fmt: skip


def draw_interval(axes: Axes, low: float, high: float, y: float, *, cap: float = 5.0) -> None:
    """Draw a horizontal interval with end marks of so many points; nothing without limits."""
    if not (np.isfinite(low) and np.isfinite(high)):
        return
    axes.plot(
        [low, high], [y, y], color="black", linewidth=1.1, zorder=3, gid="interval", marker="|",
        markersize=cap, markeredgewidth=1.1,
    )  # fmt: skip


def standing(table: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Select the indices that stand out of the noise, and of all those that may be the largest.

    Parameters
    ----------
    table : DataFrame
        One index of one outcome, the largest first.

    Returns
    -------
    tuple of DataFrame
        The second are the first of those that stand, and all whose interval reaches that of it,
        whether or not they stand.
    """
    clear = table[[clear_of_noise(row) for _, row in table.iterrows()]]
    if clear.empty:
        return clear, clear
    first, others = clear.iloc[:1], table.drop(clear.index[0])
    others = others[others["flag"] != CHANGES_NOTHING]
    return clear, pd.concat([first, others[others["high"] >= first["low"].iloc[0]]])


def may_be_chance(rows: pd.DataFrame, value: str, low: str, high: str) -> bool:
    """Whether no more intervals leave zero out than chance alone would have do so.

    True where none does. Else the count is held against that of as many differences that are
    nothing, each seen once in twenty (95th percentile of the binomial distribution); a difference
    that would stand with an interval twice as wide is never put down to chance.

    Parameters
    ----------
    rows : DataFrame
        A difference a row.
    value, low, high : str
        Its columns, float64; limits of 95 per cent.
    """
    seen = rows[(rows[low] > 0) | (rows[high] < 0)]
    far = seen[value].abs() > seen[high] - seen[low]
    return bool(not far.any() and len(seen) <= by_chance(len(rows)))


def by_chance(n_intervals: int) -> int:
    """Count the intervals that may leave zero out by chance: seldom more, where all is nothing."""
    return int(stats.binom.ppf(0.95, n_intervals, 0.05))


def bar_notes(table: pd.DataFrame, note: str) -> str:
    """Say what indices rest on and what hollow bars and grey marks are, then `note`."""
    parts = [sample_words(table)]
    if (table["flag"] != "").any():
        parts.append(HOLLOW_NOTE)
    if np.isfinite(table["floor"]).any():
        parts.append(FLOOR_NOTE)
    return " ".join([*parts, note]).strip()


def sample_words(rows: pd.DataFrame) -> str:
    """Say what the indices rest on, as far as the table tells."""
    parts = []
    for column, word in (("samples", "samples"), ("n_seeds", "seeds a point")):
        if column in rows and rows[column].notna().any():
            parts.append(f"{int(rows[column].max()):,} {word}")
    if "emulator_error" in rows and rows["emulator_error"].notna().any():
        error = percent(float(rows["emulator_error"].max()))
        parts.append(f"by an emulator that misses {error} of the variance")
    return f"Lines: 95% intervals ({', '.join(parts)})." if parts else "Lines: 95% intervals."


def is_denied(flag: str) -> bool:
    """Whether a flag says that there is nothing to be seen; others only ask for care."""
    return any(part.strip().startswith(DENIALS) for part in str(flag).split(";"))


def denied(flags: pd.Series) -> pd.Series:
    """Whether each flag says that there is nothing to be seen; bool."""
    return pd.Series([is_denied(flag) for flag in flags], index=flags.index, dtype=bool)


def clear_of_noise(row: pd.Series) -> bool:
    """Whether an index stands: its whole interval above zero, and no flag denies it.

    A mean size is above zero whatever its interval is; there the flag alone tells. The floor is
    that of the plain index; whoever works out an index flags it if it falls short.
    """
    least = row["value"] if row.get("index") == "mu_star" else row["low"]
    return bool(np.isfinite(least) and least > 0.0) and not is_denied(row["flag"])


def is_of_one_seed(flag: str) -> bool:
    """Whether chance could not be taken out of an index."""
    return "one seed" in flag


def is_vague(row: pd.Series | Mapping[Any, Any]) -> bool:
    """Whether a share of variance is known so little that its figures would say nothing."""
    is_share = row.get("index") in SHARES
    return bool(is_share and not row["high"] - row["low"] <= WIDEST)
