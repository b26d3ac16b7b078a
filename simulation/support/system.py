"""All of support as the week meets it: contracts, clients, interventions and their record."""

from __future__ import annotations

from collections.abc import Sequence

import mesa
import numpy as np
import pandas as pd

from simulation.agents.columns import Flows, Jobs, People
from simulation.agents.commuting import Commuting
from simulation.agents.funders import build_funders
from simulation.agents.providers import build_providers
from simulation.config import JourneyConfig
from simulation.policies.interventions import Interventions
from simulation.support.caseload import Caseload
from simulation.support.commissioning import Commissioning
from simulation.support.goodwill import Goodwill
from simulation.support.place_money import fund_places, lapse_places
from simulation.support.record import SupportRecord


class SupportSystem:
    """All support of a run; without any, everybody's columns stay at rest and nothing happens.

    Parameters
    ----------
    interventions : Interventions
        Those in force, perhaps none.
    commissioning : Commissioning or None
        None where there is neither a regime nor an intervention.
    provider_table : DataFrame or None
        What the market of providers comes from; None where they were given or there are none.
    n_people : int
        Residents.
    n_outside : int
        People who live outside; nobody supports them.
    journey : JourneyConfig
    goodwill : Goodwill
        Of employers towards advisers.
    seed : uint64

    Attributes
    ----------
    caseload : Caseload
        Everyone's place in the journey, and what support changes for them.
    interventions, commissioning
        As given.
    """

    STATE = ("interventions", "commissioning", "caseload", "_record")

    def __init__(
        self,
        interventions: Interventions,
        commissioning: Commissioning | None,
        provider_table: pd.DataFrame | None,
        *,
        n_people: int,
        n_outside: int,
        journey: JourneyConfig,
        goodwill: Goodwill,
        seed: np.uint64,
    ) -> None:
        self.interventions, self.commissioning = interventions, commissioning
        self.caseload = Caseload(
            n_people,
            n_outside=n_outside,
            has_support=commissioning is not None,
            journey=journey,
            schemes=interventions.schemes,
            aid=interventions.journey,
            seed=seed,
        )
        self._provider_table, self._goodwill, self._seed = provider_table, goodwill, seed
        self._record = None if commissioning is None else SupportRecord(commissioning)

    def add_agents(self, model: mesa.Model) -> None:
        """Register funders and providers as Mesa agents of a model."""
        if self.commissioning is None:
            return
        build_funders(model, self.commissioning)
        if self._provider_table is not None:
            build_providers(model, self.commissioning, self._provider_table)

    def week_begins(self, people: People, week: int) -> None:
        """Let and sign contracts, hire staff, close providers."""
        if self.commissioning is not None:
            self.commissioning.week_begins(people, self.caseload.records, week)

    def run(
        self,
        people: People,
        jobs: Jobs,
        flows: Flows,
        everyone: People,
        commuting: Commuting,
        *,
        newcomers: np.ndarray,
        week: int,
        weeks_of_esa: int,
    ) -> None:
        """Carry out the week of clients, then give the places of interventions.

        `people` are residents, the first of `everyone` at work here; `newcomers` are their rows
        that began again this week, int64 (k,).
        """
        if self.commissioning is None:
            return
        caseload, calls = self.caseload, self._goodwill.week_begins(jobs, commuting)
        caseload.run(
            people,
            self.commissioning,
            calls,
            newcomers=newcomers,
            week=week,
            weeks_of_esa=weeks_of_esa,
        )
        support, clients = caseload.support, caseload.clients
        money, contracts = self.commissioning.money, self.commissioning.columns
        rows = self.commissioning.contract_of_intervention()
        fund_places(money, contracts, rows, self.interventions.most_pence(week, week + 1))
        helped = self.interventions.run(
            week, people, jobs, support, clients, calls, self._seed, flows, everyone, commuting
        )
        self._goodwill.week_ends(jobs, calls, commuting)
        caseload.book(people, self.commissioning, helped, week=week)
        lapse_places(money, contracts, rows, self.interventions.pence_out)

    def week_ends(self, people: People, jobs: Jobs, week: int) -> None:
        """Note job entries, earn results, pay what is due and check the books of money.

        Raises
        ------
        BooksError
            If a pound is not where it should be.
        """
        if self.commissioning is not None:
            rates = self._goodwill.rates
            self.caseload.follow(people, jobs, self.commissioning, rates, week=week)
            self.commissioning.week_ends(self.caseload.clients, week)

    def close_month(self, people: People, week: int) -> None:
        """Write down the month that ends with a week, and pack the records of its clients."""
        if self._record is not None:
            self._record.close_month(self.caseload.clients, people, week=week)
            self.caseload.records.pack()

    def stand_idle(self, people: People, month_ends: Sequence[bool]) -> None:
        """Let weeks pass in which nobody was helped: those before the first intervention.

        Parameters
        ----------
        people : People
        month_ends : sequence of bool
            A week each, from the first, whether a month ends with it.
        """
        if self.commissioning is None:
            return
        for week, is_month_end in enumerate(month_ends):
            self.week_begins(people, week)
            self.commissioning.week_ends(self.caseload.clients, week)
            if is_month_end:
                self.close_month(people, week)

    def tables(self, people: People) -> dict[str, pd.DataFrame]:
        """Return the frames of support so far, by name; none where there is no support."""
        if self._record is None:
            return {}
        return self._record.tables(self.caseload, people, self._provider_table)
