"""What a study asks: `conf/study.yaml`, a file of `conf/experiment/` over it, and words over that.

Factors are a mapping of names, in YAML or on the command line; there a list of words does as well:
`factors=[hiring.strength,search.full_duty:0.1..0.3,hiring:random|ranking]`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from experiments.files.folders import STORE
from experiments.models import LABOUR_MARKET
from experiments.running.launchers import LauncherSettings
from simulation.config import Group
from simulation.config.base import DISTRIBUTIONS

SENSITIVITY = ("morris", "sobol", "efast", "delta", "pawn")
"""Methods that come with a design of their own and give indices."""
FILLING = ("latin_hypercube", "sobol_sequence")
"""Designs that spread their points over the whole range of all factors."""
CROSSED = ("factorial", "grid", "one_at_a_time")
"""Designs of chosen values of each factor."""
METHOD_NAMES = (*SENSITIVITY, *FILLING, *CROSSED)
EMULATORS = ("none", "gaussian_process", "boosted_trees")
MOST_POINTS = 1_000_000
FOLDER = "results/studies"
FREE = "free"
"""What a study is called that no file of `conf/experiment/` names."""

Method = Literal[METHOD_NAMES]  # type: ignore[valid-type]
Distribution = Literal[DISTRIBUTIONS]  # type: ignore[valid-type]
Emulator = Literal[EMULATORS]  # type: ignore[valid-type]
Whole = Annotated[int, Field(ge=1, le=MOST_POINTS)]


class FactorSettings(Group):
    """What is said of one factor; what is not said comes from the table of parameters.

    Attributes
    ----------
    low, high : float or None
        Its range; of a list of numbers, of the factor by which all of them are multiplied.
    distribution : str or None
        One of `DISTRIBUTIONS`, over the range.
    values : list or None
        The values it takes instead of a range: numbers, names of choices, true and false.
    group : str or None
        Factors of one group are analysed together where the study says `groups: true`.
    label : str or None
        What it is called in print.
    value_labels : dict of str to str
        What its values are called in print, by name; without one it is the name.
    """

    low: float | None = None
    high: float | None = None
    distribution: Distribution | None = None
    values: list[Any] | None = None
    group: str | None = None
    label: str | None = None
    value_labels: dict[str, str] = {}


SAID = tuple(FactorSettings.model_fields)
"""What may be said of a factor."""


class StudySettings(Group):
    """What `pathfinder study` takes besides the parameters of the model."""

    title: str = ""
    question: str = ""
    model: str = LABOUR_MARKET
    method: Method = "morris"
    factors: dict[str, FactorSettings] = {}
    chosen_factors: list[Any] | dict[str, Any] | None = None
    groups: bool = False
    fixed: dict[str, Any] = {}
    outcomes: list[str] = []
    baseline: dict[str, Any] | None = None
    policies: str | None = None
    better: dict[str, Literal["higher", "lower"]] = {}
    samples: Whole = 32
    levels: Annotated[int, Field(ge=2, le=1000)] | None = None
    seeds: Whole = 4
    most_seeds: Whole = 32
    half_width: Annotated[float, Field(gt=0, le=100)] = 0.25
    emulator: Emulator = "none"
    emulator_samples: Whole = 4096
    size: str = "small"
    sizes: dict[str, dict[str, Any]] = {}
    launcher: LauncherSettings = LauncherSettings()
    store: str = STORE
    output: str | None = None
    overwrite: bool = False
    plan: bool = False
    page: bool = True
    design_seed: Annotated[int, Field(ge=1, lt=2**31)] = 1

    @model_validator(mode="before")
    @classmethod
    def _choose_factors(cls, values: Any) -> Any:
        """Keep the factors the command line chose; what the study says of them still holds."""
        if not isinstance(values, Mapping) or values.get("chosen_factors") is None:
            return values
        known = _named(values.get("factors") or {})
        chosen = _chosen(values["chosen_factors"])
        factors = {name: known.get(name, {}) if said is None else said for name, said in chosen}
        return {**values, "factors": factors, "chosen_factors": None}

    @field_validator("factors", mode="before")
    @classmethod
    def _by_name(cls, given: Any) -> Any:
        return _named(given) if isinstance(given, Mapping) else given

    @model_validator(mode="after")
    def _agree(self) -> Self:
        if self.most_seeds < self.seeds:
            raise ValueError(
                f"most_seeds must be at least seeds {self.seeds}, got {self.most_seeds}"
            )
        return self


def _named(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is said of each factor by dotted name.

    `{hiring: {strength: {low: 0}}}`, as words such as `factors.hiring.strength.low=0` make it, is
    put over `{hiring.strength: {high: 3}}`.

    Raises
    ------
    ValueError
        If something is said that is not said of factors.
    """
    found: dict[str, Any] = {}
    for name, said in given.items():
        inner = isinstance(said, Mapping) and bool(said) and not set(said) & set(SAID)
        parts = _named({f"{name}.{key}": each for key, each in said.items()}) if inner else None
        for key, each in (parts or {name: _said(name, said)}).items():
            both = isinstance(each, Mapping) and isinstance(found.get(key), Mapping)
            found[key] = {**found[key], **each} if both else each
    return found


def _said(name: str, said: Any) -> dict[str, Any]:
    """Return what is said of a factor as a mapping: a list is its values, nothing is all."""
    if said is None:
        return {}
    if isinstance(said, list | tuple):
        return {"values": list(said)}
    strange = [key for key in said if key not in SAID] if isinstance(said, Mapping) else [""]
    if strange:
        what = f"{name}.{strange[0]}" if strange[0] else f"{name}={said}"
        allowed = f"{', '.join(SAID)}; or give a list of values"
        raise ValueError(f"factors: {what}: of a factor are said {allowed}")
    return dict(said)


def _chosen(given: Sequence[Any] | Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Return names and what is said of each, None if nothing, from a mapping or from words.

    Raises
    ------
    ValueError
        If a factor is named twice, which would leave out one of its ranges.
    """
    if isinstance(given, Mapping):
        return [(name, said or None) for name, said in _named(given).items()]
    if not isinstance(given, list | tuple):
        raise ValueError(f"factors: must be a list of names or a mapping, got {given}")
    chosen = [_read(str(word)) for word in given]
    names = [name for name, _ in chosen]
    if twice := [name for name in dict.fromkeys(names) if names.count(name) > 1]:
        raise ValueError(f"factors: {', '.join(twice)} is named twice; name each factor once")
    return chosen


def _read(word: str) -> tuple[str, Any]:
    """Read `name`, `name:low..high`, `name:low..high:distribution` or `name:one|other`."""
    name, _, rest = (part.strip() for part in word.partition(":"))
    if not rest:
        return name, None
    values, _, distribution = (part.strip() for part in rest.partition(":"))
    if ".." not in values:
        return name, {"values": [_value(each.strip()) for each in values.split("|")]}
    low, _, high = values.partition("..")
    if high.startswith("."):
        raise ValueError(f"factors: {word} has three dots; write {name}:LOW..HIGH with two")
    said = {"low": _value(low.strip()), "high": _value(high.strip())}
    return name, {**said, "distribution": distribution} if distribution else said


def _value(text: str) -> Any:
    """Return the number or truth value a text stands for, else the text."""
    if text in ("true", "false"):
        return text == "true"
    try:
        number = float(text)
    except ValueError:
        return text
    return int(number) if math.isfinite(number) and text.lstrip("+-").isdecimal() else number
