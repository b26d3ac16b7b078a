"""What to say when a name is unknown: the nearest there are."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

NEAREST = 3


def did_you_mean(
    name: str, known: Iterable[str], *, cutoff: float = 0.6, otherwise: str = "there are {}"
) -> str:
    """Return a question with the nearest names, or else which there are.

    Parameters
    ----------
    name : str
        What was typed.
    known : iterable of str
        What it may have been meant to be.
    cutoff : float
        How alike two names must be, from 0 to 1; the more names there are, the more.
    otherwise : str
        What to say if none is near; {} stands for all names.
    """
    names = list(known)
    close = difflib.get_close_matches(name, names, n=NEAREST, cutoff=cutoff)
    # A parameter may be known by the last part of its name alone.
    last = name.rpartition(".")[2]
    close += [each for each in names if each.rpartition(".")[2] == last and each not in close]
    if close:
        return f"did you mean {' or '.join(close[:NEAREST])}?"
    return otherwise.replace("{}", ", ".join(names))
