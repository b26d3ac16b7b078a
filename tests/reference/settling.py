"""How a stage begins: money, effort, loss at hand-overs."""

from __future__ import annotations

import math

from simulation.streams import Stream

from .contracts import Contract
from .effort import chosen_effort, in_order, payment_group
from .journey import AFTERCARE, EMPLOYED_GROUP, ENGAGED, PLACEMENT, PLANNING, SERVICES
from .person import Person
from .proposals import attaches, choose, client_group, money_needed

BELOW_LEVEL_2 = 2
STARTS = {
    ENGAGED: "engaged",
    PLANNING: "assessed",
    SERVICES: "service_started",
    PLACEMENT: "placement_started",
    AFTERCARE: "aftercare_started",
}


def settle(person: Person) -> bool:
    """Let a person choose among the places left, return whether there was one.

    A client may be lost on the way to another organisation.
    """
    journey = person.journey
    contract, stage = choose(person)
    if contract is None:
        return False
    moves = journey.is_client and journey.contract.provider is not contract.provider
    if moves and _is_lost(person, contract):
        journey.leave("lost_at_hand_over")
        return True
    _start(person, contract, stage)
    return True


def _is_lost(person: Person, contract: Contract) -> bool:
    """Return whether a client does not arrive at another organisation."""
    rules, old = person.model.config.journey, person.journey.contract
    chance = rules.p_lost
    if old.has_referral_duty:
        chance *= rules.referral_duty_factor
    if old.shares_records and contract.shares_records:
        chance *= rules.tracking_factor
    if old.provider.is_linked_to(contract.provider):
        chance *= rules.link_factor
    if old.is_co_located and contract.is_co_located:
        chance *= rules.co_location_factor
    return person.model.roll(Stream.HAND_OVER, person.number)[0] < chance


def _earn(person: Person, contract: Contract, stage: int) -> int:
    """Book the money of a start, return what it earns, pence."""
    journey, market = person.journey, person.model
    is_attached = attaches(journey, contract, stage)
    if journey.job is None and (is_attached or journey.contract is not contract):
        journey.release()
    earned = money_needed(person, contract, stage)
    if contract.terms.kind == "unit":
        earned = math.floor(earned * _part_of_stage(person, stage) + 0.5)
    if is_attached:
        group = journey.payment_group = payment_group(person)
        earned = contract.attachment_now(group, market.week)
        journey.reserved = contract.kept_back(group, market.config.journey.reserve_share)
        contract.purse.keep_back(journey.reserved)
    contract.purse.keep_back(earned)
    market.support.earn(contract, earned)
    return earned


def _start(person: Person, contract: Contract, stage: int) -> None:
    """Begin a stage."""
    journey, old = person.journey, person.journey.contract
    if not journey.is_client:
        _begin_journey(person, contract)
    earned = _earn(person, contract, stage)
    provider, was_client = contract.provider, journey.is_client
    if old is not None:
        old.provider.caseload -= 1
    provider.caseload += 1
    whole = _part_of_stage(person, stage)
    contract.used += math.floor(contract.price[stage - 1] * whole + 0.5)
    if stage == ENGAGED:
        market = person.model.support
        market.doors[contract.stream] -= 1
    is_chosen = contract.by_results and stage in (SERVICES, PLACEMENT)
    journey.effort = chosen_effort(person, contract, stage) if is_chosen else 1.0
    part = journey.effort or person.model.config.journey.parked_cost
    journey.contract, journey.stage = contract, stage
    journey.is_waiting, journey.weeks_in_stage = False, 0
    cost = math.floor(provider.unit_cost[stage - 1] * whole * part + 0.5)
    provider.cash -= cost
    is_parked = stage == SERVICES and journey.effort == 0.0
    journey.record("parked" if is_parked else STARTS[stage], cost=cost, earned=earned)
    if whole < 1.0:
        journey.record("ready_for_work")
    if was_client and stage in (SERVICES, PLACEMENT) and old.provider is not provider:
        _assess_again(person, old, contract)
    _begin_work(person, stage)


def _takes_course(person: Person, strength: float) -> bool:
    """Return whether somebody in the first week of services, so well served, takes a course."""
    rules = person.model.config.journey
    u_course = person.model.roll(Stream.JOURNEY, person.number)[2]
    return person.qualification < BELOW_LEVEL_2 and u_course < rules.p_training * strength


def _part_of_stage(person: Person, stage: int) -> float:
    """Return what a stage costs of a full one: less where there is nothing to be done."""
    if stage != SERVICES or person.journey.group == EMPLOYED_GROUP:
        return 1.0
    has_need = person.journey.found & person.barriers or _takes_course(person, 1.0)
    return 1.0 if has_need else person.model.config.journey.ready_cost


def _begin_journey(person: Person, contract: Contract) -> None:
    journey = person.journey
    journey.group = client_group(person)
    if journey.treated_week is None:
        journey.treated_week = person.model.week
    if journey.programme is None:
        journey.programme = contract.stream


def _assess_again(person: Person, old: Contract, contract: Contract) -> None:
    is_one_journey = old.is_co_located and contract.is_co_located
    if not is_one_journey and not (old.shares_records and contract.shares_records):
        person.journey.assessments += 1
        cost = contract.provider.unit_cost[1]
        contract.provider.cash -= cost
        person.journey.record("assessed_again", cost=cost)


def _begin_work(person: Person, stage: int) -> None:
    """Do what the first week of a stage brings."""
    market, journey = person.model, person.journey
    rules = market.config.journey
    if stage == PLANNING:
        journey.assessments += 1
        journey.found = {
            name
            for number, name in in_order(person.barriers)
            if market.roll(Stream.BARRIER_WORK, person.number, number)[0] < rules.accuracy
        }
    elif stage == SERVICES and _takes_course(person, journey.strength):
        journey.training_weeks = rules.training_weeks
        journey.record("training_started")
    elif stage == PLACEMENT and journey.effort > 0.0:
        u_trial = market.roll(Stream.HAND_OVER, person.number)[1]
        if u_trial < rules.p_trial * journey.strength:
            person.help.trial_week = market.week + rules.trial_weeks
            journey.record("work_trial")
