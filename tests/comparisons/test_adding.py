"""Adding seeds: until the width is met, never beyond the budget, all arms alike."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from experiments import configure
from experiments.comparisons.adding import (
    precision_text,
    reached,
    seeds_to_add,
    with_more_seeds,
)
from experiments.comparisons.arms import Arm
from experiments.comparisons.asked import Asked, Budget, CompareSettings
from simulation.provenance import code_version
from simulation.results.precision import half_width, seeds_needed
from simulation.results.verdict import COUNTED


def asked(seeds=8, words=(), **settings):
    arms = tuple(Arm(name, (), configure(*words)) for name in ("none", "a"))
    return Asked(arms, tuple(range(1, seeds + 1)), "none", CompareSettings(**settings))


def values_of(n_seeds, sd=100.0):
    return np.random.default_rng(1).normal(size=(n_seeds, 2)) * sd


def added(n_seeds, *, seconds=120.0, n_run=12, **settings):
    found = asked(n_seeds, **settings)
    return seeds_to_add(values_of(n_seeds), found, seconds=seconds, n_run=n_run)


def test_seeds_are_added_as_they_are_needed_but_at_most_doubled():
    # 12 / 0.8^2 = 18.75
    assert added(12, precision=0.8 * half_width(values_of(12))) == 19 - 12
    assert added(12, precision=1.0) == 12
    assert added(2, precision=1.0) == 10


def test_none_are_added_where_none_are_needed_or_asked_for():
    assert added(12, precision=1e6) == 0
    assert added(12) == 0


def test_the_budget_in_seeds_and_minutes_is_not_passed():
    assert added(12, precision=1.0, budget=Budget(seeds=14)) == 2
    assert added(12, precision=1.0, budget=Budget(seeds=4)) == 0
    # Ten seconds a seed; thirty are left of two minutes and a half.
    assert added(12, precision=1.0, budget=Budget(minutes=2.5)) == 3
    assert added(12, precision=1.0, budget=Budget(minutes=1)) == 0
    # Nothing was run yet, so that nobody knows how long one takes.
    assert added(12, precision=1.0, budget=Budget(minutes=2.5), n_run=0) == 1


def test_new_seeds_follow_those_there_are():
    more = with_more_seeds(asked(3, precision=1.0), 2)
    assert more.seeds == (1, 2, 3, 4, 5) and more.settings.precision == 1.0


def test_what_was_reached_is_said():
    values = values_of(8)
    told = reached(values, asked(8, precision=1e6))
    assert told["is_met"] and told["half_width"] == half_width(values)
    assert not reached(values, asked(8, precision=1.0))["is_met"]
    assert reached(values[:2], asked(2, precision=1.0))["half_width"] is None
    assert reached(values, asked(8)) == {}


def test_the_plan_says_how_many_seeds_and_minutes(tmp_path):
    assert precision_text(asked(8), tmp_path, seconds_a_seed=30.0) == ""
    found = asked(8, precision=20.0, budget=Budget(minutes=9))
    unknown = precision_text(found, tmp_path, seconds_a_seed=30.0)
    assert "20 years of work either way, at most 64 seeds or 9 minutes" in unknown
    assert unknown.endswith("told by the first 12")
    values = values_of(8)
    rows = [
        (arm, seed, "W", "all", *[values[seed, place]] * len(COUNTED))
        for seed in range(8)
        for place, arm in enumerate(("none", "a"))
    ]
    names = ["arm", "seed", "ward", "group", *COUNTED]
    pd.DataFrame(rows, columns=names).to_parquet(tmp_path / "period.parquet")
    config, seeds = found.arms[0].config.model_dump(mode="json"), list(range(8))
    arms = [{"name": name, "config": config} for name in ("none", "a")]
    written = {"arms": arms, "seeds": seeds, "code_version": code_version()}
    (tmp_path / "manifest.json").write_text(json.dumps(written))
    needed = seeds_needed(values, 20.0)
    minutes = (needed - 8) * 30 / 60
    assert precision_text(found, tmp_path, seconds_a_seed=30.0).endswith(
        f"from 8 seeds that are there, about {needed} seeds in all, about {minutes:.0f} minutes"
        " more"
    )
    # Other arms of the same names tell nothing.
    other = asked(8, ("people_per_agent=20",), precision=20.0, budget=Budget(minutes=9))
    assert precision_text(other, tmp_path, seconds_a_seed=30.0) == unknown


@pytest.mark.parametrize("word", ["precision=0", "headline=hires", "budget.seeds=0"])
def test_what_makes_no_sense_is_refused_in_a_line(word, pathfinder):
    done = pathfinder("compare", "area=two_towns", word)
    assert done.code == 2 and len(done.err) == 1
    assert word.partition("=")[0] in done.err[0]


def test_the_command_adds_seeds_to_all_arms_alike(pathfinder, tmp_path):
    words = ("compare=own", "area=two_towns", "weeks=9", "people_per_agent=10", "store=null",
             "arms.calm=[]", "arms.slump=[economy=deep]", "launcher=in_process", "page=false",
             "output=here", "seeds=2", "precision=0.001", "budget.seeds=9")  # fmt: skip
    assert pathfinder("compare", *words).code == 0
    manifest = json.loads((tmp_path / "here" / "manifest.json").read_text())
    assert manifest["seeds"] == list(range(1, 10))
    assert len(list((tmp_path / "here" / "runs").iterdir())) == 18
    assert manifest["precision"]["asked"] == 0.001
