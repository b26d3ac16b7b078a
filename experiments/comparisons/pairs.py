"""Which run of a comparison is measured against which; nothing here needs the engine."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from experiments.comparisons.arms import left_out, supported
from experiments.comparisons.asked import Asked

Folders = Mapping[tuple[str, int], Path]
"""Folder of the run of an arm and a seed."""


class Pair(NamedTuple):
    """A run and that of the baseline with the same seed, if it is compared with it."""

    run: Path
    baseline: Path | None


def pairs_of(asked: Asked, folders: Folders) -> dict[tuple[str, int], Pair]:
    """Return the pair of each arm and seed; arms that no run without support tells of have one."""
    unpaired = {*left_out(asked.arms, baseline=asked.baseline), asked.baseline}
    paired = {arm for arm in supported(asked.arms) if arm not in unpaired}
    return {
        (arm.name, seed): Pair(
            folders[arm.name, seed],
            folders[asked.baseline, seed] if arm.name in paired else None,
        )
        for seed in asked.seeds
        for arm in asked.arms
    }
