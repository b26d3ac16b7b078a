"""Who was in work where, every half year: what pairs of runs are compared by, person by person."""

from __future__ import annotations

import numpy as np
import pandas as pd

from simulation.agents.clients import client_group
from simulation.agents.columns import NO_CELL, People, age_band
from simulation.agents.groups import HEALTHS
from simulation.categories import (
    AGE_BANDS,
    BENEFIT_STATES,
    CLIENT_GROUPS,
    ETHNICITIES,
    MARK_WEEKS,
    MARKS_A_WORD,
    N_LEVELS,
    STILL_HERE,
)
from simulation.compile import kernel
from simulation.inputs.area import Area

SNAPSHOT_WEEKS = 26


@kernel
def first_groups(people: People, group: np.ndarray, band: np.ndarray) -> None:
    """Write each person's client group and age band, int8 (n,)."""
    for row in range(people.state.size):
        group[row] = client_group(people, row)
        band[row] = age_band(people.age_weeks[row])


class PeopleRecord:
    """Each person at the start, their employer every half year, and when they worked or claimed.

    Bit k of `in_work_0`, uint64, says whether the person was in work at the end of week 4 k + 3;
    `in_work_1` goes on from bit 64. `claiming_0` says likewise who was on an out-of-work benefit.

    Parameters
    ----------
    people : People
    area : Area
    n_weeks : int
    """

    RESIZED = ("_marks",)
    STATE = (*RESIZED, "_employers", "_left_week")

    def __init__(self, people: People, area: Area, n_weeks: int) -> None:
        n = people.id.size
        group, band = np.zeros(n, np.int8), np.zeros(n, np.int8)
        first_groups(people, group, band)
        codes = [str(code) for code in area.wards["code"]]

        def category(numbers, names) -> pd.Categorical:
            return pd.Categorical.from_codes(numbers, categories=pd.Index(list(names)))

        self._columns = {
            "person": people.id.astype(np.int32),
            "ward": category(people.ward, codes),
            "priority": area.priority[people.ward].astype(bool),
            "group": category(group, CLIENT_GROUPS),
            "age_band": category(band, AGE_BANDS),
            "ethnicity": category(people.ethnicity, ETHNICITIES),
            "health": category(people.health, HEALTHS),
            "is_lone_parent": people.is_lone_parent.copy(),
        }
        self._n_weeks = n_weeks
        n_words = -(-(n_weeks // MARK_WEEKS) // MARKS_A_WORD)
        self._marks = {kind: np.zeros((n_words, n), np.uint64) for kind in ("in_work", "claiming")}
        self._employers: dict[str, np.ndarray] = {}
        self._left_week = np.full(n, STILL_HERE, np.int16)

    def add_week(self, people: People, newcomers: np.ndarray, week: int) -> None:
        """Keep who left in a week, and where everybody works at its end if that is one of those.

        Parameters
        ----------
        people : People
        newcomers : ndarray of int64, shape (k,)
            Rows that began again this week.
        week : int
        """
        self._left_week[newcomers[self._left_week[newcomers] == STILL_HERE]] = week
        number = week + 1
        if number % MARK_WEEKS == 0:
            word, bit = divmod(number // MARK_WEEKS - 1, MARKS_A_WORD)
            claims = (people.state >= BENEFIT_STATES[0]) & (people.state <= BENEFIT_STATES[-1])
            for kind, holds in (("in_work", people.cell != NO_CELL), ("claiming", claims)):
                self._marks[kind][word] |= holds.astype(np.uint64) << np.uint64(bit)
        if number % SNAPSHOT_WEEKS == 0 or number == self._n_weeks:
            at_work = people.cell != NO_CELL
            self._employers[f"employer_w{number:03d}"] = np.where(
                at_work, people.cell // N_LEVELS, -1
            ).astype(np.int32)

    def table(self) -> pd.DataFrame:
        """Return one row a slot: who was there at the start, until when, work at each snapshot."""
        left = {"left_week": self._left_week}
        marks = {
            f"{kind}_{word}": bits
            for kind, words in self._marks.items()
            for word, bits in enumerate(words)
        }
        return pd.DataFrame({**self._columns, **left, **marks, **self._employers})
