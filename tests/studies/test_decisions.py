"""Robust-decision tables against tables worked out by hand, and their intervals against truth."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from test_grids import grid, runs_of

from experiments.studies.decisions import DECISION_COLUMNS, other_luck, regrets, robust_table
from simulation.errors import InputError

POINTS = grid(regime=["a", "b", "c"], economy=["steady", "deep", "long"])
MEANS = np.array([[70.0, 50.0, 60.0], [68.0, 60.0, 58.0], [60.0, 59.0, 50.0]])
"""Policies by futures. Best: a, b, a. Regret: a 0, 10, 0; b 2, 0, 2; c 10, 1, 10."""
EXACT = runs_of(POINTS, [[value - 1, value, value + 1] for value in MEANS.ravel()])
"""The same luck for all: seed by seed, differences are exactly those of the means."""


def table_of(runs, *, points=POINTS, better="higher", **options):
    table = robust_table(points, runs, policies="regime", outcome="jobs", better=better, **options)
    return table.set_index("policy")


def noisy_runs(means, *, sd, n_seeds, seed=1):
    """Runs with independent luck in every point and seed."""
    noise = np.random.default_rng(seed).normal(0.0, sd, (means.size, n_seeds))
    points = grid(regime=list("abcdef")[: len(means)], economy=list(range(means.shape[1])))
    return points, runs_of(points, means.reshape(-1, 1) + noise, seeds=range(n_seeds))


def test_a_table_by_hand_where_higher_is_better():
    table = table_of(EXACT, unit="people")
    assert ("policy", *table.columns) == DECISION_COLUMNS
    assert table["best"].tolist() == [2, 1, 0]
    assert table["mean"].tolist() == pytest.approx([60.0, 62.0, 169 / 3])
    assert table["worst"].tolist() == [50.0, 58.0, 50.0]
    assert table["worst_in"].tolist() == ["economy=deep", "economy=long", "economy=long"]
    assert table["mean_regret"].tolist() == pytest.approx([10 / 3, 4 / 3, 7.0])
    assert table["largest_regret"].tolist() == [10.0, 2.0, 10.0]
    assert table["largest_regret_in"].tolist() == [
        "economy=deep",
        "economy=steady",
        "economy=steady",
    ]
    assert table["is_minimax"].tolist() == [False, True, False]
    assert (table["n_futures"] == 3).all()
    assert (table["n_seeds"] == 3).all()
    assert (table["unit"] == "people").all()


def test_a_table_by_hand_where_lower_is_better():
    table = table_of(EXACT, better="lower")
    # Best: c, a, c. Regret: a 10, 0, 10; b 8, 10, 8; c 0, 9, 0.
    assert table["best"].tolist() == [1, 0, 2]
    assert table["worst"].tolist() == [70.0, 68.0, 60.0]
    assert table["largest_regret"].tolist() == [10.0, 10.0, 9.0]
    assert table["mean_regret"].tolist() == pytest.approx([20 / 3, 26 / 3, 3.0])
    assert table["is_minimax"].tolist() == [False, False, True]


def test_luck_common_to_all_policies_leaves_no_doubt():
    table = table_of(EXACT)
    assert table["best_or_tied"].tolist() == [2.0, 1.0, 0.0]
    for name in ("mean_regret", "largest_regret"):
        assert table[f"{name}_low"].tolist() == pytest.approx(table[name].tolist())
        assert table[f"{name}_high"].tolist() == pytest.approx(table[name].tolist())
        assert table[f"{name}_floor"].tolist() == pytest.approx([0.0] * 3, abs=1e-12)
    assert table["minimax_share"].tolist() == [0.0, 1.0, 0.0]


def test_equal_policies_share_what_is_best():
    points = grid(regime=["a", "b"], economy=["steady", "deep"])
    table = table_of(runs_of(points, [[1, 2, 3]] * 4), points=points)
    assert table["best"].tolist() == [2, 2]
    assert table["is_minimax"].tolist() == [True, True]
    assert table["minimax_share"].tolist() == [0.5, 0.5]


def test_a_policy_is_tied_where_the_interval_of_its_difference_spans_nothing():
    points = grid(regime=["a", "b"], economy=["steady", "deep"])
    # steady: a less b is 1, 2, 3: t interval 2 -+ 2.48, tied; deep: 9, 10, 11, not tied
    runs = runs_of(points, [[11, 22, 33], [19, 30, 41], [10, 20, 30], [10, 20, 30]])
    table = table_of(runs, points=points)
    assert table["best"].tolist() == [2, 0]
    assert table["best_or_tied"].tolist() == [2.0, 1.0]


def test_the_regret_of_one_policy_against_another_has_the_interval_of_students_t():
    points, runs = noisy_runs(np.array([[100.0], [60.0]]), sd=5.0, n_seeds=6)
    row = table_of(runs, points=points, resamples=200_000).loc["b"]
    values = runs.pivot(index="point", columns="seed", values="jobs").to_numpy()
    interval = stats.ttest_rel(values[0], values[1]).confidence_interval(0.95)
    assert row["mean_regret_low"] == pytest.approx(interval.low, abs=0.15)
    assert row["mean_regret_high"] == pytest.approx(interval.high, abs=0.15)


def test_draws_of_other_luck_have_the_covariance_of_the_means():
    goodness = np.random.default_rng(2).normal(0, 3, (2, 2, 40)).cumsum(axis=0)
    draws = other_luck(goodness, resamples=100_000, seed=1).reshape(-1, 4)
    # A multivariate t with 39 degrees of freedom has 39 / 37 of the covariance.
    expected = np.cov(goodness.reshape(4, -1)) / 40 * 39 / 37
    np.testing.assert_allclose(np.cov(draws.T), expected, rtol=0.05, atol=0.01)
    assert np.abs(draws.mean(axis=0)).max() < 0.02


def test_policies_that_do_alike_show_the_regret_of_luck_and_no_more():
    found = [
        table_of(runs, points=points, resamples=400)
        for trial in range(60)
        for points, runs in [noisy_runs(np.zeros((4, 3)), sd=2.0, n_seeds=8, seed=trial)]
    ]
    seen = np.mean([table["mean_regret"].mean() for table in found])
    floor = np.mean([table["mean_regret_floor"].mean() for table in found])
    # The best of four normals exceeds a mean by 1.0294 standard deviations: 2 / sqrt(8) of them.
    assert seen == pytest.approx(1.0294 * 2 / 8**0.5, rel=0.06)
    assert floor == pytest.approx(seen, rel=0.15)
    lows = np.concatenate([table["mean_regret_low"] for table in found])
    assert (lows == 0.0).mean() > 0.9


def test_intervals_hold_the_true_regret_nineteen_times_in_twenty_or_more():
    means = np.array([[5.0, 0.0, 2.0], [0.0, 5.0, 2.0], [0.0, 0.0, 0.0]])
    truth = regrets(means)
    hits = []
    for trial in range(150):
        points, runs = noisy_runs(means, sd=2.0, n_seeds=5, seed=1000 + trial)
        table = table_of(runs, points=points, resamples=400)
        for name, true in (
            ("mean_regret", truth.mean(axis=1)),
            ("largest_regret", truth.max(axis=1)),
        ):
            hits.append((table[f"{name}_low"] <= true) & (true <= table[f"{name}_high"]))
    share = np.mean(hits)
    assert 0.93 < share < 0.999


def test_one_seed_has_regrets_without_intervals_and_says_so():
    table = table_of(EXACT[EXACT["seed"] == 1])
    assert table["largest_regret"].tolist() == [10.0, 2.0, 10.0]
    assert table[["best_or_tied", "mean_regret_low", "minimax_share"]].isna().all(axis=None)
    assert (table["note"] == "one seed: no interval").all()


def test_a_policy_that_lacks_the_outcome_in_a_future_is_named_and_not_compared():
    values = [[value - 1, value, value + 1] for value in MEANS.ravel()]
    for rows in (slice(0, 3), slice(1, 2)):  # In every future, and in one of them.
        lacking = list(values)
        lacking[rows] = [[np.nan] * 3] * len(values[rows])
        table = table_of(runs_of(POINTS, lacking))
        assert table.loc["a", "note"] == "not in every future; not compared"
        assert np.isnan(table.loc["a", "mean_regret"])
        assert table.loc[["b", "c"], "best"].tolist() == [3, 0]
        assert (table["n_futures"] == 3).all()


def test_seeds_that_lack_the_outcome_somewhere_are_left_out_for_all_and_said():
    values = [[value - 1, value, value + 1] for value in MEANS.ravel()]
    values[4][2] = np.nan
    table = table_of(runs_of(POINTS, values))
    assert (table["n_seeds"] == 2).all()
    assert (table["note"] == "2 of 3 seeds have it everywhere").all()
    assert table["largest_regret"].tolist() == [10.0, 2.0, 10.0]


def test_where_no_seed_has_the_outcome_everywhere_nothing_is_compared():
    values = np.array([[value - 1, value, value + 1] for value in MEANS.ravel()])
    values[[0, 4, 8], [0, 1, 2]] = np.nan
    table = table_of(runs_of(POINTS, values))
    assert table["best"].isna().all()
    assert (table["note"] != "").all()


def test_the_same_draws_give_the_same_table():
    points, runs = noisy_runs(MEANS, sd=3.0, n_seeds=4)
    pd.testing.assert_frame_equal(table_of(runs, points=points), table_of(runs, points=points))


def test_what_cannot_be_compared_is_refused():
    with pytest.raises(InputError, match="better of jobs: 'more'; allowed: higher, lower"):
        table_of(EXACT, better="more")
    with pytest.raises(InputError, match="policies policy: no such factor; there are regime, eco"):
        robust_table(POINTS, EXACT, policies="policy", outcome="jobs", better="lower")
    with pytest.raises(InputError, match="b was not run with economy=deep"):
        table_of(EXACT, points=POINTS.drop(4))
