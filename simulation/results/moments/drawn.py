"""What pictures of a run beside the data are drawn from: moments by quarter, survival, wards."""

from __future__ import annotations

import numpy as np
import pandas as pd

from simulation.results.moments.catalogue import moment_values
from simulation.results.moments.claims import CLAIM_AGES, JSA, begun
from simulation.results.moments.flows import FLOW, PAIRS
from simulation.results.moments.history import History
from simulation.results.moments.periods import period_of

HAZARDS = tuple(begin + FLOW + end for begin, end in PAIRS)
BY_QUARTER = (
    *HAZARDS,
    "job_to_job",
    "entrants_from_inactivity",
    "unemployment_rate",
    "open_vacancies",
    "vacancy_weeks",
    "redundancies",
)
BY_MONTH = tuple(
    f"{name}_over_{months}_months" for name in ("jsa", "unemployed") for months in (6, 12, 24)
)
"""Taken at the end of the middle month of each quarter."""
SURVIVAL_PERIOD, SURVIVAL_WEEKS = "2007", 78


def by_quarter(history: History, rows: pd.DataFrame) -> pd.DataFrame:
    """Return moments of the model quarter by quarter, with the data where there are any.

    Parameters
    ----------
    history : History
    rows : DataFrame
        moment, period, data: rows of a quarter, or of a quarter's middle month.

    Returns
    -------
    DataFrame
        moment, period (as `2008Q1`), model, data.
    """
    first, last = history.whole_months
    quarters = [str(each) for each in pd.period_range(first, last, freq="Q")]
    asked = [(name, quarter, quarter) for name in BY_QUARTER for quarter in quarters]
    middles = [str(pd.Period(each, "Q").asfreq("M", "start") + 1) for each in quarters]
    asked += [
        (name, quarter, month)
        for name in BY_MONTH
        for quarter, month in zip(quarters, middles, strict=True)
    ]
    table = pd.DataFrame(asked, columns=["moment", "period", "at"])
    table["model"] = moment_values(history, table["moment"], table["at"])["model"]
    known = rows.dropna(subset=["data"]).drop_duplicates(["moment", "period"])
    data = known.set_index(["moment", "period"])["data"]
    table["data"] = data.reindex(pd.MultiIndex.from_frame(table[["moment", "at"]])).to_numpy()
    return table.drop(columns="at")


def survival(history: History) -> pd.DataFrame:
    """Return the share of claims for JSA begun in 2007 that go on, per cent, by weeks.

    Columns `all` and each age band; empty where the run is too short or kept no events.
    """
    period = period_of(SURVIVAL_PERIOD, run=history.whole_months)
    too_short = history.weeks_of(period)[1] + SURVIVAL_WEEKS > history.n_weeks
    if not history.has_events or not history.covers(period) or too_short:
        return pd.DataFrame()
    spells, weeks = history.spells(*JSA), np.arange(SURVIVAL_WEEKS + 1)
    shares = {}
    for name in ("all", *CLAIM_AGES):
        chosen = begun(history, spells, period, "" if name == "all" else name)
        lasted = np.sort(spells.end[chosen].astype(np.int64) - spells.start[chosen])
        ended = np.searchsorted(lasted, weeks, side="right")
        shares[name] = 100.0 * (1.0 - ended / max(lasted.size, 1))
    return pd.DataFrame(shares, index=pd.Index(weeks, name="weeks"))


def ward_rates(history: History, month: str) -> pd.Series:
    """Return claimants of JSA, IB and ESA per 100 residents of each ward in a month, by code."""
    rows = history.wards_in(pd.Timestamp(month)).reindex(columns=["jsa", "ib_esa", "residents"])
    claimants = rows[["jsa", "ib_esa"]].sum(axis=1)
    return 100.0 * claimants / rows["residents"]
