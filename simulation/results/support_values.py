"""Outcomes of support of one run, from its frames: journeys, money, provision, access.

Every figure is one of `simulation.results.support`. Counts are people (agents times
people per agent), costs are GBP for all of them. A share without anything to divide by is left out,
since it is not zero; counts of a run without support are zero.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from simulation.results.journey_values import journey_values, quotient
from simulation.results.provision import (
    CELL,
    MONEY,
    access_ratios,
    provision,
    spend_by_stream,
)
from simulation.results.support import OF_CLIENTS, SUPPORT_OUTCOMES
from simulation.results.treated import treated_people

if TYPE_CHECKING:
    from simulation.finished.run import Run

INTERVENTION = "intervention:"
"""How the names of their streams of money begin."""
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
    values |= delivery_values(run)
    # Places of interventions are for others than clients too, whose jobs nobody counts.
    if not is_paid_for_interventions(run.tables.get("money", NO_MONEY)):
        for_jobs = values["spend_gbp"] - values["in_work_gbp"]
        for cost, base in OF_CLIENTS.items():
            values |= quotient(cost, for_jobs, values[base])
    if "people" in run.tables:
        ratios = access_ratios(run.tables["people"], treated_people(run))
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
    """Keep the outcomes of which every run has a number, as a paired comparison needs.

    Parameters
    ----------
    values : DataFrame
        arm, seed, outcome, value ...: outcomes of several runs. A rate of nobody is no number.
    """
    n_runs = len(values[["arm", "seed"]].drop_duplicates())
    found = np.isfinite(values["value"]).groupby(values["outcome"]).transform("sum")
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
        **_unmet_by_group(coverage),
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


def is_paid_for_interventions(money: pd.DataFrame) -> bool:
    """Whether a run has spent anything on interventions."""
    table = spend_by_stream(money)
    is_own = table["stream"].astype(str).str.startswith(INTERVENTION)
    return bool((table.loc[is_own, "spend_gbp"] > 0).any())


def _unmet_by_group(coverage: pd.DataFrame) -> dict[str, float]:
    """Say whose need is not met: of people in work, without a benefit, on benefits."""
    by_group = provision(coverage, by=("group",)).set_index("group")["unmet"]
    by_group.index = by_group.index.astype(str)
    in_work = float(by_group.get("employed", 0.0))
    no_benefit = float(by_group.get("no_benefit", 0.0))
    return {
        "unmet_need_in_work": in_work,
        "unmet_need_no_benefit": no_benefit,
        "unmet_need_on_benefit": float(by_group.sum()) - in_work - no_benefit,
    }


def delivery_values(run: Run) -> dict[str, float]:
    """Say what money bought: training of people in work, idle grants, caseloads, places filled."""
    clients = run.tables.get("clients")
    contracts, providers = run.tables.get("contracts"), run.tables.get("providers")
    if clients is None or contracts is None or providers is None:
        return {"in_work_gbp": 0.0}
    is_in_work = (clients["group"] == "employed").to_numpy()
    is_grant = ~contracts["contract"].isin(
        clients.loc[clients["earned_gbp"] > 0.0, "contract"].unique()
    )
    ahead = (contracts["earned_gbp"] - contracts["used_gbp"])[is_grant].clip(lower=0.0)
    idle, paid = float(ahead.sum()), float(contracts["earned_gbp"].sum())
    caseload, capacity = (
        float(providers[f"mean_{name}"].sum()) for name in ("caseload", "capacity")
    )
    return {
        "in_work_gbp": float(clients["earned_gbp"].to_numpy()[is_in_work].sum()),
        "idle_gbp": idle,
        **quotient("idle_share", idle, paid, factor=100.0),
        "caseload_mean": caseload,
        **quotient(
            "clients_per_adviser",
            caseload,
            capacity,
            factor=float(run.config.providers.clients_per_adviser),
        ),
    }
