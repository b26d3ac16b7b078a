"""Words of a command in which each name is given once, as it must be."""

from __future__ import annotations

from collections.abc import Iterable


def last_of_each(words: Iterable[str]) -> list[str]:
    """Return words of which the last that gives a name holds."""
    return list({word.partition("=")[:2]: word for word in words}.values())
