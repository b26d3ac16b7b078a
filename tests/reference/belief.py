"""What buyers believe of providers, one buyer, one provider, one record at a time."""

from __future__ import annotations

import csv
import math
import zlib
from collections import Counter
from dataclasses import dataclass
from datetime import date
from statistics import NormalDist
from typing import TYPE_CHECKING

from simulation.categories import State
from simulation.config import Config
from simulation.inputs.shipped import CONF
from simulation.streams import Stream

from .contracts import Contract
from .journey import EMPLOYED_GROUP, PLACEMENT, SERVICES
from .providers import Provider

if TYPE_CHECKING:
    from .support import SupportSystem

CLAIM, LOCAL, TOLD, SIGNS, AWARE, RATED = range(6)
CORE_TEAM = "pool"

Cell = tuple[int, int, int]
"""Contract, client group, stage."""


@dataclass(frozen=True)
class Listed:
    """How a provider stands in the table of the market: its id, and what its type is like."""

    identity: str
    mean: float
    spread: float


def listed(config: Config, rows: list[tuple[str, str]]) -> list[Listed]:
    """Return the providers of a market given id and type of each; no type is known as ''."""
    with (CONF / "providers" / "types.csv").open(encoding="utf-8") as file:
        types = {row["type"]: row for row in csv.DictReader(file)}
    first = {"quality_mean": config.belief.quality, "quality_spread": config.belief.spread}
    ranks = [(identity, types.get(kind, first)) for identity, kind in rows]
    return [
        Listed(identity, float(kind["quality_mean"]), float(kind["quality_spread"]))
        for identity, kind in ranks
    ]


class Beliefs:
    """What the buyers of a market believe.

    Parameters
    ----------
    system : SupportSystem
    table : list of Listed
        A line for each provider.
    funders : list of str
        Of each stream; rows beyond are the core team's.
    """

    def __init__(self, system: SupportSystem, table: list[Listed], funders: list[str]) -> None:
        self.system, self.table, self.funders = system, table, funders
        self.config = system.market.config
        self.weeks: Counter[Cell] = Counter()
        self.open_weeks: Counter[Cell] = Counter()
        self.jobs: Counter[Cell] = Counter()
        self.open_jobs: Counter[Cell] = Counter()
        self.day = self.config.start
        self.n_events = 0
        self.expected: dict[tuple[str, int], float] = {}
        self.rates: dict[tuple[int, int], float] = {}
        self.due: dict[bool, dict[int, float]] = {True: {}, False: {}}

    def buyer_of(self, stream: int) -> str:
        """Return who buys with a stream's money."""
        return self.funders[stream] if stream < len(self.funders) else CORE_TEAM

    def quality(self, buyer: str, provider: Provider) -> float:
        """Return the quality a buyer expected of a provider when the month began."""
        key = buyer, provider.number
        if key not in self.expected:
            self.expected[key] = self._learnt(buyer, provider)
        return self.expected[key]

    def month_begins(self, day: date) -> None:
        """Take stock of all records there are."""
        self.day, self.expected = day, {}
        kinds = {cell[1:] for cell in self.weeks}
        self.rates = {kind: self._rate(*kind) for kind in kinds}
        self.due = {True: self._all_due(self.weeks), False: self._all_due(self.open_weeks)}
        for buyer in {*self.funders, CORE_TEAM}:
            for provider in self.system.providers:
                self.quality(buyer, provider)

    def count_weeks(self) -> None:
        """Count the week of everybody who is out of work in services or placement."""
        for person in self.system.market.people:
            client = person.journey
            if client.stage not in (SERVICES, PLACEMENT) or client.group == EMPLOYED_GROUP:
                continue
            if client.job is None and person.state is not State.EMPLOYED:
                cell = client.contract.number, client.group, client.stage
                self.weeks[cell] += 1
                self.open_weeks[cell] += self._is_open(person.number, client.contract)

    def count_jobs(self) -> None:
        """Count the job entries noted since the last time."""
        new, self.n_events = self.system.events[self.n_events :], len(self.system.events)
        for each in new:
            if each.event == "job_entry" and each.stage in (SERVICES, PLACEMENT):
                contract = self.system.contracts[each.contract]
                cell = contract.number, each.group, each.stage
                self.jobs[cell] += 1
                self.open_jobs[cell] += self._is_open(each.person, contract)

    def is_aware(self, buyer: str, provider: Provider, *, works_everywhere: bool) -> bool:
        """Return whether a buyer knows that a provider exists."""
        if works_everywhere or self._is_local(buyer) or self._years("directory"):
            return True
        chance = self._roll(AWARE, provider, pair=zlib.crc32(buyer.encode()))
        return chance < self.config.belief.awareness

    def _is_local(self, buyer: str) -> bool:
        return buyer == CORE_TEAM or buyer in self.config.belief.local_funders

    def _years(self, name: str) -> int:
        """Return how many years of a choice have begun."""
        choice = getattr(self.config.information, name)
        days = (self.day - (choice.start or self.config.start)).days
        return 1 + math.floor(days / 365.25) if choice.active and days >= 0 else 0

    def _roll(self, kind: int, provider: Provider, pair: int = 0) -> float:
        key = zlib.crc32(self.table[provider.number].identity.encode())
        return self.system.market.dice.roll(Stream.SIGNALS, kind, key, pair)[0]

    def _is_open(self, person: int, contract: Contract) -> bool:
        """Return whether others may see somebody's record."""
        number = contract.provider.number
        luck = self.system.market.dice.roll(Stream.RECORDS_SEEN, 0, person, number)[0]
        return luck < self._open_share(contract)

    def _open_share(self, contract: Contract) -> float:
        rules = self.config.information
        share = self._clarity() if contract.shares_records else 0.0
        if self._years("charter") and self._roll(SIGNS, contract.provider) < rules.charter.take_up:
            share = max(share, rules.charter.completeness)
        if self.buyer_of(contract.stream) in self.config.belief.closed_funders:
            share *= rules.data_sharing.consent if self._years("data_sharing") else 0.0
        return share

    def _clarity(self) -> float:
        """Return how clearly partners see one another, nearing one from the first day they run."""
        rules = self.config.partnership
        years = max((self.day - max(rules.start, self.config.start)).days, 0) / 365.25
        return 1.0 - (1.0 - rules.transparency) * math.exp(-rules.transparency_growth * years)

    def _learnt(self, buyer: str, provider: Provider) -> float:
        """Return the mean of a log-normal quality after all signals and records."""
        entry, slope = self.table[provider.number], self.config.belief.elasticity
        precision, total = entry.spread**-2, 0.0
        total += precision * (math.log(entry.mean) - entry.spread**2 / 2.0)
        for kind, error in self._signals(buyer):
            deviate = NormalDist().inv_cdf(self._roll(kind, provider))
            precision += error**-2
            total += error**-2 * (math.log(provider.quality) + error * deviate)
        for contract in self.system.contracts:
            if contract.provider is provider:
                is_own = self.buyer_of(contract.stream) == buyer
                due, found = self._record(contract, is_own=is_own)
                precision += slope**2 * due
                total += slope * (found - due)
        return math.exp(total / precision + 0.5 / precision)

    def _signals(self, buyer: str) -> list[tuple[int, float]]:
        rules, belief = self.config.information, self.config.belief
        signals = [(CLAIM, belief.claim_error)]
        if self._is_local(buyer):
            signals.append((LOCAL, belief.local_error))
            signals += [(TOLD, rules.learning.error)] * bool(self._years("learning"))
        years = range(self._years("rating"))
        return signals + [(RATED + year, rules.rating.error) for year in years]

    def _record(self, contract: Contract, *, is_own: bool) -> tuple[float, float]:
        """Return the job entries due from a contract's clients whose records are seen, and made."""
        jobs = self.jobs if is_own else self.open_jobs
        found = sum(n for cell, n in jobs.items() if cell[0] == contract.number)
        return self.due[is_own].get(contract.number, 0.0), found

    def _all_due(self, weeks: Counter[Cell]) -> dict[int, float]:
        """Return the job entries due by contract, given the client-weeks of some records."""
        due: dict[int, float] = {}
        for (number, group, stage), n in weeks.items():
            weight = self._weight(self.system.contracts[number], group)
            due[number] = due.get(number, 0.0) + n * weight * self.rates[group, stage]
        return due

    def _weight(self, contract: Contract, group: int) -> float:
        return contract.provider.group_strength[group] ** self.config.belief.elasticity

    def _rate(self, group: int, stage: int) -> float:
        """Return the job entries of a group in a stage over the weeks, weighed by strengths."""
        alike = [cell for cell in self.weeks if cell[1:] == (group, stage)]
        contracts = self.system.contracts
        weeks = sum(self.weeks[cell] * self._weight(contracts[cell[0]], group) for cell in alike)
        jobs = sum(n for cell, n in self.jobs.items() if cell[1:] == (group, stage))
        return jobs / weeks if weeks else 0.0
