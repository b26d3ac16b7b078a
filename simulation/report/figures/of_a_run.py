"""The figures one run can be drawn as, by the names they have in a report."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from matplotlib.figure import Figure

from simulation.errors import InputError, did_you_mean
from simulation.report.figures.journey import journey_sankey
from simulation.report.figures.partners import trust_over_time
from simulation.report.figures.places import place_maps
from simulation.report.figures.series import claimant_counts, employment_gap
from simulation.report.figures.spending import money_by_year, spend_by_stream
from simulation.report.figures.vacancies import beveridge_curve, hires_by_queue_position
from simulation.results.measured import measure

if TYPE_CHECKING:
    from simulation.finished.run import Run

OF_MONTHS: dict[str, Callable[..., Figure]] = {
    "claimant_counts": claimant_counts,
    "employment_gap": employment_gap,
    "hires_by_queue_position": hires_by_queue_position,
    "beveridge_curve": beveridge_curve,
}
"""Drawn from months, of one arm or of several."""
OF_SUPPORT: dict[str, tuple[str, Callable[..., Figure]]] = {
    "journey": ("journey", lambda table, wards, arm: journey_sankey(table, arm=arm)),
    **{
        column: (
            "coverage",
            lambda table, wards, arm, column=column: place_maps(
                table, wards, column=column, arms=[arm]
            ),
        )
        for column in ("unmet", "duplication")
    },
    "spend_by_stream": ("spend", lambda table, wards, arm: spend_by_stream(table, arms=[arm])),
    "money_by_year": ("spend", lambda table, wards, arm: money_by_year(table, arms=[arm])),
    "trust_over_time": ("partners", lambda table, wards, arm: trust_over_time(table, arms=[arm])),
}
"""By name the table of `measure` that is drawn, and what draws it."""


def draw_run(name: str, run: Run, *, arm: str) -> Figure:
    """Draw one figure of one run.

    Parameters
    ----------
    name : str
        One of `OF_MONTHS` or `OF_SUPPORT`.
    run : Run
    arm : str
        What the run is called.

    Raises
    ------
    InputError
        If there is no such figure, or the run has nothing of what it shows.
    """
    if name in OF_MONTHS:
        return OF_MONTHS[name](run.monthly.assign(arm=arm, seed=run.seed))
    if name not in OF_SUPPORT:
        hint = did_you_mean(name, [*OF_MONTHS, *OF_SUPPORT])
        raise InputError(f"there is no picture {name!r} of a run; {hint}")
    table, draw = OF_SUPPORT[name]
    if "clients" not in run.tables:
        raise InputError(f"{name} is a picture of support, and the run had none")
    return draw(measure(run)[table].assign(arm=arm), run.wards, arm)
