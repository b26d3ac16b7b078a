"""Clients of support as columns, one row a person, and what the rest of the model sees of it.

`Support` is all that search, hiring and separations know of support: with its values at rest
(`Support` docstrings) each of them computes what it would without any, to the last bit.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from simulation.agents.columns import People
from simulation.categories import CLIENT_GROUPS, SECTORS, State
from simulation.compile import kernel

NO_CONTRACT = -1
NO_WEEK = -1
NO_SCHEME = -1
NO_EMPLOYER = -1
NO_BENEFIT = CLIENT_GROUPS.index("no_benefit")
GROUP_EMPLOYED = CLIENT_GROUPS.index("employed")
BEYOND_JSA = CLIENT_GROUPS.index("ib_esa") - int(State.IB_ESA)


class Support(NamedTuple):
    """What support changes in people's search, hiring and jobs; arrays have shape (n,)."""

    search: Annotated[np.ndarray, np.float32, 1]
    """Factor of the chance to apply; at rest 1."""
    broker: Annotated[np.ndarray, np.float32]
    """Chance a round of an application an adviser brings about; at rest 0."""
    fit: Annotated[np.ndarray, np.float32]
    """Added suitability in the eyes of any employer, log odds; at rest 0."""
    trial_week: Annotated[np.ndarray, np.int16, NO_WEEK]
    """Week the last work trial ended, counted as recent work; at rest -1."""
    keep: Annotated[np.ndarray, np.float32, 1]
    """Factor of the chance to lose a job; at rest 1."""
    knows_sums: Annotated[np.ndarray, np.bool_]
    """Whether an adviser has reckoned what a job would leave the person; at rest not."""
    scheme: Annotated[np.ndarray, np.int8, NO_SCHEME]
    """Row of `Schemes` that backs the person's applications; at rest -1."""
    temporary_until: Annotated[np.ndarray, np.int16, NO_WEEK]
    """Week the person's temporary job ends; at rest -1."""


class Schemes(NamedTuple):
    """Bundles of vacancies some interventions open to those they back; k schemes."""

    fit: np.ndarray
    """float64 (k,), added suitability for vacancies of the scheme, log odds."""
    sectors: np.ndarray
    """bool (k, 9), sectors of the scheme's vacancies."""
    wards: np.ndarray
    """bool (k, n_wards + 1), wards of the scheme's vacancies; the last is outside."""
    usual_goodwill: float = 1.0
    """Of an establishment that gives the scheme its full weight."""
    elasticity: float = 0.0
    """Of that weight with respect to goodwill."""


class Calls(NamedTuple):
    """What advisers find with employers in a week, and the calls they make."""

    openings: np.ndarray
    """float64 (n_wards,), vacancies open to applicants by work ward."""
    answer: np.ndarray
    """float64 (n_wards,), vacancies in reach of a home ward known to advisers, over the usual."""
    made: np.ndarray
    """float64 (n_callers, n_wards), clients called for by home ward; the last caller is all
    contracts that make employers a single offer, those before are the providers. Written."""


class Clients(NamedTuple):
    """The journey of each person; arrays have shape (n,)."""

    stage: Annotated[np.ndarray, np.int8]
    """0 no client, 1 to 5 the stages of `categories.STAGES`."""
    is_waiting: Annotated[np.ndarray, np.bool_]
    """Whether the stage is done and the next not yet begun."""
    weeks_in_stage: Annotated[np.ndarray, np.int16]
    """Or weeks waited."""
    contract: Annotated[np.ndarray, np.int32, NO_CONTRACT]
    """The one that pays for the present stage; -1 none."""
    effort: Annotated[np.ndarray, np.float32]
    """Part of a full service the provider spends on the client; 0 where parked."""
    found: Annotated[np.ndarray, np.uint8]
    """Barriers found by assessment, one bit each."""
    training_weeks: Annotated[np.ndarray, np.int16]
    """Weeks of training left."""
    assessments: Annotated[np.ndarray, np.int8]
    """In this journey."""
    group: Annotated[np.ndarray, np.int8]
    """Position in `categories.CLIENT_GROUPS` when engaged, kept for the journey."""
    job_week: Annotated[np.ndarray, np.int16, NO_WEEK]
    """Week of the job entry whose sustainment is followed; -1 none."""
    job_contract: Annotated[np.ndarray, np.int32, NO_CONTRACT]
    """Contract the job entry is credited to."""
    employer: Annotated[np.ndarray, np.int32, NO_EMPLOYER]
    """Establishment that has taken on a recruit from an adviser and is not sure yet; -1 none."""
    milestones: Annotated[np.ndarray, np.int8]
    """Of the followed job: 0 none, 1, 2, 3 after 13, 26, 52 weeks."""
    n_paid: Annotated[np.ndarray, np.int8]
    """Results paid for the followed job."""
    payment_group: Annotated[np.ndarray, np.int8]
    """Position in `categories.PAYMENT_GROUPS` on attachment."""
    reserved: Annotated[np.ndarray, np.int64]
    """Pence kept back in the contract for results still possible."""
    free_from: Annotated[np.ndarray, np.int16]
    """Week from which the person can be engaged again."""
    treated_week: Annotated[np.ndarray, np.int16, NO_WEEK]
    """Week of the first engagement or first place of an intervention; -1 never."""
    programme: Annotated[np.ndarray, np.int16, -1]
    """Stream of that first treatment; -1 never."""


def no_schemes(n_wards: int) -> Schemes:
    """Return a table without schemes."""
    return Schemes(
        np.zeros(0), np.zeros((0, len(SECTORS)), np.bool_), np.zeros((0, n_wards), np.bool_)
    )


def has_nobody(columns: Support) -> bool:
    """Whether these are the columns of a run without support, one value for all people."""
    return columns.search.strides == (0,)


def most_of(column: np.ndarray) -> float:
    """Return the largest value of a column that may be one value for all people."""
    return float(column[0] if column.strides == (0,) else column.max())


@kernel(each=True)
def at_rest(support: Support, row: int) -> None:
    """Put a person's support back to rest, but for a work trial and a temporary job."""
    support.search[row] = 1.0
    support.broker[row] = 0.0
    support.fit[row] = 0.0
    support.keep[row] = 1.0
    support.knows_sums[row] = False
    support.scheme[row] = NO_SCHEME


@kernel(each=True)
def client_group(people: People, row: int) -> int:
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
