"""The figures of a report: which are drawn, what each shows in words, how it is read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from simulation.report.figures.maps import ward_map
from simulation.report.figures.market import QUEUE_LABELS, beveridge_curve, hires_by_queue_position
from simulation.report.figures.saving import PageFigure
from simulation.report.figures.series import claimant_counts, difference_over_time, employment_gap
from simulation.report.figures.tables import ward_change
from simulation.results.outcomes import PRIORITY_GROUP, employment_rate

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


def draw_all(
    monthly: pd.DataFrame,
    wards: pd.DataFrame,
    *,
    arms: Sequence[str],
    boundaries: Path | None,
    note: str,
) -> tuple[list[PageFigure], list[str]]:
    """Draw every figure the frames allow.

    Parameters
    ----------
    monthly : DataFrame
        Monthly frame, values in people.
    wards : DataFrame
        Ward table: code, name, district, easting, northing, priority, residents.
    arms : sequence of str
        Baseline first.
    boundaries : Path or None
        GeoJSON of the wards; None draws cartograms.
    note : str
        Put under each figure.

    Returns
    -------
    list of PageFigure, list of str
        The figures, and a sentence for each that could not be drawn.
    """
    drawn = [_entry("claimant_counts", claimant_counts(monthly, arms=arms, note=note))]
    left_out = []
    if len(arms) > 1:
        drawn.insert(
            0, _entry("difference_over_time", difference_over_time(monthly, arms=arms, note=note))
        )
    if _has_residents(monthly, PRIORITY_GROUP):
        drawn.append(_entry("employment_gap", employment_gap(monthly, arms=arms, note=note)))
    else:
        left_out.append("There are no priority wards in this area, so no gap is drawn.")
    present = set(monthly["outcome"].unique())
    if present.issuperset(QUEUE_LABELS):
        figure = hires_by_queue_position(monthly, arms=arms, note=note)
        drawn.append(_entry("hires_by_queue_position", figure))
    else:
        left_out.append("Hires by queue position were not recorded, so they are not drawn.")
    if present.issuperset(("vacancies", "seeking_no_benefit")):
        drawn.append(_entry("beveridge_curve", beveridge_curve(monthly, arms=arms, note=note)))
    else:
        left_out.append("Vacancies were not recorded, so no Beveridge curve is drawn.")
    maps = [
        _map_entry(monthly, wards, pair=(arm, arms[0]), boundaries=boundaries, note=note)
        for arm in arms[1:]
    ]
    drawn += [entry for entry in maps if entry is not None]
    if len(arms) > 1 and None in maps:
        left_out.append("Months by ward were not recorded, so no map is drawn.")
    return drawn, left_out


def _entry(name: str, figure: Figure, *, suffix: str = "") -> PageFigure:
    title = figure.get_suptitle().replace("\n", " ")
    return PageFigure(name + suffix, figure, f"{title}. {WHAT[name]}", GUIDES[name])


def _has_residents(monthly: pd.DataFrame, group: str) -> bool:
    rows = monthly[(monthly["group"] == group) & (monthly["outcome"] == "residents")]
    return bool(len(rows)) and bool((rows["value"] > 0).all())


def _map_entry(
    monthly: pd.DataFrame,
    wards: pd.DataFrame,
    *,
    pair: tuple[str, str],
    boundaries: Path | None,
    note: str,
) -> PageFigure | None:
    """Draw the map of one arm against the baseline, or nothing without rows by ward."""
    arm, baseline = pair
    needs = ("employed", "residents")
    change = ward_change(
        monthly, arm=arm, baseline=baseline, measure=employment_rate, needs=needs
    ).dropna(subset=["change"])
    if change.empty:
        return None
    lived_in = wards[wards["code"].isin(change.index)]
    n_higher, n_lower = int((change["change"] > 0).sum()), int((change["change"] < 0).sum())
    word, n_wards = ("higher", n_higher) if n_higher >= n_lower else ("lower", n_lower)
    figure = ward_map(
        lived_in,
        change["change"],
        title=f"Under {arm} the employment rate ends {word} than under {baseline} in {n_wards} of"
        f" {len(change)} wards",
        unit="Difference, percentage points",
        boundaries=boundaries,
        note=f"{_how_many_clear(change)} {note}".strip(),
    )
    return _entry("ward_map", figure, suffix=f"_{_file_name(arm)}")


def _how_many_clear(change: pd.DataFrame) -> str:
    """Say how many wards' intervals leave zero out, and how many chance alone would give."""
    if change["low"].isna().any():
        return "One run an arm: no ward's difference can be told from noise."
    n_clear = int(np.sum((change["low"] > 0) | (change["high"] < 0)))
    return (
        f"In {n_clear} of {len(change)} wards the 95% interval leaves zero out; chance alone would"
        f" give about {0.05 * len(change):.{0 if len(change) >= 60 else 1}f}."
    )


def _file_name(arm: str) -> str:
    """Make a name safe for a file: letters, digits, dash and underscore stay."""
    return "".join(sign if sign.isalnum() or sign in "-_" else "-" for sign in arm)
