"""Whom a provider paid by results recruits, and how much it does for whom: one client's sums.

A provider does for a client what pays best: fee x what an effort adds to the chance of a job, less
what it costs, and never less than its contract owes everybody. Creaming and parking follow from
the tariff; no rule names anybody to be creamed or parked. Chances are what the provider believes,
from what it sees; it never sees how the market would in truth decide.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from simulation.agents.clients import Clients
from simulation.agents.columns import SEEN_BY_EMPLOYERS, People
from simulation.agents.contracts import Contracts
from simulation.agents.providers import Providers
from simulation.categories import BARRIERS, PAYMENT_GROUPS, WEEKS_PER_YEAR, Stage, State
from simulation.compile import kernel
from simulation.config import JourneyConfig
from simulation.labour.amounts import FULL_RATE_WEEKS
from simulation.labour.hiring import n_bits

RECORD_BIT = 1 << BARRIERS.index("record")
MANY_BARRIERS = 3
PG_YOUNG, PG_ADULT, PG_EARLY, PG_NEW_ESA, PG_EX_IB, PG_VOLUNTEERS, PG_PRISON = (
    PAYMENT_GROUPS.index(name)
    for name in (
        "jsa_18_24",
        "jsa_25_plus",
        "jsa_early_access",
        "esa_new",
        "esa_ex_ib",
        "ib_is_volunteers",
        "jsa_prison_leavers",
    )
)


class EffortRates(NamedTuple):
    """What providers believe and what a parked client costs them."""

    base: float
    """Log odds of a job within a year of a plain client who is parked."""
    employability: float
    barrier: float
    years: float
    effect: float
    """Log odds that serving in full adds at quality 1."""
    retention: float
    """Share of jobs believed to last a year."""
    parked_cost: float
    """Share of the cost of serving that a parked client costs."""
    steps: int
    """Efforts to choose from: so many equal parts of a full service, or parking."""
    returns: float
    """Power of effort by which it achieves what a full service does."""
    weeks_of_esa: np.ndarray
    """int64 (1,), weeks since new incapacity claims are for ESA; written each week."""


def effort_rates(config: JourneyConfig, weeks_of_esa: np.ndarray) -> EffortRates:
    """Return the rates of a configuration.

    Parameters
    ----------
    config : JourneyConfig
    weeks_of_esa : ndarray of int64, shape (1,)
        The array the phase of benefits writes; shared, not copied.
    """
    return EffortRates(
        base=config.believed_base,
        employability=config.believed_employability,
        barrier=config.believed_barrier,
        years=config.believed_years,
        effect=config.believed_effect,
        retention=config.believed_retention,
        parked_cost=config.parked_cost,
        steps=config.effort_steps,
        returns=config.effort_returns,
        weeks_of_esa=weeks_of_esa,
    )


@kernel(each=True)
def payment_group(people: People, row: int, weeks_of_esa: int) -> int:
    """Return a person's position in `categories.PAYMENT_GROUPS` at present."""
    state = people.state[row]
    if state == State.JSA:
        if people.barriers[row] & RECORD_BIT:
            return PG_PRISON
        if people.age_weeks[row] < FULL_RATE_WEEKS:
            return PG_YOUNG
        return PG_EARLY if n_bits(people.barriers[row]) >= MANY_BARRIERS else PG_ADULT
    if state == State.IB_ESA:
        return PG_NEW_ESA if people.weeks_in_state[row] < weeks_of_esa else PG_EX_IB
    return PG_VOLUNTEERS if state >= State.LONE_PARENT else PG_ADULT


@kernel(each=True)
def believed_log_odds(
    employability: float, n_barriers: int, weeks_since_job: int, rates: EffortRates
) -> float:
    """Return the believed log odds of a job within a year of a client who is parked."""
    years = math.log(1.0 + weeks_since_job / WEEKS_PER_YEAR)
    return (
        rates.base
        + rates.employability * employability
        + rates.barrier * n_barriers
        + rates.years * years
    )


@kernel(each=True)
def chance_of(log_odds: float) -> float:
    """Return the chance of log odds."""
    return 1.0 / (1.0 + math.exp(-log_odds))


@kernel(each=True)
def value_of_results(contracts: Contracts, contract: int, group: int, rates: EffortRates) -> float:
    """Return what a job entry is believed to earn the provider after the prime's margin, pence.

    Each result counts by the chance that a job lasts so long, retention ** (weeks / 52).
    """
    lasts = rates.retention ** (contracts.job_weeks[contract, group] / WEEKS_PER_YEAR)
    gap = rates.retention ** (contracts.sustainment_weeks[contract] / WEEKS_PER_YEAR)
    value = contracts.job[contract, group] * lasts
    for _ in range(contracts.n_sustainment[contract, group]):
        lasts *= gap
        value += contracts.sustainment[contract, group] * lasts
    return (1.0 - contracts.margin[contract]) * value


@kernel(each=True)
def barriers_seen(people: People, clients: Clients, row: int) -> int:
    """Return how many barriers the provider knows of: found, or at first those anyone sees."""
    if clients.assessments[row] > 0:
        return n_bits(clients.found[row])
    return n_bits(people.barriers[row] & SEEN_BY_EMPLOYERS)


@kernel(each=True)
def achieved(effort: float, rates: EffortRates) -> float:
    """Return the part of a full service's effect that an effort, 0 to 1, has."""
    return float(effort) ** rates.returns if effort > 0.0 else 0.0


@kernel(each=True)
def best_effort(
    value: float, odds: float, effect: float, cost: float, least: float, rates: EffortRates
) -> float:
    """Return the effort that pays best, 0 for parking; of equals the greatest.

    An effort e, a part 1/n, 2/n, ... 1 of a full service, brings value x (the chance of a job with
    it less that without any) - e x cost. Parking brings nothing, and is allowed where nothing is
    owed; otherwise no effort is below `least`.

    Parameters
    ----------
    value : float
        Pence a job entry brings.
    odds : float
        Believed log odds of a job if parked.
    effect : float
        Log odds a full service adds.
    cost : float
        Pence of a full service.
    least : float
        Part of it that is owed.
    rates : EffortRates
    """
    parked = chance_of(odds)
    best, best_gain = 0.0, 0.0
    for step in range(1, rates.steps + 1):
        effort = step / rates.steps
        if effort < least:
            continue
        chance = chance_of(odds + effect * achieved(effort, rates))
        gain = value * (chance - parked) - effort * cost
        if gain >= best_gain or (least > 0.0 and best == 0.0):
            best, best_gain = effort, gain
    return best


@kernel(each=True)
def chosen_effort(
    people: People,
    clients: Clients,
    providers: Providers,
    contracts: Contracts,
    contract: int,
    row: int,
    stage: int,
    rates: EffortRates,
) -> float:
    """Return the part of a full service a provider by results spends from a stage (3 or 4) on."""
    provider = contracts.provider[contract]
    quality = providers.quality[provider] * providers.group_strength[provider, clients.group[row]]
    known = barriers_seen(people, clients, row)
    odds = believed_log_odds(people.employability[row], known, people.weeks_since_job[row], rates)
    cost = providers.unit_cost[provider, Stage.PLACEMENT - 1]
    if stage == Stage.SERVICES:
        cost += providers.unit_cost[provider, Stage.SERVICES - 1]
    value = value_of_results(contracts, contract, clients.payment_group[row], rates)
    least = contracts.least_effort[contract]
    return best_effort(value, odds, rates.effect * quality, cost, least, rates)


@kernel(each=True)
def expected_profit(
    attachment: float,
    value: float,
    odds: float,
    effect: float,
    to_begin: float,
    to_serve: float,
    least: float,
    rates: EffortRates,
) -> float:
    """Return the profit expected of a client recruited, helped as pays best, pence."""
    effort = best_effort(value, odds, effect, to_serve, least, rates)
    chance = chance_of(odds + effect * achieved(effort, rates))
    part = effort if effort > 0.0 else rates.parked_cost
    return attachment + value * chance - part * to_serve - to_begin


@kernel(each=True)
def recruiting_weight(
    people: People,
    clients: Clients,
    providers: Providers,
    contracts: Contracts,
    contract: int,
    row: int,
    group: int,
    rates: EffortRates,
) -> float:
    """Return the weight with which a provider by results seeks a volunteer, 0 to below 1.

    Expected profit over itself and the cost of serving; 0 where no profit is expected. `group` is
    the position in `categories.CLIENT_GROUPS`.
    """
    provider = contracts.provider[contract]
    costs = providers.unit_cost[provider]
    to_begin = costs[Stage.ENGAGEMENT - 1] + costs[Stage.ACTION_PLANNING - 1]
    to_serve = costs[Stage.SERVICES - 1] + costs[Stage.PLACEMENT - 1]
    quality = providers.quality[provider] * providers.group_strength[provider, group]
    known = barriers_seen(people, clients, row)
    odds = believed_log_odds(people.employability[row], known, people.weeks_since_job[row], rates)
    pays_as = payment_group(people, row, rates.weeks_of_esa[0])
    attachment = (1.0 - contracts.margin[contract]) * contracts.attachment[contract, pays_as]
    profit = expected_profit(
        attachment,
        value_of_results(contracts, contract, pays_as, rates),
        odds,
        rates.effect * quality,
        to_begin,
        to_serve,
        contracts.least_effort[contract],
        rates,
    )
    return profit / (profit + to_begin + to_serve) if profit > 0.0 else 0.0
