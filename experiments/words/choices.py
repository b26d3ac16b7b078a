"""What can be chosen on the command line: the groups of `conf/` and their YAML files."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

MODEL_GROUPS = (
    "area",
    "economy",
    "hiring",
    "regime",
    "partnership",
    "funding",
    "providers",
    "interventions",
)
MULTIPLE = ("interventions",)
"""Groups of which any number is chosen: `interventions=[outreach,work_trial]`."""


@cache
def choices_of(group: str) -> tuple[str, ...]:
    """Names of the YAML files of a folder of `conf/`, sorted; none if there is no such folder."""
    folder = files("conf") / group
    if not folder.is_dir():
        return ()
    names = (entry.name for entry in folder.iterdir())
    return tuple(sorted(name.removesuffix(".yaml") for name in names if name.endswith(".yaml")))
