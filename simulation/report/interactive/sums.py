"""What a whole run brought, added up over its months: for the area, and ward by ward."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from simulation.categories import MONTHS_PER_YEAR
from simulation.report.inputs import Inputs
from simulation.report.interactive.cells import added_up
from simulation.report.interactive.months import area_series, ward_series
from simulation.report.interactive.packing import batch_means, batch_sizes, pack_changes

MOST_BATCHES = 12
"""Batches of seeds whose sums a page holds for each ward."""


class Counted(NamedTuple):
    """Something that is added up over a run."""

    label: str
    unit: str
    better: int
    """1 if more is better, -1 if less is, 0 if neither says anything."""


OF_MONTHS = {
    "work_years": Counted("Years of work", "years", 1),
    "claimant_years": Counted("Years on out-of-work benefits", "years", -1),
    "work_end": Counted("In work at the end", "people", 1),
    "claimants_end": Counted("On out-of-work benefits at the end", "people", -1),
}
"""What follows from months."""
OF_PERIOD = {
    name: OF_MONTHS.get(name, Counted("Jobs kept for half a year", "jobs", 1))
    for name in ("work_years", "claimant_years", "sustained_jobs", "work_end")
}
"""What follows from the frame of a period, person by person."""
OF_RUNS = {
    "engaged": Counted("People who became clients", "people", 0),
    "job_entries": Counted("Jobs clients started", "jobs", 0),
    "sustained_26_weeks": Counted("Of these, kept for half a year", "jobs", 0),
    "spend_gbp": Counted("Public spending", "GBP", 0),
}
"""Outcomes of runs that are shown beside the sums; not net of anything."""


def add_up(months: dict[str, NDArray[np.float64]]) -> dict[str, NDArray[np.float64]]:
    """Turn months into what is told of the whole period.

    Parameters
    ----------
    months : dict of str to ndarray
        employed and claimants, months last.

    Returns
    -------
    dict of str to ndarray
        `OF_MONTHS`; a month counts as a twelfth of a year.
    """
    work, claims = months["employed"], months["claimants"]
    found = (
        work.sum(axis=-1) / MONTHS_PER_YEAR,
        claims.sum(axis=-1) / MONTHS_PER_YEAR,
        work[..., -1],
        claims[..., -1],
    )
    return dict(zip(OF_MONTHS, found, strict=True))


def ward_values(inputs: Inputs, arms: Sequence[str]) -> dict[str, NDArray[np.float64]]:
    """Return what the runs brought each ward, shape (arms, seeds, wards).

    Of `OF_PERIOD`, people counted in the ward of their first day; of `OF_MONTHS` where no period
    was kept.
    """
    seeds, codes = inputs.manifest["seeds"], inputs.wards["code"].astype(str).tolist()
    if inputs.period.empty:
        return add_up(ward_series(inputs.monthly, codes, arms, seeds))
    own = inputs.period[inputs.period["group"].astype(str) == "all"]
    keys = (own["arm"], arms), (own["seed"], seeds), (own["ward"], codes)
    return {name: added_up(own[name], *keys) for name in OF_PERIOD}


def area_values(inputs: Inputs, arms: Sequence[str]) -> dict[str, NDArray[np.float64]]:
    """Return what the runs brought the area, shape (arms, seeds), and what else is told of them.

    As `ward_values`, then `OF_RUNS` as far as they are there; NaN where a run has none.
    """
    seeds, outcomes = inputs.manifest["seeds"], inputs.outcomes
    if inputs.period.empty:
        found = add_up(area_series(inputs.monthly, arms, seeds))
    else:
        found = {name: own.sum(axis=-1) for name, own in ward_values(inputs, arms).items()}
    if outcomes.empty:
        return found
    table = outcomes.pivot_table(index=["arm", "seed"], columns="outcome", values="value")
    table = table.reindex(pd.MultiIndex.from_product([arms, seeds]))
    return found | {
        name: table[name].to_numpy(np.float64).reshape(len(arms), len(seeds))
        for name in OF_RUNS
        if name in table and table[name].notna().any()
    }


def area_sums(values: dict[str, NDArray[np.float64]]) -> list[dict[str, Any]]:
    """List `area_values`: name, label, unit, better, values (None where a run has none)."""
    return [
        {"name": name, **(OF_MONTHS | OF_PERIOD | OF_RUNS)[name]._asdict(), "values": _listed(own)}
        for name, own in values.items()
    ]


def _listed(values: NDArray[np.float64]) -> list[list[float | None]]:
    return [
        [None if np.isnan(value) else round(float(value), 1) for value in own] for own in values
    ]


def ward_sums(values: NDArray[np.float64], *, baseline: int) -> dict[str, Any]:
    """Pack one of `ward_values` as changes from the baseline, seed by seed.

    Parameters
    ----------
    values : ndarray of float64, shape (arms, seeds, wards)
    baseline : int

    Returns
    -------
    dict
        batches (seeds in each), step, change (int16, arms by batches by wards).
    """
    sizes = batch_sizes(values.shape[1], min(values.shape[1], MOST_BATCHES))
    means = np.stack([batch_means(own, sizes) for own in values])
    return {"batches": sizes, **pack_changes(means - means[baseline], "int16", least=0.1)}
