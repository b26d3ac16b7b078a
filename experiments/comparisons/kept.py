"""Where whole runs are kept: which are finished, which may go, and what is not overwritten."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from experiments.files.folders import check_free, check_writable
from experiments.files.replacing import read_json
from experiments.models import model_named
from experiments.models.programme import has_support
from experiments.running.work import Work
from simulation.config import Config
from simulation.errors import InputError
from simulation.finished.names import PEOPLE, SUPPORT
from simulation.provenance import code_version

RUNS = "runs"
MOST_KEPT = 256
"""Whole runs kept beside a store; those used longest ago go first."""


def folder_of(folder: Path, arm: str, seed: int) -> Path:
    """Return where the run of an arm and a seed is kept in the folder of a comparison."""
    return folder / RUNS / f"{arm}-seed{seed}"


def beside(store: Path) -> Path:
    """Return the folder beside a store where whole runs are kept, each under its key."""
    return store.with_name(f"{store.name}_{RUNS}")


def forget_others(folder: Path, used: Collection[Path]) -> None:
    """Note which runs were used now, and remove those used longest ago beyond `MOST_KEPT`."""
    for path in used:
        os.utime(path)
    others = [path for path in folder.iterdir() if path not in used and path.name[0] != "."]
    others.sort(key=lambda path: path.stat().st_mtime, reverse=True)
    for path in others[max(MOST_KEPT - len(used), 0) :]:
        shutil.rmtree(path, ignore_errors=True)


def make_room(folder: Path, works: Sequence[Work], *, overwrite: bool) -> None:
    """Check that a comparison can be written here, and clear away what is to be replaced.

    Raises
    ------
    InputError
        If the folder cannot be written, holds something else, or holds runs of other
        configurations under the same names.
    """
    if overwrite or not (folder / RUNS).is_dir():
        check_free(folder, overwrite=overwrite)
        if folder.exists():
            shutil.rmtree(folder)
        return
    check_writable(folder)
    problems = [
        f"{work.folder}: holds a run of another configuration; overwrite=true throws away all in"
        f" {folder}, or give another output="
        for work in works
        if is_of_other_config(work)
    ]
    if problems:
        raise InputError(problems[0])
    for left_over in (folder / RUNS).glob(".*"):
        shutil.rmtree(left_over, ignore_errors=True)


def is_finished(work: Work) -> bool:
    """Whether the work's run is there: same configuration, seed, code and tables of the user's."""
    manifest = _manifest(work)
    values = _values(work)
    return (
        manifest is not None
        and _identity(manifest) == (values, work.seed, code_version())
        and manifest.get("inputs", {}) == model_named(work.model).inputs(values)
        and all(_is_readable(path) for path in _frames(work, values))
    )


def _frames(work: Work, values: dict[str, Any]) -> set[Path]:
    """Files of frames a finished run has."""
    names = {"monthly"}
    if work.people:
        names.add(PEOPLE)
    if has_support(Config.from_mapping(values)):
        names |= set(SUPPORT)
    return {_folder(work) / f"{name}.parquet" for name in names}


def is_of_other_config(work: Work) -> bool:
    """Whether a run of this version of the code is there that the work would replace."""
    manifest = _manifest(work)
    if manifest is None or manifest.get("code_version") != code_version():
        return False
    return _identity(manifest)[:2] != (_values(work), work.seed)


def _identity(manifest: dict[str, Any]) -> tuple[Any, Any, Any]:
    return manifest.get("config"), manifest.get("seed"), manifest.get("code_version")


def _values(work: Work) -> Any:
    return json.loads(json.dumps(model_named(work.model).complete(work.changes)))


def _folder(work: Work) -> Path:
    if work.folder is None:
        raise ValueError(f"{work.name} is kept in no folder")
    return work.folder


def _manifest(work: Work) -> dict[str, Any] | None:
    """Return a run's manifest, or None if there is none that can be read: then it is run again."""
    try:
        return read_json(_folder(work) / "manifest.json")
    except (OSError, ValueError):
        return None


def _is_readable(path: Path) -> bool:
    try:
        pq.read_metadata(path)
    except (OSError, pa.ArrowException):
        return False
    return True
