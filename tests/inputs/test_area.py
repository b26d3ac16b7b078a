"""Area folders: what loads, what is refused and in which words."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from small_areas import dense

from simulation.categories import ETHNICITIES, SECTORS, SIZE_BANDS, STATES
from simulation.errors import InputError
from simulation.inputs.area import gravity_commuting, load_area
from simulation.inputs.geography import distances_km, project_to_metres
from simulation.inputs.schema import IDENTITIES
from simulation.inputs.shipped import shipped_area_folder

SHIPPED = ("bcbc", "tyne_and_wear", "two_towns", "bare_market")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the small shipped area, to be spoiled."""
    return Path(shutil.copytree(shipped_area_folder("two_towns"), tmp_path / "towns"))


def spoil(folder: Path, file: str, old: str, new: str) -> None:
    """Replace the first occurrence of a text that must be there."""
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")


def problems(folder: Path) -> list[str]:
    """Return the lines of the error, without the folder."""
    with pytest.raises(InputError) as caught:
        load_area(folder)
    return [line.removeprefix(f"{folder}/") for line in caught.value.problems]


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_areas_load_and_every_breakdown_adds_up_to_the_residents(name):
    area = load_area(shipped_area_folder(name))
    for columns in IDENTITIES:
        total = area.wards[list(columns)].sum(axis=1)
        assert (total == area.wards["residents"]).all()
    assert area.jobs.shape == (area.n_wards, len(SECTORS), len(SIZE_BANDS))
    assert area.jobs.dtype == np.int64
    assert area.joint.shape == (4, len(ETHNICITIES), 5, len(STATES))
    assert area.jobs.sum() == area.wards["employed"].sum()
    if area.commuting is not None:
        np.testing.assert_allclose(dense(area.commuting).sum(axis=1), 1.0, rtol=1e-12)


def test_default_area_is_the_city_region_of_the_business_plan():
    area = load_area(shipped_area_folder("bcbc"))
    assert area.name == "bcbc"
    assert area.n_wards == 195
    assert len(area.districts) == 8
    assert area.priority.sum() == 55
    assert area.wards["daf"].sum() == 38
    assert area.wards["residents"].sum() == 1_550_000
    assert (area.joint > 0).all()


def test_neighbourhoods_of_the_national_indicator_have_over_a_quarter_claimants():
    area = load_area(shipped_area_folder("two_towns"))
    # Canal Side: 56 + 92 + 38 + 30 = 216 of 640, 34 per cent; Mill Hill: 128 of 660, 19 per cent.
    assert area.ni153.tolist() == [True, True, False, False, False, False]
    assert area.positions_km[1].tolist() == [1.2, 0.4]


def test_an_unknown_shipped_area_names_those_there_are():
    with pytest.raises(InputError, match="'bbc' is not shipped.*bare_market, bcbc, two_towns"):
        shipped_area_folder("bbc")


def test_a_missing_folder_is_one_problem(tmp_path):
    with pytest.raises(InputError, match="no such folder; must be an area folder"):
        load_area(tmp_path / "nowhere")


def test_missing_files_are_each_a_problem(tmp_path):
    lines = problems(tmp_path)
    assert [line.split(":")[0] for line in lines] == ["wards.csv", "jobs.csv"]
    assert "not found" in lines[0]


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        ("wards.csv", "M1,", "M2,", "row 3, column code: M2; must be a code no other row has"),
        (
            "wards.csv",
            "M1,",
            "all,",
            "row 2, column code: all; must be a code no other row has, none",
        ),
        (
            "wards.csv",
            "Canal Side",
            "priority",
            "row 2, column name: priority; must be a name, none",
        ),
        (
            "wards.csv",
            "Canal Side",
            "Canal|Side",
            "column name: Canal|Side; must be a name, none of",
        ),
        ("wards.csv", "Millbrook,", "not:here,", "column district: not:here; must be a name, none"),
        (
            "wards.csv",
            "M1,",
            "worst:5,",
            "row 2, column code: worst:5; must be a code no other row",
        ),
        ("wards.csv", "M1,", ",", "row 2, column code: (nothing); must be a code no other row has"),
        ("wards.csv", ",640,371,", ",640,x,", "row 2, column employed: x; must be a whole number"),
        ("wards.csv", ",640,371,", ",640,3.5,", "column employed: 3.5; must be a whole number"),
        ("wards.csv", ",640,371,", ",640,,", "column employed: (nothing); must be a whole number"),
        ("wards.csv", ",640,371,", ",640,-1,", "column employed: -1; must be a whole number >= 0"),
        ("wards.csv", ",640,371,", ",0,371,", "column residents: 0; must be a whole number >= 1"),
        (
            "wards.csv",
            ",640,371,",
            ",640,370,",
            "row 2, column residents: 640; must be the sum of employed to inactive_no_benefit, "
            "which is 639",
        ),
        ("wards.csv", ",0,0,1,1,640", ",0,0,2,1,640", "column priority: 2; must be one of 0, 1"),
        ("wards.csv", ",0,0,1,1,640", ",far,0,1,1,640", "column easting: far; must be metres"),
        ("wards.csv", "easting", "eastings", "column eastings: unknown; must be one of code"),
        ("wards.csv", "eth_asian", "eth_purple", "column eth_asian: missing; must be a whole"),
        ("wards.csv", "jsa,", "ib_esa,", "column ib_esa: appears twice; must be once"),
        ("jobs.csv", "M1,manuf", "Z9,manuf", "row 2, column ward: Z9; must be a code of wards.csv"),
        ("jobs.csv", "M1,manufacturing", "M1,steel", "column sector: steel; must be one of manuf"),
        ("jobs.csv", "M1,construction", "M1,manufacturing", "M1, manufacturing; must be in one"),
        ("jobs.csv", ",10,45,120,0", ",10,45,-120,0", "column jobs_50_249: -120; must be a whole"),
        ("jobs.csv", ",10,45,120,0", ",10,45", "row 2: 4 fields; must be 6 as in row 1"),
        ("jobs.csv", ",10,45,120,0", ",10,45,120,0,7", "row 2: 7 fields; must be 6 as in row 1"),
        ("jobs.csv", "M1,manuf", '"M1,manuf', "row 2: cannot be read as CSV"),
        ("commuting.csv", "M1,M1,", "M1,Q,", "row 2, column work: Q; must be a code of wards.csv"),
        ("commuting.csv", "M1,M1,", "Q,M1,", "row 2, column home: Q; must be a code of wards.csv"),
        ("commuting.csv", "M1,M2,", "M1,M1,", "row 3, column home+work: M1, M1; must be in one"),
    ],
)
def test_each_bad_cell_gets_a_line_with_file_row_column_value_and_what_is_allowed(
    folder, file, old, new, expected
):
    spoil(folder, file, old, new)
    lines = problems(folder)
    assert any(line.startswith(f"{file}: ") and expected in line for line in lines), lines


def test_problems_of_all_files_are_reported_together(folder):
    spoil(folder, "wards.csv", ",640,371,", ",640,x,")
    spoil(folder, "wards.csv", ",680,422,", ",680,-1,")
    spoil(folder, "jobs.csv", "M1,manuf", "Z9,manuf")
    spoil(folder, "commuting.csv", "M1,M1,", "M1,Q,")
    files = [line.split(":")[0] for line in problems(folder)]
    assert files.count("wards.csv") == 2  # each cell, and no sum of what is wrong already
    assert files.count("jobs.csv") == 1
    assert files.count("commuting.csv") == 1


def test_a_bad_cell_is_reported_once(folder):
    spoil(folder, "wards.csv", ",640,371,", ",640,x,")
    assert len(problems(folder)) == 1


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "is empty"),
        (b"ward,sector,jobs_1_9,jobs_10_49,jobs_50_249,jobs_250_plus\n", "has no rows"),
        (b"ward,sector\nM\xff1,retail\n", "byte 13 is not UTF-8"),
        (
            b"ward,sector,jobs_1_9,jobs_10_49,jobs_50_249,jobs_250_plus\nM1,retail,0,0,0,0",
            "no jobs",
        ),
    ],
)
def test_a_file_without_content_or_in_another_encoding_is_refused(folder, content, expected):
    (folder / "jobs.csv").write_bytes(content)
    assert [expected in line for line in problems(folder)] == [True]


def test_a_ward_whose_employed_work_nowhere_is_refused(folder):
    path = folder / "commuting.csv"
    rows = [row for row in path.read_text().splitlines() if not row.startswith("O2,")]
    path.write_text("\n".join(rows) + "\n")
    assert problems(folder) == [
        "commuting.csv: column home: no people from O2 (row 6 of wards.csv); must have some, "
        "as it has 602 employed"
    ]


def test_joint_table_is_checked_and_ordered_by_category(folder):
    (folder / "joint.csv").write_text(
        "age,ethnicity,qualification,state,people\n50_64,black,3,ib_esa,2.5\n"
    )
    joint = load_area(folder).joint
    assert joint[3, 3, 3, 2] == 2.5
    assert joint.sum() == 2.5
    spoil(folder, "joint.csv", "ib_esa", "sick")
    assert "column state: sick; must be one of employed, jsa" in problems(folder)[0]


def test_without_joint_and_commuting_the_seed_is_flat_and_commuting_is_left_to_gravity(folder):
    (folder / "commuting.csv").unlink()
    area = load_area(folder)
    assert area.commuting is None
    assert (area.joint == 1.0).all()


def test_unconnected_towns_have_exact_zeros_between_them(folder):
    header, *rows = (folder / "commuting.csv").read_text().splitlines()
    inside = [row for row in rows if row[0] == row.split(",")[1][0]]
    (folder / "commuting.csv").write_text("\n".join([header, *inside]) + "\n")
    commuting = dense(load_area(folder).commuting)
    assert (commuting[:3, 3:] == 0.0).all()
    assert (commuting[3:, :3] == 0.0).all()


def test_degrees_are_accepted_instead_of_metres(folder):
    text = (folder / "wards.csv").read_text().replace("easting,northing", "longitude,latitude")
    header, *rows = text.splitlines()
    cells = [row.split(",") for row in rows]
    for number, row in enumerate(cells):
        row[3], row[4] = f"{-2.0 + 0.01 * number}", "52.5"
    (folder / "wards.csv").write_text("\n".join([header, *map(",".join, cells)]) + "\n")
    east = load_area(folder).positions_km[:, 0]
    # 0.01 degrees at 52.5 north: 2 pi 6371.0088 km cos(52.5 degrees) / 36000 = 0.67691 km.
    np.testing.assert_allclose(np.diff(east), 0.67691, atol=1e-5)


def test_position_columns_may_not_be_missing(folder):
    text = (folder / "wards.csv").read_text()
    cells = [row.split(",") for row in text.splitlines()]
    (folder / "wards.csv").write_text("\n".join(",".join(r[:3] + r[5:]) for r in cells) + "\n")
    assert [line.split(";")[0] for line in problems(folder)] == [
        "wards.csv: row 1, column easting: missing",
        "wards.csv: row 1, column northing: missing",
    ]


def test_projection_keeps_a_degree_of_latitude():
    _, northing = project_to_metres(np.array([0.0, 0.0]), np.array([52.0, 53.0]))
    assert northing[1] - northing[0] == pytest.approx(111_195, abs=1)


def test_gravity_falls_exponentially_and_follows_jobs():
    positions = np.array([[0.0, 0.0], [5.0, 0.0], [15.0, 0.0]])
    chance = dense(gravity_commuting(positions, np.array([1, 2, 4]), mean_commute_km=10.0))
    weight = np.array([1 * np.exp(-1 / 5), 2 * np.exp(-5 / 5), 4 * np.exp(-15 / 5)])
    np.testing.assert_allclose(chance[0], weight / weight.sum(), rtol=1e-12)
    np.testing.assert_allclose(chance.sum(axis=1), 1.0, rtol=1e-12)


def test_gravity_over_an_even_plain_has_the_mean_commute_asked_for():
    side = np.arange(-60, 61, dtype=float)
    positions = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)
    middle = len(positions) // 2
    distance = np.hypot(*positions.T)
    weight = np.exp(-2 * distance / 8.0)
    # The formula by hand on the plain, then the function on a coarser one.
    assert np.average(distance, weights=weight) == pytest.approx(8.0, rel=0.01)
    coarse = positions[np.all(positions % 4 == 0, axis=1)]
    centre = np.flatnonzero((coarse == positions[middle]).all(axis=1))[0]
    chances = gravity_commuting(coarse, np.ones(len(coarse)), mean_commute_km=8.0)
    chance = dense(chances)[centre]
    kilometres = distances_km(coarse, centre, np.arange(len(coarse)))
    assert np.average(kilometres, weights=chance) == pytest.approx(8.0, rel=0.03)


def test_gravity_reaches_a_remote_ward_without_losing_digits():
    positions = np.array([[0.0, 0.0], [20_000.0, 0.0]])
    chance = dense(gravity_commuting(positions, np.array([1, 0]), mean_commute_km=5.0))
    assert chance.tolist() == [[1.0, 0.0], [1.0, 0.0]]


@pytest.mark.parametrize("jobs", [np.zeros(2), np.ones(2)])
def test_gravity_refuses_no_jobs_or_no_distance(jobs):
    distance = 5.0 if jobs.sum() == 0 else 0.0
    with pytest.raises(InputError, match=r"needs jobs|must be > 0"):
        gravity_commuting(np.zeros((2, 2)), jobs, mean_commute_km=distance)
