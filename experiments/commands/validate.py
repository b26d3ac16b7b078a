"""`pathfinder validate`: moments of a run beside the data, as a table and a page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from experiments.commands.run import RunSettings, simulated
from experiments.files.folders import check_free
from experiments.files.locks import held
from experiments.running.launchers import LauncherSettings, make_launcher
from experiments.words.application import Job
from experiments.words.composition import Seed, split_mapping
from simulation.config import Config, Group
from simulation.errors import InputError
from simulation.finished.names import MANIFEST
from simulation.provenance import code_version, commit, versions

if TYPE_CHECKING:
    import pandas as pd

    from simulation.finished.run import Run

WARD_MONTH = "2008-08-01"
"""Ward counts of claimants are of 2008."""
OF_TRIAL = ("seeds", "launcher", "store")
OF_MOMENTS = ("run", "data", "table", "seed")
"""Settings that only a trial uses, and those only moments do."""


class ValidateSettings(Group):
    """What `pathfinder validate` takes besides the parameters of the model."""

    run: str | None = None
    data: str | None = "../shared/data"
    table: str | None = None
    seed: Seed = 1
    design: str | None = None
    seeds: Annotated[int, Field(ge=1, le=1000)] = 4
    launcher: LauncherSettings = LauncherSettings()
    store: str | None = "results/store"
    output: str | None = None
    overwrite: bool = False
    page: bool = True


def execute(mapping: dict[str, Any], job: Job) -> None:
    """Simulate or read a run, work out its moments, and write them beside the data.

    Raises
    ------
    InputError
        Before anything is simulated or written.
    """
    config, settings = split_mapping(mapping, ValidateSettings)
    _check_words(job.overrides, settings)
    if settings.design is not None:
        _try_design(config, settings, settings.design)
        return
    kept = None if settings.run is None else Path(settings.run).expanduser()
    if kept is not None and not (kept / MANIFEST).is_file():
        raise InputError(f"run={kept}: no run is kept there; pathfinder run events=true writes one")
    # Late: tables and pandas are for what comes after the words are found to be sound.
    from experiments.validation.rows import SHIPPED, read_rows

    rows = read_rows(SHIPPED if settings.table is None else Path(settings.table).expanduser())
    folder = Path(settings.output or _default_folder(config, settings, kept)).expanduser()
    check_free(folder, overwrite=settings.overwrite)
    with held(folder):
        check_free(folder, overwrite=settings.overwrite)
        of_new = RunSettings(seed=settings.seed, events=True)
        run = simulated(config, of_new) if kept is None else _load(kept)
        _write(run, rows, settings, folder)


def _try_design(config: Config, settings: ValidateSettings, design: str) -> None:
    """Carry out a trial and write what it finds beside what was published."""
    from experiments.validation import trials

    if settings.store is None:
        raise InputError("store=null: a trial keeps its runs beside the store; name a folder")
    make_launcher(settings.launcher)
    published = trials.published_of(design)
    weeks = sorted(set(published["weeks"]))
    if config.weeks < weeks[-1]:
        raise InputError(
            f"weeks={config.weeks}: too short; {design} looks at work after {weeks[-1]} weeks"
        )
    area = Path(config.area.folder).name if config.area.folder else config.area.name
    usual = Path("results", "validation", f"trial-{design}-{area}-{config.economy.name}")
    folder = Path(settings.output or usual).expanduser()
    check_free(folder, overwrite=settings.overwrite)
    with held(folder):
        check_free(folder, overwrite=settings.overwrite)
        found = trials.run_trial(
            config,
            range(1, settings.seeds + 1),
            weeks=weeks,
            store=Path(settings.store).expanduser(),
            launcher=settings.launcher,
        )
        table = trials.beside_published(found, published)
        facts = {"design": design, "seeds": settings.seeds, "versions": versions()}
        config_said = {"config": config.model_dump(mode="json"), "code_version": code_version()}
        manifest = {**facts, "commit": commit(), **config_said}
        trials.write_trial(folder, table, manifest, page=settings.page)
    print(trials.as_text(table))
    print(f"\nTrial: {folder / (trials.PAGE if settings.page else trials.TRIAL)}")


def _check_words(words: Sequence[str], settings: ValidateSettings) -> None:
    """Refuse words that would change nothing.

    Raises
    ------
    InputError
        One line a word.
    """
    names = {word: word.lstrip("+").partition("=")[0].partition(".")[0] for word in words}
    if settings.design is not None:
        told = dict.fromkeys(OF_MOMENTS, "a trial has runs of its own, seeds 1 to seeds=")
    else:
        told = dict.fromkeys(OF_TRIAL, "only of a trial, trial=NAME")
        if settings.run is not None:
            of_run = {"seed"} | (set(names.values()) - ValidateSettings.model_fields.keys())
            told |= dict.fromkeys(of_run, f"the run in run={settings.run} is simulated already")
    problems = [f"{word}: {told[name]}; leave {name}= out"
                for word, name in names.items() if name in told]  # fmt: skip
    if problems:
        raise InputError(problems)


def _default_folder(config: Config, settings: ValidateSettings, kept: Path | None) -> Path:
    if kept is not None:
        return Path("results", "validation", kept.resolve().name)
    area = Path(config.area.folder).name if config.area.folder else config.area.name
    return Path("results", "validation", f"{area}-{config.economy.name}-seed{settings.seed}")


def _load(kept: Path) -> Run:
    from simulation.finished.run import Run

    return Run.load(kept)


def _write(run: Run, rows: pd.DataFrame, settings: ValidateSettings, folder: Path) -> None:
    """Compare and write."""
    import numpy as np
    import pandas as pd

    from experiments.validation.comparing import compared, region_rows
    from experiments.validation.folder import MOMENTS, PAGE, as_text, write_validation
    from experiments.validation.public_data import data_rows
    from experiments.validation.public_data import ward_rates as ward_rates_of
    from simulation.report.page_of_validation import Inputs
    from simulation.results.moments.catalogue import history_of
    from simulation.results.moments.drawn import by_quarter, survival, ward_rates

    history, config = history_of(run), run.config
    left_out: list[str] = []
    series = pd.DataFrame()
    wards = run.wards.set_index("code").assign(model=np.nan, data=np.nan)
    if settings.data is not None:
        data = Path(settings.data).expanduser()
        series, left_out = data_rows(data)
        wards["model"], wards["data"] = ward_rates(history, WARD_MONTH), ward_rates_of(data)
    named = pd.concat([rows, region_rows(rows, history)], ignore_index=True)
    rows = named if series.empty else pd.concat([named, series], ignore_index=True)
    area = config.area.folder or config.area.name
    found = Inputs(
        table=compared(rows, history, area=area, economy=config.economy.name),
        named=named,
        series=by_quarter(history, rows[rows["basis"] == "UK"]),
        survival=survival(history),
        wards=wards.dropna(subset=["model", "data"]),
        left_out=left_out,
        manifest={**run.manifest, "data_left_out": left_out},
    )
    write_validation(folder, found, page=settings.page)
    print(as_text(found.table, left_out))
    print(f"\nMoments: {folder / MOMENTS}" + (f", page: {folder / PAGE}" if settings.page else ""))
