"""Employers' goodwill towards advisers who call with candidates."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from given_support import contract, market, providers, seekers_area, settings, stand_still

from simulation.agents.clients import NO_EMPLOYER, Calls
from simulation.agents.commuting import commuting_of
from simulation.config import GoodwillConfig
from simulation.support.goodwill import (
    answers,
    callers_of_vacancies,
    goodwill_rates,
    judge_recruit,
    pass_a_week,
    week_of_calls,
)

RULES = GoodwillConfig(usual=0.6, usual_callers=1.5, half_life_weeks=40.0, notified=0.3)
RATES = goodwill_rates(RULES)


def two_wards():
    """Commuting between two wards."""
    return commuting_of(seekers_area(300, 300), 9.0)


def after_a_week(goodwill, callers, rates):
    goal, left = week_of_calls(callers, rates)
    return goal + (goodwill - goal) * left


def calls(made, openings=(10.0, 10.0)) -> Calls:
    return Calls(np.array(openings), np.ones(2), np.array(made, np.float64))


def with_vacancies(*contracts, weeks=12, **groups):
    """A market that stands still, whose employers all have a vacancy."""
    rules = {"notified": 0.0} | groups.pop("goodwill", {})
    config = settings(goodwill=rules, **groups)
    n = max(each.provider for each in contracts) + 1
    model = market(config, list(contracts), area=seekers_area(600), who=providers(n))
    model.people.barriers[:] = 0
    model.jobs.openings[:] = 1
    return stand_still(model, weeks)


@pytest.mark.parametrize("callers", [0.0, 0.7, 12.0])
def test_without_recruits_goodwill_follows_its_equation(callers):
    mends = math.log(2.0) / 40.0
    wears = mends * (0.4 / 0.6) * (1.0 + callers / 1.5)
    goodwill = exact = 0.9
    steps = 1000
    for _ in range(30):
        goodwill = after_a_week(goodwill, callers, RATES)
        for _ in range(steps):
            exact += (mends * (1.0 - exact) - wears * exact) / steps
    assert goodwill == pytest.approx(exact, abs=1e-5)
    goal = mends / (mends + wears)
    assert goodwill == pytest.approx(goal + (0.9 - goal) * math.exp(-30 * (mends + wears)))


def test_the_usual_goodwill_stays_with_the_usual_callers():
    assert after_a_week(0.6, 0.0, RATES) == pytest.approx(0.6, abs=1e-15)


def test_an_employer_nobody_calls_upon_finds_half_of_what_it_lacks_in_the_half_life():
    alone = goodwill_rates(RULES)._replace(usual=1.0)
    goodwill = 0.2
    for _ in range(40):
        goodwill = after_a_week(goodwill, 0.0, alone)
    assert goodwill == pytest.approx(0.6)


def test_at_the_usual_goodwill_advisers_find_what_they_usually_do():
    openings = np.array([7.0, 2.0])
    np.testing.assert_allclose(answers(openings, 0.6 * openings, two_wards(), RATES), 1.0)
    assert (answers(openings, 0.4 * openings, two_wards(), RATES) < 1.0).all()
    known = (0.3 + 0.7 * 0.4) / (0.3 + 0.7 * 0.6)
    np.testing.assert_allclose(answers(openings, 0.4 * openings, two_wards(), RATES), known)
    nowhere = np.zeros(2)
    assert (answers(nowhere, nowhere, two_wards(), RATES) == 1.0).all()


def test_with_an_elasticity_of_nought_the_answer_is_one_to_the_last_bit():
    rates = RATES._replace(elasticity=0.0)
    openings = np.array([7.0, 2.0])
    assert (answers(openings, np.array([0.1, 1.9]), two_wards(), rates) == 1.0).all()


def test_a_caller_calls_upon_a_vacancy_once_however_often():
    chance = 1.0 - math.exp(-5.0 * 3.0 / 10.0)
    commuting = two_wards()
    one = callers_of_vacancies(calls([[3.0, 3.0]]), commuting, 5.0)
    np.testing.assert_allclose(one, chance)
    two = callers_of_vacancies(calls([[3.0, 3.0], [3.0, 3.0]]), commuting, 5.0)
    np.testing.assert_allclose(two, 2.0 * chance)
    assert (
        callers_of_vacancies(calls([[3.0, 3.0]], (0.0, 10.0)), commuting, 5.0) > 0
    ).tolist() == [
        False,
        True,
    ]


def test_a_single_offer_never_means_more_callers():
    luck = np.random.default_rng(1)
    commuting = two_wards()
    for _ in range(50):
        made = luck.poisson(2.0, (6, 2)).astype(float)
        openings = tuple(luck.integers(1, 20, 2).astype(float))
        apart = callers_of_vacancies(calls(made, openings), commuting, 2.0)
        together = callers_of_vacancies(calls(made.sum(axis=0)[None], openings), commuting, 2.0)
        assert (together <= apart + 1e-12).all()


def test_who_has_no_vacancy_hears_the_usual_callers_only():
    model = market(settings(), [contract()], area=seekers_area(300))
    model.jobs.openings[:] = 0
    model.jobs.openings[:5] = 1
    model.jobs.goodwill[:] = RULES.usual
    pass_a_week(model.jobs, np.full(1, 4.0), RATES)
    assert model.jobs.goodwill[0] < RULES.usual - 1e-3
    np.testing.assert_allclose(model.jobs.goodwill[1:], RULES.usual)


@pytest.mark.parametrize(
    ("weeks", "has_left", "expected"),
    [(12, False, 0.5), (13, False, 0.5 + 0.1 * 0.5), (5, True, 0.5 * 0.8), (13, True, 0.5 * 0.8)],
)
def test_an_employer_remembers_who_stayed_and_who_left(weeks, has_left, expected):
    model = market(settings(), [contract()], area=seekers_area(300))
    row = int(np.flatnonzero(model.people.cell >= 0)[0])
    employer = int(model.people.cell[row]) // 5
    clients = model.support_system.caseload.clients
    clients.employer[row], clients.job_week[row] = employer, 0
    if has_left:
        model.people.cell[row] = -1
    rates = goodwill_rates(GoodwillConfig(good_recruit=0.1, bad_recruit=0.2))
    judge_recruit(model.people, model.jobs, clients, row, weeks, rates)
    assert model.jobs.goodwill[employer] == pytest.approx(expected)
    assert (clients.employer[row] == NO_EMPLOYER) == (expected != 0.5)


def brokered(model) -> np.ndarray:
    return model.support_system.caseload.support.broker.astype(float)


def test_brokerage_wanes_as_employers_tire_and_a_single_offer_tires_them_less():
    shared = [contract(each, places=400_000.0) for each in range(4)]
    apart = with_vacancies(*shared, weeks=30)
    together = with_vacancies(*(replace(each, has_single_offer=True) for each in shared), weeks=30)
    tireless = with_vacancies(*shared, weeks=30, goodwill={"elasticity": 0.0})
    rows = brokered(tireless) > 0
    assert rows.sum() > 50
    assert (brokered(apart)[rows] < brokered(together)[rows]).all()
    assert (brokered(together)[rows] < brokered(tireless)[rows]).all()
    assert apart.jobs.goodwill.mean() < together.jobs.goodwill.mean() < 0.5


def test_what_employers_notify_they_tell_whoever_calls():
    open_book = with_vacancies(contract(), weeks=12, goodwill={"notified": 1.0})
    tireless = with_vacancies(contract(), weeks=12, goodwill={"elasticity": 0.0})
    assert open_book.jobs.goodwill.mean() < 0.5
    np.testing.assert_array_equal(brokered(open_book), brokered(tireless))


def test_employers_kept_by_primes_are_called_upon_by_fewer():
    free = with_vacancies(contract(), weeks=12)
    kept = with_vacancies(contract(employer_access=0.5), weeks=12)
    assert free.jobs.goodwill.mean() < kept.jobs.goodwill.mean() < 0.5
