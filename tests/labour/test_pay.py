"""What work pays: offers, growth on the job, the wage curve, and earnings as outcomes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from simulation.agents.columns import People, new_columns
from simulation.categories import State
from simulation.config import Config
from simulation.labour.pay import WageCurve, pay_rates, present_pay, starting_pay
from simulation.model import LabourMarket
from simulation.results.outcomes import outcome_values
from simulation.runner import forget_model, simulate

TOWNS = Config(weeks=40, people_per_agent=4).replace(area={"name": "two_towns"})
STILL = {
    "pay_path": None,
    "wage_curve": 0.0,
    "progression": 0.0,
    "return_loss": 0.0,
    "weekly_hours": [0.0] * 5,
}


@pytest.fixture(scope="module")
def model():
    model = LabourMarket(TOWNS, 3)
    yield model
    forget_model(model)


def test_an_offer_falls_with_time_since_the_last_job(model: LabourMarket) -> None:
    people, jobs = model.people, model.jobs
    pay = pay_rates(
        TOWNS.replace(employers={"return_loss": 0.2, "return_loss_weeks": 10.0}), model.area.n_wards
    )
    cell, row = 7, 0
    whole = TOWNS.employers.weekly_wage[2] * jobs.pay[1]
    before = people.weeks_since_job[row]
    for weeks, kept in ((0, 1.0), (10, 0.9), (20, 0.85), (10_000, 0.8)):
        people.weeks_since_job[row] = weeks
        assert starting_pay(people, jobs, row, cell, pay) == pytest.approx(whole * kept)
    people.weeks_since_job[row] = before


def test_an_offer_is_never_under_the_minimum_wage_of_the_person_s_age(model) -> None:
    people, jobs, cell, row = model.people, model.jobs, 5, 0
    rules = {"weekly_wage": [100.0] * 5, "weekly_hours": [30.0] * 5}
    pay = pay_rates(TOWNS.replace(employers=rules), model.area.n_wards)
    pay.minimum[:], pay.adult_weeks[0] = (3.0, 4.25, 5.05), 22 * 52
    before = people.age_weeks[row]
    for years, hourly in ((17, 3.0), (18, 4.25), (21, 4.25), (22, 5.05), (60, 5.05)):
        people.age_weeks[row] = 52 * years
        offered = 100.0 * jobs.pay[cell // 5] * kept_of(people, row, pay)
        assert starting_pay(people, jobs, row, cell, pay) == max(30.0 * hourly, offered)
    people.age_weeks[row] = before


def kept_of(people: People, row: int, pay) -> float:
    """The part of an offer that time out of work leaves."""
    kept = 0.5 ** (people.weeks_since_job[row] / pay.loss_weeks)
    return 1.0 - pay.return_loss * (1.0 - kept)


def test_pay_grows_with_years_in_the_job_up_to_a_limit(model: LabourMarket) -> None:
    rules = {"progression": 0.03, "progression_years": 2}
    pay = pay_rates(TOWNS.replace(employers=rules), model.area.n_wards)
    people, row = model.people, int(np.flatnonzero(model.people.state == State.EMPLOYED)[0])
    before = people.weeks_in_state[row]
    for weeks, growth in ((0, 1.0), (52, 1.03), (104, 1.03**2), (900, 1.03**2)):
        people.weeks_in_state[row] = weeks
        assert present_pay(people, row, pay) == pytest.approx(people.wage[row] * growth)
    people.weeks_in_state[row] = before


def people_in(states: list[State], ward: list[int]) -> People:
    people = new_columns(People, len(states))
    people.state[:], people.ward[:] = states, ward
    return people


def test_pay_offered_follows_unemployment_of_the_zone_by_its_elasticity() -> None:
    zone = np.array([0, 1, 0])
    work, jsa, seeks, idle = State.EMPLOYED, State.JSA, State.SEEKING_NO_BENEFIT, State.IB_ESA
    wards = [0, 0, 2, 2, 0, 1, 1]
    people = people_in([work, work, work, jsa, idle, work, work], wards)
    curve = WageCurve(TOWNS.replace(employers={"wage_curve": 0.3}), zone, people)
    pay = pay_rates(TOWNS, 3)
    curve.begin_week(people, pay)
    np.testing.assert_array_equal(pay.curve, 1.0)
    people.state[1] = seeks
    curve.begin_week(people, pay)
    np.testing.assert_allclose(pay.curve, [2.0**-0.3, 1.0, 2.0**-0.3], rtol=1e-12)


def test_where_pay_stands_still_everybody_is_paid_what_the_job_pays() -> None:
    config = TOWNS.replace(employers=STILL)
    model = LabourMarket(config, 3)
    for _ in range(config.weeks):
        model.step()
    people, jobs = model.people, model.jobs
    at_work = people.cell >= 0
    cells = people.cell[at_work]
    paid = np.array(config.employers.weekly_wage)[cells % 5] * jobs.pay[cells // 5]
    np.testing.assert_array_equal(people.wage[at_work], paid)
    forget_model(model)


def test_earnings_are_what_people_in_work_are_paid_in_money_of_the_day() -> None:
    run = simulate(TOWNS.replace(weeks=22), seed=3, events=True)
    months = run.monthly.astype({"outcome": str, "ward": str, "group": str})
    area = months[(months["ward"] == "all") & (months["group"] == "all")]
    table = area.pivot(index="date", columns="outcome", values="value")
    priority = months[months["group"].isin(["priority:0", "priority:1"])]
    by_group = priority[priority["outcome"] == "earnings"].groupby("date")["value"].sum()
    assert by_group.tolist() == table["earnings"].tolist()
    mean = table["earnings"] / table["employed"]
    assert mean.between(250.0, 450.0).all()
    hires = run.events[run.events["to_state"] == "employed"]
    assert table["hires"].sum() == 4 * len(hires)
    # All starting pay is within what pay in general has grown by in five months.
    total = 4 * hires["wage_gbp"].sum()
    assert total < table["pay_of_hires"].sum() < 1.03 * total
    values = outcome_values(run.monthly.assign(arm="a", seed=1)).set_index("outcome")["value"]
    assert values["earnings_end"] == pytest.approx(mean.iloc[-1])
    assert values["pay_of_hires_mean"] == pytest.approx(
        table["pay_of_hires"].sum() / table["hires"].sum()
    )
    assert values["earnings_total"] == pytest.approx(table["earnings"].sum() * 52 / 12 / 1e6)
    wards = {
        group: pd.Series(
            {
                name: priority[
                    (priority["group"] == group)
                    & (priority["outcome"] == name)
                    & (priority["date"] == table.index[-1])
                ]["value"].sum()
                for name in ("earnings", "residents")
            }
        )
        for group in ("priority:0", "priority:1")
    }
    rest, own = (each["earnings"] / each["residents"] for each in wards.values())
    assert values["earnings_gap_end"] == pytest.approx(rest - own)
