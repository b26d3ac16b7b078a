"""What who knows the sums of a job takes: tax credits counted, and less asked for the risk."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from given_support import contract, market, providers, run, seekers_area, settings

from simulation import Config, simulate
from simulation.agents.clients import Support
from simulation.agents.columns import NO_CHILD, People, new_columns
from simulation.categories import State
from simulation.labour.offers import is_accepted, tax_credit
from simulation.labour.pay import pay_rates
from simulation.labour.rates import offer_rates

CONFIG = Config().replace(
    search={"benefit_markup": 1.4, "travel_cost": 0.0},
    journey={
        "sums_assurance": 0.5,
        "tax_credit_gbp": [40.0, 80.0],
        "tax_credit_from_gbp": 100.0,
        "tax_credit_taper": 0.4,
    },
)
AREA = seekers_area(100)
RATES, PAY = offer_rates(CONFIG, AREA), pay_rates(CONFIG, AREA.n_wards)
PARENT, SINGLE, YOUNG = range(3)


@pytest.fixture
def people() -> People:
    """Job seekers on a benefit of 100 pounds: with a child, of 40 years, of 20 years."""
    people = new_columns(People, 3)
    people.state[:] = State.JSA
    people.age_weeks[:] = 52 * np.array([40, 40, 20])
    people.child_weeks[:] = [52 * 15, NO_CHILD, NO_CHILD]
    RATES.benefit[:] = 100.0
    return people


@pytest.mark.parametrize("wage", [60.0, 100.0, 150.0, 250.0, 900.0])
def test_the_tax_credit_falls_with_pay_and_is_for_parents_and_from_25_years(people, wage):
    for row, most in ((PARENT, 80.0), (SINGLE, 40.0), (YOUNG, 0.0)):
        expected = max(most - 0.4 * max(wage - 100.0, 0.0), 0.0) if most else 0.0
        assert tax_credit(people, row, wage, RATES) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("knows", "least"), [(False, [140.0, 140.0, 140.0]), (True, [40.0, 80.0, 120.0])]
)
def test_least_pay_without_and_with_the_sums(people, knows, least):
    """Without them 1.4 x 100; with them pay and credit, whole here, come to 1.2 x 100."""
    support = new_columns(Support, 3)
    support.knows_sums[:] = knows
    for row, wage in enumerate(least):
        assert is_accepted(people, support, row, 0, wage + 1e-9, RATES, PAY)
        assert not is_accepted(people, support, row, 0, wage - 0.01, RATES, PAY)


def test_who_is_in_work_asks_as_before(people):
    support = new_columns(Support, 3)
    people.state[:], people.wage[:] = State.EMPLOYED, 200.0
    before = [is_accepted(people, support, 0, 0, wage, RATES, PAY) for wage in range(150, 250)]
    support.knows_sums[:] = True
    after = [is_accepted(people, support, 0, 0, wage, RATES, PAY) for wage in range(150, 250)]
    assert before == after
    assert 0 < sum(before) < 100


def test_clients_know_the_sums_from_action_planning_on_as_often_as_said():
    config = settings(20, journey={"better_off_sums": 0.3})
    model = run(market(config, [contract()], area=seekers_area(3000), who=providers()))
    caseload = model.support_system.caseload
    stage, knows = caseload.clients.stage, caseload.support.knows_sums
    assert not knows[stage <= 1].any()
    inside = stage > 1
    assert inside.sum() > 500
    assert knows[inside].mean() == pytest.approx(0.3, abs=4 * np.sqrt(0.21 / inside.sum()))


def test_without_the_sums_what_they_hold_changes_nothing():
    base = Config(weeks=25, people_per_agent=5).replace(
        area={"name": "two_towns"}, regime={"name": "fragmented"}, funding={"scale": 20.0}
    )
    other = base.replace(journey={"sums_assurance": 1.0, "tax_credit_gbp": [90.0, 150.0]})
    plain, changed = simulate(base, 1), simulate(other, 1)
    pd.testing.assert_frame_equal(plain.monthly, changed.monthly)
