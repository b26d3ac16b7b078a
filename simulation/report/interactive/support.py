"""What a page shows of support: from gross to net, who gains, places and clients, ward by ward."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from simulation.categories import STAGES
from simulation.report.figures.helped import GROUP_LABELS
from simulation.report.inputs import Inputs
from simulation.report.interactive.cells import added_up, whole
from simulation.report.labels import stream_label
from simulation.results.measured import at_the_end
from simulation.results.stage_flows import REACHED

FLOWS = {
    "gross": "Clients in work",
    "deadweight": "Would be in work anyway",
    "losses": "Clients out of work because of it",
    "substitution_netted": "Others lose, same employer",
    "displacement_netted": "Others lose, elsewhere",
    "net": "More people in work",
}
"""Bars of the waterfall: the first less the next four is the last."""
TRAITS = {
    "group": ("Place in the queue on the first day", GROUP_LABELS),
    "age": ("Age", {}),
    "ethnicity": ("Ethnicity", {}),
    "health": ("Health", {"none": "no problem"}),
    "lone_parent": ("Lone parents", {"1": "lone parents", "0": "all others"}),
    "priority": ("Kind of ward", {"1": "priority wards", "0": "other wards"}),
}
"""What people are sorted by on the first day, and words for its values."""
COVERAGE = ("need", "places", "unmet")


def gross_to_net(
    pairs: pd.DataFrame, arms: Sequence[str], seeds: Sequence[int]
) -> dict[str, Any] | None:
    """Return the flows of the area at every snapshot.

    Returns
    -------
    dict or None
        weeks, labels, arms (which have flows), values (arms by seeds by snapshots by `FLOWS`,
        people); None where no arm is paired with one without support.
    """
    if pairs.empty:
        return None
    rows = pairs[(pairs["by"] == "all") & (pairs["work"] == "employed")]
    known = [arm for arm in arms if arm in set(rows["arm"])]
    weeks = sorted(rows["week"].unique().tolist())
    keys = (rows["arm"], known), (rows["seed"], seeds), (rows["week"], weeks)
    values = np.stack([added_up(rows[name], *keys) for name in FLOWS], axis=-1)
    return {
        "weeks": weeks,
        "labels": list(FLOWS.values()),
        "arms": [list(arms).index(arm) for arm in known],
        "values": whole(values),
    }


def by_trait(inputs: Inputs, arms: Sequence[str], seeds: Sequence[int]) -> list[dict[str, Any]]:
    """Return years of work of people by what they were on the first day.

    Where no period was kept, how many more are in work at the end than without support.

    Returns
    -------
    list of dict
        name, label, rows: each label, values (arms by seeds; nought where an arm is paired with
        none).
    """
    rows = _people_of(inputs)
    if rows.empty:
        return []
    found = []
    for trait in TRAITS:
        own = rows[rows["by"] == trait]
        names = values_in_order(trait, own["group"].unique().tolist())
        keys = (own["group"], names), (own["arm"], arms), (own["seed"], seeds)
        nets = added_up(own["value"], *keys)
        shown = [
            {"label": value_label(trait, name), "values": whole(values)}
            for name, values in zip(names, nets, strict=True)
        ]
        if shown:
            found.append({"name": trait, "label": TRAITS[trait][0], "rows": shown})
    return found


def _people_of(inputs: Inputs) -> pd.DataFrame:
    """Lay out arm, seed, by (a trait), group (its value) and value."""
    if inputs.period.empty:
        pairs = inputs.pairs
        if pairs.empty:
            return pairs
        return at_the_end(pairs[pairs["work"] == "employed"]).rename(columns={"net": "value"})
    period, wards = inputs.period.astype({"group": str, "ward": str}), inputs.wards
    priority = wards.loc[wards["priority"].astype(bool), "code"].astype(str)
    everybody = period[period["group"] == "all"]
    places = everybody.assign(by="priority", group=everybody["ward"].isin(priority).map(str_flag))
    parts = period["group"].str.partition(":")
    return pd.concat([period.assign(by=parts[0], group=parts[2]), places]).rename(
        columns={"work_years": "value"}
    )


def str_flag(flag: bool) -> str:
    """Write a flag as groups are named."""
    return "1" if flag else "0"


def value_label(trait: str, value: str) -> str:
    """Put a value of a trait into words."""
    return TRAITS[trait][1].get(value, value.replace("_", " to " if trait == "age" else " "))


def values_in_order(trait: str, present: Sequence[str]) -> list[str]:
    """Order the values of a trait as they are known, others by name."""
    known = [value for value in TRAITS[trait][1] if value in set(present)]
    return known + sorted(value for value in present if value not in known)


def coverage_by_ward(
    coverage: pd.DataFrame | None, arms: Sequence[str], codes: Sequence[str]
) -> dict[str, Any] | None:
    """Return need and places a year by stage and ward, client groups together.

    Returns
    -------
    dict or None
        stages (labels), then for each of `COVERAGE` arms by stages by wards, starts a year.
    """
    if coverage is None or coverage.empty:
        return None
    rows = coverage.astype({"arm": str, "stage": str, "ward": str})
    keys = (rows["arm"], arms), (rows["stage"], STAGES), (rows["ward"], codes)
    cells = {name: whole(added_up(rows[name], *keys)) for name in COVERAGE}
    return {"stages": [name.replace("_", " ") for name in STAGES], **cells}


def clients_by_ward(
    period: pd.DataFrame, arms: Sequence[str], codes: Sequence[str], *, n_seeds: int
) -> list[list[int]] | None:
    """Return people engaged or given a place, arms by wards, means over seeds."""
    if period.empty or not period["clients"].any():
        return None
    rows = period[period["group"].astype(str) == "all"].astype({"arm": str, "ward": str})
    return whole(added_up(rows["clients"], (rows["arm"], arms), (rows["ward"], codes)) / n_seeds)


def reached_by_ward(
    reached: pd.DataFrame | None, arms: Sequence[str], codes: Sequence[str]
) -> dict[str, Any] | None:
    """Return how far clients of each ward came.

    Parameters
    ----------
    reached : DataFrame or None
        arm, ward, place, people: means over seeds.

    Returns
    -------
    dict or None
        places (labels), values (arms by places by wards, people).
    """
    if reached is None or reached.empty:
        return None
    keys = (reached["arm"], arms), (reached["place"], REACHED), (reached["ward"], codes)
    return {"places": list(REACHED), "values": whole(added_up(reached["people"], *keys))}


def journey_links(
    journey: pd.DataFrame | None, arms: Sequence[str]
) -> list[list[tuple[str, str, int]]] | None:
    """Return who passes from one place on the way to the next, links arm by arm."""
    if journey is None or journey.empty:
        return None
    return [
        [
            (str(row.source), str(row.target), round(float(row.people)))  # type: ignore[arg-type]
            for row in journey[journey["arm"].astype(str) == arm].itertuples()
        ]
        for arm in arms
    ]


def money_by_stream(
    spend: pd.DataFrame | None, arms: Sequence[str]
) -> list[list[tuple[str, int, int]]] | None:
    """Return budget and payments of each stream over the whole period, GBP, arm by arm."""
    if spend is None or spend.empty:
        return None
    total = spend.astype({"arm": str}).groupby(["arm", "stream"], sort=False)
    sums = total[["budget_gbp", "paid_gbp"]].sum().reset_index().set_index("arm")
    return [
        [
            (stream_label(str(stream)), round(budget), round(paid))
            for stream, budget, paid in sums.loc[sums.index == arm].itertuples(index=False)
        ]
        for arm in arms
    ]
