"""What a person takes in memory, counted from the arrays a model holds on to; what must fit."""

from __future__ import annotations

import dataclasses
from datetime import date

import numba
import numpy as np
import pyarrow as pa
import pytest
from reachable_arrays import bytes_by_array
from small_areas import make_area

from experiments.commands.benchmark_areas import tile_area
from simulation.agents.clients import Clients, Support
from simulation.agents.columns import check_fits, columns_at_rest, new_columns
from simulation.config import Config
from simulation.errors import InputError
from simulation.inputs.area import Area, load_area
from simulation.inputs.geography import chances_of_flows
from simulation.inputs.shipped import shipped_area_folder
from simulation.labour.population import build_people
from simulation.model import LabourMarket
from simulation.record.packed import Packed
from simulation.runner import forget_model

MOST_BYTES = {"none": 100, "aligned": 250}
"""A person, after five years."""


@pytest.fixture
def one_thread():
    """Two threads that share their cores with other tests wait for each other most of the time."""
    before = numba.get_num_threads()
    numba.set_num_threads(1)
    yield
    numba.set_num_threads(before)


@pytest.mark.usefixtures("one_thread")
@pytest.mark.parametrize("regime", MOST_BYTES)
def test_a_person_takes_no_more_than_so_many_bytes_after_five_years(regime):
    area = tile_area(load_area(shipped_area_folder("bcbc")), 1e5)
    config = Config(
        area={"name": "bcbc"},
        regime={"name": regime},
        funding={"scale": 1e5 / 1.55e6},
        start=date(2007, 4, 2),
        weeks=260,
        people_per_agent=1,
    )
    model = LabourMarket(config, 1, area=area)
    while model.running:
        model.step()
    assert sum(bytes_by_array(model).values()) / model.people.id.size <= MOST_BYTES[regime]
    forget_model(model)


def test_without_support_nothing_is_kept_of_it_for_each_person():
    model = LabourMarket(Config(area={"name": "two_towns"}, weeks=1), 1)
    model.step()
    assert sum(bytes_by_array(model.support_system).values()) < model.people.id.size
    forget_model(model)


@pytest.mark.parametrize("kind", [Support, Clients])
def test_columns_at_rest_read_like_those_of_a_person_nobody_has_helped(kind):
    for still, own in zip(columns_at_rest(kind, 5), new_columns(kind, 5), strict=True):
        assert still.dtype == own.dtype
        assert still.tolist() == own.tolist()
        with pytest.raises(ValueError, match="read-only"):
            still[0] = 0


def many_wards(n: int) -> Area:
    """Wards of 12 and of 7 people in turn, everybody working at home."""
    two = make_area([12, 7])
    rows = np.arange(n) % 2
    wards = two.wards.iloc[rows].reset_index(drop=True)
    wards = wards.assign(code=[f"W{ward}" for ward in range(n)], easting=3000.0 * np.arange(n))
    home = np.arange(n)
    commuting = chances_of_flows(home, home, np.ones(n), n_wards=n)
    return dataclasses.replace(two, wards=wards, jobs=two.jobs[rows], commuting=commuting)


def test_ward_numbers_above_32767_are_what_they_say():
    area = many_wards(33_000)
    people = build_people(area, Config(people_per_agent=1), seed=1)
    lived_in = np.bincount(people.ward, minlength=area.n_wards)
    np.testing.assert_array_equal(lived_in, area.wards["residents"])


def test_more_wards_than_their_numbers_hold_are_refused_in_one_line():
    area = many_wards(65_537)
    with pytest.raises(InputError, match=r"^area made: wards: at most 65,536, got 65,537"):
        build_people(area, Config(people_per_agent=1), seed=1)


@pytest.mark.parametrize("kind", [np.int16, np.uint16, np.int32])
def test_the_last_number_a_column_holds_is_the_last_allowed(kind):
    most = int(np.iinfo(kind).max) + 1
    check_fits("jobs", most, kind)
    with pytest.raises(InputError, match=f"jobs: at most {most:,}, got {most + 1:,}"):
        check_fits("jobs", most + 1, kind)


def test_arrays_put_away_come_back_in_their_order():
    packed = Packed(np.int32, (2, 3))
    assert packed.unpacked().shape == (0, 2, 3)
    months = [np.arange(6).reshape(1, 2, 3) + 10 * month for month in range(3)]
    for month in months:
        packed.add(month)
    np.testing.assert_array_equal(packed.unpacked(), np.concatenate(months))


def test_arrays_put_away_hold_no_room_for_what_was_squeezed_out():
    before = pa.total_allocated_bytes()
    packed = Packed(np.int32)
    packed.add(np.zeros(1_000_000))
    assert packed.unpacked().size == 1_000_000
    assert pa.total_allocated_bytes() - before < 1_000
