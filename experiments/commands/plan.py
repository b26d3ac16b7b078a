"""`pathfinder plan`: what a sum of money is best spent on in one neighbourhood."""

from __future__ import annotations

import re
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.comparisons.plan_settings import PlanSettings
from experiments.files.folders import check_free
from experiments.files.locks import held
from experiments.words.application import Job
from experiments.words.composition import split_mapping
from simulation.errors import InputError

if TYPE_CHECKING:
    from experiments.comparisons.neighbourhood import Neighbourhood


def execute(mapping: dict[str, Any], job: Job) -> None:
    """Check everything, run what is not there yet, and write the plan.

    Raises
    ------
    InputError
        Before anything is simulated or written.
    RunsFailedError
        If a run failed; the finished ones are kept.
    """
    config, settings = split_mapping(mapping, PlanSettings)
    if not (settings.ward or "").strip():
        raise InputError("ward= is missing; give a ward, such as ward='Washwood Heath'")
    # Late, as all that is needed only once the words are found to be sound.
    from experiments.comparisons.neighbourhood import (
        carry_out_plan,
        neighbourhood,
        of_each_option,
        write_plan,
    )
    from experiments.comparisons.works import plan_for
    from experiments.models.tables import loaded_area
    from simulation.report.neighbourhood import plan_lines
    from simulation.report.pen import plain

    wards = loaded_area(config).wards
    place = neighbourhood(config, settings, wards)
    asked = of_each_option(place)
    n_seeds = len(asked.seeds)
    more = f"and then, on other seeds, {n_seeds} of the best mix of them and {n_seeds} without it"
    if settings.plan:
        print(f"{plan_for(asked, None).text()}\n{more}")
        return
    folder = Path(settings.output or default_folder(place)).expanduser()
    check_free(folder, overwrite=settings.overwrite)
    print(f"each option is run, {more}", file=sys.stderr)
    with held(folder):
        check_free(folder, overwrite=settings.overwrite)
        command = shlex.join(["pathfinder", "plan", *job.overrides])
        planned = carry_out_plan(place, wards, command=command)
        write_plan(planned, folder)
    print(plain("\n".join(plan_lines(planned.told))))
    print(f"{'Page' if settings.page else 'Results'}: {folder}{'/page.html' * settings.page}")


def default_folder(place: Neighbourhood) -> Path:
    """Name a folder by the wards and the money."""
    label = re.sub(r"\W+", "_", place.label.lower())[:60].strip("_")
    return Path("results", f"plan-{label}-{place.settings.budget:.0f}")
