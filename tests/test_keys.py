"""A key covers what a run depends on and nothing else: read from imports, tried in a store."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable, Collection
from pathlib import Path

import pytest

from experiments.models import labour_market
from experiments.models.labour_market import OF_ROWS
from experiments.running.execution import run_works
from experiments.running.launchers import LauncherSettings
from experiments.running.work import make_work
from experiments.store import Store
from simulation.provenance import READERS, source_digest, sources
from tests.test_layering import IMPORTS, MODULES, ROOT

SMALL = {"area.name": "two_towns", "weeks": 5, "people_per_agent": 20}


def room(module: str) -> str:
    return ".".join(module.split(".")[1:2])


def closure(module: str, *, but: Collection[str]) -> set[str]:
    """Return the modules of ours that one imports, itself or through others, but for some rooms."""
    found: set[str] = set()
    waiting = [module]
    while waiting:
        name = waiting.pop()
        if name not in found and room(name) not in but:
            found.add(name)
            waiting += IMPORTS.get(name, ())
    return found


def test_the_digest_of_a_run_covers_every_module_that_makes_its_frames():
    imported = closure("simulation.runner", but=READERS)
    assert {MODULES[name] for name in imported} <= set(sources(ROOT))
    # The finished run is the only door to what reads one.
    assert {room(each) for name in imported for each in IMPORTS[name]} & set(READERS) == {
        "finished"
    }


def test_the_digest_of_a_run_covers_no_room_that_running_it_does_without():
    imported = closure("simulation.runner", but=READERS)
    covered = {name for name, path in MODULES.items() if path in set(sources(ROOT))}
    inner = {name for name in covered if name.count(".") > 1}
    assert {room(name) for name in inner} <= {room(name) for name in imported}
    assert not {room(name) for name in covered} & set(READERS)


def test_the_digest_of_a_row_covers_whatever_makes_outcomes_and_nothing_of_a_report():
    imported = closure("experiments.models.labour_market", but=("finished", "report"))
    covered = set(sources(ROOT, besides=OF_ROWS))
    assert {MODULES[name] for name in imported} <= covered
    assert not [path for path in covered if {"report", "commands", "words"} & set(path.parts)]


def test_what_no_result_depends_on_is_no_part_of_a_run(tmp_path: Path):
    def key(**changes: object) -> str:
        named = {name.replace("__", "."): value for name, value in changes.items()}
        return make_work("labour_market", {**SMALL, **named}, 1, name="run").key

    map_ = tmp_path / "wards.geojson"
    map_.write_text("{}")
    assert key() == key(area__boundaries=str(map_)) == key(economy__name="mine")
    assert key() != key(economy__file="deep.csv")
    assert key() != key(area__mean_commute_km=5.0)


@pytest.fixture
def runs_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """Do two runs that are not in a store, with sources and data in which a text is replaced."""
    root = tmp_path / "sources"
    for folder in ("simulation", "conf", "experiments"):
        shutil.copytree(ROOT / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__"))
    version = lambda: source_digest(root, besides=OF_ROWS)  # noqa: E731
    monkeypatch.setattr(labour_market, "_row_version", version)
    store = Store(tmp_path / "store", create=True)

    def do(file: str, before: str = "", after: str = "") -> int:
        text = (root / file).read_text(encoding="utf-8")
        assert before in text
        (root / file).write_text(text.replace(before, after, 1), encoding="utf-8")
        works = [make_work("labour_market", SMALL, seed, name=f"seed {seed}") for seed in (1, 2)]
        in_process = LauncherSettings(name="in_process")
        return run_works(
            works, store=store, launcher=in_process, experiment="test", out=io.StringIO()
        )

    return do


def test_an_edited_sentence_of_a_report_finds_all_runs_and_an_edited_rate_none(runs_to_do):
    assert runs_to_do("simulation/report/verdicts.py") == 2
    assert runs_to_do("simulation/report/verdicts.py", '"""', '"""Said otherwise. ') == 0
    assert runs_to_do("experiments/words/helptext.py", "Simulates one", "Simulates a") == 0
    assert runs_to_do("simulation/labour/rates.py", "1.0", "1.5") == 2
    assert runs_to_do("conf/benefits/rules_2006.yaml", "value: 22", "value: 23") == 2
    assert runs_to_do("simulation/results/labour_market.py", "100.0", "10.0") == 2
    assert runs_to_do("experiments/models/labour_market.py", "isfinite", "isreal") == 2
    assert runs_to_do("conf/regime/pooled.yaml", "52", "51") == 0
