"""Methods of sensitivity analysis that know of replicate noise; heavy to import, so import late."""

from __future__ import annotations

from experiments.sensitivity.morris import Morris
from experiments.sensitivity.problem import INDEX_COLUMNS, Method, Problem, index_frame
from experiments.sensitivity.sobol import Sobol

METHODS: dict[str, Method] = {method.name: method for method in (Morris(), Sobol())}

__all__ = ["INDEX_COLUMNS", "METHODS", "Method", "Problem", "index_frame"]
