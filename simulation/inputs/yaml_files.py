"""Tables of policies in YAML: read safely, with what is wrong in one line."""

from __future__ import annotations

from collections.abc import Hashable
from pathlib import Path

import yaml
from pydantic import ValidationError

from simulation.errors import InputError

LONGEST = 60


class SafeUniqueKeyLoader(yaml.SafeLoader):
    """The safe loader, which makes plain values only, with a repeated key an error.

    Plain YAML keeps the last of them in silence.
    """

    def construct_mapping(
        self, node: yaml.MappingNode, deep: bool = False
    ) -> dict[Hashable, object]:
        """Return a mapping, or raise `yaml.constructor.ConstructorError` on a repeated key."""
        keys = [key.value for key, _ in node.value]
        repeated = sorted({str(key) for key in keys if keys.count(key) > 1})
        if repeated:
            raise yaml.constructor.ConstructorError(
                None, None, f"repeated key {', '.join(repeated)}", node.start_mark
            )
        return super().construct_mapping(node, deep=deep)


def read_yaml(path: Path) -> object:
    """Return what a YAML file holds.

    Raises
    ------
    InputError
        When it cannot be read, is no YAML or repeats a key.
    """
    try:
        loader = SafeUniqueKeyLoader(path.read_text(encoding="utf-8"))
        try:
            return loader.get_single_data()
        finally:
            loader.dispose()
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        words = " ".join(str(error).split())
        raise InputError(f"{path}: cannot be read as YAML: {words}") from error


def one_line_each(path: Path, error: ValidationError, *, whole: str) -> InputError:
    """Return what pydantic found wrong in a file, one line a problem with the value it found.

    Parameters
    ----------
    path : Path
    error : ValidationError
    whole : str
        What to call the file where a problem concerns all of it.
    """
    return InputError(
        f"{path}: {'.'.join(str(part) for part in each['loc']) or whole}: "
        f"{each['msg'].removeprefix('Value error, ')}{_given(each)}"
        for each in error.errors()
    )


def _given(problem) -> str:
    """Return the value found, cut short; nothing where the message says it or it is a mapping."""
    if problem["type"] in ("value_error", "missing", "extra_forbidden"):
        return ""
    text = repr(problem["input"])
    return f", got {text}" if len(text) <= LONGEST else f", got {text[: LONGEST - 3]}..."
