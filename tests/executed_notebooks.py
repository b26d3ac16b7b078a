"""Notebooks executed, as a reader sees them; `make notebooks` writes each with what it shows."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import jupytext
import nbformat
from jupyter_client import AsyncKernelManager
from jupyter_client.kernelspec import KernelSpecManager
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parents[1]
SCRIPTS = sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.py"))
LONGEST_SECONDS = 600
"""For one cell, on a busy machine."""


def execute(script: Path, *, folder: Path) -> nbformat.NotebookNode:
    """Run a script's cells in a folder with this Python, whatever kernels are registered.

    Parameters
    ----------
    script : Path
        With cells as Jupytext marks them.
    folder : Path
        Working directory of the kernel.

    Returns
    -------
    NotebookNode
        With outputs, and without times and versions, so that the same notebook gives the same file.

    Raises
    ------
    nbclient.exceptions.CellExecutionError
        If a cell fails.
    """
    notebook = jupytext.read(script)
    manager = AsyncKernelManager(
        kernel_name="python3", kernel_spec_manager=KernelSpecManager(kernel_dirs=[])
    )
    client = NotebookClient(
        notebook,
        km=manager,
        timeout=LONGEST_SECONDS,
        record_timing=False,
        resources={"metadata": {"path": str(folder)}},
    )
    # Without MPLBACKEND the kernel shows figures in the notebook.
    environment = {key: value for key, value in os.environ.items() if key != "MPLBACKEND"}
    environment["PYTHONPATH"] = os.pathsep.join([str(ROOT), environment.get("PYTHONPATH", "")])
    # Bars of progress are not shown, so what would draw them need not be there.
    environment["PYTHONWARNINGS"] = "ignore:IProgress not found"
    # A manager of our own, so that nobody else ends its kernel.
    client.execute(env=environment, cleanup_kc=True)
    notebook.metadata.pop("language_info", None)
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number}"
    return notebook


def write(script: Path) -> Path:
    """Execute a script and write the notebook of its name beside it."""
    path = script.with_suffix(".ipynb")
    with tempfile.TemporaryDirectory() as folder:
        nbformat.write(execute(script, folder=Path(folder)), path)
    return path


if __name__ == "__main__":
    for script in SCRIPTS:
        print(write(script).relative_to(ROOT), flush=True)
