"""`pathfinder validate`: what it writes, of a kept run and of a new one, and what it refuses."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from experiments.validation.comparing import COLUMNS

SMALL = ("area=two_towns", "weeks=100", "people_per_agent=4", "seed=2")
NO_DATA = ("data=nowhere", "page=false")


def test_a_kept_run_and_the_same_one_simulated_have_the_same_moments(pathfinder, tmp_path):
    assert pathfinder("run", *SMALL, "events=true", "output=kept").code == 0
    of_kept = pathfinder("validate", "run=kept", *NO_DATA, "output=first")
    of_new = pathfinder("validate", *SMALL, *NO_DATA, "output=second")
    assert (of_kept.code, of_new.code) == (0, 0), of_kept.err + of_new.err
    texts = [(tmp_path / name / "moments.csv").read_bytes() for name in ("first", "second")]
    assert texts[0] == texts[1]
    table = pd.read_csv(tmp_path / "first" / "moments.csv", keep_default_na=False)
    assert tuple(table.columns) == COLUMNS
    known = table[(table["model"] != "") & (table["data"] != "")]
    assert len(known) > 20
    # Every row has a figure or says why it has none.
    assert ((table["model"] == "") == (table["left_out"] != "")).all()
    numbers = known[["data", "tolerance", "model", "distance"]].astype(float)
    again = (numbers["model"] - numbers["data"]) / numbers["tolerance"]
    assert (numbers["distance"] - again).abs().max() < 0.01 * again.abs().max()
    assert any("nowhere" in line for line in of_kept.out)
    manifest = json.loads((tmp_path / "first" / "manifest.json").read_text())
    assert manifest["seed"] == 2
    assert len(manifest["data_left_out"]) > 0


def test_a_run_kept_without_events_has_the_moments_of_its_months(pathfinder, tmp_path):
    assert pathfinder("run", *SMALL, "output=kept").code == 0
    assert pathfinder("validate", "run=kept", *NO_DATA, "output=out").code == 0
    table = pd.read_csv(tmp_path / "out" / "moments.csv").set_index(["moment", "period"])
    assert np.all(pd.notna(table.loc[("redundancies", "2007"), "model"]))
    left = table.loc[("job_to_job", "2007"), "left_out"]
    assert "events=true" in left


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("run=nowhere",), "run=nowhere: no run is kept there"),
        (("table=nowhere.csv",), "nowhere.csv: cannot be read"),
        (("tabel=mine.csv",), "tabel is not a parameter"),
    ],
)
def test_what_cannot_be_used_is_one_line_and_nothing_is_written(pathfinder, tmp_path, words, said):
    done = pathfinder("validate", *words, "output=out")
    assert done.code == 2
    assert len(done.err) == 1
    assert said in done.err[0]
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("words", "unread", "said"),
    [
        (("run=kept",), ("weeks=5", "seed=2"), "the run in run=kept is simulated already"),
        (("run=kept",), ("seeds=2",), "only of a trial, trial=NAME"),
        ((), ("seeds=2", "store=there", "launcher=in_process"), "only of a trial, trial=NAME"),
        (("trial=new_deal",), ("run=kept", "data=there", "table=mine.csv", "seed=7"),
         "a trial has runs of its own, seeds 1 to seeds="),
    ],
)  # fmt: skip
def test_words_that_would_change_nothing_are_refused_a_line_each(pathfinder, words, unread, said):
    done = pathfinder("validate", *words, *unread, "output=out")
    assert done.code == 2
    left_out = (f"{word}: {said}; leave {word.partition('=')[0]}= out" for word in unread)
    assert done.err == list(left_out)


def test_a_trial_stands_beside_what_was_published_and_is_kept_with_its_configuration(
    pathfinder, tmp_path
):
    words = ("trial=new_deal", "area=two_towns", "people_per_agent=2", "weeks=16", "seeds=2")
    done = pathfinder("validate", *words, "output=out")
    assert done.code == 0, done.err
    table = pd.read_csv(tmp_path / "out" / "trial.csv").set_index(["who", "saturation", "weeks"])
    row = table.loc[("offered", "any", 16)]
    assert row["published"] == 5.0
    assert row["effect_low"] <= row["effect"] <= row["effect_high"]
    assert "Blundell" in row["source"]
    assert ("too_old", "any", 16) in table.index
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert manifest["config"]["interventions"]["employer_brokerage"]["saturation"] == [0, 1]
    assert any("5.0 seen" in line for line in done.out)
    # Its runs are in the store, so that the same trial goes on where it was stopped.
    again = pathfinder("validate", *words, "output=again")
    assert (again.code, len(again.err)) == (0, 1)
    assert again.err[0].endswith("4 kept from before")
    texts = [(tmp_path / name / "trial.csv").read_bytes() for name in ("out", "again")]
    assert texts[0] == texts[1]


def test_a_trial_is_long_enough_and_its_design_must_be_published(pathfinder):
    short = pathfinder("validate", "trial=new_deal", "weeks=12")
    assert (short.code, len(short.err)) == (2, 1)
    assert "weeks=12: too short; new_deal looks at work after 16 weeks" in short.err[0]
    unknown = pathfinder("validate", "design=mine")
    assert (unknown.code, len(unknown.err)) == (2, 1)
    assert "two_level" in unknown.err[0]
