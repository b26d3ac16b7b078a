"""Values by dotted key: what differs from the defaults, and the whole that follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def with_changes(defaults: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return a nested mapping with some values changed, given by dotted key.

    Mappings are copied at every depth, values such as lists are shared: they are never changed in
    place, and a deep copy would be most of what it costs to make a work.
    """
    values = _copied(defaults)
    for key, change in changes.items():
        *groups, name = key.split(".")
        inner = values
        for group in groups:
            if not isinstance(inner.get(group), dict):
                inner[group] = {}
            inner = inner[group]
        inner[name] = change
    return values


def _copied(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: _copied(value) if isinstance(value, dict) else value for name, value in values.items()
    }


def differences(defaults: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return by dotted key the values that differ from the defaults.

    Where the default is a mapping with entries, or a mapping has no default as one of the user's
    own intervention, entries are compared; whatever else is one value.
    """
    found: dict[str, Any] = {}
    for name, value in values.items():
        usual = defaults.get(name)
        is_group = isinstance(value, dict) and (usual if name in defaults else value)
        if is_group:
            inside = differences(usual or {}, value)
            found |= {f"{name}.{key}": change for key, change in inside.items()}
        elif name not in defaults or usual != value:
            found[name] = value
    return found
