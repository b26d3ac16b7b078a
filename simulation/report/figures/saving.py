"""Files written whole or not at all: a temporary name first, then a rename."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import NamedTuple

import matplotlib as mpl
from matplotlib.figure import Figure

from simulation.report.figures.style import SETTINGS


class PageFigure(NamedTuple):
    """A figure with the words that go with it on a page."""

    name: str
    figure: Figure
    alt: str
    guide: str
    heading: str = ""


class SavedFigure(NamedTuple):
    """The files of a figure by kind, with the words that go with it on a page."""

    name: str
    paths: dict[str, Path]
    alt: str
    guide: str
    heading: str = ""


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file so that a reader never sees half of it."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        temporary.write_bytes(content)
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def figure_bytes(figure: Figure, kind: str) -> bytes:
    """Give a figure as the bytes of a file; the same figure gives the same bytes.

    Parameters
    ----------
    figure : Figure
        As the drawing functions return it.
    kind : str
        "png" (200 dots an inch) or "svg" (text as outlines, so it prints alike everywhere).
    """
    buffer = io.BytesIO()
    metadata = {"Date": None} if kind == "svg" else {"Software": None}
    with mpl.rc_context(SETTINGS):
        figure.savefig(buffer, format=kind, dpi=200, metadata=metadata)
    return buffer.getvalue()


def save_figure(figure: Figure, folder: Path, name: str) -> dict[str, Path]:
    """Save a figure as PNG and SVG; gives the path by kind.

    Parameters
    ----------
    figure : Figure
        As the drawing functions return it.
    folder : Path
        Made if it is not there.
    name : str
        File name without ending.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = {kind: folder / f"{name}.{kind}" for kind in ("png", "svg")}
    for kind, path in paths.items():
        write_bytes(path, figure_bytes(figure, kind))
    return paths
