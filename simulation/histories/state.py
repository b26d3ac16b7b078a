"""The whole state of a run between two weeks as bytes, and put back into a run set up anew.

Random numbers have no state (`streams`), so it is what the classes of a run name in `STATE`:
attributes that change from week to week. All else a run is set up with again from its
configuration. `tests/histories` holds these names to all that is found to change.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any
from zipfile import BadZipFile

import numpy as np
import pandas as pd
import pyarrow as pa

from simulation.agents.contracts import Contract, Eligibility, Terms
from simulation.errors import InputError
from simulation.policies.interventions.base import Offered
from simulation.record.packed import CODEC, packed_bytes

KINDS = {kind.__name__: kind for kind in (Contract, Eligibility, Terms, Offered)}
"""Kinds of things that come to be while a run goes on."""
HEADER = "header"
Node = Any
"""JSON: a plain value, or a list of what it is and what is in it."""


def state_of(thing: Any, about: dict[str, Any]) -> bytes:
    """Return the state of an object whose class has `STATE`, with that of all it holds.

    The bytes are an archive of arrays as NumPy writes it, compressed, beside a header in JSON.

    Parameters
    ----------
    thing : object
    about : dict
        What it is the state of, in values of JSON.
    """
    arrays: list[np.ndarray] = []
    header = json.dumps({"about": about, "state": _node(thing, arrays)}).encode()
    file = io.BytesIO()
    named = {str(number): array for number, array in enumerate(arrays)}
    np.savez(file, allow_pickle=False, **{HEADER: np.frombuffer(header, np.uint8)}, **named)
    return file.getvalue()


def about(state: bytes) -> dict[str, Any]:
    """Return what some bytes say they are the state of.

    Raises
    ------
    InputError
        If they are no state.
    """
    with _opened(state) as (header, _):
        return header["about"]


def put_back(thing: Any, state: bytes) -> None:
    """Put the state of an object of the same kind into one that is set up anew.

    Arrays are written in place, so that whoever else holds them sees them. Those named in `RESIZED`
    may be of another size, for the run may be longer now, or shorter, and have other interventions,
    which have not begun yet: what both have is written, the rest stays as it was set up. So does
    all of support where there is none in one of them.

    Raises
    ------
    InputError
        If the bytes are no state of such an object.
    """
    with _opened(state) as (header, archive):
        _restored(thing, header["state"], archive)


@contextmanager
def _opened(state: bytes) -> Iterator[tuple[dict[str, Any], Any]]:
    """Give header and archive of a state."""
    try:
        with np.load(io.BytesIO(state), allow_pickle=False) as archive:
            yield json.loads(archive[HEADER].tobytes()), archive
    except (BadZipFile, EOFError, KeyError, TypeError, ValueError, pa.ArrowException) as error:
        raise InputError("these are not the bytes of a run's state") from error


def _node(thing: Any, arrays: list[np.ndarray]) -> Node:
    """Return what stands for a thing in the header; its arrays are put on the list."""
    kind = type(thing)
    if hasattr(kind, "STATE"):
        return ["state", {name: _node(getattr(thing, name), arrays) for name in kind.STATE}]
    if thing is None or isinstance(thing, bool | int | float | str):
        return thing
    if isinstance(thing, np.ndarray | np.generic):
        return _array_node(np.asarray(thing), arrays)
    if isinstance(thing, bytes):
        return ["bytes", _put(np.frombuffer(thing, np.uint8), arrays)]
    if isinstance(thing, pd.DataFrame):
        return ["frame", _put(np.frombuffer(_frame_bytes(thing), np.uint8), arrays)]
    if isinstance(thing, date):
        return ["date", thing.isoformat()]
    if isinstance(thing, dict):
        return ["dict", [[_node(each, arrays) for each in pair] for pair in thing.items()]]
    if kind.__name__ in KINDS:
        names = [each.name for each in fields(thing)] if is_dataclass(thing) else kind._fields
        return [kind.__name__, {name: _node(getattr(thing, name), arrays) for name in names}]
    if hasattr(kind, "_fields"):
        return ["fields", {name: _node(getattr(thing, name), arrays) for name in kind._fields}]
    if isinstance(thing, list | tuple):
        return [kind.__name__, [_node(each, arrays) for each in thing]]
    raise TypeError(f"{kind.__name__} is no part of a run's state")


def _array_node(array: np.ndarray, arrays: list[np.ndarray]) -> Node:
    """Columns at rest are as they were on the first day."""
    if _is_at_rest(array):
        return ["at_rest", None]
    plain = np.ascontiguousarray(array)
    packed = np.frombuffer(packed_bytes(plain), np.uint8)
    return ["array", [_put(packed, arrays), array.dtype.str, list(array.shape)]]


def _is_at_rest(array: np.ndarray) -> bool:
    """Return whether an array is one value for all people."""
    return bool(array.ndim and array.size and not any(array.strides))


def _put(array: np.ndarray, arrays: list[np.ndarray]) -> int:
    arrays.append(array)
    return len(arrays) - 1


def _frame_bytes(frame: pd.DataFrame) -> pa.Buffer:
    table = pa.Table.from_pandas(frame)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return sink.getvalue()


def _restored(present: Any, node: Node, archive: Any, *, resized: bool = False) -> Any:
    """Return what a node stands for: the present thing, changed, where it is one that stays."""
    if node is None and hasattr(type(present), "STATE"):
        return present
    if not isinstance(node, list):
        return node
    kind, saved = node
    if kind == "state":
        return None if present is None else _with_state(present, saved, archive)
    if kind == "at_rest":
        return present
    if kind == "array":
        return _written(present, _array(saved, archive), resized=resized)
    if kind == "bytes":
        return archive[str(saved)].tobytes()
    if kind == "frame":
        with pa.ipc.open_stream(archive[str(saved)].tobytes()) as reader:
            return reader.read_pandas()
    if kind == "date":
        return date.fromisoformat(saved)
    if kind == "dict":
        return _with_entries(present, saved, archive, resized=resized)
    if kind == "fields":
        values = {
            name: _restored(getattr(present, name), each, archive, resized=resized)
            for name, each in saved.items()
        }
        return type(present)(**values)
    if kind in KINDS:
        return KINDS[kind](**{n: _restored(None, each, archive) for n, each in saved.items()})
    here = list(present or ())
    held = here if resized else [*here, *[None] * len(saved)]
    items = [_restored(one, each, archive) for one, each in zip(held, saved, strict=False)]
    items += here[len(saved) :] if resized else []
    return tuple(items) if kind == "tuple" else items


def _with_state(present: Any, saved: dict[str, Node], archive: Any) -> Any:
    """Give an object its state, and return it."""
    if saved.keys() != set(type(present).STATE):
        raise ValueError(f"{type(present).__name__} has another state")
    resized = getattr(type(present), "RESIZED", ())
    for name, node in saved.items():
        here = getattr(present, name)
        setattr(present, name, _restored(here, node, archive, resized=name in resized))
    return present


def _with_entries(present: Any, saved: list[Node], archive: Any, *, resized: bool) -> Any:
    """Give a mapping its entries, and return it."""
    before = dict(present or {})
    entries = before.copy() if resized else {}
    for name_node, node in saved:
        name = _restored(None, name_node, archive)
        if name in before or not resized:
            entries[name] = _restored(before.get(name), node, archive, resized=resized)
    if present is None:
        return entries
    present.clear()
    present.update(entries)
    return present


def _array(saved: Node, archive: Any) -> np.ndarray:
    number, dtype, shape = saved
    n_bytes = int(np.prod(shape, dtype=np.int64)) * np.dtype(dtype).itemsize
    if not n_bytes:
        return np.empty(shape, dtype)
    plain = pa.decompress(archive[str(number)].tobytes(), n_bytes, CODEC)
    return np.frombuffer(plain, dtype).reshape(shape).copy()


def _written(present: Any, array: np.ndarray, *, resized: bool) -> Any:
    """Write an array into the present one where that has its shape, or may have another."""
    if not isinstance(present, np.ndarray):
        return array if array.ndim else array[()]
    if _is_at_rest(present):
        return present
    if present.dtype == array.dtype and present.shape == array.shape and present.flags.writeable:
        present[...] = array
        return present
    if resized and present.size:
        both = tuple(slice(min(pair)) for pair in zip(present.shape, array.shape, strict=True))
        present[both] = array[both]
        return present
    return array
