"""The proof: its digests are those of the present code, and they see values alone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from experiments import configure
from experiments.proof.circumstances import PLAIN_CODE, Circumstances
from experiments.proof.digests import GROUPS, RUNS, digest_of, digests_of
from experiments.proof.table import as_text, read_table, unexpected, write_table
from simulation.compile import CACHE, SMALL

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "proof.md"
QUICK = ("recession", "aligned")
FRAME = pd.DataFrame(
    {
        "number": [1, 2, 300],
        "share": [0.5, np.nan, -2.0],
        "is_client": [True, False, True],
        "ward": ["a", "b", "a"],
        "date": pd.to_datetime(["2006-05-01", "2006-06-01", "2006-07-01"]),
    }
)


def digest(frame: pd.DataFrame) -> str:
    return digest_of({"frame": frame})


def test_the_table_is_what_the_present_code_gives():
    # After a change of results: `pathfinder proof output=experiments/proof/digests.csv`, and the
    # table it prints goes into docs/proof.md.
    assert unexpected(digests_of(QUICK), read_table()) == []


def test_the_page_has_the_digests_of_the_table():
    assert as_text(read_table()) in PAGE.read_text(encoding="utf-8")


def test_the_table_has_every_run_and_every_group_of_frames():
    found = read_table()
    assert {run for run, _ in found} == set(RUNS)
    without_support = {"months", "people"}
    for run, words in RUNS.items():
        has_support = any(word.startswith(("regime=", "interventions=")) for word in words)
        groups = {group for name, group in found if name == run}
        assert groups == (set(GROUPS) if has_support else without_support)


def test_the_runs_have_every_rule_and_intervention_and_one_has_people_enough_for_threads():
    configs = [configure(*words) for words in RUNS.values()]
    shipped = {
        group: {path.stem for path in (ROOT / "conf" / group).glob("*.yaml")}
        for group in ("regime", "hiring", "interventions")
    }
    assert {config.regime.name for config in configs} == shipped["regime"]
    assert {config.hiring.rule for config in configs} == shipped["hiring"]
    active = {name for config in configs for name in config.interventions.active_names()}
    assert active == shipped["interventions"]
    assert 1_550_000 // configure(*RUNS["many_people"]).people_per_agent > SMALL


@pytest.mark.parametrize(
    "same",
    [
        FRAME.astype({"number": "int16", "share": "float32"}),
        FRAME.astype({"ward": "category"}),
        FRAME.astype({"ward": object, "date": "datetime64[s]"}),
        FRAME[FRAME.columns[::-1]],
        FRAME.set_axis([7, 8, 9]),
    ],
)
def test_how_values_are_held_changes_no_digest(same):
    assert digest(same) == digest(FRAME)


@pytest.mark.parametrize(
    "other",
    [
        FRAME.assign(number=[1, 2, 301]),
        FRAME.assign(share=[0.5, 0.0, -2.0]),
        FRAME.assign(share=[np.nextafter(0.5, 1.0), np.nan, -2.0]),
        FRAME.assign(ward=["a", "b", "b"]),
        FRAME.iloc[::-1],
        FRAME.iloc[:2],
        FRAME.rename(columns={"ward": "place"}),
    ],
)
def test_any_other_value_order_or_name_changes_the_digest(other):
    assert digest(other) != digest(FRAME)


def test_a_difference_is_named_by_run_and_frames_and_fails(tmp_path, pathfinder):
    expected = read_table() | {("recession", "people"): "0" * 16}
    write_table(tmp_path / "theirs.csv", expected)
    assert read_table(tmp_path / "theirs.csv") == expected
    done = pathfinder("proof", "runs=[recession]", f"expected={tmp_path / 'theirs.csv'}")
    assert done.code == 1
    assert len(done.err) == 1
    assert "recession: people differ: " in done.err[0]
    assert done.err[0].endswith("expected " + "0" * 16)


def test_frames_that_are_gone_or_new_are_named():
    months, support = ("aligned", "months"), ("aligned", "support")
    every = {months: "x", support: "y"}
    assert unexpected(every, {**every, ("pooled", "months"): "z"}) == []
    assert unexpected({months: "x"}, every) == ["aligned: support differ: nothing, expected y"]
    assert unexpected(every, {months: "x"}) == ["aligned: support differ: y, expected nothing"]


def test_a_run_that_is_not_there_is_refused_with_the_nearest(pathfinder):
    done = pathfinder("proof", "runs=[recesion]")
    assert done.code == 2
    assert done.err == ["runs: there is no 'recesion'; did you mean recession?"]


def test_digests_are_compared_or_written_not_both(pathfinder):
    done = pathfinder("proof", "expected=theirs.csv", "output=mine.csv")
    assert done.code == 2 and done.err[0].startswith("expected=theirs.csv: output= writes digests")


def test_plain_code_is_compiled_apart_from_that_for_this_processor():
    plain, own = (Circumstances(2, vectors).variables() for vectors in (False, True))
    assert own == {"NUMBA_NUM_THREADS": "2"}
    assert PLAIN_CODE.items() <= plain.items()
    assert Path(plain["NUMBA_CACHE_DIR"]) not in (CACHE, CACHE.parent)
