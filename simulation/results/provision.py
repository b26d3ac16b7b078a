"""Where need is not met and where places are double; what each stream spent; who gets access."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from simulation.errors import InputError, check_columns
from simulation.results.treated import is_first_treated, treated_people

if TYPE_CHECKING:
    from simulation.finished.run import Run

CELL = ("ward", "group", "stage")
PROVISION = ("need", "places", "unmet", "over_provision", "covered", "waiting")
MONEY = (
    "budget_gbp",
    "committed_gbp",
    "earned_gbp",
    "paid_gbp",
    "owed_gbp",
    "unspent_gbp",
    "pooled_gbp",
    "administration_gbp",
)
SPEND = ("budget_gbp", "committed_gbp", "paid_gbp", "pooled_gbp", "administration_gbp")
IN_WORK = "employed"


def provision(coverage: pd.DataFrame, by: Sequence[str] = CELL) -> pd.DataFrame:
    """Compare places with need cell by cell, then add up.

    A place too many in one ward, group or stage makes up for none missing in another: the excess
    and the lack are taken in each cell and month, averaged over months and only then summed.

    Parameters
    ----------
    coverage : DataFrame
        date, ward, group, stage, need, places (starts a year), waiting (people).
    by : sequence of str
        Any of ward, group, stage and date; none gives one row for the area.

    Returns
    -------
    DataFrame
        Columns `by`, then `PROVISION` (starts a year; waiting: people) and coverage_share (per
        cent of need covered; NaN without need). No rows give none.

    Raises
    ------
    InputError
        When a column is missing.
    """
    by = list(by)
    needed = ["date", *CELL, "need", "places", "waiting", *by]
    check_columns(coverage, needed, what="coverage frame")
    if coverage.empty:
        return pd.DataFrame(columns=[*by, *PROVISION, "coverage_share"])
    need, places = (coverage[name].to_numpy(np.float64) for name in ("need", "places"))
    n_months = 1 if "date" in by else coverage["date"].nunique()
    columns = {
        "need": need,
        "places": places,
        "unmet": np.maximum(need - places, 0.0),
        "over_provision": np.maximum(places - need, 0.0),
        "covered": np.minimum(need, places),
        "waiting": coverage["waiting"].to_numpy(np.float64),
    }
    table = pd.DataFrame({name: values / n_months for name, values in columns.items()})
    if by:
        keys = [coverage[name].reset_index(drop=True) for name in by]
        table = table.groupby(keys, observed=True, sort=True).sum().reset_index()
    else:
        table = table.sum().to_frame().T
    with np.errstate(invalid="ignore", divide="ignore"):
        table["coverage_share"] = 100.0 * table["covered"] / table["need"]
    return table


def spend_by_stream(money: pd.DataFrame) -> pd.DataFrame:
    """Return each stream's accounts at the end of the run.

    Parameters
    ----------
    money : DataFrame
        date, stream, then sums since the start (GBP) by month end, columns `MONEY`.

    Returns
    -------
    DataFrame
        stream, columns `MONEY`, spend_gbp (paid and administration), unused_gbp (budget neither
        committed, pooled nor spent on administration: never contracted, or lapsed). GBP.

    Raises
    ------
    InputError
        When a column is missing.
    """
    check_columns(money, ("date", "stream", *MONEY), what="money frame")
    last = money[money["date"] == money["date"].max()] if len(money) else money
    table = last[["stream", *MONEY]].reset_index(drop=True)
    table["spend_gbp"] = table["paid_gbp"] + table["administration_gbp"]
    used = table["committed_gbp"] + table["pooled_gbp"] + table["administration_gbp"]
    table["unused_gbp"] = table["budget_gbp"] - used
    return table


def yearly_spend(money: pd.DataFrame | None) -> pd.DataFrame:
    """Take sums since the start apart into calendar years.

    Parameters
    ----------
    money : DataFrame or None
        date, stream and the columns `SPEND`, GBP since the start by month end.

    Returns
    -------
    DataFrame
        stream, year, `SPEND`: GBP of the year. The budget is less what was put into the pool, so
        that streams and pool add up to the money there is.
    """
    if money is None or money.empty:
        return pd.DataFrame(columns=["stream", "year", *SPEND])
    year = money["date"].dt.year.astype(np.int64)
    keyed = money.assign(year=year, stream=money["stream"].astype(str))
    last = keyed.sort_values("date").groupby(["stream", "year"])[list(SPEND)].last()
    table = last.groupby(level="stream").diff().fillna(last)
    table["budget_gbp"] -= table["pooled_gbp"]
    return table.reset_index()


def access(run: Run, by: str) -> pd.DataFrame:
    """Count who of those out of work at the start was ever treated, by group.

    Whoever comes into the place of one of them who has left does not count for them.

    Parameters
    ----------
    run : Run
        Kept with people=True.
    by : str
        A column: "group", "ethnicity", "health", "age_band", "is_lone_parent", "priority", "ward".

    Returns
    -------
    DataFrame
        by, group (str), eligible, treated (people), treated_share (per cent; NaN if nobody is
        eligible).

    Raises
    ------
    InputError
        When the frame lacks the column.
    """
    people = run.support("people")
    if by not in people:
        raise InputError(f"people frame: there is no column {by!r}")
    is_treated = pd.Series(is_first_treated(people, treated_people(run)), index=people.index)
    eligible = people[people["group"] != IN_WORK]
    by_value = is_treated[eligible.index].groupby(eligible[by].astype(str))
    treated = by_value.agg(["size", "sum"])
    return pd.DataFrame(
        {
            "by": by,
            "group": treated.index.to_numpy(),
            "eligible": treated["size"].to_numpy() * float(run.config.people_per_agent),
            "treated": treated["sum"].to_numpy() * float(run.config.people_per_agent),
            "treated_share": (100.0 * treated["sum"] / treated["size"]).to_numpy(np.float64),
        }
    )


def access_ratios(people: pd.DataFrame, treated: pd.DataFrame) -> dict[str, float]:
    """Compare the share treated of disadvantaged groups with that of everybody else.

    Parameters
    ----------
    people, treated : DataFrame
        As a run keeps them.

    Returns
    -------
    dict of str to float
        By key of `support.ACCESS`; all among those out of work at the start. A ratio
        without people or treated people to divide by is left out.
    """
    used = ["priority", "ethnicity", "is_lone_parent", "health", "age_band"]
    is_eligible = (people["group"] != IN_WORK).to_numpy()
    eligible = people.loc[is_eligible, used]
    is_treated = is_first_treated(people, treated)[is_eligible]
    groups = {
        "priority": eligible["priority"],
        "minority": eligible["ethnicity"] != "white",
        "lone_parent": eligible["is_lone_parent"],
        "health": eligible["health"] != "none",
        "young": eligible["age_band"] == "16_24",
        "older": eligible["age_band"] == "50_64",
    }
    ratios = {}
    for name, column in groups.items():
        inside = column.to_numpy(np.bool_)
        if inside.any() and is_treated[~inside].any():
            ratios[name] = float(is_treated[inside].mean() / is_treated[~inside].mean())
    return ratios
