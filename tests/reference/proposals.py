"""Who asks for a stage, and which contract they choose among those with a place left."""

from __future__ import annotations

import math

from simulation.categories import CLIENT_GROUPS, State
from simulation.streams import Stream

from .chance import weekly
from .contracts import Contract
from .effort import payment_group, recruiting_weight
from .journey import EMPLOYED_GROUP, ENGAGED, PLACEMENT, PLANNING, SERVICES, Journey
from .person import Person
from .providers import Provider

CONTRACTS_PER_PROVIDER = 64
GROUP_OF_STATE = {
    State.EMPLOYED: "employed",
    State.IB_ESA: "ib_esa",
    State.LONE_PARENT: "lone_parent",
    State.OTHER_BENEFIT: "other_benefit",
    State.SEEKING_NO_BENEFIT: "no_benefit",
    State.INACTIVE_NO_BENEFIT: "no_benefit",
}


def client_group(person: Person) -> int:
    """Return a person's position in `CLIENT_GROUPS` at present."""
    if person.state is not State.JSA:
        return CLIENT_GROUPS.index(GROUP_OF_STATE[person.state])
    return (person.weeks_in_state >= 26) + (person.weeks_in_state >= 52)


def ticket(person: Person) -> tuple[float, int]:
    """Return a person's turn this week: by ticket, then by person."""
    return person.model.roll(Stream.TICKETS, person.number)[0], person.number


def asks(person: Person) -> bool:
    """Return whether a person asks for a place this week, as a client or found."""
    journey = person.journey
    if journey.is_client:
        return journey.is_waiting
    is_free = person.model.week >= journey.free_from and journey.job is None
    return is_free and _is_found(person)


def choose(person: Person) -> tuple[Contract | None, int]:
    """Return the contract a person takes of those with a place left, and the stage it begins."""
    journey = person.journey
    if journey.is_client:
        return _choose_next(person), journey.stage + 1
    stage = _entry_stage(client_group(person))
    return _choose_entry(person, stage), stage


def _open_contracts(person: Person, group: int, stage: int) -> list[Contract]:
    week = person.model.week
    contracts = person.model.support.contracts
    return [each for each in contracts if each.is_open(week, person.ward, group, stage)]


def _entry_stage(group: int) -> int:
    return SERVICES if group == EMPLOYED_GROUP else ENGAGED


def _taking_on(person: Person) -> list[Contract]:
    group = client_group(person)
    stage = _entry_stage(group)
    doors = person.model.support.doors
    return [each for each in _open_contracts(person, group, stage) if each.takes_on(stage, doors)]


def _trust(person: Person, provider: Provider) -> float:
    return person.model.support.opinion.of(provider, person.ward, client_group(person))


def _is_found(person: Person) -> bool:
    market, group = person.model, client_group(person)
    contracts = _taking_on(person)
    if not contracts:
        return False
    providers = dict.fromkeys(each.provider for each in contracts)
    unreached = math.prod(1.0 - _trust(person, each) for each in providers)
    chance = weekly(market.config.journey.engagement_rate[group]) * (1.0 - unreached)
    if any(each.sends(group) for each in contracts):
        chance = max(chance, weekly(market.config.journey.referral_rate))
    return market.roll(Stream.ENGAGEMENT, person.number)[0] < chance


def attaches(journey: Journey, contract: Contract, stage: int) -> bool:
    """Return whether a start attaches the client to a contract paid by results."""
    is_new = journey.contract is not contract or journey.stage <= ENGAGED
    return contract.by_results and PLANNING <= stage <= PLACEMENT and is_new


def money_needed(person: Person, contract: Contract, stage: int) -> int:
    """Return what must be kept back for a start, pence."""
    if contract.terms.kind == "unit":
        return contract.price[stage - 1]
    if not attaches(person.journey, contract, stage):
        return 0
    group = payment_group(person)
    share = person.model.config.journey.reserve_share
    return contract.fee("attachment", group) + contract.kept_back(group, share)


def _has_place(person: Person, contract: Contract, stage: int) -> bool:
    """Return whether there is an adviser for a start and the money to keep back for it."""
    present = person.journey.contract
    is_own = present is not None and present.provider is contract.provider
    is_full = contract.provider.is_full and not is_own
    return not is_full and contract.purse.has(money_needed(person, contract, stage))


def _choose_entry(person: Person, stage: int) -> Contract | None:
    group = client_group(person)
    weights = {
        each: recruiting_weight(person, each, group) if each.recruits(group) else 1.0
        for each in _taking_on(person)
        if each.accepts(person) and _has_place(person, each, stage)
    }
    pull = {each: _trust(person, each.provider) * weight for each, weight in weights.items()}
    winner = _winner_of_race(person, pull)
    u_accepted = person.model.roll(Stream.ENGAGEMENT, person.number)[1]
    return None if winner is None or u_accepted >= weights[winner] else winner


def _choose_next(person: Person) -> Contract | None:
    journey, stage = person.journey, person.journey.stage + 1
    present = journey.contract
    contracts = [
        each
        for each in _open_contracts(person, journey.group, stage)
        if each.stream == present.stream or (each.takes_referrals and each.accepts(person))
        if _has_place(person, each, stage)
    ]
    if present in contracts:
        return present
    pull = {}
    for each in contracts:
        is_near = each.provider is present.provider or each.provider.is_linked_to(present.provider)
        quality = person.model.support.expected_quality(present, each.provider)
        pull[each] = quality * (2.0 if is_near else 1.0)
    return _winner_of_race(person, pull)


def _winner_of_race(person: Person, pull: dict[Contract, float]) -> Contract | None:
    """Return the contract whose time comes first; of two at once the first in the list."""
    times = {}
    for contract, weight in pull.items():
        if weight > 0.0:
            pair = CONTRACTS_PER_PROVIDER * contract.provider.number + contract.key
            uniform = person.model.roll(Stream.CONTRACT_CHOICE, person.number, pair)[0]
            times[contract] = -math.log(uniform) / weight
    return min(times, key=times.get) if times else None
