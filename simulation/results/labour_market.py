"""Outcomes of the labour market: unit, definition and how each follows from a run's months.

Definitions follow section 10 of the model description; the residents are everybody aged 16 to 64
living in the area.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulation.categories import BENEFITS, MONTHS_PER_YEAR, WEEKS_PER_YEAR
from simulation.results.definitions import FEWER, WIDER, Outcome, RunTables

PRIORITY_GROUP, REST_GROUP = "priority:1", "priority:0"


def employment_rate(table):
    """Employed residents as a percentage of residents, one value a row.

    Parameters
    ----------
    table : DataFrame, or mapping of str to ndarray
        One column an outcome; what comes back is of the columns' kind, here and below.
    """
    return 100.0 * table["employed"] / table["residents"]


def benefit_claimants(table):
    """People on any out-of-work benefit (the sum of the four groups), one value a row."""
    return sum(table[name] for name in BENEFITS)


def employment_gap(run):
    """Employment rate of the other wards less that of the priority wards, in points, by month."""
    return employment_rate(run[REST_GROUP]) - employment_rate(run[PRIORITY_GROUP])


def mean_earnings(table):
    """Weekly pay of residents in work, GBP of the day, one value a row."""
    return table["earnings"] / table["employed"]


def earnings_gap(run):
    """Weekly pay per resident of the other wards less that of the priority wards, by month."""
    rest, priority = (run[group]["earnings"] / run[group]["residents"] for group in GAP[::-1])
    return rest - priority


def long_term_share(table):
    """People workless for 12 months or more per 100 seekers, one value a row."""
    return 100.0 * table["workless_over_12_months"] / (table["jsa"] + table["seeking_no_benefit"])


def mean_of(months: NDArray[np.float64]) -> float:
    """Mean of the months that have a value: a rate of nobody is none."""
    has_value = ~np.isnan(months)
    if not has_value.any():
        return np.nan
    return np.where(has_value, months, 0.0).sum() / has_value.sum()


def _earnings_over_the_run(run: RunTables) -> float:
    weeks_per_month = WEEKS_PER_YEAR / MONTHS_PER_YEAR
    return run["all"]["earnings"].sum() * weeks_per_month / 1e6


def _long_term_hires_share(run: RunTables) -> float:
    long_term = run["all"]["hires_workless_over_12_months"].sum()
    return 100.0 * long_term / run["all"]["hires"].sum()


EMPLOYMENT = ("employed", "residents")
GAP = (PRIORITY_GROUP, REST_GROUP)

LABOUR_MARKET: tuple[Outcome, ...] = (
    Outcome(
        "employment_rate_end",
        "Employment rate at the end",
        "per cent",
        "Employed residents per 100 residents aged 16 to 64, at the end of the last month.",
        EMPLOYMENT,
        lambda run: employment_rate(run["all"])[-1],
    ),
    Outcome(
        "employment_rate_trough",
        "Employment rate at its lowest",
        "per cent",
        "Employed residents per 100 residents aged 16 to 64, at the lowest month end of the run.",
        EMPLOYMENT,
        lambda run: np.fmin.reduce(employment_rate(run["all"])),
    ),
    Outcome(
        "employment_rate_mean",
        "Employment rate, mean over the run",
        "per cent",
        "Employed residents per 100 residents aged 16 to 64, mean of all month ends.",
        EMPLOYMENT,
        lambda run: mean_of(employment_rate(run["all"])),
    ),
    Outcome(
        "out_of_work_benefits_end",
        "Claimants of out-of-work benefits at the end",
        "people",
        "People on JSA, IB/ESA, lone-parent or other income-related benefit, end of last month.",
        BENEFITS,
        lambda run: benefit_claimants(run["all"])[-1],
        words=FEWER,
    ),
    Outcome(
        "out_of_work_benefits_peak",
        "Claimants of out-of-work benefits at the peak",
        "people",
        "People on JSA, IB/ESA, lone-parent or other income-related benefit, highest month end.",
        BENEFITS,
        lambda run: benefit_claimants(run["all"]).max(),
        words=FEWER,
    ),
    Outcome(
        "jsa_peak",
        "Jobseeker's Allowance claimants at the peak",
        "people",
        "People on Jobseeker's Allowance at the highest month end of the run.",
        ("jsa",),
        lambda run: run["all"]["jsa"].max(),
        words=FEWER,
    ),
    Outcome(
        "long_term_workless_share_end",
        "Long-term share of job seekers at the end",
        "per cent",
        "People out of work for 12 months or more per 100 people on JSA or seeking work without a"
        " benefit, at the end of the last month.",
        ("workless_over_12_months", "jsa", "seeking_no_benefit"),
        lambda run: long_term_share(run["all"])[-1],
    ),
    Outcome(
        "employment_gap_end",
        "Employment gap of priority wards at the end",
        "percentage points",
        "Employment rate of all other wards less that of the priority wards, end of last month.",
        EMPLOYMENT,
        lambda run: employment_gap(run)[-1],
        GAP,
        WIDER,
    ),
    Outcome(
        "employment_gap_mean",
        "Employment gap of priority wards, mean over the run",
        "percentage points",
        "Employment rate of all other wards less that of the priority wards, mean of month ends.",
        EMPLOYMENT,
        lambda run: mean_of(employment_gap(run)),
        GAP,
        WIDER,
    ),
    Outcome(
        "hires_total",
        "Hires over the run",
        "people",
        "Jobs started by residents in all months; a person who starts twice counts twice.",
        ("hires",),
        lambda run: run["all"]["hires"].sum(),
        words=FEWER,
    ),
    Outcome(
        "hires_over_12_months_share",
        "Hires of people workless for over a year",
        "per cent",
        "Hires of people who last worked more than 12 months ago per 100 hires, all months.",
        ("hires", "hires_workless_over_12_months"),
        _long_term_hires_share,
    ),
    Outcome(
        "earnings_end",
        "Weekly earnings of residents in work at the end",
        "GBP a week",
        "Mean pay of employed residents in money of the day, end of last month.",
        ("earnings", "employed"),
        lambda run: mean_earnings(run["all"])[-1],
    ),
    Outcome(
        "earnings_total",
        "Earnings of residents over the run",
        "million GBP",
        "Pay of employed residents in money of the day, month by month as at the month's end.",
        ("earnings",),
        _earnings_over_the_run,
        words=FEWER,
    ),
    Outcome(
        "earnings_gap_end",
        "Earnings gap of priority wards at the end",
        "GBP a week",
        "Pay per resident aged 16 to 64, in work or not, of all other wards less that of the"
        " priority wards, end of last month.",
        ("earnings", "residents"),
        lambda run: earnings_gap(run)[-1],
        GAP,
        WIDER,
    ),
    Outcome(
        "pay_of_hires_mean",
        "Starting pay of new hires",
        "GBP a week",
        "Mean weekly pay, in money of the day, at which jobs were started, all months.",
        ("pay_of_hires", "hires"),
        lambda run: run["all"]["pay_of_hires"].sum() / run["all"]["hires"].sum(),
        divides_by=("hires",),
    ),
)
