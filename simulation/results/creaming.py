"""Creaming and parking: how easy to place are those who are engaged and served.

Ease is not a provider's belief but an outcome of the world without support: the share in work a
year on of people of the same group, age and health who were out of work at the start. Selection by
anything else than these traits does not show.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from simulation.errors import InputError
from simulation.results.additionality import EMPLOYER, snapshot_weeks
from simulation.results.journeys import journeys

if TYPE_CHECKING:
    from simulation.finished.run import Run

TRAITS = ("group", "age_band", "health")
IN_WORK = "employed"
YEAR = 52
LEAST_PEOPLE = 30
"""Agents a cell needs for a share of its own; smaller ones take that of their group."""


def ease(without: pd.DataFrame) -> pd.Series:
    """Share in work a year on, in the world without support, of people like each person.

    Parameters
    ----------
    without : DataFrame
        People frame of a run without support.

    Returns
    -------
    Series of float64
        By person, for those out of work at the start.

    Raises
    ------
    InputError
        When there is no snapshot a year or more after the start.
    """
    weeks = [week for week in snapshot_weeks(without) if week >= YEAR]
    if not weeks:
        raise InputError(f"people frame: ease needs a snapshot in week {YEAR} or later")
    start = without[without["group"].astype(str) != IN_WORK]
    column = next(
        name for name in (f"{EMPLOYER}{weeks[0]:03d}", f"{EMPLOYER}{weeks[0]}") if name in without
    )
    is_working = (start[column] >= 0).astype(np.float64)
    traits = [start[name].astype(str) for name in TRAITS]
    cell = is_working.groupby(traits)
    share = cell.transform("mean").where(
        cell.transform("size") >= LEAST_PEOPLE, is_working.groupby(traits[0]).transform("mean")
    )
    return pd.Series(share.to_numpy(), index=start["person"].to_numpy(), name="ease")


def creaming(run: Run, without: Run) -> pd.DataFrame:
    """Compare the ease of those eligible, engaged, served and parked, by group at the start.

    Parameters
    ----------
    run : Run
        With support.
    without : Run
        Without it, of the same seed, kept with people=True.

    Returns
    -------
    DataFrame
        group ("all" first; standardised to the engaged of each group), eligible, engaged, served,
        parked (people), ease_eligible, ease_engaged, ease_served, ease_parked (per cent in work a
        year on; NaN without people), creaming (points: engaged less eligible), parking (points:
        served less parked).

    Raises
    ------
    InputError
        As `ease`.
    """
    people = without.support("people")
    easy = ease(people)
    group = people.set_index("person")["group"].astype(str).reindex(easy.index)
    frame = journeys(run.support("clients"))
    frame = frame[frame["person"].isin(easy.index)]
    parked = frame["was_parked"] & ~frame["was_served"]
    chosen = {
        "eligible": easy.index.to_numpy(),
        "engaged": frame["person"].to_numpy(),
        "served": frame.loc[frame["was_served"], "person"].to_numpy(),
        "parked": frame.loc[parked, "person"].to_numpy(),
    }
    names = sorted(group.unique())
    counts, shares = {}, {}
    for name, persons in chosen.items():
        cells = easy.reindex(persons).groupby(group.reindex(persons).to_numpy())
        counts[name] = cells.size().reindex(names, fill_value=0).to_numpy(np.float64)
        shares[f"ease_{name}"] = 100.0 * cells.mean().reindex(names).to_numpy(np.float64)
    table = pd.DataFrame({"group": names, **counts, **shares})
    table["creaming"] = table["ease_engaged"] - table["ease_eligible"]
    table["parking"] = table["ease_served"] - table["ease_parked"]
    table = pd.concat([_together(table), table], ignore_index=True)
    table[list(chosen)] *= float(run.config.people_per_agent)
    return table


def _together(table: pd.DataFrame) -> pd.DataFrame:
    """Average over groups, weighted by the engaged, so that the mix of groups is the same."""
    row: dict[str, object] = {"group": "all"}
    weights = table["engaged"].to_numpy()
    for name in table.columns[1:]:
        values = table[name].to_numpy(np.float64)
        if name in ("eligible", "engaged", "served", "parked"):
            row[name] = values.sum()
        else:
            known = ~np.isnan(values) & (weights > 0)
            row[name] = np.average(values[known], weights=weights[known]) if known.any() else np.nan
    return pd.DataFrame([row])
