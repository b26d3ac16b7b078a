"""Claims and spells outside work: how they end and how new ones begin (docs/ODD.md 7.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulation.categories import State
from simulation.config import BenefitsConfig
from simulation.streams import Stream

from .chance import WEEKS_PER_YEAR, cumulative, searched, weekly
from .person import Person

if TYPE_CHECKING:
    from .market import ReferenceMarket

CLAIMS = (State.IB_ESA, State.LONE_PARENT, State.OTHER_BENEFIT)
AT_RISK = (State.EMPLOYED, State.JSA, State.SEEKING_NO_BENEFIT, State.INACTIVE_NO_BENEFIT)
CHILD_BANDS = ((0, 5), (5, 10), (10, 12), (12, 16))
PARENT_UNTIL = 50 * WEEKS_PER_YEAR
SCHOOL_AGE = 5 * WEEKS_PER_YEAR


def relative_risk(person: Person, claim: State, benefits: BenefitsConfig) -> float:
    """Return a person's risk of a new claim relative to that of a healthy employed one."""
    if person.state not in AT_RISK or not person.is_adult:
        return 0.0
    if claim is State.LONE_PARENT and person.age_weeks >= PARENT_UNTIL:
        return 0.0
    risk = benefits.risk[CLAIMS.index(claim)][AT_RISK.index(person.state)]
    return risk * benefits.health_risk[person.health] if claim is State.IB_ESA else risk


def inflows(market: ReferenceMarket) -> dict[tuple[int, State], float]:
    """Return the chance a week of a new claim at relative risk 1, by ward and claim."""
    benefits = market.config.benefits
    claimants: dict[tuple[int, State], int] = {}
    risks: dict[tuple[int, State], float] = {}
    for person in market.people:
        for claim in CLAIMS:
            key = person.ward, claim
            claimants[key] = claimants.get(key, 0) + (person.state is claim)
            risks[key] = risks.get(key, 0.0) + relative_risk(person, claim, benefits)
    return {
        (ward, claim): claimants[ward, claim]
        * benefits.inflow_rate[CLAIMS.index(claim)]
        / WEEKS_PER_YEAR
        / risks[ward, claim]
        if risks[ward, claim] > 0.0
        else 0.0
        for ward, claim in risks
    }


def end_or_begin_claims(person: Person) -> None:
    """Let a claim or spell of a person end, else a new claim begin."""
    if person.is_new:
        return
    u_end, u_where, u_claim, u_kind = person.model.roll(Stream.BENEFITS, person.number)
    if not person.is_employed:
        to = _end(person, u_end, u_where)
        if to is not None:
            person.move_to(to)
            return
    claim = _new_claim(person, u_claim)
    if claim is not None:
        _begin(person, claim, u_kind)


def _end(person: Person, u_end: float, u_where: float) -> State | None:
    """Return the state that follows, or None if the spell goes on."""
    benefits = person.model.config.benefits
    if person.state is State.JSA and u_end < weekly(benefits.jsa_exit_rate):
        is_inactive = u_where < benefits.jsa_exit_to_inactive
        return State.INACTIVE_NO_BENEFIT if is_inactive else State.SEEKING_NO_BENEFIT
    if person.state in CLAIMS and u_end < _chance_of_end(person):
        return _after(CLAIMS.index(person.state), u_where, benefits)
    if person.state is State.SEEKING_NO_BENEFIT:
        rate = benefits.claim_rate * _relative_slack(person) ** benefits.claim_slack
        p_claim = weekly(rate) if person.is_adult else 0.0
        if u_end < p_claim:
            return State.JSA
        p_give_up = weekly(benefits.discouraged_rate[person.age_band]) * _pull(person)
        if u_end < p_claim + p_give_up:
            return State.INACTIVE_NO_BENEFIT
    if person.state is State.INACTIVE_NO_BENEFIT:
        p_start = weekly(benefits.start_seeking_rate[person.age_band]) / _pull(person)
        if u_end < p_start:
            return State.SEEKING_NO_BENEFIT
    return None


def _relative_slack(person: Person) -> float:
    """Return the slack in a person's reach over that of the first day."""
    market = person.model
    usual = market.usual_reach[person.ward]
    return max(market.slack_in_reach[person.ward] / usual, 0.1) if usual > 0.0 else 1.0


def _pull(person: Person) -> float:
    """Return how much illness, a small child and easy hiring draw a person into inactivity."""
    benefits = person.model.config.benefits
    has_small_child = person.child_weeks is not None and person.child_weeks < SCHOOL_AGE
    child = benefits.inactivity_child if has_small_child else 1.0
    attachment = _relative_slack(person) ** benefits.attachment_slack
    return benefits.inactivity_health[person.health] / attachment * child


def _chance_of_end(person: Person) -> float:
    """Return the chance a week that a claim other than JSA ends."""
    benefits = person.model.config.benefits
    if person.state is State.IB_ESA:
        return weekly(benefits.ib_long_rate if person.is_long_claim else benefits.ib_short_rate)
    if person.state is State.OTHER_BENEFIT:
        return weekly(benefits.other_rate)
    child = person.child_weeks
    is_over = child is None or child >= person.model.child_age_limit
    review = min(1.0, 1.0 / benefits.review_weeks) if is_over else 0.0
    return weekly(benefits.lone_parent_rate) + review


def _after(group: int, uniform: float, benefits: BenefitsConfig) -> State:
    """Return where an ended claim leads."""
    if uniform < benefits.exit_to_jsa[group]:
        return State.JSA
    if uniform < benefits.exit_to_jsa[group] + benefits.exit_to_seeking[group]:
        return State.SEEKING_NO_BENEFIT
    return State.INACTIVE_NO_BENEFIT


def _new_claim(person: Person, uniform: float) -> State | None:
    """Return the benefit a new claim is for, or None."""
    chance = 0.0
    for claim in CLAIMS:
        inflow = person.model.inflows[person.ward, claim]
        chance += inflow * relative_risk(person, claim, person.model.config.benefits)
        if uniform < chance:
            return claim
    return None


def _begin(person: Person, claim: State, u_kind: float) -> None:
    """Begin a claim with what it rests on: illness, or a child; no claim with too old a child."""
    config, limit = person.model.config, person.model.child_age_limit
    if claim is State.IB_ESA:
        person.is_long_claim = u_kind < config.benefits.ib_long_share
        person.health = 2 if person.u_detail < config.benefits.illness_with_claim else 1
    elif claim is State.LONE_PARENT:
        band = searched(cumulative(config.population.child_age_weights), u_kind)
        youngest, oldest = (years * WEEKS_PER_YEAR for years in CHILD_BANDS[band])
        age = youngest + int((oldest - youngest) * person.u_detail)
        if age >= limit:
            return
        person.child_weeks, person.is_lone_parent = age, True
    if person.is_employed:
        person.leave_job(claim)
    else:
        person.move_to(claim)
