"""`pathfinder parameters`: the table of every parameter, read from the configuration's classes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from experiments.application import Job
from experiments.composition import read_settings
from experiments.folders import check_file
from experiments.replacing import replace_file
from simulation.config import Config, Group

TITLE = """\
# Parameters

Written by `pathfinder parameters output=docs/parameters.md` from `simulation/config/`; do not \
edit. Any of them can be set by name: `pathfinder run hiring.strength=2`.

*Plausible* is the range a study varies a parameter over if it gives none (docs/studies.md): \
evenly, or, where it says log, evenly in the logarithm. Of a list it is a range of factors: all \
its values are multiplied by the same one.
"""
HEADS = ("parameter", "default", "unit", "allowed", "plausible", "meaning", "source")


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
    plausible: str
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
        cells = (f"`{name}`", row.default, row.unit, row.allowed)
        cells += (row.plausible, row.meaning, row.source)
        parts.append(f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |\n")
    return "".join(parts)


def list_parameters() -> Iterator[Parameter]:
    """Give every parameter, those outside groups first, in the order of the classes."""
    for name, values in list_schemas():
        group, _, last = name.rpartition(".")
        yield Parameter(
            group=group,
            name=last,
            default=_default(values.get("default")),
            unit=values["unit"],
            allowed=allowed_text(values),
            plausible=plausible_text(values),
            meaning=values["description"],
            source=values["source"],
        )


def list_schemas(schema: type[Group] = Config, group: str = "") -> Iterator[tuple[str, Any]]:
    """Give the dotted name and JSON schema of every parameter, outer ones before inner groups'."""
    groups = _groups_in(schema)
    for name, values in schema.model_json_schema()["properties"].items():
        if name not in groups:
            yield f"{group}{name}", values
    for name, inner in groups.items():
        yield from list_schemas(inner, f"{group}{name}.")


def _groups_in(schema: type[Group]) -> dict[str, type[Group]]:
    """Return the groups within a group, by name."""
    return {
        name: field.annotation
        for name, field in schema.model_fields.items()
        if isinstance(field.annotation, type) and issubclass(field.annotation, Group)
    }


def _group_meaning(group: str) -> str:
    annotation: Any = Config
    for name in group.split("."):
        annotation = annotation.model_fields[name].annotation
    return (annotation.__doc__ or "").strip().splitlines()[0]


def _default(value: Any) -> str:
    if value is None:
        return "none"
    if isinstance(value, list):
        return "[" + ", ".join(_default(item) for item in value) + "]"
    return f"{value:g}" if isinstance(value, float) else str(value)


def plausible_text(values: dict[str, Any]) -> str:
    """Say over which range of a field a study varies it; empty if no range is given."""
    if "plausible" not in values:
        return ""
    low, high = (_default(bound) for bound in values["plausible"])
    times = " times" if values.get("type") == "array" else ""
    words = {"uniform": "", "log_uniform": ", log"}
    distribution = values["distribution"]
    return f"{low} to {high}{times}{words.get(distribution, f', {distribution}')}"


def allowed_text(values: dict[str, Any]) -> str:
    """Say what a JSON schema of a field allows: a range, a number of values, a kind."""
    if "anyOf" in values:
        kinds = [kind for kind in values["anyOf"] if kind.get("type") != "null"]
        text = " or ".join(allowed_text(kind) for kind in kinds)
        return f"{text}, or none" if len(kinds) < len(values["anyOf"]) else text
    if "enum" in values:
        return f"one of {', '.join(map(str, values['enum']))}"
    if values.get("type") == "array":
        items = values.get("prefixItems")
        if items is None:
            return "a list"
        return f"{len(items)} values, each {allowed_text(items[0])}"
    if values.get("format") == "date":
        return "a date, yyyy-mm-dd"
    kind = {
        "number": "a number",
        "integer": "a whole number",
        "string": "text",
        "boolean": "true or false",
    }
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
