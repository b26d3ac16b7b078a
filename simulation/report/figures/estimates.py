"""Numbers with intervals out of the table of additionality, as intervals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from simulation.errors import InputError
from simulation.report.pen import figure, measured

ADDITIONALITY_COLUMNS = (
    "arm", "scope", "outcome", "unit", "mean", "low", "high", "n_seeds", "note",
)  # fmt: skip


class Estimate(NamedTuple):
    """A mean over seeds with its 95% interval; limits are not finite where there is none."""

    mean: float
    low: float
    high: float
    n_seeds: int
    note: str

    @property
    def has_interval(self) -> bool:
        """Whether both limits are finite."""
        return bool(np.isfinite(self.low) and np.isfinite(self.high))

    @property
    def is_clear(self) -> bool:
        """Whether the interval leaves zero out."""
        return bool(self.low > 0 or self.high < 0)

    def text(self, unit: str = "people", *, signed: bool = False) -> str:
        """Write the mean with its unit and interval."""
        return measured(self.mean, self.low, self.high, unit=unit, signed=signed)

    def alone(self, unit: str = "people", *, signed: bool = False) -> str:
        """Write the mean as precisely as its interval allows, without interval and unit."""
        return figure(self.mean, unit, within=(self.low, self.high), signed=signed)


def estimate(additionality: pd.DataFrame, arm: str, scope: str, outcome: str) -> Estimate | None:
    """Find one number of an arm, or None if the table lacks it or its mean is not a number.

    Parameters
    ----------
    additionality : DataFrame
        Columns `ADDITIONALITY_COLUMNS`.
    arm, scope, outcome : str

    Raises
    ------
    InputError
        When the number is there twice.
    """
    rows = additionality[
        (additionality["arm"] == arm)
        & (additionality["scope"] == scope)
        & (additionality["outcome"] == outcome)
    ]
    if len(rows) > 1:
        raise InputError(
            f"additionality: {outcome} of {scope} of arm {arm} is there {len(rows)} times; one row"
            " is allowed"
        )
    if rows.empty or not np.isfinite(rows["mean"].iloc[0]):
        return None
    row = rows.iloc[0]
    mean, low, high = (float(row[name]) for name in ("mean", "low", "high"))
    return Estimate(mean, low, high, int(row["n_seeds"]), str(row["note"]))


def arms_with(additionality: pd.DataFrame, arms: Sequence[str], outcome: str) -> list[str]:
    """List the arms for which the whole area has the outcome, in the order given.

    Raises
    ------
    InputError
        When there is none.
    """
    found = [arm for arm in arms if estimate(additionality, arm, "all", outcome) is not None]
    if not found:
        raise InputError(f"additionality: no arm has {outcome} for the area as a whole")
    return found


def seeds_of(additionality: pd.DataFrame) -> int:
    """Fewest seeds any row rests on."""
    return int(additionality["n_seeds"].min())
