"""Whom a vacancy takes, and who takes the offer (docs/ODD.md 7.6)."""

from __future__ import annotations

import math
from dataclasses import dataclass

from simulation.categories import State
from simulation.streams import Stream

from .chance import WEEKS_PER_YEAR, logistic
from .pay import present_pay, starting_pay
from .person import WORST_HEALTH, Person
from .workplace import Cell

SEEN_BY_EMPLOYERS = {"basic_skills", "housing", "addiction", "record"}
CHILDCARE_UNTIL = 12 * WEEKS_PER_YEAR
ATTEMPTS_TO_MOVE = 64


@dataclass(eq=False)
class Application:
    """A person in the queue of a cell, as the employer sees them when deciding."""

    person: Person
    cell: Cell
    suitability: float
    ticket: float

    @property
    def slack(self) -> float:
        return self.person.model.slack[self.cell.establishment.ward]


@dataclass(eq=False)
class Waiting:
    """An application that waits for a decision."""

    person: Person
    cell: Cell

    def __post_init__(self) -> None:
        self.spell = self._present_spell()

    def _present_spell(self) -> tuple[State, int]:
        """Return the person's state and the week in which it, or the present job, began."""
        return self.person.state, self.person.model.week - self.person.weeks_in_state

    @property
    def stands(self) -> bool:
        """Whether there still is an opening, and an applicant in the same state or job."""
        return self.cell.openings > 0 and self._present_spell() == self.spell


def assess(person: Person, cell: Cell) -> Application:
    """Return an application with the employer's impression."""
    hiring = person.model.config.hiring
    uniform, ticket, _, _ = person.model.roll_in_round(Stream.INTERVIEW, person.number, cell.number)
    below = cell.level - person.qualification
    fit = -hiring.under_qualified * below if below > 0 else hiring.over_qualified * below
    if person.sector == cell.establishment.sector:
        fit += hiring.sector_experience
    fit += hiring.employability * person.employability
    fit += hiring.attitude[person.ethnicity]
    fit -= hiring.health_penalty[person.health]
    fit -= hiring.barrier_penalty * len(person.barriers & SEEN_BY_EMPLOYERS)
    fit += person.help.fit
    return Application(person, cell, fit + logistic(uniform), ticket)


def is_suitable(application: Application, gain: float = 0.0) -> bool:
    """Return whether a vacancy would take the applicant at all."""
    hiring = application.person.model.config.hiring
    rise = hiring.reservation_slack * math.log(max(application.slack, 1.0))
    return application.suitability + gain >= hiring.reservation + rise


def score(application: Application) -> float:
    """Return the rank of an application under the rule of the run; higher is better."""
    hiring = application.person.model.config.hiring
    own, person = application.suitability, application.person
    weeks = person.help.weeks_since_work(person.weeks_since_job, person.model.week)
    chance = logistic(application.ticket)
    if hiring.rule == "ranking":
        strength = hiring.strength
        if math.isinf(strength):
            return application.ticket - weeks
        recency = math.exp(-weeks / hiring.recency_weeks)
        return chance + strength / (1.0 + strength) * own + strength * recency
    if hiring.rule == "stigma":
        is_low = application.cell.level < hiring.stigma_below_level
        penalty = hiring.stigma_penalty * (weeks >= hiring.stigma_weeks and is_low)
        return chance + hiring.selectivity * own - penalty
    if hiring.rule == "screening":
        weight = hiring.screening_strength / max(application.slack, 1.0)
        penalty = weight * math.log1p(weeks / WEEKS_PER_YEAR)
        return chance + hiring.selectivity * own - penalty
    return chance


def clear(applications: list[Application], decided: dict[Cell, int]) -> list[Application]:
    """Return those offered a job: each cell's best, as many as its openings that are decided."""
    queues: dict[Cell, list[Application]] = {}
    for application in applications:
        if is_suitable(application):
            queues.setdefault(application.cell, []).append(application)
    offered = []
    for cell, queue in queues.items():
        ranked = sorted(queue, key=lambda each: (-score(each), each.person.number))
        offered += ranked[: decided[cell]]
    return sorted(offered, key=lambda each: (each.person.number, -each.cell.wage, each.cell.number))


def reservation_wage(person: Person, work_ward: int) -> float:
    """Return the least pay a person accepts, GBP per week."""
    market, search = person.model, person.model.config.search
    if person.is_employed:
        return search.on_the_job_reservation * present_pay(person)
    costs = 0.0
    if person.is_on_benefit:
        costs = market.amount(amount_name(person)) + search.housing_support
    costs += search.travel_cost * market.distance[person.ward][work_ward]
    has_young_child = person.child_weeks is not None and person.child_weeks < CHILDCARE_UNTIL
    if has_young_child and "childcare" in person.barriers:
        costs += search.childcare_cost
    markup = search.benefit_markup
    if person.help.knows_sums:
        markup -= market.config.journey.sums_assurance * max(markup - 1.0, 0.0)
    return markup * costs


def tax_credit(person: Person, pay: float) -> float:
    """Return the tax credit of who knows of it, at a pay; GBP per week."""
    rules, has_child = person.model.config.journey, person.child_weeks is not None
    if not person.help.knows_sums or person.is_employed:
        return 0.0
    if not has_child and person.age_weeks < 25 * WEEKS_PER_YEAR:
        return 0.0
    above = max(pay - rules.tax_credit_from_gbp, 0.0)
    return max(rules.tax_credit_gbp[has_child] - rules.tax_credit_taper * above, 0.0)


def amount_name(person: Person) -> str:
    """Return the dated rule that says what a claimant is paid."""
    weeks, young = person.weeks_in_state, person.age_weeks < 25 * WEEKS_PER_YEAR
    if person.state is State.JSA:
        return "jsa_under_25" if young else "jsa_25_plus"
    if person.state is State.OTHER_BENEFIT:
        return "income_support_under_25" if young else "income_support_25_plus"
    if person.state is State.LONE_PARENT:
        return "lone_parent_income_support"
    if weeks < person.model.weeks_of_esa:
        has_support = person.is_long_claim and person.health == WORST_HEALTH
        component = "support" if has_support else "work_related"
        return "esa_assessment_25_plus" if weeks < 13 else f"esa_{component}"
    if weeks < 52:
        return "incapacity_benefit_short_" + ("lower" if weeks < 28 else "higher")
    return "incapacity_benefit_long_term"


def accepts(application: Application) -> bool:
    """Return whether the applicant takes the job offered."""
    person, cell = application.person, application.cell
    pay = starting_pay(person, cell)
    return pay + tax_credit(person, pay) >= reservation_wage(person, cell.establishment.ward)


def move_house(person: Person) -> None:
    """Let a resident of a priority ward who got a job change homes with a workless person."""
    market = person.model
    is_new_in_job = person.is_employed and person.weeks_in_state == 0
    if not is_new_in_job or not market.is_priority[person.ward]:
        return
    uniform = market.roll_in_round(Stream.MOVERS, person.number)[0]
    if uniform >= market.config.people.p_move_on_hire:
        return
    for attempt in range(1, ATTEMPTS_TO_MOVE + 1):
        uniform = market.roll_in_round(Stream.MOVERS, person.number, attempt)[0]
        other = market.residents[int(uniform * len(market.residents))]
        if not other.is_employed and not market.is_priority[other.ward]:
            person.ward, other.ward = other.ward, person.ward
            return
