"""How a command can end, and how a list of runs can end but by being done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from simulation.errors import SimulationError

DONE, FAILED, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130
"""Exit codes of `pathfinder`."""


class RunsFailedError(SimulationError):
    """Some runs failed; one line each."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = list(lines)
        super().__init__("\n".join(self.lines))


class Interrupted(KeyboardInterrupt):
    """Ctrl-C, with a line on what is kept."""


class StoppedError(Exception):
    """A run is given up because the whole is."""


@contextmanager
def ctrl_c_first() -> Iterator[None]:
    """Raise Ctrl-C itself where an error came of it.

    Interrupted half-way, OmegaConf fails at tidying up what it had begun, and says that instead.
    """
    try:
        yield
    except Exception as error:
        first: BaseException | None = error
        while first is not None and not isinstance(first, KeyboardInterrupt):
            first = first.__context__
        if first is not None:
            raise first from None
        raise
