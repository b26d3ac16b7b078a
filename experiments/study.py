"""`pathfinder study`: a question put to a model over many runs, with tables, figures and a page."""

from __future__ import annotations

import shlex
import sys
import time
from pathlib import Path
from typing import Any

from experiments.application import Job
from experiments.plan import plan_of
from experiments.store import Store
from experiments.studies.analysis import analyse_study
from experiments.studies.folder import check_folder, keys_digest, notes_of, write_study
from experiments.studies.preparation import Study, prepare_study
from experiments.studies.rounds import Findings, Works, run_study
from experiments.studies.words import found_text, size_text

CHOSEN, OWN = "chosen_factors", "factors"


def execute(mapping: dict[str, Any], job: Job) -> None:
    """Check everything, run what is not in the store yet, analyse, and write the folder.

    Raises
    ------
    InputError
        Before anything is simulated or written.
    RunsFailedError
        If a run failed; the finished ones are kept.
    """
    began = time.perf_counter()
    study = prepare_study(mapping, job.overrides)
    folder = check_folder(study)
    place = Path(study.settings.store).expanduser()
    if study.settings.plan:
        print(plan_text(study, Store(place) if place.exists() else None))
        return
    store = Store(place, create=True)
    for line in store.damaged():
        print(line, file=sys.stderr)
    print(size_text(study), file=sys.stderr)
    findings = run_study(study, store)
    tables = analyse_study(study, findings)
    write_study(
        folder,
        study,
        findings,
        tables,
        command=command_of(job),
        seconds=time.perf_counter() - began,
        **keys_digest(store, findings.runs["key"]),
    )
    print(found_text(study, tables))
    _say_where(study, findings, folder)


def plan_text(study: Study, store: Store | None) -> str:
    """Say what a study would take: its runs with the first seeds, and what the rule may add."""
    settings = study.settings
    works = Works(study).of_seeds(range(1, settings.seeds + 1))
    plan = plan_of(works, store=store, launcher=settings.launcher, measure=True)
    # Points that are alike are run once.
    n_points = len({work.key for work in works}) // settings.seeds
    further = settings.most_seeds - settings.seeds
    most = (
        f"the stopping rule may add up to {further} seeds of every point: {n_points * further:,}"
        " runs more"
        if further
        else "no further seeds (most_seeds)"
    )
    return "\n".join([size_text(study), plan.text(), most])


def command_of(job: Job) -> str:
    """Return the command line that made a study, as the user would type it."""
    words = [word.lstrip("+").replace(f"{CHOSEN}=", f"{OWN}=") for word in job.overrides]
    return shlex.join(["pathfinder", "study", *words])


def _say_where(study: Study, findings: Findings, folder: Path) -> None:
    notes = notes_of(study, findings.noise)
    if notes:
        print("\nBeware\n" + "\n".join(f"  {note}" for note in notes))
    print(
        f"\n{len(study.design.points)} points x {findings.n_seeds} seeds,"
        f" {findings.runs['key'].nunique()} runs, {findings.n_new} of them new. Results: {folder}"
    )
    if study.settings.page:
        print(f"Page: {folder / 'study.html'}")
