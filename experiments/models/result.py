"""What one run of any model gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from simulation.finished.run import Run


@dataclass(frozen=True)
class Result:
    """The results of one run.

    Attributes
    ----------
    outcomes : dict of str to float
        Finite figures; a pure function of values and seed.
    months : DataFrame or None
        date, group and one float64 column a monthly outcome, where there are months.
    n_people : int
        Agents in the run.
    run : Run or None
        All frames of a labour market.
    """

    outcomes: dict[str, float]
    months: pd.DataFrame | None
    n_people: int
    run: Run | None
