"""What differs between the runs of a sweep or a study, worked out without composing each of them.

Hydra takes a quarter of a second to compose one configuration, ten thousand take most of an hour.
Here the words that all runs share are composed once, each choice of a group once more, and what a
run adds to that is put over it. Whatever is out of the ordinary is still composed by Hydra.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Override
from hydra.errors import HydraException
from omegaconf import OmegaConf

from experiments.words.check import prepare
from experiments.words.choices import MODEL_GROUPS
from experiments.words.composition import compose_config, plain_value, resolved
from simulation.config import Config, Group

CHOSEN_GROUPS = (*MODEL_GROUPS, "launcher")
"""Groups of which a run may take another choice; other groups are left to Hydra."""
FOR_HYDRA = ("$", "???")
"""Text in a value that Hydra reads as more than text."""


@cache
def parameter_names() -> frozenset[str]:
    """Return the dotted name of every parameter of the model; what is below one is its value."""
    return frozenset(_names_in(Config, ""))


def _names_in(schema: type[Group], prefix: str) -> Iterator[str]:
    for name, field in schema.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, Group):
            yield from _names_in(kind, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}"


def flat(mapping: Mapping[str, Any]) -> dict[str, Any]:
    """Return nested values by dotted name.

    Lists and empty mappings are values, and so is a mapping that is itself a parameter of the
    model, such as `partnership.behaviours`, whose keys are free text.
    """
    return dict(_leaves(mapping, ""))


def _leaves(mapping: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, Any]]:
    for key, value in mapping.items():
        name = f"{prefix}{key}"
        if isinstance(value, Mapping) and value and name not in parameter_names():
            yield from _leaves(value, f"{name}.")
        else:
            yield name, value


def nested(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values by dotted name as nested mappings: the opposite of `flat`."""
    whole: dict[str, Any] = {}
    for name, value in values.items():
        *groups, last = name.split(".")
        place = whole
        for group in groups:
            place = place.setdefault(group, {})
        place[last] = value
    return whole


@dataclass(frozen=True)
class _Composed:
    """What Hydra made of some words.

    Attributes
    ----------
    values : dict
        Every value by dotted name.
    changes : dict
        Those of the model that are not its defaults.
    settings : dict
        Those that are no parameter of the model.
    refers : bool
        Whether a value is taken from another, so that changing one may change more.
    """

    values: dict[str, Any]
    changes: dict[str, Any]
    settings: dict[str, Any]
    refers: bool


class Variations:
    """Variations of one base configuration, which is composed once.

    Parameters
    ----------
    config_name : str
        Which YAML of `conf/` the base starts from, such as "run".
    words : sequence of str
        Override words of the base. Words given to the methods below count as if typed after them.
    defaults : mapping, optional
        Nested values of the model that `changes` are told from; by default those of the code for
        the labour market. What has no name of theirs at the top is a setting of the command.

    Raises
    ------
    InputError
        One line for each word that cannot be used; so do all methods that take words.
    """

    def __init__(
        self,
        config_name: str,
        words: Sequence[str] = (),
        *,
        defaults: Mapping[str, Any] | None = None,
    ) -> None:
        self.config_name, self.words = config_name, tuple(words)
        given = Config().model_dump(mode="json") if defaults is None else defaults
        self._names = frozenset(given)
        self._defaults = flat(given)
        self._composed: dict[tuple[str, ...], _Composed] = {}
        self._differences: dict[str, dict[str, Any] | None] = {}
        self._parsed: dict[str, Override | None] = {}
        self._parser = OverridesParser.create()
        self.base = self._compose(())

    def values(self, words: Sequence[str] = ()) -> dict[str, Any]:
        """Return every value by dotted name, settings of the command among them."""
        composed, over = self._parted(words)
        return composed.values | over

    def changes(self, words: Sequence[str] = ()) -> dict[str, Any]:
        """Return what the model is given that is not its default, by dotted name."""
        composed, over = self._parted(words)
        kept = {name: value for name, value in composed.changes.items() if name not in over}
        return kept | self._changes_in(over)

    def settings(self, words: Sequence[str] = ()) -> dict[str, Any]:
        """Return the nested settings of the command: all that is no parameter of the model."""
        composed, over = self._parted(words)
        return nested(composed.settings | self._settings_in(over))

    def choice(self, group: str, name: str | Sequence[str]) -> dict[str, Any]:
        """Return what a choice makes different from the base, by dotted name.

        To be put over `changes()` of the base; a value may be the model's default where the base
        has another. Several names are a list, for `interventions`.
        """
        shown = name if isinstance(name, str) else f"[{','.join(name)}]"
        return _difference(self.base.values, self._compose((f"{group}={shown}",)).values)

    def _parted(self, words: Sequence[str]) -> tuple[_Composed, dict[str, Any]]:
        """Return what Hydra has to compose of some words, and what is simply put over it."""
        parsed = [self._parse(word) for word in words]
        if any(override is None for override in parsed):
            return self._compose(tuple(words)), {}
        plain = [override for override in parsed if override is not None]
        composed, over = self._chosen(
            tuple(w for w, each in zip(words, plain, strict=True) if _is_choice(each))
        )
        for override in plain:
            if not _is_choice(override):
                over[override.key_or_group] = plain_value(override.value())
        return composed, over

    def _parse(self, word: str) -> Override | None:
        """Return a word that needs no Hydra to be understood, or None."""
        if word not in self._parsed:
            self._parsed[word] = None if self.base.refers else self._plain(word)
        return self._parsed[word]

    def _plain(self, word: str) -> Override | None:
        try:
            override = self._parser.parse_override(prepare(word))
        except HydraException:
            return None
        is_more = override.is_delete() or override.package or override.is_sweep_override()
        if is_more or any(text in word for text in FOR_HYDRA):
            return None
        if _is_choice(override):
            return override
        present = self.base.values.get(override.key_or_group, {})
        is_whole = isinstance(present, Mapping) or isinstance(override.value(), Mapping)
        return None if is_whole else override

    def _chosen(self, choices: tuple[str, ...]) -> tuple[_Composed, dict[str, Any]]:
        """Return the base and what some choices put over it, or what Hydra makes of all of them."""
        over: dict[str, Any] = {}
        for word in choices:
            difference = self._own_difference(word)
            if difference is None:
                return self._compose(choices), {}
            over |= difference
        return self.base, over

    def _own_difference(self, word: str) -> dict[str, Any] | None:
        """Return what a choice changes in its own group.

        None if it changes anything outside, where it may meet what another choice changes.
        """
        if word not in self._differences:
            composed = self._compose((word,))
            difference = _difference(self.base.values, composed.values)
            own = f"{word.lstrip('+').partition('=')[0]}."
            is_own = composed.values.keys() == self.base.values.keys() and all(
                name.startswith(own) for name in difference
            )
            self._differences[word] = difference if is_own and not composed.refers else None
        return self._differences[word]

    def _compose(self, words: tuple[str, ...]) -> _Composed:
        """Have Hydra compose the words of the base and these, once."""
        if words not in self._composed:
            config = compose_config(self.config_name, (*self.words, *words))
            values = flat(resolved(config))
            raw = OmegaConf.to_container(config, resolve=False)
            self._composed[words] = _Composed(
                values, self._changes_in(values), self._settings_in(values), "${" in str(raw)
            )
        return self._composed[words]

    def _settings_in(self, values: Mapping[str, Any]) -> dict[str, Any]:
        return {k: v for k, v in values.items() if k.partition(".")[0] not in self._names}

    def _changes_in(self, values: Mapping[str, Any]) -> dict[str, Any]:
        return {
            name: value
            for name, value in values.items()
            if name.partition(".")[0] in self._names
            and not (name in self._defaults and _is_same(value, self._defaults[name]))
        }


def _is_choice(override: Override) -> bool:
    return override.key_or_group in CHOSEN_GROUPS


def _is_same(one: Any, other: Any) -> bool:
    """Whether two values are equal and, if truth values, both are."""
    return one == other and isinstance(one, bool) == isinstance(other, bool)


def _difference(base: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value
        for name, value in values.items()
        if name not in base or not _is_same(value, base[name])
    }
