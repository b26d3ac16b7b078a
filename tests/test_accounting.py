"""The books balance every week on random small configurations, and a broken book is noticed."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from small_areas import make_area

from simulation.agents.columns import NO_CELL
from simulation.categories import STATES, State
from simulation.config import Config
from simulation.errors import BooksError
from simulation.labour.books import check_books
from simulation.model import LabourMarket
from simulation.register import HIRING_RULES

share = st.floats(0, 1)
rate = st.floats(0, 6)


@st.composite
def configurations(draw):
    """Config and area of anything from a few dozen to some hundred people, often extreme."""
    residents = draw(st.lists(st.integers(30, 300), min_size=1, max_size=4))
    weights = draw(st.lists(st.integers(1, 20), min_size=7, max_size=7))
    area = make_area(residents, shares=np.array(weights, float))
    assume(area.jobs.any())  # An area without a single job is refused.
    start = draw(st.dates(pd.Timestamp("2006-05-01").date(), pd.Timestamp("2009-06-01").date()))
    values = {
        "start": start,
        "weeks": draw(st.integers(1, 40)),
        "people_per_agent": draw(st.sampled_from([1, 1, 1, 2])),
        "economy": {
            "file": draw(st.sampled_from(["steady.csv", "sharp.csv", "recession_2008.csv"])),
            "shock_sd": draw(st.floats(0, 0.5)),
            "shock_persistence": draw(share),
        },
        "employers": {
            "unfilled_share": draw(st.tuples(*[st.floats(0, 0.5)] * 5)),
            "gap_spread": draw(st.floats(0, 0.3)),
            "job_loss_rate": draw(st.tuples(*[rate] * 5)),
            "quit_rate": draw(st.tuples(*[rate] * 4)),
            "selection_weeks": draw(st.floats(1, 8)),
            "lapse_weeks": draw(st.integers(1, 10)),
            "pause_weeks": draw(st.integers(0, 5)),
            "hoarding_weeks": draw(st.tuples(*[st.floats(0.5, 20)] * 5)),
        },
        "search": {
            "rounds": draw(st.integers(1, 3)),
            "full_duty": draw(share),
            "voluntary": draw(st.tuples(*[share] * 7)),
            "bump_down": draw(st.floats(0, 5)),
        },
        "hiring": {
            "rule": draw(st.sampled_from(sorted(HIRING_RULES))),
            "strength": draw(st.sampled_from([0.0, 1.0, 10.0, float("inf")])),
            "reservation": draw(st.floats(-5, 3)),
        },
        "benefits": {
            "claim_rate": draw(rate),
            "claim_slack": draw(st.floats(0, 3)),
            "attachment_slack": draw(st.floats(0, 2)),
            "discouraged_rate": draw(st.tuples(*[rate] * 4)),
            "jsa_exit_rate": draw(rate),
            "ib_long_rate": draw(rate),
            "review_weeks": draw(st.floats(1, 100)),
            "inflow_rate": (0.05, 0.05, 0.05),
        },
        "people": {"p_move_on_hire": draw(share)},
    }
    return Config.from_mapping(values), area, draw(st.integers(0, 2**64 - 1))


def list_of_cell(model, cell):
    """The people of a cell by following its list, checking the links both ways."""
    rows, row, before = [], int(model.jobs.head[cell]), -1
    while row >= 0:
        assert int(model.people.previous[row]) == before
        rows.append(row)
        before, row = row, int(model.people.next[row])
    return rows


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(configurations())
def test_books_balance_every_week(case):
    config, area, seed = case
    model = LabourMarket(config, seed, area=area)
    n, residents = model.people.state.size, np.bincount(model.people.ward)
    while model.running:
        model.step()  # raises BooksError where an identity does not hold
        people, jobs = model.people, model.jobs
        assert people.state.size == n
        np.testing.assert_array_equal(np.bincount(people.ward), residents)
        assert ((people.state == State.EMPLOYED) == (people.cell != NO_CELL)).all()
        assert (jobs.openings >= 0).all() and (jobs.new_openings <= jobs.openings).all()
        assert (people.weeks_since_job[people.state == State.EMPLOYED] == 0).all()
        for column in (people.ability, people.employability, people.confidence):
            assert ((column >= 0) & (column <= 1)).all()
        assert (people.age_weeks >= 16 * 52).all() and (people.age_weeks < 65 * 52).all()
        assert (people.workless_weeks <= people.age_weeks - 16 * 52).all()
    for cell in range(jobs.filled.size):
        rows = list_of_cell(model, cell)
        assert len(rows) == jobs.filled[cell]
        assert (people.cell[rows] == cell).all()
    monthly_books_balance(model)


def monthly_books_balance(model):
    """Stocks add up in every row, wards to the area, and flows to the change in the stock."""
    frame = model.recorder.monthly()
    weight = model.config.people_per_agent
    wide = frame.pivot_table(
        index=["date", "ward", "group"], columns="outcome", values="value", observed=True
    )
    stocks = wide[list(STATES)].sum(axis=1)
    pd.testing.assert_series_equal(stocks, wide["residents"], check_names=False)
    area = wide.xs(("all", "all"), level=["ward", "group"])
    wards = wide.drop(index="all", level="ward").groupby("date").sum()
    for outcome in ("residents", "jsa", "vacancies", "hires", "separations"):
        pd.testing.assert_series_equal(wards[outcome], area[outcome])
    change = area["employed"].diff().dropna()
    flows = (area["hires"] - area["separations"]).iloc[1:]
    pd.testing.assert_series_equal(change, flows, check_names=False)
    moves = model.recorder.flow_table()
    moved = moves.groupby(["date", "to_state"])["value"].sum() - (
        moves.groupby(["date", "from_state"])["value"].sum().rename_axis(["date", "to_state"])
    )
    jsa = moved.xs("jsa", level="to_state").iloc[1:]
    pd.testing.assert_series_equal(area["jsa"].diff().dropna(), jsa, check_names=False)
    assert (frame["value"] % weight == 0).all()


@pytest.fixture
def closed_week():
    model = LabourMarket(Config.from_mapping({"weeks": 3}), 1, area=make_area([200, 150]))
    model.step()
    return model


def check(model):
    return check_books(
        model.people,
        model.jobs,
        model.flows,
        employed_before=model.states[State.EMPLOYED]
        - model.flows.hires[:, 0].sum()
        + model.flows.separations[:, 0].sum(),
        week=0,
        marked=np.zeros(model.people.id.size, np.bool_),
    )


def lose_a_filled_job(model):
    model.jobs.filled[np.flatnonzero(model.jobs.filled)[0]] -= 1


def invent_a_hire(model):
    model.flows.hires[0, 0] += 1


def employ_without_a_job(model):
    model.people.state[np.flatnonzero(model.people.state != State.EMPLOYED)[0]] = State.EMPLOYED


def leave_the_states(model):
    model.people.state[0] = 9


def leave_something_pending(model):
    model.people.pending[0] = 1


def open_too_many(model):
    model.jobs.openings[0] = 10_000


def open_less_than_none(model):
    model.jobs.openings[0] = -1


@pytest.mark.parametrize(
    "mistake",
    [
        lose_a_filled_job,
        invent_a_hire,
        employ_without_a_job,
        leave_the_states,
        leave_something_pending,
        open_too_many,
        open_less_than_none,
    ],
)
def test_a_broken_book_is_noticed(closed_week, mistake):
    np.testing.assert_array_equal(check(closed_week), closed_week.states)
    mistake(closed_week)
    with pytest.raises(BooksError, match="books do not balance in week 0"):
        check(closed_week)
