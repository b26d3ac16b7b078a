"""What an outcome is: one figure of a run, read first and compared between arms."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MODEL = "definition of this model"
HIGHER, FEWER, WIDER = ("higher", "lower"), ("more", "fewer"), ("wider", "narrower")
"""What a positive and a negative difference are called."""

RunTables = Mapping[str, Mapping[str, NDArray[np.float64]]]
"""One run: for each group the months of each monthly outcome, float64 (n_months,), in people."""


@dataclass(frozen=True)
class Outcome:
    """One figure of a run: what it is called, what it means and how it is computed.

    Attributes
    ----------
    name, label, unit, definition : str
        Key in the frames; words for a reader; unit; one sentence.
    needs, groups : tuple of str
        Outcomes and groups of the monthly frame it is computed from.
    function : callable or None
        From the tables of one run to the figure; None where it follows from other frames than the
        monthly one, see `simulation.results.support_values`.
    words : tuple of str
        What a positive and a negative difference are called.
    divides_by : tuple of str
        Monthly outcomes there must be something of over the months of every run.
    source : str
        Where the definition comes from.
    """

    name: str
    label: str
    unit: str
    definition: str
    needs: tuple[str, ...] = ()
    function: Callable[[RunTables], float] | None = None
    groups: tuple[str, ...] = ("all",)
    words: tuple[str, str] = HIGHER
    divides_by: tuple[str, ...] = ()
    source: str = MODEL
