"""What the dated rules of benefits mean to people, week by week of a run."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

import numpy as np

from simulation.categories import WEEKS_PER_YEAR, State
from simulation.config import Config
from simulation.inputs.pay import pay_index_of
from simulation.inputs.years import Years, check_years
from simulation.labour.amounts import AMOUNTS
from simulation.labour.benefit_rules import BenefitRules, load_benefit_rules

DUTIES = {
    State.JSA: "conditionality_jsa",
    State.IB_ESA: "conditionality_ib_esa",
    State.LONE_PARENT: "conditionality_lone_parent",
    State.OTHER_BENEFIT: "conditionality_other_benefit",
}
MINIMUM_WAGES = ("minimum_wage_16_17", "minimum_wage_18_to_21", "minimum_wage_adult")


class DatedRates(NamedTuple):
    """What dated rules give by week."""

    intensity: np.ndarray
    """float64 (weeks, 7), chance to apply in a round, by state."""
    benefit: np.ndarray
    """float64 (weeks, 11), GBP a week lost on taking a job, by `AMOUNTS`, at the level of pay of
    the first day."""
    minimum_wage: np.ndarray
    """float64 (weeks, 3), GBP an hour at 16 and 17, at 18 and over, and for adults, at the level of
    pay of the first day."""
    adult_weeks: np.ndarray
    """int64 (weeks,), age from which the last of them holds, in weeks."""
    pay_index: np.ndarray
    """float64 (weeks,), pay in general over that of the first day."""
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
    check_years(config, rules_years(config))
    rules = load_benefit_rules(config.benefits.rules)
    pay_index = pay_index_of(config)
    return DatedRates(
        intensity=_intensity(config, rules),
        benefit=_amounts(config, rules, AMOUNTS, pay_index) + config.search.housing_support,
        minimum_wage=_amounts(config, rules, MINIMUM_WAGES, pay_index),
        adult_weeks=_age_weeks(config, rules, "minimum_wage_adult_from_age"),
        pay_index=pay_index,
        child_limit_weeks=_age_weeks(config, rules, "lone_parent_child_age_limit"),
        first_esa_week=_first_esa_week(config, rules),
    )


def study_hours(config: Config) -> np.ndarray:
    """Return the guided hours a week somebody may study on benefit, float64 (weeks,).

    Raises
    ------
    InputError
        As `dated_rates`.
    """
    return _weekly(config, load_benefit_rules(config.benefits.rules), "jsa_study_hours_limit")


def rules_years(config: Config) -> list[Years]:
    """Return the years the table of benefit rules speaks of."""
    covers = load_benefit_rules(config.benefits.rules).covers
    give = "give benefits.rules= a table that covers the run"
    last = covers.until - timedelta(days=1)
    return [Years(f"benefits.rules {config.benefits.rules}", covers.first_day, last, give)]


def _weekly(config: Config, rules: BenefitRules, name: str) -> np.ndarray:
    """Return the value of a rule by week, float64 (weeks,); before the table's first day that."""
    start, first = config.start, rules.covers.first_day
    if config.benefits.frozen:
        return np.full(config.weeks, rules.value(name, max(start, first)))
    early = min(max(-((start - first).days // 7), 0), config.weeks)
    later = rules.weekly_values(name, start + timedelta(weeks=early), config.weeks - early)
    return np.append(np.full(early, rules.value(name, first)), later) if early else later


def _intensity(config: Config, rules: BenefitRules) -> np.ndarray:
    search = config.search
    table = np.tile(np.array(search.voluntary), (config.weeks, 1))
    for state, rule in DUTIES.items():
        duty = _weekly(config, rules, rule)
        table[:, state] += (search.full_duty - table[:, state]) * duty
    return table


def _amounts(
    config: Config, rules: BenefitRules, names: tuple[str, ...], pay_index: np.ndarray
) -> np.ndarray:
    """Put amounts at the level of pay of the first day, at which pay is kept; frozen, they are."""
    level = np.ones(config.weeks) if config.benefits.frozen else pay_index
    return np.column_stack([_weekly(config, rules, name) / level for name in names])


def _age_weeks(config: Config, rules: BenefitRules, name: str) -> np.ndarray:
    """Return a limit of age by week, int64 (weeks,), in weeks of life."""
    return np.round(_weekly(config, rules, name) * WEEKS_PER_YEAR).astype(np.int64)


def _first_esa_week(config: Config, rules: BenefitRules) -> int:
    flags = _weekly(config, rules, "ib_replaced_by_esa")
    return int(np.argmax(flags > 0)) if (flags > 0).any() else config.weeks
