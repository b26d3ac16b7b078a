"""Flexibilities: what each changes, for whom and when, against closed forms; bad input."""

from __future__ import annotations

import math
from datetime import date, timedelta

import numpy as np
import pytest
from given_support import (
    START,
    contract,
    events,
    market,
    providers,
    seekers_area,
    settings,
    stand_still,
)
from small_areas import make_area

from simulation.config import Config
from simulation.errors import InputError
from simulation.inputs.shipped import CONF
from simulation.support.flexibilities import Flexibilities
from simulation.support.journey_week import journey_rates

BEGIN = ("engagement",)
LATER = ("action_planning", "services", "placement", "aftercare")
AREA = make_area([600, 600])
"""Two wards, the first a priority ward."""


def rates_in(week: int, **groups: object):
    """The journey's parameters in a week of a run from `START`."""
    config = settings(**groups)
    return Flexibilities(config, AREA).rates_in(journey_rates(config.journey), week)


def test_where_nothing_is_granted_the_rules_are_those_of_the_time():
    rates = rates_in(0)
    assert rates.training_weeks.tolist() == [13, 13]
    assert not rates.p_early_trial.any() and not rates.consent.any()


@pytest.mark.parametrize(
    ("granted", "weeks"), [(0.0, 13), (0.5, round(13 * 16 / 23)), (1.0, round(13 * 16 / 30))]
)
def test_with_benefit_kept_a_course_takes_its_hours_and_no_longer(granted, weeks):
    rates = rates_in(0, flexibilities={"training_hours": granted})
    assert rates.training_weeks.tolist() == [weeks, 13]


@pytest.mark.parametrize(("limit", "weeks"), [(8, 26), (16, 13), (26, 8), (40, 7)])
def test_the_limit_on_study_stretches_a_course(limit, weeks, tmp_path):
    """208 hours, at the limit but no more than the 30 of a full-time course."""
    head, name, rest = (
        (CONF / "benefits/rules_2006.yaml").read_text().partition("jsa_study_hours_limit")
    )
    rules = tmp_path / "rules.yaml"
    rules.write_text(head + name + rest.replace("value: 16}", f"value: {limit}}}", 1))
    rates = rates_in(0, benefits={"rules": str(rules)})
    assert rates.training_weeks.tolist() == [weeks, weeks]


def test_a_flexibility_holds_from_its_first_day_to_the_day_before_its_end():
    terms = {
        "trials_for_all": 0.5,
        "data_by_consent": 0.8,
        "wards": "all",
        "start": START + timedelta(weeks=2),
        "end": START + timedelta(weeks=4),
    }
    for week in range(6):
        rates = rates_in(week, journey={"p_trial": 0.4}, flexibilities=terms)
        holds = 2 <= week < 4
        assert rates.p_early_trial == pytest.approx([0.2 * holds] * 2)
        assert rates.consent == pytest.approx([0.8 * holds] * 2)


def share_of(people: np.ndarray, among: np.ndarray) -> float:
    return float(np.isin(among, people).mean())


def test_trials_are_open_at_once_in_the_wards_they_are_open_in():
    config = settings(journey={"p_trial": 0.5}, flexibilities={"trials_for_all": 0.8})
    model = market(
        config, [contract(n_wards=2)], area=seekers_area(900, 900), who=providers(n_wards=2)
    )
    table = events(stand_still(model, 7))
    ward = model.people.ward
    planned = table.loc[table["event"] == "assessed", "person"].unique()
    placed = table.loc[table["event"] == "placement_started", "person"].unique()
    trials = table.loc[table["event"] == "work_trial", "person"].unique()
    early = np.setdiff1d(planned, placed)
    inside, outside = early[ward[early] == 0], early[ward[early] == 1]
    assert inside.size > 300 and outside.size > 300
    error = math.sqrt(0.4 * 0.6 / inside.size)
    assert abs(share_of(trials, inside) - 0.4) < 4 * error
    assert share_of(trials, outside) == 0.0


def test_who_consents_is_lost_as_if_records_were_shared_and_not_assessed_again():
    config = settings(
        journey={"p_lost": 1.0, "tracking_factor": 0.0, "rest_weeks": 520},
        flexibilities={"data_by_consent": 0.7},
    )
    contracts = [contract(0, stages=BEGIN, n_wards=2), contract(1, stages=LATER, n_wards=2)]
    model = market(config, contracts, area=seekers_area(900, 900), who=providers(2, n_wards=2))
    table = events(stand_still(model, 10))
    lost = table.loc[table["event"] == "lost_at_hand_over", "person"].unique()
    kept = table.loc[table["event"] == "assessed", "person"].unique()
    ward = model.people.ward
    inside = np.concatenate([lost, kept])
    inside = inside[ward[inside] == 0]
    assert inside.size > 500
    error = math.sqrt(0.7 * 0.3 / inside.size)
    assert abs(share_of(kept, inside) - 0.7) < 4 * error
    assert (ward[kept] == 0).all()


def test_what_primes_keep_their_own_advisers_cannot_reach_elsewhere():
    config = settings(journey={"p_broker": 0.2})
    half = contract(employer_access=0.5)
    brokers = []
    for agreement in (contract(), half):
        model = market(config, [agreement], area=seekers_area(300))
        model.people.barriers[:] = 0
        support = stand_still(model, 12).support_system.caseload.support
        brokers.append(support.broker.copy())
    assert (brokers[0] > 0).sum() > 50
    np.testing.assert_allclose(brokers[1], 0.5 * brokers[0], rtol=1e-6)


@pytest.mark.parametrize(
    ("terms", "line"),
    [
        ({"start": "2006-05-01"}, "flexibilities.start 2006-05-01 is before the partnership's"),
        ({"wards": "Nowhere"}, "flexibilities.wards: 'Nowhere'; must be all, priority"),
        (
            {"start": "2010-05-01"},
            "flexibilities (training_hours) hold from 2010-05-01 until 2011-04-01, but the run is",
        ),
    ],
)
def test_a_flexibility_outside_its_dates_or_wards_is_refused_in_one_line(terms, line):
    config = settings(flexibilities={"training_hours": 1.0, **terms})
    with pytest.raises(InputError) as caught:
        Flexibilities(config, AREA)
    assert str(caught.value).startswith(line) and "\n" not in str(caught.value)
    Flexibilities(settings(flexibilities=terms), AREA)


def test_dates_in_the_wrong_order_are_refused_in_one_line():
    with pytest.raises(InputError, match="flexibilities.*end must be after start 2010-01-01"):
        Config.from_mapping({"flexibilities": {"start": date(2010, 1, 1), "end": date(2009, 1, 1)}})
