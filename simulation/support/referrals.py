"""Phase support, second part: who wants which place, and who gets it.

People not in support are engaged, clients who wait look for their next stage; places, caseloads
and money are limited, and those with the lowest ticket choose first among what is left: random
serial dictatorship. Rules: `docs/ODD.md` 7.9.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numba
import numpy as np

from simulation.agents.clients import (
    BEYOND_JSA,
    GROUP_EMPLOYED,
    NO_BENEFIT,
    NO_CONTRACT,
    NO_WEEK,
    Clients,
    Support,
    at_rest,
    client_group,
)
from simulation.agents.columns import People, is_newcomer
from simulation.agents.contracts import Contracts
from simulation.agents.providers import Providers
from simulation.categories import (
    N_CLIENT_GROUPS,
    N_STAGES,
    N_STATES,
    Stage,
    State,
)
from simulation.compile import kernel
from simulation.policies.interventions.places import JourneyAid
from simulation.streams import MARGIN, Stream, draw
from simulation.support.contract_columns import has_money_for
from simulation.support.effort import recruiting_weight
from simulation.support.hand_over import begin_stage, can_begin, is_lost
from simulation.support.journey import JourneyRates
from simulation.support.money import Money
from simulation.support.records import EVENT, Records, note

ENGAGEMENT = int(Stream.ENGAGEMENT)
CONTRACT_CHOICE = int(Stream.CONTRACT_CHOICE)
TICKETS = int(Stream.TICKETS)
WAITING = EVENT["waiting"]
PAIRS_PER_PROVIDER = 64
"""Streams are numbered below this, so that a provider and a stream make one number."""


class Offers(NamedTuple):
    """Contracts by (ward, client group, stage), whatever money they have left."""

    start: np.ndarray
    """int32 (n_wards x 8 x 5 + 1,), first entry of each cell."""
    contract: np.ndarray
    """int32 (n_entries,)."""


@kernel(each=True)
def offer_cell(ward: int, group: int, stage: int) -> int:
    """Return the cell of a ward, client group and stage (1 to 5)."""
    return (ward * N_CLIENT_GROUPS + group) * N_STAGES + stage - 1


@kernel
def list_offers(contracts: Contracts, providers: Providers, week: int, n_wards: int) -> Offers:
    """Return the `Offers` of the contracts in force in a week whose provider is open.

    Places are planned by group and stage; whoever is of a group planned for may begin any stage
    planned, so that nobody is turned away while the contract has money.
    """
    start = np.zeros(n_wards * N_CLIENT_GROUPS * N_STAGES + 1, np.int32)
    entries = np.empty(0, np.int32)
    for is_count in (True, False):
        place = start.copy()
        for contract in range(contracts.stream.size):
            if not (contracts.start_week[contract] <= week < contracts.end_week[contract]):
                continue
            if not providers.is_open[contracts.provider[contract]]:
                continue
            # Few of many wards are a contract's, so that its wards come first.
            for ward in range(n_wards):
                if not contracts.wards[contract, ward]:
                    continue
                for group in range(N_CLIENT_GROUPS):
                    if not contracts.groups[contract, group]:
                        continue
                    for stage in range(1, N_STAGES + 1):
                        if contracts.planned[contract, stage - 1] <= 0.0:
                            continue
                        cell = offer_cell(ward, group, stage)
                        if is_count:
                            start[cell + 1] += 1
                        else:
                            entries[place[cell]] = contract
                            place[cell] += 1
        if is_count:
            for cell in range(start.size - 1):
                start[cell + 1] += start[cell]
            entries = np.empty(start[-1], np.int32)
    return Offers(start, entries)


@kernel(each=True)
def entry_stage(group: int) -> int:
    """Return the stage with which people of a client group begin."""
    return Stage.SERVICES if group == GROUP_EMPLOYED else Stage.ENGAGEMENT


@kernel(each=True)
def takes_on(contracts: Contracts, contract: int, stage: int, week: int, doors: np.ndarray) -> bool:
    """Return whether a contract takes somebody on for a first stage: doors and money are there.

    The doors of a stream are open for as many as its money carries on; results pace themselves.
    """
    is_paced = stage == Stage.ENGAGEMENT and not contracts.by_results[contract]
    if is_paced and doors[contracts.stream[contract]] <= 0:
        return False
    return has_money_for(contracts, contract, stage, week)


@kernel(each=True)
def trust_in(
    providers: Providers, provider: int, ward: int, group: int, rates: JourneyRates
) -> float:
    """Return the trust in a provider of residents of a ward and client group, 0 to 1."""
    factor = rates.trust[providers.kind[provider], ward, group]
    return min(providers.trust[provider] * factor, 1.0)


@kernel
def engagement_chances(
    contracts: Contracts,
    providers: Providers,
    offers: Offers,
    n_wards: int,
    week: int,
    doors: np.ndarray,
    rates: JourneyRates,
) -> np.ndarray:
    """Return the chance a week to be engaged by ward and client group, float64 (n_wards, 8).

    Reach is the chance that at least one of the providers that take people on is trusted. Where
    one of their contracts is mandatory for the group, people are sent: the chance is no less than
    that of referral by rule.
    """
    chances = np.zeros((n_wards, N_CLIENT_GROUPS))
    for ward in range(n_wards):
        for group in range(N_CLIENT_GROUPS):
            stage = entry_stage(group)
            cell = offer_cell(ward, group, stage)
            missed = 1.0
            is_sent = False
            for number in range(offers.start[cell], offers.start[cell + 1]):
                contract = offers.contract[number]
                if takes_on(contracts, contract, stage, week, doors):
                    provider = contracts.provider[contract]
                    missed *= 1.0 - trust_in(providers, provider, ward, group, rates)
                    is_sent |= contracts.is_mandatory[contract, group]
            chances[ward, group] = rates.engagement[group] * (1.0 - missed)
            if is_sent:
                chances[ward, group] = max(chances[ward, group], rates.referral)
    return chances


@kernel(each=True)
def is_engaged(
    people: People,
    clients: Clients,
    support: Support,
    aid: JourneyAid,
    row: int,
    week: int,
    seed: np.uint64,
    chances: np.ndarray,
) -> bool:
    """Return whether somebody not in support is found, referred or comes this week."""
    if is_newcomer(people, row):
        clients.treated_week[row] = NO_WEEK
        clients.programme[row] = -1
        support.trial_week[row] = NO_WEEK
        at_rest(support, row)
    if clients.stage[row] != 0 or clients.job_week[row] != NO_WEEK or week < clients.free_from[row]:
        return False
    chance = chances[people.ward[row], client_group(people, row)] * aid.engagement[row]
    return chance > 0.0 and draw(seed, ENGAGEMENT, week, people.id[row], 0)[0] < chance


@kernel(parallel=True)
def mark_engaged(
    ids: np.ndarray,
    state: np.ndarray,
    sector: np.ndarray,
    workless_weeks: np.ndarray,
    engagement: np.ndarray,
    week: int,
    seed: np.uint64,
    most: np.ndarray,
    marked: np.ndarray,
) -> None:
    """Mark who may be engaged and whose slot begins again; `most` by state, float64 (7,)."""
    for row in numba.prange(ids.size):
        uniform = draw(seed, ENGAGEMENT, week, ids[row], 0)[0]
        may_come = uniform < most[state[row]] * np.float64(engagement[row])
        is_new = (workless_weeks[row] == 0) & (sector[row] < 0)
        marked[row] = may_come | is_new


@kernel(parallel=True)
def engage_marked(
    people: People,
    clients: Clients,
    support: Support,
    aid: JourneyAid,
    rows: np.ndarray,
    week: int,
    seed: np.uint64,
    chances: np.ndarray,
    is_found: np.ndarray,
) -> None:
    """Write whether each of the rows given is engaged this week."""
    for place in numba.prange(rows.size):
        is_found[place] = is_engaged(
            people, clients, support, aid, rows[place], week, seed, chances
        )


def most_engaged(chances: np.ndarray) -> np.ndarray:
    """Return the largest chance a week to be engaged by state, float64 (7,)."""
    by_group = chances.max(axis=0) * MARGIN
    most = np.full(N_STATES, by_group[NO_BENEFIT])
    most[State.EMPLOYED] = by_group[GROUP_EMPLOYED]
    most[State.JSA] = by_group[: BEYOND_JSA + State.IB_ESA].max()
    for state in (State.IB_ESA, State.LONE_PARENT, State.OTHER_BENEFIT):
        most[state] = by_group[BEYOND_JSA + state]
    return most


def find_engaged(
    people: People,
    clients: Clients,
    support: Support,
    aid: JourneyAid,
    week: int,
    seed: np.uint64,
    chances: np.ndarray,
    marked: np.ndarray,
) -> np.ndarray:
    """Return the rows of those engaged this week; a slot that begins again has no past.

    Parameters
    ----------
    people : People
    clients : Clients
    support : Support
    aid : JourneyAid
    week : int
    seed : uint64
    chances : ndarray of float64, shape (n_wards, 8)
        From `engagement_chances`.
    marked : ndarray of bool, shape (n,)
        Room to work in.

    Returns
    -------
    ndarray of int64, shape (k,)
    """
    most = most_engaged(chances)
    mark_engaged(
        people.id,
        people.state,
        people.sector,
        people.workless_weeks,
        aid.engagement,
        week,
        seed,
        most,
        marked,
    )
    rows = np.flatnonzero(marked)
    is_found = np.empty(rows.size, np.bool_)
    engage_marked(people, clients, support, aid, rows, week, seed, chances, is_found)
    return rows[is_found]


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
def race_time(
    people: People,
    contracts: Contracts,
    contract: int,
    row: int,
    week: int,
    seed: np.uint64,
    weight: float,
) -> float:
    """Return when a contract comes to a person first in the race among contracts."""
    pair = PAIRS_PER_PROVIDER * contracts.provider[contract] + contracts.key[contract]
    return -math.log(draw(seed, CONTRACT_CHOICE, week, people.id[row], pair)[0]) / weight


@kernel(each=True)
def choose_entry(
    people: People,
    clients: Clients,
    providers: Providers,
    contracts: Contracts,
    money: Money,
    offers: Offers,
    row: int,
    week: int,
    seed: np.uint64,
    doors: np.ndarray,
    rates: JourneyRates,
) -> int:
    """Return the contract that engages a person, -1 if none does."""
    group = client_group(people, row)
    stage = entry_stage(group)
    cell = offer_cell(people.ward[row], group, stage)
    best, best_time, best_weight = NO_CONTRACT, math.inf, 0.0
    for number in range(offers.start[cell], offers.start[cell + 1]):
        contract = offers.contract[number]
        provider = contracts.provider[contract]
        if not takes_on(contracts, contract, stage, week, doors):
            continue
        if not is_eligible(people, contracts, contract, row):
            continue
        if not can_begin(
            people, clients, providers, contracts, money, row, contract, stage, week, rates
        ):
            continue
        weight = 1.0
        if contracts.by_results[contract] and not contracts.is_mandatory[contract, group]:
            weight = recruiting_weight(
                people, clients, providers, contracts, contract, row, group, rates.effort
            )
        if weight <= 0.0:
            continue
        pull = weight * trust_in(providers, provider, people.ward[row], group, rates)
        time = race_time(people, contracts, contract, row, week, seed, pull)
        if time < best_time:
            best, best_time, best_weight = contract, time, weight
    accepted = draw(seed, ENGAGEMENT, week, people.id[row], 0)[1] < best_weight
    return best if accepted else NO_CONTRACT


@kernel(each=True)
def choose_next(
    people: People,
    clients: Clients,
    providers: Providers,
    contracts: Contracts,
    money: Money,
    offers: Offers,
    row: int,
    week: int,
    seed: np.uint64,
    rates: JourneyRates,
    believed: np.ndarray,
) -> int:
    """Return the contract for the next stage of a client who waits, -1 if there is none."""
    present = clients.contract[row]
    own = contracts.provider[present]
    group, stage = clients.group[row], clients.stage[row] + 1
    cell = offer_cell(people.ward[row], group, stage)
    best, best_time = NO_CONTRACT, math.inf
    for number in range(offers.start[cell], offers.start[cell + 1]):
        contract = offers.contract[number]
        provider = contracts.provider[contract]
        if not can_begin(
            people, clients, providers, contracts, money, row, contract, stage, week, rates
        ):
            continue
        if contract == present:
            return contract
        is_open_to = contracts.stream[contract] == contracts.stream[present] or (
            contracts.takes_referrals[contract] and is_eligible(people, contracts, contract, row)
        )
        if not is_open_to:
            continue
        network = providers.network[own]
        is_linked = provider == own or (network >= 0 and providers.network[provider] == network)
        weight = believed[contracts.stream[present], provider] * (2.0 if is_linked else 1.0)
        time = race_time(people, contracts, contract, row, week, seed, weight)
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
    people: People,
    clients: Clients,
    support: Support,
    providers: Providers,
    contracts: Contracts,
    money: Money,
    offers: Offers,
    records: Records,
    asking: np.ndarray,
    aid: JourneyAid,
    week: int,
    seed: np.uint64,
    doors: np.ndarray,
    rates: JourneyRates,
    believed: np.ndarray,
) -> None:
    """Give those who ask, in the order given, a place among what is left; lose some on the way.

    Parameters
    ----------
    offers : Offers
    asking : ndarray of int64, shape (p,)
        Rows, lowest ticket first.
    aid : JourneyAid
    doors : ndarray of int64, shape (n_streams,)
        How many more people each stream can engage; written.
    believed : ndarray of float64, shape (n_streams, n_providers)
        Quality that advisers of each stream expect of each provider.
    people, clients, support, providers, contracts, money, records, week, seed, rates
        As `journey.advance`; records with room for six events an asker.
    """
    for row in asking:
        is_new = clients.stage[row] == 0
        if is_new:
            contract = choose_entry(
                people, clients, providers, contracts, money, offers, row, week, seed, doors, rates
            )
        else:
            contract = choose_next(
                people,
                clients,
                providers,
                contracts,
                money,
                offers,
                row,
                week,
                seed,
                rates,
                believed,
            )
        if contract == NO_CONTRACT:
            if not is_new and clients.weeks_in_stage[row] == 0:
                note(records, week, people, clients, row, WAITING, 0, 0)
            continue
        if not is_new and is_lost(
            people,
            clients,
            support,
            providers,
            contracts,
            money,
            records,
            row,
            contract,
            aid,
            week,
            seed,
            rates,
        ):
            continue
        stage = clients.stage[row] + 1
        if is_new:
            clients.group[row] = client_group(people, row)
            stage = entry_stage(clients.group[row])
            doors[contracts.stream[contract]] -= stage == Stage.ENGAGEMENT
        begin_stage(
            people,
            clients,
            support,
            providers,
            contracts,
            money,
            records,
            row,
            contract,
            stage,
            aid,
            week,
            seed,
            rates,
        )
