"""SQL over a store, read only: views `runs` and `months`, no other file and no way to write."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import duckdb
import pyarrow as pa

from simulation.errors import InputError

TOKENS = re.compile(
    r"""'(?:[^']|'')*' | "(?:[^"]|"")*" | --[^\n]* | /\*.*?\*/ | [A-Za-z_]\w*(?:\.\w+)*""",
    re.VERBOSE | re.DOTALL,
)
UNKNOWN = re.compile(r"""(?:column|table|Table with name|Function with name) "?([^\s"!]+)"?""")
MONTH_VIEW = """\
create view months as
select key, columns('^month[.](.*)$') as '\\1' from read_parquet({paths}, union_by_name=true{names})
where "month.date" is not null{others}"""
READ_ONLY = (
    "set autoinstall_known_extensions = false",
    "set autoload_known_extensions = false",
    "set python_enable_replacements = false",
    "set temp_directory = ''",
    "set enable_external_access = false",
    "set lock_configuration = true",
)
"""The files of the months are allowed before; after these nothing else can be reached."""


def select(sql: str, runs: pa.Table, shares: Mapping[Path, Collection[str] | None]) -> pa.Table:
    """Answer one SELECT.

    Parameters
    ----------
    sql : str
        Names with a dot that are columns of `runs`, such as hiring.strength, need no quotes, nor
        does the column `group` of `months`.
    runs : Table
        The view `runs`.
    shares : mapping of Path to collection of str or None
        Files that hold the months, and the runs to leave out of each because another file has
        them too.

    Raises
    ------
    InputError
        In one line, with the nearest names.
    FileNotFoundError
        If a file has gone meanwhile.
    """
    words = quoted(sql, runs.column_names)
    with duckdb.connect(":memory:") as connection:
        connection.register("runs", runs)
        try:
            _check_statement(connection, words)
            if re.search(r"\bmonths\b", words, re.IGNORECASE):
                _add_months(connection, shares)
            for setting in READ_ONLY:
                connection.execute(setting)
            return connection.sql(words).to_arrow_table()
        except duckdb.Error as error:
            gone = [path for path in shares if not path.exists()]
            if gone:
                raise FileNotFoundError(gone[0]) from error
            raise InputError(_line(error, sql, runs.column_names)) from error


def quoted(sql: str, names: Collection[str]) -> str:
    """Put quotes around names with a dot in them, and around `group` where it is a column."""
    known = {name.lower(): name for name in names if "." in name}

    def quote(match: re.Match[str]) -> str:
        word = match[0]
        head, _, tail = word.partition(".")
        if word.lower() in known:
            return f'"{known[word.lower()]}"'
        if tail.lower() in known:
            return f'{head}."{known[tail.lower()]}"'
        if tail.lower() == "group":
            return f'{head}."group"'
        is_clause = re.match(r"\s+by\b|\s*\(|\s+all\b", sql[match.end() :], re.IGNORECASE)
        return '"group"' if word.lower() == "group" and not is_clause else word

    return TOKENS.sub(quote, sql)


def names_in(sql: str) -> set[str]:
    """Return the names that SQL mentions, of those after the name of a view what follows too."""
    words = {match[0].strip('"') for match in TOKENS.finditer(sql) if match[0][0] not in "'-/"}
    return words | {word.partition(".")[2] for word in words if "." in word}


def _check_statement(connection: duckdb.DuckDBPyConnection, sql: str) -> None:
    statements = connection.extract_statements(sql)
    allowed = (duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN)
    if len(statements) != 1 or statements[0].type not in allowed:
        raise InputError(
            "sql: one select statement is allowed, got"
            f" {', then '.join(each.type.name.lower() for each in statements) or 'none'}; the store"
            " is only read here"
        )


def _add_months(
    connection: duckdb.DuckDBPyConnection, shares: Mapping[Path, Collection[str] | None]
) -> None:
    """Make the view of months over the files themselves, so that only what is asked is read."""
    paths = [str(path) for path in shares]
    if not paths:
        connection.execute(
            "create view months as select ''::text as key, null::timestamp as date,"
            ' null::text as "group" limit 0'
        )
        return
    doubles = [(str(path), key) for path, keys in shares.items() for key in keys or ()]
    if doubles:
        files, keys = zip(*doubles, strict=True)
        connection.register("doubles", pa.table({"file": files, "key": keys}))
    # A name is read as a pattern, and checked both as that and as what it stands for.
    patterns = [re.sub(r"([*?\[])", r"[\1]", path) for path in paths]
    listed, globs = (", ".join(map(_text, each)) for each in ([*paths, *patterns], patterns))
    connection.execute(f"set allowed_paths = [{listed}]")
    others = " and (filename, key) not in (select (file, key) from doubles)"
    connection.execute(
        MONTH_VIEW.format(
            paths=f"[{globs}]",
            names=", filename=true" if doubles else "",
            others=others if doubles else "",
        )
    )


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _line(error: duckdb.Error, sql: str, columns: Sequence[str]) -> str:
    """Say in one line what is wrong with the SQL, with the nearest names."""
    first = str(error).split("\n\nLINE ")[0].splitlines()[0]
    place = re.search(r"LINE \d+: .*", str(error))
    match = UNKNOWN.search(first)
    if match is None or "rror: Refer" not in first and "not exist" not in first:
        at = f" in: {' '.join(sql.split())[:80]}" if place else ""
        return f"sql: {first}{at}"
    unknown = match[1]
    dotted = re.search(rf"\b{re.escape(unknown)}\.[\w.]+", sql)
    if "table" in match[0] and dotted:
        unknown = dotted[0]
    candidates = re.findall(r'"([^"]+)"', str(error).partition("Candidate")[2])
    known = list(dict.fromkeys([*columns, "runs", "months", "date", "group", *candidates]))
    close = difflib.get_close_matches(unknown, known, n=3, cutoff=0.6)
    near = f"; did you mean {' or '.join(close)}?" if close else ""
    what = first.partition(": ")[2] if unknown == match[1] else f"there is no {unknown}"
    return f"sql: {what}{near}"
