"""National indicators 152 and 153, claimant gaps, long-term shares, equality gaps.

NI 152 and NI 153: Department for Communities and Local Government, National Indicators for Local
Authorities and Local Authority Partnerships, 2008; section 10 of the model description.
"""

from __future__ import annotations

from simulation.categories import MONTHS_PER_YEAR
from simulation.results.definitions import WIDER, Outcome, RunTables
from simulation.results.labour_market import (
    BENEFITS,
    EMPLOYMENT,
    GAP,
    PRIORITY_GROUP,
    REST_GROUP,
    benefit_claimants,
    long_term_share,
    mean_of,
)

NI153_GROUP = "ni153"
"""Wards above 25 per cent claimants at the start, together; see `outcomes.ni153_rows`."""
_CLAIMANTS = (*BENEFITS, "residents")
LONG_TERM = ("workless_over_12_months", "jsa", "seeking_no_benefit")
A_YEAR_AGO, BACK_IN_WORK = "long_term_a_year_ago", "long_term_a_year_ago_in_work"
_MIDDLE_AGES = ("age:25_34", "age:35_49")
_MINORITIES = ("ethnicity:mixed", "ethnicity:asian", "ethnicity:black", "ethnicity:other")
_LIMITED = ("health:limiting", "health:severe")
_EQUALITY = (
    ("ethnicity", "white residents", ("ethnicity:white",), "ethnic minorities", _MINORITIES),
    ("lone_parent", "others", ("lone_parent:0",), "lone parents", ("lone_parent:1",)),
    ("health", "people in good health", ("health:none",), "people with limited health", _LIMITED),
    ("young", "those of 25 to 49", _MIDDLE_AGES, "those under 25", ("age:16_24",)),
    ("older", "those of 25 to 49", _MIDDLE_AGES, "those of 50 and over", ("age:50_64",)),
)


def claimant_rate(table):
    """People on out-of-work benefits per 100 residents (NI 152), one value a row."""
    return 100.0 * benefit_claimants(table) / table["residents"]


def claimant_gap(run):
    """Claimant rate of the priority wards less that of the other wards, in points, by month."""
    return claimant_rate(run[PRIORITY_GROUP]) - claimant_rate(run[REST_GROUP])


def _since_first_year(rate) -> float:
    """Return what a rate by month is at the end, less its mean over the first year."""
    return rate[-1] - mean_of(rate[:MONTHS_PER_YEAR])


def _in_work_later(run: RunTables) -> float:
    """Of people out of work for long, those in work a year later, per cent, all months."""
    return 100.0 * run["all"][BACK_IN_WORK].sum() / run["all"][A_YEAR_AGO].sum()


def _rate_of(run: RunTables, groups: tuple[str, ...]) -> float:
    """Employment rate of several groups together at the end, per cent."""
    employed, residents = (sum(run[group][name][-1] for group in groups) for name in EMPLOYMENT)
    return 100.0 * employed / residents


def _equality_gap(
    name: str, others: str, better: tuple[str, ...], words: str, worse: tuple[str, ...]
) -> Outcome:
    """Make the outcome of one equality gap: employment rate of the others less the group's."""
    return Outcome(
        f"employment_gap_{name}_end",
        f"Employment gap of {words} at the end",
        "percentage points",
        f"Employment rate of {others} less that of {words}, end of last month.",
        EMPLOYMENT,
        lambda run: _rate_of(run, better) - _rate_of(run, worse),
        (*better, *worse),
        WIDER,
    )


NATIONAL: tuple[Outcome, ...] = (
    Outcome(
        "ni152_end",
        "NI 152: residents on out-of-work benefits at the end",
        "per cent",
        "People on out-of-work benefits per 100 residents aged 16 to 64 (National Indicator 152),"
        " end of last month.",
        _CLAIMANTS,
        lambda run: claimant_rate(run["all"])[-1],
    ),
    Outcome(
        "ni153_end",
        "NI 153: the same in the worst wards at the end",
        "per cent",
        "People on out-of-work benefits per 100 residents of the wards where they were more than"
        " 25 at the start, fixed thereafter (National Indicator 153), end of last month.",
        _CLAIMANTS,
        lambda run: claimant_rate(run[NI153_GROUP])[-1],
        (NI153_GROUP,),
    ),
    Outcome(
        "ni153_change",
        "NI 153: change from the first year to the end",
        "percentage points",
        "NI 153 at the end of the last month less the mean of the month ends of the first year,"
        " which is its baseline (of all months in a shorter run); below zero it fell.",
        _CLAIMANTS,
        lambda run: _since_first_year(claimant_rate(run[NI153_GROUP])),
        (NI153_GROUP,),
    ),
    Outcome(
        "claimant_gap_end",
        "Claimant gap of priority wards at the end",
        "percentage points",
        "Claimants per 100 residents of the priority wards less those of all other wards, end of"
        " last month.",
        _CLAIMANTS,
        lambda run: claimant_gap(run)[-1],
        GAP,
        WIDER,
    ),
    Outcome(
        "claimant_gap_change",
        "Claimant gap of priority wards, change over the run",
        "percentage points",
        "The gap in claimants per 100 residents at the end of the last month less that at the end"
        " of the first; below zero it closed.",
        _CLAIMANTS,
        lambda run: claimant_gap(run)[-1] - claimant_gap(run)[0],
        GAP,
    ),
    Outcome(
        "long_term_workless_share_mean",
        "Long-term share of job seekers, mean over the run",
        "per cent",
        "People out of work for 12 months or more per 100 people on JSA or seeking work without a"
        " benefit, mean of month ends.",
        LONG_TERM,
        lambda run: mean_of(long_term_share(run["all"])),
    ),
    Outcome(
        "long_term_workless_share_priority_end",
        "Long-term share of job seekers in priority wards at the end",
        "per cent",
        "The same among residents of the priority wards, end of last month.",
        (*LONG_TERM, "residents"),
        lambda run: long_term_share(run[PRIORITY_GROUP])[-1],
        (PRIORITY_GROUP,),
    ),
    Outcome(
        "long_term_in_work_later",
        "Long-term workless in work a year later",
        "per cent",
        "Of people on JSA or seeking work without a benefit who had been out of work for 12 months"
        " or more, those in work twelve months later, per 100; who then is in a temporary job made"
        " by an intervention is left out. All months of the run together, none in a run of a year"
        " or less.",
        (A_YEAR_AGO, BACK_IN_WORK),
        _in_work_later,
        divides_by=(A_YEAR_AGO,),
    ),
)
EQUALITY: tuple[Outcome, ...] = tuple(_equality_gap(*gap) for gap in _EQUALITY)
