"""From override words to checked configurations: Hydra's composition and its errors in one line."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from functools import cache
from typing import Annotated, Any, TypeVar

import yaml
from hydra import compose, initialize_config_dir
from hydra.core.config_store import ConfigStore
from hydra.core.global_hydra import GlobalHydra
from hydra.errors import HydraException
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException
from omegaconf.resolvers import oc
from pydantic import Field, ValidationError, ValidatorFunctionWrapHandler, WrapValidator

from experiments.interrupts import ctrl_c_first
from experiments.running.launchers import LauncherSettings
from experiments.words.check import check_words, prepare
from experiments.words.choices import TABLES, own_choices
from experiments.words.own import check_imported, default_values, files_of, with_own
from simulation.config import Config, Group
from simulation.errors import InputError
from simulation.inputs.shipped import CONF

VERSION_BASE = "1.3"
OF_THE_CODE = "defaults_of_the_code"
ENVIRONMENT = "oc.env"
"""What OmegaConf calls the way to a variable of the environment."""
HYDRA_ERRORS = (HydraException, OmegaConfBaseException)
PLACES = ("output", "store")
"""Settings that are paths; an empty one would be taken for the usual place."""
SettingsT = TypeVar("SettingsT", bound=Group)
LAST_SEED = 2**63 - 1
"""Of a run: what fits the column of seeds in the store."""
Seed = Annotated[int, Field(ge=0, le=LAST_SEED)]


def _read_seeds(value: object, read: ValidatorFunctionWrapHandler) -> int | list[int]:
    """Read how many seeds there are to be, or which; one line says what is wrong with either."""
    try:
        seeds: int | list[int] = read(value)
    except ValidationError:
        raise ValueError(
            f"must be how many, or a list of whole numbers from 0 to {LAST_SEED} such as [3,4,5],"
            f" got {value}"
        ) from None
    return seeds


Seeds = Annotated[int | list[Seed], WrapValidator(_read_seeds)]


_stored: set[tuple[str, str]] = set()
"""Choices that files of the user's brought, by group, as Hydra was told of them."""


def register_defaults(own: Sequence[str] = ()) -> None:
    """Make the defaults of the code, and of the user's own files, what YAML files start from."""
    store = ConfigStore.instance()
    store.store(name=OF_THE_CODE, node=default_values(own))
    # What a file that is forgotten brought is no choice any more.
    for group, name in _stored:
        store.repo[group].pop(f"{name}.yaml", None)
    _stored.clear()
    for group in TABLES:
        for name, node in own_choices(group).items():
            store.store(group=group, name=name, node=node)
            _stored.add((group, name))
    launchers = LauncherSettings().model_dump(mode="json")
    store.store(group="launcher", name="defaults_of_the_launchers", node=launchers)


def known_keys(config_name: str, words: Sequence[str] = ()) -> set[str]:
    """Return every dotted key of a configuration of `conf/`, groups and leaves alike.

    Those of the files of the user's that words name are among them.

    Read from its file and the defaults of the code, for composing it takes Hydra a quarter of a
    second; choices of groups only give other values to the same keys.
    """
    own, starts = _file_of(config_name)
    keys = set(flat_keys(own))
    for start in starts:
        if start == OF_THE_CODE:
            keys |= set(flat_keys(default_values(files_of(words))))
        elif isinstance(start, str) and start != "_self_":
            keys |= known_keys(start, words)
        elif "launcher" in start:
            keys |= set(flat_keys({"launcher": LauncherSettings().model_dump(mode="json")}))
    return keys


@cache
def _file_of(config_name: str) -> tuple[dict[str, Any], list[Any]]:
    """Return what a file of `conf/` says itself, and its list of defaults."""
    text = (CONF / f"{config_name}.yaml").read_text(encoding="utf-8")
    own = yaml.safe_load(text)
    return own, own.pop("defaults", [])


@ctrl_c_first()
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
    if _file_of(config_name)[1]:
        register_defaults(files_of(overrides))
    words = [prepare(word) for word in overrides]
    # Within an application its own search path holds, with the user's --config-dir.
    is_within = GlobalHydra.instance().is_initialized()
    try:
        with (
            nullcontext()
            if is_within
            else initialize_config_dir(str(CONF), version_base=VERSION_BASE)
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
    overrides = with_own(overrides)
    check_words(overrides, known=known_keys("config", overrides))
    return Config.from_mapping(compose_mapping("config", overrides))


@contextmanager
def blind_to_environment() -> Iterator[None]:
    """Refuse values that are taken from the environment, which no key of a run would know of."""
    OmegaConf.register_new_resolver(ENVIRONMENT, _refuse, replace=True)
    try:
        yield
    finally:
        OmegaConf.register_new_resolver(ENVIRONMENT, oc.env, replace=True)


def _refuse(name: str, *_: object) -> str:
    raise ValueError(
        f"${{{ENVIRONMENT}:{name}}}: values are not taken from the environment; give the value"
        " itself"
    )


def to_mapping(config: DictConfig) -> dict[str, Any]:
    """Return plain nested dicts and lists, interpolations resolved, `.inf` read as in YAML."""
    with blind_to_environment():
        container: Any = OmegaConf.to_container(config, resolve=True, throw_on_missing=True)
    check_imported(container)
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


def read_settings(mapping: Mapping[str, Any], schema: type[SettingsT]) -> SettingsT:
    """Check a command's own settings.

    Raises
    ------
    InputError
        One line a problem.
    """
    if nowhere := [name for name in PLACES if not str(mapping.get(name, name)).strip()]:
        raise InputError(f"{name}: must be a path, got nothing" for name in nowhere)
    try:
        return schema.model_validate(mapping)
    except ValidationError as error:
        raise InputError(_problem_line(problem) for problem in error.errors()) from error


def _problem_line(problem: Mapping[str, Any]) -> str:
    """Return what is wrong with a setting; what our own checks say tells all of it."""
    place = ".".join(map(str, problem["loc"]))
    if problem["type"] == "value_error":
        said = str(problem["ctx"]["error"])
        return f"{place}: {said}" if place else said
    line = f"{place}: {problem['msg'][0].lower()}{problem['msg'][1:]}, got {problem['input']!r}"
    if problem["type"] != "literal_error":
        return line
    allowed = re.findall("'([^']*)'", problem["ctx"]["expected"])
    close = difflib.get_close_matches(str(problem["input"]), allowed, n=1)
    return f"{line}; did you mean {close[0]}?" if close else line


def read_own_settings(mapping: Mapping[str, Any], schema: type[SettingsT]) -> SettingsT:
    """Check the settings of a command that stand beside the parameters of the model.

    Raises
    ------
    InputError
        One line a problem.
    """
    own = {key: value for key, value in mapping.items() if key not in Config.model_fields}
    return read_settings(own, schema)


def split_mapping(mapping: Mapping[str, Any], schema: type[SettingsT]) -> tuple[Config, SettingsT]:
    """Part a composed mapping into the model's configuration and the command's settings.

    Raises
    ------
    InputError
        The problems of both, one line each.
    """
    model = {key: value for key, value in mapping.items() if key in Config.model_fields}
    problems: list[str] = []
    config, settings = None, None
    try:
        config = Config.from_mapping(model)
    except InputError as error:
        problems += error.problems
    try:
        settings = read_own_settings(mapping, schema)
    except InputError as error:
        problems += error.problems
    if config is None or settings is None:
        raise InputError(problems)
    return config, settings


def one_line(error: Exception) -> str:
    """Condense an error of Hydra's to one line."""
    text = " ".join(part.strip() for part in str(error).splitlines() if part.strip())
    if refused := re.search(rf"\$\{{{re.escape(ENVIRONMENT)}:.*? itself", text):
        key = re.search(r"full_key: (\S+)", text)
        return f"{key[1]}: {refused[0]}" if key else refused[0]
    if listed := re.match(r"In '([^']+)': .*Cannot merge DictConfig with ListConfig", text):
        return (
            f"{listed[1]}.yaml: has a list where a mapping belongs; in a file factors are written"
            " factors: {hiring.strength: {}, search.rounds: {low: 1, high: 3}}"
        )
    return re.sub(r"\s*(full_key: \S+)?\s*object_type=\S+", "", text)
