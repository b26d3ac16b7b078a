"""What places and ways of buying support are called where a mayor reads, not an analyst."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

AREAS = {
    "bcbc": "Birmingham, Coventry and the Black Country",
    "tyne_and_wear": "Tyne and Wear",
    "two_towns": "Two Towns, an invented area",
    "bare_market": "a bare market, an invented area",
}
REGIMES = {
    "none": "no support",
    "fragmented": "each funder alone",
    "aligned": "aligned funding",
    "pooled": "a pooled budget",
    "prime_contractor": "prime contracting",
    "co_commissioned": "joint commissioning",
    "devolved": "devolved money",
}
ABOUT_REGIMES = {
    "none": "Nobody is helped; the world the others are measured against.",
    "fragmented": "Each funder buys for its own people and looks at nobody else.",
    "aligned": "Funders keep their money, see one another's contracts and fill gaps with what they"
    " can bend.",
    "pooled": "Part of the money goes into one pot, which a core team spends against need.",
    "prime_contractor": "Large contracts to a few firms, paid by results, with chains of"
    " subcontractors.",
    "co_commissioned": "Funders keep their money and rules; part of it is specified and let"
    " jointly.",
    "devolved": "Delivery and contracting are local, with the money; the centre asks for outcomes"
    " only.",
}
ACRONYMS = {
    "lsc": "Learning and Skills Council",
    "sfa": "Skills Funding Agency",
    "esf": "European Social Fund",
    "wnf": "Working Neighbourhoods Fund",
    "daf": "Deprived Areas Fund",
    "fjf": "Future Jobs Fund",
    "nrf": "Neighbourhood Renewal Fund",
    "rda": "regional development agency",
    "dwp": "Department for Work and Pensions",
    "fnd": "Flexible New Deal",
}
"""Words of names of streams that are read letter by letter, and what they stand for."""
ABBREVIATIONS = {"jcp": "Jobcentre Plus"} | {word: word.upper() for word in ACRONYMS}
"""What is written for such words, and for one that is hardly known."""
REGIME_ARMS = {"no_support": "none", "nobody": "none"} | {name: name for name in REGIMES}
"""Names of arms that are called after their regime."""


def area_label(name: str) -> str:
    """Return what an area is called, by its name or its folder."""
    own = Path(name).name
    return AREAS.get(own, own.replace("_", " ").strip().capitalize() or "the area")


def arm_label(name: str, overrides: Sequence[str] = ()) -> str:
    """Return what an arm is called: its regime in plain words, else its name in spaces.

    Parameters
    ----------
    name : str
    overrides : sequence of str
        What differs in it.
    """
    regime = _regime(name, overrides)
    return name.replace("_", " ") if regime is None else REGIMES[regime]


def arm_labels(arms: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Return what each arm of a manifest is called; its own name where two would be called alike.

    Parameters
    ----------
    arms : sequence of mapping
        name and overrides of each.
    """
    words = {arm["name"]: arm_label(arm["name"], arm["overrides"]) for arm in arms}
    called = list(words.values())
    return {name: word if called.count(word) == 1 else name for name, word in words.items()}


def arm_about(name: str, overrides: Sequence[str] = ()) -> str:
    """Say in one line what an arm is; what it has besides its regime as it was given."""
    regime = _regime(name, overrides)
    if regime is None:
        return ", ".join(overrides)
    more = [word for word in overrides if word != f"regime={regime}"]
    return ABOUT_REGIMES[regime] + (f" Besides: {', '.join(more)}." if more else "")


def _regime(name: str, overrides: Sequence[str]) -> str | None:
    """Return the regime an arm is named after, None if it has another or is named otherwise."""
    regime = REGIME_ARMS.get(name)
    return regime if not overrides or f"regime={regime}" in overrides else None


def stream_label(name: str) -> str:
    """Return what a stream of money is called: its name in spaces, abbreviations as such."""
    own = name.removeprefix("intervention:")
    words = [ABBREVIATIONS.get(word, word) for word in own.split("_")]
    return " ".join(words)
