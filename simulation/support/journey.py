"""Phase support, first part: clients advance through the stages, or leave.

A client is in one stage at a time: engagement, action planning, services, placement, aftercare;
waits when a stage is done, and is never lost from the record. Rules: `docs/ODD.md` 7.9.
"""

from __future__ import annotations

import numba
import numpy as np

from simulation.agents.clients import (
    GROUP_EMPLOYED,
    NO_CONTRACT,
    NO_EMPLOYER,
    NO_WEEK,
    Calls,
    Clients,
    at_rest,
)
from simulation.agents.columns import People, is_newcomer, learn
from simulation.categories import N_BARRIERS, Stage, State
from simulation.compile import kernel
from simulation.streams import Stream, draw
from simulation.support.effort import achieved
from simulation.support.journey_week import JourneyWeek, note, note_result
from simulation.support.money import Money, release
from simulation.support.records import EVENT

JOURNEY = int(Stream.JOURNEY)
HAND_OVER = int(Stream.HAND_OVER)
ONCE = 1
"""Pair, in week 0, of what is drawn once for all: 0 who consents, 1 who is reckoned with."""
BARRIER_WORK = int(Stream.BARRIER_WORK)
DID_NOT_GO_ON = EVENT["did_not_go_on"]
BARRIER_LIFTED = EVENT["barrier_lifted"]
TRAINING_COMPLETED = EVENT["training_completed"]
LEFT_WAITING = EVENT["left_waiting"]
DROPPED_OUT = EVENT["dropped_out"]
COMPLETED = EVENT["completed"]
PROVIDER_CLOSED = EVENT["provider_closed"]
LEFT_AREA = EVENT["left_area"]


@kernel(parallel=True)
def mark_concerned(
    stage: np.ndarray,
    job_week: np.ndarray,
    trial_week: np.ndarray,
    week: int,
    memory: int,
    marked: np.ndarray,
) -> None:
    """Mark clients, followed jobs and work trials remembered for `memory` weeks."""
    for row in numba.prange(stage.size):
        trial = trial_week[row]
        is_remembered = (trial != NO_WEEK) & (week - trial <= memory + 1)
        is_followed = (stage[row] != Stage.NO_CLIENT) | (job_week[row] != NO_WEEK)
        marked[row] = is_followed | is_remembered


@kernel(each=True)
def leave(now: JourneyWeek, row: int) -> None:
    """End a person's journey; money kept back for results is free unless a job is followed."""
    clients = now.clients
    contract = clients.contract[row]
    now.providers.caseload[now.contracts.provider[contract]] -= 1
    if clients.job_week[row] == NO_WEEK:
        release(now.money, contract, clients.reserved[row])
        clients.reserved[row] = 0
    clients.stage[row] = Stage.NO_CLIENT
    clients.is_waiting[row] = False
    clients.weeks_in_stage[row] = 0
    clients.contract[row] = NO_CONTRACT
    clients.effort[row] = 0.0
    clients.found[row] = 0
    clients.training_weeks[row] = 0
    clients.assessments[row] = 0
    clients.free_from[row] = now.week + now.rates.rest_weeks
    at_rest(now.support, row)


@kernel(each=True)
def end_followed_job(clients: Clients, money: Money, row: int) -> None:
    """Stop following a job; what was kept back for its results is free again."""
    release(money, clients.job_contract[row], clients.reserved[row])
    clients.reserved[row] = 0
    clients.job_week[row] = NO_WEEK
    clients.job_contract[row] = NO_CONTRACT
    clients.employer[row] = NO_EMPLOYER


@kernel(each=True)
def start_again(now: JourneyWeek, row: int) -> None:
    """End the journey and the followed job of whoever has left the area or is 65."""
    clients = now.clients
    is_client = clients.stage[row] != Stage.NO_CLIENT
    if is_client:
        note(now, row, LEFT_AREA, 0, 0)
    if clients.job_week[row] != NO_WEEK:
        if not is_client:
            note_result(now, row, LEFT_AREA, 0)
        end_followed_job(clients, now.money, row)
    if is_client:
        leave(now, row)


@kernel(each=True)
def lift_barriers(now: JourneyWeek, row: int, provider: int, quality: float) -> int:
    """Lift each barrier found that is still there with its chance; return those left."""
    people, clients = now.people, now.clients
    for barrier in range(N_BARRIERS):
        bit = np.uint8(1 << barrier)
        if not clients.found[row] & people.barriers[row] & bit:
            continue
        strength = quality * now.providers.barrier_strength[provider, barrier]
        words = draw(now.seed, BARRIER_WORK, now.week, people.id[row], barrier)
        if words[1] < now.rates.lift[barrier] * strength:
            people.barriers[row] &= ~bit
            clients.found[row] &= ~bit
            note(now, row, BARRIER_LIFTED, 0, 0)
    return clients.found[row] & people.barriers[row]


@kernel(each=True)
def serve(now: JourneyWeek, row: int, completes: float) -> bool:
    """Carry out a week of services; return whether they are done."""
    people, clients, rates = now.people, now.clients, now.rates
    weeks = clients.weeks_in_stage[row]
    is_over = weeks >= rates.stage_weeks[Stage.SERVICES]
    strength = achieved(clients.effort[row], rates.effort)
    if strength == 0.0:
        return is_over
    provider = now.contracts.provider[clients.contract[row]]
    quality = (
        now.providers.quality[provider] * now.providers.group_strength[provider, clients.group[row]]
    )
    quality *= strength
    left = lift_barriers(now, row, provider, quality)
    if clients.training_weeks[row] > 0:
        clients.training_weeks[row] -= 1
        if clients.training_weeks[row] == 0 and completes < rates.p_complete_training:
            people.qualification[row] += 1
            learn(people, row, rates.training_gain)
            note(now, row, TRAINING_COMPLETED, 0, 0)
    is_helped = left == 0 and clients.training_weeks[row] == 0
    if not (is_over or (is_helped and weeks >= rates.least_service_weeks)):
        return False
    lack = people.ability[row] - people.employability[row]
    if lack > 0.0:
        people.employability[row] += rates.employability_gain * strength * lack
    return True


@kernel(each=True)
def advance_one(now: JourneyWeek, row: int) -> None:
    """Carry out a client's week: drop out, wait, go on with the stage, finish it or leave."""
    people, clients, rates = now.people, now.clients, now.rates
    words = draw(now.seed, JOURNEY, now.week, people.id[row], 0)
    stage = clients.stage[row]
    gone = -1
    is_done = False
    clients.weeks_in_stage[row] += 1
    weeks = clients.weeks_in_stage[row]
    is_closed = not now.providers.is_open[now.contracts.provider[clients.contract[row]]]
    if words[0] < rates.drop_out[stage]:
        gone = DROPPED_OUT
    elif is_closed and not clients.is_waiting[row]:
        if stage == Stage.ENGAGEMENT:
            gone = PROVIDER_CLOSED
        else:
            note(now, row, PROVIDER_CLOSED, 0, 0)
            clients.stage[row] = stage - 1
            clients.training_weeks[row] = 0
            is_done = True
    elif clients.is_waiting[row]:
        if weeks > rates.wait_weeks:
            gone = LEFT_WAITING
    elif stage == Stage.ENGAGEMENT:
        is_done = weeks >= rates.stage_weeks[Stage.ENGAGEMENT]
        is_sent = now.contracts.is_mandatory[clients.contract[row], clients.group[row]]
        if is_done and not is_sent and words[1] >= rates.p_go_on:
            gone = DID_NOT_GO_ON
    elif stage == Stage.ACTION_PLANNING:
        is_done = weeks >= rates.stage_weeks[Stage.ACTION_PLANNING]
        if is_done:
            people.confidence[row] += rates.confidence_gain * (1.0 - people.confidence[row])
    elif stage == Stage.SERVICES:
        is_done = serve(now, row, words[3])
        if is_done:
            clients.training_weeks[row] = 0
            if clients.group[row] == GROUP_EMPLOYED:
                gone = COMPLETED
    elif weeks >= rates.stage_weeks[stage]:
        gone = COMPLETED
    if gone >= 0:
        note(now, row, gone, 0, 0)
        leave(now, row)
    elif is_done:
        clients.is_waiting[row] = True
        clients.weeks_in_stage[row] = 0


@kernel
def advance(now: JourneyWeek, rows: np.ndarray) -> None:
    """Carry out the week of every client, and end what belongs to people who are gone.

    In the order of rows.

    Parameters
    ----------
    now : JourneyWeek
        With room for `caseload.EVENTS_A_CLIENT` events a client.
    rows : ndarray of int64, shape (k,)
        Those `mark_concerned` marks.
    """
    for row in rows:
        if is_newcomer(now.people, row):
            start_again(now, row)
        elif now.clients.stage[row] != Stage.NO_CLIENT:
            advance_one(now, row)


@kernel(each=True)
def is_put_forward(clients: Clients, row: int) -> bool:
    """Return whether a client is in a placement that is served."""
    is_placed = clients.stage[row] == Stage.PLACEMENT and not clients.is_waiting[row]
    return is_placed and clients.effort[row] > 0.0


@kernel(each=True)
def is_brokered(people: People, clients: Clients, row: int) -> bool:
    """Return whether an adviser looks for vacancies for a client."""
    return is_put_forward(clients, row) and people.state[row] != State.EMPLOYED


@kernel
def set_effects(now: JourneyWeek, calls: Calls, rows: np.ndarray) -> None:
    """Write what support changes in the search, hiring and jobs of those concerned.

    Parameters
    ----------
    now : JourneyWeek
    calls : Calls
        Those advisers make for clients are added.
    rows : ndarray of int64, shape (k,)
        Those `mark_concerned` marks.
    """
    people, clients, support = now.people, now.clients, now.support
    contracts, rates = now.contracts, now.rates
    single_offer = calls.made.shape[0] - 1
    for row in rows:
        at_rest(support, row)
        since_trial = now.week - support.trial_week[row]
        in_trial = support.trial_week[row] > now.week
        if clients.stage[row] != Stage.NO_CLIENT and (in_trial or clients.training_weeks[row] > 0):
            support.search[row] = rates.lock_in
        if support.trial_week[row] != NO_WEEK and 0 <= since_trial <= rates.trial_memory_weeks:
            support.fit[row] = rates.trial_fit
        if clients.stage[row] > Stage.ENGAGEMENT and clients.effort[row] > 0.0:
            words = draw(now.seed, HAND_OVER, 0, people.id[row], ONCE)
            support.knows_sums[row] = words[1] < rates.better_off_sums
        if clients.stage[row] == Stage.NO_CLIENT or clients.is_waiting[row]:
            continue
        provider = contracts.provider[clients.contract[row]]
        quality = now.providers.quality[provider]
        if clients.stage[row] == Stage.AFTERCARE:
            support.keep[row] = 1.0 - rates.aftercare_effect * quality
        elif is_brokered(people, clients, row) and not in_trial:
            quality *= now.providers.group_strength[provider, clients.group[row]]
            quality *= achieved(clients.effort[row], rates.effort)
            contract, home = clients.contract[row], people.ward[row]
            access = contracts.employer_access[contract]
            quality *= access
            quality *= calls.answer[home]
            support.broker[row] = min(rates.p_broker * quality, 1.0)
            caller = single_offer if contracts.has_single_offer[contract] else provider
            calls.made[caller, home] += access
