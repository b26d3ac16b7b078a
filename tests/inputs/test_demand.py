"""Demand paths, local events, and the importer that works the shipped paths out."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from experiments.make_inputs import economy as economy_import
from simulation.categories import PUBLIC_SECTORS, SECTORS
from simulation.config import Config
from simulation.errors import InputError
from simulation.inputs.demand import (
    LocalEvent,
    load_demand_path,
    local_event_changes,
    parse_local_events,
    resolve_demand_file,
)
from simulation.inputs.of_config import area_of, demand_of
from simulation.inputs.shipped import shipped_names

DATA = Path(__file__).parents[3] / "shared" / "data"
START = date(2006, 5, 1)
WARD = "00CNFF"
needs_data = pytest.mark.skipif(
    not DATA.is_dir(), reason="needs the public statistics in ../shared/data"
)


def write(folder: Path, *rows: str) -> Path:
    """A demand table with these rows."""
    file = folder / "path.csv"
    file.write_text("\n".join(["date,sector,index", *rows]) + "\n", encoding="utf-8")
    return file


def problems_of(file: Path) -> list[str]:
    """What is wrong with a demand table."""
    with pytest.raises(InputError) as caught:
        load_demand_path(file, start=START, n_weeks=4)
    return caught.value.problems


def test_index_moves_in_a_straight_line_by_day_and_stays_after_the_last_point(tmp_path):
    file = write(tmp_path, "2006-05-01,all,200", "2006-05-29,all,100")
    path = load_demand_path(file, start=START, n_weeks=6)
    assert path.shape == (6, len(SECTORS))
    assert path.dtype == np.float64
    expected = [1.0, 0.875, 0.75, 0.625, 0.5, 0.5]
    np.testing.assert_allclose(path, np.repeat(expected, len(SECTORS)).reshape(6, -1), rtol=1e-15)


def test_base_is_the_interpolated_level_on_the_first_day(tmp_path):
    file = write(tmp_path, "2006-04-21,all,80", "2006-05-11,all,120")
    path = load_demand_path(file, start=START, n_weeks=3)
    np.testing.assert_allclose(path[:, 0], [1.0, 1.14, 1.2], rtol=1e-15)


def test_all_stands_for_the_sectors_not_named(tmp_path):
    file = write(tmp_path, "2006-01-01,all,1", "2006-05-01,retail,1", "2006-05-08,retail,3")
    path = load_demand_path(file, start=START, n_weeks=2)
    expected = np.array([3.0 if name == "retail" else 1.0 for name in SECTORS])
    np.testing.assert_array_equal(path[1], expected)


def test_no_weeks_give_no_rows(tmp_path):
    file = write(tmp_path, "2006-01-01,all,1")
    assert load_demand_path(file, start=START, n_weeks=0).shape == (0, len(SECTORS))


def test_every_bad_cell_is_named_by_row_and_column(tmp_path):
    file = write(tmp_path, "2006-13-01,all,1", "2006-01-01,farming,0", "2006-01-01,retail,inf")
    found = problems_of(file)
    assert [problem.split("; must be")[0] for problem in found] == [
        f"{file}: row 2, column date: 2006-13-01",
        f"{file}: row 3, column sector: farming",
        f"{file}: row 3, column index: 0",
        f"{file}: row 4, column index: inf",
    ]
    assert found[3].endswith("must be a number from 0.001 to 1e+06")


@pytest.mark.parametrize(
    ("second", "fault"), [("2006-01-01", "repeats"), ("2005-01-01", "comes after")]
)
def test_dates_repeated_or_out_of_order_are_refused(tmp_path, second, fault):
    found = problems_of(write(tmp_path, "2006-01-01,all,1", f"{second},all,1"))
    assert len(found) == 1
    assert "row 3, column date" in found[0]
    assert fault in found[0]


def test_each_missing_sector_is_named(tmp_path):
    found = problems_of(write(tmp_path, "2006-01-01,retail,1"))
    assert len(found) == len(SECTORS) - 1
    assert any("sector health has no rows" in problem for problem in found)


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (["2006-05-02,all,1", "2006-08-01,all,1"], "begins on 2006-05-02, after the run does, on"),
        (["2006-05-01,all,1", "2006-05-21,all,1"], "ends on 2006-05-21, before the run's last"),
        (
            ["2006-05-01,all,1", "2006-08-01,all,1", "2006-05-01,health,1"],
            "ends on 2006-05-01, before the run's last week, of 2006-05-22: give every sector",
        ),
    ],
)
def test_a_run_that_leaves_the_years_of_its_table_is_refused_unless_told_to_hold(
    tmp_path, rows, says
):
    file = write(tmp_path, *rows)
    config = Config(start=START, weeks=4).replace(economy={"file": str(file)})
    with pytest.raises(InputError) as caught:
        demand_of(config)
    (problem,) = caught.value.problems
    assert f"economy.file {file} {says}" in problem
    assert "say beyond=hold" in problem
    held = demand_of(config.replace(beyond="hold"))
    np.testing.assert_array_equal(held, np.ones((4, len(SECTORS))))


def test_a_sector_that_wants_many_times_its_jobs_is_refused(tmp_path):
    file = write(tmp_path, "2006-05-01,all,1", "2006-05-08,all,1000")
    assert "would want over 10 times the jobs" in problems_of(file)[0]


def test_wrong_columns_and_absent_rows_are_refused(tmp_path):
    file = tmp_path / "path.csv"
    file.write_text("date,index\n2006-01-01,1\n", encoding="utf-8")
    assert problems_of(file)[0].startswith(f"{file}: row 1, column sector: missing; must be one of")
    assert "no rows" in problems_of(write(tmp_path))[0]
    assert "not found" in problems_of(tmp_path / "nothing.csv")[0]


def test_a_name_finds_the_shipped_table_and_a_path_the_users_own(tmp_path):
    assert set(shipped_names("economy", suffix=".csv")) == {
        "steady", "recession_2008", "deep", "long", "sharp"
    }  # fmt: skip
    assert resolve_demand_file("steady") == resolve_demand_file("steady.csv")
    own = write(tmp_path, "2006-01-01,all,1")
    assert resolve_demand_file(own) == own
    with pytest.raises(InputError, match="shipped names deep, long, recession_2008"):
        resolve_demand_file("stedy")


def shipped(name: str) -> np.ndarray:
    """A shipped path from the default start for twelve years."""
    return load_demand_path(resolve_demand_file(name), start=START, n_weeks=624)


def week_of(day: date) -> int:
    """Week of a run from the default start."""
    return (day - START).days // 7


def test_steady_demand_never_moves():
    np.testing.assert_array_equal(shipped("steady"), np.ones((624, len(SECTORS))))


def test_private_demand_falls_first_and_public_demand_later():
    path = shipped("recession_2008")
    mid_2008, end_2009, mid_2012 = (
        path[week_of(day)] for day in (date(2008, 6, 2), date(2009, 12, 1), date(2012, 6, 1))
    )
    private = [SECTORS.index(name) for name in SECTORS if name not in PUBLIC_SECTORS]
    public = SECTORS.index("public")
    assert (end_2009[private] < 0.94 * mid_2008[private]).all()
    assert end_2009[public] > mid_2008[public]
    assert mid_2012[public] < 0.96 * end_2009[public]


def test_deep_falls_are_half_as_large_again_in_logarithms():
    peak, low = week_of(date(2008, 6, 2)), week_of(date(2010, 3, 1))
    plain, deep = (np.log(shipped(name)) for name in ("recession_2008", "deep"))
    column = SECTORS.index("manufacturing")
    ratio = (deep[low] - deep[peak])[column] / (plain[low] - plain[peak])[column]
    # The tables carry four decimals and the week starts a day after the quarter's point.
    assert ratio == pytest.approx(1.5, abs=0.01)


def test_long_comes_back_to_its_peak_in_2017_and_sharp_in_2010():
    for name, back in (("long", date(2017, 9, 4)), ("sharp", date(2010, 6, 7))):
        path = shipped(name)
        peak = path[week_of(date(2008, 6, 2))]
        np.testing.assert_allclose(path[week_of(back)], peak, atol=2e-3)
        assert path[week_of(back) - 26].sum() < peak.sum() - 0.05


def test_scenarios_leave_the_time_before_the_peak_alone():
    before = slice(0, week_of(date(2008, 6, 1)))
    for name in ("deep", "long", "sharp"):
        np.testing.assert_array_equal(shipped(name)[before], shipped("recession_2008")[before])


def test_troughs_are_those_the_page_of_economies_tells():
    text = (Path(__file__).parents[2] / "docs" / "economies.md").read_text(encoding="utf-8")
    found = re.findall(r"(0\.\d{3}) in (\w+ \d{4})", text.partition("## The table")[0])
    told = [(float(total), pd.Period(month, "M")) for total, month in found]
    weight = area_of(Config()).jobs.sum(axis=(0, 2))
    totals = [
        demand_of(Config(weeks=331).replace(economy={"file": f"{name}.csv"})) @ weight
        for name in ("recession_2008", "deep", "long", "sharp")
    ]
    weeks = pd.Series(pd.date_range(START, periods=331, freq="7D")).dt.to_period("M")
    by_month = [pd.Series(each / each[0]).groupby(weeks).min() for each in totals]
    troughs = [(round(each.min(), 3), each.idxmin()) for each in by_month]
    autumn = pd.Period("2009-09", "M")
    assert told == [troughs[0], (round(by_month[0][autumn], 3), autumn), *troughs[1:]]


def test_moving_average_keeps_a_straight_line_and_drops_the_ends():
    line = pd.DataFrame({"jobs": [1.0, 2.0, 3.0, 4.0]})
    assert economy_import.smooth(line)["jobs"].tolist() == [2.0, 3.0]


def test_population_carries_on_at_its_last_years_growth():
    months = pd.Series([100.0, 101.0], pd.to_datetime(["2008-06-01", "2009-06-01"]))
    later = pd.to_datetime(["2008-12-01", "2010-06-01"])
    carried = economy_import.carry_forward(months, dates=later)
    np.testing.assert_allclose(carried, [100.0 + 183 / 365, 101.0 * 1.01 ** (365 / 365.25)])


def test_local_adjustment_scales_the_weighted_total_and_spares_the_public_sector():
    dates = pd.to_datetime(["2006-06-01", "2009-06-01"])
    per_head = pd.DataFrame(1.0, dates, list(SECTORS))
    weights = pd.Series(1 / len(SECTORS), list(SECTORS))
    relative = pd.Series([1.0, 0.93], dates)
    local = economy_import.localise(per_head, weights=weights, relative=relative)
    np.testing.assert_allclose(local @ weights, [1.0, 0.93], rtol=1e-14)
    assert (local[list(PUBLIC_SECTORS)] == 1.0).all().all()
    # Nine equal sectors, two public: the seven others carry the 7 per cent.
    np.testing.assert_allclose(local["retail"], [1.0, 1.0 - 0.07 * 9 / 7], rtol=1e-14)


def test_importer_names_the_file_it_misses(tmp_path):
    with pytest.raises(InputError, match="ons_a01_t6_workforce_jobs_industry.csv: not there"):
        economy_import.import_economy(tmp_path, tmp_path)


@needs_data
def test_importing_again_gives_the_shipped_tables(tmp_path):
    economy_import.import_economy(DATA, tmp_path)
    for name in ("recession_2008", "deep", "long", "sharp"):
        again = (tmp_path / f"{name}.csv").read_text(encoding="utf-8")
        assert again == resolve_demand_file(name).read_text(encoding="utf-8"), name


@needs_data
def test_total_demand_follows_local_jobs_relative_to_the_country(tmp_path):
    frame = economy_import.import_economy(DATA, tmp_path)
    total, quarters = frame["total"], ["2008-06-01", "2010-06-01"]
    # Employment fell by four to five points of 68.5 in the city region's kind of place.
    points = 68.5 * (total[quarters[1]] / total["2007-03-01"] - 1.0)
    assert -5.5 < points < -4.0
    jobs = economy_import.read_local_jobs(DATA)
    share = jobs["local"] / jobs["uk"]
    expected = share[2009] / share[[2007, 2008]].mean()
    relative = economy_import.local_relative(
        jobs, dates=pd.to_datetime(["2008-01-01", "2009-07-01"])
    )
    np.testing.assert_allclose(relative, [1.0, expected])


WARDS = pd.DataFrame(
    {
        "code": [WARD, "00CNX1", "00CNX2", "00CNX3"],
        "name": ["Northfield", "Castle", "Castle", "Bournville"],
        "district": ["Birmingham", "Dudley", "Walsall", "Birmingham"],
    }
)


def test_an_event_may_name_its_ward():
    (event,) = parse([record(ward="Bournville")])
    assert event.ward == "00CNX3"


@pytest.mark.parametrize(
    ("ward", "says"),
    [
        ("Bournvile", "did you mean Bournville?"),
        ("castle", "several wards: 00CNX1 (Dudley), 00CNX2 (Walsall)"),
        ("Birmingham", "neither the code nor the name of one of 4 wards"),
    ],
)
def test_an_event_is_in_one_ward(ward, says):
    with pytest.raises(InputError) as caught:
        parse([record(ward=ward)])
    assert says in str(caught.value)


def parse(records, n_weeks: int = 260):
    """Parse entries for a run from `START`."""
    return parse_local_events(records, wards=WARDS, start=START, n_weeks=n_weeks)


def record(**changes: object) -> dict[str, object]:
    """A right entry for a local event, with changes."""
    entry = {"kind": "closure", "ward": WARD, "sector": "manufacturing", "jobs": 6300}
    return {**entry, "date": "2007-01-03", **changes}


def test_events_land_in_the_week_that_holds_their_day():
    events = parse([record(), record(kind="opening", jobs=5, date="2006-05-07")], n_weeks=36)
    placed = local_event_changes(events, start=START)
    assert [(week, event.kind) for week, event in placed] == [(0, "opening"), (35, "closure")]


@pytest.mark.parametrize(("day", "is_in_it"), [
    ("2006-04-30", False), ("2006-05-01", True), ("2006-05-28", True), ("2006-05-29", False)
])  # fmt: skip
def test_an_event_on_a_day_outside_of_the_run_is_refused(day, is_in_it):
    if is_in_it:
        assert len(parse([record(date=day)], n_weeks=4)) == 1
        return
    with pytest.raises(InputError) as caught:
        parse([record(date=day)], n_weeks=4)
    assert str(caught.value) == (
        "economy.events entry 1: date must be a day of the run, 2006-05-01 to 2006-05-28, got "
        + day
    )


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("kind", "explosion", "one of closure, opening"),
        ("ward", "nowhere", "neither the code nor the name"),
        ("sector", "farming", "one of manufacturing"),
        ("jobs", 0, "a whole number above 0"),
        ("jobs", True, "a whole number above 0"),
        ("date", "2007-02-30", "yyyy-mm-dd"),
    ],
)
def test_an_event_that_is_wrong_is_refused_with_its_entry(field, value, says):
    with pytest.raises(InputError, match="entry 2") as caught:
        parse([record(), record(**{field: value})])
    assert says in str(caught.value)


def test_an_event_with_other_keys_is_refused():
    with pytest.raises(InputError, match="keys must be kind, ward, sector, jobs, date"):
        parse([{"ward": WARD}])


def test_an_event_made_in_code_is_checked_too():
    with pytest.raises(InputError) as caught:
        LocalEvent(kind="", ward="", sector="", jobs=-1, date="2007")
    assert len(caught.value.problems) == 5
