"""Contracts, one object each: what they buy, fees, instalments and payments."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from simulation.agents.contracts import Contract as Agreement
from simulation.agents.contracts import Eligibility
from simulation.categories import CLIENT_GROUPS, STAGES
from simulation.policies.tariffs import Terms

from .chance import WEEKS_PER_YEAR
from .providers import PENCE, Provider, Purse, nearest_penny

if TYPE_CHECKING:
    from simulation.config import Config

    from .person import Person

MONTHS_PER_YEAR = 12
WHITE = 0
POOL_KEY = 63
RUN_OFF_WEEKS = 104
ADVANCE_WEEKS = 5
DAYS_PER_YEAR = 365.25
ENGAGEMENT = 1


@dataclass(eq=False)
class Contract:
    """What a stream pays a provider to do for whom."""

    number: int
    stream: int
    key: int
    provider: Provider
    prime: Provider | None
    terms: Terms
    margin: float
    start_week: int
    end_week: int
    wards: set[int]
    eligibility: Eligibility
    groups: set[int]
    planned: dict[int, float]
    price: list[int]
    budget: int
    purse: Purse
    takes_referrals: bool
    has_referral_duty: bool
    own_shared_records: bool
    is_co_located: bool
    has_single_offer: bool
    employer_access: float
    money_moves: bool = True
    people_per_agent: int = 1
    used: int = 0
    moved: int = 0

    @property
    def by_results(self) -> bool:
        return self.terms.kind == "results"

    @property
    def shares_records(self) -> bool:
        return self.own_shared_records or self.provider.shares_records

    def is_in_force(self, week: int) -> bool:
        """Return whether stages can begin under it in a week."""
        return self.start_week <= week < self.end_week

    def is_open(self, week: int, ward: int, group: int, stage: int) -> bool:
        """Return whether somebody of a ward and group can begin a stage, money and all."""
        is_here = self.is_in_force(week) and self.provider.is_open and ward in self.wards
        is_planned = group in self.groups and self.planned.get(stage, 0.0) > 0.0
        return is_here and is_planned and self.has_money_for(stage, week)

    def money_left(self, week: int) -> int:
        """Return what is released, evenly and in advance, or was moved to it, and is not used."""
        length = self.end_week - self.start_week
        weeks = min(week - self.start_week + ADVANCE_WEEKS, length)
        return self.budget * weeks // length + self.moved - self.used

    def has_money_for(self, stage: int, week: int) -> bool:
        """Return whether that pays for a start."""
        return self.money_left(week) >= self.price[stage - 1]

    def has_run_out(self, week: int) -> bool:
        """Return whether it cannot pay for one more start of every stage it buys."""
        bought = [price for stage, price in enumerate(self.price, 1) if self.planned[stage] > 0.0]
        return self.money_left(week) < max(bought, default=0)

    def idle(self, week: int) -> int:
        """Return what it is behind an even use of its money and was not paid in advance."""
        if self.has_run_out(week):
            return 0
        due = self.budget * (week - self.start_week) // (self.end_week - self.start_week)
        return max(min(due + self.moved - self.used, self.purse.free), 0)

    def move(self, amount: int) -> None:
        """Let money of its stream come, or go if below 0."""
        self.moved += amount
        self.purse.committed += amount

    def takes_on(self, stage: int, doors: dict[int, int]) -> bool:
        """Return whether its stream has a door open for somebody new."""
        return self.by_results or stage != ENGAGEMENT or doors[self.stream] > 0

    def sends(self, group: int) -> bool:
        """Return whether people of a group are sent."""
        return CLIENT_GROUPS[group] in self.terms.mandatory

    def accepts(self, person: Person) -> bool:
        """Return whether a person is eligible."""
        rules, age = self.eligibility, person.age_weeks
        is_of_age = rules.min_age * WEEKS_PER_YEAR <= age < rules.max_age * WEEKS_PER_YEAR
        is_of_minority = person.ethnicity != WHITE or not rules.minority_only
        return is_of_age and is_of_minority and person.qualification <= rules.max_qualification

    def recruits(self, group: int) -> bool:
        """Return whether the provider chooses whom of a group to take on."""
        return self.by_results and CLIENT_GROUPS[group] not in self.terms.mandatory

    def earn_instalment(self, week: int, *, is_month_start: bool, advance_weeks: float) -> None:
        """Let a grant earn the month's part of what is left, to be paid this week.

        It is never paid further ahead of what starts have used than an advance that falls to
        nothing at the end, when the rest of what was used is paid.
        """
        is_time = week in (self.start_week, self.end_week)
        is_time |= is_month_start and self.start_week < week
        if self.terms.kind != "block" or not is_time or week > self.end_week:
            return
        if not self.provider.is_open:
            return
        length, left = self.end_week - self.start_week, self.end_week - week
        part = min(advance_weeks * left / length**2, 1.0) if left > 0 else 0.0
        ahead = math.floor(self.budget * part)
        months = round(left * (MONTHS_PER_YEAR / WEEKS_PER_YEAR))
        part = (self.purse.committed - self.purse.earned) // max(months, 1)
        part = max(min(part, self.used + ahead - self.purse.earned), 0)
        self.purse.keep_back(part)
        self.purse.earn(part, due=week)

    def pay(self, week: int) -> None:
        """Pay what is due; a prime passes on all but its margin."""
        purse, payee = self.purse, self.prime or self.provider
        amount = purse.due.pop(week, 0)
        purse.paid += amount
        payee.cash += amount
        if self.prime is not None:
            passed_on = purse.paid - round(purse.paid * self.margin)
            self.prime.cash -= passed_on - purse.passed_on
            self.provider.cash += passed_on - purse.passed_on
            purse.passed_on = passed_on

    def invoiced(self, provider: Provider) -> int:
        """Return what a provider waits for of what is earned: a prime for its margin."""
        due = sum(self.purse.due.values())
        kept = 0 if self.prime is None else nearest_penny(due * self.margin)
        return (due - kept) * (provider is self.provider) + kept * (provider is self.prime)

    def lapse(self, week: int) -> None:
        """Give back what a contract that has ended neither earned nor keeps back.

        It ends with its term or with its provider; paid by results, when its last clients'
        results can have come.
        """
        last = self.end_week + RUN_OFF_WEEKS * self.by_results
        if week >= last or not self.provider.is_open:
            self.purse.committed = self.purse.reserved + self.purse.earned

    def fee(self, name: str, payment_group: int) -> int:
        """Return a fee of the tariff for an agent of a payment group, pence."""
        gbp = getattr(self.terms, f"{name}_gbp")[payment_group]
        return nearest_penny(gbp * PENCE * self.people_per_agent)

    def attachment_now(self, payment_group: int, week: int) -> int:
        """Return the attachment fee as tapered by the year of the contract, pence."""
        taper = self.terms.attachment_taper
        year = min((week - self.start_week) // WEEKS_PER_YEAR, len(taper) - 1)
        return nearest_penny(self.fee("attachment", payment_group) * taper[year])

    def results_fees(self, payment_group: int) -> list[int]:
        """Return the fees that may follow a job, in their order, pence."""
        n_more = self.terms.n_sustainment[payment_group]
        more = [self.fee("sustainment", payment_group)] * n_more
        return [self.fee("job", payment_group), *more]

    def kept_back(self, payment_group: int, share: float) -> int:
        """Return what is kept back of those fees from attachment on, pence."""
        return math.floor(share * sum(self.results_fees(payment_group)) + 0.5)

    def results_weeks(self, payment_group: int) -> list[int]:
        """Return how many weeks a job must last for each of those fees."""
        gap, by_group = self.terms.sustainment_weeks, self.terms.group_job_weeks
        first = by_group[payment_group] if by_group else self.terms.job_weeks
        n_more = self.terms.n_sustainment[payment_group]
        return [first + number * gap for number in range(n_more + 1)]


def week_of(day: date, start: date) -> int:
    """Return the first week that begins on or after a day, from 0."""
    return max(math.ceil((day - start).days / 7), 0)


def contract_from(
    agreement: Agreement, *, number: int, stream: int, providers: list[Provider], config: Config
) -> Contract:
    """Return the object of what a regime agreed, for agents in place of people."""
    size = config.people_per_agent
    cells = [(group, stage) for group in range(len(CLIENT_GROUPS)) for stage in range(len(STAGES))]
    places = {(g, s + 1): float(agreement.places[g, s]) for g, s in cells}
    return Contract(
        number=number,
        stream=stream,
        key=POOL_KEY if agreement.stream == "pool" else stream,
        provider=providers[agreement.provider],
        prime=None if agreement.prime is None else providers[agreement.prime],
        terms=agreement.terms,
        margin=agreement.margin,
        start_week=week_of(agreement.start, config.start),
        end_week=week_of(agreement.end, config.start),
        wards={ward for ward, is_in in enumerate(agreement.wards.tolist()) if is_in},
        eligibility=agreement.eligibility,
        groups={group for (group, _), n in places.items() if n > 0},
        planned={
            stage: sum(places[group, stage] for group in range(len(CLIENT_GROUPS))) / size
            for stage in range(1, len(STAGES) + 1)
        },
        price=[nearest_penny(gbp * PENCE) * size for gbp in _prices(agreement)],
        budget=agreement.budget_pence,
        purse=Purse(agreement.budget_pence),
        takes_referrals=agreement.takes_referrals,
        has_referral_duty=agreement.has_referral_duty,
        own_shared_records=agreement.shares_records,
        is_co_located=agreement.is_co_located,
        has_single_offer=agreement.has_single_offer,
        employer_access=agreement.employer_access,
        money_moves=agreement.money_moves,
        people_per_agent=size,
    )


def _prices(agreement: Agreement) -> list[float]:
    """Return what a start uses of the budget; by results who is taken on uses a part of it."""
    if agreement.terms.kind != "results":
        return list(agreement.price_gbp)
    years = (agreement.end - agreement.start).days / DAYS_PER_YEAR
    entries = float(sum(agreement.places[:, 0])) * years
    part = agreement.budget_pence / PENCE / max(entries, 1.0) if entries > 0 else 0.0
    return [part, 0.0, 0.0, 0.0, 0.0]
