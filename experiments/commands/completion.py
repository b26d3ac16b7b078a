"""`pathfinder completion`: a script by which a shell completes commands, names and choices."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Literal

from experiments.words.application import Job, own_words
from experiments.words.catalogue import COMMANDS, Command
from experiments.words.choices import choices_of, shipped_targets
from experiments.words.composition import known_keys, read_settings
from experiments.words.flags import DEBUG, MULTIRUN, PLAN
from simulation.config import Group
from simulation.errors import InputError

SCRIPT = """\
# Completion of pathfinder; made by: pathfinder completion {shell}
{start}_pathfinder() {{
    local line="${{COMP_LINE:0:$COMP_POINT}}" word key names="" values=""
    word="${{line##* }}"
    key="${{word%%=*}}="
    case "${{line% *}} " in
{cases}
    esac
    case "$word" in
        *=*)
            COMPREPLY=($(compgen -W "$values" -- "$word"))
            if [ ${{#COMPREPLY[@]}} -eq 0 ]; then
                COMPREPLY=($(compgen -P "$key" -f -- "${{word#*=}}"))
            else
                compopt +o nospace 2>/dev/null
            fi
            # Where a shell parts words at the sign, what stands before it is there already.
            case "$COMP_WORDBREAKS" in
                *=*) COMPREPLY=("${{COMPREPLY[@]#"$key"}}") ;;
            esac
            ;;
        *)
            COMPREPLY=($(compgen -W "$names" -- "$word"))
            # After a name its value follows, after all else the next word.
            case "${{COMPREPLY[*]}}" in
                *=) ;;
                *) compopt +o nospace 2>/dev/null ;;
            esac
            ;;
    esac
}}
complete -o nospace -F _pathfinder pathfinder
"""
CASE = """\
        *pathfinder\\ {name}\\ *)
            names="{names}"
            values="{values}"
            ;;"""
STARTS = {"bash": "", "zsh": "autoload -U +X bashcompinit && bashcompinit\n"}


class CompletionSettings(Group):
    """What `pathfinder completion` takes."""

    shell: Literal["bash", "zsh"] | None = None


def execute(mapping: dict[str, Any], job: Job) -> None:
    """Print the script.

    Raises
    ------
    InputError
        If no shell is named, or another.
    """
    shell = read_settings(mapping, CompletionSettings).shell
    if shell is None:
        raise InputError("shell= is missing; give one of bash, zsh: pathfinder completion bash")
    print(script(shell), end="")


def script(shell: str) -> str:
    """Return the script for a shell, one of `STARTS`."""
    return SCRIPT.format(shell=shell, start=STARTS[shell], cases="\n".join(_cases()))


def _cases() -> Iterator[str]:
    """Give what may follow each command, those of two words first, then their first words."""
    for command in sorted(COMMANDS.values(), key=lambda each: -len(each.name.split())):
        yield _case(command.name, [*_names(command), "--help"], _values(command))
    firsts = {name.split()[0] for name in COMMANDS if " " in name}
    for first in sorted(firsts):
        inside = [name.split()[1] for name in COMMANDS if name.startswith(f"{first} ")]
        yield _case(first, inside, [])
    every = dict.fromkeys(name.split()[0] for name in COMMANDS)
    top = CASE.replace("\\ {name}\\ *", "\\ ")
    yield top.format(names=" ".join([*every, "--help", "--version"]), values="")


def _case(name: str, names: Iterable[str], values: Iterable[str]) -> str:
    words = {"names": " ".join(sorted(names)), "values": " ".join(sorted(values))}
    return CASE.format(name=name.replace(" ", "\\ "), **words)


def _names(command: Command) -> Iterator[str]:
    """Give the names a command takes, with their sign, and its flags."""
    keys = known_keys(command.config_name)
    inner = {key.rpartition(".")[0] for key in keys if "." in key}
    groups = {_typed(group) for group in command.groups}
    for key in {own_words(command, key) for key in keys - inner} | groups:
        yield f"{key}="
    yield DEBUG
    if command.plan:
        yield PLAN
    if command.entry_of_many:
        yield MULTIRUN[0]


def _values(command: Command) -> Iterator[str]:
    """Give the choices of each group a command understands."""
    for group in command.groups:
        yield from (f"{_typed(group)}={choice}" for choice in choices_of(group))
    if "targets" in known_keys(command.config_name):
        yield from (f"targets={name}" for name in shipped_targets())


def _typed(group: str) -> str:
    """Return what a user types for a group of choices."""
    return "recipe" if group == "import" else group
