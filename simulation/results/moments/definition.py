"""What a moment is: a name, a unit, what it means, and how it follows from a run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from simulation.results.moments.history import EVENTS, MONTHS, History
from simulation.results.moments.periods import Period

SHARE, CHANGE = "per cent", "per cent change"


@dataclass(frozen=True)
class Moment:
    """One figure that a run and statistics both have.

    Attributes
    ----------
    name, unit, definition : str
        Key in the tables; unit; one sentence.
    function : callable
        (history, period, subject) to the figure; not a number where there is nothing to divide by.
    needs : str
        MONTHS, or EVENTS where it follows from everybody's changes.
    subjects : tuple of str
        What it may be asked of apart, `NAME:SUBJECT`; "district" stands for any district.
    """

    name: str
    unit: str
    definition: str
    function: Callable[[History, Period, str], float]
    needs: str = MONTHS
    subjects: tuple[str, ...] = ()


def of_events(
    name: str,
    unit: str,
    definition: str,
    function: Callable[[History, Period, str], float],
    subjects: tuple[str, ...] = (),
) -> Moment:
    """Make a moment that follows from everybody's changes."""
    return Moment(name, unit, definition, function, EVENTS, subjects)


def over(part: ArrayLike, whole: ArrayLike, *, times: float = 100.0) -> float:
    """Return the sum of a part over that of the whole; not a number where that is none."""
    total = float(np.sum(whole))
    return times * float(np.sum(part)) / total if total else np.nan
