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
    with one_line_on_ctrl_c():
        # Late, for a key may be pressed while it is imported.
        from experiments.words.answering import answer

        try:
            code = answer(words)
            sys.stdout.flush()
        except BrokenPipeError:
            # Whoever read the output, such as `head`, has seen enough; results are in files.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 0
        return code


if __name__ == "__main__":
    sys.exit(main())
