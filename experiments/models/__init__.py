"""What can be run: the labour market, and functions whose sensitivity is known exactly."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Protocol

from experiments.models.result import History, Past, Result
from simulation.errors import InputError, did_you_mean

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["LABOUR_MARKET", "MODELS", "History", "Model", "Past", "Result", "model_named"]

LABOUR_MARKET = "labour_market"
"""The model all commands but `study` run, and `study` unless it says another."""


class Model(Protocol):
    """A function of values and seed that can be run many times.

    Protocol rather than base class: a model of one's own need know nothing of this package.
    """

    name: str

    def defaults(self) -> dict[str, Any]:
        """Return every value there is, nested, as in JSON."""

    def complete(self, changes: Mapping[str, Any]) -> dict[str, Any]:
        """Return all values with some changed by dotted key, checked and in one form.

        Raises
        ------
        InputError
            One line for each unknown key, wrong type or value out of range.
        """

    def version(self) -> str:
        """Return what changes whenever the same values and seed may give other results."""

    def check(self, values: dict[str, Any]) -> None:
        """Read whatever the values name before anything runs.

        Raises
        ------
        InputError
            One line a problem.
        """

    def inputs(self, values: dict[str, Any]) -> dict[str, str]:
        """Return the digest of every file or folder of the user's that the values name."""

    def reference(self, values: dict[str, Any]) -> dict[str, Any] | None:
        """Return the values of the world without support that a run is compared with as it runs.

        None where nothing depends on such a world.
        """

    def has_support(self, values: dict[str, Any]) -> bool:
        """Whether a run has what its reference world is without."""

    def undated(self, values: dict[str, Any]) -> dict[str, Any] | None:
        """Return the values that matter from the first week on in any run.

        None where a run shares its past with no other.
        """

    def history(self, values: dict[str, Any]) -> History:
        """Return what the past of a run depends on, of one whose `undated` values are not None."""

    def size(self, values: dict[str, Any]) -> tuple[int, int]:
        """Return how many agents and how many weeks a run has."""

    def notes(self, values: dict[str, Any]) -> list[str]:
        """Return what to beware of in any run with these values, a line each."""

    def units(self) -> dict[str, str]:
        """Return the unit of every outcome there can be."""

    def labels(self) -> dict[str, str]:
        """Return what every outcome is called in print."""

    def definitions(self) -> dict[str, str]:
        """Return what every outcome means, in a sentence."""

    def commit(self) -> str:
        """Return the commit the source stands at."""

    def versions(self) -> dict[str, str]:
        """Return the versions results may depend on."""

    def run(
        self,
        values: dict[str, Any],
        seed: int,
        *,
        people: bool,
        tell: Callable[[int], None],
        reference: pd.DataFrame | None = None,
        past: Past | None = None,
    ) -> Result:
        """Run once; `tell` is told the weeks done and may raise to give up.

        The frame `markets` of the reference world is simulated first where it is needed and is not
        given. The run goes on from `past.since`, if there is such a state, and gives its own to
        `past.keep`.
        """


class _Models(Mapping[str, Model]):
    """Models by name, each imported when it is asked for: the labour market takes seconds."""

    def __init__(self, places: Mapping[str, str]) -> None:
        self._places = dict(places)

    def __getitem__(self, name: str) -> Model:
        module, _, attribute = self._places[name].partition(":")
        return getattr(importlib.import_module(f"experiments.models.{module}"), attribute)

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


MODELS = _Models(
    {
        LABOUR_MARKET: "labour_market:MODEL",
        "ishigami": "known_answers:ISHIGAMI",
        "sobol_g": "known_answers:SOBOL_G",
        "morris_1991": "known_answers:MORRIS_1991",
    }
)


def model_named(name: str) -> Model:
    """Return a model by name.

    Raises
    ------
    InputError
        If there is none; with the nearest names.
    """
    if name not in MODELS:
        near = did_you_mean(name, MODELS, cutoff=0.5)
        raise InputError(f"model={name}: no such model; {near}")
    return MODELS[name]
