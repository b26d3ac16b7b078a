"""Preallocated monthly arrays, written in phase record, turned into tidy frames at the end."""

from __future__ import annotations

import numpy as np
import pandas as pd

from simulation.agents.columns import Flows, Jobs, People
from simulation.agents.groups import GROUPS, N_GROUPS, groups_of
from simulation.categories import (
    MONTHS_PER_YEAR,
    N_LEVELS,
    N_STATES,
    STATES,
    WEEKS_PER_YEAR,
    State,
)
from simulation.compile import kernel
from simulation.config import Config
from simulation.inputs.area import Area
from simulation.labour.pay import PayRates, present_pay
from simulation.labour.rates import months_of
from simulation.record.events import EventRecord
from simulation.record.outcomes import AREA_FLOWS, FLOWS, ORIGINS, PLACE_STOCKS, STOCKS
from simulation.record.packed import Packed

N_STOCKS = len(STOCKS)
TOTALS = tuple(each.name for each in AREA_FLOWS[len(ORIGINS) :])
"""Flows of the whole area that phases count, by name."""
LONG_TERM, ESA = 1 + N_STATES, 2 + N_STATES
YEAR_AGO, YEAR_AGO_IN_WORK = 3 + N_STATES, 4 + N_STATES
EARNINGS = 5 + N_STATES
LONG_TERM_WEEKS = WEEKS_PER_YEAR
ALL_BITS = 2**16 - 1


@kernel(each=True)
def is_new(people: People, row: int) -> bool:
    """Return whether who was long out of work twelve month ends ago has been replaced since.

    They had been out of work for a year by then, and are for another if they never had a job.
    """
    if people.workless_weeks[row] < LONG_TERM_WEEKS:
        return True
    return people.sector[row] < 0 and people.weeks_since_job[row] <= LONG_TERM_WEEKS + 1


@kernel
def count_stocks(
    people: People,
    is_priority: np.ndarray,
    weeks_of_esa: int,
    temporary_until: np.ndarray,
    long_months: np.ndarray,
    month: int,
    pay: PayRates,
    pay_index: float,
    table: np.ndarray,
) -> None:
    """Add every person to the stocks of each of their groups.

    Parameters
    ----------
    people : People
    is_priority : ndarray of bool, shape (n_wards,)
    weeks_of_esa : int
        Weeks since new claims are for ESA; 0 before.
    temporary_until : ndarray of int16, shape (n,)
        Below 0 for who is not in a temporary job.
    long_months : ndarray of uint16, shape (n,)
        One bit for each month of the year, set for who was out of work for long at its last end;
        the bit of this month is read, for what was a year ago, then written.
    month : int
        0 to 11.
    pay : PayRates
    pay_index : float
        Of the week.
    table : ndarray of int64, shape (n_wards, n_groups, 12)
        In the order of `outcomes.STOCKS`.
    """
    bit = 1 << month
    for row in range(people.state.size):
        state = people.state[row]
        is_long = (
            state in (State.JSA, State.SEEKING_NO_BENEFIT)
            and people.weeks_since_job[row] >= LONG_TERM_WEEKS
        )
        was_long = long_months[row] & bit != 0
        long_months[row] = (long_months[row] & (ALL_BITS - bit)) | (bit * is_long)
        is_esa = state == State.IB_ESA and people.weeks_in_state[row] < weeks_of_esa
        # What comes of a temporary job is not known while it lasts.
        is_followed = was_long and not is_new(people, row) and temporary_until[row] < 0
        is_back = is_followed and state == State.EMPLOYED
        ward = people.ward[row]
        groups = groups_of(people, row, is_priority)
        earns = 0
        if state == State.EMPLOYED:
            earns = int(present_pay(people, row, pay) * pay_index + 0.5)
        for group in groups:
            table[ward, group, 1 + state] += 1
            table[ward, group, EARNINGS] += earns
        if is_long or is_esa or is_followed:
            for group in groups:
                table[ward, group, LONG_TERM] += int(is_long)
                table[ward, group, ESA] += int(is_esa)
                table[ward, group, YEAR_AGO] += int(is_followed)
                table[ward, group, YEAR_AGO_IN_WORK] += int(is_back)
    table[:, :, 0] = table[:, :, 1 : 1 + N_STATES].sum(axis=2)


@kernel
def count_vacancies(jobs: Jobs, table: np.ndarray) -> None:
    """Add vacancies and open vacancies of each cell to its ward, int64 (n_wards, 2)."""
    for cell in range(jobs.desired.size):
        ward = jobs.ward[cell // N_LEVELS]
        table[ward, 0] += max(jobs.desired[cell] - jobs.filled[cell], 0)
        table[ward, 1] += jobs.openings[cell]


def _places(values: np.ndarray) -> np.ndarray:
    """Return the groups of the whole area, then the wards: (n_months, n_groups + n_wards, k).

    Parameters
    ----------
    values : ndarray, shape (n_months, n_wards, n_groups, k)
    """
    return np.concatenate([values.sum(axis=1, dtype=np.int64), values[:, :, 0]], axis=1)


class Recorder:
    """The months of a run.

    Parameters
    ----------
    people : People
        Residents.
    area : Area
    config : Config
    n_homes : int
        Wards people live in: those of the area, and the one outside if there is one.
    events : bool
        Whether to keep every change of state or job of every person.

    Attributes
    ----------
    months : list of date
        First day of each month.
    month_of_week : ndarray of int64, shape (weeks,)
        Position in `months`; a week belongs to the month its first day is in.
    events : EventRecord or None
        Every change, where they are kept.
    """

    RESIZED = ("vacancies", "area_flows", "moves")
    STATE = (
        *RESIZED,
        "_stocks",
        "_flows",
        "_month_flows",
        "n_recorded",
        "_long_months",
        "_state_before",
        "events",
    )

    def __init__(
        self, people: People, area: Area, config: Config, *, n_homes: int, events: bool
    ) -> None:
        self.month_of_week, self.months = months_of(config.start, config.weeks)
        self.ward_codes = [str(code) for code in area.wards["code"]]
        self.weight, self._is_priority = config.people_per_agent, area.priority
        n_months, n_wards = len(self.months), area.n_wards
        self._stocks = Packed(np.int64, (n_wards, N_GROUPS, N_STOCKS))
        self._flows = Packed(np.int32, (n_wards, N_GROUPS, len(FLOWS)))
        self._month_flows = np.zeros((1, n_wards, N_GROUPS, len(FLOWS)), np.int32)
        self.vacancies = np.zeros((n_months, n_wards, len(PLACE_STOCKS)), np.int64)
        self.area_flows = np.zeros((n_months, len(AREA_FLOWS)), np.int64)
        self.moves = np.zeros((n_months, N_STATES, N_STATES), np.int64)
        self.n_recorded, self._n_homes = 0, n_homes
        self._long_months = np.zeros(people.state.size, np.uint16)
        self._state_before = people.state.copy()
        self.events = EventRecord(people, area) if events else None

    def new_flows(self) -> Flows:
        """Return empty counts for the flows of a week."""
        n = self._n_homes
        return Flows(
            np.zeros((n, N_GROUPS), np.int64),
            np.zeros((n, N_GROUPS), np.int64),
            np.zeros((n, len(ORIGINS)), np.int64),
            np.zeros(n),
            np.zeros(n, np.int64),
        )

    def new_totals(self) -> dict[str, int]:
        """Return empty counts of what phases count for the whole area in a week."""
        return dict.fromkeys(TOTALS, 0)

    def is_month_end(self, week: int) -> bool:
        """Return whether a week is the last of its month or of the run."""
        months = self.month_of_week
        return week + 1 == months.size or bool(months[week + 1] != months[week])

    def add_week(
        self,
        people: People,
        flows: Flows,
        totals: dict[str, int],
        *,
        week: int,
        marked: np.ndarray,
    ) -> None:
        """Add a week's flows and totals to its month; `marked`, bool (n,), is room to work in."""
        month = self.month_of_week[week]
        inside = slice(len(self.ward_codes))
        self._month_flows[0, ..., 0] += flows.hires[inside]
        self._month_flows[0, ..., 1] += flows.separations[inside]
        self.area_flows[month, : len(ORIGINS)] += flows.hires_by_origin[inside].sum(axis=0)
        self.area_flows[month, len(ORIGINS) :] += [totals[name] for name in TOTALS]
        np.not_equal(self._state_before, people.state, out=marked)
        if self.events is not None:
            marked |= self.events.cell_before != people.cell
        rows = np.flatnonzero(marked)
        before, now = self._state_before[rows], people.state[rows]
        pairs = before.astype(np.int64) * N_STATES + now
        moves = np.bincount(pairs, minlength=N_STATES * N_STATES).reshape(N_STATES, N_STATES)
        # Who only changed jobs has made no move between states.
        self.moves[month] += moves - np.diag(np.diag(moves))
        self._state_before[rows] = now
        if self.events is not None:
            self.events.add_week(people, rows, before, week=week)

    def close_month(
        self,
        people: People,
        jobs: Jobs,
        *,
        week: int,
        weeks_of_esa: int,
        temporary_until: np.ndarray,
        pay: PayRates,
        pay_index: float,
    ) -> None:
        """Count the stocks at the end of a week's month, arguments as in `count_stocks`."""
        month = int(self.month_of_week[week])
        stocks = np.zeros((len(self.ward_codes), N_GROUPS, N_STOCKS), np.int64)
        count_stocks(
            people,
            self._is_priority,
            weeks_of_esa,
            temporary_until,
            self._long_months,
            month % MONTHS_PER_YEAR,
            pay,
            pay_index,
            stocks,
        )
        self._stocks.add(stocks[None])
        self._flows.add(self._month_flows)
        self._month_flows[:] = 0
        vacancies = np.zeros((self._n_homes, len(PLACE_STOCKS)), np.int64)
        count_vacancies(jobs, vacancies)
        self.vacancies[month] = vacancies[: len(self.ward_codes)]
        if self.events is not None:
            self.events.close_month(jobs)
        self.n_recorded = month + 1

    def monthly(self) -> pd.DataFrame:
        """Return the months recorded: date, ward, group, outcome, value (people)."""
        n, n_wards = self.n_recorded, len(self.ward_codes)
        area = self.vacancies[:n].sum(axis=1, keepdims=True)
        places = np.concatenate([area, self.vacancies[:n]], axis=1)
        everyone = list(range(N_GROUPS + n_wards))
        places_only = [0, *range(N_GROUPS, N_GROUPS + n_wards)]
        blocks = [
            self._block(_places(self._stocks.unpacked()), everyone, [each.name for each in STOCKS]),
            self._block(places, places_only, [each.name for each in PLACE_STOCKS]),
            self._block(_places(self._flows.unpacked()), everyone, [each.name for each in FLOWS]),
            self._block(self.area_flows[:n, None], [0], [each.name for each in AREA_FLOWS]),
        ]
        frame = pd.concat(blocks, ignore_index=True)
        for column in ("ward", "group", "outcome"):
            frame[column] = frame[column].astype("category")
        return frame

    def by_group(self) -> pd.DataFrame:
        """Return stocks and flows (people) of each group in each ward, a column an outcome.

        Columns date, ward and group come first; rows of a group nobody is in are left out.
        """
        n, n_wards = self.n_recorded, len(self.ward_codes)
        names = [each.name for each in (*STOCKS, *FLOWS)]
        values = np.concatenate([self._stocks.unpacked(), self._flows.unpacked()], axis=3)
        values = values.reshape(-1, len(names))
        months, wards, groups = np.unravel_index(
            np.flatnonzero(values.any(axis=1)), (n, n_wards, N_GROUPS)
        )
        keys = {
            "date": pd.to_datetime(self.months[:n]).as_unit("ms")[months],
            "ward": pd.Categorical.from_codes(wards, pd.Index(self.ward_codes)),
            "group": pd.Categorical.from_codes(groups, pd.Index(GROUPS)),
        }
        counts = values[values.any(axis=1)] * self.weight
        return pd.DataFrame({**keys, **dict(zip(names, counts.T, strict=True))})

    def _block(self, values: np.ndarray, rows: list[int], outcomes: list[str]) -> pd.DataFrame:
        """Return a tidy frame of an array of months x rows x outcomes."""
        wards = np.array(["all"] * N_GROUPS + self.ward_codes, dtype=object)[rows]
        groups = np.array([*GROUPS, *(["all"] * len(self.ward_codes))], dtype=object)[rows]
        n_months, n_rows, n_outcomes = values.shape
        dates = pd.to_datetime(self.months[:n_months]).as_unit("ms")
        return pd.DataFrame(
            {
                "date": np.repeat(dates, n_rows * n_outcomes),
                "ward": np.tile(np.repeat(wards, n_outcomes), n_months),
                "group": np.tile(np.repeat(groups, n_outcomes), n_months),
                "outcome": np.tile(np.array(outcomes, dtype=object), n_months * n_rows),
                "value": values.ravel() * float(self.weight),
            }
        )

    def flow_table(self) -> pd.DataFrame:
        """Return moves between states: date, from_state, to_state, value (people)."""
        n = self.n_recorded
        index = pd.MultiIndex.from_product(
            [pd.to_datetime(self.months[:n]).as_unit("ms"), STATES, STATES],
            names=["date", "from_state", "to_state"],
        )
        values = self.moves[:n].ravel() * float(self.weight)
        return pd.Series(values, index=index, name="value").reset_index()
