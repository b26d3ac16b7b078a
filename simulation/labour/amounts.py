"""What a claim pays: which dated amount, by benefit, age and time on it."""

from __future__ import annotations

from simulation.agents.columns import People
from simulation.categories import WEEKS_PER_YEAR, State
from simulation.compile import kernel

AMOUNTS = (
    "jsa_under_25",
    "jsa_25_plus",
    "income_support_under_25",
    "income_support_25_plus",
    "lone_parent_income_support",
    "incapacity_benefit_short_lower",
    "incapacity_benefit_short_higher",
    "incapacity_benefit_long_term",
    "esa_assessment_25_plus",
    "esa_work_related",
    "esa_support",
)
"""Names of the dated rules, by the number `amount_of` gives."""
NO_AMOUNT = -1
FULL_RATE_WEEKS = 25 * WEEKS_PER_YEAR
SHORT_LOWER_WEEKS, SHORT_WEEKS = 28, 52
"""Incapacity Benefit rises after these weeks on it."""
ASSESSMENT_WEEKS = 13
"""Weeks of Employment and Support Allowance before it has a component."""
SEVERE = 2
JSA_YOUNG, JSA_FULL = AMOUNTS.index("jsa_under_25"), AMOUNTS.index("jsa_25_plus")
OTHER_YOUNG = AMOUNTS.index("income_support_under_25")
OTHER_FULL = AMOUNTS.index("income_support_25_plus")
LONE_PARENT = AMOUNTS.index("lone_parent_income_support")
SHORT_LOWER = AMOUNTS.index("incapacity_benefit_short_lower")
SHORT_HIGHER = AMOUNTS.index("incapacity_benefit_short_higher")
LONG_TERM = AMOUNTS.index("incapacity_benefit_long_term")
ASSESSMENT = AMOUNTS.index("esa_assessment_25_plus")
WORK_RELATED, SUPPORT = AMOUNTS.index("esa_work_related"), AMOUNTS.index("esa_support")


@kernel(each=True)
def amount_of(people: People, row: int, weeks_of_esa: int) -> int:
    """Return which of `AMOUNTS` a person is paid, `NO_AMOUNT` without a claim.

    An incapacity claim is for ESA if it began since new claims are; the support component is for
    long claims of people whose health limits them severely.
    """
    state, weeks = people.state[row], people.weeks_in_state[row]
    is_young = people.age_weeks[row] < FULL_RATE_WEEKS
    if state == State.JSA:
        return JSA_YOUNG if is_young else JSA_FULL
    if state == State.OTHER_BENEFIT:
        return OTHER_YOUNG if is_young else OTHER_FULL
    if state == State.LONE_PARENT:
        return LONE_PARENT
    if state != State.IB_ESA:
        return NO_AMOUNT
    if weeks < weeks_of_esa:
        if weeks < ASSESSMENT_WEEKS:
            return ASSESSMENT
        is_severe = people.is_long_claim[row] and people.health[row] == SEVERE
        return SUPPORT if is_severe else WORK_RELATED
    if weeks < SHORT_LOWER_WEEKS:
        return SHORT_LOWER
    return SHORT_HIGHER if weeks < SHORT_WEEKS else LONG_TERM
