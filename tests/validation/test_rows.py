"""The shipped table of data, and series read where they stand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from experiments.validation.comparing import compared, region_rows
from experiments.validation.public_data import SERIES, data_rows
from experiments.validation.rows import CALIBRATE, SHIPPED, Row, read_rows
from simulation.errors import InputError
from simulation.results.moments.catalogue import moment_named
from simulation.results.moments.flows import PAIRS
from simulation.results.moments.history import History
from simulation.results.moments.periods import period_of

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
RUN = (pd.Timestamp("2006-05-01"), pd.Timestamp("2011-03-01"))
HEAD = ",".join(Row._fields)


def test_every_shipped_row_names_a_moment_a_period_and_a_source():
    rows = read_rows(SHIPPED)
    assert len(rows) > 80
    for row in rows.itertuples():
        moment_named(row.moment)
        period_of(row.period, run=RUN)
        assert row.source


def test_what_came_after_june_2009_is_never_fitted():
    rows = read_rows(SHIPPED)
    dated = rows[rows["period"] != "run"]
    ends = dated["period"].map(lambda period: pd.Period(period.split("..")[-1]).end_time)
    late = ends[ends >= pd.Timestamp("2009-07-01")].index
    assert len(late)
    assert not (rows.loc[late, "role"] == CALIBRATE).any()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("open_vacancies,2008Q1,UK,2.5,0,check,,s", "line 2: tolerance must be a number above 0"),
        ("open_vacancies,2008Q1,UK,x,1,check,,s", "line 2: data must be a number or empty"),
        ("open_vacancies,2008Q1,UK,2.5,1,fit,,s", "line 2: role must be calibrate or check"),
    ],
)
def test_a_line_that_is_no_row_is_refused(tmp_path, line, said):
    path = tmp_path / "mine.csv"
    path.write_text(f"{HEAD}\n{line}\n")
    with pytest.raises(InputError, match=said):
        read_rows(path)


def test_a_row_there_twice_is_refused(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text("\n".join([HEAD, *["open_vacancies,2008Q1,UK,2.5,1,check,,s"] * 2]) + "\n")
    with pytest.raises(InputError, match="twice"):
        read_rows(path)


def test_series_that_are_not_there_are_said_one_by_one(tmp_path):
    rows, left_out = data_rows(tmp_path)
    assert rows.empty
    assert len(left_out) == len(SERIES)


def test_series_are_read_where_they_stand(tmp_path):
    (tmp_path / "series").mkdir()
    (tmp_path / "series" / "ons_a01_t10_redundancies.csv").write_text(
        "mid_month,BEIR\n2006-02-01,9\n2006-08-01,5.5\n2006-09-01,7\n2008-11-01,10\n"
    )
    rows, left_out = data_rows(tmp_path)
    assert len(left_out) == len(SERIES) - 1
    found = rows.set_index("period")["data"]
    # Only from the year in which runs begin, and only the middle months of quarters.
    assert found.to_dict() == {"2006Q3": 5.5, "2008Q4": 10.0}
    assert rows["tolerance"].tolist() == pytest.approx([1.65, 3.0])


@pytest.mark.skipif(not DATA.is_dir(), reason="the public series are not there")
def test_shipped_figures_are_those_of_the_series():
    series, left_out = data_rows(DATA)
    assert left_out == []
    rows = read_rows(SHIPPED)
    both = rows.merge(series, on=["moment", "period", "basis"], suffixes=("", "_of_series"))
    assert len(both) > 20
    # Rounded, to a twentieth of what is still right.
    assert ((both["data"] - both["data_of_series"]).abs() <= 0.05 * both["tolerance"]).all()


@pytest.mark.skipif(not DATA.is_dir(), reason="the public series are not there")
def test_shipped_means_of_a_year_are_those_of_its_quarters():
    series, _ = data_rows(DATA)
    of_2007 = series[series["period"].str.fullmatch("2007Q[1-4]")]
    means = of_2007.groupby("moment")["data"].mean()
    rows = read_rows(SHIPPED)
    rows = rows[(rows["period"] == "2007") & (rows["basis"] == "UK")].set_index("moment")
    known = rows.index.intersection(means.index)
    assert len(known) == 9
    difference = (rows.loc[known, "data"] - means[known]).abs()
    assert (difference <= 0.05 * rows.loc[known, "tolerance"]).all()


def history():
    """Return two years of an area where nothing changes."""
    dates = pd.date_range("2006-05-01", periods=24, freq="MS")
    values = {"employed": 700.0, "residents": 1000.0, "jsa": 40.0, "seeking_no_benefit": 30.0}
    monthly = pd.concat(
        pd.DataFrame({"date": dates, "ward": "all", "group": "all", "outcome": name, "value": each})
        for name, each in values.items()
    )
    wards = pd.DataFrame({"code": ["A"], "district": ["Here"]})
    return History(monthly, wards, start=dates[0].date(), n_weeks=105, weight=1)


def rows_of(*rows: tuple[str, str, str, float, float, str, str]) -> pd.DataFrame:
    return pd.DataFrame([Row(*row, "a source") for row in rows])


def test_distance_is_in_tolerances():
    rows = rows_of(("employment_rate", "2007", "UK", 66.0, 2.0, "calibrate", ""))
    table = compared(rows, history(), area="bcbc", economy="recession_2008")
    assert table["model"].tolist() == pytest.approx([70.0])
    assert table["distance"].tolist() == pytest.approx([2.0])
    assert table["unit"].tolist() == ["per cent"]


def test_rows_of_other_areas_and_economies_fall_away():
    rows = rows_of(
        ("employment_rate", "2007", "bcbc", 70.0, 1.0, "calibrate", ""),
        ("employment_rate", "2007", "UK", 70.0, 1.0, "calibrate", "steady"),
        ("employment_rate", "2006-06", "UK", 70.0, 1.0, "calibrate", "recession_2008"),
    )
    found = compared(rows, history(), area="two_towns", economy="recession_2008")
    assert found["period"].tolist() == ["2006-06"]
    here = compared(rows, history(), area="bcbc", economy="steady")
    assert here["period"].tolist() == ["2007", "2007"]


def test_the_north_east_is_for_checking_only():
    rows = rows_of(("employment_rate", "2007", "UK", 70.0, 1.0, "calibrate", ""))
    table = compared(rows, history(), area="tyne_and_wear", economy="recession_2008")
    assert table["role"].tolist() == ["check"]


def test_flows_of_the_region_keep_its_stocks():
    rows = region_rows(read_rows(SHIPPED), history())
    assert len(rows) == len(PAIRS)
    assert set(rows["role"]) == {CALIBRATE}
    stock = {"work": 700.0, "unemployed": 70.0, "inactive": 230.0}
    flows = rows.set_index("moment")["data"]
    net = dict.fromkeys(stock, 0.0)
    for begin, end in PAIRS:
        moved = stock[begin] * flows[f"{begin}_to_{end}"]
        net[begin] -= moved
        net[end] += moved
    assert np.array(list(net.values())) == pytest.approx(0.0, abs=1e-6)
