"""What the journey reads and writes in one week, passed on whole from step to step."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from simulation.agents.clients import Clients, Support
from simulation.agents.columns import People
from simulation.agents.contracts import Contracts
from simulation.agents.providers import Providers
from simulation.compile import kernel
from simulation.config import JourneyConfig
from simulation.labour.rates import weekly
from simulation.policies.interventions.places import JourneyAid
from simulation.support.effort import EffortRates, effort_rates
from simulation.support.money import Money
from simulation.support.records import Records


class JourneyRates(NamedTuple):
    """Parameters of the journey, per week."""

    engagement: np.ndarray
    """float64 (8,), chance a week to be engaged at full reach, by client group."""
    referral: float
    """Chance a week to be sent, of those a contract is mandatory for."""
    p_go_on: float
    stage_weeks: np.ndarray
    """int64 (6,), length or longest length of each stage; first entry unused."""
    least_service_weeks: int
    wait_weeks: int
    rest_weeks: int
    drop_out: np.ndarray
    """float64 (6,), chance a week by stage; first entry unused."""
    p_lost: float
    referral_duty_factor: float
    tracking_factor: float
    link_factor: float
    co_location_factor: float
    accuracy: float
    confidence_gain: float
    lift: np.ndarray
    """float64 (8,), chance a week to lift a barrier, by barrier, at quality 1."""
    employability_gain: float
    ready_cost: float
    p_training: float
    training_weeks: np.ndarray
    """int64 (n_wards,), as the rules of the week allow."""
    p_complete_training: float
    training_gain: float
    lock_in: float
    p_broker: float
    better_off_sums: float
    p_trial: float
    p_early_trial: np.ndarray
    """float64 (n_wards,), chance that a trial begins with action planning."""
    trust: np.ndarray
    """float64 (3, n_wards, 8), what multiplies trust in a provider by its kind, home ward and
    client group."""
    consent: np.ndarray
    """float64 (n_wards,), share of clients whose records go with them."""
    trial_weeks: int
    trial_fit: float
    trial_memory_weeks: int
    aftercare_effect: float
    reserve_share: float
    effort: EffortRates


def journey_rates(journey: JourneyConfig) -> JourneyRates:
    """Return the parameters of the journey as the compiled phases read them.

    Those by ward are empty, for they are the week's.
    """
    weeks = (
        0,
        journey.engagement_weeks,
        journey.planning_weeks,
        journey.service_weeks,
        journey.placement_weeks,
        journey.aftercare_weeks,
    )
    same = {
        name: getattr(journey, name)
        for name in JourneyRates._fields
        if name in type(journey).model_fields and name != "training_weeks"
    }
    return JourneyRates(
        **same,
        engagement=weekly(journey.engagement_rate),
        referral=float(weekly(journey.referral_rate)),
        stage_weeks=np.array(weeks, np.int64),
        drop_out=weekly((0.0, *journey.drop_out_rate)),
        training_weeks=np.zeros(0, np.int64),
        p_early_trial=np.zeros(0),
        consent=np.zeros(0),
        trust=np.zeros((0, 0, 0)),
        lift=weekly(journey.lift_rate),
        effort=effort_rates(journey, np.zeros(1, np.int64)),
    )


class JourneyWeek(NamedTuple):
    """What steps of the journey need to know of a week; the tables are the run's, not copies."""

    people: People
    """Residents."""
    clients: Clients
    support: Support
    providers: Providers
    contracts: Contracts
    money: Money
    records: Records
    """With room for what the step may note."""
    aid: JourneyAid
    """What interventions change in the journey."""
    rates: JourneyRates
    week: int
    seed: np.uint64


@kernel(each=True)
def note(now: JourneyWeek, row: int, event: int, cost: int, earned: int) -> None:
    """Write one event of a client, and its pence, under the contract and stage they are in."""
    records, clients = now.records, now.clients
    number = records.n[0]
    records.week[number] = now.week
    records.row[number] = row
    records.event[number] = event
    records.stage[number] = clients.stage[row]
    records.contract[number] = clients.contract[row]
    records.ward[number] = now.people.ward[row]
    records.group[number] = clients.group[row]
    records.cost[number] = cost
    records.earned[number] = earned
    records.n[0] = number + 1


@kernel(each=True)
def note_result(now: JourneyWeek, row: int, event: int, earned: int) -> None:
    """Note an event of a followed job under the contract the job is credited to."""
    note(now, row, event, 0, earned)
    now.records.contract[now.records.n[0] - 1] = now.clients.job_contract[row]
