"""The gate: residents who work outside, jobs held from outside, in the same queues."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from reference import copy_first_day, first_disagreement

from experiments import configure
from simulation.categories import N_LEVELS, State
from simulation.config import Config
from simulation.errors import InputError
from simulation.inputs.area import load_area
from simulation.inputs.outside import OUTSIDE, with_outside
from simulation.inputs.schema import IDENTITIES
from simulation.inputs.shipped import shipped_area_folder
from simulation.model import LabourMarket
from simulation.record.outcomes import ORIGINS
from simulation.runner import forget_model, simulate

OPEN = {"works_outside": 0.2, "held_from_outside": 0.3}
TOWNS = Config(weeks=30, start=date(2008, 9, 1)).replace(area={"name": "two_towns"}, gate=OPEN)


@pytest.fixture(scope="module")
def area():
    return load_area(shipped_area_folder("two_towns"))


def test_a_closed_gate_leaves_the_area_as_it_is(area) -> None:
    assert with_outside(area, Config()) is area


def test_the_ward_outside_is_a_place_like_the_area_and_last(area) -> None:
    world = with_outside(area, TOWNS)
    here, outside = world.wards.iloc[:-1], world.wards.iloc[-1]
    assert (here[area.wards.columns] == area.wards).all(axis=None)
    assert outside["code"] == OUTSIDE and not world.priority[-1]
    come = 0.3 / 0.7 * 0.8
    for columns in IDENTITIES:
        assert outside[list(columns)].sum() == outside["residents"]
        found = outside[list(columns)].to_numpy(np.float64)
        expected = area.wards[list(columns)].sum().to_numpy() * come
        assert np.abs(found - expected).max() <= 1.0
    for home in range(area.n_wards):
        work, chance = world.commuting.of(home)
        assert work[-1] == area.n_wards and chance[-1] == pytest.approx(0.2, rel=1e-12)
        assert chance.sum() == pytest.approx(1.0, rel=1e-12)
    work, chance = world.commuting.of(area.n_wards)
    assert area.n_wards not in work and chance.sum() == pytest.approx(1.0, rel=1e-12)


def test_shares_of_the_first_day_are_those_asked_for() -> None:
    towns = TOWNS.replace(people_per_agent=2)
    model = LabourMarket(towns, 1)
    people, n = model.people, model.residents.state.size
    cells = people.cell[people.cell >= 0]
    is_outside = model.jobs.ward[cells // N_LEVELS] == model.area.n_wards
    lives_outside = np.flatnonzero(people.cell >= 0) >= n
    leave = (is_outside & ~lives_outside).sum() / (~lives_outside).sum()
    held = (lives_outside & ~is_outside).sum() / (~is_outside).sum()
    assert not (is_outside & lives_outside).any()
    assert leave == pytest.approx(0.2, abs=3 * np.sqrt(0.16 / (~lives_outside).sum()))
    assert held == pytest.approx(0.3, abs=3 * np.sqrt(0.21 / (~is_outside).sum()))
    closed = LabourMarket(towns.replace(gate={name: 0.0 for name in OPEN}), 1)
    for name in ("ward", "state", "age_weeks", "qualification", "barriers"):
        mine, theirs = getattr(model.residents, name), getattr(closed.people, name)
        np.testing.assert_array_equal(mine, theirs)
    forget_model(model)
    forget_model(closed)


def test_engine_and_reference_agree_on_everybody_inside_and_outside() -> None:
    config = TOWNS.replace(
        people_per_agent=10,
        weeks=16,
        people={"p_move_on_hire": 0.5},
        gate={"file": "steady.csv"},
    )
    engine = LabourMarket(config, 5)
    reference = copy_first_day(engine, 5)
    try:
        outside = slice(engine.residents.state.size, None)
        before = engine.people.state[outside].copy()
        for _ in range(config.weeks):
            engine.step()
            reference.step()
            assert first_disagreement(engine, reference) is None
        assert (before != engine.people.state[outside]).any()
        assert (engine.people.ward[: engine.residents.ward.size] < engine.area.n_wards).all()
    finally:
        forget_model(engine)
        forget_model(reference)


def test_results_are_about_residents_alone() -> None:
    words = ("area=two_towns", "gate=open", "regime=fragmented", "weeks=14", "people_per_agent=10")
    aids = "interventions=[temporary_jobs,short_time_working,recruitment_compact]"
    config = configure(*words, aids, "start=2009-10-05", "closure=fixed_jobs")
    run = simulate(config, seed=1, events=True, people=True)
    months = run.monthly.astype({"outcome": str, "ward": str, "group": str})
    area = months[(months["ward"] == "all") & (months["group"] == "all")]
    table = area.pivot(index="date", columns="outcome", values="value")
    inside = load_area(shipped_area_folder("two_towns")).wards
    assert set(months["ward"]) == {"all", *inside["code"]}
    assert (table["residents"] == 10 * run.manifest["n_people"]).all()
    assert table["residents"].iloc[0] == pytest.approx(inside["residents"].sum(), abs=10)
    origins = [name for name in table if name.startswith("hires_")]
    assert (table[origins].sum(axis=1) == table["hires"]).all()
    first, last = table.iloc[0], table.iloc[-1]
    change = table["hires"].iloc[1:].sum() - table["separations"].iloc[1:].sum()
    assert last["employed"] - first["employed"] == change
    assert run.events["person"].max() < run.manifest["n_people"]
    assert len(run.tables["people"]) == run.manifest["n_people"]
    assert run.tables["clients"]["person"].max() < run.manifest["n_people"]
    helped = run.tables["clients"]["stream"].astype(str)
    assert helped.str.contains("temporary_jobs").any()
    assert State.EMPLOYED == 0


def test_new_jobs_and_offers_refused_are_those_of_the_area() -> None:
    engine = LabourMarket(TOWNS.replace(people_per_agent=4, economy={"shock_sd": 0.1}), 2)
    inside = np.repeat(engine.jobs.ward < engine.area.n_wards, N_LEVELS)
    new, refused, elsewhere = 0, 0, np.zeros(2, int)
    while engine.running:
        before = engine.jobs.desired.copy()
        engine.step()
        rise = np.maximum(engine.jobs.desired - before, 0)
        new += rise[inside].sum()
        refused += engine.flows.offers_refused[:-1].sum()
        elsewhere += [rise[~inside].sum(), engine.flows.offers_refused[-1]]
    counted = engine.recorder.area_flows.sum(axis=0)[len(ORIGINS) :]
    totals = dict(zip(engine.totals, counted.tolist(), strict=True))
    assert (totals["new_jobs"], totals["offers_refused"]) == (new, refused)
    assert (elsewhere > 0).all()
    forget_model(engine)


@pytest.mark.parametrize(
    ("gate", "says"),
    [
        ({"works_outside": 1.2, "held_from_outside": 0.1}, "gate.works_outside: .*equal to 0.8"),
        ({"works_outside": 0.1}, "gate.*must be both above 0, or both 0, got 0.1 and 0"),
        ({**OPEN, "file": "nowhere.csv"}, "economy file 'nowhere.csv' is not there"),
    ],
)
def test_a_gate_that_cannot_be_is_refused_in_one_line(gate, says) -> None:
    with pytest.raises(InputError, match=says) as raised:
        LabourMarket(Config(weeks=4).replace(area={"name": "two_towns"}, gate=gate), 1)
    assert len(str(raised.value).splitlines()) == 1
