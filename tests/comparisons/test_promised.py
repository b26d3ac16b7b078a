"""Targets in a comparison: the runs they take, what is written, and what is refused beforehand."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from experiments import compare, configure
from experiments.comparisons.arms import Arm
from experiments.comparisons.result import Comparison
from experiments.comparisons.targets import promised
from simulation.errors import InputError
from simulation.inputs.target_tables import SHIPPED
from simulation.results.targets import PARTS
from tests.html_page import Page

AREAS = Path(__file__).parents[2] / "conf" / "area"
ARMS = ("arms.nobody=[regime=none]", "arms.aligned=[regime=aligned,funding=double]")
BASE = ("area=two_towns", "start=2007-02-05", "weeks=30", "people_per_agent=4")
WORDS = ("compare", "compare=own", *BASE, *ARMS)
MINE = """\
early,claimants by the summer,claimants,all,priority,,2007-02,2007-03,2007-07,2007-08,-1,absolute,1e6,1,made up
gap,gap to the rest,employment_rate,all,priority,rest,2007-02,2007-02,2007-08,2007-08,0.5,absolute,1e6,0.5,made up
nation,against the nation,claimant_rate,all,all,national,2007-02,2007-02,2007-08,2007-08,-0.1,absolute,0,1,made up
other,against another area,jsa,all,all,area:bare_market,2007-02,2007-02,2007-08,2007-08,-5,per_cent,0,1,made up
"""  # noqa: E501


def table_of(folder: Path, rows: str = MINE) -> Path:
    head = SHIPPED.read_text(encoding="utf-8").splitlines()[0]
    path = folder / "mine.csv"
    path.write_text(f"{head}\n{rows}", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Compare no support and a regime, with targets of one's own and two seeds."""
    from experiments.command import main

    there = tmp_path_factory.mktemp("targets")
    words = (f"targets={table_of(there)}", f"output={there / 'here'}", f"store={there / 'store'}")
    assert main([*WORDS, *words, "seeds=2", "launcher=in_process", "page=false"]) == 0
    return there / "here"


def test_the_runs_that_part_the_causes_are_made_and_named(folder):
    names = {path.name.rpartition("-seed")[0] for path in (folder / "runs").iterdir()}
    steady, first = "steady", "steady.first_rules"
    assert names == {
        "nobody", "aligned", f"reference.{steady}", f"reference.{first}",
        "reference.bare_market.nobody", f"reference.bare_market.{steady}",
        f"reference.bare_market.{first}",
    }  # fmt: skip
    config = json.loads(
        (folder / "runs" / f"reference.{first}-seed2" / "manifest.json").read_text()
    )
    assert (
        config["config"]["benefits"]["frozen"] and config["config"]["economy"]["name"] == "steady"
    )


def test_the_parts_add_up_to_the_change_in_every_run(folder):
    seeds = pd.read_csv(folder / "targets_by_seed.csv")
    assert len(seeds) == 4 * 2 * 2
    assert seeds[list(PARTS)].sum(axis=1).to_numpy() == pytest.approx(seeds["change"], abs=1e-9)
    own = seeds[seeds["target"] == "early"].set_index(["arm", "seed"])
    difference = own.loc["aligned", "change"] - own.loc["nobody", "change"]
    assert own.loc["aligned", "arms_doing"].to_numpy() == pytest.approx(difference)


def test_a_target_is_read_off_the_months_of_its_run(folder):
    seeds = pd.read_csv(folder / "targets_by_seed.csv").set_index(["target", "arm", "seed"])
    found = Comparison.load(folder)
    table = sum(
        found.run("aligned", 2).table(wards="priority")[name]
        for name in ("jsa", "ib_esa", "lone_parent", "other_benefit")
    )
    row = seeds.loc[("early", "aligned", 2)]
    assert row["before"] == pytest.approx(table["2007-02":"2007-03"].mean())
    assert row["after"] == pytest.approx(table["2007-07":"2007-08"].mean())


def test_what_is_written_is_read_again_and_is_on_the_page(folder, tmp_path):
    found = Comparison.load(folder)
    pd.testing.assert_frame_equal(
        found.targets.reset_index(drop=True), pd.read_csv(folder / "targets.csv"), check_dtype=False
    )
    told = pd.read_csv(folder / "answer.csv").set_index("about")["text"]
    first, doing, *_ = told["targets"]
    assert first.startswith("Claimants by the summer: promised")
    assert doing.startswith("Whose doing that was: ")
    page = Page(found.answer_page(tmp_path / "page.html"))
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert {"promises", "target", "targets", "target-said"} <= set(ids)
    assert (tmp_path / "page.html").stat().st_size < 1_500_000


@pytest.mark.parametrize(
    ("baseline", "folders"), [("nobody", ("x", "y")), ("steady", ("x",))], ids=["area", "baseline"]
)
def test_two_runs_of_one_name_are_refused_for_one_would_be_told_of_the_other(
    baseline, folders, tmp_path
):
    for name in folders:
        shutil.copytree(AREAS / "bare_market", tmp_path / name / "town")
    rows = [row(name=name, against=f"area:{tmp_path / name / 'town'}", kind="per_cent")
            for name in folders]  # fmt: skip
    base = Arm(baseline, (), configure(*BASE, "regime=none"))
    with pytest.raises(InputError) as error:
        promised(str(table_of(tmp_path, "\n".join(rows))), [base], baseline)
    assert "2 runs they need would be called reference.town.steady;" in str(error.value)


def test_steady_demand_makes_no_part_of_the_economy(tmp_path):
    mine = table_of(tmp_path, MINE.splitlines()[0])
    found = compare(
        [*BASE, "economy=steady"],
        {"nobody": "regime=none"},
        seeds=2,
        targets=str(mine),
        store=tmp_path / "store",
        launcher="in_process",
    )
    assert (found.targets["economy"] == 0).all() and (found.targets["arms_doing"] == 0).all()
    assert np.isfinite(found.targets["luck_sd"]).all()


def row(**changes: str) -> str:
    names = SHIPPED.read_text(encoding="utf-8").splitlines()[0].split(",")
    cells = dict(zip(names, MINE.splitlines()[0].split(","), strict=True)) | changes
    return ",".join(cells[name] for name in names)


REFUSED = {
    "no such target": (("targets=[ni153_gapp]",), None, "no target 'ni153_gapp'; did you mean"),
    "what cannot be told": (("targets=[children_0_4]",), None, "has people of working age and no"),
    "no such file": (("targets=no/such.csv",), None, "such.csv: not found in no"),
    "no baseline in the run": ((), row(baseline_from="2006-04"),
                               "early: its baseline, 2006-04 to 2007-03, is not in the run, of"),
    "outside the run": ((), row(target_to="2010-01"), "its date, 2007-07 to 2010-01, is not in"),
    "no such ward": ((), row(where="Cannal Side"), "where: the run has no ward 'Cannal Side'"),
    "no such group": ((), row(where="all", who="age:16_25"), "there is no group 'age:16_25'"),
    "groups of a place": ((), row(who="age:16_24"), "where priority: groups, as in who, are"),
    "no others": ((), row(where="all", against="rest"), "kind"),
    "no rest": ((), row(where="all", against="rest", kind="per_cent"), "so that no others are"),
    "no such area": ((), row(against="area:leeds", kind="per_cent"), "there is no area 'leeds'"),
    "no nation in another economy": (("economy=deep",), MINE.splitlines()[2], "file=deep.csv"),
}  # fmt: skip


@pytest.mark.parametrize("name", list(REFUSED))
def test_what_cannot_be_told_is_one_line_before_any_run(name, pathfinder, tmp_path):
    words, rows, says = REFUSED[name]
    if rows is not None:
        words = (*words, f"targets={table_of(tmp_path, rows)}")
    code, out, err = pathfinder(*WORDS, "output=here", *words)
    assert (code, out) == (2, [])
    assert len(err) == 1 and says in err[0], err
    assert not (tmp_path / "here").exists() and not (tmp_path / "results").exists()
