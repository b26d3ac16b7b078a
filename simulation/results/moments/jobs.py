"""Moments of vacancies by sector and skill level."""

from __future__ import annotations

import pandas as pd

from simulation.categories import LEVELS, SECTORS
from simulation.results.moments.definition import SHARE, of_events, over
from simulation.results.moments.history import History
from simulation.results.moments.periods import Period

LEVEL_NAMES = tuple(f"level_{level}" for level in LEVELS)
BY = {"subjects": (*SECTORS, *LEVEL_NAMES)}


def _jobs(history: History, period: Period, subject: str) -> pd.DataFrame:
    """Return jobs and hires of a period by month, of one sector or level if it is named."""
    jobs = history.jobs
    if subject in SECTORS:
        jobs = jobs[jobs.index.get_level_values("sector") == subject]
    elif subject:
        jobs = jobs[jobs.index.get_level_values("level") == LEVEL_NAMES.index(subject)]
    return jobs.groupby(level="date").sum().loc[period.first : period.last]


def open_by_kind(history: History, period: Period, subject: str) -> float:
    """Open vacancies per 100 filled jobs of one sector or level."""
    jobs = _jobs(history, period, subject)
    return over(jobs["vacancies_open"], jobs["filled"])


def weeks_by_kind(history: History, period: Period, subject: str) -> float:
    """Open vacancies over hires a week, of one sector or level."""
    jobs = _jobs(history, period, subject)
    first, end = history.weeks_of(period)
    return over(jobs["vacancies_open"].mean(), jobs["hires"].sum() / (end - first), times=1.0)


def share_by_kind(history: History, period: Period, subject: str) -> float:
    """Share of one sector or level in all open vacancies."""
    part, whole = (_jobs(history, period, each)["vacancies_open"] for each in (subject, ""))
    return over(part, whole)


OF_JOBS = (
    of_events(
        "open_vacancies_of",
        "per 100 jobs",
        "Vacancies open to applicants per 100 filled jobs of one sector or skill level.",
        open_by_kind,
        **BY,
    ),
    of_events(
        "vacancy_weeks_of",
        "weeks",
        "Those open over hires a week, of one sector or skill level.",
        weeks_by_kind,
        **BY,
    ),
    of_events(
        "open_vacancy_share",
        SHARE,
        "Share of one sector or skill level in all open vacancies.",
        share_by_kind,
        **BY,
    ),
)
