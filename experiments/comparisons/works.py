"""The runs a comparison consists of, and what they would take; nothing here needs the engine."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from experiments.comparisons.asked import Asked
from experiments.comparisons.kept import beside, folder_of, is_finished
from experiments.comparisons.pairs import Pair, pairs_of
from experiments.models import LABOUR_MARKET
from experiments.models.values import differences
from experiments.running.plan import Plan, plan_of
from experiments.running.work import Work, make_work
from experiments.store import Store
from simulation.config import Config
from simulation.errors import InputError

if TYPE_CHECKING:
    from simulation.finished.run import Run


def plan_for(asked: Asked, folder: Path | None) -> Plan:
    """Return what the comparison takes; the store is looked at only if it is there."""
    works = list(works_of(asked, folder).values())
    kept = asked.settings.store_folder()
    return plan_of(
        works,
        store=Store(kept) if kept is not None and kept.exists() else None,
        launcher=asked.settings.launcher_settings(),
        missing=[work for work in works if not is_finished(work)],
        measure=True,
        is_kept=kept is not None,
    )


def works_of(asked: Asked, folder: Path | None) -> dict[tuple[str, int], Work]:
    """Return a work for every arm and seed, measured where it is made.

    Who worked when and where is kept of each.
    """
    defaults = Config().model_dump(mode="json")
    works = {
        (arm.name, seed): make_work(
            LABOUR_MARKET,
            differences(defaults, arm.config.model_dump(mode="json")),
            seed,
            name=f"{arm.name}, seed {seed}",
            people=True,
        )
        for seed in asked.seeds
        for arm in (*asked.arms, *asked.references)
    }
    folders = {of_arm: _place(asked, folder, of_arm, work) for of_arm, work in works.items()}
    pairs = pairs_of(asked, folders)
    return {
        of_arm: replace(
            work,
            folder=folders[of_arm],
            then=partial(_measure, pairs[of_arm]) if of_arm in pairs else None,
        )
        for of_arm, work in works.items()
    }


def _measure(pair: Pair, run: Run) -> None:
    # Late, for a plan of works needs no statistics.
    from experiments.comparisons.measuring import measure_made

    measure_made(pair, run)


def _place(asked: Asked, folder: Path | None, of_arm: tuple[str, int], work: Work) -> Path:
    """Say where a run is kept: by arm and seed in a folder, by its key beside the store."""
    if folder is not None:
        return folder_of(folder, *of_arm)
    kept = asked.settings.store_folder()
    if kept is None:
        raise InputError("store=null and no output: give one of them, for runs have to be kept")
    return beside(kept) / work.key
