"""CSV files as users bring them: one strict reader for all of them, each problem one line.

A file is UTF-8 and comma-separated, with a header in its first row and no row left blank. Rows are
numbered as in the file, the header being row 1; nothing is filled in, trimmed or dropped.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import pandas as pd
import pandera.pandas as pa

from simulation.errors import InputError, cut

OTHER_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars"}
MOST_TITLES = 50
"""Rows among which a header below titles is looked for."""
_NO_NUMBER = re.compile(r"[^0-9eE.+\-\n]")
"""Python and numpy read more than this as a number, such as 1_000, nan and digits of Tamil."""
_NO_TEXT = re.compile("[^\\t\\n\\r\\x20-\\x7e\\x85\\xa0-\U0010ffff]")
"""Control characters."""
LONGEST_WHOLE, LONGEST_NUMBER = 15, 40
"""Signs of a number in a cell; a whole number of more does not fit 64 bits."""
MOST_KEPT, LARGEST_KEPT = 64, 100_000
"""Tables that are kept as they were checked, and bytes of the largest: small ones are read by every
run, large ones once an area."""
Rows = list[tuple[int, list[str]]]


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
    is_whole : bool
        Whether every row of the file is in the frame, so that what is not there is nowhere.
    wrong : set of (int, str)
        Line and column of cells that were reported.
    """

    file: str
    frame: pd.DataFrame = field(default_factory=pd.DataFrame)
    problems: list[str] = field(default_factory=list)
    is_whole: bool = False
    wrong: set[tuple[object, str]] = field(default_factory=set)

    def report(self, line: object, column: str, value: object, allowed: str) -> None:
        """Add a problem with one cell."""
        self.wrong.add((line, column))
        self.add(cell_problem(line, column, value, allowed))

    def add(self, problem: str) -> None:
        """Add a problem of this file."""
        self.problems.append(f"{self.file}: {problem}")

    def copy(self) -> Table:
        """Return a table that can be changed for itself."""
        return Table(
            self.file, self.frame.copy(), self.problems.copy(), self.is_whole, self.wrong.copy()
        )

    def refuse(self, folder: Path) -> None:
        """Raise what is wrong with the file.

        Raises
        ------
        InputError
            One line a problem.
        """
        if self.problems:
            raise InputError(f"{folder / problem}" for problem in self.problems)


@dataclass(frozen=True)
class _Key:
    """A schema, which is itself what tables are kept by and not all that it says."""

    identity: int
    schema: pa.DataFrameSchema = field(compare=False)


def cell_problem(line: object, column: str, value: object, allowed: str) -> str:
    """Say in a line what is wrong with one cell."""
    shown = "(nothing)" if value == "" else cut(value)
    return f"row {line}, column {column}: {shown}; must be {allowed}"


def read_table(folder: Path, file: str, schema: pa.DataFrameSchema) -> Table:
    """Read a CSV file strictly and check it against its schema.

    It is read each time; a small one with the same content is checked once.

    Parameters
    ----------
    folder : Path
        Where the file is.
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
    if not (folder / file).is_file():
        table.add(f"not found in {folder}; this file is needed")
        return table
    try:
        content = (folder / file).read_bytes()
    except OSError as error:
        table.add(f"cannot be read ({error.strerror}); must be a CSV file")
        return table
    if len(content) > LARGEST_KEPT:
        return _checked(file, content, schema)
    return _kept(file, content, _Key(id(schema), schema)).copy()


@lru_cache(maxsize=MOST_KEPT)
def _kept(file: str, content: bytes, key: _Key) -> Table:
    """Return a table as it was checked the first time its content was met."""
    return _checked(file, content, key.schema)


def _checked(file: str, content: bytes, schema: pa.DataFrameSchema) -> Table:
    """Return the table that the content of a file is."""
    table = Table(file)
    try:
        rows = list(_records(content.decode("utf-8-sig")))
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        table.add(f"row {line}: byte {error.start} is not UTF-8; save the file as UTF-8")
    except _UnreadableError as error:
        table.add(str(error))
    else:
        _build_frame(table, rows, schema)
        if not table.frame.empty:
            _check_columns(table, schema)
    return table


class _UnreadableError(Exception):
    """A row that is no CSV."""


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    """Give the first line of every record, and its fields."""
    if found := _NO_TEXT.search(text):
        line = text.count("\n", 0, found.start()) + 1
        raise _UnreadableError(
            f"row {line}: holds a sign that is no text ({found[0]!r}); remove it"
        )
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    try:
        for record in reader:
            yield line, record
            line = reader.line_num + 1
    except csv.Error as error:
        raise _UnreadableError(
            f"row {line}: cannot be read as CSV ({error}); must be comma-separated, with quotes"
            " that are closed"
        ) from error


def _build_frame(table: Table, rows: Rows, schema: pa.DataFrameSchema) -> None:
    """Turn rows into a frame of strings, reporting those that are blank or of the wrong length."""
    while rows and not "".join(rows[-1][1]).strip():
        rows.pop()  # lines after the last row, as editors leave them
    if not rows:
        table.add("is empty; must have a header and at least one row")
        return
    if problem := _header_problem(rows, schema):
        table.add(problem)
        return
    header = [name.strip() for name in rows[0][1]]
    for name in sorted({name for name in header if header.count(name) > 1}):
        table.add(f"row 1, column {cut(name) or '(nothing)'}: appears twice; must be once")
    good = []
    for line, row in rows[1:]:
        if not "".join(row).strip():
            table.add(f"row {line}: is blank; remove it")
        elif len(row) != len(header):
            table.add(f"row {line}: {len(row)} fields; must be {len(header)} as in row 1")
        else:
            good.append((line, row))
    if not rows[1:]:
        table.add("has no rows; must have at least one below the header")
    _report_blanks(table, header, [rows[0], *good])
    if len(set(header)) == len(header):
        lines = pd.Index([line for line, _ in good], dtype="int64")
        cells = [[cell.strip() for cell in row] for _, row in good]
        table.frame = pd.DataFrame(cells, columns=header, index=lines, dtype=str)
        table.is_whole = bool(good) and len(good) == len(rows) - 1


def _header_problem(rows: Rows, schema: pa.DataFrameSchema) -> str:
    """Say why the first row is no header at all; nothing if it has one of the columns."""
    known = set(schema.columns)
    first = rows[0][1]
    if known & {name.strip() for name in first}:
        return ""
    for sign, name in OTHER_SEPARATORS.items():
        if len(known & {part.strip(' "') for part in ",".join(first).split(sign)}) > 1:
            return f"row 1: fields are separated by {name}; must be by commas"
    for line, row in rows[1:MOST_TITLES]:
        if len(known & {name.strip() for name in row}) > len(known) / 2:
            return f"row {line} is the header; must be row 1: remove what is above it"
    return f"row 1: is no header; must name the columns {', '.join(known_columns(schema))}"


def known_columns(schema: pa.DataFrameSchema) -> list[str]:
    """Return the columns a table must have."""
    return [name for name, column in schema.columns.items() if column.required]


def _report_blanks(table: Table, header: list[str], rows: Rows) -> None:
    """Say where there are blanks around a value: once a file, for there is seldom only one."""
    found = [
        (line, place)
        for line, row in rows
        # Joined first: a row is seldom wrong and there may be a million of them.
        if " " in (whole := "\0".join(row)) or "\t" in whole or not whole.isascii()
        for place, cell in enumerate(row)
        if cell != cell.strip()
    ]
    if found:
        line, place = found[0]
        more = f", and {len(found) - 1:,} more like it" if len(found) > 1 else ""
        table.add(
            f"row {line}, column {cut(header[place])}: there are blanks around the value{more};"
            " must be none beside commas"
        )


def _check_columns(table: Table, schema: pa.DataFrameSchema) -> None:
    """Validate lazily and put each failure in the reader's words, row by row."""
    frame = _with_plain_numbers(table.frame, schema)
    found: dict[tuple[int, str], str] = {}
    while True:
        try:
            valid = schema.validate(frame, lazy=True)
        except pa.errors.SchemaErrors as errors:
            failures = errors.failure_cases
        else:
            if len(valid) == len(table.frame):
                table.frame = valid
            break
        _note_failures(found, table.frame, schema, failures)
        # A value of the wrong type hides the range of its whole column: look again without it.
        of_type = failures["check"].astype(str).str.startswith("coerce_dtype")
        lines = failures.loc[of_type, "index"].dropna().astype(int).unique()
        if len(lines) == 0 or len(lines) == len(frame):
            break
        frame = frame.drop(index=lines)
    for _, problem in sorted(found.items(), key=lambda each: each[0][0]):
        table.add(problem)
    table.wrong |= found.keys()


def _with_plain_numbers(frame: pd.DataFrame, schema: pa.DataFrameSchema) -> pd.DataFrame:
    """Return a frame in which cells that only Python reads as numbers are empty, so refused."""
    plain = frame.copy()
    for name, column in schema.columns.items():
        if name not in frame or not str(column.dtype).startswith(("int", "float")):
            continue
        cells = frame[name]
        longest = LONGEST_WHOLE if str(column.dtype) == "int64" else LONGEST_NUMBER
        if _NO_NUMBER.search("\n".join(cells)) or cells.str.len().max() > longest:
            odd = cells.map(lambda cell: bool(_NO_NUMBER.search(cell)))
            plain[name] = cells.mask(odd | (cells.str.len() > longest), "")
    return plain


def _note_failures(
    found: dict[tuple[int, str], str],
    frame: pd.DataFrame,
    schema: pa.DataFrameSchema,
    failures: pd.DataFrame,
) -> None:
    """Note what pandera found, each cell once, under its line and column."""
    for check, case in zip(failures["check"], failures["failure_case"], strict=True):
        if check == "column_in_dataframe":
            allowed = schema.columns[case].description
            found[1, case] = f"row 1, column {case}: missing; must be {allowed}"
        elif check == "column_in_schema":
            known = ", ".join(schema.columns)
            found[1, case] = f"row 1, column {cut(case)}: unknown; must be one of {known}"
    cells = failures.dropna(subset="index")
    for column, lines in cells["index"].astype(int).groupby(cells["column"]):
        values, allowed = frame.loc[lines, column].tolist(), schema.columns[column].description
        for line, value in zip(lines.tolist(), values, strict=True):
            if (line, column) not in found:
                found[line, column] = cell_problem(line, column, value, allowed)
