"""Every error a user can cause or meet; the command line maps them to exit codes."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

MOST_LINES = 20
"""Of what is wrong that are shown at a time."""
LONGEST_VALUE = 80
MOST_NAMES = 40


class SimulationError(Exception):
    """Something went wrong in a way the package foresaw."""


class InputError(SimulationError):
    """What the user gave cannot be used; one line a problem, exit code 2.

    Parameters
    ----------
    problems : str or iterable of str
        Each says what is wrong, where, and what is allowed; the first `MOST_LINES` are shown.
    """

    def __init__(self, problems: str | Iterable[str]) -> None:
        self.problems = [problems] if isinstance(problems, str) else list(problems)
        super().__init__("\n".join(self.shown()))

    def shown(self) -> list[str]:
        """Return the lines to show: the first few, each once, and how many more there are."""
        lines = list(dict.fromkeys(self.problems))
        more = len(lines) - MOST_LINES
        return lines if more <= 0 else [*lines[:MOST_LINES], f"and {more:,} more problems"]


def check_columns(frame: Iterable[object], needed: Iterable[str], *, what: str) -> None:
    """Refuse a frame that lacks columns.

    Parameters
    ----------
    frame : DataFrame
    needed : iterable of str
    what : str
        Which frame, for messages.

    Raises
    ------
    InputError
        One line a column.
    """
    there = set(frame)
    missing = [name for name in dict.fromkeys(needed) if name not in there]
    if missing:
        raise InputError([f"{what}: column {name} is missing" for name in missing])


class MachineError(SimulationError):
    """The machine is at fault, not the input: a disk that is full or fails; exit code 1."""


class BooksError(SimulationError):
    """An accounting identity does not hold: a defect of the program, never of the input.

    Parameters
    ----------
    identity : str
        Which identity.
    week : int
        In which week of the run.
    detail : str
        Where it breaks, with the figures.
    """

    def __init__(self, identity: str, week: int, detail: str) -> None:
        self.identity, self.week, self.detail = identity, week, detail
        super().__init__(f"books do not balance in week {week}: {identity}: {detail}")


def cut(value: object, longest: int = LONGEST_VALUE) -> str:
    """Return a value as text for a message, cut where it is long."""
    text = str(value)
    return text if len(text) <= longest else f"{text[: longest - 3]}..."


def few(names: Iterable[str]) -> str:
    """Return names for a message, the first `MOST_NAMES` of them and how many more there are."""
    listed = list(names)
    more = len(listed) - MOST_NAMES
    return ", ".join(listed) if more <= 0 else f"{', '.join(listed[:MOST_NAMES])} and {more} more"


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
    return otherwise.replace("{}", few(names))
