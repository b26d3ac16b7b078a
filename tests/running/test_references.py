"""Reference worlds: found in the store, or simulated once and kept; never another world's."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pandas as pd
import pytest

from experiments.models import LABOUR_MARKET, model_named
from experiments.models.labour_market import LabourMarketModel
from experiments.running.references import keep_if_reference, reference_of
from experiments.running.work import make_work, run_work
from experiments.store import Store
from experiments.store.references import MOST_KEPT, REFERENCES, keep_reference, read_reference
from simulation.config import Config
from simulation.config.programme import OF_SUPPORT
from simulation.config.programme import reference_of as reference_world
from simulation.runner import simulate

SMALL = {"area.name": "two_towns", "weeks": 30, "people_per_agent": 2}
HELPED = SMALL | {"regime.name": "fragmented", "closure.response": 0.3}
SEED = 6


def told(weeks):
    assert weeks >= 0


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "store", create=True).folder


def kept(store):
    return sorted((store / REFERENCES).glob("*.parquet"))


def work(changes, seed=SEED, **more):
    return make_work(LABOUR_MARKET, changes, seed, name="a run", **more)


def test_arms_with_the_same_world_without_support_share_it(store):
    for response in (0.1, 0.3):
        run_work(work(HELPED | {"closure.response": response}), store, experiment="e", tell=told)
    run_work(work(HELPED | {"regime.name": "aligned"}), store, experiment="e", tell=told)
    assert len(kept(store)) == 1
    run_work(work(HELPED, seed=SEED + 1), store, experiment="e", tell=told)
    assert len(kept(store)) == 2


def test_a_run_without_support_is_the_world_of_those_with_it(store, monkeypatch):
    run_work(work(SMALL | {"closure.response": 0.5}), store, experiment="e", tell=told)
    (file,) = kept(store)
    model = model_named(LABOUR_MARKET)
    monkeypatch.setattr(model, "run", lambda *args, **more: pytest.fail("simulated again"))
    found = reference_of(model, model.complete(HELPED), SEED, store=store, tell=told)
    expected = simulate(model.config(model.complete(SMALL)), SEED).tables["markets"]
    pd.testing.assert_frame_equal(found, expected, check_exact=True, check_categorical=False)
    assert kept(store) == [file]


def test_runs_with_support_wait_for_the_run_that_is_their_world(store, monkeypatch):
    worlds, begun, run = [], threading.Event(), LabourMarketModel.run

    def noted(self, values, seed, **more):
        if not self.has_support(values):
            worlds.append(seed)
            begun.set()
        return run(self, values, seed, **more)

    monkeypatch.setattr(LabourMarketModel, "run", noted)
    with ThreadPoolExecutor() as pool:
        first = pool.submit(run_work, work(SMALL), store, experiment="e", tell=told)
        assert begun.wait(60)
        run_work(work(HELPED), store, experiment="e", tell=told)
        first.result()
    assert worlds == [SEED] and len(kept(store)) == 1
    assert not list((store / REFERENCES).glob("*.lock"))


def test_where_jobs_are_fixed_there_is_none(store):
    run_work(work(HELPED | {"closure.response": 0.0}), store, experiment="e", tell=told)
    assert not kept(store)


def test_the_run_is_the_same_with_a_store_and_without(store, tmp_path):
    changes = HELPED | {"closure.response": 5.0, "weeks": 60}
    run_work(work(changes, folder=tmp_path / "run"), store, experiment="e", tell=told)
    config = Config.from_mapping(model_named(LABOUR_MARKET).complete(changes))
    alone = simulate(config, SEED)
    saved = pd.read_parquet(tmp_path / "run" / "monthly.parquet")
    assert saved["value"].equals(alone.monthly["value"])
    # And the world matters: it is not the run in which jobs are fixed.
    fixed = simulate(config.replace(closure={"response": 0.0}), SEED)
    assert not fixed.monthly["value"].equals(alone.monthly["value"])


def test_a_file_that_is_not_as_it_was_written_is_no_reference(store):
    run_work(work(HELPED), store, experiment="e", tell=told)
    (file,) = kept(store)
    key, whole = file.name.partition(".")[0], file.read_bytes()
    file.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    assert read_reference(store, key) is None
    assert not kept(store)
    run_work(work(HELPED | {"regime.name": "aligned"}), store, experiment="e", tell=told)
    assert kept(store)[0].read_bytes() == whole


def test_those_used_longest_ago_are_forgotten(store, monkeypatch):
    monkeypatch.setattr("experiments.store.references.MOST_KEPT", 2)
    table = pd.DataFrame({"week": [0]})
    for key in ("a", "b", "c"):
        keep_reference(store, key, table)
        assert read_reference(store, key) is not None
    assert len(kept(store)) == 2 < MOST_KEPT
    assert read_reference(store, "c") is not None


def test_a_function_with_known_answers_has_no_other_world(store):
    model = model_named("ishigami")
    values = model.complete({})
    assert reference_of(model, values, 1, store=store, tell=told) is None
    result = model.run(values, 1, people=False, tell=told)
    assert keep_if_reference(model, values, 1, result, store=store) is None
    assert not (store / REFERENCES).exists()


def test_without_support_nothing_that_is_said_of_it_matters():
    said: dict[str, dict] = {
        "goodwill": {"usual": 0.3, "elasticity": 1.0},
        "residents": {"elasticity": 3.0, "usual": [0.2, 0.2, 0.2]},
        "journey": {"p_broker": 0.5},
        "providers": {"density": 20.0},
        "funding": {"scale": 9.0},
        "belief": {"known": True},
        "closure": {"response": 0.5},
        "regime": {"prime_margin": 0.3},
        "partnership": {"trust": 0.9},
    }
    assert {*said} <= {*OF_SUPPORT}
    config = Config.from_mapping({"area": {"name": "two_towns"}, "weeks": 30, **said})
    bare = reference_world(config)
    assert bare != config
    ours, theirs = simulate(config, SEED).monthly, simulate(bare, SEED).monthly
    pd.testing.assert_frame_equal(ours, theirs, check_exact=True)
