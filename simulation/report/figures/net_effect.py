"""From clients in work to the net effect on people in work, step by step."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from simulation.report.figures.estimates import Estimate, arms_with, estimate, seeds_of
from simulation.report.figures.style import COLOURS, new_figure, panels, sample_note, styled
from simulation.report.pen import about, tick

STEPS = {
    "Clients in work on the last day": ("gross",),
    "Deadweight": ("deadweight",),
    "Clients who lose a job": ("treated_losses", "losses"),
    "Substitution": ("substitution_netted", "substitution"),
    "Displacement": ("displacement_netted", "displacement"),
}
"""Gross first, each of the others is taken off; of several outcomes the first that is there."""
NET = "Net effect"
OTHER = "Others, not attributed"


class Step(NamedTuple):
    """One bar of a waterfall: from where to where, in people."""

    label: str
    start: float
    end: float


def waterfall(additionality: pd.DataFrame, arm: str) -> list[Step]:
    """Lead from gross to net for the area as a whole, each step from where the last one ended.

    Parameters
    ----------
    additionality : DataFrame
        arm, scope, outcome, mean; the outcomes of `STEPS` and net, in people.
    arm : str

    Returns
    -------
    list of Step
        The last one is the net, from nought. If the parts do not lead to the net by half a person
        or more, what is missing has a step of its own.
    """
    steps: list[Step] = []
    level = 0.0
    for label, outcomes in STEPS.items():
        each = (estimate(additionality, arm, "all", outcome) for outcome in outcomes)
        found = next((number for number in each if number is not None), None)
        if found is None:
            continue
        change = found.mean if not steps else -found.mean
        steps.append(Step(label, level, level + change))
        level += change
    net = estimate(additionality, arm, "all", "net")
    end = net.mean if net is not None else level
    if abs(end - level) >= 0.5:
        steps.append(Step(OTHER, level, end))
    return [*steps, Step(NET, 0.0, end)]


@styled
def gross_to_net(additionality: pd.DataFrame, *, arms: Sequence[str], note: str = "") -> Figure:
    """Draw how much of the clients in work is left as net effect, a panel an arm.

    Parameters
    ----------
    additionality : DataFrame
        As for `waterfall`, with low, high, n_seeds and note.
    arms : sequence of str
        Those without a gross number, such as the world without support, are left out.
    note : str
        Added to the note under the figure.

    Raises
    ------
    InputError
        When no arm has a gross and a net number.
    """
    names = arms_with(additionality, arms_with(additionality, arms, "gross"), "net")
    steps = {arm: waterfall(additionality, arm) for arm in names}
    nets = {arm: _net(additionality, arm) for arm in names}
    labels = list(dict.fromkeys(step.label for arm in names for step in steps[arm][:-1]))
    labels.append(NET)
    figure = new_figure(
        1.0 + (0.5 + 0.19 * len(labels)) * -(-len(names) // 2),
        title=_waterfall_title(nets, {arm: steps[arm][0].end for arm in names}),
        note=sample_note(
            seeds_of(additionality),
            "Dark: clients in work, and net; hatched: taken off; dotted: added. Line: interval of"
            " the net.",
            note=note,
        ),
    )
    grid = panels(figure, len(names))
    edges = [edge for arm in names for step in steps[arm] for edge in (step.start, step.end)]
    edges += [limit for net in nets.values() for limit in net[1:3] if np.isfinite(limit)]
    for axes, arm in zip(grid, names, strict=True):
        axes.set_title(arm)
        axes.set_yticks(range(len(labels)), labels)
        axes.set_ylim(len(labels) - 0.45, -0.6)
        people_axis(axes, low=min(0.0, *edges), high=max(edges), room=0.24, n_ticks=4)
        for step in steps[arm]:
            _draw_step(axes, step, labels.index(step.label), span=max(edges) - min(0.0, *edges))
        _draw_net_interval(axes, nets[arm], len(labels) - 1)
    for axes in grid[-2:]:
        axes.set_xlabel("People")
    return figure


def _net(additionality: pd.DataFrame, arm: str) -> Estimate:
    found = estimate(additionality, arm, "all", "net")
    if found is None:
        raise AssertionError(f"{arm} was chosen for having a net number")
    return found


def people_axis(axes: Axes, *, low: float, high: float, room: float, n_ticks: int) -> None:
    """Scale in people with nought marked and room for figures."""
    span = max(high - low, 1.0)
    axes.set_xlim(low - (room * span if low < 0 else 0.0), high + room * span)
    axes.axvline(0.0, color="#333333", linewidth=0.9)
    axes.xaxis.set_major_formatter(tick)
    axes.locator_params(axis="x", nbins=n_ticks)
    axes.tick_params(axis="y", length=0)
    axes.grid(False, axis="y")


def _draw_step(axes: Axes, step: Step, row: int, *, span: float) -> None:
    """Draw one bar with its figure and a thin line down to where the next one begins."""
    change = step.end - step.start
    is_whole = step.start == 0.0
    style: dict[str, Any] = {"color": COLOURS[0] if step.label == NET else "#3a3a3a"}
    if not is_whole:
        hatch = "/////" if change <= 0 else "....."
        style = {"facecolor": "#f3ded0", "edgecolor": COLOURS[1], "hatch": hatch}
    axes.barh(row, change, left=step.start, height=0.66, linewidth=0.6, **style)
    if step.label == NET:
        return
    axes.plot([step.end, step.end], [row + 0.33, row + 0.67], color="#777777", linewidth=0.7)
    right = max(step.start, step.end)
    text = about(change, signed=not is_whole)
    axes.text(right + 0.015 * span, row, text, va="center", fontsize=7.5)


def _draw_net_interval(axes: Axes, net: Estimate, row: int) -> None:
    """Draw the interval of the net on its bar and write both beside it."""
    right, text = (
        max(net.mean, 0.0),
        net.alone(signed=True),
    )
    if net.has_interval:
        axes.plot([net.low, net.high], [row, row], color="black", linewidth=1.3, zorder=3)
        for limit in (net.low, net.high):
            axes.plot([limit, limit], [row - 0.2, row + 0.2], color="black", linewidth=1.3)
        right = max(right, net.high)
    low, high = axes.get_xlim()
    axes.text(right + 0.015 * (high - low), row, text, va="center", fontsize=7.5, fontweight="bold")


def _waterfall_title(nets: dict[str, Estimate], gross: dict[str, float]) -> str:
    """State how many of a hundred clients in work there would not be without support."""
    clear = {arm: net for arm, net in nets.items() if net.low > 0}
    if not clear:
        if all(not net.has_interval for net in nets.values()):
            return "From clients in work to the net effect, one pair of runs an arm"
        return "No arm's net effect on people in work can be told from nothing"
    shares = {arm: 100.0 * net.mean / gross[arm] for arm, net in clear.items()}
    least, most = min(shares, key=lambda a: shares[a]), max(shares, key=lambda a: shares[a])
    rest = len(nets) - len(clear)
    tail = f"; in {rest} of {len(nets)} arms none can be shown" if rest else ""
    if least == most:
        return (
            f"Of 100 clients in work on the last day about {shares[most]:.0f} are more than without"
            f" support under {most}{tail}"
        )
    return (
        f"Of 100 clients in work on the last day between {shares[least]:.0f} ({least}) and"
        f" {shares[most]:.0f} ({most}) are more than without support{tail}"
    )
