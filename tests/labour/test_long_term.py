"""Those out of work for a year or more, followed for a year: against a second count by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from experiments import configure
from simulation import LabourMarket, simulate
from simulation.categories import State
from simulation.results.outcomes import outcome_values

SEEKERS = (int(State.JSA), int(State.SEEKING_NO_BENEFIT))
COUNTS = ("long_term_a_year_ago", "long_term_a_year_ago_in_work")
JOBS = {
    "temporary_jobs": {
        "active": True, "start": "2006-08-01", "places": 400, "wards": "all",
        "groups": ["jsa_under_6_months", "jsa_6_to_12_months", "jsa_over_12_months", "no_benefit"],
    }
}  # fmt: skip


@pytest.fixture(scope="module")
def followed():
    """A run stepped by hand with pictures of everybody at each month's end."""
    config = configure("area=two_towns", "weeks=80", "start=2006-05-01")
    model = LabourMarket(config.replace(interventions=JOBS), 3)
    pictures = []
    for week in range(80):
        model.step()
        if model.recorder.is_month_end(week):
            people = model.people
            pictures.append(
                pd.DataFrame(
                    {
                        "age": people.age_weeks.copy(),
                        "long": np.isin(people.state, SEEKERS) & (people.weeks_since_job >= 52),
                        "work": people.state == int(State.EMPLOYED),
                        "temporary": model.support_system.caseload.support.temporary_until >= 0,
                        "ward": people.ward.copy(),
                    },
                    index=people.id.copy(),
                )
            )
    return model, pictures


def months_of(model, *, ward="all", group="all"):
    frame = model.recorder.monthly()
    rows = frame[(frame["ward"] == ward) & (frame["group"] == group)]
    return rows.pivot(index="date", columns="outcome", values="value")


def test_counts_a_year_later_are_those_of_pictures_twelve_months_apart(followed):
    model, pictures = followed
    months = months_of(model)
    for number in range(12, len(pictures)):
        now, then = pictures[number], pictures[number - 12].reindex(pictures[number].index)
        member = then["long"] & (now["age"] > then["age"])  # Else the slot began again.
        member &= ~now["temporary"]
        expected = [member.sum(), (member & now["work"]).sum()]
        assert months[list(COUNTS)].iloc[number].tolist() == expected
    assert (months[COUNTS[0]].iloc[12:] > 50).all()


def test_who_is_in_a_temporary_job_is_left_out_of_both_counts(followed):
    model, pictures = followed
    months = months_of(model)
    now, then = pictures[15], pictures[3]
    everybody = then["long"] & (now["age"] > then["age"])
    n_temporary = (everybody & now["temporary"]).sum()
    assert n_temporary > 0
    assert months[COUNTS[0]].iloc[15] == everybody.sum() - n_temporary
    assert months[COUNTS[1]].iloc[15] == (everybody & now["work"]).sum() - n_temporary


def test_there_is_nobody_to_follow_in_the_first_year(followed):
    model, _ = followed
    assert (months_of(model)[list(COUNTS)].iloc[:12] == 0).all(axis=None)


def test_wards_and_groups_add_up_to_the_area(followed):
    model, _ = followed
    frame = model.recorder.monthly()
    frame = frame[frame["outcome"].isin(COUNTS)]
    keys = ["date", "outcome"]
    area = frame[(frame["ward"] == "all") & (frame["group"] == "all")].set_index(keys)["value"]
    wards = frame[frame["ward"] != "all"].groupby(keys, observed=True)["value"].sum()
    ages = frame[frame["group"].astype(str).str.startswith("age:")]
    ages = ages.groupby(keys, observed=True)["value"].sum()
    for parts in (wards, ages):
        pd.testing.assert_series_equal(
            parts.sort_index(), area.sort_index(), check_index_type=False
        )


def test_the_outcome_is_of_all_months_together(followed):
    model, _ = followed
    monthly = model.recorder.monthly().assign(arm="run", seed=3)
    values = outcome_values(monthly).set_index("outcome")["value"]
    totals = months_of(model)[list(COUNTS)].sum()
    assert values["long_term_in_work_later"] == pytest.approx(100 * totals.iloc[1] / totals.iloc[0])
    assert 5 < values["long_term_in_work_later"] < 95


def test_a_run_of_less_than_a_year_has_no_such_outcome():
    run = simulate(configure("area=two_towns", "weeks=40"), 3)
    monthly = run.monthly.assign(arm="run", seed=3)
    assert "long_term_in_work_later" not in set(outcome_values(monthly)["outcome"])
