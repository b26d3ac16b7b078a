"""Who is chosen: how easy to place are those who are engaged, and those who are served.

Ease is not a provider's belief but an outcome of the world without support: the share in work a
year on of people of the same group, age and health who were out of work at the start. Selection by
anything else than these traits does not show.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from simulation.results.additionality import employer_at, snapshot_weeks
from simulation.results.journeys import journeys

if TYPE_CHECKING:
    from simulation.finished.run import Run

TRAITS = ("group", "age_band", "health")
IN_WORK = "employed"
YEAR = 52
LEAST_PEOPLE = 30
"""Agents a cell needs for a share of its own; smaller ones take that of their group."""
SELECTION = ("creaming", "parking")
POINTS = "percentage points"


def selection(run: Run, without: Run, courses: pd.DataFrame | None = None) -> pd.DataFrame:
    """Compare the ease of those engaged with all, and of those served with those parked.

    Parameters
    ----------
    run : Run
        With support.
    without : Run
        Without it, of the same seed, kept with people=True.
    courses : DataFrame, optional
        Of `journeys` of the first run's clients, if they are known already.

    Returns
    -------
    DataFrame
        outcome (of `SELECTION`), value (points of the share in work a year on), unit. creaming is
        the mean ease of the engaged less that of all who were out of work in their group; parking
        that of the served less that of the parked, each group weighing as many as are engaged. No
        row where nobody tells, or where the runs have no snapshot a year on.
    """
    people = without.support("people")
    week = next((week for week in snapshot_weeks(people) if week >= YEAR), None)
    courses = journeys(run.support("clients")) if courses is None else courses
    values = {} if week is None else _values(courses, people, week)
    rows = [(name, value, POINTS) for name, value in values.items() if not np.isnan(value)]
    table = pd.DataFrame(rows, columns=["outcome", "value", "unit"])
    return table.astype({"outcome": str, "value": np.float64, "unit": str})


def _values(clients: pd.DataFrame, without: pd.DataFrame, week: int) -> dict[str, float]:
    """Work out both, NaN where there is nobody to compare."""
    people = ease(without, week)
    people["lead"] = people["ease"] - people.groupby("group")["ease"].transform("mean")
    # A journey's own group is that of the day it began; here everybody keeps that of the start.
    engaged = clients.drop(columns="group").merge(people, on="person")
    # Who came later into a place is of another group, age and health.
    engaged = engaged[(engaged["left_week"] < 0) | (engaged["week"] < engaged["left_week"])]
    is_parked = engaged["was_parked"] & ~engaged["was_served"]
    served, parked = (
        engaged[chosen].groupby("group")["ease"].mean()
        for chosen in (engaged["was_served"], is_parked)
    )
    apart = (served - parked).dropna()
    weights = engaged.groupby("group").size().reindex(apart.index)
    parking = float(np.average(apart, weights=weights)) if len(apart) else np.nan
    return {"creaming": 100.0 * float(engaged["lead"].mean()), "parking": 100.0 * parking}


def ease(without: pd.DataFrame, week: int) -> pd.DataFrame:
    """Give everybody out of work at the start the share in work later of people like them.

    Parameters
    ----------
    without : DataFrame
        People frame of a run without support.
    week : int
        A snapshot.

    Returns
    -------
    DataFrame
        person, group (str), left_week, ease (float64, 0 to 1). Who had left by then tells nothing.
    """
    start = without[without["group"] != IN_WORK]
    is_working = pd.Series(employer_at(start, week) >= 0, index=start.index, dtype=np.float64)
    is_working = is_working.where((start["left_week"] < 0) | (start["left_week"] >= week))
    traits = [start[name].astype(str) for name in TRAITS]
    cell = is_working.groupby(traits)
    of_group = is_working.groupby(traits[0]).transform("mean")
    share = cell.transform("mean").where(cell.transform("count") >= LEAST_PEOPLE, of_group)
    columns = {"person": start["person"], "group": traits[0], "left_week": start["left_week"]}
    return pd.DataFrame({**columns, "ease": share})
