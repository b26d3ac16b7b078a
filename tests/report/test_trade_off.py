"""The figure of years of work beside what becomes of the worst off, from made tables."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from simulation.errors import InputError
from simulation.report.figures.trade_off import (
    BESIDE,
    PRICES,
    choices,
    trade_off,
    undominated,
)
from simulation.results.verdict import MORE_THAN_SUPPORT

ARMS = ("nobody", "near", "far", "alike")


def tables(years, ni153, share):
    """Verdict and summary of the arms after the first, whose values are given in their order."""
    verdict = pd.DataFrame(
        {
            "set": "all",
            "outcome": "work_years",
            "arm": ARMS[1:],
            "against": "nobody",
            "order": "tie",
            "estimate": years,
            "low": np.array(years) - 50.0,
            "high": np.array(years) + 50.0,
            "n_seeds": 7,
        }
    )
    rows = [
        {"arm": arm, "outcome": outcome, "difference": value}
        for outcome, values in zip(PRICES, (ni153, share), strict=True)
        for arm, value in zip(ARMS[1:], values, strict=True)
    ]
    summary = pd.DataFrame(rows)
    summary["difference_low"] = summary["difference"] - 0.1
    summary["difference_high"] = summary["difference"] + 0.1
    return verdict, summary


@pytest.mark.parametrize(
    ("gains", "prices", "best"),
    [
        ([3, 1, 2], [2, 0, 3], [True, True, False]),
        ([1, 1], [1, 1], [True, True]),
        ([1, 1], [1, 2], [True, False]),
        ([2, 1], [1, 1], [True, False]),
    ],
)
def test_a_choice_is_out_only_if_another_beats_it_on_both_counts(gains, prices, best):
    assert undominated(np.array(gains, float), np.array(prices, float)).tolist() == best


def title_of(verdict, summary):
    return " ".join(trade_off(verdict, summary, arms=ARMS).get_suptitle().split())


@pytest.mark.parametrize(
    ("ni153", "rest"),
    [
        ([-2, 0, -1], "it lowers NI 153 most"),
        ([0, -2, -1], "far lowers NI 153 most"),
        ([0, 2, 1], "none lowers NI 153"),
    ],
)
def test_the_title_names_who_brings_most_only_where_it_is_sure_against_every_other(ni153, rest):
    verdict, summary = tables([5, 1, 2], ni153, [0, 0, 0])
    pairs = verdict[:2].assign(
        arm=["near", "alike"], against=["far", "near"], order=["more", "less"]
    )
    first = f"near brings most years of work; by the means, {rest}"
    assert title_of(pd.concat([verdict, pairs]), summary) == first
    for unsure in (pairs[:1], pairs[1:], pairs.assign(order="tie"), pairs[:0]):
        assert title_of(pd.concat([verdict, unsure]), summary).startswith("No arm is sure")


def test_arms_that_are_not_ranked_take_no_title_and_hide_none():
    verdict, summary = tables([5, 1, 9], [-2, -1, -3], [0, 0, 0])
    pairs = verdict.assign(
        arm=["near", "alike", "far"],
        against=["far", "near", "alike"],
        order=["more", "not ranked", "not ranked"],
    )
    title = title_of(pd.concat([verdict, pairs]), summary)
    assert title == "near brings most years of work; by the means, it lowers NI 153 most"


def test_each_panel_has_a_dot_an_arm_filled_where_no_other_beats_it():
    figure = trade_off(*tables([5, 1, 2], [0, -2, 1], [0, 1, 2]), arms=ARMS)
    for axes, filled in zip(figure.axes, (2, 1), strict=True):
        dots = [line for line in axes.get_lines() if line.get_marker() == "o"]
        assert len(dots) == 3
        assert sum(dot.get_markerfacecolor() != "white" for dot in dots) == filled


def test_one_arm_alone_is_no_trade_off():
    verdict, summary = tables([5, 1, 2], [0, 0, 0], [0, 0, 0])
    with pytest.raises(InputError, match="fewer than two arms"):
        trade_off(verdict[:1], summary, arms=ARMS[:2])


def test_an_arm_that_differs_in_more_than_support_is_no_choice():
    verdict, _ = tables([5, 1, 2], [0, 0, 0], [0, 0, 0])
    costs = verdict.assign(outcome="cost_per_year_gbp", method=["", MORE_THAN_SUPPORT, ""])
    # Between two others, none of them the baseline, the same is said of the cost of either.
    between = costs[2:].assign(against="far", method=MORE_THAN_SUPPORT)
    assert choices(pd.concat([verdict.assign(method=""), costs, between]), ARMS) == [
        "nobody", "near", "alike",
    ]  # fmt: skip
    assert choices(verdict[:0], ARMS) == []


def test_each_number_stands_beside_its_dot_and_those_of_dots_in_one_place_apart():
    verdict, summary = tables([700.0, 700.0, 100.0], [-0.3, -0.3, -0.1], [-0.7, -0.7, -0.2])
    axes = trade_off(verdict, summary, arms=ARMS).axes[0]
    sides = np.array([each.get_position() for each in axes.texts])
    np.testing.assert_allclose(np.linalg.norm(sides, axis=1), BESIDE)
    assert np.linalg.norm(sides[0] - sides[1]) >= BESIDE
    assert [each.get_text() for each in axes.texts] == ["1", "2", "3"]


def test_of_dots_side_by_side_each_number_is_nearest_to_its_own():
    verdict, summary = tables([11.8, 11.7, 2.0], [-0.668, -0.66, -0.1], [-0.668, -0.66, -0.1])
    figure = trade_off(verdict, summary, arms=ARMS)
    figure.draw_without_rendering()
    for axes in figure.axes:
        dots = axes.transData.transform([each.xy for each in axes.texts])
        numbers = np.array([each.get_window_extent().get_points().mean(0) for each in axes.texts])
        apart = np.linalg.norm(numbers[:, None] - dots[None, :], axis=2)
        assert apart.argmin(axis=1).tolist() == [0, 1, 2]
