"""The command line and everything else that knows Hydra; for notebooks what is named here."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from experiments.store import Store
    from experiments.studies.answer import Answer
    from simulation.config import Config

__all__ = ["ask", "configure", "open_store"]


def configure(*overrides: str) -> Config:
    """Return the configuration that the same words give on the command line.

    Parameters
    ----------
    *overrides : str
        Such as `"area=two_towns"`, `"hiring=stigma"`, `"hiring.stigma_penalty=0.5"`.

    Raises
    ------
    InputError
        One line a problem.
    """
    # Late, so that `pathfinder --help` need not import Hydra.
    from experiments.words.composition import compose_model

    return compose_model(overrides)


def ask(*words: str) -> Answer:
    """Carry out the study that the same words give on the command line.

    Its runs are kept in the store and not run again; nothing else is written.

    Parameters
    ----------
    *words : str
        Such as `"experiment=ishigami"`, `"samples=64"`, `"launcher=in_process"`.

    Raises
    ------
    InputError
        One line a problem, before anything is run.
    RunsFailedError
        If a run failed; the finished ones are kept.
    """
    from experiments.studies.answer import ask

    return ask(*words)


def open_store(folder: str | Path = "results/store") -> Store:
    """Return the store of runs in a folder, for its `runs` and `query`.

    Raises
    ------
    InputError
        If there is no store or one of another version.
    """
    from pathlib import Path

    from experiments.store import Store

    return Store(Path(folder).expanduser())
