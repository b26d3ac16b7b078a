"""The dose: what part of the money, places and people a regime moved against another.

Two worlds are compared cell by cell; what was moved is the part of the larger that the other does
not have in the same cell, less what the luck of single people alone would show.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from simulation.results.provision import spend_by_stream
from simulation.results.support_values import NO_MONEY

if TYPE_CHECKING:
    from simulation.finished.run import Run

WHATS = {
    "money": "pounds paid, by who pays, on which terms, and whether through a prime contractor",
    "places": "places in contracts, by ward, client group and stage",
    "people": "people engaged or helped, by client group, kind of ward and district",
}
"""What is moved, and by what it is told apart."""
LEAST = 0.05
"""A regime that moved less of everything has hardly happened."""
DOSE = ("arm", "against", "what", "share", "n_seeds")
CELLS = ("what", "cell", "value")
BEGUN = ("engaged", "helped")


def dose_cells(run: Run) -> pd.DataFrame:
    """Lay out what a run's money, places and people went to.

    Parameters
    ----------
    run : Run
        Without support there are no rows.

    Returns
    -------
    DataFrame
        what (of `WHATS`), cell (text), value: GBP, starts a year (mean of months), people.
    """
    if "contracts" not in run.tables:
        return pd.DataFrame({name: [] for name in CELLS})
    return pd.concat([_money(run), _places(run), _people(run)], ignore_index=True)


def _summed(what: str, parts: list[pd.Series], values: pd.Series) -> pd.DataFrame:
    """Add values up by the parts of a cell's name."""
    total = values.groupby(parts, observed=True, sort=False).sum()
    cells = ["|".join(map(str, np.atleast_1d(key))) for key in total.index]
    text = pd.array(cells, dtype="str")
    table = pd.DataFrame({"what": what, "cell": text, "value": total.to_numpy(np.float64)})
    return table.sort_values("cell", ignore_index=True)


def _money(run: Run) -> pd.DataFrame:
    """Pounds paid under contracts, and by streams that have none, such as interventions."""
    contracts = run.tables["contracts"]
    parts = [contracts["stream"], contracts["terms"], contracts["prime"] >= 0]
    paid = _summed("money", parts, contracts["paid_gbp"])
    streams = spend_by_stream(run.tables.get("money", NO_MONEY))
    others = streams[~streams["stream"].astype(str).isin(contracts["stream"].astype(str))]
    more = others[others["paid_gbp"] > 0]
    return pd.concat([paid, _summed("money", [more["stream"]], more["paid_gbp"])])


def _places(run: Run) -> pd.DataFrame:
    coverage = run.tables["coverage"]
    n_months = max(coverage["date"].nunique(), 1)
    parts = [coverage[name] for name in ("ward", "group", "stage")]
    return _summed("places", parts, coverage["places"] / n_months)


def _people(run: Run) -> pd.DataFrame:
    clients = run.tables["clients"]
    begun = clients[clients["event"].isin(BEGUN)].astype({"ward": str})
    wards = run.wards.astype({"code": str}).set_index("code")
    parts = [begun["group"], *(begun["ward"].map(wards[each]) for each in ("priority", "district"))]
    ones = pd.Series(float(run.config.people_per_agent), index=begun.index)
    return _summed("people", parts, ones)


def dose(cells: pd.DataFrame, *, against: str, seeds: Sequence[int]) -> pd.DataFrame:
    """Say how much each arm moved against one.

    Parameters
    ----------
    cells : DataFrame
        arm, seed and the columns `CELLS`; arms without rows are left out.
    against : str
        The arm the others are held against.
    seeds : sequence of int
        Of every arm; one in which an arm has no cells counts as nought.

    Returns
    -------
    DataFrame
        Columns `DOSE`; share is 0 to 1. From two seeds on, each cell's mean difference is less by
        what chance shows on average where there is none, sqrt(2 / pi) of its standard error. What
        neither arm has anything of has no row; no rows if the arm `against` has no cells.
    """
    arms = sorted(cells["arm"].unique())
    if against not in arms:
        return pd.DataFrame(columns=list(DOSE))
    runs = pd.MultiIndex.from_product([arms, seeds], names=["arm", "seed"])
    rows = []
    for what, own in cells.groupby("what", sort=False):
        wide = own.pivot(index="cell", columns=["arm", "seed"], values="value")
        wide = wide.reindex(columns=runs).fillna(0.0)
        rows += [
            (arm, against, what, _moved(wide[arm].to_numpy(), wide[against].to_numpy()), len(seeds))
            for arm in arms
            if arm != against
        ]
    table = pd.DataFrame(rows, columns=list(DOSE)).dropna(subset="share")
    order = {what: place for place, what in enumerate(WHATS)}
    return table.sort_values("what", key=lambda each: each.map(order), kind="stable").reset_index(
        drop=True
    )


def _moved(with_arm: np.ndarray, with_other: np.ndarray) -> float:
    """Return the share moved; both are cells by seeds."""
    differences = with_arm - with_other
    size = np.abs(differences.mean(axis=1))
    n_seeds = differences.shape[1]
    if n_seeds > 1:
        error = differences.std(axis=1, ddof=1) / np.sqrt(n_seeds)
        size = np.maximum(size - np.sqrt(2 / np.pi) * error, 0.0)
    is_more = differences.mean(axis=1) > 0
    larger = max(with_arm.mean(axis=1).sum(), with_other.mean(axis=1).sum())
    if larger <= 0:
        return np.nan
    return float(max(size[is_more].sum(), size[~is_more].sum()) / larger)


def hardly_happened(table: pd.DataFrame) -> list[str]:
    """List the arms that moved less than `LEAST` of everything there was to move."""
    most = table.groupby("arm", sort=False)["share"].max()
    return [str(arm) for arm in most.index[most < LEAST]]
