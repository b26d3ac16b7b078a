"""The ready studies: each composes, is checked and planned; some of them run, made very small."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import pandas as pd
import pytest

from experiments.files.replacing import read_json
from experiments.studies.preparation import prepare_study
from experiments.words.choices import choices_of
from experiments.words.composition import compose_mapping

NAMES = choices_of("experiment")
READY = (
    "queue_strength",
    "regimes_under_recessions",
    "regimes_under_closures",
    "tariff_design",
    "partnership_trust",
)
TINY = (
    "area=two_towns",
    "people_per_agent=4",
    "launcher.name=in_process",
    "seeds=2",
    "most_seeds=2",
)


@cache
def prepared(name, *words):
    """The study an experiment makes; reading its tables takes seconds, so it is done once."""
    words = [f"experiment={name}", *words]
    return prepare_study(compose_mapping("study", words), words)


@pytest.mark.parametrize("name", NAMES)
def test_every_experiment_is_sound_at_every_size_and_says_what_it_asks(name):
    small = prepared(name)
    assert set(small.settings.sizes) == {"small", "full"}
    full = prepared(name, "size=full")
    assert small.name == full.name == name
    assert small.settings.question.endswith("?")
    assert small.settings.title
    assert set(small.settings.better) <= set(small.settings.outcomes)


@pytest.mark.parametrize("name", READY)
def test_a_ready_study_is_small_by_default_and_full_by_one_word(name):
    small, full = prepared(name), prepared(name, "size=full")
    n_runs = len(small.design.points) * small.settings.most_seeds
    agents, weeks = small.model.size(small.model.complete(small.base))
    assert n_runs <= 150
    assert n_runs * agents * weeks < 1e9  # Minutes on two cores.
    assert full.model.size(full.model.complete(full.base))[0] > 1_500_000
    assert full.settings.most_seeds > small.settings.most_seeds


def test_a_ready_study_has_a_plan_and_writes_nothing_for_it(pathfinder, tmp_path):
    # Of two towns, for what such a run takes is measured by running some weeks of it.
    words = ("experiment=queue_strength", "area=two_towns", "plan=true")
    code, out, err = pathfinder("study", *words)
    assert (code, [line for line in err if "failed" in line]) == (0, [])
    study = prepared("queue_strength")
    runs = len(study.design.points) * study.settings.seeds
    assert any(f"{runs:,} runs" in line for line in out)
    assert list(tmp_path.iterdir()) == []


def carried_out(pathfinder, tmp_path, name, *words):
    """Run a study made tiny, without drawing its page; return its folder."""
    code, _, err = pathfinder("study", f"experiment={name}", *TINY, "page=false", *words)
    assert code == 0, err
    return tmp_path / "results" / "studies" / name


def differing(table, outcome):
    """How many rows of an outcome differ from the baseline."""
    rows = table[(table["outcome"] == outcome) & table["difference"].notna()]
    return int((rows["difference"] != 0).sum()), len(rows)


@pytest.mark.slow
def test_queue_strength_tells_help_apart_by_the_strength_of_the_queue(pathfinder, tmp_path):
    words = (
        "weeks=66",
        "factors.hiring.strength.values=[0.0,16.0]",
        "interventions.level_2.places=400",
        "interventions.temporary_jobs.places=200",
    )
    folder = carried_out(pathfinder, tmp_path, "queue_strength", *words)
    effects = pd.read_csv(folder / "effects.csv")
    assert differing(effects, "long_term_workless_share_mean") == (6, 6)
    assert effects.loc[effects["outcome"] == "long_term_in_work_later", "mean"].between(5, 95).all()
    between = pd.read_csv(folder / "interactions.csv")
    assert set(between["by"]) == {"hiring.strength"}
    assert (between["hiring.strength"] == 16.0).all()
    row = between[between["outcome"] == "employment_rate_mean"].iloc[0]
    assert row["interaction"] == pytest.approx(row["difference"] - row["difference_at_reference"])
    # The same again runs nothing.
    code, _, err = pathfinder("study", "experiment=queue_strength", *TINY, *words)
    assert code == 0
    assert (folder / "study.html").exists()
    assert any("16 kept from before" in line for line in err)


@pytest.mark.slow
def test_regimes_under_recessions_gives_a_table_of_decisions(pathfinder, tmp_path):
    folder = carried_out(
        pathfinder,
        tmp_path,
        "regimes_under_recessions",
        "weeks=66",
        "factors.regime.values=[none,fragmented,prime_contractor]",
        "factors.economy.values=[steady,sharp]",
    )
    table = pd.read_csv(folder / "decisions.csv").set_index(["outcome", "policy"])
    assert (table["n_futures"] == 2).all()
    sustained = table.loc["sustained_26_weeks"]
    assert sustained.loc["none", "best"] == 0
    assert sustained.loc["none", "mean"] == 0
    assert sustained["best"].sum() >= 2
    assert sustained["is_minimax"].any()
    # No support covers nothing one could measure, and is not compared there.
    assert math.isnan(table.loc[("coverage_share", "none"), "mean_regret"])
    assert "not compared" in table.loc[("coverage_share", "none"), "note"]
    effects = pd.read_csv(folder / "effects.csv", keep_default_na=False, na_values=[""])
    assert set(effects.loc[effects["difference"].notna(), "regime"]) == {
        "fragmented",
        "prime_contractor",
    }


@pytest.mark.slow
def test_tariff_design_compares_tariffs_of_prime_contractors_only(pathfinder, tmp_path):
    folder = carried_out(
        pathfinder,
        tmp_path,
        "tariff_design",
        "weeks=78",
        "factors.regime.prime_terms.values=[work_programme,flat]",
    )
    effects = pd.read_csv(folder / "effects.csv")
    n_differing, n_rows = differing(effects, "access_ratio_health")
    assert (n_rows, n_differing > 0) == (4, True)
    assert set(pd.read_csv(folder / "decisions.csv")["policy"]) == {"work_programme", "flat"}
    manifest = read_json(folder / "manifest.json")
    assert manifest["base"]["regime.name"] == "prime_contractor"


@pytest.mark.slow
def test_partnership_trust_finds_what_joint_planning_hangs_on(pathfinder, tmp_path):
    folder = carried_out(
        pathfinder,
        tmp_path,
        "partnership_trust",
        "weeks=110",
        "samples=4",
        "factors=[regime,partnership.trust]",
    )
    indices = pd.read_csv(folder / "indices.csv")
    assert set(indices["factor"]) == {"regime", "partnership.trust"}
    moved = indices[(indices["outcome"] == "coverage_share") & (indices["index"] == "mu_star")]
    assert (moved["value"] > 0).all()
    assert np.isfinite(moved[["low", "high"]]).all(axis=None)
