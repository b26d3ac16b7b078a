"""What the dated rules of benefits mean to people, week by week of a run."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from simulation.categories import N_STATES, WEEKS_PER_YEAR, State
from simulation.config import Config
from simulation.labour.benefit_rules import BenefitRules, load_benefit_rules

DUTIES = {
    State.JSA: "conditionality_jsa",
    State.IB_ESA: "conditionality_ib_esa",
    State.LONE_PARENT: "conditionality_lone_parent",
    State.OTHER_BENEFIT: "conditionality_other_benefit",
}
AMOUNTS = {
    State.JSA: "jsa_25_plus",
    State.IB_ESA: "incapacity_benefit_long_term",
    State.LONE_PARENT: "lone_parent_income_support",
    State.OTHER_BENEFIT: "income_support_25_plus",
}


class DatedRates(NamedTuple):
    """What dated rules give by week."""

    intensity: np.ndarray
    """float64 (weeks, 7), chance to apply in a round, by state."""
    benefit: np.ndarray
    """float64 (weeks, 7), GBP a week lost on taking a job, by state."""
    child_limit_weeks: np.ndarray
    """int64 (weeks,), age of the youngest child that ends lone-parent benefit, in weeks."""
    first_esa_week: int
    """Week from which new incapacity claims are for ESA; the number of weeks if never."""

    def weeks_of_esa(self, week: int) -> int:
        """Return for how many weeks, this one too, new claims have been for ESA; 0 before."""
        return max(week + 1 - self.first_esa_week, 0)


def dated_rates(config: Config) -> DatedRates:
    """Return what the rules a configuration names give by week.

    Raises
    ------
    InputError
        If there are no such rules, or they do not cover the weeks of the run.
    """
    rules = load_benefit_rules(config.benefits.rules)
    return DatedRates(
        intensity=_intensity(config, rules),
        benefit=_benefit(config, rules),
        child_limit_weeks=_child_limit_weeks(config, rules),
        first_esa_week=_first_esa_week(config, rules),
    )


def _intensity(config: Config, rules: BenefitRules) -> np.ndarray:
    search = config.search
    table = np.tile(np.array(search.voluntary), (config.weeks, 1))
    for state, rule in DUTIES.items():
        duty = rules.weekly_values(rule, config.start, config.weeks)
        table[:, state] += (search.full_duty - table[:, state]) * duty
    return table


def _benefit(config: Config, rules: BenefitRules) -> np.ndarray:
    """Put benefits over the growth of pay since the first day, for pay stays at its level."""
    table = np.zeros((config.weeks, N_STATES))
    years = np.arange(config.weeks) / WEEKS_PER_YEAR
    growth = (1.0 + config.employers.pay_growth) ** years
    for state, rule in AMOUNTS.items():
        amount = rules.weekly_values(rule, config.start, config.weeks)
        table[:, state] = amount / growth + config.search.housing_support
    return table


def _child_limit_weeks(config: Config, rules: BenefitRules) -> np.ndarray:
    years = rules.weekly_values("lone_parent_child_age_limit", config.start, config.weeks)
    return np.round(years * WEEKS_PER_YEAR).astype(np.int64)


def _first_esa_week(config: Config, rules: BenefitRules) -> int:
    flags = rules.weekly_values("ib_replaced_by_esa", config.start, config.weeks)
    return int(np.argmax(flags > 0)) if (flags > 0).any() else config.weeks
