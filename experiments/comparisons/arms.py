"""The arms of a comparison: names, overrides and configurations, checked together."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from experiments.models import LABOUR_MARKET, model_named
from experiments.words.check import Words, check_words, words_of
from experiments.words.composition import compose_mapping, flat_keys
from experiments.words.own import OWN, default_values, files_of
from experiments.words.unchosen import unchosen_lines
from simulation.config import Config
from simulation.config.programme import has_support, without_support
from simulation.errors import InputError, cut

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
SHARED = ("area", "start", "weeks", "people_per_agent")
"""What all arms must have alike, for their months and people are compared one by one."""


@dataclass(frozen=True)
class Arm:
    """One arm: its name, the words that make it, and its configuration."""

    name: str
    overrides: tuple[str, ...]
    config: Config


def build_arms(
    overrides: Mapping[str, Words | Config], *, common: Sequence[str], settings: Sequence[str]
) -> list[Arm]:
    """Compose and check the configuration of every arm.

    Parameters
    ----------
    overrides : mapping of str to words or Config
        Words of each arm by name, or the whole of its configuration.
    common : sequence of str
        Words of the command line, which come before those of the arm.
    settings : sequence of str
        Keys of the command that are no parameters of the model.

    Raises
    ------
    InputError
        The problems of all arms, one line each.
    """
    if not isinstance(overrides, Mapping):
        raise InputError(
            f"arms: must be words by name, such as {{'a': 'hiring=random'}}, got {cut(overrides)}"
        )
    # Code of the user's own is the same for all arms, so that any two can be compared.
    known = set(flat_keys(default_values(files_of(common)))) - {OWN}
    arms, problems = [], []
    if not overrides:
        problems.append("arms: there are none; give 'arms.NAME=[economy=steady]' or compare=NAME")
    for name, given in overrides.items():
        where = f"arm {name}: "
        if not isinstance(name, str) or not NAME.fullmatch(name):
            problems.append(f"{where}a name has letters, figures, '_', '-' and '.' only")
            continue
        if isinstance(given, Config):
            arms.append(Arm(name, (), given))
            continue
        try:
            words = words_of(given)
            if files_of(words):
                raise InputError("own= belongs among the words that all arms share")
            check_words(words, known=known, where=where, once=True)
            arms.append(Arm(name, tuple(words), _config([*common, *words], settings)))
        except InputError as error:
            problems += [
                line if line.startswith(where) else where + line for line in error.problems
            ]
    problems += [] if problems else [*_differences(arms), *_without_effect(arms, common)]
    if problems:
        raise InputError(problems)
    return arms


def _config(words: Sequence[str], settings: Sequence[str]) -> Config:
    mapping: dict[str, Any] = compose_mapping("compare", words)
    return Config.from_mapping({k: v for k, v in mapping.items() if k not in settings})


def _differences(arms: Sequence[Arm]) -> list[str]:
    """Say where arms differ in what they must have alike."""
    first = arms[0]
    return [
        f"arm {arm.name}: {key} differs from arm {first.name}'s; arms must have the same"
        f" {', '.join(SHARED)}"
        for arm in arms[1:]
        for key in SHARED
        if getattr(arm.config, key) != getattr(first.config, key)
    ]


def _without_effect(arms: Sequence[Arm], common: Sequence[str]) -> list[str]:
    """Name arms that are another over again, and words that set something of what is not chosen."""
    problems = [
        f"arm {arm.name}: is the same as arm {other.name}; give arms that differ"
        for number, arm in enumerate(arms)
        for other in arms[:number][::-1]
        if arm.config == other.config
    ]
    values = [arm.config.model_dump(mode="json") for arm in arms]
    for arm, own in zip(arms, values, strict=True):
        problems += [f"arm {arm.name}: {line}" for line in unchosen_lines(arm.overrides, [own])]
    return problems + unchosen_lines(common, values)


def check_inputs(arms: Sequence[Arm]) -> None:
    """Read every table the arms need before anything runs.

    Raises
    ------
    InputError
        The problems of all arms, one line each.
    """
    # Late: the readers of tables are the engine's.
    from experiments.models.tables import check_map

    model = model_named(LABOUR_MARKET)
    # The area is all arms' and its problems are told once, not arm by arm.
    check_map(arms[0].config)
    problems = []
    for arm in arms:
        try:
            model.check(arm.config.model_dump(mode="json"))
        except InputError as error:
            problems += [f"arm {arm.name}: {line}" for line in error.problems]
    if problems:
        raise InputError(problems)


def supported(arms: Sequence[Arm]) -> list[str]:
    """List the arms that have support, a regime or an intervention."""
    return [arm.name for arm in arms if has_support(arm.config)]


def in_other_worlds(arms: Sequence[Arm], *, baseline: str) -> list[str]:
    """List the arms that differ from the baseline in more than support.

    What one of them has more than the baseline is not what its support did.
    """
    base = _named(arms, baseline)
    alike = without_support(base.config)
    return [arm.name for arm in arms if without_support(arm.config) != alike]


def _named(arms: Sequence[Arm], name: str) -> Arm:
    return next(arm for arm in arms if arm.name == name)


def left_out(arms: Sequence[Arm], *, baseline: str) -> dict[str, str]:
    """Say of which arms with support it cannot be told who has a job because of it, and why.

    Parameters
    ----------
    arms : sequence of Arm
    baseline : str
        The name of one of them.

    Returns
    -------
    dict of str to str
        The reason by name of arm; arms that can be paired are not in it.
    """
    base, others = _named(arms, baseline), in_other_worlds(arms, baseline=baseline)
    reasons = {}
    for arm in arms:
        if not has_support(arm.config) or arm.name == baseline:
            continue
        if has_support(base.config):
            reasons[arm.name] = (
                f"the baseline {baseline} has support itself; name an arm without any, baseline=ARM"
            )
        elif arm.name in others:
            reasons[arm.name] = f"it differs from the baseline {baseline} in more than support"
    return reasons
