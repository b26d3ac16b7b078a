"""`pathfinder run --multirun`: which runs words stand for, resuming, folders, two at once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from experiments.commands.sweep import read_sweep
from experiments.store import Store
from experiments.words.choices import choices_of
from simulation.finished.run import Run

ROOT = Path(__file__).resolve().parents[2]
TINY = ("area=two_towns", "weeks=5", "people_per_agent=10")
HERE = "launcher=in_process"


def stored(folder: Path) -> pd.DataFrame:
    return Store(folder / "results" / "store").runs()


def jobs_of(*words: str, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Return the words of every job Hydra makes of a command line, running none."""
    from experiments.command import main
    from experiments.commands import sweep

    received: list[list[str]] = []
    monkeypatch.setattr(sweep, "execute_all", received.extend)
    assert main(["run", "--multirun", *words]) == 0
    return received


@pytest.mark.parametrize(
    ("word", "values"),
    [
        ("seed=1,2", ["1", "2"]),
        ("seed=choice(3,1)", ["3", "1"]),
        ("seed=range(1,5)", ["1", "2", "3", "4"]),
        ("hiring.strength=range(0,1,step=0.25)", ["0.0", "0.25", "0.5", "0.75"]),
        ("seed=tag(mine,sort(3,1,2))", ["1", "2", "3"]),
        ("hiring=glob(s*)", ["screening", "stigma", "stock_flow"]),
        ("hiring=glob(*,exclude=s*)", ["random", "ranking"]),
        ("economy=glob(*)", list(choices_of("economy"))),
        (
            "interventions=[outreach],[outreach,work_trial],[]",
            ["[outreach]", "[outreach,work_trial]", "[]"],
        ),
        ("hiring.attitude=[0,0,0,0,0],[1,1,1,1,1]", ["[0,0,0,0,0]", "[1,1,1,1,1]"]),
    ],
)
def test_a_word_stands_for_the_values_hydra_says(word, values, monkeypatch):
    jobs = jobs_of(*TINY, word, monkeypatch=monkeypatch)
    assert [job[-1].partition("=")[2] for job in jobs] == values
    assert all(job[: len(TINY)] == list(TINY) for job in jobs)


def test_shuffled_values_are_the_same_values(monkeypatch):
    jobs = jobs_of("seed=shuffle(range(1,40))", monkeypatch=monkeypatch)
    seeds = [int(job[0].partition("=")[2]) for job in jobs]
    assert seeds != sorted(seeds)
    assert sorted(seeds) == list(range(1, 40))


def test_every_combination_is_a_run_with_its_changes_and_its_seed():
    words = [
        [*TINY, f"hiring={rule}", f"hiring.strength={strength}", f"seed={seed}"]
        for rule in ("random", "stigma")
        for strength in (0.5, 2)
        for seed in (1, 2)
    ]
    sweep = read_sweep(words)
    assert len({work.key for work in sweep.works}) == 8
    last = sweep.works[-1]
    assert last.changes == {
        "area.name": "two_towns", "weeks": 5, "people_per_agent": 10,
        "hiring.rule": "stigma", "hiring.strength": 2.0,
    }  # fmt: skip
    assert (last.seed, last.n_people, last.weeks) == (2, 400, 5)
    assert last.name == "job 7 (hiring=stigma hiring.strength=2 seed=2)"
    assert sweep.points[-1] == {"hiring": "stigma", "hiring.strength": "2"}
    assert sweep.settings.launcher.name == "processes"


def test_a_value_within_one_that_varies_is_put_over_it():
    words = [
        [*TINY, f"interventions=[{name}]", "interventions.outreach.places=3", "seed=1"]
        for name in ("outreach", "work_trial")
    ]
    first, second = read_sweep(words).works
    assert first.changes["interventions.outreach.places"] == 3
    assert first.changes["interventions.outreach.active"]
    assert second.changes["interventions.outreach.places"] == 3
    assert "interventions.outreach.active" not in second.changes


def test_a_sweep_fills_the_store_says_what_it_found_and_goes_on(pathfinder, tmp_path):
    words = ("run", "-m", *TINY, HERE, "hiring=random,stigma", "name=mine")
    code, out, _ = pathfinder(*words, "seed=1,2")
    runs = stored(tmp_path)
    assert code == 0
    assert sorted(zip(runs["hiring.rule"], runs["seed"], strict=True)) == [
        ("random", 1), ("random", 2), ("stigma", 1), ("stigma", 2),
    ]  # fmt: skip
    assert set(runs["experiment"]) == {"mine"}
    assert out[0] == "4 runs; means over 2 seeds with 95% intervals"
    assert out[1].split()[:2] == ["hiring", "employment_rate_end"]
    row = next(line for line in out if line.startswith("  stigma"))
    mean = runs.loc[runs["hiring.rule"] == "stigma", "employment_rate_end"].mean()
    # As many figures are printed as the interval bears, and these are right to the last.
    printed = row.split()[1]
    decimals = len(printed.partition(".")[2])
    assert abs(float(printed) - mean) <= 0.5 * 10.0**-decimals + 1e-9
    assert out[-1].startswith("Look further: pathfinder runs query ")
    assert "'select hiring.rule, seed, employment_rate_end from runs'" in out[-1]
    assert [path.name for path in tmp_path.iterdir()] == ["results"]

    again = pathfinder(*words, "seed=1,2,3")
    assert again.code == 0
    assert again.err[0].startswith("6 runs of 400 agents over 5 weeks, 4 kept from before; ")
    assert len(stored(tmp_path)) == 6
    before = Store(tmp_path / "results" / "store").digest()
    nothing = pathfinder(*words, "seed=1,2,3")
    assert nothing.err == ["6 runs of 400 agents over 5 weeks, 6 kept from before"]
    assert Store(tmp_path / "results" / "store").digest() == before


def test_what_the_query_at_the_end_asks_is_answered(pathfinder, tmp_path):
    import shlex

    out = pathfinder("run", "-m", *TINY, HERE, "hiring=random,stigma").out
    words = shlex.split(out[-1].removeprefix("Look further: pathfinder "))
    code, answer, err = pathfinder(*words)
    assert (code, err) == (0, [])
    assert any("stigma" in line for line in answer)


def test_launchers_give_the_same_store(pathfinder, tmp_path):
    words = ("run", "-m", *TINY, "hiring=random,ranking", "regime=none,aligned")
    assert pathfinder(*words, HERE, "store=one").code == 0
    two = ("store=two", "launcher=processes", "launcher.processes=2")
    assert pathfinder(*words, *two).code == 0
    digests = {Store(tmp_path / name).digest() for name in ("one", "two")}
    assert len(Store(tmp_path / "one").keys()) == 4
    assert len(digests) == 1


def test_folders_are_kept_refused_and_replaced(pathfinder, tmp_path):
    words = ("run", "-m", *TINY, HERE, "output=grid")
    assert pathfinder(*words, "seed=1,2").code == 0
    first = (tmp_path / "grid" / "0" / "manifest.json").read_text()
    assert set(stored(tmp_path)["experiment"]) == {"grid"}
    (tmp_path / "grid" / "1" / "monthly.parquet").unlink()
    refused = pathfinder(*words, "seed=3,2")
    assert refused.code == 2
    assert "job 0 (seed=3): output=grid/0: is there already" in refused.err[0]
    assert len(stored(tmp_path)) == 2

    again = pathfinder(*words, "seed=1,2", "overwrite=true")
    assert "1 kept from before" in again.err[0]
    assert (tmp_path / "grid" / "0" / "manifest.json").read_text() == first
    assert Run.load(tmp_path / "grid" / "1").seed == 2

    assert pathfinder(*words, "seed=3,2", "overwrite=true").code == 0
    assert Run.load(tmp_path / "grid" / "0").seed == 3
    assert sorted(stored(tmp_path)["seed"]) == [1, 2, 3]


def test_a_folder_of_other_things_is_never_written(pathfinder, tmp_path):
    (tmp_path / "grid" / "1").mkdir(parents=True)
    (tmp_path / "grid" / "1" / "thesis.txt").write_text("years of work")
    words = ("run", "-m", *TINY, HERE, "seed=1,2", "output=grid", "overwrite=true")
    code, out, err = pathfinder(*words)
    assert (code, out) == (2, [])
    assert "grid/1: holds thesis.txt" in err[0]
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["1", "grid", "thesis.txt"]


def test_snapshots_of_a_sweep_go_into_its_folders(pathfinder, tmp_path):
    words = ("run", "-m", *TINY, HERE, "snapshots=true", "seed=1,2")
    assert pathfinder(*words).err == [
        "snapshots=true: needs output=FOLDER, the store keeps no people"
    ]
    assert pathfinder(*words, "output=grid").code == 0
    assert (tmp_path / "grid" / "1" / "people.parquet").exists()


def test_bad_jobs_are_named_before_anything_runs(pathfinder, tmp_path):
    words = (
        "run",
        "-m",
        *TINY,
        HERE,
        "hiring.strength=1,-1",
        "seed=1,2",
        "economy.file=null,no.csv",
    )
    code, out, err = pathfinder(*words)
    assert (code, out) == (2, [])
    assert err == [
        "job 4 (hiring.strength=-1 seed=1 economy.file=null): hiring.strength: input should be"
        " greater than or equal to 0, got -1; set in conf/hiring/ (and so 3 other runs)"
    ]
    code, out, err = pathfinder(*(word for word in words if not word.startswith("hiring")))
    assert (code, out) == (2, [])
    assert len(err) == 1
    assert err[0].startswith(
        "job 1 (seed=1 economy.file=no.csv): economy file 'no.csv' is not there"
    )
    assert err[0].endswith("(and so 1 other run)")
    assert list(tmp_path.iterdir()) == []


MISTAKES = {
    "interval": ("hiring.strength=interval(0,1)", "an interval has no steps; write"),
    "glob of a number": ("weeks=glob(*)", "glob is for choices"),
    "glob of nothing": ("economy=glob(x*)", "economy=glob(x*) stands for no value"),
    "range of nothing": ("seed=range(5,1)", "seed=range(5,1) stands for no value"),
    "unknown choice": (
        "hiring=random,rankin",
        "hiring=rankin: no such choice; did you mean ranking",
    ),
    "unknown parameter": ("hiring.strenght=1,2", "hiring.strenght is not a parameter; did you"),
    "unknown launcher": ("launcher=slrum", "launcher=slrum: no such choice; did you mean slurm?"),
    "two launchers": ("launcher=in_process,processes", "launcher: give one value; it is the same"),
    "two stores": ("store=a,b", "store: give one value; it is the same for all runs"),
    "launcher of Hydra's": ("hydra/launcher=basic", "give launcher=NAME: "),
    "misspelt setting of a launcher": ("launcher.proceses=2", "launcher.processes"),
    "processes": ("launcher.processes=0", "launcher.processes: input should be greater"),
    "too many": ("seed=range(0,2000000)", "stand for 2,000,000 runs; at most 1,000,000 at a time"),
    "events": ("events=true", "events=true: only for a single run, without --multirun"),
    "bad seed": ("seed=-1,1", "job 0 (seed=-1): seed: input should be greater than"),
}


@pytest.mark.parametrize(("word", "said"), MISTAKES.values(), ids=list(MISTAKES))
def test_each_mistake_is_one_line_and_nothing_is_written(pathfinder, tmp_path, word, said):
    code, out, err = pathfinder("run", "-m", *TINY, word)
    assert (code, out) == (2, [])
    assert len(err) == 1
    assert said in err[0]
    assert list(tmp_path.iterdir()) == []


def test_a_store_that_is_none_is_refused(pathfinder, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")
    code, out, err = pathfinder("run", "-m", *TINY, HERE, "seed=1,2", "store=mine")
    assert (code, out) == (2, [])
    assert len(err) == 1
    assert "mine" in err[0]


@pytest.mark.parametrize(
    "word", ["launcher=slurm", "store=mine", "name=mine", "launcher.processes=2"]
)
def test_a_single_run_has_no_launcher_and_no_store(pathfinder, tmp_path, word):
    code, out, err = pathfinder("run", *TINY, word)
    assert (code, out) == (2, [])
    assert err == [f"{word}: only with --multirun; a single run goes into a folder, output=FOLDER"]
    assert list(tmp_path.iterdir()) == []


def test_two_sweeps_at_once_fill_one_store(tmp_path):
    script = "import sys; from experiments.command import main; sys.exit(main())"
    words = [sys.executable, "-c", script, "run", "--multirun", *TINY, HERE]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    sweeps = [
        subprocess.Popen(
            [*words, f"seed={seeds}"],
            cwd=tmp_path,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for seeds in ("range(1,7)", "range(4,10)")
    ]
    answers = [sweep.communicate(timeout=300) for sweep in sweeps]
    assert [sweep.returncode for sweep in sweeps] == [0, 0], answers
    runs = stored(tmp_path)
    assert sorted(runs["seed"]) == list(range(1, 10))
    assert all(out.startswith("6 runs; means over 6 seeds") for out, _ in answers)


def test_ten_thousand_jobs_are_made_in_a_fraction_of_the_time_hydra_takes():
    import time

    from experiments.words.composition import compose_mapping

    began = time.process_time()
    compose_mapping("run", TINY)
    once = time.process_time() - began
    jobs = [[*TINY, f"hiring.strength={number}", "hiring=stigma"] for number in range(500)]
    began = time.process_time()
    assert len(read_sweep(jobs).works) == 500
    assert time.process_time() - began < 500 * once / 10


def test_the_manifest_of_a_folder_is_that_of_the_single_run(pathfinder, tmp_path):
    assert (
        pathfinder("run", "-m", *TINY, HERE, "hiring=stigma", "seed=1,2", "output=grid").code == 0
    )
    assert pathfinder("run", *TINY, "hiring=stigma", "seed=2", "output=one").code == 0
    many, one = (
        json.loads((tmp_path / name / "manifest.json").read_text()) for name in ("grid/1", "one")
    )
    assert many["config"] == one["config"]
    saved, single = (Run.load(tmp_path / name).monthly for name in ("grid/1", "one"))
    pd.testing.assert_frame_equal(saved, single)
