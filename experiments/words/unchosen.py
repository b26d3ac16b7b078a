"""Parameters of what was not chosen: an intervention's places, say, where it is not offered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from experiments.words.choices import MULTIPLE

ACTIVE = "active"


def unchosen(words: Sequence[str], configs: Sequence[Mapping[str, Any]]) -> dict[str, list[str]]:
    """Find the words that set something of what none of some configurations has chosen.

    Whoever says `active=false` as well knows, as a run taken out of a sweep does.

    Parameters
    ----------
    words : sequence of str
        Override words.
    configs : sequence of mapping
        Values the words are among, nested.

    Returns
    -------
    dict of str to list of str
        The words by what they are of, such as `interventions.childcare`.
    """
    found: dict[str, list[str]] = {}
    for word in words:
        group, _, rest = word.lstrip("+").partition("=")[0].partition(".")
        name, _, parameter = rest.partition(".")
        if group in MULTIPLE and parameter:
            found.setdefault(f"{group}.{name}", []).append(word.lstrip("+"))
    return {
        what: own
        for what, own in found.items()
        if not any(word.startswith(f"{what}.{ACTIVE}=") for word in own)
        and not any(_is_chosen(what, values) for values in configs)
    }


def unchosen_lines(words: Sequence[str], configs: Sequence[Mapping[str, Any]]) -> list[str]:
    """Say of each word that `unchosen` finds that it would change nothing, and what is missing."""
    lines = []
    for what, own in unchosen(words, configs).items():
        group, _, name = what.partition(".")
        lines += [
            f"{word}: changes nothing, for {name} is not chosen; add {group}=[{name}]"
            for word in own
        ]
    return lines


def _is_chosen(what: str, values: Mapping[str, Any]) -> bool:
    group, _, name = what.partition(".")
    return bool(values.get(group, {}).get(name, {}).get(ACTIVE, False))
