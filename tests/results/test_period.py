"""What a whole run brought whom: marks read one by one, parts that add up to the whole."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from experiments import configure
from simulation import simulate
from simulation.results.additionality import employer_at, snapshot_weeks
from simulation.results.marks import CLAIMING, IN_WORK, mark_at, marks_of
from simulation.results.period import PERIOD, period

BENEFITS = ["jsa", "ib_esa", "lone_parent", "other_benefit"]


@pytest.fixture(scope="module")
def run():
    words = ("area=two_towns", "weeks=108", "regime=fragmented", "people_per_agent=2")
    return simulate(configure(*words), seed=3, people=True)


def bits_of(rows):
    """Marks of people, True for 1, as the frame keeps them: lists of 64 in a word."""
    words = max(len(row) for row in rows) // 64 + 1
    return {
        f"in_work_{word}": [
            sum(1 << bit for bit, mark in enumerate(row[word * 64 : word * 64 + 64]) if mark == "1")
            for row in rows
        ]
        for word in range(words)
    }


def made_up(rows, groups):
    people = pd.DataFrame({name: np.array(b, np.uint64) for name, b in bits_of(rows).items()})
    claims = {name.replace(IN_WORK, CLAIMING): 0 for name in people}
    people = people.assign(
        **claims, person=range(len(rows)), ward=pd.Categorical(["W"] * len(rows)), group=groups,
        age_band="16_24", ethnicity="white", health="none", is_lone_parent=False,
    ).astype(dict.fromkeys(claims, np.uint64))  # fmt: skip
    config = SimpleNamespace(people_per_agent=10, weeks=4 * len(rows[0]))
    return SimpleNamespace(config=config, tables={"people": people})


def test_a_job_is_kept_if_somebody_comes_into_work_and_stays_for_seven_marks():
    rows = ["0111111100", "0111111000", "1111111111", "1011111110", "0011111111"]
    run = made_up(rows, ["ib_esa", "ib_esa", "employed", "employed", "no_benefit"])
    table = period(run)
    of_group = table[table["group"].str.startswith("group:")].set_index("group")
    assert of_group["sustained_jobs"].to_dict() == {
        "group:employed": 10.0,
        "group:ib_esa": 10.0,
        "group:no_benefit": 10.0,
    }
    # 10 + 9 marks in work of 20, ten people each, four weeks a mark.
    assert of_group.loc["group:employed", "work_years"] == pytest.approx(18 * 40 / 52)
    assert of_group.loc["group:ib_esa", "work_end"] == 0


def test_marks_beyond_the_first_word_are_read():
    row = "0" * 63 + "11" + "0" * 5
    people = made_up([row], ["no_benefit"]).tables["people"]
    assert [int(each[0]) for each in marks_of(people, IN_WORK, 70)] == [int(bit) for bit in row]
    assert [bool(mark_at(people, IN_WORK, np.array([k]))[0]) for k in (62, 63, 64, 65)] == [
        False, True, True, False,
    ]  # fmt: skip


def test_parts_add_up_to_all_and_all_to_the_months(run):
    table = period(run)
    assert list(table) == ["ward", "group", *PERIOD]
    whole = table[table["group"] == "all"].set_index("ward").drop(columns="group")
    for trait in ("group", "age", "ethnicity", "health", "lone_parent"):
        parts = table[table["group"].str.startswith(f"{trait}:")].groupby("ward")
        np.testing.assert_allclose(parts[list(PERIOD)].sum(), whole)
    months = run.table()
    # A mark every four weeks against the last week of every month.
    years = whole["work_years"].sum() / months["employed"].mean() / (108 / 52)
    claims = whole["claimant_years"].sum() / months[BENEFITS].sum(axis=1).mean() / (108 / 52)
    assert (years, claims) == pytest.approx((1, 1), rel=0.01)
    assert whole["work_end"].sum() == months["employed"].iloc[-1]
    people = run.tables["people"]
    at_last = employer_at(people, snapshot_weeks(people)[-1]) >= 0
    assert whole["work_end"].sum() == at_last.sum() * 2


def test_whom_closures_lay_off_is_followed_wherever_they_live():
    run = made_up(["1100", "1111", "0000"], ["employed", "employed", "ib_esa"])
    table = period(run, pd.Series([0, 2, 2]))
    [own] = table[table["group"] == "laid_off"].to_dict("records")
    assert (own["people"], own["work_years"]) == (20, pytest.approx(2 * 10 * 4 / 52))
    pd.testing.assert_frame_equal(table[table["group"] != "laid_off"], period(run))


def test_spending_is_the_runs_and_goes_where_clients_are(run):
    table = period(run)
    whole = table[table["group"] == "all"].set_index("ward")
    money = run.tables["money"]
    last = money[money["date"] == money["date"].max()]
    total = last["paid_gbp"].sum() + last["administration_gbp"].sum()
    assert whole["spend_gbp"].sum() == pytest.approx(total)
    people = run.tables["people"].set_index("person")
    clients = run.tables["clients"]
    cost = clients.groupby(clients["person"].map(people["ward"].astype(str)))["cost_gbp"].sum()
    expected = total * cost / cost.sum()
    for ward, row in whole.iterrows():
        assert row["spend_gbp"] == pytest.approx(expected.get(ward, 0.0))


def test_without_who_worked_when_there_is_nothing():
    bare = SimpleNamespace(tables={})
    assert period(bare).empty and list(period(bare)) == ["ward", "group", *PERIOD]
