"""The market of plain objects and its week."""

from __future__ import annotations

import math
from collections.abc import Sequence

import mesa
import numpy as np

from simulation.categories import SECTORS, State
from simulation.config import Config
from simulation.inputs.area import Area
from simulation.inputs.demand import load_demand_path, resolve_demand_file
from simulation.inputs.local_events import LocalEvent, local_event_changes, parse_local_events
from simulation.inputs.pay import pay_index_of
from simulation.labour.benefit_rules import load_benefit_rules
from simulation.streams import Stream

from .chance import Dice, weekly
from .claims import end_or_begin_claims, inflows
from .closure import Closure
from .pay import WageCurve
from .person import Person
from .recruiting import (
    Application,
    Waiting,
    accepts,
    assess,
    clear,
    is_suitable,
    move_house,
)
from .seeking import chance_to_apply, choose_lot, shelve_lots
from .support import SupportSystem
from .surroundings import (
    DatedRules,
    commuting_tables,
    esa_begins,
    turnover_of_residents,
    ward_factors,
)
from .workplace import Cell, Establishment

ROUNDS_IN_NUMBER = 8
SEEKERS = (State.JSA, State.SEEKING_NO_BENEFIT)
QUIT, LOSS, LAYOFF = range(3)


class ReferenceMarket(mesa.Model):
    """A labour market of one object a person, on the rules of docs/ODD.md.

    `people` and `establishments` are filled by `copy_first_day`, which calls `open` last.

    Parameters
    ----------
    config : Config
    area : Area
    seed : int
    """

    def __init__(self, config: Config, area: Area, seed: int) -> None:
        super().__init__(rng=int(seed))
        self.config, self.area, self.week = config, area, 0
        self.dice = Dice(seed)
        self.people: list[Person] = []
        self.establishments: list[Establishment] = []
        self.outside = area.n_wards - 1 if config.gate.is_open else None
        self.is_priority = [bool(flag) for flag in area.priority]
        self.waiting: list[Waiting] = []
        self.commuting, self.commuting_near, self.distance = commuting_tables(area, config)
        exponent = config.employers.churn_exponent
        self.quit_factor = ward_factors(area, (State.INACTIVE_NO_BENEFIT,), exponent)
        self.loss_factor = ward_factors(area, SEEKERS, exponent)
        fall = config.population.ability_by_ward
        self.leaving, self.arriving = turnover_of_residents(area)
        self.ward_ability = [-fall * math.log(f) for f in ward_factors(area, SEEKERS, 1.0)]
        self._load_dated()

    def _load_dated(self) -> None:
        config = self.config
        rules = load_benefit_rules(config.benefits.rules)
        self.pay_index = pay_index_of(config).tolist()
        self.dated_rules = [
            DatedRules(rules, config, week, index) for week, index in enumerate(self.pay_index)
        ]
        self.esa_begins = esa_begins(rules, config)
        if config.economy.file is None:
            self.demand = [[1.0] * len(SECTORS)] * config.weeks
        else:
            file = resolve_demand_file(config.economy.file)
            path = load_demand_path(file, start=config.start, n_weeks=config.weeks)
            self.demand = path.tolist()
        self.outside_factor = None
        if config.gate.is_open and config.gate.file is not None:
            file = resolve_demand_file(config.gate.file)
            path = load_demand_path(file, start=config.start, n_weeks=config.weeks)
            self.outside_factor = (path / np.array(self.demand)).tolist()
        codes = list(self.area.wards["code"])
        self.ward_number = {code: number for number, code in enumerate(codes)}
        self.local_events = parse_local_events(
            config.economy.events,
            wards=self.area.wards,
            start=config.start,
            n_weeks=config.weeks,
        )
        self.placed_events = local_event_changes(self.local_events, start=config.start)

    def open(self) -> None:
        """Set what depends on the people of the first day."""
        self.residents = [each for each in self.people if each.ward != self.outside]
        self.inflows = inflows(self)
        self.support = SupportSystem(self, [], [])
        self.slack = self._first_slack()
        self.usual_reach = [self._mean(row, self.slack) for row in self.commuting]
        self.closure = Closure(self)
        self.wage_curve = WageCurve(self)
        self.without_support: ReferenceMarket | None = None
        openings = [event for event in self.local_events if event.kind == "opening"]
        new = self.establishments[len(self.establishments) - len(openings) :]
        self.new_establishment = dict(zip(map(id, openings), new, strict=True))

    def roll(self, stream: Stream, who: int, pair: int = 0) -> tuple[float, ...]:
        """Return the four uniforms of a decision this week."""
        return self.dice.roll(stream, self.week, who, pair)

    def roll_in_round(self, stream: Stream, who: int, pair: int = 0) -> tuple[float, ...]:
        """Return the four uniforms of a decision in this round of search."""
        number = ROUNDS_IN_NUMBER * self.week + self.round
        return self.dice.roll(stream, number, who, pair)

    @property
    def child_age_limit(self) -> int:
        """Age of the youngest child that ends lone-parent benefit, in weeks."""
        return self.dated_rules[self.week].child_age_limit

    @property
    def weeks_of_esa(self) -> int:
        """Weeks in which new incapacity claims were for ESA, this one included."""
        return max(self.week + 1 - self.esa_begins, 0)

    def duty(self, state: State) -> float:
        """Return the duty to seek work on a benefit, as a share of the full duty."""
        return self.dated_rules[self.week].duty[state]

    def amount(self, name: str) -> float:
        """Return a dated amount in pay of the first day, GBP per week or hour."""
        return self.dated_rules[self.week].in_pay_of_the_first_day[name]

    @property
    def adult_wage_years(self) -> float:
        """Age from which the main rate of the minimum wage applies."""
        return self.dated_rules[self.week].adult_wage_years

    def step(self) -> None:
        """Carry out the phases of a week; a world without support goes before, if there is one."""
        if self.without_support is not None:
            if self.week > 0:
                self.closure.answer(self.without_support.closure)
            self.without_support.step()
        self.wage_curve.begin_week()
        self.economy()
        self.separations()
        self.ageing_and_benefits()
        has_support = self.support.is_running
        if has_support:
            self.support.commissioning()
            self.support.support()
        for number in range(self.config.search.rounds):
            self.round = number
            self.closure.see_round(hires=False)
            self.hiring(self.search())
            self.closure.see_round(hires=True)
        self.closure.end_week()
        if has_support:
            self.support.payments()
        self.week += 1

    def economy(self) -> None:
        """Phase 1."""
        self.staying: dict[Cell, int] = {}
        for week, event in self.placed_events:
            if week == self.week:
                self._apply(event)
        if self.outside_factor is not None:
            for each in self.establishments:
                if each.ward == self.outside:
                    each.local = self.outside_factor[self.week][each.sector]
        establishments = self.agents_by_type[Establishment]
        establishments.do("receive_shock")
        establishments.do("plan_jobs")
        establishments.do("post_vacancies")

    def _apply(self, event: LocalEvent) -> None:
        """Open the establishment of an opening; close the largest workplaces for a closure.

        How many stay in each cell that is struck is noted in `staying`.
        """
        if event.kind == "opening":
            self.new_establishment[id(event)].local = 1.0
            return
        place = self.ward_number[event.ward], SECTORS.index(event.sector)
        here = [each for each in self.establishments if (each.ward, each.sector) == place]
        here = [each for each in here if each.local > 0.0]
        today = {
            each: [self.staying.get(cell, cell.filled) for cell in each.cells] for each in here
        }
        left = event.jobs / self.config.people_per_agent
        spared = []
        for each in sorted(here, key=lambda each: -sum(cell.base for cell in each.cells)):
            number = sum(today[each])
            if number <= left:
                each.local = 0.0
                left -= number
                self.staying |= dict.fromkeys(each.cells, 0)
            else:
                spared.append(each)
        if left > 0.0:
            smallest = min(spared, key=lambda each: (sum(today[each]), each.number))
            number = sum(today[smallest])
            smallest.local *= 1.0 - left / number
            upto = gone = 0
            for cell, there in zip(smallest.cells, today[smallest], strict=True):
                upto += there
                goes = int(left * upto / number) - gone
                gone += goes
                self.staying[cell] = there - goes

    def separations(self) -> None:
        """Phase 2: quits and losses first, then closures, then layoffs of what is too many."""
        for person in self.people:
            if person.is_employed:
                self._quit_or_lose(person)
        for cell, number in self.staying.items():
            gone = cell.last_hired(cell.filled - number)
            self._lay_off(gone)
            for person in gone:
                person.is_from_closure = True
        for establishment in self.establishments:
            for cell in establishment.cells:
                self._lay_off(cell.surplus_employees())

    def _lay_off(self, people: list[Person]) -> None:
        for person in people:
            luck = self.roll(Stream.SEPARATIONS, person.number)[LAYOFF]
            p_claim = self.config.benefits.p_claim_laid_off
            person.leave_job(person.state_without_job(luck, p_claim))

    def _quit_or_lose(self, person: Person) -> None:
        rules = self.config.employers
        luck = self.roll(Stream.SEPARATIONS, person.number)
        p_quit = weekly(rules.quit_rate[person.age_band]) * self.quit_factor[person.ward]
        p_loss = weekly(rules.job_loss_rate[person.cell.level]) * self.loss_factor[person.ward]
        if person.weeks_in_state < rules.probation_weeks:
            p_loss *= rules.probation_factor
        p_loss *= person.help.keep
        if luck[QUIT] < p_quit:
            person.leave_job(State.INACTIVE_NO_BENEFIT)
        elif luck[QUIT] < p_quit + p_loss:
            p_claim = self.config.benefits.p_claim
            person.leave_job(person.state_without_job(luck[LOSS], p_claim))

    def ageing_and_benefits(self) -> None:
        """Phase 3."""
        self.slack_in_reach = [self._mean(row, self.slack) for row in self.commuting]
        self.agents_by_type[Person].do("grow_older")
        for person in self.people:
            end_or_begin_claims(person)

    def search(self) -> list[Waiting]:
        """Phase 4: return the applications made in a round."""
        self.slack_in_reach = [self._mean(row, self.slack) for row in self.commuting]
        self.shelf = shelve_lots(self)
        choices = [(person, choose_lot(person, self.shelf)) for person in self.people]
        return [Waiting(person, lot.cell) for person, lot in choices if lot is not None]

    def _first_slack(self) -> list[float]:
        """Return the applications an opening would draw on the first day, by work ward."""
        applications, openings = [0.0] * self.area.n_wards, [0] * self.area.n_wards
        for person in self.people:
            applications[person.ward] += chance_to_apply(person)
        for establishment in self.establishments:
            openings[establishment.ward] += sum(cell.openings for cell in establishment.cells)
        slack = [0.0] * self.area.n_wards
        for home, row in enumerate(self.commuting):
            found = self._mean(row, openings)
            for work, chance in enumerate(self._chances(row)):
                slack[work] += chance * applications[home] / found if found > 0.0 else 0.0
        return slack

    def _chances(self, commuting: list[float]) -> list[float]:
        return [high - low for low, high in zip([0.0, *commuting], commuting, strict=False)]

    def _mean(self, commuting: list[float], values: Sequence[float]) -> float:
        chances = self._chances(commuting)
        return sum(p * value for p, value in zip(chances, values, strict=True))

    def hiring(self, new: list[Waiting]) -> None:
        """Phase 5."""
        movers = set()
        for invited in self.support.invited() if self.round == 0 else ():
            application = assess(invited.person, invited.cell)
            if is_suitable(application, invited.gain):
                movers.add(invited.person)
                if accepts(application):
                    self._hire(application)
        decided = {
            cell: number
            for establishment in self.establishments
            for cell in establishment.cells
            if (number := cell.n_decided()) > 0
        }
        standing = [each for each in self.waiting + new if each.stands]
        self.waiting = [each for each in standing if each.cell not in decided]
        judged = {(each.person, each.cell) for each in standing if each.cell in decided}
        offered = clear([assess(person, cell) for person, cell in judged], decided)
        in_work = set()
        for application in offered:
            if application.person not in in_work and accepts(application):
                self._hire(application)
                in_work.add(application.person)
        movers |= {each.person for each in offered}
        for person in sorted(movers, key=lambda each: each.number):
            move_house(person)
        self._remember_slack(new)

    def _hire(self, application: Application) -> None:
        application.person.take_job(application.cell)
        application.cell.fill_opening()

    def _remember_slack(self, applications: list[Waiting]) -> None:
        memory = self.config.hiring.slack_memory ** (1.0 / self.config.search.rounds)
        openings, queues = [0] * len(self.slack), [0] * len(self.slack)
        for lots in self.shelf.values():
            for lot in lots:
                openings[lot.ward] += lot.openings
        for application in applications:
            queues[application.cell.establishment.ward] += 1
        for ward, number in enumerate(openings):
            if number > 0:
                present = queues[ward] / number
                self.slack[ward] = memory * self.slack[ward] + (1.0 - memory) * present
