"""What a trial finds: effects of an offer on those who get it, on their neighbours, on others.

The world with the trial and the same world without give effects person by person; what an
evaluator could have seen is the difference between people of the one world with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from simulation.categories import AGE_BAND_STARTS, AGE_BANDS, AGE_LEAVES, MARK_WEEKS
from simulation.errors import InputError
from simulation.results.marks import IN_WORK, mark_at

if TYPE_CHECKING:
    from simulation.finished.run import Run

OFFERED, NOT_OFFERED, TOO_OLD = "offered", "not_offered", "too_old"
ANY = "any"
"""All shares above nought together."""


def trial_effects(run: Run, without: Run, *, weeks: Sequence[int]) -> pd.DataFrame:
    """Return effects of being offered a place on work, for those eligible when places are given.

    Parameters
    ----------
    run, without : Run
        Of one seed, kept with people=True: with a trial, and without support.
    weeks : sequence of int
        Weeks after the start, multiples of four.

    Returns
    -------
    DataFrame
        who (offered, not_offered in the same wards, too_old: in the age band above), saturation
        (share of the ward's people who are offered a place, or "any" above nought), weeks, people,
        effect and seen, in percentage points of people in work. `seen` is the difference from the
        same kind of people in wards without an offer or, where all wards have one, of those
        offered a place from those who are not; NaN where there is none.

    Raises
    ------
    InputError
        If the run has no trial, or is too short.
    """
    terms = next(
        (
            aid
            for name in run.config.interventions.active_names()
            if (aid := getattr(run.config.interventions, name)).saturation
        ),
        None,
    )
    people = run.support("people")
    if terms is None or "is_offered" not in people:
        raise InputError("the run has no trial; interventions.NAME.saturation makes one")
    if max(weeks) > run.config.weeks or any(week % MARK_WEEKS for week in weeks):
        raise InputError(
            f"weeks must be multiples of {MARK_WEEKS} up to {run.config.weeks}, got {list(weeks)}"
        )
    is_eligible = people["is_eligible"].to_numpy()
    band = people["age_band"].cat.codes.to_numpy()
    limits = np.array([*AGE_BAND_STARTS, AGE_LEAVES])
    is_of_age = (limits[:-1] >= terms.min_age) & (limits[1:] <= terms.max_age)
    is_above = np.arange(len(AGE_BANDS)) == int(np.flatnonzero(is_of_age).max(initial=-2)) + 1
    cohort = {
        OFFERED: is_eligible & is_of_age[band] & people["is_offered"].to_numpy(),
        NOT_OFFERED: is_eligible & is_of_age[band] & ~people["is_offered"].to_numpy(),
        TOO_OLD: is_eligible & is_above[band],
    }
    share = people["saturation"].to_numpy()
    rows = []
    for week in weeks:
        mark = np.full(len(people), week // MARK_WEEKS - 1)
        worked = mark_at(people, IN_WORK, mark)
        change = worked.astype(np.int8) - mark_at(without.support("people"), IN_WORK, mark)
        for who, members in cohort.items():
            control = cohort[TOO_OLD if who == TOO_OLD else NOT_OFFERED] & (share == 0)
            if who == OFFERED and not (share == 0).any():
                control = cohort[NOT_OFFERED]
            for each in (ANY, *np.unique(share)):
                cell = members & (share > 0 if each == ANY else share == each)
                if not cell.any():
                    continue
                seen = worked[cell].mean() - worked[control].mean() if control.any() else np.nan
                rows.append((
                    who, each if each == ANY else f"{each:g}", week,
                    int(cell.sum()) * run.config.people_per_agent,
                    100.0 * change[cell].mean(), 100.0 * seen,
                ))  # fmt: skip
    return pd.DataFrame(rows, columns=["who", "saturation", "weeks", "people", "effect", "seen"])
