"""The report page: what it needs, what it holds, and that it stands alone."""

import json

import pandas as pd
import pytest
from frames import monthly_frame, ward_table
from html_page import Page
from report_frames import (
    ARMS,
    REGIMES,
    additionality_frame,
    coverage_frame,
    journey_frame,
    null_frame,
    partners_frame,
    spend_frame,
)

from simulation.errors import InputError
from simulation.report.page_of_comparison import write_report
from simulation.results.outcomes import outcome_values
from simulation.results.paired import summarise


def manifest(**changes):
    """Make a manifest that fits `folder_of`."""
    return {
        "command": "pathfinder compare compare=regimes 'arms.x=[a<b]'",
        "area": "two_towns",
        "arms": [
            {"name": "aligned", "overrides": ["regime=aligned"]},
            {"name": "fragmented", "overrides": []},
        ],
        "baseline": "fragmented",
        "seeds": [0, 1, 2],
        "start": "2006-05-01",
        "weeks": 260,
        "people_per_agent": 10,
        "versions": {"numpy": "2.4.0"},
        "commit": "0123abc",
        "seconds": 83.2,
        "boundaries": None,
        "code_version": "0.1.0",
        "config": {},
    } | changes


def folder_of(
    path, *, arms=("fragmented", "aligned"), seeds=(0, 1, 2), baseline="fragmented", more=None,
    **changes,
):  # fmt: skip
    """Write the inputs of a report as a comparison does."""
    path.mkdir(exist_ok=True)
    wards = ward_table()
    monthly = monthly_frame(wards, arms=arms, seeds=seeds)
    names = ["arm", "ward", "group", "outcome"]
    monthly[names] = monthly[names].astype("category")
    monthly.to_parquet(path / "monthly.parquet")
    summary = summarise(pd.concat([outcome_values(monthly), more]), baseline)
    summary.to_csv(path / "summary.csv", index=False)
    wards.assign(priority=wards["priority"].astype(int)).to_csv(path / "wards.csv", index=False)
    (path / "manifest.json").write_text(json.dumps(manifest(**changes)))
    return path


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """Write a folder with its report once."""
    folder = folder_of(tmp_path_factory.mktemp("report"))
    assert write_report(folder) == folder / "report.html"
    return folder


def support_folder(path):
    """Write the inputs of a report on six arms with every table on support."""
    arms = [{"name": name, "overrides": []} for name in ARMS]
    jobs = [
        (arm, seed, name, unit, float(size * order + 13 * seed))
        for order, arm in enumerate(ARMS)
        for seed in (0, 1, 2)
        for name, unit, size in (
            ("job_entries", "people", 2_000), ("spend_gbp", "GBP", 31_000_000),
            ("over_provision", "starts a year", 900), ("parked_share", "per cent", 7.5),
        )
    ]  # fmt: skip
    more = pd.DataFrame(jobs, columns=["arm", "seed", "outcome", "unit", "value"])
    folder_of(path, arms=ARMS, baseline="no_support", more=more)
    kept = manifest(arms=arms, baseline="no_support", thinning="Chosen for speed.")
    (path / "manifest.json").write_text(json.dumps(kept))
    for name, table in {
        "additionality": additionality_frame(),
        "journey": journey_frame(),
        "coverage": coverage_frame(),
        "spend": spend_frame(),
        "partners": partners_frame(),
        "null": null_frame(),
    }.items():
        table.to_csv(path / f"{name}.csv", index=False)
    return path


@pytest.fixture(scope="module")
def on_support(tmp_path_factory):
    """Write a report on support once."""
    folder = support_folder(tmp_path_factory.mktemp("support"))
    write_report(folder)
    return folder


@pytest.fixture
def unsaved(monkeypatch):
    """Write figures as nothing, where a test is of the words alone."""
    monkeypatch.setattr("simulation.report.figures.saving.figure_bytes", lambda figure, kind: b"")


def words(folder):
    return Page(folder / "report.html").words()


def test_page_is_well_formed_british_and_has_text_for_every_image(written):
    Page(written / "report.html").check(images=6)


def test_page_needs_no_network_and_no_other_file(written):
    Page(written / "report.html").check_whole()


def test_every_figure_is_also_a_file(written):
    names = {path.name for path in (written / "figures").iterdir()}
    stems = {
        "difference_over_time", "claimant_counts", "employment_gap", "hires_by_queue_position",
        "beveridge_curve", "ward_map_aligned",
    }  # fmt: skip
    assert names == {f"{stem}.{kind}" for stem in stems for kind in ("png", "svg")}
    assert not [path for path in written.rglob("*.tmp")]


def test_page_states_arms_findings_thinning_limits_and_source(written):
    text = words(written)
    summary = pd.read_csv(written / "summary.csv").set_index(["arm", "outcome"])
    rate = summary.loc[("aligned", "employment_rate_end"), "difference"]
    for part in (
        "Comparison in two_towns: fragmented and aligned",
        "regime=aligned",
        "fragmented (the baseline",
        f"{rate:.1f}",
        "95 of 100 such sets of runs",
        "each simulated person stands for 10 people",
        "not to records of individuals",
        "The area is closed",
        "pathfinder compare compare=regimes &#39;arms.x=[a&lt;b]&#39;",
        "1 minute 23 seconds",
        "0123abc",
        "numpy 2.4.0",
        "Open Government Licence v3.0",
        "24 wards (6 of them priority wards)",
        "260 weeks from 1 May 2006",
    ):
        assert part in text, part


def test_same_inputs_give_the_same_page(written, tmp_path):
    first = (written / "report.html").read_bytes()
    write_report(folder_of(tmp_path / "again"))
    assert (tmp_path / "again" / "report.html").read_bytes() == first


def test_one_arm_and_one_seed_still_make_a_report(tmp_path, unsaved):
    arms = [{"name": "fragmented", "overrides": []}]
    folder = folder_of(tmp_path, arms=("fragmented",), seeds=(0,))
    (folder / "manifest.json").write_text(json.dumps(manifest(arms=arms, seeds=[0])))
    write_report(folder)
    text = words(folder)
    assert "There is one arm, so there is nothing to compare" in text
    assert "no interval can be given" in text


def test_boundaries_that_are_not_on_this_machine_give_circles(tmp_path, unsaved):
    folder = folder_of(tmp_path, boundaries="elsewhere/wards.geojson")
    write_report(folder)
    assert "Boundaries elsewhere/wards.geojson are not on this machine" in words(folder)


def test_frames_without_wards_or_priority_say_what_is_not_drawn(tmp_path, unsaved):
    folder = folder_of(tmp_path)
    monthly = pd.read_parquet(folder / "monthly.parquet")
    keep = (monthly["ward"] == "all") & (monthly["group"] == "all")
    keep &= ~monthly["outcome"].isin(["vacancies", "hires_never_worked"])
    monthly[keep].to_parquet(folder / "monthly.parquet")
    write_report(folder)
    text = words(folder)
    for name in (
        "employment gap",
        "ward map aligned",
        "beveridge curve",
        "hires by queue position",
    ):
        assert f"The figure {name} is not drawn: " in text


@pytest.mark.parametrize("name", ["manifest.json", "monthly.parquet", "summary.csv", "wards.csv"])
def test_a_missing_input_is_named_and_nothing_is_written(tmp_path, name):
    folder = folder_of(tmp_path)
    (folder / name).unlink()
    with pytest.raises(InputError, match=f"{name} is missing"):
        write_report(folder)
    assert not (folder / "report.html").exists()
    assert not (folder / "figures").exists()


def test_every_problem_of_the_inputs_is_said_at_once(tmp_path):
    folder = folder_of(tmp_path)
    broken = manifest(weeks="260")
    del broken["command"]
    (folder / "manifest.json").write_text(json.dumps(broken))
    pd.read_csv(folder / "wards.csv").drop(columns="district").to_csv(
        folder / "wards.csv", index=False
    )
    with pytest.raises(InputError) as caught:
        write_report(folder)
    text = str(caught.value)
    assert "key command is missing" in text
    assert "weeks must be int, got '260'" in text
    assert "wards.csv: column district is missing" in text


def test_a_broken_file_or_an_arm_without_rows_is_refused(tmp_path):
    folder = folder_of(tmp_path)
    arms = [{"name": name, "overrides": []} for name in ("fragmented", "prime")]
    (folder / "manifest.json").write_text(json.dumps(manifest(arms=arms)))
    with pytest.raises(InputError, match="no rows of arm 'prime'"):
        write_report(folder)
    (folder / "manifest.json").write_text("{")
    with pytest.raises(InputError, match="cannot be read"):
        write_report(folder)


def test_an_arm_called_null_is_not_taken_for_a_missing_name(tmp_path, unsaved):
    folder = folder_of(tmp_path, arms=("fragmented", "null"))
    arms = [{"name": name, "overrides": []} for name in ("fragmented", "null")]
    (folder / "manifest.json").write_text(json.dumps(manifest(arms=arms)))
    write_report(folder)
    assert "null compared with fragmented" in words(folder)


def test_a_report_on_support_begins_with_whom_it_helps_and_what_it_costs(on_support):
    page = Page(on_support / "report.html")
    sections = [section["id"] for section in page.all("section")]
    assert sections[:3] == ["verdict", "compared", "findings"]
    assert {a["href"] for a in page.all("a")} == {f"#{name}" for name in sections}
    assert page.open_tags == []
    said = words(on_support)
    for part in (
        "Which regime helps whom, where, at what cost, and how sure is it",
        "2,500 more people in work at the end than under no_support (1,100 to 3,900)",
        "Claimant rate gap (aligned less fragmented): 0.03 percentage points",
        "The providers are generated from a table of types",
        "Part of that is the price of thinning",
        "Chosen for speed.",
        "so it gives no ratio of benefit to cost",
    ):
        assert part in said, part


def test_a_report_on_support_holds_every_figure(on_support):
    stems = {path.stem for path in (on_support / "figures").iterdir()}
    assert stems >= {
        "gross_to_net", "who_is_helped", "cost_per_job", "map_unmet", "map_duplication",
        "spend_by_stream", "money_by_year", "trust_over_time",
        *(f"journey_{arm}" for arm in REGIMES),
    }  # fmt: skip


def test_each_table_on_support_may_lack(tmp_path, unsaved):
    folder = support_folder(tmp_path)
    for name in ("additionality", "journey", "spend", "null"):
        (folder / f"{name}.csv").unlink()
    renamed = coverage_frame().rename(columns={"duplication": "over_provision"})
    renamed.to_csv(folder / "coverage.csv", index=False)
    write_report(folder)
    stems = {path.stem for path in (folder / "figures").iterdir()}
    assert {"map_duplication", "trust_over_time"} <= stems
    assert not {stem for stem in stems if stem.startswith(("journey", "gross", "spend"))}
    assert "Which regime helps whom" not in words(folder)


def test_a_column_that_lacks_in_a_table_on_support_is_named(tmp_path):
    folder = support_folder(tmp_path)
    spend_frame().drop(columns="paid_gbp").to_csv(folder / "spend.csv", index=False)
    with pytest.raises(InputError, match=r"spend\.csv: column paid_gbp is missing"):
        write_report(folder)
