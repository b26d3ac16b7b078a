"""The commands of `pathfinder`: their names, what does them, and the help on each."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import fill

from experiments.words.choices import MODEL_GROUPS, MULTIPLE, choices_of
from experiments.words.documents import documents_folder
from experiments.words.helptext import (
    AREA_CHECK,
    AREA_IMPORT,
    BENCHMARK,
    COMPARE,
    COMPLETION,
    PARAMETERS,
    PLAN,
    PROOF,
    PROVIDERS,
    RUN,
    STUDY,
    VALIDATE,
)
from experiments.words.helptext_of_runs import (
    RUNS_CHECK,
    RUNS_EXPORT,
    RUNS_LIST,
    RUNS_QUERY,
    RUNS_SHOW,
)


@dataclass(frozen=True)
class Command:
    """One subcommand.

    Attributes
    ----------
    name, summary, text : str
        As typed; one line; what it does, with examples, ready to print.
    entry, config_name : str
        `module:function` that does it; which YAML of `conf/` it starts from.
    groups : tuple of str
        Groups of choices it understands, for the help.
    aliases : tuple of (str, str)
        Words of the user's and what Hydra calls them.
    entry_of_many : str
        As `entry`, given the words of all jobs of `--multirun`; empty where that makes no sense.
    plan : bool
        Whether `--plan` says what there is to do instead of doing it.
    as_typed : tuple of str
        Settings whose text is taken as it stands, whatever signs are in it.
    positional : str
        Setting that words without a name are the text of; none if empty.
    """

    name: str
    summary: str
    text: str
    entry: str
    config_name: str
    groups: tuple[str, ...] = ()
    aliases: tuple[tuple[str, str], ...] = ()
    entry_of_many: str = ""
    plan: bool = False
    as_typed: tuple[str, ...] = ()
    positional: str = ""


COMMANDS = {
    command.name: command
    for command in (
        Command(
            name="run",
            summary="one run: one region, one policy, one seed",
            text=RUN,
            entry="experiments.commands.run:execute",
            config_name="run",
            groups=(*MODEL_GROUPS, "launcher"),
            entry_of_many="experiments.commands.sweep:execute_all",
            aliases=(("from", "gone_on_from"),),
            plan=True,
            as_typed=("gone_on_from",),
        ),
        Command(
            name="compare",
            summary="several arms, the same seeds, and a report",
            text=COMPARE,
            entry="experiments.commands.compare:execute",
            config_name="compare",
            groups=("compare", *MODEL_GROUPS, "launcher"),
            plan=True,
        ),
        Command(
            name="plan",
            summary="a sum of money for one neighbourhood: what it is best spent on",
            text=PLAN,
            entry="experiments.commands.plan:execute",
            config_name="plan",
            groups=(*MODEL_GROUPS, "launcher"),
            plan=True,
            as_typed=("ward",),
        ),
        Command(
            name="study",
            summary="many runs, one question: what drives an outcome, what is robust",
            text=STUDY,
            entry="experiments.commands.study:execute",
            config_name="study",
            groups=("experiment", *MODEL_GROUPS, "launcher"),
            aliases=(("factors", "chosen_factors"),),
            plan=True,
        ),
        Command(
            name="runs list",
            summary="the runs of a store",
            text=RUNS_LIST,
            entry="experiments.commands.runs:execute_list",
            config_name="runs_list",
            aliases=(("experiment", "done_for"),),
            as_typed=("where",),
        ),
        Command(
            name="runs show",
            summary="one run, and how to repeat it",
            text=RUNS_SHOW,
            entry="experiments.commands.runs:execute_show",
            config_name="runs_show",
            as_typed=("key",),
            positional="key",
        ),
        Command(
            name="runs query",
            summary="SQL over all runs and their months",
            text=RUNS_QUERY,
            entry="experiments.commands.runs:execute_query",
            config_name="runs_query",
            as_typed=("sql",),
            positional="sql",
        ),
        Command(
            name="runs export",
            summary="runs as a file for other programs",
            text=RUNS_EXPORT,
            entry="experiments.commands.runs:execute_export",
            config_name="runs_export",
            aliases=(("experiment", "done_for"),),
            as_typed=("where",),
        ),
        Command(
            name="runs check",
            summary="is this store sound?",
            text=RUNS_CHECK,
            entry="experiments.commands.runs:execute_check",
            config_name="runs_check",
        ),
        Command(
            name="providers",
            summary="the providers of an area, as a table to change",
            text=PROVIDERS,
            entry="experiments.commands.providers:execute",
            config_name="providers",
            groups=("area", "providers"),
        ),
        Command(
            name="area import",
            summary="an area folder from public tables",
            text=AREA_IMPORT,
            entry="experiments.commands.area:execute_import",
            config_name="area_import",
            groups=("import",),
            aliases=(("recipe", "import@recipe"),),
        ),
        Command(
            name="area check",
            summary="is this area folder sound?",
            text=AREA_CHECK,
            entry="experiments.commands.area:execute_check",
            config_name="area_check",
        ),
        Command(
            name="benchmark",
            summary="how fast, how large, how flat",
            text=BENCHMARK,
            entry="experiments.commands.benchmark:execute",
            config_name="benchmark",
            groups=MODEL_GROUPS,
        ),
        Command(
            name="validate",
            summary="a run beside statistics of the time: moments, distances",
            text=VALIDATE,
            entry="experiments.commands.validate:execute",
            config_name="validate",
            groups=("trial", *MODEL_GROUPS),
        ),
        Command(
            name="proof",
            summary="the same to the last bit on this machine too?",
            text=PROOF,
            entry="experiments.commands.proof:execute",
            config_name="proof",
        ),
        Command(
            name="parameters",
            summary="every parameter with unit, range and source",
            text=PARAMETERS,
            entry="experiments.commands.parameters:execute",
            config_name="parameters",
        ),
        Command(
            name="completion",
            summary="a script by which bash or zsh completes what is typed",
            text=COMPLETION,
            entry="experiments.commands.completion:execute",
            config_name="completion",
            positional="shell",
        ),
    )
}

OVERVIEW = """\
pathfinder: a city region's labour market, person by person, run with and without a policy.

Start here
  pathfinder run area=two_towns weeks=52             one small run, a few seconds
  pathfinder run area=two_towns regime=aligned       the same with support
  pathfinder compare                                 the main job: five regimes, a report

Commands
{commands}

pathfinder COMMAND --help shows examples. Anything can be set by name: hiring.strength=2.
Documents, named docs/NAME.md, are in {documents}
Exit codes: 0 done, 1 failed, 2 bad input."""


def overview() -> str:
    """Return the help on `pathfinder` itself."""
    width = max(map(len, COMMANDS)) + 2
    lines = [f"  {command.name:<{width}}{command.summary}" for command in COMMANDS.values()]
    return OVERVIEW.format(commands="\n".join(lines), documents=documents_folder())


def _listed(group: str) -> str:
    """Return the choices of a group; of one with several at a time, in brackets on own lines."""
    if group not in MULTIPLE:
        return "|".join(choices_of(group))
    return "[any,number,of]\n" + fill(
        " ".join(choices_of(group)), width=96, initial_indent="      ", subsequent_indent="      "
    )


def help_on(command: Command) -> str:
    """Return the help on one command: text, then the choices of each group."""
    parts = [f"pathfinder {command.name}: {command.summary}\n\n{command.text}"]
    if command.groups:
        names = {hydra: own for own, hydra in command.aliases}
        rows = [
            f"  {names.get(f'{group}@recipe', group)}={_listed(group)}" for group in command.groups
        ]
        parts.append("Choices\n" + "\n".join(rows) + "\n")
    if command.name in ("run", "compare", "plan", "study"):
        parts.append("All parameters: pathfinder parameters, or docs/parameters.md")
    return "\n".join(parts).rstrip()
