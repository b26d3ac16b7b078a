"""Every monthly outcome: name, unit, kind, definition, source. Numbers are people, not agents."""

from __future__ import annotations

from dataclasses import dataclass

from simulation.categories import STATES


@dataclass(frozen=True)
class MonthlyOutcome:
    """One outcome of the monthly frame.

    Attributes
    ----------
    name, unit, definition : str
    is_flow : bool
        Counted over the weeks that begin in the month; else a stock at the month's last week.
    by_group : bool
        Whether it is counted in every group, or only for the area and its wards.
    """

    name: str
    unit: str
    definition: str
    is_flow: bool = False
    by_group: bool = True


STOCKS = (
    MonthlyOutcome("residents", "people", "residents aged 16 to 64"),
    MonthlyOutcome(STATES[0], "people", "in a job, by home ward"),
    MonthlyOutcome(STATES[1], "people", "claiming Jobseeker's Allowance"),
    MonthlyOutcome(STATES[2], "people", "claiming Incapacity Benefit or its successor ESA"),
    MonthlyOutcome(STATES[3], "people", "claiming Income Support as a lone parent"),
    MonthlyOutcome(STATES[4], "people", "claiming another income-related benefit, out of work"),
    MonthlyOutcome(STATES[5], "people", "out of work, seeking, without a benefit"),
    MonthlyOutcome(STATES[6], "people", "out of work, not seeking, without a benefit"),
    MonthlyOutcome(
        "workless_over_12_months",
        "people",
        "on JSA or seeking without benefit, 52 weeks or more since the last job or, if never in"
        " work, since age 16",
    ),
    MonthlyOutcome("esa", "people", "of IB/ESA claimants, those whose claim began under ESA"),
    MonthlyOutcome(
        "long_term_a_year_ago",
        "people",
        "counted in workless_over_12_months twelve month ends before, but for those now in a"
        " temporary job made by an intervention; 0 in the first year",
    ),
    MonthlyOutcome(
        "long_term_a_year_ago_in_work",
        "people",
        "of those, in work now",
    ),
    MonthlyOutcome(
        "earnings", "GBP a week", "pay of residents in work, by home ward, in money of the day"
    ),
)
PLACE_STOCKS = (
    MonthlyOutcome("vacancies", "jobs", "desired less filled jobs, by work ward", by_group=False),
    MonthlyOutcome("vacancies_open", "jobs", "vacancies open to applicants", by_group=False),
)
FLOWS = (
    MonthlyOutcome("hires", "people", "people who start a job, by home ward", is_flow=True),
    MonthlyOutcome("separations", "people", "people who leave a job, by home ward", is_flow=True),
)
ORIGINS = (
    "hires_from_employment",
    "hires_workless_under_3_months",
    "hires_workless_3_to_6_months",
    "hires_workless_6_to_12_months",
    "hires_workless_over_12_months",
    "hires_never_worked",
)
AREA_FLOWS = (
    *(
        MonthlyOutcome(
            name,
            "people",
            "hires by where the recruit stood in the queue: time since the last job",
            is_flow=True,
            by_group=False,
        )
        for name in ORIGINS
    ),
    MonthlyOutcome(
        "applications", "applications", "to open vacancies", is_flow=True, by_group=False
    ),
    MonthlyOutcome(
        "openings", "jobs", "open vacancies summed over rounds", is_flow=True, by_group=False
    ),
    MonthlyOutcome(
        "offers_refused", "offers", "below the reservation wage", is_flow=True, by_group=False
    ),
    MonthlyOutcome("layoffs", "people", "laid off: no longer needed", is_flow=True, by_group=False),
    MonthlyOutcome(
        "new_jobs", "jobs", "rise in cells' desired jobs, summed", is_flow=True, by_group=False
    ),
    MonthlyOutcome(
        "pay_of_hires",
        "GBP a week",
        "starting pay of those hired, summed, in money of the day",
        is_flow=True,
        by_group=False,
    ),
)
OUTCOMES = (*STOCKS, *PLACE_STOCKS, *FLOWS, *AREA_FLOWS)
