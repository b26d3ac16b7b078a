"""Dated benefit rules: the table shipped, look-ups by day, and what a wrong table is told."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from simulation.agents.columns import People, new_columns
from simulation.categories import State
from simulation.config import Config
from simulation.errors import InputError
from simulation.labour.amounts import AMOUNTS, NO_AMOUNT, amount_of
from simulation.labour.benefit_rules import load_benefit_rules
from simulation.labour.dated_rates import dated_rates

START = date(2006, 5, 1)
RIGHT = """covers: {from: 2006-04-10, until: 2012-04-09}

limit:
  description: A limit.
  unit: years
  source: Act
  values:
    - {from: 2006-01-02, value: 16}
    - {from: 2008-11-24, value: 12}
"""


@pytest.fixture(scope="module")
def rules():
    """The table shipped."""
    return load_benefit_rules("rules_2006")


def write(folder: Path, text: str) -> Path:
    """A table with this text."""
    file = folder / "own.yaml"
    file.write_text(text, encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("name", "day", "expected"),
    [
        # Hansard, uprating statements of December 2006, 2008, 2009 and 2010.
        ("jsa_25_plus", date(2006, 5, 1), 57.45),
        ("jsa_under_25", date(2007, 4, 8), 45.50),
        ("jsa_under_25", date(2007, 4, 9), 46.85),
        ("jsa_25_plus", date(2009, 4, 6), 64.30),
        ("incapacity_benefit_long_term", date(2010, 4, 12), 91.40),
        # SI 2008/3051: under 12, then 10 from 26 October 2009, 7 from 25 October 2010.
        ("lone_parent_child_age_limit", date(2008, 11, 23), 16),
        ("lone_parent_child_age_limit", date(2008, 11, 24), 12),
        ("lone_parent_child_age_limit", date(2009, 10, 26), 10),
        ("lone_parent_child_age_limit", date(2011, 1, 1), 7),
        ("ib_replaced_by_esa", date(2008, 10, 26), 0),
        ("ib_replaced_by_esa", date(2008, 10, 27), 1),
        ("minimum_wage_adult", date(2006, 9, 30), 5.05),
        ("minimum_wage_adult", date(2030, 1, 1), 6.08),
    ],
)
def test_a_value_holds_from_its_day_until_the_next(rules, name, day, expected):
    assert rules.value(name, day) == expected


def test_support_allowance_is_the_job_seekers_amount_and_its_component(rules):
    components = {2008: 24.00, 2009: 25.50, 2010: 25.95, 2011: 26.75}
    for year, component in components.items():
        day = date(year, 12, 1)
        expected = rules.value("jsa_25_plus", day) + component
        assert rules.value("esa_work_related", day) == pytest.approx(expected, abs=1e-9)


def test_weekly_amounts_never_fall_and_the_old_rate_never_exceeds_the_adult_one(rules):
    weekly = [name for name in rules.names if rules.unit(name) == "gbp_per_week"]
    assert len(weekly) == 11
    for name in weekly:
        assert (np.diff(rules.weekly_values(name, START, 320)) >= 0).all(), name
    young, adult = (
        rules.weekly_values(name, START, 320) for name in ("jsa_under_25", "jsa_25_plus")
    )
    assert (young < adult).all()


def test_weekly_values_agree_with_the_value_on_each_first_day(rules):
    weekly = rules.weekly_values("lone_parent_child_age_limit", START, 260)
    assert weekly.shape == (260,)
    assert weekly.dtype == np.float64
    # 24 November 2008 is the first day of week 134, 26 October 2009 of week 182.
    assert np.flatnonzero(np.diff(weekly)).tolist() == [133, 181, 233]
    assert weekly[134] == rules.value("lone_parent_child_age_limit", START + timedelta(weeks=134))
    assert rules.weekly_values("jsa_25_plus", START, 0).shape == (0,)


def test_every_state_has_a_duty_between_none_and_that_of_a_job_seeker(rules):
    for group in ("jsa", "ib_esa", "lone_parent", "other_benefit"):
        duty = rules.weekly_values(f"conditionality_{group}", START, 260)
        assert ((duty >= 0) & (duty <= 1)).all()


def test_every_rule_shipped_says_what_it_is_and_where_it_comes_from(rules):
    for name, rule in rules.rules.items():
        assert rule.description.endswith("."), name
        assert len(rule.source) > 10, name


def test_an_unknown_name_is_answered_with_the_nearest(rules):
    with pytest.raises(InputError, match="'jsa_25plus'; did you mean jsa_25_plus"):
        rules.value("jsa_25plus", START)


def test_a_day_before_the_first_value_is_refused(tmp_path):
    own = load_benefit_rules(write(tmp_path, RIGHT))
    with pytest.raises(InputError, match="limit has no value on 2006-01-01; its first is from"):
        own.value("limit", date(2006, 1, 1))


@pytest.mark.parametrize(
    ("old", "new", "where", "says"),
    [
        ("2008-11-24", "2006-01-02", "limit", "days must increase"),
        ("value: 12", "value: -1", "limit.values.1.value", "greater than or equal to 0"),
        ("value: 12", "value: .inf", "limit.values.1.value", "finite number"),
        ("value: 12", "value: .nan", "limit.values.1.value", "finite number"),
        ("value: 12", "value: twelve", "limit.values.1.value", "valid number"),
        ("2008-11-24", "soon", "limit.values.1.from", "valid date"),
        ("unit: years", "unit: stones", "limit.unit", "gbp_per_week"),
        ("unit: years", "unit: share", "limit", "a share must be at most 1"),
        ("source: Act", "sauce: Act", "limit.sauce", "no such key"),
    ],
)
def test_a_wrong_table_is_told_where_and_why(tmp_path, old, new, where, says):
    file = write(tmp_path, RIGHT.replace(old, new))
    with pytest.raises(InputError) as caught:
        load_benefit_rules(file)
    assert any(f"{file}: {where}: " in line and says in line for line in caught.value.problems)


def test_repeated_names_broken_yaml_and_an_absent_file_are_refused(tmp_path):
    with pytest.raises(InputError, match="repeated key covers, limit"):
        load_benefit_rules(write(tmp_path, RIGHT + RIGHT))
    with pytest.raises(InputError, match="cannot be read as YAML"):
        load_benefit_rules(write(tmp_path, "a: [1"))
    with pytest.raises(InputError, match="table: Input should be a valid dictionary"):
        load_benefit_rules(write(tmp_path, "- 1"))
    with pytest.raises(InputError, match="shipped names rules_2006"):
        load_benefit_rules("rules_1906")


@pytest.mark.parametrize(
    ("state", "years", "weeks", "kind", "name"),
    [
        (State.JSA, 24, 5, {}, "jsa_under_25"),
        (State.JSA, 25, 5, {}, "jsa_25_plus"),
        (State.OTHER_BENEFIT, 20, 5, {}, "income_support_under_25"),
        (State.OTHER_BENEFIT, 40, 5, {}, "income_support_25_plus"),
        (State.LONE_PARENT, 20, 5, {}, "lone_parent_income_support"),
        (State.IB_ESA, 40, 12, {}, "esa_assessment_25_plus"),
        (State.IB_ESA, 40, 13, {}, "esa_work_related"),
        (State.IB_ESA, 40, 13, {"is_long_claim": True}, "esa_work_related"),
        (State.IB_ESA, 40, 13, {"is_long_claim": True, "health": 2}, "esa_support"),
        (State.IB_ESA, 40, 20, {}, "incapacity_benefit_short_lower"),
        (State.IB_ESA, 40, 28, {}, "incapacity_benefit_short_higher"),
        (State.IB_ESA, 40, 52, {}, "incapacity_benefit_long_term"),
    ],
)
def test_what_a_claim_pays_follows_age_time_and_kind(state, years, weeks, kind, name):
    people = new_columns(People, 1)
    people.state[0], people.age_weeks[0], people.weeks_in_state[0] = state, 52 * years, weeks
    for column, value in kind.items():
        getattr(people, column)[0] = value
    assert AMOUNTS[amount_of(people, 0, 20)] == name


def test_who_claims_nothing_is_paid_nothing():
    people = new_columns(People, 3)
    people.state[:] = State.EMPLOYED, State.SEEKING_NO_BENEFIT, State.INACTIVE_NO_BENEFIT
    assert [amount_of(people, row, 20) for row in range(3)] == [NO_AMOUNT] * 3


def test_frozen_rules_are_those_of_the_first_day_in_every_week():
    live = Config().replace(weeks=300)
    still = dated_rates(live.replace(benefits={"frozen": True}))
    first = dated_rates(live)
    for name in ("intensity", "benefit", "minimum_wage", "child_limit_weeks"):
        values = getattr(still, name)
        assert (values == values[0]).all() and (values[0] == getattr(first, name)[0]).all()
        assert (getattr(first, name) != getattr(first, name)[0]).any()
    assert still.first_esa_week == 300 and first.first_esa_week < 300
