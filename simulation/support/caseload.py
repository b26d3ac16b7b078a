"""Phases support and payments: the clients of all providers, week by week."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from simulation.agents.clients import Calls, Clients, Schemes, Support
from simulation.agents.columns import Jobs, People, columns_at_rest, first_rows, new_columns
from simulation.config import JourneyConfig
from simulation.labour.rates import weekly
from simulation.policies.interventions import Helped
from simulation.policies.interventions.places import JourneyAid
from simulation.support.commissioning import Commissioning
from simulation.support.effort import effort_rates
from simulation.support.engagement import engagement_chances, find_engaged
from simulation.support.goodwill import GoodwillRates
from simulation.support.helped import book_helped
from simulation.support.journey import JourneyRates, advance, mark_concerned, set_effects
from simulation.support.opinion import HELPED, LET_DOWN
from simulation.support.records import ClientRecords
from simulation.support.referrals import draw_tickets, settle
from simulation.support.sustainment import follow_jobs

EVENTS_A_CLIENT = 32
"""The most events one client can have in a phase; room is made for all before it begins."""


def journey_rates(journey: JourneyConfig) -> JourneyRates:
    """Return the parameters of the journey as the compiled phases read them.

    Those by ward are empty, for they are the week's.
    """
    weeks = (
        0,
        journey.engagement_weeks,
        journey.planning_weeks,
        journey.service_weeks,
        journey.placement_weeks,
        journey.aftercare_weeks,
    )
    same = {
        name: getattr(journey, name)
        for name in JourneyRates._fields
        if name in type(journey).model_fields and name != "training_weeks"
    }
    return JourneyRates(
        **same,
        engagement=weekly(journey.engagement_rate),
        referral=float(weekly(journey.referral_rate)),
        stage_weeks=np.array(weeks, np.int64),
        drop_out=weekly((0.0, *journey.drop_out_rate)),
        training_weeks=np.zeros(0, np.int64),
        p_early_trial=np.zeros(0),
        consent=np.zeros(0),
        trust=np.zeros((0, 0, 0)),
        lift=weekly(journey.lift_rate),
        effort=effort_rates(journey, np.zeros(1, np.int64)),
    )


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
    """

    STATE = ("clients", "support", "records")

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
        self.records = ClientRecords()
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
        week: int,
        weeks_of_esa: int,
    ) -> None:
        """Carry out a week of the journey: clients advance, ask for places, get them or wait.

        The calls advisers make upon employers are added to `calls`.
        """
        clients, support, seed = self.clients, self.support, self._seed
        rates = commissioning.rates_in(self._rates, week)
        providers, contracts, money = (
            commissioning.providers,
            commissioning.columns,
            commissioning.money,
        )
        rates.effort.weeks_of_esa[0] = weeks_of_esa
        rows = self.concerned(week)
        records = self.records.make_room(EVENTS_A_CLIENT * rows.size)
        before = int(records.n[0])
        advance(
            people, clients, support, providers, contracts, money, records, rows, week, seed, rates
        )
        let_down = commissioning.count(LET_DOWN, records, before)
        doors = commissioning.doors(clients, rows, week)
        n_wards = commissioning.area.n_wards
        chances = engagement_chances(
            contracts, providers, commissioning.offers, n_wards, week, doors, rates
        )
        engaged = find_engaged(
            people, clients, support, self._aid, week, seed, chances, self._marked
        )
        records = self.records.make_room(EVENTS_A_CLIENT * (rows.size + engaged.size))
        before = int(records.n[0])
        asking, tickets = draw_tickets(people, clients, engaged, rows, week, seed)
        settle(
            people,
            clients,
            support,
            providers,
            contracts,
            money,
            commissioning.offers,
            records,
            asking[np.lexsort((people.id[asking], tickets))],
            self._aid,
            week,
            seed,
            doors,
            rates,
            commissioning.believed,
        )
        let_down += commissioning.count(LET_DOWN, records, before)
        commissioning.opinion.are_let_down(let_down)
        rows = self.concerned(week)
        self.records.count_week(clients, rows)
        commissioning.see_weeks(people, clients, self._aid.shares_records, rows)
        set_effects(people, clients, support, providers, contracts, calls, rows, week, seed, rates)

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
        records = self.records.make_room(EVENTS_A_CLIENT * rows.size)
        before = int(records.n[0])
        follow_jobs(
            people,
            jobs,
            self.clients,
            self.support,
            commissioning.providers,
            commissioning.columns,
            commissioning.money,
            records,
            rows,
            commissioning.job_entries,
            week,
            self._rates,
            goodwill,
        )
        commissioning.see_jobs(people, self._aid.shares_records, records, before)
        commissioning.opinion.week_passes(commissioning.count(HELPED, records, before))

    def book(
        self, people: People, commissioning: Commissioning, helped: Helped, *, week: int
    ) -> None:
        """Note the places of interventions given this week and pay for them."""
        records = self.records.make_room(helped.row.size)
        book_helped(
            people,
            self.clients,
            commissioning.columns,
            commissioning.money,
            records,
            helped.row,
            commissioning.contract_of_intervention()[helped.which],
            helped.pence,
            week,
        )
