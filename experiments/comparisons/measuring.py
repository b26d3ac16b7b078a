"""Frames of a comparison from its finished runs, read one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pandas as pd

from experiments.comparisons.arms import left_out, supported
from experiments.comparisons.asked import Asked
from simulation.finished.run import Run
from simulation.results.measured import CELLS, mean_over_seeds, measure, stack

Folders = Mapping[tuple[str, int], Path]
"""Folder of the finished run of an arm and a seed."""


def frames_of(asked: Asked, folders: Folders) -> dict[str, pd.DataFrame]:
    """Measure every run, paired with the baseline's of its seed where that makes sense.

    Returns
    -------
    dict of str to DataFrame
        monthly (arm, seed, date, ward, group, outcome, value); wards; outcomes and pairs with arm
        and seed, journey, coverage, spend and partners with arm, means over seeds: as `measure`
        gives them.
    """
    frames = stack(_measured(asked, folders))
    means = {
        name: mean_over_seeds(frames[name], keys, n_seeds=len(asked.seeds))
        for name, keys in CELLS.items()
    }
    means["partners"] = means["partners"].astype({"date": "datetime64[ns]"})
    names = dict.fromkeys(("arm", "ward", "group", "outcome"), "category")
    first = Run.load(folders[asked.baseline, asked.seeds[0]])
    return frames | means | {"monthly": frames["monthly"].astype(names), "wards": first.wards}


def _measured(
    asked: Asked, folders: Folders
) -> Iterator[tuple[str, int, Mapping[str, pd.DataFrame]]]:
    """Read the runs of one seed after those of another; only the baseline's is held meanwhile."""
    unpaired = left_out(asked.arms, baseline=asked.baseline)
    paired = {arm for arm in supported(asked.arms) if arm not in {*unpaired, asked.baseline}}
    for seed in asked.seeds:
        base = Run.load(folders[asked.baseline, seed])
        for arm in asked.arms:
            is_base = arm.name == asked.baseline
            run = base if is_base else Run.load(folders[arm.name, seed])
            found = measure(run, base if arm.name in paired else None)
            yield arm.name, seed, {"monthly": run.monthly, **found}
