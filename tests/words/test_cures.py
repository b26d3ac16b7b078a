"""A refusal carries its cure: what is to be typed instead, tried by typing it."""

from __future__ import annotations

import shlex

import pytest

from experiments.words.check import prepare, split_outside_brackets
from experiments.words.composition import compose_mapping
from simulation.errors import InputError

RUN = ("run", "area=two_towns", "weeks=4")
CURES = {
    "a comma": ("providers.table=my,file.csv", "my,file.csv"),
    "a bracket": ("providers.table=a(b.csv", "a(b.csv"),
    "an equals sign": ("providers.table=a=b.csv", "a=b.csv"),
    "an apostrophe": ("providers.table=a,b's.csv", "a,b's.csv"),
    "quotation marks": ('providers.table=a"b,.csv', 'a"b,.csv'),
}


@pytest.mark.parametrize(("word", "path"), CURES.values(), ids=list(CURES))
def test_a_path_with_signs_is_given_as_the_refusal_says(pathfinder, word, path):
    code, out, err = pathfinder(*RUN, word)
    assert (code, out, len(err)) == (2, [], 1)
    # The refusal ends with what to type in a shell.
    (typed,) = shlex.split(err[0].rpartition(": ")[2])
    assert compose_mapping("run", [typed])["providers"]["table"] == path


def test_a_path_with_a_comma_stands_in_an_arm():
    inside = 'providers.table="a,b.csv",weeks=9'
    assert split_outside_brackets(inside) == ['providers.table="a,b.csv"', "weeks=9"]
    (word, _) = compose_mapping("compare", [prepare(f"arms.x=[{inside}]")])["arms"]["x"]
    assert compose_mapping("compare", [word])["providers"]["table"] == "a,b.csv"


INSTEAD = {
    "hydra.run.dir=x": "give output=FOLDER",
    "hydra.sweep.dir=x": "give output=FOLDER",
    "hydra/sweeper=optuna": "--multirun takes lists, ranges and glob",
    "hydra/launcher=joblib": "give launcher=NAME: dask, in_process, processes, slurm",
    "+hydra.job.name=x": "pathfinder COMMAND --help says what is",
}


@pytest.mark.parametrize("more", [(), ("--config-dir", ".")])
@pytest.mark.parametrize(("word", "said"), INSTEAD.items())
def test_words_for_hydra_itself_are_refused(pathfinder, tmp_path, word, said, more):
    code, out, err = pathfinder(*RUN, word, *more)
    assert (code, out) == (2, [])
    assert [word in line and said in line for line in err] == [True]
    assert not list(tmp_path.iterdir())


ENVIRONMENT = {
    "a value": ("economy.name=${oc.env:HOME}",),
    "within text": ("economy.name='at ${oc.env:NOWHERE,home}'",),
    "by a name made of others": ("economy.name='${oc.${regime.name}:HOME}'", "regime.name=env"),
    "shown only": ("economy.name=${oc.env:HOME}", "--cfg", "job", "--resolve"),
    "of many": ("economy.name=${oc.env:HOME}", "seed=1,2", "--multirun"),
}


@pytest.mark.parametrize("words", ENVIRONMENT.values(), ids=list(ENVIRONMENT))
def test_values_never_read_the_environment(pathfinder, tmp_path, words):
    code, out, err = pathfinder(*RUN, *words)
    assert (code, out, len(err)) == (2, [], 1)
    assert "values are not taken from the environment; give the value itself" in err[0]
    assert not list(tmp_path.iterdir())


def test_other_references_are_still_read():
    assert compose_mapping("run", ["economy.name=${hiring.rule}"])["economy"]["name"] == "ranking"
    with pytest.raises(InputError, match=r"economy.name: \$\{oc.env:HOME\}"):
        compose_mapping("run", ["economy.name=${oc.env:HOME}"])


def test_a_list_of_factors_in_a_file_is_told_how_it_is_written(pathfinder, tmp_path):
    (tmp_path / "experiment").mkdir()
    file = tmp_path / "experiment" / "mine.yaml"
    text = "# @package _global_\nmodel: ishigami\nfactors: {}\n"
    file.write_text(text.format("[x1, x2]"))
    words = ("study", "--config-dir", ".", "experiment=mine", "--plan")
    code, _, err = pathfinder(*words)
    assert (code, len(err)) == (2, 1)
    assert err[0].startswith("experiment/mine.yaml: has a list where a mapping belongs")
    _, _, cure = err[0].partition("factors: ")
    for name in ("hiring.strength", "search.rounds"):
        cure = cure.replace(name, f"x{1 + (name[0] == 's')}")
    file.write_text(text.format(cure))
    assert pathfinder(*words).code == 0
