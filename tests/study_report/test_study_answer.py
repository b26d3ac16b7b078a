"""The page of a study that begins with its answer: its words, its numbers, its structure."""

import json
import re

import numpy as np
import pandas as pd
import pytest
from html_page import Page
from study_frames import decision_rows, grid_effects, sobol_indices

from experiments.study_report.answer import (
    answer_lines,
    leading_outcome,
    numbers,
    outcome_data,
    told,
    write_answer,
)
from experiments.study_report.finding import Finding
from experiments.study_report.inputs import StudyTables
from experiments.study_report.page import page_context

OUTCOME = "employment_rate_end"
MANIFEST = {
    "title": "A <made> up study",
    "question": "Which <b>regime</b> is best in how many economies?",
    "outcomes": {OUTCOME: {"label": "Employment rate", "unit": "per cent"}},
    "policies": "regime",
    "command": "pathfinder study experiment=made_up 'x=[a<b]'",
}
REGRETS = {"aligned": 0.4, "pooled": 0.8, "none": 1.9}


def page_of(path, study):
    write_answer(study, path, context=page_context(study))
    return Page(path)


def data_in(page):
    return json.loads(re.search(r'id="data">(.*?)</script>', page.text, re.S).group(1))


@pytest.fixture(scope="module")
def grid():
    effects = grid_effects()
    return StudyTables(
        MANIFEST, effects=effects, decisions=decision_rows(REGRETS, best={"aligned": 9})
    )


def test_the_question_is_the_title_and_names_are_written_as_they_are(grid, tmp_path):
    page = page_of(tmp_path / "page.html", grid)
    assert "<h1>Which &lt;b&gt;regime&lt;/b&gt; is best in how many economies?</h1>" in page.text
    assert page.open_tags == [] and len(page.all("h1")) == 1
    assert page.text.count("</script>") == 2
    assert len(page.text) < 1_500_000
    assert not re.findall(r"https?:", page.text)
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert all(figure["aria-labelledby"] in ids for figure in page.all("figure"))
    assert [link for link in page.all("a") if link["href"] == "study.html"]


def test_the_first_screen_tells_what_stands_out_and_nothing_grey():
    found = [Finding("It may be chance.", False), Finding("One.", True), Finding("Two.", True),
             Finding("Three.", True)]  # fmt: skip
    assert told(found) == ["One.", "Two."]
    assert told(found[:1]) == ["It may be chance."]
    assert told([]) == ["No outcome is kept."]


def test_the_first_screen_answers_though_it_is_by_another_outcome():
    aside = Finding("A quarter is chance.", True, is_aside=True)
    found = {"Coverage": [Finding("Nothing of coverage.", False), aside],
             "Jobs": [Finding("Regime matters for jobs.", True), aside]}  # fmt: skip
    assert leading_outcome(found) == "Jobs"
    assert answer_lines(found, "Jobs") == ["Nothing of coverage.", "Regime matters for jobs."]
    assert leading_outcome({"Coverage": [aside]}) == "Coverage"
    assert answer_lines({}, leading_outcome({})) == ["No outcome is kept."]


@pytest.mark.parametrize("flag", ["no difference between points beyond noise", "emulator refused"])
def test_an_outcome_without_indices_has_a_page_that_says_so(tmp_path, flag):
    indices = sobol_indices({"x1": 0.5, "x2": 0.2}).assign(
        value=np.nan, low=np.nan, high=np.nan, flag=flag
    )
    study = StudyTables(MANIFEST | {"notes": ["x has 5 values"]}, indices=indices)
    assert numbers(study, OUTCOME) == []
    text = page_of(tmp_path / "page.html", study).words()
    assert f"could not be analysed: {flag}" in text
    assert "Beware" in text and "x has 5 values" in text


def test_only_values_that_were_run_are_listed(tmp_path):
    points = pd.DataFrame({"rule": ["stigma", "random", "stigma"]})
    factors = {"rule": {"kind": "choice", "choices": ["random", "screening", "stigma"]}}
    study = StudyTables(MANIFEST | {"factors": factors}, points=points)
    text = page_of(tmp_path / "page.html", study).words()
    assert "random, stigma" in text and "screening" not in text


def test_numbers_of_a_grid_are_what_the_least_regretted_policy_leaves(grid):
    found = numbers(grid, OUTCOME)
    assert [each["of"] for each in found] == ["aligned", "aligned", "none"]
    assert [each["value"] for each in found] == ["0.40", "0.20", "1.90"]
    assert found[0]["interval"] == "0.30 to 0.50 (95 in 100)"
    assert found[0]["label"] == "Most to regret (percentage points)"


def test_numbers_of_a_screening_are_its_largest_factors():
    study = StudyTables(
        MANIFEST, indices=sobol_indices({"small": 0.1, "large": 0.6, "middle": 0.3})
    )
    found = numbers(study, OUTCOME)
    assert [each["of"] for each in found] == ["large", "middle", "small"]
    assert found[0]["value"] == "0.65" and found[0]["interval"] == "0.61 to 0.69 (95 in 100)"
    assert "regret" not in str(found)


def test_every_difference_is_in_the_page_with_its_interval(grid, tmp_path):
    (own,) = data_in(page_of(tmp_path / "page.html", grid))["outcomes"]
    effects = grid.effects[np.isfinite(grid.effects["difference"])]
    drawn = [row["mean"] for policy in own["differences"] for row in policy["rows"]]
    assert sorted(drawn) == pytest.approx(sorted(effects["difference"]))
    assert all(row["low"] < row["mean"] < row["high"] for row in own["differences"][0]["rows"])


def test_a_study_without_tables_has_a_page_that_draws_nothing(tmp_path):
    page = page_of(tmp_path / "page.html", StudyTables({"command": ""}))
    assert data_in(page) == {"outcomes": []}
    assert "No outcome is kept." in page.text
    assert outcome_data(StudyTables({}), "jobs")["policies"] == []
