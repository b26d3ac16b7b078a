"""Whether the disk has room for what is to be run."""

from __future__ import annotations

import shutil
from pathlib import Path

from experiments.running.plan import Plan
from simulation.errors import MachineError
from simulation.report.pen import disk_size


def check_room(plan: Plan, store: Path | None, folder: Path | None) -> None:
    """Refuse to begin what the disk has no room for.

    Parameters
    ----------
    plan : Plan
    store, folder : Path or None
        Where rows and whole runs are kept; need not be there yet.

    Raises
    ------
    MachineError
        In one line.
    """
    wanted = [(store, plan.store_bytes or 0), (folder, plan.folder_bytes or 0)]
    placed = [(path, _present(path), n_bytes) for path, n_bytes in wanted if path is not None]
    for path, present, _ in placed:
        device = present.stat().st_dev
        needed = sum(size for _, other, size in placed if other.stat().st_dev == device)
        free = shutil.disk_usage(present).free
        if needed > free:
            raise MachineError(
                f"{path}: {plan.n_missing} runs take about {disk_size(needed)}, and"
                f" {disk_size(free)} are free there; make room, or give a folder on another disk"
            )


def _present(path: Path) -> Path:
    """Return a folder, or of one that is not there yet the next above it that is."""
    place = path.absolute()
    return next(each for each in (place, *place.parents) if each.exists())
