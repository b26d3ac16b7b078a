"""The fixed set of runs, and digests of what they find: of the values, however they are held."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from experiments import configure
from simulation import simulate
from simulation.finished.run import Run

SEED = 3
_SMALL = ("area=two_towns", "weeks=60", "start=2008-03-31")
RUNS: Mapping[str, tuple[str, ...]] = {
    "no_support": _SMALL,
    "recession": (
        *_SMALL,
        "economy=recession_2008",
        "hiring=stock_flow",
        "economy.events=[{kind: closure, ward: M1, sector: manufacturing, jobs: 60,"
        " date: 2008-09-01}, {kind: opening, ward: M2, sector: retail, jobs: 40,"
        " date: 2008-06-02}]",
    ),
    "stigma": (*_SMALL, "economy=sharp", "hiring=stigma"),
    "screening": (*_SMALL, "economy=deep", "hiring=screening"),
    "fragmented": (
        *_SMALL,
        "regime=fragmented",
        "interventions=[outreach,work_trial,tracking_system]",
    ),
    "aligned": (
        *_SMALL,
        "regime=aligned",
        "interventions=[employer_brokerage,basic_skills,childcare,temporary_jobs]",
        "interventions.temporary_jobs.start=null",
        "interventions.temporary_jobs.end=null",
    ),
    "pooled": (
        *_SMALL,
        "regime=pooled",
        "economy=recession_2008",
        "interventions=[wage_subsidy,debt_advice,employment_hub,transport]",
    ),
    "prime_contractor": (
        *_SMALL,
        "regime=prime_contractor",
        "hiring=random",
        "interventions=[redundancy_response,recruitment_compact,level_2,in_work_training]",
    ),
    "co_commissioned": (
        *_SMALL,
        "regime=co_commissioned",
        "interventions=[short_time_working,condition_management,sector_routeway,single_point_of_access]",
    ),
    "devolved": (
        *_SMALL,
        "regime=devolved",
        "strength=designed",
        "gate=open",
        "interventions=[permitted_work,pre_recruitment_training]",
        "information=[rating,directory,learning]",
        "flexibilities.trials_for_all=1",
    ),
    "many_people": ("area=bcbc", "people_per_agent=20", "weeks=12", "regime=aligned"),
}
"""Words of each run by name; the last has enough people for loops to be shared among threads."""
GROUPS: Mapping[str, tuple[str, ...]] = {
    "months": ("monthly", "groups", "flows", "jobs", "markets"),
    "people": ("people", "events", "employers", "first_day", "lost_work"),
    "support": ("clients", "treated", "contracts", "coverage", "providers"),
    "money": ("money", "partners"),
}
"""Frames of a run that have one digest together."""
LENGTH = 16
ROUNDED = {"places": 12, "wage_gbp": 12, "factor": 12}
"""Columns of which so many significant digits count: numpy takes powers and exponentials by other
routines on other processors, and they differ in the last bit of shares of places, of pay, and of
how far jobs answer to support (docs/closure.md)."""
FOLLOWING = "claiming_"
"""Columns that follow from a frame of their group, here from `events`, and are not digested."""
Digests = dict[tuple[str, str], str]
"""Digest by name of a run and of a group of frames."""


def digests_of(names: Sequence[str]) -> Digests:
    """Simulate some of `RUNS` and return a digest for each group of frames that they have."""
    found: Digests = {}
    for name in names:
        run = simulate(configure(*RUNS[name]), SEED, events=True, people=True)
        frames = _frames(run)
        for group, members in GROUPS.items():
            kept = {member: frames[member] for member in members if member in frames}
            if kept:
                found[name, group] = digest_of(kept)
    return found


def _frames(run: Run) -> dict[str, pd.DataFrame]:
    events = {} if run.events is None else {"events": run.events}
    return {"monthly": run.monthly, "flows": run.flows, **events, **run.tables}


def digest_of(frames: Mapping[str, pd.DataFrame]) -> str:
    """Return the first `LENGTH` digits of the SHA-256 of frames: names, and values in their order.

    Numbers count as 64-bit integers or floats and dates as days, so that a narrower column with
    the same values has the same digest; those of `ROUNDED` count as far as it says.
    """
    digest = hashlib.sha256()
    for name in sorted(frames):
        columns = [each for each in frames[name].columns if not str(each).startswith(FOLLOWING)]
        for column in sorted(columns):
            digest.update(f"{name}.{column}:{len(frames[name])}\n".encode())
            digest.update(_bytes_of(frames[name][column], digits=ROUNDED.get(column)))
    return digest.hexdigest()[:LENGTH]


def _bytes_of(column: pd.Series, *, digits: int | None = None) -> bytes:
    """Return values, or so many digits of them, as bytes, the same on every platform."""
    if pd.api.types.is_datetime64_any_dtype(column):
        return column.to_numpy("datetime64[D]").astype("<i8").tobytes()
    if pd.api.types.is_bool_dtype(column) or pd.api.types.is_integer_dtype(column):
        return column.to_numpy().astype("<i8").tobytes()
    if pd.api.types.is_float_dtype(column):
        values = column.to_numpy().astype("<f8")
        if digits is not None:
            values = np.array([float(f"{value:.{digits}g}") for value in values], dtype="<f8")
        # Of the many ways to write "not a number", one.
        return np.where(np.isnan(values), np.nan, values).tobytes()
    return "\n".join(map(str, column)).encode()
