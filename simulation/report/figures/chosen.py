"""The figures of a report: which are drawn, what each shows in words, how it is read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from simulation.errors import InputError
from simulation.report.figures.maps import ward_map
from simulation.report.figures.of_a_run import OF_MONTHS
from simulation.report.figures.saving import PageFigure
from simulation.report.figures.series import difference_over_time
from simulation.report.figures.tables import ward_change
from simulation.results.outcomes import employment_rate

GUIDES = {
    "difference_over_time": "Each line is one arm less the baseline, month by month, within"
    " seeds. Above zero there are more people than under the baseline. While the shaded band"
    " holds zero, the difference in that month cannot be told from noise.",
    "claimant_counts": "One panel an arm; each line is the number of people on one kind of"
    " out-of-work benefit at the end of the month. The shaded band is the 95% interval of the"
    " mean over seeds; the thin grey lines repeat the baseline, so a line below its grey one means"
    " fewer claimants.",
    "employment_gap": "The upper line is the employment rate of all other wards, the lower one"
    " that of the priority wards; the arrow is the gap between them at the end. A policy can raise"
    " both lines and leave the gap as it was. The scale is cut off, so judge the gap by its figure,"
    " not by how far the lines seem apart.",
    "hires_by_queue_position": "Of everybody hired in the run, how many had last worked how long"
    " ago. If employers prefer those who worked most recently, the bars for a year and over"
    " shrink and those for a few months grow. The black line at the end of a bar is the 95%"
    " interval of the mean over seeds.",
    "beveridge_curve": "Each panel follows one arm quarter by quarter: right means more people"
    " seeking work, up means more unfilled jobs. A recession moves the path down and to the right"
    " along the curve; a path that comes back further out means that the same number of vacancies"
    " goes with more seekers than before.",
    "ward_map": "Each ward is coloured by how much its employment rate at the end differs from"
    " the baseline's, the mean of the seeds; hatching marks lower, a heavy outline a priority"
    " ward. A single ward is small, so most of its difference can be chance: read the pattern,"
    " not the ward.",
}
WHAT = {
    "difference_over_time": "Line chart of the difference from the baseline in people in work and"
    " in claimants, by month and arm.",
    "claimant_counts": "Line charts of claimants by benefit and month, one panel an arm.",
    "employment_gap": "Line charts of the employment rate in priority wards and in other wards by"
    " month, one panel an arm.",
    "hires_by_queue_position": "Bar charts of the share of hires by time since the last job, one"
    " panel a position and one bar an arm.",
    "beveridge_curve": "Vacancies plotted against unemployment by quarter, one panel an arm.",
    "ward_map": "Map of the difference in the employment rate by ward.",
}


class Wanted(NamedTuple):
    """A figure to draw: name of its file, what it shows, how it is read, and how to draw it."""

    name: str
    what: str
    guide: str
    draw: Callable[[], Figure]


def draw_wanted(wanted: Wanted) -> PageFigure | str:
    """Draw a figure; of one that its table does not allow, return a sentence with the reason."""
    try:
        figure = wanted.draw()
    except InputError as error:
        reason = "; ".join(error.problems)
        return f"The figure {wanted.name.replace('_', ' ')} is not drawn: {reason}."
    title = figure.get_suptitle().replace("\n", " ")
    return PageFigure(wanted.name, figure, f"{title}. {wanted.what}", wanted.guide)


def market_figures(
    monthly: pd.DataFrame,
    wards: pd.DataFrame,
    *,
    arms: Sequence[str],
    boundaries: Path | None,
    note: str,
    own_name: Callable[[str], str] = str,
) -> list[Wanted]:
    """List the figures of the labour market.

    Parameters
    ----------
    monthly : DataFrame
        Monthly frame, values in people.
    wards : DataFrame
        Ward table: code, name, district, easting, northing, priority, residents.
    arms : sequence of str
        Baseline first; without another arm there are no differences to draw.
    boundaries : Path or None
        GeoJSON of the wards; None draws cartograms.
    note : str
        Put under each figure.
    own_name : callable
        The name of an arm that files are called after, from what `arms` calls it.
    """
    common: dict[str, Any] = {"arms": arms, "note": note}
    draws = dict(OF_MONTHS)
    if len(arms) > 1:
        draws = {"difference_over_time": difference_over_time, **OF_MONTHS}
    wanted = [
        Wanted(name, WHAT[name], GUIDES[name], partial(draw, monthly, **common))
        for name, draw in draws.items()
    ]
    draw_map = partial(_draw_map, monthly, wards, boundaries=boundaries, note=note)
    for arm in arms[1:]:
        draw = partial(draw_map, arm=arm, baseline=arms[0])
        name = f"ward_map_{_file_name(own_name(arm))}"
        wanted.append(Wanted(name, WHAT["ward_map"], GUIDES["ward_map"], draw))
    return wanted


def _draw_map(
    monthly: pd.DataFrame,
    wards: pd.DataFrame,
    *,
    arm: str,
    baseline: str,
    boundaries: Path | None,
    note: str,
) -> Figure:
    """Draw the map of one arm against the baseline."""
    needs = ("employed", "residents")
    change = ward_change(
        monthly, arm=arm, baseline=baseline, measure=employment_rate, needs=needs
    ).dropna(subset=["change"])
    if change.empty:
        raise InputError("months by ward were not recorded")
    lived_in = wards[wards["code"].isin(change.index)]
    n_higher, n_lower = int((change["change"] > 0).sum()), int((change["change"] < 0).sum())
    return ward_map(
        lived_in,
        change["change"],
        title=_map_title(change, arm, baseline),
        unit="Difference, percentage points",
        boundaries=boundaries,
        note=f"By the means higher in {n_higher} wards and lower in {n_lower}. {note}".strip(),
    )


def _map_title(change: pd.DataFrame, arm: str, baseline: str) -> str:
    """Say in how many wards the interval leaves nought out, and how many chance alone gives."""
    what = f"Employment rate at the end under {arm} less under {baseline}"
    if change["low"].isna().any():
        return f"{what}: one pair of runs, no ward's difference can be told from chance"
    n_clear = int(np.sum((change["low"] > 0) | (change["high"] < 0)))
    by_chance = f"{0.05 * len(change):.{0 if len(change) >= 60 else 1}f}"
    return (
        f"{what}: told from nothing in {n_clear} of {len(change)} wards, where chance alone gives"
        f" about {by_chance}"
    )


def _file_name(arm: str) -> str:
    """Make a name safe for a file: letters, digits, dash and underscore stay."""
    return "".join(sign if sign.isalnum() or sign in "-_" else "-" for sign in arm)
