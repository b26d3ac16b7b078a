"""`pathfinder proof`: runs that are the same to the last bit on any machine, shown by digests."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from experiments.files.folders import check_file
from experiments.proof.circumstances import Circumstances, proven
from experiments.proof.digests import RUNS, Digests
from experiments.proof.table import SHIPPED, as_text, read_table, unexpected, write_table
from experiments.words.application import Job
from experiments.words.composition import read_settings
from simulation.config import Group
from simulation.errors import InputError, SimulationError, did_you_mean


class ProofSettings(Group):
    """What `pathfinder proof` takes."""

    runs: list[str] = []
    threads: list[Annotated[int, Field(ge=1, le=1024)]] = [1]
    vectors: list[bool] = [True]
    expected: str | None = None
    output: str | None = None


def execute(mapping: dict[str, Any], job: Job) -> None:
    """Simulate a fixed set of runs, print their digests and compare them with those expected.

    Raises
    ------
    InputError
        Before anything is simulated.
    SimulationError
        If a digest differs from the one expected; one line each.
    """
    settings = read_settings(mapping, ProofSettings)
    names = _names(settings)
    if settings.expected is not None and settings.output is not None:
        raise InputError(
            f"expected={settings.expected}: output= writes digests instead of comparing them; give"
            " one of the two"
        )
    output = None if settings.output is None else Path(settings.output).expanduser()
    if output is None:
        expected = read_table(Path(settings.expected or SHIPPED).expanduser())
    else:
        check_file(output)
        expected = {}
    problems: list[str] = []
    first: Digests = {}
    for vectors in settings.vectors:
        for threads in settings.threads:
            circumstances = Circumstances(threads, vectors)
            found = proven(names, circumstances)
            if not first:
                first = found
                print(as_text(found))
            told = unexpected(found, expected or first)
            print(f"{circumstances.text()}: {'differs' if told else 'as expected'}", flush=True)
            problems += [f"{circumstances.text()}: {line}" for line in told]
    if problems:
        raise SimulationError("\n".join(problems))
    if output is not None:
        write_table(output, first)
        print(f"Digests: {output}")
    else:
        print(f"The same as {settings.expected or 'docs/proof.md'}.")


def _names(settings: ProofSettings) -> list[str]:
    """Return the names of the runs asked for, all of them if none is named."""
    problems = [
        f"runs: there is no {name!r}; {did_you_mean(name, RUNS)}"
        for name in settings.runs
        if name not in RUNS
    ]
    problems += [
        f"{name}: give at least one"
        for name in ("threads", "vectors")
        if not getattr(settings, name)
    ]
    if problems:
        raise InputError(problems)
    return settings.runs or list(RUNS)
