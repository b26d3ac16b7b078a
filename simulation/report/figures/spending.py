"""Where the money is and where it goes: by stream of funding and by year."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from simulation.errors import InputError, check_columns
from simulation.report.figures.costs import cost_range
from simulation.report.figures.style import COLOURS, new_figure, panels, styled
from simulation.report.labels import ACRONYMS, stream_label
from simulation.report.pen import POUND, number

BEYOND = 4.0
"""Times the largest payment at which a panel ends: a budget beyond it is told in figures."""
SPEND_COLUMNS = ("arm", "stream", "year", "budget_gbp", "committed_gbp", "paid_gbp")


@styled
def spend_by_stream(spend: pd.DataFrame, *, arms: Sequence[str], note: str = "") -> Figure:
    """Draw what was paid out of each stream over the whole run, a panel an arm.

    Parameters
    ----------
    spend : DataFrame
        Columns `SPEND_COLUMNS`; GBP, mean over seeds.
    arms : sequence of str
        Those without rows are left out.
    note : str
        Added to the note under the figure.

    Raises
    ------
    InputError
        When a column is missing or nothing was spent in any arm.
    """
    table = _spend_table(spend)[["budget_gbp", "paid_gbp"]].groupby(level=["arm", "stream"]).sum()
    pounds, unit = _unit(table["paid_gbp"])
    table = table / pounds
    most = _end(table, "paid_gbp")
    names = [arm for arm in arms if arm in table.index.get_level_values("arm")]
    streams = list(table.groupby("stream")["budget_gbp"].max().sort_values(ascending=False).index)
    across = min(3, len(names))
    figure = new_figure(
        1.0 + (0.45 + 0.2 * len(streams)) * -(-len(names) // across),
        title=_spend_title({arm: float(table.loc[arm]["paid_gbp"].sum()) for arm in names}),
        note=f"Simulated; means over runs (seeds), whole run. Dark bar and figure: paid,"
        f" {unit}; light bar: budget.{_cut(table, most)}{_spelt_out(streams)} {note}".strip(),
    )
    grid = panels(figure, len(names), most_across=3)
    for axes, arm in zip(grid, names, strict=True):
        rows = table.loc[arm].reindex(streams).fillna(0.0)
        axes.set_title(arm)
        places = np.arange(len(streams))
        axes.barh(places, rows["budget_gbp"].clip(upper=most), height=0.7, facecolor="#e6e6e6",
                  edgecolor="#8a8a8a", linewidth=0.5)  # fmt: skip
        axes.barh(places, rows["paid_gbp"], height=0.36, color=COLOURS[0])
        for place, (_, row) in zip(places, rows.iterrows(), strict=True):
            right = min(max(row["budget_gbp"], row["paid_gbp"]), most) + 0.02 * most
            text = number(row["paid_gbp"], figures=2)
            if row["budget_gbp"] > most:
                text += f" of {number(row['budget_gbp'], figures=2)}"
            axes.text(right, place, text, va="center", fontsize=7.5)
        axes.set_yticks(places, [_capital(stream_label(stream)) for stream in streams])
        axes.set_ylim(len(streams) - 0.4, -0.6)
        axes.set_xlim(0, 1.4 * most)
        axes.locator_params(axis="x", nbins=4)
        axes.tick_params(axis="y", length=0)
        axes.grid(False, axis="y")
    for axes in grid[-across:]:
        axes.set_xlabel(unit)
    return figure


def _unit(paid: pd.Series) -> tuple[float, str]:
    """Return the pounds that payments are told in, and what they are called."""
    return (1e6, f"{POUND} million") if paid.max() >= 1e6 else (1e3, f"{POUND} thousand")


def _end(table: pd.DataFrame, *columns: str) -> float:
    """Return where a panel ends: at the largest budget, or well beyond what the columns have."""
    most = float(table.to_numpy().max())
    shown = float(table[list(columns)].to_numpy().max())
    return min(most, BEYOND * shown) if shown > 0.0 else most


def _cut(table: pd.DataFrame, most: float) -> str:
    """Say what becomes of budgets that go on beyond their panel, where there are any."""
    is_cut = table["budget_gbp"].max() > most
    return " A budget beyond its panel is told in figures." if is_cut else ""


def _capital(words: str) -> str:
    """Begin words with a capital letter and leave the others as they are."""
    return words[:1].upper() + words[1:]


def _spelt_out(streams: Sequence[str]) -> str:
    """Say what the acronyms in the names of streams stand for."""
    words = {word for stream in streams for word in stream.split("_")}
    spelt = [f"{word.upper()}: {name}" for word, name in ACRONYMS.items() if word in words]
    return f" {'; '.join(spelt)}." if spelt else ""


def _spend_table(spend: pd.DataFrame) -> pd.DataFrame:
    """Money by arm, stream and year.

    Raises
    ------
    InputError
        When a column is missing or there is no money at all.
    """
    check_columns(spend, SPEND_COLUMNS, what="spend")
    table = spend.astype({"arm": str, "stream": str}).groupby(["arm", "stream", "year"])
    money = table[["budget_gbp", "committed_gbp", "paid_gbp"]].sum()
    if not (money.to_numpy() > 0).any():
        raise InputError("spend: no arm has any money")
    return money


def _spend_title(paid: dict[str, float]) -> str:
    """State the least and the most paid, in pounds."""
    written = {arm: number(1e6 * value) for arm, value in paid.items()}
    return f"Paid over the whole run: {cost_range(paid, written)}"


@styled
def money_by_year(spend: pd.DataFrame, *, arms: Sequence[str], note: str = "") -> Figure:
    """Draw budget, contracts and payments of all streams year by year, a panel an arm.

    Parameters are those of `spend_by_stream`.

    Raises
    ------
    InputError
        As `spend_by_stream`.
    """
    table = _spend_table(spend).groupby(level=["arm", "year"]).sum()
    pounds, unit = _unit(table["paid_gbp"])
    table = table / pounds
    most = _end(table, "paid_gbp", "committed_gbp")
    names = [arm for arm in arms if arm in table.index.get_level_values("arm")]
    years = sorted(table.index.get_level_values("year").unique())
    paid = table["paid_gbp"].groupby("year").mean()
    lapses = " Below nought: more lapsed than was let." if table["committed_gbp"].min() < 0 else ""
    figure = new_figure(
        1.0 + 1.6 * -(-(len(names) + 1) // 3),
        title=f"Most is paid out in {paid.idxmax()}"
        + (", the mean of all arms" if len(names) > 1 else f" ({names[0]})"),
        note="Simulated; means over runs (seeds), all streams together, by year; the first and the"
        f" last year hold only the run's months.{_cut(table, most)}{lapses} {note}".rstrip(),
    )
    *grid, key = panels(figure, len(names) + 1, most_across=3)
    styles = {
        "budget_gbp": ("Budget", {"facecolor": "white", "edgecolor": "#444444"}),
        "committed_gbp": ("In contracts", {"facecolor": "#e3c8b4", "edgecolor": COLOURS[1],
                                           "hatch": "/////"}),
        "paid_gbp": ("Paid", {"facecolor": COLOURS[0], "edgecolor": COLOURS[0]}),
    }  # fmt: skip
    places = np.arange(len(years))
    for axes, arm in zip(grid, names, strict=True):
        rows = table.loc[arm].reindex(years).fillna(0.0)
        axes.set_title(arm)
        for middle, budget in zip(places.tolist(), rows["budget_gbp"], strict=True):
            if budget > most:
                text = number(budget, figures=2)
                axes.text(middle - 0.27, 1.02 * most, text, ha="center", fontsize=6)
        for place, (column, (label, style)) in enumerate(styles.items()):
            axes.bar(places + 0.27 * (place - 1), rows[column].clip(upper=most), width=0.25,
                     linewidth=0.6, label=label, **style)  # fmt: skip
        axes.set_xticks(places, [str(year) for year in years])
        axes.grid(False, axis="x")
    for axes in grid[::3]:
        axes.set_ylabel(unit)
    key.set_axis_off()
    key.legend(*grid[0].get_legend_handles_labels(), loc="center", frameon=False, fontsize=8.5)
    return figure
