"""Where whole runs are kept: which are finished, which may go, and what is not overwritten."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from experiments.files.folders import check_free, check_writable, is_listed
from experiments.files.replacing import read_json
from experiments.models import model_named
from experiments.running.work import Work
from experiments.store.keys import of_results
from simulation.config import Config
from simulation.config.programme import has_support
from simulation.errors import InputError
from simulation.files.listing import DamagedError, check_whole, read_listing
from simulation.files.placing import claim, naming, put_aside, remove_ours
from simulation.finished.names import MANIFEST, PEOPLE, SUPPORT
from simulation.provenance import code_version

RUNS = "runs"
MOST_KEPT = 256
"""Whole runs kept beside a store; those used longest ago go first."""
KEPT_SECONDS = 86_400.0
"""Since a run was used last, in which it never goes: another command may be about to measure it."""


def folder_of(folder: Path, arm: str, seed: int) -> Path:
    """Return where the run of an arm and a seed is kept in the folder of a comparison."""
    return folder / RUNS / f"{arm}-seed{seed}"


def beside(store: Path) -> Path:
    """Return the folder beside a store where whole runs are kept, each under its key."""
    return store.with_name(f"{store.name}_{RUNS}")


def forget_others(folder: Path, used: Collection[Path]) -> None:
    """Note which runs were used now, and remove old ones, used longest ago, beyond `MOST_KEPT`."""
    for path in used:
        os.utime(path)
    at = {path: path.stat().st_mtime for path in folder.iterdir()
          if path not in used and is_listed(path)}  # fmt: skip
    latest_first = sorted(at, key=lambda path: at[path], reverse=True)
    for path in latest_first[max(MOST_KEPT - len(used), 0) :]:
        if at[path] < time.time() - KEPT_SECONDS:
            remove_ours(path)


def make_room(folder: Path, works: Sequence[Work], *, overwrite: bool) -> None:
    """Check that a comparison can be written here, and clear away what is to be replaced.

    Only what is listed goes, at once where it is to be overwritten, else as it is written anew.

    Raises
    ------
    InputError
        If the folder cannot be written, holds something else, or holds runs under the same names
        of other configurations, or of other contents of the user's files.
    """
    check_writable(folder)
    if not _is_comparison(folder):
        check_free(folder, overwrite=overwrite)
    for work in works:
        with naming(_folder(work)):
            # One that is not there is no trouble; one whose name is too long is.
            _folder(work).exists()
    if overwrite:
        remove_ours(folder)
    elif problems := [
        f"{work.folder}: holds a run of {replaced}; overwrite=true throws away all results in"
        f" {folder}, or give another output="
        for work in works
        if (replaced := replaced_by(work))
    ]:
        raise InputError(problems[0])
    put_aside(folder)
    claim(folder, [_folder(work).relative_to(folder).as_posix() for work in works])


def _is_comparison(folder: Path) -> bool:
    """Whether a list says that runs of a comparison are there, or did before it was damaged."""
    try:
        listing = read_listing(folder)
    except DamagedError:
        return (folder / RUNS).is_dir()
    return listing is not None and bool(listing.folders)


def set_aside_damaged(works: Sequence[Work]) -> None:
    """Rename files of kept runs that are not as they were written, telling it a line a run."""
    for work in works:
        put_aside(_folder(work))


def is_finished(work: Work) -> bool:
    """Whether the work's run is there: same configuration, seed, code and tables of the user's."""
    manifest = _manifest(work)
    values = _values(work)
    return (
        manifest is not None
        and _identity(manifest) == (of_results(values), work.seed, code_version())
        and manifest.get("inputs", {}) == model_named(work.model).inputs(values)
        and _is_whole(_folder(work), _frames(work, values))
    )


def _is_whole(folder: Path, names: Collection[str]) -> bool:
    """Whether a run's files are all as they were written, the named ones among them."""
    try:
        return set(names) <= check_whole(folder).files.keys()
    except (DamagedError, OSError):
        return False


def _frames(work: Work, values: dict[str, Any]) -> set[str]:
    """Files of frames a finished run has."""
    names = {"monthly"}
    if work.people:
        names.add(PEOPLE)
    if has_support(Config.from_mapping(values)):
        names |= set(SUPPORT)
    return {f"{name}.parquet" for name in names}


def replaced_by(work: Work) -> str:
    """Say of what the run is that the work would replace; empty if it is the same or none is there.

    One of another version of the code is the same, done again.
    """
    manifest = _manifest(work)
    if manifest is None or manifest.get("code_version") != code_version():
        return ""
    values = _values(work)
    if _identity(manifest)[:2] != (of_results(values), work.seed):
        return "another configuration"
    read, given = manifest.get("inputs", {}), model_named(work.model).inputs(values)
    changed = [name for name in sorted({*read, *given}) if read.get(name) != given.get(name)]
    return f"other contents of {', '.join(changed)}" if changed else ""


def _identity(manifest: dict[str, Any]) -> tuple[Any, Any, Any]:
    config = manifest.get("config")
    values = of_results(config) if isinstance(config, dict) else None
    return values, manifest.get("seed"), manifest.get("code_version")


def _values(work: Work) -> Any:
    return json.loads(json.dumps(model_named(work.model).complete(work.changes)))


def _folder(work: Work) -> Path:
    if work.folder is None:
        raise ValueError(f"{work.name} is kept in no folder")
    return work.folder


def _manifest(work: Work) -> dict[str, Any] | None:
    """Return a run's manifest, or None if there is none as it was written: it is run again."""
    folder = _folder(work)
    try:
        listing = read_listing(folder)
        if listing is None or not listing.is_as_written(folder, MANIFEST):
            return None
        return read_json(folder / MANIFEST)
    except (OSError, ValueError, DamagedError):
        return None
