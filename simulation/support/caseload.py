"""Phases support and payments: the clients of all providers, week by week."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from simulation.agents.clients import Calls, Clients, Schemes, Support
from simulation.agents.columns import Jobs, People, columns_at_rest, first_rows, new_columns
from simulation.config import JourneyConfig
from simulation.policies.interventions import Helped
from simulation.policies.interventions.places import JourneyAid
from simulation.support.commissioning import Commissioning
from simulation.support.engagement import engagement_chances, find_engaged
from simulation.support.goodwill import GoodwillRates
from simulation.support.helped import book_helped
from simulation.support.journey import advance, mark_concerned, set_effects
from simulation.support.journey_week import JourneyRates, JourneyWeek, journey_rates
from simulation.support.opinion import HELPED, LET_DOWN
from simulation.support.records import ClientRecords
from simulation.support.referrals import draw_tickets, settle
from simulation.support.sustainment import follow_jobs
from simulation.support.treated import Departed

EVENTS_A_CLIENT = 32
"""The most events one client can have in a phase; room is made for all before it begins."""


class Caseload:
    """Everyone's place in the journey, what it changes, and the record of it.

    Parameters
    ----------
    n_people : int
    n_outside : int
        People who live outside, whose support stays at rest.
    has_support : bool
        Whether anybody can be helped; without, and before `make_room`, columns at rest take no
        memory.
    journey : JourneyConfig
    schemes : Schemes
        Vacancies that interventions open to those they back.
    aid : JourneyAid
        What interventions change in the journey.
    seed : uint64

    Attributes
    ----------
    clients : Clients
    support : Support
    everyones : Support
        The same, and of those who live outside.
    schemes : Schemes
    records : ClientRecords
    departed : Departed
        Those treated who have left.
    """

    STATE = ("clients", "support", "records", "departed")

    def __init__(
        self,
        n_people: int,
        *,
        n_outside: int = 0,
        has_support: bool,
        journey: JourneyConfig,
        schemes: Schemes,
        aid: JourneyAid,
        seed: np.uint64,
    ) -> None:
        self._n_people, self._n_outside = n_people, n_outside
        self._needs_room = has_support
        self._set_columns(columns_at_rest)
        self.schemes, self._aid = schemes, aid
        self.records, self.departed = ClientRecords(), Departed()
        self._rates, self._seed = journey_rates(journey), seed
        self._marked = np.zeros(n_people if has_support else 0, np.bool_)

    def make_room(self) -> None:
        """Give everyone columns of their own, at rest, before the first week."""
        if self._needs_room:
            self._set_columns(new_columns)
            self._needs_room = False

    def _set_columns(self, columns: Callable[..., Any]) -> None:
        self.clients: Clients = columns(Clients, self._n_people)
        self.everyones: Support = columns(Support, self._n_people + self._n_outside)
        self.support = first_rows(self.everyones, self._n_people)

    def concerned(self, week: int) -> np.ndarray:
        """Return the rows of clients, followed jobs and remembered trials, int64 (k,)."""
        clients, memory = self.clients, self._rates.trial_memory_weeks
        trial_week = self.support.trial_week
        mark_concerned(clients.stage, clients.job_week, trial_week, week, memory, self._marked)
        return np.flatnonzero(self._marked)

    def run(
        self,
        people: People,
        commissioning: Commissioning,
        calls: Calls,
        *,
        newcomers: np.ndarray,
        week: int,
        weeks_of_esa: int,
    ) -> None:
        """Carry out a week of the journey: clients advance, ask for places, get them or wait.

        The calls advisers make upon employers are added to `calls`; `newcomers` are the rows that
        began again this week, int64 (k,).
        """
        clients, support, seed = self.clients, self.support, self._seed
        rates, offers = commissioning.rates_in(self._rates, week), commissioning.offers
        rates.effort.weeks_of_esa[0] = weeks_of_esa
        self.departed.add_week(clients, newcomers, week)
        rows = self.concerned(week)
        now = self._now(people, commissioning, rates, week, EVENTS_A_CLIENT * rows.size)
        before = int(now.records.n[0])
        advance(now, rows)
        let_down = commissioning.count(LET_DOWN, now.records, before)
        doors = commissioning.doors(clients, rows, week)
        chances = engagement_chances(now.contracts, now.providers, offers, week, doors, rates)
        engaged = find_engaged(
            people, clients, support, self._aid, week, seed, chances, self._marked
        )
        n_askers = rows.size + engaged.size
        now = self._now(people, commissioning, rates, week, EVENTS_A_CLIENT * n_askers)
        before = int(now.records.n[0])
        asking, tickets = draw_tickets(people, clients, engaged, rows, week, seed)
        asking = asking[np.lexsort((people.id[asking], tickets))]
        settle(now, offers, asking, doors, commissioning.believed)
        let_down += commissioning.count(LET_DOWN, now.records, before)
        commissioning.opinion.are_let_down(let_down)
        rows = self.concerned(week)
        self.records.count_week(clients, rows)
        commissioning.see_weeks(people, clients, self._aid.shares_records, rows)
        set_effects(now, calls, rows)

    def _now(
        self,
        people: People,
        commissioning: Commissioning,
        rates: JourneyRates,
        week: int,
        n_events: int,
    ) -> JourneyWeek:
        """Return what steps of the journey need to know, with room for so many events."""
        return JourneyWeek(
            people=people,
            clients=self.clients,
            support=self.support,
            providers=commissioning.providers,
            contracts=commissioning.columns,
            money=commissioning.money,
            records=self.records.make_room(n_events),
            aid=self._aid,
            rates=rates,
            week=week,
            seed=self._seed,
        )

    def follow(
        self,
        people: People,
        jobs: Jobs,
        commissioning: Commissioning,
        goodwill: GoodwillRates,
        *,
        week: int,
    ) -> None:
        """Note job entries and follow the jobs of clients; results are earned, recruits judged."""
        rows = self.concerned(week)
        now = self._now(people, commissioning, self._rates, week, EVENTS_A_CLIENT * rows.size)
        before = int(now.records.n[0])
        follow_jobs(now, jobs, rows, commissioning.job_entries, goodwill)
        commissioning.see_jobs(people, self._aid.shares_records, now.records, before)
        commissioning.opinion.week_passes(commissioning.count(HELPED, now.records, before))

    def book(
        self, people: People, commissioning: Commissioning, helped: Helped, *, week: int
    ) -> None:
        """Note the places of interventions given this week and pay for them."""
        now = self._now(people, commissioning, self._rates, week, helped.row.size)
        which = commissioning.contract_of_intervention()[helped.which]
        book_helped(now, helped.row, which, helped.pence)
