"""`pathfinder run from=RUN@DAY`: another way from a day on, and what would have mattered before."""

import json
import shutil

import pytest

from experiments import configure
from simulation import simulate
from simulation.finished.run import Run
from simulation.inputs.shipped import CONF
from simulation.provenance import code_version

KEPT = (
    "area=two_towns",
    "people_per_agent=8",
    "start=2007-09-03",
    "partnership.start=2007-09-03",
    "regime.start_up_weeks=10",
    "closure=fixed_jobs",
    "regime=aligned",
    "weeks=26",
)


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """A folder with a run."""
    folder = tmp_path_factory.mktemp("run") / "kept"
    simulate(configure(*KEPT), seed=4).save(folder)
    return folder


@pytest.fixture
def here(kept, tmp_path):
    """A working folder with that run."""
    shutil.copytree(kept, tmp_path / "kept")
    return tmp_path


def test_a_run_goes_another_way_from_a_day_on(pathfinder, here):
    outcome = pathfinder("run", "from=kept@2008-01-03", "regime=pooled", "output=new")
    assert (outcome.code, outcome.err) == (0, outcome.err)
    again = pathfinder("run", "from=kept@18", "regime=co_commissioned", "output=again")
    assert again.code == 0
    words = [word for word in KEPT if word != "regime=aligned"]
    whole = simulate(configure(*words, "regime=pooled"), seed=4)
    new = Run.load(here / "new")
    assert new.config == whole.config
    assert new.seed == 4
    assert new.monthly["value"].equals(whole.monthly["value"])
    # The first had to simulate the past, the second had it from the first.
    assert "went_on_from_week" not in new.manifest
    assert Run.load(here / "again").manifest["went_on_from_week"] == 18


def test_a_run_is_made_longer(pathfinder, tmp_path):
    words = ("area=two_towns", "people_per_agent=20", "seed=4")
    assert pathfinder("run", *words, "weeks=3", "output=kept").code == 0
    outcome = pathfinder("run", "from=kept@2", "weeks=5", "output=longer")
    assert outcome.code == 0, outcome.err
    longer, whole = Run.load(tmp_path / "longer"), simulate(configure(*words[:2], "weeks=5"), 4)
    assert longer.config == whole.config
    assert longer.monthly["value"].equals(whole.monthly["value"])


def test_a_run_whose_tables_have_changed_is_not_gone_on_from(pathfinder, tmp_path):
    index = tmp_path / "index.csv"
    shutil.copy(CONF / "economy" / "steady.csv", index)
    words = ("area=two_towns", "people_per_agent=20", "economy.file=index.csv", "weeks=3")
    assert pathfinder("run", *words, "output=kept").code == 0
    index.write_text(index.read_text().replace(",1.0", ",1.1"))
    outcome = pathfinder("run", "from=kept@2", "weeks=5", "output=longer")
    assert outcome.code == 2
    assert outcome.err == [
        "index.csv has changed since the run that is to be gone on from read it; run that again"
    ]
    assert not (tmp_path / "longer").exists()


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["from=nowhere@2008-01-07"], "from=nowhere: no run is kept there"),
        (["from=kept"], "from=kept: must be the folder of a run and a day"),
        (["from=kept@Friday"], "from=kept@Friday: must be the folder of a run and a day"),
        (["from=kept@2009-01-05"], "from=kept@2009-01-05: must be after 2007-09-03 and by 2008-02"),
        (["from=kept@20", "seed=5"], "seed: the run goes on with that of kept, 4; leave it out"),
        (["from=kept@20", "hiring.strength=0.2"], "hiring.strength=0.2 instead of"),
        (["from=kept@20", "regime=pooled"], "regime.name=pooled instead of aligned matters from"),
        (
            ["from=kept@20", "interventions=[outreach]"],
            "interventions.outreach.active=True instead of False matters from the first day on",
        ),
        (["from=kept@20", "weeks=19"], "weeks=19: kept@20 is later than that; set weeks higher"),
        (["from=kept@20", "--multirun"], "from: only for a single run, without --multirun"),
    ],
)
def test_what_cannot_be_is_said_in_a_line(pathfinder, tmp_path, words, line):
    manifest = {"config": configure(*KEPT).model_dump(mode="json"), "seed": 4}
    (tmp_path / "kept").mkdir()
    text = json.dumps(manifest | {"code_version": code_version()})
    (tmp_path / "kept" / "manifest.json").write_text(text, encoding="utf-8")
    outcome = pathfinder("run", *words, "output=new")
    assert outcome.code == 2
    assert len(outcome.err) == 1
    assert outcome.err[0].startswith(line)
    assert not (tmp_path / "new").exists()
