"""Ctrl-C: one line from the first moment of a command to its last.

Until a command's own work begins, Ctrl-C ends the process at once: libraries are being imported
and words composed, nothing is written, and an exception would surface inside of them. From then
on it is raised, so that what is finished is kept.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Timer, main_thread
from typing import Any

INTERRUPTED = 130
"""Exit code of a command that was interrupted, as a shell has it."""
NOTHING_WRITTEN = "interrupted: nothing was written"


class Interrupted(KeyboardInterrupt):
    """Ctrl-C, with a line on what is kept."""


@contextmanager
def telling(what_is_kept: Callable[[], str]) -> Iterator[None]:
    """Have Ctrl-C tell what is kept, where there is anything to tell.

    Raises
    ------
    Interrupted
        On Ctrl-C.
    """
    try:
        yield
    except KeyboardInterrupt as error:
        if not (text := what_is_kept()):
            raise
        raise Interrupted(text) from error


@contextmanager
def one_line_on_ctrl_c() -> Iterator[None]:
    """Have Ctrl-C leave the process with one line, until `raise_on_ctrl_c`.

    Where it is ignored, such as in a background job, or handled by somebody else, it stays so.
    """
    is_ours = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    hook = sys.unraisablehook
    if is_ours:
        _handle(_leave)
    try:
        yield
    finally:
        sys.unraisablehook = hook
        if is_ours:
            _handle(signal.default_int_handler)


def raise_on_ctrl_c() -> None:
    """Have Ctrl-C raised as `KeyboardInterrupt` from now on, also where C would swallow it."""
    if signal.getsignal(signal.SIGINT) is _leave:
        _handle(_raise)
        sys.unraisablehook = _raise_again


@contextmanager
def ctrl_c_first() -> Iterator[None]:
    """Raise Ctrl-C itself where an error came of it.

    Interrupted half-way, OmegaConf fails at tidying up what it had begun, a library in C at what it
    was importing, and they say that instead.
    """
    try:
        yield
    except Exception as error:
        first: BaseException | None = error
        while first is not None and not isinstance(first, KeyboardInterrupt):
            first = first.__context__
        if first is not None:
            raise first from None
        if signal.getsignal(signal.SIGINT) is _second:
            raise KeyboardInterrupt from None
        raise


def _handle(handler: Callable[..., Any]) -> None:
    # Only the main thread may; in another one Ctrl-C is not ours anyway.
    with suppress(ValueError):
        signal.signal(signal.SIGINT, handler)


def _leave(number: int, frame: object) -> None:
    os.write(2, f"{NOTHING_WRITTEN}\n".encode())
    os._exit(INTERRUPTED)


def _raise(number: int, frame: object) -> None:
    # Remembers that the key was pressed, whatever becomes of the exception.
    _handle(_second)
    raise KeyboardInterrupt


def _second(number: int, frame: object) -> None:
    raise KeyboardInterrupt


def _raise_again(problem: Any) -> None:
    """Let Ctrl-C out of a call from C, such as the compiler's, which cannot raise it."""
    if issubclass(problem.exc_type, KeyboardInterrupt):
        # A moment later, for here it would be swallowed again.
        Timer(0.01, signal.pthread_kill, [main_thread().ident, signal.SIGINT]).start()
    else:
        sys.__unraisablehook__(problem)
