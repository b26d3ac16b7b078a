"""Methods of sensitivity analysis that know of replicate noise; heavy to import, so import late."""

from __future__ import annotations

from experiments.sensitivity.convergence import convergence, settled
from experiments.sensitivity.delta import Delta
from experiments.sensitivity.efast import Efast
from experiments.sensitivity.method import Method
from experiments.sensitivity.morris import Morris
from experiments.sensitivity.noise import noise_share
from experiments.sensitivity.pawn import Pawn
from experiments.sensitivity.problem import INDEX_COLUMNS, Problem, index_frame
from experiments.sensitivity.sobol import Sobol

METHODS: dict[str, Method] = {
    method.name: method for method in (Morris(), Sobol(), Efast(), Delta(), Pawn())
}

__all__ = [
    "INDEX_COLUMNS",
    "METHODS",
    "Method",
    "Problem",
    "convergence",
    "index_frame",
    "noise_share",
    "settled",
]
