"""What the words of a command line ask for: help, the version, or a command that is then run."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from experiments.errors import BAD_INPUT, DONE
from experiments.words.catalogue import COMMANDS, Command, help_on, overview
from simulation.errors import did_you_mean

HELP_WORDS = ("--help", "-h", "help")


def answer(words: list[str]) -> int:
    """Give help or run the command that the words name; return the exit code."""
    wants_help = not words or any(word in HELP_WORDS for word in words)
    words = [word for word in words if word not in HELP_WORDS]
    if words == ["--version"]:
        # Late: reading the metadata of an installed distribution is not needed otherwise.
        from importlib.metadata import version

        print(f"pathfinder-labour {version('pathfinder-labour')}")
        return DONE
    if wants_help and not words:
        print(overview())
        return DONE
    if wants_help and len(words) == 1 and (inside := _inside(words[0])):
        print("\n\n".join(help_on(COMMANDS[name]) for name in inside))
        return DONE
    command, rest = find_command(words)
    if command is None:
        print(unknown(words), file=sys.stderr)
        return BAD_INPUT
    if wants_help:
        print(help_on(command))
        return DONE
    # Late, so that help is there at once: Hydra and the model take a second to import.
    from experiments.words.application import launch

    return launch(command, rest)


def find_command(words: Sequence[str]) -> tuple[Command | None, list[str]]:
    """Find the command that the first one or two words name, and the words that are left."""
    for length in (2, 1):
        name = " ".join(words[:length])
        if name in COMMANDS:
            return COMMANDS[name], list(words[length:])
    return None, list(words)


def _inside(word: str) -> list[str]:
    """Return the commands of two words that begin with this one, such as those of `area`."""
    return [name for name in COMMANDS if name.startswith(f"{word} ")]


def unknown(words: Sequence[str]) -> str:
    """Say in one line that there is no such command, and which names are near."""
    inside = _inside(words[0])
    given = " ".join(words[:2]) if inside else words[0]
    near = f"did you mean {' or '.join(inside)}?" if inside else did_you_mean(given, COMMANDS)
    return f"pathfinder {given}: no such command; {near}"
