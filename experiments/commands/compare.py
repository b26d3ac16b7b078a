"""`pathfinder compare`: arms x seeds in parallel, paired by seed, into one folder with a report."""

from __future__ import annotations

import shlex
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
from pydantic import Field

from experiments.comparisons.arms import Arm, build_arms, check_inputs
from experiments.comparisons.kept import is_finished, make_room
from experiments.comparisons.support import PRINTED, left_out, net_text, write_support
from experiments.comparisons.tables import RunKey, summary_text, whole_area, write_monthly
from experiments.files.replacing import read_json, replace_file, write_json
from experiments.models import LABOUR_MARKET
from experiments.models.programme import has_support
from experiments.models.values import differences
from experiments.running.execution import run_works
from experiments.running.launchers import LauncherSettings
from experiments.running.plan import Plan, plan_of
from experiments.running.work import Work, make_work
from experiments.store import Store
from experiments.words.application import Job
from experiments.words.composition import Seed, read_own_settings
from simulation.config import Config, Group
from simulation.errors import InputError
from simulation.report.page_of_comparison import write_report
from simulation.results.outcomes import outcome_values
from simulation.results.paired import summarise

DEFAULT_FOLDER = "results/compare"
MOST_SEEDS = 100_000


class CompareSettings(Group):
    """What `pathfinder compare` takes besides the parameters of the model."""

    arms: dict[str, list[str]] = {}
    baseline: str | None = None
    seeds: int | list[Seed] = 4
    processes: Annotated[int, Field(ge=1, le=4096)] | None = None
    launcher: LauncherSettings = LauncherSettings()
    store: str | None = None
    output: str | None = None
    overwrite: bool = False
    page: bool = True
    plan: bool = False

    def launcher_settings(self) -> LauncherSettings:
        """Return the launcher's settings; `processes` is a short word for the launcher's."""
        if self.processes is None:
            return self.launcher
        return self.launcher.model_copy(update={"processes": self.processes})

    def seed_list(self) -> list[int]:
        """Return the seeds: those listed, or 1 to the count.

        Raises
        ------
        InputError
            If a seed is there twice or there is none.
        """
        if isinstance(self.seeds, int) and not 1 <= self.seeds <= MOST_SEEDS:
            raise InputError(f"seeds: a number must be from 1 to {MOST_SEEDS}, got {self.seeds}")
        seeds = list(range(1, self.seeds + 1)) if isinstance(self.seeds, int) else self.seeds
        if not seeds or len(set(seeds)) < len(seeds):
            raise InputError(f"seeds: {seeds}; at least one is needed, and each only once")
        return seeds


def execute(mapping: dict[str, Any], job: Job) -> None:
    """Check everything, run what is not there yet, and write tables and report.

    Raises
    ------
    InputError
        Before anything is simulated or written.
    RunsFailedError
        If a run failed; the finished ones are kept.
    """
    began = time.perf_counter()
    settings = read_own_settings(mapping, CompareSettings)
    arms = build_arms(
        settings.arms, common=_common_words(job), settings=tuple(CompareSettings.model_fields)
    )
    baseline = _baseline(settings, arms)
    check_inputs(arms)
    folder = Path(settings.output or DEFAULT_FOLDER).expanduser()
    works = _works(arms, seeds=settings.seed_list(), folder=folder)
    if settings.plan:
        print(_plan(list(works.values()), settings).text())
        return
    kept = None if settings.store is None else Path(settings.store).expanduser()
    store = None if kept is None else Store(kept, create=True)
    make_room(folder, list(works.values()), overwrite=settings.overwrite)
    run_works(
        list(works.values()),
        store=store,
        launcher=settings.launcher_settings(),
        experiment=folder.name,
        is_done=is_finished,
    )
    runs = [(arm, seed, folder_of(folder, arm, seed)) for arm, seed in works]
    summary = write_tables(folder, runs, arms=arms, baseline=baseline)
    wards = (runs[0][2] / "wards.csv").read_bytes()
    replace_file(folder / "wards.csv", lambda path: path.write_bytes(wards))
    facts = {
        "command": shlex.join(["pathfinder", "compare", *job.overrides]),
        **_manifest(arms, baseline=baseline, seeds=settings.seed_list(), run=runs[0][2]),
        "seconds": time.perf_counter() - began,
    }
    write_json(folder / "manifest.json", facts)
    place = _write_page(folder, settings)
    print(_figures(folder, summary, arms=arms, baseline=baseline))
    print(f"\n{_in_words(facts)}\n{place}")


def _write_page(folder: Path, settings: CompareSettings) -> str:
    """Write the report, if it is wanted, and return the line that says where to look."""
    if settings.page:
        return f"Report: {write_report(folder)}"
    # One that is there tells of other tables.
    (folder / "report.html").unlink(missing_ok=True)
    return f"Results: {folder}"


def _plan(works: Sequence[Work], settings: CompareSettings) -> Plan:
    """Return what the comparison takes; the store is looked at only if it is there."""
    folder = None if settings.store is None else Path(settings.store).expanduser()
    return plan_of(
        works,
        store=Store(folder) if folder is not None and folder.exists() else None,
        launcher=settings.launcher_settings(),
        missing=[work for work in works if not is_finished(work)],
        measure=True,
    )


def _works(
    arms: Sequence[Arm], *, seeds: Sequence[int], folder: Path
) -> dict[tuple[str, int], Work]:
    """Return a work for every arm and seed; who worked where is kept if any arm has support."""
    has_any = any(has_support(arm.config) for arm in arms)
    defaults = Config().model_dump(mode="json")
    return {
        (arm.name, seed): make_work(
            LABOUR_MARKET,
            differences(defaults, arm.config.model_dump(mode="json")),
            seed,
            name=f"{arm.name}, seed {seed}",
            folder=folder_of(folder, arm.name, seed),
            people=has_any,
        )
        for seed in seeds
        for arm in arms
    }


def folder_of(folder: Path, arm: str, seed: int) -> Path:
    """Return where the run of an arm and a seed is kept in the folder of a comparison."""
    return folder / "runs" / f"{arm}-seed{seed}"


def _figures(folder: Path, summary: pd.DataFrame, *, arms: Sequence[Arm], baseline: str) -> str:
    """Return the figures to print: all outcomes, or the chief ones and the net of support."""
    if not any(has_support(arm.config) for arm in arms):
        return summary_text(summary, baseline=baseline)
    table = pd.read_csv(folder / "additionality.csv", keep_default_na=False, na_values=[""])
    table["note"] = table["note"].fillna("")
    parts = (
        summary_text(summary, baseline=baseline, outcomes=PRINTED),
        net_text(table, left_out(arms, baseline=baseline)),
    )
    return "\n\n".join(parts)


def _common_words(job: Job) -> list[str]:
    """Return the words of the command line that concern the model or the choice of arms."""
    return [
        word
        for word in job.overrides
        if word.lstrip("+").partition("=")[0].partition(".")[0] not in CompareSettings.model_fields
    ]


def _baseline(settings: CompareSettings, arms: Sequence[Arm]) -> str:
    names = [arm.name for arm in arms]
    baseline = settings.baseline or names[0]
    if baseline not in names:
        raise InputError(f"baseline={baseline}: no such arm; arms are {', '.join(names)}")
    return baseline


def write_tables(
    folder: Path, runs: Sequence[RunKey], *, arms: Sequence[Arm], baseline: str
) -> pd.DataFrame:
    """Write the tables of finished runs, those on support if there is any; return the summary.

    Parameters
    ----------
    folder : Path
    runs : sequence of (arm, seed, folder)
    arms : sequence of Arm
        In the order of the rows, after the baseline.
    baseline : str
        The arm the others are compared with.
    """
    write_monthly(folder / "monthly.parquet", runs)
    months = whole_area(runs)
    outcomes = outcome_values(months)
    if any(has_support(arm.config) for arm in arms):
        support = write_support(folder, runs, arms=arms, baseline=baseline, monthly=months)
        outcomes = pd.concat([outcomes, support], ignore_index=True)
    summary = summarise(outcomes, baseline)
    names = [arm.name for arm in arms]
    order = {name: place for place, name in enumerate([baseline, *names][::-1])}
    summary = summary.sort_values(
        "arm", key=lambda names: -names.map(order), kind="stable", ignore_index=True
    )
    replace_file(folder / "summary.csv", lambda path: summary.to_csv(path, index=False))
    return summary


def _manifest(
    arms: Sequence[Arm], *, baseline: str, seeds: Sequence[int], run: Path
) -> dict[str, Any]:
    """Return what was compared; versions are those of the runs themselves."""
    config = next(arm.config for arm in arms if arm.name == baseline)
    of_run = read_json(run / "manifest.json")
    return {
        "area": config.area.folder or config.area.name,
        "arms": [
            {
                "name": arm.name,
                "overrides": list(arm.overrides),
                "config": arm.config.model_dump(mode="json"),
            }
            for arm in arms
        ],
        "baseline": baseline,
        "additionality_left_out": left_out(arms, baseline=baseline),
        "seeds": list(seeds),
        "start": config.start.isoformat(),
        "weeks": config.weeks,
        "people_per_agent": config.people_per_agent,
        "boundaries": config.area.boundaries,
        "config": config.model_dump(mode="json"),
        **{key: of_run[key] for key in ("versions", "commit", "code_version")},
    }


def _in_words(facts: dict[str, Any]) -> str:
    """Say in one sentence how large the comparison was and what thinning means."""
    size = facts["people_per_agent"]
    thinned = (
        "at full size, one agent for each person"
        if size == 1
        else f"thinned to one agent for {size} people (people_per_agent=1 is full size)"
    )
    return (
        f"{len(facts['arms'])} arms x {len(facts['seeds'])} seeds, {facts['weeks']} weeks from"
        f" {facts['start']}, {facts['area']}, {thinned}."
    )
