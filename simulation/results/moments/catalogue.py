"""Every moment by name, and the figure a run has for each row of a table of data."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from simulation.errors import InputError, did_you_mean
from simulation.results.moments.claims import OF_CLAIMS
from simulation.results.moments.definition import Moment
from simulation.results.moments.flows import OF_FLOWS
from simulation.results.moments.history import EVENTS, History
from simulation.results.moments.jobs import OF_JOBS
from simulation.results.moments.periods import Period, period_of
from simulation.results.moments.stocks import DISTRICT, OF_STOCKS

if TYPE_CHECKING:
    from simulation.finished.run import Run

MOMENTS = {each.name: each for each in (*OF_STOCKS, *OF_FLOWS, *OF_CLAIMS, *OF_JOBS)}
OF_SUBJECT = ":"
WITH_EVENTS = ("first_day", "employers", "jobs")
"""Frames that a run keeps with its events."""


def history_of(run: Run) -> History:
    """Return a finished run as moments see it."""
    kept = None
    if run.events is not None and set(WITH_EVENTS) <= set(run.tables):
        kept = {"events": run.events, **{name: run.tables[name] for name in WITH_EVENTS}}
    return History(
        run.monthly,
        run.wards,
        start=run.config.start,
        n_weeks=run.config.weeks,
        weight=run.config.people_per_agent,
        kept=kept,
    )


def moment_named(name: str) -> tuple[Moment, str]:
    """Return a moment and what it is asked of, from its name in a table.

    Raises
    ------
    InputError
        If there is none, or it cannot be asked of that.
    """
    base, _, subject = name.partition(OF_SUBJECT)
    if base not in MOMENTS:
        raise InputError(f"moment {name!r}: there is no {base!r}; {did_you_mean(base, MOMENTS)}")
    moment = MOMENTS[base]
    if subject and DISTRICT not in moment.subjects and subject not in moment.subjects:
        hint = did_you_mean(subject, moment.subjects, otherwise="it may be asked of {}")
        raise InputError(f"moment {name!r}: {base} cannot be asked of {subject!r}; {hint}")
    return moment, subject


def moment_values(history: History, names: pd.Series, periods: pd.Series) -> pd.DataFrame:
    """Work out moments.

    Parameters
    ----------
    history : History
    names, periods : Series of str
        Row by row.

    Returns
    -------
    DataFrame
        model (float64) and left_out (str: why there is none; empty where there is), indexed as
        `names`.

    Raises
    ------
    InputError
        If there is no such moment or period; one line each.
    """
    rows = [_value(history, *row) for row in _read(history, names, periods)]
    return pd.DataFrame(rows, columns=["model", "left_out"], index=names.index)


def _read(
    history: History, names: pd.Series, periods: pd.Series
) -> list[tuple[Moment, str, Period]]:
    found, problems = [], []
    for name, text in zip(names, periods, strict=True):
        try:
            found.append((*moment_named(name), period_of(text, run=history.whole_months)))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(dict.fromkeys(problems))
    return found


def _value(history: History, moment: Moment, subject: str, period: Period) -> tuple[float, str]:
    """Return a figure, and why there is none."""
    if not history.covers(period):
        first, last = (f"{day:%Y-%m}" for day in history.whole_months)
        return np.nan, f"the run's months are {first} to {last}"
    if moment.needs == EVENTS and not history.has_events:
        return np.nan, "the run was kept without events; run again with events=true"
    if subject and DISTRICT in moment.subjects and subject not in history.districts:
        return np.nan, f"the run's area has no district {subject}"
    value = moment.function(history, period, subject)
    if not np.isfinite(value):
        return np.nan, "the run has nobody to count, or ends before it is known"
    return value, ""
