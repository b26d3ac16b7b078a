"""`pathfinder parameters`: the table of every parameter, read from the configuration's classes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from experiments.files.folders import check_file
from experiments.files.replacing import replace_file
from experiments.words.application import Job
from experiments.words.composition import read_settings
from simulation.config import Config, Group
from simulation.config.listing import allowed_text, default_text, list_schemas, plausible_text

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
        cells = [f"`{name}`", row.default, row.unit, row.allowed]
        cells += [row.plausible, row.meaning, row.source]
        parts.append(f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |\n")
    return "".join(parts)


def list_parameters() -> Iterator[Parameter]:
    """Give every parameter, those outside groups first, in the order of the classes."""
    for name, values in list_schemas():
        group, _, last = name.rpartition(".")
        yield Parameter(
            group=group,
            name=last,
            default=default_text(values.get("default")),
            unit=values["unit"],
            allowed=allowed_text(values),
            plausible=plausible_text(values),
            meaning=values["description"],
            source=values["source"],
        )


def _group_meaning(group: str) -> str:
    annotation: Any = Config
    for name in group.split("."):
        annotation = annotation.model_fields[name].annotation
    return (annotation.__doc__ or "").strip().splitlines()[0]
