"""What a provider paid by results expects of a client, and what it does about it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from simulation.categories import BARRIERS, PAYMENT_GROUPS, State

from .chance import WEEKS_PER_YEAR
from .recruiting import SEEN_BY_EMPLOYERS

if TYPE_CHECKING:
    from .contracts import Contract
    from .person import Person

YOUNG = 25 * WEEKS_PER_YEAR
EARLY_ACCESS_BARRIERS = 3
VOLUNTEERS = (
    State.LONE_PARENT,
    State.OTHER_BENEFIT,
    State.SEEKING_NO_BENEFIT,
    State.INACTIVE_NO_BENEFIT,
)


def payment_group(person: Person) -> int:
    """Return a person's position in `PAYMENT_GROUPS` at present."""
    return PAYMENT_GROUPS.index(_payment_group(person))


def _payment_group(person: Person) -> str:
    if person.state is State.JSA:
        if "record" in person.barriers:
            return "jsa_prison_leavers"
        if person.age_weeks < YOUNG:
            return "jsa_18_24"
        is_far_off = len(person.barriers) >= EARLY_ACCESS_BARRIERS
        return "jsa_early_access" if is_far_off else "jsa_25_plus"
    if person.state is State.IB_ESA:
        is_new = person.weeks_in_state < person.model.weeks_of_esa
        return "esa_new" if is_new else "esa_ex_ib"
    return "ib_is_volunteers" if person.state in VOLUNTEERS else "jsa_25_plus"


def expected_fees(contract: Contract, group: int, believed_retention: float) -> float:
    """Return F, the fees a job brings if it may end again, to whoever does the work, pence."""
    fees, weeks = contract.results_fees(group), contract.results_weeks(group)
    kept = [believed_retention ** (w / WEEKS_PER_YEAR) for w in weeks]
    later = sum(fee * p for fee, p in zip(fees[1:], kept[1:], strict=True))
    return (1.0 - contract.margin) * (fees[0] * kept[0] + later)


def odds_alone(person: Person) -> float:
    """Return the believed log odds of a job of a client left alone."""
    rules = person.model.config.journey
    is_assessed = person.journey.assessments > 0
    seen = person.journey.found if is_assessed else person.barriers & SEEN_BY_EMPLOYERS
    return (
        rules.believed_base
        + rules.believed_employability * person.employability
        + rules.believed_barrier * len(seen)
        + rules.believed_years * math.log(1.0 + person.weeks_since_job / WEEKS_PER_YEAR)
    )


def _logistic(odds: float) -> float:
    return 1.0 / (1.0 + math.exp(-odds))


def _chance(person: Person, contract: Contract, group: int, effort: float) -> float:
    """Return the believed chance of a job of a client on whom an effort is spent."""
    rules = person.model.config.journey
    gain = rules.believed_effect * contract.provider.quality_for(group)
    return _logistic(odds_alone(person) + gain * effort**rules.effort_returns)


def best_effort(person: Person, contract: Contract, *, group: int, fees: float, cost: int) -> float:
    """Return the part of a full service that pays best, 0 for none, never below what is owed."""
    n, least = person.model.config.journey.effort_steps, contract.terms.least_effort
    alone = _logistic(odds_alone(person))
    gains = {
        step / n: fees * (_chance(person, contract, group, step / n) - alone) - step / n * cost
        for step in range(1, n + 1)
        if step / n >= least
    }
    if not least:
        gains[0.0] = 0.0
    return max(gains, key=lambda effort: (gains[effort], effort))


def chosen_effort(person: Person, contract: Contract, stage: int) -> float:
    """Return what a provider by results spends from services (3) or placement (4) on."""
    journey, unit_cost = person.journey, contract.provider.unit_cost
    retention = person.model.config.journey.believed_retention
    fees = expected_fees(contract, journey.payment_group, retention)
    cost = unit_cost[2] + unit_cost[3] if stage == 3 else unit_cost[3]
    return best_effort(person, contract, group=journey.group, fees=fees, cost=cost)


def recruiting_weight(person: Person, contract: Contract, group: int) -> float:
    """Return how eager a provider is to take somebody on, 0 to 1."""
    rules, provider = person.model.config.journey, contract.provider
    payment = payment_group(person)
    fees = expected_fees(contract, payment, rules.believed_retention)
    first, second, third, fourth, _ = provider.unit_cost
    help_costs = third + fourth
    effort = best_effort(person, contract, group=group, fees=fees, cost=help_costs)
    chance = _chance(person, contract, group, effort)
    attachment = contract.fee("attachment", payment)
    spent = (effort or rules.parked_cost) * help_costs
    profit = (1.0 - contract.margin) * attachment + chance * fees - spent - first - second
    gain = max(profit, 0.0)
    return gain / (gain + first + second + help_costs)


def in_order(barriers: set[str]) -> list[tuple[int, str]]:
    """Return barriers with their numbers, in the order of `BARRIERS`."""
    return [(number, name) for number, name in enumerate(BARRIERS) if name in barriers]
