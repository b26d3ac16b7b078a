"""`pathfinder compare`: arms x seeds in parallel, paired by seed, into one folder with a report."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

from experiments.comparisons.asked import read_asked
from experiments.words.application import Job

DEFAULT_FOLDER = Path("results/compare")


def execute(mapping: dict[str, Any], job: Job) -> None:
    """Check everything, run what is not there yet, and write tables and report.

    Raises
    ------
    InputError
        Before anything is simulated or written.
    RunsFailedError
        If a run failed; the finished ones are kept.
    """
    asked = read_asked(mapping, job.overrides)
    settings = asked.settings
    folder = settings.output_folder() or DEFAULT_FOLDER
    if settings.plan:
        # Late, as all that is needed only once the words are found to be sound.
        from experiments.comparisons.works import plan_for

        plan = plan_for(asked, folder)
        if asked.references:
            names = ", ".join(arm.name for arm in asked.references)
            print(f"targets take {len(asked.references)} arms more, to tell whose doing it was:")
            print(f"  {names}")
        print(plan.text())
        if settings.precision is not None:
            from experiments.comparisons.adding import precision_text

            wall, n_arms = plan.wall_seconds, len(asked.arms) + len(asked.references)
            seconds = None if wall is None else wall * n_arms / plan.n_missing
            print(precision_text(asked, folder, seconds_a_seed=seconds))
        return
    from experiments.comparisons.carry_out import carry_out
    from experiments.comparisons.text import in_full

    command = shlex.join(["pathfinder", "compare", *job.overrides])
    found = carry_out(asked, command=command, folder=folder)
    place = f"Page: {folder / 'page.html'}" if settings.page else f"Results: {folder}"
    print(f"{in_full(found)}\n{place}")
