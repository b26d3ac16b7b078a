"""A user's own files of our names, beside a script of theirs, do no harm or are named."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
CONFIGURE = "from experiments import configure\nprint(configure('area=two_towns').area.name)\n"


def run_beside(folder: Path, script: str) -> subprocess.CompletedProcess[str]:
    """Run a script that stands in a folder with what else is there."""
    (folder / "script.py").write_text(script)
    return subprocess.run(
        [sys.executable, "script.py"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )


def write_package(folder: Path, name: str) -> Path:
    (folder / name).mkdir()
    place = folder / name / "__init__.py"
    place.touch()
    return place


@pytest.mark.parametrize("name", ["conf.py", "agents.py", "hydra_conf.py", "config.py"])
def test_a_module_of_the_users_called_like_a_folder_of_ours_changes_nothing(
    tmp_path: Path, name: str
) -> None:
    (tmp_path / name).write_text("raise RuntimeError('imported')\n")
    done = run_beside(tmp_path, CONFIGURE)
    assert (done.returncode, done.stdout, done.stderr) == (0, "two_towns\n", "")


def test_a_simulation_of_the_users_is_named_with_the_cure(tmp_path: Path) -> None:
    place = write_package(tmp_path, "simulation")
    done = run_beside(tmp_path, CONFIGURE)
    assert done.stderr.splitlines()[-1] == (
        f"ImportError: {place} hides the package simulation that pathfinder needs: give it"
        " another name, or run from another folder"
    )


def test_experiments_of_the_users_are_named_and_the_model_runs_without_ours(
    tmp_path: Path,
) -> None:
    place = write_package(tmp_path, "experiments")
    done = run_beside(tmp_path, "from simulation import Config\nprint(Config().weeks)\n")
    assert done.stderr.splitlines()[0].endswith(
        f"UserWarning: {place} hides the package experiments that pathfinder brings (compare, ask,"
        " configure, the command): give it another name, or run from another folder"
    )
    assert (done.returncode, int(done.stdout) > 0) == (0, True)
