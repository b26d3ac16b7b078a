"""Filling the page of an answer: words by the template, everything drawn by its script."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from markupsafe import Markup

from simulation.report.page import write_page

HERE = Path(__file__).parent
STYLE = "style.css"
SCRIPTS = ("numbers.js", "pictures.js")
"""What every such page runs before its own script."""
START, END = '"use strict";\n(() => {\n', "\n})();"
READ = 'const D = JSON.parse(document.getElementById("data").textContent);\n'


def write_answer_page(
    path: Path,
    template: Path,
    *,
    words: Mapping[str, Any],
    data: Mapping[str, Any],
    scripts: Sequence[Path],
) -> None:
    """Write a page that needs no other file and asks nothing of a network.

    Parameters
    ----------
    path : Path
        The page.
    template : Path
        Extends "shell.html".
    words : mapping
        What the template names; escaped.
    data : mapping
        What the scripts read as `D`: text, numbers, lists and mappings.
    scripts : sequence of Path
        Run after `SCRIPTS`, all in one scope.
    """
    own = [HERE / name for name in SCRIPTS] + list(scripts)
    script = START + READ + "\n".join(each.read_text(encoding="utf-8") for each in own) + END
    context = {
        **words,
        "style": Markup((HERE / STYLE).read_text(encoding="utf-8").strip()),
        "script": Markup(script),
        "data": Markup(as_json(data)),
    }
    write_page(path, template, context)


def as_json(data: Mapping[str, Any]) -> str:
    """Write data as JSON that may stand inside a page: no character of it ends the element."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c")
