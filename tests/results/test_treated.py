"""What was done to whom is counted by people: a slot begins again when somebody leaves."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from experiments import configure
from simulation import simulate
from simulation.agents.columns import is_newcomer
from simulation.finished.run import Run
from simulation.model import LabourMarket
from simulation.record.people import PeopleRecord
from simulation.results.additionality import additionality
from simulation.results.journey_values import journey_values
from simulation.results.journeys import journeys
from simulation.results.period import period
from simulation.results.provision import access

WORDS = ("area=two_towns", "people_per_agent=4")
ENTRIES = ("engaged", "service_started", "parked", "helped")
SHORT, LONG = 104, 260


class Watched(LabourMarket):
    """A market many leave, that notes week by week whose slots begin again, bool (weeks, n)."""

    def begin(self):
        super().begin()
        self.rates.entrants.leave[:] = 0.004
        self.began = []

    def ageing_and_benefits(self):
        super().ageing_and_benefits()
        self.began.append(is_newcomer(self.residents, np.arange(self.residents.id.size)))


@pytest.fixture(scope="module")
def watched():
    """A run of five years, and of each client's event the row and how many were there before."""
    config = configure(*WORDS, f"weeks={LONG}", "regime=aligned")
    model = Watched(config, 1)
    record = PeopleRecord(model.residents, model.area, config.weeks)
    while model.running:
        model.step()
        record.add_week(model.residents, model.newcomers, model.week - 1)
    tables = model.support_system.tables(model.residents)
    tables["people"] = record.table()
    run = Run(config, 1, pd.DataFrame(), pd.DataFrame(), pd.DataFrame(), tables=tables)
    n_before = np.cumsum(model.began, axis=0)
    clients = tables["clients"]
    came_in = clients[clients["event"].isin(ENTRIES)][["week", "person"]]
    row = pd.Index(tables["people"]["person"]).get_indexer(came_in["person"])
    return run, came_in.assign(row=row, n_before=n_before[came_in["week"], row]), n_before


def test_the_week_the_first_person_left_is_known(watched):
    run, _, n_before = watched
    left = np.where(n_before[-1] > 0, np.argmax(n_before > 0, axis=0), -1)
    assert 0.2 < (left >= 0).mean() < 0.8
    np.testing.assert_array_equal(run.tables["people"]["left_week"], left)


def test_every_client_is_one_row_from_their_first_entry_until_they_leave(watched):
    run, came_in, n_before = watched
    treated = run.tables["treated"]
    first = came_in.groupby(["person", "n_before"])["week"].min()
    assert treated["person"].duplicated().any() and (treated["left_week"] >= 0).mean() > 0.2
    np.testing.assert_array_equal(treated["person"], first.index.get_level_values("person"))
    np.testing.assert_array_equal(treated["treated_week"], first)
    row = came_in.groupby(["person", "n_before"])["row"].first()
    for place, left, before in zip(row, treated["left_week"], first.index, strict=True):
        later = np.flatnonzero(n_before[:, place] > before[1])
        assert left == (later[0] if later.size else -1)


def test_clients_of_a_period_are_people(watched):
    run, came_in, _ = watched
    table = period(run)
    n_people = len(came_in.drop_duplicates(["person", "n_before"]))
    assert table.loc[table["group"] == "all", "clients"].sum() == 4 * n_people


def test_who_is_engaged_in_the_place_of_another_is_not_engaged_again(watched):
    run, came_in, _ = watched
    courses = journeys(run.tables["clients"]).merge(came_in.drop_duplicates(["person", "week"]))
    ended = courses["end_week"].between(0, LONG - 53) & (courses["end"] != "left_area")
    again = [
        ((courses["person"] == each.person) & (courses["n_before"] == each.n_before)
         & courses["week"].between(each.end_week, each.end_week + 52)
         & (courses["week"] > each.week)).any()
        for each in courses[ended].itertuples()
    ]  # fmt: skip
    share = journey_values(run)["re_engaged_share"]
    assert share == pytest.approx(100.0 * np.mean(again)) and share > 0


@pytest.mark.parametrize("trait", ["health", "age_band", "is_lone_parent"])
def test_access_is_of_the_people_of_the_first_day(watched, trait):
    run, came_in, _ = watched
    people = run.tables["people"]
    helped = np.zeros(len(people), np.bool_)
    helped[came_in.loc[came_in["n_before"] == 0, "row"]] = True
    was_out = (people["group"] != "employed").to_numpy()
    expected = pd.Series(100.0 * helped[was_out]).groupby(people[trait][was_out].astype(str).values)
    found = access(run, trait).set_index("group")["treated_share"]
    assert found.to_dict() == pytest.approx(expected.mean().to_dict())


@pytest.mark.parametrize("by", [None, "programme", "group"])
def test_the_same_past_gives_the_same_figures_however_long_the_run_goes_on(pairs, by):
    for week in (26, 52, 78, SHORT):
        short, long = (additionality(*pair, week=week, by=by) for pair in pairs)
        assert short["treated"].sum() > 0
        pd.testing.assert_frame_equal(short, long)


@pytest.fixture(scope="module")
def pairs():
    """Runs with support and without, of two years and of five."""
    return [
        [simulate(configure(*WORDS, f"weeks={weeks}", *regime), 1, people=True)
         for regime in (("regime=aligned",), ())]
        for weeks in (SHORT, LONG)
    ]  # fmt: skip
