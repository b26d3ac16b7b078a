"""The page of a comparison: its frames in, one self-contained file out."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from simulation.report.inputs import Inputs
from simulation.report.interactive.gather import page_data
from simulation.report.interactive.write import HERE, write_answer_page
from simulation.report.page_of_comparison import (
    ATTRIBUTION,
    LIMITS,
    boundaries_of,
    facts_of,
    support_limits,
)

CONTENTS = (
    ("compare", "Any two compared", None),
    ("net", "From gross to net", "flows"),
    ("promises", "Targets", "targets"),
    ("time", "Over time", None),
    ("places", "Places", None),
    ("who", "Who gains, who loses", None),
    ("journey", "Clients and money", "journey"),
    ("limits", "What it cannot say", None),
    ("repeat", "Do it again", None),
)
"""Sections, what they are called, and the data without which they are left out."""
FIRST_SCREEN = ("kicker", "title", "answer", "numbers", "moved", "assumed")


def write_page_of_answer(
    inputs: Inputs,
    path: Path,
    *,
    repeat: Mapping[str, Any],
    appendix: str = "",
    beside: Path | None = None,
) -> Path:
    """Write the page of a comparison.

    Parameters
    ----------
    inputs : Inputs
    path : Path
        The page.
    repeat : mapping
        lines (label and text of each way to do it again), and, where words for a shell are known,
        arms (those of each arm, in the order of the page) and common (those of all).
    appendix : str
        Name of the long report beside the page, "" if there is none.
    beside : Path, optional
        Where boundaries the manifest names are looked for, too; the page's folder if left out.
    """
    manifest = inputs.manifest
    boundaries = boundaries_of(manifest, beside or path.parent)
    data = page_data(inputs, boundaries)
    if boundaries is None and manifest["boundaries"]:
        data["shapes"]["note"] = f"{manifest['boundaries']} is not on this machine."
    data["repeat"] = {name: repeat[name] for name in ("arms", "common") if name in repeat}
    has_support = any(table is not None for table in inputs.support)
    words = {name: data.pop(name) for name in FIRST_SCREEN} | {
        "contents": [(name, text) for name, text, needed in CONTENTS if not needed or data[needed]],
        "has_targets": bool(data["targets"]),
        "has_flows": bool(data["flows"]),
        "has_traits": bool(data["traits"]),
        "has_journey": bool(data["journey"]),
        "limits": [*LIMITS, *(support_limits(manifest) if has_support else ())],
        "repeat": repeat["lines"],
        "arms_words": "arms" in repeat,
        "facts": facts_of(manifest),
        "appendix": appendix,
        "attribution": ATTRIBUTION,
    }
    write_answer_page(
        path,
        HERE / "comparison.html",
        words=words,
        data=data,
        scripts=[HERE / "places.js", HERE / "comparison.js"],
    )
    return path
