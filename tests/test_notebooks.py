"""The notebooks run from top to bottom, show their figures, and are the same as the scripts."""

from __future__ import annotations

import os
from pathlib import Path

import jupytext
import nbformat
import pytest
from jupyter_client import AsyncKernelManager
from jupyter_client.kernelspec import KernelSpecManager
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))
FIGURES = {
    "01_first_run": 2,
    "02_inverse_queue": 4,
    "03_compare_regimes": 2,
    "04_follow_a_client": 2,
    "05_sensitivity": 2,
}
NAMES = [path.stem for path in NOTEBOOKS]


def execute(path: Path, *, folder: Path) -> nbformat.NotebookNode:
    """Run a notebook in a folder of its own with this Python, whatever kernels are registered."""
    notebook = nbformat.read(path, as_version=4)
    manager = AsyncKernelManager(
        kernel_name="python3", kernel_spec_manager=KernelSpecManager(kernel_dirs=[])
    )
    client = NotebookClient(
        notebook, km=manager, timeout=300, resources={"metadata": {"path": str(folder)}}
    )
    # Without MPLBACKEND the kernel shows figures in the notebook, as a reader sees them.
    environment = {key: value for key, value in os.environ.items() if key != "MPLBACKEND"}
    environment["PYTHONPATH"] = os.pathsep.join([str(ROOT), environment.get("PYTHONPATH", "")])
    # A manager of our own, so that nobody else ends its kernel.
    client.execute(env=environment, cleanup_kc=True)
    return notebook


def test_every_script_has_its_notebook_and_every_notebook_is_known() -> None:
    scripts = {path.stem for path in (ROOT / "notebooks").glob("[0-9][0-9]_*.py")}
    assert scripts == set(NAMES)
    assert set(FIGURES) <= set(NAMES)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=NAMES)
def test_a_notebook_and_its_script_are_the_same(path: Path) -> None:
    notebook, script = jupytext.read(path), jupytext.read(path.with_suffix(".py"))
    assert [(cell.cell_type, cell.source) for cell in notebook.cells] == [
        (cell.cell_type, cell.source) for cell in script.cells
    ]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=NAMES)
def test_a_notebook_is_kept_without_outputs(path: Path) -> None:
    for cell in nbformat.read(path, as_version=4).cells:
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None


@pytest.mark.slow
@pytest.mark.parametrize("path", NOTEBOOKS, ids=NAMES)
def test_a_notebook_runs_and_shows_its_figures(path: Path, tmp_path: Path) -> None:
    notebook = execute(path, folder=tmp_path)
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert not [output for output in outputs if output.output_type == "error"]
    n_figures = sum("image/png" in output.get("data", {}) for output in outputs)
    assert n_figures == FIGURES.get(path.stem, n_figures)
    assert all(cell.execution_count for cell in notebook.cells if cell.cell_type == "code")
    assert list(tmp_path.iterdir()) == []
