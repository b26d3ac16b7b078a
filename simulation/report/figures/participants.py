"""What support does for its participants as time goes by, beside published evaluations."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from simulation.categories import WEEKS_PER_YEAR
from simulation.errors import InputError, check_columns
from simulation.report.figures.style import line_style, new_figure, sample_note, styled
from simulation.report.pen import decimal
from simulation.results.participants import EVERYBODY, REVIEW, REVIEW_WEEKS

COLUMNS = ("arm", "group", "weeks", "people", "effect", "low", "high", "n_seeds")
FEWEST_LEFT = 0.2
"""Share of the participants of the first look of whom fewer are not drawn: chance has its say."""
PUBLISHED = {
    "job_search_help": ("Help with looking for work, published", "D"),
    "training": ("Training, published", "s"),
}
"""Label and marker of each kind of help in `REVIEW`."""


@styled
def effects_over_time(effects: pd.DataFrame, *, arms: Sequence[str], note: str = "") -> Figure:
    """Draw how many points more of the participants are in work, by time since they came in.

    Parameters
    ----------
    effects : DataFrame
        arm, group, weeks, people, effect, low and high (percentage points), n_seeds:
        `participant_effects`.
    arms : sequence of str
        Those without rows are left out; line styles follow this order.
    note : str
        Added to the note under the figure.

    Raises
    ------
    InputError
        When a column is missing or there is no row of everybody.
    """
    check_columns(effects, COLUMNS, what="participant_effects")
    table = effects[effects["group"].astype(str) == EVERYBODY]
    most = table.groupby("arm", observed=True)["people"].transform("max")
    table = table[table["people"] >= FEWEST_LEFT * most]
    by_arm = {str(arm): own.sort_values("weeks") for arm, own in table.groupby("arm")}
    names = [arm for arm in arms if arm in by_arm]
    if not names:
        raise InputError("participant_effects: there is no row of everybody")
    figure = new_figure(
        4.2,
        title=_title(by_arm, names),
        note=sample_note(
            int(table["n_seeds"].max()),
            "Participants who were out of work in both worlds before they came in, drawn as"
            " long as a fifth of them can still be followed.",
            note=note,
        ),
    )
    axes, key = figure.subplots(2, height_ratios=(5, 1))
    axes.axhline(0.0, color="black", linewidth=0.6)
    for number, arm in enumerate(names):
        own, style = by_arm[arm], line_style(number)
        years = own["weeks"] / WEEKS_PER_YEAR
        axes.plot(years, own["effect"], label=arm, **style)
        if own["low"].notna().all():
            low, high = own["low"].to_numpy(), own["high"].to_numpy()
            axes.fill_between(years, low, high, color=style["color"], alpha=0.08, linewidth=0)
    for kind, (label, marker) in PUBLISHED.items():
        axes.plot(
            np.array(REVIEW_WEEKS) / WEEKS_PER_YEAR, REVIEW[kind], marker, label=label,
            color="white", markeredgecolor="black", markersize=7,
        )  # fmt: skip
    axes.set_xlabel("Years since they came in")
    axes.set_ylabel("Points more in work")
    key.set_axis_off()
    key.legend(
        *axes.get_legend_handles_labels(), loc="center", frameon=False, fontsize=8.5, ncols=3
    )
    return figure


def _title(by_arm: dict[str, pd.DataFrame], names: Sequence[str]) -> str:
    """State what is left a year after coming in, or at the last look before that."""
    shown = {}
    for arm in names:
        own = by_arm[arm]
        row = own[own["weeks"] <= WEEKS_PER_YEAR].iloc[-1]
        shown[arm] = float(row["effect"]), int(row["weeks"])
    least, most = (pick(shown, key=lambda arm: shown[arm][0]) for pick in (min, max))
    weeks = shown[most][1]
    when = "a year" if weeks == WEEKS_PER_YEAR else f"{weeks} weeks"
    if f"{shown[least][0]:.1f}" == f"{shown[most][0]:.1f}":
        return f"{decimal(shown[most][0], 1)} points more of the participants are in work {when} on"
    return (
        f"{when.capitalize()} on {decimal(shown[least][0], 1)} to {decimal(shown[most][0], 1)}"
        " points more of the participants are in work, from arm to arm"
    )
