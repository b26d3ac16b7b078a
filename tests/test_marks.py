"""Who is marked before a phase decides: everybody whom it would change, whatever the rates.

Each phase is carried out twice from the same people, for all rows and for those that were marked;
nothing may differ. Rates are drawn wide: factors above one, chances near one, support beyond any
that is shipped.
"""

from collections.abc import Callable

import numpy as np
import pytest

from simulation import Config, LabourMarket
from simulation.agents.clients import Clients, Support
from simulation.agents.columns import People, new_columns
from simulation.categories import State
from simulation.labour import search, separations
from simulation.labour.ageing import change_marked, mark_changes, most_likely
from simulation.labour.lots import NO_LOT, list_lots
from simulation.policies.interventions.places import JourneyAid
from simulation.support import engagement

SEEDS = range(12)
TOWNS = Config(weeks=60).replace(area={"name": "two_towns"})


@pytest.fixture(scope="module")
def market() -> LabourMarket:
    """A labour market after some weeks, with vacancies, seekers and claimants of all kinds."""
    model = LabourMarket(TOWNS, 3)
    for _ in range(6):
        model.step()
    model.economy()
    return model


def copied(people: People) -> People:
    return People(*(column.copy() for column in people))


def scaled(rates, rng: np.random.Generator, **largest: float):
    """Rates with some of them drawn anew between nought and what is given."""
    drawn = {
        name: np.asarray(getattr(rates, name)) * 0.0
        + rng.random(np.shape(getattr(rates, name))) * most
        for name, most in largest.items()
    }
    return rates._replace(
        **{name: value if value.ndim else float(value) for name, value in drawn.items()}
    )


def assert_same_of_all_and_of_marked(
    people: People, marked: np.ndarray, decide: Callable[[People, np.ndarray], None]
) -> int:
    """Decide for all and for those marked, compare, and return how many were changed."""
    everyone, some = copied(people), copied(people)
    decide(everyone, np.arange(people.id.size))
    decide(some, np.flatnonzero(marked))
    is_changed = np.zeros(people.id.size, np.bool_)
    for before, one, other in zip(people, everyone, some, strict=True):
        np.testing.assert_array_equal(one, other)
        is_changed |= one != before
    return int(is_changed.sum())


@pytest.mark.parametrize("seed", SEEDS)
def test_all_whose_health_or_claim_changes_are_marked(market: LabourMarket, seed: int) -> None:
    rng = np.random.default_rng(seed)
    ageing = scaled(
        market.rates.ageing, rng, health_worsens=0.1, health_mends=0.1, workless_health_factor=4.0
    )
    rates = scaled(
        market.rates.benefits,
        rng,
        claim=0.3,
        discouraged=0.3,
        start_seeking=0.3,
        inactivity_health=6.0,
        inactivity_child=3.0,
        jsa_exit=0.5,
        ib_short=0.5,
        ib_long=0.2,
        lone_parent=0.4,
        review=0.4,
        other=0.3,
        risk=3.0,
        health_risk=15.0,
        inflow=0.01,
    )
    entrants = scaled(market.rates.entrants, rng, leave=0.05)
    people = copied(market.people)
    people.age_weeks[rng.integers(0, people.id.size, 40)] = 65 * 52
    people.health[:] = rng.integers(0, 3, people.id.size)
    marked = np.zeros(people.id.size, np.bool_)
    most = most_likely(ageing, rates, entrants)
    week, key = 20 + seed, market.key
    mark_changes(people.id, people.state, people.health, people.age_weeks, week, key, most, marked)

    def change(some: People, rows: np.ndarray) -> None:
        change_marked(some, rows, week, key, 800, ageing, rates, entrants)

    n_changed = assert_same_of_all_and_of_marked(people, marked, change)
    assert 100 < n_changed <= marked.sum() < people.id.size


@pytest.mark.parametrize("seed", SEEDS)
def test_all_who_leave_their_job_are_marked(market: LabourMarket, seed: int) -> None:
    rng = np.random.default_rng(seed)
    rates = scaled(
        market.rates.separations, rng, quit=0.1, job_loss=0.1, ward_quit=3.0, ward_loss=3.0
    )._replace(probation_factor=float(rng.choice([0.0, 0.5, 2.5, 6.0])))
    people = copied(market.people)
    support = new_columns(Support, people.id.size)
    support.keep[:] = rng.random(people.id.size) * rng.choice([0.5, 1.0, 4.0])
    marked = np.zeros(people.id.size, np.bool_)

    def decide(some: People, rows: np.ndarray) -> None:
        at_work = rows[some.state[rows] == State.EMPLOYED]
        separations.decide_marked(some, support, at_work, 20, market.key, rates)

    separations.decide_separations(copied(people), support, 20, market.key, rates, marked)
    assert 10 < assert_same_of_all_and_of_marked(people, marked, decide) <= marked.sum()


@pytest.mark.parametrize("has_support", [True, False])
@pytest.mark.parametrize("seed", SEEDS)
def test_all_who_apply_are_marked(market: LabourMarket, seed: int, has_support: bool) -> None:
    rng = np.random.default_rng(seed)
    people, n = market.people, market.people.id.size
    support = market.support_system.caseload.support
    if has_support:
        support = new_columns(Support, n)
        support.search[:] = rng.random(n) * 3.0
        support.broker[:] = rng.random(n) * rng.choice([0.0, 0.1, 1.0])
    # Whoever looks stops at the first vacancy, so that many apply in a small place.
    intensity = rng.random(7) * rng.choice([0.1, 1.0])
    rates = market.rates.search._replace(intensity=intensity, half_stop=0.0)
    marked, everyone = np.zeros(n, np.bool_), np.arange(n)
    search.mark_applicants(people, support, rates.intensity, seed, market.key, marked)
    lots = list_lots(market.jobs, market.area.n_wards)
    slack = np.ones(market.area.n_wards)

    def choices(rows: np.ndarray) -> np.ndarray:
        choice = np.empty(rows.size, np.int64)
        search.choose_lots(
            copied(people), support, market.rates.commuting, lots, rows, slack, seed, market.key,
            rates, choice,
        )  # fmt: skip
        return choice

    of_all = choices(everyone)
    np.testing.assert_array_equal(choices(np.flatnonzero(marked)), of_all[marked])
    assert (of_all[~marked] == NO_LOT).all()
    assert 20 < (of_all != NO_LOT).sum() <= marked.sum()


@pytest.mark.parametrize("seed", SEEDS)
def test_all_who_are_engaged_are_marked(market: LabourMarket, seed: int) -> None:
    rng = np.random.default_rng(seed)
    people, n = copied(market.people), market.people.id.size
    people.sector[:50], people.workless_weeks[:50] = -1, 0
    chances = rng.random((market.area.n_wards, 8)) * rng.choice([0.05, 0.5])
    factor = (rng.random(n) * 3.0).astype(np.float32)
    aid = JourneyAid(factor, np.ones(n, np.float32), np.zeros(n, np.bool_))

    def engaged(rows: np.ndarray) -> tuple[np.ndarray, Clients, Support]:
        clients, support = new_columns(Clients, n), new_columns(Support, n)
        clients.treated_week[:60] = 3
        is_found = np.empty(rows.size, np.bool_)
        engagement.engage_marked(
            people, clients, support, aid, rows, seed, market.key, chances, is_found
        )
        return rows[is_found], clients, support

    of_all, clients, _ = engaged(np.arange(n))
    marked = np.zeros(n, np.bool_)
    other, support = new_columns(Clients, n), new_columns(Support, n)
    other.treated_week[:60] = 3
    found = engagement.find_engaged(people, other, support, aid, seed, market.key, chances, marked)
    np.testing.assert_array_equal(found, of_all)
    np.testing.assert_array_equal(other.treated_week, clients.treated_week)
    assert 10 < of_all.size <= marked.sum() < n
