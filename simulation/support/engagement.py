"""Phase support, second part: what is on offer, and who is found or sent to it this week.

Rules: `docs/ODD.md` 7.9 (b).
"""

from __future__ import annotations

from typing import NamedTuple

import numba
import numpy as np

from simulation.agents.clients import (
    BEYOND_JSA,
    GROUP_EMPLOYED,
    NO_BENEFIT,
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
from simulation.support.journey_week import JourneyRates

ENGAGEMENT = int(Stream.ENGAGEMENT)


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


def list_offers(contracts: Contracts, providers: Providers, week: int) -> Offers:
    """Return the `Offers` of the contracts in force in a week whose provider is open.

    Places are planned by group and stage; whoever is of a group planned for may begin any stage
    planned, so that nobody is turned away while the contract has money.
    """
    n_wards = contracts.wards.shape[1]
    is_in_force = (contracts.start_week <= week) & (week < contracts.end_week)
    in_force = np.flatnonzero(is_in_force & providers.is_open[contracts.provider])
    # Few of many wards are a contract's, and NumPy finds them quickest in one dimension.
    place, ward = np.divmod(np.flatnonzero(contracts.wards[in_force]), n_wards)
    return sort_offers(contracts, in_force[place], ward, n_wards)


@kernel
def sort_offers(
    contracts: Contracts, contract: np.ndarray, ward: np.ndarray, n_wards: int
) -> Offers:
    """Return the `Offers` of pairs of a contract and a ward, int64 (k,), in their order."""
    start = np.zeros(n_wards * N_CLIENT_GROUPS * N_STAGES + 1, np.int32)
    entries = np.empty(0, np.int32)
    for is_count in (True, False):
        place = start.copy()
        for pair in range(contract.size):
            for group in range(N_CLIENT_GROUPS):
                if not contracts.groups[contract[pair], group]:
                    continue
                for stage in range(1, N_STAGES + 1):
                    if contracts.planned[contract[pair], stage - 1] <= 0.0:
                        continue
                    cell = offer_cell(ward[pair], group, stage)
                    if is_count:
                        start[cell + 1] += 1
                    else:
                        entries[place[cell]] = contract[pair]
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
    week: int,
    doors: np.ndarray,
    rates: JourneyRates,
) -> np.ndarray:
    """Return the chance a week to be engaged by ward and client group, float64 (n_wards, 8).

    Reach is the chance that at least one of the providers that take people on is trusted, each
    counted once however many contracts it has. Where one of their contracts is mandatory for the
    group, people are sent: the chance is no less than that of referral by rule.
    """
    chances = np.zeros((rates.consent.size, N_CLIENT_GROUPS))
    last_cell = np.full(providers.trust.size, -1)
    for ward in range(rates.consent.size):
        for group in range(N_CLIENT_GROUPS):
            stage = entry_stage(group)
            cell = offer_cell(ward, group, stage)
            missed = 1.0
            is_sent = False
            for number in range(offers.start[cell], offers.start[cell + 1]):
                contract = offers.contract[number]
                if not takes_on(contracts, contract, stage, week, doors):
                    continue
                is_sent |= contracts.is_mandatory[contract, group]
                provider = contracts.provider[contract]
                if last_cell[provider] != cell:
                    last_cell[provider] = cell
                    missed *= 1.0 - trust_in(providers, provider, ward, group, rates)
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
