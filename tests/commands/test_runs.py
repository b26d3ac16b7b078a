"""`pathfinder runs`: everything in the store is found, shown, exported and repeated."""

from __future__ import annotations

import shlex
import subprocess
import sys
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from hydra.core.override_parser.overrides_parser import OverridesParser
from hypothesis import given
from hypothesis import strategies as st
from omegaconf import OmegaConf

from experiments import configure
from experiments.commands.runs_text import chosen_columns, short_keys, table_text
from experiments.models import model_named
from experiments.models.labour_market import finite_outcomes
from experiments.models.values import differences
from experiments.store import Row, Store, key_of
from experiments.words.check import quoted_value
from experiments.words.repeat import repeat_command
from simulation.finished.run import Run

SMALL = ("area=two_towns", "weeks=4")
OUTCOMES = {"employment_rate_end": 70.5, "hires_total": 1234.0}


@cache
def values_of(words: tuple[str, ...]) -> dict:
    return configure(*SMALL, *words).model_dump(mode="json")


@cache
def version() -> str:
    return model_named("labour_market").version()


def make_row(*words: str, seed: int = 1, **fields) -> Row:
    """Return a run of the labour market as configured, its outcomes made up."""
    model = model_named("labour_market")
    values = values_of(words)
    months = pd.DataFrame({"date": pd.to_datetime(["2006-05-01"]), "group": "all", "employed": 9.0})
    given = {
        "key": key_of("labour_market", values, seed, version(), {}),
        "model": "labour_market",
        "seed": seed,
        "code_version": version(),
        "defaults": model.defaults(),
        "changes": differences(model.defaults(), values),
        "inputs": {},
        "outcomes": OUTCOMES,
        "months": months,
        "experiment": "trial",
        "seconds": 2.5,
        "n_people": 4000,
        "host": "here",
        "finished": f"2026-01-01T00:00:{seed:02}+00:00",
        "commit": "abc",
        "versions": {"python": "3.11"},
    }
    return Row(**{**given, **fields})


@pytest.fixture
def rows(pathfinder):
    """Put four runs of two experiments into the store where the commands look for it."""
    made = [
        make_row("hiring.strength=2"),
        make_row("hiring.strength=3", seed=2, outcomes={"employment_rate_end": 80.0}),
        make_row("hiring=random", seed=3, experiment="other"),
        make_row("regime=pooled", seed=4, experiment="other"),
    ]
    store = Store(Path("results/store"), create=True)
    for row in made:
        store.add(row)
    return made


def header_and_rows(out):
    """Part printed columns at two spaces or more; up to the empty line before the last one."""
    lines = out[: out.index("")] if "" in out else out
    return lines[0].split(), lines[1:]


def test_list_shows_what_differs_and_outcomes_the_newest_first(pathfinder, rows):
    code, out, err = pathfinder("runs", "list")
    head, lines = header_and_rows(out)
    assert code == 0 and not err
    assert head[:3] == ["key", "experiment", "seed"]
    assert {"hiring.strength", "hiring.rule", "regime.name"} < set(head)
    assert head[-2:] == ["employment_rate_end", "hires_total"]
    assert "area.name" not in head, "it is the same in all"
    assert [line.split()[0] for line in lines] == [row.key[:8] for row in rows[::-1]]
    assert "1,234" in lines[0] and out[-1] == "4 of 4 runs in results/store, newest first"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["experiment=other"], [3, 2]),
        (["model=labour_market", "limit=1"], [3]),
        (["where=hiring.strength > 1"], [1, 0]),
        (["where=hiring.strength in (2, 3) and seed = 2"], [1]),
        (["where=hiring.rule = 'random' -- and false"], [2]),
        (["where=hires_total is null"], [1]),
        (["experiment=other", "where=employment_rate_end > 70 or true"], [3, 2]),
        (["where=seed = 77"], []),
        # No run changes how many rounds of search there are, and none has this outcome yet.
        (["where=search.rounds = 1 and seed < 3"], [1, 0]),
        (["where=search.rounds = 4"], []),
        (["where=ni153_end is null and seed < 3"], [1, 0]),
    ],
    ids=str,
)
def test_list_filters_by_experiment_model_and_condition(pathfinder, rows, words, expected):
    code, out, _ = pathfinder("runs", "list", *words)
    assert code == 0
    found = [line.split()[0] for line in header_and_rows(out)[1]] if expected else []
    assert found == [rows[place].key[:8] for place in expected]
    if not expected:
        assert out == ["none of the 4 runs in results/store"]


def test_what_no_run_varies_or_has_yet_is_a_column_where_it_is_named(pathfinder, rows):
    sql = "select r.search.rounds, area.folder, avg(ni153_end) as none from runs r group by 1, 2"
    code, out, err = pathfinder("runs", "query", sql)
    assert (code, err) == (0, [])
    rounds = str(model_named("labour_market").defaults()["search"]["rounds"])
    assert out[0].split()[-3:] == ["search.rounds", "area.folder", "none"]
    assert out[1].split()[0] == rounds and len(out) == 2
    _, out, _ = pathfinder("runs", "list", "columns=[search.rounds,ni153_end]", "limit=1")
    assert out[0].split() == ["search.rounds", "ni153_end"]
    assert out[1].split()[0] == rounds
    _, out, _ = pathfinder("runs", "query", "describe runs")
    assert not any("search.rounds" in line or "ni153_end" in line for line in out)


def test_list_shows_the_columns_asked_for(pathfinder, rows):
    _, out, _ = pathfinder("runs", "list", "columns=[seed,hiring.strength,finished]", "limit=1")
    assert [line.split() for line in out[:2]] == [
        ["seed", "hiring.strength", "finished"],
        ["4", "1", rows[3].finished],
    ]


def test_list_fits_the_terminal_and_says_what_it_leaves_out(rows, pathfinder, monkeypatch):
    monkeypatch.setattr("experiments.commands.runs.line_width", lambda: 60)
    _, out, _ = pathfinder("runs", "list")
    assert all(len(line) <= 60 for line in out[:-2])
    head, _ = header_and_rows(out)
    _, whole, _ = pathfinder("runs", "list", "columns=[key,hires_total]")
    assert head[0] == "key" and "hires_total" not in head and "hires_total" in whole[0]
    assert "more columns: columns=[...] or runs export" in out[-1]


def test_list_shows_failures_until_the_run_is_done(pathfinder, rows):
    store = Store(Path("results/store"))
    late = make_row("hiring.strength=9")
    assert (
        pathfinder("runs", "list", "failed=true").out[0].startswith("no run in results/store has")
    )
    store.fail(late.key, "strength 9, seed 1", ["books do not balance", "in week 3"])
    code, out, _ = pathfinder("runs", "list", "failed=true")
    assert code == 0 and out[0].startswith(late.key[:8]) and out[0].endswith("strength 9, seed 1")
    assert [line.strip() for line in out[1:]] == ["books do not balance", "in week 3"]
    assert "failed: books do not balance; in week 3" in pathfinder("runs", "show", late.key).err[0]
    store.add(late)
    assert len(pathfinder("runs", "list", "failed=true").out) == 1


def test_show_tells_what_was_changed_what_came_of_it_and_under_which_versions(pathfinder, rows):
    code, out, _ = pathfinder("runs", "show", rows[0].key[:6])
    text = "\n".join(" ".join(line.split()) for line in out)
    assert code == 0
    for line in (
        f"run {rows[0].key}",
        "labour_market, seed 1, first done for trial",
        "hiring.strength 2 (default 1)",
        "weeks 4 (default 260)",
        "Employment rate at the end (employment_rate_end) 70.50 per cent",
        "Hires over the run (hires_total) 1,234 people",
        "took 2.5 seconds for 4,000 agents",
        f"code version {rows[0].code_version} (commit abc)",
        "versions python 3.11",
        "Again, the same to the last bit",
    ):
        assert line in text
    assert "hiring.rule" not in text


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ({"code_version": "older"}, "Again, with code of another version"),
        ({"inputs": {"mine.csv": "d"}}, "Again, with other tables than those it read"),
        ({"model": "ishigami"}, "The model ishigami has no command of its own"),
        ({"model": "gone"}, "The model gone has no command of its own"),
        ({"changes": {"hiring.luck": 1}}, "It cannot be repeated as things are: hiring.luck"),
    ],
    ids=str,
)
def test_show_says_when_a_run_cannot_be_repeated_just_so(pathfinder, fields, line):
    Store(Path("results/store"), create=True).add(make_row(**fields))
    code, out, _ = pathfinder("runs", "show", make_row().key)
    assert code == 0 and any(each.startswith(line) for each in out)


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("hiring.strength=.inf", "start=2007-01-02"),
        ("area=bcbc", "economy=deep", "people_per_agent=10", "hiring=stigma"),
        ("regime=prime_contractor", "funding=double", "providers=few", "partnership=high_trust"),
        ("regime=aligned", "partnership=history", "partnership.trust=0.9"),
        ("partnership.behaviours={local authorities: independent, Job-centre: full_pooling}",),
        ("interventions=[outreach,work_trial]", "interventions.outreach.places=50"),
        ("interventions.level_2.active=true", "interventions.outreach.wards=all"),
        ("employers.quit_rate=[0.1,0.2,0.3,0.4]",),
        ("area.folder='a, b=(c) ''x'' ${{d}}'".replace("''", r"\'").replace("${{d}}", "{d}"),),
        ("economy.events=[{kind: closure, ward: X, sector: other, jobs: 5, date: 2006-06-01}]",),
        ("economy.file='null'", "economy.name='12'"),
    ],
    ids=str,
)
def test_the_command_to_repeat_a_run_gives_its_configuration_exactly(words):
    config = configure(*SMALL, *words)
    command = repeat_command(config.model_dump(mode="json"), 5)
    head, *given = shlex.split(command)
    assert (head, given[0], given[-1]) == ("pathfinder", "run", "seed=5")
    assert configure(*given[1:-1]) == config


def test_the_command_uses_choices_where_they_say_it_shorter():
    config = configure(*SMALL, "hiring=stigma", "regime=pooled", "interventions=[outreach]")
    words = shlex.split(repeat_command(config.model_dump(mode="json"), 1))
    assert {"hiring=stigma", "regime=pooled", "area=two_towns", "weeks=4"} < set(words)
    assert "interventions=[outreach]" in words and "partnership=survey" in words
    assert not [word for word in words if word.startswith("hiring.")]


def test_what_no_words_can_say_has_no_command():
    values = configure(*SMALL).model_dump(mode="json")
    values["partnership"]["behaviours"] = {"employers' board": "independent"}
    assert repeat_command(values, 1) is None


def test_the_command_shown_really_repeats_the_run(pathfinder):
    code, *_ = pathfinder("run", *SMALL, "hiring.strength=2", "seed=3", "output=first")
    run = Run.load(Path("first"))
    outcomes = finite_outcomes(run)
    row = make_row("hiring.strength=2", seed=3, outcomes=outcomes)
    assert code == 0
    Store(Path("results/store"), create=True).add(row)
    command = shlex.split(pathfinder("runs", "show", row.key).out[-1])
    assert pathfinder(*command[1:], "output=again").code == 0
    assert finite_outcomes(Run.load(Path("again"))) == outcomes


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["show"], "key= is missing; give the first digits"),
        (["show", "zz"], "key=zz: no run in store=results/store begins so"),
        (["show", ""], "key= is missing"),
        (["show", "abc", "def"], "key=abc def: no run"),
        (["query"], "sql= is missing; give a select"),
        (["query", "select emploment_rate_end from runs"], "did you mean employment_rate_end"),
        (["query", "select * from read_csv('/etc/passwd')"], "disabled by configuration"),
        (["query", "drop table runs"], "one select statement is allowed, got drop"),
        (["query", "select 1", "limit=0"], "limit: input should be greater than or equal to 1"),
        (["list", "experiment=tril"], "experiment=tril: no run in store=results/store has it; did"),
        (["list", "columns=[hires]"], "columns: there is no hires; did you mean hires_total or"),
        (["list", "columns=[zzz]"], "columns: there is no zzz; there are "),
        (
            ["list", "where=hiring.strenght > 1"],
            "where=hiring.strenght > 1: there is no hiring.str",
        ),
        (["list", "where=seed ="], "where=seed =: "),
        (["list", "failed=true", "where=seed = 1"], "where= is for runs that were done"),
        (["list", "failed=true", "experiment=a"], "experiment= is for runs that were done"),
        (["list", "experiment=[1,2]"], "experiment: input should be a valid string"),
        (["list", "store=nowhere"], "store=nowhere: no store is there"),
        (["list", "limt=3"], "limt is not a parameter; did you mean limit?"),
        (["list", "seed"], "'seed' cannot be read; write key=value"),
        (["export"], "output= is missing; give a file that ends in .csv or .parquet"),
        (["export", "output=all.xlsx"], "output=all.xlsx: the name must end in .csv or .parquet"),
        (["export", "output=results"], "the name must end in"),
        (["export", "output=/proc/all.csv"], "cannot write in /proc"),
        (["lisst"], "pathfinder runs lisst: no such command; did you mean runs list or runs show"),
        (["check", "store=."], "store=.: is no store of runs: store.json is not there"),
    ],
    ids=str,
)
def test_what_is_wrong_is_one_line_with_exit_code_2(pathfinder, rows, words, line):
    before = sorted(Path().rglob("*"))
    code, out, err = pathfinder("runs", *words)
    assert code == 2 and out == [] and len(err) == 1
    assert line in err[0]
    assert sorted(Path().rglob("*")) == before


def test_keys_that_begin_alike_are_told_apart(pathfinder):
    store = Store(Path("results/store"), create=True)
    for number in range(3):
        store.add(make_row(key=f"abcdef0123{number}".ljust(32, "0")))
    code, _, err = pathfinder("runs", "show", "abcdef01")
    assert code == 2
    assert err == ["key=abcdef01: 3 runs begin so, such as abcdef01230, abcdef01231, abcdef01232"]
    assert pathfinder("runs", "show", "ABCDEF01231").out[0] == "run abcdef01231".ljust(36, "0")


@pytest.mark.parametrize(
    "words",
    [
        ["select seed, hiring.strength from runs where hiring.rule='ranking' and seed < 3"],
        ["sql=select seed, hiring.strength from runs where hiring.rule='ranking' and seed < 3"],
        [
            "select",
            "seed, hiring.strength from",
            "runs where hiring.rule =",
            "'ranking'",
            "and seed < 3",
        ],
        ['select seed, "hiring.strength" from runs\nwhere seed<3 -- "x=1", ${y} \\'],
    ],
    ids=str,
)
def test_query_takes_sql_with_commas_quotes_and_equals_signs(pathfinder, rows, words):
    code, out, _ = pathfinder("runs", "query", *words)
    assert code == 0
    assert [line.split() for line in out] == [["seed", "hiring.strength"], ["1", "2"], ["2", "3"]]


def test_query_prints_so_many_rows_or_writes_all(pathfinder, rows):
    sql = "select seed, employed from runs join months using (key) order by seed"
    _, out, _ = pathfinder("runs", "query", sql, "limit=2")
    assert len(out) == 5 and out[-1] == "2 of 4 rows; limit= and output= give more"
    assert pathfinder("runs", "query", sql, "limit=2", "output=all.csv").code == 0
    assert pd.read_csv("all.csv").to_dict("list") == {"seed": [1, 2, 3, 4], "employed": [9.0] * 4}
    assert pathfinder("runs", "query", "select 1 where false").out == ["no rows"]


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_export_writes_every_column_of_the_runs_meant(pathfinder, rows, ending):
    words = ("runs", "export", f"output=deep/all.{ending}", "where=seed > 1")
    assert pathfinder(*words).code == 0
    read = pd.read_csv if ending == "csv" else pd.read_parquet
    frame = read(f"deep/all.{ending}")
    assert frame["key"].tolist() == [row.key for row in rows[1:]]
    assert frame["employment_rate_end"].tolist() == [80.0, 70.5, 70.5]
    assert {"hiring.strength", "finished", "code_version", "area.name"} < set(frame)
    refused = pathfinder(*words)
    assert refused.code == 2 and "is there already; overwrite=true" in refused.err[0]
    assert pathfinder(*words, "overwrite=true").code == 0


def test_export_writes_months(pathfinder, rows):
    words = ("runs", "export", "output=months.csv", "months=true", "experiment=other")
    assert pathfinder(*words).code == 0
    frame = pd.read_csv("months.csv")
    assert sorted(frame["key"]) == sorted(row.key for row in rows[2:])
    assert list(frame)[:3] == ["key", "date", "group"] and (frame["employed"] == 9.0).all()


def test_check_reports_damage_once_and_packs_the_rest(pathfinder, rows):
    assert pathfinder("runs", "check") == (0, ["results/store: 4 runs, all sound"], [])
    assert len(list(Path("results/store/packs").iterdir())) == 1
    Store(Path("results/store")).add(make_row("hiring.strength=7"))
    path = next(Path("results/store/loose").iterdir())
    path.write_bytes(path.read_bytes()[:-1])
    code, out, err = pathfinder("runs", "check")
    assert (code, out) == (1, ["results/store: 4 runs, all sound"])
    assert len(err) == 1 and err[0].startswith(f"failed: {path}: is not as it was written")
    assert "set aside in damaged/, what it held will be run again" in err[0]
    assert pathfinder("runs", "check").code == 0


def test_whoever_meets_damage_says_so(pathfinder, rows):
    path = sorted(Path("results/store/loose").iterdir())[0]
    path.write_bytes(b"")
    code, out, err = pathfinder("runs", "list")
    assert code == 0 and out[-1].startswith("3 of 3 runs") and str(path) in err[0]


@pytest.mark.parametrize("name", ["list", "show", "query", "export", "check"])
def test_each_command_has_help_of_its_own_and_all_of_them_together(pathfinder, name):
    own = pathfinder("runs", name, "--help").out
    assert own[0].startswith(f"pathfinder runs {name}: ") and f"runs {name}" in "".join(own[3:])
    together = pathfinder("runs", "--help")
    assert together.code == 0 and own[0] in together.out
    assert any(line.strip().startswith(f"runs {name}") for line in pathfinder("--help").out)


def test_help_on_area_and_runs_is_of_their_own_commands(pathfinder):
    area, runs = pathfinder("area", "--help").out, pathfinder("runs", "--help").out
    assert [line.partition(":")[0] for line in area if line.startswith("pathfinder ")] == [
        "pathfinder area import",
        "pathfinder area check",
    ]
    assert not any("pathfinder area" in line for line in runs)
    assert pathfinder("area").code == 2 and pathfinder("runs").code == 2


def test_help_on_runs_loads_neither_the_store_nor_hydra():
    program = (
        "import sys\nfrom experiments.command import main\nmain(['runs', '--help'])\n"
        "print([n for n in ('hydra', 'duckdb', 'pyarrow', 'pandas') if n in sys.modules])\n"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert result.stdout.splitlines()[-1] == "[]"


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1))
def test_any_text_comes_through_hydra_as_it_is(text):
    override = OverridesParser.create().parse_override(f"sql={quoted_value(text)}")
    config = OmegaConf.create({"sql": override.value()})
    assert OmegaConf.to_container(config, resolve=True) == {"sql": text}


def test_keys_are_as_short_as_tells_them_apart():
    assert short_keys(["a" * 32], ["a" * 32, "b" * 32]) == ["a" * 8]
    alike = ["a" * 20 + "b" * 12, "a" * 20 + "c" * 12]
    assert short_keys(alike, alike) == ["a" * 20 + "b", "a" * 20 + "c"]
    assert short_keys([], []) == []


def test_the_first_column_is_shown_however_narrow_the_terminal():
    frame = pd.DataFrame({"a": ["x" * 30], "b": [1]})
    assert table_text(frame, width=10) == (f"a\n{'x' * 30}", 1)


def test_an_outcome_is_shown_however_many_columns_come_before_it():
    names = [f"factor_{number}" for number in range(9)]
    frame = pd.DataFrame({name: [1] for name in [*names, "rate", "other"]})
    text, n_hidden = table_text(frame, width=40, keep="rate")
    head = text.splitlines()[0].split()
    assert head == ["factor_0", "factor_1", "factor_2", "rate"] and n_hidden == 7
    assert len(text.splitlines()[0]) <= 40
    assert table_text(frame, width=200, keep="rate") == table_text(frame, width=200)


def test_what_the_name_of_a_choice_says_is_not_shown_again():
    frame = pd.DataFrame(
        {"key": ["a", "b", "c"], "experiment": "e", "seed": 1, "model": "m", "rate": 1.0}
        | {"economy.file": ["x.csv", "y.csv", "y.csv"], "economy.name": ["x", "y", "y"]}
        | {"economy.length": [1, 2, 3]}
    )
    parameters = ["economy.file", "economy.length", "economy.name"]
    shown = chosen_columns(frame, parameters, outcomes=["rate"])
    assert shown == ["key", "experiment", "seed", "economy.length", "economy.name", "rate"]
