"""People and jobs as columns, and the few functions that change a person's state.

Everything else decides; only `hire`, `separate`, `move_benefit` and `enter` write `state`, `cell`
and what hangs on them, so the books can only balance or break here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, NamedTuple, TypeVar, get_type_hints

import numpy as np

from simulation.categories import BARRIERS, N_LEVELS, N_STATES, WEEKS_PER_YEAR, State
from simulation.compile import kernel
from simulation.errors import InputError

NO_CELL = -1
NO_ONE = -1
NO_CHILD = -1
NO_MOVE = 0
LEAVES = N_STATES
"""In `pending`: the person at work leaves the area, or the labour force at 65."""

Columns = TypeVar("Columns")


def new_columns(kind: Callable[..., Columns], n: int) -> Columns:
    """Return columns of n rows at rest.

    Parameters
    ----------
    kind : type
        A named tuple of arrays of shape (n,); the annotation of each field says its dtype and,
        if it is not 0, its value at rest.
    n : int
    """
    return kind(**{name: np.full(n, value) for name, value in _at_rest(kind).items()})


def first_rows(columns: Columns, n: int) -> Columns:
    """Return the first n rows of columns, as views of them."""
    return type(columns)(*(column[:n] for column in columns))  # type: ignore[attr-defined]


def columns_at_rest(kind: Callable[..., Columns], n: int) -> Columns:
    """Return columns of n rows at rest that nobody writes to and that take no memory."""
    return kind(**{name: np.broadcast_to(value, n) for name, value in _at_rest(kind).items()})


def _at_rest(kind: Callable[..., Columns]) -> dict[str, np.generic]:
    """Return the value at rest of each column, of its dtype."""
    values = {}
    for name, hint in get_type_hints(kind, include_extras=True).items():
        dtype, *at_rest = hint.__metadata__
        values[name] = dtype(*at_rest)
    return values


def check_fits(what: str, number: int, kind: type[np.integer]) -> None:
    """Refuse more of a thing than the columns that number them can hold.

    Parameters
    ----------
    what : str
        As in "wards".
    number : int
        How many there are, numbered from 0.
    kind : type
        Of the numbers.

    Raises
    ------
    InputError
        Where the last would not fit.
    """
    most = int(np.iinfo(kind).max) + 1
    if number > most:
        raise InputError(
            f"{what}: at most {most:,}, got {number:,}; give a smaller area or more people an agent"
        )


class People(NamedTuple):
    """One row a simulated person; all arrays have shape (n,)."""

    id: Annotated[np.ndarray, np.int32]
    """Permanent; keys every draw."""
    ward: Annotated[np.ndarray, np.uint16]
    """Home ward's row in the area's table."""
    age_weeks: Annotated[np.ndarray, np.int16]
    """52 to the year."""
    ethnicity: Annotated[np.ndarray, np.int8]
    """Position in `categories.ETHNICITIES`."""
    qualification: Annotated[np.ndarray, np.int8]
    """0 to 4."""
    child_weeks: Annotated[np.ndarray, np.int16]
    """Age of the youngest child in weeks, -1 without a child at home."""
    is_lone_parent: Annotated[np.ndarray, np.bool_]
    health: Annotated[np.ndarray, np.int8]
    """0 no limit, 1 limiting, 2 severe."""
    state: Annotated[np.ndarray, np.int8]
    """`categories.State`."""
    cell: Annotated[np.ndarray, np.int32, NO_CELL]
    """Employer row x 5 + skill level of the job; -1 out of work."""
    sector: Annotated[np.ndarray, np.int8]
    """Sector of the present or last job, -1 never worked."""
    weeks_in_state: Annotated[np.ndarray, np.int16]
    """For the employed, weeks in the present job."""
    weeks_since_job: Annotated[np.ndarray, np.int16]
    """0 in work; since age 16 or arrival for those who never worked."""
    workless_weeks: Annotated[np.ndarray, np.int16]
    """Weeks out of work since age 16."""
    ability: Annotated[np.ndarray, np.float64]
    """In [0, 1], what employability recovers to, before scarring."""
    employability: Annotated[np.ndarray, np.float64]
    """In [0, 1]."""
    confidence: Annotated[np.ndarray, np.float64]
    """In [0, 1]."""
    barriers: Annotated[np.ndarray, np.uint8]
    """One bit each, `BARRIERS`."""
    is_long_claim: Annotated[np.ndarray, np.bool_]
    """The kind of an incapacity claim."""
    is_from_closure: Annotated[np.ndarray, np.bool_]
    """Whether the last job ended when a local event closed the workplace."""
    wage: Annotated[np.ndarray, np.float64]
    """Starting pay of the present job, GBP per week at the level of pay of the first day; 0 out
    of work. What it has grown to is `labour.pay.present_pay`."""
    next: Annotated[np.ndarray, np.int32, NO_ONE]
    """The colleague hired before in the same cell, -1 none."""
    previous: Annotated[np.ndarray, np.int32, NO_ONE]
    """The colleague hired after, -1 none."""
    has_searched: Annotated[np.ndarray, np.bool_]
    """Whether the person has applied before in this spell of search."""
    pending: Annotated[np.ndarray, np.int8]
    """The state a person at work is about to leave for; 0 none, 7 leaves the area, or
    its labour force at 65."""


class Jobs(NamedTuple):
    """Establishments, shape (m,), and their cells, one a skill level, shape (5 m,)."""

    ward: np.ndarray
    """int32 (m,)."""
    sector: np.ndarray
    """int8 (m,)."""
    shock: np.ndarray
    """float64 (m,), log points."""
    pay: np.ndarray
    """float64 (m,), pay over the level's mean."""
    local: np.ndarray
    """float64 (m,), factor of local events."""
    goodwill: np.ndarray
    """float64 (m,), chance that a calling adviser hears of a vacancy that is not notified."""
    base: np.ndarray
    """float64 (5 m,), desired jobs at the start."""
    rounding: np.ndarray
    """float64 (5 m,) in (0, 1), a cell's fixed threshold of rounding."""
    desired: np.ndarray
    """int32 (5 m,)."""
    filled: np.ndarray
    """int32 (5 m,)."""
    openings: np.ndarray
    """int32 (5 m,), vacancies open to applicants."""
    new_openings: np.ndarray
    """int32 (5 m,), those opened this week."""
    open_since: np.ndarray
    """int16 (5 m,), week of the last posting or hire."""
    pause_until: np.ndarray
    """int16 (5 m,), no posting before this week."""
    head: np.ndarray
    """int32 (5 m,), the person hired last, -1 none."""
    extra: np.ndarray
    """int16 (5 m,), temporary jobs made for people, beyond what demand asks for."""
    kept: np.ndarray
    """int16 (5 m,), jobs paid to be kept, as far as there are more people than jobs."""


class Flows(NamedTuple):
    """What happened this week, by home ward and group, `groups.GROUPS`."""

    hires: np.ndarray
    """int64 (n_wards, n_groups)."""
    separations: np.ndarray
    """int64 (n_wards, n_groups)."""
    hires_by_origin: np.ndarray
    """int64 (n_wards, 6), by home ward and time since the last job, `recorder.ORIGINS`."""
    pay_of_hires: np.ndarray
    """float64 (n_wards,), starting pay summed, GBP a week at the level of the first day."""
    offers_refused: np.ndarray
    """int64 (n_wards,)."""


CHILDCARE_BIT = 1 << BARRIERS.index("childcare")
TRANSPORT_BIT = 1 << BARRIERS.index("transport")
SEEN_BY_EMPLOYERS = sum(
    1 << BARRIERS.index(name) for name in ("basic_skills", "housing", "addiction", "record")
)


@kernel(each=True)
def age_band(age_weeks: int) -> int:
    """Return the position in `categories.AGE_BANDS` of an age in weeks."""
    if age_weeks < 25 * WEEKS_PER_YEAR:
        return 0
    if age_weeks < 35 * WEEKS_PER_YEAR:
        return 1
    return 2 if age_weeks < 50 * WEEKS_PER_YEAR else 3


@kernel(each=True)
def link(people: People, jobs: Jobs, row: int, cell: int) -> None:
    """Put a person at the head of a cell's list: the last in is the first out."""
    head = jobs.head[cell]
    people.next[row] = head
    people.previous[row] = -1
    if head >= 0:
        people.previous[head] = row
    jobs.head[cell] = row


@kernel(each=True)
def unlink(people: People, jobs: Jobs, row: int) -> None:
    """Take a person out of the list of the cell they work in."""
    after, before = people.next[row], people.previous[row]
    if before >= 0:
        people.next[before] = after
    else:
        jobs.head[people.cell[row]] = after
    if after >= 0:
        people.previous[after] = before
    people.next[row] = people.previous[row] = -1


@kernel(each=True)
def separate(people: People, jobs: Jobs, row: int, to: int) -> None:
    """End a person's job: the cell loses a filled job, the person is in state `to`."""
    unlink(people, jobs, row)
    jobs.filled[people.cell[row]] -= 1
    people.cell[row] = NO_CELL
    people.wage[row] = 0.0
    people.has_searched[row] = False
    people.state[row] = to
    people.weeks_in_state[row] = 0
    people.weeks_since_job[row] = 0


@kernel(each=True)
def hire(people: People, jobs: Jobs, row: int, cell: int, wage: float, week: int) -> None:
    """Fill one opening of a cell with a person without a job, or who has just left one."""
    jobs.openings[cell] -= 1
    jobs.filled[cell] += 1
    jobs.open_since[cell] = week
    people.cell[row] = cell
    people.wage[row] = wage
    people.sector[row] = jobs.sector[cell // N_LEVELS]
    people.is_from_closure[row] = False
    people.has_searched[row] = False
    people.state[row] = State.EMPLOYED
    people.weeks_in_state[row] = 0
    people.weeks_since_job[row] = 0
    link(people, jobs, row, cell)


@kernel(each=True)
def move_benefit(people: People, row: int, to: int) -> None:
    """Move a person out of work to another state out of work."""
    people.state[row] = to
    people.weeks_in_state[row] = 0
    if to == State.INACTIVE_NO_BENEFIT:
        people.has_searched[row] = False


@kernel(each=True)
def is_newcomer(people: People, row: int | np.ndarray) -> bool | np.ndarray:
    """Return whether a slot, or each of several, began again this week.

    Who is new has no week out of work yet and was never in work here.
    """
    return (people.workless_weeks[row] == 0) & (people.sector[row] < 0)


@kernel(each=True)
def learn(people: People, row: int | np.ndarray, gain: float) -> None:
    """Raise what one person, or each of several, can do, by `gain` in 0 to 1, and not above 1."""
    people.ability[row] = np.minimum(people.ability[row] + gain, 1.0)
    people.employability[row] = np.minimum(people.employability[row] + gain, 1.0)


@kernel(each=True)
def enter(people: People, row: int, age_weeks: int, qualification: int, ability: float) -> None:
    """Start a slot again with a newcomer of this age, inactive, never in work here."""
    people.age_weeks[row] = age_weeks
    people.qualification[row] = qualification
    people.child_weeks[row] = NO_CHILD
    people.is_lone_parent[row] = False
    people.health[row] = 0
    people.state[row] = State.INACTIVE_NO_BENEFIT
    people.sector[row] = -1
    people.weeks_in_state[row] = 0
    people.weeks_since_job[row] = 0
    people.workless_weeks[row] = 0
    people.ability[row] = ability
    people.employability[row] = ability
    people.confidence[row] = 1.0
    people.barriers[row] = 0
    people.is_long_claim[row] = False
    people.is_from_closure[row] = False
    people.has_searched[row] = False
