"""Moments of who is where a quarter later, as the Labour Force Survey links people."""

from __future__ import annotations

import numpy as np

from simulation.categories import State
from simulation.results.moments.definition import CHANGE, Moment, of_events, over
from simulation.results.moments.history import UNEMPLOYED, History
from simulation.results.moments.periods import Period

WORK, SEEKING, INACTIVE = "work", "unemployed", "inactive"
FLOW = "_to_"


def states_of(name: str) -> list[State]:
    """Return the model's states that are in work, unemployed or inactive in the survey's sense."""
    if name == WORK:
        return [State.EMPLOYED]
    if name == SEEKING:
        return list(UNEMPLOYED)
    return [state for state in State if state not in (State.EMPLOYED, *UNEMPLOYED)]


def _flow(history: History, period: Period, begin: str, end: str) -> tuple[float, float]:
    """Return how many moved in the quarters of a period, and how many could."""
    rows = history.quarters_in(period)
    _, linked = history.quarters
    moved = linked.flows[rows][:, states_of(begin)][:, :, states_of(end)].sum()
    return float(moved), float(linked.stocks[rows][:, states_of(begin)].sum())


def hazard(begin: str, end: str):
    """Return the moment function of a flow over its stock."""

    def function(history: History, period: Period, subject: str) -> float:
        return over(*_flow(history, period, begin, end), times=1.0)

    return function


def new_people(history: History, period: Period) -> np.ndarray:
    """Return what work, unemployment and inactivity gain a quarter as people come and go by age.

    float64 (3,), over all people; nought where changes are not known. The new are inactive.
    """
    gains = np.zeros(3)
    if history.has_events and (rows := history.quarters_in(period)).size:
        _, linked = history.quarters
        everybody = float((linked.stocks[rows] + linked.gone[rows]).sum())
        for place, name in enumerate((WORK, SEEKING)):
            gains[place] = -float(linked.gone[rows][:, states_of(name)].sum()) / everybody
    gains[2] = -gains.sum()
    return gains


def job_to_job(history: History, period: Period, subject: str) -> float:
    """At work for another employer a quarter later, over those in work."""
    rows = history.quarters_in(period)
    _, linked = history.quarters
    return over(linked.job_changes[rows], linked.stocks[rows][:, State.EMPLOYED], times=1.0)


def entrants_from_inactivity(history: History, period: Period, subject: str) -> float:
    """Of those who came into work those who were inactive a quarter before."""
    inactive, _ = _flow(history, period, INACTIVE, WORK)
    seeking, _ = _flow(history, period, SEEKING, WORK)
    return over(inactive, inactive + seeking, times=1.0)


def _hired(history: History, period: Period) -> np.ndarray:
    """Return the changes that are hires of people out of work in a period."""
    lives, (first, end) = history.lives, history.weeks_of(period)
    is_hire = (lives.after == State.EMPLOYED) & (lives.before != State.EMPLOYED)
    return np.flatnonzero(is_hire & (lives.week >= first) & (lives.week < end))


def pay_on_return(history: History, period: Period, subject: str) -> float:
    """Mean log change of pay from the last job to the present, hires from out of work."""
    hired = _hired(history, period)
    ratio = history.lives.wage[hired] / history.lives.previous_wage[hired]
    known = np.isfinite(ratio) & ~history.lives.is_new[hired]
    return 100.0 * float(np.expm1(np.log(ratio[known]).mean())) if known.any() else np.nan


def _hazard_moment(begin: str, end: str) -> Moment:
    return of_events(
        f"{begin}{FLOW}{end}",
        "share a quarter",
        f"Of people {_words(begin)}, those {_words(end)} a quarter (13 weeks) later.",
        hazard(begin, end),
    )


def _words(name: str) -> str:
    return f"in {name}" if name == WORK else name


PAIRS = tuple(
    (begin, end)
    for begin in (SEEKING, INACTIVE, WORK)
    for end in (WORK, SEEKING, INACTIVE)
    if begin != end
)
OF_FLOWS = (
    *(_hazard_moment(*pair) for pair in PAIRS),
    of_events(
        "job_to_job",
        "share a quarter",
        "Of people in work, those in work for another employer a quarter later.",
        job_to_job,
    ),
    of_events(
        "entrants_from_inactivity",
        "share",
        "Of those who came into work within a quarter, those who were inactive at its beginning.",
        entrants_from_inactivity,
    ),
    of_events(
        "pay_on_return",
        CHANGE,
        "Starting pay of those hired from out of work over that of their last job, less"
        " one, at one level of pay in general; geometric mean.",
        pay_on_return,
    ),
)
