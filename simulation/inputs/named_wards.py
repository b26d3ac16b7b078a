"""Which wards a cell of a table names: `priority|not:Solihull`, `Birmingham`, `all`."""

from __future__ import annotations

import numpy as np
import pandas as pd

from simulation.categories import BENEFIT_STATES, STATES
from simulation.inputs.columns import split

EXCEPT, WORST = "not:", "worst:"
CLAIMANTS = [STATES[state] for state in BENEFIT_STATES]
MARKS = ("priority", "daf")
PLACES = ("code", "name", "district")
ALLOWED = (
    "all, priority, daf, worst:10, names of districts, codes or names of wards, or not:district, "
    "separated by |, and leave at least one ward"
)


def named_wards(cell: str, wards: pd.DataFrame) -> tuple[np.ndarray, str | None]:
    """Return the wards a cell names, and the first part of it that is not known.

    Districts and wards add up; none of them means all. `priority` and `daf` then keep only wards
    so marked, `worst:N` the N with the greatest share of residents on out-of-work benefits on the
    first day, and `not:` takes a district or a ward away. A ward's name is known only if no
    district and no other ward has it.

    Parameters
    ----------
    cell : str
        Parts separated by `|`.
    wards : DataFrame
        code, name, district and, where they are known, priority and daf (0 or 1), residents and
        people by state on the first day.

    Returns
    -------
    wards : ndarray of bool, shape (n_wards,)
        All False where nothing is left, for an empty cell too.
    unknown : str or None
    """
    places = {name: wards[name].to_numpy(object) for name in PLACES}
    marks = {name: wards[name].to_numpy() == 1 for name in MARKS if name in wards}
    chosen, kept = np.zeros(len(wards), bool), np.ones(len(wards), bool)
    names_places = False
    parts = split(cell)
    for part in parts:
        if part in marks:
            kept &= marks[part]
        elif part.startswith(WORST):
            worst = _worst(part.removeprefix(WORST), wards)
            if worst is None:
                return np.zeros(len(wards), bool), part
            kept &= worst
        elif part != "all":
            found = _wards_of(part.removeprefix(EXCEPT), places)
            if not found.any():
                return np.zeros(len(wards), bool), part
            if part.startswith(EXCEPT):
                kept &= ~found
            else:
                chosen |= found
                names_places = True
    if not parts:
        return np.zeros(len(wards), bool), None
    return (kept & chosen) if names_places and "all" not in parts else kept, None


def _worst(number: str, wards: pd.DataFrame) -> np.ndarray | None:
    """Return the wards with most claimants per resident, None where that cannot be said."""
    is_number = number.isascii() and number.isdigit() and 0 < int(number) <= len(wards)
    if not is_number or not {"residents", *CLAIMANTS} <= set(wards):
        return None
    share = wards[CLAIMANTS].sum(axis=1) / wards["residents"].clip(lower=1)
    chosen = np.zeros(len(wards), bool)
    chosen[np.argsort(-share.to_numpy(np.float64), kind="stable")[: int(number)]] = True
    return chosen


def _wards_of(place: str, places: dict[str, np.ndarray]) -> np.ndarray:
    """Return the wards of a district, or the one of a code or of a name; none if not known."""
    is_code, is_name, is_district = (places[name] == place for name in PLACES)
    found = is_district | is_code
    return found if found.any() or is_name.sum() != 1 else is_name
