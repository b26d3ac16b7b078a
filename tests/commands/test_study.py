"""`pathfinder study` from words to a folder: right, resumable, and refused before anything runs."""

from __future__ import annotations

import json
import math
import os
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from experiments.models import model_named
from experiments.store import Store
from experiments.studies.analysis import analyse_study
from experiments.studies.folder import notes_of
from experiments.studies.preparation import prepare_study
from experiments.studies.replicates import Rule, noise_frame
from experiments.studies.rounds import Findings
from experiments.studies.works import changes_at
from experiments.words.composition import compose_mapping
from simulation.errors import InputError
from tests.given_once import last_of_each

ROOT = Path(__file__).resolve().parents[2]
HERE = "launcher=in_process"
ISHIGAMI = ("study", "experiment=ishigami", "samples=8", HERE, "page=false")
AREA = ("area=two_towns", "weeks=26")
ALONE = "factors=[hiring.strength]"
STRENGTH = "factors=[hiring.strength,hiring:random|ranking]"


def study_of(*words):
    words = [word.replace("factors=", "chosen_factors=") for word in words]
    return prepare_study(compose_mapping("study", words), words)


def manifest_of(folder):
    return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))


# What a study gives


def test_a_study_has_every_point_with_every_seed_and_what_the_model_gives_there(
    pathfinder, tmp_path
):
    found = pathfinder(*ISHIGAMI)
    assert found.code == 0, found.err
    folder = tmp_path / "results" / "studies" / "ishigami"
    points = pd.read_csv(folder / "design.csv", index_col="point")
    runs = pd.read_parquet(folder / "runs.parquet")
    assert len(points) == 8 * (2 * 3 + 2)
    assert list(runs.columns) == ["point", "seed", "key", "y"]
    seeds = sorted(runs["seed"].unique())
    assert len(runs) == len(points) * len(seeds) and not runs.duplicated(["point", "seed"]).any()
    model = model_named("ishigami")
    for _, run in runs.iloc[::37].iterrows():
        values = {**points.loc[run["point"]].to_dict(), "noise": 0.5, "common_noise": 3.0}
        result = model.run(
            model.complete(values), int(run["seed"]), people=False, tell=lambda weeks: None
        )
        assert run["y"] == pytest.approx(result.outcomes["y"], rel=1e-9)


def test_a_study_writes_its_tables_and_what_it_takes_to_repeat_it(pathfinder, tmp_path):
    pathfinder(*last_of_each((*ISHIGAMI, "seeds=3", "page=true")))
    folder = tmp_path / "results" / "studies" / "ishigami"
    assert {path.name for path in folder.iterdir()} >= {
        "manifest.json", "design.csv", "runs.parquet", "indices.csv", "convergence.csv",
        "noise.csv", "page.html", "study.html", "figures",
    }  # fmt: skip
    manifest = manifest_of(folder)
    assert manifest["seeds"] == [1, 2, 3] and manifest["n_runs"] == 3 * manifest["n_points"]
    assert manifest["factors"]["x1"]["high"] == pytest.approx(math.pi)
    assert manifest["outcomes"]["y"]["unit"] == "-"
    assert {"versions", "code_version", "keys_digest", "design_seed"} <= set(manifest)
    before = pd.read_csv(folder / "indices.csv")
    again = pathfinder(*shlex.split(manifest["command"])[1:], "store=other", "output=repeated")
    assert again.code == 0
    pd.testing.assert_frame_equal(pd.read_csv(tmp_path / "repeated" / "indices.csv"), before)


def test_indices_of_the_noisy_function_are_those_that_are_known(pathfinder, tmp_path):
    pathfinder("study", "experiment=ishigami", "samples=32", "outcomes=[]", "page=false", HERE)
    indices = pd.read_csv(tmp_path / "results" / "studies" / "ishigami" / "indices.csv")
    totals = indices[indices["index"] == "ST"].set_index("factor")
    for factor, known in (("x1", 0.5576), ("x2", 0.4424), ("x3", 0.2437)):
        assert totals.loc[factor, "low"] <= known <= totals.loc[factor, "high"]


def test_a_study_of_the_labour_market_runs_it_as_pathfinder_run_does(pathfinder, tmp_path):
    words = ("method=one_at_a_time", STRENGTH, "outcomes=[hires_total]", "seeds=2", "most_seeds=2")
    assert pathfinder("study", *AREA, *words, HERE, "page=false").code == 0
    (folder,) = (tmp_path / "results" / "studies").iterdir()
    points = pd.read_csv(folder / "design.csv", index_col="point")
    runs = pd.read_parquet(folder / "runs.parquet").set_index(["point", "seed"])
    assert points["hiring"].tolist() == ["ranking", "ranking", "ranking", "random"]
    assert points["hiring.strength"].tolist() == [1.0, 0.0, 3.0, 1.0]
    assert pathfinder("run", *AREA, "hiring=random", "seed=2", "output=alone").code == 0
    monthly = pd.read_parquet(tmp_path / "alone" / "monthly.parquet")
    is_hires = (monthly["ward"] == "all") & (monthly["group"] == "all")
    hires = monthly[is_hires & (monthly["outcome"] == "hires")]["value"].sum()
    assert runs.loc[(3, 2), "hires_total"] == hires
    effects = pd.read_csv(folder / "effects.csv")
    own = runs["hires_total"].unstack().to_numpy()
    assert effects["difference"].tolist()[1:] == pytest.approx((own - own[0]).mean(1)[1:])
    assert pd.isna(effects["difference"][0])


def test_a_parameter_stands_over_the_choice_that_sets_it():
    words = ("method=grid", "factors=[regime.name:pooled|aligned,regime:none|fragmented]", *AREA)
    study = study_of(*words)
    row = {"regime.name": "pooled", "regime": "fragmented"}
    assert changes_at(study, row)["regime.name"] == "pooled"


def test_more_seeds_are_run_where_noise_hides_the_factors_up_to_the_most(pathfinder, tmp_path):
    noisy = ("fixed.noise=5", "most_seeds=6", "half_width=0.01", "samples=8", "output=noisy")
    found = pathfinder(*last_of_each((*ISHIGAMI, *noisy)))
    runs = pd.read_parquet(tmp_path / "noisy" / "runs.parquet")
    assert runs.groupby("point")["seed"].agg(list).tolist() == [[1, 2, 3, 4, 5, 6]] * 64
    noise = pd.read_csv(tmp_path / "noisy" / "noise.csv")
    assert not noise["enough"][0] and not manifest_of(tmp_path / "noisy")["enough"]
    assert any("not enough" in line for line in found.out)


def test_the_size_sets_what_no_word_sets():
    small, full = study_of("experiment=ishigami"), study_of("experiment=ishigami", "size=full")
    assert (small.settings.samples, full.settings.samples) == (128, 4096)
    own = study_of("experiment=ishigami", "size=full", "samples=8")
    assert own.settings.samples == 8
    words = ("sizes={large: {weeks: 30, samples: 5, hiring: stigma}}", "size=large", STRENGTH)
    study = study_of(*words, "area=two_towns")
    assert study.settings.samples == 5
    assert study.base["weeks"] == 30 and study.base["hiring.rule"] == "stigma"


def test_an_emulator_learns_the_points_and_its_indices_carry_its_error(pathfinder, tmp_path):
    words = ("method=sobol_sequence", "emulator=gaussian_process", "emulator_samples=256")
    found = pathfinder(
        "study", "model=sobol_g", "factors=[x1,x2]", *words, "samples=64",
        "seeds=1", "most_seeds=1", "page=false", HERE,
    )  # fmt: skip
    assert found.code == 0, found.err
    (folder,) = (tmp_path / "results" / "studies").iterdir()
    indices = pd.read_csv(folder / "indices.csv")
    assert (indices["emulator_error"] > 0).all() and (indices["samples"] == 64).all()
    totals = indices[indices["index"] == "ST"].set_index("factor")["value"]
    assert totals["x1"] > 2 * totals["x2"]
    predictions = pd.read_csv(folder / "predictions.csv")
    seen = pd.read_parquet(folder / "runs.parquet").set_index("point")["y"]
    assert predictions.set_index("point")["seen"].to_dict() == pytest.approx(seen.to_dict())
    assert sorted(pd.read_csv(folder / "convergence.csv")["samples"].unique()) == [32, 64]


def test_a_grid_has_differences_interactions_and_decisions(pathfinder, tmp_path):
    found = pathfinder(
        "study", "model=ishigami", "method=grid", "factors=[x1:0|1|2,x3:0|3]", "seeds=2",
        "baseline={x1: 0}", "policies=x1", "better={y: higher}", "page=false", HERE,
    )  # fmt: skip
    assert found.code == 0, found.err
    (folder,) = (tmp_path / "results" / "studies").iterdir()
    effects = pd.read_csv(folder / "effects.csv").set_index(["x1", "x3"])

    def gain(x1, x3):
        return (1.0 + 0.1 * x3**4) * math.sin(x1)

    for x1, x3 in ((1, 0), (2, 0), (1, 3), (2, 3)):
        assert effects.loc[(x1, x3), "difference"] == pytest.approx(gain(x1, x3))
    between = pd.read_csv(folder / "interactions.csv").set_index(["x1", "x3"])
    assert between.loc[(2, 3), "interaction"] == pytest.approx(gain(2, 3) - gain(2, 0))
    decisions = pd.read_csv(folder / "decisions.csv").set_index("policy")
    assert decisions["is_minimax"].to_dict() == {0: False, 1: False, 2: True}
    assert decisions["largest_regret"].to_dict() == pytest.approx(
        {0: gain(2, 3), 1: gain(2, 3) - gain(1, 3), 2: 0.0}
    )


# One missing value


def _with_missing(study, missing):
    draws = np.random.default_rng(1).normal(size=(len(study.design.points), 2))
    frame = pd.DataFrame(draws, columns=pd.Index([1, 2], name="seed")).rename_axis("point")
    runs = frame.stack().rename("y").reset_index()
    runs.loc[missing, "y"] = np.nan
    table = runs.pivot(index="point", columns="seed", values="y").to_numpy()
    return Findings(runs, noise_frame({"y": table}, {"y": "-"}, Rule(2, 4, 0.25)))


def test_an_outcome_that_a_run_does_not_have_is_given_no_index_and_a_note():
    study = study_of("experiment=ishigami", "samples=8")
    whole, missing = _with_missing(study, []), _with_missing(study, [3])
    assert len(analyse_study(study, whole)["indices"])
    assert analyse_study(study, missing)["indices"].empty
    (note,) = notes_of(study, missing.noise)
    assert note.startswith("y of ishigami: not judged: 1 of 128 runs have no value")


def test_a_study_of_a_thinned_area_says_what_that_does_to_it():
    words = ("area=two_towns", ALONE, "outcomes=[hires_total]")
    noise = noise_frame({}, {}, Rule(2, 4, 0.25))
    (note,) = notes_of(study_of(*words, "people_per_agent=20"), noise)
    assert note.startswith("Thinned to one agent for 20 people")
    assert "WARNING" in note
    assert notes_of(study_of(*words, "people_per_agent=1"), noise) == []


# Stopped and started again


def test_the_same_command_again_runs_nothing_and_gives_the_same_folder(pathfinder, tmp_path):
    pathfinder(*ISHIGAMI)
    folder = tmp_path / "results" / "studies" / "ishigami"
    before = {path.name: path.read_bytes() for path in folder.glob("*.csv")}
    store = Store(tmp_path / "results" / "store")
    digest, files = store.digest(), sorted(p.name for p in store.folder.rglob("*.parquet"))
    again = pathfinder(*ISHIGAMI)
    assert again.code == 0
    assert {path.name: path.read_bytes() for path in folder.glob("*.csv")} == before
    assert store.digest() == digest
    assert sorted(path.name for path in store.folder.rglob("*.parquet")) == files


def _start(folder: Path, *words: str) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-m", "experiments.command", *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


@pytest.mark.slow
def test_a_study_that_is_killed_and_started_again_ends_as_one_that_was_not(pathfinder, tmp_path):
    words = ("study", "experiment=ishigami", "samples=8", "fixed.sleep=0.03", "page=false", HERE)
    study = _start(tmp_path, *words, "output=killed", "store=killed_store")
    loose = tmp_path / "killed_store" / "loose"
    end = time.monotonic() + 300
    while time.monotonic() < end and len(list(loose.glob("[!.]*.parquet"))) < 5:
        time.sleep(0.02)
    study.send_signal(signal.SIGKILL)
    study.wait()
    assert not (tmp_path / "killed").exists()
    kept = len(Store(tmp_path / "killed_store"))
    assert 4 <= kept < 64
    assert pathfinder(*words, "output=killed", "store=killed_store").code == 0
    assert pathfinder(*words, "output=calm", "store=calm_store").code == 0
    killed, calm = Store(tmp_path / "killed_store"), Store(tmp_path / "calm_store")
    assert killed.digest() == calm.digest() and len(killed) == len(calm) >= 64
    for path in (tmp_path / "calm").glob("*.csv"):
        assert path.read_bytes() == (tmp_path / "killed" / path.name).read_bytes()


def test_a_plan_says_what_a_study_would_take_and_does_nothing(pathfinder, tmp_path):
    found = pathfinder(*ISHIGAMI, "--plan", "seeds=2", "most_seeds=8")
    assert found.code == 0, found.err
    text = "\n".join(found.out)
    assert "128 runs" in text and "0 are there already" in text
    assert "up to 6 seeds of every point: 384 runs more" in text
    assert not list(tmp_path.iterdir())
    assert pathfinder(*ISHIGAMI, "seeds=2", "most_seeds=2").code == 0
    again = pathfinder(*ISHIGAMI, "--plan", "seeds=2", "most_seeds=2")
    assert "128 are there already, 0 are to do" in "\n".join(again.out)


# Folders


def test_another_study_in_the_same_folder_needs_overwrite(pathfinder, tmp_path):
    small = tuple(word for word in (*ISHIGAMI, "output=here") if word != "samples=8")
    assert pathfinder(*small, "samples=8").code == 0
    refused = pathfinder(*small, "samples=16")
    assert refused.code == 2 and "overwrite=true" in refused.err[0]
    assert manifest_of(tmp_path / "here")["samples"] == 8
    assert pathfinder(*small, "samples=16", "overwrite=true").code == 0
    assert manifest_of(tmp_path / "here")["samples"] == 16


def test_a_folder_that_holds_something_else_is_never_replaced(pathfinder, tmp_path):
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "thesis.txt").write_text("mine")
    refused = pathfinder(*ISHIGAMI, "output=here", "overwrite=true")
    assert refused.code == 2 and "thesis.txt" in refused.err[0]


# Bad input


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        (["experiment=ishigamo"], ["experiment=ishigamo: no such choice", "ishigami"]),
        (["experiment=ishigami", "factors=[x1,x9]"], ["x9 is not a parameter", "x1"]),
        ([ALONE, "method=moris"], ["method", "'morris'"]),
        ([STRENGTH, "baseline={hiring: random}"], ["baseline", "method=factorial or grid"]),
        ([ALONE, "economy.file=none_such.csv"], ["none_such.csv"]),
        ([ALONE, "launcher=cloud"], ["launcher=cloud: no such choice", "slurm"]),
        ([ALONE, "factors={hiring.strength: {low: 0}}"], ["factors= is given twice"]),
    ],
    ids=lambda value: " ".join(value)[:60],
)
def test_bad_input_is_told_in_one_line_before_anything_is_run_or_written(
    pathfinder, tmp_path, words, parts
):
    found = pathfinder("study", *AREA, *words)
    assert found.code == 2, found.err
    assert any(all(part in line for part in parts) for line in found.err), found.err
    assert not any("--debug" in line for line in found.err)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        (["experiment=ishigami", "factors=[x1:2..1]"], ["low must be below high"]),
        (["experiment=ishigami", "factors.x1.high=9"], ["high 9", "x1 must be a number"]),
        (["factors=[]"], ["factors: there are none"]),
        ([ALONE, "outcomes=[employment_rate]"], ["no outcome", "employment_rate_end"]),
        ([ALONE, "model=labor_market"], ["no such model", "labour_market"]),
        ([ALONE, "samples=0"], ["samples", "greater than or equal to 1"]),
        ([ALONE, "method=morris", "samples=3"], ["samples=3: method=morris", "fewer than 4"]),
        ([ALONE, "method=delta", "samples=99"], ["samples=99: method=delta", "fewer than 100"]),
        ([ALONE, "method=moris"], ["method: ", "'sobol_sequence'", "did you mean morris?"]),
        ([ALONE, "seeds=40"], ["most_seeds must be at least seeds 40, got 32"]),
        (["factors=[hiring.strength,hiring.strength:0..1]"], ["hiring.strength is named twice"]),
        (["factors={hiring.strength: {lo: 0, high: 3}}"], ["strength.lo: of a", "low, high"]),
        (["factors={hiring.strength: {lo: 0}}"], ["hiring.strength.lo=0: of a factor are said"]),
        (["factors=[hiring.strength:0...3]"], ["0...3 has three dots", "strength:LOW..HIGH"]),
        ([ALONE, "factors.hiring.strengt.high=5"], ["hiring.strengt.high", "has hiring.strength"]),
        ([ALONE, "hiring.strength=2"], ["hiring.strength=2", "is a factor of this study"]),
        (["experiment=ishigami", "fixed.x1=2"], ["fixed.x1=2", "x1 is a factor of this study"]),
        (
            [STRENGTH, "method=grid", "baseline={hiring: stigma}"],
            ["baseline hiring=stigma: no point has it", "random, ranking"],
        ),
        (
            [STRENGTH, "method=grid", "baseline={hirring: random}"],
            ["baseline hirring", "did you mean hiring"],
        ),
        ([ALONE, "method=grid", "policies=regime"], ["policies=regime", "no factor"]),
        ([ALONE, "better={hires_total: higher}"], ["better: hires_total", "this study"]),
        ([ALONE, "better={employment_rate_end: up}"], ["better", "'higher'"]),
        ([ALONE, "emulator=gaussian_process"], ["emulator", "latin_hypercube"]),
        (
            [ALONE, "emulator=boosted_trees", "method=latin_hypercube", "samples=10"],
            ["samples=10", "at least 20 points"],
        ),
        (
            [ALONE, "emulator=boosted_trees", "method=latin_hypercube", "emulator_samples=100"],
            ["emulator_samples=100", "power of two"],
        ),
        ([ALONE, "method=pawn", "groups=true"], ["groups", "morris or sobol"]),
        ([ALONE, "size=full"], ["size=full: no such size"]),
        (["experiment=ishigami", "size=ful"], ["size=ful", "full"]),
        ([ALONE, "most_seeds=2"], ["most_seeds must be at least seeds 4"]),
        (
            [ALONE, "sizes={small: {wekks: 3}}"],
            ["size small: wekks is not a parameter", "weeks"],
        ),
        (["factors=[economy.file:steady.csv|none_such.csv]"], ["economy.file=none_such.csv"]),
    ],
    ids=lambda value: " ".join(value)[:60],
)
def test_what_a_study_cannot_be_is_told_in_one_line(words, parts):
    with pytest.raises(InputError) as caught:
        study_of(*AREA, *words)
    assert any(all(part in line for part in parts) for line in caught.value.problems)


def test_problems_of_factors_outcomes_and_settings_are_told_together():
    with pytest.raises(InputError) as caught:
        study_of("factors=[hirring,search.ful_duty]", "outcomes=[jsa_peek]", "policies=hiring")
    lines = caught.value.problems
    assert [line.partition(":")[0] for line in lines][:3] == ["factors", "factors", "outcomes"]
    assert any(line.startswith("policies") for line in lines)


def test_studies_without_a_name_have_folders_of_their_own(pathfinder, tmp_path):
    words = (
        "study",
        "model=ishigami",
        "method=grid",
        "seeds=1",
        "most_seeds=1",
        HERE,
        "page=false",
    )
    for factors in ("x1:0|1", "x1:0|2", "x1:0|1"):
        assert pathfinder(*words, f"factors=[{factors}]").code == 0
    folders = sorted((tmp_path / "results" / "studies").iterdir())
    assert len(folders) == 2
    assert all(folder.name.startswith("grid-") for folder in folders)


def test_a_study_in_other_words_is_the_same_study(pathfinder, tmp_path):
    assert pathfinder(*ISHIGAMI).code == 0
    assert pathfinder(*ISHIGAMI, "title=Otherwise").code == 0
    assert manifest_of(tmp_path / "results" / "studies" / "ishigami")["title"] == "Otherwise"


def test_stopped_after_the_last_run_a_study_says_that_none_is_missing(pathfinder, monkeypatch):
    def press(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("experiments.studies.answer.analyse_study", press)
    code, _, err = pathfinder(*ISHIGAMI)
    assert code == 130
    assert "runs are finished and kept in" in err[-1]
    assert err[-1].endswith("the same command analyses them and writes the tables")
