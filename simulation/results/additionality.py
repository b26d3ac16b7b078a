"""Additionality: who has a job because of support, from pairs of runs of one seed.

Everybody's work at a snapshot is compared between the run with support and the run without; the
flows are those of `simulation.results.gross_to_net`. Frames in, frames out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from simulation.categories import MARK_WEEKS, WEEKS_PER_YEAR
from simulation.errors import InputError, check_columns
from simulation.results.gross_to_net import FLOWS, Pair, gross_to_net, programme_flows
from simulation.results.marks import IN_WORK, mark_at
from simulation.results.paired import mean_interval
from simulation.results.treated import Treatment, treated_people, treatment_at
from simulation.results.unit_costs import ratio_interval

if TYPE_CHECKING:
    from simulation.finished.run import Run

ATTRIBUTION_NOTE = (
    "Who is counted as deadweight, gain or loss depends on how the two worlds are coupled (here:"
    " the same random numbers for the same people); a real evaluation could never observe it."
    " Only averages over seeds are identified. Once two worlds differ, chance moves other people"
    " into and out of jobs as well: others' gains and others' losses are large, nearly cancel and"
    " are not effects one by one; only their difference is. The split of that difference into"
    " substitution and displacement is a convention, and chance pushes it towards substitution;"
    " netting of the mirror image (the same count with the worlds exchanged) takes that out."
)
"""What must be said wherever these figures are shown."""

WORK = ("employed", "sustained")
"""In work at a snapshot, or at it and half a year before."""
SUSTAINED_WEEKS = 26
KEYS = ("by", "group", "week", "work")
EMPLOYER = "employer_w"
PRIORITY, PROGRAMME, NONE = "priority", "programme", "none"
SHARES = {
    "deadweight_share": ("deadweight", "gross"),
    "leakage_share": ("leakage", "gains"),
    "additionality_share": ("net", "gross"),
    "kept_share": ("net", "own_effect"),
}
"""Shares of the summary: what of what; means over seeds are divided, not averaged."""


def snapshot_weeks(people: pd.DataFrame) -> tuple[int, ...]:
    """Return how many weeks after the start employers were recorded, in order; none gives ()."""
    names = [str(name) for name in people]
    weeks = [name.removeprefix(EMPLOYER) for name in names if name.startswith(EMPLOYER)]
    return tuple(sorted(map(int, weeks)))


def additionality(
    run: Run,
    without: Run,
    *,
    week: int | None = None,
    by: str | None = None,
    work: str = "employed",
) -> pd.DataFrame:
    """Count the flows between two runs of one seed, in people.

    Parameters
    ----------
    run, without : Run
        Of one seed, with support and without, kept with people=True; treatment and groups are
        read from the first.
    week : int, optional
        A snapshot; the last one for which that work is known if left out.
    by : str, optional
        "programme" or a column of the frame ("ward", "group", "ethnicity", "priority" ...);
        "all" in one row if left out.
    work : str
        "employed" at the snapshot, or "sustained": at it and 26 weeks before, an approximation,
        since jobs may end and begin between snapshots.

    Returns
    -------
    DataFrame
        by, group (str), week, work, then `FLOWS` (people).

    Raises
    ------
    InputError
        When a run lacks its people frame, the people are not the same, or the week, column or
        kind of work is unknown.
    BooksError
        When the identity does not hold: a defect.
    """
    people, others = run.support("people"), without.support("people")
    _check_pair(people, others, by=by, work=work)
    week = _last_week(people, work) if week is None else week
    treatment = treatment_at(people, treated_people(run), week)
    pair = _pair(people, others, treatment, week=week, work=work)
    names, flows = ["all"], gross_to_net(pair)
    if by == PROGRAMME:
        names, flows = _flows_by_programme(pair, treatment.programme)
    elif by is not None:
        names, flows = _flows_by(pair, pd.Categorical(people[by]))
    table = flows * float(run.config.people_per_agent)
    table.insert(0, "by", by or "all")
    table.insert(1, "group", names)
    table.insert(2, "week", week)
    table.insert(3, "work", work)
    return table


def _flows_by(pair: Pair, values: pd.Categorical) -> tuple[list[str], pd.DataFrame]:
    """Count flows by a column of the people frame; people of no group are one more."""
    values = values.remove_unused_categories()
    codes, names = values.codes.astype(np.int64), [str(name) for name in values.categories]
    if (codes < 0).any():
        codes, names = np.where(codes < 0, len(names), codes), [*names, NONE]
    return names, gross_to_net(pair, codes, n_groups=len(names))


def _flows_by_programme(pair: Pair, programme: pd.Categorical) -> tuple[list[str], pd.DataFrame]:
    """Count flows by the programme that treated people first, if it treated anybody."""
    names = [str(name) for name in programme.categories]
    flows = programme_flows(pair, programme.codes.astype(np.int64), n_programmes=len(names))
    is_one = (flows["treated"] > 0).to_numpy()
    kept = [name for name, chosen in zip(names, is_one, strict=True) if chosen]
    return kept, flows[is_one].reset_index(drop=True)


def over_time(run: Run, without: Run) -> pd.DataFrame:
    """Count the area's flows; as `additionality`, one row a kind of work and snapshot."""
    tables = [
        additionality(run, without, week=week, work=work)
        for work in WORK
        for week in known_weeks(run.support("people"), work)
    ]
    if not tables:
        return pd.DataFrame(columns=[*KEYS, *FLOWS])
    return pd.concat(tables, ignore_index=True)


def known_weeks(people: pd.DataFrame, work: str) -> tuple[int, ...]:
    """Return the snapshots at which work of a kind of `WORK` is known; () in a short run."""
    weeks = snapshot_weeks(people)
    if work == "employed":
        return weeks
    return tuple(week for week in weeks if week - SUSTAINED_WEEKS in weeks)


def _last_week(people: pd.DataFrame, work: str) -> int:
    weeks = known_weeks(people, work)
    if not weeks:
        raise InputError(f"people frame: no snapshots for work {work}; run for longer")
    return weeks[-1]


def _pair(
    with_support: pd.DataFrame,
    without: pd.DataFrame,
    treatment: Treatment,
    *,
    week: int,
    work: str,
) -> Pair:
    """Read one snapshot of both worlds."""
    if week not in known_weeks(with_support, work):
        known = ", ".join(map(str, known_weeks(with_support, work)))
        raise InputError(f"week {week} is no snapshot for work {work}; there are {known}")
    employers = [employer_at(frame, week) for frame in (with_support, without)]
    employed = [employer >= 0 for employer in employers]
    if work == "sustained":
        employed = [
            now & (employer_at(frame, week - SUSTAINED_WEEKS) >= 0)
            for now, frame in zip(employed, (with_support, without), strict=True)
        ]
    treated = (treatment.week >= 0) & is_comparable(with_support, without, treatment.week)
    outside = ~with_support[PRIORITY].to_numpy(np.bool_)
    return Pair(employed[0], employed[1], employers[0], employers[1], treated, outside)


def is_comparable(
    with_support: pd.DataFrame, without: pd.DataFrame, treated_week: np.ndarray
) -> np.ndarray:
    """Tell who was alike in the two worlds, in work or not, just before their treatment.

    Support takes in people who are out of work in the world with it. Those who by then had a job
    in the other world only show that the worlds have drifted apart by chance: they count among
    the others, or treated losses would grow with time whatever support does.

    Parameters
    ----------
    with_support, without : DataFrame
        People frames.
    treated_week : ndarray of int, shape (n,)
        -1 for the untreated.

    Returns
    -------
    ndarray of bool, shape (n,)
        True for the untreated, for those treated before the first mark, and for all where the
        frames hold no marks.
    """
    if f"{IN_WORK}0" not in with_support or f"{IN_WORK}0" not in without:
        return np.ones(len(with_support), np.bool_)
    mark = treated_week // MARK_WEEKS - 1
    alike = mark_at(with_support, IN_WORK, mark) == mark_at(without, IN_WORK, mark)
    return alike | (mark < 0)


def employer_at(people: pd.DataFrame, week: int) -> np.ndarray:
    """Return each person's employer at a snapshot, shape (n,); negative where there is none."""
    for name in (f"{EMPLOYER}{week:03d}", f"{EMPLOYER}{week}"):
        if name in people:
            return people[name].to_numpy()
    raise InputError(f"people frame: no snapshot of week {week}")


def _check_pair(
    with_support: pd.DataFrame, without: pd.DataFrame, *, by: str | None, work: str
) -> None:
    problems = []
    if work not in WORK:
        problems.append(f"work must be one of {', '.join(WORK)}, got {work!r}")
    if by not in (None, PROGRAMME) and by not in with_support:
        problems.append(f"by must be a column of the people frame, got {by!r}")
    if not np.array_equal(with_support["person"], without["person"]):
        problems.append("the runs have different people; only runs of one seed can be compared")
    elif snapshot_weeks(with_support) != snapshot_weeks(without):
        problems.append("the runs have different snapshots; they must be equally long")
    if problems:
        raise InputError(problems)


def additional_outcomes(path: pd.DataFrame) -> dict[str, float]:
    """Return net outcomes of a pair: what there is to divide a cost by.

    Parameters
    ----------
    path : DataFrame
        From `over_time`.

    Returns
    -------
    dict of str to float
        additional_jobs, additional_sustained_jobs: net change at the last snapshot, people.
        additional_sustained_job_years: net change over each half year between snapshots 26 weeks
        apart summed over time, person-years. An outcome without snapshots is left out.
    """
    found: dict[str, float] = {}
    for work, name in (("employed", "job"), ("sustained", "sustained_job")):
        own = path[path["work"] == work]
        if own.empty:
            continue
        found[f"additional_{name}s"] = float(own["net"].iloc[-1])
        if work == "sustained":
            years = SUSTAINED_WEEKS / WEEKS_PER_YEAR
            found["additional_sustained_job_years"] = float(own["net"].sum() * years)
    return found


def summarise_additionality(tables: pd.DataFrame, *, level: float = 0.95) -> pd.DataFrame:
    """Average the flows over seeds, with t intervals; shares with Fieller's.

    Parameters
    ----------
    tables : DataFrame
        Tables of `additionality` of several pairs, with columns arm (str) and seed in front. A
        group that a seed's table lacks had nobody treated in it and counts as zero.
    level : float
        Coverage of the intervals.

    Returns
    -------
    DataFrame
        arm, by, group, week, work, outcome, unit ("people" or "share"), mean, low, high,
        n_seeds, note. Intervals are NaN for one seed; see the note where a share has no bounds.

    Raises
    ------
    InputError
        When columns are missing or a row is there twice.
    """
    keys = ["arm", *KEYS]
    check_columns(tables, (*keys, "seed", *FLOWS), what="tables of additionality")
    if tables.duplicated([*keys, "seed"]).any():
        raise InputError("tables of additionality: a row is there twice; one a seed is allowed")
    rows = []
    for _, own in tables.groupby("arm", sort=False):
        seed, seeds = pd.factorize(own["seed"])
        cell = own.groupby(keys, sort=False).ngroup().to_numpy()
        cells = own.drop_duplicates(keys)[keys].itertuples(index=False, name=None)
        flows = np.zeros((cell.max() + 1, len(FLOWS), len(seeds)))
        flows[cell, :, seed] = own[list(FLOWS)]
        for key, of_seeds in zip(cells, flows, strict=True):
            rows += [(*key, *row) for row in _summary_rows(of_seeds, level)]
    names = [*keys, "outcome", "unit", "mean", "low", "high", "n_seeds", "note"]
    return pd.DataFrame(rows, columns=names)


def _summary_rows(flows: np.ndarray, level: float) -> list[tuple]:
    """Summarise one cell; `flows` is `FLOWS` by seeds."""
    n_seeds = flows.shape[1]
    means, lows, highs = mean_interval(flows.T, level=level)
    note = "one seed: no interval" if n_seeds == 1 else ""
    rows: list[tuple] = [
        (name, "people", float(mean), float(low), float(high), n_seeds, note)
        for name, mean, low, high in zip(FLOWS, means, lows, highs, strict=True)
        if not np.isnan(mean)
    ]
    by_name = dict(zip(FLOWS, flows, strict=True))
    for name, (part, whole) in SHARES.items():
        ratio = ratio_interval(by_name[part], by_name[whole], level=level)
        rows.append((name, "share", ratio.value, ratio.low, ratio.high, n_seeds, ratio.note))
    return rows
