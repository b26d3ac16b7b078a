"""Whom a trial offers a place: shares dealt to wards, people drawn by them, nobody else helped."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from small_areas import make_area

from simulation.config import Config
from simulation.errors import InputError
from simulation.model import LabourMarket
from simulation.policies.interventions.saturation import is_offered, ward_saturations

SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)


def test_every_share_is_dealt_to_as_many_wards_and_by_lot():
    first = ward_saturations(SHARES, 200, seed=1, number=4)
    for share in SHARES:
        assert (first == share).sum() == 40
    assert not np.array_equal(first, ward_saturations(SHARES, 200, seed=2, number=4))
    assert not np.array_equal(first, ward_saturations(SHARES, 200, seed=1, number=7))


def test_so_many_people_are_offered_a_place_as_their_ward_has_a_share():
    n = 20_000
    ids = np.arange(n)
    for share in SHARES:
        offered = is_offered(np.full(n, share), ids, seed=3, number=4)
        error = np.sqrt(share * (1.0 - share) / n)
        assert abs(offered.mean() - share) <= 4.0 * error
    # Whoever is drawn by a low share is drawn by a higher one.
    low, high = (is_offered(np.full(n, share), ids, seed=3, number=4) for share in (0.2, 0.6))
    assert (high | ~low).all()


def test_a_trial_helps_only_whom_it_was_drawn_for_and_all_of_them():
    area = make_area([400, 300, 350, 250])
    terms = {"active": True, "saturation": [0.0, 1.0, 0.5, 0.5], "places": 10_000_000}
    terms["end"] = date(2006, 5, 8)
    config = Config(weeks=2).replace(interventions={"employer_brokerage": terms})
    model = LabourMarket(config, 5, area=area)
    people = model.people
    is_out_of_work = people.cell < 0
    model.step()
    trial = model.support_system.interventions.trial_of
    share = ward_saturations((0.0, 1.0, 0.5, 0.5), 4, seed=5, number=4)[people.ward]
    expected = is_offered(share, people.id, seed=5, number=4)
    np.testing.assert_array_equal(trial.offered.is_offered, expected)
    helped = model.support_system.caseload.clients.treated_week >= 0
    assert helped.any()
    # Of those who could take a place, all who are offered one do.
    np.testing.assert_array_equal(helped, expected & trial.offered.is_eligible)
    # Those hired in the first week, before places are given, are out of work no more.
    still = is_out_of_work & (people.cell < 0) & expected
    assert helped[still].all()


def test_short_time_working_is_no_trial_for_it_chooses_jobs():
    with pytest.raises(InputError, match="saturation must be left out"):
        Config().replace(interventions={"short_time_working": {"saturation": [0.5]}})
