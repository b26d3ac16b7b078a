"""Bad inputs made by kind, and what a command makes of each: one line, exit code 2, nothing else.

`python -m tests.bad_inputs` gives every one to the command, as part of `make attack`, or those of
the kinds that are named after it; the tests take a sample.
"""

from __future__ import annotations

import contextlib
import io
import json
import logging
import re
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from experiments.command import main
from simulation.config.listing import list_schemas
from simulation.errors import MOST_LINES
from simulation.inputs.shipped import CONF

RUN = ("run", "area=two_towns", "regime=aligned", "output=here")
COMPARE = ("compare", "compare=own", "area=two_towns", "weeks=4", "output=here")
STUDY = ("study", "experiment=ishigami", "output=here", "launcher=in_process")
LONGEST_LINE = 2000
OF_PYTHON = re.compile(
    r"Traceback|NoneType|object has no attribute|invalid literal|not subscriptable|unhashable"
    r"|out of range$|KeyError|TypeError|ValueError|Errno|codec can't|positional|--debug shows"
    r"|unicode string|<class|__\w+__|list index"
)
"""Words of Python's, with which no user can do anything."""


@dataclass(frozen=True)
class BadInput:
    """One thing done wrong.

    Attributes
    ----------
    kind, name : str
        Which sort of mistake, and which of that sort.
    words : tuple of str
        Of the command.
    files : mapping of str to bytes
        Beside which it is given, by path.
    says : str
        What its line must hold.
    lines : int
        How many lines it may give: one, but where one mistake is several faults.
    """

    kind: str
    name: str
    words: tuple[str, ...]
    files: Mapping[str, bytes] = field(default_factory=dict)
    says: str = ""
    lines: int = 1


def fault_of(case: BadInput) -> str:
    """Give a bad input in an empty folder; say what was wrong with the answer, if anything was."""
    with tempfile.TemporaryDirectory() as place, contextlib.chdir(place):
        for name, data in case.files.items():
            Path(name).parent.mkdir(parents=True, exist_ok=True)
            Path(name).write_bytes(data)
        before = _contents(Path())
        code, text = answer_to(case.words)
        after = _contents(Path())
    lines = text.splitlines()
    faults = [
        (code != 2, f"exit code {code}"),
        (not lines, "says nothing"),
        (len(lines) > min(case.lines, MOST_LINES + 1), f"{len(lines)} lines"),
        (bool(OF_PYTHON.search(text)), "Python's words"),
        (not text.replace("\n", "").isprintable(), "what is not printable"),
        (max(map(len, lines), default=0) > LONGEST_LINE, "a line too long"),
        (case.says not in text, f"does not say {case.says!r}"),
        (after != before, f"wrote {sorted(after.keys() ^ before.keys()) or 'over a file'}"),
    ]
    found = [said for is_wrong, said in faults if is_wrong]
    return f"{case.kind}, {case.name}: {', '.join(found)}: {text[:600]}" if found else ""


def _contents(folder: Path) -> dict[str, bytes]:
    """Return the files of a folder; of folders, that they are there."""
    return {
        path.as_posix(): path.read_bytes() if path.is_file() else b"" for path in folder.rglob("*")
    }


def answer_to(words: tuple[str, ...]) -> tuple[int, str]:
    """Give words to the command here; return its exit code and what it said on standard error."""
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    logging.getLogger().addHandler(handler)
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(text):
            code = main(words)
    finally:
        logging.getLogger().removeHandler(handler)
    return code, text.getvalue()


def _keys() -> Iterator[BadInput]:
    """Names of parameters misspelt in three ways, and words that name nothing."""
    names = [name for name, _ in list_schemas()]
    for number, name in enumerate(names[::9]):
        group, dot, last = name.rpartition(".")
        middle = len(last) // 2
        spelt = (last[:middle] + last[middle + 1 :], last + "s_", "x" + last)[number % 3]
        if f"{group}{dot}{spelt}" not in names:
            yield BadInput("keys", name, (*RUN, f"{group}{dot}{spelt}=1"), says="not a parameter")
    for word, says in (
        ("foo.bar.baz=1", "foo.bar.baz is not a parameter"),
        ("+luck=7", "luck is not a parameter"),
        ("~weeks", "nothing can be taken out"),
        ("weeks", "cannot be read"),
        ("=5", "is not a parameter"),
        ("weeks==5", ""),
        ("weeks=5=6", "weeks"),
        ("hiring.strength.deeper=1", "hiring.strength.deeper is not a parameter"),
        ("a" * 5000 + "=1", "is not a parameter"),
        ("seed=1 seed=2", "seed"),
        ("hydra/launcher=basic", "give launcher=NAME"),
        ("--nosuch", "no such flag"),
        ("--cfg=nope", "must be one of job, hydra, all"),
        ("--info=nope", "must be one of all"),
        ("--config-dir=nowhere", "no such folder"),
        ("weeks=" + "[" * 3000 + "]" * 3000, "too many brackets"),
        ("weeks=" + "9" * 200_000, "too long"),
        ("arms.one=[seed=1]", "arms.one is not a parameter"),
        ("hiring=rankin", "did you mean ranking?"),
        ("interventions=[outreech]", "did you mean outreach?"),
        ("interventions={outreach: 1}", "write interventions=NAME"),
        ("economy=[deep]", "write economy=NAME"),
        ("economy=leeds", "no such choice"),
    ):  # fmt: skip
        yield BadInput("keys", word[:40], (*RUN, word), says=says)
    for first, second in (("seed=1", "seed=2"), ("weeks=4", "+weeks=5"), ("hiring=random",) * 2):
        yield BadInput("keys", f"{first} {second}", (*RUN, first, second), says="is given twice")
    for flag in ("--cfg", "-c", "--info", "--config-dir"):
        yield BadInput("keys", f"{flag} without a value", (*RUN, flag), says=f"{flag}: needs")
    for word, says in (
        ("arms.x=[baseline=y]", "arm x: baseline is not a parameter"),
        ("arms.x=[factors=[a]]", "arm x: factors is not a parameter"),
        ("arms.x=[hydra.run.dir=a]", "arm x: hydra.run.dir=a: is not used here"),
        ("arms.x=[arms.y=[weeks=1]]", "arm x: arms.y is not a parameter"),
        ("arms.x=[seeds=3]", "arm x: seeds is not a parameter"),
        ("arms.x=[weeks]", "arm x: 'weeks' cannot be read"),
        ("arms.x=[hiring=random,hiring=ranking]", "arm x: hiring= is given twice"),
        ("arms.x=5", "arms.x"),
        ("arms=5", "arms"),
    ):
        yield BadInput("keys", word, (*COMPARE, word), says=says)


def _numbers() -> list[tuple[str, dict[str, Any]]]:
    """Return the parameters that are one number, with what is allowed."""
    return [
        (name, said) for name, said in list_schemas() if said.get("type") in ("number", "integer")
    ]


def _types() -> Iterator[BadInput]:
    """Words, lists, mappings, truth and nothing for numbers, and the like for other kinds."""
    for number, (name, _) in enumerate(_numbers()[::6]):
        values = ("many", "true", "[1,2]", "{a: 1}", "null", "'1 000'", "2006-05-01")
        value = values[number % len(values)]
        yield BadInput("types", f"{name}={value}", (*RUN, f"{name}={value}"), says=name)
    for word in (
        "beyond=perhaps", "beyond=[hold]", "regime.name=5", "hiring.rule=luck",
        "hiring.rule=[ranking]", "area.name=null", "area.name=[a]", "area.folder=[a]",
        "economy.file=5", "economy.events=5", "economy.events=[5]", "economy.events=[[1]]",
        "economy.events=[{kind: closure}]", "employers.quit_rate=0.5",
        "employers.quit_rate=[0.1,0.1,0.1]", "employers.quit_rate=[0.1,0.1,0.1,many]",
        "employers.quit_rate=[0.1,0.1,0.1,true]", "employers.quit_rate=[[0.1],0.1,0.1,0.1]",
        "benefits.risk=[1,2,3]", "interventions.outreach.active=perhaps",
        "interventions.outreach.groups=[jsa]", "interventions.outreach.groups=5",
        "interventions.outreach.wards=[[M1]]", "interventions.outreach.wards=5",
        "partnership.behaviours=5", "own=5", "seed=one", "seed=-1", "seed=1.5", "seed=[1]",
        "seed=9999999999999999999999", "events=perhaps", "overwrite=5",
    ):  # fmt: skip
        says = "event" if word.startswith("economy.events") else word.partition("=")[0]
        yield BadInput("types", word, (*RUN, word), says=says, lines=4)
    for word in ("seeds=0", "seeds=[1,1]", "seeds=[[1]]", "seeds=many", "processes=0",
                 "baseline=nobody", "launcher.name=cloud", "launcher=cloud"):  # fmt: skip
        words = (*COMPARE, "arms.one=[]", word)
        yield BadInput("types", word, words, says=word.partition("=")[0].partition(".")[0], lines=2)
    for word in ("sizes={small: 5}", "sizes=5", "size=huge", "samples=0", "samples=many",
                 "method=guess", "factors=5", "factors={x1: 5}", "factors=[nobody]",
                 "factors={x1: {low: 3, high: 1}}", "outcomes=[nobody]", "outcomes=5",
                 "fixed=5", "fixed={nobody: 1}", "better={y: sideways}", "baseline=5",
                 "policies=nobody", "model=nobody", "levels=1", "half_width=0",
                 "emulator=guess", "design_seed=0"):  # fmt: skip
        yield BadInput("types", word, (*STUDY, word), lines=3)


def _ranges() -> Iterator[BadInput]:
    """Numbers below and above what is allowed, no numbers, and numbers out of all reason."""
    for number, (name, said) in enumerate(_numbers()[::3]):
        low = said.get("minimum", said.get("exclusiveMinimum"))
        high = said.get("maximum", said.get("exclusiveMaximum"))
        values = [".nan", "1e300", "-1e300"]
        values += [] if low is None else [f"{low - 1:g}"]
        values += [] if high is None else [f"{high * 2 + 1:g}"]
        value = values[number % len(values)]
        yield BadInput("ranges", f"{name}={value}", (*RUN, f"{name}={value}"), says=name)
    for word in (
        "hiring.strength=1e308",
        "closure.response=1e300",
        "funding.grant_advance_weeks=1e300",
        "hiring.attitude=[1e300,0,0,0,0]",
        "weeks=1e12",
        "population.newcomer_ability=9",
        "benefits.risk=[[1,1,1,-1],[1,1,1,1],[1,1,1,1]]",
        "benefits.risk=[[0,0,0,0],[1,1,1,1],[1,1,1,1]]",
        "population.child_age_weights=[0,0,0,0]",
    ):
        # A list has as many wrong values as it is long.
        yield BadInput("ranges", word, (*RUN, word), says=word.partition("=")[0], lines=7)
    words = (*RUN, "interventions.outreach.min_age=60", "interventions.outreach.max_age=50")
    yield BadInput("ranges", "ages", words, says="max_age must be above min_age")
    words = (*RUN, "population.p_level_below=0.9", "population.p_level_above=0.2")
    yield BadInput("ranges", "shares of a whole", words, says="must add up to at most 1")


def _dates() -> Iterator[BadInput]:
    """Days that are none, days with times, days outside of the tables, and dates in no order."""
    days = ("2006-13-01", "2006-02-30", "01/05/2006", "9999-12-31", "0001-01-01", "5", "1e9",
            "2006-05-01T10:00", "'2006-05-01 10:00:00'", "20060501", "2006-W18-1", "yesterday",
            "2006-5-1", "null", "true", "[2006-05-01]")  # fmt: skip
    for day in days:
        yield BadInput("dates", f"start={day}", (*RUN, f"start={day}"), says="start")
    for day in days[:13]:
        words = (*RUN, "interventions=[outreach]", f"interventions.outreach.start={day}")
        yield BadInput("dates", f"outreach.start={day}", words, says="outreach.start")
    event = "{{kind: closure, ward: {}, sector: {}, jobs: {}, date: {}}}"
    for given in (
        ("M1", "retail", 5, "2006-06-01T10:00"), ("M1", "retail", 5, "20060601"),
        ("M1", "retail", 5, "soon"), ("M1", "retail", 5, 5), ("Z9", "retail", 5, "2006-06-01"),
        ("[M1]", "retail", 5, "2006-06-01"), ("M1", "steel", 5, "2006-06-01"),
        ("M1", "[retail]", 5, "2006-06-01"), ("M1", "retail", "1e300", "2006-06-01"),
        ("M1", "retail", -5, "2006-06-01"), ("M1", "retail", "many", "2006-06-01"),
        ("{a: 1}", "retail", 5, "2006-06-01"), ("M1", "retail", 5, "2006-04-30"),
        ("M1", "retail", 5, "2011-06-01"),
    ):  # fmt: skip
        word = f"economy.events=[{event.format(*given)}]"
        yield BadInput("dates", word, (*RUN, "weeks=4", word), says="entry 1", lines=2)
    for words, says in (
        (("start=2015-01-05", "weeks=4"), "benefits.rules rules_2006 ends on 2012-04-08"),
        (("start=2005-01-03", "weeks=4"), "benefits.rules rules_2006 begins on 2006-04-10"),
        (("weeks=400",), "benefits.rules rules_2006 ends on 2012-04-08"),
        (("weeks=4", "economy=recession_2008", "start=2012-12-03"), "ends on"),
        (("interventions.outreach.start=2008-01-01", "interventions.outreach.end=2007-01-01"),
         "end must be after start 2008-01-01"),
        (("weeks=4", "interventions=[work_trial]", "interventions.work_trial.end=2006-01-01"),
         "must be after the run's first day"),
        (("weeks=4", "interventions=[temporary_jobs]"), "must be no later than"),
    ):  # fmt: skip
        # A run can leave every table it reads, and every stream, by the same word.
        yield BadInput("dates", " ".join(words), (*RUN, *words), says=says, lines=8)


TABLES = {
    "wards": ("area/two_towns/wards.csv", "residents", "640"),
    "jobs": ("area/two_towns/jobs.csv", "jobs_10_49", "45"),
    "commuting": ("area/two_towns/commuting.csv", "people", "180"),
    "economy": ("economy/recession_2008.csv", "index", "1.0631"),
    "streams": ("funders/two_towns.csv", "discretion", ",1,"),
    "amounts": ("funders/two_towns_amounts.csv", "amount_gbp", "1500"),
    "types": ("providers/types.csv", "radius_km", None),
}
"""Shipped tables, a column of numbers of each and a value of its first row."""


def _spoilt(text: str, column: str) -> Iterator[tuple[str, bytes, str]]:
    """Give each way to spoil a table: its name, the content, what the line must say."""
    head, first, *rest = text.splitlines()
    rows = "\n".join([first, *rest, ""])
    place = head.split(",").index(column)
    cells = first.split(",")

    def with_cell(value: str) -> bytes:
        spoilt = ",".join([*cells[:place], value, *cells[place + 1 :]])
        return "\n".join([head, spoilt, *rest, ""]).encode()

    yield (
        "a comma at the end of a row",
        f"{head}\n{first},\n".encode() + "\n".join([*rest, ""]).encode(),
        "row 2: ",
    )
    yield (
        "a blank row",
        f"{head}\n{first}\n\n".encode() + "\n".join([*rest, ""]).encode(),
        "row 3: is blank",
    )
    yield "blanks beside commas", text.replace(",", ", ").encode(), "there are blanks"
    yield "titles above", f"Our table\n\n{text}".encode(), "row 3 is the header"
    yield "semicolons", text.replace(",", ";").encode(), "separated by semicolons"
    yield "tabs", text.replace(",", "\t").encode(), "separated by tabs"
    yield "no header", rows.encode(), "is no header"
    yield "a column missing", text.replace(column, "", 1).encode(), ""
    yield "a column unknown", text.replace(column, "luck", 1).encode(), "luck: unknown"
    yield "a column twice", text.replace(column, head.split(",")[0], 1).encode(), "appears twice"
    yield "empty", b"", "is empty"
    yield "only a header", f"{head}\n".encode(), "has no rows"
    yield "a quote not closed", f'{head}\n"{rows}'.encode(), "row 2: cannot be read as CSV"
    yield "not UTF-8", f"{head}\n".encode() + b"\xff\xfe" + rows.encode(), "is not UTF-8"
    yield "a zero byte", f"{head}\n\0".encode() + rows.encode(), ""
    yield "a word for a number", with_cell("many"), f"row 2, column {column}: many; must be"
    yield "nothing for a number", with_cell(""), f"row 2, column {column}: (nothing); must be"
    yield "out of all reason", with_cell("1e300"), f"row 2, column {column}: 1e300; must be"
    yield "below nothing", with_cell("-1e9"), f"row 2, column {column}: -1e9; must be"
    yield "not a number", with_cell("nan"), f"row 2, column {column}: nan; must be"


def _csv() -> Iterator[BadInput]:
    """Every shipped table spoilt in every way."""
    area = {
        f"mine/{name}.csv": (CONF / "area" / "two_towns" / f"{name}.csv").read_bytes()
        for name in ("wards", "jobs", "commuting")
    }
    streams = {
        f"mine/{name}.csv": (CONF / "funders" / f"{stem}.csv").read_bytes()
        for name, stem in (("streams", "two_towns"), ("streams_amounts", "two_towns_amounts"))
    }
    for name, (path, column, _) in TABLES.items():
        for fault, data, says in _spoilt((CONF / path).read_text(encoding="utf-8"), column):
            if name in ("wards", "jobs", "commuting"):
                files, words = area | {f"mine/{name}.csv": data}, ("area.folder=mine",)
            elif name in ("streams", "amounts"):
                file = "streams" if name == "streams" else "streams_amounts"
                files = streams | {f"mine/{file}.csv": data}
                words = ("funding.table=mine/streams.csv",)
            else:
                files = {f"mine/{name}.csv": data}
                key = "economy.file" if name == "economy" else "providers.types"
                words = (f"{key}=mine/{name}.csv",)
            yield BadInput(
                "CSV", f"{name}: {fault}", (*RUN, "weeks=4", *words), files, says,
                # A table that cannot be read leaves its own rows and those that name them open.
                lines=MOST_LINES + 1 if fault in SEVERAL else 3,
            )  # fmt: skip


SEVERAL = ("not UTF-8", "a zero byte", "a column twice", "a column missing", "a column unknown")
"""Faults of a table that are faults of many of its cells, or of those of another table, too."""

BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{new}: &{new} [{','.join([f'*{old}'] * 9)}]\n"
    for old, new in zip("abcdefghi", "bcdefghij", strict=True)
)
YAML_FAULTS = {
    "aliases within aliases": (BOMB, "its aliases stand for more than"),
    "an alias of itself": ("a: &a [*a]\n", "its aliases stand for more than"),
    "too deep": ("a: " + "[" * 5000 + "]" * 5000, "levels within one another"),
    "too large": ("a: 1 # " + "x" * 2_100_000, "is too large"),
    "a tab": ("a:\n\t- 1\n", "row 2: cannot be read as YAML"),
    "a bracket open": ("a: [1\n", "cannot be read as YAML"),
    "a key twice": ("a: 1\na: 2\n", "repeated key a"),
    "a command": ("!!python/object/apply:os.system ['touch hacked']\n", "cannot be read as YAML"),
    "two documents": ("a: 1\n---\na: 2\n", "cannot be read as YAML"),
    "no such day": ("from: 2006-13-45\n", "cannot be read as YAML"),
    "a list for a key": ("{[1]: 2}\n", "cannot be read as YAML"),
    "a zero byte": ("a: \0\n", "cannot be read as YAML"),
}


def _yaml() -> Iterator[BadInput]:
    """Files of tariffs, of benefit rules and of choices that are no YAML, or none to be read."""
    for fault, (text, says) in YAML_FAULTS.items():
        files = {"mine/own.yaml": text.encode()}
        for key in ("regime.prime_terms", "benefits.rules"):
            words = (*RUN, "weeks=4", f"{key}=mine/own.yaml")
            words = tuple(word.replace("aligned", "prime_contractor") for word in words)
            yield BadInput("YAML", f"{key}: {fault}", words, files, says)
        words = (*RUN, "weeks=4", "--config-dir=mine", "hiring=own")
        yield BadInput(
            "YAML", f"--config-dir: {fault}", words, {"mine/hiring/own.yaml": text.encode()}, says
        )
    tariff = (CONF / "tariffs" / "work_programme.yaml").read_text(encoding="utf-8")
    rules = (CONF / "benefits" / "rules_2006.yaml").read_text(encoding="utf-8")
    for name, text, key, says in (
        ("a time", tariff.replace("2011-06-01", "2011-06-01 10:00:00", 1), "terms", "valid date"),
        ("a list", "- 1\n", "terms", "tariff"),
        ("empty", "", "terms", "tariff"),
        ("a word for a number", tariff.replace("job_weeks: ", "job_weeks: x", 1), "terms", ""),
        ("infinite", "description: a\nsource: b\nconfidence: low\nfrom: 2006-01-01\nkind: results\n"
         "fees: {all: {attachment: .inf, job: 1, sustainment_total: 0, n_sustainment: 0}}\n",
         "terms", "attachment"),
        ("a time", rules.replace("from: 2006-04-10, value: 45.50", "from: 2006-04-10 10:00:00,"
         " value: 45.50"), "rules", "valid date"),
        ("without its years", rules.replace("covers:", "hides:"), "rules", "covers is missing"),
        ("out of reason", rules.replace("value: 45.50", "value: 1e300"), "rules", "100000"),
        ("nothing in it", "covers: {from: 2006-04-10, until: 2012-04-09}\n", "rules", "no benefit"),
        ("empty", "", "rules", "table"),
    ):  # fmt: skip
        word = "regime.prime_terms=own.yaml" if key == "terms" else "benefits.rules=own.yaml"
        words = ("run", "area=two_towns", "regime=prime_contractor", "weeks=4", "output=here", word)
        yield BadInput("YAML", f"{key}: {name}", words, {"own.yaml": text.encode()}, says, lines=3)


def _paths() -> Iterator[BadInput]:
    """Files that are not there, folders for files, names no file can have."""
    keys = ("economy.file", "area.folder", "area.boundaries", "funding.table", "providers.table",
            "providers.types", "benefits.rules", "regime.prime_terms",
            "employers.pay_path")  # fmt: skip
    names = {
        "missing": "nowhere.csv",
        "a folder": "folder",
        "of nobody": "~nobody_of_this_name/x.csv",
        "through a file": "file/x.csv",
        "too long": "x" * 5000,
        "with a line end": "'a\nb.csv'",
        "with an escape": "'\x1b[31mred.csv'",
        "empty": "''",
    }
    files = {"folder/x": b"", "file": b"mine"}
    for key in keys:
        regime = "prime_contractor" if key.startswith("regime") else "aligned"
        for name, path in names.items():
            words = ("run", "area=two_towns", f"regime={regime}", "weeks=4", "output=here")
            yield BadInput("paths", f"{key}: {name}", (*words, f"{key}={path}"), files, lines=3)
    for path in ("file/here", "x" * 5000, "''", "' '", "."):
        words = ("run", "area=two_towns", "weeks=4", f"output={path}")
        yield BadInput("paths", f"output={path[:20]!r}", words, files)
    for word in ("own=[nowhere.py]", "own=[file]", "own=[folder]", "own=[1]", "own=a.py,b.py"):
        yield BadInput("paths", word, (*RUN, "weeks=4", word), files)
    yield BadInput("paths", "no folder", ("area", "check"), says="folder= is missing")
    yield BadInput("paths", "no such folder", ("area", "check", "folder=nowhere"), says="no such")
    yield BadInput("paths", "no data", ("area", "import", "data=nowhere"), lines=2, says="data=")


def _sql() -> Iterator[BadInput]:
    """Queries that are none, that would write or reach out, and stores there are not."""
    store = _store()
    for text in (
        "selec 1", "select", "select nobody from runs", "select * from nobody", "drop table runs",
        "delete from runs", "insert into runs values (1)", "create table t (a int)",
        "copy runs to 'out.csv'", "attach 'x.db'", "install httpfs", "load httpfs",
        "select * from read_csv('/etc/passwd')", "select * from '/etc/passwd'",
        "select 1; select 2", "pragma database_list", "set memory_limit='1TB'", "select '", "--",
        "export database 'out'", "select getenv('HOME')", "",
    ):  # fmt: skip
        yield BadInput(
            "SQL", text or "nothing", ("runs", "query", "store=store", f"sql={text}"), store
        )
    for text in ("x1 >", "nobody = 1", "1; drop table runs", "x1 = 'a", "x1 > (select", ")"):
        yield BadInput(
            "SQL", f"where={text}", ("runs", "list", "store=store", f"where={text}"), store
        )
    for command in ("list", "check", "query", "show", "export"):
        words = ("runs", command, "store=nowhere")
        words += {"query": ("select 1",), "show": ("3f2a",), "export": ("output=out.csv",)}.get(
            command, ()
        )
        yield BadInput("SQL", f"runs {command} without a store", words, says="nowhere")
    yield BadInput("SQL", "no such run", ("runs", "show", "store=store", "ffffffff"), store)


_STORES: list[dict[str, bytes]] = []


def _store() -> dict[str, bytes]:
    """Return the files of a store of a few runs, made once."""
    if not _STORES:
        with tempfile.TemporaryDirectory() as place, contextlib.chdir(place):
            code, text = answer_to((*STUDY, "samples=8", "page=false", "store=store"))
            assert code == 0, text
            shutil.rmtree("here")
            _STORES.append({k: v for k, v in _contents(Path()).items() if Path(k).is_file()})
    return _STORES[0]


def _names() -> Iterator[BadInput]:
    """Text where a name is wanted: of arms, of areas, of recipes, of studies."""
    for name in ("../up", "a/b", "<b>", "$x$", "a b", "é", "a{b}", "-a", ".a", "\x1b[31m", "a\nb"):
        yield BadInput("names", f"arm {name!r}", (*COMPARE, f"'arms.{name}'=[]"))
    config = {"arms": {"<script>": []}}
    yield BadInput("names", "arms as a mapping", (*COMPARE, f"arms={json.dumps(config['arms'])}"))
    recipe = (CONF / "import" / "bcbc.yaml").read_text(encoding="utf-8")
    for name in ("../up", "a/b", "", "x" * 100, "<b>"):
        words = ("area", "import", "data=.", "evidence=.", "--config-dir=mine", "recipe=own")
        file = recipe.replace("name: bcbc", f"name: {json.dumps(name)}", 1)
        yield BadInput(
            "names", f"recipe {name[:10]!r}", words, {"mine/import/own.yaml": file.encode()},
            says="import recipe: name",
        )  # fmt: skip
    for place in ("Atlantis", "not:Atlantis", "M1|Atlantis", "'<b>'", "'$M1$'", "''"):
        words = (*RUN, "weeks=4", f"interventions.work_trial.wards={place}")
        yield BadInput("names", f"wards {place}", words, says="interventions.work_trial.wards")
    for regime in ("none", "aligned"):
        words = ("run", "area=two_towns", f"regime={regime}", "weeks=4", "output=here")
        word = "interventions.outreach.wards=[Atlantis]"
        yield BadInput("names", f"{regime}: {word}", (*words, word), says="Atlantis")
    words = ("run", "area=two_towns", "weeks=4", "output=here", "interventions=[outreach]")
    yield BadInput("names", "outreach without a regime", words, says="regime=none has none")
    for name, more, says in (
        ("a funder there is not", ["belief.local_funders=[nobody]"], "there is no funder 'nobody'"),
        ("information of the known", ["belief=known", "information=[rating]"], "belief=learnt"),
        (
            "information too late",
            ["information=[rating]", "information.rating.start=2012-01-01"],
            "information.rating.start",
        ),
        ("no such information", ["information=[ratings]"], "did you mean rating?"),
    ):
        yield BadInput("names", name, (*RUN, "weeks=4", *more), says=says)
    words = ("run", "area=two_towns", "information=[rating]", "weeks=4", "output=here")
    yield BadInput("names", "information without a regime", words, says="set regime=NAME")
    words = (*RUN, "weeks=4", "interventions=[in_work_training]",
             "interventions.in_work_training.groups=[ib_esa]")  # fmt: skip
    yield BadInput("names", "nobody it can help", words, says="allowed: employed")
    words = ("run", "area=bare_market", "weeks=4", "output=here", "interventions=[outreach]",
             "interventions.outreach.wards=priority")  # fmt: skip
    yield BadInput("names", "nobody to help", words, says="interventions.outreach", lines=2)


KINDS: dict[str, Callable[[], Iterator[BadInput]]] = {
    "keys": _keys,
    "types": _types,
    "ranges": _ranges,
    "dates": _dates,
    "CSV": _csv,
    "YAML": _yaml,
    "paths": _paths,
    "SQL": _sql,
    "names": _names,
}
"""What makes the bad inputs of each kind."""


if __name__ == "__main__":
    counts: Counter[str] = Counter()
    for kind in sys.argv[1:] or KINDS:
        for each in KINDS[kind]():
            fault = fault_of(each)
            counts[f"{kind}: {'not as it must be' if fault else 'one line, exit code 2'}"] += 1
            if fault:
                print(fault, flush=True)
    for came, number in counts.items():
        print(f"{number:>4}  {came}")
    sys.exit(any("not as" in came for came in counts))
