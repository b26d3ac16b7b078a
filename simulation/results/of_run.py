"""All outcomes of one run, from its frames: of the labour market and of support."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from simulation import register
from simulation.results.outcomes import ni153_rows, outcome_values
from simulation.results.support_values import support_values

if TYPE_CHECKING:
    from simulation.finished.run import Run


def outcomes_of(run: Run) -> pd.DataFrame:
    """Compute every outcome there are figures for.

    Parameters
    ----------
    run : Run
        Without support, its counts of clients and money are zero; if it is shorter than a month,
        there is nothing else.

    Returns
    -------
    DataFrame
        outcome (str), value (float64; NaN for a rate of nobody), unit (str), in the order of
        `simulation.results.outcomes.BY_NAME`.
    """
    columns = ["outcome", "value", "unit"]
    support = support_values(run)
    if run.monthly.empty:
        return support
    # A process may have imported more files of the user's than this run names.
    known = list(register.OUTCOMES.of_files((register.SHIPPED, *run.config.own)))
    wards = ni153_rows(run.monthly, run.manifest.get("ni153_wards", []))
    monthly = pd.concat([run.monthly[run.monthly["ward"] == "all"], wards], ignore_index=True)
    market = outcome_values(monthly.assign(arm="run", seed=run.seed))
    market = market.loc[market["outcome"].isin(known), columns]
    return pd.concat([market, support], ignore_index=True)
