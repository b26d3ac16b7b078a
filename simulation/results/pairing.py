"""What comparing seed by seed is worth, and how that fades with time and in small places.

Unpaired runs would have the variance of both arms in their difference; paired ones have what is
left once their common luck is taken out (common random numbers: Law, Simulation Modeling and
Analysis, 5th ed., 11.2).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from simulation.categories import MONTHS_PER_YEAR
from simulation.results.pairwise import FEWEST
from simulation.results.period import EVERYBODY

PAIRING = ("span", "place", "variance_ratio", "n_seeds", "seeds_saved")
WHOLE, A_WARD = "whole period", "a ward"


def variance_ratio(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Divide the variance of unpaired differences from the first arm by that of paired ones.

    Parameters
    ----------
    values : ndarray of float64, shape (..., n_seeds, n_arms)

    Returns
    -------
    ndarray, shape (...)
        Variances are added up over the other arms; NaN where nothing varies or with fewer than
        three seeds.
    """
    if values.shape[-2] < FEWEST:
        return np.full(values.shape[:-2], np.nan)
    own = values.var(axis=-2, ddof=1)
    unpaired = (own[..., 1:] + own[..., :1]).sum(axis=-1)
    paired = (values[..., 1:] - values[..., :1]).var(axis=-2, ddof=1).sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(unpaired > 0, unpaired / paired, np.nan)


def pairing_table(period: pd.DataFrame, monthly: pd.DataFrame, arms: Sequence[str]) -> pd.DataFrame:
    """Say what pairing was worth for years of work against the first arm.

    Parameters
    ----------
    period : DataFrame
        arm, seed, ward, group, work_years.
    monthly : DataFrame
        arm, seed, date, ward, group, outcome, value.
    arms : sequence of str
        The baseline first; without a second there are no rows.

    Returns
    -------
    DataFrame
        Columns `PAIRING`: the whole period and each whole year of it in the area, and the whole
        period in the middling ward. `variance_ratio` is how many times as many seeds unpaired runs
        would need, `seeds_saved` how many more of each arm that is.
    """
    own = period[period["group"] == EVERYBODY].astype({"arm": str, "ward": str})
    if own.empty or len(arms) < 2:
        return pd.DataFrame(columns=list(PAIRING))
    wards = own.pivot_table(index=["ward", "seed"], columns="arm", values="work_years")[[*arms]]
    n_seeds = own["seed"].nunique()
    by_ward = wards.to_numpy(np.float64).reshape(-1, n_seeds, len(arms))
    rows = [(WHOLE, EVERYBODY, float(variance_ratio(by_ward.sum(axis=0))))]
    rows += [
        (f"year {number + 1}", EVERYBODY, float(variance_ratio(year)))
        for number, year in enumerate(_years(monthly, arms))
    ]
    of_wards = variance_ratio(by_ward)
    if np.isfinite(of_wards).sum() > 1:
        rows.append((WHOLE, A_WARD, float(np.nanmedian(of_wards))))
    table = pd.DataFrame(rows, columns=list(PAIRING[:3])).dropna()
    saved = (table["variance_ratio"] - 1) * n_seeds
    return table.assign(n_seeds=n_seeds, seeds_saved=saved.round())


def _years(monthly: pd.DataFrame, arms: Sequence[str]) -> list[NDArray[np.float64]]:
    """Return the mean number in work in each whole year, (n_seeds, n_arms)."""
    rows = monthly[(monthly["ward"] == "all") & (monthly["group"] == EVERYBODY)]
    rows = rows[rows["outcome"] == "employed"].astype({"arm": str})
    wide = rows.pivot(index=["date", "seed"], columns="arm", values="value")[[*arms]]
    n_months = len(wide.index.unique("date"))
    months = wide.sort_index().to_numpy(np.float64).reshape(n_months, -1, len(arms))
    n_years = n_months // MONTHS_PER_YEAR
    return [
        months[year * MONTHS_PER_YEAR : (year + 1) * MONTHS_PER_YEAR].mean(axis=0)
        for year in range(n_years)
    ]
