"""What a whole run brought the residents of each ward and group, from its people frame.

Nothing here depends on support, so that any two runs of one seed can be compared by it: people are
those of the first day, and who follows in their place when they leave the area or reach 65.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from simulation.categories import MARK_WEEKS, WEEKS_PER_YEAR
from simulation.results.marks import CLAIMING, IN_WORK, marks_of
from simulation.results.support_values import NO_MONEY, money_values
from simulation.results.treated import slots_of, treated_people

if TYPE_CHECKING:
    from simulation.finished.run import Run

PERIOD = {
    "people": "Residents on the first day.",
    "work_years": "Years in work, person by person, seen every four weeks.",
    "claimant_years": "Years on an out-of-work benefit, seen every four weeks.",
    "sustained_jobs": "Times somebody came into work and stayed in it for 26 weeks, seen every four"
    " weeks; a change of employer does not end it.",
    "work_end": "In work at the end: what is left.",
    "clients": "People engaged, or given a place of an intervention, at least once.",
    "spend_gbp": "Public spending, shared out by what providers spent on each client.",
}
"""Columns of the frame of a period: people, person-years, jobs and GBP of the real area."""
EVERYBODY, EMPLOYED, LAID_OFF = "all", "employed", "laid_off"
TRAITS = {
    "group": "group",
    "age": "age_band",
    "ethnicity": "ethnicity",
    "health": "health",
    "lone_parent": "is_lone_parent",
}
"""What people are sorted by on the first day, as groups are named, and the column it stands in."""
SUSTAINED_MARKS = 7
"""Marks in a row that show 26 weeks in work: 24 between the first and the last, and up to 8 more
before and after."""


def period(run: Run, laid_off: pd.Series | None = None) -> pd.DataFrame:
    """Add up a run over its weeks.

    Parameters
    ----------
    run : Run
        Kept with people=True; without people or marks there are no rows.
    laid_off : Series of int, optional
        Persons who lost work in local closures.

    Returns
    -------
    DataFrame
        ward (code), group ("all", "group:ib_esa", "age:16_24" and the like, on the first day;
        "laid_off"), then `PERIOD`, float64. Wards add up to the area, the groups of a trait to all.
    """
    people = run.tables.get("people")
    if people is None or f"{IN_WORK}0" not in people:
        return pd.DataFrame(columns=["ward", "group", *PERIOD])
    persons = _persons(run, people)
    ward = pd.Categorical(people["ward"])
    parts = [_cells(persons, ward, np.zeros(len(people), np.int64), [EVERYBODY])]
    for trait, column in TRAITS.items():
        values = pd.Categorical(people[column])
        names = [f"{trait}:{_name(value)}" for value in values.categories]
        parts.append(_cells(persons, ward, values.codes.astype(np.int64), names))
    if laid_off is not None:
        codes = np.where(people["person"].isin(laid_off), 0, -1)
        parts.append(_cells(persons, ward, codes, [LAID_OFF]))
    return pd.concat(parts, ignore_index=True)


def _name(value: object) -> str:
    return str(int(value)) if isinstance(value, bool | np.bool_) else str(value)


def _persons(run: Run, people: pd.DataFrame) -> dict[str, NDArray[np.float64]]:
    """Return each column of `PERIOD` person by person, (n,)."""
    size, n_marks = float(run.config.people_per_agent), run.config.weeks // MARK_WEEKS
    n = len(people)
    worked, claimed, jobs = np.zeros(n, np.int32), np.zeros(n, np.int32), np.zeros(n, np.int32)
    # A stretch that was there on the first day is no job somebody came into.
    was_employed = (people["group"] == EMPLOYED).to_numpy(np.bool_)
    stretch = np.where(was_employed, np.int32(-n_marks - 1), np.int32(0))
    at_work = np.zeros(n, np.bool_)
    for at_work in marks_of(people, IN_WORK, n_marks):
        worked += at_work
        stretch = (stretch + 1) * at_work
        jobs += stretch == SUSTAINED_MARKS
    for claims in marks_of(people, CLAIMING, n_marks):
        claimed += claims
    years = size * MARK_WEEKS / WEEKS_PER_YEAR
    return {
        "people": np.full(n, size),
        "work_years": worked * years,
        "claimant_years": claimed * years,
        "sustained_jobs": jobs * size,
        "work_end": at_work * size,
        "clients": np.bincount(slots_of(people, treated_people(run)), minlength=n) * size,
        "spend_gbp": _spend(run, people),
    }


def _spend(run: Run, people: pd.DataFrame) -> NDArray[np.float64]:
    """Share public spending out by what was spent on each person; evenly if on nobody."""
    total = money_values(run.tables.get("money", NO_MONEY))["spend_gbp"]
    weights: NDArray[np.float64] = np.zeros(len(people))
    clients = run.tables.get("clients")
    if clients is not None:
        rows = pd.Index(people["person"]).get_indexer(pd.Index(clients["person"]))
        weights += np.bincount(rows, clients["cost_gbp"], minlength=len(people))
    if weights.sum() <= 0:
        weights = np.ones(len(people))
    return total * weights / weights.sum()


def _cells(
    persons: dict[str, NDArray[np.float64]],
    ward: pd.Categorical,
    codes: np.ndarray,
    names: list[str],
) -> pd.DataFrame:
    """Add persons up by ward and value of one trait; cells without residents are left out."""
    n_wards, n_names = len(ward.categories), len(names)
    known = np.flatnonzero(codes >= 0)
    cell = (ward.codes.astype(np.int64) * n_names + codes)[known]
    table = pd.DataFrame(
        {
            "ward": np.repeat(ward.categories.astype(str), n_names),
            "group": np.tile(names, n_wards),
            **{
                name: np.bincount(cell, values[known], minlength=n_wards * n_names)
                for name, values in persons.items()
            },
        }
    )
    return table[table["people"] > 0]
