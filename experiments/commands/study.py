"""`pathfinder study`: a question put to a model over many runs, with tables, figures and a page."""

from __future__ import annotations

import math
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.running.plan import plan_of
from experiments.store import Store
from experiments.studies.folder import check_folder
from experiments.studies.preparation import Study, prepare_study
from experiments.studies.words import asked_text
from experiments.studies.works import Works
from experiments.words.application import Job

if TYPE_CHECKING:
    from experiments.studies.answer import Answer


MOST_LOOKED_AT = 2_000
"""Points of which a plan makes the runs."""


def execute(mapping: dict[str, Any], job: Job) -> None:
    """Check everything, run what is not in the store yet, analyse, and write the folder.

    Raises
    ------
    InputError
        Before anything is simulated or written.
    RunsFailedError
        If a run failed; the finished ones are kept.
    """
    study = prepare_study(mapping, job.overrides)
    place = Path(study.settings.store).expanduser()
    if study.settings.plan:
        print(plan_text(study, Store(place) if place.exists() else None))
        return
    folder = check_folder(study)
    # Late: SALib, scikit-learn and Matplotlib are for what comes after the runs.
    from experiments.studies.answer import carry_out_study

    store = Store(place, create=True)
    for line in [*store.damaged(), asked_text(study), *study.design.notes]:
        print(line, file=sys.stderr)
    answer = carry_out_study(study, store, words=job.overrides)
    answer.write(folder)
    print(answer.text())
    _say_where(answer, folder)


def plan_text(study: Study, store: Store | None) -> str:
    """Say what a study would take: its runs with the first seeds, and what the rule may add.

    Of a large design some points are looked at, and what they take is multiplied.
    """
    settings, design = study.settings, study.design
    n_all = len(design.points)
    step = math.ceil(n_all / MOST_LOOKED_AT)
    some = replace(study, design=replace(design, points=design.points.iloc[::step]))
    works = Works(some).of_seeds(range(1, settings.seeds + 1))
    plan = plan_of(works, store=store, launcher=settings.launcher, measure=True)
    # Points that are alike are run once.
    n_points = len({work.key for work in works}) // settings.seeds
    if step > 1:
        n_looked_at = len(some.design.points)
        plan = plan.times(
            n_all / n_looked_at, basis=f"by {n_looked_at:,} of {n_all:,} points, evenly chosen"
        )
        n_points = round(n_points * n_all / n_looked_at)
    further = settings.most_seeds - settings.seeds
    most = (
        f"the stopping rule may add up to {further} seeds of every point: {n_points * further:,}"
        " runs more"
        if further
        else "no further seeds (most_seeds)"
    )
    beware = [f"beware: {note}" for note in study.design.notes]
    return "\n".join([asked_text(study), *beware, plan.text(), most])


def _say_where(answer: Answer, folder: Path) -> None:
    if answer.notes:
        print("\nBeware\n" + "\n".join(f"  {note}" for note in answer.notes))
    findings = answer.findings
    print(
        f"\n{len(answer.design)} points x {findings.n_seeds} seeds,"
        f" {findings.runs['key'].nunique()} runs, {findings.n_new} of them new. Results: {folder}"
    )
    if answer.study.settings.page:
        print(f"Page: {folder / 'page.html'}")
