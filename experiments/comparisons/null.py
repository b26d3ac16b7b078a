"""`null.csv`: what alignment changed, beside what an evaluator with one region could have seen.

City Strategy was judged by the change of the claimant gap of each pathfinder. Wherever arms called
fragmented and aligned are compared, that change is set against the luck of a single region, and
beside it stands what paired runs show of the people who were treated.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from simulation.categories import MONTHS_PER_YEAR
from simulation.config import Config
from simulation.results.detectable import MINIMUM, history_table
from simulation.results.measured import at_the_end
from simulation.results.national import claimant_rate
from simulation.results.outcomes import area_tables, claimant_gaps
from simulation.results.paired import mean_interval

ALIGNED, FRAGMENTED = "aligned", "fragmented"
MOST_YEARS, LEAST_YEARS = 4, 2
NI152 = "ni_152"
COLUMNS = (
    "outcome", "unit", "arm", "baseline", "effect", "low", "high", *MINIMUM, "n_seeds", "note",
)  # fmt: skip
TREATED = {
    "net_jobs_of_treated_people": "people",
    "employment_of_treated_people": "percentage points",
}


def null_table(
    pairs: pd.DataFrame, monthly: pd.DataFrame, *, config: Config, baseline: str
) -> pd.DataFrame:
    """Compare aligned with fragmented as an evaluator could, and each with no support by pairs.

    Parameters
    ----------
    pairs : DataFrame
        Flows between each run and the baseline's, by arm and seed.
    monthly : DataFrame
        arm, seed, date, ward, group, outcome, value.
    config : Config
        Of any arm: when the partnership starts, how many people an agent stands for.
    baseline : str
        The arm the runs were paired with.

    Returns
    -------
    DataFrame
        Columns `COLUMNS`, one row an outcome and pair of arms; no rows without both arms or in
        runs of less than two years. The smallest detectable effect is that of a region at full
        size, however thinned the runs are; it is missing where no evaluator of one region could
        look: pairs of one person are seen in a model alone.
    """
    if not {ALIGNED, FRAGMENTED} <= set(monthly["arm"].unique()):
        return pd.DataFrame(columns=list(COLUMNS))
    compared = [(ALIGNED, FRAGMENTED)]
    compared += [(ALIGNED, baseline)] if baseline not in (ALIGNED, FRAGMENTED) else []
    size = config.people_per_agent
    rates = {NI152: _claimant_rates(monthly), "": claimant_gaps(monthly)}
    rows = []
    for outcome, table in sorted(rates.items()):
        months, n_years = window(table, config=config)
        if n_years < LEAST_YEARS:
            continue
        for arm, other in compared:
            row = history_table(
                months, arm=arm, baseline=other, n_years=n_years, people_per_agent=size
            )
            rows.append(_with_first_month(row, months, outcome))
    rows += [_treated(pairs, arm, baseline) for arm in (ALIGNED, FRAGMENTED)]
    rows = [row for row in rows if len(row)]
    return pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(columns=list(COLUMNS))


def window(rates: pd.DataFrame, *, config: Config) -> tuple[pd.DataFrame, int]:
    """Keep the months from the last before the partnership starts, and count the whole years.

    If the partnership begins too late or too early for two years, the run's first month is the
    first of the window. At most four years are counted.
    """
    dates = sorted(rates["date"].unique())
    before = (pd.Period(config.partnership.start, "M") - 1).to_timestamp()
    for first in (before, min(dates, default=before)):
        kept = [date for date in dates if date >= first]
        n_years = min((len(kept) - 1) // MONTHS_PER_YEAR, MOST_YEARS)
        if n_years >= LEAST_YEARS:
            break
    return rates[rates["date"].isin(kept)], n_years


def _claimant_rates(monthly: pd.DataFrame) -> pd.DataFrame:
    """Return NI 152 by month, in the shape of the claimant gaps."""
    return claimant_rate(area_tables(monthly)).rename("gap").reset_index()


def _with_first_month(row: pd.DataFrame, months: pd.DataFrame, outcome: str) -> pd.DataFrame:
    """Say from when on months were compared, and name the outcome if it is not that of the row."""
    first = pd.Timestamp(months["date"].min())
    row["note"] += f" From {first:%B %Y}."
    if outcome:
        row["outcome"] = outcome
    return row


def _treated(pairs: pd.DataFrame, arm: str, baseline: str) -> pd.DataFrame:
    """Net jobs of the treated of one arm against no support, pair by pair."""
    rows: list[tuple] = []
    if len(pairs):
        flows = at_the_end(pairs[pairs["work"] == "employed"])
        flows = flows[(flows["arm"] == arm) & (flows["by"] == "all")]
        jobs = flows["gains"] - flows["losses"]
        shares = (100.0 * jobs / flows["treated"]).where(flows["treated"] > 0)
        unseen = np.full(len(MINIMUM), np.nan)
        note = "Pairs of runs that differ in support alone, at the end; clients only."
        for (outcome, unit), values in zip(TREATED.items(), (jobs, shares), strict=True):
            if len(values) and np.isfinite(values).all():
                effect = (float(each) for each in mean_interval(values))
                rows.append((outcome, unit, arm, baseline, *effect, *unseen, len(values), note))
    return pd.DataFrame(rows, columns=list(COLUMNS))
