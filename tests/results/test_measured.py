"""Tables for the report against the runs they are made from."""

import numpy as np
import pandas as pd
import pytest
from frames import monthly_frame, run_of
from support_frames import pair_of_runs

from experiments import configure
from simulation import simulate
from simulation.errors import InputError
from simulation.finished.run import Run
from simulation.results.additionality import additionality
from simulation.results.detectable import history_table, minimum_detectable_effect, yearly_gaps
from simulation.results.measured import (
    ADDITIONALITY,
    CELLS,
    SCOPES,
    additionality_table,
    at_the_end,
    mean_over_seeds,
    measure,
    stack,
)
from simulation.results.outcomes import claimant_gaps
from simulation.results.paired import mean_interval
from simulation.results.provision import spend_by_stream, yearly_spend
from simulation.results.selection import SELECTION, selection
from simulation.results.unit_costs import NOT_BOUNDED

NAMES = ("clients", "money", "coverage", "partners", "people", "treated")
SEEDS = (0, 1, 2)


def runs_of(regime="fragmented", seed=0):
    """A run with support and the one without it of the same seed."""
    return [
        run_of(
            people_per_agent=10,
            weeks=frames.n_weeks,
            **{name: getattr(frames, name) for name in NAMES},
        )
        for frames in pair_of_runs(regime, seed=seed)
    ]


@pytest.fixture(scope="module")
def measured():
    return stack(
        (arm, seed, measure(*runs_of(arm, seed)))
        for arm in ("fragmented", "pooled")
        for seed in SEEDS
    )


@pytest.fixture(scope="module")
def tables(measured):
    means = {
        name: mean_over_seeds(measured[name], keys, n_seeds=len(SEEDS))
        for name, keys in CELLS.items()
    }
    costs = additionality_table(measured["pairs"], measured["outcomes"], periods(), baseline="none")
    return {"additionality": costs, **means}


def periods():
    """Two wards in which 20 and 40 years more are worked than in the baseline's 100 each."""
    rows = [
        (arm, seed, ward, group, 100.0 + seed + more)
        for arm, more in (("none", 0.0), ("fragmented", 20.0), ("pooled", 40.0))
        for seed in SEEDS
        for ward in ("A", "B")
        for group in ("all", "health:1")
    ]
    return pd.DataFrame(rows, columns=["arm", "seed", "ward", "group", "work_years"])


def mean_of(measured, arm, outcome):
    """Mean over seeds of an outcome of an arm."""
    rows = measured["outcomes"].query("arm == @arm and outcome == @outcome")
    assert len(rows) == len(SEEDS)
    return rows["value"].mean()


def numbers(tables, arm, scope="all"):
    table = tables["additionality"]
    return table[(table["arm"] == arm) & (table["scope"] == scope)].set_index("outcome")


def test_net_of_an_arm_is_the_mean_over_its_pairs(tables):
    nets = []
    for seed in SEEDS:
        nets += additionality(*runs_of("pooled", seed))["net"].tolist()
    row = numbers(tables, "pooled").loc["net"]
    assert row[["mean", "low", "high"]].tolist() == pytest.approx(mean_interval(nets))


def test_scopes_add_up_to_the_area(tables):
    table = tables["additionality"]
    nets = table[(table["outcome"] == "net") & (table["arm"] == "pooled")]
    by = nets["scope"].str.partition(":")[0]
    assert set(by) == set(SCOPES)
    assert nets["mean"].groupby(by).sum().to_numpy() == pytest.approx(
        np.full(len(SCOPES), numbers(tables, "pooled").loc["net", "mean"])
    )
    assert {"priority:0", "priority:1", "lone_parent:1", "age:16_24"} <= set(nets["scope"])


def test_waterfall_of_the_table_leads_to_its_net(tables):
    mean = numbers(tables, "fragmented")["mean"]
    steps = ["deadweight", "losses", "substitution_netted", "displacement_netted"]
    assert mean["gross"] - mean[steps].sum() == pytest.approx(mean["net"])
    sustained = [f"sustained_{step}" for step in steps]
    assert mean["sustained_gross"] - mean[sustained].sum() == pytest.approx(mean["sustained_net"])


def test_costs_stand_beside_the_jobs_they_buy(tables, measured):
    rows = numbers(tables, "fragmented")
    spend = mean_of(measured, "fragmented", "spend_gbp")
    jobs = mean_of(measured, "fragmented", "job_entries")
    assert rows.loc["spend_gbp", "mean"] == pytest.approx(spend)
    assert rows.loc["cost_per_job_gbp", "mean"] == pytest.approx(spend / jobs)
    assert tuple(tables["additionality"].columns) == ADDITIONALITY
    unbounded = tables["additionality"][tables["additionality"]["note"] == NOT_BOUNDED]
    unbounded = unbounded[unbounded["unit"] == "GBP"]
    assert len(unbounded) > 0
    assert (unbounded["high"] == np.inf).all()
    assert (unbounded["mean"] == unbounded["low"]).all()


def test_journey_and_coverage_are_means_over_seeds(tables, measured):
    engaged = tables["journey"].query("arm == 'pooled' and source == 'engaged'")["people"].sum()
    assert engaged == pytest.approx(mean_of(measured, "pooled", "engaged"))
    unmet = tables["coverage"].query("arm == 'pooled'")["unmet"].sum()
    assert unmet == pytest.approx(mean_of(measured, "pooled", "unmet_need"))


def test_years_add_up_to_the_accounts_at_the_end():
    money = pair_of_runs("aligned")[0].money
    money["pooled_gbp"] = 0.1 * money["budget_gbp"]
    years = yearly_spend(money).groupby("stream").sum()
    last = spend_by_stream(money).set_index("stream")
    assert years["paid_gbp"].to_numpy() == pytest.approx(last["paid_gbp"].to_numpy())
    given = (last["budget_gbp"] - last["pooled_gbp"]).to_numpy()
    assert years["budget_gbp"].to_numpy() == pytest.approx(given)
    assert yearly_spend(None).empty


def test_a_run_that_was_read_is_measured_as_one_just_made(tmp_path):
    run = simulate(
        configure("area=two_towns", "people_per_agent=10", "weeks=9", "regime=aligned"), 1
    )
    run.save(tmp_path / "kept")
    made, read = measure(run, None), measure(Run.load(tmp_path / "kept"), None)
    for name, frame in made.items():
        pd.testing.assert_frame_equal(frame, read[name])


def test_a_run_without_support_is_measured_without_frames():
    tables = stack([("none", 0, measure(run_of()))])
    assert all(tables[name].empty for name in ("pairs", *CELLS))
    assert (tables["outcomes"]["value"] == 0).all()
    frames = (tables[name] for name in ("pairs", "outcomes", "period"))
    table = additionality_table(*frames, baseline="none")
    assert table["outcome"].tolist() == ["spend_gbp"]
    assert table["mean"].tolist() == [0.0]


def test_a_year_of_work_costs_what_was_spent_over_the_years_added(measured, tables):
    costs = tables["additionality"].query("outcome == 'cost_per_additional_job_year_gbp'")
    spend = measured["outcomes"].query("outcome == 'spend_gbp'").groupby("arm")["value"].mean()
    found = costs.set_index("arm")["mean"].to_dict()
    assert found == pytest.approx({"fragmented": spend["fragmented"] / 40.0,
                                   "pooled": spend["pooled"] / 80.0})  # fmt: skip


def test_an_arm_that_is_not_paired_has_no_cost_of_anything_additional(measured):
    pairs = measured["pairs"][measured["pairs"]["arm"] != "pooled"]
    table = additionality_table(pairs, measured["outcomes"], periods(), baseline="none")
    additional = table[table["outcome"].str.startswith("cost_per_additional")]
    assert set(additional["arm"]) == {"fragmented"}
    # What its clients did is known.
    assert set(table.loc[table["outcome"] == "cost_per_job_gbp", "arm"]) == {"fragmented", "pooled"}


def test_what_a_seed_lacks_counts_as_zero_in_a_mean():
    table = pd.DataFrame(
        [("a", 1, "x", 4.0), ("a", 2, "x", 2.0), ("a", 2, "y", 3.0)],
        columns=["arm", "seed", "key", "people"],
    )
    means = mean_over_seeds(table, ["key"], n_seeds=2).set_index("key")["people"]
    assert means.to_dict() == {"x": 3.0, "y": 1.5}


def test_the_area_is_told_at_every_snapshot_and_its_parts_at_the_last(measured):
    pairs = measured["pairs"]
    employed = pairs[pairs["work"] == "employed"]
    weeks = employed.groupby("by")["week"].nunique()
    assert weeks["all"] > 1
    assert set(weeks.drop("all")) == {1}
    assert set(at_the_end(employed)["week"]) == {employed["week"].max()}


def test_historys_null_compares_the_effect_with_what_could_be_seen():
    gaps = claimant_gaps(monthly_frame(seeds=SEEDS, arms=("usual", "helped")))
    row = history_table(gaps, arm="helped", baseline="usual").iloc[0]
    usual, helped = (
        yearly_gaps(gaps[gaps["arm"] == arm])[:, [0, -1]] for arm in ("usual", "helped")
    )
    change = np.diff(helped, axis=1)[:, 0] - np.diff(usual, axis=1)[:, 0]
    assert row[["effect", "low", "high"]].tolist() == pytest.approx(mean_interval(change))
    noise = minimum_detectable_effect(yearly_gaps(gaps[gaps["arm"] == "usual"]))
    assert row["minimum_detectable"] == pytest.approx(noise.from_seeds)
    assert row[["minimum_low", "minimum_high"]].tolist() == pytest.approx(noise.interval())
    full = history_table(gaps, arm="helped", baseline="usual", people_per_agent=16).iloc[0]
    least = ["minimum_detectable", "minimum_low", "minimum_high"]
    assert full[least].tolist() == pytest.approx([each / 4 for each in row[least]])
    assert full[["effect", "low", "high"]].tolist() == row[["effect", "low", "high"]].tolist()
    assert "region itself" in full["note"] and "region itself" not in row["note"]
    with pytest.raises(InputError, match="arm 'pooled' is missing"):
        history_table(gaps, arm="pooled", baseline="usual")
    lacking = gaps[(gaps["arm"] != "helped") | (gaps["seed"] != SEEDS[0])]
    with pytest.raises(InputError, match="'helped' and 'usual' must have the same seeds"):
        history_table(lacking, arm="helped", baseline="usual")


def test_one_seed_takes_the_noise_from_the_years():
    gaps = claimant_gaps(monthly_frame(seeds=(0,), arms=("usual", "helped")))
    row = history_table(gaps, arm="helped", baseline="usual").iloc[0]
    assert np.isnan(row["low"])
    assert row["minimum_detectable"] > 0


def test_people_of_no_group_are_named_none():
    run, without = runs_of()
    nobody = pd.Categorical([np.nan] * len(run.tables["people"]), categories=["white"])
    run.tables["people"] = run.tables["people"].assign(ethnicity=nobody)
    table = additionality(run, without, by="ethnicity")
    assert table["group"].tolist() == ["none"]


def test_where_nobody_was_treated_there_are_no_programmes():
    run, without = runs_of()
    run.tables["treated"] = run.tables["treated"].iloc[:0]
    assert additionality(run, without, by="programme").empty


def test_how_clients_were_chosen_is_averaged_over_the_seeds_that_tell(tables):
    told = "creaming"
    for arm in ("fragmented", "pooled"):
        runs = pd.concat(selection(*runs_of(arm, seed)) for seed in SEEDS)
        row = numbers(tables, arm).loc[told]
        interval = mean_interval(runs.loc[runs["outcome"] == told, "value"])
        assert row[["mean", "low", "high"]].tolist() == pytest.approx(interval)
        assert row["unit"] == "percentage points"
        assert set(runs["outcome"]) == set(numbers(tables, arm).index) & set(SELECTION)
