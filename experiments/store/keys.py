"""Keys of runs: a digest of everything a result depends on, the same whatever order it came in."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from typing import Any

KEY_LENGTH = 32
"""Hexadecimal digits: 128 bits, so that two runs never share a key by chance."""

NO_RESULT = ("own", "area.boundaries", "economy.name")
"""Values no result depends on: where code of the user's lies, for what it says is in the digests
of inputs; the outlines of a map; what a path of demand is called."""


def key_of(
    model: str,
    values: Mapping[str, Any],
    seed: int,
    version: str,
    inputs: Mapping[str, str],
) -> str:
    """Return the key of a run.

    Parameters
    ----------
    model : str
        Name of the model.
    values : mapping
        Its complete configuration, nested, of JSON values; `NO_RESULT` are left out.
    seed : int
    version : str
        Code version of results.
    inputs : mapping of str to str
        Path and digest of each file of the user's that the configuration names.

    Returns
    -------
    str
        `KEY_LENGTH` hexadecimal digits.

    Raises
    ------
    TypeError
        For what JSON has no value for, such as an array or a set.
    ValueError
        For NaN, which would not even equal itself.
    """
    content = {
        "model": model,
        "values": of_results(values),
        "seed": int(seed),
        "code_version": version,
        "inputs": inputs,
    }
    return text_digest(canonical(content))


def of_results(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return nested values without `NO_RESULT`."""
    kept = dict(values)
    for name in NO_RESULT:
        group, _, inner = name.rpartition(".")
        if not group:
            kept.pop(inner, None)
        elif isinstance(kept.get(group), Mapping):
            kept[group] = {key: value for key, value in kept[group].items() if key != inner}
    return kept


def canonical(value: Any) -> str:
    """Return a JSON value as text in one way only: keys sorted, nothing between the tokens.

    Whole numbers and numbers with a point stay apart: 1 and 1.0 are two values. Infinity is kept.

    Raises
    ------
    TypeError, ValueError
        As `key_of`.
    """
    _check(value)
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def text_digest(text: str) -> str:
    """Return the first 32 hexadecimal digits of the SHA-256 of a text."""
    return data_digest(text.encode("utf-8"))


def data_digest(data: bytes) -> str:
    """Return the first 32 hexadecimal digits of the SHA-256 of some bytes."""
    return hashlib.sha256(data).hexdigest()[:KEY_LENGTH]


def _check(value: Any) -> None:
    """Refuse whatever would become other text next time, or no JSON at all."""
    # Leaves first, and no abstract class is asked about them: a configuration has hundreds.
    if value is None or isinstance(value, str | int):
        return
    if isinstance(value, float):
        if math.isnan(value):
            raise ValueError("NaN cannot stand in a configuration: it does not equal itself")
    elif isinstance(value, list | tuple):
        for item in value:
            _check(item)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            if not isinstance(key, str):
                raise TypeError(f"{key!r}: names in a configuration are text")
            _check(item)
    else:
        raise TypeError(f"{value!r} of type {type(value).__name__} is no JSON value")
