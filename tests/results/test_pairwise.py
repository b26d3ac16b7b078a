"""Every two arms on made-up runs whose truth is known: intervals hold it, orders are not wrong."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from simulation.results.paired import mean_interval
from simulation.results.pairwise import NONE, NOUGHT, OWN, POOLED, SAME, compare_pairs, holm

N_WORLDS, N_ARMS = 4000, 6
UNLIKE = np.array([1.0, 0.2, 0.5, 1.0, 2.0, 4.0])
"""Spread of an arm's own luck: arms need not be alike."""


def made_up(rng, truth, *, n_seeds, spread=1.0, n_worlds=N_WORLDS):
    """Runs of many worlds: the luck of a seed is shared, an arm's own is not."""
    luck = rng.normal(size=(n_worlds, n_seeds, 1)) * 10
    own = rng.normal(size=(n_worlds, n_seeds, len(truth))) * spread
    return np.asarray(truth) + luck + own


@pytest.mark.parametrize("n_seeds", [3, 4, 8, 30])
@pytest.mark.parametrize("spread", [1.0, UNLIKE], ids=["alike", "unlike"])
def test_the_interval_of_any_pair_holds_the_truth_93_to_97_times_in_100(n_seeds, spread):
    truth = np.array([100.0, 101.0, 101.0, 103.0, 90.0, 100.0])
    pairs = compare_pairs(made_up(np.random.default_rng(1), truth, n_seeds=n_seeds, spread=spread))
    true = truth[pairs.arm] - truth[pairs.against]
    held = ((pairs.low <= true) & (true <= pairs.high)).mean(axis=0)
    assert pairs.arm.size == 15 and (pairs.method == OWN).all()
    assert ((held > 0.93) & (held < 0.97)).all()


def test_with_two_seeds_the_variance_is_pooled_and_holds_as_often():
    truth = np.arange(6.0)
    pairs = compare_pairs(made_up(np.random.default_rng(2), truth, n_seeds=2))
    true = truth[pairs.arm] - truth[pairs.against]
    held = ((pairs.low <= true) & (true <= pairs.high)).mean(axis=0)
    assert (pairs.method == POOLED).all()
    assert ((held > 0.93) & (held < 0.97)).all()


@pytest.mark.parametrize("n_seeds", [2, 4, 8])
@pytest.mark.parametrize(
    "truth",
    [[0.0] * 6, [0.0, 2.0, 2.0, 2.0, 2.0, 2.0], [0.0, 0.0, 1.0, 1.0, 3.0, 3.0]],
    ids=["all alike", "one apart", "three steps"],
)
def test_an_order_is_wrong_at_most_5_times_in_100(n_seeds, truth):
    truth = np.array(truth)
    pairs = compare_pairs(made_up(np.random.default_rng(3), truth, n_seeds=n_seeds))
    told = np.where(holm(pairs.p) <= 0.05, np.sign(pairs.estimate), 0.0)
    true = np.sign(truth[pairs.arm] - truth[pairs.against])
    wrong = ((told != 0) & (told != true)).any(axis=-1).mean()
    # Two standard errors of the count itself.
    assert wrong <= 0.05 + 2 * np.sqrt(0.05 * 0.95 / N_WORLDS)


def test_orders_are_found_where_they_are_plain():
    truth = np.arange(6.0) * 10
    pairs = compare_pairs(made_up(np.random.default_rng(4), truth, n_seeds=8, n_worlds=500))
    assert ((holm(pairs.p) <= 0.05) & (pairs.estimate > 0)).mean() > 0.99


def test_a_pair_is_compared_as_differences_of_its_seeds_are():
    values = np.random.default_rng(5).normal(size=(7, 3))
    pairs = compare_pairs(values)
    for number, (arm, against) in enumerate([(1, 0), (2, 0), (2, 1)]):
        assert (pairs.arm[number], pairs.against[number]) == (arm, against)
        mean, low, high = mean_interval(values[:, arm] - values[:, against])
        found = pairs.estimate[number], pairs.low[number], pairs.high[number]
        assert found == pytest.approx((float(mean), float(low), float(high)))
        test = stats.ttest_rel(values[:, arm], values[:, against])
        assert pairs.p[number] == pytest.approx(test.pvalue)


def test_two_seeds_that_agree_are_no_interval():
    values = np.array([[0.0, 5.0, 1.0], [1.0, 6.0 + 1e-9, 9.0]])
    pairs = compare_pairs(values)
    # Differences 5, 5; 1, 8; -4, 3: variances 0, 24.5, 24.5; half 4.303 x sqrt(16.33 / 2)
    assert pairs.high[0] - pairs.estimate[0] == pytest.approx(12.2955, rel=1e-3)
    assert pairs.p[0] > 0.05
    alone = compare_pairs(values[:, :2])
    assert (alone.method == NONE).all() and np.isnan(alone.low).all() and np.isnan(alone.p).all()


def test_one_seed_says_nothing():
    pairs = compare_pairs(np.array([[1.0, 2.0, 3.0]]))
    assert (pairs.method == NONE).all()
    assert np.isnan([*pairs.low, *pairs.high, *pairs.p]).all()


def test_what_is_nought_in_one_arm_is_not_tested_and_what_is_the_same_ties():
    spent = np.array([[0.0, 0.0, 9.0, 11.0], [0.0, 0.0, 8.0, 10.0], [0.0, 0.0, 9.5, 13.0]])
    pairs = compare_pairs(spent)
    method = {(int(a), int(b)): int(m) for a, b, m in zip(*pairs[:2], pairs.method, strict=True)}
    assert method == {
        (1, 0): SAME, (2, 0): NOUGHT, (2, 1): NOUGHT, (3, 0): NOUGHT, (3, 1): NOUGHT, (3, 2): OWN,
    }  # fmt: skip
    assert np.isnan(pairs.p[pairs.method == NOUGHT]).all()
    assert pairs.p[0] == 1 and pairs.low[0] == pairs.high[0] == 0


@pytest.mark.parametrize("of_another", [9.0, None])
def test_what_is_nought_in_one_arm_and_fixed_in_another_is_known(of_another):
    """A budget that is spent: the same in every seed, whether or not another arm's varies."""
    third = [9.0, 8.0, 9.5] if of_another is None else [of_another] * 3
    pairs = compare_pairs(np.array([[0.0, 5.0, each] for each in third]))
    assert pairs.method[0] == NOUGHT and pairs.estimate[0] == pairs.low[0] == pairs.high[0] == 5
    few = compare_pairs(np.array([[0.0, 5.0], [0.0, 5.0]]))
    assert few.method[0] == NONE and np.isnan(few.low[0])


def test_three_seeds_that_agree_to_the_last_bit_borrow_the_spread_of_the_others():
    values = np.array([[0.0, 5.0, 1.0], [1.0, 6.0, 9.0], [2.0, 7.0, 3.0]])
    pairs = compare_pairs(np.concatenate([values, values[:, :1] + [[4.0], [0.0], [9.0]]], axis=1))
    assert pairs.method[0] == POOLED and pairs.low[0] < 5 < pairs.high[0]


def test_holm_is_holm():
    # Worked by hand: .01 x 4, .02 x 3, max(.06, .025 x 2), max(.06, .5 x 1); one is not tested.
    found = holm([0.025, np.nan, 0.01, 0.5, 0.02])
    assert found[[2, 4, 0, 3]] == pytest.approx([0.04, 0.06, 0.06, 0.5])
    assert np.isnan(found[1])
