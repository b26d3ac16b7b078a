"""The one reader of CSV files: what it refuses, in which words, with the file's own rows."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pandera.pandas as pa
import pytest

from simulation.errors import InputError
from simulation.inputs.columns import day, measure, text, whole
from simulation.inputs.csv_files import read_table

SCHEMA = pa.DataFrameSchema(
    {"name": text(), "people": whole(0, 99), "share": measure(0, 1), "from": day()}, strict=True
)
HEADER = "name,people,share,from"
ROW = "one,3,0.5,2006-04-01"


def problems(folder: Path, content: str | bytes) -> list[str]:
    """What is wrong with a file of this content, without its name."""
    data = content if isinstance(content, bytes) else content.encode()
    (folder / "table.csv").write_bytes(data)
    found = read_table(folder, "table.csv", SCHEMA).problems
    return [line.removeprefix("table.csv: ") for line in found]


@pytest.mark.parametrize(
    "content",
    [
        f"{HEADER}\n{ROW}\n",
        f"{HEADER}\r\n{ROW}\r\n",
        f"\ufeff{HEADER}\n{ROW}",
        f"{HEADER}\n{ROW}\n\n\n",
        '"name","people","share","from"\n"one","3","5e-1","2006-04-01"\n',
    ],
    ids=["plain", "of Windows", "with a mark", "lines after the last", "quoted"],
)
def test_what_is_right_is_read_as_it_stands(tmp_path, content):
    (tmp_path / "table.csv").write_bytes(content.encode())
    table = read_table(tmp_path, "table.csv", SCHEMA)
    assert not table.problems
    expected = pd.DataFrame(
        {"name": ["one"], "people": [3], "share": [0.5], "from": ["2006-04-01"]}, index=[2]
    )
    pd.testing.assert_frame_equal(table.frame, expected)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "is empty; must have a header and at least one row"),
        ("\n\n", "is empty; must have a header and at least one row"),
        (HEADER, "has no rows; must have at least one below the header"),
        (f"{HEADER}\n{ROW},\n", "row 2: 5 fields; must be 4 as in row 1"),
        (f"{HEADER}\n{ROW}\none,3,0.5\n", "row 3: 3 fields; must be 4 as in row 1"),
        (f"{HEADER}\n{ROW}\n\n{ROW}\n", "row 3: is blank; remove it"),
        (f"{HEADER}\n,,,\n{ROW}\n", "row 2: is blank; remove it"),
        (f"{HEADER}\n{ROW}\none, 3,0.5,2006-04-01\n", "row 3, column people: there are blanks"),
        (HEADER.replace(",", ", ") + f"\n{ROW}\n", "row 1, column people: there are blanks"),
        (f"Our table\n\n{HEADER}\n{ROW}\n", "row 3 is the header; must be row 1: remove what"),
        (f"{HEADER}\n{ROW}\n".replace(",", ";"), "row 1: fields are separated by semicolons"),
        (f"{HEADER}\n{ROW}\n".replace(",", "\t"), "row 1: fields are separated by tabs"),
        (f"{ROW}\n{ROW}\n", "row 1: is no header; must name the columns name, people, share"),
        (f"{HEADER}\n{ROW}\n".replace("people", "share"), "row 1, column share: appears twice"),
        (f'{HEADER}\n{ROW}\n"one,3,0.5,2006-04-01\n', "row 3: cannot be read as CSV"),
        (f"{HEADER}\n{ROW}\n".encode("utf-16"), "row 1: byte 0 is not UTF-8; save the file as"),
        (f"{HEADER}\n{ROW}\nZo\xeb,3,1,2006-04-01\n".encode("latin-1"), "row 3: byte 46 is not"),
        (f"{HEADER}\none,1_0,0.5,2006-04-01\n", "row 2, column people: 1_0; must be a whole"),
        (f"{HEADER}\none,\u0663,0.5,2006-04-01\n", "row 2, column people: \u0663; must be a whole"),
        (f"{HEADER}\none,{10**30},0.5,2006-04-01\n", f"row 2, column people: {10**30}; must be"),
        (f"{HEADER}\none,3,nan,2006-04-01\n", "row 2, column share: nan; must be a number from"),
        (f"{HEADER}\none,3,1e300,2006-04-01\n", "row 2, column share: 1e300; must be a number"),
        (f"{HEADER}\none,3,0.5,2006-04-01T10:00\n", "row 2, column from: 2006-04-01T10:00; must"),
        (f"{HEADER}\none,3,0.5,20060401\n", "row 2, column from: 20060401; must be a date such"),
        (f'{HEADER}\n"two\nlines",3,0.5,2006-04-01\ntwo,x,1,2006-04-01\n', "row 4, column people"),
    ],
)  # fmt: skip
def test_each_fault_is_one_line_with_the_row_of_the_file(tmp_path, content, says):
    found = problems(tmp_path, content)
    assert len(found) == 1, found
    assert found[0].startswith(says)


def test_blanks_after_all_commas_are_one_line_that_counts_them(tmp_path):
    spaced = ROW.replace(",", ", ")
    (found,) = problems(tmp_path, "\n".join([HEADER, *[spaced] * 1000]))
    assert found.startswith("row 2, column people: there are blanks around the value, and 2,999")


def test_problems_come_row_by_row_and_the_first_twenty_are_shown_with_a_count(tmp_path):
    content = "\n".join([HEADER, *["one,x,2,yesterday"] * 20_000])
    found = problems(tmp_path, content)
    assert len(found) == 60_000
    rows = [int(line.split(",")[0].removeprefix("row ")) for line in found]
    assert rows == sorted(rows)
    shown = str(InputError(found)).splitlines()
    assert len(shown) == 21
    assert shown[-1] == "and 59,980 more problems"


def test_a_value_in_a_message_is_cut(tmp_path):
    (found,) = problems(tmp_path, f"{HEADER}\none,{'9' * 5000},0.5,2006-04-01\n")
    assert found == f"row 2, column people: {'9' * 77}...; must be a whole number from 0 to 99"


@pytest.mark.parametrize("name", ["nowhere.csv", "folder.csv"])
def test_what_is_no_file_is_refused(tmp_path, name):
    (tmp_path / "folder.csv").mkdir()
    (found,) = read_table(tmp_path, name, SCHEMA).problems
    assert found == f"{name}: not found in {tmp_path}; this file is needed"


def test_what_one_reader_does_to_a_table_the_next_does_not_see(tmp_path):
    (tmp_path / "table.csv").write_text(f"{HEADER}\n{ROW}\n", encoding="utf-8")
    first = read_table(tmp_path, "table.csv", SCHEMA)
    first.report(2, "people", 3, "even")
    first.frame.loc[2, "people"] = 4
    second = read_table(tmp_path, "table.csv", SCHEMA)
    assert not second.problems
    assert not second.wrong
    assert second.frame.loc[2, "people"] == 3


def test_a_file_that_is_changed_is_read_anew_and_so_is_one_against_another_schema(tmp_path):
    assert not problems(tmp_path, f"{HEADER}\n{ROW}\n")
    assert problems(tmp_path, f"{HEADER}\n{ROW.replace('3', 'x')}\n")
    assert not problems(tmp_path, f"{HEADER}\n{ROW}\n")
    other = pa.DataFrameSchema({"name": text()}, strict=True)
    assert read_table(tmp_path, "table.csv", other).problems
