"""Whom the net effect reaches: by client group and by kind of ward."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from simulation.categories import CLIENT_GROUPS
from simulation.report.figures.estimates import Estimate, arms_with, estimate, seeds_of
from simulation.report.figures.net_effect import people_axis
from simulation.report.figures.style import COLOURS, new_figure, panels, sample_note, styled
from simulation.report.pen import listed

GROUP_LABELS = {
    "jsa_under_6_months": "JSA under 6 months",
    "jsa_6_to_12_months": "JSA 6 to 12 months",
    "jsa_over_12_months": "JSA over 12 months",
    "ib_esa": "IB/ESA",
    "lone_parent": "Lone parents",
    "other_benefit": "Other benefit",
    "no_benefit": "No benefit",
    "employed": "In work at the start",
}


@styled
def who_is_helped(additionality: pd.DataFrame, *, arms: Sequence[str], note: str = "") -> Figure:
    """Draw the net effect by client group and by kind of ward, a panel an arm.

    Parameters are those of `gross_to_net`; the rows are the scopes "group:NAME", "priority:1" and
    "priority:0".

    Raises
    ------
    InputError
        When no arm has a net number.
    """
    names = arms_with(additionality, arms, "net")
    scopes = helped_scopes(additionality)
    found = {arm: {s: estimate(additionality, arm, s, "net") for s in scopes} for arm in names}
    present = [net for arm in names for net in found[arm].values() if net is not None]
    across = min(3, len(names))
    figure = new_figure(
        1.05 + (0.42 + 0.19 * len(scopes)) * -(-len(names) // across),
        title=_helped_title(found, scopes),
        note=sample_note(
            seeds_of(additionality),
            "Net effect: people in work more than without support, by where and on what benefit"
            " they started. Filled: can be told from nothing; hollow: cannot.",
            note=note,
        ),
    )
    grid = panels(figure, len(names), most_across=3)
    edges = [value for net in present for value in net[:3] if np.isfinite(value)]
    for axes, arm in zip(grid, names, strict=True):
        axes.set_title(arm)
        axes.set_yticks(range(len(scopes)), list(scopes.values()))
        axes.set_ylim(len(scopes) - 0.4, -0.6)
        people_axis(axes, low=min(0.0, *edges), high=max(0.0, *edges), room=0.06, n_ticks=3)
        n_groups = sum(scope.startswith("group:") for scope in scopes)
        if 0 < n_groups < len(scopes):
            axes.axhline(n_groups - 0.5, color="#777777", linewidth=0.6, linestyle=(0, (2, 2)))
        for row, net in enumerate(found[arm].values()):
            if net is not None:
                draw_dot(axes, net, row)
    for axes in grid[-across:]:
        axes.set_xlabel("People in work, net")
    return figure


def helped_scopes(additionality: pd.DataFrame) -> dict[str, str]:
    """Scopes that say who is helped and are in the table, with their words, groups first."""
    present = list(dict.fromkeys(additionality.loc[additionality["outcome"] == "net", "scope"]))
    known = {f"group:{name}": GROUP_LABELS[name] for name in CLIENT_GROUPS}
    known |= {
        scope: scope.removeprefix("group:").replace("_", " ").capitalize()
        for scope in present
        if scope.startswith("group:") and scope not in known
    }
    known |= {"priority:1": "Priority wards", "priority:0": "Other wards"}
    return {scope: label for scope, label in known.items() if scope in present}


def draw_dot(axes: Axes, net: Estimate, row: int) -> None:
    """Draw a mean with its interval; filled if the interval leaves nought out."""
    colour = COLOURS[0]
    if net.has_interval:
        axes.plot([net.low, net.high], [row, row], color=colour, linewidth=1.4)
    axes.plot(
        net.mean, row, "o", markersize=5, markeredgecolor=colour, zorder=3,
        markerfacecolor=colour if net.is_clear else "white",
    )  # fmt: skip


def _helped_title(found: dict[str, dict[str, Estimate | None]], scopes: dict[str, str]) -> str:
    """Name the groups that gain, and those that lose, in most arms, as can be told from nothing."""
    clear = {
        (arm, scope): net
        for arm, nets in found.items()
        for scope, net in nets.items()
        if net is not None and net.is_clear and scope.startswith("group:")
    }
    if not clear:
        return "For no group can a net effect be told from nothing"
    gains, losses = (
        Counter(scope for (_, scope), net in clear.items() if sign * net.mean > 0)
        for sign in (1, -1)
    )
    if not gains:
        return "No group gains by more than chance; some lose, as the filled dots show"
    title = f"Looked at one by one, more are in work among {_most_often(gains, scopes, len(found))}"
    if losses:
        title += f"; fewer among {_most_often(losses, scopes, len(found))}"
    return title


def _most_often(counted: Counter[str], scopes: dict[str, str], n_arms: int) -> str:
    """Name the scopes counted most often, in the order of `scopes`, and in how many arms."""
    most = max(counted.values())
    named = listed([label for scope, label in scopes.items() if counted[scope] == most])
    return f"{named} (in {'every arm' if most == n_arms > 1 else f'{most} of {n_arms} arms'})"
