"""Months of the area and its wards, arm by arm and seed by seed, in the numbers of a page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from simulation.report.interactive.cells import added_up, whole
from simulation.report.interactive.packing import batch_means, batch_sizes, pack, pack_changes
from simulation.results.outcomes import BENEFITS

COUNTS = {"employed": ("employed",), "claimants": BENEFITS}
"""What is counted month by month, and the monthly outcomes it is the sum of."""
QUEUE = {
    "hires_from_employment": "From another job",
    "hires_workless_under_3_months": "Out of work under 3 months",
    "hires_workless_3_to_6_months": "Out of work 3 to 6 months",
    "hires_workless_6_to_12_months": "Out of work 6 to 12 months",
    "hires_workless_over_12_months": "Out of work over 12 months",
    "hires_never_worked": "Never worked",
}
"""Hires by the recruit's place in the queue."""
MONTHS_BYTES = 700_000
"""Characters of the months of all wards, at most."""
BETWEEN = (1, 3, 6, 12)
"""Months between those that are kept of wards, the fewest that fit."""
LEAST_BATCHES, MOST_BATCHES = 3, 12
AREA = "all"


def area_series(
    monthly: pd.DataFrame, arms: Sequence[str], seeds: Sequence[int]
) -> dict[str, NDArray[np.float64]]:
    """Return the area's months of each of `COUNTS`, shape (arms, seeds, months), people."""
    rows = monthly[(monthly["group"] == AREA) & (monthly["ward"] == AREA)]
    return {name: _by_seed(rows, outcomes, arms, seeds) for name, outcomes in COUNTS.items()}


def _by_seed(
    rows: pd.DataFrame, outcomes: Sequence[str], arms: Sequence[str], seeds: Sequence[int]
) -> NDArray[np.float64]:
    """Add up outcomes, shape (arms, seeds, months)."""
    dates = np.sort(rows["date"].unique())
    own = rows[rows["outcome"].isin(list(outcomes))]
    return added_up(own["value"], (own["arm"], arms), (own["seed"], seeds), (own["date"], dates))


def hires_by_place(
    monthly: pd.DataFrame, arms: Sequence[str], seeds: Sequence[int]
) -> list[dict[str, Any]]:
    """Return how many were hired over the whole period, by how long they had been out of work.

    Returns
    -------
    list of dict
        label, values (arms by seeds, people); none where hires are not counted so.
    """
    rows = monthly[(monthly["group"] == AREA) & (monthly["ward"] == AREA)]
    present = set(rows["outcome"].unique())
    return [
        {
            "label": label,
            "values": whole(_by_seed(rows, (name,), arms, seeds).sum(axis=2)),
        }
        for name, label in QUEUE.items()
        if name in present
    ]


def ward_series(
    monthly: pd.DataFrame, codes: Sequence[str], arms: Sequence[str], seeds: Sequence[int]
) -> dict[str, NDArray[np.float64]]:
    """Return the wards' months of each of `COUNTS`, shape (arms, seeds, wards, months), people."""
    rows = monthly[(monthly["group"] == AREA) & (monthly["ward"] != AREA)]
    dates = np.sort(rows["date"].unique())
    found = {}
    for name, outcomes in COUNTS.items():
        own = rows[rows["outcome"].isin(list(outcomes))]
        keys = (own["arm"], arms), (own["seed"], seeds), (own["ward"], codes), (own["date"], dates)
        found[name] = added_up(own["value"], *keys)
    return found


def ward_months(
    series: dict[str, NDArray[np.float64]], *, baseline: int, people_per_agent: int
) -> dict[str, Any]:
    """Pack the months of every ward: the baseline's mean level, and each arm's change from it.

    Seeds are averaged in batches where all of them would be too long, so that intervals can still
    be had of any two arms; then months are left out; then all of it is.

    Parameters
    ----------
    series : dict of str to ndarray
        From `ward_series`.
    baseline : int
        Which of the arms changes are counted from.
    people_per_agent : int

    Returns
    -------
    dict
        batches (seeds in each), every (months between two), and for each of `COUNTS` level (int32,
        wards by months), step (people) and change (int8, arms by batches by wards by months); {}
        where there are no months of wards or too many wards.
    """
    n_arms, n_seeds, n_wards, n_months = series["employed"].shape
    one = max(1.0, len(COUNTS) * n_arms * n_wards * 4 / 3)
    for every in BETWEEN:
        n_kept = len(range(0, n_months, every))
        n_batches = min(n_seeds, MOST_BATCHES, int(MONTHS_BYTES / (one * max(n_kept, 1))))
        if n_kept and n_batches >= min(LEAST_BATCHES, n_seeds):
            break
    else:
        return {}
    sizes = batch_sizes(n_seeds, n_batches)
    # The last month is always one of those kept.
    kept = slice((n_months - 1) % every, None, every)
    packed: dict[str, Any] = {"batches": sizes, "every": every}
    for name, values in series.items():
        means = np.stack([batch_means(own[..., kept], sizes) for own in values])
        level = np.average(means[baseline], axis=0, weights=sizes)
        packed[name] = {
            "level": pack(np.rint(level).astype(np.int64), "int32"),
            **pack_changes(
                means - means[baseline], "int8", least=float(people_per_agent) / max(sizes)
            ),
        }
    return packed
