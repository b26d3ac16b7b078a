"""What support does for its participants as time goes by, as evaluations of programmes report it.

Participants are followed from the week in which they were first engaged, or given a place of an
intervention, in the world with support and in that without: the share in work, and the difference.
Only those who were out of work in both worlds before count, so that training at work is left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from simulation.categories import MARK_WEEKS
from simulation.results.marks import IN_WORK, mark_at, marks_of
from simulation.results.paired import mean_interval
from simulation.results.treated import slots_of, treated_people

if TYPE_CHECKING:
    from simulation.finished.run import Run

EVERYBODY = "all"
LAST_WEEKS = 208
REVIEW_WEEKS = (40, 92, 144)
"""Half a year, one and a half and two and a half after a programme of a quarter."""
REVIEW = {"job_search_help": (1.2, 2.0, 1.1), "training": (2.0, 6.6, 6.7)}
"""Percentage points of participants in work at those times: Card, Kluve and Weber (2018), as in
`conf/validate/trials.csv`."""
COUNTED = ("group", "weeks", "people", "in_work", "without")
EFFECTS = ("arm", "group", "weeks", "people", "in_work", "without", "effect", "low", "high",
           "n_seeds")  # fmt: skip


def participants(run: Run, without: Run) -> pd.DataFrame:
    """Count participants in work by the time since they came into support.

    Parameters
    ----------
    run, without : Run
        Of one seed, kept with people=True: with support, and without.

    Returns
    -------
    DataFrame
        group (client group on coming in, or "all"), weeks (0 is the last look before coming in,
        then every four weeks as far as `LAST_WEEKS`), people, in_work and without (people in work
        with support and without), float64. Who came in too late to be seen so long after, or has
        left the area or reached 65 by then, is left out of that row; who was on no record yet on
        coming in, as with a voucher that costs only once it is used, counts in "all" alone.
    """
    people, clients = run.tables.get("people"), run.tables.get("clients")
    other, treated = without.tables.get("people"), treated_people(run)
    if people is None or clients is None or other is None or f"{IN_WORK}0" not in people:
        return pd.DataFrame(columns=list(COUNTED))
    slots = slots_of(people, treated)
    before = treated["treated_week"].to_numpy(np.int64) // MARK_WEEKS - 1
    was_in_work = [mark_at(frame.iloc[slots], IN_WORK, before) for frame in (people, other)]
    was_out = (before >= 0) & ~was_in_work[0] & ~was_in_work[1]
    treated, before, rows = treated[was_out], before[was_out], slots[was_out]
    n_marks = run.config.weeks // MARK_WEEKS
    left = treated["left_week"].to_numpy(np.int64)
    n_seen = np.where(left < 0, n_marks, left // MARK_WEEKS)
    marks = [
        np.array([mark[rows] for mark in marks_of(frame, IN_WORK, n_marks)])
        for frame in (people, other)
    ]
    entries = clients.set_index(["person", "week"])["group"]
    # Where somebody came in the very week in which another left their place, that stands first.
    entries = entries[~entries.index.duplicated(keep="last")]
    came_in = entries.reindex(pd.MultiIndex.from_frame(treated[["person", "treated_week"]]))
    group, names = pd.factorize(came_in.astype(object), sort=True)
    parts = []
    for step in range(LAST_WEEKS // MARK_WEEKS + 1):
        seen = np.flatnonzero(before + step < n_seen)
        if not seen.size:
            break
        at = before[seen] + step
        columns = (np.ones(seen.size), *(mark[at, seen] for mark in marks))
        # Of no group is -1, and comes first.
        cells, n_cells = group[seen] + 1, names.size + 1
        counts = np.stack([np.bincount(cells, each, n_cells) for each in columns], axis=1)
        table = pd.DataFrame(
            np.vstack([counts.sum(axis=0), counts[1:]]) * run.config.people_per_agent,
            columns=list(COUNTED[2:]),
        ).assign(group=[EVERYBODY, *names], weeks=step * MARK_WEEKS)
        parts.append(table[table["people"] > 0])
    counted = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(COUNTED))
    return counted[list(COUNTED)]


def participant_effects(counted: pd.DataFrame) -> pd.DataFrame:
    """Average what `participants` counted over seeds.

    Parameters
    ----------
    counted : DataFrame
        arm, seed, then the columns of `participants`.

    Returns
    -------
    DataFrame
        `EFFECTS`: people a seed; per cent of them in work with support and without; the difference
        in percentage points with its 95 per cent interval over seeds.
    """
    if counted.empty:
        return pd.DataFrame(columns=list(EFFECTS))
    cell = ["arm", "group", "weeks"]
    table = counted.groupby(cell, sort=False)[["people", "in_work", "without"]].sum()
    by_seed = counted.set_index([*cell, "seed"])
    points = 100.0 * (by_seed["in_work"] - by_seed["without"]) / by_seed["people"]
    wide = pd.DataFrame(points.unstack("seed")).reindex(table.index)
    n_seeds = wide.count(axis=1)
    for n in n_seeds.unique():
        rows = n_seeds == n
        values = wide[rows].to_numpy()
        # In late weeks small groups are seen in some seeds only.
        seen = values[~np.isnan(values)].reshape(-1, n)
        table.loc[rows, ["effect", "low", "high"]] = np.stack(mean_interval(seen.T), axis=1)
    shares = 100.0 * table[["in_work", "without"]].div(table["people"], axis=0)
    found = table.assign(people=table["people"] / n_seeds, n_seeds=n_seeds, **shares)
    return found.reset_index()[list(EFFECTS)]
