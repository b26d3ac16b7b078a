"""Targets: parts that add up to what was seen, by hand from made-up months of known truth."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from frames import monthly_frame, ward_table

from simulation.errors import InputError
from simulation.inputs.target_tables import (
    MEASURES,
    NATIONAL_FILE,
    SHIPPED,
    UNTOLD,
    Target,
    national_level,
    read_targets,
    targets_named,
)
from simulation.report.targets import lines, sentence, targets_data
from simulation.results.targets import (
    BY_SEED,
    PARTS,
    TABLE,
    Place,
    before_and_after,
    by_seed,
    level,
    table_of,
    worst_in_first_year,
)

SEEDS = (1, 2, 3, 4)
CHAIN = ("nobody", "reference.steady", "reference.steady.first_rules")
ARMS = ("nobody", "aligned")
FALL = Target(
    "fall", "claimants", "claimants", "all", "all", "", ("2006-05", "2006-05"),
    ("2008-05", "2008-05"), -20.0, "absolute", 1e6, 1.0, "made up",
)  # fmt: skip


def values_of(*, luck=(16.0, -8.0, 24.0, -32.0), arms_doing=(-8.0, -16.0, -8.0, 0.0)):
    """Made-up runs: 1,000 claimants; under way -64, rules -16, economy +128, and what is given."""
    rows = []
    for seed, own_luck, own in zip(SEEDS, luck, arms_doing, strict=True):
        # Luck in the other worlds is another matter: only their means count.
        for arm, change in (
            ("nobody", -64.0 - 16.0 + 128.0 + own_luck),
            ("aligned", -64.0 - 16.0 + 128.0 + own_luck + own),
            (CHAIN[1], -64.0 - 16.0 - 2.0 * own_luck),
            (CHAIN[2], -64.0 + own_luck),
        ):
            rows.append(("fall", arm, seed, 1_000.0, 1_000.0 + change))
    return pd.DataFrame(rows, columns=["target", "arm", "seed", "before", "after"])


def test_the_parts_are_those_the_runs_were_made_of():
    found = by_seed(values_of(), [FALL], ARMS, CHAIN)
    assert list(found.columns) == list(BY_SEED)
    found = found.set_index(["arm", "seed"])
    for part, value in (("under_way", -64.0), ("rules", -16.0), ("economy", 128.0)):
        assert (found[part] == value).all()
    assert found.loc["aligned", "luck"].tolist() == [16.0, -8.0, 24.0, -32.0]
    assert found.loc["aligned", "arms_doing"].tolist() == [-8.0, -16.0, -8.0, 0.0]
    assert (found.loc["nobody", "arms_doing"] == 0.0).all()


def test_the_parts_add_up_exactly_to_the_change_that_was_seen():
    found = by_seed(values_of(), [FALL], ARMS, CHAIN)
    assert (found[list(PARTS)].sum(axis=1) == found["change"]).all()
    assert (found["after"] - found["before"] == found["change"]).all()
    means = table_of(found, [FALL]).set_index("arm")
    parts = means[["under_way", "rules", "economy", "arms_doing"]].sum(axis=1)
    assert parts.to_numpy() == pytest.approx(means["change"].to_numpy(), abs=1e-9)


@pytest.mark.parametrize("name", ["priority_claimants_2009", "employment_rate_2009", "ni153_gap"])
def test_they_add_up_for_shipped_targets_on_months_of_many_wards(name):
    wards = ward_table()
    monthly = monthly_frame(wards, arms=("nobody", "aligned", *CHAIN[1:]), seeds=SEEDS)
    [target] = targets_named([name])
    worst = worst_in_first_year(monthly[monthly["arm"] == "nobody"])
    places = {"priority": Place(tuple(wards["code"][wards["priority"]])), "all": Place(),
              "ni153": Place(worst)}  # fmt: skip
    place = places[target.where]
    rest = Place(tuple(code for code in wards["code"] if code not in worst))
    periods = (target.baseline, target.target)
    own = tuple(level(monthly, target.counts, place, period) for period in periods)
    other = tuple(level(monthly, target.counts, rest, period) for period in periods)
    values = before_and_after(target, own, other if target.against else None)
    found = by_seed(values, [target], ARMS, CHAIN)
    assert len(worst) and len(found) == len(ARMS) * len(SEEDS)
    assert found[list(PARTS)].sum(axis=1).to_numpy() == pytest.approx(found["change"].to_numpy())
    assert list(table_of(found, [target]).columns) == list(TABLE)


def test_a_level_is_the_mean_of_its_months_or_per_hundred():
    monthly = monthly_frame(arms=("one",), seeds=(1,))
    area = monthly[(monthly["ward"] == "all") & (monthly["group"] == "all")]
    table = area.pivot(index="date", columns="outcome", values="value").loc["2006-08":"2006-10"]
    period = ("2006-08", "2006-10")
    people = level(monthly, MEASURES["jsa"], Place(), period)
    assert people.loc[("one", 1)] == pytest.approx(table["jsa"].mean())
    rate = level(monthly, MEASURES["employment_rate"], Place(), period)
    by_hand = 100 * table["employed"].sum() / table["residents"].sum()
    assert rate.loc[("one", 1)] == pytest.approx(by_hand)
    wards = level(monthly, MEASURES["jsa"], Place(("W000", "W004")), period)
    of_wards = monthly[monthly["ward"].isin(["W000", "W004"]) & (monthly["outcome"] == "jsa")]
    kept = of_wards[of_wards["date"].between("2006-08", "2006-10")]
    assert wards.loc[("one", 1)] == pytest.approx(kept["value"].sum() / 3)
    group = level(monthly, MEASURES["jsa"], Place(groups=("priority:1", "priority:0")), period)
    assert group.loc[("one", 1)] == pytest.approx(people.loc[("one", 1)], rel=1e-3)


def test_the_worst_wards_are_those_of_the_mean_of_the_first_year():
    dates = pd.date_range("2006-05-01", periods=24, freq="MS")
    shares = {"steady": np.full(24, 30.0), "late": np.r_[np.full(12, 20.0), np.full(12, 60.0)],
              "early": np.r_[np.full(6, 45.0), np.full(18, 10.0)]}  # fmt: skip
    rows = [
        (date, ward, "all", outcome, value)
        for ward, share in shares.items()
        for date, own in zip(dates, share, strict=True)
        for outcome, value in (("jsa", own), ("ib_esa", 0.0), ("lone_parent", 0.0),
                               ("other_benefit", 0.0), ("residents", 100.0))
    ]  # fmt: skip
    monthly = pd.DataFrame(rows, columns=["date", "ward", "group", "outcome", "value"])
    # 45 for half a year and 10 for the other are 27.5.
    assert set(worst_in_first_year(monthly)) == {"steady", "early"}


def runs(**values):
    index = pd.MultiIndex.from_tuples([(name, 1) for name in values], names=["arm", "seed"])
    return pd.Series(list(values.values()), index=index, dtype=float)


def test_a_gap_is_less_the_others_and_a_count_is_growth_less_theirs():
    gap = FALL._replace(measure="claimant_rate", against="rest")
    found = before_and_after(gap, (runs(a=20.0), runs(a=23.0)), (runs(a=12.0), runs(a=16.0)))
    assert found[["before", "after"]].to_numpy().tolist() == [[8.0, 7.0]]
    growth = FALL._replace(against="national", kind="per_cent", change=-5.0)
    found = before_and_after(growth, (runs(a=200.0), runs(a=240.0)), (runs(a=50.0), runs(a=55.0)))
    assert found[["before", "after"]].to_numpy() == pytest.approx(np.array([[0.0, 10.0]]))
    own = runs(a=200.0, b=1.0, c=0.0), runs(a=240.0, b=1.0, c=2.0)
    found = before_and_after(growth, own, (runs(a=50.0, b=0.0, c=3.0), runs(a=55.0, b=1.0, c=3.0)))
    # Growth from nobody is none.
    assert found["after"].isna().tolist() == [False, True, True]


def test_a_target_that_cannot_be_told_in_some_run_is_told_in_none_and_said_so():
    other = FALL._replace(name="other", label="jobs")
    values = pd.concat([values_of(), values_of().assign(target="other")], ignore_index=True)
    values.loc[1, "after"] = np.nan
    found = by_seed(values, [FALL, other], ARMS, CHAIN)
    assert found.loc[found["target"] == "fall", ["change", *PARTS, "is_met"]].isna().all(axis=None)
    table = table_of(found, [FALL, other])
    untold = table.loc[table["target"] == "fall", ["before", "change", "share_met", "reward_gbp"]]
    assert untold.isna().all(axis=None)
    alone = table_of(by_seed(values_of(), [FALL], ARMS, CHAIN), [FALL])
    kept = table[table["target"] == "other"].assign(target="fall", label="claimants")
    pd.testing.assert_frame_equal(kept.reset_index(drop=True), alone)
    labels = {"nobody": "no support", "aligned": "aligned funding"}
    assert "claimants: cannot be told, for in some run there is nobody" in lines(table, labels)[0]
    assert "jobs: promised" in lines(table, labels)[1]
    assert [each["label"] for each in targets_data(table, labels)] == ["jobs"]


def reward_of(change, **own):
    target = FALL._replace(change=-100.0, **own)
    values = [("fall", name, 1, 1_000.0, 1_000.0 + change) for name in ("nobody", *CHAIN[1:])]
    frame = pd.DataFrame(values, columns=["target", "arm", "seed", "before", "after"])
    return by_seed(frame, [target], ("nobody",), CHAIN)["reward_gbp"].iloc[0]


@pytest.mark.parametrize(
    ("change", "share", "reward"),
    [(-100, 1.0, 1e6), (-99, 1.0, 0.0), (-70, 0.6, 0.7e6), (-59, 0.6, 0.0), (-300, 0.6, 1e6),
     (50, 0.0, 0.0)],
)  # fmt: skip
def test_the_reward_follows_the_promise(change, share, reward):
    assert reward_of(change, reward_from=share) == pytest.approx(reward)


def test_a_target_that_luck_met_or_missed_is_told():
    promise = FALL._replace(change=30.0)
    found = by_seed(values_of(), [promise], ARMS, CHAIN)
    base = found[found["arm"] == "nobody"].set_index("seed")
    # 48 on average, with luck 64, 40, 72, 16: luck missed it once.
    assert base["is_met"].tolist() == [True, True, True, False]
    assert base["is_met_without_luck"].all()
    table = table_of(found, [promise]).set_index("arm")
    assert table.loc["nobody", ["share_met", "share_by_luck"]].tolist() == [0.75, 0.25]
    assert table.loc["nobody", "luck_sd"] == pytest.approx(np.std([16, -8, 24, -32], ddof=1))


def test_a_per_cent_of_a_gap_closes_it_whichever_sign_it_has():
    closing = FALL._replace(measure="employment_rate", against="ethnicity:white", kind="per_cent",
                            change=10.0)  # fmt: skip
    values = values_of().assign(before=-20.0, after=-17.0)
    found = by_seed(values, [closing], ARMS, CHAIN)
    assert (found["promised"] == 2.0).all() and found["is_met"].all()


def test_the_words_say_promise_outcome_causes_and_reward():
    table = table_of(by_seed(values_of(), [FALL], ARMS, CHAIN), [FALL])
    row = table.set_index("arm").loc["aligned"].to_dict()
    said = sentence(row, "aligned funding").replace("\u2212", "-")
    for words in ("Claimants: promised -20, came to +40 under aligned funding", "the economy +128",
                  "what was under way -64", "new benefit rules -16", "aligned funding -8",
                  "the luck of one region 25 either way", "met in 0 of 4 runs"):  # fmt: skip
        assert words in said
    labels = {"nobody": "no support", "aligned": "aligned funding"}
    # The arm that did most in the promised direction is told of, even if the baseline did better.
    for worse in (table, table.assign(promised=20)):
        came, doing = lines(worse, labels)
        assert "under aligned funding, met in" in came and doing.startswith("whose doing that was:")
    assert lines(table.iloc[:0], labels) == []
    [data] = targets_data(table, labels)
    for rows in data["rows"]:
        assert sum(step["value"] for step in rows["steps"]) == pytest.approx(rows["came"]["value"])


def test_shipped_targets_are_sound_and_what_cannot_be_told_is_refused():
    every = read_targets(SHIPPED)
    assert len(every) > 8 and all(each.source for each in every)
    for each in every:
        if each.measure in UNTOLD:
            with pytest.raises(InputError, match=f"{each.name}: the model .* cannot be told"):
                targets_named([each.name])
    with pytest.raises(InputError, match="no target 'ni153_gapp'; did you mean ni153_gap"):
        targets_named("ni153_gapp")


def test_every_problem_of_a_table_of_ones_own_is_a_line(tmp_path):
    text = SHIPPED.read_text(encoding="utf-8").splitlines()
    wrong = {
        "measure": "x,x,clamaints,all,all,,2006-08,2006-08,2008-01,2008-03,-1,absolute,0,1,x",
        "baseline_from": "y,x,jsa,all,all,,2006-13,2006-08,2008-01,2008-03,-1,absolute,0,1,x",
        "kind": "z,x,jsa,all,all,,2006-08,2006-08,2008-01,2008-03,-1,relative,0,1,x",
    }
    path = tmp_path / "mine.csv"
    path.write_text("\n".join([text[0], *wrong.values()]), encoding="utf-8")
    with pytest.raises(InputError) as error:
        read_targets(path)
    assert len(error.value.problems) == len(wrong)
    for line_number, name in enumerate(wrong, 2):
        assert any(f"row {line_number}, column {name}" in each for each in error.value.problems)
    late = "x,x,claimants,all,all,national,2008-01,2008-02,2008-02,2008-03,0,absolute,0,1,x"
    path.write_text("\n".join([text[0], late]), encoding="utf-8")
    with pytest.raises(InputError) as error:
        read_targets(path)
    said = "\n".join(error.value.problems)
    for words in ("target_from", "after baseline_to", "above or below zero", "kind"):
        assert words in said


def test_the_national_series_is_straight_between_its_dates_and_ends_where_it_ends():
    # Three months, of which the middle one is given and the others lie on straight lines.
    rows = pd.read_csv(NATIONAL_FILE)
    rows = rows[rows["measure"] == "employment_rate"].set_index("month")["value"]
    assert national_level("employment_rate", ("2007-01", "2007-01")) == rows["2007-01"]
    days = [31 + 28 + 31, 181]
    by_hand = rows["2007-01"] + (rows["2007-07"] - rows["2007-01"]) * days[0] / days[1]
    assert national_level("employment_rate", ("2007-04", "2007-04")) == pytest.approx(by_hand)
    with pytest.raises(InputError, match="is of 2006-05 to 2009-02, not of 2009-02 to 2009-03"):
        national_level("claimant_rate", ("2009-02", "2009-03"))
    with pytest.raises(InputError, match="no national series of long_term; there are"):
        national_level("long_term", ("2007-01", "2007-01"))
