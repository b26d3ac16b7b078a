"""Clients of support as columns, one row a person, and what the rest of the model sees of it.

`Support` is all that search, hiring and separations know of support: with its values at rest
(`Support` docstrings) each of them computes what it would without any, to the last bit.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from simulation.categories import CLIENT_GROUPS, SECTORS, State
from simulation.compile import kernel

NO_CONTRACT = -1
NO_WEEK = -1
NO_SCHEME = -1
NO_BENEFIT = CLIENT_GROUPS.index("no_benefit")
GROUP_EMPLOYED = CLIENT_GROUPS.index("employed")
BEYOND_JSA = CLIENT_GROUPS.index("ib_esa") - int(State.IB_ESA)


class Support(NamedTuple):
    """What support changes in people's search, hiring and jobs; arrays have shape (n,)."""

    search: np.ndarray
    """float32, factor of the chance to apply; at rest 1."""
    broker: np.ndarray
    """float32, chance a round of an application an adviser brings about; at rest 0."""
    fit: np.ndarray
    """float32, added suitability in the eyes of any employer, log odds; at rest 0."""
    trial_week: np.ndarray
    """int32, week the last work trial ended, counted as recent work; at rest -1."""
    keep: np.ndarray
    """float32, factor of the chance to lose a job; at rest 1."""
    scheme: np.ndarray
    """int8, row of `Schemes` that backs the person's applications; at rest -1."""
    temporary_until: np.ndarray
    """int32, week the person's temporary job ends; at rest -1."""


class Schemes(NamedTuple):
    """Bundles of vacancies some interventions open to those they back; k schemes."""

    fit: np.ndarray
    """float64 (k,), added suitability for vacancies of the scheme, log odds."""
    sectors: np.ndarray
    """bool (k, 9), sectors of the scheme's vacancies."""
    wards: np.ndarray
    """bool (k, n_wards), wards of the scheme's vacancies."""


class Clients(NamedTuple):
    """The journey of each person; arrays have shape (n,)."""

    stage: np.ndarray
    """int8, 0 no client, 1 to 5 the stages of `categories.STAGES`."""
    is_waiting: np.ndarray
    """bool, the stage is done and the next not yet begun."""
    weeks_in_stage: np.ndarray
    """int16, or weeks waited."""
    contract: np.ndarray
    """int32, that pays for the present stage; -1 none."""
    is_served: np.ndarray
    """bool, False where the provider spends nothing on the client (parked)."""
    found: np.ndarray
    """uint16, barriers found by assessment, one bit each."""
    training_weeks: np.ndarray
    """int16, weeks of training left."""
    assessments: np.ndarray
    """int8, in this journey."""
    group: np.ndarray
    """int8, position in `categories.CLIENT_GROUPS` when engaged, kept for the journey."""
    job_week: np.ndarray
    """int32, week of the job entry whose sustainment is followed; -1 none."""
    job_contract: np.ndarray
    """int32, contract the job entry is credited to."""
    milestones: np.ndarray
    """int8, of the followed job: 0 none, 1, 2, 3 after 13, 26, 52 weeks."""
    n_paid: np.ndarray
    """int8, results paid for the followed job."""
    payment_group: np.ndarray
    """int8, position in `categories.PAYMENT_GROUPS` on attachment."""
    reserved: np.ndarray
    """int64, pence kept back in the contract for results still possible."""
    free_from: np.ndarray
    """int32, week from which the person can be engaged again."""
    treated_week: np.ndarray
    """int32, week of the first engagement or first place of an intervention; -1 never."""
    programme: np.ndarray
    """int16, stream of that first treatment; -1 never."""


def new_support(n: int) -> Support:
    """Return the columns of n people without support."""
    return Support(
        search=np.ones(n, np.float32),
        broker=np.zeros(n, np.float32),
        fit=np.zeros(n, np.float32),
        trial_week=np.full(n, NO_WEEK, np.int32),
        keep=np.ones(n, np.float32),
        scheme=np.full(n, NO_SCHEME, np.int8),
        temporary_until=np.full(n, NO_WEEK, np.int32),
    )


def no_schemes(n_wards: int) -> Schemes:
    """Return a table without schemes."""
    return Schemes(
        np.zeros(0), np.zeros((0, len(SECTORS)), np.bool_), np.zeros((0, n_wards), np.bool_)
    )


def new_clients(n: int) -> Clients:
    """Return the columns of n people who were never clients."""
    return Clients(
        stage=np.zeros(n, np.int8),
        is_waiting=np.zeros(n, np.bool_),
        weeks_in_stage=np.zeros(n, np.int16),
        contract=np.full(n, NO_CONTRACT, np.int32),
        is_served=np.zeros(n, np.bool_),
        found=np.zeros(n, np.uint16),
        training_weeks=np.zeros(n, np.int16),
        assessments=np.zeros(n, np.int8),
        group=np.zeros(n, np.int8),
        job_week=np.full(n, NO_WEEK, np.int32),
        job_contract=np.full(n, NO_CONTRACT, np.int32),
        milestones=np.zeros(n, np.int8),
        n_paid=np.zeros(n, np.int8),
        payment_group=np.zeros(n, np.int8),
        reserved=np.zeros(n, np.int64),
        free_from=np.zeros(n, np.int32),
        treated_week=np.full(n, NO_WEEK, np.int32),
        programme=np.full(n, -1, np.int16),
    )


@kernel(each=True)
def at_rest(support, row):
    """Put a person's support back to rest, but for a work trial and a temporary job."""
    support.search[row] = 1.0
    support.broker[row] = 0.0
    support.fit[row] = 0.0
    support.keep[row] = 1.0
    support.scheme[row] = NO_SCHEME


@kernel(each=True)
def client_group(people, row):
    """Return a person's position in `categories.CLIENT_GROUPS` at present."""
    state = people.state[row]
    if state == State.EMPLOYED:
        return GROUP_EMPLOYED
    if state in (State.SEEKING_NO_BENEFIT, State.INACTIVE_NO_BENEFIT):
        return NO_BENEFIT
    if state != State.JSA:
        return BEYOND_JSA + state
    weeks = people.weeks_in_state[row]
    if weeks < 26:
        return 0
    return 1 if weeks < 52 else 2
