"""What an output folder already holds: finished runs are kept, other things are not overwritten."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from experiments.folders import check_free, check_writable, read_json
from experiments.parallel import Task
from experiments.support import has_support
from simulation.errors import InputError
from simulation.runner import PEOPLE, SUPPORT, code_version

RUNS = "runs"


def make_room(folder: Path, tasks: Sequence[Task], *, overwrite: bool) -> None:
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
        f"{task.folder}: holds a run of another configuration; overwrite=true throws away all in"
        f" {folder}, or give another output="
        for task in tasks
        if _is_of_other_config(task)
    ]
    if problems:
        raise InputError(problems[0])
    for left_over in (folder / RUNS).glob(".*"):
        shutil.rmtree(left_over, ignore_errors=True)


def finished_runs(tasks: Sequence[Task]) -> list[Task]:
    """Return the tasks whose run is there: same configuration, seed and version of the code."""
    return [task for task in tasks if _is_finished(task)]


def _is_finished(task: Task) -> bool:
    manifest = _manifest(task.folder)
    return (
        manifest is not None
        and _identity(manifest) == (_plain(task), task.seed, code_version())
        and all(_is_readable(path) for path in _frames(task))
    )


def _frames(task: Task) -> set[Path]:
    """Files of frames a finished run has."""
    needed = {task.folder / "monthly.parquet"}
    if task.people:
        needed.add(task.folder / f"{PEOPLE}.parquet")
    if has_support(task.config):
        needed |= {task.folder / f"{name}.parquet" for name in SUPPORT}
    return needed


def _is_of_other_config(task: Task) -> bool:
    """Whether a run of this version of the code is there that the task would replace."""
    manifest = _manifest(task.folder)
    if manifest is None or manifest.get("code_version") != code_version():
        return False
    return _identity(manifest)[:2] != (_plain(task), task.seed)


def _identity(manifest: dict[str, Any]) -> tuple[Any, Any, Any]:
    return manifest.get("config"), manifest.get("seed"), manifest.get("code_version")


def _plain(task: Task) -> Any:
    return json.loads(json.dumps(task.config.model_dump(mode="json")))


def _manifest(folder: Path) -> dict[str, Any] | None:
    """Return a run's manifest, or None if there is none that can be read: then it is run again."""
    try:
        return read_json(folder / "manifest.json")
    except (OSError, ValueError):
        return None


def _is_readable(path: Path) -> bool:
    try:
        pq.read_metadata(path)
    except (OSError, pa.ArrowException):
        return False
    return True
