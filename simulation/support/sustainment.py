"""Phase payments, first part: job entries, the jobs followed after them, results paid for."""

from __future__ import annotations

import numpy as np

from simulation.agents.clients import (
    GROUP_EMPLOYED,
    NO_CONTRACT,
    NO_WEEK,
    Clients,
    Support,
    at_rest,
)
from simulation.agents.columns import Jobs, People
from simulation.agents.contracts import Contracts
from simulation.categories import N_LEVELS, Stage, State
from simulation.compile import kernel
from simulation.support.goodwill import GoodwillRates, judge_recruit
from simulation.support.hand_over import results_left
from simulation.support.journey import end_followed_job, is_put_forward, leave
from simulation.support.journey_week import JourneyWeek, note, note_result
from simulation.support.money import earn, release, reserve
from simulation.support.records import EVENT

JOB_ENTRY = EVENT["job_entry"]
JOB_LOST = EVENT["job_lost"]
PAID = EVENT["paid_for_result"]
MILESTONE_WEEKS = np.array([13, 26, 52])
SUSTAINED = np.array([EVENT[f"sustained_{weeks}_weeks"] for weeks in (13, 26, 52)])
N_MILESTONES = 3


@kernel(each=True)
def enters_job(people: People, clients: Clients, support: Support, row: int) -> bool:
    """Return whether a client before aftercare has come into work; a temporary job is none."""
    return (
        0 < clients.stage[row] <= Stage.PLACEMENT
        and clients.group[row] != GROUP_EMPLOYED
        and clients.job_week[row] == NO_WEEK
        and people.state[row] == State.EMPLOYED
        and support.temporary_until[row] == NO_WEEK
    )


@kernel(each=True)
def enter_job(now: JourneyWeek, row: int) -> None:
    """Note a job entry, credited to the contract of the stage; the client waits for aftercare.

    What is kept back for its results is topped up, as far as the contract's money goes.
    """
    clients = now.clients
    note(now, row, JOB_ENTRY, 0, 0)
    contract = clients.contract[row]
    if clients.reserved[row] > 0:
        missing = results_left(now.contracts, contract, clients.payment_group[row])
        more = min(missing - clients.reserved[row], now.money.free[contract])
        reserve(now.money, contract, more)
        clients.reserved[row] += more
    clients.job_week[row] = now.week
    clients.job_contract[row] = contract
    if is_put_forward(clients, row):
        clients.employer[row] = now.people.cell[row] // N_LEVELS
    clients.milestones[row] = 0
    clients.n_paid[row] = 0
    clients.stage[row] = Stage.PLACEMENT
    clients.is_waiting[row] = True
    clients.weeks_in_stage[row] = 0
    clients.training_weeks[row] = 0


@kernel(each=True)
def is_paid_up(clients: Clients, contracts: Contracts, row: int) -> bool:
    """Return whether a followed job has earned every result it can."""
    group = clients.payment_group[row]
    return clients.n_paid[row] > contracts.n_sustainment[clients.job_contract[row], group]


@kernel(each=True)
def result_due(clients: Clients, contracts: Contracts, row: int, weeks: int) -> int:
    """Return the pence a followed job has newly earned, at most one result a week.

    Never more than is kept back for it; nothing once all results are paid.
    """
    contract, paid = clients.job_contract[row], clients.n_paid[row]
    group = clients.payment_group[row]
    due_from = contracts.job_weeks[contract, group] + paid * contracts.sustainment_weeks[contract]
    if clients.reserved[row] <= 0 or weeks < due_from:
        return 0
    clients.n_paid[row] += 1
    fee = contracts.job[contract, group] if paid == 0 else contracts.sustainment[contract, group]
    return min(fee, clients.reserved[row])


@kernel(each=True)
def follow_job(now: JourneyWeek, row: int) -> None:
    """Note milestones of a job still held and earn its results; stop when all are done."""
    clients, contracts, money = now.clients, now.contracts, now.money
    weeks = now.week - clients.job_week[row]
    milestone = clients.milestones[row]
    if milestone < N_MILESTONES and weeks >= MILESTONE_WEEKS[milestone]:
        clients.milestones[row] += 1
        note_result(now, row, SUSTAINED[milestone], 0)
    earned = result_due(clients, contracts, row, weeks)
    if earned > 0:
        clients.reserved[row] -= earned
        earn(money, contracts, clients.job_contract[row], earned, now.week)
        note_result(now, row, PAID, earned)
    if is_paid_up(clients, contracts, row):
        release(money, clients.job_contract[row], clients.reserved[row])
        clients.reserved[row] = 0
    is_all_seen = clients.milestones[row] == N_MILESTONES and clients.reserved[row] == 0
    if is_all_seen and clients.stage[row] == 0:
        end_followed_job(clients, money, row)


@kernel
def follow_jobs(
    now: JourneyWeek, jobs: Jobs, rows: np.ndarray, entries: np.ndarray, goodwill: GoodwillRates
) -> None:
    """Note job entries, follow jobs week by week, end those lost; employers judge recruits.

    A followed job is unbroken employment from the job entry on, moves between jobs included.

    Parameters
    ----------
    now : JourneyWeek
        With room for `caseload.EVENTS_A_CLIENT` events a client.
    jobs : Jobs
        Goodwill is written.
    rows : ndarray of int64, shape (k,)
        Those `mark_concerned` marks.
    entries : ndarray of int64, shape (n_streams,)
        Counts the job entries credited to each stream.
    goodwill : GoodwillRates
    """
    people, clients = now.people, now.clients
    for row in rows:
        if enters_job(people, clients, now.support, row):
            enter_job(now, row)
            at_rest(now.support, row)
            entries[now.contracts.stream[clients.contract[row]]] += 1
        if clients.job_week[row] == NO_WEEK:
            continue
        judge_recruit(people, jobs, clients, row, now.week, goodwill)
        if people.state[row] == State.EMPLOYED:
            follow_job(now, row)
            continue
        note_result(now, row, JOB_LOST, 0)
        end_followed_job(clients, now.money, row)
        if clients.stage[row] > 0 and clients.contract[row] != NO_CONTRACT:
            leave(now, row)
