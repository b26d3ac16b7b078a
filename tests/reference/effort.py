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


def chances_of_job(person: Person, quality: float) -> tuple[float, float]:
    """Return the believed chances of a job of a client left alone and of one served."""
    rules = person.model.config.journey
    is_assessed = person.journey.assessments > 0
    seen = person.journey.found if is_assessed else person.barriers & SEEN_BY_EMPLOYERS
    odds = (
        rules.believed_base
        + rules.believed_employability * person.employability
        + rules.believed_barrier * len(seen)
        + rules.believed_years * math.log(1.0 + person.weeks_since_job / WEEKS_PER_YEAR)
    )
    return _logistic(odds), _logistic(odds + rules.believed_effect * quality)


def _logistic(odds: float) -> float:
    return 1.0 / (1.0 + math.exp(-odds))


def is_worth_it(person: Person, contract: Contract, stage: int) -> bool:
    """Return whether serving a client in services (3) or placement (4) brings what it costs."""
    journey, provider = person.journey, contract.provider
    retention = person.model.config.journey.believed_retention
    fees = expected_fees(contract, journey.payment_group, retention)
    alone, served = chances_of_job(person, provider.quality_for(journey.group))
    services, placement = provider.unit_cost[2], provider.unit_cost[3]
    cost = services + placement if stage == 3 else placement
    return fees * (served - alone) >= cost


def recruiting_weight(person: Person, contract: Contract, group: int) -> float:
    """Return how eager a provider is to take somebody on, 0 to 1."""
    rules, provider = person.model.config.journey, contract.provider
    payment = payment_group(person)
    fees = expected_fees(contract, payment, rules.believed_retention)
    alone, served = chances_of_job(person, provider.quality_for(group))
    first, second, third, fourth, _ = provider.unit_cost
    help_costs = third + fourth
    parked = alone * fees - rules.parked_cost * help_costs
    best = max(parked, served * fees - help_costs)
    attachment = contract.fee("attachment", payment)
    profit = (1.0 - contract.margin) * attachment + best - first - second
    gain = max(profit, 0.0)
    return gain / (gain + first + second + help_costs)


def in_order(barriers: set[str]) -> list[tuple[int, str]]:
    """Return barriers with their numbers, in the order of `BARRIERS`."""
    return [(number, name) for number, name in enumerate(BARRIERS) if name in barriers]
