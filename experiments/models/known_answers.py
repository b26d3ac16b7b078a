"""Functions whose sensitivity indices are known exactly, to test the pipeline with.

Ishigami and Homma, An importance quantification technique in uncertainty analysis for computer
models, 1990; Sobol and Saltelli's g-function, in Saltelli et al., Global Sensitivity Analysis,
2008, section 3.6; Morris, Factorial sampling plans for preliminary computational experiments,
Technometrics 33, 1991, section 5.
"""

from __future__ import annotations

import hashlib
import math
import platform
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import NormalDist
from typing import Any

from experiments.models.result import History, Result
from simulation.errors import InputError, did_you_mean

OUTCOME = "y"
VERSION = "known-answers-1"
MIDDLE = 0.5
SETTINGS = ("noise", "common_noise", "sleep")
"""Besides the factors: standard deviation of the noise, of the part of it that all points of a
seed share, and seconds the run pretends to take."""
ISHIGAMI_A, ISHIGAMI_B = 7.0, 0.1
G_WEIGHTS = (0.0, 1.0, 4.5, 9.0, 99.0, 99.0, 99.0, 99.0)
MORRIS_FACTORS = 20
MORRIS_BENT = (2, 4, 6)
"""Those the paper counts as 3, 5 and 7, which act in a curve."""
NAP_SECONDS = 0.02


def ishigami(x: Sequence[float]) -> float:
    """Return sin x1 + a sin^2 x2 + b x3^4 sin x1 with a = 7, b = 0.1; each from -pi to pi."""
    first, second, third = x
    return (
        math.sin(first)
        + ISHIGAMI_A * math.sin(second) ** 2
        + ISHIGAMI_B * third**4 * math.sin(first)
    )


def sobol_g(x: Sequence[float]) -> float:
    """Return the product of (|4 x - 2| + a) / (1 + a) over eight factors from 0 to 1."""
    return math.prod(
        (abs(4.0 * value - 2.0) + weight) / (1.0 + weight)
        for value, weight in zip(x, G_WEIGHTS, strict=True)
    )


def morris_1991(x: Sequence[float]) -> float:
    """Return Morris's polynomial of twenty factors from 0 to 1.

    The coefficients he draws at random, of mean 0 and variance 1, are +1 and -1 by turns.
    """
    w = [
        2.0 * (1.1 * value / (value + 0.1) - 0.5) if place in MORRIS_BENT else 2.0 * (value - 0.5)
        for place, value in enumerate(x)
    ]
    total = sum((20.0 if i < 10 else _by_turns(i + 1)) * w[i] for i in range(MORRIS_FACTORS))
    for i, j in combinations(range(MORRIS_FACTORS), 2):
        total += (-15.0 if j < 6 else _by_turns(i + j)) * w[i] * w[j]
    total += sum(-10.0 * w[i] * w[j] * w[k] for i, j, k in combinations(range(5), 3))
    return total + 5.0 * math.prod(w[:4])


def _by_turns(number: int) -> float:
    return -1.0 if number % 2 else 1.0


@dataclass(frozen=True)
class KnownAnswer:
    """A function as a model: factors x1, x2 ... within bounds, one outcome y, noise on request.

    The noise is a normal number keyed by seed and point: the same point and seed have the same,
    any two others independent ones. The common part is keyed by the seed alone.
    """

    name: str
    function: Callable[[Sequence[float]], float]
    n_factors: int
    bounds: tuple[float, float] = (0.0, 1.0)

    @property
    def factors(self) -> tuple[str, ...]:
        """Names of the factors."""
        return tuple(f"x{number + 1}" for number in range(self.n_factors))

    def defaults(self) -> dict[str, Any]:
        """Return every factor at 0.5, no noise, no waiting."""
        return {**dict.fromkeys(self.factors, MIDDLE), **dict.fromkeys(SETTINGS, 0.0)}

    def complete(self, changes: Mapping[str, Any]) -> dict[str, Any]:
        """Return all values as floats.

        Raises
        ------
        InputError
            One line for each unknown name and each value that is no number or out of bounds.
        """
        values = self.defaults()
        problems = []
        for name, value in changes.items():
            if name not in values:
                near = did_you_mean(name, values, otherwise="allowed: {}")
                problems.append(f"{name} is not a value of {self.name}; {near}")
            elif problem := self._problem(name, value):
                problems.append(f"{self.name}: {name} must be {problem}, got {value!r}")
            else:
                values[name] = float(value)
        if problems:
            raise InputError(problems)
        return values

    def _problem(self, name: str, value: Any) -> str:
        low, high = (0.0, math.inf) if name in SETTINGS else self.bounds
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if is_number and low <= value <= high and math.isfinite(value):
            return ""
        return f"a number from {low:g} to {high:g}"

    def version(self) -> str:
        """Return the version of the functions."""
        return VERSION

    def check(self, values: dict[str, Any]) -> None:
        """Check nothing more than `complete` does: no tables are read."""
        self.complete(values)

    def inputs(self, values: dict[str, Any]) -> dict[str, str]:
        """Return none: no files are read."""
        return {}

    def undated(self, values: dict[str, Any]) -> None:
        """Return None: a function has no past."""

    def history(self, values: dict[str, Any]) -> History:
        """Return what nobody asks for, as no function shares its past."""
        return History(lambda week: values, VERSION, {})

    def size(self, values: dict[str, Any]) -> tuple[int, int]:
        """Return one agent and one week."""
        return 1, 1

    def units(self) -> dict[str, str]:
        """Return the unit of y: none."""
        return {OUTCOME: "-"}

    def labels(self) -> dict[str, str]:
        """Return the name of y."""
        return {OUTCOME: f"y of {self.name}"}

    def definitions(self) -> dict[str, str]:
        """Return nothing: y is what its function says."""
        return {OUTCOME: ""}

    def commit(self) -> str:
        """Return nothing: the version says all."""
        return ""

    def versions(self) -> dict[str, str]:
        """Return that of Python."""
        return {"python": platform.python_version()}

    def reference(self, values: dict[str, Any]) -> None:
        """Return None: there is no other world."""

    def has_support(self, values: dict[str, Any]) -> bool:
        """Return False: nobody is helped."""
        return False

    def notes(self, values: dict[str, Any]) -> list[str]:
        """Return nothing: there is nothing to beware of."""
        return []

    def run(
        self,
        values: dict[str, Any],
        seed: int,
        *,
        people: bool,
        tell: Callable[[int], None],
        reference: object = None,
        past: object = None,
    ) -> Result:
        """Compute y; `people`, `reference` and `past` are nothing to this model."""
        wakes = time.monotonic() + values["sleep"]
        tell(0)
        while time.monotonic() < wakes:
            time.sleep(min(NAP_SECONDS, values["sleep"]))
            tell(0)
        x = [values[name] for name in self.factors]
        y = self.function(x)
        y += values["noise"] * normal(self.name, seed, *x)
        y += values["common_noise"] * normal(self.name, seed)
        tell(1)
        return Result({OUTCOME: y}, None, 1, None)


def normal(name: str, seed: int, *x: float) -> float:
    """Return a standard normal number that is a function of name, seed and point alone."""
    text = "|".join([name, str(seed), *(value.hex() for value in x)])
    digest = hashlib.sha256(text.encode()).digest()
    return NormalDist().inv_cdf((int.from_bytes(digest[:6], "big") + 0.5) / 2**48)


ISHIGAMI = KnownAnswer("ishigami", ishigami, 3, (-math.pi, math.pi))
SOBOL_G = KnownAnswer("sobol_g", sobol_g, len(G_WEIGHTS))
MORRIS_1991 = KnownAnswer("morris_1991", morris_1991, MORRIS_FACTORS)
