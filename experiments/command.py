"""The command `pathfinder`; it imports nothing before Ctrl-C is seen to."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from experiments.interrupts import one_line_on_ctrl_c


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one subcommand and return the exit code, one of those in `experiments.errors`.

    Parameters
    ----------
    arguments : sequence of str, optional
        As typed after `pathfinder`; by default those of the process.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    _open_closed_streams()
    with one_line_on_ctrl_c():
        # Late, for a key may be pressed while it is imported.
        from experiments.errors import DONE, FAILED
        from experiments.words.answering import answer

        try:
            code = answer(words)
            sys.stdout.flush()
        except BrokenPipeError:
            # Whoever read the output, such as `head`, has seen enough; results are in files.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return DONE
        except OSError as error:
            what = error.filename
            if what is None:
                # The disk that the output is sent to is full.
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
                what = "the output cannot be written"
            print(f"failed: {what}: {error.strerror}", file=sys.stderr)
            return FAILED
        return code


def _open_closed_streams() -> None:
    """Open what the caller closed, so that no file of ours takes its place and gets the output."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        try:
            os.fstat(number)
        except OSError:
            # Takes the lowest number that is free; whatever we start has it too.
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(number, "r" if number == 0 else "w"))


if __name__ == "__main__":
    sys.exit(main())
