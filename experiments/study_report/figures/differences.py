"""The main figure of a grid: paired differences from the baseline, by policy and future."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.study_report.figures.marks import (
    draw_interval,
    may_be_chance,
    row_height,
)
from experiments.study_report.figures.names import Names, rows_of, wrap
from experiments.study_report.figures.tornado import EFFECT_NEEDS, PLAIN_NAMES, effect_factors
from simulation.errors import InputError, check_columns
from simulation.report.figures.style import (
    COLOURS,
    new_figure,
    styled,
)
from simulation.report.pen import listed, signed_tick, value_text

MOST_FUTURES, MOST_POLICIES = 48, 7
"""What a page holds; of more, so many are drawn, evenly chosen."""
PANEL_LETTERS = 65
"""Letters of bold print that all panels together have room for across."""
MOST_LETTERS = 150
"""Of a title; a longer one counts differences instead of naming policies."""


def difference_rows(effects: pd.DataFrame, outcome: str) -> pd.DataFrame:
    """Keep the rows that differ from their baseline: those whose difference is a number.

    Raises
    ------
    InputError
        When a column lacks or no row is left.
    """
    check_columns(effects, EFFECT_NEEDS, what="effects")
    rows = rows_of(effects, outcome, what="effects")
    rows = rows[np.isfinite(rows["difference"].astype(np.float64))]
    if rows.empty:
        raise InputError(f"effects: no difference of {outcome} from the baseline is given")
    return rows


def future_factors(rows: pd.DataFrame, policies: str) -> list[str]:
    """List the factors that make up a future: all that vary, the policy apart."""
    return [
        name
        for name in effect_factors(rows)
        if name != policies and rows[name].astype(str).nunique() > 1
    ]


def future_names(rows: pd.DataFrame, factors: Sequence[str]) -> pd.Series:
    """Name the future of each row by the levels of its factors."""
    if not factors:
        return pd.Series("the only future", index=rows.index)
    words = rows[list(factors)].map(value_text)
    return words.agg(" / ".join, axis=1)


def is_clear(rows: pd.DataFrame) -> pd.Series:
    """Whether the interval of each difference leaves zero out."""
    return (rows["difference_low"] > 0) | (rows["difference_high"] < 0)


@styled
def differences(
    effects: pd.DataFrame, *, outcome: str, policies: str, names: Names = PLAIN_NAMES,
    note: str = "",
) -> Figure:  # fmt: skip
    """Draw the difference from the baseline with its interval: a panel a policy, a row a future.

    Parameters
    ----------
    effects : DataFrame
        One column a factor and `EFFECT_NEEDS`.
    outcome : str
    policies : str
        The factor whose levels are the panels.
    names : Names
    note : str
        Added to the note under the figure.

    Raises
    ------
    InputError
        When there is no such factor or no difference.
    """
    check_columns(effects, (policies,), what="effects")
    rows = difference_rows(effects, outcome)
    factors = future_factors(rows, policies)
    rows = rows.assign(future=future_names(rows, factors))
    futures, n_futures = evenly_chosen(list(dict.fromkeys(rows["future"])), MOST_FUTURES)
    shown, n_shown = evenly_chosen(
        list(dict.fromkeys(rows[policies].map(value_text))), MOST_POLICIES
    )
    fewer = left_out_words(len(futures), n_futures, len(shown), n_shown)
    figure = new_figure(
        1.75 + row_height(len(futures), most=0.26) * max(len(futures), 2),
        title=differences_title(rows, outcome, policies, names),
        note=f"Each mark: mean difference from {baseline_words(effects, outcome, policies)} in the"
        " same future and with the same seeds; line: 95% interval. Filled: the interval leaves zero"
        f" out; hollow: cannot be told from nothing. {fewer}{note}".strip(),
    )
    grid = np.atleast_1d(figure.subplots(1, len(shown), sharex=True, sharey=True))
    for axes, policy in zip(grid, shown, strict=True):
        axes.set_title(wrap(policy, max(10, PANEL_LETTERS // len(shown))), fontsize=8)
        own = rows[rows[policies].map(value_text) == policy].set_index("future")
        for y, future in enumerate(futures):
            if future in own.index:
                _draw_difference(axes, own.loc[[future]], y)
        axes.axvline(0.0, color="#333333", linewidth=0.9)
        axes.tick_params(axis="y", length=0)
        axes.grid(False, axis="y")
        axes.xaxis.set_major_formatter(signed_tick)
        axes.locator_params(axis="x", nbins=4 if len(shown) > 3 else 5)
        axes.tick_params(axis="x", labelsize=7)
    grid[0].set_yticks(range(len(futures)), _sparse(futures), fontsize=7)
    grid[0].set_ylim(len(futures) - 0.4, -0.6)
    grid[0].margins(x=0.08)
    if not rows[["difference", "difference_low", "difference_high"]].fillna(0.0).any(axis=None):
        grid[0].set_xlim(-1.0, 1.0)
    _future_lines(grid, futures)
    grid[0].set_ylabel(wrap(" / ".join(names.label(f) for f in factors), 60), fontsize=7.5)
    middle = grid[len(shown) // 2] if len(shown) % 2 else grid[0]
    middle.set_xlabel(f"Difference: {names.with_unit(outcome, difference=True)}",
                      loc="center" if len(shown) % 2 else "left")  # fmt: skip
    return figure


def baseline_words(effects: pd.DataFrame, outcome: str, policies: str) -> str:
    """Name the baseline: the one policy that has no difference anywhere, if there is one."""
    rows = rows_of(effects, outcome, what="effects")
    known = rows["difference"].astype(np.float64).map(np.isfinite)
    without = known.groupby(rows[policies].map(value_text), sort=False).any()
    names = list(without.index[~without])
    return f"the baseline ({names[0]})" if len(names) == 1 else "the baseline"


def evenly_chosen(items: list[str], most: int) -> tuple[list[str], int]:
    """Keep at most so many, evenly chosen, and count all."""
    if len(items) <= most:
        return items, len(items)
    chosen = np.linspace(0, len(items) - 1, most).round().astype(int)
    return [items[at] for at in chosen], len(items)


def left_out_words(n_rows: int, n_futures: int, n_panels: int, n_policies: int) -> str:
    """Say how many futures and policies are drawn, where not all are."""
    parts = []
    if n_rows < n_futures:
        parts.append(f"{n_rows} of {n_futures} futures are drawn, evenly chosen.")
    if n_panels < n_policies:
        parts.append(f"{n_panels} of {n_policies} policies are drawn.")
    return " ".join([*parts, ""])


def _draw_difference(axes: Axes, row: pd.DataFrame, y: int) -> None:
    """Draw one difference; several of the same future, as in a broken grid, are all drawn."""
    for (_, each), clear in zip(row.iterrows(), is_clear(row), strict=True):
        draw_interval(axes, each["difference_low"], each["difference_high"], y)
        axes.plot(each["difference"], y, "o", color=COLOURS[0], markersize=4.4, zorder=4,
                  markerfacecolor=COLOURS[0] if clear else "white", gid="difference")  # fmt: skip


def _sparse(futures: list[str]) -> list[str]:
    """Leave out the leading levels a future shares with the one above it."""
    texts, before = [], [""]
    for future in futures:
        parts = future.split(" / ")
        same = 0
        while same < len(parts) - 1 and parts[: same + 1] == before[: same + 1]:
            same += 1
        texts.append(" / ".join(parts[same:]))
        before = parts
    return texts


def _future_lines(grid: np.ndarray, futures: list[str]) -> None:
    """Part the futures by a fine line wherever the first factor changes."""
    heads = [future.split(" / ")[0] for future in futures]
    if len(set(heads)) in (1, len(heads)):
        return
    for at in range(1, len(heads)):
        if heads[at] != heads[at - 1]:
            for axes in grid:
                axes.axhline(at - 0.5, color="#c9c9c9", linewidth=0.8)


def differences_title(rows: pd.DataFrame, outcome: str, policies: str, names: Names) -> str:
    """State under which policies there is more or less, or that nothing stands out of chance."""
    clear = rows[is_clear(rows)]
    label = names.label(outcome)
    if clear.empty:
        return f"No difference in {names.inline(outcome)} can be told from nothing"
    if may_be_chance(rows, "difference", "difference_low", "difference_high"):
        return f"{label}: {len(clear)} of {len(rows)} differences stand out, as chance may have it"
    told = [f"{answer} under {who}" for who, answer in _by_policy(rows, policies).items()]
    text = f"{label}: {'; '.join(told)}"
    if told and len(text) <= MOST_LETTERS:
        return text
    ups = int((clear["difference"] > 0).sum())
    parts = [
        f"{count} clearly {side}"
        for count, side in ((ups, "above"), (len(clear) - ups, "below"))
        if count
    ]
    return f"{label}: of {len(rows)} differences, {' and '.join(parts)} zero"


def _by_policy(rows: pd.DataFrame, policies: str) -> dict[str, str]:
    """Say of each policy in how many futures there is clearly more or less, the alike together."""
    said: dict[str, list[str]] = {}
    for policy, own in rows.groupby(rows[policies].map(value_text), sort=False):
        if may_be_chance(own, "difference", "difference_low", "difference_high"):
            continue
        clear = own[is_clear(own)]
        ups = int((clear["difference"] > 0).sum())
        parts = [
            f"{word}{_share_of(count, len(own))}"
            for word, count in (("higher", ups), ("lower", len(clear) - ups))
            if count
        ]
        if parts:
            said.setdefault(" and ".join(parts), []).append(str(policy))
    return {listed(who): answer for answer, who in said.items()}


def _share_of(count: int, n_futures: int) -> str:
    """Say in how many futures, of several."""
    if n_futures == 1:
        return ""
    return f" in all {count} futures" if count == n_futures else f" in {count} of {n_futures}"
