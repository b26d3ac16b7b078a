"""Every method by name; heavy to import, so import it late."""

from __future__ import annotations

from experiments.sensitivity.delta import Delta
from experiments.sensitivity.efast import Efast
from experiments.sensitivity.method import Method
from experiments.sensitivity.morris import Morris
from experiments.sensitivity.pawn import Pawn
from experiments.sensitivity.sobol import Sobol

METHODS: dict[str, Method] = {
    method.name: method for method in (Morris(), Sobol(), Efast(), Delta(), Pawn())
}
