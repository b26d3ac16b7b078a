"""Adding seeds, all arms alike, until a headline is known well enough or the budget is spent."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from experiments.comparisons.asked import Asked
from experiments.files.replacing import read_json
from experiments.store.keys import of_results
from simulation.finished.names import MANIFEST
from simulation.provenance import code_version
from simulation.results.pairwise import FEWEST
from simulation.results.precision import FIRST, half_width, seeds_needed
from simulation.results.sets import ALL, PeopleSet
from simulation.results.verdict import COUNTED, OUTCOMES, set_values

EVERYBODY = PeopleSet(ALL, ALL, "all residents", None)


def headline_values(period: pd.DataFrame, asked: Asked) -> np.ndarray:
    """Return the headline of every run, (n_seeds, n_arms), the baseline's first."""
    arms = [asked.baseline, *(arm.name for arm in asked.arms if arm.name != asked.baseline)]
    return set_values(period, [EVERYBODY], arms)[0, COUNTED.index(asked.settings.headline)]


def seeds_to_add(values: np.ndarray, asked: Asked, *, seconds: float, n_run: int) -> int:
    """Return how many seeds are to be run next.

    Parameters
    ----------
    values : ndarray, shape (n_seeds, n_arms)
        From `headline_values`.
    asked : Asked
    seconds : float
        Since the beginning.
    n_run : int
        Seeds that were run in that time; the others were there already.

    Returns
    -------
    int
        0 where the precision is met, none is asked for, or nothing is left of the budget. At most
        as many as there are, so that a first guess from few of them cannot cost the whole budget.
    """
    settings, n_seeds = asked.settings, len(values)
    if settings.precision is None or values.shape[1] < 2:
        return 0
    needed = FIRST if n_seeds < FIRST else seeds_needed(values, settings.precision)
    most = min(needed - n_seeds, settings.budget.seeds - n_seeds, max(n_seeds, FIRST))
    if settings.budget.minutes is not None:
        left = settings.budget.minutes * 60 - seconds
        affordable = left / (seconds / n_run) if n_run else (1 if left > 0 else 0)
        most = min(most, math.floor(affordable))
    return max(most, 0)


def with_more_seeds(asked: Asked, n_more: int) -> Asked:
    """Return the same comparison with the next seeds in number."""
    return replace(asked, seeds=(*asked.seeds, *next_seeds(asked.seeds, n_more)))


def next_seeds(seeds: Sequence[int], n_more: int) -> range:
    """Return the seeds that follow some in number, none of which is among them."""
    first = max(seeds) + 1
    return range(first, first + n_more)


def reached(values: np.ndarray, asked: Asked) -> dict[str, object]:
    """Say how far the headline is known; nothing where no precision was asked for."""
    settings = asked.settings
    if settings.precision is None:
        return {}
    known = half_width(values)
    return {
        "headline": settings.headline,
        "asked": settings.precision,
        "half_width": known if np.isfinite(known) else None,
        "is_met": known <= settings.precision,
    }


def precision_text(asked: Asked, folder: Path, *, seconds_a_seed: float | None) -> str:
    """Say what seeds will be added, as far as it can be told from what is in the folder."""
    settings = asked.settings
    if settings.precision is None:
        return ""
    what = OUTCOMES[settings.headline]
    limits = [f"{settings.budget.seeds} seeds"]
    if settings.budget.minutes is not None:
        limits.append(f"{settings.budget.minutes:g} minutes")
    lines = [
        f"precision={settings.precision:g}: then seeds are added, the same for all arms, until"
        f" {what.label} of every arm are known to {settings.precision:g} {what.unit} either way,"
        f" at most {' or '.join(limits)}"
    ]
    values = _kept_values(asked, folder)
    if values is None:
        lines.append(f"how many that takes is told by the first {max(len(asked.seeds), FIRST)}")
    else:
        needed = seeds_needed(values, settings.precision)
        text = f"from {len(values)} seeds that are there, about {needed} seeds in all"
        if seconds_a_seed is not None and needed > len(values):
            minutes = (needed - len(values)) * seconds_a_seed / 60
            text += f", about {max(minutes, 1):.0f} minutes more"
        lines.append(text)
    return "\n".join(lines)


def _kept_values(asked: Asked, folder: Path) -> np.ndarray | None:
    """Return the headline of the same arms as they were written before; None if there are not."""
    try:
        manifest = read_json(folder / MANIFEST)
        period = pd.read_parquet(folder / "period.parquet")
        written = {arm["name"]: of_results(arm["config"]) for arm in manifest["arms"]}
        by, n_seeds = manifest["code_version"], len(manifest["seeds"])
    except (OSError, ValueError, KeyError, TypeError):  # none, or one of another version
        return None
    wanted = {arm.name: of_results(arm.config.model_dump(mode="json")) for arm in asked.arms}
    is_same = by == code_version() and written == wanted
    return headline_values(period, asked) if is_same and n_seeds >= FEWEST else None
