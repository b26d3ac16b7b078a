"""A page that needs no other file: one style sheet and one way of filling a template."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import jinja2

from simulation.report.figures.saving import PageFigure, SavedFigure, save_figure, write_bytes

STYLE_FOLDER = Path(__file__).parent
"""Where the template all pages extend is, its parts and `page.css`."""
TEMPLATE_FOLDERS = (STYLE_FOLDER, STYLE_FOLDER / "interactive")
MEDIA = {"png": "image/png", "svg": "image/svg+xml"}
MOST_BYTES = 6_000_000
"""Bytes of images in a page, before they are written as text; the others stay files."""


def write_page(path: Path, template: Path, context: Mapping[str, Any]) -> None:
    """Fill a template and write the page whole or not at all.

    Parameters
    ----------
    path : Path
        The page.
    template : Path
        Of Jinja; it extends "page.html" and can import from "parts.html", or "shell.html".
    context : mapping
        What the template names; anything missing is an error, all text is escaped.
    """
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader([template.parent, *TEMPLATE_FOLDERS]),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    page = environment.get_template(template.name).render(context)
    write_bytes(path, page.encode("utf-8"))


def saved(drawn: PageFigure, folder: Path) -> SavedFigure:
    """Save a figure as PNG and SVG in a folder, made if it is not there."""
    paths = save_figure(drawn.figure, folder, drawn.name)
    return SavedFigure(drawn.name, paths, drawn.alt, drawn.guide, drawn.heading)


def embedded(
    figures: Sequence[SavedFigure], *, most_bytes: int = MOST_BYTES
) -> list[dict[str, str]]:
    """Give what a page shows of each figure: of its files the smaller is in the page.

    Parameters
    ----------
    figures : sequence of SavedFigure
    most_bytes : int
        Of images in a page, before they are written as text; the first is always in it, others
        that do not fit have an empty source.

    Returns
    -------
    list of dict
        heading, name, alt, guide, source.
    """
    shown, n_bytes = [], 0
    for at, each in enumerate(figures):
        files = ((kind, path.read_bytes()) for kind, path in each.paths.items())
        kind, content = min(files, key=lambda file: len(file[1]))
        n_bytes += len(content)
        text = base64.b64encode(content).decode("ascii")
        source = f"data:{MEDIA[kind]};base64,{text}" if n_bytes <= most_bytes or at == 0 else ""
        words = {"heading": each.heading, "name": each.name, "alt": each.alt, "guide": each.guide}
        shown.append({**words, "source": source})
    return shown
