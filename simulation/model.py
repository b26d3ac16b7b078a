"""The labour market: its state, and the phases of a week in their order.

The phases, in order: economy (desired jobs, vacancies), separations (quits, job loss, layoffs),
ageing_and_benefits (everyone a week older; claims start and end), commissioning (money becomes
contracts), support (clients are found, helped, passed on), search (who applies where), hiring
(vacancies take their best), payments (job entries, results, what is due), record (counts, and the
check of the books). Search and hiring repeat `search.rounds` times a week.
"""

from __future__ import annotations

import time
from typing import Any

import mesa
import numpy as np
import pandas as pd

from simulation import benefits, economy, hiring, hiring_rules, labour, rates, search
from simulation.agents.claimants import Claimants
from simulation.agents.columns import EMPLOYED, People
from simulation.agents.employers import Employers, build_jobs, rows_of_openings
from simulation.agents.funders import build_funders
from simulation.agents.providers import Providers, build_providers
from simulation.area import Area
from simulation.books import check_books
from simulation.caseload import Caseload
from simulation.categories import STATES
from simulation.commissioning import Commissioning
from simulation.compile import threads_for
from simulation.config import Config
from simulation.errors import InputError
from simulation.inputs import area_of, demand_of, with_parameters
from simulation.local_events import local_event_changes, parse_local_events
from simulation.money import Money
from simulation.policies.benefit_rules import load_benefit_rules
from simulation.policies.situation import Partners
from simulation.population import build_people
from simulation.recorder import Recorder
from simulation.reporters import REPORTERS
from simulation.streams import check_seed
from simulation.support_record import SupportRecord, support_tables
from simulation.support_set_up import GivenSupport, set_up_support

PHASES = (
    "economy",
    "separations",
    "ageing_and_benefits",
    "commissioning",
    "support",
    "search",
    "hiring",
    "payments",
    "record",
)
ROUND_PHASES = ("search", "hiring")


class LabourMarket(mesa.Model):
    """One simulated labour market, from the first day to the last week.

    Parameters
    ----------
    config : Config, optional
        Default values if left out.
    seed : int
        Any whole number from 0 to 2**64 - 1.
    events : bool
        Whether to keep every change of state or job of every person.
    people : People, optional
        The people of the first day, instead of those drawn from the area's tables.
    area : Area, optional
        The area, if it is loaded already.
    given : GivenSupport, optional
        Providers and contracts of your own instead of a market and a regime.
    **parameters
        Values of the configuration by dotted key with two underscores for the dot, for
        `mesa.batch_run`: `hiring__strength=0.5`.

    Raises
    ------
    InputError
        If the configuration, the seed, the area or the economy cannot be used.
    """

    def __init__(
        self,
        config: Config | None = None,
        seed: int = 0,
        *,
        events: bool = False,
        people: People | None = None,
        area: Area | None = None,
        given: GivenSupport | None = None,
        **parameters: Any,
    ) -> None:
        self.key = check_seed(seed)
        super().__init__(rng=int(seed))
        self.config = with_parameters(Config() if config is None else config, parameters)
        self.area = area or area_of(self.config)
        self.is_priority = self.area.priority
        self.week = 0
        self.seconds = dict.fromkeys(("set_up", *PHASES), 0.0)
        began = time.perf_counter()
        self.n_people = int(self.area.wards["residents"].sum()) // self.config.people_per_agent
        with threads_for(self.n_people):
            self._set_up(people, events)
            self._set_up_support(given)
        self.seconds["set_up"] = time.perf_counter() - began
        self.datacollector = mesa.DataCollector(model_reporters=REPORTERS)

    def _set_up(self, people: People | None, events: bool) -> None:
        """Load the dated tables, build people and jobs, prepare the week's rates."""
        config, area = self.config, self.area
        hiring_rules.rule_named(config.hiring.rule)
        rules = load_benefit_rules(config.benefits.rules)
        self.events = parse_local_events(config.economy.events, wards=set(area.wards["code"]))
        self.demand = demand_of(config)
        self.local_events = local_event_changes(
            self.events, start=config.start, n_weeks=config.weeks
        )
        self.intensity = rates.weekly_intensity(config, rules)
        self.benefit = rates.weekly_benefit(config, rules)
        self.child_limit_weeks = rates.weekly_child_limit(config, rules)
        self.esa_week = rates.first_esa_week(config, rules)
        self.months, month_names = rates.months_of(config.start, config.weeks)
        commute, commute_short, distance = rates.commuting_tables(area, config)
        self.reach = np.diff(commute, axis=1, prepend=0.0)

        self.people = people or build_people(area, config, seed=int(self.key))
        self.jobs = build_jobs(
            area, self.people, config, commute=commute, events=self.events, seed=int(self.key)
        )
        self.ward_rows = {code: row for row, code in enumerate(area.wards["code"])}
        self.openings = rows_of_openings(self.jobs, self.events)
        self.states = np.bincount(self.people.state, minlength=len(STATES))
        self.choice = np.empty(self.people.state.size, np.int32)
        self.slack = np.ones(area.n_wards)

        self.economy_rates = rates.economy_rates(config)
        self.separation_rates = rates.separation_rates(area, config)
        self.entrant_rates = rates.entrant_rates(area, config)
        self.ageing_rates = rates.ageing_rates(config)
        self.benefit_rates = rates.benefit_rates(area, self.people, config)
        self.search_rates = rates.search_rates(config, commute=commute, commute_short=commute_short)
        self.hiring_rates = rates.hiring_rates(config, distance=distance)
        self.recorder = Recorder(
            self.people,
            months=month_names,
            ward_codes=[str(code) for code in area.wards["code"]],
            people_per_agent=config.people_per_agent,
            events=events,
        )

    def _set_up_support(self, given: GivenSupport | None) -> None:
        """Build the market of providers, the streams and the caseload, where there is support."""
        config, area, seed = self.config, self.area, self.key
        self.caseload = Caseload(
            self.people.id.size, area.n_wards, journey=config.journey, seed=seed
        )
        self.market: Commissioning | None = None
        self.provider_table: pd.DataFrame | None = None
        found = set_up_support(config, area, n_people=self.people.id.size, seed=seed, given=given)
        self.interventions = found.interventions
        self.caseload.schemes = self.interventions.schemes
        if found.market is None:
            return
        self.caseload.aid = self.interventions.journey
        self.market, self.provider_table = found.market, found.table
        self.support_record = SupportRecord(self.market, self.recorder.months)
        build_funders(self, self.market.streams)
        if found.table is not None:
            build_providers(self, found.table)

    @property
    def money(self) -> Money:
        """The books of money, as funders and providers read them."""
        return self._supported().money

    @property
    def providers(self) -> Providers:
        """The providers' columns."""
        return self._supported().providers

    @property
    def partners(self) -> Partners:
        """What the partnership is like at present."""
        return self._supported().partnership.partners()

    def support_tables(self) -> dict[str, pd.DataFrame]:
        """Return the frames of support so far, by name; none where there is no support."""
        if self.market is None:
            return {}
        return support_tables(
            self.market,
            self.support_record,
            self.caseload.records,
            self.people,
            self.provider_table,
        )

    def _supported(self) -> Commissioning:
        if self.market is None:
            raise InputError("there is no support in this run: regime.name is none")
        return self.market

    @property
    def claimants(self) -> Claimants:
        """Every resident of working age, claiming or not, as a set of agents."""
        return Claimants(self)

    @property
    def employers(self) -> Employers:
        """Every establishment, as a set of agents."""
        return Employers(self)

    def step(self) -> None:
        """Simulate one week; the last one stops the run.

        Raises
        ------
        BooksError
            If an accounting identity does not hold.
        """
        if self.week >= self.config.weeks:
            raise InputError(
                f"the run of {self.config.weeks} weeks is over; for more set weeks higher"
            )
        self.flows = self.recorder.new_flows()
        self.totals = dict.fromkeys(
            ("applications", "openings", "offers_refused", "layoffs", "new_jobs"), 0
        )
        self.search_rates.intensity[:] = self.intensity[self.week]
        self.hiring_rates.benefit[:] = self.benefit[self.week]
        with threads_for(self.n_people):
            for phase in PHASES:
                if phase not in ROUND_PHASES:
                    self._timed(phase)
                elif phase == ROUND_PHASES[0]:
                    for number in range(self.config.search.rounds):
                        self.round = number
                        for each in ROUND_PHASES:
                            self._timed(each)
        self.week += 1
        self.running = self.week < self.config.weeks
        self.datacollector.collect(self)

    def _timed(self, phase: str) -> None:
        """Carry out a phase and add its time."""
        began = time.perf_counter()
        getattr(self, phase)()
        self.seconds[phase] += time.perf_counter() - began

    def economy(self) -> None:
        """Phase 1: desired jobs follow demand and local events; vacancies open and lapse."""
        for event in [event for week, event in self.local_events if week == self.week]:
            economy.apply_local_event(
                self.jobs,
                event,
                ward=self.ward_rows[event.ward],
                opening=self.openings.get(event, []),
                people_per_agent=self.config.people_per_agent,
            )
        before = self.jobs.desired.copy()
        economy.run_economy(
            self.jobs,
            self.demand[self.week],
            week=self.week,
            seed=self.key,
            rates=self.economy_rates,
        )
        self.totals["new_jobs"] = int(np.maximum(self.jobs.desired - before, 0).sum())

    def separations(self) -> None:
        """Phase 2: quits, job loss and layoffs."""
        labour.decide_separations(
            self.people, self.caseload.support, self.week, self.key, self.separation_rates
        )
        self._apply_separations()
        self.totals["layoffs"] = labour.decide_layoffs(
            self.people,
            self.caseload.support,
            self.jobs,
            self.week,
            self.key,
            self.separation_rates,
        )
        self._apply_separations()

    def ageing_and_benefits(self) -> None:
        """Phase 3: everyone grows a week older; claims start, move and end."""
        benefits.age_and_move(
            self.people,
            self.week,
            self.key,
            self.child_limit_weeks[self.week],
            self.ageing_rates,
            self.benefit_rates,
            self.entrant_rates,
        )
        self._apply_separations()

    def commissioning(self) -> None:
        """Phase 4: money is planned, contracts are signed, places open, providers close."""
        if self.market is not None:
            self.market.week_begins(self.people, self.week)

    def support(self) -> None:
        """Phase 5: clients are found, advance, are passed on or lost."""
        if self.market is None:
            return
        self.caseload.run(
            self.people,
            self.market,
            week=self.week,
            weeks_of_esa=max(self.week + 1 - self.esa_week, 0),
        )
        helped = self.interventions.run(
            self.week,
            self.people,
            self.jobs,
            self.caseload.support,
            self.caseload.clients,
            self.key,
            self.flows,
        )
        self.caseload.book(self.people, self.market, helped, week=self.week)

    def payments(self) -> None:
        """Phase 8: job entries are noted, results earned, what is due is paid; books checked."""
        if self.market is not None:
            self.caseload.follow(self.people, self.market, week=self.week)
            self.market.week_ends(self.caseload.clients, self.week)

    def _apply_separations(self) -> None:
        labour.apply_separations(
            self.people,
            self.jobs,
            self.week,
            self.key,
            self.entrant_rates,
            self.flows,
            self.is_priority,
        )

    def search(self) -> None:
        """Phase 6: seekers choose an open vacancy to apply to."""
        self.lots = search.list_lots(self.jobs, self.area.n_wards)
        search.choose_lots(
            self.people,
            self.caseload.support,
            self.lots,
            (self.reach * self.slack).sum(axis=1),
            self._round_number(),
            self.key,
            self.search_rates,
            self.choice,
        )

    def hiring(self) -> None:
        """Phase 7: vacancies take the best of the suitable; offers are accepted or refused."""
        rows = np.flatnonzero(self.choice >= 0)
        choice = self.choice[rows].astype(np.int64)
        cells = self.lots.cell[choice]
        wards = self.jobs.ward[cells // hiring.N_LEVELS]
        suitability, ticket = np.empty(rows.size), np.empty(rows.size)
        hiring.assess(
            self.people,
            self.caseload.support,
            self.caseload.schemes,
            self.jobs,
            self.lots,
            rows,
            choice,
            self._round_number(),
            self.key,
            self.hiring_rates,
            suitability,
            ticket,
        )
        applications = hiring_rules.Applications(
            suitability=suitability,
            weeks_since_job=hiring.weeks_since_work(
                self.people, self.caseload.support, rows, self.week
            ),
            level=(cells % hiring.N_LEVELS).astype(np.int64),
            slack=self.slack[wards],
            ticket=ticket,
        )
        least = hiring_rules.least_suitability(applications.slack, self.config.hiring)
        is_suitable = suitability >= least
        score = hiring_rules.rule_named(self.config.hiring.rule)(applications, self.config.hiring)
        hired = hiring.clear(np.where(is_suitable, choice, -1), score, self.lots.openings)
        self.totals["offers_refused"] += hiring.take_offers(
            self.people,
            self.jobs,
            self.lots,
            rows,
            choice,
            hired,
            self.week,
            self.hiring_rates,
            self.flows,
            self.is_priority,
        )
        labour.move_house(
            self.people,
            self.is_priority,
            rows,
            self._round_number(),
            self.key,
            self.config.people.p_move_on_hire,
        )
        self._remember_slack(choice)

    def _remember_slack(self, choice: np.ndarray) -> None:
        """Smooth applications per opening by work ward, where there were openings."""
        by_ward = hiring.applications_by_ward(self.jobs, self.lots, choice, self.area.n_wards)
        memory = self.config.hiring.slack_memory ** (1.0 / self.config.search.rounds)
        seen = by_ward[:, 1] > 0
        self.slack[seen] *= memory
        self.slack[seen] += (1.0 - memory) * by_ward[seen, 0] / by_ward[seen, 1]
        self.totals["applications"] += int(by_ward[:, 0].sum())
        self.totals["openings"] += int(by_ward[:, 1].sum())

    def record(self) -> None:
        """Phase 9: check the books, add the week's flows, close the month if it ends."""
        self.states = check_books(
            self.people,
            self.jobs,
            self.flows,
            employed_before=int(self.states[EMPLOYED]),
            week=self.week,
        )
        month = int(self.months[self.week])
        self.recorder.add_week(
            self.people, self.flows, tuple(self.totals.values()), month=month, week=self.week
        )
        is_last = self.week + 1 == self.config.weeks
        if is_last or self.months[self.week + 1] != month:
            self.recorder.close_month(
                self.people,
                self.jobs,
                month=month,
                is_priority=self.is_priority,
                weeks_of_esa=max(self.week + 1 - self.esa_week, 0),
                temporary_until=self.caseload.support.temporary_until,
            )
            if self.market is not None:
                self.support_record.close_month(month, self.caseload.clients, self.people)

    def _round_number(self) -> int:
        return self.week * search.ROUNDS_PER_WEEK + self.round
