"""Code of one's own by `own=[FILE]`: found, refused in one line, and never mistaken for another."""

from __future__ import annotations

import io
import os
import shlex
from pathlib import Path

import pytest
from hydra.core.config_store import ConfigStore

from experiments import ask, compare, configure
from experiments.models import LABOUR_MARKET, model_named
from experiments.models.own_code import closure, import_own, own_digest
from experiments.running.execution import run_works
from experiments.running.launchers import LauncherSettings
from experiments.running.work import Work, make_work
from experiments.store import Store
from experiments.words.composition import register_defaults
from experiments.words.repeat import repeat_command
from simulation import register, simulate
from simulation.config import Config
from simulation.errors import InputError

RULE = '''"""A rule of one's own."""

from beside import FACTOR
from simulation import register


@register.hiring_rule("by_ticket")
def by_ticket(applications, hiring):
    return FACTOR * applications.weeks_since_job + applications.ticket
'''
SMALL = {"area.name": "two_towns", "weeks": 9, "people_per_agent": 4}


@pytest.fixture
def rule(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write a file with a rule, and a module beside it that it imports; both are in the way."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "beside.py").write_text("FACTOR = 1.0\n")
    path = tmp_path / "my_rule.py"
    path.write_text(RULE)
    return path


def work(path: Path, seed: int = 1) -> Work:
    changes = {**SMALL, "own": [str(path)], "hiring.rule": "by_ticket"}
    return make_work(LABOUR_MARKET, changes, seed, name=f"seed {seed}")


def lines_of(*words: str) -> list[str]:
    with pytest.raises(InputError) as error:
        configure("area=two_towns", *words)
    return error.value.problems


def test_a_rule_of_ones_own_is_a_choice_as_shipped_ones_are_and_its_path_is_absolute(rule: Path):
    config = configure("area=two_towns", "own=[my_rule.py]", "hiring=by_ticket")
    assert config.hiring.rule == "by_ticket"
    assert config.own == (str(rule),)
    assert configure("own=my_rule.py", "hiring.rule=by_ticket").own == (str(rule),)
    assert lines_of("own=[my_rule.py]", "hiring=by_tickt") == [
        "hiring=by_tickt: no such choice; did you mean by_ticket?; for your own: own=[FILE]"
    ]


def test_without_the_word_nothing_of_ones_own_is_in_a_configuration(rule: Path):
    rule.write_text(
        "from simulation import register\nfrom simulation.policies.interventions import"
        " Intervention\n\n@register.intervention\nclass Mine(Intervention):\n    name = 'mine'\n"
    )
    config = configure("own=[my_rule.py]", "interventions=[mine,outreach]")
    assert config.interventions.model_dump()["mine"]["active"]
    assert "mine" not in configure().interventions.model_dump()
    assert configure() == Config.from_mapping(Config().model_dump()).replace(
        regime={"name": "none"}, hiring={"rule": "ranking"}
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = 1\nimport nowhere\n", "own=my_rule.py, line 2: ModuleNotFoundError: No module"),
        ("x = 1\ndef f(:\n", "own=my_rule.py, line 2: SyntaxError: invalid syntax"),
        ("import sys\n\nsys.exit('no')\n", "own=my_rule.py, line 3: SystemExit: no"),
        ("x = 1\n", "own=my_rule.py: registers nothing"),
        (RULE.replace("by_ticket", "random"), "line 7: hiring rule 'random' exists already"),
        (RULE.replace('"by_ticket"', '"by ticket"'), "line 7: hiring rule 'by ticket': a name has"),
    ],
)
def test_a_file_that_cannot_be_imported_is_one_line_with_its_place(
    rule: Path, pathfinder, text, said
):
    rule.write_text(text)
    done = pathfinder("run", "area=two_towns", f"own=[{rule}]")
    assert done.code == 2
    [line] = done.err
    assert said in line
    assert not register.names_of(str(rule))


def test_an_error_in_a_module_beside_is_told_with_its_name(rule: Path):
    (rule.parent / "beside.py").write_text("FACTOR = 1 / 0\n")
    assert lines_of("own=[my_rule.py]") == [
        "own=my_rule.py: beside.py, line 1: ZeroDivisionError: division by zero"
    ]


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("own=[nothing.py]", "nothing.py: there is no such file"),
        ("own=[my_rule.txt]", "my_rule.txt: must be a Python file"),
        ("own=3", "own=3: write own=[FILE.py] or own=[ONE.py,OTHER.py]"),
        ("own=a.py,b.py", "own=a.py,b.py: write own=[FILE.py]"),
    ],
)
def test_words_that_name_no_file_of_code_are_refused_in_one_line(rule: Path, word, said):
    [line] = lines_of(word)
    assert said in line


def test_every_command_that_runs_understands_own_and_the_others_refuse_it(rule: Path, pathfinder):
    word = f"own=[{rule}]"
    many = ("--plan", "area=two_towns", "weeks=2", "people_per_agent=20", word, "hiring=by_ticket")
    assert pathfinder("run", "--multirun", "seed=1,2", *many).code == 0
    assert pathfinder("compare", "compare=own", "arms.a=[economy=steady]", *many).code == 0
    study = ("method=grid", "factors=[hiring:random|by_ticket]", "samples=2", "seeds=1")
    assert pathfinder("study", *study, *many[:-1]).code == 0
    assert pathfinder("providers", "area=two_towns", word).code == 0
    refused = pathfinder("runs", "list", word)
    assert refused.code == 2
    assert "own" in refused.err[0]


def test_own_in_a_file_of_choices_is_refused_for_it_comes_too_late(rule: Path, pathfinder):
    (rule.parent / "choices" / "experiment").mkdir(parents=True)
    text = f"# @package _global_\nown: [{rule}]\n"
    (rule.parent / "choices" / "experiment" / "mine.yaml").write_text(text)
    done = pathfinder("study", f"--config-dir={rule.parent / 'choices'}", "experiment=mine")
    assert done.code == 2
    assert f"own: give {rule} as a word" in done.err[0]


def test_an_edit_of_the_file_or_of_a_module_beside_it_is_another_run(rule: Path):
    keys = [work(rule).key]
    rule.write_text(RULE.replace("FACTOR *", "2.0 * FACTOR *"))
    keys.append(work(rule).key)
    (rule.parent / "beside.py").write_text("FACTOR = 3.0\n")
    keys.append(work(rule).key)
    (rule.parent / "unrelated.py").write_text("FACTOR = 4.0\n")
    assert len(set(keys)) == 3
    assert work(rule).key == keys[-1]


def test_a_changed_file_is_imported_anew_within_a_process(rule: Path):
    import_own([str(rule)])
    before = register.HIRING_RULES["by_ticket"]
    import_own([str(rule)])
    assert register.HIRING_RULES["by_ticket"] is before
    (rule.parent / "beside.py").write_text("FACTOR = 3.0\n")
    import_own([str(rule)])
    assert register.HIRING_RULES["by_ticket"].__globals__["FACTOR"] == 3.0


def test_the_same_files_elsewhere_are_the_same_run(rule: Path):
    key = work(rule).key
    register.forget(str(rule))
    elsewhere = rule.parent / "elsewhere"
    elsewhere.mkdir()
    for name in ("my_rule.py", "beside.py"):
        (elsewhere / name).write_text((rule.parent / name).read_text())
    assert work(elsewhere / "my_rule.py").key == key


def test_own_in_an_arm_is_refused_in_one_line(rule: Path):
    with pytest.raises(InputError) as error:
        compare("area=two_towns", {"a": "hiring=random", "b": "own=[my_rule.py] hiring=by_ticket"})
    assert error.value.problems == ["arm b: own= belongs among the words that all arms share"]


def test_two_files_cannot_bring_the_same_name(rule: Path):
    (rule.parent / "other.py").write_text(RULE)
    [line] = lines_of("own=[my_rule.py,other.py]")
    assert f"hiring rule 'by_ticket' exists already in {rule}" in line


def test_what_a_file_imports_is_found_within_functions_and_through_one_another(tmp_path: Path):
    (tmp_path / "a.py").write_text("import math\ndef f():\n    from pack import inner\n")
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack" / "__init__.py").write_text("import b\n")
    (tmp_path / "pack" / "inner.py").write_text("")
    (tmp_path / "b.py").write_text("import a\n")
    (tmp_path / "c.py").write_text("")
    names = [path.relative_to(tmp_path).as_posix() for path in closure(tmp_path / "a.py")]
    assert names == ["a.py", "b.py", "pack/__init__.py", "pack/inner.py"]
    before = own_digest(str(tmp_path / "a.py"))
    (tmp_path / "pack" / "inner.py").write_text("x = 1\n")
    assert own_digest(str(tmp_path / "a.py")) != before


def test_what_no_file_brought_cannot_be_run_for_a_store(rule: Path):
    with register.on_behalf_of("a notebook"):
        register.hiring_rule("of_a_cell")(lambda applications, hiring: applications.ticket)
    model = model_named(LABOUR_MARKET)
    with pytest.raises(InputError, match="'of_a_cell' is of no file that own= names"):
        model.complete({"hiring.rule": "of_a_cell"})


def test_workers_find_code_of_ones_own_and_tell_it_apart_by_content(rule: Path):
    store = Store(rule.parent / "store", create=True)
    launcher = LauncherSettings(name="processes", processes=2)

    def run(*works: Work) -> int:
        return run_works(works, store=store, launcher=launcher, experiment="own", out=io.StringIO())

    assert run(work(rule, 1), work(rule, 2)) == 2
    assert run(work(rule, 1), work(rule, 2)) == 0
    first = {key: store.row(key).outcomes for key in sorted(store.keys())}
    (rule.parent / "beside.py").write_text("FACTOR = -1.0\n")
    assert run(work(rule, 1)) == 1
    changed = store.row(work(rule, 1).key)
    assert changed.outcomes not in list(first.values())
    assert changed.inputs == {"own 1: my_rule.py": own_digest(str(rule))}
    again = repeat_command(changed.defaults | {"own": [str(rule)]}, 1)
    assert again is not None
    assert f"own=['{rule}']" in shlex.split(again)


def test_a_run_of_a_notebook_says_which_code_of_ones_own_it_was(rule: Path):
    config = configure("area=two_towns", "weeks=1", "own=[my_rule.py]", "hiring=by_ticket")
    inputs = {"own 1: my_rule.py": own_digest(str(rule))}
    # An edit counts once it is imported.
    rule.write_text(f"{RULE}\n")
    assert simulate(config, 1).manifest["inputs"] == inputs
    config = configure("area=two_towns", "weeks=1", "own=[my_rule.py]", "hiring=by_ticket")
    assert (
        simulate(config, 1).manifest["inputs"]
        == {"own 1: my_rule.py": own_digest(str(rule))}
        != inputs
    )


def test_a_run_that_fails_in_code_of_ones_own_names_its_line(rule: Path, pathfinder):
    rule.write_text(RULE.replace("FACTOR *", "nobody *"))
    words = ("run", "area=two_towns", "weeks=2", "people_per_agent=20", f"own=[{rule}]")
    code, _, [line] = pathfinder(*words, "hiring=by_ticket")
    assert code == 1
    assert "NameError: name 'nobody' is not defined (my_rule.py, line 9, in by_ticket)" in line
    store = Store(rule.parent / "store", create=True)
    launcher = LauncherSettings(name="in_process")
    with pytest.raises(Exception, match=r"name 'nobody' is not defined \(my_rule.py, line 9"):
        run_works([work(rule)], store=store, launcher=launcher, experiment="own", out=io.StringIO())


def test_a_study_asks_of_parameters_and_outcomes_of_ones_own(tmp_path: Path, monkeypatch):
    examples = Path(__file__).parents[2] / "examples"
    monkeypatch.chdir(tmp_path)
    files = ",".join(
        str(examples / name) for name in ("intervention_job_club.py", "outcome_claimants_fall.py")
    )
    answer = ask(
        "area=two_towns", "weeks=10", "people_per_agent=20", f"own=[{files}]",
        "interventions=[job_club]", "method=grid", "levels=2", "seeds=1",
        "factors=[interventions.job_club.places]", "outcomes=[claimants_fall]",
        "launcher=in_process",
    )  # fmt: skip
    assert answer.runs["claimants_fall"].notna().all()
    assert answer.design["interventions.job_club.places"].tolist() == [250, 4000]


def test_the_working_directory_of_a_worker_does_not_matter(rule: Path, tmp_path_factory):
    config = configure("own=[my_rule.py]", "hiring=by_ticket")
    os.chdir(tmp_path_factory.mktemp("elsewhere"))
    values = config.model_dump(mode="json")
    assert model_named(LABOUR_MARKET).config(values).hiring.rule == "by_ticket"


def test_what_a_forgotten_file_brought_is_no_choice_of_hydras(rule):
    assert (
        configure("area=two_towns", f"own=[{rule}]", "hiring=by_ticket").hiring.rule == "by_ticket"
    )
    register.forget(str(rule))
    register_defaults()
    assert "by_ticket.yaml" not in ConfigStore.instance().repo.get("hiring", {})
