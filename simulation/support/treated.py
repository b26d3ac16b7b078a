"""Everybody support has treated: who is here still, and those who have left since."""

from __future__ import annotations

import numpy as np
import pandas as pd

from simulation.agents.clients import NO_WEEK, Clients
from simulation.agents.columns import People
from simulation.categories import STILL_HERE


class Departed:
    """Treated people who have left the area or reached 65, in the order in which they did."""

    STATE = ("_weeks",)

    def __init__(self) -> None:
        self._weeks: list[np.ndarray] = []

    def add_week(self, clients: Clients, newcomers: np.ndarray, week: int) -> None:
        """Keep who left this week, before what was done to them is wiped from their slots.

        Parameters
        ----------
        clients : Clients
        newcomers : ndarray of int64, shape (k,)
            Rows that began again this week.
        week : int
        """
        rows = newcomers[clients.treated_week[newcomers] != NO_WEEK]
        if rows.size:
            columns = rows, clients.treated_week[rows], clients.programme[rows]
            self._weeks.append(np.stack([*columns, np.full(rows.size, week)]).astype(np.int32))

    def table(self, people: People, clients: Clients, streams: list[str]) -> pd.DataFrame:
        """Return one row a treated person, whether here still or not, by slot and time."""
        here = np.flatnonzero(clients.treated_week != NO_WEEK)
        present = here, clients.treated_week[here], clients.programme[here]
        still = np.full(here.size, STILL_HERE)
        everybody = np.concatenate([*self._weeks, np.stack([*present, still])], axis=1)
        rows, treated_week, programme, left_week = everybody[
            :, np.lexsort((everybody[1], everybody[0]))
        ]
        return pd.DataFrame(
            {
                "person": people.id[rows].astype(np.int32),
                "treated_week": treated_week.astype(np.int16),
                "programme": pd.Categorical.from_codes(programme, categories=pd.Index(streams)),
                "left_week": left_week.astype(np.int16),
            }
        )
