"""Running a study: every point with every seed, then more seeds where the rule asks for them."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.errors import RunsFailedError
from experiments.running.execution import run_works
from experiments.running.work import Work
from experiments.store import Store
from experiments.studies.pairs import seed_tables
from experiments.studies.preparation import Study
from experiments.studies.replicates import Rule, noise_frame, seeds_wanted
from experiments.studies.works import Works


@dataclass(frozen=True)
class Findings:
    """What the runs of a study gave.

    Attributes
    ----------
    runs : DataFrame
        point, seed, key, one float64 column an outcome, NaN where the run does not have it.
    noise : DataFrame
        As `replicates.noise_frame`.
    n_new : int
        Runs that were not in the store before.
    """

    runs: pd.DataFrame
    noise: pd.DataFrame
    n_new: int = 0

    @property
    def n_seeds(self) -> int:
        """Seeds of every point."""
        return int(self.runs["seed"].nunique())

    def tables(self, study: Study) -> dict[str, NDArray[np.float64]]:
        """Return each outcome as points x seeds."""
        return seed_tables(study.design.points, self.runs, study.settings.outcomes)


def run_study(study: Study, store: Store) -> Findings:
    """Run a study to its end, or go on with it where it was stopped.

    Whatever is in the store is not run again, so that a study that was killed and is started again
    takes the same rounds and ends with the same runs.

    Raises
    ------
    InputError, RunsFailedError
        If runs failed, one line each; the finished ones are kept.
    Interrupted
        On Ctrl-C, saying what is kept.
    """
    settings = study.settings
    rule = Rule(settings.seeds, settings.most_seeds, settings.half_width)
    works = Works(study)
    present, wanted, n_new = 0, rule.first, 0
    done: list[Work] = []
    while wanted > present:
        new = works.of_seeds(range(present + 1, wanted + 1))
        n_new += run_works(new, store=store, launcher=settings.launcher, experiment=study.name)
        done += new
        present = wanted
        runs = runs_frame(study, done, store)
        tables = seed_tables(study.design.points, runs, settings.outcomes)
        noise = noise_frame(tables, study.model.units(), rule)
        wanted = seeds_wanted(noise, rule)
        if wanted > present:
            short = ", ".join(noise.loc[~noise["enough"].astype(bool), "outcome"])
            print(f"{present} seeds are not enough for {short}: {wanted}", file=sys.stderr)
    return Findings(runs, noise, n_new)


def runs_frame(study: Study, works: Sequence[Work], store: Store) -> pd.DataFrame:
    """Return the runs of works, which are every point seed by seed, with their outcomes.

    Raises
    ------
    RunsFailedError
        If a run that was there is so no more: a missing row must not pass for a missing outcome.
    """
    n_points = len(study.design.points)
    keys = [work.key for work in works]
    if lost := len(set(keys) - store.keys()):
        raise RunsFailedError(
            [f"{lost} runs are no longer in {store.folder}; the same command does them again"]
        )
    outcomes = store.outcomes(list(dict.fromkeys(keys)), study.settings.outcomes)
    frame = outcomes.loc[keys].reset_index(drop=True)
    frame.insert(0, "key", keys)
    frame.insert(0, "seed", [work.seed for work in works])
    frame.insert(0, "point", np.tile(np.arange(n_points), len(works) // n_points))
    return frame.sort_values(["point", "seed"], ignore_index=True)
