"""What letting one agent stand for many people does to the first day, in words."""

from __future__ import annotations

import math

import numpy as np

from simulation.config import Config
from simulation.inputs.area import Area
from simulation.labour.population import MARGINS, agents_by_cell

WARNED_LOSS = 0.03
"""Share by which an area total may be off before a run warns of it."""
TWO_SIDED = 1.96


def margin_losses(area: Area, people_per_agent: int) -> dict[str, float]:
    """Return by what share each area total of `wards.csv` is off on the first day, by column.

    Returns
    -------
    dict of str to float
        Made over asked less one; columns of which nobody is asked for are left out.
    """
    agents = agents_by_cell(area, people_per_agent)
    losses: dict[str, float] = {}
    for axis, columns in enumerate(MARGINS, start=1):
        others = tuple(each for each in range(agents.ndim) if each != axis)
        made = people_per_agent * agents.sum(axis=others)
        asked = area.wards[list(columns)].sum().to_numpy(np.float64)
        losses |= {
            column: made[place] / asked[place] - 1.0
            for place, column in enumerate(columns)
            if asked[place] > 0
        }
    return losses


def thinning_text(area: Area, config: Config) -> str:
    """Say what thinning does to area totals, vacancies and hires; empty at full size.

    Vacancies of the first day are rounded job by job, each by its own luck: their number has at
    most the variance of a Poisson count. Hires of a month are nearly as many.
    """
    size = config.people_per_agent
    if size == 1:
        return ""
    losses = margin_losses(area, size)
    worst = max(losses, key=lambda column: abs(losses[column]))
    loss = abs(losses[worst])
    unfilled = config.employers.unfilled_share
    n_vacancies = sum(unfilled) / len(unfilled) * int(area.wards["employed"].sum())
    noise = TWO_SIDED * math.sqrt(size / max(n_vacancies, 1.0))
    text = (
        f"Thinned to one agent for {size} people: of the area's totals on the first day (the"
        f" columns of wards.csv) {worst} is furthest off, by {_per_cent(loss)};"
        f" the {n_vacancies:,.0f} vacancies of the first day may be {_per_cent(noise)} off"
        " by chance in a run (95 in 100), hires of a month about as much."
    )
    if loss > WARNED_LOSS:
        text += (
            f" WARNING: {worst} is off by more than {_per_cent(WARNED_LOSS)} in every run;"
            f" choose people_per_agent below {size}."
        )
    return text


def _per_cent(share: float) -> str:
    """Write a share with two figures."""
    return f"{np.format_float_positional(100 * share, 2, fractional=False, trim='-')} per cent"
