"""What an intervention is: who is eligible, what a place does, and when it is over."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np

from simulation.agents.clients import Calls, Clients, Support
from simulation.agents.columns import Flows, Jobs, People, is_newcomer
from simulation.agents.commuting import Commuting
from simulation.categories import CLIENT_GROUPS, SECTORS, WEEKS_PER_YEAR, Stage, State
from simulation.config import Config
from simulation.config.aid import IN_WORK, OUT_OF_WORK, Aid
from simulation.errors import InputError
from simulation.inputs.area import Area
from simulation.inputs.named_wards import named_wards
from simulation.labour.hiring import Invited
from simulation.policies.interventions.places import (
    NO_TICKET,
    JourneyAid,
    Pace,
    Who,
    draw_tickets,
    pace_of,
    take_lowest,
    weeks_offered,
)
from simulation.policies.interventions.saturation import is_offered, ward_saturations
from simulation.streams import Stream, uniforms

SEPARATOR = "|"
NO_LIMIT = np.iinfo(np.int64).max
"""Weeks of age nobody reaches."""


class Scene(NamedTuple):
    """The state an intervention reads and changes in a week."""

    week: int
    seed: np.uint64
    people: People
    jobs: Jobs
    support: Support
    clients: Clients
    calls: Calls
    journey: JourneyAid
    flows: Flows
    everyone: People
    """Residents first, then those who live outside and work here."""
    commuting: Commuting
    invited: list[Invited]
    """Who is interviewed this week before all others; interventions add theirs."""

    def uniforms(self, rows: np.ndarray, number: int) -> np.ndarray:
        """Return the week's draws of some people for one intervention, float64 (k, 4).

        Word 0 is the ticket, 1 whether a place worked, 2 where a temporary job is.
        """
        ids = self.people.id[rows]
        return uniforms(int(self.seed), Stream.INTERVENTIONS, ids, week=self.week, pair=number)

    def is_employed(self, rows: np.ndarray) -> np.ndarray:
        """Return who is in work, bool (k,)."""
        return self.people.state[rows] == State.EMPLOYED


class Offered(NamedTuple):
    """Whom a trial offers a place, arrays of shape (n,)."""

    saturation: np.ndarray
    """float64, share of the people of one's ward who are."""
    is_offered: np.ndarray
    """bool."""
    is_eligible: np.ndarray
    """bool, whether they could take a place when the first are given, if of the age."""


@dataclass(frozen=True)
class Scheme:
    """Vacancies an intervention opens to those it backs: a row of `Schemes`.

    Attributes
    ----------
    fit : float
        Log odds.
    sectors, wards : ndarray of bool, shape (9,) and (n_wards,)
    """

    fit: float
    sectors: np.ndarray
    wards: np.ndarray


class Intervention:
    """One intervention in force; subclasses say what a place does.

    Parameters
    ----------
    terms : Aid
        Its own parameters.
    area : Area
    config : Config
    n_people : int
        Rows of the columns.

    Attributes
    ----------
    name : str
        Its name in `interventions`.
    number : int
        Keys its draws; never given to another. One of your own needs none.
    parameters : type of Aid
        What `interventions.NAME` may set, where it is no field of `InterventionsConfig`.
    needs_journey : bool
        Whether it changes nothing but the journey, and so is idle where there is none.
    can_help : tuple of str
        Client groups a place can do something for; `groups` may name no other.
    ends_in_work, ends_out_of_work : bool
        Whether cover ends with a job, or with its loss: then nobody in work, or out of work, can
        be helped.
    bars : tuple of str
        Interventions whose cover bars from this one, besides itself.
    is_paid_at_start : bool
        Whether a place costs when it begins; if not, when `charged` says so.
    until : ndarray of int32, shape (n,)
        Week until which each is covered, -1 for not; given by the engine.
    scheme_row : int
        Row of its scheme in `Schemes`, -1 without one; given by the engine.
    caller : int
        Its row of `Calls.made`; given by the engine.
    offered : Offered or None
        Whom a trial offers a place; None before its first week, and for all that are no trials.
    STATE : tuple of str
        Its attributes that change from week to week.
    """

    STATE: ClassVar[tuple[str, ...]] = ("offered",)
    name: ClassVar[str]
    number: ClassVar[int]
    parameters: ClassVar[type[Aid]] = Aid
    needs_journey: ClassVar[bool] = False
    can_help: ClassVar[tuple[str, ...]] = CLIENT_GROUPS
    ends_in_work: ClassVar[bool] = False
    ends_out_of_work: ClassVar[bool] = False
    bars: ClassVar[tuple[str, ...]] = ()
    is_paid_at_start: ClassVar[bool] = True
    until: np.ndarray
    scheme_row: int = -1
    caller: int
    offered: Offered | None

    def __init__(self, terms: Aid, *, area: Area, config: Config, n_people: int) -> None:
        self.terms = terms
        self.offered = None
        self.area, self.config, self.n_people = area, config, n_people
        self.who = self.eligible()
        if not isinstance(self.who, Who):
            raise InputError(
                f"intervention {self.name!r}: eligible must return Who, such as super().eligible()"
                f"._replace(min_health=1), got {type(self.who).__name__}"
            )

    def eligible(self) -> Who:
        """Return who may take a place; subclasses narrow it by `_replace`.

        Raises
        ------
        InputError
            If the groups or wards hold some that cannot be helped.
        """
        terms = self.terms
        return Who(
            groups=self._groups(),
            wards=wards_of(self.area, terms.wards, key=f"interventions.{self.name}.wards"),
            stages=np.ones(len(Stage), np.bool_),
            min_age_weeks=terms.min_age * WEEKS_PER_YEAR,
            max_age_weeks=terms.max_age * WEEKS_PER_YEAR,
            max_qualification=terms.max_qualification,
            barriers=0,
            min_health=0,
            needs_child=False,
            can_be_engaged=False,
            trial_memory=-1,
            since_job=-1,
            from_closure=False,
            not_of_sector=-1,
        )

    def _groups(self) -> np.ndarray:
        """Return which client groups may take a place, bool (8,); refuse those it cannot help."""
        helped = set(self.can_help)
        if self.ends_in_work:
            helped -= set(IN_WORK)
        if self.ends_out_of_work:
            helped -= set(OUT_OF_WORK)
        idle = [each for each in CLIENT_GROUPS if each in self.terms.groups and each not in helped]
        if idle:
            allowed = ", ".join(each for each in CLIENT_GROUPS if each in helped)
            raise InputError(
                f"interventions.{self.name}.groups: a place does nothing for {', '.join(idle)};"
                f" allowed: {allowed}"
            )
        return np.isin(CLIENT_GROUPS, self.terms.groups)

    def weeks_offered(self) -> np.ndarray:
        """Return the number of each week since places began, int64 (n_weeks,), -1 where none do."""
        terms, config = self.terms, self.config
        return weeks_offered(terms.start, terms.end, first_day=config.start, n_weeks=config.weeks)

    def pace(self, *, residents: int, n_weeks: int) -> Pace:
        """Return how many places it has over how many weeks, as `pace_of`."""
        return pace_of(self.terms, residents=residents, n_weeks=n_weeks)

    def scheme(self) -> Scheme | None:
        """Return the vacancies it opens to those it backs, if any."""
        return None

    @property
    def held(self) -> np.ndarray:
        """Cells in which it holds an opening for somebody, int64, one entry each."""
        return np.empty(0, np.int64)

    @property
    def cover_weeks(self) -> int:
        """Weeks somebody counts as covered, from the week the place begins."""
        return self.terms.weeks

    def choose(
        self,
        scene: Scene,
        group: np.ndarray,
        until: np.ndarray,
        bars: np.ndarray,
        drawn: np.ndarray,
        tickets: np.ndarray,
        rows: np.ndarray,
    ) -> int:
        """Write who gets this week's places, lowest ticket first; return how many.

        Parameters
        ----------
        scene : Scene
        group : ndarray of int8, shape (n,)
            Client group at present.
        until : ndarray of int32, shape (k, n)
            Week until which each is covered by each intervention, -1 for not.
        bars : ndarray of int64
            Rows of `until` that bar from this one, its own among them.
        drawn : ndarray of float64, shape (n,)
            Room for everyone's tickets.
        tickets, rows : ndarray of float64 and int64, shape (places,)
            Written.
        """
        columns = (scene.people, scene.support, scene.clients, group, until, bars)
        keys = (self.number, scene.week, scene.seed)
        if self.terms.saturation and self.offered is None:
            of_any_age = self.who._replace(min_age_weeks=0, max_age_weeks=NO_LIMIT)
            draw_tickets(*columns, of_any_age, *keys, drawn)
            self.offered = self._deal(scene, drawn < NO_TICKET)
        draw_tickets(*columns, self.who, *keys, drawn)
        if self.offered is not None:
            drawn[~self.offered.is_offered] = NO_TICKET
        return take_lowest(drawn, tickets, rows)

    def _deal(self, scene: Scene, is_eligible: np.ndarray) -> Offered:
        """Draw the shares of wards, and who is offered a place in each."""
        keys: dict[str, int] = {"seed": int(scene.seed), "number": self.number}
        share = ward_saturations(self.terms.saturation, self.area.n_wards, **keys)
        share = share[scene.people.ward]
        return Offered(share, is_offered(share, scene.people.id, **keys), is_eligible)

    def has_left(self, rows: np.ndarray, scene: Scene) -> np.ndarray:
        """Return whose cover ends before its time, bool (k,)."""
        left = np.asarray(is_newcomer(scene.people, rows))
        if self.ends_in_work:
            left |= scene.is_employed(rows)
        if self.ends_out_of_work:
            left |= ~scene.is_employed(rows)
        return left

    def begin(self, rows: np.ndarray, scene: Scene) -> None:
        """Do what a place does at once; rows are int64 (k,), those who begin this week."""

    def hold(self, rows: np.ndarray, scene: Scene) -> None:
        """Do what a place does while it lasts; rows are all who are covered."""

    def finish(self, rows: np.ndarray, scene: Scene) -> None:
        """Do what a place does at its end; rows are those whose time is up."""

    def abandon(self, rows: np.ndarray, scene: Scene) -> None:
        """Undo what must not outlast a place; rows are those who left before its end."""

    def charged(self, rows: np.ndarray, scene: Scene) -> np.ndarray:
        """Return whose place is to be paid for only now, int64 rows of those covered so far."""
        return rows[:0]


def wards_of(area: Area, wards: str | Iterable[str], *, key: str) -> np.ndarray:
    """Return which wards some words name, bool (n_wards,).

    Parameters
    ----------
    area : Area
    wards : str or iterable of str
        As `named_wards`: all, priority, codes or names of wards, names of districts.
    key : str
        Parameter, for messages.

    Raises
    ------
    InputError
        If a word names none.
    """
    words = [wards] if isinstance(wards, str) else list(wards)
    chosen, unknown = named_wards(SEPARATOR.join(words), area.wards)
    if unknown is None:
        return chosen
    known = ["all", "priority", *area.districts, *area.wards["code"], *area.wards["name"]]
    close = difflib.get_close_matches(unknown, known, n=3)
    near = f"did you mean {' or '.join(close)}?" if close else f"districts: {_list(area)}"
    raise InputError(
        f"{key}: {unknown!r} is neither all, priority nor worst:N, nor a district or the code or"
        f" name of a ward of area {area.name}; {near}"
    )


def _list(area: Area) -> str:
    return ", ".join(area.districts)


def sectors_named(sectors: Iterable[str]) -> np.ndarray:
    """Return which sectors are named, bool (9,)."""
    return np.isin(SECTORS, list(sectors))
