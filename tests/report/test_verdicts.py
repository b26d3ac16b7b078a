"""The first table of a report in words: no more is said than the intervals allow."""

import pandas as pd
import pytest
from html_page import numbers_in
from report_frames import ARMS, REGIMES, additionality_frame, null_frame, waterfall_numbers

from simulation.report.verdicts import (
    chance_findings,
    null_lines,
    precision,
    ranking,
    selection_lines,
    verdicts,
)

MINUS = "\u2212"


def rows_of(frame):
    return {row.arm: row for row in verdicts(frame, arms=ARMS, baseline="no_support")}


def set_net(frame, arm, mean, half):
    """Give an arm another net effect on the whole area."""
    row = (frame["arm"] == arm) & (frame["outcome"] == "net") & (frame["scope"] == "all")
    frame.loc[row, ["mean", "low", "high"]] = [mean, mean - half, mean + half]
    return frame


def test_a_clear_net_effect_is_stated_with_its_interval():
    rows = rows_of(additionality_frame())
    assert list(rows) == list(REGIMES)
    assert waterfall_numbers(1)["net"] == pytest.approx(2508.2)
    aligned = rows["aligned"]
    assert numbers_in(aligned.effect) == [2500, 1100, 3900]
    assert "more" in aligned.effect and "no_support" in aligned.effect
    # 1,400 / 2,508.2 = 0.558
    assert numbers_in(aligned.sure) == [56, 4] and "direction" in aligned.sure


def test_a_net_effect_whose_interval_holds_nought_is_not_stated():
    row = rows_of(set_net(additionality_frame(), "pooled", 300.0, 700.0))["pooled"]
    assert row.effect.startswith("None") and f"{MINUS}400 to 1,000" in row.effect
    assert row.sure.startswith("Not sure of the direction")


def test_a_clear_loss_is_told_as_fewer():
    row = rows_of(set_net(additionality_frame(), "pooled", -900.0, 100.0))["pooled"]
    assert numbers_in(row.effect) == [900, 800, 1000]
    assert "fewer" in row.effect and "more" not in row.effect


def test_only_groups_whose_interval_leaves_nought_out_are_named():
    # Shares of the net of 1,636 are -196, 229, 409, 327, 196, 98, 131 and 49, each +- 260.
    row = rows_of(additionality_frame())["fragmented"]
    named = row.whom.split("; ")
    assert [part.rpartition(" ")[0] for part in named[:2]] == ["JSA over 12 months", "IB/ESA"]
    assert [numbers_in(part)[-1] for part in named[:2]] == [410, 330]
    assert len(named) == 3 and numbers_in(named[2]) == [6]
    assert [numbers_in(part) for part in row.where.split("; ")] == [
        [900, 400, 1400],
        [700, 200, 1200],
    ]
    frame = additionality_frame()
    frame.loc[frame["scope"].str.startswith("group:"), "low"] = -9e9
    frame.loc[frame["scope"] == "priority:0", "low"] = -9e9
    row = rows_of(frame)["fragmented"]
    assert row.whom.startswith("No group of 8")
    assert row.where.endswith("other wards: cannot be told")


def set_own(frame, arm, mean, half):
    """Give an arm an effect on its own clients."""
    row = frame[(frame["arm"] == arm) & (frame["outcome"] == "net") & (frame["scope"] == "all")]
    own = row.assign(outcome="own_effect", mean=mean, low=mean - half, high=mean + half)
    return pd.concat([frame, own], ignore_index=True)


def test_what_support_does_for_its_own_clients_is_told_apart_from_the_net_effect():
    frame = set_own(additionality_frame(), "pooled", 4100.0, 500.0)
    frame = set_own(frame, "aligned", 200.0, 500.0)
    rows = rows_of(frame)
    assert numbers_in(rows["pooled"].own) == [4100, 3600, 4600]
    assert rows["pooled"].own.startswith("+")
    assert rows["aligned"].own.startswith("None that can be told")
    assert rows["fragmented"].own == "Not recorded"


def test_a_cost_that_is_not_bounded_is_said_to_be():
    frame = additionality_frame()
    cost = (frame["arm"] == "aligned") & (frame["outcome"] == "cost_per_additional_job_gbp")
    frame.loc[cost, "high"] = float("nan")
    said = rows_of(frame)["aligned"].cost
    assert "per additional job: not bounded (\u00a316,300 or more)" in said
    spend, started = (numbers_in(part) for part in said.split("; ")[:2])
    assert spend == [63.7] and started[0] == pytest.approx(6360, abs=5)
    assert started[1] < started[0] < started[2]


def test_one_seed_gives_no_direction():
    row = rows_of(additionality_frame(n_seeds=1))["aligned"]
    assert numbers_in(row.effect) == [2508] and "one pair" in row.effect
    assert row.whom.startswith("No group of 8")
    assert row.sure.startswith("One seed")
    assert ranking(additionality_frame(n_seeds=1), arms=ARMS) == ""


def test_arms_are_put_in_order_only_if_their_intervals_do_not_meet():
    # Nets rise from 1,636 to 5,450, each known to 1,400 either way.
    said = ranking(additionality_frame(), arms=ARMS)
    assert said.startswith("co_commissioned has the largest mean net effect of those")
    assert "prime_contractor" in said and "fragmented" not in said
    vague = set_net(additionality_frame(), "pooled", 90_000.0, 1e6)
    assert "meets that of pooled and prime_contractor" in ranking(vague, arms=ARMS)
    apart = set_net(additionality_frame(), "pooled", 90_000.0, 10.0)
    assert ranking(apart, arms=ARMS) == (
        "The net effect of pooled is the largest: its interval lies above all others."
    )
    frame = additionality_frame()
    frame.loc[frame["outcome"] == "net", "low"] = -1e6
    assert ranking(frame, arms=ARMS).startswith("No arm's net effect")


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
    # 0.031, -0.104 to 0.166, known to hundredths; least seen 0.42
    assert numbers_in(line) == [0.03, 0.10, 0.17, 0.42]
    assert line.endswith("inside the noise of a single region.")
    (line,) = null_lines(null_frame().assign(effect=0.5))
    assert line.endswith("the effect is large enough to be seen.")
    (line,) = null_lines(null_frame().assign(minimum_detectable=float("nan")))
    assert line.endswith("An evaluator cannot see this: it takes both worlds.")


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
