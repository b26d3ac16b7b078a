"""Outcomes of support of one run, from its frames: journeys, money, provision, access.

Every figure is one of `simulation.results.support`. Counts are people (agents times
people per agent), costs are GBP for all of them. A share without anything to divide by is left out,
since it is not zero; counts of a run without support are zero.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from simulation.results.journey_values import journey_values, quotient
from simulation.results.provision import (
    CELL,
    MONEY,
    access_ratios,
    provision,
    spend_by_stream,
)
from simulation.results.support import SUPPORT_OUTCOMES

if TYPE_CHECKING:
    from simulation.finished.run import Run

NO_MONEY = pd.DataFrame(columns=["date", "stream", *MONEY])
NO_COVERAGE = pd.DataFrame(columns=["date", *CELL, "need", "places", "waiting"])


def support_values(run: Run) -> pd.DataFrame:
    """Compute every outcome of support of one run.

    Parameters
    ----------
    run : Run
        Frames that a run without support lacks count as without rows.

    Returns
    -------
    DataFrame
        outcome (str), value (float64, finite), unit (str), in the order of `SUPPORT_OUTCOMES`.

    Raises
    ------
    InputError
        When frames lack columns or a record does not begin at its beginning.
    """
    values = journey_values(run)
    values |= provision_values(run.tables.get("coverage", NO_COVERAGE))
    values |= money_values(run.tables.get("money", NO_MONEY))
    for cost, base in (
        ("engaged", "engaged"),
        ("job", "job_entries"),
        ("sustained_job", "sustained_26_weeks"),
    ):
        values |= quotient(f"cost_per_{cost}", values["spend_gbp"], values[base])
    if "people" in run.tables:
        ratios = access_ratios(run.tables["people"])
        values |= {f"access_ratio_{name}": ratio for name, ratio in ratios.items()}
    return pd.DataFrame(
        [
            (outcome.name, float(values[outcome.name]), outcome.unit)
            for outcome in SUPPORT_OUTCOMES
            if outcome.name in values
        ],
        columns=["outcome", "value", "unit"],
    )


def common_outcomes(values: pd.DataFrame) -> pd.DataFrame:
    """Keep the outcomes every run has, as a paired comparison needs.

    Parameters
    ----------
    values : DataFrame
        arm, seed, outcome, value ...: what `support_values` gave for several runs.
    """
    n_runs = len(values[["arm", "seed"]].drop_duplicates())
    found = values.groupby("outcome")["value"].transform("size")
    return values[found == n_runs].reset_index(drop=True)


def provision_values(coverage: pd.DataFrame) -> dict[str, float]:
    """Compute unmet need, over-provision and coverage of the area.

    A run without support has no rows: nothing is double and nobody waits, but its unmet need was
    not measured and is left out.
    """
    table = provision(coverage, by=())
    if table.empty:
        return {"over_provision": 0.0, "waiting_mean": 0.0}
    row = table.iloc[0]
    return {
        "unmet_need": float(row["unmet"]),
        "over_provision": float(row["over_provision"]),
        "waiting_mean": float(row["waiting"]),
        **quotient("coverage_share", float(row["covered"]), float(row["need"]), factor=100.0),
    }


def money_values(money: pd.DataFrame) -> dict[str, float]:
    """Sum the accounts of all streams at the end, GBP; zeros without rows."""
    total = spend_by_stream(money).drop(columns="stream").sum()
    values = {
        name: float(total[name])
        for name in ("committed_gbp", "paid_gbp", "administration_gbp", "spend_gbp", "unused_gbp")
    }
    return {"budget_gbp": float(total["budget_gbp"] - total["pooled_gbp"]), **values}
