"""Factors: what a study varies, and what a number of the unit interval means for each.

Points of a design live in the unit cube; a factor turns its coordinate into a value by the inverse
of its distribution function, and the value into changes of the model's parameters.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from experiments.studies.registry import times

if TYPE_CHECKING:
    from experiments.words.variations import Variations

NUMBER, WHOLE, MULTIPLE = "number", "whole", "multiple"
CHOICE, LEVELS = "choice", "levels"
RANGED = (NUMBER, WHOLE, MULTIPLE)
DIGITS = 12
"""Significant digits a value is rounded to, so that the key of a run does not hang on the last bit
of another version of an inverse distribution function."""


@dataclass(frozen=True)
class Factor:
    """One thing a study varies.

    Attributes
    ----------
    name : str
        Dotted name of a parameter, or name of a group of choices.
    kind : str
        "number" and "whole" (a range of a parameter), "multiple" (a range of factors by which a
        list is multiplied), "choice" (files of a group of `conf/`), "levels" (values of a
        parameter).
    default : Any
        Value at the study's base; of a multiple 1. None if no choice is that of the base.
    low, high : float
        Of a range.
    distribution : str
        One of `DISTRIBUTIONS`, over the range; triangular has its peak at the default.
    choices : tuple
        Values of a choice or of levels, in their order.
    group, unit, label : str
        Factors of one group may be analysed together; unit; name in print.
    base : Any
        The list that a multiple multiplies.
    """

    name: str
    kind: str
    default: Any
    low: float = 0.0
    high: float = 1.0
    distribution: str = "uniform"
    choices: tuple[Any, ...] = ()
    group: str = ""
    unit: str = "-"
    label: str = ""
    base: Any = None

    @property
    def is_categorical(self) -> bool:
        """Whether its values have no order: choices, and levels that are no numbers."""
        numbers = all(
            isinstance(each, int | float) and not isinstance(each, bool) for each in self.choices
        )
        return self.kind == CHOICE or (self.kind == LEVELS and not numbers)

    @property
    def n_values(self) -> int:
        """How many values of equal chances it has; 0 of a range without such."""
        if self.kind not in RANGED:
            return len(self.choices)
        is_even = self.kind == WHOLE and self.distribution == "uniform"
        return int(self.high - self.low) + 1 if is_even else 0

    def values(self, u: NDArray[np.float64]) -> list[Any]:
        """Return the values at places of the unit interval.

        Parameters
        ----------
        u : ndarray of float64 (n_points,)
            From 0 to 1; both ends are values.

        Returns
        -------
        list of float, int, str or bool
            As JSON has them.
        """
        u = np.asarray(u, dtype=np.float64)
        if self.kind not in RANGED:
            places = np.minimum((u * len(self.choices)).astype(np.int64), len(self.choices) - 1)
            return [self.choices[place] for place in places]
        found = np.clip(self._spread().ppf(u), self.low, self._top())
        if self.kind == WHOLE:
            return [int(value) for value in np.minimum(np.floor(found), self.high)]
        rounded = (float(f"{value:.{DIGITS}g}") for value in found)
        # Rounded, an end such as pi may lie beyond itself.
        return [min(max(value, float(self.low)), float(self.high)) for value in rounded]

    def places(self, values: Sequence[Any]) -> NDArray[np.float64]:
        """Return where in the unit interval values stand; of one among several, its middle.

        Parameters
        ----------
        values : sequence
            As `values` gives them.

        Returns
        -------
        ndarray of float64 (n_points,)
        """
        if self.kind not in RANGED:
            ranks = np.array([self.choices.index(value) for value in values], dtype=np.float64)
            return (ranks + 0.5) / len(self.choices)
        middle = 0.5 if self.kind == WHOLE else 0.0
        return np.asarray(self._spread().cdf(np.asarray(values, np.float64) + middle), np.float64)

    def changes(self, value: Any, variations: Variations | None) -> dict[str, Any]:
        """Return what a value changes in the base, by dotted name of parameters."""
        if self.kind == CHOICE:
            if variations is None:
                raise ValueError(f"{self.name}: a choice is composed from variations, got None")
            return variations.choice(self.name, value)
        if self.kind == MULTIPLE:
            return {self.name: _rounded(times(self.base, value))}
        return {self.name: value}

    def spaced(self, n_values: int) -> list[Any]:
        """Return its values, or of a range so many with equal chances between, ends included."""
        if self.kind not in RANGED:
            return list(self.choices)
        return list(dict.fromkeys(self.values(np.linspace(0.0, 1.0, n_values))))

    def text(self) -> str:
        """Say in a few words what it varies over."""
        if self.kind not in RANGED:
            return ", ".join(_shown(value) for value in self.choices)
        shape = "" if self.distribution == "uniform" else f", {self.distribution}"
        words = " times" if self.kind == MULTIPLE else ""
        return f"{self.low:g} to {self.high:g}{words}{shape}"

    def _top(self) -> float:
        """Upper end of the continuous distribution: a whole number fills the step above it."""
        return self.high + 1.0 if self.kind == WHOLE else self.high

    def _spread(self) -> Any:
        return _spread(self.distribution, self.low, self._top(), self._peak())

    def _peak(self) -> float:
        if self.distribution != "triangular":
            return self.low
        return float(self.default) + (0.5 if self.kind == WHOLE else 0.0)


def _spread(distribution: str, low: float, high: float, peak: float) -> Any:
    """Return one of `DISTRIBUTIONS` over a range, frozen."""
    # Late: SciPy is slow to import, and a study that is refused draws no points.
    from scipy import stats

    if distribution == "triangular":
        return stats.triang((peak - low) / (high - low), loc=low, scale=high - low)
    if distribution == "log_uniform":
        return stats.loguniform(low, high)
    return stats.uniform(low, high - low)


def _rounded(value: Any) -> Any:
    if isinstance(value, list):
        return [_rounded(each) for each in value]
    return float(f"{value:.{DIGITS}g}")


def _shown(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def values_text(values: Mapping[str, Any]) -> str:
    """Write values of factors for reading: hiring.strength=2.5, regime=pooled."""
    return ", ".join(
        f"{name}={value:.4g}" if isinstance(value, float) else f"{name}={value}"
        for name, value in values.items()
    )


def as_mapping(factors: Sequence[Factor]) -> dict[str, dict[str, Any]]:
    """Return factors as JSON, by name, for the manifest of a study."""
    return {
        factor.name: {
            "kind": factor.kind,
            "label": factor.label,
            "unit": factor.unit,
            "default": factor.default,
            "group": factor.group,
            "text": factor.text(),
            **_of_kind(factor),
        }
        for factor in factors
    }


def _of_kind(factor: Factor) -> Mapping[str, Any]:
    if factor.kind not in RANGED:
        return {"choices": list(factor.choices), "is_categorical": factor.is_categorical}
    return {"low": factor.low, "high": factor.high, "distribution": factor.distribution}
