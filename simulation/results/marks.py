"""Bits of the people frame: who was in work, and who claimed, at the end of every fourth week."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from simulation.categories import MARKS_A_WORD

IN_WORK, CLAIMING = "in_work_", "claiming_"
"""Columns are so named and numbered: bit k of number n is the end of week 4 (64 n + k) + 3."""


def marks_of(people: pd.DataFrame, kind: str, n_marks: int) -> Iterator[NDArray[np.bool_]]:
    """Give the marks of a kind, `IN_WORK` or `CLAIMING`, in order, each of shape (n,)."""
    for number in range(n_marks):
        word, bit = divmod(number, MARKS_A_WORD)
        bits = people[f"{kind}{word}"].to_numpy(np.uint64)
        yield (bits >> np.uint64(bit)) & np.uint64(1) == np.uint64(1)


def mark_at(people: pd.DataFrame, kind: str, number: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Read a mark of each person's own, (n,); False before the first."""
    found = np.zeros(len(people), np.bool_)
    for word in range(int(number.max(initial=0)) // MARKS_A_WORD + 1):
        rows = np.flatnonzero((number >= 0) & (number // MARKS_A_WORD == word))
        bits = people[f"{kind}{word}"].to_numpy(np.uint64)[rows]
        found[rows] = bits >> (number[rows] % MARKS_A_WORD).astype(np.uint64) & np.uint64(1)
    return found
