"""A run's moments beside the data, row by row, with the distance in tolerances."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from experiments.validation.rows import CALIBRATE, CHECK, REGION, Row
from simulation.inputs.shipped import shipped_names
from simulation.results.moments.catalogue import MOMENTS, moment_values
from simulation.results.moments.flows import FLOW, INACTIVE, PAIRS, SEEKING, WORK, new_people
from simulation.results.moments.periods import period_of
from simulation.results.moments.stationary import stationary_hazards

if TYPE_CHECKING:
    from simulation.results.moments.history import History

COLUMNS = (
    "moment", "unit", "period", "basis", "data", "source", "tolerance", "model", "distance", "role",
    "left_out",
)  # fmt: skip
ONLY_CHECKED = ("tyne_and_wear",)
"""Areas nothing was fitted to: their rows are for checking only."""
STATES = (WORK, SEEKING, INACTIVE)
REGION_PERIOD, REGION_NEAR = "2007", 0.25


def region_rows(rows: pd.DataFrame, history: History) -> pd.DataFrame:
    """Return the six flows moved to where the run's stocks of its first month stand still.

    That people grow into and out of the working age is taken from the run, as far as it is known.

    Parameters
    ----------
    rows : DataFrame
        With the flows of the UK in `REGION_PERIOD`.
    history : History
    """
    of_uk = rows[(rows["period"] == REGION_PERIOD) & (rows["basis"] == "UK")]
    known = of_uk.drop_duplicates("moment").set_index("moment")["data"]
    names = [begin + FLOW + end for begin, end in PAIRS]
    if not set(names) <= set(known.index):
        return pd.DataFrame(columns=list(Row._fields))
    first = history.area.iloc[0]
    seekers = first["jsa"] + first["seeking_no_benefit"]
    stocks = np.array(
        [first["employed"], seekers, first["residents"] - first["employed"] - seekers]
    )
    hazards = np.zeros((3, 3))
    places = [(STATES.index(begin), STATES.index(end)) for begin, end in PAIRS]
    for name, place in zip(names, places, strict=True):
        hazards[place] = known[name]
    ageing = stocks.sum() * new_people(history, period_of(REGION_PERIOD, run=history.whole_months))
    still = stationary_hazards(hazards, stocks, ageing)
    source = "ONS X02, moved to where the area's stocks stand still: h exp(l_to - l_from)"
    economy = of_uk.set_index("moment")["economy"]
    return pd.DataFrame(
        [
            Row(
                name, REGION_PERIOD, REGION, still[place], REGION_NEAR * still[place], CALIBRATE,
                economy[name], source,
            )
            for name, place in zip(names, places, strict=True)
        ]
    )  # fmt: skip


def compared(rows: pd.DataFrame, history: History, *, area: str, economy: str) -> pd.DataFrame:
    """Return what a run's moments are beside the data.

    Parameters
    ----------
    rows : DataFrame
        As `Row`; where several have the same moment, period and basis the first counts.
    history : History
    area, economy : str
        Names of the run's; rows of other areas and economies fall away.

    Returns
    -------
    DataFrame
        `COLUMNS`; `distance` is model less data in tolerances; `left_out` says why there is no
        model's figure.

    Raises
    ------
    InputError
        If a row has no moment or period there is.
    """
    areas = set(shipped_names("area", suffix=".yaml")) - {area}
    rows = rows[~rows["basis"].isin(areas) & rows["economy"].isin(["", economy])]
    rows = rows.drop_duplicates(["moment", "period", "basis"]).reset_index(drop=True)
    table = rows.join(moment_values(history, rows["moment"], rows["period"]))
    names = table["moment"].str.partition(":")[0]
    table["unit"] = [MOMENTS[name].unit for name in names]
    table["distance"] = (table["model"] - table["data"]) / table["tolerance"]
    if area in ONLY_CHECKED:
        table["role"] = CHECK
    return table[list(COLUMNS)]
