"""Who lost work when workplaces closed, where they live, and what became of them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from simulation.agents.columns import NO_MOVE, People, age_band
from simulation.categories import AFTER_WEEKS, AGE_BANDS, LEFT, N_LEVELS, STATES, WEEKS_PER_YEAR
from simulation.inputs.area import Area


class LostWork:
    """People whom local closures have laid off.

    Parameters
    ----------
    area : Area
    """

    STATE = ("_week", "_rows", "_frames", "_after")

    def __init__(self, area: Area) -> None:
        self._codes = pd.Index([str(code) for code in area.wards["code"]])
        self._week = np.empty(0, np.int64)
        self._rows = np.empty(0, np.int64)
        self._frames: list[pd.DataFrame] = []
        self._after: dict[int, np.ndarray] = {}

    def add_layoffs(self, people: People, event: int, week: int) -> None:
        """Note whom a closure, by its number in the run, is about to lay off: all who leave now."""
        rows = np.flatnonzero(people.pending != NO_MOVE)
        self._frames.append(self._facts(people, rows, event, week))
        self._rows = np.concatenate([self._rows, rows])
        self._week = np.concatenate([self._week, np.full(rows.size, week)])

    def _facts(self, people: People, rows: np.ndarray, event: int, week: int) -> pd.DataFrame:
        ages = [age_band(int(weeks)) for weeks in people.age_weeks[rows]]
        return pd.DataFrame(
            {
                "event": np.full(rows.size, event, np.int32),
                "week": np.full(rows.size, week, np.int32),
                "person": people.id[rows].astype(np.int32),
                "ward": pd.Categorical.from_codes(people.ward[rows], categories=self._codes),
                "age_band": pd.Categorical.from_codes(ages, categories=pd.Index(AGE_BANDS)),
                "qualification": people.qualification[rows].copy(),
                "level": (people.cell[rows] % N_LEVELS).astype(np.int8),
                "years_in_job": people.weeks_in_state[rows] / WEEKS_PER_YEAR,
                "age_weeks": people.age_weeks[rows].astype(np.int64),
            }
        )

    def add_week(self, people: People, week: int) -> None:
        """Note in which state they are, some weeks after the closure."""
        for after in AFTER_WEEKS:
            due = np.flatnonzero(self._week == week - after)
            if due.size:
                states = self._after.setdefault(after, np.full(0, -1, np.int16))
                states = np.concatenate([states, np.full(self._rows.size - states.size, -1)])
                rows = self._rows[due]
                ages = np.concatenate([frame["age_weeks"] for frame in self._frames])[due]
                # They have aged in the week of the closure too, after they lost their jobs.
                is_same = people.age_weeks[rows] == ages + after + 1
                states[due] = np.where(is_same, people.state[rows], len(STATES))
                self._after[after] = states

    def table(self) -> pd.DataFrame:
        """Return one row an agent who lost work; states are missing beyond the run's end."""
        if not self._frames:
            return pd.DataFrame()
        table = pd.concat(self._frames, ignore_index=True).drop(columns="age_weeks")
        names = pd.Index([*STATES, LEFT])
        for after in AFTER_WEEKS:
            found = self._after.get(after, np.full(0, -1))
            codes = np.concatenate([found, np.full(len(table) - found.size, -1)]).astype(int)
            table[f"state_after_{after}"] = pd.Categorical.from_codes(codes, categories=names)
        return table
