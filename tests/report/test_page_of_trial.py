"""The page of a trial: what it says of made-up figures beside published ones."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from html_page import Page

from simulation.report.figures.trial import trial_beside_published
from simulation.report.page_of_trial import title_of, write_trial_page

COLUMNS = ["who", "saturation", "weeks", "people", "effect", "effect_low", "effect_high", "seen",
           "seen_low", "seen_high", "measure", "published", "source"]  # fmt: skip
NO = np.nan
ROWS = [
    ("offered", "any", 40, 900.0, 2.5, 2.0, 3.0, 4.0, -1.0, 9.0, "effect", 1.2, "A review"),
    ("offered", "any", 92, 900.0, 1.7, 0.8, 2.7, 0.0, -5.0, 5.0, "effect", 2.0, "A review"),
    ("not_offered", "any", 40, 5e4, -0.1, -0.2, 0.0, 1.0, -3.0, 5.0, "seen", 6.0, "A trial"),
    ("too_old", "0.25", 40, 7e3, 0.0, -0.1, 0.1, NO, NO, NO, NO, NO, NO),
]
MANIFEST = {
    "design": "job_search_help", "seeds": 4, "commit": "abc", "code_version": "v",
    "config": {
        "area": {"name": "two_towns", "folder": None}, "economy": {"name": "steady"},
        "start": "2006-05-01", "people_per_agent": 10,
    },
}  # fmt: skip


def page_of(rows, tmp_path):
    table = pd.DataFrame(rows, columns=COLUMNS)
    write_trial_page(tmp_path / "trial.html", table, MANIFEST, figures=tmp_path / "figures")
    assert (tmp_path / "figures" / "trial.svg").exists()
    page = Page(tmp_path / "trial.html")
    page.check(images=1)
    page.check_whole()
    return page.words()


def test_each_published_figure_is_set_beside_the_measure_it_is_of(tmp_path):
    page = page_of(ROWS, tmp_path)
    for line in (
        "Help with looking for work for a tenth of those on JSA",
        "Offered help, after 40 weeks (effect): published +1.2 points, here 2.5 (2.0 to 3.0);"
        " more than was published.",
        "published +2.0 points, here 1.7 (0.8 to 2.7); the interval holds it.",
        "not offered it, after 40 weeks (as an evaluator sees it): published +6.0 points, here 1.0"
        " (−3.0 to 5.0); less than was published.",
        "one agent for 10 people",
        "A review",
    ):
        assert line in page
    assert page.count("points, here") == 3
    assert "25%" in page


def test_one_seed_tells_no_interval_and_nothing_published_is_said(tmp_path):
    alone = ("offered", "any", 40, 9.0, 2.5, NO, NO, 4.0, NO, NO, "effect", 2.5, "A review")
    assert "here 2.5; one seed tells no interval" in page_of([alone], tmp_path)
    nothing = page_of([(*alone[:10], NO, NO, NO)], tmp_path)
    assert "no figure was published" in nothing and "points, here" not in nothing


def test_the_picture_has_both_measures_and_what_was_published():
    table = pd.DataFrame(ROWS[:3], columns=COLUMNS)
    (axes,) = trial_beside_published(table, labels=list("abc"), title="t").axes
    effect, seen, published = (line.get_xdata() for line in axes.lines[1:])
    np.testing.assert_allclose(effect, table["effect"])
    np.testing.assert_allclose(seen, table["seen"])
    np.testing.assert_allclose(published, table["published"])
    ends = [path.vertices[:, 0] for path in axes.collections[0].get_paths()]
    np.testing.assert_allclose(ends, table[["effect_low", "effect_high"]])


@pytest.mark.parametrize(("n_within", "title"), [(3, "All 3"), (1, "1 of 3")])
def test_its_title_counts_what_the_intervals_hold(tmp_path, n_within, title):

    table = pd.DataFrame(ROWS[:3], columns=COLUMNS)
    if n_within == 3:
        table["published"] = [2.5, 2.0, 1.0]
    assert title_of(table).startswith(title)


def test_intervals_wider_than_what_was_published_are_said_to_tell_nothing():
    table = pd.DataFrame(ROWS[:3], columns=COLUMNS)
    for measure in ("effect", "seen"):
        table[f"{measure}_low"], table[f"{measure}_high"] = -27.0, 27.0
    assert title_of(table).startswith("Too few people or seeds to tell")
