"""What can be chosen on the command line: the groups of `conf/`, and what users register."""

from __future__ import annotations

import csv
from functools import cache
from typing import Any

from simulation import register
from simulation.inputs.shipped import CONF

MODEL_GROUPS = (
    "area",
    "economy",
    "hiring",
    "closure",
    "gate",
    "regime",
    "partnership",
    "strength",
    "belief",
    "information",
    "funding",
    "providers",
    "interventions",
)
MULTIPLE = ("information", "interventions")
"""Groups of which any number is chosen: `interventions=[outreach,work_trial]`."""


TABLES = {
    "regime": (register.REGIMES, "name"),
    "hiring": (register.HIRING_RULES, "rule"),
    "interventions": (register.INTERVENTIONS, ""),
}
"""Groups whose choices can be registered, and the parameter of the group that chooses one."""


def choices_of(group: str) -> tuple[str, ...]:
    """Names of the choices of a group, sorted: shipped, and those that the user's files brought."""
    return tuple(sorted({*shipped_choices(group), *own_choices(group)}))


def own_choices(group: str) -> dict[str, dict[str, Any]]:
    """Return what each choice that a file of the user's brought says, as a YAML of it would."""
    table, key = TABLES.get(group, (None, ""))
    if table is None:
        return {}
    names = [name for name in table if table.origin(name) != register.SHIPPED]
    return {name: {key: name} if key else {name: {"active": True}} for name in names}


@cache
def shipped_targets() -> tuple[str, ...]:
    """Names of the targets of `conf/targets.csv`, in its order."""
    with (CONF / "targets.csv").open(encoding="utf-8", newline="") as file:
        return tuple(row["name"] for row in csv.DictReader(file))


@cache
def shipped_choices(group: str) -> tuple[str, ...]:
    """Names of the YAML files of a folder of `conf/`, sorted; none if there is no such folder."""
    folder = CONF / group
    if not folder.is_dir():
        return ()
    names = (entry.name for entry in folder.iterdir())
    return tuple(sorted(name.removesuffix(".yaml") for name in names if name.endswith(".yaml")))
