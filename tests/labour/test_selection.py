"""Openings that collect applications until they are decided."""

from __future__ import annotations

import numpy as np
import pytest

from simulation import Config, LabourMarket, register
from simulation.categories import State
from simulation.labour.hiring import count_decided
from simulation.labour.hiring_rules import least_suitability

TOWNS = Config(weeks=40).replace(area={"name": "two_towns"})


def after(weeks: int, **employers: float) -> LabourMarket:
    model = LabourMarket(TOWNS.replace(employers=employers), 5)
    for _ in range(weeks):
        model.step()
    return model


def hires_by_week(model: LabourMarket, weeks: int) -> np.ndarray:
    return np.array(
        [(model.step(), int(model.flows.hires_by_origin.sum()))[1] for _ in range(weeks)]
    )


@pytest.mark.parametrize("p_decide", [0.0, 0.3, 1.0])
def test_openings_are_decided_one_by_one_with_their_chance(p_decide: float) -> None:
    openings = np.tile(np.arange(5, dtype=np.int32), 4000)
    decided = np.empty_like(openings)
    count_decided(openings, p_decide, 17, np.uint64(3), decided)
    assert (decided >= 0).all() and (decided <= openings).all()
    n = int(openings.sum())
    error = np.sqrt(n * p_decide * (1.0 - p_decide))
    assert abs(int(decided.sum()) - n * p_decide) <= 4.0 * error


def test_one_opening_more_decides_no_other() -> None:
    openings = np.full(500, 2, np.int32)
    more = openings.copy()
    more[100] += 1
    decided, with_more = np.empty_like(openings), np.empty_like(openings)
    count_decided(openings, 0.4, 9, np.uint64(1), decided)
    count_decided(more, 0.4, 9, np.uint64(1), with_more)
    others = np.arange(500) != 100
    np.testing.assert_array_equal(decided[others], with_more[others])
    assert 0 <= with_more[100] - decided[100] <= 1


def test_nobody_waits_where_every_opening_is_decided_each_week() -> None:
    model = after(10, selection_weeks=1.0)
    assert model.matching.queue.row.size == 0


def test_where_nothing_is_decided_nobody_is_hired_and_applications_wait() -> None:
    model = LabourMarket(TOWNS.replace(employers={"selection_weeks": 5200.0}), 5)
    assert hires_by_week(model, 10).sum() <= 2
    queue = model.matching.queue
    assert queue.row.size > 100
    assert (model.jobs.openings[queue.cell] >= 0).all()


def test_applications_stand_only_as_long_as_the_opening_and_the_applicants_state() -> None:
    model = after(15, selection_weeks=6.0)
    people, jobs, matching = model.people, model.jobs, model.matching
    week = model.week - 1
    queue = matching.queue
    closed = queue.cell[0]
    jobs.openings[closed] = 0
    moved = queue.row[queue.cell != closed][0]
    was = people.state[moved]
    people.state[moved] = State.IB_ESA if was != State.IB_ESA else State.JSA
    nothing = np.zeros(jobs.openings.size, np.int32)
    rows, _ = matching._take_from_queue(people, jobs, nothing, week)
    assert rows.size == 0
    assert closed not in matching.queue.cell
    assert moved not in matching.queue.row
    assert matching.queue.row.size > 20


def test_who_waits_twice_in_a_queue_is_judged_once_and_the_best_paid_job_comes_first() -> None:
    model = after(15, selection_weeks=6.0)
    people, jobs, matching = model.people, model.jobs, model.matching
    matching.queue = type(matching.queue)(*(np.tile(column, 2) for column in matching.queue))
    everything = np.ones(jobs.openings.size, np.int32)
    rows, cells = matching._take_from_queue(people, jobs, everything, model.week - 1)
    assert np.unique(np.stack([rows, cells]), axis=1).shape[1] == rows.size > 20
    assert (np.diff(rows) >= 0).all()
    wages = np.array(model.config.employers.weekly_wage)[cells % 5] * jobs.pay[cells // 5]
    wages *= model.rates.pay.curve[jobs.ward[cells // 5]]
    same = np.diff(rows) == 0
    assert same.any()
    assert (np.diff(wages)[same] <= 0.0).all()
    assert matching.queue.row.size == 0


def test_nobody_takes_two_jobs_in_a_week() -> None:
    model = LabourMarket(
        TOWNS.replace(
            employers={"selection_weeks": 8.0}, search={"full_duty": 1.0, "voluntary": [0.9] * 7}
        ),
        5,
    )
    for _ in range(20):
        before = model.people.state.copy(), model.people.cell.copy()
        model.step()
        in_new_job = (model.people.state == State.EMPLOYED) & (model.people.weeks_in_state == 0)
        assert int(model.flows.hires_by_origin.sum()) == int(in_new_job.sum())
        assert (model.people.cell[in_new_job] != before[1][in_new_job]).all()


def test_a_rule_is_given_the_unsuitable_too_and_they_take_nobodys_place() -> None:
    seen = []

    def unsuitable_first(case, hiring):
        is_unsuitable = case.suitability < least_suitability(case.slack, hiring)
        seen.append(is_unsuitable.mean())
        return is_unsuitable + case.ticket

    with register.on_behalf_of("mine.py"):
        register.hiring_rule("unsuitable_first")(unsuitable_first)
    try:
        model = LabourMarket(TOWNS.replace(hiring={"rule": "unsuitable_first"}), 5)
        by_chance = LabourMarket(TOWNS.replace(hiring={"rule": "random"}), 5)
        hired = hires_by_week(model, 4).sum(), hires_by_week(by_chance, 4).sum()
    finally:
        register.forget("mine.py")
    assert 0.0 < np.mean(seen) < 1.0
    assert hired[0] == pytest.approx(hired[1], rel=0.1)
