"""Headline indicators: the few figures of a run that are read first and compared between arms.

They are computed from the monthly frame alone. Definitions follow section 10 of the model
description; the residents are everybody aged 16 to 64 living in the area.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

from simulation.errors import InputError

MONTHLY_COLUMNS = ("arm", "seed", "date", "ward", "group", "outcome", "value")
BENEFITS = ("jsa", "ib_esa", "lone_parent", "other_benefit")
PRIORITY_GROUP, REST_GROUP = "priority:1", "priority:0"

RunTables = Mapping[str, pd.DataFrame]
"""One run: for each group a table of months (index) by outcome (columns), in people."""


@dataclass(frozen=True)
class Indicator:
    """One headline figure: what it is called, what it means and how it is computed.

    Attributes
    ----------
    name, label, unit, definition : str
        Key in the frames; words for a reader; unit; one sentence.
    needs, groups : tuple of str
        Outcomes and groups of the monthly frame it is computed from.
    words : tuple of str
        What a positive and a negative difference are called, as ("more", "fewer").
    function : callable
        From the tables of one run to the figure.
    """

    name: str
    label: str
    unit: str
    definition: str
    needs: tuple[str, ...]
    function: Callable[[RunTables], float]
    groups: tuple[str, ...] = ("all",)
    words: tuple[str, str] = ("higher", "lower")


def employment_rate(table: pd.DataFrame) -> pd.Series:
    """Employed residents as a percentage of residents, one value a row."""
    return 100.0 * table["employed"] / table["residents"]


def benefit_claimants(table: pd.DataFrame) -> pd.Series:
    """People on any out-of-work benefit (the sum of the four groups), one value a row."""
    return table[list(BENEFITS)].sum(axis=1)


def employment_gap(run: RunTables) -> pd.Series:
    """Employment rate of the other wards less that of the priority wards, in points, by month."""
    return employment_rate(run[REST_GROUP]) - employment_rate(run[PRIORITY_GROUP])


def _long_term_share_end(run: RunTables) -> float:
    last = run["all"].iloc[-1]
    return 100.0 * last["workless_over_12_months"] / (last["jsa"] + last["seeking_no_benefit"])


def _long_term_hires_share(run: RunTables) -> float:
    total = run["all"][["hires_workless_over_12_months", "hires"]].sum()
    return 100.0 * total["hires_workless_over_12_months"] / total["hires"]


_EMPLOYMENT = ("employed", "residents")
_GAP = (PRIORITY_GROUP, REST_GROUP)

INDICATORS: tuple[Indicator, ...] = (
    Indicator(
        "employment_rate_end",
        "Employment rate at the end",
        "per cent",
        "Employed residents per 100 residents aged 16 to 64, at the end of the last month.",
        _EMPLOYMENT,
        lambda run: employment_rate(run["all"]).iloc[-1],
    ),
    Indicator(
        "employment_rate_trough",
        "Employment rate at its lowest",
        "per cent",
        "Employed residents per 100 residents aged 16 to 64, at the lowest month end of the run.",
        _EMPLOYMENT,
        lambda run: employment_rate(run["all"]).min(),
    ),
    Indicator(
        "employment_rate_mean",
        "Employment rate, mean over the run",
        "per cent",
        "Employed residents per 100 residents aged 16 to 64, mean of all month ends.",
        _EMPLOYMENT,
        lambda run: employment_rate(run["all"]).mean(),
    ),
    Indicator(
        "out_of_work_benefits_end",
        "Claimants of out-of-work benefits at the end",
        "people",
        "People on JSA, IB/ESA, lone-parent or other income-related benefit, end of last month.",
        BENEFITS,
        lambda run: benefit_claimants(run["all"]).iloc[-1],
        words=("more", "fewer"),
    ),
    Indicator(
        "out_of_work_benefits_peak",
        "Claimants of out-of-work benefits at the peak",
        "people",
        "People on JSA, IB/ESA, lone-parent or other income-related benefit, highest month end.",
        BENEFITS,
        lambda run: benefit_claimants(run["all"]).max(),
        words=("more", "fewer"),
    ),
    Indicator(
        "jsa_peak",
        "Jobseeker's Allowance claimants at the peak",
        "people",
        "People on Jobseeker's Allowance at the highest month end of the run.",
        ("jsa",),
        lambda run: run["all"]["jsa"].max(),
        words=("more", "fewer"),
    ),
    Indicator(
        "long_term_workless_share_end",
        "Long-term share of job seekers at the end",
        "per cent",
        "People out of work for 12 months or more per 100 people on JSA or seeking work without a"
        " benefit, at the end of the last month.",
        ("workless_over_12_months", "jsa", "seeking_no_benefit"),
        _long_term_share_end,
    ),
    Indicator(
        "employment_gap_end",
        "Employment gap of priority wards at the end",
        "percentage points",
        "Employment rate of all other wards less that of the priority wards, end of last month.",
        _EMPLOYMENT,
        lambda run: employment_gap(run).iloc[-1],
        _GAP,
        ("wider", "narrower"),
    ),
    Indicator(
        "employment_gap_mean",
        "Employment gap of priority wards, mean over the run",
        "percentage points",
        "Employment rate of all other wards less that of the priority wards, mean of month ends.",
        _EMPLOYMENT,
        lambda run: employment_gap(run).mean(),
        _GAP,
        ("wider", "narrower"),
    ),
    Indicator(
        "hires_total",
        "Hires over the run",
        "people",
        "Jobs started by residents in all months; a person who starts twice counts twice.",
        ("hires",),
        lambda run: run["all"]["hires"].sum(),
        words=("more", "fewer"),
    ),
    Indicator(
        "hires_over_12_months_share",
        "Hires of people workless for over a year",
        "per cent",
        "Hires of people who last worked more than 12 months ago per 100 hires, all months.",
        ("hires", "hires_workless_over_12_months"),
        _long_term_hires_share,
    ),
)
BY_NAME = {indicator.name: indicator for indicator in INDICATORS}


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


def headline_values(monthly: pd.DataFrame) -> pd.DataFrame:
    """Compute every headline indicator for every arm and seed of a monthly frame.

    An indicator whose outcomes or groups the frame does not hold is left out: an area without
    priority wards, for example, has no gap.

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
    tables = {group: area_tables(monthly, group) for group in ("all", *_GAP)}
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
    return True
