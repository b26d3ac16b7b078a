"""Clearing a round and the rules that score: against brute force and their own definitions."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulation import register
from simulation.config import HiringConfig
from simulation.errors import InputError
from simulation.labour.hiring import clear
from simulation.labour.hiring_rules import (
    Applications,
    least_suitability,
    rule_named,
    scores_of,
)


def brute_force(choice, score, openings):
    """Sort each vacancy's applicants and take as many as it can."""
    hired = [False] * len(choice)
    for vacancy, places in enumerate(openings):
        queue = [row for row, chosen in enumerate(choice) if chosen == vacancy]
        queue.sort(key=lambda row: (-score[row], row))
        for row in queue[:places]:
            hired[row] = True
    return hired


@st.composite
def rounds(draw):
    n_vacancies = draw(st.integers(0, 6))
    openings = draw(st.lists(st.integers(0, 4), min_size=n_vacancies, max_size=n_vacancies))
    n = draw(st.integers(0, 30))
    choice = draw(st.lists(st.integers(-1, n_vacancies - 1), min_size=n, max_size=n))
    # Few different scores, so that ties are common; infinities are allowed.
    score = draw(
        st.lists(st.sampled_from([-np.inf, -1.0, 0.0, 2.5, np.inf]), min_size=n, max_size=n)
    )
    return np.array(choice, int), np.array(score, float), np.array(openings, int)


@settings(deadline=None)
@given(rounds())
def test_clearing_takes_the_best_of_each_vacancy_as_brute_force_does(case):
    assert clear(*case).tolist() == brute_force(*case)


@pytest.mark.parametrize("kind", [np.int8, np.int32, np.uint16, np.int64])
def test_clearing_accepts_any_whole_number_type(kind):
    hired = clear(
        np.array([0, 1, 0], kind), np.array([1, 2, 3], np.float32), np.array([1, 1], kind)
    )
    assert hired.dtype == bool
    assert hired.tolist() == [False, True, True]


@pytest.mark.parametrize(
    ("choice", "score", "openings", "message"),
    [
        ([0, 1], [1.0], [1, 1], "shapes"),
        ([[0]], [[1.0]], [1], "shapes"),
        ([2], [1.0], [1, 1], "between -1 and 1"),
        ([-2], [1.0], [1], "between -1 and 0"),
        ([0.5], [1.0], [1], "choice must be whole numbers"),
        ([0], [1.0], [1.5], "openings must be whole numbers"),
        ([0], [1.0], [-1], "openings must not be negative"),
        ([0], [np.nan], [1], "score must not be NaN"),
    ],
)
def test_clearing_says_what_is_wrong(choice, score, openings, message):
    with pytest.raises(InputError, match=message):
        clear(np.array(choice), np.array(score), np.array(openings))


def applications(**columns):
    n = len(next(iter(columns.values())))
    ticket = np.linspace(0.1, 0.9, n)
    defaults = {
        "suitability": np.zeros(n),
        "weeks_since_job": np.zeros(n),
        "level": np.zeros(n, int),
        "slack": np.ones(n),
        "ticket": ticket,
    }
    return Applications(**(defaults | {name: np.asarray(v) for name, v in columns.items()}))


def score(rule, case, **values):
    return rule_named(rule)(case, HiringConfig(rule=rule, **values))


def test_ranking_at_strength_zero_is_random_draw_for_draw():
    case = applications(weeks_since_job=[0.0, 10.0, 200.0], suitability=[3.0, -1.0, 0.5])
    np.testing.assert_array_equal(score("ranking", case, strength=0.0), score("random", case))


def test_ranking_without_bound_is_the_pure_inverse_queue():
    weeks = np.array([52.0, 3.0, 3.0, 0.0, 400.0])
    case = applications(weeks_since_job=weeks, suitability=[9.0, 0.0, 0.0, -9.0, 9.0])
    order = np.argsort(-score("ranking", case, strength=np.inf))
    assert order.tolist() == [3, 2, 1, 0, 4]  # ties by the larger ticket


def test_ranking_nears_the_inverse_queue_as_strength_grows():
    case = applications(weeks_since_job=[40.0, 20.0, 1.0], suitability=[2.0, 1.0, -2.0])
    for strength in (50.0, 1000.0):
        assert np.argsort(-score("ranking", case, strength=strength)).tolist() == [2, 1, 0]


def test_stigma_begins_at_nine_months_and_below_level_three():
    case = applications(weeks_since_job=[38.0, 39.0, 39.0, 500.0], level=[0, 2, 3, 4])
    penalty = score("stigma", case, stigma_penalty=0.25) - score("random", case)
    np.testing.assert_allclose(penalty, [0.0, -0.25, 0.0, 0.0], atol=1e-12)


def test_screening_fades_where_queues_are_long():
    case = applications(weeks_since_job=[52.0, 52.0, 52.0], slack=[0.5, 1.0, 4.0])
    penalty = score("random", case) - score("screening", case, screening_strength=1.0)
    np.testing.assert_allclose(penalty, np.log(2.0) * np.array([1.0, 1.0, 0.25]))


def test_stigma_and_screening_weigh_suitability_as_ranking_at_strength_one_does():
    case = applications(suitability=[1.0, -2.0, 4.0], weeks_since_job=[0.0, 0.0, 0.0])
    fit = 0.5 * case.suitability + score("random", case)
    np.testing.assert_allclose(score("stigma", case), fit)
    np.testing.assert_allclose(score("screening", case), fit)
    np.testing.assert_allclose(score("ranking", case, strength=1.0), fit + 1.0)


def test_the_least_suitability_rises_with_the_logarithm_of_the_queue():
    config = HiringConfig(reservation=0.5, reservation_slack=0.3)
    np.testing.assert_allclose(
        least_suitability(np.array([0.2, 1.0, np.e]), config), [0.5, 0.5, 0.8]
    )


def test_a_rule_of_ones_own_is_found_by_name_and_names_are_unique():
    name = "shortest_queue_of_the_tests"
    with register.on_behalf_of("mine.py"):
        register.hiring_rule(name)(lambda case, hiring: -case.slack)
    assert score(name, applications(slack=[2.0, 1.0])).tolist() == [-2.0, -1.0]
    with pytest.raises(InputError, match="exists already in mine.py"):
        register.hiring_rule(name)(rule_named("random"))
    register.forget("mine.py")
    with pytest.raises(InputError, match="unknown; allowed: random, ranking"):
        rule_named(name)


@pytest.mark.parametrize(
    ("scores", "got"),
    [
        (np.ones(3), "ndarray of float64 (3,)"),
        (np.ones(2, complex), "ndarray of complex128 (2,)"),
        (None, "NoneType of object ()"),
        ([1.0, np.nan], "nan"),
        ([-np.inf, 1.0], "-inf"),
    ],
)
def test_a_rule_of_ones_own_must_return_one_finite_number_an_applicant(scores, got):
    with pytest.raises(InputError) as error:
        scores_of(lambda case, hiring: scores, applications(ticket=[0.2, 0.6]), HiringConfig())
    assert error.value.problems == [
        "hiring rule 'ranking' must return one finite number an applicant, float64 (2,), got " + got
    ]


def test_a_rule_of_ones_own_may_return_whole_numbers_in_a_list():
    given = scores_of(lambda case, hiring: [2, 1], applications(slack=[1.0, 2.0]), HiringConfig())
    assert given.tolist() == [2.0, 1.0]
