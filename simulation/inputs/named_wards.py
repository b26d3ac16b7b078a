"""Which wards a cell of a table names: `priority|not:Solihull`, `Birmingham`, `all`."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pandas as pd

from simulation.categories import BENEFITS
from simulation.inputs.columns import SEPARATOR, split

ALL, EXCEPT, WORST = "all", "not:", "worst:"
CLAIMANTS = list(BENEFITS)
MARKS = ("priority", "daf")
NO_WORD = f"none of {ALL}, {', '.join(MARKS)}, {WORST}N or {EXCEPT}NAME, and without {SEPARATOR}"
"""What a code or name must be, so that it can be asked for."""
ALLOWED = (
    "all, priority, daf, worst:10, names of districts, codes or names of wards, or not:district, "
    "separated by |, and leave at least one ward"
)


def named_wards(cell: str, wards: pd.DataFrame) -> tuple[np.ndarray, str | None]:
    """Return the wards a cell names, as `WardNames` does for many cells."""
    return WardNames(wards).named(cell)


def is_no_word(place: str) -> bool:
    """Whether a code or name is read as itself, and not as a word for wards or as several."""
    is_word = place in (ALL, *MARKS) or place.startswith((EXCEPT, WORST))
    return not is_word and SEPARATOR not in place


class WardNames:
    """The wards of an area by what they are called.

    Districts and wards add up; none of them means all. `priority` and `daf` then keep only wards
    so marked, `worst:N` the N with the greatest share of residents on out-of-work benefits on the
    first day, and `not:` takes a district or a ward away. A ward's name is known only if no
    district and no other ward has it.

    Parameters
    ----------
    wards : DataFrame
        code, name, district and, where they are known, priority and daf (0 or 1), residents and
        people by state on the first day.
    """

    def __init__(self, wards: pd.DataFrame) -> None:
        self._wards = wards
        self._marks = {name: wards[name].to_numpy() == 1 for name in MARKS if name in wards}
        self._rows: dict[str, list[int]] = {}
        for column in ("code", "district"):
            for row, place in enumerate(wards[column]):
                self._rows.setdefault(place, []).append(row)
        numbers = Counter(wards["name"])
        for row, name in enumerate(wards["name"]):
            if numbers[name] == 1:
                self._rows.setdefault(name, [row])

    def named(self, cell: str) -> tuple[np.ndarray, str | None]:
        """Return the wards a cell names, and the first part of it that is not known.

        Parameters
        ----------
        cell : str
            Parts separated by `|`.

        Returns
        -------
        wards : ndarray of bool, shape (n_wards,)
            All False where nothing is left, for an empty cell too.
        unknown : str or None
        """
        n_wards = len(self._wards)
        chosen, kept = np.zeros(n_wards, bool), np.ones(n_wards, bool)
        names_places = False
        parts = split(cell)
        for part in parts:
            if part in self._marks:
                kept &= self._marks[part]
            elif part.startswith(WORST):
                worst = _worst(part.removeprefix(WORST), self._wards)
                if worst is None:
                    return np.zeros(n_wards, bool), part
                kept &= worst
            elif part != ALL:
                rows = self._rows.get(part.removeprefix(EXCEPT))
                if rows is None:
                    return np.zeros(n_wards, bool), part
                if part.startswith(EXCEPT):
                    kept[rows] = False
                else:
                    chosen[rows] = True
                    names_places = True
        if not parts:
            return np.zeros(n_wards, bool), None
        return (kept & chosen) if names_places and ALL not in parts else kept, None


def _worst(number: str, wards: pd.DataFrame) -> np.ndarray | None:
    """Return the wards with most claimants per resident, None where that cannot be said."""
    is_number = number.isascii() and number.isdigit() and 0 < int(number) <= len(wards)
    if not is_number or not {"residents", *CLAIMANTS} <= set(wards):
        return None
    share = wards[CLAIMANTS].sum(axis=1) / wards["residents"].clip(lower=1)
    chosen = np.zeros(len(wards), bool)
    chosen[np.argsort(-share.to_numpy(np.float64), kind="stable")[: int(number)]] = True
    return chosen
