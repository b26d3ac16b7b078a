"""Where results come from: digests of the code, commit, versions of what they may depend on."""

from __future__ import annotations

import hashlib
import importlib.metadata
import platform
import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path

PACKAGES = ("mesa", "numpy", "scipy", "pandas", "numba", "pyarrow")
DATA_FOLDERS = (
    "area",
    "benefits",
    "economy",
    "employers",
    "funders",
    "pay",
    "population",
    "providers",
    "tariffs",
)
"""Folders of `conf` with tables a run opens; what the others say is in its configuration."""
READERS = ("results", "finished", "report")
"""Rooms of `simulation` that hold and read finished runs; a run may depend on all others."""
ROOT = Path(__file__).parents[1]


@cache
def code_version() -> str:
    """Return a digest of all code and shipped data that the frames of a run depend on.

    Read once a process, as the code is.
    """
    return source_digest(ROOT)


def source_digest(root: Path, *, besides: Sequence[str] = ()) -> str:
    """Return a digest of the content of `sources`, whose parameters it takes."""
    digest = hashlib.sha256()
    for path in sources(root, besides=besides):
        digest.update(path.relative_to(root).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def sources(root: Path, *, besides: Sequence[str] = ()) -> list[Path]:
    """Return all files the frames of a run depend on, below a folder like the project's.

    Rooms that read finished runs are left out: an edit of a report makes no run stale. So are
    choices of `conf`: what they say is in the configuration of a run.

    Parameters
    ----------
    root : Path
        Holds `simulation` and `conf`.
    besides : sequence of str
        Folders below it whose sources count too, for what is worked out from the frames.
    """
    paths = [
        path
        for path in (root / "simulation").rglob("*.py")
        if path.relative_to(root / "simulation").parts[0] not in READERS
    ]
    for folder in besides:
        paths += (root / folder).rglob("*.py")
    for folder in DATA_FOLDERS:
        paths += [path for path in (root / "conf" / folder).rglob("*") if path.is_file()]
    return sorted(paths)


@cache
def commit() -> str:
    """Return the commit the package's source stands at, `unknown` outside a checkout.

    Asked for once a process.
    """
    try:
        result = subprocess.run(
            ["git", "-C", str(Path(__file__).parent), "describe", "--always", "--dirty"],
            capture_output=True,
            text=True,
            timeout=10,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return "unknown"
    return result.stdout.strip()


def versions() -> dict[str, str]:
    """Return the versions results may depend on: Python and the packages."""
    return {"python": platform.python_version(), **dict(_package_versions())}


@cache
def _package_versions() -> tuple[tuple[str, str], ...]:
    return tuple((name, importlib.metadata.version(name)) for name in PACKAGES)
