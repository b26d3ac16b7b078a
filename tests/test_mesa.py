"""The labour market as a Mesa model: batch runs, running, data, memory, Mesa's own generator."""

from __future__ import annotations

import gc
import inspect
import weakref

import mesa
import numpy as np
import pytest

from simulation import Config, InputError, LabourMarket, runner, simulate
from simulation.categories import State
from simulation.runner import forget_model

TOWNS = Config(weeks=20, people_per_agent=2).replace(area={"name": "two_towns"})


TAKES_RNG = "rng" in inspect.signature(mesa.batch_run).parameters
FIRST_STEP = 1 if TAKES_RNG else 0
"""How Mesa numbers steps: 3.5 from one, 3.3 from nought."""


def batch(seeds: list[int | None], every: int = -1, **parameters: object) -> list[dict]:
    """Run a batch of Mesa's in this process, its seeds given as this version of Mesa takes them."""
    given = {"config": [TOWNS], **parameters}
    options: dict = {"display_progress": False, "data_collection_period": every}
    if TAKES_RNG:
        return mesa.batch_run(LabourMarket, given, rng=seeds, **options)
    return mesa.batch_run(LabourMarket, {**given, "seed": seeds}, **options)


# Batch runs


def test_a_batch_has_a_row_for_each_value_and_seed_and_each_is_the_run_itself() -> None:
    rows = batch([0, 7], hiring__strength=[0.0, 1.0])
    assert sorted((row["hiring__strength"], row["seed"]) for row in rows) == [
        (0.0, 0),
        (0.0, 7),
        (1.0, 0),
        (1.0, 7),
    ]
    for row in rows:
        config = TOWNS.replace(hiring={"strength": row["hiring__strength"]})
        last = simulate(config, row["seed"]).table().iloc[-1]
        assert row["employed"] == last["employed"]
        assert row["jsa"] == last["jsa"]
        assert row["Step"] == TOWNS.weeks - 1 + FIRST_STEP


def test_a_batch_collects_every_so_many_weeks() -> None:
    rows = batch([1], every=1)
    assert [row["Step"] - FIRST_STEP for row in rows] == list(range(TOWNS.weeks))
    model = LabourMarket(TOWNS, 1)
    for row in rows:
        model.step()
        assert row["employed"] == model.states[State.EMPLOYED] * TOWNS.people_per_agent
    forget_model(model)


@pytest.mark.filterwarnings("ignore:The `iterations` keyword")
def test_iterations_of_a_batch_without_seeds_differ_and_their_seeds_repeat_them() -> None:
    rows = mesa.batch_run(LabourMarket, {"config": [TOWNS]}, iterations=3, display_progress=False)
    assert [row["iteration"] for row in rows] == [0, 1, 2]
    assert len({row["seed"] for row in rows}) == 3
    for row in rows:
        last = simulate(TOWNS, row["seed"]).table().iloc[-1]
        assert (row["employed"], row["jsa"]) == (last["employed"], last["jsa"])


def test_parameters_of_a_batch_are_checked_like_any_others() -> None:
    with pytest.raises(InputError, match=r"hiring\.strenght.*strength"):
        LabourMarket(TOWNS, 1, hiring__strenght=1.0)
    with pytest.raises(InputError, match=r"hiring\.strength"):
        LabourMarket(TOWNS, 1, hiring__strength=-1.0)


def test_parameters_by_key_are_those_of_the_configuration() -> None:
    model = LabourMarket(TOWNS, 1, hiring__strength=0.25, weeks=3, hiring__rule="stigma")
    forget_model(model)
    assert model.config == TOWNS.replace(weeks=3, hiring={"strength": 0.25, "rule": "stigma"})


# A Mesa model


def test_the_market_is_a_mesa_model_that_runs_until_its_last_week() -> None:
    model = LabourMarket(TOWNS, 1)
    assert isinstance(model, mesa.Model)
    assert model.running
    model.run_model()
    assert not model.running
    assert model.steps == model.week == TOWNS.weeks
    with pytest.raises(InputError, match="20 weeks is over"):
        model.step()
    forget_model(model)


def test_the_data_collector_has_rows_that_are_counts_of_people() -> None:
    model = LabourMarket(TOWNS, 1)
    model.run_model()
    data = model.datacollector.get_model_vars_dataframe()
    forget_model(model)
    assert len(data) >= 5
    assert (data["employed"] + data["workless"] == 4000).all()
    people = model.people
    assert data["employed"].iloc[-1] == 2 * (people.state == State.EMPLOYED).sum()
    assert data["jsa"].iloc[-1] == 2 * (people.state == State.JSA).sum()
    assert data["date"].is_monotonic_increasing
    assert data["date"].iloc[-1] == "2006-09-11"  # First day of the twentieth week.


# Randomness


def test_seed_zero_is_a_seed_like_any_other() -> None:
    model = LabourMarket(TOWNS, 0)
    forget_model(model)
    assert int(model.key) == 0
    assert model.rng.random() == np.random.default_rng(0).random()
    assert simulate(TOWNS, 0).monthly.equals(simulate(TOWNS, 0).monthly)
    assert not simulate(TOWNS, 0).monthly.equals(simulate(TOWNS, 1).monthly)


def test_the_largest_seed_is_taken_and_the_next_is_refused() -> None:
    forget_model(LabourMarket(TOWNS, 2**64 - 1))
    for seed in (2**64, -1, 1.0, True):
        with pytest.raises(InputError, match="seed"):
            LabourMarket(TOWNS, seed)


def test_drawing_from_mesas_generators_changes_nobody() -> None:
    quiet, noisy = LabourMarket(TOWNS, 5), LabourMarket(TOWNS, 5)
    while quiet.running:
        quiet.step()
        noisy.rng.random(10)
        noisy.random.random()
        noisy.step()
    for column, other in zip(quiet.people, noisy.people, strict=True):
        assert np.array_equal(column, other)
    forget_model(quiet)
    forget_model(noisy)


# Memory


def test_a_run_leaves_no_model_alive(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where a model made Mesa agents, which Mesa's table of ids would keep alive."""
    models: list[weakref.ref] = []

    class WithAgents(LabourMarket):
        def __init__(self, *arguments: object, **words: object) -> None:
            super().__init__(*arguments, **words)
            mesa.Agent(self)
            models.append(weakref.ref(self))

    monkeypatch.setattr(runner, "LabourMarket", WithAgents)
    before = len(getattr(mesa.Agent, "_ids", ()))
    simulate(TOWNS, 1)
    simulate(TOWNS, 2, events=True)
    gc.collect()
    assert len(models) == 2
    assert [model() for model in models] == [None, None]
    assert len(getattr(mesa.Agent, "_ids", ())) == before


def test_a_run_that_fails_leaves_no_model_alive(monkeypatch: pytest.MonkeyPatch) -> None:
    models: list[weakref.ref] = []

    def stop(week: int) -> None:
        raise KeyboardInterrupt

    class Counted(LabourMarket):
        def __init__(self, *arguments: object, **words: object) -> None:
            super().__init__(*arguments, **words)
            mesa.Agent(self)
            models.append(weakref.ref(self))

    monkeypatch.setattr(runner, "LabourMarket", Counted)
    with pytest.raises(KeyboardInterrupt):
        simulate(TOWNS, 1, progress=stop)
    gc.collect()
    assert [model() for model in models] == [None]
