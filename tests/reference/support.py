"""Support as a whole: contracts, providers, the weekly phases, the record of clients."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from simulation.agents.contracts import Contract as Agreement
from simulation.agents.providers import Providers
from simulation.config import JourneyConfig

from .belief import Beliefs, listed
from .chance import WEEKS_PER_YEAR
from .contracts import Contract, contract_from
from .expecting import N_STAGES, Expectation, open_doors
from .goodwill import Goodwill
from .interventions import Intervention, Invited, interventions_of, run
from .journey import EMPLOYED_GROUP, Help, Journey
from .opinion import Opinion
from .proposals import asks, ticket
from .providers import Provider
from .settling import settle
from .sustainment import enter_job, follow_job

if TYPE_CHECKING:
    from .market import ReferenceMarket
    from .person import Person


class Event(NamedTuple):
    """One line of a client's record; money in pence."""

    week: int
    person: int
    event: str
    stage: int
    contract: int
    provider: int
    ward: int
    group: int
    cost: int
    earned: int


Planner = Callable[["SupportSystem"], list[Contract]]


class SupportSystem:
    """Contracts and providers of a market, and what they do in a week.

    Parameters
    ----------
    market : ReferenceMarket
        Its people are there already.
    contracts : list of Contract
    providers : list of Provider
    planner : callable, optional
        Returns the contracts to be signed in a week, given the system.
    """

    def __init__(
        self,
        market: ReferenceMarket,
        contracts: list[Contract],
        providers: list[Provider],
        planner: Planner | None = None,
    ) -> None:
        self.market, self.contracts, self.providers = market, contracts, providers
        self.planner = planner
        self.events: list[Event] = []
        self.doors: dict[int, int] = {}
        self.plans = Expectation.first(market.config)
        self.beliefs: Beliefs | None = None
        self.client_weeks = [0] * N_STAGES
        self.goodwill = Goodwill(market)
        self.opinion = Opinion(market)
        self.interventions: list[Intervention] = []
        for person in market.people:
            person.journey, person.help = Journey(person), Help()

    @property
    def is_running(self) -> bool:
        return bool(self.contracts) or self.planner is not None

    @property
    def week(self) -> int:
        return self.market.week

    @property
    def rules(self) -> JourneyConfig:
        return self.market.config.journey

    def record(
        self,
        person: Person,
        event: str,
        contract: Contract | None,
        *,
        cost: int = 0,
        earned: int = 0,
    ) -> None:
        """Write a line of a client's record."""
        number = -1 if contract is None else contract.number
        provider = -1 if contract is None else contract.provider.number
        journey = person.journey
        self.events.append(
            Event(
                week=self.week,
                person=person.number,
                event=event,
                stage=journey.stage,
                contract=number,
                provider=provider,
                ward=person.ward,
                group=journey.group,
                cost=cost,
                earned=earned,
            )
        )

    def expected_quality(self, contract: Contract, provider: Provider) -> float:
        """Return the quality that advisers under a contract expect of a provider."""
        if self.beliefs is None:
            return provider.quality
        return self.beliefs.quality(self.beliefs.buyer_of(contract.stream), provider)

    def earn(self, contract: Contract, amount: int) -> None:
        """Earn under a contract what is paid some weeks later."""
        lag = self.market.config.funding.payment_lag_weeks
        contract.purse.earn(amount, due=self.week + lag)

    def commissioning(self) -> None:
        """Close providers without cash or credit; learn; sign what is planned; hire."""
        for provider in self.providers:
            if provider.is_open and provider.cash < -self._lent(provider):
                provider.is_open = False
        if self._is_month_start():
            self.plans = Expectation.after(self)
            self._review()
        if self.beliefs is not None and (self.week == 0 or self._is_month_start()):
            self.beliefs.month_begins(self.market.config.start + timedelta(weeks=self.week))
        if self.planner is not None:
            self.contracts += self.planner(self)
        if self._is_month_start():
            self._hire()

    def _review(self) -> None:
        """Move money that lies idle to contracts of the same stream and time that have run out."""
        months = self.market.config.funding.review_months
        month = (self.market.config.start + timedelta(weeks=self.week)).month
        if months == 0 or (month - 1) % months:
            return
        lots: dict[tuple[int, int, int], list[Contract]] = {}
        for each in self.contracts:
            is_on = each.start_week < self.week < each.end_week and each.provider.is_open
            if is_on and each.money_moves and not each.by_results:
                lots.setdefault((each.stream, each.start_week, each.end_week), []).append(each)
        for lot in lots.values():
            self._share_out(lot)

    def _share_out(self, lot: list[Contract]) -> None:
        """Take what lies idle in some contracts; those that have run out get it by budget."""
        takers = [each for each in lot if each.has_run_out(self.week) and each.budget > 0]
        idle = {each: each.idle(self.week) for each in lot}
        total, budgets = sum(idle.values()), sum(each.budget for each in takers)
        if not takers or total == 0:
            return
        gets = {each: math.floor(total * (each.budget / budgets)) for each in takers}
        gets[max(takers, key=lambda each: each.budget)] += total - sum(gets.values())
        for each in lot:
            each.move(gets.get(each, 0) - idle[each])

    def _lent(self, provider: Provider) -> int:
        """Return how far a provider can be overdrawn: credit, and a part of what it waits for."""
        waiting = sum(each.invoiced(provider) for each in self.contracts)
        part = self.market.config.providers.invoice_finance
        return provider.credit + math.floor(part * waiting)

    def filled(self, provider: Provider, *, from_week: int) -> float:
        """Return the clients at a time that contracts begun by a week and not ended fill."""
        return sum(
            number * self.plans.weeks[stage - 1] / WEEKS_PER_YEAR
            for each in self.contracts
            if each.provider is provider
            and each.start_week <= from_week
            and self.week < each.end_week
            for stage, number in each.planned.items()
        )

    def _hire(self) -> None:
        rules = self.market.config.providers
        for provider in self.providers:
            filled = self.filled(provider, from_week=self.week) / rules.occupancy
            provider.hire(filled, limit=rules.staff_limit, months=rules.hiring_months)

    def _is_month_start(self) -> bool:
        day = self.market.config.start + timedelta(weeks=self.week)
        return self.week > 0 and day.month != (day - timedelta(weeks=1)).month

    def support(self) -> None:
        """Let clients go on, people ask for stages, places be settled, support take effect."""
        people = self.market.people
        self.goodwill.begin_week()
        for person in people:
            person.journey.advance()
        self.doors = open_doors(self)
        asking = sorted((person for person in people if asks(person)), key=ticket)
        served = {person for person in asking if settle(person)}
        for person in people:
            self._note_wait(person, has_place=person in served)
            person.journey.affect()
            if person.journey.is_client and person.journey.group != EMPLOYED_GROUP:
                self.client_weeks[person.journey.stage - 1] += 1
        run(self.interventions)
        self.goodwill.end_week()
        if self.beliefs is not None:
            self.beliefs.count_weeks()

    def invited(self) -> list[Invited]:
        """Return who is interviewed this week before all others, by person."""
        found = [each for aid in self.interventions for each in aid.invited]
        return sorted(found, key=lambda each: each.person.number)

    def _note_wait(self, person: Person, *, has_place: bool) -> None:
        """Record a wait in its first week."""
        journey = person.journey
        begins = journey.is_client and journey.is_waiting and journey.weeks_in_stage == 0
        if begins and not has_place:
            journey.record("waiting")

    def payments(self) -> None:
        """Note job entries; follow the jobs found; pay providers what is due."""
        for person in self.market.people:
            enter_job(person.journey)
            if person.journey.job is not None:
                follow_job(person.journey)
        if self.beliefs is not None:
            self.beliefs.count_jobs()
        self.opinion.week_passes([each for each in self.events if each.week == self.week])
        for contract in self.contracts:
            contract.earn_instalment(
                self.week,
                is_month_start=self._is_month_start(),
                advance_weeks=self.market.config.funding.grant_advance_weeks,
            )
        for contract in self.contracts:
            contract.pay(self.week)
            contract.lapse(self.week)

    def check(self) -> None:
        """Raise ValueError unless caseloads and money agree with the clients."""
        journeys = [person.journey for person in self.market.people]
        for provider in self.providers:
            mine = [each for each in journeys if each.contract and _of(each) is provider]
            if len(mine) != provider.caseload:
                raise ValueError(f"week {self.week}: {provider} has {len(mine)} clients")
        for contract in self.contracts:
            kept = sum(each.reserved for each in journeys if _keeper(each) is contract)
            purse = contract.purse
            if kept != purse.reserved or min(purse.reserved, purse.earned) < 0:
                raise ValueError(f"week {self.week}: contract {contract.number} keeps {kept}")
            if purse.reserved + purse.earned > purse.committed:
                raise ValueError(f"week {self.week}: contract {contract.number} overspent")
            if not 0 <= contract.used <= contract.budget + contract.moved:
                raise ValueError(f"week {self.week}: contract {contract.number} used too much")


def _of(journey: Journey) -> Provider:
    return journey.contract.provider


def _keeper(journey: Journey) -> Contract | None:
    """Return the contract that keeps money back for a person's results."""
    return journey.job.contract if journey.job is not None else journey.contract


def give_support(
    market: ReferenceMarket,
    agreements: list[Agreement],
    columns: Providers,
    *,
    streams: tuple[str, ...],
    cash: list[int],
    credit: list[int],
) -> SupportSystem:
    """Give a market contracts and providers, in the state of the first day.

    Parameters
    ----------
    market : ReferenceMarket
    agreements : list of simulation.agents.contracts.Contract
        In the order of the engine's rows.
    columns : simulation.agents.providers.Providers
    streams : tuple of str
        Names in the order of the engine's rows.
    cash, credit : list of int
        Of each provider on the first day, and how far it may be overdrawn; pence.
    """
    providers = providers_from(columns, cash=cash, credit=credit)
    contracts = [
        contract_from(
            agreement,
            number=number,
            stream=streams.index(agreement.stream),
            providers=providers,
            config=market.config,
        )
        for number, agreement in enumerate(agreements)
    ]
    market.support = SupportSystem(market, contracts, providers)
    if not market.config.belief.known:
        table = listed(market.config, [(str(each.number), "") for each in providers])
        market.support.beliefs = Beliefs(market.support, table, list(streams))
    market.support.interventions = interventions_of(market)
    return market.support


def providers_from(columns: Providers, *, cash: list[int], credit: list[int]) -> list[Provider]:
    """Return the objects of an engine's columns; cash on the first day and credit in pence."""
    providers = [_provider(columns, number) for number in range(len(columns.quality))]
    for provider in providers:
        provider.cash, provider.credit = cash[provider.number], credit[provider.number]
    return providers


def _provider(columns: Providers, number: int) -> Provider:
    network = int(columns.network[number])
    capacity = int(columns.capacity[number])
    return Provider(
        number=number,
        base=capacity,
        staff=float(capacity),
        quality=float(columns.quality[number]),
        kind=int(columns.kind[number]),
        trust=float(columns.trust[number]),
        capacity=capacity,
        unit_cost=columns.unit_cost[number].tolist(),
        group_strength=columns.group_strength[number].tolist(),
        barrier_strength=columns.barrier_strength[number].tolist(),
        shares_records=bool(columns.shares_records[number]),
        network=None if network < 0 else network,
    )
