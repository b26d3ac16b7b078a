"""Chances and draws, one at a time."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

import numba
import numpy as np

from simulation.streams import Stream, draw

WEEKS_PER_YEAR = 52
LOGISTIC_SD = math.pi / math.sqrt(3.0)
engine_draw = numba.njit(draw)
"""As written it is slow, and a run of people one by one draws millions of times."""


class Dice:
    """Four uniforms for a stream, a week, whom it concerns and a pair; the same for ever.

    Parameters
    ----------
    seed : int
        0 to 2**64 - 1.
    """

    def __init__(self, seed: int) -> None:
        self._key = np.uint64(seed)

    def roll(self, stream: Stream, week: int, who: int, pair: int = 0) -> tuple[float, ...]:
        """Return u0 to u3, each in (0, 1)."""
        return engine_draw(self._key, int(stream), week, who, pair)


def logistic(uniform: float) -> float:
    """Return a standard logistic variate."""
    return math.log(uniform / (1.0 - uniform))


def weekly(rate_per_year: float) -> float:
    """Return the chance a week of what happens at a rate a year."""
    return 1.0 - math.exp(-rate_per_year / WEEKS_PER_YEAR)


def cumulative(weights: Sequence[float]) -> list[float]:
    """Return running totals of weights, ending in one."""
    totals = list(accumulate(weights))
    return [total / totals[-1] for total in totals]


def searched(table: Sequence[float], uniform: float) -> int:
    """Return the entry of a cumulative table that a uniform falls in."""
    return bisect_right(table, uniform)
