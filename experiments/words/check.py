"""Override words: quoted as Hydra needs them, names and values checked before Hydra sees them."""

from __future__ import annotations

import math
import re
import shlex
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import (
    ChoiceSweep,
    Glob,
    IntervalSweep,
    Override,
    Quote,
    QuotedString,
    RangeSweep,
)
from hydra.errors import HydraException

from experiments.words.choices import (
    MODEL_GROUPS,
    MULTIPLE,
    TABLES,
    choices_of,
    shipped_choices,
)
from simulation.errors import InputError, cut, did_you_mean, few

Words = str | Sequence[str]
"""Override words: one text as on a command line, or a list of them."""
OPEN = ("factors", "fixed", "sizes", "better", "baseline")
"""Mappings whose keys are for the user to name."""
WHOLE = ("chosen_factors", *OPEN)
FREE = ("arms", "sets", "recipe", *OPEN)
"""Keys below which any key may be given."""

LIST_VALUE = re.compile(r"(?P<key>(?:arms|sets)\.[^=]+)=\[(?P<inside>.*)\]")
QUOTED = re.compile(r"""(?<=[=,\[])\s*(?:"[^"]*"|'[^']*')|^(?:"[^"]*"|'[^']*')""")
"""A value, or an element of a list, in quotes."""
NAMED = re.compile(r"[+~]*[\w.@/-]+=|~")
"""An override, as against text without a name; SQL has a space before its first `=`."""
OF_HYDRA = {
    "hydra/launcher": f"give launcher=NAME: {', '.join(shipped_choices('launcher'))}",
    "hydra/sweeper": "--multirun takes lists, ranges and glob (A=1,2 'A=range(0,3)'); other designs"
    " are those of pathfinder study method=NAME",
    "hydra.run.dir": "give output=FOLDER",
    "hydra.sweep.dir": "give output=FOLDER, and each run of --multirun has a folder in it",
    "hydra.sweep.subdir": "give output=FOLDER, and each run of --multirun has a folder in it",
}
"""What to give instead of words of Hydra's own."""
MANY = " or {}=[NAME,NAME]"
MOST_JOBS = 1_000_000
LONGEST_WORD = 100_000
THOUSANDS = re.compile(r"[1-9]\d{0,2}(,\d{3})+")


def words_of(*given: Words) -> list[str]:
    """Return override words one by one, from texts as on a command line or lists of words.

    A text of several words, each KEY=VALUE, is parted at the blanks between them.

    Raises
    ------
    InputError
        If something is neither.
    """
    words: list[str] = []
    for each in given:
        if isinstance(each, str):
            words += _parted(each)
        elif isinstance(each, list | tuple) and all(isinstance(word, str) for word in each):
            words += each
        else:
            raise InputError(
                f"words must be text, such as 'area=two_towns weeks=52', or a list of words, got"
                f" {cut(repr(each))}"
            )
    return words


def _parted(text: str) -> list[str]:
    try:
        words = shlex.split(text)
    except ValueError:
        return [text]
    is_whole = all(NAMED.match(word) and word.count("[") == word.count("]") for word in words)
    return words if is_whole and len(words) != 1 else [text]


def prepare(word: str) -> str:
    """Quote the elements of an arm's list, for Hydra reads no `=` within a list, and add the arm.

    `arms.mine=[economy=deep,hiring=stigma]` becomes `++arms.mine=['economy=deep',...]`.
    """
    plain = word.lstrip("+")
    match = LIST_VALUE.fullmatch(plain)
    key, _, value = plain.partition("=")
    if not match and (value.startswith("{") or key.startswith(tuple(f"{name}." for name in OPEN))):
        return f"++{plain}"  # Hydra thinks the names in a mapping are keys there must be already.
    if not match:
        # Every key there may be is there already, so `+` can only be a habit from elsewhere.
        return word if plain.startswith("hydra") else plain
    elements = [
        element if element[0] in "'\"" else "'" + element.replace("'", r"\'") + "'"
        for element in split_outside_brackets(match["inside"])
    ]
    return f"++{match['key']}=[{','.join(elements)}]"


def quoted_value(text: str) -> str:
    """Return any text quoted so that Hydra reads it as that text and nothing else."""
    # An interpolation is looked for even within quotes.
    whole = re.sub(r"(\\*)\$\{", r"\1\1\\${", text)
    return QuotedString(whole, Quote.single).with_quotes()


def as_typed(words: Sequence[str], *, settings: Sequence[str], positional: str) -> list[str]:
    """Quote the text of settings that is taken as it stands, such as SQL.

    Parameters
    ----------
    words : sequence of str
        Override words.
    settings : sequence of str
        Whose text is taken so.
    positional : str
        Setting that all words without a name together are the text of; none if empty.
    """
    named = [word for word in words if not positional or NAMED.match(word)]
    bare = " ".join(word for word in words if word not in named)
    if bare:
        named.append(f"{positional}={bare}")
    quoted = []
    for word in named:
        name, _, text = word.partition("=")
        is_text = name in settings and text not in ("", "null")
        quoted.append(f"{name}={quoted_value(text)}" if is_text else word)
    return quoted


def split_outside_brackets(text: str) -> list[str]:
    """Split at commas that stand in no bracket and no quotes; empty text gives an empty list."""
    parts, depth, start = [], 0, 0
    quoted = {place for match in QUOTED.finditer(text) for place in range(*match.span())}
    for place, letter in enumerate(text):
        if place in quoted:
            continue
        depth += (letter in "[{(") - (letter in "]})")
        if letter == "," and depth == 0:
            parts.append(text[start:place])
            start = place + 1
    return [part.strip() for part in [*parts, text[start:]] if part.strip()]


def check_words(
    words: Iterable[str],
    *,
    known: set[str],
    groups: Sequence[str] = MODEL_GROUPS,
    where: str = "",
    multirun: bool = False,
    once: bool = False,
) -> list[Override]:
    """Check names and group choices of override words, reporting every problem at once.

    Parameters
    ----------
    words : iterable of str
        As typed.
    known : set of str
        Dotted keys of the configuration.
    groups : sequence of str
        Groups of choices there are.
    where : str
        Put before each problem, such as "arm mine: ".
    multirun : bool
        Whether a word may stand for several values.
    once : bool
        Whether each name may be given only once, as on a command line; otherwise the last holds.

    Returns
    -------
    list of Override
        Parsed by Hydra.

    Raises
    ------
    InputError
        One line a problem.
    """
    parser, parsed, problems = OverridesParser.create(), [], []
    for word in words:
        if len(word) > LONGEST_WORD:
            problems.append(f"{cut(repr(word))} is too long; at most {LONGEST_WORD:,} characters")
            continue
        try:
            override = parser.parse_override(prepare(word))
        except HydraException:
            problems.append(f"{cut(repr(word))} cannot be read; {_how_to_write(word)}")
            continue
        except RecursionError:
            problems.append(f"{cut(repr(word))} has too many brackets within brackets")
            continue
        problems += _word_problems(
            cut(word), override, known=known, groups=groups, multirun=multirun
        )
        parsed.append(override)
    problems += _given_twice(parsed, all_keys=once and not problems)
    n_jobs = math.prod(_n_values(override) for override in parsed) if not problems else 1
    if n_jobs > MOST_JOBS:
        problems.append(f"these words stand for {n_jobs:,} runs; at most {MOST_JOBS:,} at a time")
    if problems:
        raise InputError([where + problem for problem in problems])
    return parsed


def _given_twice(overrides: Sequence[Override], *, all_keys: bool) -> list[str]:
    """Say which names are given twice: of mappings, which Hydra would merge or fail to, or all."""
    counts = Counter(override.key_or_group for override in overrides)
    return [
        f"{cut(key)}= is given twice; give all of it in one"
        for key, count in counts.items()
        if count > 1 and (all_keys or key in WHOLE)
    ]


def _word_problems(
    word: str, override: Override, *, known: set[str], groups: Sequence[str], multirun: bool
) -> list[str]:
    key = override.key_or_group
    if problem := hydra_problem(word):
        return [problem]
    if override.is_delete():
        return [f"{word}: nothing can be taken out; give {key} a value instead"]
    root = key.split(".")[0].split("/")[0]
    if root in FREE and root in known:
        return []
    if key not in known and key not in groups:
        return [f"{cut(key)} is not a parameter{hint(key, known)}"]
    if override.is_sweep_override() and not multirun:
        one = f"give one value{_quoting(word, override)}"
        return [f"{word} stands for several runs, as pathfinder run --multirun does them; {one}"]
    if problem := _sweep_problem(word, override, is_group=key in groups):
        return [problem]
    return _choice_problems(word, override) if key in groups else []


def hydra_problem(word: str) -> str:
    """Say what to give instead of a word that is for Hydra itself; nothing if it is not."""
    key = word.lstrip("+~").partition("=")[0]
    if key.split(".")[0].split("/")[0] != "hydra":
        return ""
    return (
        f"{word}: is not used here; {OF_HYDRA.get(key, 'pathfinder COMMAND --help says what is')}"
    )


def _how_to_write(word: str) -> str:
    """Say how a word is written that Hydra cannot read: with quotes if they are what it lacks."""
    key, sign, value = word.partition("=")
    within = f"{key}={QuotedString(value, Quote.double).with_quotes()}"
    try:
        OverridesParser.create().parse_override(within)
    except HydraException:
        sign = ""
    if not sign or not value:
        return "write key=value, such as weeks=52"
    return f"signs in a value are put in quotes within those of the shell: {shlex.quote(within)}"


def _quoting(word: str, override: Override) -> str:
    """Say how a text or number with commas in it is written, where it looks like one."""
    value = override.value()
    key, _, text = word.lstrip("+").partition("=")
    if THOUSANDS.fullmatch(text):
        return f", without commas: {key}={text.replace(',', '')}"
    is_text = isinstance(value, ChoiceSweep) and all(isinstance(one, str) for one in value.list)
    if not is_text or override.key_or_group in MODEL_GROUPS:
        return ""
    return f"; with a comma in it, in quotes: {shlex.quote(f'{key}={chr(34)}{text}{chr(34)}')}"


def _sweep_problem(word: str, override: Override, *, is_group: bool) -> str:
    """Say what is wrong with a word that stands for several values; nothing if all is well."""
    value, shown = override.value(), word.partition("=")[0]
    if isinstance(value, IntervalSweep):
        return f"{word}: an interval has no steps; write {shown}=range(0,1,step=0.25) or a list"
    if isinstance(value, Glob) and not is_group:
        return f"{word}: glob is for choices, such as economy=glob(*); give {shown} a list"
    if isinstance(value, RangeSweep) and (is_group or not value.step):
        why = "choices have no range" if is_group else "a step of 0 leads nowhere"
        return f"{word}: {why}; write {shown}={'NAME,NAME' if is_group else '1,2,3'}"
    return f"{word} stands for no value" if _n_values(override) == 0 else ""


def _n_values(override: Override) -> int:
    """Return how many values a word stands for."""
    value = override.value()
    if isinstance(value, Glob):
        return len(value.filter(list(choices_of(override.key_or_group))))
    if isinstance(value, ChoiceSweep):
        return len(value.list)
    return len(list(value.range())) if isinstance(value, RangeSweep) else 1


def _choice_problems(word: str, override: Override) -> list[str]:
    """Say which names of a word are no choices of its group."""
    key, value = override.key_or_group, override.value()
    if isinstance(value, Glob):
        return []
    shown = word.partition("=")[0]
    given: list[Any] = value.list if isinstance(value, ChoiceSweep) else [value]
    if key in MULTIPLE:
        given = [name for each in given for name in (each if isinstance(each, list) else [each])]
    given = [name.text if isinstance(name, QuotedString) else name for name in given]
    if not all(isinstance(name, str | int | float) for name in given):
        return [f"{word}: write {shown}=NAME{MANY.format(shown) if key in MULTIPLE else ''}"]
    return [
        f"{shown}={cut(name)}: no such choice{hint(str(name), choices_of(key))}{_own(key)}"
        for name in given
        if str(name) not in choices_of(key)
    ]


def _own(group: str) -> str:
    """Say how to bring one's own where a choice is not shipped."""
    own = {
        "area": "area.folder=PATH",
        "economy": "economy.file=PATH economy.name=NAME",
        "funding": "funding.table=PATH",
        "providers": "providers.table=PATH",
        **dict.fromkeys(TABLES, "own=[FILE]"),
    }
    return f"; for your own: {own[group]}" if group in own else ""


def hint(name: str, known: Iterable[str]) -> str:
    """Return the names nearest to one that is unknown, or a few that are allowed."""
    names = sorted(known)
    inside = [k for k in names if k.rpartition(".")[0] == name.rpartition(".")[0]]
    allowed = f"allowed: {few(inside or names)}"
    return f"; {did_you_mean(name, names, cutoff=0.7, otherwise=allowed)}"
