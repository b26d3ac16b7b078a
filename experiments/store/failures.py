"""Runs that failed: a small file each, until the run succeeds."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from experiments.store.files import FAILURES, write_whole


@dataclass(frozen=True)
class FailedRun:
    """A run that was tried and failed.

    Attributes
    ----------
    key, name : str
        Of the run; its name is for people.
    lines : tuple of str
        What went wrong.
    finished : str
        When, in UTC as ISO 8601.
    is_input : bool
        Whether the input is at fault.
    """

    key: str
    name: str
    lines: tuple[str, ...]
    finished: str
    is_input: bool = False


def write_failure(
    folder: Path, key: str, name: str, lines: Sequence[str], *, is_input: bool = False
) -> None:
    """Note that a run failed, in place of an earlier note.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    finished = datetime.now(UTC).isoformat(timespec="seconds")
    (folder / FAILURES).mkdir(exist_ok=True)
    failed = FailedRun(key, name, tuple(lines), finished, is_input)
    text = json.dumps(asdict(failed), indent=1) + "\n"
    write_whole(folder / FAILURES, f"{key}.json", text.encode())


def remove_failure(folder: Path, key: str) -> None:
    """Forget that a run failed, if it did."""
    (folder / FAILURES / f"{key}.json").unlink(missing_ok=True)


def read_failures(folder: Path) -> list[FailedRun]:
    """Return the runs that failed, the latest first; a note that cannot be read is none."""
    failed = []
    for path in (folder / FAILURES).glob("[!.]*.json"):
        try:
            values = json.loads(path.read_bytes())
            failed.append(FailedRun(**{**values, "lines": tuple(values["lines"])}))
        except (OSError, ValueError, TypeError, KeyError):
            continue
    return sorted(failed, key=lambda each: (each.finished, each.key), reverse=True)
