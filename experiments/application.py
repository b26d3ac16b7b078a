"""Every command as a Hydra application, and every error as one clear line and an exit code."""

from __future__ import annotations

import difflib
import importlib
import os
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import hydra
from hydra.core.hydra_config import HydraConfig
from hydra.types import RunMode
from omegaconf import DictConfig, OmegaConf

from experiments.command import BAD_INPUT, DONE, FAILED, INTERRUPTED
from experiments.composition import (
    HYDRA_ERRORS,
    VERSION_BASE,
    check_words,
    compose_mapping,
    flat_keys,
    one_line,
    prepare,
    register_defaults,
    to_mapping,
)
from experiments.errors import Interrupted
from experiments.helptext import Command
from simulation.errors import InputError, SimulationError

DEBUG = "--debug"
MULTIRUN = ("--multirun", "-m")
VALUED_FLAGS = ("--cfg", "-c", "--package", "-p", "--info", "-i", "--config-dir", "-cd")
FLAGS = (DEBUG, *MULTIRUN, *VALUED_FLAGS, "--resolve", "--help", "-h")
QUIET = (
    "hydra/job_logging=none",
    "hydra/hydra_logging=none",
    "hydra.output_subdir=null",
    "hydra.run.dir=.",
    "hydra.sweep.subdir=.",
)
"""A command writes nothing but what its own `output` names."""


@dataclass(frozen=True)
class Job:
    """What a command's function is told of the Hydra job it runs in.

    Attributes
    ----------
    overrides : tuple of str
        The words that made this job's configuration.
    number : int or None
        Which job of a `--multirun`, from 0; None for a single run.
    """

    overrides: tuple[str, ...]
    number: int | None


def launch(command: Command, arguments: Sequence[str]) -> int:
    """Run one command and return its exit code; errors go to standard error, a line each.

    Parameters
    ----------
    command : Command
        From `helptext.COMMANDS`.
    arguments : sequence of str
        Overrides and flags as typed.
    """
    is_debug = DEBUG in arguments or os.environ.get("HYDRA_FULL_ERROR") == "1"
    try:
        run_application(command, [word for word in arguments if word != DEBUG])
    except KeyboardInterrupt as error:
        kept = str(error) if isinstance(error, Interrupted) else "nothing was written"
        return _report([f"interrupted: {kept}"], INTERRUPTED)
    except InputError as error:
        return _report([_own_words(command, line) for line in error.problems], BAD_INPUT)
    except HYDRA_ERRORS as error:
        return _report([one_line(error)], BAD_INPUT)
    except BrokenPipeError:
        raise
    except SimulationError as error:
        return _report([f"failed: {line}" for line in str(error).splitlines()], FAILED)
    except Exception as error:  # whatever is left is a defect or the machine's: exit code 1
        if is_debug:
            traceback.print_exc()
        first = (str(error).strip().splitlines() or [type(error).__name__])[0]
        return _report([f"failed: {first} ({DEBUG} shows where)"], FAILED)
    return DONE


def _report(lines: Sequence[str], code: int) -> int:
    for line in lines:
        print(" ".join(line.split()), file=sys.stderr)
    return code


def run_application(command: Command, arguments: Sequence[str]) -> None:
    """Check the words, then hand them to Hydra, which calls the command's function.

    Raises
    ------
    InputError
        For words that cannot be used, and whatever the command itself refuses.
    """
    words = [_alias(command, word) for word in arguments]
    flags, overrides = _split_flags(command, words)
    known = set(flat_keys(compose_mapping(command.config_name)))
    is_multirun = any(flag in flags for flag in MULTIRUN)
    if not any(flag.startswith(("--config-dir", "-cd")) for flag in flags):
        check_words(overrides, known=known, groups=command.groups, multirun=is_multirun)
    register_defaults()
    errors: list[tuple[str, Exception]] = []
    task = _task(_entry(command), errors)
    with tempfile.TemporaryDirectory(prefix="pathfinder-") as scratch:
        quiet = [*QUIET, f"hydra.sweep.dir={scratch}"]
        with _process_arguments([*flags, *quiet, *(prepare(word) for word in overrides)]):
            hydra.main(
                version_base=VERSION_BASE, config_path="pkg://conf", config_name=command.config_name
            )(task)()
    if errors and not is_multirun:
        raise errors[0][1]
    if errors:
        lines = [job + line for job, error in errors for line in str(error).splitlines()]
        is_input = all(isinstance(error, InputError) for _, error in errors)
        raise InputError(lines) if is_input else SimulationError("\n".join(lines))


def _alias(command: Command, word: str) -> str:
    for own, theirs in command.aliases:
        if word.startswith(f"{own}="):
            return theirs + word.removeprefix(own)
    return word


def _own_words(command: Command, line: str) -> str:
    for own, theirs in command.aliases:
        line = line.replace(theirs, own)
    return line


def _split_flags(command: Command, words: Sequence[str]) -> tuple[list[str], list[str]]:
    """Part flags with their values from overrides, or refuse a flag there is not."""
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
        elif flag not in FLAGS:
            close = difflib.get_close_matches(flag, FLAGS, n=1)
            allowed = f"did you mean {close[0]}?" if close else f"flags are {', '.join(FLAGS)}"
            problems.append(f"{word}: no such flag; {allowed}")
        elif flag in MULTIRUN and not command.multirun:
            problems.append(f"{word}: only for pathfinder run; compare takes arms and seeds")
        else:
            flags.append(word)
            skip = flag in VALUED_FLAGS and "=" not in word
    if problems:
        raise InputError(problems)
    return flags, overrides


def _entry(command: Command) -> Callable[[dict[str, Any], Job], None]:
    module, _, function = command.entry.partition(":")
    return getattr(importlib.import_module(module), function)


def _task(
    execute: Callable[[dict[str, Any], Job], None], errors: list[tuple[str, Exception]]
) -> Callable[[DictConfig], None]:
    """Wrap a command's function as Hydra's task: one bad job of a multirun stops no other.

    Errors are put aside and raised later, for Hydra would print words of its own about them.
    """

    def task(config: DictConfig) -> None:
        job = HydraConfig.get()
        is_multirun = job.mode == RunMode.MULTIRUN
        number = int(job.job.num) if is_multirun else None
        overrides = tuple(OmegaConf.to_container(job.overrides.task))  # type: ignore[arg-type]
        try:
            execute(to_mapping(config), Job(overrides, number))
        except Exception as error:
            errors.append((f"job {number} ({' '.join(overrides)}): ", error))

    return task


@contextmanager
def _process_arguments(words: Sequence[str]) -> Iterator[None]:
    """Give Hydra its words, and have it raise its errors instead of printing them."""
    arguments, full_error = sys.argv, os.environ.get("HYDRA_FULL_ERROR")
    sys.argv = [arguments[0], *words]
    os.environ["HYDRA_FULL_ERROR"] = "1"
    try:
        yield
    finally:
        sys.argv = arguments
        if full_error is None:
            del os.environ["HYDRA_FULL_ERROR"]
        else:
            os.environ["HYDRA_FULL_ERROR"] = full_error
