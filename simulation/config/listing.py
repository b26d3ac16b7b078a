"""Parameters listed from the classes: names, schemas, and in words what each may be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from simulation.config import Config, Group


def list_schemas(group: type[Group] = Config, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Give the dotted name and JSON schema of every parameter, outer ones before inner groups'."""
    # Of the whole at once: a schema a group takes ten times as long.
    whole = group.model_json_schema()
    yield from _within(whole, whole.get("$defs", {}), prefix)


def _within(
    schema: Mapping[str, Any], groups: Mapping[str, Any], prefix: str
) -> Iterator[tuple[str, Any]]:
    """Give the parameters of a schema, then those of the groups it refers to."""
    inner: dict[str, Any] = {}
    for name, values in schema["properties"].items():
        group = groups.get(values.get("$ref", "").rpartition("/")[2], {})
        if "properties" in group:
            inner[name] = group
        else:
            yield f"{prefix}{name}", values
    for name, group in inner.items():
        yield from _within(group, groups, f"{prefix}{name}.")


def default_text(value: Any) -> str:
    """Write a default as the table of parameters does."""
    if value is None:
        return "none"
    if isinstance(value, list):
        return "[" + ", ".join(default_text(item) for item in value) + "]"
    return f"{value:g}" if isinstance(value, float) else str(value)


def plausible_text(values: dict[str, Any]) -> str:
    """Say over which range of a field a study varies it; empty if no range is given."""
    if "plausible" not in values:
        return ""
    low, high = (default_text(bound) for bound in values["plausible"])
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
        f"{word} {default_text(values[key])}"
        for key, word in (
            ("minimum", ">="),
            ("exclusiveMinimum", ">"),
            ("maximum", "<="),
            ("exclusiveMaximum", "<"),
        )
        if key in values
    ]
    return " ".join([kind.get(values.get("type", ""), "any value"), " and ".join(bounds)]).strip()
