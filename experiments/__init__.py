"""The command line and everything else that knows Hydra; `configure` for notebooks."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simulation.config import Config

__all__ = ["configure"]


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
    from experiments.composition import compose_model

    return compose_model(overrides)
