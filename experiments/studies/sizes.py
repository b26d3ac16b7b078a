"""The size of a study: `size=full` changes settings and parameters that no word has set."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from experiments.words.check import check_words, hint
from experiments.words.choices import MODEL_GROUPS
from experiments.words.composition import flat_keys
from simulation.config import Config
from simulation.errors import InputError, cut

PLAIN = "small"
"""The size whose folder has the name of the experiment alone."""


def words_of_size(
    mapping: Mapping[str, Any], overrides: Sequence[str], *, settings: Sequence[str]
) -> list[str]:
    """Return what the chosen size of a study sets, as words to put before those of the user.

    Parameters
    ----------
    mapping : mapping
        The composed configuration, with `size` and `sizes`.
    overrides : sequence of str
        Words of the command line; what they set, the size leaves alone.
    settings : sequence of str
        Names of the settings of a study.

    Raises
    ------
    InputError
        If there is no such size, or it sets what there is not.
    """
    sizes, size = mapping.get("sizes") or {}, str(mapping.get("size"))
    if not isinstance(sizes, Mapping) or not all(
        isinstance(each, Mapping) for each in sizes.values()
    ):
        raise InputError(
            f"sizes: must be names with what each sets, such as {{full: {{samples: 64}}}}, got"
            f" {cut(sizes)}"
        )
    if not sizes and size == PLAIN:
        return []
    if size not in sizes:
        raise InputError(f"size={size}: no such size{hint(size, sizes) if sizes else _NONE}")
    said = {word.lstrip("+").partition("=")[0] for word in overrides}
    words = [_word(key, value) for key, value in sizes[size].items() if key not in said]
    known = {*settings, *flat_keys(Config().model_dump(mode="json"))}
    check_words(words, known=known, groups=MODEL_GROUPS, where=f"size {size}: ")
    return words


_NONE = "; this experiment has none, leave size out"


def _word(key: str, value: Any) -> str:
    """Return an override word; a choice of a group is its bare name."""
    if isinstance(value, str) and key in MODEL_GROUPS:
        return f"{key}={value}"
    return f"{key}={_text(value)}"


def _text(value: Any) -> str:
    """Return a value as Hydra reads it."""
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{key}: {_text(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(_text(each) for each in value) + "]"
    if isinstance(value, float) and value in (float("inf"), float("-inf")):
        return ".inf" if value > 0 else "-.inf"
    return json.dumps(value)
