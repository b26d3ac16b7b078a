"""Part of `pathfinder benchmark`: this version against another one, measured in turn.

A machine is busy at one time and idle at another, so only ratios within one run mean anything: each
version steps the same weeks in a process of its own, one after the other, several times, and the
least processor time of each counts.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from experiments import configure
from experiments.words.repeat import model_words
from simulation.config import Config
from simulation.errors import InputError

TURNS = 3
STEP = """
import json, sys, time
words, seed = json.loads(sys.argv[1])
from experiments import configure
from simulation import LabourMarket
model = LabourMarket(configure(*words), seed)
model.step()
began = time.process_time()
while model.running:
    model.step()
seconds = time.process_time() - began
print(json.dumps([model.people.id.size * (model.config.weeks - 1), seconds]))
"""
"""What both versions carry out: public names alone, so that older versions have them."""


def check_python(python: str) -> None:
    """Refuse what is no Python with another version of this program.

    Raises
    ------
    InputError
        In one line.
    """
    try:
        _run(python, "import experiments, simulation")
    except (OSError, subprocess.CalledProcessError) as error:
        raise InputError(
            f"against={python}: give the Python of an environment in which another version of"
            " pathfinder is installed, such as other/.venv/bin/python"
        ) from error


def measure_against(python: str, config: Config, seed: int, *, weeks: int) -> dict[str, Any]:
    """Time both versions with and without support, in turn, on one thread.

    Each is told what the configuration has other than this version ships, so that the other need
    not know groups that came later; of everything else it has its own.

    Parameters
    ----------
    python : str
        Of the environment of the other version.
    config : Config
        Its regime counts as support; `aligned` where it has none.
    seed, weeks : int
        The first week, in which loops are compiled, is not counted.

    Returns
    -------
    dict
        By regime: nanoseconds of processor time a person-week here and there, and their ratio.

    Raises
    ------
    InputError
        The other version does not take these settings.
    """
    regimes = ("none", config.regime.name if config.regime.name != "none" else "aligned")
    rows = {}
    shipped = {*model_words(configure()), f"regime={config.regime.name}"}
    given = [word for word in model_words(config.replace(weeks=weeks)) if word not in shipped]
    for regime in regimes:
        words = [*given, f"regime={regime}"]
        for each in (sys.executable, python):
            _nanoseconds(each, [*words, "people_per_agent=200"], seed)  # compiles the loops
        here, there = (
            min(times)
            for times in zip(
                *(
                    [_nanoseconds(each, words, seed) for each in (sys.executable, python)]
                    for _ in range(TURNS)
                ),
                strict=True,
            )
        )
        rows[regime] = {"here_ns": here, "there_ns": there, "ratio": there / here}
    return rows


def against_text(rows: dict[str, Any]) -> str:
    """Return the ratios as text, a line a regime."""
    return "\n".join(
        f"regime {regime}: {row['here_ns']:.0f} ns of processor time a person-week here,"
        f" {row['there_ns']:.0f} there: {row['ratio']:.2f} times as fast"
        for regime, row in rows.items()
    )


def _nanoseconds(python: str, words: Sequence[str], seed: int) -> float:
    try:
        done = _run(python, STEP, json.dumps([list(words), seed]))
    except subprocess.CalledProcessError as error:
        said = "".join(error.stderr.strip().splitlines()[-1:])
        raise InputError(f"against={python}: {' '.join(words)} ended with: {said}") from error
    size, seconds = json.loads(done)
    return 1e9 * float(seconds) / float(size)


def _run(python: str, *arguments: str) -> str:
    """Run a script; this version is found where it stands, another in its own environment.

    -P keeps the working folder, perhaps a checkout of this version, out of the way of both.
    """
    environment = {**os.environ, "NUMBA_NUM_THREADS": "1"}
    environment.pop("PYTHONPATH", None)
    if python == sys.executable:
        environment["PYTHONPATH"] = str(Path(__file__).resolve().parents[2])
    done = subprocess.run(
        [python, "-P", "-c", *arguments],
        check=True,
        capture_output=True,
        text=True,
        env=environment,
    )
    return done.stdout
