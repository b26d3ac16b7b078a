"""The verdict on made-up runs: what adds up, what is no finding, what is an order."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from simulation.results.pairwise import holm
from simulation.results.sets import PeopleSet, usual_sets, worst_wards
from simulation.results.unit_costs import ratio_interval
from simulation.results.verdict import (
    BY_DEFINITION,
    COST,
    COUNTED,
    HEADLINE,
    LESS,
    LEVEL,
    MORE,
    MORE_THAN_SUPPORT,
    NOT_RANKED,
    OUTCOMES,
    TIE,
    UNKNOWN,
    order_of,
    set_values,
    verdict,
)

ARMS = ["none", "a", "b", "c"]
ALL = PeopleSet("all", "all", "all residents", None)
YEARS, SPEND = COUNTED.index(HEADLINE), COUNTED.index("spend_gbp")


def made_up(years, spend, *, n_seeds=12, sd=1.0, seed=1):
    """Values of one set, (1, n_counted, n_seeds, n_arms): luck of seeds shared, arms' own not."""
    rng = np.random.default_rng(seed)
    shape = (1, len(COUNTED), n_seeds, len(years))
    values = 1000 + 50 * rng.normal(size=(*shape[:3], 1)) + sd * rng.normal(size=shape)
    values[:, YEARS] += years
    values[:, SPEND] = np.asarray(spend) * (1 + 0.01 * rng.normal(size=(1, n_seeds, len(years))))
    return values


def rows_of(table, outcome, column="order"):
    own = table[table["outcome"] == outcome]
    return {(row.arm, row.against): getattr(row, column) for row in own.itertuples()}


def period_frame():
    """Two seeds, two arms, three wards, two groups; every number another."""
    rows = [
        (arm, seed, ward, group)
        for arm in ("none", "a")
        for seed in (3, 1)
        for ward in ("W1", "W2", "W3")
        for group in ("all", "age:16_24", "age:25_34")
    ]
    table = pd.DataFrame(rows, columns=["arm", "seed", "ward", "group"])
    for number, name in enumerate(COUNTED):
        table[name] = np.arange(len(table)) * (number + 1.0)
    return table


def test_a_set_is_the_sum_of_its_wards_and_groups():
    table = period_frame()
    sets = [
        ALL,
        PeopleSet("mine", "own", "mine", ("W1", "W3"), ("age:16_24",)),
        PeopleSet("young", "own", "young", None, ("age:16_24", "age:25_34")),
    ]
    values = set_values(table, sets, ["none", "a"])
    assert values.shape == (3, len(COUNTED), 2, 2)
    for number, (wards, groups) in enumerate(
        [(("W1", "W2", "W3"), ("all",)), (("W1", "W3"), ("age:16_24",)),
         (("W1", "W2", "W3"), ("age:16_24", "age:25_34"))]
    ):  # fmt: skip
        chosen = table[table["ward"].isin(wards) & table["group"].isin(groups)]
        for row, name in enumerate(COUNTED):
            wide = chosen.pivot_table(index="seed", columns="arm", values=name, aggfunc="sum")
            np.testing.assert_allclose(values[number, row], wide.loc[[1, 3], ["none", "a"]])


def test_what_only_the_order_of_adding_makes_is_no_difference():
    one = period_frame()
    one = one[(one["arm"] == "none") & (one["group"] == "all")].copy()
    parts = np.array([0.1, 0.2, 0.3])
    one["work_years"] = np.tile(parts, 2)
    turned = one.assign(arm="a", work_years=np.tile(parts[::-1], 2))
    table = verdict(
        set_values(pd.concat([one, turned]), [ALL], ["none", "a"]), [ALL], ["none", "a"]
    )
    row = table[table["outcome"] == HEADLINE].iloc[0]
    assert (row["estimate"], row["low"], row["high"], row["order"]) == (0.0, 0.0, 0.0, TIE)


def test_an_order_is_told_where_it_holds_and_a_tie_where_it_does_not():
    table = verdict(made_up([0, 10, 10, 30], [0, 5e6, 5e6, 5e6]), [ALL], ARMS)
    told = rows_of(table, HEADLINE)
    assert told.pop(("b", "a")) == TIE
    assert set(told.values()) == {MORE}
    order = order_of(table, ARMS).set_index(["outcome", "arm"]).loc[HEADLINE]
    assert order[["first", "last"]].T.to_dict("list") == {
        "none": [4, 4], "a": [2, 3], "b": [2, 3], "c": [1, 1],
    }  # fmt: skip
    assert order.loc["a"][["ahead_of", "level_with", "behind"]].tolist() == ["none", "b", "c"]


def test_less_is_better_of_claims_and_spending_is_in_no_order():
    values = made_up([0] * 4, [0, 1e6, 2e6, 3e6])
    values[:, COUNTED.index("claimant_years")] += [0.0, -50.0, -50.0, -90.0]
    order = order_of(verdict(values, [ALL], ARMS), ARMS)
    assert "spend_gbp" not in set(order["outcome"])
    places = order.set_index(["outcome", "arm"])["first"]
    assert (places["claimant_years", "c"], places["claimant_years", "none"]) == (1, 4)


def test_arms_that_differ_by_nothing_are_said_to_tie():
    values = made_up([0, 0, 0, 0], [0, 1e6, 1e6, 1e6])
    values[..., 2] = values[..., 1]
    table = verdict(values, [ALL], ARMS)
    assert set(rows_of(table, HEADLINE).values()) == {TIE}
    assert rows_of(table, HEADLINE, "p")[("b", "a")] == 1


def test_what_an_arm_cannot_have_is_no_finding():
    table = verdict(made_up([0, 10, 20, 30], [0, 1e6, 2e6, 3e6]), [ALL], ARMS)
    spend = rows_of(table, "spend_gbp")
    assert {pair for pair, told in spend.items() if told == BY_DEFINITION} == {
        ("a", "none"), ("b", "none"), ("c", "none"),
    }  # fmt: skip
    assert spend[("b", "a")] == MORE
    assert np.isnan(rows_of(table, "spend_gbp", "p")[("a", "none")])


def test_p_is_corrected_for_all_pairs_and_all_sets_of_a_kind():
    groups = [PeopleSet(f"group:{name}", "group", name, None) for name in "xyz"]
    values = np.concatenate([made_up([0, 1, 2, 3], [0, 1, 2, 3], seed=seed) for seed in range(4)])
    table = verdict(values, [ALL, *groups], ARMS)
    for kind, places in (("all", [0]), ("group", [1, 2, 3])):
        own = table[(table["kind"] == kind) & (table["outcome"] == HEADLINE)]
        raw = [
            stats.ttest_rel(values[place, YEARS, :, arm], values[place, YEARS, :, against]).pvalue
            for place in places
            for arm in range(1, 4)
            for against in range(arm)
        ]
        np.testing.assert_allclose(own["p"], holm(raw))


def test_pairs_of_an_arm_that_hardly_happened_leave_the_family_but_not_its_gain():
    groups = [PeopleSet(f"group:{name}", "group", name, None) for name in "xy"]
    values = np.concatenate([made_up([0, 1, 2, 2], [0, 1e6, 2e6, 3e6], seed=s) for s in range(3)])
    plain = verdict(values, [ALL, *groups], ARMS)
    table = verdict(values, [ALL, *groups], ARMS, hardly=["c"])
    same = ["set", "outcome", "arm", "against", "estimate", "low", "high", "method"]
    pd.testing.assert_frame_equal(table[same], plain[same])
    aside = (table["arm"] == "c") & (table["against"] != "none")
    assert set(table.loc[aside, "order"]) == {NOT_RANKED} and table.loc[aside, "p"].isna().all()
    assert not (table.loc[~aside, "order"] == NOT_RANKED).any()
    for kind, places in (("all", [0]), ("group", [1, 2])):
        own = table[(table["kind"] == kind) & (table["outcome"] == HEADLINE) & ~aside]
        raw = [
            stats.ttest_rel(values[place, YEARS, :, arm], values[place, YEARS, :, against]).pvalue
            for place in places
            for arm, against in [(1, 0), (2, 0), (2, 1), (3, 0)]
        ]
        np.testing.assert_allclose(own["p"], holm(raw))
    order = order_of(table, ["none", "a", "b"])
    assert not order[["ahead_of", "level_with", "behind"]].isin(["c"]).any(axis=None)


def test_of_arms_that_differ_by_nothing_hardly_any_is_told_though_some_are_set_aside():
    n_worlds = 400
    values = np.random.default_rng(2).normal(size=(n_worlds, len(COUNTED), 5, 4))
    sets = [PeopleSet(f"w{number}", f"w{number}", "", None) for number in range(n_worlds)]
    table = verdict(values, sets, ARMS, hardly=["c"])
    own = table[table["outcome"] == HEADLINE]
    wrong = own["order"].isin((MORE, LESS)).groupby(own["set"]).any().mean()
    assert wrong <= LEVEL + 2 * np.sqrt(LEVEL * (1 - LEVEL) / n_worlds)


def test_the_cost_of_a_year_is_the_quotient_of_what_is_net_of_the_baseline():
    values = made_up([0, 100, 100, 0.01], [0, 1e6, 2e6, 1e6])
    table = verdict(values, [ALL], ARMS)
    cost = table[table["outcome"] == COST].set_index(["arm", "against"])
    spend = values[0, SPEND] - values[0, SPEND][:, :1]
    years = values[0, YEARS] - values[0, YEARS][:, :1]
    found = cost.loc[("a", "none")]
    expected = ratio_interval(spend[:, 1], years[:, 1])
    assert tuple(found[["estimate", "low", "high"]]) == pytest.approx(expected[:3])
    assert found["order"] == UNKNOWN
    # Years of c may be nought, so that it costs any amount.
    assert np.isnan(cost.loc[("c", "none"), "estimate"])
    assert cost.loc[("c", "a"), "order"] == UNKNOWN
    assert cost.loc[("b", "a"), "order"] == MORE
    assert cost.loc[("b", "a"), "estimate"] == pytest.approx(1e4, rel=0.05)


def test_the_interval_of_two_costs_holds_their_difference_93_to_97_times_in_100():
    worlds = [
        made_up([0, 100, 120], [0, 1e6, 2e6], sd=5.0, seed=seed, n_seeds=10) for seed in range(1000)
    ]
    sets = [PeopleSet(f"w{number}", "own", "", None) for number in range(1000)]
    table = verdict(np.concatenate(worlds), sets, ARMS[:3])
    cost = table[(table["outcome"] == COST) & (table["arm"] == "b") & (table["against"] == "a")]
    truth = 2e6 / 120 - 1e6 / 100
    held = (cost["low"] <= truth) & (truth <= cost["high"])
    assert len(held) == 1000 and 0.93 < held.mean() < 0.97


@pytest.mark.parametrize("n_seeds", [1, 12])
def test_an_arm_that_differs_in_more_than_support_has_no_cost(n_seeds):
    values = made_up([0, 100, 100, 300], [0, 1e6, 2e6, 0], n_seeds=n_seeds)
    plain = verdict(values, [ALL], ARMS)
    table = verdict(values, [ALL], ARMS, in_other_worlds=["b", "c"])
    cost = table[table["outcome"] == COST].set_index(["arm", "against"])
    untold = [("b", "none"), ("b", "a"), ("c", "b")]
    assert set(cost.loc[untold, "method"]) == {MORE_THAN_SUPPORT}
    assert cost.loc[untold, ["estimate", "low", "high", "p"]].isna().all(axis=None)
    assert set(cost.loc[untold, "order"]) == {UNKNOWN}
    # All else is told as before: the other arms, one that spent nothing, and what is no cost.
    is_same = ~(table["outcome"].eq(COST) & table[["arm", "against"]].eq("b").any(axis=1))
    pd.testing.assert_frame_equal(table[is_same], plain[is_same])


@pytest.mark.parametrize("n_seeds", [1, 2])
def test_with_few_seeds_no_cost_is_told(n_seeds):
    table = verdict(made_up([0, 100, 200, 300], [0, 1e6, 1e6, 1e6], n_seeds=n_seeds), [ALL], ARMS)
    cost = table[table["outcome"] == COST]
    assert cost[["estimate", "low", "high"]].isna().all(axis=None)
    assert set(cost["order"]) == {UNKNOWN}


def test_every_direction_told_is_one_that_its_own_interval_shows():
    values = np.concatenate(
        [made_up([0, 1, 2, 3], [0, 1e6, 2e6, 1e6], n_seeds=5, seed=seed) for seed in range(40)]
    )
    sets = [PeopleSet(f"s{number}", f"k{number}", "s", None) for number in range(40)]
    table = verdict(values, sets, ARMS)
    assert {MORE, TIE} <= set(table["order"]) <= {MORE, LESS, TIE, BY_DEFINITION, UNKNOWN}
    assert (table.loc[table["order"] == MORE, "low"] > 0).all()
    assert (table.loc[table["order"] == LESS, "high"] < 0).all()


def test_every_outcome_of_every_set_has_every_pair_once():
    sets = [ALL, PeopleSet("x", "own", "x", None)]
    values = np.concatenate([made_up([0, 1, 2, 3], [0, 1, 2, 3], seed=seed) for seed in range(2)])
    table = verdict(values, sets, ARMS)
    assert len(table) == 2 * len(OUTCOMES) * 6
    assert not table.duplicated(["set", "outcome", "arm", "against"]).any()


def test_usual_sets_are_all_priority_wards_the_worst_who_worked_and_every_client_group():
    wards = pd.DataFrame({"code": ["W1", "W2", "W3"], "priority": [1, 0, 1]})
    found = {each.name: each for each in usual_sets(wards, ["W2"])}
    assert list(found)[:3] == ["all", "priority", "worst"]
    assert found["priority"].wards == ("W1", "W3") and found["worst"].wards == ("W2",)
    assert len(found) == 3 + 2 + 8 and found["group:ib_esa"].groups == ("group:ib_esa",)
    assert found["in_work"].groups == ("group:employed",)
    assert set(found["out_of_work"].groups) == {
        name for name in found if name.startswith("group:")
    } - {"group:employed"}
    nowhere = usual_sets(wards.assign(priority=0), [])
    assert [each.name for each in nowhere][:3] == ["all", "out_of_work", "in_work"]


def test_the_worst_wards_have_most_claimants_a_resident_in_the_first_month():
    rows = []
    for number in range(25):
        for date, jsa in (("2006-05-01", number), ("2006-06-01", 25 - number)):
            for outcome, value in (("jsa", jsa), ("ib_esa", 5), ("residents", 100)):
                rows.append((date, f"W{number:02d}", "all", outcome, float(value)))
    monthly = pd.DataFrame(rows, columns=["date", "ward", "group", "outcome", "value"])
    expected = [f"W{number}" for number in range(24, 14, -1)]
    assert worst_wards(monthly, ("jsa", "ib_esa")) == expected
    few = monthly[monthly["ward"] < "W19"]
    assert worst_wards(few, ("jsa", "ib_esa")) == []
