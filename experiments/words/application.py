"""Every command as a Hydra application, and every error as one clear line and an exit code."""

from __future__ import annotations

import errno
import importlib
import os
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import hydra
from hydra.core.hydra_config import HydraConfig
from omegaconf import DictConfig, OmegaConf
from yaml import YAMLError

from experiments.errors import BAD_INPUT, DONE, FAILED
from experiments.interrupts import INTERRUPTED, Interrupted, ctrl_c_first, raise_on_ctrl_c
from experiments.models.own_code import defect_text
from experiments.words.catalogue import Command
from experiments.words.check import as_typed, check_words, hydra_problem, prepare
from experiments.words.choices import MODEL_GROUPS
from experiments.words.composition import (
    HYDRA_ERRORS,
    VERSION_BASE,
    blind_to_environment,
    compose_mapping,
    known_keys,
    one_line,
    register_defaults,
    to_mapping,
)
from experiments.words.flags import DEBUG, MULTIRUN, check_choices, split_flags
from experiments.words.own import files_of, with_own
from experiments.words.plugins import MULTIRUN_WORD, register_plugins
from simulation.errors import InputError, SimulationError, cut
from simulation.inputs.shipped import CONF

QUIET = (
    "hydra/job_logging=none",
    "hydra/hydra_logging=none",
    "hydra.output_subdir=null",
    "hydra.run.dir=.",
    "hydra.sweep.subdir=.",
)
"""A command writes nothing but what its own `output` names."""


LONGEST_LINE = 2000
OF_A_PATH = {errno.ENAMETOOLONG, errno.ELOOP, errno.EACCES, errno.EPERM, errno.ENOTDIR}
"""What the system says of a path that no file can have or the user may not go."""


@dataclass(frozen=True)
class Job:
    """What a command's function is told of the Hydra job it runs in.

    Attributes
    ----------
    overrides : tuple of str
        The words that made this job's configuration.
    """

    overrides: tuple[str, ...]


def launch(command: Command, arguments: Sequence[str]) -> int:
    """Run one command and return its exit code; errors go to standard error, a line each.

    Parameters
    ----------
    command : Command
        From `catalogue.COMMANDS`.
    arguments : sequence of str
        Overrides and flags as typed.
    """
    is_debug = DEBUG in arguments or os.environ.get("HYDRA_FULL_ERROR") == "1"
    try:
        with ctrl_c_first():
            run_application(command, [word for word in arguments if word != DEBUG])
    except KeyboardInterrupt as error:
        kept = str(error) if isinstance(error, Interrupted) else "nothing was written"
        return _report([f"interrupted: {kept}"], INTERRUPTED)
    except InputError as error:
        return _report([own_words(command, line) for line in error.shown()], BAD_INPUT)
    except (*HYDRA_ERRORS, YAMLError) as error:
        return _report([one_line(error)], BAD_INPUT)
    except BrokenPipeError:
        raise
    except SimulationError as error:
        return _report([f"failed: {line}" for line in str(error).splitlines()], FAILED)
    except Exception as error:  # whatever is left is a defect or the machine's: exit code 1
        if isinstance(error, OSError) and error.errno in OF_A_PATH and error.filename is not None:
            said = f"{cut(error.filename)}: {error.strerror}; give another path"
            return _report([said], BAD_INPUT)
        if is_debug:
            traceback.print_exc()
        return _report([f"failed: {defect_text(error)}; {DEBUG} shows the way there"], FAILED)
    return DONE


def _report(lines: Sequence[str], code: int) -> int:
    for line in lines:
        print(printable(line), file=sys.stderr)
    return code


def printable(line: str) -> str:
    """Return a line without what would break it or move a terminal's cursor, and not too long."""
    plain = " ".join(line.split())
    shown = "".join(each if each.isprintable() else ascii(each)[1:-1] for each in plain)
    return cut(shown, LONGEST_LINE)


def run_application(command: Command, arguments: Sequence[str]) -> None:
    """Check the words, have Hydra compose what they say, and call the command's function.

    Only words with a flag of Hydra's, such as `--multirun`, are handed to its application, which
    composes everything twice.

    Raises
    ------
    InputError
        For words that cannot be used, and whatever the command itself refuses.
    """
    flags, given = split_flags(command, arguments)
    is_multirun = any(flag in flags for flag in MULTIRUN)
    has_own_choices = any(flag.startswith(("--config-dir", "-cd")) for flag in flags)
    if has_own_choices:
        check_choices(flags)
    overrides = checked_words(command, given, multirun=is_multirun, check=not has_own_choices)
    words = [prepare(word) for word in overrides]
    if flags:
        _run_in_hydra(command, flags, words)
    else:
        task_words = tuple(word for word in words if not word.lstrip("+").startswith("hydra"))
        mapping = compose_mapping(command.config_name, words)
        function = _function(command.entry)
        raise_on_ctrl_c()
        function(mapping, Job(task_words))


def _run_in_hydra(command: Command, flags: Sequence[str], words: Sequence[str]) -> None:
    """Have Hydra's own application do as its flags say."""
    register_defaults(files_of(words))
    register_plugins()
    raise_on_ctrl_c()
    errors: list[Exception] = []
    task = _task(command, errors)
    with tempfile.TemporaryDirectory(prefix="pathfinder-") as scratch, blind_to_environment():
        quiet = [*QUIET, MULTIRUN_WORD, f"hydra.sweep.dir={scratch}"]
        with _process_arguments([*flags, *quiet, *words]):
            hydra.main(
                version_base=VERSION_BASE, config_path=str(CONF), config_name=command.config_name
            )(task)()
    if errors:
        raise errors[0]


def checked_words(
    command: Command, words: Sequence[str], *, multirun: bool = False, check: bool = True
) -> list[str]:
    """Return the words of a command as Hydra is to read them.

    Parameters
    ----------
    command : Command
    words : sequence of str
        Overrides as typed.
    multirun : bool
        Whether a word may stand for several values.
    check : bool
        Whether names and choices must be those that are shipped.

    Raises
    ------
    InputError
        One line for each that cannot be used.
    """
    words = [_alias(command, word) for word in words]
    if set(MODEL_GROUPS) & set(command.groups):
        words = with_own(words)
    overrides = as_typed(words, settings=command.as_typed, positional=command.positional)
    if problems := [problem for word in overrides if (problem := hydra_problem(word))]:
        raise InputError(problems)
    if check:
        known = known_keys(command.config_name, overrides)
        check_words(overrides, known=known, groups=command.groups, multirun=multirun, once=True)
    return overrides


def _alias(command: Command, word: str) -> str:
    for own, theirs in command.aliases:
        if word.startswith(f"{own}="):
            return theirs + word.removeprefix(own)
    return word


def own_words(command: Command, line: str) -> str:
    """Return a line with names as the user types them."""
    for own, theirs in command.aliases:
        line = line.replace(theirs, own)
    return line


def _function(entry: str) -> Callable[..., None]:
    module, _, function = entry.partition(":")
    return getattr(importlib.import_module(module), function)


def _task(command: Command, errors: list[Exception]) -> Callable[[DictConfig], None]:
    """Return Hydra's task: the command's function for one job, and the one that takes many.

    An error is put aside, to be raised later, for Hydra would print words of its own about it.
    """

    def task(config: DictConfig) -> None:
        try:
            overrides = OmegaConf.to_container(HydraConfig.get().overrides.task)
            _function(command.entry)(to_mapping(config), Job(tuple(overrides)))  # type: ignore[arg-type]
        except Exception as error:
            errors.append(error)

    def receive(jobs: list[list[str]]) -> None:
        _function(command.entry_of_many)(jobs)

    task.receive = receive  # type: ignore[attr-defined]
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
