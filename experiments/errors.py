"""How a command can end, and how a list of runs can end but by being done."""

from __future__ import annotations

from collections.abc import Sequence

from simulation.errors import SimulationError

DONE, FAILED, BAD_INPUT = 0, 1, 2
"""Exit codes of `pathfinder`; interrupted, it ends with `interrupts.INTERRUPTED`."""


class RunsFailedError(SimulationError):
    """Some runs failed; one line each."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = list(lines)
        super().__init__("\n".join(self.lines))


class StoppedError(Exception):
    """A run is given up because the whole is."""
