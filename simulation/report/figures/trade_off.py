"""What one choice gains in work beside what becomes of the worst wards and the long-term workless.

Which choices are worth a thought: those that no other beats on both counts.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from simulation.errors import InputError
from simulation.report.figures.style import COLOURS, new_figure, panels, sample_note, styled
from simulation.report.pen import signed_tick
from simulation.results.verdict import LESS, MORE, MORE_THAN_SUPPORT, NOT_RANKED

PRICES = {
    "ni153_end": "NI 153 at the end, points",
    "long_term_workless_share_mean": "Long-term share, mean of the run, points",
}
"""Outcomes of which less is better, each beside years of work."""
PANEL = np.array([230.0, 190.0])
"""Points across and up of the part of a panel that intervals fill, about."""
BESIDE = 9.0
"""Points from a dot to its number."""
AROUND = np.exp(0.25j * np.pi * np.arange(1, 9))
"""Directions a number can stand in, as complex numbers, upper right first."""


def undominated(gains: np.ndarray, prices: np.ndarray) -> np.ndarray:
    """Return which choices no other beats: more gained at no higher price, or a lower price.

    Parameters
    ----------
    gains, prices : ndarray of float64, shape (n,)

    Returns
    -------
    ndarray of bool, shape (n,)
    """
    as_good = (gains[None, :] >= gains[:, None]) & (prices[None, :] <= prices[:, None])
    better = (gains[None, :] > gains[:, None]) | (prices[None, :] < prices[:, None])
    return np.asarray(~(as_good & better).any(axis=1))


def choices(verdict: pd.DataFrame, arms: Sequence[str]) -> list[str]:
    """Return the baseline and the arms that differ from it in support alone; none without verdict.

    Parameters
    ----------
    verdict : DataFrame
        As in `docs/results.md`.
    arms : sequence of str
        Baseline first.
    """
    if verdict.empty:
        return []
    others = (verdict["against"] == arms[0]) & (verdict["method"] == MORE_THAN_SUPPORT)
    return [arm for arm in arms if arm not in set(verdict.loc[others, "arm"])]


@styled
def trade_off(
    verdict: pd.DataFrame, summary: pd.DataFrame, *, arms: Sequence[str], note: str = ""
) -> Figure:
    """Draw net years of work against each of `PRICES`, a dot with intervals an arm.

    Parameters
    ----------
    verdict : DataFrame
        As in `docs/results.md`; rows of all residents against the baseline are read.
    summary : DataFrame
        The differences of `PRICES` from the baseline, with limits.
    arms : sequence of str
        Baseline first.
    note : str
        Added to the note under the figure.

    Raises
    ------
    InputError
        When fewer than two arms have both.
    """
    of_all = verdict[(verdict["set"] == "all") & (verdict["outcome"] == "work_years")]
    years = of_all[of_all["against"] == arms[0]].set_index("arm")[["estimate", "low", "high"]]
    drawn = {
        outcome: _beside(years, summary[summary["outcome"] == outcome], arms[1:])
        for outcome in PRICES
    }
    drawn = {outcome: table for outcome, table in drawn.items() if len(table) > 1}
    if not drawn:
        raise InputError("verdict: fewer than two arms have years of work and a share beside them")
    numbers = {arm: place for place, arm in enumerate(arms[1:], start=1)}
    named = ", ".join(f"{place} {arm}" for arm, place in numbers.items())
    figure = new_figure(
        3.6,
        title=_title(of_all, drawn),
        note=sample_note(
            int(verdict["n_seeds"].max()),
            f"{named}, each against {arms[0]}. A full dot is a choice that no other beats on both"
            " counts, by their means; where intervals overlap their order is not sure.",
            note=note,
        ),
    )
    grid = panels(figure, len(drawn), share_x=False)
    for axes, (outcome, table) in zip(grid, drawn.items(), strict=True):
        _draw_panel(axes, table, numbers)
        axes.set_xlabel(PRICES[outcome])
    grid[0].set_ylabel("Years of work, net")
    return figure


def _beside(years: pd.DataFrame, rows: pd.DataFrame, arms: Sequence[str]) -> pd.DataFrame:
    """Return gain and price of each arm with their limits, those that have both."""
    names = {"difference": "price", "difference_low": "price_low", "difference_high": "price_high"}
    price = rows.set_index("arm")[list(names)].rename(columns=names)
    both = years.join(price, how="inner").reindex([arm for arm in arms if arm in years.index])
    return both.dropna(subset=["estimate", "price"])


def _draw_panel(axes: Axes, table: pd.DataFrame, numbers: dict[str, int]) -> None:
    is_best = undominated(table["estimate"].to_numpy(), table["price"].to_numpy())
    sides = _sides(table)
    for (name, row), best, side in zip(table.iterrows(), is_best, sides, strict=True):
        face = COLOURS[0] if best else "white"
        axes.plot([row["price_low"], row["price_high"]], [row["estimate"]] * 2, color="#cccccc")
        axes.plot([row["price"]] * 2, [row["low"], row["high"]], color="#cccccc")
        axes.plot(
            row["price"], row["estimate"], "o", markersize=5, color=COLOURS[0], mfc=face, zorder=3
        )
        axes.annotate(
            str(numbers[str(name)]), (row["price"], row["estimate"]), xytext=tuple(side),
            textcoords="offset points", color=COLOURS[0], fontsize=8, ha="center",
            va="center_baseline", zorder=4,
        )  # fmt: skip
    if table["low"].min() < 0.0 < table["high"].max():
        axes.axhline(0.0, color="#888888", linewidth=0.6, zorder=0)
    if table["price_low"].min() < 0.0 < table["price_high"].max():
        axes.axvline(0.0, color="#888888", linewidth=0.6, zorder=0)
    axes.xaxis.set_major_formatter(signed_tick)
    axes.yaxis.set_major_formatter(signed_tick)
    axes.locator_params(nbins=5)


def _sides(table: pd.DataFrame) -> NDArray[np.float64]:
    """Return in points where each dot's number stands, (n, 2): far from other dots and numbers."""
    width = np.array(
        [
            np.ptp(table[["price_low", "price_high"]].to_numpy()),
            np.ptp(table[["low", "high"]].to_numpy()),
        ]
    )
    share = table[["price", "estimate"]].to_numpy(np.float64) / np.where(width > 0, width, 1.0)
    dots = (PANEL * share) @ np.array([1.0, 1.0j])
    taken, sides = list(dots), []
    for dot in dots:
        room = np.abs((dot + BESIDE * AROUND)[:, None] - np.array(taken)).min(axis=1)
        side = BESIDE * AROUND[int(np.argmax(room.round(6)))]
        taken.append(dot + side)
        sides.append([side.real, side.imag])
    return np.array(sides)


def _title(verdict: pd.DataFrame, drawn: dict[str, pd.DataFrame]) -> str:
    """Say which ranked arm brings most years of work if it is sure, and which costs least."""
    table = next(iter(drawn.values()))
    pairs = verdict[verdict["arm"].isin(table.index) & verdict["against"].isin(table.index)]
    aside, pairs = (pairs[(pairs["order"] == NOT_RANKED) == each] for each in (True, False))
    ranked = {*pairs["arm"], *pairs["against"]}
    set_aside = {*aside["arm"], *aside["against"]} - ranked
    table = table[~table.index.isin(set_aside)] if ranked else table
    most, least = table["estimate"].idxmax(), table["price"].idxmin()
    ahead = (pairs["arm"] == most) & (pairs["order"] == MORE)
    ahead |= (pairs["against"] == most) & (pairs["order"] == LESS)
    is_sure = ahead.sum() == len(table) - 1
    if not is_sure:
        return (
            "No arm is sure to bring most years of work; beside them, what becomes of the worst off"
        )
    if table["price"].min() >= 0.0:
        rest = "none lowers NI 153"
    else:
        rest = f"{'it' if most == least else least} lowers NI 153 most"
    return f"{most} brings most years of work; by the means, {rest}"
