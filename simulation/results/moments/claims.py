"""Moments of claims and spells: how long they last, who leaves for where, who comes back."""

from __future__ import annotations

import numpy as np
import pandas as pd

from simulation.categories import WEEKS_PER_YEAR, State
from simulation.results.moments.definition import SHARE, Moment, of_events, over
from simulation.results.moments.history import UNEMPLOYED, History
from simulation.results.moments.lives import OPEN, Spells
from simulation.results.moments.periods import Period

CLAIM_AGES = {"18_24": (18, 24), "25_49": (25, 49), "50_64": (50, 64)}
"""Age bands of the claimant count, in years."""
JSA, IB, LONE_PARENT = (State.JSA,), (State.IB_ESA,), (State.LONE_PARENT,)
THREE_MONTHS, SIX_MONTHS, FIFTEEN_MONTHS = 13, 26, 65
FOUR_YEARS = 4 * WEEKS_PER_YEAR


def begun(history: History, spells: Spells, period: Period, subject: str = "") -> np.ndarray:
    """Return the spells that began in a period, of one age band if one is named."""
    first, end = history.weeks_of(period)
    chosen = (spells.start >= first) & (spells.start < end)
    return np.flatnonzero(chosen & _of_age(spells.age, subject))


def _of_age(age: np.ndarray, subject: str) -> np.ndarray:
    if not subject:
        return np.ones(age.size, bool)
    low, high = CLAIM_AGES[subject]
    return (age >= low) & (age <= high)


def _ended(history: History, spells: Spells, period: Period) -> np.ndarray:
    first, end = history.weeks_of(period)
    return np.flatnonzero((spells.end >= first) & (spells.end < end))


def left_within(states: tuple[State, ...], weeks: int):
    """Return the moment function of spells that end within some weeks of their beginning."""

    def function(history: History, period: Period, subject: str) -> float:
        spells = history.spells(*states)
        chosen = begun(history, spells, period, subject)
        if history.weeks_of(period)[1] + weeks > history.n_weeks:
            return np.nan
        lasted = spells.end[chosen].astype(np.int64) - spells.start[chosen]
        return over(lasted <= weeks, np.ones(chosen.size))

    return function


def hazard_ratio(history: History, period: Period, subject: str) -> float:
    """Rate of leaving JSA in months 6 to 12 over that in the first three."""
    left = [
        left_within(JSA, weeks)(history, period, subject) / 100.0
        for weeks in (THREE_MONTHS, SIX_MONTHS, WEEKS_PER_YEAR)
    ]
    if not max(left) < 1.0:
        return np.nan
    early, six, twelve = -np.log1p(-np.array(left))
    late = (twelve - six) / (WEEKS_PER_YEAR - SIX_MONTHS)
    return over(late, early / THREE_MONTHS, times=1.0)


def stock_over(states: tuple[State, ...], weeks: int):
    """Return the moment function of spells under way that have lasted some weeks.

    Taken at the end of each month of the period, with the age of that day.
    """

    def function(history: History, period: Period, subject: str) -> float:
        long, present = 0, 0
        for month in period.months():
            week = history.week_of(month + pd.DateOffset(months=1)) - 1
            lasted, age = history.under_way(states, week)
            chosen = _of_age(age, subject)
            long += int(np.count_nonzero(lasted[chosen] >= weeks))
            present += int(np.count_nonzero(chosen))
        return over(long, present)

    return function


def ends_over_stock(states: tuple[State, ...]):
    """Return the moment function of claims ended in a period over those under way at its end."""

    def function(history: History, period: Period, subject: str) -> float:
        spells = history.spells(*states)
        week = history.weeks_of(period)[1] - 1
        under_way = (spells.start <= week) & (week < spells.end)
        return over(_ended(history, spells, period).size, under_way.sum())

    return function


def ends_in_work(states: tuple[State, ...]):
    """Return the moment function of ends that lead straight into work."""

    def function(history: History, period: Period, subject: str) -> float:
        spells = history.spells(*states)
        to = spells.to[_ended(history, spells, period)]
        return over(to == State.EMPLOYED, np.ones(to.size))

    return function


def claims_again(states: tuple[State, ...], later: tuple[State, ...], *, is_move: bool = False):
    """Return the moment function of claims ended after which another begins within a year.

    `is_move` counts straight moves from one benefit to the other too.
    """

    def function(history: History, period: Period, subject: str) -> float:
        if history.weeks_of(period)[1] + WEEKS_PER_YEAR > history.n_weeks:
            return np.nan
        spells, others = history.spells(*states), history.spells(*later)
        ended = _ended(history, spells, period)
        # A key that sorts by person, then by week, so that the next claim can be looked up.
        width = np.int64(2 * OPEN)
        keys = others.person * width + np.maximum(others.start, -1) + 1
        sought = spells.person[ended] * width + spells.end[ended] + 1
        place = np.searchsorted(keys, sought, side="left" if is_move else "right")
        found = np.append(keys, np.iinfo(np.int64).max)[place]
        return over(found <= sought + WEEKS_PER_YEAR, np.ones(ended.size))

    return function


def repeat_claims(history: History, period: Period, subject: str) -> float:
    """Of claims for JSA begun, those of people who had one in the four years before."""
    if history.weeks_of(period)[0] < FOUR_YEARS:
        return np.nan
    spells = history.spells(*JSA)
    since = np.full(spells.start.size, FOUR_YEARS + 1, np.int64)
    same = np.flatnonzero(np.diff(spells.person) == 0) + 1
    since[same] = spells.start[same].astype(np.int64) - spells.end[same - 1]
    chosen = begun(history, spells, period)
    return over(since[chosen] <= FOUR_YEARS, np.ones(chosen.size))


def _left(name: str, what: str, states: tuple[State, ...], weeks: int, **more) -> Moment:
    return of_events(
        name,
        SHARE,
        f"Of {what} begun in the period, those ended within {weeks} weeks.",
        left_within(states, weeks),
        **more,
    )


def _lasting(name: str, what: str, states: tuple[State, ...], weeks: int, **more) -> Moment:
    return of_events(
        name,
        SHARE,
        f"Of {what} under way at the end of each month, those that have lasted {weeks} weeks or"
        " more.",
        stock_over(states, weeks),
        **more,
    )


AGES = {"subjects": tuple(CLAIM_AGES)}
YEAR = WEEKS_PER_YEAR
SPELL = "spells of unemployment (on JSA or seeking, by the length of the spell as the ILO counts)"
OF_CLAIMS = (
    _left("jsa_left_in_3_months", "claims for JSA", JSA, THREE_MONTHS, **AGES),
    _left("jsa_left_in_6_months", "claims for JSA", JSA, SIX_MONTHS, **AGES),
    _left("jsa_left_in_12_months", "claims for JSA", JSA, YEAR, **AGES),
    of_events(
        "jsa_hazard_ratio",
        "ratio",
        "Rate of leaving JSA from 26 to 52 weeks over that in the first 13, of claims begun in the"
        " period.",
        hazard_ratio,
        **AGES,
    ),
    _lasting("jsa_over_6_months", "claims for JSA", JSA, SIX_MONTHS, **AGES),
    _lasting("jsa_over_12_months", "claims for JSA", JSA, YEAR, **AGES),
    _lasting("jsa_over_24_months", "claims for JSA", JSA, 2 * YEAR, **AGES),
    _lasting("unemployed_over_6_months", SPELL, UNEMPLOYED, SIX_MONTHS, **AGES),
    _lasting("unemployed_over_12_months", SPELL, UNEMPLOYED, YEAR, **AGES),
    _lasting("unemployed_over_24_months", SPELL, UNEMPLOYED, 2 * YEAR, **AGES),
    of_events(
        "jsa_ends_in_work",
        SHARE,
        "Of claims for JSA that end, those that lead straight into work.",
        ends_in_work(JSA),
    ),
    of_events(
        "jsa_repeat_claims",
        SHARE,
        "Of claims for JSA begun in the period, those of people who had another in the four years"
        " before.",
        repeat_claims,
    ),
    of_events(
        "jsa_then_ib",
        SHARE,
        "Of claims for JSA that end, those followed by one for IB or ESA within a year.",
        claims_again(JSA, IB, is_move=True),
    ),
    of_events(
        "ib_ends",
        SHARE,
        "Claims for IB or ESA that end in the period, for whatever reason, per 100 under way at its"
        " end.",
        ends_over_stock(IB),
    ),
    _left("ib_left_in_12_months", "claims for IB or ESA", IB, YEAR),
    _left("ib_left_in_15_months", "claims for IB or ESA", IB, FIFTEEN_MONTHS),
    _lasting("ib_over_3_years", "claims for IB or ESA", IB, 3 * YEAR),
    _lasting("ib_over_5_years", "claims for IB or ESA", IB, 5 * YEAR),
    of_events(
        "ib_again",
        SHARE,
        "Of claims for IB or ESA that end, those followed by another within a year.",
        claims_again(IB, IB),
    ),
    of_events(
        "lone_parent_ends",
        SHARE,
        "Claims as a lone parent that end in the period per 100 under way at its end.",
        ends_over_stock(LONE_PARENT),
    ),
    of_events(
        "lone_parent_ends_in_work",
        SHARE,
        "Of claims as a lone parent that end, those that lead straight into work.",
        ends_in_work(LONE_PARENT),
    ),
    of_events(
        "lone_parent_again",
        SHARE,
        "Of claims as a lone parent that end, those followed by another within a year.",
        claims_again(LONE_PARENT, LONE_PARENT),
    ),
)
