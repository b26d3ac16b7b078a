"""Who was treated when, person by person: slots of people frames begin again with others."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from simulation.finished.run import Run

NO_TREATED = pd.DataFrame(
    {
        "person": np.zeros(0, np.int32),
        "treated_week": np.zeros(0, np.int16),
        "programme": pd.Categorical([]),
        "left_week": np.zeros(0, np.int16),
    }
)


class Treatment(NamedTuple):
    """The first treatment of who is in each slot; arrays have shape (n,)."""

    week: np.ndarray
    """int64, -1 never treated."""
    programme: pd.Categorical
    """The stream it came from, missing if never."""


def treated_people(run: Run) -> pd.DataFrame:
    """Return the frame `treated` of a run, without rows if it has none."""
    return run.tables.get("treated", NO_TREATED)


def slots_of(people: pd.DataFrame, treated: pd.DataFrame) -> np.ndarray:
    """Return the row of the people frame in which each treated person is, or was."""
    return pd.Index(people["person"]).get_indexer(pd.Index(treated["person"]))


def treatment_at(people: pd.DataFrame, treated: pd.DataFrame, week: int) -> Treatment:
    """Return how those who are in the slots after so many weeks had been treated by then."""
    left = treated["left_week"].to_numpy()
    is_here = (treated["treated_week"].to_numpy() < week) & ((left < 0) | (left >= week))
    here = treated[is_here]
    slots, streams = slots_of(people, here), here["programme"].cat
    weeks, codes = np.full((2, len(people)), -1)
    weeks[slots], codes[slots] = here["treated_week"], streams.codes
    return Treatment(weeks, pd.Categorical.from_codes(codes, categories=streams.categories))


def is_first_treated(people: pd.DataFrame, treated: pd.DataFrame) -> np.ndarray:
    """Tell whether the person of the first day was ever treated, bool (n,)."""
    slots = slots_of(people, treated)
    left = people["left_week"].to_numpy()[slots]
    is_first = (left < 0) | (treated["treated_week"].to_numpy() < left)
    found = np.zeros(len(people), np.bool_)
    found[slots[is_first]] = True
    return found


def treated_person(treated: pd.DataFrame, slot: np.ndarray, week: np.ndarray) -> np.ndarray:
    """Return a number for each treated person who was in a slot, by its `person`, in a week."""

    def key(slot: np.ndarray, week: np.ndarray) -> np.ndarray:
        return (slot.astype(np.int64) << 16) + week.astype(np.int64)

    first = np.sort(key(treated["person"].to_numpy(), treated["treated_week"].to_numpy()))
    return np.searchsorted(first, key(slot, week), side="right")
