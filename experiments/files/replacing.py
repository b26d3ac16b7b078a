"""Files put in place whole or not at all, and JSON read."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from simulation.files.placing import naming, scratch_in


def replace_file(path: Path, write: Callable[[Path], object]) -> None:
    """Have a file written under another name beside it, then put in its place; links are followed.

    Raises
    ------
    InputError, MachineError
        If it cannot be written.
    """
    place = Path(os.path.realpath(path))
    with naming(path), scratch_in(place.parent) as scratch:
        # The same ending, for what is written may depend on it.
        write(scratch / f"new{place.suffix}")
        os.replace(scratch / f"new{place.suffix}", place)


def read_json(path: Path) -> dict[str, Any]:
    """Read a JSON object; raises OSError or ValueError if there is none that can be read."""
    values = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(values, dict):
        raise ValueError(f"{path}: not a JSON object")
    return values


def json_text(values: Any) -> str:
    """Return a mapping as JSON; dates and paths become text."""
    return json.dumps(values, indent=2, default=str) + "\n"


def write_json(path: Path, values: Any) -> None:
    """Write a mapping as JSON, whole or not at all."""
    replace_file(path, lambda new: new.write_text(json_text(values), encoding="utf-8"))
