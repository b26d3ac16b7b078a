"""Everybody's changes in order: who moved where over a quarter, and every spell of a state.

A change in week w is one between the ends of weeks w - 1 and w. A slot begins again when its person
leaves the area's working age; whoever is then in it is somebody else, and nobody is linked across.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property
from typing import NamedTuple

import numpy as np
import pandas as pd

from simulation.categories import N_STATES, WEEKS_PER_YEAR, State
from simulation.errors import InputError

OPEN = np.iinfo(np.int16).max
"""The end of a spell that goes on when the run ends."""
NOBODY = -1


class Linked(NamedTuple):
    """People at the ends of successive windows, those linked from one to the next.

    Attributes
    ----------
    stocks : ndarray of int64, shape (n_windows, 7)
        By state at the beginning, of those who are linked.
    flows : ndarray of int64, shape (n_windows, 7, 7)
        By state at the beginning and at the end; of who stayed only if something changed between.
    job_changes : ndarray of int64, shape (n_windows,)
        At work at both ends, for another employer at the second.
    gone : ndarray of int64, shape (n_windows, 7)
        Who left the area or its working age within the window, by state at its beginning;
        linked to nobody.
    """

    stocks: np.ndarray
    flows: np.ndarray
    job_changes: np.ndarray
    gone: np.ndarray


class Spells(NamedTuple):
    """Spells in some states, shape (n,), sorted by person and beginning.

    Attributes
    ----------
    person : ndarray of int32
    start, end : ndarray of int16
        Weeks of the changes; below 0 for what began before the run, OPEN for what goes on.
    age : ndarray of int8
        At the beginning, or on the first day; years.
    to : ndarray of int8
        State entered at the end; -1 while open, or if the person left the area or its working age.
    """

    person: np.ndarray
    start: np.ndarray
    end: np.ndarray
    age: np.ndarray
    to: np.ndarray


class Lives:
    """Changes of a run, sorted by person and week.

    Parameters
    ----------
    events, first_day : DataFrame
        As a run keeps them.

    Raises
    ------
    InputError
        If the events are of a version without ages.
    """

    def __init__(self, events: pd.DataFrame, first_day: pd.DataFrame) -> None:
        if "age" not in events:
            raise InputError("the events have no ages, as an older version kept them")
        order = np.argsort(events["person"].to_numpy(), kind="stable")

        def column(name: str) -> np.ndarray:
            values = events[name]
            codes = values.cat.codes if isinstance(values.dtype, pd.CategoricalDtype) else values
            return codes.to_numpy()[order]

        self.person, self.week = column("person"), column("week").astype(np.int16)
        self.before, self.after = column("from_state"), column("to_state")
        self.employer, self.level = column("employer"), column("level")
        self.wage = column("wage_gbp")
        self.first_state = first_day["state"].cat.codes.to_numpy()
        self.first_wage = first_day["wage_gbp"].to_numpy()
        self.first_weeks = first_day["weeks_in_state"].to_numpy()
        self.first_age = (first_day["age_weeks"].to_numpy() // WEEKS_PER_YEAR).astype(np.int8)
        age = column("age").astype(np.int8)
        self.employer_before = self._previous(self.employer, first_day["employer"].to_numpy())
        self.is_new = age < self._previous(age, self.first_age)
        self.age = age

    def _previous(self, values: np.ndarray, on_the_first_day: np.ndarray) -> np.ndarray:
        """Return what each person's value was before the change."""
        previous = np.roll(values, 1)
        first = np.flatnonzero(np.diff(self.person, prepend=NOBODY))
        previous[first] = on_the_first_day[self.person[first]]
        return previous

    @cached_property
    def previous_wage(self) -> np.ndarray:
        """The wage of the last job before each change, float64; not a number if there was none."""
        wage = np.where(self.after == State.EMPLOYED, self.wage, np.nan)
        wage[self.is_new] = 0.0
        wage = pd.Series(wage).groupby(self.person, sort=False).ffill().to_numpy()
        wage = np.where(np.isnan(wage), self.first_wage[self.person], wage)
        previous = self._previous(wage, self.first_wage)
        return np.where(previous > 0.0, previous, np.nan)

    def stocks(self, weeks: np.ndarray) -> np.ndarray:
        """Return people by state at the ends of weeks (-1 the first day), int64 (n, 7)."""
        counts = np.bincount(self.first_state, minlength=N_STATES)
        order = np.argsort(self.week, kind="stable")
        upto = np.searchsorted(self.week[order], weeks, side="right")
        stocks = np.empty((len(weeks), N_STATES), np.int64)
        for row, (low, high) in enumerate(zip([0, *upto][:-1], upto, strict=True)):
            some = order[low:high]
            counts = counts + np.bincount(self.after[some], minlength=N_STATES)
            counts = counts - np.bincount(self.before[some], minlength=N_STATES)
            stocks[row] = counts
        return stocks

    def linked(self, ends: np.ndarray) -> Linked:
        """Follow people from the end of each of some weeks to the end of the next.

        Parameters
        ----------
        ends : ndarray of int, shape (n_windows + 1,)
            Increasing; -1 is the first day. None is no window.
        """
        n = max(len(ends) - 1, 0)
        window = np.searchsorted(ends, self.week, side="left") - 1
        inside = np.flatnonzero((window >= 0) & (window < n))
        window, person = window[inside], self.person[inside]
        is_first = (np.diff(person, prepend=NOBODY) != 0) | (np.diff(window, prepend=NOBODY) != 0)
        first = np.flatnonzero(is_first)
        last = np.append(first[1:], inside.size)[: first.size] - 1
        is_new = np.zeros(first.size, bool)
        if first.size:
            is_new = np.logical_or.reduceat(self.is_new[inside], first)
        at, begins, window = inside[last], inside[first], window[first]
        before, after = self.before[begins].astype(np.int64), self.after[at]
        gone = np.bincount(window[is_new] * N_STATES + before[is_new], minlength=n * N_STATES)
        gone = gone.reshape(n, N_STATES)
        same = ~is_new
        pairs = (window * N_STATES + before)[same] * N_STATES + after[same]
        worked = same & (before == State.EMPLOYED) & (after == State.EMPLOYED)
        changed = worked & (self.employer_before[begins] != self.employer[at])
        return Linked(
            self.stocks(ends[:-1]) - gone,
            np.bincount(pairs, minlength=n * N_STATES**2).reshape(n, N_STATES, N_STATES),
            np.bincount(window[changed], minlength=n),
            gone,
        )

    def spells(self, states: Collection[State]) -> Spells:
        """Return every spell in one of some states; a move between them goes on.

        What a first day's spell of several states was before its present state is not known: it
        counts from the present one.
        """
        is_in = np.zeros(N_STATES, bool)
        is_in[list(states)] = True
        # A new person in the slot of one in such a state begins a spell of their own.
        goes_on = is_in[self.before] & is_in[self.after] & ~self.is_new
        enters, leaves = is_in[self.after] & ~goes_on, is_in[self.before] & ~goes_on
        here = np.flatnonzero(is_in[self.first_state])
        person = np.concatenate([here, self.person[enters]])
        # The first day is the end of week -1.
        start = np.concatenate([-1 - self.first_weeks[here].astype(np.int16), self.week[enters]])
        age = np.concatenate([self.first_age[here], self.age[enters]])
        order = np.argsort(person, kind="stable")
        ended = np.bincount(self.person[leaves], minlength=self.first_state.size)
        begun = np.bincount(person, minlength=self.first_state.size)
        still = np.flatnonzero(begun > ended)
        ends_of = np.concatenate([self.person[leaves], still])
        to = np.where(self.is_new[leaves], NOBODY, self.after[leaves])
        last = np.argsort(ends_of, kind="stable")
        end = np.concatenate([self.week[leaves], np.full(still.size, OPEN, np.int16)])[last]
        to = np.concatenate([to, np.full(still.size, NOBODY)])[last]
        return Spells(
            person[order].astype(np.int32), start[order], end, age[order], to.astype(np.int8)
        )
