"""Whom a provider paid by results recruits, and whom it serves in full: one client's sums.

A provider serves a client if what it expects to be paid more for serving in full is at least
what that costs: fee x marginal effect >= cost. Creaming and parking follow from the tariff; no
rule names anybody to be creamed or parked. Chances are what the provider believes, from what it
sees; it never sees how the market would in truth decide.
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
from simulation.labour.hiring import n_bits

RECORD_BIT = 1 << BARRIERS.index("record")
FULL_RATE_WEEKS = 25 * WEEKS_PER_YEAR
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
def is_worth(value: float, parked: float, served: float, cost: float) -> bool:
    """Return whether serving in full brings in at least what it costs."""
    return value * (served - parked) >= cost


@kernel(each=True)
def worth_it(
    people: People,
    clients: Clients,
    providers: Providers,
    contracts: Contracts,
    contract: int,
    row: int,
    stage: int,
    rates: EffortRates,
) -> bool:
    """Return whether the provider serves a client in full from this stage (3 or 4) on."""
    provider = contracts.provider[contract]
    quality = providers.quality[provider] * providers.group_strength[provider, clients.group[row]]
    known = barriers_seen(people, clients, row)
    odds = believed_log_odds(people.employability[row], known, people.weeks_since_job[row], rates)
    cost = providers.unit_cost[provider, Stage.PLACEMENT - 1]
    if stage == Stage.SERVICES:
        cost += providers.unit_cost[provider, Stage.SERVICES - 1]
    value = value_of_results(contracts, contract, clients.payment_group[row], rates)
    return is_worth(value, chance_of(odds), chance_of(odds + rates.effect * quality), cost)


@kernel(each=True)
def expected_profit(
    attachment: float,
    value: float,
    parked: float,
    served: float,
    to_begin: float,
    to_serve: float,
    parked_cost: float,
) -> float:
    """Return the profit expected of a client recruited, parked or served as pays better, pence."""
    if_parked = parked * value - parked_cost * to_serve
    if_served = served * value - to_serve
    return attachment + max(if_parked, if_served) - to_begin


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
        chance_of(odds),
        chance_of(odds + rates.effect * quality),
        to_begin,
        to_serve,
        rates.parked_cost,
    )
    return profit / (profit + to_begin + to_serve) if profit > 0.0 else 0.0
