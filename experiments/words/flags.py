"""Flags of the command line: which there are, and which words of Hydra's each stands for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from experiments.words.catalogue import Command
from simulation.errors import InputError, cut, did_you_mean
from simulation.inputs.yaml_files import read_yaml

DEBUG = "--debug"
PLAN = "--plan"
MULTIRUN = ("--multirun", "-m")
CHOICES = ("--config-dir", "-cd")
VALUES = {
    **dict.fromkeys(("--cfg", "-c"), "job, hydra, all"),
    **dict.fromkeys(("--info", "-i"), "all, config, defaults, defaults-tree, plugins, searchpath"),
}
"""What flags may be given, where that is not for the user to name."""
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
    problems += _value_problems(flags)
    if problems:
        raise InputError(problems)
    return flags, overrides


def _value_problems(flags: Sequence[str]) -> list[str]:
    """Say which flags lack their value, or have one they cannot have."""
    problems = []
    words = iter(flags)
    for word in words:
        flag, has_value, value = word.partition("=")
        if flag not in VALUED_FLAGS:
            continue
        given = value if has_value else next(words, "")
        allowed = VALUES.get(flag, "")
        if not given:
            problems.append(f"{flag}: needs {allowed or 'a value'}")
        elif allowed and given not in allowed.split(", "):
            problems.append(f"{flag} {cut(given)}: must be one of {allowed}")
        elif flag in CHOICES and not Path(given).is_dir():
            problems.append(f"{flag} {cut(given)}: no such folder; must be one of your own choices")
    return problems


def _flag_problem(command: Command, word: str) -> str:
    """Say why a flag cannot be used; nothing if it can."""
    flag = word.partition("=")[0]
    if flag not in FLAGS:
        plain = f"a parameter has no dashes: {word.lstrip('-')}" if "=" in word else "flags are {}"
        return f"{word}: no such flag; {did_you_mean(flag, FLAGS, otherwise=plain)}"
    if flag in MULTIRUN and not command.entry_of_many:
        return f"{word}: only for pathfinder run; compare takes arms and seeds"
    if flag == PLAN and not command.plan:
        return f"{word}: only for commands with many runs, such as pathfinder run --multirun"
    return ""


def check_choices(flags: Sequence[str]) -> None:
    """Read every YAML file of the folders of `--config-dir`, which Hydra reads without limits.

    Raises
    ------
    InputError
        One line a file that is none.
    """
    problems = []
    for folder in _folders(flags):
        for path in sorted(folder.rglob("*.yaml")):
            try:
                read_yaml(path)
            except InputError as error:
                problems += error.problems
    if problems:
        raise InputError(problems)


def _folders(flags: Sequence[str]) -> list[Path]:
    """Return the folders that flags name as places of choices."""
    found = []
    for word, following in zip(flags, [*flags[1:], ""], strict=True):
        flag, has_value, value = word.partition("=")
        if flag in CHOICES:
            found.append(Path(value if has_value else following))
    return found
