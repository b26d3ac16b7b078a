"""Phase support, third part: who asks for a place, which one they choose, and who gets it.

People found this week and clients who wait for their next stage ask; places, caseloads and money
are limited, and those with the lowest ticket choose first among what is left: random serial
dictatorship. Rules: `docs/ODD.md` 7.9 (c).
"""

from __future__ import annotations

import math

import numpy as np

from simulation.agents.clients import NO_CONTRACT, Clients, client_group
from simulation.agents.columns import People
from simulation.agents.contracts import Contracts
from simulation.categories import Stage
from simulation.compile import kernel
from simulation.streams import Stream, draw
from simulation.support.effort import recruiting_weight
from simulation.support.engagement import (
    ENGAGEMENT,
    Offers,
    entry_stage,
    offer_cell,
    takes_on,
    trust_in,
)
from simulation.support.hand_over import begin_stage, can_begin, is_lost
from simulation.support.journey_week import JourneyWeek, note
from simulation.support.records import EVENT

CONTRACT_CHOICE = int(Stream.CONTRACT_CHOICE)
TICKETS = int(Stream.TICKETS)
WAITING = EVENT["waiting"]
PAIRS_PER_PROVIDER = 64
"""Streams are numbered below this, so that a provider and a stream make one number."""


@kernel(each=True)
def is_eligible(people: People, contracts: Contracts, contract: int, row: int) -> bool:
    """Return whether a person meets a contract's rules on age, qualification and ethnicity."""
    age = people.age_weeks[row]
    return (
        contracts.min_age_weeks[contract] <= age < contracts.max_age_weeks[contract]
        and people.qualification[row] <= contracts.max_qualification[contract]
        and (people.ethnicity[row] > 0 or not contracts.minority_only[contract])
    )


@kernel(each=True)
def race_time(now: JourneyWeek, contract: int, row: int, weight: float) -> float:
    """Return when a contract comes to a person first in the race among contracts."""
    pair = PAIRS_PER_PROVIDER * now.contracts.provider[contract] + now.contracts.key[contract]
    words = draw(now.seed, CONTRACT_CHOICE, now.week, now.people.id[row], pair)
    return -math.log(words[0]) / weight


@kernel(each=True)
def choose_entry(now: JourneyWeek, offers: Offers, row: int, doors: np.ndarray) -> int:
    """Return the contract that engages a person, -1 if none does."""
    people, contracts = now.people, now.contracts
    group = client_group(people, row)
    stage = entry_stage(group)
    cell = offer_cell(people.ward[row], group, stage)
    best, best_time, best_weight = NO_CONTRACT, math.inf, 0.0
    for number in range(offers.start[cell], offers.start[cell + 1]):
        contract = offers.contract[number]
        provider = contracts.provider[contract]
        if not takes_on(contracts, contract, stage, now.week, doors):
            continue
        if not is_eligible(people, contracts, contract, row):
            continue
        if not can_begin(now, row, contract, stage):
            continue
        weight = 1.0
        if contracts.by_results[contract] and not contracts.is_mandatory[contract, group]:
            weight = recruiting_weight(
                people,
                now.clients,
                now.providers,
                contracts,
                contract,
                row,
                group,
                now.rates.effort,
            )
        if weight <= 0.0:
            continue
        pull = weight * trust_in(now.providers, provider, people.ward[row], group, now.rates)
        time = race_time(now, contract, row, pull)
        if time < best_time:
            best, best_time, best_weight = contract, time, weight
    accepted = draw(now.seed, ENGAGEMENT, now.week, people.id[row], 0)[1] < best_weight
    return best if accepted else NO_CONTRACT


@kernel(each=True)
def choose_next(now: JourneyWeek, offers: Offers, row: int, believed: np.ndarray) -> int:
    """Return the contract for the next stage of a client who waits, -1 if there is none."""
    clients, contracts = now.clients, now.contracts
    present = clients.contract[row]
    own = contracts.provider[present]
    group, stage = clients.group[row], clients.stage[row] + 1
    cell = offer_cell(now.people.ward[row], group, stage)
    best, best_time = NO_CONTRACT, math.inf
    for number in range(offers.start[cell], offers.start[cell + 1]):
        contract = offers.contract[number]
        provider = contracts.provider[contract]
        if not can_begin(now, row, contract, stage):
            continue
        if contract == present:
            return contract
        is_open_to = contracts.stream[contract] == contracts.stream[present] or (
            contracts.takes_referrals[contract]
            and is_eligible(now.people, contracts, contract, row)
        )
        if not is_open_to:
            continue
        network = now.providers.network[own]
        is_linked = provider == own or (network >= 0 and now.providers.network[provider] == network)
        weight = believed[contracts.stream[present], provider] * (2.0 if is_linked else 1.0)
        time = race_time(now, contract, row, weight)
        if time < best_time:
            best, best_time = contract, time
    return best


@kernel
def draw_tickets(
    people: People,
    clients: Clients,
    engaged: np.ndarray,
    rows: np.ndarray,
    week: int,
    seed: np.uint64,
) -> tuple[np.ndarray, np.ndarray]:
    """Return who asks for a place, those found and clients who wait, and their tickets.

    Parameters
    ----------
    people : People
    clients : Clients
    engaged : ndarray of int64, shape (e,)
        Rows found this week.
    rows : ndarray of int64, shape (k,)
        Rows concerned, clients among them.
    week : int
    seed : uint64

    Returns
    -------
    tuple of ndarray
        Rows int64 (p,), tickets float64 (p,).
    """
    asking = np.empty(engaged.size + rows.size, np.int64)
    tickets = np.empty(asking.size)
    n = 0
    for number in range(asking.size):
        is_new = number < engaged.size
        row = engaged[number] if is_new else rows[number - engaged.size]
        if is_new or (clients.stage[row] > 0 and clients.is_waiting[row]):
            asking[n] = row
            tickets[n] = draw(seed, TICKETS, week, people.id[row], 0)[0]
            n += 1
    return asking[:n], tickets[:n]


@kernel
def settle(
    now: JourneyWeek, offers: Offers, asking: np.ndarray, doors: np.ndarray, believed: np.ndarray
) -> None:
    """Give those who ask, in the order given, a place among what is left; lose some on the way.

    Parameters
    ----------
    now : JourneyWeek
        With room for six events an asker.
    offers : Offers
    asking : ndarray of int64, shape (p,)
        Rows, lowest ticket first.
    doors : ndarray of int64, shape (n_streams,)
        How many more people each stream can engage; written.
    believed : ndarray of float64, shape (n_streams, n_providers)
        Quality that advisers of each stream expect of each provider.
    """
    clients = now.clients
    for row in asking:
        is_new = clients.stage[row] == 0
        if is_new:
            contract = choose_entry(now, offers, row, doors)
        else:
            contract = choose_next(now, offers, row, believed)
        if contract == NO_CONTRACT:
            if not is_new and clients.weeks_in_stage[row] == 0:
                note(now, row, WAITING, 0, 0)
            continue
        if not is_new and is_lost(now, row, contract):
            continue
        stage = clients.stage[row] + 1
        if is_new:
            clients.group[row] = client_group(now.people, row)
            stage = entry_stage(clients.group[row])
            doors[now.contracts.stream[contract]] -= stage == Stage.ENGAGEMENT
        begin_stage(now, row, contract, stage)
