"""What a comparison keeps of its runs: each is measured, then arms are averaged over seeds.

`measure` looks at one run (and the run without support of the same seed) and keeps little; the
other functions take what was kept of all runs. Frames in, frames out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from simulation.results.additionality import (
    PROGRAMME,
    additional_outcomes,
    additionality,
    over_time,
    summarise_additionality,
)
from simulation.results.dose import dose_cells
from simulation.results.journeys import journeys
from simulation.results.paired import mean_interval
from simulation.results.participants import COUNTED, participants
from simulation.results.period import EVERYBODY, period
from simulation.results.provision import provision, yearly_spend
from simulation.results.selection import SELECTION, selection
from simulation.results.stage_flows import engaged_by_stream, journey_flows, reached_by_ward
from simulation.results.support import OF_CLIENTS
from simulation.results.support_values import NO_COVERAGE
from simulation.results.unit_costs import COST_BASES, NOT_BOUNDED, cost_table

if TYPE_CHECKING:
    from simulation.finished.run import Run

SCOPES: dict[str, str | None] = {
    "all": None,
    "group": "group",
    "priority": "priority",
    "programme": PROGRAMME,
    "ethnicity": "ethnicity",
    "health": "health",
    "age": "age_band",
    "lone_parent": "is_lone_parent",
    "ward": "ward",
}
"""Scopes of the table of additionality ("name:value") and the column of the people frame."""
ADDITIONALITY = ("arm", "scope", "outcome", "unit", "mean", "low", "high", "n_seeds", "note")
CELLS: dict[str, tuple[str, ...]] = {
    "journey": ("source", "target"),
    "reached": ("ward", "place"),
    "engaged": ("stream", "group"),
    "coverage": ("ward", "group", "stage"),
    "spend": ("stream", "year"),
    "partners": ("date", "funder"),
}
"""Frames that are averaged over seeds, and what is averaged in each: a row with the same keys."""
PLACES = {"need": "need", "places": "places", "unmet": "unmet", "over_provision": "duplication"}
NO_REACHED = pd.DataFrame(columns=["ward", "place", "people"])
NO_ENGAGED = pd.DataFrame(columns=["stream", "group", "people"])
NO_PARTICIPANTS = pd.DataFrame(columns=list(COUNTED))
NO_PARTNERS = pd.DataFrame(columns=["date", "funder", "trust", "willingness"])


def measure(run: Run, without: Run | None = None) -> dict[str, pd.DataFrame]:
    """Measure one run.

    Parameters
    ----------
    run : Run
        Frames it lacks count as without rows; additionality needs who worked where.
    without : Run, optional
        The run without support of the same seed; whom its closures lay off is followed in both.

    Returns
    -------
    dict of str to DataFrame
        outcomes (outcome, value, unit; with a run to compare with, `SELECTION` too); pairs (tables
        of `additionality`: the area at every snapshot, each scope at the last; no rows without a
        run to compare with); participants (`simulation.results.participants`, likewise); journey
        (source, target, people); reached (ward, place, people); engaged (stream, group, people);
        coverage (ward, group, stage, need, places, unmet, duplication); spend (stream, year,
        `provision.SPEND`); partners (date, funder, trust, willingness); period
        (`simulation.results.period`); dose_cells (`simulation.results.dose`).

    Raises
    ------
    InputError
        When a frame cannot be used.
    """
    places = provision(run.tables.get("coverage", NO_COVERAGE)).rename(columns=PLACES)
    clients = run.tables.get("clients")
    courses = None if clients is None else journeys(clients)
    lost = (run if without is None else without).tables.get("lost_work")
    outcomes = run.outcomes()
    if without is not None:
        outcomes = pd.concat([outcomes, selection(run, without, courses)], ignore_index=True)
    return {
        "outcomes": outcomes,
        "pairs": pd.DataFrame() if without is None else _pairs(run, without),
        "participants": NO_PARTICIPANTS if without is None else participants(run, without),
        "journey": journey_flows(run, courses),
        "reached": NO_REACHED if courses is None else reached_by_ward(run, courses),
        "engaged": NO_ENGAGED if clients is None else engaged_by_stream(run, clients),
        "coverage": places[[*CELLS["coverage"], *PLACES.values()]],
        "spend": yearly_spend(run.tables.get("money")),
        # A run that was read has coarser dates than one just made.
        "partners": run.tables.get("partners", NO_PARTNERS).astype({"date": "datetime64[ns]"}),
        "period": period(run, None if lost is None else lost["person"]),
        "dose_cells": dose_cells(run),
    }


def _pairs(run: Run, without: Run) -> pd.DataFrame:
    """Flows of the area at every snapshot, and of every scope at the end."""
    parts = [over_time(run, without)]
    for scope, by in SCOPES.items():
        if by == PROGRAMME or by in run.support("people"):
            part = additionality(run, without, by=by).assign(by=scope)
            if scope in ("priority", "lone_parent"):
                part["group"] = part["group"].map({"True": "1", "False": "0"})
            parts.append(part)
    return pd.concat(parts, ignore_index=True).astype({"group": str})


def stack(
    runs: Iterable[tuple[str, int, Mapping[str, pd.DataFrame]]],
) -> dict[str, pd.DataFrame]:
    """Put what was measured of several runs together, with arm and seed in front.

    Parameters
    ----------
    runs : iterable of (arm, seed, frames)
        Frames as `measure` gives them, or any others that runs have alike.
    """
    parts: dict[str, list[pd.DataFrame]] = {}
    for arm, seed, frames in runs:
        for name, frame in frames.items():
            part = frame.copy()
            part.insert(0, "arm", arm)
            part.insert(1, "seed", seed)
            parts.setdefault(name, []).append(part)
    return {
        name: pd.concat([part for part in each if len(part)] or each[:1], ignore_index=True)
        for name, each in parts.items()
    }


def mean_over_seeds(table: pd.DataFrame, keys: Sequence[str], *, n_seeds: int) -> pd.DataFrame:
    """Average the rows of an arm with the same keys; what a seed lacks counts as zero.

    Parameters
    ----------
    table : DataFrame
        arm, seed, the keys, and columns of numbers.
    keys : sequence of str
    n_seeds : int
        Of every arm.
    """
    if table.empty:
        return table.drop(columns="seed")
    names = table.astype({key: str for key in keys if key not in ("year", "date")})
    total = names.drop(columns="seed").groupby(["arm", *keys], sort=False).sum()
    return (total / n_seeds).reset_index()


def at_the_end(pairs: pd.DataFrame) -> pd.DataFrame:
    """Keep the rows of the last snapshot of each kind of work."""
    if pairs.empty:
        return pairs
    return pairs[pairs["week"] == pairs.groupby("work")["week"].transform("max")]


def additionality_table(
    pairs: pd.DataFrame, outcomes: pd.DataFrame, periods: pd.DataFrame, *, baseline: str
) -> pd.DataFrame:
    """Average gross-to-net flows and costs over seeds, in the report's columns `ADDITIONALITY`.

    Scopes are "all" and "name:value"; outcomes of sustained jobs begin with "sustained_". A cost
    that has no upper bound has its least compatible value as mean and low, an infinite high and a
    note; one there is nothing to be said of has no row.

    Parameters
    ----------
    pairs, outcomes : DataFrame
        Stacks of what `measure` gave for the arms that have support.
    periods : DataFrame
        Likewise, of all arms.
    baseline : str
        The arm the runs were paired with.
    """
    costs = _costs(pairs, outcomes)
    if not (pairs.empty or periods.empty):
        years = _additional_years(periods, baseline)
        # What an arm that is not paired has more is not all due to what was spent.
        costs = costs.merge(years[years["arm"].isin(pairs["arm"])], how="left")
    parts = [_mean_rows(outcomes), *_cost_rows(costs)]
    if pairs.empty:
        return pd.concat(parts, ignore_index=True)
    summary = summarise_additionality(at_the_end(pairs))
    is_area, is_sustained = summary["by"] == "all", summary["work"] == "sustained"
    summary["scope"] = summary["by"].where(is_area, summary["by"] + ":" + summary["group"])
    summary["outcome"] = summary["outcome"].where(~is_sustained, "sustained_" + summary["outcome"])
    return pd.concat([summary[list(ADDITIONALITY)], *parts], ignore_index=True)


def _costs(pairs: pd.DataFrame, outcomes: pd.DataFrame) -> pd.DataFrame:
    """Say what each run cost and brought: arm, seed, cost_gbp and what `COST_BASES` divide by."""
    wide = outcomes.pivot(index=["arm", "seed"], columns="outcome", values="value")
    costs = wide[[name for name in COST_BASES.values() if name in wide]].copy()
    # Where a run gives no cost itself, such as one with interventions, its arm has none.
    is_given = wide.reindex(columns=list(OF_CLIENTS)).notna()
    for cost, base in OF_CLIENTS.items():
        if base in costs:
            costs[base] = costs[base].where(is_given[cost])
    costs.insert(0, "cost_gbp", wide["spend_gbp"])
    costs.insert(1, "in_work_gbp", wide["in_work_gbp"])
    runs = outcomes[["arm", "seed"]].drop_duplicates().merge(costs.reset_index())
    if pairs.empty:
        return runs
    area = pairs[pairs["by"] == "all"].groupby(["arm", "seed"])
    more = [{"arm": arm, "seed": seed, **additional_outcomes(path)} for (arm, seed), path in area]
    return runs.merge(pd.DataFrame(more), how="left")


def _additional_years(periods: pd.DataFrame, baseline: str) -> pd.DataFrame:
    """Say how many more years of work each run had than the baseline's of its seed."""
    everybody = periods[periods["group"] == EVERYBODY]
    years = everybody.groupby(["seed", "arm"], observed=True)["work_years"].sum().unstack()
    more = years.sub(years[baseline], axis=0).stack()
    return pd.DataFrame({"additional_job_years": more}).reset_index()


def _mean_rows(outcomes: pd.DataFrame) -> pd.DataFrame:
    """Lay spending and how clients were chosen out in the columns `ADDITIONALITY`."""
    shown = outcomes[outcomes["outcome"].isin(("spend_gbp", *SELECTION))]
    rows = [
        (arm, "all", outcome, unit, *map(float, mean_interval(own["value"])), len(own), "")
        for (arm, outcome, unit), own in shown.groupby(["arm", "outcome", "unit"], sort=False)
    ]
    return pd.DataFrame(rows, columns=list(ADDITIONALITY))


def _cost_rows(frame: pd.DataFrame) -> list[pd.DataFrame]:
    """Lay costs per outcome out in the columns `ADDITIONALITY`; nothing where none is known."""
    costs = cost_table(frame).rename(columns={"value": "mean"})
    costs["outcome"] += "_gbp"
    costs["mean"] = costs["mean"].where(costs["note"] != NOT_BOUNDED, costs["low"])
    costs = costs[costs["mean"].notna()].assign(scope="all")[list(ADDITIONALITY)]
    return [costs] if len(costs) else []
