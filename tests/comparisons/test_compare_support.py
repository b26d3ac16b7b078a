"""Comparisons of regimes: tables that add up, pairs that are pairs, what is said of the rest."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from frames import monthly_frame

from experiments import configure
from experiments.comparisons.arms import Arm, left_out
from experiments.comparisons.asked import Asked, CompareSettings
from experiments.comparisons.measuring import MEASURED, frames_of, kept_of
from experiments.comparisons.null import null_table, window
from experiments.comparisons.pairs import Pair
from simulation.files.listing import check_whole
from simulation.files.placing import put_folder
from simulation.finished.names import PEOPLE, SUPPORT
from simulation.finished.run import Run
from simulation.report.verdicts import null_lines
from simulation.results.measured import measure

N_WEEKS = 112
SEEDS = (1, 2)
REGIMES = ("fragmented", "aligned")
WORDS = (
    "compare",
    "compare=own",
    "area=two_towns",
    f"weeks={N_WEEKS}",
    "seeds=2",
    "arms.no_support=[regime=none]",
    "arms.fragmented=[regime=fragmented]",
    "arms.aligned=[regime=aligned,regime.start_up_weeks=0]",
)
HERE = ("launcher=in_process", "page=false")
"""Nothing but what the test is of: no processes, no report."""
TABLES = ("additionality", "journey", "coverage", "spend", "partners", "null")
STEPS = ("deadweight", "losses", "substitution", "displacement")


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Compare no support, fragmented and aligned with two seeds."""
    from experiments.command import main

    folder = tmp_path_factory.mktemp("regimes") / "here"
    store = folder.parent / "store"
    assert main([*WORDS, f"output={folder}", f"store={store}", "page=false", "processes=2"]) == 0
    return folder


@pytest.fixture
def copy(compared: Path, tmp_path: Path) -> Path:
    """Copy the comparison, to be damaged."""
    return Path(shutil.copytree(compared, tmp_path / "here"))


def table(folder: Path, name: str) -> pd.DataFrame:
    return pd.read_csv(folder / f"{name}.csv")


def times(folder: Path) -> dict[str, int]:
    """When each run's manifest was written."""
    return {
        path.parent.name: path.stat().st_mtime_ns for path in folder.glob("runs/*/manifest.json")
    }


def area_numbers(folder: Path, arm: str) -> pd.Series:
    """Means of the outcomes of the whole area of an arm."""
    rows = table(folder, "additionality")
    rows = rows[(rows["arm"] == arm) & (rows["scope"] == "all")]
    return rows.set_index("outcome")["mean"]


def test_the_folder_has_every_table_on_support_and_nothing_half_written(compared):
    names = {path.name for path in compared.iterdir()}
    assert {f"{name}.csv" for name in TABLES} <= names
    assert not [path for path in compared.rglob(".*")]


def test_every_run_keeps_who_worked_where_and_runs_with_support_their_frames(compared):
    for folder in (compared / "runs").iterdir():
        has = {path.name for path in folder.iterdir()}
        assert f"{PEOPLE}.parquet" in has
        is_supported = not folder.name.startswith("no_support")
        assert ({f"{name}.parquet" for name in SUPPORT} <= has) == is_supported


def test_from_gross_to_net_every_row_adds_up(compared):
    rows = table(compared, "additionality")
    flows = rows[rows["unit"] == "people"].pivot(
        index=["arm", "scope"], columns="outcome", values="mean"
    )
    assert set(flows.index.get_level_values("arm")) == set(REGIMES)
    for prefix in ("", "sustained_"):
        for netted in ("", "_netted"):
            steps = [prefix + step for step in STEPS[:2]]
            steps += [prefix + step + netted for step in STEPS[2:]]
            own = flows.dropna(subset=[prefix + "gross"])
            assert len(own) >= 2
            net = own[prefix + "gross"] - own[steps].sum(axis=1)
            np.testing.assert_allclose(net, own[prefix + "net"], atol=1e-9)


@pytest.mark.parametrize("scope", ["group", "priority", "ethnicity", "ward"])
def test_nets_of_the_parts_add_up_to_the_net_of_the_area(compared, scope):
    rows = table(compared, "additionality")
    nets = rows[rows["outcome"] == "net"]
    parts = nets[nets["scope"].str.startswith(f"{scope}:")].groupby("arm")["mean"].sum()
    for arm in REGIMES:
        assert parts[arm] == pytest.approx(area_numbers(compared, arm)["net"])


def test_the_net_is_the_difference_in_employment_of_the_months(compared):
    monthly = pd.read_parquet(compared / "monthly.parquet").astype({"ward": str, "group": str})
    last = monthly[
        (monthly["date"] == monthly["date"].max())
        & (monthly["ward"] == "all")
        & (monthly["group"] == "all")
        & (monthly["outcome"] == "employed")
    ]
    employed = last.groupby("arm", observed=True)["value"].mean()
    for arm in REGIMES:
        expected = employed[arm] - employed["no_support"]
        assert area_numbers(compared, arm)["net"] == pytest.approx(expected)


def test_nobody_is_lost_between_the_stages_of_the_journey(compared):
    flows = table(compared, "journey")
    assert set(flows["arm"]) == set(REGIMES)
    for _, own in flows.groupby("arm"):
        into = own.groupby("target")["people"].sum()
        out_of = own.groupby("source")["people"].sum()
        between = into.index.intersection(out_of.index).drop("sustained 52 weeks", errors="ignore")
        assert len(between) >= 4
        np.testing.assert_allclose(into[between], out_of[between])


def test_those_who_begin_the_journey_are_those_engaged_in_the_records(compared):
    flows = table(compared, "journey")
    for arm in REGIMES:
        engaged = [
            (Run.load(compared / "runs" / f"{arm}-seed{seed}").support("clients")["event"])
            .eq("engaged")
            .sum()
            for seed in SEEDS
        ]
        begin = flows[(flows["arm"] == arm) & (flows["source"] == "engaged")]["people"].sum()
        assert begin == pytest.approx(np.mean(engaged))


def test_lack_less_excess_is_need_less_places_in_every_cell(compared):
    cells = table(compared, "coverage")
    assert set(cells["arm"]) == set(REGIMES)
    np.testing.assert_allclose(
        cells["unmet"] - cells["duplication"], cells["need"] - cells["places"], atol=1e-6
    )


def test_years_of_spending_add_up_to_what_was_paid_over_the_run(compared):
    spend = table(compared, "spend").groupby("arm")["paid_gbp"].sum()
    for arm in REGIMES:
        paid = []
        for seed in SEEDS:
            money = Run.load(compared / "runs" / f"{arm}-seed{seed}").support("money")
            paid.append(money[money["date"] == money["date"].max()]["paid_gbp"].sum())
        assert spend[arm] == pytest.approx(np.mean(paid))


def test_the_summary_joins_outcomes_of_support_and_no_support_has_none(compared):
    summary = table(compared, "summary").set_index(["arm", "outcome"])
    assert summary.loc[("no_support", "engaged"), "mean"] == 0
    assert summary.loc[("no_support", "spend_gbp"), "mean"] == 0
    for arm in REGIMES:
        row = summary.loc[(arm, "spend_gbp")]
        assert row["difference"] == row["mean"] > 0
        assert row["mean"] == pytest.approx(area_numbers(compared, arm)["spend_gbp"])


def test_partners_have_a_row_a_month(compared):
    partners = table(compared, "partners")
    counts = partners.groupby(["arm", "funder"])["date"].nunique()
    assert set(counts) == {26}
    assert partners["trust"].between(0, 1).all()


def test_the_null_of_history_is_what_the_months_say(compared):
    null = table(compared, "null").set_index(["outcome", "arm", "baseline"])
    monthly = pd.read_parquet(compared / "monthly.parquet")
    monthly = monthly.astype({name: str for name in ("arm", "ward", "group", "outcome")})
    everyone = monthly[(monthly["ward"] == "all") & (monthly["group"] == "all")]
    wide = everyone.pivot_table(index=["arm", "seed", "date"], columns="outcome", values="value")
    claimants = wide[["jsa", "ib_esa", "lone_parent", "other_benefit"]].sum(axis=1)
    rate = (100 * claimants / wide["residents"]).unstack("date").to_numpy().reshape(3, 2, -1)
    change = dict(
        zip(sorted(("no_support", *REGIMES)), rate[:, :, 24] - rate[:, :, 0], strict=True)
    )
    row = null.loc[("ni_152", "aligned", "fragmented")]
    assert row["effect"] == pytest.approx((change["aligned"] - change["fragmented"]).mean())
    # Two standard deviations of a difference of regions, times 1.96 + 0.84 standard errors.
    noise = np.sqrt(2) * change["fragmented"].std(ddof=1) * (1.959964 + 0.841621)
    assert row["minimum_detectable"] == pytest.approx(noise, rel=1e-5)
    treated = null.loc[("net_jobs_of_treated_people", "aligned", "no_support")]
    numbers = area_numbers(compared, "aligned")
    assert treated["effect"] == pytest.approx(numbers["gains"] - numbers["losses"])
    assert np.isnan(treated["minimum_detectable"])


def test_the_null_looks_at_four_years_from_the_month_before_the_partnership():
    months = pd.date_range("2006-05-01", periods=60, freq="MS")
    kept, n_years = window(pd.DataFrame({"date": months}), config=configure())
    assert (kept["date"].min(), n_years) == (pd.Timestamp("2007-03-01"), 4)
    kept, n_years = window(pd.DataFrame({"date": months[:30]}), config=configure())
    assert (kept["date"].min(), n_years) == (pd.Timestamp("2006-05-01"), 2)


@pytest.mark.parametrize("day", [1, 15, 30])
def test_a_partnership_may_start_on_any_day_of_the_month(day):
    months = pd.date_range("2006-05-01", periods=60, freq="MS")
    config = configure(f"partnership.start=2007-04-{day:02d}")
    kept, _ = window(pd.DataFrame({"date": months}), config=config)
    # Figures are those of month ends: that of April comes after the start.
    assert kept["date"].min() == pd.Timestamp("2007-03-01")


def test_the_null_is_told_of_the_region_and_not_of_the_thinned_one():
    monthly = monthly_frame(seeds=(0, 1, 2, 3), arms=("fragmented", "aligned"))
    nobody = pd.DataFrame()
    full, thinned = (
        null_table(
            nobody, monthly, config=configure(f"people_per_agent={size}"), baseline="fragmented"
        ).set_index("outcome")
        for size in (1, 25)
    )
    least = ["minimum_detectable", "minimum_low", "minimum_high"]
    assert len(full) == 2 and full[least].notna().all(axis=None)
    pd.testing.assert_frame_equal(thinned[least], full[least] / 5)
    # An effect inside the noise of the runs may be outside that of a region 25 times as large.
    effect = {"effect": full["minimum_low"] / 2, "low": 1e-9, "high": full["minimum_low"]}
    said = [null_lines(each.assign(**effect).reset_index()) for each in (full, thinned)]
    assert all("is inside the noise of a single region" in line for line in said[0])
    assert not any("inside the noise" in line for line in said[1])


def test_the_report_and_the_terminal_tell_the_net_effect(copy, pathfinder):
    code, out, _ = pathfinder(*WORDS, f"output={copy}")
    assert code == 0
    assert any("years of work" in line for line in out), out
    assert len(out) < 30
    assert "gross_to_net" in (copy / "report.html").read_text()


def test_against_a_baseline_with_support_additionality_is_left_out_and_said_so(copy, pathfinder):
    before = times(copy)
    code, out, _ = pathfinder(*WORDS, *HERE, "baseline=fragmented", f"output={copy}")
    assert code == 0
    assert times(copy) == before
    reason = "the baseline fragmented has support itself; name an arm without any, baseline=ARM"
    assert f"whose doing the jobs under aligned are cannot be told: {reason}" in out
    manifest = json.loads((copy / "manifest.json").read_text())
    assert manifest["additionality_left_out"] == {"aligned": reason}
    assert "net" not in set(table(copy, "additionality")["outcome"])
    assert len(table(copy, "journey"))


def test_arms_that_differ_in_more_than_support_are_not_paired():
    arms = [
        Arm("calm", (), configure("economy=steady")),
        Arm("calm_helped", (), configure("economy=steady", "regime=pooled", "funding=double")),
        Arm("slump_helped", (), configure("economy=deep", "regime=pooled")),
        Arm("slump", (), configure("economy=deep")),
    ]
    assert left_out(arms, baseline="calm") == {
        "slump_helped": "it differs from the baseline calm in more than support"
    }


def test_runs_with_a_torn_or_missing_frame_are_done_again(copy, pathfinder):
    before, numbers = times(copy), (copy / "additionality.csv").read_bytes()
    torn = copy / "runs" / "aligned-seed2" / "clients.parquet"
    torn.write_bytes(torn.read_bytes()[:-50])
    (copy / "runs" / "no_support-seed1" / f"{PEOPLE}.parquet").unlink()
    assert pathfinder(*WORDS, *HERE, f"output={copy}").code == 0
    after = times(copy)
    again = {run for run in after if after[run] != before[run]}
    assert again == {"aligned-seed2", "no_support-seed1"}
    assert (copy / "additionality.csv").read_bytes() == numbers


def arms_and_folders(comparison):
    """Return the arms of a comparison's folder and where their runs are, of the first seed."""
    regimes = zip(("no_support", *REGIMES), ("none", *REGIMES), strict=True)
    words = ("area=two_towns", f"weeks={N_WEEKS}")
    arms = tuple(Arm(name, (), configure(*words, f"regime={regime}")) for name, regime in regimes)
    seed = SEEDS[0]
    return arms, {(arm.name, seed): comparison / "runs" / f"{arm.name}-seed{seed}" for arm in arms}


@pytest.fixture
def steps(monkeypatch):
    """What is read and measured, in order."""
    steps = []

    def load(folder: Path) -> Run:
        steps.append(f"read {folder.name}")
        return Run.load(folder)

    def measured(run: Run, without: Run | None = None) -> dict[str, pd.DataFrame]:
        steps.append(f"measured {run.config.regime.name}")
        return measure(run, without)

    monkeypatch.setattr("experiments.comparisons.measuring.Run", SimpleNamespace(load=load))
    monkeypatch.setattr("experiments.comparisons.measuring.measure", measured)
    return steps


def done_again(folder: Path) -> None:
    """Have a run's folder as if the run had been done again: its manifest says when."""
    files = {name: (folder / name).read_bytes() for name in check_whole(folder).files}
    files["manifest.json"] += b"\n"

    def write(new: Path) -> None:
        for name, data in files.items():
            (new / name).write_bytes(data)

    put_folder(folder, write)


def test_runs_are_measured_where_they_are_made(copy, steps):
    arms, folders = arms_and_folders(copy)
    frames_of(Asked(arms, SEEDS[:1], "no_support", CompareSettings()), folders, processes=1)
    assert steps == ["read no_support-seed1"]  # for its wards


def test_runs_are_measured_one_at_a_time_and_once(copy, steps):
    arms, folders = arms_and_folders(copy)
    for folder in folders.values():
        (folder / MEASURED).unlink()
    asked = Asked(arms, SEEDS[:1], "no_support", CompareSettings())
    first = frames_of(asked, folders, processes=1)
    assert steps[:7] == [
        "read no_support-seed1",
        "measured none",
        "read fragmented-seed1",
        "read no_support-seed1",
        "measured fragmented",
        "read aligned-seed1",
        "read no_support-seed1",
    ]
    steps.clear()
    again = frames_of(asked, folders, processes=1)
    assert steps == ["read no_support-seed1"]  # for its wards
    for name, frame in first.items():
        pd.testing.assert_frame_equal(frame, again[name], check_exact=True)


def test_what_was_measured_of_another_run_or_is_torn_is_measured_again(copy, steps):
    arms, folders = arms_and_folders(copy)
    seed = SEEDS[0]
    asked = Asked(arms, (seed,), "no_support", CompareSettings())
    before = frames_of(asked, folders, processes=1)
    (folders["aligned", seed] / MEASURED).write_bytes(b"torn")
    done_again(folders["fragmented", seed])
    steps.clear()
    after = frames_of(asked, folders, processes=1)
    assert [step for step in steps if "measured" in step] == [
        "measured fragmented", "measured aligned",
    ]  # fmt: skip
    for name, frame in before.items():
        pd.testing.assert_frame_equal(frame, after[name], check_exact=True)


def test_a_new_baseline_has_all_that_was_compared_with_it_measured_again(copy, steps):
    arms, folders = arms_and_folders(copy)
    done_again(folders["no_support", SEEDS[0]])
    frames_of(Asked(arms, SEEDS[:1], "no_support", CompareSettings()), folders, processes=1)
    assert len([step for step in steps if "measured" in step]) == len(arms)


def test_what_is_kept_of_a_run_is_what_measuring_gives(copy):
    _, folders = arms_and_folders(copy)
    without = Run.load(folders["no_support", SEEDS[0]])
    for (name, _), folder in folders.items():
        is_base = name == "no_support"
        kept = kept_of(Pair(folder, None if is_base else folders["no_support", SEEDS[0]]))
        found = measure(Run.load(folder), None if is_base else without)
        assert kept is not None and list(kept) == list(found)
        for table, frame in found.items():
            same = {"check_exact": True, "check_column_type": len(frame.columns) > 0}
            pd.testing.assert_frame_equal(kept[table], frame.reset_index(drop=True), **same)


def test_without_support_no_table_of_it_is_written(pathfinder, tmp_path):
    words = ("compare=own", "area=two_towns", "weeks=9", "seeds=1", *HERE, "output=here")
    assert pathfinder("compare", *words, "arms.calm=[economy=steady]").code == 0
    folder = tmp_path / "here"
    assert not [name for name in TABLES if (folder / f"{name}.csv").exists()]


@pytest.mark.parametrize(
    ("arm", "said"),
    [
        ("[regime=aligne]", "arm mine: regime=aligne: no such choice; did you mean aligned?"),
        ("[regime.name=poled]", "arm mine: regime"),
        (
            "[interventions=[outrech]]",
            "arm mine: interventions=outrech: no such choice; did you mean outreach?",
        ),
        ("[regime=pooled,funding.table=none.csv]", "arm mine: funders file 'none.csv' is not"),
        ("[regime=pooled,providers.table=none.csv]", "arm mine: providers file 'none.csv' is not"),
        (
            "[regime=pooled,partnership.behaviours={nobody:independent}]",
            "arm mine: partnership.behaviours: there is no funder 'nobody'",
        ),
    ],
)
def test_an_arm_that_cannot_be_used_is_said_in_one_line_before_anything_runs(
    pathfinder, tmp_path, arm, said
):
    code, out, err = pathfinder(
        "compare", "compare=own", "area=two_towns", "weeks=9", f"arms.mine={arm}", "output=here"
    )
    assert (code, out) == (2, [])
    assert len(err) == 1
    assert err[0].startswith(said)
    assert list(tmp_path.iterdir()) == []
