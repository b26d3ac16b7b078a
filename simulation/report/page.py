"""A page that needs no other file: one style sheet and one way of filling a template."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jinja2

from simulation.report.figures.saving import write_bytes

STYLE_FOLDER = Path(__file__).parent
"""Where `page.css` is, which templates include."""


def write_page(path: Path, template: Path, context: Mapping[str, Any]) -> None:
    """Fill a template and write the page whole or not at all.

    Parameters
    ----------
    path : Path
        The page.
    template : Path
        Of Jinja; it can include "page.css" and what is in its own folder.
    context : mapping
        What the template names; anything missing is an error, all text is escaped.
    """
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader([template.parent, STYLE_FOLDER]),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    page = environment.get_template(template.name).render(context)
    write_bytes(path, page.encode("utf-8"))


def image_source(content: bytes, kind: str) -> str:
    """Give an image as the text of a `src`, so that the page holds it.

    Parameters
    ----------
    content : bytes
        Of the image's file.
    kind : str
        "png" or "svg".
    """
    media = {"png": "image/png", "svg": "image/svg+xml"}[kind]
    return f"data:{media};base64,{base64.b64encode(content).decode('ascii')}"
