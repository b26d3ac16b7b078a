"""What all tests share: the command line called in-process, figures drawn without a screen.

Compiled loops come from the same cache as the commands': it is named by a digest of the sources,
so what is found there is never stale.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import settings

# The same examples every time; `pytest --hypothesis-profile=default` looks for others.
settings.register_profile("same", derandomize=True)
settings.load_profile("same")
os.environ.setdefault("MPLBACKEND", "Agg")
# Whatever is started in the background of a script ignores Ctrl-C from birth, and so would every
# process that a test starts; with a handler here they have the usual one.
signal.signal(signal.SIGINT, signal.default_int_handler)


class Outcome(NamedTuple):
    """What a command gave: exit code, lines of standard output and of standard error."""

    code: int
    out: list[str]
    err: list[str]


@pytest.fixture
def pathfinder(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Outcome]:
    """Call the command line in an empty working directory."""
    from experiments.command import main

    monkeypatch.chdir(tmp_path)

    def call(*words: str) -> Outcome:
        capsys.readouterr()
        code = main(words)
        captured = capsys.readouterr()
        return Outcome(code, captured.out.splitlines(), captured.err.splitlines())

    return call


@pytest.fixture
def fresh_numba_cache(tmp_path: Path) -> dict[str, str]:
    """Environment for a subprocess that must compile everything itself."""
    return {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path / "numba")}


@pytest.fixture(autouse=True)
def no_code_of_ones_own_is_left() -> Iterator[None]:
    """Take out what files of a test's own registered."""
    from simulation import register

    yield
    own = {table.origin(name) for table in register.TABLES for name in table} - {register.SHIPPED}
    for file in own:
        register.forget(file)
    if "experiments.words.composition" in sys.modules:
        # Hydra remembers choices, those as well that a test took out itself.
        sys.modules["experiments.words.composition"].register_defaults()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that have slow tests, so that no worker is left alone with them."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)
