"""Paired differences and interactions of scenario grids against tables worked out by hand."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from experiments.studies.grids import (
    DIFFERENCE_COLUMNS,
    INTERACTION_COLUMNS,
    all_interactions,
    interactions,
    paired_differences,
)
from simulation.errors import InputError

T_3_SEEDS = 4.302652729911275
"""Student's t at 97.5 per cent with two degrees of freedom (standard table: 4.303)."""


def grid(**factors):
    """Points with every combination, the first factor slowest."""
    rows = list(itertools.product(*factors.values()))
    frame = pd.DataFrame(rows, columns=list(factors)).astype(object)
    return frame.rename_axis("point")


def runs_of(points, values, *, outcome="jobs", seeds=(1, 2, 3)):
    """Runs of one outcome; `values` has a row a point and a column a seed."""
    rows = [
        (point, seed, f"key{point}-{seed}", value)
        for point, row in zip(points.index, values, strict=True)
        for seed, value in zip(seeds, row, strict=True)
    ]
    return pd.DataFrame(rows, columns=["point", "seed", "key", outcome])


POINTS = grid(regime=["none", "pooled"], strength=[0.0, 2.0])
# Seeds 1 to 3; help adds 10, 11, 12 without a queue and 4, 6, 5 with one.
VALUES = [[100.0, 200.0, 300.0], [80.0, 170.0, 290.0], [110.0, 211.0, 312.0], [84.0, 176.0, 295.0]]
RUNS = runs_of(POINTS, VALUES)


def row_of(table, **values):
    for name, value in values.items():
        table = table[table[name] == value]
    assert len(table) == 1
    return table.iloc[0]


def test_differences_are_from_the_point_alike_in_all_else_within_seeds():
    table = paired_differences(POINTS, RUNS, {"regime": "none"}, ["jobs"], units={"jobs": "people"})
    assert tuple(table.columns) == ("regime", "strength", *DIFFERENCE_COLUMNS)
    row = row_of(table, regime="pooled", strength=0.0)
    # differences 10, 11, 12: mean 11, standard deviation 1
    assert row["difference"] == pytest.approx(11.0)
    half = T_3_SEEDS / 3**0.5
    assert (row["difference_low"], row["difference_high"]) == pytest.approx((11 - half, 11 + half))
    assert (row["mean"], row["n_seeds"], row["unit"], row["note"]) == (211.0, 3, "people", "")
    assert row_of(table, regime="pooled", strength=2.0)["difference"] == pytest.approx(5.0)


def test_the_baseline_has_means_and_no_differences():
    table = paired_differences(POINTS, RUNS, {"regime": "none"}, ["jobs"])
    rows = table[table["regime"] == "none"]
    assert rows["mean"].tolist() == [200.0, 180.0]
    assert rows[["difference", "difference_low", "difference_high"]].isna().all(axis=None)


def test_a_baseline_of_every_factor_is_one_point_for_all():
    table = paired_differences(POINTS, RUNS, {"regime": "none", "strength": 0}, ["jobs"])
    assert row_of(table, regime="pooled", strength=2.0)["difference"] == pytest.approx(-15.0)
    assert row_of(table, regime="none", strength=2.0)["difference"] == pytest.approx(-20.0)


def test_without_a_baseline_there_are_means_only():
    table = paired_differences(POINTS, RUNS, None, ["jobs"])
    assert table["mean"].tolist() == [200.0, 180.0, 211.0, 185.0]
    assert table["difference"].isna().all()


def test_order_of_runs_and_of_points_does_not_matter():
    mixed = RUNS.sample(frac=1.0, random_state=3)
    turned = POINTS.iloc[::-1]
    one = paired_differences(POINTS, RUNS, {"regime": "none"}, ["jobs"])
    two = paired_differences(turned, mixed, {"regime": "none"}, ["jobs"])
    keys = ["regime", "strength"]
    pd.testing.assert_frame_equal(
        one.sort_values(keys, ignore_index=True), two.sort_values(keys, ignore_index=True)
    )


def test_one_seed_has_differences_without_an_interval():
    runs = RUNS[RUNS["seed"] == 2]
    row = row_of(
        paired_differences(POINTS, runs, {"regime": "none"}, ["jobs"]),
        regime="pooled",
        strength=2.0,
    )
    assert row["difference"] == 6.0
    assert np.isnan(row["difference_low"])
    assert row["note"] == "one seed: no interval"


def test_what_some_runs_lack_is_left_out_of_their_pairs_and_said():
    values = [row.copy() for row in VALUES]
    values[2][0] = np.nan
    table = paired_differences(POINTS, runs_of(POINTS, values), {"regime": "none"}, ["jobs"])
    row = row_of(table, regime="pooled", strength=0.0)
    assert row["difference"] == pytest.approx(11.5)  # of 11 and 12
    assert (row["n_seeds"], row["note"]) == (2, "2 of 3 seeds have it")


def test_what_the_baseline_lacks_has_a_mean_and_no_difference():
    values = [[np.nan] * 3, [np.nan] * 3, [1.0, 2.0, 3.0], [4.0, 4.0, 4.0]]
    table = paired_differences(POINTS, runs_of(POINTS, values), {"regime": "none"}, ["jobs"])
    row = row_of(table, regime="pooled", strength=0.0)
    assert row["mean"] == 2.0
    assert np.isnan(row["difference"])
    assert (row["n_seeds"], row["note"]) == (0, "the baseline does not have it")
    assert row_of(table, regime="none", strength=2.0)["note"] == "no run has it"


def test_values_that_are_lists_or_whole_numbers_find_their_baseline():
    points = grid(interventions=[[], ["outreach"]], strength=[0, 1])
    runs = runs_of(points, [[1.0] * 3, [2.0] * 3, [5.0] * 3, [9.0] * 3])
    table = paired_differences(points, runs, {"interventions": []}, ["jobs"])
    assert table["difference"].tolist()[2:] == [4.0, 7.0]
    table = paired_differences(points, runs, {"strength": 0.0}, ["jobs"])
    assert table["difference"].dropna().tolist() == [1.0, 4.0]


def test_an_interaction_is_the_difference_of_two_differences_within_seeds():
    table = interactions(
        POINTS, RUNS, baseline={"regime": "none"}, by="strength", outcomes=["jobs"]
    )
    assert tuple(table.columns) == ("regime", "strength", *INTERACTION_COLUMNS)
    assert len(table) == 1
    row = table.iloc[0]
    # within seeds: 4 - 10, 6 - 11, 5 - 12 = -6, -5, -7: mean -6, standard deviation 1
    half = T_3_SEEDS / 3**0.5
    assert (row["difference"], row["difference_at_reference"]) == pytest.approx((5.0, 11.0))
    assert (row["interaction"], row["low"], row["high"]) == pytest.approx(
        (-6, -6 - half, -6 + half)
    )
    assert (row["strength"], row["reference"], row["n_seeds"]) == (2.0, 0.0, 3)


def test_the_reference_of_an_interaction_can_be_chosen():
    table = interactions(
        POINTS, RUNS, baseline={"regime": "none"}, by="strength", outcomes=["jobs"], reference=2
    )
    assert table["strength"].tolist() == [0.0]
    assert table["interaction"].iloc[0] == pytest.approx(6.0)


def test_interactions_by_every_other_factor_are_put_together():
    points = grid(regime=["none", "a"], economy=["steady", "deep"], strength=[0.0, 1.0])
    runs = runs_of(points, np.arange(24.0).reshape(8, 3) ** 2)
    table = all_interactions(points, runs, baseline={"regime": "none"}, outcomes=["jobs"])
    assert table["by"].tolist() == ["economy", "economy", "strength", "strength"]
    own = interactions(points, runs, baseline={"regime": "none"}, by="strength", outcomes=["jobs"])
    pd.testing.assert_frame_equal(table.iloc[2:].reset_index(drop=True), own, check_dtype=False)
    alone = all_interactions(POINTS, RUNS, baseline={"regime": "none", "strength": 0}, outcomes=[])
    assert alone.empty


def test_an_interaction_agrees_with_scipys_paired_test_over_a_larger_grid():
    points = grid(regime=["none", "a", "b"], economy=["steady", "deep"], strength=[0.0, 1.0])
    values = np.random.default_rng(4).normal(50, 5, (len(points), 9))
    runs = runs_of(points, values, seeds=range(9))
    table = interactions(
        points, runs, baseline={"regime": "none"}, by="strength", outcomes=["jobs"]
    )
    assert len(table) == 4
    row = row_of(table, regime="b", economy="deep")
    place = {tuple(row): number for number, row in enumerate(points.to_numpy())}
    help_1 = values[place["b", "deep", 1.0]] - values[place["none", "deep", 1.0]]
    help_0 = values[place["b", "deep", 0.0]] - values[place["none", "deep", 0.0]]
    interval = stats.ttest_rel(help_1, help_0).confidence_interval(0.95)
    assert (row["low"], row["high"]) == pytest.approx((interval.low, interval.high))


def test_a_baseline_that_cannot_be_used_is_refused_by_name():
    with pytest.raises(InputError, match="regim: no such factor; did you mean regime"):
        paired_differences(POINTS, RUNS, {"regim": "none"}, ["jobs"])
    with pytest.raises(InputError, match="regime=nome: no point has it.*none, pooled"):
        paired_differences(POINTS, RUNS, {"regime": "nome"}, ["jobs"])
    with pytest.raises(InputError, match="no point with strength=2; a baseline needs a design"):
        paired_differences(POINTS.drop(1), RUNS, {"regime": "none"}, ["jobs"])


def test_outcomes_and_runs_that_cannot_be_used_are_refused():
    with pytest.raises(InputError, match="job: no such outcome; did you mean jobs"):
        paired_differences(POINTS, RUNS, None, ["job"])
    with pytest.raises(InputError, match="point 0 has seed 1 twice"):
        paired_differences(POINTS, pd.concat([RUNS, RUNS]), None, ["jobs"])
    with pytest.raises(InputError, match="it is part of the baseline; give one of strength"):
        interactions(POINTS, RUNS, baseline={"regime": "none"}, by="regime", outcomes=["jobs"])
    with pytest.raises(InputError, match="interaction by strenght: no such factor"):
        interactions(POINTS, RUNS, baseline={"regime": "none"}, by="strenght", outcomes=["jobs"])
