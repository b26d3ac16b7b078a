"""Where results come from: digest of the code, commit, versions of what they may depend on."""

from __future__ import annotations

import hashlib
import importlib.metadata
import platform
import subprocess
from functools import cache
from pathlib import Path

PACKAGES = ("mesa", "numpy", "scipy", "pandas", "numba", "humanleague", "pyarrow")
DATA_FOLDERS = ("area", "benefits", "economy", "employers", "funders", "providers", "tariffs")
"""Folders of `conf` with tables a run opens; what the others say is in its configuration."""
READERS = ("report",)
"""What of `simulation` only reads finished runs."""


@cache
def code_version() -> str:
    """Return a digest of everything in the package and its data that results depend on.

    Read once a process, as the code is.
    """
    return source_digest(Path(__file__).parents[1])


def source_digest(root: Path) -> str:
    """Return a digest of what results depend on below a folder that holds `simulation` and `conf`.

    Choices of `conf` are left out: what they say is in the configuration of a run. So are figures
    and reports, which only read results; an edit of either makes no stored run stale.
    """
    paths = [
        path
        for path in (root / "simulation").rglob("*.py")
        if path.relative_to(root / "simulation").parts[0] not in READERS
    ]
    for folder in DATA_FOLDERS:
        paths += [path for path in (root / "conf" / folder).rglob("*") if path.is_file()]
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(path.relative_to(root).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


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
