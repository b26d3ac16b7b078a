"""Comparisons: paired tables, the same for any number of processes, and nothing lost on the way."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from experiments import configure
from experiments.store import Store
from experiments.words.check import prepare, split_outside_brackets
from simulation.finished.run import Run
from simulation.results.outcomes import BY_NAME
from simulation.runner import simulate
from tests.given_once import last_of_each

ROOT = Path(__file__).resolve().parents[2]
ARMS = ("arms.calm=[economy=steady,hiring=random]", "arms.slump=[economy=deep,hiring=ranking]")
WORDS = ("compare", "compare=own", "area=two_towns", "weeks=30", "seeds=[0,7]", *ARMS)
HERE = ("launcher=in_process", "page=false")
"""Nothing but what the test is of: no processes, no report."""
CATEGORIES = {"arm": str, "ward": str, "group": str, "outcome": str}


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Compare two arms with two seeds, in two processes."""
    from experiments.command import main

    folder = tmp_path_factory.mktemp("compared") / "here"
    store = folder.parent / "store"
    assert main([*WORDS, f"output={folder}", f"store={store}", "processes=2"]) == 0
    return folder


@pytest.fixture
def copy(compared: Path, tmp_path: Path) -> Path:
    """Copy the comparison, to be damaged."""
    return Path(shutil.copytree(compared, tmp_path / "here"))


def _times(folder: Path) -> dict[str, int]:
    """When each run's manifest was written."""
    return {
        path.parent.name: path.stat().st_mtime_ns for path in folder.glob("runs/*/manifest.json")
    }


def test_the_folder_holds_everything_a_reader_needs(compared):
    names = {path.name for path in compared.iterdir()}
    assert names >= {"manifest.json", "monthly.parquet", "summary.csv", "wards.csv", "page.html"}
    assert "report.html" in names
    assert {path.name for path in (compared / "runs").iterdir()} == {
        "calm-seed0",
        "calm-seed7",
        "slump-seed0",
        "slump-seed7",
    }


def test_the_manifest_says_what_was_run(compared):
    manifest = json.loads((compared / "manifest.json").read_text())
    assert [arm["name"] for arm in manifest["arms"]] == ["calm", "slump"]
    assert manifest["arms"][1]["overrides"] == ["economy=deep", "hiring=ranking"]
    assert manifest["baseline"] == "calm"
    assert manifest["seeds"] == [0, 7]
    assert (manifest["start"], manifest["weeks"]) == ("2006-05-01", 30)
    assert (manifest["area"], manifest["people_per_agent"]) == ("two_towns", 1)
    assert manifest["config"]["economy"]["name"] == "steady"
    assert {"command", "versions", "commit", "seconds", "boundaries", "code_version"} <= set(
        manifest
    )


def test_the_months_of_every_run_are_those_of_the_run_alone(compared):
    monthly = pd.read_parquet(compared / "monthly.parquet").astype(CATEGORIES)
    assert list(monthly.columns) == ["arm", "seed", "date", "ward", "group", "outcome", "value"]
    alone = simulate(
        configure("area=two_towns", "weeks=30", "economy=deep", "hiring=ranking"), 7
    ).monthly
    rows = monthly[(monthly["arm"] == "slump") & (monthly["seed"] == 7)]
    pd.testing.assert_frame_equal(
        rows.drop(columns=["arm", "seed"]).reset_index(drop=True),
        alone.astype({key: str for key in CATEGORIES if key != "arm"}),
        check_dtype=False,
    )


def test_the_paired_difference_is_the_mean_over_seeds_of_differences(compared):
    summary = pd.read_csv(compared / "summary.csv").set_index(["arm", "outcome"])
    hires = {}
    for folder in (compared / "runs").iterdir():
        table = Run.load(folder).table()
        hires[folder.name] = table["hires"].sum()
    differences = [hires[f"slump-seed{seed}"] - hires[f"calm-seed{seed}"] for seed in (0, 7)]
    row = summary.loc[("slump", "hires_total")]
    assert row["difference"] == pytest.approx(np.mean(differences))
    assert row["mean"] == pytest.approx(np.mean([hires["slump-seed0"], hires["slump-seed7"]]))
    assert set(summary.index.get_level_values("outcome")) <= set(BY_NAME)


def test_the_number_of_processes_changes_nothing(compared, tmp_path, pathfinder):
    assert pathfinder(*WORDS, *HERE, "output=one").code == 0
    first = pd.read_parquet(compared / "monthly.parquet")
    second = pd.read_parquet(tmp_path / "one" / "monthly.parquet")
    pd.testing.assert_frame_equal(first, second)


def test_the_answer_is_printed_first_and_the_place_of_the_page_last(copy, pathfinder):
    code, out, _ = pathfinder(*WORDS, f"output={copy}")
    assert code == 0
    assert out[-1] == f"Page: {copy / 'page.html'}"
    told = pd.read_csv(copy / "answer.csv")["text"]
    assert out[0] == "Two Towns, an invented area, May 2006 to November 2006: what comes of slump?"
    assert out[0] == told[0] and len(told) <= 12
    # Two seeds of one pair of arms are no interval.
    assert out[1].startswith("2 seeds cannot tell effect from chance")


def test_every_run_is_a_row_of_the_store_with_the_figures_of_the_summary(compared):
    runs = Store(compared.parent / "store").runs(experiment="here")
    summary = pd.read_csv(compared / "summary.csv").set_index(["arm", "outcome"])
    assert sorted(runs["seed"]) == [0, 0, 7, 7]
    rules = {"calm": "random", "slump": "ranking"}
    for arm, rule in rules.items():
        rows = runs[runs["hiring.rule"] == rule]
        for outcome in ("employment_rate_end", "hires_total", "ni153_end"):
            assert rows[outcome].mean() == pytest.approx(summary.loc[(arm, outcome), "mean"])


def test_the_same_command_again_simulates_nothing(copy, pathfinder):
    before = _times(copy)
    (copy / "summary.csv").unlink()
    assert pathfinder(*WORDS, *HERE, f"output={copy}").code == 0
    assert _times(copy) == before
    assert (copy / "summary.csv").exists()


def test_without_a_page_there_are_tables_only_and_no_report_of_earlier_ones(copy, pathfinder):
    assert (copy / "report.html").exists()
    _, out, _ = pathfinder(*WORDS, *HERE, f"output={copy}")
    assert out[-1] == f"Results: {copy}"
    assert not (copy / "report.html").exists() and not (copy / "page.html").exists()
    assert (copy / "summary.csv").exists()


def test_missing_and_damaged_runs_are_done_again_and_the_result_is_the_same(copy, pathfinder):
    before, months = _times(copy), (copy / "monthly.parquet").read_bytes()
    shutil.rmtree(copy / "runs" / "calm-seed0")
    torn = copy / "runs" / "calm-seed7" / "monthly.parquet"
    torn.write_bytes(torn.read_bytes()[:-100])
    (copy / "runs" / "slump-seed0" / "manifest.json").write_text('{"seed": 0')
    assert pathfinder(*WORDS, *HERE, f"output={copy}").code == 0
    after = _times(copy)
    assert {name for name in after if after[name] != before.get(name)} == {
        "calm-seed0",
        "calm-seed7",
        "slump-seed0",
    }
    assert (copy / "monthly.parquet").read_bytes() == months


def test_runs_of_an_earlier_version_of_the_code_are_done_again(copy, pathfinder):
    path = copy / "runs" / "calm-seed0" / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "code_version": "earlier"}))
    assert pathfinder(*WORDS, *HERE, f"output={copy}").code == 0
    assert json.loads(path.read_text())["code_version"] != "earlier"


def test_runs_of_another_configuration_are_not_thrown_away_unasked(copy, pathfinder):
    before = _times(copy)
    code, _, err = pathfinder(*WORDS, "search.rounds=2", f"output={copy}")
    assert code == 2
    assert len(err) == 1
    assert "holds a run of another configuration; overwrite=true" in err[0]
    assert _times(copy) == before
    assert (
        pathfinder(*WORDS, *HERE, "search.rounds=2", f"output={copy}", "overwrite=true").code == 0
    )


def _start(folder: Path, *words: str) -> subprocess.Popen:
    return subprocess.Popen(
        [
            sys.executable,
            "-m",
            "experiments.command",
            *last_of_each((*WORDS, *words)),
            f"output={folder}",
            f"store={folder.parent / 'store'}",
        ],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def _wait_for_a_run(folder: Path) -> None:
    limit = time.monotonic() + 300
    while not list(folder.glob("runs/*/manifest.json")):
        assert time.monotonic() < limit, "no run finished within five minutes"
        time.sleep(0.05)


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGKILL])
def test_stopped_midway_finished_runs_are_readable_and_the_rest_follows(tmp_path, stop, pathfinder):
    folder = tmp_path / "here"
    longer = ("weeks=200", "seeds=4")
    process = _start(folder, *longer, "processes=1")
    _wait_for_a_run(folder)
    process.send_signal(stop)
    _, err = process.communicate(timeout=300)
    finished = [Run.load(path.parent) for path in folder.glob("runs/*/manifest.json")]
    assert 1 <= len(finished) < 8
    assert not (folder / "summary.csv").exists()
    if stop == signal.SIGINT:
        assert process.returncode == 130
        last = err.splitlines()[-1]
        assert last.startswith(f"interrupted: {len(finished)} of 8 runs are finished and kept")
        assert "Traceback" not in err
    before = _times(folder)
    assert pathfinder(*last_of_each((*WORDS, *HERE, *longer, f"output={folder}"))).code == 0
    after = _times(folder)
    assert len(after) == 8
    assert {name: after[name] for name in before} == before


@pytest.mark.parametrize("step", ["carry_out.frames_of", "folder.put_folder"])
def test_stopped_after_the_last_run_it_says_that_none_is_missing(
    copy, pathfinder, monkeypatch, step
):
    def press(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    before = _times(copy)
    monkeypatch.setattr(f"experiments.comparisons.{step}", press)
    code, _, err = pathfinder(*WORDS, *HERE, f"output={copy}")
    assert code == 130
    assert err[-1] == (
        "interrupted: all 4 runs are finished and kept; the same command measures them and writes"
        " the tables"
    )
    assert _times(copy) == before


OUTLINES = {
    "not there": (None, "not a readable GeoJSON"),
    "without a ward": ({"type": "FeatureCollection", "features": []}, "no outline for 6 of 6"),
}


@pytest.mark.parametrize(("map_", "said"), OUTLINES.values(), ids=list(OUTLINES))
def test_a_map_that_cannot_be_drawn_is_refused_before_the_first_run(
    tmp_path, pathfinder, map_, said
):
    if map_ is not None:
        (tmp_path / "wards.geojson").write_text(json.dumps(map_))
    before = sorted(tmp_path.iterdir())
    code, _, err = pathfinder(*WORDS, *HERE, "area.boundaries=wards.geojson", "output=new")
    assert code == 2
    assert len(err) == 1
    assert said in err[0]
    assert sorted(tmp_path.iterdir()) == before


def test_another_map_or_name_keeps_all_runs(copy, pathfinder, tmp_path):
    square = [[0, 0], [0, 1], [1, 1], [0, 0]]
    wards = pd.read_csv(copy / "wards.csv")["code"]
    features = [
        {
            "type": "Feature",
            "properties": {"code": code},
            "geometry": {"type": "Polygon", "coordinates": [square]},
        }
        for code in wards
    ]
    (tmp_path / "wards.geojson").write_text(json.dumps({"features": features}))
    before, store = _times(copy), Store(copy.parent / "store", create=True)
    words = [word.replace("economy=deep", "economy=deep,economy.name=slump") for word in WORDS]
    map_ = "area.boundaries=wards.geojson"
    code, _, err = pathfinder(*words, *HERE, map_, f"output={copy}", f"store={store.folder}")
    assert code == 0
    assert "4 kept from before" in err[0]
    assert _times(copy) == before
    manifest = json.loads((copy / "manifest.json").read_text())
    assert manifest["boundaries"] == "wards.geojson"
    assert manifest["arms"][1]["config"]["economy"]["name"] == "slump"


def test_what_a_launcher_lacks_is_told_before_anything_is_thrown_away(
    copy, pathfinder, monkeypatch
):
    monkeypatch.setitem(sys.modules, "distributed", None)
    monkeypatch.delitem(sys.modules, "experiments.running.launchers.dask", raising=False)
    before = _times(copy)
    words = (*WORDS, "search.rounds=2", "launcher=dask", "overwrite=true", f"output={copy}")
    code, _, err = pathfinder(*words)
    assert code == 2
    assert "launcher=dask needs the package distributed, which is not installed" in err[0]
    assert _times(copy) == before


def test_commas_within_brackets_do_not_part_the_words_of_an_arm():
    assert split_outside_brackets("a=[1,2],b={c:1,d:2},e=3") == ["a=[1,2]", "b={c:1,d:2}", "e=3"]
    assert split_outside_brackets("") == []


def test_an_arm_of_the_command_line_is_quoted_for_hydra():
    assert prepare("arms.x=[economy=deep,hiring=stigma]") == (
        "++arms.x=['economy=deep','hiring=stigma']"
    )
    assert prepare("arms.x=['a=b']") == "++arms.x=['a=b']"
    assert prepare("+weeks=3") == "weeks=3"


def test_a_set_of_ones_own_is_quoted_for_hydra():
    assert prepare("sets.mine=[Canal Side,lone_parent:1]") == (
        "++sets.mine=['Canal Side','lone_parent:1']"
    )


def test_what_names_nobody_in_a_set_is_refused_before_anything_runs(pathfinder):
    words = ("area=two_towns", "sets.mine=[Cannal Side,lone_parent:2]", "output=here")
    code, _, err = pathfinder("compare", *words)
    assert code == 2 and len(err) == 1
    assert "sets.mine" in err[0] and "lone_parent:2" in err[0] and "lone_parent:1" in err[0]
    code, _, err = pathfinder("compare", "area=two_towns", "sets.mine=[Cannal Side]", "output=here")
    assert code == 2 and "sets.mine" in err[0] and "Canal Side" in err[0]
    code, _, err = pathfinder("compare", "area=two_towns", "sets.all=[Canal Side]", "output=here")
    assert code == 2 and "sets.all: every verdict has a set of this name" in err[0]
