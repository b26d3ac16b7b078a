"""The page of a validation: what it says of made-up figures, and what it leaves out."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from simulation.report.page_of_validation import (
    DURATIONS,
    FLOWS,
    MARKET,
    Inputs,
    period_words,
    write_validation_page,
)

QUARTERS = [str(each) for each in pd.period_range("2006Q3", "2009Q2", freq="Q")]
ROWS = [
    ("open_vacancies", "per 100 jobs", "2008Q1", "UK", 2.5, 0.5, 2.6, "calibrate"),
    ("jsa_rise", "ratio", "2008-02..2009-06", "West Midlands", 1.93, 0.2, 1.53, "calibrate"),
    ("unemployed_to_work", "share a quarter", "2007", "region", 0.21, 0.05, 0.2, "calibrate"),
    ("unemployment_rate:Here", "per cent", "2007", "district", 9.0, 1.0, 9.5, "calibrate"),
    ("unemployment_rate:There", "per cent", "2007", "district", 9.0, 1.0, 7.5, "calibrate"),
    ("ib_again", "per cent", "2010", "GB", 18.0, 4.0, np.nan, "check"),
    ("redundancies", "per 1,000 a quarter", "2008Q4", "UK", 10.3, 3.0, 10.0, "check"),
]


def inputs(**changes):
    columns = ["moment", "unit", "period", "basis", "data", "tolerance", "model", "role"]
    table = pd.DataFrame(ROWS, columns=columns).assign(source="a source")
    table["distance"] = (table["model"] - table["data"]) / table["tolerance"]
    table["left_out"] = np.where(table["model"].isna(), "the run is too short", "")
    series = pd.DataFrame(
        [(name, quarter, 1.0 + at, 2.0) for name in (*FLOWS, *MARKET, *DURATIONS)
         for at, quarter in enumerate(QUARTERS)],
        columns=["moment", "period", "model", "data"],
    )  # fmt: skip
    config = {
        "area": {"name": "two_towns", "folder": None}, "economy": {"name": "steady"},
        "weeks": 260, "start": "2006-05-01", "people_per_agent": 10,
    }  # fmt: skip
    given = {
        "table": table,
        "named": table[table["moment"] != "redundancies"],
        "series": series,
        "survival": pd.DataFrame({"all": np.linspace(100, 10, 79)}, index=range(79)),
        "wards": pd.DataFrame(
            {"model": [5.0, 20.0], "data": [6.0, 18.0], "priority": [False, True]}
        ),
        "left_out": ["redundancies: no file"],
        "manifest": {"config": config, "seed": 3, "commit": "abc", "code_version": "v"},
    }
    return Inputs(**(given | changes))


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    folder = tmp_path_factory.mktemp("page")
    write_validation_page(folder / "page.html", inputs(), figures=folder / "figures")
    return folder, (folder / "page.html").read_text(encoding="utf-8")


def test_it_counts_what_is_within_and_says_what_is_furthest_off(page):
    _, text = page
    assert "3 of 5 figures that may be fitted are within their tolerance." in text
    assert "4 of 6 figures with data are within their tolerance." in text
    assert "jsa_rise, February 2008 to June 2009: 1.53 where the data say 1.93" in text
    assert "2.0 tolerances too low" in text


def test_rows_that_are_not_named_stay_in_pictures_and_the_table(page):
    _, text = page
    assert text.count('<th scope="row">') == len(ROWS) - 1
    assert "1 rows: the run is too short." in text
    assert "redundancies: no file." in text


def test_every_picture_is_drawn(page):
    folder, text = page
    names = {path.stem for path in (folder / "figures").glob("*.svg")}
    assert names == {
        "distances", "flows", "market", "beveridge", "durations", "survival", "districts", "wards",
    }  # fmt: skip
    assert all(f'<figure id="{name}">' in text for name in names)


def test_pictures_of_what_is_not_there_are_not_drawn(tmp_path):
    nothing = pd.DataFrame()
    few = inputs(survival=nothing, wards=nothing)
    few.series.loc[:, "model"] = np.nan
    write_validation_page(tmp_path / "page.html", few, figures=tmp_path / "figures")
    names = {path.stem for path in (tmp_path / "figures").glob("*.svg")}
    assert names == {"distances", "districts"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2008-02", "February 2008"),
        ("2008Q1", "quarter 1 of 2008"),
        ("2007", "2007"),
        ("2008-07..2009-06", "July 2008 to June 2009"),
        ("run", "the whole run"),
    ],
)
def test_periods_are_written_in_words(text, words):
    assert period_words(text) == words
