"""Who asks which contract for a stage."""

from __future__ import annotations

import math
from dataclasses import dataclass

from simulation.categories import CLIENT_GROUPS, State
from simulation.streams import Stream

from .chance import weekly
from .contracts import Contract
from .effort import recruiting_weight
from .journey import EMPLOYED_GROUP, ENGAGED, SERVICES
from .person import Person

CONTRACTS_PER_PROVIDER = 64
GROUP_OF_STATE = {
    State.EMPLOYED: "employed",
    State.IB_ESA: "ib_esa",
    State.LONE_PARENT: "lone_parent",
    State.OTHER_BENEFIT: "other_benefit",
    State.SEEKING_NO_BENEFIT: "no_benefit",
    State.INACTIVE_NO_BENEFIT: "no_benefit",
}


@dataclass(eq=False)
class Proposal:
    """A person, the contract asked, and the stage asked for."""

    person: Person
    contract: Contract
    stage: int

    @property
    def order(self) -> tuple[float, int]:
        """Settling goes by ticket, then by person."""
        ticket = self.person.model.roll(Stream.TICKETS, self.person.number)[0]
        return ticket, self.person.number


def client_group(person: Person) -> int:
    """Return a person's position in `CLIENT_GROUPS` at present."""
    if person.state is not State.JSA:
        return CLIENT_GROUPS.index(GROUP_OF_STATE[person.state])
    return (person.weeks_in_state >= 26) + (person.weeks_in_state >= 52)


def propose(person: Person) -> Proposal | None:
    """Return what a person asks for this week, None for nothing."""
    journey = person.journey
    if journey.is_client:
        return _ask_for_next(person) if journey.is_waiting else None
    is_free = person.model.week >= journey.free_from and journey.job is None
    return _ask_to_begin(person) if is_free else None


def _open_contracts(person: Person, group: int, stage: int) -> list[Contract]:
    week = person.model.week
    contracts = person.model.support.contracts
    return [each for each in contracts if each.is_open(week, person.ward, group, stage)]


def _ask_to_begin(person: Person) -> Proposal | None:
    market, group = person.model, client_group(person)
    stage = SERVICES if group == EMPLOYED_GROUP else ENGAGED
    doors = market.support.doors
    contracts = [
        each for each in _open_contracts(person, group, stage) if each.takes_on(stage, doors)
    ]
    if not contracts:
        return None
    opinion = market.support.opinion
    trust = {each: opinion.of(each.provider, person.ward, group) for each in contracts}
    unreached = math.prod(1.0 - each for each in trust.values())
    u_engaged, u_accepted, _, _ = market.roll(Stream.ENGAGEMENT, person.number)
    chance = weekly(market.config.journey.engagement_rate[group]) * (1.0 - unreached)
    if any(each.sends(group) for each in contracts):
        chance = max(chance, weekly(market.config.journey.referral_rate))
    if u_engaged >= chance:
        return None
    weights = {
        each: recruiting_weight(person, each, group) if each.recruits(group) else 1.0
        for each in contracts
        if each.accepts(person) and not each.provider.is_full
    }
    pull = {each: trust[each] * weight for each, weight in weights.items()}
    winner = _winner_of_race(person, pull)
    if winner is None or u_accepted >= weights[winner]:
        return None
    return Proposal(person, winner, stage)


def _ask_for_next(person: Person) -> Proposal | None:
    journey, stage = person.journey, person.journey.stage + 1
    present = journey.contract
    provider = present.provider
    contracts = [
        each
        for each in _open_contracts(person, journey.group, stage)
        if each.stream == present.stream or (each.takes_referrals and each.accepts(person))
        if each.provider is provider or not each.provider.is_full
    ]
    if present in contracts:
        return Proposal(person, present, stage)
    pull = {}
    for each in contracts:
        is_near = each.provider is provider or each.provider.is_linked_to(provider)
        quality = person.model.support.expected_quality(present, each.provider)
        pull[each] = quality * (2.0 if is_near else 1.0)
    winner = _winner_of_race(person, pull)
    return None if winner is None else Proposal(person, winner, stage)


def _winner_of_race(person: Person, pull: dict[Contract, float]) -> Contract | None:
    """Return the contract whose time comes first; of two at once the first in the list."""
    times = {}
    for contract, weight in pull.items():
        if weight > 0.0:
            pair = CONTRACTS_PER_PROVIDER * contract.provider.number + contract.key
            uniform = person.model.roll(Stream.CONTRACT_CHOICE, person.number, pair)[0]
            times[contract] = -math.log(uniform) / weight
    return min(times, key=times.get) if times else None
