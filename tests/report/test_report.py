"""The report page: what it needs, what it holds, and that it stands alone."""

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

from simulation.report.figures.support_chosen import SupportTables
from simulation.report.inputs import Inputs
from simulation.report.labels import arm_labels
from simulation.report.page_of_comparison import MADE_UP, support_limits, write_page_of
from simulation.report.verdicts import selection_lines
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


def inputs_of(
    *, arms=("fragmented", "aligned"), seeds=(0, 1, 2), baseline="fragmented", more=None,
    **changes,
):  # fmt: skip
    """Make the inputs of a report as a comparison has them."""
    wards = ward_table()
    monthly = monthly_frame(wards, arms=arms, seeds=seeds)
    names = ["arm", "ward", "group", "outcome"]
    monthly[names] = monthly[names].astype("category")
    summary = summarise(pd.concat([outcome_values(monthly), more]), baseline)
    return Inputs(manifest(**changes), monthly, summary, wards)


def write_report(inputs, folder):
    """Write the page and the figures; return the folder."""
    write_page_of(inputs, folder / "report.html", figures=folder / "figures")
    return folder


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """Write a report once."""
    return write_report(inputs_of(), tmp_path_factory.mktemp("report"))


def support_inputs(**tables):
    """Make the inputs of a report on six arms with every table on support, but for some."""
    bought = {"regime": {"name": "fragmented"}}
    arms = [{"name": name, "overrides": [], "config": bought} for name in ARMS]
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
    own = {"arms": ARMS, "baseline": "no_support", "more": more}
    kept = manifest(arms=arms, baseline="no_support", thinning="Chosen for speed.")
    support = {
        "additionality": additionality_frame(),
        "journey": journey_frame(),
        "coverage": coverage_frame(),
        "spend": spend_frame(),
        "partners": partners_frame(),
        "null": null_frame(),
    }
    return inputs_of(**own)._replace(
        manifest=kept,
        support=SupportTables(**support | tables),
        answer=("All five add years of work",),
    )


@pytest.fixture(scope="module")
def on_support(tmp_path_factory):
    """Write a report on support once."""
    return write_report(support_inputs(), tmp_path_factory.mktemp("support"))


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
    summary = inputs_of().summary.set_index(["arm", "outcome"])
    rate = summary.loc[("aligned", "employment_rate_end"), "difference"]
    for part in (
        "Comparison in Two Towns, an invented area: each funder alone and aligned funding",
        "regime=aligned",
        "each funder alone (the baseline",
        f"{rate:.1f}",
        "95 of 100 such sets of runs",
        "each simulated person stands for 10 people",
        "not to records of individuals",
        "Gains and losses outside the area do not show",
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
    write_report(inputs_of(), tmp_path)
    assert (tmp_path / "report.html").read_bytes() == first


def test_one_arm_and_one_seed_still_make_a_report(tmp_path, unsaved):
    arms = [{"name": "fragmented", "overrides": []}]
    inputs = inputs_of(arms=("fragmented",), seeds=(0,))
    inputs = inputs._replace(manifest=manifest(arms=arms, seeds=[0]))
    text = words(write_report(inputs, tmp_path))
    assert "There is one arm, so there is nothing to compare" in text
    assert "no interval can be given" in text


def test_boundaries_that_are_not_on_this_machine_give_circles(tmp_path, unsaved):
    folder = write_report(inputs_of(boundaries="elsewhere/wards.geojson"), tmp_path)
    assert "Boundaries elsewhere/wards.geojson are not on this machine" in words(folder)


def test_frames_without_wards_or_priority_say_what_is_not_drawn(tmp_path, unsaved):
    monthly = inputs_of().monthly
    keep = (monthly["ward"] == "all") & (monthly["group"] == "all")
    keep &= ~monthly["outcome"].isin(["vacancies", "hires_never_worked"])
    text = words(write_report(inputs_of()._replace(monthly=monthly[keep]), tmp_path))
    for name in (
        "employment gap",
        "ward map aligned",
        "beveridge curve",
        "hires by queue position",
    ):
        assert f"The figure {name} is not drawn: " in text


def test_an_arm_called_null_is_not_taken_for_a_missing_name(tmp_path, unsaved):
    arms = [{"name": name, "overrides": []} for name in ("fragmented", "null")]
    inputs = inputs_of(arms=("fragmented", "null"))._replace(manifest=manifest(arms=arms))
    folder = write_report(inputs, tmp_path)
    assert "Null compared with each funder alone" in words(folder)


def test_a_report_on_support_begins_with_whom_it_helps_and_what_it_costs(on_support):
    page = Page(on_support / "report.html")
    sections = [section["id"] for section in page.all("section")]
    assert sections[:3] == ["verdict", "compared", "findings"]
    assert {a["href"] for a in page.all("a")} == {f"#{name}" for name in sections}
    assert page.open_tags == []
    said = words(on_support)
    for part in (
        "All five add years of work",
        "Claimant rate gap (aligned funding less each funder alone): 0.03 percentage points",
        "The providers are generated from a table of types",
        "Part of that is the price of thinning",
        "Chosen for speed.",
        "so it gives no ratio of benefit to cost",
    ):
        assert part in said, part


def test_a_report_on_support_says_how_clients_were_chosen(on_support):
    lines = selection_lines(additionality_frame(), arms=ARMS)
    called = arm_labels([{"name": name, "overrides": []} for name in ARMS])
    lines = [f"{called[arm]}:{rest}" for arm, _, rest in (line.partition(":") for line in lines)]
    said = words(on_support)
    assert lines and all(line in said for line in lines)


def test_a_report_on_support_holds_every_figure(on_support):
    stems = {path.stem for path in (on_support / "figures").iterdir()}
    assert stems >= {
        "gross_to_net", "who_is_helped", "cost_per_job", "map_unmet", "map_duplication",
        "spend_by_stream", "money_by_year", "trust_over_time",
        *(f"journey_{arm}" for arm in REGIMES),
    }  # fmt: skip


def test_each_table_on_support_may_lack(tmp_path, unsaved):
    lacking = dict.fromkeys(("additionality", "journey", "spend", "null"))
    folder = write_report(support_inputs(**lacking), tmp_path)
    stems = {path.stem for path in (folder / "figures").iterdir()}
    assert {"map_duplication", "trust_over_time"} <= stems
    assert not {stem for stem in stems if stem.startswith(("journey", "gross", "spend"))}
    assert "Which regime helps whom" not in words(folder)


@pytest.mark.parametrize(
    ("tables", "is_said"),
    [((None, None), True), (("a.csv", None), True), (("a.csv", "b.csv"), False)],
)
def test_providers_are_said_to_be_made_up_unless_every_arm_has_a_register(tables, is_said):
    asked = manifest()
    for arm, table in zip(asked["arms"], tables, strict=True):
        arm["config"] = {"providers": {"table": table}, "regime": {"name": "aligned"}}
    assert (MADE_UP in support_limits(asked)) == is_said
