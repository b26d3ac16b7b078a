"""Works: keys, the row a run becomes, the models that are run."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from experiments.models import MODELS, model_named
from experiments.models.known_answers import KnownAnswer, normal
from experiments.models.values import differences, with_changes
from experiments.running.work import make_work, run_work, try_work
from experiments.store import Store
from simulation.config import Config
from simulation.errors import InputError
from simulation.finished.run import Run
from simulation.inputs.shipped import resolve_file
from simulation.inputs.users_files import MISSING
from simulation.runner import simulate

SMALL = {"area.name": "two_towns", "weeks": 9}


def work(model: str = "ishigami", seed: int = 1, **changes: object):
    """Return a work by values without dots."""
    return make_work(model, changes, seed, name="one")


def test_the_same_values_have_the_same_key_however_they_are_written():
    one = make_work("labour_market", {**SMALL, "hiring.strength": 2}, 1, name="a")
    same = make_work("labour_market", {"hiring.strength": 2.0, **SMALL}, 1, name="b")
    usual = make_work("labour_market", SMALL, 1, name="c")
    default = Config().hiring.strength
    spelt_out = make_work("labour_market", {**SMALL, "hiring.strength": default}, 1, name="d")
    assert one.key == same.key
    assert usual.key == spelt_out.key != one.key
    assert spelt_out.changes == SMALL


def test_seed_values_and_model_change_the_key():
    works = [work(), work(seed=2), work(x1=0.25), work("sobol_g"), work(noise=1.0)]
    assert len({each.key for each in works}) == len(works)


def test_a_file_of_ones_own_is_part_of_the_key_by_its_content(tmp_path):
    file = tmp_path / "path.csv"
    file.write_text("date,sector,index\n2006-05-01,all,100\n")
    changes = {**SMALL, "economy.file": str(file), "economy.name": "mine"}
    first = make_work("labour_market", changes, 1, name="a")
    file.write_text("date,sector,index\n2006-05-01,all,100\n2007-05-01,all,90\n")
    second = make_work("labour_market", changes, 1, name="b")
    file.write_text("date,sector,index\n2006-05-01,all,100\n")
    third = make_work("labour_market", changes, 1, name="c")
    assert first.key == third.key != second.key
    inputs = model_named("labour_market").inputs
    assert set(inputs(with_changes(Config().model_dump(mode="json"), changes))) == {str(file)}


def test_a_shipped_table_is_no_file_of_ones_own():
    model = model_named("labour_market")
    changes = {**SMALL, "regime.name": "prime_contractor", "funding.table": "two_towns"}
    assert model.inputs(model.complete(changes)) == {}


def test_the_second_table_of_streams_and_the_tariffs_they_name_are_part_of_the_key(tmp_path):
    streams, tariff = tmp_path / "streams.csv", tmp_path / "mine.yaml"
    streams.write_text(f"stream,terms\none,{tariff}\ntwo,unit_price\n")
    tariff.write_text("a: 1\n")
    amounts = tmp_path / "streams_amounts.csv"
    amounts.write_text("stream,year\n")
    model = model_named("labour_market")
    found = model.inputs(model.complete({"funding.table": str(streams)}))
    assert set(found) == {str(streams), str(tariff), str(amounts)}


def test_tables_in_the_home_folder_are_found_there_and_are_part_of_the_key(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "streams.csv").write_text("stream,terms\none,~/mine.yaml\n")
    (tmp_path / "mine.yaml").write_text("a: 1\n")
    model = model_named("labour_market")
    found = model.inputs(model.complete({"funding.table": "~/streams.csv"}))
    assert set(found) >= {"~/streams.csv", "~/mine.yaml"}
    assert MISSING not in (found["~/streams.csv"], found["~/mine.yaml"])
    assert resolve_file("~/mine.yaml", group="tariffs", suffix=".yaml") == tmp_path / "mine.yaml"


def test_unknown_values_and_models_are_refused_with_the_nearest_names():
    with pytest.raises(InputError, match="did you mean strength"):
        make_work("labour_market", {"hiring.strenght": 1}, 1, name="a")
    with pytest.raises(InputError, match="x9 is not a value of ishigami"):
        work(x9=1.0)
    with pytest.raises(InputError, match="x1 must be a number from -3.14159 to 3.14159, got 4"):
        work(x1=4)
    with pytest.raises(InputError, match="did you mean ishigami"):
        work("ishigamy")


def test_the_row_of_a_run_holds_its_outcomes_and_months(tmp_path):
    store = Store(tmp_path / "store", create=True)
    one = make_work("labour_market", {**SMALL, "regime.name": "fragmented"}, 5, name="one")
    told: list[int] = []
    run_work(one, store.folder, experiment="mine", tell=told.append)
    # The same world goes first without support; no week of the run is done meanwhile.
    assert told == [0] * 9 + list(range(1, 10))
    config = Config.from_mapping({"area": {"name": "two_towns"}, "weeks": 9})
    run = simulate(config.replace(regime={"name": "fragmented"}), 5)
    last = run.table().iloc[-1]
    row = store.runs(keys=[one.key]).iloc[0]
    assert row["employment_rate_end"] == 100 * last["employed"] / last["residents"]
    assert row["spend_gbp"] > 0
    assert (row["seed"], row["n_people"], row["experiment"]) == (5, 4000, "mine")
    months = store.months([one.key])
    assert set(months["group"]) == {"all", "priority:1", "priority:0"}
    whole = months[months["group"] == "all"]
    np.testing.assert_array_equal(whole["hires"], run.table()["hires"])


def test_who_worked_where_changes_no_outcome(tmp_path):
    model = model_named("labour_market")
    values = model.complete({**SMALL, "weeks": 30, "regime.name": "aligned"})
    with_people, without = (
        model.run(values, 1, people=people, tell=lambda weeks: None) for people in (True, False)
    )
    assert with_people.outcomes == without.outcomes
    pd.testing.assert_frame_equal(with_people.months, without.months)


def test_a_run_shorter_than_a_month_has_outcomes_of_support_alone():
    model = model_named("labour_market")
    values = model.complete({"area.name": "two_towns", "weeks": 1})
    result = model.run(values, 1, people=False, tell=lambda weeks: None)
    assert set(result.outcomes) <= set(model.units())
    assert all(math.isfinite(value) for value in result.outcomes.values())


def test_a_folder_is_saved_besides_the_row(tmp_path):
    store = Store(tmp_path / "store", create=True)
    one = make_work("labour_market", SMALL, 3, name="one", folder=tmp_path / "here", people=True)
    run_work(one, store.folder, experiment="mine", tell=lambda weeks: None)
    saved = Run.load(tmp_path / "here")
    assert saved.seed == 3
    assert "people" in saved.tables
    assert one.key in store


def test_without_a_folder_what_is_in_the_store_is_not_done_again(tmp_path):
    store = Store(tmp_path / "store", create=True)
    one = work(sleep=0.05)
    for _ in range(2):
        told: list[int] = []
        run_work(one, store.folder, experiment="mine", tell=told.append)
    assert told == []


def test_a_defect_is_told_with_the_line_it_is_in(tmp_path, monkeypatch):
    def broken(self, values, seed, **more):
        return 1 / 0

    monkeypatch.setattr(KnownAnswer, "run", broken)
    store = Store(tmp_path / "store", create=True)
    failure = try_work(work(), store.folder, experiment="mine", tell=lambda weeks: None)
    line = broken.__code__.co_firstlineno + 1
    expected = f"ZeroDivisionError: division by zero (test_work.py, line {line}, in broken)"
    assert failure.lines == store.failures()[0].lines == (expected,)
    assert not failure.is_input


def test_ishigami_has_the_published_value_and_variance():
    values = model_named("ishigami").complete({"x1": math.pi / 2, "x2": math.pi / 2, "x3": 1.0})
    y = model_named("ishigami").run(values, 1, people=False, tell=lambda weeks: None)
    assert y.outcomes["y"] == pytest.approx(1 + 7 + 0.1)
    points = np.random.default_rng(1).uniform(-math.pi, math.pi, (40_000, 3))
    drawn = np.array([MODELS["ishigami"].function(point) for point in points])
    variance = 49 / 8 + 0.1 * math.pi**4 / 5 + 0.01 * math.pi**8 / 18 + 0.5
    assert drawn.var() == pytest.approx(variance, rel=0.03)
    assert drawn.mean() == pytest.approx(3.5, abs=0.1)


def test_the_g_function_has_mean_one_and_the_published_variance():
    weights = np.array([0, 1, 4.5, 9, 99, 99, 99, 99])
    points = np.random.default_rng(2).uniform(0, 1, (40_000, 8))
    drawn = np.array([MODELS["sobol_g"].function(point) for point in points])
    variance = np.prod(1 + 1 / (3 * (1 + weights) ** 2)) - 1
    assert drawn.mean() == pytest.approx(1, abs=0.02)
    assert drawn.var() == pytest.approx(variance, rel=0.05)


def test_the_polynomial_of_morris_at_its_corners():
    # All w are +1 at 1 but those of the bent factors, which are 2 (1.1 / 1.1 - 0.5) = 1 as well.
    y = MODELS["morris_1991"].function([1.0] * 20)
    first = 10 * 20 + sum((-1) ** i for i in range(11, 21))
    second = -15 * 15 + sum((-1) ** (i + j) for i in range(1, 21) for j in range(max(i, 6) + 1, 21))
    third, fourth = -10 * math.comb(5, 3), 5
    assert y == pytest.approx(first + second + third + fourth)


def test_noise_is_the_same_for_the_same_point_and_seed_and_independent_otherwise():
    assert normal("ishigami", 1, 0.5) == normal("ishigami", 1, 0.5)
    drawn = np.array([[normal("a", seed, x / 500) for x in range(500)] for seed in (1, 2)])
    assert drawn.mean() == pytest.approx(0, abs=0.1)
    assert drawn.std() == pytest.approx(1, abs=0.1)
    assert abs(np.corrcoef(drawn)[0, 1]) < 0.15


def test_common_noise_is_shared_by_all_points_of_a_seed():
    model = model_named("sobol_g")

    def y(seed: int, x1: float, noise: float) -> float:
        values = model.complete({"x1": x1, "common_noise": noise})
        return model.run(values, seed, people=False, tell=lambda weeks: None).outcomes["y"]

    shifts = {seed: y(seed, 0.25, 1.0) - y(seed, 0.25, 0.0) for seed in (1, 2)}
    assert shifts[1] != shifts[2]
    for seed, shift in shifts.items():
        assert y(seed, 0.75, 1.0) - y(seed, 0.75, 0.0) == pytest.approx(shift)


def test_changes_are_put_over_defaults_and_found_again():
    defaults = {"a": {"b": 1, "c": [1, 2]}, "free": {}, "d": 2}
    changes = {"a.c": [3], "free": {"x.y": "z"}, "d": 4}
    values = with_changes(defaults, changes)
    assert values == {"a": {"b": 1, "c": [3]}, "free": {"x.y": "z"}, "d": 4}
    assert differences(defaults, values) == changes
    assert defaults["a"]["c"] == [1, 2]


def test_units_and_labels_name_the_same_outcomes():
    for name in MODELS:
        model = model_named(name)
        assert model.units().keys() == model.labels().keys()
        assert model.name == name


def test_the_folder_of_a_work_is_no_part_of_its_key(tmp_path: Path):
    with_folder = make_work("ishigami", {}, 1, name="a", folder=tmp_path, people=True)
    assert with_folder.key == work().key
