"""Tables of policies in YAML: read safely, with what is wrong in one line."""

from __future__ import annotations

from collections.abc import Collection, Hashable
from pathlib import Path

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from simulation.errors import InputError, cut, did_you_mean

MOST_BYTES, MOST_DEPTH, MOST_NODES = 2_000_000, 40, 200_000
"""Of a file: its size, levels within one another, and values once its aliases are written out."""


class SafeUniqueKeyLoader(yaml.SafeLoader):
    """The safe loader, which makes plain values only, with a repeated key an error.

    Plain YAML keeps the last of them in silence.
    """

    def construct_mapping(
        self, node: yaml.MappingNode, deep: bool = False
    ) -> dict[Hashable, object]:
        """Return a mapping, or raise `yaml.constructor.ConstructorError` on a key it cannot have.

        One that is repeated, or a list or a mapping itself.
        """
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise yaml.constructor.ConstructorError(
                    None, None, "a key must be a name or a number", key.start_mark
                )
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
        In one line, when it cannot be read, is no YAML, repeats a key, or is larger than any table
        is: in bytes, in levels within one another, or in what its aliases stand for.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise InputError(f"{path}: is too large; at most {MOST_BYTES:,} bytes")
        text = path.read_text(encoding="utf-8-sig")
        _check_depth(text, path)
        loader = SafeUniqueKeyLoader(text)
        try:
            node = loader.get_single_node()
            if node is not None and _size(node, {}) > MOST_NODES:
                raise InputError(f"{path}: its aliases stand for more than {MOST_NODES:,} values")
            return None if node is None else loader.construct_document(node)
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        row = f" row {mark.line + 1}:" if mark else ""
        said = " ".join(str(error.problem or error.context).split())
        raise InputError(f"{path}:{row} cannot be read as YAML: {cut(said)}") from error
    except (OSError, ValueError, yaml.YAMLError) as error:
        words = getattr(error, "strerror", None) or " ".join(str(error).split())
        raise InputError(f"{path}: cannot be read as YAML: {cut(words)}") from error


def _check_depth(text: str, path: Path) -> None:
    """Refuse collections within collections before anything recurses into them."""
    depth = 0
    for event in yaml.parse(text, Loader=SafeUniqueKeyLoader):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > MOST_DEPTH:
            row = event.start_mark.line + 1 if event.start_mark else 1
            raise InputError(f"{path}: row {row}: more than {MOST_DEPTH} levels within one another")


def _size(node: yaml.Node, known: dict[int, int]) -> int:
    """Return how many values a node stands for, aliases written out; one in itself has no end."""
    if id(node) not in known:
        known[id(node)] = MOST_NODES + 1  # what it is while it is within itself
        parts = node.value if isinstance(node, yaml.CollectionNode) else ()
        inner = [each for part in parts for each in (part if isinstance(part, tuple) else (part,))]
        known[id(node)] = 1 + sum(_size(each, known) for each in inner)
    return known[id(node)]


def one_line_each(
    path: Path, error: ValidationError, *, whole: str, known: Collection[str] = ()
) -> InputError:
    """Return what pydantic found wrong in a file, one line a problem with the value it found.

    Parameters
    ----------
    path : Path
    error : ValidationError
    whole : str
        What to call the file where a problem concerns all of it.
    known : collection of str
        Keys the file may have, of which the nearest to one it may not is named.
    """
    return InputError(
        f"{path}: {'.'.join(cut(part) for part in each['loc']) or whole}: {_said(each, known)}"
        for each in error.errors()
    )


def _said(problem: ErrorDetails, known: Collection[str]) -> str:
    """Say what is wrong, with the value found unless that is said or a mapping."""
    if problem["type"] == "extra_forbidden":
        nearest = did_you_mean(str(problem["loc"][-1]), known) if known else ""
        return f"no such key; {nearest}" if len(problem["loc"]) == 1 and nearest else "no such key"
    said = problem["msg"].removeprefix("Value error, ")
    if problem["type"] in ("value_error", "missing"):
        return said
    return f"{said}, got {cut(repr(problem['input']))}"
