"""Every outcome of a run, and the values of those that follow from its monthly frame.

What each means stands in `simulation.results.labour_market`, `national` and `support`; values of
the last are worked out in `support_values`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from simulation import register
from simulation.errors import InputError, check_columns
from simulation.results.definitions import Outcome, RunTables
from simulation.results.labour_market import (
    BENEFITS,
    LABOUR_MARKET,
    PRIORITY_GROUP,
    REST_GROUP,
    benefit_claimants,
    employment_gap,
    employment_rate,
)
from simulation.results.national import EQUALITY, NATIONAL, NI153_GROUP, claimant_gap
from simulation.results.support import SUPPORT_OUTCOMES

__all__ = [
    "BENEFITS",
    "BY_NAME",
    "MONTHLY_COLUMNS",
    "NI153_GROUP",
    "PRIORITY_GROUP",
    "REST_GROUP",
    "Outcome",
    "area_tables",
    "benefit_claimants",
    "claimant_gaps",
    "employment_gap",
    "employment_rate",
    "outcome_values",
    "label_of",
    "ni153_rows",
]

MONTHLY_COLUMNS = ("arm", "seed", "date", "ward", "group", "outcome", "value")
for _outcome in (*LABOUR_MARKET, *NATIONAL, *EQUALITY, *SUPPORT_OUTCOMES):
    register.outcome(_outcome)
BY_NAME: Mapping[str, Outcome] = register.OUTCOMES
"""Every outcome by name, those registered by files of the user's among them."""


def label_of(outcome: str) -> str:
    """Name an outcome as the registry does, else make its key readable."""
    if outcome in BY_NAME:
        return BY_NAME[outcome].label
    words = outcome.replace("_", " ")
    return words[:1].upper() + words[1:]


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
    check_columns(monthly, MONTHLY_COLUMNS, what="monthly frame")
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


def wards_together(monthly: pd.DataFrame, wards: Collection[str], *, group: str) -> pd.DataFrame:
    """Add up the months of some wards, as rows of the area as a whole.

    Parameters
    ----------
    monthly : DataFrame
        With the rows of wards; arm and seed, where it has these columns, are kept apart.
    wards : collection of str
        Codes.
    group : str
        What the rows are called in the column group.

    Returns
    -------
    DataFrame
        The same columns, with ward "all"; no rows if there are no wards.

    Raises
    ------
    InputError
        When the frame has no rows of one of the wards.
    """
    rows = monthly[(monthly["group"] == "all") & monthly["ward"].isin(wards)]
    absent = set(wards) - set(rows["ward"].astype(str))
    if absent:
        raise InputError(f"monthly frame: no rows of ward {', '.join(sorted(absent))}")
    keys = [name for name in ("arm", "seed", "date", "outcome") if name in monthly]
    total = rows.groupby(keys, observed=True)["value"].sum().reset_index()
    return total.assign(ward="all", group=group)[list(monthly.columns)]


def ni153_rows(monthly: pd.DataFrame, wards: Collection[str]) -> pd.DataFrame:
    """Add up the claimants and residents of the wards of NI 153; as `wards_together`.

    The wards are `ni153_wards` of a run's manifest: above 25 per cent claimants at the start.
    """
    needed = monthly[monthly["outcome"].isin([*BENEFITS, "residents"])]
    return wards_together(needed, wards, group=NI153_GROUP)


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


def outcome_values(monthly: pd.DataFrame) -> pd.DataFrame:
    """Compute every outcome of the labour market for every arm and seed of a monthly frame.

    An outcome whose columns or groups the frame does not hold is left out: an area without
    priority wards, for example, has no gap, and NI 153 needs the rows `ni153_rows` makes.

    Parameters
    ----------
    monthly : DataFrame
        Columns `MONTHLY_COLUMNS`; values in people.

    Returns
    -------
    DataFrame
        arm (str), seed (int64), outcome (str), unit (str), value (float64), in the order of
        `BY_NAME` within arm and seed.

    Raises
    ------
    InputError
        When the frame lacks columns, has no row for the area as a whole, or repeats a row.
    """
    check_columns(monthly, MONTHLY_COLUMNS, what="monthly frame")
    months = _Months(monthly)
    if not months.runs:
        raise InputError("monthly frame: no rows with ward 'all' and group 'all'")
    usable = [
        (each, each.function)
        for each in BY_NAME.values()
        if each.function is not None and _is_computable(each, months)
    ]
    with np.errstate(divide="ignore", invalid="ignore"):  # a rate of nobody is NaN
        records = [
            (arm, seed, each.name, each.unit, float(function(run)))
            for number, (arm, seed) in enumerate(months.runs)
            for run in [months.of_run(number, [each for each, _ in usable])]
            for each, function in usable
        ]
    return pd.DataFrame(records, columns=["arm", "seed", "outcome", "unit", "value"])


class _Months:
    """The area's rows as one array by group, outcome, run and date, NaN where there is no row.

    Pivoting group by group takes ten times as long as the outcomes do.
    """

    def __init__(self, monthly: pd.DataFrame) -> None:
        needed = {group for each in BY_NAME.values() for group in each.groups}
        rows = monthly[(monthly["ward"] == "all") & monthly["group"].isin(needed)]
        numbers, names = zip(
            *(_numbered(rows[each]) for each in ("group", "outcome", "arm", "seed", "date")),
            strict=True,
        )
        shape = tuple(map(len, names))
        values = np.full(shape, np.nan)
        is_there = np.zeros(shape, np.bool_)
        values[numbers] = rows["value"].to_numpy(np.float64)
        is_there[numbers] = True
        if is_there.sum() < len(rows):
            for group in needed:
                area_tables(monthly, group)  # says which row is there twice
        self.groups, self.outcomes = (
            {str(name): place for place, name in enumerate(each)} for each in names[:2]
        )
        runs = (len(names[2]) * len(names[3]), shape[4])
        self.values = values.reshape(*shape[:2], *runs)
        self.has_month = is_there.any(axis=1).reshape(shape[0], *runs)
        every = [(str(arm), int(seed)) for arm in names[2] for seed in names[3]]
        of_all = self.has_month[self.groups["all"]] if "all" in self.groups else np.zeros(runs)
        self._rows = np.flatnonzero(of_all.any(axis=1))
        self.runs = [every[row] for row in self._rows]

    def of_run(self, number: int, outcomes: Sequence[Outcome]) -> RunTables:
        """Return what some outcomes need of one run."""
        row = self._rows[number]
        tables: dict[str, dict[str, NDArray[np.float64]]] = {}
        for each in outcomes:
            for group in each.groups:
                months = self.has_month[self.groups[group], row]
                for outcome in each.needs:
                    table = tables.setdefault(group, {})
                    if outcome not in table:
                        place = self.groups[group], self.outcomes[outcome], row
                        table[outcome] = self.values[place][months]
        return tables

    def column(self, group: str, outcome: str) -> NDArray[np.float64] | None:
        """Return an outcome of a group, (n_runs, n_dates), NaN beside its months; or none."""
        if group not in self.groups or outcome not in self.outcomes:
            return None
        months = self.has_month[self.groups[group]][self._rows]
        values = self.values[self.groups[group], self.outcomes[outcome]][self._rows]
        is_known = months.any(axis=1).all() and not np.isnan(values[months]).any()
        return values if is_known else None


def _numbered(column: pd.Series) -> tuple[NDArray[np.int64], Sequence]:
    """Return where each value stands among the different ones in order, and these."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        used, numbers = np.unique(column.cat.codes.to_numpy(), return_inverse=True)
        names = column.cat.categories[used].astype(str)
        order = np.argsort(names)
        return np.argsort(order)[numbers], list(names[order])
    numbers, names = pd.factorize(column, sort=True)
    return numbers, list(names)


def _is_computable(outcome: Outcome, months: _Months) -> bool:
    """Whether every group has every needed outcome and somebody lives there."""
    for group in outcome.groups:
        columns = {name: months.column(group, name) for name in outcome.needs}
        known = {name: values for name, values in columns.items() if values is not None}
        if len(known) < len(columns):
            return False
        if "residents" in known and (known["residents"] <= 0).any():
            return False
        if any((np.nansum(known[name], axis=1) <= 0).any() for name in outcome.divides_by):
            return False
    return True
