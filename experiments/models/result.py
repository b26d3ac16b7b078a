"""What one run of any model gives, and what it may go on from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

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


@dataclass(frozen=True)
class History:
    """What the past of a run depends on, besides model and seed.

    Attributes
    ----------
    until : callable
        From a number of weeks to the values that matter in them, as in JSON.
    version : str
        Of the code.
    inputs : dict of str to str
        Digest of every file of the user's that matters from the first week on.
    """

    until: Callable[[int], dict[str, Any]]
    version: str
    inputs: dict[str, str]


class Past(Protocol):
    """What a run goes on from, and who keeps its states."""

    since: bytes | None

    def keep(self, week: int, state: Callable[[], bytes]) -> None:
        """Keep the state after a week, if it is wanted."""
