"""`pathfinder parameters`: the table of every parameter, read from the configuration's classes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from experiments.application import Job
from experiments.composition import read_settings
from experiments.folders import check_file, replace_file
from simulation.config import Config, Group

TITLE = """\
# Parameters

Written by `pathfinder parameters output=docs/parameters.md` from `simulation/config/`; do not \
edit. Any of them can be set by name: `pathfinder run hiring.strength=2`.
"""
HEADS = ("parameter", "default", "unit", "allowed", "meaning", "source")


class ParametersSettings(Group):
    """What `pathfinder parameters` takes."""

    output: str | None = None


@dataclass(frozen=True)
class Parameter:
    """One row of the table; `group` is empty for what stands in no group."""

    group: str
    name: str
    default: str
    unit: str
    allowed: str
    meaning: str
    source: str


def execute(mapping: dict[str, Any], job: Job) -> None:
    """Print the table or write it to a file.

    Raises
    ------
    InputError
        If the file cannot be written.
    """
    settings = read_settings(mapping, ParametersSettings)
    text = parameters_text()
    if settings.output is None:
        print(text, end="")
        return
    path = Path(settings.output).expanduser()
    check_file(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    replace_file(path, lambda temporary: temporary.write_text(text, encoding="utf-8"))


def parameters_text() -> str:
    """Return the whole table in Markdown."""
    parts, group = [TITLE], None
    for row in list_parameters():
        if row.group != group:
            group = row.group
            heading = f"## {group}\n\n{_group_meaning(group)}" if group else "## the run itself"
            parts.append(f"\n{heading}\n\n| {' | '.join(HEADS)} |\n|{'---|' * len(HEADS)}\n")
        name = f"{row.group}.{row.name}" if row.group else row.name
        cells = (f"`{name}`", row.default, row.unit, row.allowed, row.meaning, row.source)
        parts.append(f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |\n")
    return "".join(parts)


def list_parameters() -> Iterator[Parameter]:
    """Give every parameter, those outside groups first, in the order of the classes."""
    groups = {
        name: field.annotation
        for name, field in Config.model_fields.items()
        if isinstance(field.annotation, type) and issubclass(field.annotation, Group)
    }
    yield from _rows("", Config, skip=set(groups))
    for name, schema in groups.items():
        yield from _rows(name, schema, skip=set())


def _rows(group: str, schema: type[Group], *, skip: set[str]) -> Iterator[Parameter]:
    for name, values in schema.model_json_schema()["properties"].items():
        if name not in skip:
            yield Parameter(
                group=group,
                name=name,
                default=_default(values.get("default")),
                unit=values["unit"],
                allowed=allowed_text(values),
                meaning=values["description"],
                source=values["source"],
            )


def _group_meaning(group: str) -> str:
    annotation: Any = Config.model_fields[group].annotation
    return (annotation.__doc__ or "").strip().splitlines()[0]


def _default(value: Any) -> str:
    if value is None:
        return "none"
    if isinstance(value, list):
        return "[" + ", ".join(_default(item) for item in value) + "]"
    return f"{value:g}" if isinstance(value, float) else str(value)


def allowed_text(values: dict[str, Any]) -> str:
    """Say what a JSON schema of a field allows: a range, a number of values, a kind."""
    if "anyOf" in values:
        kinds = [kind for kind in values["anyOf"] if kind.get("type") != "null"]
        return f"{allowed_text(kinds[0])}, or none"
    if values.get("type") == "array":
        items = values.get("prefixItems")
        if items is None:
            return "a list"
        return f"{len(items)} values, each {allowed_text(items[0])}"
    if values.get("format") == "date":
        return "a date, yyyy-mm-dd"
    kind = {"number": "a number", "integer": "a whole number", "string": "text"}
    bounds = [
        f"{word} {_default(values[key])}"
        for key, word in (
            ("minimum", ">="),
            ("exclusiveMinimum", ">"),
            ("maximum", "<="),
            ("exclusiveMaximum", "<"),
        )
        if key in values
    ]
    return " ".join([kind.get(values.get("type", ""), "any value"), " and ".join(bounds)]).strip()
