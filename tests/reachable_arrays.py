"""Every array a model holds on to, found from its attributes: memory counted without noise."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd


def bytes_by_array(root: Any) -> dict[str, int]:
    """Bytes of each piece of memory reachable from an object, by the first name it is met under."""
    found: dict[str, int] = {}
    seen: set[int] = set()
    waiting: list[tuple[str, Any]] = [("", root)]
    while waiting:
        name, thing = waiting.pop(0)
        if id(thing) in seen:
            continue
        seen.add(id(thing))
        if isinstance(thing, bytes):
            found[name] = len(thing)
        elif isinstance(thing, np.ndarray) and isinstance(thing.base, np.ndarray):
            waiting.append((name, thing.base))
        elif isinstance(thing, np.ndarray):
            found[name] = thing.nbytes
        elif isinstance(thing, pd.DataFrame):
            found[name] = int(thing.memory_usage(index=True, deep=False).sum())
        else:
            waiting += [(f"{name}.{part}", each) for part, each in _parts(thing)]
    return found


def _parts(thing: Any) -> Iterator[tuple[str, Any]]:
    """What an object is made of: fields, attributes, members."""
    if isinstance(thing, tuple) and hasattr(thing, "_fields"):
        yield from zip(thing._fields, thing, strict=True)
    elif isinstance(thing, list | tuple):
        yield from ((str(number), each) for number, each in enumerate(thing))
    elif isinstance(thing, dict):
        yield from ((str(key), each) for key, each in thing.items())
    elif type(thing).__module__.startswith(("simulation", "tests")):
        slots = getattr(thing, "__dict__", {})
        yield from slots.items()
