"""The command line: help, one run, many runs, and what a fresh installation can do."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from omegaconf.errors import ConfigKeyError

from experiments import configure
from experiments.commands.run import default_folder
from experiments.running.progress import COMPILING
from experiments.words.catalogue import COMMANDS
from simulation.config import Config
from simulation.errors import InputError
from simulation.finished.names import GROUPS, MARKETS, SUPPORT
from simulation.finished.run import Run
from simulation.register import INTERVENTIONS, REGIMES
from simulation.runner import simulate

ROOT = Path(__file__).resolve().parents[2]
SMALL = ("area=two_towns", "weeks=9")
OUTCOMES = {
    "residents",
    "employed",
    "jsa",
    "ib_esa",
    "lone_parent",
    "other_benefit",
    "seeking_no_benefit",
    "inactive_no_benefit",
    "vacancies",
    "hires",
    "separations",
    "workless_over_12_months",
}


@pytest.mark.parametrize("words", [(), ("--help",), ("help",), ("-h",)])
def test_without_a_command_there_is_help_on_all_of_them(pathfinder, words):
    code, out, err = pathfinder(*words)
    assert (code, err) == (0, [])
    for name in COMMANDS:
        assert any(line.strip().startswith(name) for line in out)


@pytest.mark.parametrize("name", list(COMMANDS))
def test_help_on_a_command_has_examples_that_name_it(pathfinder, name):
    code, out, _ = pathfinder(*name.split(), "--help")
    examples = [line for line in out if line.startswith(f"  pathfinder {name}")]
    assert code == 0
    assert examples


def test_every_example_of_the_help_on_run_is_understood():
    words = [
        [
            word.partition(",")[0] if "--multirun" in line else word
            for word in shlex.split(line)
            if "=" in word
        ]
        for line in COMMANDS["run"].text.splitlines()
        if line.startswith("  pathfinder run ")
    ]
    own = ("seed", "output", "from")
    assert words
    for example in words:
        overrides = [word for word in example if not word.startswith(own)]
        assert isinstance(configure(*overrides), Config)


def test_help_on_run_names_every_choice(pathfinder):
    out = "\n".join(pathfinder("run", "--help").out)
    assert "economy=deep|long|recession_2008|sharp|steady" in out
    assert "hiring=random|ranking|screening|stigma|stock_flow" in out
    assert "regime=aligned|co_commissioned|devolved|fragmented|none|pooled|prime_contractor" in out
    for name in INTERVENTIONS:
        assert name in out


def test_help_on_run_teaches_what_each_regime_is():
    text = " ".join(COMMANDS["run"].text.split())
    for name in REGIMES:
        assert f"{name} (" in text


def test_a_reader_that_stops_listening_is_no_error():
    done = subprocess.run(
        f"{sys.executable} -m experiments.command parameters | head -1",
        shell=True,
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert (done.stdout, done.stderr) == ("# Parameters\n", "")


def test_unknown_command_gives_the_nearest_and_exit_code_2(pathfinder):
    code, out, err = pathfinder("compere")
    assert (code, out) == (2, [])
    assert err == ["pathfinder compere: no such command; did you mean compare?"]


def test_a_run_says_when_loops_have_to_be_compiled_first(pathfinder, monkeypatch, tmp_path):
    words = ("run", SMALL[0], "weeks=1", "overwrite=true", "output=here")
    assert COMPILING not in pathfinder(*words).err
    monkeypatch.setattr("simulation.compile.CACHE", tmp_path / "nothing")
    assert COMPILING in pathfinder(*words).err


def test_run_writes_months_that_add_up(pathfinder, tmp_path):
    code, out, _ = pathfinder("run", *SMALL, "seed=3", "output=here")
    monthly = pd.read_parquet(tmp_path / "here" / "monthly.parquet")
    manifest = json.loads((tmp_path / "here" / "manifest.json").read_text())
    assert code == 0
    assert list(monthly.columns) == ["date", "ward", "group", "outcome", "value"]
    assert set(monthly["outcome"]) >= OUTCOMES
    everyone = monthly[monthly["group"] == "all"].pivot_table(
        index=["date", "ward"], columns="outcome", values="value", observed=True
    )
    wards = everyone.drop(index="all", level="ward").groupby("date").sum()
    area = everyone.xs("all", level="ward")
    assert (wards["jsa"] == area["jsa"]).all()
    assert (wards["residents"] == area["residents"]).all()
    assert manifest["seed"] == 3
    assert manifest["config"]["area"]["name"] == "two_towns"
    assert out[-1] == "Results: here"


def test_a_thinned_run_prints_what_that_does_to_the_area_and_keeps_it(pathfinder, tmp_path):
    code, out, _ = pathfinder("run", *SMALL, "people_per_agent=20", "output=here")
    kept = Run.load(tmp_path / "here").manifest["thinning"]
    assert code == 0
    assert kept.startswith("Thinned to one agent for 20 people")
    assert kept in out


def test_command_line_and_python_give_the_same_run(pathfinder, tmp_path):
    pathfinder("run", *SMALL, "hiring=stigma", "seed=0", "output=here")
    saved = Run.load(tmp_path / "here")
    run = simulate(configure(*SMALL, "hiring=stigma"), 0)
    assert saved.config == run.config
    pd.testing.assert_frame_equal(
        saved.monthly.astype({"ward": str, "group": str, "outcome": str}),
        run.monthly.astype({"ward": str, "group": str, "outcome": str}),
        check_dtype=False,
    )


def test_run_with_a_regime_writes_the_frames_of_support_and_prints_its_outcomes(
    pathfinder, tmp_path
):
    code, out, _ = pathfinder("run", "regime=aligned", "area=two_towns", "weeks=30", "output=here")
    assert code == 0
    assert any("regime aligned" in line for line in out)
    engaged = next(line for line in out if line.startswith("  Engaged"))
    saved = Run.load(tmp_path / "here")
    assert set(saved.tables) == {GROUPS, MARKETS, *SUPPORT}
    assert int(engaged.split()[1]) == saved.support("clients")["event"].eq("engaged").sum()


def test_snapshots_keep_who_worked_where(pathfinder, tmp_path):
    assert pathfinder("run", *SMALL, "snapshots=true", "output=here").code == 0
    saved = Run.load(tmp_path / "here")
    people, last = saved.support("people"), saved.table()["employed"].iloc[-1]
    assert (people["employer_w009"] >= 0).sum() == last


def test_a_run_without_a_name_is_put_under_what_it_is(pathfinder, tmp_path):
    words = ("area=two_towns", "weeks=2", "regime=pooled", "interventions=[outreach,work_trial]")
    assert pathfinder("run", *words).code == 0
    # Other words have another folder, the same words in another order the same one.
    assert pathfinder("run", *words, "funding=double").code == 0
    code, _, err = pathfinder("run", *words[::-1])
    assert code == 2 and "is there already and not empty" in err[0]
    names = sorted(path.name for path in (tmp_path / "results").iterdir())
    stem = "two_towns-recession_2008-ranking-pooled-outreach-work_trial-seed1-"
    assert [name.startswith(stem) for name in names] == [True, True]
    plain = default_folder(configure("area=two_towns"), 1, ("area=two_towns", "events=true"))
    assert plain.name == "two_towns-recession_2008-ranking-seed1"


def test_choices_of_support_are_the_parameters_they_stand_for():
    config = configure(
        "regime=pooled", "partnership=low_trust", "funding=half", "providers=many",
        "interventions=[outreach]", "interventions.outreach.places=5",
    )  # fmt: skip
    assert config.regime.name == "pooled"
    assert config.partnership.trust == 0.3
    assert config.funding.scale == 0.5
    assert config.providers.density == 2.0
    assert config.interventions.outreach.active
    assert config.interventions.outreach.places == 5
    assert not config.interventions.work_trial.active


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("regime=fragmentd", "did you mean fragmented?"),
        ("interventions=[worktrial]", "did you mean work_trial?"),
        ("partnership=trust", "no such choice"),
        ("funding=mine", "for your own: funding.table=PATH"),
        ("providers=mine", "for your own: providers.table=PATH"),
        ("regime.pool_shar=1", "did you mean regime.pool_share or"),
        ("interventions.outreach.place=1", "did you mean interventions.outreach.places"),
        ("regime.pool_share=2", "regime.pool_share"),
    ],
)
def test_what_is_wrong_of_support_is_one_line_and_exit_code_2(pathfinder, tmp_path, word, said):
    code, out, err = pathfinder("run", *SMALL, word, "output=here")
    assert (code, out) == (2, [])
    assert len(err) == 1
    assert said in err[0]
    assert list(tmp_path.iterdir()) == []


def test_providers_are_written_and_read_back_as_the_same_market(pathfinder, tmp_path):
    code, out, _ = pathfinder("providers", "area=two_towns", "seed=4", "output=mine.csv")
    assert code == 0
    assert out[-1] == "Use it: pathfinder run regime=NAME providers.table=mine.csv"
    words = ("area=two_towns", "weeks=20", "regime=fragmented", "seed=4")
    assert pathfinder("run", *words, "output=generated").code == 0
    assert pathfinder("run", *words, "providers.table=mine.csv", "output=own").code == 0
    first, second = (Run.load(tmp_path / name) for name in ("generated", "own"))
    pd.testing.assert_frame_equal(first.monthly, second.monthly)
    for name in SUPPORT:
        pd.testing.assert_frame_equal(first.support(name), second.support(name))


def test_a_table_of_providers_is_not_overwritten_unasked(pathfinder, tmp_path):
    assert pathfinder("providers", "area=two_towns", "output=mine.csv").code == 0
    mine = (tmp_path / "mine.csv").read_text()
    refused = pathfinder("providers", "area=two_towns", "seed=2", "output=mine.csv")
    assert refused.code == 2
    assert len(refused.err) == 1
    assert (tmp_path / "mine.csv").read_text() == mine
    words = ("providers", "area=two_towns", "seed=2", "output=mine.csv", "overwrite=true")
    assert pathfinder(*words).code == 0
    assert (tmp_path / "mine.csv").read_text() != mine
    assert pathfinder("providers", "area=two_towns", "output=mine.txt").code == 2


def test_an_edited_provider_of_nowhere_is_one_line(pathfinder, tmp_path):
    pathfinder("providers", "area=two_towns", "output=mine.csv")
    table = pd.read_csv(tmp_path / "mine.csv", dtype={"where": str})
    table.loc[2, "where"] = "Atlantis"
    table.to_csv(tmp_path / "mine.csv", index=False)
    words = ("area=two_towns", "weeks=2", "regime=fragmented", "providers.table=mine.csv")
    code, _, err = pathfinder("run", *words, "output=here")
    assert code == 2
    assert len(err) == 1
    assert "mine.csv: row 4, column where" in err[0]
    assert "Atlantis" in err[0]


def test_run_leaves_nothing_but_its_output(pathfinder, tmp_path):
    pathfinder("run", *SMALL, "output=here")
    assert [path.name for path in tmp_path.iterdir()] == ["here"]


def test_multirun_gives_each_job_its_own_folder(pathfinder, tmp_path):
    code, _, _ = pathfinder("run", *SMALL, "-m", "hiring=random,stigma", "seed=1,2", "output=grid")
    manifests = [
        json.loads((tmp_path / "grid" / str(number) / "manifest.json").read_text())
        for number in range(4)
    ]
    made = [(each["config"]["hiring"]["rule"], each["seed"]) for each in manifests]
    assert code == 0
    assert made == [("random", 1), ("random", 2), ("stigma", 1), ("stigma", 2)]
    # The store keeps a row of every run besides.
    assert sorted(path.name for path in tmp_path.iterdir()) == ["grid", "results"]
    assert [path.name for path in (tmp_path / "results").iterdir()] == ["store"]


def test_overwriting_replaces_the_whole_folder(pathfinder, tmp_path):
    pathfinder("run", *SMALL, "seed=1", "events=true", "output=here")
    refused = pathfinder("run", *SMALL, "seed=2", "output=here")
    assert refused.code == 2
    assert (tmp_path / "here" / "events.parquet").exists()
    assert pathfinder("run", *SMALL, "seed=2", "output=here", "overwrite=true").code == 0
    assert Run.load(tmp_path / "here").seed == 2
    assert not (tmp_path / "here" / "events.parquet").exists()


def test_configure_takes_the_words_of_the_command_line():
    config = configure("area=two_towns", "hiring=stigma", "hiring.strength=.inf", "weeks=3")
    assert config.area.name == "two_towns"
    assert (config.hiring.rule, config.hiring.strength) == ("stigma", np.inf)
    assert config.weeks == 3


def test_without_words_the_configuration_is_the_default_of_the_code():
    assert configure() == Config()


def test_configure_refuses_what_the_command_line_refuses():
    with pytest.raises(InputError, match=r"did you mean hiring\.strength"):
        configure("hiring.strenght=2")


def test_ctrl_c_ends_a_run_with_one_line_and_writes_nothing(tmp_path):
    script = (
        "import os, signal, sys\n"
        "import simulation.runner as runner\n"
        "from experiments.command import main\n"
        "real = runner.simulate\n"
        "def simulate(config, seed, *, progress, **kept):\n"
        "    def tell(weeks):\n"
        "        progress(weeks)\n"
        "        if weeks == 3: os.kill(os.getpid(), signal.SIGINT)\n"
        "    return real(config, seed, progress=tell, **kept)\n"
        "runner.simulate = simulate\n"
        f"sys.exit(main(['run', 'area=two_towns', 'weeks=9', 'output={tmp_path}/here']))\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, env=environment
    )
    assert done.returncode == 130
    assert done.stderr.splitlines()[-1].startswith("interrupted: ")
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_ctrl_c_that_an_error_of_tidying_up_hides_is_told_as_ctrl_c(pathfinder, monkeypatch):
    def compose(*args, **kept):
        try:
            raise KeyboardInterrupt
        finally:
            raise ConfigKeyError("'NoneType' object has no attribute '_invalidate_flags_cache'")

    monkeypatch.setattr("experiments.words.composition.compose", compose)
    for words in (["run"], ["compare"], ["runs", "list"]):
        assert pathfinder(*words) == (130, [], ["interrupted: nothing was written"])


INTERRUPT_IMPORT = """
import signal, sys
class Interrupting:
    def find_spec(self, name, path=None, target=None):
        if name == sys.argv[1]:
            signal.raise_signal(signal.SIGINT)
sys.meta_path.insert(0, Interrupting())
from experiments.command import main
sys.exit(main(["runs", "list"]))
"""
"""Presses Ctrl-C as a module begins to be imported."""


IMPORTED = ["experiments.words.catalogue", "experiments.words.application", "hydra", "pandas"]


@pytest.mark.parametrize("module", IMPORTED)
def test_ctrl_c_while_a_command_is_imported_is_one_line(tmp_path, module):
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPT_IMPORT, module],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout) == (130, "")
    assert done.stderr.splitlines() == ["interrupted: nothing was written"]


@pytest.mark.slow
def test_the_built_wheel_runs_from_another_place(tmp_path):
    source = tmp_path / "source"
    for name in ("simulation", "experiments", "conf", "docs"):
        shutil.copytree(ROOT / name, source / name)
    for name in ("pyproject.toml", "README.md", "LICENSE", "CITATION.cff"):
        shutil.copy(ROOT / name, source)
    # From a copy: building leaves a folder behind whose files would get into the next wheel.
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", str(tmp_path), str(source)],
        check=True,
    )
    wheel = next(tmp_path.glob("pathfinder_labour-*.whl"))
    # The libraries of this environment, none of its own packages: only the wheel brings conf.
    subprocess.run(
        [sys.executable, "-m", "venv", "--without-pip", str(tmp_path / "venv")], check=True
    )
    scripts = tmp_path / "venv" / "bin"
    into = ["--python", scripts / "python", "install", "-q", "--no-deps"]
    subprocess.run([sys.executable, "-m", "pip", *into, wheel], check=True)
    site = subprocess.run(
        [scripts / "python", "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()
    libraries = Path(np.__file__).parents[1]
    (Path(site) / "zz_libraries.pth").write_text(f"{libraries}\n")
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    # Nothing is compiled: that takes a minute, and loops compiled or not must give the same.
    environment |= {"NUMBA_DISABLE_JIT": "1", "PYTHONWARNINGS": "ignore"}
    elsewhere = {"cwd": tmp_path, "capture_output": True, "text": True, "env": environment}
    shown = subprocess.run([scripts / "pathfinder", "--help"], check=True, **elsewhere)
    assert "compare" in shown.stdout
    folder = Path(shown.stdout.split("docs/NAME.md, are in ")[1].split("\n")[0])
    assert folder.is_relative_to(tmp_path / "venv")
    found, shipped = (
        {path.relative_to(place) for path in place.rglob("*.md")}
        for place in (folder, ROOT / "docs")
    )
    assert found == shipped
    words = ("area=two_towns", "people_per_agent=20", "weeks=9")
    ran = subprocess.run([scripts / "pathfinder", "run", *words, "output=here"], **elsewhere)
    assert ran.returncode == 0, ran.stderr
    there, here = Run.load(tmp_path / "here"), simulate(configure(*words), 1)
    pd.testing.assert_frame_equal(there.monthly, here.monthly)
    assert there.config == here.config


def test_a_file_that_fails_is_named(pathfinder, monkeypatch):
    def fail(words):
        raise OSError(5, "Input/output error", "conf/compare.yaml")

    monkeypatch.setattr("experiments.words.answering.answer", fail)
    assert pathfinder("help") == (1, [], ["failed: conf/compare.yaml: Input/output error"])
