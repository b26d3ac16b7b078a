"""The labour market: its state, and the phases of a week in their order.

The phases, in order: economy (desired jobs, vacancies), separations (quits, job loss, layoffs),
ageing_and_benefits (everyone a week older; claims start and end), commissioning (money becomes
contracts), support (clients are found, helped, passed on), search (who applies where), hiring
(vacancies take their best), payments (job entries, results, what is due), record (counts, and the
check of the books). Search and hiring repeat `search.rounds` times a week.
"""

from __future__ import annotations

import gc
import time
from typing import Any

import mesa
import numpy as np
import pandas as pd

from simulation.agents.claimants import Claimants
from simulation.agents.columns import NO_MOVE, People, first_rows, is_newcomer
from simulation.agents.commuting import commuting_of
from simulation.agents.employers import Employers, build_jobs
from simulation.categories import N_LEVELS, State
from simulation.compile import Threads, threads_for
from simulation.config import Config
from simulation.config.programme import has_support, reference_of
from simulation.errors import InputError
from simulation.inputs.area import Area
from simulation.inputs.local_events import parse_local_events
from simulation.inputs.of_config import area_of, demand_of, with_parameters
from simulation.inputs.outside import demand_outside, with_outside
from simulation.labour import ageing, separations
from simulation.labour.books import check_books
from simulation.labour.closure import Closure, openings_by_place
from simulation.labour.dated_rates import dated_rates
from simulation.labour.economy import apply_local_changes, local_changes, run_economy
from simulation.labour.hiring import NOBODY_INVITED
from simulation.labour.hiring_rules import rule_named
from simulation.labour.matching import Matching
from simulation.labour.pay import WageCurve
from simulation.labour.population import build_people
from simulation.labour.rates import rates_of
from simulation.labour.search import ROUNDS_PER_WEEK
from simulation.record.lost_work import LostWork
from simulation.record.recorder import Recorder
from simulation.record.reporters import REPORTERS
from simulation.streams import check_seed, new_seed
from simulation.support.set_up import GivenSupport, set_up_support

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


def forget_model(model: mesa.Model) -> None:
    """Let a finished model go: Mesa 3.3 keeps every model that made an agent in a class table."""
    ids = getattr(mesa.Agent, "_ids", None)
    if ids is not None:
        ids.pop(model, None)
    model.remove_all_agents()


class LabourMarket(mesa.Model):
    """One simulated labour market, from the first day to the last week.

    Parameters
    ----------
    config : Config, optional
        Default values if left out.
    seed : int, optional
        Any whole number from 0 to 2**64 - 1 (commands and stores take 0 to 2**63 - 1); a new one
        if left out, so that replicates of `mesa.batch_run` differ; the data collected tell which.
        Where `mesa.batch_run` has an `rng` (Mesa 3.5), seeds go there, `rng=[1, 2]`, for it passes
        over a parameter `seed`.
    events : bool
        Whether to keep every change of state or job of every person.
    people : People, optional
        The people of the first day, instead of those drawn from the area's tables.
    area : Area, optional
        The area, if it is loaded already.
    given : GivenSupport, optional
        Providers and contracts of your own instead of a market and a regime.
    reference : DataFrame, optional
        What `closure.table()` of the same run without support gives; where jobs answer to what
        support does it is simulated in the first step if it is left out.
    **parameters
        Values of the configuration by dotted key with two underscores for the dot, for
        `mesa.batch_run`: `hiring__strength=0.5`.

    Raises
    ------
    InputError
        If the configuration, the seed, the area or the economy cannot be used.
    """

    STATE = (
        "week",
        "steps",
        "running",
        "collected",
        "people",
        "jobs",
        "states",
        "matching",
        "closure",
        "lost_work",
        "recorder",
        "support_system",
    )

    def __init__(
        self,
        config: Config | None = None,
        seed: int | None = None,
        *,
        events: bool = False,
        people: People | None = None,
        area: Area | None = None,
        given: GivenSupport | None = None,
        reference: pd.DataFrame | None = None,
        **parameters: Any,
    ) -> None:
        self.key = check_seed(new_seed() if seed is None else seed)
        super().__init__(rng=int(self.key))
        self.config = with_parameters(Config() if config is None else config, parameters)
        self.area = area or area_of(self.config)
        self.week, self.newcomers = 0, np.empty(0, np.int64)
        self._reference = reference
        self.seconds = dict.fromkeys(("set_up", *PHASES), 0.0)
        began = time.perf_counter()
        self.n_people = int(self.area.wards["residents"].sum()) // self.config.people_per_agent
        self._threads = Threads(self.n_people)
        is_helped = given is not None or has_support(self.config)
        with threads_for(self.n_people):
            self._set_up_labour(people, events, is_helped)
            self.support_system = set_up_support(
                self.config,
                self.area,
                n_people=self.residents.id.size,
                n_outside=self.people.id.size - self.residents.id.size,
                seed=self.key,
                given=given,
            )
        self.support_system.add_agents(self)
        self.seconds["set_up"] = time.perf_counter() - began
        self.datacollector = mesa.DataCollector(model_reporters=REPORTERS)

    def _set_up_labour(self, people: People | None, events: bool, is_helped: bool) -> None:
        """Read what the configuration names, the small tables first; build people and jobs."""
        config, area, seed = self.config, self.area, int(self.key)
        rule_named(config.hiring.rule)
        dated = dated_rates(config)
        codes = [str(code) for code in area.wards["code"]]
        local_events = parse_local_events(
            config.economy.events, wards=area.wards, start=config.start, n_weeks=config.weeks
        )
        self.demand = demand_of(config)
        self.world = world = with_outside(area, config)
        self._demand_outside = demand_outside(config, self.demand)
        self.people = people or build_people(world, config, seed=seed)
        n_residents = int(np.count_nonzero(self.people.ward < area.n_wards))
        self.residents = first_rows(self.people, n_residents)
        self.rates = rates_of(config, world, self.people, dated)
        commuting = self.rates.commuting
        self.jobs = build_jobs(
            world, self.people, config, commuting=commuting, events=local_events, seed=seed
        )
        self._outside = np.flatnonzero(self.jobs.ward >= area.n_wards)
        self.local_changes = local_changes(self.jobs, local_events, config, ward_codes=codes)
        self._marked = np.zeros(self.people.id.size, np.bool_)
        self.matching = Matching(
            config,
            world,
            self.rates,
            self.people,
            self.jobs,
            n_outside=self.people.id.size - n_residents,
            seed=self.key,
            marked=self._marked,
        )
        if world is not area:
            commuting = commuting_of(area, config.area.mean_commute_km)
        self.closure = Closure(config, area, commuting, has_support=is_helped)
        zone = self.closure.zone
        zone = np.append(zone, np.full(world.n_wards - area.n_wards, zone.max() + 1))
        self.wage_curve = WageCurve(config, zone, self.people)
        self.lost_work = LostWork(area)
        self.recorder = Recorder(self.residents, area, config, n_homes=world.n_wards, events=events)
        self.states = np.array([np.count_nonzero(self.people.state == each) for each in State])

    def begin(self) -> None:
        """Have all that the first week needs: the reference world, if jobs answer to it, and room.

        The reference world is simulated now if it was not given, as `simulate` does, with the
        people there are: those of the first day. Room for clients is made after that, so that both
        are never there at once.
        """
        if self.closure.needs_reference and not self.closure.is_following:
            given = self._reference
            self.closure.follow(self._reference_world() if given is None else given)
        self.support_system.caseload.make_room()

    def _reference_world(self) -> pd.DataFrame:
        """Return what is seen of hiring by the same people with the same luck, without support."""
        people = People(*(column.copy() for column in self.people))
        twin = LabourMarket(reference_of(self.config), int(self.key), people=people, area=self.area)
        while twin.running:
            twin.step()
        seen = twin.closure.table()
        forget_model(twin)
        del twin
        gc.collect()  # a model and its parts hold on to one another, and its columns are large
        return seen

    def support_comes(self, week: int) -> None:
        """Catch up with the weeks before one, of a run without support that has some from then."""
        month_ends = [self.recorder.is_month_end(each) for each in range(week)]
        self.support_system.stand_idle(self.residents, month_ends)
        self.closure.catch_up(week)

    @property
    def collected(self) -> dict[str, list[Any]]:
        """What Mesa's data collector has found so far, by name."""
        return self.datacollector.model_vars

    @collected.setter
    def collected(self, found: dict[str, list[Any]]) -> None:
        self.datacollector.model_vars = found

    @property
    def resident_states(self) -> np.ndarray:
        """Residents by state at the end of the last week, int64 (7,)."""
        outside = self.people.state[self.residents.state.size :]
        return self.states - np.bincount(outside, minlength=len(State))

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
        if self.week == 0:
            self.begin()
        self.flows, self.totals = self.recorder.new_flows(), self.recorder.new_totals()
        self.rates.begin_week(self.week, self.matching.slack)
        self.wage_curve.begin_week(self.people, self.rates.pay)
        with self._threads.week():
            for phase in PHASES:
                if phase not in ROUND_PHASES:
                    self._timed(phase)
                elif phase == ROUND_PHASES[0]:
                    first = self.week * ROUNDS_PER_WEEK
                    for number in range(first, first + self.config.search.rounds):
                        self.round_number = number
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
        """Phase 1: desired jobs follow demand, events and ease of hiring; vacancies open, lapse."""
        self.closure.begin_week(self.week)
        outside, area = self._outside, self.area
        if self._demand_outside is not None:
            self.jobs.local[outside] = self._demand_outside[self.week, self.jobs.sector[outside]]
        self._closings = apply_local_changes(self.jobs, self.local_changes, self.week)
        given = np.ones((self.world.n_wards - area.n_wards, N_LEVELS))
        new = run_economy(
            self.jobs,
            self.demand[self.week],
            answer=np.concatenate([self.closure.by_ward, given]),
            held=self.support_system.interventions.held,
            week=self.week,
            seed=self.key,
            rates=self.rates.economy,
        ).reshape(-1, N_LEVELS)
        self.totals["new_jobs"] = int(new.sum() - new[outside].sum())

    def separations(self) -> None:
        """Phase 2: quits, job loss, closures and layoffs."""
        support, rates = self.support_system.caseload.everyones, self.rates.separations
        separations.decide_separations(
            self.people, support, self.week, self.key, rates, self._marked
        )
        self._apply_separations()
        for number, cell, stay in self._closings:
            separations.decide_closing(
                self.people,
                support,
                self.jobs,
                cell,
                stay,
                self.week,
                self.key,
                rates.p_claim_laid_off,
            )
            self.lost_work.add_layoffs(self.residents, number, self.week)
            self._lay_off()
        separations.decide_layoffs(self.people, support, self.jobs, self.week, self.key, rates)
        self._lay_off()

    def _lay_off(self) -> None:
        """Carry out layoffs, and count those of residents."""
        self.totals["layoffs"] += int(np.count_nonzero(self.residents.pending))
        self._apply_separations()

    def ageing_and_benefits(self) -> None:
        """Phase 3: everyone grows a week older; claims start, move and end."""
        rates = self.rates
        rows = ageing.age_and_move(
            self.people,
            self.week,
            self.key,
            rates.dated.child_limit_weeks[self.week],
            rates.ageing,
            rates.benefits,
            rates.entrants,
            self._marked,
        )
        self._apply_separations()
        rows = rows[rows < self.residents.id.size]
        self.newcomers = rows[is_newcomer(self.people, rows)]

    def commissioning(self) -> None:
        """Phase 4: money is planned, contracts are signed, places open, providers close."""
        self.support_system.week_begins(self.residents, self.week)

    def support(self) -> None:
        """Phase 5: clients are found, advance, are passed on or lost; interventions help."""
        self.support_system.run(
            self.residents,
            self.jobs,
            self.flows,
            self.people,
            self.rates.commuting,
            newcomers=self.newcomers,
            week=self.week,
            weeks_of_esa=self.rates.dated.weeks_of_esa(self.week),
        )

    def search(self) -> None:
        """Phase 6: seekers choose an open vacancy to apply to."""
        support = self.support_system.caseload.everyones
        self.matching.search(
            self.people, support, self.jobs, week=self.week, round_number=self.round_number
        )

    def hiring(self) -> None:
        """Phase 7: vacancies take the best of the suitable; offers are accepted or refused."""
        caseload = self.support_system.caseload
        inside = slice(self.area.n_wards)
        held = self.support_system.interventions.held
        before = openings_by_place(self.jobs, held, self.world.n_wards)[inside]
        is_first = self.round_number == self.week * ROUNDS_PER_WEEK
        invited = self.support_system.interventions.invited if is_first else NOBODY_INVITED
        counts = self.matching.hire(
            self.people,
            caseload.everyones,
            caseload.schemes,
            self.jobs,
            self.flows,
            invited=invited,
            week=self.week,
            round_number=self.round_number,
        )
        after = openings_by_place(self.jobs, held, self.world.n_wards)[inside]
        self.closure.see_round(self.week, before, after)
        for name, count in counts.items():
            self.totals[name] += count

    def payments(self) -> None:
        """Phase 8: job entries are noted, results earned, what is due is paid; books checked."""
        self.support_system.week_ends(self.residents, self.jobs, self.week)

    def record(self) -> None:
        """Phase 9: check the books, add the week's flows, close the month if it ends."""
        self.states = check_books(
            self.people,
            self.jobs,
            self.flows,
            employed_before=int(self.states[State.EMPLOYED]),
            week=self.week,
            marked=self._marked,
        )
        pay_index = self.rates.dated.pay_index[self.week]
        inside = slice(self.area.n_wards)
        self.totals["offers_refused"] = int(self.flows.offers_refused[inside].sum())
        paid = self.flows.pay_of_hires[inside].sum()
        self.totals["pay_of_hires"] = round(float(paid * pay_index))
        marked = self._marked[: self.residents.id.size]
        self.recorder.add_week(
            self.residents, self.flows, self.totals, week=self.week, marked=marked
        )
        self.lost_work.add_week(self.residents, self.week)
        if self.recorder.is_month_end(self.week):
            self.recorder.close_month(
                self.residents,
                self.jobs,
                week=self.week,
                weeks_of_esa=self.rates.dated.weeks_of_esa(self.week),
                temporary_until=self.support_system.caseload.support.temporary_until,
                pay=self.rates.pay,
                pay_index=pay_index,
            )
            self.support_system.close_month(self.residents, self.week)

    def _apply_separations(self) -> None:
        """Carry out what a phase has decided of those in work."""
        np.not_equal(self.people.pending, NO_MOVE, out=self._marked)
        separations.apply_separations(
            self.people,
            self.jobs,
            np.flatnonzero(self._marked),
            self.week,
            self.key,
            self.rates.entrants,
            self.flows,
            self.world.priority,
        )
