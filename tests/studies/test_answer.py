"""Studies and stores from Python: what a notebook gets is what the command line writes."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from experiments import ask, open_store
from simulation.errors import InputError

WORDS = ("experiment=ishigami", "samples=16", "most_seeds=4", "launcher=in_process", "page=false")


def test_python_and_command_line_give_the_same_tables_of_a_study(pathfinder, tmp_path):
    assert pathfinder("study", *WORDS, "output=typed").code == 0
    answer = ask(*WORDS)
    assert answer.findings.n_new == 0
    for name, table in answer.tables.items():
        written = pd.read_csv(tmp_path / "typed" / f"{name}.csv")
        assert list(written.columns) == list(table.columns)
        for column in table.select_dtypes("number"):
            np.testing.assert_allclose(written[column], table[column], rtol=1e-12, err_msg=column)
    runs = pd.read_parquet(tmp_path / "typed" / "runs.parquet")
    pd.testing.assert_frame_equal(runs, answer.runs)


def test_asking_writes_the_store_alone_and_a_folder_when_told(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    answer = ask(*WORDS, "factors=[x1,x2]", "store=kept")
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]
    assert list(answer.design.columns) == ["x1", "x2"]
    assert len(answer.runs) == len(answer.design) * answer.findings.n_seeds
    assert answer.text().startswith("y of ishigami")
    folder = answer.write("mine")
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["command"].startswith("pathfinder study experiment=ishigami samples=16")
    assert "'factors=[x1,x2]'" in manifest["command"]
    with pytest.raises(InputError, match="overwrite=true"):
        ask(*WORDS, "store=kept").write("mine")


def test_a_store_is_opened_by_its_folder_and_gives_frames(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    answer = ask(*WORDS)
    store = open_store()
    runs = store.runs(experiment="ishigami").set_index("key")
    kept = runs.loc[answer.runs["key"], "y"].to_numpy()
    np.testing.assert_array_equal(kept, answer.runs["y"])
    counted = store.query("select seed, count(*) as n from runs group by seed")
    assert (counted["n"] == len(answer.design)).all()
    with pytest.raises(InputError, match="no store is there"):
        open_store("nowhere")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["factors=[x1]", "factors=[x2]"], "factors= is given twice"),
        (["seeds=1,2"], "stands for several runs"),
        (["sample=3"], "sample is not a parameter; did you mean samples"),
    ],
)
def test_what_cannot_be_asked_is_refused_as_on_the_command_line(tmp_path, monkeypatch, words, said):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match=said.replace(" ", r"\s")):
        ask(*WORDS, *words)
    assert not list(tmp_path.iterdir())
