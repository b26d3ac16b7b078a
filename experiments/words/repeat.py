"""The command line that does a run of the labour market again, to the last bit."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from typing import Any

import yaml

from experiments.models.values import differences
from experiments.words.check import quoted_value
from experiments.words.choices import MODEL_GROUPS, MULTIPLE, shipped_choices
from experiments.words.composition import compose_mapping
from experiments.words.unchosen import ACTIVE, unchosen
from experiments.words.variations import flat
from simulation.config import Config
from simulation.errors import InputError
from simulation.inputs.shipped import CONF

PLAIN = re.compile(r"[A-Za-z_][\w./-]*")
NOT_TEXT = {"true", "false", "null", "inf", "nan"}


def repeat_command(values: Mapping[str, Any], seed: int) -> str | None:
    """Return a command for the shell, or None if no words give exactly these values.

    Choices of groups are used where they save words; the words are composed once more to see that
    they give the same configuration.

    Parameters
    ----------
    values : mapping
        Complete configuration, nested.
    seed : int
    """
    if values.get("own"):
        # Its code is not imported only to look at a run, so the words cannot be tried.
        words = _other_words([], values)
    else:
        try:
            words = model_words(Config.from_mapping(values))
        except InputError:
            return None
    # A sweep may have set what this one of its runs does not choose.
    words += [f"{what}.{ACTIVE}=false" for what in unchosen(words, [values])]
    return shlex.join(["pathfinder", "run", *words, f"seed={seed}"])


def model_words(config: Config) -> list[str]:
    """Return the words of a command line that give exactly this configuration.

    Raises
    ------
    InputError
        If no words do.
    """
    target = config.model_dump(mode="json")
    for choices in (_likely_choices(config, target), []):
        words = [*choices, *_other_words(choices, target)]
        if _composed(words) == target:
            return words
    raise InputError("the configuration cannot be written as words; give it as words")


def _composed(words: list[str]) -> dict[str, Any] | None:
    """Return the configuration that words give, None if they cannot be used."""
    try:
        mapping = compose_mapping("config", words)
        return Config.from_mapping(mapping).model_dump(mode="json")
    except InputError:
        return None


def _other_words(choices: list[str], target: Mapping[str, Any]) -> list[str]:
    """Return a word for each value that is not what some choices make it."""
    changes = differences(_composed(choices) or {}, target)
    return [f"{name}={hydra_text(value)}" for name, value in changes.items()]


def _likely_choices(config: Config, target: Mapping[str, Any]) -> list[str]:
    """Return for each group the choice that leaves least to say."""
    defaults = Config().model_dump(mode="json")
    words = []
    for group in MODEL_GROUPS:
        if group in MULTIPLE:
            names = getattr(config, group).active_names()
            words += [f"{group}=[{','.join(names)}]"] if names else []
            continue
        left = {
            name: _n_different(group, defaults[group] | _choice(group, name), target[group])
            for name in shipped_choices(group)
        }
        # Of those that leave as little, the one the values name themselves by.
        own = target[group].get("name", target[group].get("rule"))
        if left:
            words.append(f"{group}={min(left, key=lambda name: (left[name], name != own))}")
    return words


def _n_different(group: str, one: Mapping[str, Any], other: Mapping[str, Any]) -> int:
    """Return how many values of a group are not the same."""
    ours, theirs = flat({group: one}), flat({group: other})
    return sum(ours.get(name) != theirs.get(name) for name in ours.keys() | theirs.keys())


def _choice(group: str, name: str) -> dict[str, Any]:
    text = (CONF / group / f"{name}.yaml").read_text(encoding="utf-8")
    return yaml.safe_load(text) or {}


def hydra_text(value: Any) -> str:
    """Return a JSON value as Hydra's grammar writes it after `=`."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        # Names in a mapping cannot be quoted; one that would have to be cannot be written.
        items = (f"{key}: {hydra_text(item)}" for key, item in value.items())
        return f"{{{', '.join(items)}}}"
    if isinstance(value, list):
        return f"[{','.join(map(hydra_text, value))}]"
    if isinstance(value, str):
        is_plain = PLAIN.fullmatch(value) and value.lower() not in NOT_TEXT
        return value if is_plain else quoted_value(value)
    return repr(value)
