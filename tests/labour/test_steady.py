"""Where demand does not move, nothing does: ages, lives of the first day, stocks over years."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from experiments.make_inputs.lives import PER_GROUP, STEADY, import_lives, steady_ages, weights_of
from simulation import LabourMarket, load_area, shipped_area_folder
from simulation.categories import AGE_BAND_STARTS, AGE_BANDS, AGE_LEAVES, STATES, State
from simulation.labour.first_day import LIVES, Lives
from simulation.labour.rates import leaving_rate, turnover_of_residents
from simulation.runner import forget_model

WIDTHS = np.diff([*AGE_BAND_STARTS, AGE_LEAVES])
AREAS = ("bcbc", "tyne_and_wear", "two_towns")


@pytest.mark.parametrize("name", AREAS)
def test_as_many_come_as_leave_and_every_age_band_is_held(name: str) -> None:
    area = load_area(shipped_area_folder(name))
    people = area.wards[[f"age_{band}" for band in AGE_BANDS]].sum().to_numpy(np.float64)
    leave, arrive = turnover_of_residents(area)
    passing = 0.0
    for number, rate, arrivals, width in zip(people, leave, arrive, WIDTHS, strict=True):
        entering = passing + arrivals
        ages = (np.arange(1000) + 0.5) / 1000 * width
        held = entering * np.exp(-rate * ages).mean() * width
        assert held == pytest.approx(number, rel=1e-5, abs=1e-6)
        passing = entering * math.exp(-rate * width)
    assert arrive.sum() == pytest.approx((leave * people).sum() + passing, rel=1e-6)
    assert steady_ages(area).sum() == pytest.approx(people.sum(), rel=1e-3)


def test_a_band_that_no_more_enter_than_it_holds_is_left_at_its_end() -> None:
    assert leaving_rate(100.0, 1000.0, 10.0) == 0.0
    assert leaving_rate(99.0, 1000.0, 10.0) == 0.0
    assert leaving_rate(50.0, 0.0, 10.0) == 0.0
    rate = leaving_rate(200.0, 1000.0, 10.0)
    assert 200.0 * (1.0 - math.exp(-10.0 * rate)) / rate == pytest.approx(1000.0, rel=1e-9)


def test_lives_of_each_group_are_as_many_in_the_order_of_age_and_possible() -> None:
    lives = pd.read_csv(LIVES)
    assert list(lives.columns) == ["state", "duration", "age_band", *Lives._fields[1:]]
    groups = lives.groupby(["state", "duration", "age_band"])
    assert (groups.size() == PER_GROUP).all()
    assert len(groups) == len(AGE_BANDS) * (len(STATES) + 3)
    assert groups["age_weeks"].apply(lambda ages: ages.is_monotonic_increasing).all()
    adult = lives["age_weeks"] - 16 * 52
    for clock in ("weeks_in_state", "weeks_since_job", "workless_weeks"):
        assert lives[clock].between(0, adult).all()
    assert lives[["kept", "confidence"]].stack().between(0, 1).all()
    at_work = lives["state"] == State.EMPLOYED
    assert (lives["weeks_since_job"] == 0)[at_work].all()
    assert (lives["has_worked"] == 1)[at_work].all()


def test_weights_keep_the_number_of_each_state_and_age() -> None:
    table = pd.DataFrame(
        {"state": [0, 0, 1, 1, 1], "age_band": 0, "age_weeks": [900, 900, 840, 840, 1290]}
    )
    states = np.zeros((len(STATES), 4))
    states[0, 0], states[1, 0] = 8.0, 3.0
    ages = np.zeros(4 * 49)
    ages[[0, 5, 35]] = 2.0, 4.0, 5.0
    weight = weights_of(table, states, ages)
    np.testing.assert_allclose(weight, [2.0, 2.0, 1.0, 1.0, 5.0])


def test_lives_made_again_have_the_groups_of_those_shipped(tmp_path) -> None:
    config = STEADY.replace(weeks=4, area={"name": "two_towns"})
    made = import_lives(tmp_path / "lives.csv", config)
    assert list(pd.read_csv(tmp_path / "lives.csv").columns) == list(pd.read_csv(LIVES).columns)
    assert set(made["state"]) <= set(range(len(STATES)))


def stocks_of(model: LabourMarket) -> dict[str, float]:
    """Return agents by state, jobs not filled, people by age band, the long-term share."""
    people, jobs = model.people, model.jobs
    stocks = {name: np.count_nonzero(people.state == each) for each, name in enumerate(STATES)}
    stocks["vacancies"] = np.maximum(jobs.desired - jobs.filled, 0).sum()
    limits = 52 * np.array([*AGE_BAND_STARTS, AGE_LEAVES])
    ages = np.histogram(people.age_weeks, limits)[0]
    stocks |= dict(zip(AGE_BANDS, ages, strict=True))
    seeks = np.isin(people.state, [State.JSA, State.SEEKING_NO_BENEFIT])
    stocks["long_term_share"] = (people.weeks_since_job[seeks] >= 52).mean()
    return stocks


@pytest.fixture(scope="module")
def drifts() -> dict[str, float]:
    """Per cent by which each stock moves in four years of the region, thinned to 5."""
    model = LabourMarket(STEADY.replace(weeks=221, people_per_agent=5), 1)
    first = {name: 0.0 for name in stocks_of(model)}
    last = dict(first)
    while model.running:
        model.step()
        seen = stocks_of(model)
        if model.week <= 13:
            first = {name: first[name] + seen[name] / 13 for name in first}
        elif model.week > 208:
            last = {name: last[name] + seen[name] / 13 for name in last}
    forget_model(model)
    return {name: 100.0 * (last[name] / first[name] - 1.0) for name in first}


@pytest.mark.parametrize("stock", [*STATES, "vacancies", *AGE_BANDS, "long_term_share"])
def test_no_stock_moves_by_more_than_two_per_cent_and_chance(
    drifts: dict[str, float], stock: str
) -> None:
    """Chance: the last quarter of one world of 310,000 agents, three standard errors."""
    n = {"vacancies": 7400, "long_term_share": 22_000, "seeking_no_benefit": 7600, "jsa": 14_200}
    chance = 300.0 / math.sqrt(n.get(stock, 10_400 if stock in STATES[2:] else 65_000))
    assert abs(drifts[stock]) < 2.0 + chance
