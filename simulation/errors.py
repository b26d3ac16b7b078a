"""Every error a user can cause or meet; the command line maps them to exit codes."""

from __future__ import annotations

from collections.abc import Iterable


class SimulationError(Exception):
    """Something went wrong in a way the package foresaw."""


class InputError(SimulationError):
    """What the user gave cannot be used; one line a problem, exit code 2.

    Parameters
    ----------
    problems : str or iterable of str
        Each says what is wrong, where, and what is allowed.
    """

    def __init__(self, problems: str | Iterable[str]) -> None:
        self.problems = [problems] if isinstance(problems, str) else list(problems)
        super().__init__("\n".join(self.problems))


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
