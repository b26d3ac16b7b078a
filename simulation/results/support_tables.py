"""Tables of a comparison of regimes, as the report reads them: each run measured, then averaged.

`measure_run` looks at one run (and the run without support of the same seed) and keeps little;
`combine` averages over seeds. Frames in, frames out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import pandas as pd

from simulation.results.additionality import (
    PROGRAMME,
    additional_outcomes,
    additionality,
    known_weeks,
    summarise_additionality,
)
from simulation.results.paired import mean_interval
from simulation.results.provision import provision, yearly_spend
from simulation.results.stage_flows import journey_flows
from simulation.results.support_values import support_values
from simulation.results.unit_costs import COST_BASES, NOT_BOUNDED, cost_table

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
PLACES = {"need": "need", "places": "places", "unmet": "unmet", "over_provision": "duplication"}


class Measured(NamedTuple):
    """What is kept of one run of an arm; frames without the columns arm and seed."""

    outcomes: pd.DataFrame
    """outcome, value, unit."""
    flows: pd.DataFrame
    """Tables of `additionality`, every scope; no rows without a run to compare with."""
    costs: dict[str, float]
    """cost_gbp and the outcomes of `unit_costs.COST_BASES`."""
    journey: pd.DataFrame
    """source, target, people."""
    coverage: pd.DataFrame
    """ward, group, stage, need, places, unmet, duplication."""
    spend: pd.DataFrame
    """stream, year and the columns `provision.SPEND`, each of that year."""
    partners: pd.DataFrame
    """date, funder, trust, willingness."""


def measure_run(
    tables: Mapping[str, pd.DataFrame],
    without: pd.DataFrame | None,
    *,
    people_per_agent: int,
    n_weeks: int,
) -> Measured:
    """Measure one run.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The run's frames by name: clients, money, coverage, partners, people. Those that are
        missing count as without rows; additionality needs people.
    without : DataFrame or None
        People frame of the run without support of the same seed.
    people_per_agent, n_weeks : int

    Raises
    ------
    InputError
        When a frame cannot be used.
    """
    people = tables.get("people")
    found = support_values(
        clients=tables.get("clients"),
        money=tables.get("money"),
        coverage=tables.get("coverage"),
        people=people,
        people_per_agent=people_per_agent,
        n_weeks=n_weeks,
    )
    values = found.set_index("outcome")["value"].to_dict()
    costs = {"cost_gbp": values["spend_gbp"]} | {
        name: values[name] for name in COST_BASES.values() if name in values
    }
    flows = pd.DataFrame()
    if people is not None and without is not None:
        flows = _flows(people, without, people_per_agent=people_per_agent)
        costs |= additional_outcomes(people, without, people_per_agent=people_per_agent)
    clients, coverage = tables.get("clients"), tables.get("coverage")
    journey = pd.DataFrame(columns=["source", "target", "people"])
    if clients is not None:
        journey = journey_flows(clients, people_per_agent=people_per_agent)
    places = pd.DataFrame(columns=["ward", "group", "stage", *PLACES.values()])
    if coverage is not None:
        places = provision(coverage).rename(columns=PLACES)[places.columns]
    partners = tables.get("partners", pd.DataFrame())
    return Measured(
        found, flows, costs, journey, places, yearly_spend(tables.get("money")), partners
    )


def _flows(people: pd.DataFrame, without: pd.DataFrame, *, people_per_agent: int) -> pd.DataFrame:
    """Flows of every scope at the end, and sustained ones of the area."""
    parts = []
    for scope, by in SCOPES.items():
        if by is None or by in people:
            part = additionality(people, without, people_per_agent=people_per_agent, by=by)
            part["by"] = scope
            if scope in ("priority", "lone_parent"):
                part["group"] = part["group"].map({"True": "1", "False": "0"})
            parts.append(part)
    if known_weeks(people, "sustained"):
        parts.append(
            additionality(people, without, people_per_agent=people_per_agent, work="sustained")
        )
    return pd.concat(parts, ignore_index=True)


def combine(runs: Sequence[tuple[str, int, Measured]]) -> dict[str, pd.DataFrame]:
    """Average runs over seeds.

    Parameters
    ----------
    runs : sequence of (arm, seed, Measured)
        The same seeds for every arm; arms without support may be left out.

    Returns
    -------
    dict of str to DataFrame
        additionality (`ADDITIONALITY`), journey (arm, source, target, people), coverage (arm, ward,
        group, stage, need, places, unmet, duplication), spend (arm, stream, year, `SPEND`),
        partners (arm, date, funder, trust, willingness): means over seeds; outcomes (arm, seed,
        outcome, value, unit), one row a run and outcome. No rows where there is nothing.
    """
    return {
        "additionality": additionality_table(runs),
        "journey": _mean(runs, "journey", ["source", "target"]),
        "coverage": _mean(runs, "coverage", ["ward", "group", "stage"]),
        "spend": _mean(runs, "spend", ["stream", "year"]),
        "partners": _mean(runs, "partners", ["date", "funder"]),
        "outcomes": _stack(runs, "outcomes"),
    }


def _stack(runs: Sequence[tuple[str, int, Measured]], name: str) -> pd.DataFrame:
    """Put the frames of one name together, with arm and seed in front."""
    parts = []
    for arm, seed, measured in runs:
        part = getattr(measured, name)
        if len(part):
            part = part.copy()
            part.insert(0, "arm", arm)
            part.insert(1, "seed", seed)
            parts.append(part)
    if not parts:
        columns = list(getattr(runs[0][2], name).columns) if runs else []
        return pd.DataFrame(columns=["arm", "seed", *columns])
    return pd.concat(parts, ignore_index=True)


def _mean(runs: Sequence[tuple[str, int, Measured]], name: str, keys: list[str]) -> pd.DataFrame:
    """Average over the seeds of an arm; what a seed lacks counts as zero."""
    table = _stack(runs, name)
    if table.empty:
        return table.drop(columns="seed")
    n_seeds = pd.Series([arm for arm, _, _ in runs]).value_counts()
    labels = table.astype({key: str for key in keys if key not in ("year", "date")})
    total = labels.drop(columns="seed").groupby(["arm", *keys], sort=False).sum()
    return total.div(n_seeds.rename_axis("arm"), axis=0, level="arm").reset_index()


def additionality_table(runs: Sequence[tuple[str, int, Measured]]) -> pd.DataFrame:
    """Average gross-to-net flows and costs over seeds, in the report's columns `ADDITIONALITY`.

    Scopes are "all" and "name:value"; outcomes of sustained jobs begin with "sustained_". A cost
    that has no upper bound has its least compatible value as mean and low, an infinite high and a
    note; one there is nothing to be said of has no row.
    """
    tables = _stack(runs, "flows")
    parts = []
    if len(tables):
        summary = summarise_additionality(tables)
        is_area = summary["by"] == "all"
        summary["scope"] = summary["by"].where(is_area, summary["by"] + ":" + summary["group"])
        is_sustained = summary["work"] == "sustained"
        summary["outcome"] = ("sustained_" + summary["outcome"]).where(
            is_sustained, summary["outcome"]
        )
        parts.append(summary[list(ADDITIONALITY)])
    parts.append(_cost_rows(runs))
    return pd.concat([part for part in parts if len(part)] or parts[-1:], ignore_index=True)


def _cost_rows(runs: Sequence[tuple[str, int, Measured]]) -> pd.DataFrame:
    """Lay spending and costs per outcome out in the columns `ADDITIONALITY`."""
    frame = pd.DataFrame(
        [{"arm": arm, "seed": seed, **measured.costs} for arm, seed, measured in runs],
        columns=["arm", "seed", "cost_gbp", *COST_BASES.values()],
    )
    rows = []
    for arm, own in frame.groupby("arm", sort=False):
        spend = (float(each) for each in mean_interval(own["cost_gbp"]))
        rows.append((arm, "all", "spend_gbp", "GBP", *spend, len(own), ""))
    costs = cost_table(frame).rename(columns={"value": "mean"})
    costs["outcome"] += "_gbp"
    costs["mean"] = costs["mean"].where(costs["note"] != NOT_BOUNDED, costs["low"])
    costs = costs[costs["mean"].notna()].assign(scope="all")[list(ADDITIONALITY)]
    spend_rows = pd.DataFrame(rows, columns=list(ADDITIONALITY))
    return pd.concat([spend_rows, costs], ignore_index=True) if len(costs) else spend_rows
