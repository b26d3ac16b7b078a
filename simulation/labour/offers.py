"""Phase hiring: who is offered a job takes it, or refuses one that pays too little."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from simulation.agents.clients import Support
from simulation.agents.columns import (
    CHILDCARE_BIT,
    NO_CHILD,
    Flows,
    Jobs,
    People,
    hire,
    separate,
)
from simulation.agents.commuting import distance_between
from simulation.agents.groups import count
from simulation.categories import N_LEVELS, WEEKS_PER_YEAR, State
from simulation.compile import kernel
from simulation.labour.amounts import FULL_RATE_WEEKS, NO_AMOUNT, amount_of
from simulation.labour.pay import PayRates, present_pay, starting_pay

CHILDCARE_WEEKS = 12 * WEEKS_PER_YEAR


class OfferRates(NamedTuple):
    """Parameters of accepting an offer."""

    benefit: np.ndarray
    """float64 (11,), GBP a week lost on taking a job, by `amounts.AMOUNTS`; written each week."""
    weeks_of_esa: np.ndarray
    """int64 (1,), weeks in which new incapacity claims were for ESA; written each week."""
    benefit_markup: float
    sums_markup: float
    """The same of who knows the sums."""
    tax_credit: np.ndarray
    """float64 (2,), GBP a week at its highest, without and with a child."""
    tax_credit_from: float
    tax_credit_taper: float
    on_the_job_reservation: float
    childcare_cost: float
    travel_cost: float
    positions_km: np.ndarray
    """float64 (n_wards, 2), ward centres east and north."""


@kernel(each=True)
def reservation_wage(
    people: People, row: int, work_ward: int, markup: float, rates: OfferRates, pay: PayRates
) -> float:
    """Return the least a job in a ward must be worth to a person, GBP per week.

    `markup` is what who is out of work asks over benefit and costs.
    """
    if people.state[row] == State.EMPLOYED:
        return rates.on_the_job_reservation * present_pay(people, row, pay)
    amount = amount_of(people, row, rates.weeks_of_esa[0])
    costs = rates.benefit[amount] if amount != NO_AMOUNT else 0.0
    costs += rates.travel_cost * distance_between(rates.positions_km, people.ward[row], work_ward)
    child = people.child_weeks[row]
    if child != NO_CHILD and child < CHILDCARE_WEEKS and people.barriers[row] & CHILDCARE_BIT:
        costs += rates.childcare_cost
    return markup * costs


@kernel(each=True)
def tax_credit(people: People, row: int, wage: float, rates: OfferRates) -> float:
    """Return the tax credit a person would have at a wage, GBP per week."""
    has_child = people.child_weeks[row] != NO_CHILD
    if not has_child and people.age_weeks[row] < FULL_RATE_WEEKS:
        return 0.0
    fall = rates.tax_credit_taper * max(wage - rates.tax_credit_from, 0.0)
    return max(rates.tax_credit[int(has_child)] - fall, 0.0)


@kernel(each=True)
def is_accepted(
    people: People,
    support: Support,
    row: int,
    work_ward: int,
    wage: float,
    rates: OfferRates,
    pay: PayRates,
) -> bool:
    """Return whether a person takes a job at a wage; who knows the sums counts all of them."""
    worth, markup = wage, rates.benefit_markup
    if support.knows_sums[row] and people.state[row] != State.EMPLOYED:
        worth, markup = wage + tax_credit(people, row, wage, rates), rates.sums_markup
    return worth >= reservation_wage(people, row, work_ward, markup, rates, pay)


@kernel(each=True)
def origin(people: People, row: int) -> int:
    """Return where a recruit comes from in the queue, a position in `recorder.ORIGINS`."""
    if people.state[row] == State.EMPLOYED:
        return 0
    if people.sector[row] < 0:
        return 5
    weeks = people.weeks_since_job[row]
    if weeks < 13:
        return 1
    if weeks < 26:
        return 2
    return 3 if weeks < 52 else 4


@kernel
def take_offers(
    people: People,
    support: Support,
    jobs: Jobs,
    rows: np.ndarray,
    cells: np.ndarray,
    week: int,
    rates: OfferRates,
    pay: PayRates,
    flows: Flows,
    is_priority: np.ndarray,
) -> None:
    """Hire those offered a job who accept its pay.

    Rows are in the order of offers, all those to one person together; who has taken one declines
    the others.
    """
    taken = -1
    for number in range(rows.size):
        row, cell = rows[number], cells[number]
        if row == taken:
            continue
        wage = starting_pay(people, jobs, row, cell, pay)
        work_ward = jobs.ward[cell // N_LEVELS]
        if not is_accepted(people, support, row, work_ward, wage, rates, pay):
            flows.offers_refused[people.ward[row]] += 1
            continue
        flows.hires_by_origin[people.ward[row], origin(people, row)] += 1
        count(flows.hires, people, row, is_priority)
        flows.pay_of_hires[people.ward[row]] += wage
        if people.state[row] == State.EMPLOYED:
            count(flows.separations, people, row, is_priority)
            separate(people, jobs, row, State.EMPLOYED)
        hire(people, jobs, row, cell, wage, week)
        # The openings of longest standing are filled first.
        jobs.new_openings[cell] = min(jobs.new_openings[cell], jobs.openings[cell])
        taken = row
