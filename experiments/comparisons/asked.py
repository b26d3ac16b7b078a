"""What a comparison is asked to be, read from words and checked before anything runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from experiments.comparisons.arms import Arm, build_arms
from experiments.running.launchers import LauncherSettings, make_launcher
from experiments.words.check import Words
from experiments.words.composition import Seeds, read_own_settings
from simulation.config import Config, Group
from simulation.errors import InputError, did_you_mean

if TYPE_CHECKING:
    from experiments.comparisons.targets import Promised

MOST_SEEDS = 100_000


class Budget(Group):
    """What adding seeds may cost at most."""

    minutes: Annotated[float, Field(gt=0)] | None = None
    seeds: Annotated[int, Field(ge=1, le=MOST_SEEDS)] = 64


class CompareSettings(Group):
    """What a comparison takes besides the parameters of the model."""

    arms: dict[str, list[str]] = {}
    baseline: str | None = None
    sets: dict[str, list[str]] = {}
    targets: str | list[str] = []
    seeds: Seeds = 4
    precision: Annotated[float, Field(gt=0)] | None = None
    headline: Literal["work_years", "claimant_years", "sustained_jobs", "spend_gbp", "work_end"] = (
        "work_years"
    )
    budget: Budget = Budget()
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

    def store_folder(self) -> Path | None:
        """Return where the store is; None if none is kept."""
        return None if self.store is None else Path(self.store).expanduser()

    def output_folder(self) -> Path | None:
        """Return the folder asked for; None if none was."""
        return None if self.output is None else Path(self.output).expanduser()

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


@dataclass(frozen=True)
class Asked:
    """A comparison to carry out.

    Attributes
    ----------
    arms : tuple of Arm
    seeds : tuple of int
    baseline : str
        The arm the others are compared with.
    settings : CompareSettings
    promised : Promised or None
        Targets, and the runs they need besides; None where there are none.
    """

    arms: tuple[Arm, ...]
    seeds: tuple[int, ...]
    baseline: str
    settings: CompareSettings
    promised: Promised | None = None

    @property
    def references(self) -> tuple[Arm, ...]:
        """Arms that are run for targets alone."""
        return () if self.promised is None else self.promised.references


def read_asked(
    mapping: Mapping[str, Any],
    words: Sequence[str],
    *,
    arms: Mapping[str, Words | Config] | None = None,
    problems: Sequence[str] = (),
) -> Asked:
    """Read what is asked; no table is read.

    Parameters
    ----------
    mapping : mapping
        Composed from the words.
    words : sequence of str
        Those that concern the model hold in every arm.
    arms : mapping, optional
        Words or configurations by name, instead of those composed.
    problems : sequence of str
        What is wrong already, to be told together.

    Raises
    ------
    InputError
        One line a problem.
    """
    found = [*problems]
    settings, seeds, built = CompareSettings(), [0], []
    try:
        settings = read_own_settings(mapping, CompareSettings)
        seeds = settings.seed_list()
    except InputError as error:
        found += error.problems
    given = settings.arms if arms is None else arms
    names = list(given)
    baseline = settings.baseline or next(iter(names), "")
    if names and baseline not in names and not found:
        found.append(f"baseline={baseline}: no such arm; {did_you_mean(baseline, names)}")
    # Composing arms takes longer than all else here, so what is refused anyway is told first.
    if arms is not None or not found:
        try:
            fields = tuple(CompareSettings.model_fields)
            built = build_arms(given, common=of_the_model(words), settings=fields)
        except InputError as error:
            found += error.problems
    if found:
        raise InputError(found)
    # Last, for what carries runs out takes long to import.
    make_launcher(settings.launcher_settings())
    return Asked(
        tuple(built), tuple(seeds), baseline, settings, _promised(settings, built, baseline)
    )


def _promised(settings: CompareSettings, arms: Sequence[Arm], baseline: str) -> Promised | None:
    if not settings.targets:
        return None
    # Late: targets and what they are of stand in tables.
    from experiments.comparisons.targets import promised

    return promised(settings.targets, arms, baseline)


def of_the_model(words: Sequence[str]) -> list[str]:
    """Return the words that concern the model or the choice of arms."""
    return [
        word
        for word in words
        if word.lstrip("+").partition("=")[0].partition(".")[0] not in CompareSettings.model_fields
    ]
