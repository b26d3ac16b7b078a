"""Comparison statistics against scipy's own tests, and outcomes against hand-made tables."""

import itertools

import numpy as np
import pandas as pd
import pytest
from frames import monthly_frame
from scipy import stats

from simulation.errors import InputError
from simulation.results.outcomes import MONTHLY_COLUMNS, area_tables, outcome_values
from simulation.results.paired import TWO_SEEDS_NOTE, mean_interval, summarise


def values_of(values, *, outcome="employed", unit=None):
    """Rows from a dict arm -> list of values, seeds 0, 1, 2 ..."""
    rows = [
        (arm, seed, outcome, float(value))
        for arm, series in values.items()
        for seed, value in enumerate(series)
    ]
    frame = pd.DataFrame(rows, columns=["arm", "seed", "outcome", "value"])
    return frame if unit is None else frame.assign(unit=unit)


def random_pairs():
    generator = np.random.default_rng(3)
    luck = generator.normal(100, 10, 12)
    return {"base": luck + generator.normal(0, 1, 12), "other": luck + generator.normal(2, 1, 12)}


def test_difference_and_its_interval_agree_with_scipys_paired_t_test():
    pairs = random_pairs()
    row = summarise(values_of(pairs), "base").set_index("arm").loc["other"]
    test = stats.ttest_rel(pairs["other"], pairs["base"])
    interval = test.confidence_interval(0.95)
    assert row["difference"] == pytest.approx(np.mean(pairs["other"]) - np.mean(pairs["base"]))
    assert row["difference_low"] == pytest.approx(interval.low)
    assert row["difference_high"] == pytest.approx(interval.high)


def test_mean_and_its_interval_agree_with_scipys_one_sample_t_test():
    pairs = random_pairs()
    row = summarise(values_of(pairs), "base", level=0.9).set_index("arm").loc["base"]
    interval = stats.ttest_1samp(pairs["base"], 0.0).confidence_interval(0.90)
    assert row["mean"] == pytest.approx(np.mean(pairs["base"]))
    assert (row["low"], row["high"]) == pytest.approx((interval.low, interval.high))


def test_interval_by_hand_for_three_seeds():
    # mean 2, standard deviation 1, t(0.975, 2) = 4.302653 (standard table)
    mean, low, high = mean_interval([1.0, 2.0, 3.0])
    assert mean == 2.0
    assert (low, high) == pytest.approx((2 - 4.302653 / 3**0.5, 2 + 4.302653 / 3**0.5), rel=1e-6)


def test_intervals_hold_the_true_mean_nineteen_times_in_twenty():
    draws = np.random.default_rng(11).normal(5.0, 2.0, (6, 4000))
    _, low, high = mean_interval(draws)
    assert np.mean((low < 5.0) & (high > 5.0)) == pytest.approx(0.95, abs=0.012)


def test_variance_ratio_is_unpaired_over_paired_variance():
    row = summarise(values_of({"base": [1, 2, 3, 6], "other": [2, 2, 5, 7]}), "base").iloc[1]
    # variances 14/3 and 6; differences 1, 0, 2, 1 have variance 2/3
    assert row["variance_ratio"] == pytest.approx((14 / 3 + 6) / (2 / 3))


def test_pairs_that_never_differ_have_a_zero_width_interval_and_infinite_ratio():
    same = [0.1, 0.7, 0.3]
    row = summarise(values_of({"base": same, "null": same}), "base").iloc[1]
    assert (row["difference"], row["difference_low"], row["difference_high"]) == (0, 0, 0)
    assert row["variance_ratio"] == np.inf


def test_ratio_is_undefined_when_no_arm_varies():
    row = summarise(values_of({"base": [0.1] * 3, "other": [0.3] * 3}), "base").iloc[1]
    assert row["difference_low"] == row["difference_high"] == pytest.approx(0.2)
    assert np.isnan(row["variance_ratio"])


def test_one_seed_gives_no_interval_and_says_so():
    summary = summarise(values_of({"base": [4], "other": [7]}), "base")
    row = summary.iloc[1]
    assert row["difference"] == 3
    assert row[["low", "high", "difference_low", "difference_high"]].isna().all()
    assert row["note"] == "one seed: no interval"
    assert row["n_seeds"] == 1


def test_two_seeds_give_an_interval_with_a_warning_and_three_without():
    two, three = ({"base": own, "other": own} for own in ([1, 2], [1, 2, 4]))
    assert set(summarise(values_of(two), "base")["note"]) == {TWO_SEEDS_NOTE}
    assert set(summarise(values_of(three), "base")["note"]) == {""}


def test_baseline_comes_first_and_has_no_difference():
    summary = summarise(values_of({"other": [1, 2], "base": [2, 4]}), "base")
    assert list(summary["arm"]) == ["base", "other"]
    assert summary.iloc[0][["difference", "difference_low", "variance_ratio"]].isna().all()


def test_order_of_rows_does_not_change_the_pairs():
    frame = values_of(random_pairs())
    shuffled = frame.sample(frac=1.0, random_state=5)
    columns = ["mean", "difference", "difference_low", "difference_high"]
    ordered = summarise(frame, "base").set_index("arm")[columns]
    mixed = summarise(shuffled, "base").set_index("arm")[columns]
    pd.testing.assert_frame_equal(ordered, mixed)


def test_unit_comes_from_the_frame_then_from_the_registry():
    own = summarise(values_of({"a": [1, 2]}, outcome="cost", unit="pounds"), "a")
    known = summarise(values_of({"a": [1, 2]}, outcome="jsa_peak"), "a")
    unknown = summarise(values_of({"a": [1, 2]}, outcome="something"), "a")
    assert [f.iloc[0]["unit"] for f in (own, known, unknown)] == ["pounds", "people", ""]


def test_arms_with_different_seeds_are_refused_by_name():
    with pytest.raises(InputError, match="arm other lacks seed 2"):
        summarise(values_of({"base": [1, 2, 3], "other": [1, 2]}), "base")


def test_unknown_baseline_repeated_rows_and_missing_numbers_are_refused():
    frame = values_of({"a": [1, 2], "b": [1, np.nan]})
    with pytest.raises(InputError, match="arms are a, b"):
        summarise(frame, "c")
    with pytest.raises(InputError, match="arm b, seed 1: employed is nan"):
        summarise(frame, "a")
    with pytest.raises(InputError, match="there twice"):
        summarise(pd.concat([frame, frame]), "a")
    with pytest.raises(InputError, match="column seed is missing"):
        summarise(frame.drop(columns="seed"), "a")


def small_monthly():
    """One run of two months whose outcomes are plain arithmetic."""
    tables = {
        "all": {
            "residents": (1000, 1000), "employed": (700, 650), "jsa": (50, 90),
            "ib_esa": (60, 60), "lone_parent": (20, 20), "other_benefit": (10, 10),
            "seeking_no_benefit": (30, 60), "workless_over_12_months": (50, 60), "hires": (40, 60),
            "hires_workless_over_12_months": (4, 3),
        },
        "priority:1": {"residents": (200, 200), "employed": (100, 90)},
        "priority:0": {"residents": (800, 800), "employed": (600, 560)},
    }  # fmt: skip
    dates = pd.to_datetime(["2008-01-01", "2008-02-01"])
    rows = [
        ("one", 0, date, "all", group, outcome, float(value))
        for group, outcomes in tables.items()
        for outcome, pair in outcomes.items()
        for date, value in zip(dates, pair, strict=True)
    ]
    return pd.DataFrame(rows, columns=["arm", "seed", "date", "ward", "group", "outcome", "value"])


def test_outcomes_of_a_run_of_two_months_by_hand():
    values = outcome_values(small_monthly()).set_index("outcome")["value"].to_dict()
    assert values == pytest.approx(
        {
            "employment_rate_end": 65.0,
            "employment_rate_trough": 65.0,
            "employment_rate_mean": 67.5,
            "out_of_work_benefits_end": 180.0,
            "out_of_work_benefits_peak": 180.0,
            "jsa_peak": 90.0,
            "long_term_workless_share_end": 40.0,
            "employment_gap_end": 25.0,
            "employment_gap_mean": 25.0,
            "hires_total": 100.0,
            "hires_over_12_months_share": 7.0,
            # 90 + 60 + 20 + 10 claimants of 1,000 residents; 50 of 80 seekers, then 60 of 150
            "ni152_end": 18.0,
            "long_term_workless_share_mean": 51.25,
        }
    )


def test_an_area_without_priority_wards_has_no_gap():
    frame = small_monthly()
    kept = set(outcome_values(frame[frame["group"] == "all"])["outcome"])
    assert not any(name.startswith("employment_gap") for name in kept)
    # Eleven of the labour market less two gaps, NI 152 and the mean long-term share.
    assert len(kept) == 11


def test_outcomes_of_several_runs_are_those_of_each_alone_in_any_order_of_rows():
    first, last = pd.Timestamp("2006-05-01"), pd.Timestamp("2006-06-01")
    rows = [
        (arm, seed, date, "all", group, outcome, float(value))
        for value, (arm, seed, date, group, outcome) in enumerate(
            itertools.product(
                ("b", "a"),
                (7, 2),
                (last, first),
                ("all", "priority:1", "priority:0"),
                ("employed", "residents", "hires"),
            ),
            start=1,
        )
    ]
    frame = pd.DataFrame(rows, columns=list(MONTHLY_COLUMNS))
    together = outcome_values(frame.sample(frac=1.0, random_state=3))
    assert list(together[["arm", "seed"]].drop_duplicates().itertuples(index=False, name=None)) == [
        ("a", 2), ("a", 7), ("b", 2), ("b", 7),
    ]  # fmt: skip
    for (arm, seed), part in together.groupby(["arm", "seed"]):
        alone = outcome_values(frame[(frame["arm"] == arm) & (frame["seed"] == seed)])
        pd.testing.assert_frame_equal(part.reset_index(drop=True), alone, check_exact=True)
        table = area_tables(frame).loc[(arm, seed)]
        values = alone.set_index("outcome")["value"]
        assert values["hires_total"] == table["hires"].sum()
        rate = 100 * table.loc[last, "employed"] / table.loc[last, "residents"]
        assert values["employment_rate_end"] == rate


def test_a_month_without_job_seekers_is_left_out_of_the_mean_of_their_share():
    dates = pd.date_range("2006-05-01", periods=3, freq="MS")
    seekers, long = (10.0, 0.0, 20.0), (5.0, 0.0, 5.0)
    rows = [
        ("a", 1, date, "all", "all", outcome, value)
        for outcome, values in (
            ("jsa", seekers),
            ("seeking_no_benefit", (0.0, 0.0, 0.0)),
            ("workless_over_12_months", long),
        )
        for date, value in zip(dates, values, strict=True)
    ]
    frame = pd.DataFrame(rows, columns=list(MONTHLY_COLUMNS))
    values = outcome_values(frame).set_index("outcome")["value"]
    assert values["long_term_workless_share_mean"] == (50.0 + 25.0) / 2


def test_ward_rows_do_not_enter_the_outcomes():
    frame = monthly_frame(seeds=(0, 1))
    whole = outcome_values(frame)
    pd.testing.assert_frame_equal(whole, outcome_values(frame[frame["ward"] == "all"]))


def test_a_month_given_twice_is_refused():
    frame = small_monthly()
    with pytest.raises(InputError, match="two rows for arm one, seed 0"):
        outcome_values(pd.concat([frame, frame.iloc[:1]]))
    with pytest.raises(InputError, match="column ward is missing"):
        area_tables(frame.drop(columns="ward"))
