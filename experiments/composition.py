"""From override words to checked configurations: Hydra's composition and its errors in one line."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from typing import Any, TypeVar

from hydra import compose, initialize_config_module
from hydra.core.config_store import ConfigStore
from hydra.core.global_hydra import GlobalHydra
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import ChoiceSweep, Override
from hydra.errors import HydraException
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException
from pydantic import ValidationError

from experiments.choices import MODEL_GROUPS, MULTIPLE, choices_of
from simulation.config import Config, Group
from simulation.errors import InputError

CONFIG_MODULE = "conf"
VERSION_BASE = "1.3"
OPEN = ("factors", "fixed", "sizes", "better", "baseline")
"""Mappings whose keys are for the user to name."""
FREE = ("arms", "recipe", "hydra", *OPEN)
"""Keys below which any key may be given."""

LIST_VALUE = re.compile(r"(?P<key>arms\.[^=]+)=\[(?P<inside>.*)\]")
HYDRA_ERRORS = (HydraException, OmegaConfBaseException)
MANY = " or {}=[NAME,NAME]"
SettingsT = TypeVar("SettingsT", bound=Group)


def register_defaults() -> None:
    """Make the defaults of the code the node that `conf/config.yaml` starts from."""
    ConfigStore.instance().store(name="defaults_of_the_code", node=Config().model_dump(mode="json"))


def compose_mapping(config_name: str, overrides: Sequence[str] = ()) -> dict[str, Any]:
    """Compose a configuration of `conf/` and return plain nested dicts and lists.

    Raises
    ------
    InputError
        One line for each override that cannot be used.
    """
    return resolved(compose_config(config_name, overrides))


def resolved(config: DictConfig) -> dict[str, Any]:
    """Return `to_mapping` of a configuration.

    Raises
    ------
    InputError
        In one line, if a value refers to one there is not.
    """
    try:
        return to_mapping(config)
    except HYDRA_ERRORS as error:
        raise InputError(one_line(error)) from error


def compose_config(config_name: str, overrides: Sequence[str] = ()) -> DictConfig:
    """Compose a configuration of `conf/` outside or inside a Hydra application.

    Raises
    ------
    InputError
        One line for each override that cannot be used.
    """
    register_defaults()
    words = [prepare(word) for word in overrides]
    # Within an application its own search path holds, with the user's --config-dir.
    is_within = GlobalHydra.instance().is_initialized()
    try:
        with (
            nullcontext()
            if is_within
            else initialize_config_module(CONFIG_MODULE, version_base=VERSION_BASE)
        ):
            return compose(config_name, overrides=words)
    except HYDRA_ERRORS as error:
        raise InputError(one_line(error)) from error


def compose_model(overrides: Sequence[str] = ()) -> Config:
    """Compose the configuration of one run from override words, every unknown name refused.

    Raises
    ------
    InputError
        One line a problem.
    """
    check_words(overrides, known=set(flat_keys(compose_mapping("config"))))
    return Config.from_mapping(compose_mapping("config", overrides))


def to_mapping(config: DictConfig) -> dict[str, Any]:
    """Return plain nested dicts and lists, interpolations resolved, `.inf` read as in YAML."""
    container = OmegaConf.to_container(config, resolve=True, throw_on_missing=True)
    return plain_value(container)


def plain_value(value: Any) -> Any:
    """Return a value of Hydra's with `.inf` read as in YAML, at every depth."""
    if isinstance(value, dict):
        return {key: plain_value(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain_value(item) for item in value]
    return float("inf") if value in (".inf", "inf") and isinstance(value, str) else value


def flat_keys(mapping: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    """Give every dotted key of a nested mapping, groups and leaves alike."""
    for key, value in mapping.items():
        yield f"{prefix}{key}"
        if isinstance(value, Mapping):
            yield from flat_keys(value, f"{prefix}{key}.")


def prepare(word: str) -> str:
    """Quote the elements of an arm's list, for Hydra reads no `=` within a list, and add the arm.

    `arms.mine=[economy=deep,hiring=stigma]` becomes `++arms.mine=['economy=deep',...]`.
    """
    plain = word.lstrip("+")
    match = LIST_VALUE.fullmatch(plain)
    key, _, value = plain.partition("=")
    if not match and (value.startswith("{") or key.startswith(tuple(f"{name}." for name in OPEN))):
        return f"++{plain}"  # Hydra thinks the names in a mapping are keys there must be already.
    if not match:
        # Every key there may be is there already, so `+` can only be a habit from elsewhere.
        return word if plain.startswith("hydra") else plain
    elements = [
        element if element[0] in "'\"" else "'" + element.replace("'", r"\'") + "'"
        for element in split_outside_brackets(match["inside"])
    ]
    return f"++{match['key']}=[{','.join(elements)}]"


def split_outside_brackets(text: str) -> list[str]:
    """Split at commas that stand in no bracket; empty text gives an empty list."""
    parts, depth, start = [], 0, 0
    for place, letter in enumerate(text):
        depth += (letter in "[{(") - (letter in "]})")
        if letter == "," and depth == 0:
            parts.append(text[start:place])
            start = place + 1
    return [part.strip() for part in [*parts, text[start:]] if part.strip()]


def check_words(
    words: Iterable[str],
    *,
    known: set[str],
    groups: Sequence[str] = MODEL_GROUPS,
    where: str = "",
    multirun: bool = False,
) -> list[Override]:
    """Check names and group choices of override words, reporting every problem at once.

    Parameters
    ----------
    words : iterable of str
        As typed.
    known : set of str
        Dotted keys of the configuration.
    groups : sequence of str
        Groups of choices there are.
    where : str
        Put before each problem, such as "arm mine: ".
    multirun : bool
        Whether a word may stand for several values.

    Returns
    -------
    list of Override
        Parsed by Hydra.

    Raises
    ------
    InputError
        One line a problem.
    """
    parser, parsed, problems = OverridesParser.create(), [], []
    for word in words:
        try:
            override = parser.parse_override(prepare(word))
        except HydraException:
            problems.append(f"{word!r} cannot be read; write key=value, such as weeks=52")
            continue
        problems += _word_problems(word, override, known=known, groups=groups, multirun=multirun)
        parsed.append(override)
    if problems:
        raise InputError([where + problem for problem in problems])
    return parsed


def _word_problems(
    word: str, override: Override, *, known: set[str], groups: Sequence[str], multirun: bool
) -> list[str]:
    key = override.key_or_group
    if override.is_delete():
        return [f"{word}: nothing can be taken out; give {key} a value instead"]
    if key.split(".")[0].split("/")[0] in FREE:
        return []
    if key not in known and key not in groups:
        return [f"{key} is not a parameter{hint(key, known)}"]
    if override.is_sweep_override() and not multirun:
        return [f"{word} stands for several runs; add --multirun, or give one value"]
    return _choice_problems(word, override) if key in groups else []


def _choice_problems(word: str, override: Override) -> list[str]:
    """Say which names of a word are no choices of its group."""
    key, value = override.key_or_group, override.value()
    shown = word.partition("=")[0]
    given = value.list if isinstance(value, ChoiceSweep) else [value]
    if key in MULTIPLE:
        given = [name for each in given for name in (each if isinstance(each, list) else [each])]
    if not all(isinstance(name, str | int | float) for name in given):
        return [f"{word}: write {shown}=NAME{MANY.format(shown) if key in MULTIPLE else ''}"]
    return [
        f"{shown}={name}: no such choice{hint(str(name), choices_of(key))}{_own(key)}"
        for name in given
        if str(name) not in choices_of(key)
    ]


def _own(group: str) -> str:
    """Say how to bring one's own where a choice is not shipped."""
    own = {
        "area": "area.folder=PATH",
        "economy": "economy.file=PATH economy.name=NAME",
        "funding": "funding.table=PATH",
        "providers": "providers.table=PATH",
    }
    return f"; for your own: {own[group]}" if group in own else ""


def hint(name: str, known: Iterable[str]) -> str:
    """Return the names nearest to one that is unknown, or a few that are allowed."""
    names = sorted(known)
    last = name.rpartition(".")[2]
    close = difflib.get_close_matches(name, names, n=3, cutoff=0.7)
    close += [k for k in names if k.rpartition(".")[2] == last and k not in close]
    if close:
        return f"; did you mean {' or '.join(close[:3])}?"
    inside = [k for k in names if k.rpartition(".")[0] == name.rpartition(".")[0]]
    return f"; allowed: {', '.join(inside or names)}"


def read_settings(mapping: Mapping[str, Any], schema: type[SettingsT]) -> SettingsT:
    """Check a command's own settings.

    Raises
    ------
    InputError
        One line a problem.
    """
    try:
        return schema.model_validate(mapping)
    except ValidationError as error:
        raise InputError(
            f"{'.'.join(map(str, problem['loc']))}: {problem['msg'][0].lower()}"
            f"{problem['msg'][1:]}, got {problem['input']!r}"
            for problem in error.errors()
        ) from error


def split_mapping(mapping: Mapping[str, Any], schema: type[SettingsT]) -> tuple[Config, SettingsT]:
    """Part a composed mapping into the model's configuration and the command's settings.

    Raises
    ------
    InputError
        The problems of both, one line each.
    """
    model = {key: value for key, value in mapping.items() if key in Config.model_fields}
    rest = {key: value for key, value in mapping.items() if key not in Config.model_fields}
    problems: list[str] = []
    config, settings = None, None
    try:
        config = Config.from_mapping(model)
    except InputError as error:
        problems += error.problems
    try:
        settings = read_settings(rest, schema)
    except InputError as error:
        problems += error.problems
    if config is None or settings is None:
        raise InputError(problems)
    return config, settings


def one_line(error: Exception) -> str:
    """Condense an error of Hydra's to one line."""
    text = " ".join(part.strip() for part in str(error).splitlines() if part.strip())
    return re.sub(r"\s*(full_key: \S+)?\s*object_type=\S+", "", text)
