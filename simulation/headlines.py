"""Headline indicators: the few figures of a run that are read first and compared between arms.

They are computed from the monthly frame alone; what each means stands in
`simulation.indicators` and `simulation.national_indicators`.
"""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from simulation.errors import InputError
from simulation.indicators import (
    BENEFITS,
    LABOUR_MARKET,
    PRIORITY_GROUP,
    REST_GROUP,
    Indicator,
    RunTables,
    benefit_claimants,
    employment_gap,
    employment_rate,
)
from simulation.national_indicators import EQUALITY, NATIONAL, NI153_GROUP, claimant_gap

__all__ = [
    "BENEFITS",
    "BY_NAME",
    "INDICATORS",
    "MONTHLY_COLUMNS",
    "NI153_GROUP",
    "PRIORITY_GROUP",
    "REST_GROUP",
    "Indicator",
    "area_tables",
    "benefit_claimants",
    "claimant_gaps",
    "employment_gap",
    "employment_rate",
    "headline_values",
    "ni153_rows",
]

MONTHLY_COLUMNS = ("arm", "seed", "date", "ward", "group", "outcome", "value")
INDICATORS: tuple[Indicator, ...] = (*LABOUR_MARKET, *NATIONAL, *EQUALITY)
BY_NAME = {indicator.name: indicator for indicator in INDICATORS}
GROUPS_NEEDED = tuple(dict.fromkeys(group for each in INDICATORS for group in each.groups))


def area_tables(monthly: pd.DataFrame, group: str = "all") -> pd.DataFrame:
    """Pivot the rows of the area as a whole to one column an outcome.

    Parameters
    ----------
    monthly : DataFrame
        Columns `MONTHLY_COLUMNS`; values in people.
    group : str
        "all" or "dimension:value".

    Returns
    -------
    DataFrame
        Index (arm, seed, date) sorted, one float64 column an outcome; empty if the group is absent.

    Raises
    ------
    InputError
        When columns are missing or a row is there twice.
    """
    missing = [column for column in MONTHLY_COLUMNS if column not in monthly.columns]
    if missing:
        raise InputError([f"monthly frame: column {c} is missing" for c in missing])
    rows = monthly[(monthly["ward"] == "all") & (monthly["group"] == group)]
    rows = rows.astype({"arm": str, "outcome": str})
    keys = ["arm", "seed", "date"]
    double = rows.duplicated([*keys, "outcome"])
    if double.any():
        first = rows[double].iloc[0]
        where = ", ".join(f"{key} {first[key]}" for key in [*keys, "outcome"])
        raise InputError(f"monthly frame: group {group}: two rows for {where}; one is allowed")
    wide = rows.pivot(index=keys, columns="outcome", values="value").sort_index()
    return wide.rename_axis(columns=None)


def ni153_rows(monthly: pd.DataFrame, wards: Collection[str]) -> pd.DataFrame:
    """Add up the wards of NI 153, as rows to append to the monthly frame.

    Parameters
    ----------
    monthly : DataFrame
        With the rows of wards; arm and seed, where it has these columns, are kept apart.
    wards : collection of str
        Codes; `ni153_wards` of a run's manifest: above 25 per cent claimants at the start.

    Returns
    -------
    DataFrame
        The same columns, with ward "all" and group "ni153"; no rows if there are no wards.

    Raises
    ------
    InputError
        When the frame has no rows of one of the wards.
    """
    rows = monthly[monthly["group"] == "all"]
    rows = rows[rows["ward"].isin(wards) & rows["outcome"].isin([*BENEFITS, "residents"])]
    absent = set(wards) - set(rows["ward"].astype(str))
    if absent:
        raise InputError(f"monthly frame: no rows of ward {', '.join(sorted(absent))}")
    keys = [name for name in ("arm", "seed", "date", "outcome") if name in monthly]
    total = rows.groupby(keys, observed=True)["value"].sum().reset_index()
    return total.assign(ward="all", group=NI153_GROUP)[list(monthly.columns)]


def claimant_gaps(monthly: pd.DataFrame) -> pd.DataFrame:
    """Claimant gap of the priority wards by month: what City Strategy was judged by.

    Parameters
    ----------
    monthly : DataFrame
        Columns `MONTHLY_COLUMNS`; values in people.

    Returns
    -------
    DataFrame
        arm, seed, date, gap (percentage points); no rows in an area without priority wards.
    """
    tables = {group: area_tables(monthly, group) for group in (PRIORITY_GROUP, REST_GROUP)}
    if any(table.empty for table in tables.values()):
        return pd.DataFrame(columns=["arm", "seed", "date", "gap"])
    return claimant_gap(tables).rename("gap").reset_index()


def headline_values(monthly: pd.DataFrame) -> pd.DataFrame:
    """Compute every headline indicator for every arm and seed of a monthly frame.

    An indicator whose outcomes or groups the frame does not hold is left out: an area without
    priority wards, for example, has no gap, and NI 153 needs the rows `ni153_rows` makes.

    Parameters
    ----------
    monthly : DataFrame
        Columns `MONTHLY_COLUMNS`; values in people.

    Returns
    -------
    DataFrame
        arm (str), seed (int64), outcome (str), unit (str), value (float64), in the order of
        `INDICATORS` within arm and seed.

    Raises
    ------
    InputError
        When the frame lacks columns, has no row for the area as a whole, or repeats a row.
    """
    area = monthly[monthly["ward"] == "all"] if "ward" in monthly else monthly
    tables = {group: area_tables(area, group) for group in GROUPS_NEEDED}
    if tables["all"].empty:
        raise InputError("monthly frame: no rows with ward 'all' and group 'all'")
    usable = [indicator for indicator in INDICATORS if _is_computable(indicator, tables)]
    records = []
    index = tables["all"].index
    runs = zip(index.get_level_values("arm"), index.get_level_values("seed"), strict=True)
    for arm, seed in dict.fromkeys(runs):
        wanted = {group for indicator in usable for group in indicator.groups}
        run = {group: tables[group].loc[(arm, seed)] for group in wanted}
        records += [(arm, seed, i.name, i.unit, float(i.function(run))) for i in usable]
    return pd.DataFrame(records, columns=["arm", "seed", "outcome", "unit", "value"])


def _is_computable(indicator: Indicator, tables: RunTables) -> bool:
    """Whether every group has every needed outcome and somebody lives there."""
    for group in indicator.groups:
        table = tables[group]
        if table.empty or any(
            name not in table or table[name].isna().any() for name in indicator.needs
        ):
            return False
        if "residents" in indicator.needs and (table["residents"] <= 0).any():
            return False
        for name in indicator.divides_by:
            if (table[name].groupby(level=["arm", "seed"]).sum() <= 0).any():
                return False
    return True
