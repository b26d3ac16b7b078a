"""Files and folders put in place whole or not at all, and JSON among them."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any


def replace_folder(folder: Path, write: Callable[[Path], object]) -> None:
    """Have a folder written under a hidden name beside it, then put in its place.

    Parameters
    ----------
    folder : Path
        Replaced if it is there.
    write : callable
        Writes a whole folder at the path it is given, which does not exist yet.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        write(scratch / "new")
        if folder.exists():
            folder.rename(scratch / "old")
        (scratch / "new").rename(folder)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def replace_file(path: Path, write: Callable[[Path], object]) -> None:
    """Have a file written under a hidden name beside it, then put in its place."""
    temporary = path.with_name(f".{path.name}.part")
    try:
        write(temporary)
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def write_json(path: Path, values: Mapping[str, Any]) -> None:
    """Write a mapping as JSON, whole or not at all; dates and paths become text."""
    text = json.dumps(values, indent=2, default=str) + "\n"
    replace_file(path, lambda temporary: temporary.write_text(text, encoding="utf-8"))


def read_json(path: Path) -> dict[str, Any]:
    """Read a JSON object; raises OSError or ValueError if there is none that can be read."""
    values = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(values, dict):
        raise ValueError(f"{path}: not a JSON object")
    return values
