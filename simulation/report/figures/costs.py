"""What a job costs, and what an additional one costs, with intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from simulation.errors import InputError
from simulation.report.figures.estimates import Estimate, estimate, seeds_of
from simulation.report.figures.style import COLOURS, new_figure, panels, sample_note, styled
from simulation.report.pen import number, tick, with_unit

COST_LABELS = {
    "cost_per_job_gbp": "Per job a client started",
    "cost_per_sustained_job_gbp": "Per sustained job of a client",
    "cost_per_additional_job_year_gbp": "Per additional year of work",
    "cost_per_additional_job_gbp": "Per extra person in work at the end",
    "cost_per_additional_sustained_job_gbp": "Per extra person in lasting work then",
}
NOT_BOUNDED = "not bounded"
BEYOND = 2.5
"""Times the largest mean cost at which a panel ends if an interval goes on."""


@styled
def cost_per_job(additionality: pd.DataFrame, *, arms: Sequence[str], note: str = "") -> Figure:
    """Draw cost per job, per sustained job and per additional job with intervals.

    Parameters
    ----------
    additionality : DataFrame
        Rows of scope "all" with the outcomes of `COST_LABELS`, GBP. A limit that is not finite is
        one that the runs do not bound, drawn as an arrow.
    arms : sequence of str
        Those without costs are left out.
    note : str
        Added to the note under the figure.

    Raises
    ------
    InputError
        When no arm has a cost.
    """
    found = {
        outcome: {arm: estimate(additionality, arm, "all", outcome) for arm in arms}
        for outcome in COST_LABELS
    }
    names = [arm for arm in arms if any(found[outcome][arm] for outcome in COST_LABELS)]
    outcomes = [outcome for outcome in COST_LABELS if any(found[outcome].values())]
    if not names:
        raise InputError("additionality: no arm has a cost per job for the area as a whole")
    figure = new_figure(
        1.05 + (0.5 + 0.26 * len(names)) * -(-len(outcomes) // 2),
        title=_cost_title(found, names),
        note=sample_note(
            seeds_of(additionality),
            "Sustained, lasting: still in work after 26 weeks; training of people in work is no"
            " part of what a job started or sustained costs, and arms with interventions have none,"
            " whose money is for others than clients too. Scales differ between panels. Dashed"
            " arrow: the runs set no upper limit, since the net effect may be nothing. Triangle:"
            " the interval goes on beyond the panel.",
            note=note,
        ),
    )
    grid = panels(figure, len(outcomes), share_x=False)
    for axes, outcome in zip(grid, outcomes, strict=True):
        axes.set_title(COST_LABELS[outcome])
        _draw_costs(axes, {arm: found[outcome][arm] for arm in names})
    return figure


def _draw_costs(axes: Axes, costs: dict[str, Estimate | None]) -> None:
    """Draw a dot and an interval an arm; what is not bounded runs to the edge as an arrow."""
    known = {arm: cost for arm, cost in costs.items() if cost is not None and is_bounded(cost)}
    means = [cost.mean for cost in known.values()]
    means += [cost.low for cost in costs.values() if cost is not None and 0 < cost.low < np.inf]
    highs = [cost.high for cost in known.values() if np.isfinite(cost.high)]
    # One wide interval must not press all others into a corner.
    most = max([*means, min(max(highs, default=1.0), BEYOND * max(means, default=1.0))])
    axes.set_xlim(0.0, 1.75 * most)
    axes.set_yticks(range(len(costs)), list(costs))
    axes.set_ylim(len(costs) - 0.45, -0.55)
    axes.tick_params(axis="y", length=0)
    axes.grid(False, axis="y")
    axes.locator_params(axis="x", nbins=3)
    axes.xaxis.set_major_formatter(lambda x, _: with_unit(tick(x), "GBP"))
    for row, cost in enumerate(costs.values()):
        right, text = 0.0, "not known"
        if cost is not None:
            right, text = _draw_cost(axes, cost, row, most=most)
        axes.text(right + 0.03 * most, row, text, va="center", fontsize=7.5)


def _draw_cost(axes: Axes, cost: Estimate, row: int, *, most: float) -> tuple[float, str]:
    """Draw one cost and give where its figure stands and what it says."""
    colour = COLOURS[0]
    if not is_bounded(cost):
        start = cost.low if 0 < cost.low < np.inf else 0.0
        end = max(start + 0.12 * most, 0.55 * most)
        axes.annotate(
            "", (end, row), (start, row),
            arrowprops={"arrowstyle": "->", "color": colour, "linestyle": "--", "shrinkA": 0},
        )  # fmt: skip
        return end, NOT_BOUNDED if start == 0.0 else f"{with_unit(number(start), 'GBP')} or more"
    right = min(cost.high, most) if cost.has_interval else cost.mean
    if cost.has_interval:
        axes.plot([max(cost.low, 0.0), right], [row, row], color=colour, linewidth=1.4)
        if cost.high > most:
            axes.plot(right, row, ">", markersize=5, color=colour)
    axes.plot(cost.mean, row, "o", markersize=5, color=colour)
    return right, with_unit(cost.alone("GBP"), "GBP")


def is_bounded(cost: Estimate) -> bool:
    """Whether a cost has an upper limit, or rests on one seed and so has a mean alone."""
    if NOT_BOUNDED in cost.note or cost.mean <= 0:
        return False
    return cost.n_seeds == 1 or cost.has_interval


def _cost_title(found: dict[str, dict[str, Estimate | None]], names: Sequence[str]) -> str:
    """State the cost of a job started and whether that of an additional year of work is known."""
    costs = found["cost_per_job_gbp"]
    means = {arm: cost for arm in names if (cost := costs[arm]) is not None}
    additional = found["cost_per_additional_job_year_gbp"]
    bounded = {
        arm: cost for arm in names if (cost := additional[arm]) is not None and is_bounded(cost)
    }
    start = f"A job a client started costs {_cost_range(means)}" if means else "What help costs"
    if not any(additional.values()):
        return start
    if not bounded:
        return f"{start}; what an additional year of work costs is not bounded in any arm"
    return f"{start}; an additional year of work, where bounded, {_cost_range(bounded)}"


def _cost_range(costs: dict[str, Estimate]) -> str:
    """Give the least and the most of some costs, as precisely as they are known."""
    means = {arm: cost.mean for arm, cost in costs.items()}
    return cost_range(means, {arm: cost.alone("GBP") for arm, cost in costs.items()})


def cost_range(means: Mapping[str, float], written: Mapping[str, str]) -> str:
    """Give the least and the most of some means, as they are written, with their arms."""
    least, most = min(means, key=lambda a: means[a]), max(means, key=lambda a: means[a])
    low, high = (with_unit(written[arm], "GBP") for arm in (least, most))
    return f"about {low}" if low == high else f"{low} ({least}) to {high} ({most})"
