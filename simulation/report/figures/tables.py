"""From the monthly frame to what a figure draws: seeds by months, and their intervals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from simulation.errors import InputError
from simulation.results.outcomes import area_tables
from simulation.results.paired import mean_interval


class Band(NamedTuple):
    """A line over time and its interval over seeds; float64 arrays, shape (n_months,)."""

    dates: pd.DatetimeIndex
    mean: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]


def arm_names(monthly: pd.DataFrame, arms: Sequence[str] | None) -> list[str]:
    """List the arms to draw in order: those asked for, else as they come in the frame.

    Raises
    ------
    InputError
        When the frame is empty or an arm asked for is not in it.
    """
    present = list(monthly["arm"].unique())
    if not present:
        raise InputError("monthly frame is empty; a figure needs at least one run")
    unknown = [arm for arm in arms or [] if arm not in present]
    if unknown:
        raise InputError(
            [f"arm {arm!r} is not in the monthly frame; it has {', '.join(present)}"
             for arm in unknown]
        )  # fmt: skip
    return list(arms) if arms else present


def outcome_tables(monthly: pd.DataFrame, needs: Sequence[str], group: str = "all") -> pd.DataFrame:
    """Monthly outcomes of a group in the whole area; index (arm, seed, date).

    Raises
    ------
    InputError
        When the group or an outcome is absent.
    """
    table = area_tables(monthly, group)
    if table.empty:
        raise InputError(f"monthly frame: no rows with ward 'all' and group {group!r}")
    missing = [name for name in needs if name not in table.columns]
    if missing:
        raise InputError(
            [f"monthly frame: outcome {name} of group {group} is missing" for name in missing]
        )
    return table


def by_seed(values: pd.Series, arm: str) -> pd.DataFrame:
    """Seeds (rows) by months (columns) of one arm, from a series indexed (arm, seed, date)."""
    return values.loc[arm].unstack("date").sort_index()


def band(table: pd.DataFrame) -> Band:
    """Mean and 95 per cent t interval over the rows (seeds) of a table of months."""
    dates = pd.DatetimeIndex(table.columns)
    return Band(dates, *mean_interval(table.to_numpy(np.float64)))


def arm_band(values: pd.Series, arm: str) -> Band:
    """Mean and interval over seeds of one arm of a series indexed (arm, seed, date)."""
    return band(by_seed(values, arm))


def difference_band(values: pd.Series, arm: str, baseline: str) -> Band:
    """Mean and interval of the differences arm - baseline within seeds, month by month.

    Raises
    ------
    InputError
        When the two arms do not have the same seeds and months.
    """
    one, other = by_seed(values, arm), by_seed(values, baseline)
    if not (one.index.equals(other.index) and one.columns.equals(other.columns)):
        raise InputError(
            f"arms {arm} and {baseline} do not have the same seeds and months; pairs need both"
        )
    return band(one - other)


def ward_change(
    monthly: pd.DataFrame,
    *,
    arm: str,
    baseline: str,
    measure: Callable[[pd.DataFrame], pd.Series],
    needs: Sequence[str],
) -> pd.DataFrame:
    """Difference arm - baseline by ward at the last month, paired by seed.

    Parameters
    ----------
    monthly : DataFrame
        Monthly frame; rows of single wards with group "all" are used.
    arm, baseline : str
        What is compared.
    measure : callable
        From a table with one column an outcome to one value a row.
    needs : sequence of str
        Outcomes the measure uses.

    Returns
    -------
    DataFrame
        Index ward code; float64 columns change, low, high (95 per cent t interval, not adjusted
        for looking at many wards). Empty if the frame has no ward rows.
    """
    rows = monthly[
        (monthly["ward"] != "all")
        & (monthly["group"] == "all")
        & (monthly["date"] == monthly["date"].max())
        & monthly["outcome"].isin(list(needs))
        & monthly["arm"].isin([arm, baseline])
    ].astype({"arm": str, "ward": str, "outcome": str})
    if rows.empty:
        return pd.DataFrame(columns=["change", "low", "high"], dtype=np.float64)
    wide = rows.pivot(index=["arm", "seed", "ward"], columns="outcome", values="value")
    values = measure(wide)
    tables = {name: values.loc[name].unstack("ward").sort_index() for name in (arm, baseline)}
    paired = tables[arm] - tables[baseline]
    change, low, high = mean_interval(paired.to_numpy(np.float64))
    return pd.DataFrame({"change": change, "low": low, "high": high}, index=paired.columns)


def month_name(date: pd.Timestamp) -> str:
    """Name the month a row of the monthly frame tells of, as "February 2010"."""
    return f"{date:%B %Y}"
