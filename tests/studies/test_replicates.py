"""The stopping rule: seeds until noise no longer hides the factors, and never for ever."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from experiments.studies.replicates import (
    CONSTANT,
    NOISE_COLUMNS,
    UNMOVED,
    Rule,
    noise_frame,
    seeds_wanted,
)

RULE = Rule(first=4, most=32, half_width=0.25)
N_POINTS = 400


def table(*, n_seeds, points=1.0, noise=1.0, common=0.0, seed=1):
    """Outcomes of points with known variances: of points, of noise, of what a seed adds to all."""
    draws = np.random.default_rng(seed)
    return (
        points * draws.normal(size=(N_POINTS, 1))
        + noise * draws.normal(size=(N_POINTS, n_seeds))
        + common * draws.normal(size=n_seeds)
    )


def frame(rule=RULE, **outcomes):
    return noise_frame(outcomes, dict.fromkeys(outcomes, "people"), rule)


def test_variances_of_points_and_of_noise_are_told_apart():
    without_noise = table(n_seeds=8, points=3.0, noise=0.0)
    row = frame(y=table(n_seeds=8, points=3.0, noise=2.0, common=50.0)).iloc[0]
    points = without_noise[:, 0].var(ddof=1)
    assert tuple(row.index) == NOISE_COLUMNS
    assert row["variance_points"] == pytest.approx(points, rel=0.1)
    assert row["variance_noise"] == pytest.approx(4.0, rel=0.1)
    assert row["noise_share"] == pytest.approx(0.5 / (points + 0.5), rel=0.15)


def test_the_half_width_is_that_of_a_t_interval_of_a_mean():
    row = frame(y=table(n_seeds=8, noise=2.0)).iloc[0]
    df = (N_POINTS - 1) * 7
    expected = stats.t.ppf(0.975, df) * np.sqrt(row["variance_noise"] / 8)
    assert row["half_width"] == pytest.approx(expected)


def test_the_half_width_covers_the_expected_outcome_of_a_point_as_often_as_it_says():
    draws = np.random.default_rng(1)
    expected = draws.normal(size=(N_POINTS, 1))
    found = expected + draws.normal(size=(N_POINTS, 5))
    half_width = frame(y=found).iloc[0]["half_width"]
    assert np.mean(abs(found.mean(1) - expected[:, 0]) <= half_width) == pytest.approx(
        0.95, abs=0.03
    )


def test_enough_is_enough():
    noise = frame(y=table(n_seeds=4, noise=0.1))
    assert bool(noise["enough"][0]) and noise["note"][0] == ""
    assert seeds_wanted(noise, RULE) == 4


def test_seeds_are_added_by_the_square_root_law():
    noise = frame(y=table(n_seeds=4, noise=0.5))
    expected = (stats.norm.ppf(0.975) * 0.5 / 0.25) ** 2
    assert not noise["enough"][0]
    assert seeds_wanted(noise, RULE) == pytest.approx(expected, rel=0.2)


def test_the_number_the_rule_names_is_enough():
    wanted = seeds_wanted(frame(y=table(n_seeds=4, noise=0.5)), RULE)
    row = frame(y=table(n_seeds=wanted, noise=0.5)).iloc[0]
    assert row["half_width"] == pytest.approx(row["wanted"], rel=0.1)


def test_the_worst_outcome_counts():
    good, bad = table(n_seeds=4, noise=0.1), table(n_seeds=4, noise=0.5)
    assert seeds_wanted(frame(good=good, bad=bad), RULE) == seeds_wanted(frame(bad=bad), RULE)


def test_there_are_never_more_than_the_most_and_it_is_said_that_they_are_not_enough():
    noise = frame(y=table(n_seeds=16, noise=4.0))
    assert seeds_wanted(noise, RULE) == 32
    noise = frame(y=table(n_seeds=32, noise=4.0))
    assert seeds_wanted(noise, RULE) == 32
    assert (
        noise["note"][0].startswith("not enough seeds: ") and "seeds would do" in noise["note"][0]
    )


def test_a_first_rough_estimate_asks_for_four_times_as_many_at_most():
    assert seeds_wanted(frame(y=table(n_seeds=4, noise=4.0)), RULE) == 16


def test_what_a_seed_does_to_every_point_alike_is_no_noise():
    plain = frame(y=table(n_seeds=4, noise=0.1))
    shifted = frame(y=table(n_seeds=4, noise=0.1, common=100.0))
    assert shifted["half_width"][0] == pytest.approx(plain["half_width"][0])


def test_an_outcome_no_factor_moves_is_given_up_after_twice_the_seeds():
    first = frame(y=table(n_seeds=4, points=0.0))
    assert seeds_wanted(first, RULE) == 8
    second = frame(y=table(n_seeds=8, points=0.0))
    assert seeds_wanted(second, RULE) == 8
    assert "no difference between points shows beyond noise" in second["note"][0]
    assert not second["enough"][0]


def test_an_outcome_that_never_varies_wants_no_more_seeds():
    noise = frame(y=np.full((N_POINTS, 4), 7.0))
    assert bool(noise["enough"][0]) and noise["note"][0] == CONSTANT
    assert seeds_wanted(noise, RULE) == 4


def test_an_outcome_that_only_seeds_move_wants_no_more_seeds():
    # Common seeds: where no factor does anything, all points of a seed are alike to the last bit.
    noise = frame(y=np.repeat([[1.0, 2.5, 3.0, 7.0]], N_POINTS, axis=0))
    assert bool(noise["enough"][0]) and noise["note"][0] == UNMOVED
    assert seeds_wanted(noise, RULE) == 4


def test_an_outcome_without_noise_wants_no_more_seeds():
    noise = frame(y=np.repeat(np.arange(10.0)[:, None], 2, axis=1))
    assert bool(noise["enough"][0]) and noise["variance_noise"][0] == 0.0
    assert seeds_wanted(noise, RULE) == 2


def test_an_outcome_that_some_runs_lack_is_not_judged():
    missing = table(n_seeds=4, noise=4.0)
    missing[3, 1] = np.nan
    noise = frame(y=missing)
    assert "not judged: 1 of 1600 runs have no value" in noise["note"][0]
    assert seeds_wanted(noise, RULE) == 4


def test_one_seed_says_nothing_of_noise_and_asks_for_a_second():
    rule = Rule(first=1, most=32, half_width=0.25)
    noise = frame(rule, y=table(n_seeds=1))
    assert not noise["enough"][0]
    assert seeds_wanted(noise, rule) == 2
    assert seeds_wanted(noise, Rule(first=1, most=1, half_width=0.25)) == 1


def test_one_point_has_nothing_to_compare():
    noise = frame(y=np.array([[1.0, 2.0, 3.0, 4.0]]))
    assert bool(noise["enough"][0]) and "one point" in noise["note"][0]


@pytest.mark.parametrize("points", [0.0, 0.02, 0.2, 2.0])
def test_the_rule_comes_to_an_end_whatever_the_noise(points):
    n_seeds, rounds = RULE.first, 0
    while (wanted := seeds_wanted(frame(y=table(n_seeds=n_seeds, points=points)), RULE)) > n_seeds:
        n_seeds, rounds = wanted, rounds + 1
    assert n_seeds <= RULE.most and rounds <= 10


def test_an_outcome_that_no_run_has_is_said_to_be_so():
    noise = frame(y=np.full((N_POINTS, 2), np.nan))
    assert noise["note"][0] == "not judged: no run has it" and not noise["enough"][0]
