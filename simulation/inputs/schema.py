"""The columns of an area folder's tables and the checks on them, each problem one line."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
import pandera.pandas as pa

from simulation.categories import AGE_BANDS, ETHNICITIES, LEVELS, SECTORS, SIZE_BANDS, STATES
from simulation.inputs.columns import column, one_of, text, unique_name

STATE_COLUMNS = STATES
QUALIFICATION_COLUMNS = tuple(f"qual_{level}" for level in LEVELS)
AGE_COLUMNS = tuple(f"age_{band}" for band in AGE_BANDS)
ETHNICITY_COLUMNS = tuple(f"eth_{group}" for group in ETHNICITIES)
IDENTITIES = (STATE_COLUMNS, QUALIFICATION_COLUMNS, AGE_COLUMNS, ETHNICITY_COLUMNS)
JOB_COLUMNS = tuple(f"jobs_{band}" for band in SIZE_BANDS)

_COUNT = "a whole number >= 0"


def _counts(names: tuple[str, ...]) -> dict[str, pa.Column]:
    return {name: column(int, _COUNT, pa.Check.ge(0)) for name in names}


def _measure(allowed: str, low: float, high: float, *, required: bool) -> pa.Column:
    return column(float, allowed, pa.Check.in_range(low, high), required=required)


WARDS = pa.DataFrameSchema(
    {
        "code": unique_name("a code"),
        "name": text(),
        "district": text(),
        "easting": _measure("metres", -1e7, 1e7, required=False),
        "northing": _measure("metres", -1e7, 1e7, required=False),
        "longitude": _measure("degrees from -180 to 180", -180, 180, required=False),
        "latitude": _measure("degrees from -90 to 90", -90, 90, required=False),
        "priority": one_of((0, 1)),
        "daf": column(int, "one of 0, 1", pa.Check.isin((0, 1)), required=False),
        "residents": column(int, "a whole number >= 1", pa.Check.ge(1)),
        **_counts(sum(IDENTITIES, ())),
        "deprivation": _measure("a number", -1e9, 1e9, required=False),
    },
    strict=True,
)
JOBS = pa.DataFrameSchema(
    {"ward": text(), "sector": one_of(SECTORS), **_counts(JOB_COLUMNS)}, strict=True
)
COMMUTING = pa.DataFrameSchema(
    {"home": text(), "work": text(), **_counts(("people",))}, strict=True
)
JOINT = pa.DataFrameSchema(
    {
        "age": one_of(AGE_BANDS),
        "ethnicity": one_of(ETHNICITIES),
        "qualification": one_of(LEVELS),
        "state": one_of(STATES),
        "people": _measure("a number >= 0", 0, 1e12, required=True),
    },
    strict=True,
)


@dataclass
class Table:
    """A CSV file as read: its rows by line number, and what is wrong with it.

    Attributes
    ----------
    file : str
        Name of the file within the folder.
    frame : DataFrame
        Rows that have the right number of fields; the index is the line in the file.
    problems : list of str
        One line a problem.
    """

    file: str
    frame: pd.DataFrame = field(default_factory=pd.DataFrame)
    problems: list[str] = field(default_factory=list)

    def report(self, line: object, column: str, value: object, allowed: str) -> None:
        """Add a problem with one cell."""
        shown = "(nothing)" if value == "" else value
        self.add(f"row {line}, column {column}: {shown}; must be {allowed}")

    def add(self, problem: str) -> None:
        """Add a problem of this file, once however often it is found."""
        if (line := f"{self.file}: {problem}") not in self.problems:
            self.problems.append(line)


def read_table(folder: Path, file: str, schema: pa.DataFrameSchema) -> Table:
    """Read a CSV file strictly and check it against its schema.

    Parameters
    ----------
    folder : Path
        The area folder.
    file : str
        Name of the file in it.
    schema : DataFrameSchema
        Columns, types and ranges.

    Returns
    -------
    Table
        With typed columns when there are no problems; strings where there are.
    """
    table = Table(file)
    try:
        with open(folder / file, encoding="utf-8-sig", newline="") as handle:
            reader = csv.reader(handle, strict=True)
            rows = [(reader.line_num, row) for row in reader if row]
    except FileNotFoundError:
        table.problems.append(f"{file}: not found in {folder}; an area needs this file")
        return table
    except UnicodeDecodeError as error:
        table.problems.append(f"{file}: byte {error.start} is not UTF-8; save the file as UTF-8")
        return table
    except (csv.Error, OSError) as error:
        table.problems.append(f"{file}: cannot be read as CSV ({error}); must be comma-separated")
        return table
    _build_frame(table, rows)
    if not table.frame.empty or not table.problems:
        _check_columns(table, schema)
    return table


def _build_frame(table: Table, rows: list[tuple[int, list[str]]]) -> None:
    """Turn rows into a frame of strings, reporting those of the wrong length."""
    if not rows:
        table.problems.append(f"{table.file}: is empty; must have a header and at least one row")
        return
    header = [name.strip() for name in rows[0][1]]
    for name in sorted({name for name in header if header.count(name) > 1}):
        table.problems.append(f"{table.file}: row 1, column {name}: appears twice; must be once")
    good = []
    for line, row in rows[1:]:
        if len(row) == len(header):
            good.append((line, [cell.strip() for cell in row]))
        else:
            table.problems.append(
                f"{table.file}: row {line}: {len(row)} fields; must be {len(header)} as in row 1"
            )
    if not rows[1:]:
        table.problems.append(f"{table.file}: has no rows; must have at least one below the header")
    if len(set(header)) == len(header):
        lines = pd.Index([line for line, _ in good], dtype="int64")
        table.frame = pd.DataFrame([row for _, row in good], columns=header, index=lines, dtype=str)


def _check_columns(table: Table, schema: pa.DataFrameSchema) -> None:
    """Validate lazily and put each failure in the reader's words."""
    frame = table.frame
    while True:
        try:
            valid = schema.validate(frame, lazy=True)
        except pa.errors.SchemaErrors as errors:
            failures = errors.failure_cases
        else:
            if len(valid) == len(table.frame):
                table.frame = valid
            return
        for failure in failures.itertuples():
            _report_failure(table, schema, failure)
        # A value of the wrong type hides the range of its whole column: look again without it.
        of_type = failures["check"].astype(str).str.startswith("coerce_dtype")
        lines = failures.loc[of_type, "index"].dropna().astype(int).unique()
        if len(lines) == 0 or len(lines) == len(frame):
            return
        frame = frame.drop(index=lines)


def _report_failure(table: Table, schema: pa.DataFrameSchema, failure) -> None:
    """Report one pandera failure."""
    if failure.check == "column_in_dataframe":
        allowed = schema.columns[failure.failure_case].description
        table.add(f"row 1, column {failure.failure_case}: missing; must be {allowed}")
    elif failure.check == "column_in_schema":
        known = ", ".join(schema.columns)
        table.add(f"row 1, column {failure.failure_case}: unknown; must be one of {known}")
    elif pd.notna(failure.index):
        line = int(failure.index)
        value = table.frame.at[line, failure.column]
        table.report(line, failure.column, value, schema.columns[failure.column].description)
    elif not str(failure.check).startswith(("coerce_dtype", "dtype")) and not table.problems:
        table.add(f"column {failure.column}: {failure.failure_case} ({failure.check})")
