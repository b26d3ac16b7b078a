"""Flags of the command line: which there are, and which words of Hydra's each stands for."""

from __future__ import annotations

from collections.abc import Sequence

from experiments.words.catalogue import Command
from simulation.errors import InputError, did_you_mean

DEBUG = "--debug"
PLAN = "--plan"
MULTIRUN = ("--multirun", "-m")
VALUED_FLAGS = ("--cfg", "-c", "--package", "-p", "--info", "-i", "--config-dir", "-cd")
FLAGS = (DEBUG, PLAN, *MULTIRUN, *VALUED_FLAGS, "--resolve", "--help", "-h")


def split_flags(command: Command, words: Sequence[str]) -> tuple[list[str], list[str]]:
    """Part Hydra's flags with their values from overrides; `--plan` becomes one.

    Raises
    ------
    InputError
        One line for each flag there is not, or not for this command.
    """
    flags: list[str] = []
    overrides: list[str] = []
    problems: list[str] = []
    skip = False
    for word in words:
        flag = word.partition("=")[0]
        if skip:
            flags.append(word)
            skip = False
        elif not word.startswith("-"):
            overrides.append(word)
        elif problem := _flag_problem(command, word):
            problems.append(problem)
        elif flag == PLAN:
            overrides.append("plan=true")
        else:
            flags.append(word)
            skip = flag in VALUED_FLAGS and "=" not in word
    if problems:
        raise InputError(problems)
    return flags, overrides


def _flag_problem(command: Command, word: str) -> str:
    """Say why a flag cannot be used; nothing if it can."""
    flag = word.partition("=")[0]
    if flag not in FLAGS:
        return f"{word}: no such flag; {did_you_mean(flag, FLAGS, otherwise='flags are {}')}"
    if flag in MULTIRUN and not command.entry_of_many:
        return f"{word}: only for pathfinder run; compare takes arms and seeds"
    if flag == PLAN and not command.plan:
        return f"{word}: only for commands with many runs, such as pathfinder run --multirun"
    return ""
