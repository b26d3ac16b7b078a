"""Qualification, health and barriers of a person: each as without linkage, pairs as the copula."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy.special import ndtri
from scipy.stats import multivariate_normal

from simulation import Area, Config, load_area, shipped_area_folder
from simulation.agents.columns import People
from simulation.categories import AGE_BAND_STARTS, BARRIERS, WEEKS_PER_YEAR, State
from simulation.labour.first_day import lasting_health
from simulation.labour.population import build_people
from simulation.streams import Stream, uniforms

SEED, C = 1, 0.4
STANDARD_ERRORS = 4.5
CONFIG = Config(people_per_agent=4).replace(population={"barrier_correlation": C})


@pytest.fixture(scope="module")
def bcbc() -> Area:
    return load_area(shipped_area_folder("bcbc"))


@pytest.fixture(scope="module")
def people(bcbc: Area) -> People:
    return build_people(bcbc, CONFIG, seed=SEED)


def bands_of(people: People) -> np.ndarray:
    return np.searchsorted(
        WEEKS_PER_YEAR * np.array(AGE_BAND_STARTS[1:]), people.age_weeks, "right"
    )


def has(people: People, barrier: int) -> np.ndarray:
    return (people.barriers >> barrier & 1) == 1


def both(p: float, q: float) -> float:
    """Return the chance of two characteristics with these chances under the copula."""
    return multivariate_normal(cov=[[1.0, C], [C, 1.0]]).cdf(ndtri([p, q]))


def assert_share(found: np.ndarray, chance: float) -> None:
    error = np.sqrt(chance * (1.0 - chance) / found.size)
    assert abs(found.mean() - chance) < STANDARD_ERRORS * error


def test_without_correlation_each_is_drawn_by_itself(bcbc: Area) -> None:
    config = CONFIG.replace(population={"barrier_correlation": 0.0})
    people = build_people(bcbc, config, seed=SEED)
    is_workless = people.state != State.EMPLOYED
    for barrier, share in enumerate(config.population.barrier_share):
        chance = np.where(is_workless, share * config.population.barrier_factor, share)
        uniform = uniforms(SEED, Stream.BARRIERS, people.id, pair=barrier)[:, 0]
        np.testing.assert_array_equal(has(people, barrier), uniform < chance)
    uniform = uniforms(SEED, Stream.ABILITIES, people.id, pair=1)[:, 0]
    shares = lasting_health(config)[is_workless.astype(int), bands_of(people)]
    is_claim = people.state == State.IB_ESA
    health = np.where(
        is_claim,
        1 + (uniform < config.benefits.illness_with_claim),
        (uniform[:, None] >= shares).sum(axis=1),
    )
    np.testing.assert_array_equal(people.health, health)


@pytest.mark.parametrize("state", [State.EMPLOYED, State.JSA, State.IB_ESA])
def test_each_by_itself_is_as_frequent_as_without_linkage(people: People, state: State) -> None:
    rows = people.state == state
    factor = 1.0 if state is State.EMPLOYED else CONFIG.population.barrier_factor
    for barrier, share in enumerate(CONFIG.population.barrier_share):
        assert_share(has(people, barrier)[rows], factor * share)
    if state is State.IB_ESA:
        assert_share(people.health[rows] == 2, CONFIG.benefits.illness_with_claim)
        return
    shares = lasting_health(CONFIG)[int(state is not State.EMPLOYED)]
    bands = bands_of(people)
    for band, health in itertools.product(range(4), range(2)):
        assert_share(people.health[rows & (bands == band)] <= health, shares[band, health])


def test_any_two_barriers_meet_in_one_person_as_the_copula_says(people: People) -> None:
    rows = people.state == State.EMPLOYED
    for one, other in itertools.combinations(range(len(BARRIERS)), 2):
        p, q = (CONFIG.population.barrier_share[each] for each in (one, other))
        assert_share((has(people, one) & has(people, other))[rows], both(p, q))


def test_a_barrier_meets_bad_health_and_few_qualifications_as_the_copula_says(
    people: People,
) -> None:
    bands, is_employed = bands_of(people), people.state == State.EMPLOYED
    well = lasting_health(CONFIG)[0, :, 0]
    for band in range(4):
        rows = is_employed & (bands == band)
        unqualified = float((people.qualification[rows] == 0).mean())
        is_ill, has_none = people.health > 0, people.qualification == 0
        for barrier, share in enumerate(CONFIG.population.barrier_share):
            mine = has(people, barrier)
            assert_share((mine & is_ill)[rows], both(share, 1.0 - well[band]))
            assert_share((mine & has_none)[rows], both(share, unqualified))
        assert_share((is_ill & has_none)[rows], both(1.0 - well[band], unqualified))


def test_what_is_not_linked_is_drawn_as_before(bcbc: Area, people: People) -> None:
    apart = CONFIG.replace(population={"barrier_correlation": 0.0})
    before = build_people(bcbc, apart, seed=SEED)
    for name in set(People._fields) - {"health", "barriers"}:
        np.testing.assert_array_equal(getattr(people, name), getattr(before, name))
