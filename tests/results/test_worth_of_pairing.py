"""What comparing seed by seed is worth: the ratio of variances, by time and place."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from simulation.results.pairing import A_WARD, PAIRING, WHOLE, pairing_table, variance_ratio

ARMS = ["none", "a", "b"]


def frames(rng, *, n_seeds=40, luck=3.0, by_year=(0.5, 1.0, 3.0)):
    """Common luck of sd `luck`, an arm's own of sd 1 a ward; months whose own luck grows."""
    rows, months = [], []
    for seed in range(n_seeds):
        common = luck * rng.normal(size=2)
        common_month = luck * rng.normal()
        for arm in ARMS:
            for ward, own in zip(("W1", "W2"), common + rng.normal(size=2), strict=True):
                rows.append((arm, seed, ward, "all", own))
            for year, sd in enumerate(by_year):
                level = common_month + sd * rng.normal()
                months += [
                    (arm, seed, f"{2006 + year}-{month:02d}", "all", "all", "employed", level)
                    for month in range(1, 13)
                ]
    names = ["arm", "seed", "ward", "group", "work_years"]
    more = ["arm", "seed", "date", "ward", "group", "outcome", "value"]
    return pd.DataFrame(rows, columns=names), pd.DataFrame(months, columns=more)


def test_the_ratio_is_that_of_variances():
    values = np.random.default_rng(1).normal(size=(9, 3)) + np.arange(9.0)[:, None]
    own = values.var(axis=0, ddof=1)
    paired = (values[:, 1:] - values[:, :1]).var(axis=0, ddof=1).sum()
    expected = (own[1] + own[2] + 2 * own[0]) / paired
    assert variance_ratio(values) == pytest.approx(expected)
    assert np.isnan(variance_ratio(values[:2])) and np.isnan(variance_ratio(values * 0))


def test_pairs_are_worth_what_their_common_luck_is_and_less_as_worlds_part():
    period, monthly = frames(np.random.default_rng(2))
    table = pairing_table(period, monthly, ARMS)
    assert list(table) == list(PAIRING)
    found = table.set_index(["span", "place"])["variance_ratio"]
    # (9 + 1) / 1 in a ward and in two together; (9 + sd^2) / sd^2 in a year.
    assert found[WHOLE, "all"] == pytest.approx(10, rel=0.5)
    assert found[WHOLE, A_WARD] == pytest.approx(10, rel=0.5)
    assert found["year 1", "all"] > found["year 2", "all"] > found["year 3", "all"]
    assert found["year 3", "all"] == pytest.approx(2, rel=0.5)
    saved = table["seeds_saved"] / (table["variance_ratio"] - 1)
    assert saved.to_numpy() == pytest.approx(40, rel=0.05)


def test_one_arm_or_few_seeds_tell_nothing_of_pairs():
    period, monthly = frames(np.random.default_rng(3), n_seeds=2)
    assert pairing_table(period, monthly, ARMS).empty
    assert pairing_table(period, monthly, ["none"]).empty
