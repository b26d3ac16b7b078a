"""Moments that follow from the months of a run: levels, vacancies, redundancies, drifts."""

from __future__ import annotations

import numpy as np
import pandas as pd

from simulation.categories import AGE_BANDS, MONTHS_PER_YEAR, STATES
from simulation.results.moments.definition import CHANGE, SHARE, Moment, over
from simulation.results.moments.history import History
from simulation.results.moments.periods import Period

DISTRICT = "district"
MONTHS_PER_QUARTER = 3
DRIFT_MONTHS = 3
LONG_TERM = "long_term_share"
DRIFTING = (*STATES, "vacancies_open", *(f"aged_{band}" for band in AGE_BANDS), LONG_TERM)
UNEMPLOYED_OF_JSA, UNEMPLOYED_OF_OTHER = 0.75, 0.03
"""Shares of claimants of JSA and of other benefits who are unemployed in a survey's sense."""
WORKLESS_LONG = "workless_over_12_months"


def months_in(table: pd.DataFrame, period: Period) -> pd.DataFrame:
    """Return the rows of a table by date that lie in a period."""
    return table.loc[period.first : period.last]


def unemployed(table: pd.DataFrame) -> pd.Series:
    """People on JSA or seeking without a benefit."""
    return table["jsa"] + table["seeking_no_benefit"]


def survey_unemployed(table: pd.DataFrame) -> pd.Series:
    """People whom a survey counts as unemployed: not every claimant of JSA, few of other benefits.

    By these shares unemployment of the survey became seekers of the first day (`docs/areas.md`).
    """
    other = table["ib_esa"] + table["lone_parent"] + table["other_benefit"]
    return (
        table["seeking_no_benefit"] + UNEMPLOYED_OF_JSA * table["jsa"] + UNEMPLOYED_OF_OTHER * other
    )


def _place(history: History, subject: str) -> pd.DataFrame:
    return history.districts[subject] if subject else history.area


def employment_rate(history: History, period: Period, subject: str) -> float:
    """Residents in work per 100 aged 16 to 64, mean of month ends."""
    months = months_in(_place(history, subject), period)
    return over(months["employed"], months["residents"])


def unemployment_rate(history: History, period: Period, subject: str) -> float:
    """Unemployed as a survey counts per 100 of them and the employed, mean of month ends."""
    months = months_in(_place(history, subject), period)
    seekers = survey_unemployed(months)
    return over(seekers, seekers + months["employed"])


def claimant_rate(history: History, period: Period, subject: str) -> float:
    """People on the four out-of-work benefits per 100 residents, mean of month ends."""
    months = months_in(_place(history, subject), period)
    return over(months[["jsa", "ib_esa", "lone_parent", "other_benefit"]], months["residents"])


def benefit_share(history: History, period: Period, subject: str) -> float:
    """Claimants of one benefit per 100 residents."""
    months = months_in(history.area, period)
    return over(months[subject], months["residents"])


def jsa_rise(history: History, period: Period, subject: str) -> float:
    """Claimants of JSA at the end of the last month over those at the end of the first."""
    jsa = months_in(history.area, period)["jsa"]
    return over(jsa.iloc[-1], jsa.iloc[0], times=1.0)


def jsa_under_25(history: History, period: Period, subject: str) -> float:
    """Of claimants of JSA those aged 16 to 24."""
    young = months_in(history.by_age("16_24"), period)["jsa"]
    return over(young, months_in(history.area, period)["jsa"])


def open_vacancies(history: History, period: Period, subject: str) -> float:
    """Vacancies open to applicants per 100 filled jobs, mean of month ends."""
    months = months_in(history.area, period)
    return over(months["vacancies_open"], months["employed"])


def vacancy_weeks(history: History, period: Period, subject: str) -> float:
    """Open vacancies over hires a week."""
    months = months_in(history.area, period)
    first, end = history.weeks_of(period)
    hires_a_week = months["hires"].sum() / (end - first)
    return over(months["vacancies_open"].mean(), hires_a_week, times=1.0)


def beveridge_slope(history: History, period: Period, subject: str) -> float:
    """Change of the log of open vacancies over that of the unemployed, first to last month."""
    months = months_in(history.area, period)
    rises = (
        each.iloc[-1] / each.iloc[0] for each in (months["vacancies_open"], unemployed(months))
    )
    return over(*(np.log(rise) for rise in rises), times=1.0)


def vacancy_elasticity(history: History, period: Period, subject: str) -> float:
    """Slope of the log of vacancies' weeks on the log of vacancies over unemployed, by quarter."""
    months = months_in(history.area, period)
    quarter = pd.DatetimeIndex(months.index).to_period("Q")
    months = months[["vacancies_open", "hires"]].assign(unemployed=unemployed(months))
    table = months.groupby(quarter).sum()
    if len(table) <= 2 or bool((table.to_numpy() <= 0).any()):
        return np.nan
    weeks = np.log(table["vacancies_open"] / table["hires"])
    tightness = np.log(table["vacancies_open"] / table["unemployed"])
    return float(np.polyfit(tightness, weeks, 1)[0]) if tightness.std() > 0 else np.nan


def redundancies(history: History, period: Period, subject: str) -> float:
    """Laid off in a quarter per 1,000 in work."""
    months = months_in(history.area, period)
    a_quarter = MONTHS_PER_QUARTER * months["layoffs"].mean()
    return over(a_quarter, months["employed"].mean(), times=1000.0)


def long_since_work(history: History, period: Period, subject: str) -> float:
    """Of the unemployed those 52 weeks or more since the last job, as the reports count."""
    months = months_in(history.area, period)
    return over(months[WORKLESS_LONG], unemployed(months))


def drift(history: History, period: Period, subject: str) -> float:
    """Mean of the last three month ends over that of the first three, less one."""
    if subject == LONG_TERM:
        series = history.area[WORKLESS_LONG] / unemployed(history.area)
    elif subject.startswith("aged_"):
        series = history.by_age(subject.removeprefix("aged_"))["residents"]
    else:
        series = history.area[subject]
    months = series.loc[period.first : period.last]
    if len(months) <= 2 * DRIFT_MONTHS:
        return np.nan
    before, after = months.iloc[:DRIFT_MONTHS].mean(), months.iloc[-DRIFT_MONTHS:].mean()
    return over(after - before, before)


def pay_of_new_hires(history: History, period: Period, subject: str) -> float:
    """Mean starting pay in the last year of a period over that in its first, less one."""
    years = period.first_months(MONTHS_PER_YEAR), period.last_months(MONTHS_PER_YEAR)
    months = [months_in(history.area, each) for each in years]
    before, after = (over(each["pay_of_hires"], each["hires"], times=1.0) for each in months)
    return over(after - before, before)


OF_STOCKS = (
    Moment(
        "employment_rate",
        SHARE,
        "Residents in work per 100 residents aged 16 to 64, mean of month ends.",
        employment_rate,
        subjects=(DISTRICT,),
    ),
    Moment(
        "unemployment_rate",
        SHARE,
        "Unemployed as a survey counts (seeking without a benefit, 0.75 of those on JSA, 0.03 of"
        " those on another benefit) per 100 of them and those in work, mean of month ends; of a"
        " district, of its residents.",
        unemployment_rate,
        subjects=(DISTRICT,),
    ),
    Moment(
        "claimant_rate",
        SHARE,
        "On one of four out-of-work benefits per 100 residents, mean of month ends.",
        claimant_rate,
        subjects=(DISTRICT,),
    ),
    Moment(
        "benefit_share",
        SHARE,
        "On one benefit per 100 residents, mean of month ends.",
        benefit_share,
        subjects=("jsa", "ib_esa", "lone_parent", "other_benefit"),
    ),
    Moment(
        "jsa_rise",
        "ratio",
        "Claimants of JSA at the end of the period's last month over those of its first.",
        jsa_rise,
    ),
    Moment(
        "jsa_under_25",
        SHARE,
        "Claimants of JSA aged 16 to 24 per 100 claimants of JSA.",
        jsa_under_25,
    ),
    Moment(
        "open_vacancies",
        "per 100 jobs",
        "Vacancies open to applicants per 100 filled jobs, mean of month ends.",
        open_vacancies,
    ),
    Moment(
        "vacancy_weeks",
        "weeks",
        "How long an open vacancy lasts: those open over hires a week.",
        vacancy_weeks,
    ),
    Moment(
        "beveridge_slope",
        "ratio",
        "Change of the log of open vacancies over that of the log of the unemployed, from the"
        " period's first month to its last.",
        beveridge_slope,
    ),
    Moment(
        "vacancy_elasticity",
        "elasticity",
        "Least-squares slope of the log of vacancies' weeks on the log of open vacancies over the"
        " unemployed, quarter by quarter.",
        vacancy_elasticity,
    ),
    Moment(
        "redundancies",
        "per 1,000 a quarter",
        "Laid off in a quarter per 1,000 in work.",
        redundancies,
    ),
    Moment(
        "long_since_work",
        SHARE,
        "Of the unemployed those 52 weeks or more since their last job, or since 16: what this"
        " model's reports call long-term. No statistic counts so.",
        long_since_work,
    ),
    Moment(
        "pay_of_new_hires",
        CHANGE,
        "Mean starting pay in the period's last twelve months over that in its first twelve, in"
        " money of the day, less one.",
        pay_of_new_hires,
    ),
    Moment(
        "drift",
        CHANGE,
        "Mean of the last three month ends over that of the first three, less one: nought where"
        " nothing moves.",
        drift,
        subjects=DRIFTING,
    ),
)
