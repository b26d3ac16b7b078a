"""Works checked before any of them runs: each table they name is read once, every problem told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from experiments.models import model_named
from experiments.running.work import Work
from simulation.errors import InputError

MOST_LINES = 20
Problems = list[tuple[str, str]]
"""Name of a run, and what is wrong with it."""


def check_works(works: Sequence[Work]) -> None:
    """Read what every work names: tables, rules, paths.

    Works that differ only in numbers, such as strengths and shares, name the same tables and are
    checked once; the numbers themselves are checked when a work is made.

    Raises
    ------
    InputError
        One line a problem, with the first run that has it.
    """
    problems: Problems = []
    found: dict[str, list[str]] = {}
    for work in works:
        named = _named(work)
        if named not in found:
            found[named] = _problems(work)
        problems += [(work.name, line) for line in found[named]]
    raise_for(problems)


def raise_for(problems: Iterable[tuple[str, str]]) -> None:
    """Raise one error for all problems, those of several runs in one line.

    Raises
    ------
    InputError
        If there is any.
    """
    runs: dict[str, list[str]] = {}
    for name, line in problems:
        runs.setdefault(line, []).append(name)
    lines = [
        f"{names[0]}: {line}" + (f" (and so {_others(len(names) - 1)})" if names[1:] else "")
        for line, names in runs.items()
    ]
    if len(lines) > MOST_LINES:
        lines[MOST_LINES:] = [f"and {len(lines) - MOST_LINES} more problems"]
    if lines:
        raise InputError(lines)


def _others(count: int) -> str:
    return f"{count} other run{'s' * (count > 1)}"


def _named(work: Work) -> str:
    """Return all of a work's changes that may name a table or decide how it is read."""
    kept = {name: value for name, value in work.changes.items() if not _is_plain(name, value)}
    return f"{work.model} {sorted(kept.items(), key=lambda item: item[0])}"


def _is_plain(name: str, value: Any) -> bool:
    """Whether a value is a number of a group; those of the run itself, such as weeks, are not."""
    return "." in name and isinstance(value, int | float) and not isinstance(value, bool)


def _problems(work: Work) -> list[str]:
    model = model_named(work.model)
    try:
        model.check(model.complete(work.changes))
    except InputError as error:
        return list(error.problems)
    return []
