"""The page of a study, read as a reader and a browser would; its findings on made-up tables."""

import json

import numpy as np
import pandas as pd
import pytest
from html_page import Page
from study_frames import (
    decision_rows,
    design,
    grid_effects,
    index_rows,
    runs_of,
    sobol_indices,
)

from experiments.study_report import write_study_page
from experiments.study_report.chance import emulator_findings, noise_findings, single_findings
from experiments.study_report.decisions import decision_findings, difference_findings
from experiments.study_report.facts import cost_text, factor_rows, terms_text
from experiments.study_report.figures import Names
from experiments.study_report.indices import index_findings
from experiments.study_report.inputs import StudyTables, read_study, read_table
from experiments.study_report.interactions import interaction_findings
from experiments.study_report.labels import relabelled
from experiments.study_report.page import page_context, title_of
from experiments.study_report.tables import index_rows as index_table_rows
from simulation.errors import InputError

OUTCOME = "employment_rate_end"
NAMES = Names({OUTCOME: "Employment rate at the end"}, {OUTCOME: "per cent"})
MANIFEST = {
    "experiment": "made_up",
    "title": "What drives <employment>?",
    "question": "Which assumptions matter?",
    "model": "labour_market",
    "method": "sobol",
    "outcomes": {
        OUTCOME: {
            "label": "Employment rate at the end",
            "unit": "per cent",
            "definition": "Employed residents per 100, last month.",
        }
    },
    "factors": {
        "hiring.strength": {
            "label": "strength of the queue",
            "unit": "ratio",
            "low": 0,
            "high": 4,
            "meaning": "how much recent work counts",
        },
        "rule": {"label": "", "kind": "choice", "choices": ["random", "ranking", "stigma"]},
    },
    "n_runs": 240,
    "n_new": 200,
    "seconds": 3700.0,
    "seeds": [1, 2, 3, 4],
    "design_seed": 7,
    "samples": 64,
    "notes": ["jobs: not enough seeds"],
    "command": "pathfinder study experiment=made_up 'x=[a<b]'",
    "versions": {"numpy": "2.4.0"},
    "code_version": "abc123",
    "commit": "0123abc",
}


def folder_of(path, manifest=MANIFEST, **tables):
    """Write a study folder; design and runs in their own formats, other tables as CSV."""
    path.mkdir(parents=True, exist_ok=True)
    (path / "manifest.json").write_text(json.dumps(manifest))
    for name, table in tables.items():
        if name == "runs":
            table.to_parquet(path / "runs.parquet")
        else:
            table.to_csv(path / f"{name}.csv", index=name == "design")
    return path


def noise_row(share, **more):
    known = {"outcome": OUTCOME, "unit": "per cent", "n_points": 60, "n_seeds": 4, "note": "",
             "variance_points": 1.0, "variance_noise": 0.4, "noise_share": share,
             "half_width": 0.2, "wanted": 0.25, "enough": True}  # fmt: skip
    return pd.DataFrame([known | more])


def quick_save(figure, folder, name):
    """Stand in for saving, which takes most of the time."""
    folder.mkdir(exist_ok=True)
    paths = {kind: folder / f"{name}.{kind}" for kind in ("png", "svg")}
    for path in paths.values():
        path.write_text(figure._suptitle.get_text())
    return paths


def whole(path, *, effects=None):
    """Write a study that has every table."""
    points = design(60, n_numbers=1)
    indices = pd.concat(
        [
            sobol_indices({"hiring.strength": 0.6, "rule": 0.2}, emulator_error=0.04),
            index_rows("S2", {("hiring.strength", "rule"): 0.1}),
        ]
    )
    growing = pd.concat(
        [
            sobol_indices({"hiring.strength": 0.6, "rule": 0.2}).assign(samples=n)
            for n in (16, 32, 64)
        ]
    )
    seen = np.linspace(70, 72, 30)
    return folder_of(
        path,
        design=points,
        runs=runs_of(points, lambda p: 70 + p["hiring.strength"]),
        indices=indices,
        convergence=growing,
        noise=noise_row(0.1),
        effects=grid_effects() if effects is None else effects,
        decisions=decision_rows({"aligned": 0.4, "pooled": 0.1}, best={"pooled": 9}),
        predictions=pd.DataFrame(
            {"outcome": OUTCOME, "point": range(30), "seen": seen, "predicted": seen + 0.1}
        ),
        manifest=MANIFEST | {"policies": "regime"},
    )


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = whole(tmp_path_factory.mktemp("study"))
    assert write_study_page(folder) == folder / "page.html"
    return folder


def page_of(folder):
    return Page(folder / "study.html")


def words(folder):
    return page_of(folder).words()


def texts(findings):
    return [finding.text for finding in findings]


def told(findings):
    return " ".join(texts(findings))


def test_page_is_well_formed_british_and_has_text_for_every_image(written):
    page_of(written).check(images=8)
    assert len(list((written / "figures").glob("*.svg"))) == 8


def test_page_needs_no_network_no_script_and_no_other_file(written):
    page_of(written).check_whole()
    assert len(page_of(written).text) < 3_000_000


def test_page_says_what_was_asked_found_and_done(written):
    said = words(written)
    for part in (
        "What drives &lt;employment&gt;?",
        "Which assumptions matter?",
        "strength of the queue matters most",
        "65% of its variance (61% to 69%)",
        "10% is chance and 90% the factors",
        "missed 4.0% of the variance",
        "pooled does best in 9 of 12 futures",
        "To choose from, as policies: regime.",
        "Employed residents per 100, last month.",
        "how much recent work counts",
        "The sign of the difference changes under",
        "240 runs, of which 200 were done for it and 40 were in the store; 1 hour 1 minute",
        "strength of the queue ( hiring.strength ) how much recent work counts 0 to 4 ratio",
        "random, ranking, stigma",
        "Beware jobs: not enough seeds",
        "60 points (combinations of values), 4 seeds at every point",
        "pathfinder study experiment=made_up &#39;x=[a&lt;b]&#39;",
        "numpy 2.4.0",
        "abc123",
        "Seed of the design 7",
        "Seeds 1, 2, 3, 4",
        "the design is not a forecast",
        "Indices from an emulator are those of the emulator",
        "How to read it.",
    ):
        assert part in said, part


def test_same_tables_give_the_same_page(tmp_path):
    tables = {"indices": sobol_indices({"x": 0.5, "y": 0.1}), "noise": noise_row(0.1)}
    for name in ("one", "other"):
        write_study_page(folder_of(tmp_path / name, MANIFEST, **tables))
    assert page_of(tmp_path / "one").text == page_of(tmp_path / "other").text


def test_a_manifest_alone_makes_a_page(tmp_path):
    write_study_page(folder_of(tmp_path, {}))
    page = page_of(tmp_path)
    assert page.open_tags == [] and page.all("img") == []
    assert "This folder holds no outcome" in words(tmp_path)
    assert {a["href"] for a in page.all("a")} == {f"#{s['id']}" for s in page.all("section")}


@pytest.mark.parametrize(
    "name",
    ["design", "runs", "indices", "convergence", "noise", "effects", "decisions", "predictions"],
)
def test_any_table_may_lack_or_hold_nothing(tmp_path, name, monkeypatch):
    monkeypatch.setattr("simulation.report.page.save_figure", quick_save)
    folder = whole(tmp_path, effects=grid_effects().iloc[:12])
    path = folder / ("runs.parquet" if name == "runs" else f"{name}.csv")
    if name == "runs":
        pd.read_parquet(path).iloc[:0].to_parquet(path)
    else:
        path.write_text(path.read_text().splitlines()[0] + "\n")
    context = page_context(read_study(folder))
    assert context["findings"]["Employment rate at the end"]
    path.unlink()
    write_study_page(folder)
    assert page_of(folder).open_tags == []


def test_an_empty_file_is_a_table_without_rows(tmp_path):
    folder = folder_of(tmp_path, MANIFEST)
    (folder / "indices.csv").write_text("")
    (folder / "noise.csv").write_text("\n")
    study = read_study(folder)
    assert study.indices.empty and study.noise.empty


def test_what_cannot_be_read_is_refused_a_line_each_and_nothing_is_written(tmp_path):
    with pytest.raises(InputError, match="manifest.json is missing"):
        write_study_page(tmp_path)
    folder = folder_of(tmp_path, MANIFEST)
    (folder / "manifest.json").write_text("[1]")
    (folder / "runs.parquet").write_text("torn")
    with pytest.raises(InputError) as caught:
        write_study_page(folder)
    assert len(caught.value.problems) == 2
    assert not (folder / "study.html").exists() and not (folder / "figures").exists()


def test_choices_called_none_or_nan_stay_words(tmp_path):
    frame = pd.DataFrame({"regime": ["none", "nan"], "strength": [1, 2], "low": ["", "0.5"]})
    frame.to_csv(tmp_path / "t.csv", index=False)
    table = read_table(tmp_path / "t.csv")
    assert list(table["regime"]) == ["none", "nan"]
    assert table["strength"].dtype.kind == "i"
    assert np.isnan(table["low"][0]) and table["low"][1] == 0.5


def test_an_outcome_that_some_runs_lack_is_told_not_drawn(tmp_path):
    points = design(20, n_numbers=2)
    runs = runs_of(points, lambda p: 70.0)
    runs.loc[5, OUTCOME] = np.nan
    folder = folder_of(tmp_path, MANIFEST | {"method": "latin_hypercube"}, design=points, runs=runs)
    write_study_page(folder)
    said = words(folder)
    assert "1 of 80 runs do not have it" in said
    assert "is not drawn: runs: employment_rate_end is not a number in 1 of 80 runs" in said
    assert page_of(folder).all("img") == []


def test_only_some_outcomes_are_drawn_and_the_page_says_so(tmp_path, monkeypatch):
    outcomes = {f"outcome_{at}": {"label": f"Outcome {at}", "unit": "people"} for at in range(6)}
    monkeypatch.setattr("simulation.report.page.save_figure", quick_save)
    rows = pd.concat([index_rows("pawn", {"x": 0.5}, outcome=name) for name in outcomes])
    write_study_page(folder_of(tmp_path, MANIFEST | {"outcomes": outcomes}, indices=rows))
    assert len(page_of(tmp_path).all("img")) == 4
    assert "not of Outcome 4, Outcome 5" in words(tmp_path)


def test_the_first_factor_is_named_with_its_share_and_those_after_it():
    rows = sobol_indices({"x1": 0.5, "x2": 0.2, "x3": 0.01})
    rows.loc[rows["factor"] == "x3", "flag"] = "within noise"
    found = texts(index_findings(rows, OUTCOME, names=NAMES))
    assert found[0] == (
        "x1 matters most for employment rate at the end: with its interplay with other factors it"
        " accounts for 55% of its variance (51% to 59%). Next: x2, 25% (21% to 29%)."
    )
    # Three intervals of 0.04 about shares that make 0.71 together.
    assert "One at a time the factors account for some 64% to 78% of the variance" in found[1]
    assert found[-1] == (
        "Whether x3 has any effect on employment rate at the end cannot be told from noise."
    )


def test_where_all_is_noise_nothing_is_claimed():
    rows = sobol_indices({"x1": 0.3, "x2": 0.2}, half=0.9, flag="within noise")
    found = index_findings(rows, OUTCOME, names=NAMES)
    assert found[0].text.startswith("No single factor's effect on employment rate at the end")
    assert not found[0].is_clear
    assert "matters most" not in told(found)


def test_one_factor_alone_has_no_rivals():
    found = texts(index_findings(index_rows("pawn", {"x": 0.5}), OUTCOME, names=NAMES))
    assert found == ["x matters most for employment rate at the end: 0.50 PAWN (0.46 to 0.54)."]


def test_factors_whose_intervals_overlap_are_not_put_in_order():
    close = index_rows("delta", {"x": 0.50, "y": 0.47, "z": 0.1})
    found = texts(index_findings(close, OUTCOME, names=NAMES))
    assert found[0].startswith("x comes out first for employment rate at the end: 0.50")
    assert found[1] == "Whether x or y comes first cannot be told: intervals overlap."
    apart = index_rows("delta", {"x": 0.50, "y": 0.3})
    assert "comes first" not in told(index_findings(apart, OUTCOME, names=NAMES))


def test_an_index_flagged_as_noise_is_not_told_from_it():
    rows = index_rows("pawn", {"x": 0.5, "y": 0.12}, floor=0.1)
    rows.loc[1, "flag"] = "within noise; interval wider than 0.2"
    assert "Whether y has any effect" in told(index_findings(rows, OUTCOME, names=NAMES))


def test_a_negative_index_is_named_and_not_to_be_read():
    rows = sobol_indices({"x1": 0.5, "x2": -0.1})
    bad = (rows["factor"] == "x2") & (rows["index"] == "S1")
    rows.loc[bad, "flag"] = "negative beyond its interval: more samples"
    found = index_findings(rows, OUTCOME, names=NAMES)
    line = next(each for each in found if "came out negative" in each.text)
    assert "S1 of x2 came out negative (\u22120.10, \u22120.14 to \u22120.06)" in line.text
    assert not line.is_clear
    assert "x2 acts together" not in told(found)


def test_interplay_is_told_where_the_intervals_part():
    rows = sobol_indices({"x1": 0.3, "x3": 0.0}, interplay=0.24)
    found = told(index_findings(rows, OUTCOME, names=NAMES))
    assert "x3 acts together with other factors: 24% of the variance with its interplay" in found
    rows = sobol_indices({"x1": 0.3, "x3": 0.0}, interplay=0.02)
    assert "acts together" not in told(index_findings(rows, OUTCOME, names=NAMES))


def test_a_factor_that_changes_nothing_is_told_as_such():
    rows = sobol_indices({"x1": 0.9, "x2": 0.0}, interplay=0.0)
    still = rows["factor"] == "x2"
    rows.loc[still, ["low", "high"]] = 0.0
    rows.loc[still, "flag"] = "changes nothing"
    found = told(index_findings(rows, OUTCOME, names=NAMES))
    assert "No run was changed at all, as far as employment rate at the end goes, by x2." in found
    assert "Whether x2" not in found


def test_directions_are_told_and_where_the_sign_changes():
    stars = index_rows("mu_star", {"up": 2.0, "down": 1.5, "turns": 1.0, "rule": 0.8}, half=0.2)
    means = index_rows("mu", {"up": 2.0, "down": -1.5, "turns": 0.1, "rule": 0.8}, half=0.2)
    found = texts(
        index_findings(pd.concat([stars, means]), OUTCOME, names=NAMES, choices={"rule": ()})
    )
    assert found[0].startswith(
        "up matters most for employment rate at the end: steps of two thirds of its range move it,"
        " up or down, by 2.00 percentage points (1.80 to 2.20) on average, counted for the whole"
        " range."
    )
    assert "On average a higher value of up raises employment rate at the end." in found
    assert "On average a higher value of down lowers employment rate at the end." in found
    (turning,) = [text for text in found if "The sign of the effect of" in text]
    assert "of turns on" in turning
    assert not any("rule" in text for text in found[1:] if "Next" not in text)
    two = {"down": ("random", "ranking")}
    found = texts(index_findings(pd.concat([stars, means]), OUTCOME, names=NAMES, choices=two))
    assert (
        "With ranking in place of random employment rate at the end changes by \u22121.50"
        " percentage points (\u22121.70 to \u22121.30) on average."
    ) in found


def test_an_outcome_that_could_not_be_analysed_says_why():
    rows = index_rows("S1", {"x": np.nan}, flag="constant: the same at every point")
    (found,) = index_findings(rows, OUTCOME, names=NAMES)
    assert found.text == (
        "Employment rate at the end could not be analysed: constant: the same at every point."
    )
    assert index_findings(rows, "another", names=NAMES) == []
    assert index_findings(pd.DataFrame(), OUTCOME, names=NAMES) == []


def test_the_largest_is_a_rival_though_it_cannot_be_told_from_noise():
    rows = index_rows("ST", {"hidden": 0.5, "seen": 0.3}, half=0.04)
    rows.loc[0, ["low", "high", "flag"]] = [-0.1, 1.1, "within noise"]
    found = texts(index_findings(rows, OUTCOME, names=NAMES))
    assert found[0].startswith("Of the factors that can be told from noise seen comes out first")
    assert found[1] == "Whether seen or hidden comes first cannot be told: intervals overlap."


def test_a_mean_size_stands_by_its_flag_whatever_its_interval():
    rows = index_rows("mu_star", {"uneven": 2.0, "even": 1.3}, half=0.2)
    rows.loc[0, ["low", "high"]] = [0.0, 6.0]
    found = texts(index_findings(rows, OUTCOME, names=NAMES))
    assert found[0].startswith("uneven comes out first")
    assert found[1].startswith("Whether uneven or even comes first")
    assert "noise" not in " ".join(found)


def test_no_share_beyond_nothing_and_all_is_told():
    rows = sobol_indices({"x1": 1.7, "x2": -2.0}, half=2.0, flag="one seed: not corrected")
    rows.loc[rows["factor"] == "x1", "low"] = 0.9
    found = index_findings(rows, OUTCOME, names=NAMES)
    assert found[0].text.endswith("x1 comes out first, but its share of the variance is as good as"
                                  " unknown.")  # fmt: skip
    assert any(text.endswith("one at a time these runs cannot tell.") for text in texts(found))
    assert not any(finding.is_clear for finding in found) and "%" not in told(found)
    known = index_findings(sobol_indices({"x1": 1.02}), OUTCOME, names=NAMES)
    assert "100% of its variance (100% to 100%)" in known[0].text
    assert "account for practically all of the variance" in known[1].text


def test_one_seed_and_wide_intervals_call_for_care():
    rows = index_rows("ST", {"x": 0.7}, half=0.3, flag="interval wider than 0.2")
    assert "known only roughly" in told(index_findings(rows, OUTCOME, names=NAMES))
    rows = index_rows("ST", {"x": 0.7}, flag="one seed: not corrected for noise")
    found = told(index_findings(rows, OUTCOME, names=NAMES))
    assert "x matters most" in found and "one seed a point" in found


def test_the_share_of_chance_is_told_and_whether_it_is_too_much():
    (found,) = noise_findings(noise_row(0.1), OUTCOME, names=NAMES)
    assert "(the means of 4 seeds), 10% is chance and 90% the factors." in found.text
    (found,) = noise_findings(noise_row(0.025), OUTCOME, names=NAMES)
    assert "2.5% is chance and 97.5% the factors." in found.text
    (found,) = noise_findings(noise_row(0.0001), OUTCOME, names=NAMES)
    assert "practically nothing is chance." in found.text
    (found,) = noise_findings(noise_row(0.3, enough="False"), OUTCOME, names=NAMES)
    assert "more seeds are needed" in found.text
    (found,) = noise_findings(noise_row(1.2), OUTCOME, names=NAMES)
    assert "no more than chance alone" in found.text and not found.is_clear
    (found,) = noise_findings(noise_row(np.nan, note="one seed shows no noise"), OUTCOME,
                              names=NAMES)  # fmt: skip
    assert "cannot be told: one seed shows no noise" in found.text


def test_the_emulators_miss_is_told_and_when_it_is_too_large():
    small, large = (index_rows("ST", {"x": 0.5}, emulator_error=e) for e in (0.04, 0.4))
    assert "missed 4.0% of the variance." in told(emulator_findings(small, OUTCOME))
    assert "too much to trust" in told(emulator_findings(large, OUTCOME))
    assert emulator_findings(index_rows("ST", {"x": 0.5}), OUTCOME) == []


def test_single_changes_are_told_by_size_with_those_within_noise():
    rows = pd.DataFrame(
        {
            "factor": ["a", "a", "b", "c"], "level": [0.5, 2.0, 1.0, "ranking"],
            "outcome": OUTCOME, "unit": "per cent", "difference": [-0.2, 0.9, 0.01, -1.4],
            "difference_low": [-0.3, 0.8, -0.1, -1.5],
            "difference_high": [-0.1, 1.0, 0.12, -1.3],
        }
    )  # fmt: skip
    found = texts(single_findings(rows, OUTCOME, names=NAMES))
    assert found[0] == (
        "c at ranking alone changes employment rate at the end by \u22121.40 percentage points"
        " (\u22121.50 to \u22121.30)."
    )
    assert found[1].startswith("a at 2 alone changes")
    assert found[-1] == "Nothing can be told of b: every change is within noise."
    quiet = rows.assign(difference_low=-2.0, difference_high=2.0)
    assert "No single change" in told(single_findings(quiet, OUTCOME, names=NAMES))


def grid(signs, *, half=0.1):
    """One policy with a difference of that sign in each of four futures, and its baseline."""
    rows = []
    for (economy, strength), sign in signs.items():
        for regime, size in (("none", np.nan), ("pooled", float(sign))):
            rows.append(
                {
                    "regime": regime, "economy": economy, "strength": strength,
                    "outcome": OUTCOME, "unit": "per cent", "difference": size,
                    "difference_low": size - half, "difference_high": size + half,
                }
            )  # fmt: skip
    return pd.DataFrame(rows)


def test_the_factor_that_parts_help_from_harm_is_found():
    rows = grid({("steady", 1): 0.5, ("deep", 1): 0.5, ("steady", 4): -0.5, ("deep", 4): 0.01})
    found = texts(difference_findings(rows, OUTCOME, policies="regime", names=NAMES))
    assert found[0] == (
        "pooled: employment rate at the end is higher in 2, lower in 1, not to be told from"
        " unchanged in 1 of 4 futures; differences from \u22120.50 to +0.50 percentage points."
    )
    assert found[1] == (
        "The sign of the difference changes under pooled: with strength 1 it can be higher, with 4"
        " lower."
    )


def test_two_factors_that_together_part_help_from_harm_are_found():
    rows = grid({("steady", 1): 0.5, ("deep", 1): 0.5, ("steady", 4): 0.5, ("deep", 4): -0.5})
    found = told(difference_findings(rows, OUTCOME, policies="regime", names=NAMES))
    assert "in the one future where it is lower, economy is deep and strength is 4" in found
    assert "there never higher" in found
    rows = grid({("steady", 1): 0.5, ("deep", 1): -0.5, ("steady", 4): -0.5, ("deep", 4): 0.5})
    found = told(difference_findings(rows, OUTCOME, policies="regime", names=NAMES))
    assert "no single factor parts the two" in found


def test_differences_within_noise_are_not_claimed():
    rows = grid({("steady", 1): 0.05, ("deep", 1): -0.05})
    (found,) = difference_findings(rows, OUTCOME, policies="regime", names=NAMES)
    assert found.text == (
        "pooled: no difference in employment rate at the end can be told from nothing in any of 2"
        " futures; intervals reach from \u22120.15 to +0.15 percentage points."
    )
    assert not found.is_clear
    nothing = rows.assign(difference=np.nan)
    assert "could be worked out" in told(
        difference_findings(nothing, OUTCOME, policies="regime", names=NAMES)
    )


def test_one_future_gives_its_difference_with_the_interval():
    rows = grid({("steady", 1): 0.5})
    (found,) = difference_findings(rows, OUTCOME, policies="regime", names=NAMES)
    assert found.text == (
        "pooled: employment rate at the end is higher: +0.50 percentage points (+0.40 to +0.60)."
    )


def between(*changes, half=0.1):
    """Interactions by strength of one policy, each a level and how far the difference moves."""
    return pd.DataFrame(
        [
            {
                "regime": "pooled", "strength": at, "by": "strength", "reference": 0,
                "outcome": OUTCOME, "unit": "per cent", "interaction": size, "low": size - half,
                "high": size + half,
            }
            for at, size in changes
        ]
    )  # fmt: skip


def test_what_a_policy_does_is_told_to_depend_on_a_factor_only_where_the_interval_says_so():
    rows = between((1, 0.05), (4, -0.3), (16, -0.8))
    (found,) = interaction_findings(rows, OUTCOME, policies="regime", names=NAMES)
    assert found.text == (
        "Does strength change what policies do? Yes: it moves the difference they make down in 2 of"
        " 3 comparisons with 0; most under pooled at 16, by \u22120.80 percentage points"
        " (\u22120.90 to \u22120.70)."
    )
    (found,) = interaction_findings(between((1, 0.05)), OUTCOME, policies="regime", names=NAMES)
    assert "That cannot be told: in none of 1 comparisons with 0" in found.text
    assert "intervals reach from \u22120.05 to +0.15 percentage points." in found.text
    assert not found.is_clear
    assert interaction_findings(pd.DataFrame(), OUTCOME, policies="regime", names=NAMES) == []


def test_a_baseline_of_several_factors_makes_their_combinations_the_policies():
    effects = pd.DataFrame(
        {
            "strength": [0, 0, 0], "course": [False, True, True], "jobs": [False, False, True],
            "outcome": OUTCOME, "difference": [np.nan, 0.1, 0.2],
        }
    )  # fmt: skip
    manifest = {
        "method": "grid",
        "baseline": {"course": False, "jobs": False},
        "factors": {"course": {"label": "A course"}, "jobs": {"label": "Jobs"}},
    }
    table, name = StudyTables(manifest).by_policy(effects)
    assert name == "A course and Jobs"
    assert list(table[name]) == ["none of them", "A course", "A course + Jobs"]
    assert "course" not in table and "strength" in table
    one = StudyTables({"method": "grid", "baseline": {"regime": "none"}})
    assert one.by_policy(effects.rename(columns={"course": "regime"}))[1] == "regime"
    single = StudyTables(manifest | {"method": "one_at_a_time"})
    assert single.by_policy(effects)[1] is None


def test_the_policy_most_often_best_and_the_one_with_least_regret_are_told_apart():
    rows = decision_rows({"bold": 1.2, "safe": 0.3, "poor": 2.0}, best={"bold": 8, "safe": 4})
    found = texts(decision_findings(rows, OUTCOME, names=NAMES))
    assert found[0] == (
        "Employment rate at the end (higher is better): bold does best in 8 of 12 futures and"
        " cannot be told apart from the best in 9."
    )
    assert found[1].startswith(
        "Least to regret at worst, though not for certain: safe, 0.30 percentage points (0.20 to"
        " 0.40) behind the best, where economy=deep (luck alone would show 0.050); with other seeds"
        " it would be so about 80 times in a hundred."
    )
    assert found[2].startswith("Most to regret at worst: poor, 2.00 percentage points")


def test_policies_that_change_nothing_are_told_so_and_none_is_called_best():
    rows = decision_rows({"a": 0.0, "b": 0.0, "c": 0.0}, best={"a": 12, "b": 12, "c": 12})
    assert texts(decision_findings(rows, OUTCOME, names=NAMES)) == [
        "By employment rate at the end there is nothing to choose: all do alike (a, b and c)."
    ]
    same = grid({("steady", 1): 0.0, ("deep", 1): 0.0}, half=0.0)
    assert texts(difference_findings(same, OUTCOME, policies="regime", names=NAMES)) == [
        "pooled: employment rate at the end is the same as under the baseline in every run."
    ]
    assert interaction_findings(between((1, 0.0), half=0.0), OUTCOME, policies="regime",
                                names=NAMES) == []  # fmt: skip


def test_where_all_policies_may_be_best_everywhere_none_is_said_to_be():
    rows = decision_rows({"a": 0.2, "b": 0.3}, best={"a": 8, "b": 4}).assign(best_or_tied=12)
    found = decision_findings(rows, OUTCOME, names=NAMES)[0]
    assert found.text == (
        "Employment rate at the end (higher is better): no policy can be told apart from the"
        " best in any future; in these runs a does best in 8 of 12 futures."
    )
    assert not found.is_clear


def test_a_policy_that_cannot_be_told_from_the_best_anywhere_is_named_with_it():
    rows = decision_rows({"a": 0.2, "b": 0.2, "c": 3.0}, best={"a": 12})
    rows = rows.assign(best_or_tied=[12, 12, 0])
    found = decision_findings(rows, OUTCOME, names=NAMES)[0]
    assert found.text.endswith("the best in 12; nor can b, in any future.")
    assert not found.is_clear


def test_few_cases_clearly_behind_the_best_may_be_chance():
    rows = decision_rows({"a": 0.2, "b": 0.3}, best={"a": 8, "b": 4}).assign(best_or_tied=[12, 11])
    found = decision_findings(rows, OUTCOME, names=NAMES)[0]
    assert "of 24 cases, each a policy in a future, 1 clearly behind the best, which" in found.text
    assert not found.is_clear
    # Of 24 nothings, each seen once in twenty, three or fewer are seen 97 times in a hundred.
    clear = decision_findings(rows.assign(best_or_tied=[12, 8]), OUTCOME, names=NAMES)[0]
    assert clear.is_clear and "a does best in 8 of 12" in clear.text


def test_a_few_differences_of_many_may_be_chance():
    seen = {("steady", at): 0.11 if at == 3 else 0.05 for at in range(20)}
    found = difference_findings(grid(seen), OUTCOME, policies="regime", names=NAMES)
    assert not any(finding.is_clear for finding in found)
    assert found[-1].text == (
        "Of all 20 differences 1 can be told from nothing; chance alone may show as many."
    )
    (found,) = interaction_findings(between(*((at, 0.11 if at == 3 else 0.05) for at in range(20))),
                                    OUTCOME, policies="regime", names=NAMES)  # fmt: skip
    assert "the change stands out in 1 of 20 comparisons with 0, and chance" in found.text
    assert not found.is_clear


def labelled_study():
    """A grid of a regime and an economy with words for two of the values."""
    factors = {
        "regime": {"label": "Regime", "kind": "choice", "choices": ["none", "prime_contractor"]},
        "economy": {"label": "Economy", "kind": "choice", "choices": ["steady", "deep"]},
        "scale": {"label": "Scale of fees", "kind": "levels", "choices": [1.0, 2.0]},
    }
    said = {"economy": {"value_labels": {"steady": "no recession"}}}
    return StudyTables(
        {
            "method": "grid", "factors": factors, "settings": {"factors": said},
            "baseline": {"regime": "none"}, "policies": "regime",
        },
        effects=pd.DataFrame({"regime": ["none", "prime_contractor"], "economy": "deep"}),
        interactions=pd.DataFrame({"regime": ["none"], "by": "economy", "reference": "steady"}),
        decisions=pd.DataFrame(
            {"policy": ["none"], "worst_in": [""], "largest_regret_in": ["economy=deep, scale=2"]}
        ),
    )  # fmt: skip


def test_names_of_choices_become_words_wherever_they_stand():
    study = relabelled(labelled_study())
    assert list(study.effects["regime"]) == ["no support", "prime contracting"]
    assert list(study.decisions["policy"]) == ["no support"]
    assert list(study.decisions["largest_regret_in"]) == ["economy is deep and scale of fees is 2"]
    assert list(study.decisions["worst_in"]) == [""]
    assert [row["range"] for row in factor_rows(study)] == [
        "no support, prime contracting", "no recession, deep", "1, 2",
    ]  # fmt: skip
    assert terms_text(study) == (
        "To choose from, as policies: Regime, compared with no support. Not ours to choose: Economy"
        " and Scale of fees; every value or combination is a future."
    )
    assert terms_text(StudyTables({"method": "sobol"})) == ""


def test_values_that_would_be_called_the_same_keep_their_names():
    study = labelled_study()
    labels = {"prime_contractor": "no support"}
    study.manifest["settings"]["factors"]["regime"] = {"value_labels": labels}
    same = relabelled(study)
    assert list(same.effects["regime"]) == ["none", "prime_contractor"]


def test_ties_name_every_policy():
    rows = decision_rows({"a": 0.3, "b": 0.3, "c": 0.9}, best={"a": 5, "b": 5, "c": 2})
    found = texts(decision_findings(rows, OUTCOME, names=NAMES))
    assert "a and b do best in 5 of 12 futures each" in found[0]
    assert found[1].startswith("Least to regret at worst: a and b, 0.30")


def test_policies_that_could_not_be_compared_are_said():
    rows = decision_rows({"a": np.nan})
    assert told(decision_findings(rows, OUTCOME, names=NAMES)) == (
        "No policy could be compared by employment rate at the end."
    )
    assert decision_findings(pd.DataFrame(), OUTCOME, names=NAMES) == []


def test_a_study_without_a_title_is_called_by_its_outcomes():
    outcomes = MANIFEST["outcomes"]
    study = StudyTables({"title": "", "outcomes": outcomes})
    assert title_of(study) == "A study of employment rate at the end"
    assert title_of(StudyTables({})) == "A study"
    assert title_of(StudyTables({"settings": {"title": "Queue"}})) == "Queue"


def test_indices_below_zero_are_bold_only_where_their_interval_is():
    rows = pd.concat([index_rows("mu", {"x": -1.0, "y": -0.01}), index_rows("S1", {"z": -0.2})])
    rows.loc[rows["factor"] == "z", "flag"] = "negative beyond its interval: more samples"
    table = index_table_rows(rows, names=NAMES)["Employment rate at the end"]["rows"]
    assert {row["factor"]: row["is_clear"] for row in table} == {"x": True, "y": False, "z": False}


def test_of_many_pairs_the_largest_are_shown_and_the_rest_counted():
    pairs = {(f"a{at}", "b"): at / 100 for at in range(20)} | {("a20", "b"): -0.3}
    table = index_table_rows(index_rows("S2", pairs), names=NAMES)["Employment rate at the end"]
    assert len(table["rows"]) == 12 and table["n_hidden"] == 9
    assert table["rows"][0]["factor"] == "a19 and b"
    assert table["rows"][-1]["factor"] == "a20 and b", "the largest in size, though below zero"


def test_cost_tells_new_runs_from_those_in_the_store():
    said = [
        cost_text(StudyTables({"n_runs": 10, "n_new": new, "seconds": 5.0})) for new in (10, 4, 0)
    ]
    assert said == [
        "10 runs, all done for it; 5.0 seconds in all, 0.5 seconds a run done.",
        "10 runs, of which 4 were done for it and 6 were in the store; 5.0 seconds in all, 1.2"
        " seconds a run done.",
        "10 runs, all in the store already; 5.0 seconds in all.",
    ]
    assert cost_text(StudyTables({})) == "No runs are stored with this study."
