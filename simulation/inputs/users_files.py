"""Files of the user's own that a configuration names: their content is part of what a run is."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import pandas as pd

from simulation.config import Config
from simulation.errors import InputError
from simulation.inputs.shipped import shipped_area_folder, shipped_names

MISSING = "missing"
AMOUNTS = "_amounts.csv"
DIGITS = 32
REMEMBERED = 256


def area_folder(config: Config) -> Path:
    """Return the folder of the area a configuration names."""
    if config.area.folder is None:
        return shipped_area_folder(config.area.name)
    return Path(config.area.folder).expanduser()


def users_files(config: Config) -> list[str]:
    """Return the paths of files and folders that are no shipped choice, as given, sorted.

    The outlines of a map are left out, for no result depends on them.
    Streams of funding come with a second table, and may name files with tariffs of their own.
    """
    named = [
        (config.economy.file, "economy", ".csv"),
        (config.employers.pay_path, "pay", ".csv"),
        (config.gate.file, "economy", ".csv"),
        (config.funding.table, "funders", ".csv"),
        (config.providers.table, "providers", ".csv"),
        (config.providers.types, "providers", ".csv"),
        (config.benefits.rules, "benefits", ".yaml"),
        (config.regime.prime_terms, "tariffs", ".yaml"),
    ]
    found = {config.area.folder} if config.area.folder is not None else set()
    found |= {name for name, group, suffix in named if name and _is_own(name, group, suffix)}
    streams = config.funding.table
    if streams in found:
        amounts = f"{streams.removesuffix('.csv')}{AMOUNTS}"
        found |= {amounts} | {name for name in _terms(streams) if _is_own(name, "tariffs", ".yaml")}
    return sorted(found)


def file_digests(config: Config) -> dict[str, str]:
    """Return the digest of the content of each of `users_files`, by its path as given."""
    return {path: digest(Path(path).expanduser()) for path in users_files(config)}


def check_same_files(ours: Mapping[str, str], theirs: Mapping[str, str]) -> None:
    """Refuse to go on from a run that read files of the same paths, but with another content.

    Parameters
    ----------
    ours, theirs : mapping of str to str
        From `file_digests`, of the present and of the run that is gone on from.

    Raises
    ------
    InputError
        One line for each such file.
    """
    if changed := [path for path in ours if theirs.get(path, ours[path]) != ours[path]]:
        raise InputError(
            f"{path} has changed since the run that is to be gone on from read it; run that again"
            for path in changed
        )


def _is_own(name: str, group: str, suffix: str) -> bool:
    """Whether a name is no shipped one and a file of this path is there."""
    is_shipped = name.removesuffix(suffix) in shipped_names(group, suffix=suffix)
    return not is_shipped and Path(name).expanduser().is_file()


def _terms(streams: str) -> list[str]:
    """Return what the streams of a table name as their tariffs; none if it cannot be read."""
    try:
        table = pd.read_csv(Path(streams).expanduser(), dtype=str, keep_default_na=False)
        return sorted(set(table["terms"].dropna()))
    except (OSError, ValueError, KeyError):
        return []  # whoever checks the table says what is wrong with it


def digest(path: Path) -> str:
    """Return the digest of a file's content, or of the names and content of a folder's files."""
    paths = sorted(path.iterdir()) if path.is_dir() else [path]
    entries = []
    for each in paths:
        if each.is_file():
            status = each.stat()
            entries.append((str(each), status.st_mtime_ns, status.st_size))
    return _digest(tuple(entries)) if entries else MISSING


@lru_cache(maxsize=REMEMBERED)
def _digest(entries: tuple[tuple[str, int, int], ...]) -> str:
    """Return the digest of some files as they were at these times, read once."""
    total = hashlib.sha256()
    for name, _, size in entries:
        total.update(f"{Path(name).name}:{size}:".encode())
        total.update(Path(name).read_bytes())
    return total.hexdigest()[:DIGITS]
