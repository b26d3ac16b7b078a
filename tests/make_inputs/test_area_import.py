"""The area importer: fitting, rounding, and the shipped tables made again from the data."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from experiments.make_inputs.area import import_area
from experiments.make_inputs.area.jobs import jobs_by_size
from experiments.make_inputs.area.joint import smooth
from experiments.make_inputs.area.raking import rake, rake_parts, round_rows, round_whole
from simulation.categories import AGE_BANDS, STATES
from simulation.errors import InputError
from simulation.files.listing import LIST, read_listing
from simulation.inputs.area import load_area
from simulation.inputs.shipped import shipped_area_folder

ROOT = Path(__file__).resolve().parents[2]
DATA, EVIDENCE = ROOT.parent / "shared" / "data", ROOT.parent / "shared" / "evidence"
AREAS = ("bcbc", "tyne_and_wear")

needs_data = pytest.mark.skipif(
    not (DATA.is_dir() and EVIDENCE.is_dir()),
    reason="../shared/data and ../shared/evidence are not here: the public statistics the "
    "shipped areas are made from stay outside the repository",
)


def recipe(name: str) -> dict:
    """Read a recipe of `conf/import`."""
    return yaml.safe_load((ROOT / "conf" / "import" / f"{name}.yaml").read_text(encoding="utf-8"))


def read(name: str, table: str) -> pd.DataFrame:
    """Read a table of a shipped area."""
    return pd.read_csv(shipped_area_folder(name) / f"{table}.csv")


@needs_data
@pytest.mark.parametrize("name", AREAS)
def test_importing_again_gives_the_shipped_tables_byte_for_byte(name, tmp_path):
    import_area(recipe(name), data=DATA, evidence=EVIDENCE, output=tmp_path / name)
    shipped = shipped_area_folder(name)
    made = {path.name: path.read_bytes() for path in (tmp_path / name).iterdir()}
    assert list(read_listing(tmp_path / name).files) == sorted(made.keys() - {LIST})
    del made[LIST]
    assert made == {path.name: path.read_bytes() for path in shipped.iterdir()}
    assert [path.name for path in tmp_path.iterdir()] == [name]


@needs_data
def test_an_area_is_not_replaced_when_its_import_fails(tmp_path):
    (tmp_path / "bcbc").mkdir()
    (tmp_path / "bcbc" / "wards.csv").write_text("precious")
    broken = recipe("bcbc")
    broken["evidence"]["residents"] = "wap_nowhere"
    with pytest.raises(InputError, match="line wap_nowhere is not there"):
        import_area(broken, data=DATA, evidence=EVIDENCE, output=tmp_path / "bcbc")
    assert [path.name for path in tmp_path.rglob("*")] == ["bcbc", "wards.csv"]
    assert (tmp_path / "bcbc" / "wards.csv").read_text() == "precious"


@needs_data
def test_wards_of_the_recipe_must_be_those_of_the_data(tmp_path):
    broken = recipe("bcbc")
    broken["constituencies"]["Coventry"]["Coventry South"][0] = "Atlantis"
    with pytest.raises(InputError) as caught:
        import_area(broken, data=DATA, evidence=EVIDENCE, output=tmp_path / "bcbc")
    assert caught.value.problems == [
        "ward Binley and Willenhall of Coventry has no constituency",
        "Coventry has no ward Atlantis; see constituencies",
    ]


@pytest.fixture
def data(tmp_path) -> Path:
    """A copy of the public statistics that can be spoiled."""
    return Path(shutil.copytree(DATA, tmp_path / "data"))


MALFORMED = {
    "a field too many": ("wards", ",Bede,", ",Bede,,", "row 2: 35 fields; must be 34 as in row 1"),
    "no number": ("wards", "-1.5902", "west", "row 2, column lon: west; must be a number"),
    "a column missing": ("lookup", "wd2003_cd", "ward", "row 1: columns wd2003_cd are missing"),
    "twice": ("middle_areas", "E02001841", "E02001840", "column MSOA11CD: E02001840; must be once"),
    "no such month": (
        "claimant_count",
        "2006-05-01",
        "2006-05-02",
        "month 2006-05-01 is not",
    ),
    "no number of people": ("population", ",303,", ",many,", "column 60: many; must be a number"),
    "not text": ("enterprises", "sizeband", "\xff", "cannot be read as CSV"),
    "a constituency missing": ("constituencies", "Tynemouth", "T", "constituency Tynemouth is not"),
}


@needs_data
@pytest.mark.parametrize(("key", "old", "new", "says"), MALFORMED.values(), ids=list(MALFORMED))
def test_a_malformed_public_table_is_one_line(data, tmp_path, key, old, new, says):
    path = data / recipe("tyne_and_wear")["files"][key]
    text = path.read_text(encoding="latin-1")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="latin-1")
    with pytest.raises(InputError) as caught:
        import_area(recipe("tyne_and_wear"), data=data, evidence=EVIDENCE, output=tmp_path / "out")
    (line,) = caught.value.problems
    assert line.startswith(f"{path}: ")
    assert says in line
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("month", "May 2006", "month: string should match pattern"),
        ("files", 5, "files: input should be a valid dictionary, got 5"),
        ("name", "../above", "name: string should match pattern"),
        ("priority", {}, "priority: must be either list: true or top_share: a share"),
        ("jsa", {"count_date": "2007-11"}, "jsa.unemployment_period: is missing; see conf/import"),
        ("colour", "red", "colour: is not of a recipe"),
    ],
)
def test_a_recipe_that_does_not_say_what_it_must_is_one_line(tmp_path, key, value, says):
    with pytest.raises(InputError) as caught:
        import_area({**recipe("bcbc"), key: value}, data=DATA, evidence=EVIDENCE, output=tmp_path)
    (line,) = caught.value.problems
    assert line.startswith(f"import recipe: {says}")


def test_missing_data_are_named(tmp_path):
    with pytest.raises(InputError, match="ward2003_profile_wm.csv: not found; must be the file"):
        import_area(recipe("bcbc"), data=tmp_path, evidence=tmp_path, output=tmp_path / "bcbc")


@pytest.mark.parametrize("name", AREAS)
def test_margins_are_reached_within_half_a_per_cent(name):
    margins = read(name, "margins")
    assert margins["difference_pct"].abs().max() <= 0.5
    recomputed = 100 * (margins["reached"] / margins["asked"] - 1)
    np.testing.assert_allclose(margins["difference_pct"], recomputed, atol=0.01)


def test_default_area_shows_the_business_plan():
    """Expected values are those of the evidence table, counted afresh from the ward table."""
    wards = read("bcbc", "wards")
    inside = wards[wards["priority"] == 1]
    out_of_work = wards["residents"] - wards["employed"]
    claimants = wards[list(STATES[1:5])].sum(axis=1)
    total, priority = wards["residents"].sum(), inside["residents"].sum()
    assert total == 1_550_000
    assert priority / total == pytest.approx(0.32, rel=0.005)
    assert out_of_work.sum() / total == pytest.approx(0.315, rel=0.005)
    assert out_of_work[inside.index].sum() / priority == pytest.approx(0.44, rel=0.005)
    # 45 per cent of the workless is a check: 0.32 x 44 / 31.5 gives 44.7, so 1 per cent.
    assert out_of_work[inside.index].sum() / out_of_work.sum() == pytest.approx(0.45, rel=0.01)
    assert out_of_work.sum() / claimants.sum() == pytest.approx(1.5, rel=0.005)
    main = inside[["jsa", "ib_esa", "lone_parent"]].to_numpy().sum()
    assert main == pytest.approx(126_490, rel=0.005)
    for state, share in zip(STATES[1:5], (0.24, 0.42, 0.16, 0.18), strict=True):
        assert inside[state].sum() / claimants[inside.index].sum() == pytest.approx(share, rel=5e-3)
    assert inside["qual_0"].sum() / priority == pytest.approx(0.40, rel=0.005)
    assert inside[["qual_3", "qual_4"]].sum().sum() / priority == pytest.approx(0.19, rel=0.005)
    assert wards["qual_0"].sum() / total == pytest.approx(0.307, rel=0.005)
    assert wards[["qual_2", "qual_3", "qual_4"]].sum().sum() / total == pytest.approx(0.509, 5e-3)
    assert 1 - wards["eth_white"].sum() / total == pytest.approx(0.19, rel=0.005)
    assert 30_000 <= wards["seeking_no_benefit"].sum() <= 45_000


def test_black_country_claimants_are_near_their_district_counts():
    """Counts of November 2007 taken to May 2006 by the region's claimant count, not fitted."""
    jsa = read("bcbc", "wards").groupby("district")["jsa"].sum()
    counts = {"Wolverhampton": 6787, "Dudley": 5246, "Sandwell": 7208, "Walsall": 5521}
    for district, count in counts.items():
        assert jsa[district] == pytest.approx(count * 109.0 / 98.8, rel=0.1)


def test_commuters_leave_every_ward_as_employed_and_arrive_as_jobs():
    wards, flows, jobs = (read("bcbc", table) for table in ("wards", "commuting", "jobs"))
    assert (flows["people"] > 0).all()
    leaving = flows.groupby("home")["people"].sum().reindex(wards["code"]).to_numpy()
    assert (leaving == wards["employed"].to_numpy()).all()
    places = jobs.set_index("ward").iloc[:, 1:].sum(axis=1).groupby(level=0).sum()
    arriving = flows.groupby("work")["people"].sum().reindex(places.index)
    assert (arriving - places).abs().max() <= 2
    assert (shipped_area_folder("bcbc") / "commuting.csv").stat().st_size < 1_000_000


def test_no_size_band_has_fewer_jobs_than_its_smallest_establishment():
    jobs = load_area(shipped_area_folder("bcbc")).jobs
    for band, smallest in enumerate((1, 10, 50, 250)):
        some = jobs[..., band][jobs[..., band] > 0]
        assert some.min() >= smallest


def test_joint_table_has_the_ages_of_claimants_in_the_evidence():
    joint = read("bcbc", "joint")
    assert len(joint) == len(AGE_BANDS) * 5 * 5 * len(STATES)
    assert (joint["people"] > 0).all()
    by = joint.groupby(["age", "state"])["people"].sum().unstack()
    assert by.at["50_64", "ib_esa"] / by["ib_esa"].sum() == pytest.approx(0.464, rel=1e-3)
    assert by.at["16_24", "jsa"] / by["jsa"].sum() == pytest.approx(0.312, rel=1e-3)
    claimants = by[list(STATES[1:5])].sum(axis=1)
    assert claimants["50_64"] / claimants.sum() == pytest.approx(0.30, rel=1e-3)


def test_raking_a_flat_table_gives_independence():
    table = rake(np.ones((2, 3)), [[0], [1]], [np.array([30, 70]), np.array([50, 30, 20])], what="")
    np.testing.assert_allclose(table, np.outer([0.3, 0.7], [50, 30, 20]), rtol=1e-9)


def test_raking_keeps_odds_ratios():
    seed = np.array([[4.0, 1.0], [1.0, 2.0]])
    table = rake(seed, [[0], [1]], [np.array([60, 40]), np.array([50, 50])], what="")
    odds = table[0, 0] * table[1, 1] / (table[0, 1] * table[1, 0])
    assert odds == pytest.approx(8.0, rel=1e-6)


def test_raking_parts_fits_single_cells_and_whole_rows():
    cells = np.zeros((2, 2), bool)
    cells[0, 0] = True
    rows = np.indices((2, 2))[0]
    table = rake_parts(
        np.ones((2, 2)), [(cells, 9.0), (rows == 0, 10.0), (rows == 1, 20.0)], what=""
    )
    np.testing.assert_allclose(table, [[9.0, 1.0], [10.0, 10.0]])


def test_raking_parts_refuses_contradictions():
    cells = np.array([True, False])
    with pytest.raises(InputError, match="contradict one another"):
        rake_parts(np.ones(2), [(cells, 1.0), (cells, 2.0)], what="ages")


def test_rounding_keeps_rows_exactly_and_columns_nearly():
    table = np.full((1000, 7), 100 / 7)
    rounded = round_rows(table)
    assert (rounded.sum(axis=1) == 100).all()
    assert np.abs(rounded.sum(axis=0) - table.sum(axis=0)).max() < 2
    assert np.abs(rounded - table).max() < 1


def test_rounding_leaves_whole_cells_alone():
    table = np.array([[0.0, 1.5, 1.5], [0.0, 1.5, 1.5], [2.0, 0.5, 0.5]])
    assert round_rows(table)[:, 0].tolist() == [0, 0, 2]


def test_rounding_a_whole_reaches_the_total_by_largest_remainder():
    assert round_whole(np.array([1.0, 1.0, 1.0, 3.0]), 10).tolist() == [2, 2, 1, 5]


def test_small_wards_have_no_large_establishments_and_the_sector_keeps_its_share():
    by_sector = np.array([[30], [300], [3000], [6670]])
    share = np.array([[0.25, 0.25, 0.25, 0.25]])
    jobs = jobs_by_size(by_sector, share)
    assert (jobs.sum(axis=2) == by_sector).all()
    assert jobs[0, 0, 2:].tolist() == [0, 0]
    np.testing.assert_allclose(jobs.sum(axis=(0, 1)), 2500, atol=4)


def test_smoothing_fills_empty_cells_and_keeps_margins_in_proportion():
    counts = np.zeros((2, 2, 1, 1))
    counts[0, 0], counts[1, 1] = 30.0, 10.0
    smoothed = smooth(counts, 0.5)
    assert (smoothed > 0).all()
    assert smoothed.sum() == pytest.approx(40 + 0.5 * 4)
    assert smoothed[0].sum() / smoothed.sum() == pytest.approx(0.75)
