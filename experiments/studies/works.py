"""The runs a study consists of: a work for every point and seed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from experiments.running.work import Work, work_of
from experiments.store.keys import key_of
from experiments.studies.factors import values_text
from experiments.studies.preparation import Study

MOST_NAMED = 3
"""A run of more factors is called by the number of its point."""


class Works:
    """The works of a study, made as they are asked for: one of each point, then its other seeds."""

    def __init__(self, study: Study) -> None:
        self.study = study
        self._first: list[tuple[Work, dict[str, Any], dict[str, str]]] = []

    def of_seeds(self, seeds: Sequence[int]) -> list[Work]:
        """Return the works of every point with some seeds, seed by seed.

        Raises
        ------
        InputError
            If a point has values the model does not take.
        """
        if not self._first:
            self._first = [self._point(row) for row in self._rows()]
        return [self._with_seed(place, seed) for seed in seeds for place in range(len(self._first))]

    def _rows(self) -> list[dict[str, Any]]:
        points = self.study.design.points
        columns = {name: points[name].tolist() for name in points.columns}
        return [
            {name: column[place] for name, column in columns.items()}
            for place in range(len(points))
        ]

    def _point(self, point: Mapping[str, Any]) -> tuple[Work, dict[str, Any], dict[str, str]]:
        model = self.study.model
        values = model.complete({**self.study.base, **changes_at(self.study, point)})
        inputs = model.inputs(values)
        return work_of(model, values, inputs, 1, name=values_text(point)), values, inputs

    def _with_seed(self, place: int, seed: int) -> Work:
        work, values, inputs = self._first[place]
        model = self.study.model
        name = work.name if len(self.study.factors) <= MOST_NAMED else f"point {place}"
        key = key_of(model.name, values, seed, model.version(), inputs)
        return replace(work, seed=seed, key=key, name=f"{name}, seed {seed}")


def changes_at(study: Study, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a point changes in the base; a parameter stands over a choice that sets it."""
    by_kind = sorted(study.factors, key=lambda factor: factor.kind != "choice")
    changes: dict[str, Any] = {}
    for factor in by_kind:
        changes |= factor.changes(values[factor.name], study.variations)
    return changes
