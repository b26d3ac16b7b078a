"""What a report says of the last day: no more than the intervals allow."""

import pandas as pd
from html_page import numbers_in
from report_frames import ARMS, additionality_frame, null_frame

from simulation.report.verdicts import (
    chance_findings,
    null_lines,
    precision,
    selection_lines,
    worth_of_pairs,
)
from simulation.results.pairing import PAIRING


def test_findings_by_chance_are_counted():
    said = chance_findings(additionality_frame(), arms=ARMS)
    # Five arms, eight groups and two kinds of ward.
    assert said.startswith("Of 50 net effects by group and kind of ward,")
    assert "about 2.5 would seem so by chance alone" in said


def test_thinning_is_said_to_widen_intervals_by_its_root():
    # 1,400 / sqrt(8) = 495
    said = precision(additionality_frame(), arms=ARMS, people_per_agent=8)
    assert "known to about 1,400 people either way" in said
    assert "would give about 495" in said
    assert "full size" in precision(additionality_frame(), arms=ARMS, people_per_agent=1)
    assert precision(additionality_frame(n_seeds=1), arms=ARMS, people_per_agent=8) == ""


def test_the_null_says_whether_an_evaluator_could_have_seen_it():
    (line,) = null_lines(null_frame())
    assert line.startswith("Claimant rate gap (aligned less fragmented)")
    # 0.031, -0.104 to 0.166, known to hundredths; least seen 0.42, 0.24 to 1.57, to tenths
    assert numbers_in(line) == [0.03, 0.10, 0.17, 0.4, 0.2, 1.6]
    assert line.endswith("inside the noise of a single region.")
    assert "the effect, which may be nothing, is" in line
    (line,) = null_lines(null_frame().assign(effect=-1.6, low=-1.7, high=-1.5))
    assert line.endswith("the effect is large enough to be seen.")
    for effect in (0.3, -0.5):
        ends = {"low": effect - 0.1, "high": effect + 0.1}
        (line,) = null_lines(null_frame().assign(effect=effect, **ends))
        assert line.endswith(
            "the effect is about as large, and whether it would be seen is not sure."
        )
    (line,) = null_lines(null_frame().assign(minimum_detectable=float("nan")))
    assert line.endswith("An evaluator cannot see this: it takes both worlds.")


def test_what_pairs_are_worth_is_told_where_they_are_worth_anything():
    rows = [("whole period", "all", 12.0, 6, 66.0), ("year 1", "all", 900.0, 6, 5e3),
            ("year 2", "all", 7.0, 6, 36.0), ("whole period", "a ward", 3.0, 6, 12.0)]  # fmt: skip
    table = pd.DataFrame(rows, columns=list(PAIRING))
    said = worth_of_pairs(table)
    assert said.endswith("12 times the seeds (7.0 in the last year and 3.0 in a single ward).")
    assert worth_of_pairs(table.assign(variance_ratio=0.8)) == ""
    assert worth_of_pairs(table.assign(variance_ratio=float("nan"))) == ""
    assert worth_of_pairs(table.assign(variance_ratio=float("inf"))) == ""
    assert worth_of_pairs(table[:0]) == ""


def test_how_clients_were_chosen_is_told_for_each_arm_that_has_it():
    row = {"arm": "pooled", "scope": "all", "unit": "percentage points", "n_seeds": 3, "note": ""}
    frame = pd.DataFrame(
        [
            row | {"outcome": "creaming", "mean": 2.0, "low": 1.0, "high": 3.0},
            row | {"outcome": "parking", "mean": 0.5, "low": -1.0, "high": 2.0},
        ]
    )
    (line,) = selection_lines(frame, arms=["none", "pooled"])
    assert line.startswith("pooled: ")
    creaming, parking = line.split(";")
    assert numbers_in(creaming) == [2, 1, 3]
    assert "cannot be told" in parking and "cannot be told" not in creaming
