"""What needs no engine imports none: a command that only looks or refuses is there at once."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from experiments.models import model_named
from experiments.store import Row, Store
from experiments.words.catalogue import COMMANDS
from experiments.words.check import FREE
from experiments.words.composition import compose_mapping, flat_keys, known_keys

ROOT = Path(__file__).resolve().parents[2]
ENGINE = {"mesa", "numba", "scipy", "networkx", "sklearn", "SALib", "matplotlib"}
TABLES = {"pandas", "pyarrow", "duckdb", "pandera"}
READERS = {"hydra", "omegaconf", "pydantic", "numpy"}
NOTHING = {
    "help": ["--help"],
    "help on a command": ["run", "--help"],
    "no such command": ["rum"],
}
"""Commands that need not even know the parameters."""
WORDS_ONLY = {
    "no such word": ["run", "regmie=none"],
    "no such choice": ["run", "regime=nonne"],
    "no such word of a study": ["study", "experment=ishigami"],
    "no such word of a comparison": ["compare", "armz=3"],
    "no such word of the store": ["runs", "list", "limt=3"],
    "a flag of another command": ["parameters", "--plan"],
    "a value out of range": ["run", "weeks=-1"],
    "no number": ["run", "hiring.strength=abc"],
    "no seed of a comparison": ["compare", "compare=own", "arms.a=[regime=none]", "seeds=0"],
    "no such word of an arm": ["compare", "compare=own", "arms.a=[regmie=none]"],
    "no such baseline": ["compare", "baseline=nonne"],
    "no folder": ["area", "check"],
    "no ward of a plan": ["plan", "budget=5"],
    "parameters": ["parameters"],
}
"""Commands that look at nothing but what was typed and at the parameters."""
KNOWN = ("area=two_towns", "weeks=10")
"""A run as large as the one in the store."""
TABLES_ONLY = {
    "a value of a job": ["run", "--multirun", "weeks=-1,2"],
    "a value of a study": ["study", "samples=-3"],
    "no such factor": ["study", "factors=[a]"],
    "a value of the store": ["runs", "list", "limit=0"],
    "runs list": ["runs", "list"],
    "runs show": ["runs", "show", "abc"],
    "runs query": ["runs", "query", "select count(*) from runs"],
    "runs export": ["runs", "export", "output=runs.csv"],
    "runs check": ["runs", "check"],
    "plan of a run": ["run", "--plan", *KNOWN],
    "plan of a sweep": ["run", "--plan", "--multirun", *KNOWN, "seed=1,2"],
    "plan of a comparison": ["compare", "--plan", *KNOWN, "people_per_agent=1"],
    "area check": ["area", "check", f"folder={ROOT / 'conf' / 'area' / 'two_towns'}"],
}
"""Commands that read tables; plans where a run as large is known."""
CALL_EACH = """
import contextlib, io, json, sys
from experiments.command import main
for words in json.loads(sys.argv[1]):
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        code = main(words)
    print(json.dumps([code, sorted({name.partition(".")[0] for name in sys.modules})]))
"""
"""Calls commands one after another; prints the exit code, and what is imported up to there."""


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """Exit code and imported packages of every command, all called in one new process."""
    folder = tmp_path_factory.mktemp("start_up")
    Store(folder / "results" / "store", create=True).add(known_run())
    commands = {**NOTHING, **WORDS_ONLY, **TABLES_ONLY}
    done = subprocess.run(
        [sys.executable, "-c", CALL_EACH, json.dumps(list(commands.values()))],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return dict(zip(commands, lines, strict=True))


def known_run() -> Row:
    """Return a row of a run of ten weeks."""
    model = model_named("labour_market")
    return Row(
        key="abc".ljust(32, "0"),
        model="labour_market",
        seed=1,
        code_version="v",
        defaults=model.defaults(),
        changes={"weeks": 10, "area.name": "two_towns"},
        inputs={},
        outcomes={"employment_rate_end": 70.0},
        months=None,
        experiment="trial",
        seconds=2.0,
        n_people=4000,
        host="here",
        finished="2026-01-01T00:00:00+00:00",
        commit="abc",
        versions={},
    )


@pytest.mark.parametrize("name", NOTHING)
def test_help_imports_nothing_but_words(found, name):
    code, modules = found[name]
    assert code == (0 if name.startswith("help") else 2)
    assert not set(modules) & (ENGINE | TABLES | READERS)


@pytest.mark.parametrize("name", WORDS_ONLY)
def test_what_looks_at_words_only_imports_no_table_and_no_engine(found, name):
    code, modules = found[name]
    assert code == (0 if name == "parameters" else 2)
    assert not set(modules) & (ENGINE | TABLES)


@pytest.mark.parametrize("name", TABLES_ONLY)
def test_what_reads_tables_only_imports_no_engine(found, name):
    code, modules = found[name]
    assert code == (0 if name.startswith(("runs", "plan", "area")) else 2)
    assert not set(modules) & ENGINE


@pytest.mark.parametrize("name", COMMANDS)
def test_the_keys_a_command_knows_are_those_that_are_composed(name):
    config_name = COMMANDS[name].config_name
    composed = set(flat_keys(compose_mapping(config_name)))
    free = {key for key in composed if key.split(".")[0] in FREE}
    assert composed - free == known_keys(config_name) - free
