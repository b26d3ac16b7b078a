"""Which wards a cell of a table names: `priority|not:Solihull`, `Birmingham`, `all`."""

from __future__ import annotations

import numpy as np

from simulation.inputs.area import Area
from simulation.inputs.columns import split

EXCEPT = "not:"
MARKS = ("priority", "daf")
ALLOWED = (
    "all, priority, daf, names of districts, codes of wards, or not:district, separated by |, "
    "and leave at least one ward"
)


def named_wards(cell: str, area: Area) -> tuple[np.ndarray, str | None]:
    """Return the wards a cell names, and the first part of it that the area does not know.

    Districts and wards add up; none of them means all. `priority` and `daf` then keep only wards
    so marked, and `not:` takes a district or a ward away.

    Parameters
    ----------
    cell : str
        Parts separated by `|`.
    area : Area

    Returns
    -------
    wards : ndarray of bool, shape (n_wards,)
        All False where nothing is left, for an empty cell too.
    unknown : str or None
    """
    districts = area.wards["district"].to_numpy(str)
    codes = area.wards["code"].to_numpy(str)
    marks = {name: area.wards[name].to_numpy() == 1 for name in MARKS}
    chosen, kept = np.zeros(area.n_wards, bool), np.ones(area.n_wards, bool)
    names_places = False
    parts = split(cell)
    for part in parts:
        if part in marks:
            kept &= marks[part]
        elif part != "all":
            place = part.removeprefix(EXCEPT)
            found = (districts == place) | (codes == place)
            if not found.any():
                return np.zeros(area.n_wards, bool), part
            if part.startswith(EXCEPT):
                kept &= ~found
            else:
                chosen |= found
                names_places = True
    if not parts:
        return np.zeros(area.n_wards, bool), None
    return (kept & chosen) if names_places and "all" not in parts else kept, None
