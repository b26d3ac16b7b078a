"""Everything a page shows of a comparison, in one mapping that becomes JSON."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from simulation.categories import BENEFITS
from simulation.report.inputs import Inputs, arms_in_order
from simulation.report.interactive import support
from simulation.report.interactive.cells import whole
from simulation.report.interactive.first_screen import first_screen
from simulation.report.interactive.months import (
    area_series,
    hires_by_place,
    ward_months,
    ward_series,
)
from simulation.report.interactive.shapes import ward_shapes
from simulation.report.interactive.sums import (
    OF_MONTHS,
    OF_PERIOD,
    area_sums,
    area_values,
    ward_sums,
    ward_values,
)
from simulation.report.labels import arm_about, arm_labels
from simulation.report.targets import targets_data
from simulation.results.sets import WORST_LABEL, worst_wards


def page_data(inputs: Inputs, boundaries: Path | None) -> dict[str, Any]:
    """Gather all that the page of a comparison shows.

    Parameters
    ----------
    inputs : Inputs
    boundaries : Path or None
        GeoJSON of the wards.

    Returns
    -------
    dict
        Text, whole numbers, lists and packed arrays only. Arms stand in the order of the manifest,
        the baseline first; what a comparison has not is None or empty.
    """
    manifest, wards = inputs.manifest, inputs.wards.reset_index(drop=True)
    arms, seeds = arms_in_order(manifest), [int(seed) for seed in manifest["seeds"]]
    overrides = {each["name"]: each["overrides"] for each in manifest["arms"]}
    labels = arm_labels(manifest["arms"])
    codes = wards["code"].astype(str).tolist()
    area = area_series(inputs.monthly, arms, seeds)
    baseline = inputs.monthly[inputs.monthly["arm"] == arms[0]]
    own = ward_series(inputs.monthly, codes, arms, seeds)
    of_wards = ward_values(inputs, arms)
    size, tables = int(manifest["people_per_agent"]), inputs.support
    dates = pd.to_datetime(np.sort(inputs.monthly["date"].unique()))
    return {
        **first_screen(inputs, arms),
        "arms": [
            {
                "name": name,
                "label": labels[name],
                "about": arm_about(name, overrides[name]),
            }
            for name in arms
        ],
        "seeds": seeds,
        "quantiles": [round(float(stats.t.ppf(0.975, n)), 4) for n in range(1, len(seeds) + 1)],
        "people_per_agent": size,
        "dates": [f"{date:%Y-%m}" for date in dates],
        "series": {name: whole(values) for name, values in area.items()},
        "sums": area_sums(area_values(inputs, arms)),
        "hires": hires_by_place(inputs.monthly, arms, seeds),
        "wards": _wards(wards, worst_wards(baseline, BENEFITS)),
        "worst_label": WORST_LABEL,
        "shapes": ward_shapes(wards, boundaries),
        "months": ward_months(own, baseline=0, people_per_agent=size),
        "ward_sums": {name: ward_sums(values, baseline=0) for name, values in of_wards.items()},
        "flows": support.gross_to_net(inputs.pairs, arms, seeds),
        "traits": support.by_trait(inputs, arms, seeds),
        "trait_unit": "people on the last day" if inputs.period.empty else "years of work",
        "coverage": support.coverage_by_ward(tables.coverage, arms, codes),
        "clients": support.clients_by_ward(inputs.period, arms, codes, n_seeds=len(seeds)),
        "reached": support.reached_by_ward(tables.reached, arms, codes),
        "journey": support.journey_links(tables.journey, arms),
        "money": support.money_by_stream(tables.spend, arms),
        "sum_words": {name: (OF_MONTHS | OF_PERIOD)[name]._asdict() for name in of_wards},
        "told": told_by_pair(inputs.verdict, arms),
        "targets": _targets(inputs, {arm: labels[arm] for arm in arms}),
    }


def _targets(inputs: Inputs, labels: dict[str, str]) -> list[dict[str, Any]]:
    return [] if inputs.targets.empty else targets_data(inputs.targets, labels)


def told_by_pair(verdict: pd.DataFrame, arms: list[str]) -> dict[str, dict[str, str]]:
    """Return by outcome, and by numbers of two arms as "2,0", what the verdict says of all people.

    Parameters
    ----------
    verdict : DataFrame
        outcome, set, arm, against, order; may be empty.
    arms : list of str
    """
    if verdict.empty:
        return {}
    found: dict[str, dict[str, str]] = {}
    for row in verdict[verdict["set"] == "all"].to_dict("records"):
        pair = f"{arms.index(row['arm'])},{arms.index(row['against'])}"
        found.setdefault(str(row["outcome"]), {})[pair] = str(row["order"])
    return found


def _wards(wards: pd.DataFrame, worst: list[str]) -> dict[str, Any]:
    """List the wards, and whether each is one of the worst."""
    codes = wards["code"].astype(str)
    return {
        "code": codes.tolist(),
        "name": wards["name"].astype(str).tolist(),
        "district": wards["district"].astype(str).tolist(),
        "priority": wards["priority"].astype(int).tolist(),
        "residents": whole(wards["residents"].to_numpy(np.float64)),
        "worst": codes.isin(worst).astype(int).tolist(),
    }
