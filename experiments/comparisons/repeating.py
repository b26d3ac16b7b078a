"""How to do a comparison again: as a command, in Python, and any two of its arms alone."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from experiments.comparisons.result import Comparison

PLACES = ("output", "overwrite", "page", "plan", "processes", "store", "launcher")
"""Settings that say where and how it is run, not what."""
ARMS = ("compare", "arms", "baseline", "seeds")
COMMAND = ["pathfinder", "compare"]
READ = 'from experiments.comparisons.result import Comparison\n\nfound = Comparison.load(".")'
PYTHON = "from experiments import compare\n\nfound = compare({words!r})\nfound.answer_page()"


def ways_to_repeat(found: Comparison) -> dict[str, Any]:
    """Return what the page of a comparison says of doing it again.

    Returns
    -------
    dict
        lines (label and text of each way); and of what was asked on a command line, arms (a word
        for the shell of each, the baseline first) and common (words of all, seeds too).
    """
    command = str(found.facts["command"])
    typed = shlex.split(command)
    read = ("Read it in Python, in this folder", READ)
    if typed[:2] != COMMAND:
        return {"lines": [read]}
    words = [word for word in typed[2:] if _key(word) not in PLACES and not word.startswith("-")]
    config = found.arms[0].config
    common = [word for word in words if _key(word) not in ARMS]
    if not any(_key(word) == "people_per_agent" for word in common):
        common.append(f"people_per_agent={config.people_per_agent}")
    seeds = f"seeds=[{','.join(map(str, found.seeds))}]"
    in_order = sorted(found.arms, key=lambda arm: arm.name != found.baseline)
    return {
        "lines": [
            ("On a command line", command), ("In Python", PYTHON.format(words=words)), read
        ],
        "arms": [shlex.quote(f"arms.{arm.name}=[{_listed(arm.overrides)}]") for arm in in_order],
        "common": shlex.join([*common, seeds]),
    }  # fmt: skip


def _key(word: str) -> str:
    """Return the group or setting a word is of."""
    return word.partition("=")[0].lstrip("+~").partition(".")[0]


def _listed(words: tuple[str, ...]) -> str:
    """Write words as a list of a command line; in quotes what has a comma or bracket in it."""
    return ",".join(json.dumps(word) if set(word) & set(",[]{} '") else word for word in words)
