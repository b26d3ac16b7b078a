"""The notebooks are the scripts, executed: they show what their code gives now; so does README."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import jupytext
import nbformat
import pytest
from executed_notebooks import ROOT, SCRIPTS, execute

FIGURES = {
    "01_first_run": 4,
    "02_inverse_queue": 4,
    "03_compare_regimes": 2,
    "04_follow_a_client": 3,
    "05_sensitivity": 2,
}
NAMES = [path.stem for path in SCRIPTS]
MOST_BYTES = 400_000
OF_A_MACHINE = r"(?<![\w.:/<])/\w+/\w|[A-Z]:\\|\b\d+ s\b"
"""Absolute paths, and how long something took."""


def outputs_of(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    """Return the outputs of all cells, in order."""
    return [output for cell in notebook.cells for output in cell.get("outputs", [])]


def texts_of(notebook: nbformat.NotebookNode) -> list[str]:
    """Return what is shown in words: frames, values, printed lines."""
    return [
        output.text
        if output.output_type == "stream"
        else output.data.get("text/html", output.data["text/plain"])
        for output in outputs_of(notebook)
    ]


def n_figures(notebook: nbformat.NotebookNode) -> int:
    return sum("image/png" in output.get("data", {}) for output in outputs_of(notebook))


def test_every_script_has_a_notebook_and_every_notebook_is_known() -> None:
    notebooks = {path.stem for path in SCRIPTS[0].parent.glob("*.ipynb")}
    assert notebooks == set(NAMES) == set(FIGURES)


@pytest.mark.parametrize("path", SCRIPTS, ids=NAMES)
def test_a_notebook_and_its_script_are_the_same(path: Path) -> None:
    notebook, script = jupytext.read(path.with_suffix(".ipynb")), jupytext.read(path)
    assert [(cell.cell_type, cell.source) for cell in notebook.cells] == [
        (cell.cell_type, cell.source) for cell in script.cells
    ], "make notebooks writes them again"


@pytest.mark.parametrize("path", SCRIPTS, ids=NAMES)
def test_a_notebook_can_be_read_without_being_run(path: Path) -> None:
    """It has its figures, is small, and says nothing of the machine it was run on."""
    path = path.with_suffix(".ipynb")
    notebook = nbformat.read(path, as_version=4)
    assert n_figures(notebook) == FIGURES[path.stem]
    assert all(cell.execution_count for cell in notebook.cells if cell.cell_type == "code")
    assert path.stat().st_size < MOST_BYTES
    assert not [text for text in texts_of(notebook) if re.search(OF_A_MACHINE, text)]
    assert not [each for each in outputs_of(notebook) if each.get("name") == "stderr"]


@pytest.mark.slow
@pytest.mark.parametrize("path", SCRIPTS, ids=NAMES)
def test_a_notebook_shows_what_its_code_gives(path: Path, tmp_path: Path) -> None:
    notebook = execute(path, folder=tmp_path)
    assert n_figures(notebook) == FIGURES[path.stem]
    kept = nbformat.read(path.with_suffix(".ipynb"), as_version=4)
    assert texts_of(notebook) == texts_of(kept), "make notebooks writes them again"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_every_line_for_an_analyst_in_the_readme_shows_what_it_says(tmp_path: Path) -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8").split("## For an analyst")[1]
    block = re.search(r"(?:^    from .*\n)+(?:^(?:    .*)?\n)+", text, flags=re.MULTILINE)
    assert block is not None
    lines = [line.strip() for line in block[0].splitlines() if line.strip()]
    script = tmp_path / "readme.py"
    script.write_text("".join(f"# %%\n{line}\n\n" for line in lines), encoding="utf-8")
    notebook = execute(script, folder=tmp_path)
    assert [cell.source for cell in notebook.cells] == lines
    for cell in notebook.cells:
        is_shown = isinstance(ast.parse(cell.source).body[0], ast.Expr)
        assert bool(cell.outputs) == is_shown, cell.source
