"""`pathfinder run from=RUN@DAY`: what if a kept run had gone another way from a day on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from experiments.files.replacing import read_json
from experiments.models.tables import loaded_area
from experiments.words.composition import compose_mapping
from experiments.words.repeat import model_words
from simulation.config import Config
from simulation.config.base import parse_day
from simulation.errors import InputError
from simulation.finished.names import MANIFEST
from simulation.histories.past import Past
from simulation.inputs.users_files import check_same_files, file_digests
from simulation.provenance import code_version

SETTING = "gone_on_from"
FORM = "must be the folder of a run and a day or a number of weeks, results/run@2010-01-04"


@dataclass(frozen=True)
class WhatIf:
    """A run that is another's until some week.

    Attributes
    ----------
    config : Config
    seed : int
    week : int
        How many weeks they have in common.
    """

    config: Config
    seed: int
    week: int


def what_if(given: str, words: Sequence[str]) -> WhatIf:
    """Return the run that a kept run becomes by some words.

    Parameters
    ----------
    given : str
        Folder of the run, and behind the last @ the day, or how many weeks they share.
    words : sequence of str
        Of the command line.

    Raises
    ------
    InputError
        If there is no such run, it is one of another version, its tables have changed, or one line
        for each parameter that would have mattered before.
    """
    place, at, when = given.rpartition("@")
    if not at or not place:
        raise InputError(f"from={given}: {FORM}")
    config, seed = _kept(place)
    week = _week(when, config, given)
    words = [word for word in words if _name(word) != SETTING]
    if any(_name(word) == "seed" for word in words):
        raise InputError(f"seed: the run goes on with that of {place}, {seed}; leave it out")
    changed = {_name(word) for word in words}
    kept = [word for word in model_words(config) if _name(word) not in changed]
    mapping = compose_mapping("run", [*kept, *words])
    model = {name: value for name, value in mapping.items() if name in Config.model_fields}
    new = Config.from_mapping(model)
    if week >= new.weeks:
        raise InputError(f"weeks={new.weeks}: {given} is later than that; set weeks higher")
    area = loaded_area(new)
    Past(new, area).check_same(Past(config, area), week)
    return WhatIf(new, seed, week)


def _kept(place: str) -> tuple[Config, int]:
    """Return configuration and seed of the run in a folder."""
    try:
        manifest = read_json(Path(place).expanduser() / MANIFEST)
        seed, version, written = int(manifest["seed"]), manifest["code_version"], manifest["config"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"from={place}: no run is kept there; {FORM}") from error
    if version != code_version():
        raise InputError(
            f"from={place}: was run by another version of the code or of the shipped tables; run"
            " it again first"
        )
    config = Config.from_mapping(written)
    if config.own:
        raise InputError(f"from={place}: a run with code of your own (own=) is done as a whole")
    check_same_files(file_digests(config), manifest.get("inputs", {}))
    return config, seed


def _week(when: str, config: Config, given: str) -> int:
    """Return the first week that begins on a day or after it, or the number given."""
    day = parse_day(when)
    if day is not None:
        week = -(-(day - config.start).days // 7)
    elif when.isdecimal():
        week = int(when)
    else:
        raise InputError(f"from={given}: {FORM}")
    last = config.start + timedelta(weeks=config.weeks - 1)
    if not 0 < week < config.weeks:
        raise InputError(
            f"from={given}: must be after {config.start} and by {last}, within the run's weeks"
        )
    return week


def _name(word: str) -> str:
    return word.lstrip("+~").partition("=")[0].partition("@")[0]
