"""`pathfinder run`: one run into one folder."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.files.folders import STORE, check_free
from experiments.files.locks import held
from experiments.interrupts import telling
from experiments.models import LABOUR_MARKET, model_named
from experiments.running.launchers import LauncherSettings
from experiments.words.application import Job
from experiments.words.composition import Seed, split_mapping
from experiments.words.unchosen import unchosen_lines
from experiments.words.variations import flat
from simulation.config import Config, Group
from simulation.config.programme import NO_SUPPORT, has_support
from simulation.errors import InputError

if TYPE_CHECKING:
    import pandas as pd
    from tqdm import tqdm

    from experiments.running.going_on import Fork
    from experiments.running.plan import Plan
    from simulation.finished.run import Run

OF_MANY = ("store", "name", "launcher")
"""Settings that only `--multirun` uses."""
IN_PROCESS = LauncherSettings(name="in_process")
MOST_NAMED = 3
"""More interventions than that are only counted in the name of a folder."""
DIGITS = 6
"""Of the words that the name of a folder does not say."""


class RunSettings(Group):
    """What `pathfinder run` takes besides the parameters of the model; some only of many."""

    seed: Seed = 1
    output: str | None = None
    overwrite: bool = False
    events: bool = False
    snapshots: bool = False
    gone_on_from: str | None = None
    plan: bool = False
    store: str = STORE
    name: str | None = None
    launcher: LauncherSettings = LauncherSettings()


def execute(mapping: dict[str, Any], job: Job) -> None:
    """Run once and save.

    Raises
    ------
    InputError
        Before anything is simulated or written.
    """
    config, settings = split_mapping(mapping, RunSettings)
    _check_words(job.overrides)
    week = 0
    if settings.gone_on_from is not None:
        from experiments.commands.what_if import what_if  # late: it loads areas

        new = what_if(settings.gone_on_from, job.overrides)
        config, week = new.config, new.week
        settings = settings.model_copy(update={"seed": new.seed})
    if problems := unchosen_lines(job.overrides, [config.model_dump(mode="json")]):
        raise InputError(problems)
    if settings.plan:
        print(_plan(config, settings.seed).text())
        return
    usual = default_folder(config, settings.seed, job.overrides)
    folder = Path(settings.output or usual).expanduser()
    check_free(folder, overwrite=settings.overwrite)
    with held(folder):
        # Another command may have ended meanwhile.
        check_free(folder, overwrite=settings.overwrite)
        # All that is wrong with the tables, before the first loop is compiled.
        model_named(LABOUR_MARKET).check(config.model_dump(mode="json"))
        run = simulated(config, settings, week)
        run.save(folder, overwrite=True)
    print(describe(run))
    print(f"\nResults: {folder}")


def _plan(config: Config, seed: int) -> Plan:
    """Return what the run takes, known from the usual store or measured."""
    # Late, as all that is needed only once the words are found to be sound.
    from experiments.running.plan import plan_of
    from experiments.running.work import make_work
    from experiments.store import Store

    store = Path(STORE)
    changes = flat(config.model_dump(mode="json"))
    works = [make_work(LABOUR_MARKET, changes, seed, name="this run")]
    return plan_of(
        works,
        store=Store(store) if store.exists() else None,
        launcher=IN_PROCESS,
        missing=works,
        measure=True,
    )


def default_folder(config: Config, seed: int, words: Sequence[str] = ()) -> Path:
    """Name a folder by what is simulated, relative to the working directory.

    Digits at its end stand for words it does not say, so that other words have another folder.
    """
    area = Path(config.area.folder).name if config.area.folder else config.area.name
    support = [] if config.regime.name == NO_SUPPORT else [config.regime.name]
    active = config.interventions.active_names()
    support += active if len(active) <= MOST_NAMED else [f"{len(active)}_interventions"]
    names = [area, config.economy.name, config.hiring.rule, *support, f"seed{seed}"]
    said = (*RunSettings.model_fields, "area", "economy", "hiring", "regime", "interventions")
    unsaid = sorted(word for word in words if word.lstrip("+").partition("=")[0] not in said)
    if unsaid:
        names.append(hashlib.sha256("\n".join(unsaid).encode()).hexdigest()[:DIGITS])
    return Path("results", "-".join(names))


def _check_words(words: Sequence[str]) -> None:
    """Refuse what only many runs have.

    Raises
    ------
    InputError
        One line a word.
    """
    problems = [
        f"{word}: only with --multirun; a single run goes into a folder, output=FOLDER"
        for word in words
        if word.lstrip("+").partition("=")[0].partition(".")[0] in OF_MANY
    ]
    if problems:
        raise InputError(problems)


def simulated(config: Config, settings: RunSettings, week: int = 0) -> Run:
    """Run once, going on from a state that is kept; that of a week is kept if it is not 0."""
    from tqdm import tqdm

    from experiments.running.going_on import going_on
    from experiments.running.progress import tell_of_compiling
    from simulation.runner import simulate

    tell_of_compiling(sys.stderr)
    own, forks = _keys(config, settings, week)
    with (
        tqdm(total=config.weeks, desc="weeks", unit="week", disable=None) as bar,
        going_on(Path(settings.store), own, forks, tell=lambda weeks: None) as past,
        telling(
            lambda: (
                f"after {bar.n} of {config.weeks} weeks; nothing of this run was written, finished"
                f" runs are kept{past.told}"
            )
        ),
    ):
        return simulate(
            config,
            settings.seed,
            events=settings.events,
            people=settings.snapshots,
            progress=partial(_tell, bar),
            since=past.since,
            keep=None if config.own else past.keep,
        )


def _keys(config: Config, settings: RunSettings, week: int) -> tuple[str, tuple[Fork, ...]]:
    """Return the keys of a run's state: while it is not finished, and of its past until a week."""
    from experiments.running.going_on import fork_key
    from experiments.store.keys import key_of

    model, values = model_named(LABOUR_MARKET), config.model_dump(mode="json")
    asked = {"people": settings.snapshots, "events": settings.events}
    whole = {"whole": values, **asked}
    own = key_of(model.name, whole, settings.seed, model.version(), model.inputs(values))
    if not week:
        return own, ()
    history = model.history(values)
    return own, ((week, fork_key(model.name, settings.seed, history, week, asked)),)


def _tell(bar: tqdm[Any], weeks: int) -> None:
    """Move the bar; no week is done while the same world is simulated without support first."""
    bar.set_description("weeks" if weeks else "first without support", refresh=weeks < 2)
    bar.update(weeks - bar.n)


def describe(run: Run) -> str:
    """Return the outcomes of a run as a table to print."""
    from simulation.finished.names import LOST_WORK
    from simulation.finished.shown import lost_work_lines, programme_text
    from simulation.report.interactive.premises import answer_of_jobs, of_gate
    from simulation.report.labels import area_label
    from simulation.report.pen import per_agent, plain
    from simulation.results.support import SUPPORT_OUTCOMES

    config, economy = run.config, run.config.economy
    own = "" if economy.shipped else " (a table of your own)"
    head = (
        f"{area_label(config.area.folder or config.area.name)}, economy {economy.name}{own},"
        f" hiring {config.hiring.rule}, {programme_text(config)}, seed {run.seed},"
        f" {config.weeks} weeks from {config.start}, one agent for"
        f" {per_agent(config.people_per_agent)}; {run.manifest['seconds']:.1f} s"
    )
    outcomes, of_support = run.outcomes(), {each.name for each in SUPPORT_OUTCOMES}
    is_support = outcomes["outcome"].isin(of_support)
    market = _lines(outcomes[~is_support]) or "(shorter than a month: no monthly figures)"
    parts = [head, *run.manifest["held"], run.manifest["thinning"], market]
    if has_support(config):
        parts.append("Support\n" + _lines(outcomes[is_support]))
        assumed = (answer_of_jobs(config.closure.response), of_gate(config.gate.works_outside))
        parts.append(plain(f"Assumed: {' '.join(assumed)}"))
    if LOST_WORK in run.tables:
        parts.append("\n".join(lost_work_lines(run.tables[LOST_WORK], run.wards, config)))
    return "\n\n".join(filter(None, parts))


def _lines(rows: pd.DataFrame) -> str:
    from simulation.report.pen import figure, plain
    from simulation.results.outcomes import label_of

    labels = [label_of(name) for name in rows["outcome"]]
    width = max(map(len, labels), default=0) + 2
    return "\n".join(
        f"  {label:<{width}}{plain(figure(value, unit)):>14} {unit}"
        for label, value, unit in zip(labels, rows["value"], rows["unit"], strict=True)
    )
