"""A comparison in a notebook: the command's frames, any two arms, sets of wards, what it says."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from experiments import compare, configure
from experiments.comparisons.folder import read_csv
from experiments.comparisons.kept import forget_others
from experiments.comparisons.result import Comparison
from simulation.config import Config
from simulation.errors import InputError
from simulation.files.placing import put_folder
from simulation.report.pen import figure, plain
from simulation.results.dose import DOSE
from simulation.results.verdict import NOT_RANKED

BASE = "area=two_towns weeks=60"
ARMS = {
    "none": "regime=none",
    "pooled": ["regime=pooled", "funding=double"],
    "penniless": "regime=pooled funding.scale=0",
}
FRAMES = (
    "monthly", "wards", "outcomes", "pairs", "journey", "coverage", "spend", "partners",
    "summary", "additionality", "null", "period", "answer", "verdict", "order", "dose", "pairing",
)  # fmt: skip


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder for a store, and for what is kept beside it."""
    return tmp_path_factory.mktemp("comparison") / "store"


@pytest.fixture(scope="module")
def found(store: Path) -> Comparison:
    """Compare no support, a pool, and a pool with nothing in it, with three seeds."""
    return compare(BASE, ARMS, seeds=3, launcher="in_process", store=store)


def of_seeds(found: Comparison, arm: str, outcome: str) -> np.ndarray:
    rows = found.outcomes[(found.outcomes["arm"] == arm) & (found.outcomes["outcome"] == outcome)]
    return rows.sort_values("seed")["value"].to_numpy()


def test_the_command_writes_the_frames_a_notebook_has(found, store, pathfinder, tmp_path):
    words = [
        "arms.none=[regime=none]",
        "arms.pooled=[regime=pooled,funding=double]",
        "arms.penniless=[regime=pooled,funding.scale=0]",
    ]
    given = ("compare=own", *BASE.split(), "seeds=3", "launcher=in_process", "page=false")
    code, _, _ = pathfinder("compare", *given, *words, f"store={store}", "output=here")
    assert code == 0
    read = Comparison.load(tmp_path / "here")
    assert [arm.name for arm in read.arms] == list(ARMS)
    assert (read.seeds, read.baseline) == (found.seeds, found.baseline)
    for name in FRAMES:
        pd.testing.assert_frame_equal(getattr(read, name), getattr(found, name), obj=name)
    assert repr(read) == repr(found)


def test_what_is_written_is_read_again_with_its_runs(found, tmp_path):
    folder = found.write(tmp_path / "there", page=False)
    read = Comparison.load(folder)
    for name in FRAMES:
        pd.testing.assert_frame_equal(getattr(read, name), getattr(found, name), obj=name)
    run = read.run("pooled", 2)
    pd.testing.assert_frame_equal(run.monthly, found.run("pooled", 2).monthly)
    assert (run.seed, run.config.regime.name) == (2, "pooled")
    with pytest.raises(InputError, match="is there already and not empty"):
        found.write(folder)
    with pytest.raises(InputError, match="is not the folder of a comparison"):
        Comparison.load(tmp_path)


def test_an_arm_that_hardly_happened_is_compared_with_the_baseline_alone(found):
    dose = pd.DataFrame([("penniless", "pooled", "money", 0.01, 3)], columns=list(DOSE))
    hardly = replace(found)
    hardly.__dict__["dose"] = dose
    table = hardly.verdict.set_index(["arm", "against"])["order"]
    assert set(table["penniless", "pooled"]) == {NOT_RANKED}
    assert NOT_RANKED not in set(table.drop(("penniless", "pooled")))
    assert "penniless" not in set(hardly.order["arm"])
    assert NOT_RANKED not in set(found.verdict["order"])


def test_a_folder_of_another_version_is_said_to_be_one(found, tmp_path, monkeypatch):
    def from_mapping(values):
        raise InputError("hiring.strength is not a parameter")

    folder = found.write(tmp_path / "there", page=False)
    monkeypatch.setattr(Config, "from_mapping", from_mapping)
    with pytest.raises(InputError, match="by another version of the program"):
        Comparison.load(folder)


def test_a_number_that_is_missing_leaves_its_column_numbers(tmp_path):
    table = pd.DataFrame(
        {"target": ["NA", "one"], "arm": "1e2", "seed": 1, "before": [1.5, np.nan], "after": 2.0}
    )
    table.to_csv(tmp_path / "target_values.csv", index=False)
    pd.testing.assert_frame_equal(read_csv(tmp_path / "target_values.csv"), table)


@pytest.mark.parametrize("other", ["none", "penniless"])
def test_the_difference_of_two_arms_is_the_paired_interval(found, other):
    table = found.difference("pooled", other).set_index("outcome")
    assert len(table) > 20
    for outcome, row in table.iterrows():
        change = of_seeds(found, "pooled", outcome) - of_seeds(found, other, outcome)
        assert row["mean"] == pytest.approx(change.mean(), abs=1e-9)
        assert row["n_seeds"] == 3
        if change.std() > 1e-9:
            interval = stats.t.interval(0.95, 2, change.mean(), stats.sem(change))
            assert (row["low"], row["high"]) == pytest.approx(interval)


def test_the_difference_the_other_way_has_the_other_sign(found):
    one, other = found.difference("pooled", "penniless"), found.difference("penniless", "pooled")
    assert one["outcome"].tolist() == other["outcome"].tolist()
    np.testing.assert_array_equal(one[["mean", "low", "high"]], -other[["mean", "high", "low"]])


def test_the_difference_from_the_baseline_is_that_of_the_summary(found):
    table = found.difference("pooled").set_index("outcome")
    summary = found.summary[found.summary["arm"] == "pooled"].set_index("outcome")
    shared = summary.index
    np.testing.assert_array_equal(table.loc[shared, "mean"], summary["difference"])
    np.testing.assert_array_equal(table.loc[shared, "high"], summary["difference_high"])


def test_an_arm_that_changes_nothing_has_no_difference_in_any_outcome(found):
    table = found.difference("penniless", "none")
    assert len(table) > 20
    assert (table[["mean", "low", "high"]] == 0).all(axis=None)
    net = found.net().set_index("arm").loc["penniless"]
    assert net[["mean", "low", "high"]].tolist() == [0.0, 0.0, 0.0]


def test_the_net_is_the_change_in_residents_in_work(found):
    change = [
        found.run("pooled", seed).tables["people"]["employer_w060"].ge(0).sum()
        - found.run("none", seed).tables["people"]["employer_w060"].ge(0).sum()
        for seed in found.seeds
    ]
    row = found.net().set_index("arm").loc["pooled"]
    assert row["mean"] == pytest.approx(np.mean(change))
    interval = stats.t.interval(0.95, 2, np.mean(change), stats.sem(change))
    assert (row["low"], row["high"]) == pytest.approx(interval)
    table = found.additionality.query("arm == 'pooled' and scope == 'all' and outcome == 'net'")
    assert table[["mean", "low", "high"]].to_numpy()[0] == pytest.approx([row["mean"], *interval])


def test_flows_between_any_two_arms_end_at_the_difference_of_their_nets(found):
    flows = found.gross_to_net("pooled", "penniless").set_index("outcome")
    assert flows.loc["net", "mean"] == pytest.approx(
        found.net().set_index("arm").loc["pooled", "mean"]
    )
    assert flows.loc["treated", "mean"] > 0
    parts = flows.loc[["deadweight", "losses", "substitution", "displacement"], "mean"].sum()
    assert flows.loc["gross", "mean"] - parts == pytest.approx(flows.loc["net", "mean"])
    wards = found.gross_to_net("pooled", by="ward").query("outcome == 'net'")
    assert wards["mean"].sum() == pytest.approx(flows.loc["net", "mean"])
    back = found.gross_to_net("none", "pooled").set_index("outcome")
    assert back.loc["net", "mean"] == pytest.approx(-flows.loc["net", "mean"])


def test_sets_of_wards_add_up(found):
    codes = list(found.wards["code"])
    priority = list(found.wards.loc[found.wards["priority"] == 1, "code"])
    rest = [code for code in codes if code not in priority]
    assert priority and rest
    whole = found.net()["mean"]
    parts = found.net(wards="priority")["mean"] + found.net(wards=rest)["mean"]
    np.testing.assert_allclose(parts, whole)
    np.testing.assert_allclose(found.net(wards=codes)["mean"], whole)
    counts = ["employed", "jsa"]
    for outcome in counts:
        parts = found.table(outcome, wards="priority") + found.table(outcome, wards=rest)
        np.testing.assert_allclose(parts, found.table(outcome))
    named = found.table("employed", wards=list(found.wards["name"][:2]))
    pd.testing.assert_frame_equal(named, found.table("employed", wards=codes[:2]))


def test_wards_together_have_the_outcomes_of_their_residents(found):
    table = found.difference("pooled", "none", wards="priority").set_index("outcome")
    last = found.monthly["date"].max()
    rates = {}
    for arm in ("pooled", "none"):
        for seed in found.seeds:
            months = found.run(arm, seed).table(group="priority:1").loc[last]
            rates[arm, seed] = 100 * months["employed"] / months["residents"]
    change = [rates["pooled", seed] - rates["none", seed] for seed in found.seeds]
    assert table.loc["employment_rate_end", "mean"] == pytest.approx(np.mean(change))
    everywhere = found.difference("pooled", "none", wards=list(found.wards["code"]))
    area = found.difference("pooled", "none").set_index("outcome")
    for row in everywhere.itertuples():
        assert row.mean == pytest.approx(area.loc[row.outcome, "mean"])


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda c: c.difference("poled"), "no arm 'poled'; did you mean pooled?"),
        (lambda c: c.net(wards="Millbrok"), "'Millbrok'; did you mean Millbrook"),
        (lambda c: c.table("employd"), "no outcome 'employd'; did you mean employed"),
        (lambda c: c.table(group="age:16_25"), "'age:16_25'; did you mean age:16_24"),
        (lambda c: c.plot("gross_net"), "'gross_net'; did you mean gross_to_net?"),
        (lambda c: c.run("pooled", 9), "no seed 9; there are 1, 2, 3"),
        (lambda c: c.difference("pooled", "pooled"), "give two arms"),
    ],
)
def test_an_unknown_name_is_told_with_the_nearest(found, ask, said):
    with pytest.raises(InputError) as error:
        ask(found)
    assert said in str(error.value)


def test_every_problem_of_what_is_asked_is_told_at_once(store):
    arms = {"a": "regime=poled", "b": ["hiring=stigm"], "c d": "regime=none"}
    with pytest.raises(InputError) as error:
        compare("area=two_towns weks=9", arms, seeds=0, store=store)
    told = "\n".join(error.value.problems)
    for part in ("weks", "pooled", "stigma", "arm c d: a name has", "seeds: a number must be"):
        assert part in told


def test_the_second_call_runs_nothing_and_gives_the_same(found, store, capsys):
    manifests = list((store.parent / "store_runs").glob("*/manifest.json"))
    assert len(manifests) == 9
    before = {path: path.stat().st_mtime_ns for path in manifests}
    capsys.readouterr()
    again = compare(BASE, ARMS, seeds=3, launcher="in_process", store=store)
    assert {path: path.stat().st_mtime_ns for path in manifests} == before
    assert "9 kept from before" in capsys.readouterr().err
    pd.testing.assert_frame_equal(again.outcomes, found.outcomes)


def test_configurations_do_instead_of_words(found, store):
    words = BASE.split()
    arms = {
        "none": configure(*words),
        "pooled": configure(*words, "regime=pooled", "funding=double"),
    }
    other = compare(configure(*words), arms, seeds=3, launcher="in_process", store=store)
    pd.testing.assert_frame_equal(other.net(), found.net()[:1])
    mixed = compare(
        configure(*words, "regime=pooled"), {"none": "regime=none", "pooled": "funding=double"},
        seeds=3, launcher="in_process", store=store,
    )  # fmt: skip
    pd.testing.assert_frame_equal(mixed.net(), found.net()[:1])
    assert "regime.name=pooled" in repr(other)


def test_runs_used_longest_ago_are_removed_first(tmp_path, monkeypatch):
    monkeypatch.setattr("experiments.comparisons.kept.MOST_KEPT", 3)
    import os

    for number in range(5):
        put_folder(tmp_path / f"run{number}", lambda new: None)
        os.utime(tmp_path / f"run{number}", (number, number))
    (tmp_path / "not a run").mkdir()
    os.utime(tmp_path / "not a run", (0, 0))
    forget_others(tmp_path, {tmp_path / "run0"})
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {"run0", "run3", "run4", "not a run"}
    # Another comparison of more runs may just have made these, and not have measured them yet.
    for number in (0, 3, 4):
        os.utime(tmp_path / f"run{number}")
    monkeypatch.setattr("experiments.comparisons.kept.MOST_KEPT", 1)
    forget_others(tmp_path, {tmp_path / "run0"})
    assert {path.name for path in tmp_path.iterdir()} == names


def test_at_a_glance_nothing_is_said_that_its_interval_does_not_bear(found):
    lines = repr(found).splitlines()
    assert 3 <= len(lines) <= 6
    assert "3 arms x 3 seeds" in lines[0] and "60 weeks" in lines[0]
    table = found.verdict
    years = table[(table["outcome"] == "work_years") & (table["set"] == "all")]
    for row in years[years["against"] == "none"].itertuples():
        (line,) = [line for line in lines if line.startswith(f"{row.arm}:")]
        assert (row.order not in ("more", "less")) == ("cannot be told from nothing" in line)
        limits = (row.low, row.high)
        assert f": {plain(figure(row.estimate, row.unit, within=limits, signed=True))} (" in line
    assert all(arm in found._repr_html_() for arm in ARMS)


def test_of_one_seed_no_interval_is_told(store):
    one = compare(BASE, ARMS, seeds=[2], launcher="in_process", store=store)
    assert "too few seeds: no interval" in repr(one)
    assert "interval " not in repr(one).replace("no interval", "")
    assert one.verdict[["low", "high", "p"]].isna().all(axis=None)
    assert math.isnan(one.net()["low"].iloc[0])


def test_without_support_arms_are_compared_by_years_of_work(store):
    arms = {"calm": "economy=steady", "slump": "economy=deep"}
    calm = compare("area=two_towns weeks=30", arms, seeds=2, launcher="in_process", store=store)
    assert "slump: years of work more than the baseline" in repr(calm)
    assert not {"dose", "assumed"} & set(calm.answer["about"])
    assert "engaged" not in set(calm.summary["outcome"])
    assert calm.plot().get_suptitle()
    with pytest.raises(InputError, match="no arm has support"):
        calm.net()


def test_figures_are_drawn_by_name_and_the_page_needs_nothing_else(found, tmp_path):
    assert {"gross_to_net", "journey_pooled", "difference_over_time"} <= set(found.figures)
    default, named = found.plot(), found.plot("gross_to_net")
    assert default.get_suptitle() == named.get_suptitle() != ""
    page = found.page(tmp_path / "page.html")
    assert page.read_text(encoding="utf-8").count("data:image/svg+xml") >= 10
    assert list(tmp_path.iterdir()) == [page]
