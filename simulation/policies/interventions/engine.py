"""All interventions in force: places are given, cover is held and ends, week by week."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from simulation.agents.clients import NO_WEEK, Calls, Clients, Schemes, Support, no_schemes
from simulation.agents.columns import Flows, Jobs, People
from simulation.agents.commuting import Commuting
from simulation.categories import PENCE_PER_POUND
from simulation.config import Config, GoodwillConfig
from simulation.errors import InputError
from simulation.inputs.area import Area
from simulation.labour.hiring import NOBODY_INVITED, Invited
from simulation.policies.interventions.base import Intervention, Scene
from simulation.policies.interventions.places import (
    JourneyAid,
    TrialRates,
    first_week_of,
    lay_to_rest,
    look_round,
    new_journey_aid,
    set_groups_of,
)
from simulation.policies.interventions.written import act, given_to

NO_ROWS = np.empty(0, np.int64)


class Helped(NamedTuple):
    """Places paid for in a week; arrays of shape (k,)."""

    row: np.ndarray
    """int64, row of the person."""
    which: np.ndarray
    """int64, position of the intervention in `Interventions.names`."""
    pence: np.ndarray
    """int64, cost for the people the row stands for."""


NOBODY = Helped(NO_ROWS, NO_ROWS, NO_ROWS)


class Interventions:
    """The interventions of a run.

    Parameters
    ----------
    config : Config
    area : Area
    n_people : int
        Rows of the columns.
    has_journey : bool
        Whether there is a client journey; without, interventions that change nothing else are
        idle and cost nothing.
    registry : mapping of str to type
        `INTERVENTIONS`, or the user's own.
    first_stream : int
        What stands in `Clients.programme` for the first of them; the others follow.

    Attributes
    ----------
    names : tuple of str
        Those in force, in the order they begin in, then that of the registry: what has not begun
        comes last, so that runs with a past in common have the same rows until then.
    first_week : tuple of int
        In which the places of each begin.
    schemes : Schemes
        Vacancies they open to those they back, for phase hiring.
    journey : JourneyAid
        Factors of engagement and loss and sharing of records, by person, for the journey.
    until : ndarray of int32, shape (len(names), n_people)
        Week until which each is covered, -1 for not.
    invited : Invited
        Who is interviewed in this week's first round before all others.

    Raises
    ------
    InputError
        One line for each ward, district or group that cannot be used.
    """

    RESIZED = ("by_name", "until", "covered", "journey")
    STATE = RESIZED

    def __init__(
        self,
        config: Config,
        area: Area,
        *,
        n_people: int,
        has_journey: bool,
        registry: Mapping[str, type[Intervention]],
        first_stream: int = 0,
    ) -> None:
        kinds = [registry[name] for name in config.interventions.active_names()]
        weeks = {
            kind: first_week_of(
                getattr(config.interventions, kind.name),
                first_day=config.start,
                n_weeks=config.weeks,
            )
            for kind in kinds
            if has_journey or not kind.needs_journey
        }
        kinds = sorted(weeks, key=lambda kind: weeks[kind])
        self.first_week = tuple(weeks[kind] for kind in kinds)
        self.names = tuple(kind.name for kind in kinds)
        self.first_stream = first_stream
        self.people_per_agent = config.people_per_agent
        self.aids = _set_up(kinds, config=config, area=area, n_people=n_people)
        self.by_name = dict(zip(self.names, self.aids, strict=True))
        self.until = np.full((len(kinds), n_people), NO_WEEK, np.int32)
        self.covered = [NO_ROWS] * len(kinds)
        self.group = np.empty(n_people if kinds else 0, np.int8)
        self.drawn = np.empty(self.group.size)
        self.invited = NOBODY_INVITED
        self.journey: JourneyAid = new_journey_aid(n_people if has_journey or kinds else 0)
        self.schemes = self._schemes(area.n_wards, config.goodwill)
        self.trial = TrialRates(
            fit=config.journey.trial_fit,
            memory_weeks=config.journey.trial_memory_weeks,
        )
        self.bars, self.offered = [], []
        for which, aid in enumerate(self.aids):
            aid.until = self.until[which]
            # Deliverers are the last of the providers, and the single offer comes after them.
            aid.caller = which - len(self.aids) - 1
            others = [self.names.index(name) for name in aid.bars if name in self.names]
            self.bars.append(np.array(sorted({which, *others}), np.int64))
            self.offered.append(aid.weeks_offered())
        residents = area.wards["residents"].to_numpy()
        self.paces = [
            aid.pace(
                residents=int(residents[aid.who.wards].sum()),
                n_weeks=int(np.count_nonzero(offered >= 0)),
            )
            for aid, offered in zip(self.aids, self.offered, strict=True)
        ]

    @property
    def held(self) -> np.ndarray:
        """Cells in which an opening is held for somebody, int64, one entry each."""
        return np.concatenate([NO_ROWS, *(aid.held for aid in self.aids)])

    def _schemes(self, n_wards: int, goodwill: GoodwillConfig) -> Schemes:
        """Return the table of schemes, none outside; tell each intervention its row."""
        table = no_schemes(n_wards)
        for aid in self.aids:
            scheme = aid.scheme()
            if scheme is not None:
                aid.scheme_row = table.fit.size
                table = Schemes(
                    np.append(table.fit, scheme.fit),
                    np.vstack([table.sectors, scheme.sectors]),
                    np.vstack([table.wards, scheme.wards]),
                )
        return table._replace(
            wards=np.pad(table.wards, ((0, 0), (0, 1))),
            usual_goodwill=goodwill.usual,
            elasticity=goodwill.elasticity,
        )

    @property
    def place_pence(self) -> tuple[int, ...]:
        """What a place costs for the people an agent stands for, by intervention."""
        return tuple(
            round(aid.terms.unit_cost_gbp * PENCE_PER_POUND) * self.people_per_agent
            for aid in self.aids
        )

    def most_pence(self, first_week: int, end_week: int) -> tuple[int, ...]:
        """Return the most that places begun from one week to before another can cost."""
        weeks = range(first_week, end_week)
        return tuple(
            sum(self._n_places(which, week) for week in weeks) * pence
            for which, pence in enumerate(self.place_pence)
        )

    @property
    def pence_out(self) -> tuple[int, ...]:
        """What those covered by what is paid for only once it is used can still cost, at most."""
        return tuple(
            0 if aid.is_paid_at_start else covered.size * pence
            for aid, covered, pence in zip(self.aids, self.covered, self.place_pence, strict=True)
        )

    @property
    def trial_of(self) -> Intervention | None:
        """The first that offers places to a share of people only, as a trial does."""
        return next((aid for aid in self.aids if aid.terms.saturation), None)

    def run(
        self,
        week: int,
        people: People,
        jobs: Jobs,
        support: Support,
        clients: Clients,
        calls: Calls,
        seed: np.uint64,
        flows: Flows,
        everyone: People,
        commuting: Commuting,
    ) -> Helped:
        """Carry out one week, after the journey wrote the support of clients.

        Returns
        -------
        Helped
            Places paid for this week.
        """
        if not self.aids:
            return NOBODY
        invited: list[Invited] = []
        scene = Scene(
            week,
            seed,
            people,
            jobs,
            support,
            clients,
            calls,
            self.journey,
            flows,
            everyone,
            commuting,
            invited,
        )
        look_round(people, support, clients, self.group)
        paid = [self._charged_later(which, scene) for which in range(len(self.aids))]
        touched = [self._close(which, scene) for which in range(len(self.aids))]
        for which in range(len(self.aids)):
            new = self._open(which, scene)
            touched.append(new)
            if self.aids[which].is_paid_at_start:
                paid[which] = new
        rows = np.concatenate([*touched, *self.covered])
        lay_to_rest(support, clients, self.journey, rows, week, self.trial)
        for aid, covered in zip(self.aids, self.covered, strict=True):
            act(aid, aid.hold, covered, scene)
        self.invited = Invited.joined(invited) if invited else NOBODY_INVITED
        return self._helped(paid)

    def _charged_later(self, which: int, scene: Scene) -> np.ndarray:
        aid = self.aids[which]
        return aid.charged(given_to(aid, self.covered[which]), scene)

    def _n_places(self, which: int, week: int) -> int:
        """Return how many agents can take a place this week."""
        number = int(self.offered[which][week])
        return 0 if number < 0 else self.paces[which].in_week(number, self.people_per_agent)

    def _close(self, which: int, scene: Scene) -> np.ndarray:
        """End the cover of those who left and of those whose time is up; return their rows."""
        aid, rows = self.aids[which], self.covered[which]
        left = aid.has_left(given_to(aid, rows), scene)
        is_over = ~left & (aid.until[rows] <= scene.week)
        act(aid, aid.abandon, rows[left], scene)
        act(aid, aid.finish, rows[is_over], scene)
        ended = rows[left | is_over]
        aid.until[ended] = NO_WEEK
        self.covered[which] = rows[~(left | is_over)]
        return ended

    def _open(self, which: int, scene: Scene) -> np.ndarray:
        """Give this week's places; return the rows of those who take them."""
        n_places = self._n_places(which, scene.week)
        if n_places == 0:
            return NO_ROWS
        aid, clients = self.aids[which], scene.clients
        tickets, rows = np.empty(n_places), np.empty(n_places, np.int64)
        n = aid.choose(scene, self.group, self.until, self.bars[which], self.drawn, tickets, rows)
        rows = np.sort(rows[:n])
        aid.until[rows] = scene.week + aid.cover_weeks
        act(aid, aid.begin, rows, scene)
        set_groups_of(scene.people, self.group, rows)
        self.covered[which] = np.concatenate([self.covered[which], rows])
        first = rows[clients.treated_week[rows] == NO_WEEK]
        clients.treated_week[first] = scene.week
        clients.programme[first] = self.first_stream + which
        return rows

    def _helped(self, paid: list[np.ndarray]) -> Helped:
        sizes = [rows.size for rows in paid]
        return Helped(
            row=np.concatenate(paid),
            which=np.repeat(np.arange(len(paid)), sizes),
            pence=np.repeat(np.array(self.place_pence, np.int64), sizes),
        )


def _set_up(
    kinds: list[type[Intervention]], *, config: Config, area: Area, n_people: int
) -> list[Intervention]:
    """Set up each intervention, reporting the problems of all."""
    aids, problems = [], []
    for kind in kinds:
        terms = getattr(config.interventions, kind.name)
        try:
            aids.append(kind(terms, area=area, config=config, n_people=n_people))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return aids
