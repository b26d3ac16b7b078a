"""Whatever the user gets wrong: one clear line each, exit code 2, nothing written."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

from simulation.inputs.shipped import shipped_area_folder
from tests.given_once import last_of_each

RUN = ("run", "area=two_towns", "weeks=4", "output=here")
COMPARE = ("compare", "area=two_towns", "weeks=4", "output=here", "compare=own")
ONE_ARM = "arms.one=[economy=steady]"

ONE_LINE_EACH = {
    "unknown key": ((*RUN, "weekz=3"), ["weekz is not a parameter; did you mean weeks?"]),
    "unknown key in a group": (
        (*RUN, "hiring.strenght=2"),
        ["hiring.strenght is not a parameter; did you mean hiring.strength"],
    ),
    "unknown key put in with a plus": ((*RUN, "+luck=7"), ["luck is not a parameter; allowed: "]),
    "two mistakes": (
        (*RUN, "weekz=3", "hiring=rankin"),
        ["weekz is not a parameter", "hiring=rankin: no such choice; did you mean ranking?"],
    ),
    "unknown area": (
        ("run", "area=leeds"),
        ["area=leeds: no such choice; allowed: bare_market, bcbc, two_towns, tyne_and_wear; for"],
    ),
    "malformed override": ((*RUN, "weeks"), ["'weeks' cannot be read; write key=value"]),
    "deleted key": ((*RUN, "~weeks"), ["~weeks: nothing can be taken out; give weeks a value"]),
    "unknown flag": ((*RUN, "--multirum"), ["--multirum: no such flag; did you mean --multirun?"]),
    "several values without multirun": ((*RUN, "seed=1,2"), ["seed=1,2 stands for several runs"]),
    "commas between thousands": (
        ("plan", "ward=Aston", "budget=500,000"),
        ["budget=500,000 stands for several runs, as pathfinder run --multirun does them; give"],
    ),
    "a parameter with dashes": (
        ("run", "--area=two_towns"),
        ["--area=two_towns: no such flag; a parameter has no dashes: area=two_towns"],
    ),
    "a range for seeds": (
        ("compare", "area=two_towns", "seeds=1..4"),
        [
            "seeds: must be how many, or a list of whole numbers from 0 to 9223372036854775807"
            " such as [3,4,5], got 1..4"
        ],
    ),
    "missing interpolation": ((*RUN, "weeks=${nowhere}"), ["Interpolation key 'nowhere'"]),
    "wrong type": ((*RUN, "weeks=many"), ["weeks: input should be a valid integer"]),
    "out of range": (
        (*RUN, "hiring.strength=-1"),
        ["hiring.strength: input should be greater than or equal to 0, got -1"],
    ),
    "wrong in the model and in the settings": (
        (*RUN, "weeks=0", "seed=-1"),
        ["weeks: input should be greater than or equal to 1, got 0", "seed: input should be"],
    ),
    "not a date": ((*RUN, "start=2006-13-01"), ["start: input should be a valid date"]),
    "list too long": ((*RUN, "employers.quit_rate=[1,1,1,1,1]"), ["employers.quit_rate"]),
    "unknown hiring rule": ((*RUN, "hiring.rule=luck"), ["hiring.rule 'luck' is unknown"]),
    "missing economy file": (
        (*RUN, "economy.file=nowhere.csv"),
        ["economy file 'nowhere.csv' is not there"],
    ),
    "missing area folder": ((*RUN, "area.folder=nowhere"), ["nowhere: no such folder"]),
    "event in an unknown ward": (
        (*RUN, "economy.events=[{kind:closure,ward:X,sector:other,jobs:5,date:2006-06-01}]"),
        ["X"],
    ),
    "multirun of a comparison": ((*COMPARE, ONE_ARM, "-m"), ["-m: only for pathfinder run"]),
    "no arms": (COMPARE, ["arms: there are none"]),
    "unknown key in an arm": (
        (*COMPARE, "arms.one=[weekz=3]", "arms.two=[hiring=rankin]"),
        ["arm one: weekz is not a parameter", "arm two: hiring=rankin: no such choice"],
    ),
    "bad value in an arm": (
        (*COMPARE, "arms.one=[hiring.strength=-1]"),
        ["arm one: hiring.strength: input should be greater"],
    ),
    "setting in an arm": (
        (*COMPARE, "arms.one=[seeds=3]"),
        ["arm one: seeds is not a parameter"],
    ),
    "arms of different length": (
        (*COMPARE, ONE_ARM, "arms.two=[weeks=8]"),
        ["arm two: weeks differs from arm one's"],
    ),
    "arm with a bad name": ((*COMPARE, "arms.a/b=[weeks=8]"), ["a/b"]),
    "missing file in an arm": (
        (*COMPARE, "arms.one=[economy.file=nowhere.csv]"),
        ["arm one: economy file 'nowhere.csv' is not there"],
    ),
    "unknown baseline": ((*COMPARE, ONE_ARM, "baseline=two"), ["baseline=two: no such arm"]),
    "a seed twice": ((*COMPARE, ONE_ARM, "seeds=[1,1]"), ["seeds: [1, 1]; at least one"]),
    "no seeds": ((*COMPARE, ONE_ARM, "seeds=[]"), ["seeds: []; at least one"]),
    "no processes": ((*COMPARE, ONE_ARM, "processes=0"), ["processes: input should be greater"]),
    "no folder of data": (
        ("area", "import", "data=nowhere", "evidence=."),
        ["data=nowhere: no such folder"],
    ),
    "unknown recipe": (
        ("area", "import", "recipe=bcb"),
        ["recipe=bcb: no such choice; did you mean bcbc?"],
    ),
    "nothing to check": (("area", "check"), ["folder= is missing"]),
    "unknown command": (("rum",), ["pathfinder rum: no such command; did you mean run?"]),
}


@pytest.mark.parametrize(("words", "lines"), ONE_LINE_EACH.values(), ids=list(ONE_LINE_EACH))
def test_each_mistake_gives_one_line_and_exit_code_2(pathfinder, tmp_path, words, lines):
    code, out, err = pathfinder(*last_of_each(words))
    assert (code, out) == (2, [])
    assert len(err) == len(lines), err
    for got, expected in zip(err, lines, strict=True):
        assert expected in got
    assert list(tmp_path.iterdir()) == []


def test_output_through_a_file_is_refused_before_the_run(pathfinder, tmp_path):
    (tmp_path / "file").write_text("mine")
    code, _, err = pathfinder(*RUN[:-1], "output=file/here")
    assert code == 2
    assert len(err) == 1
    assert "output=file/here: cannot write in file" in err[0].replace(f"{tmp_path}/", "")
    assert (tmp_path / "file").read_text() == "mine"


@pytest.mark.parametrize("command", ["parameters", "benchmark"])
def test_a_file_that_cannot_be_written_is_refused(pathfinder, tmp_path, command):
    (tmp_path / "folder").mkdir()
    code, out, err = pathfinder(command, "output=folder")
    assert (code, out) == (2, [])
    assert err == ["output=folder: is a folder; give the name of a file"]


@pytest.mark.parametrize("command", [RUN[:-1], (*COMPARE[:-2], COMPARE[-1], ONE_ARM)])
def test_a_folder_with_other_things_is_never_overwritten(pathfinder, tmp_path, command):
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "thesis.tex").write_text("mine")
    words = [word for word in command if not word.startswith("output")]
    code, _, err = pathfinder(*words, "output=here", "overwrite=true")
    assert code == 2
    assert err[0].startswith("output=here: holds thesis.tex, which no command here wrote")
    assert len(err) == 1
    assert (tmp_path / "here" / "thesis.tex").read_text() == "mine"


@pytest.fixture
def own_area(tmp_path: Path) -> Path:
    """Copy the small area to outside the working directory of the command."""
    folder = tmp_path.with_name(f"{tmp_path.name}-area")
    shutil.copytree(shipped_area_folder("two_towns"), folder)
    return folder


def _set(folder: Path, column: str, value: object) -> None:
    table = pd.read_csv(folder / "wards.csv", dtype=str)
    table.loc[1, column] = str(value)
    table.to_csv(folder / "wards.csv", index=False)


def test_an_own_area_that_is_sound_runs(pathfinder, own_area, tmp_path):
    assert pathfinder("area", "check", f"folder={own_area}").code == 0
    assert pathfinder("run", f"area.folder={own_area}", "weeks=4", "output=here").code == 0


def test_every_problem_of_an_area_has_its_line_with_row_and_column(pathfinder, own_area, tmp_path):
    _set(own_area, "residents", "0")
    code, _, err = pathfinder("run", f"area.folder={own_area}", "weeks=4", "output=here")
    assert code == 2
    assert any("wards.csv: row 3, column residents" in line for line in err)
    assert list(tmp_path.iterdir()) == []


def test_a_truncated_table_is_refused(pathfinder, own_area, tmp_path):
    text = (own_area / "wards.csv").read_text()
    (own_area / "wards.csv").write_text(text[: len(text) * 2 // 3])
    code, _, err = pathfinder("run", f"area.folder={own_area}", "weeks=4", "output=here")
    assert code == 2
    assert "wards.csv: row 5: 3 fields; must be 29" in err[0]
    assert len(err) <= 21  # the first twenty and how many more there are
    assert list(tmp_path.iterdir()) == []


def test_dates_out_of_order_in_an_economy_are_refused(pathfinder, tmp_path):
    file = tmp_path.with_name(f"{tmp_path.name}-path.csv")
    file.write_text("date,sector,index\n2006-01-01,all,1\n2005-01-01,all,2\n")
    code, _, err = pathfinder(*RUN, f"economy.file={file}", "economy.name=mine")
    assert code == 2
    assert len(err) == 1
    assert "row 3, column date" in err[0]
    assert list(tmp_path.iterdir()) == []


def test_an_unforeseen_error_is_one_line_and_exit_code_1(pathfinder, tmp_path, monkeypatch):
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("the disk is on fire")

    monkeypatch.setattr("simulation.runner.simulate", fail)
    code, out, [line] = pathfinder(*RUN)
    assert (code, out) == (1, [])
    assert line.startswith("failed: RuntimeError: the disk is on fire (")
    assert line.endswith(", in fail); --debug shows the way there")
    assert list(tmp_path.iterdir()) == []
