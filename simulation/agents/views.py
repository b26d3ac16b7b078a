"""Columns that speak Mesa's words: select, agg, get, groupby, len; indexing gives an agent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

from simulation.errors import InputError


class AgentView:
    """One row of columns, with Mesa's `unique_id` and `model`; attributes read the columns.

    A view reads the present: after a step it shows the new week.
    """

    __slots__ = ("_columns", "_row", "model")

    def __init__(self, model: Any, columns: NamedTuple, row: int) -> None:
        self.model, self._columns, self._row = model, columns, row

    @property
    def unique_id(self) -> int:
        """The permanent id."""
        ids = getattr(self._columns, "id", None)
        return self._row if ids is None else int(ids[self._row])

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name not in self._columns._fields:
            raise AttributeError(f"no attribute {name!r}; there are {self._columns._fields}")
        value = getattr(self._columns, name)[self._row]
        return value.item() if value.ndim == 0 else value.sum().item()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.unique_id}>"


class ColumnAgentSet:
    """A set of agents held as columns, with the words of `mesa.AgentSet`.

    Parameters
    ----------
    model : LabourMarket
    columns : named tuple of ndarray, each of shape (n,) or, for counts by level, (n, 5)
        Read at each use, so that a set shows the present; counts by level are read as totals.
    view : type
        What indexing and iterating give.
    rows : ndarray of int, optional
        Which rows belong to the set; all if left out.
    """

    def __init__(
        self, model: Any, columns: NamedTuple, view: type[AgentView], rows: np.ndarray | None = None
    ) -> None:
        self.model, self._columns, self._view = model, columns, view
        first = columns[0]
        self._rows = np.arange(first.size) if rows is None else rows

    def __len__(self) -> int:
        return self._rows.size

    def __iter__(self) -> Iterator[AgentView]:
        return (self[number] for number in range(len(self)))

    def __getitem__(self, number: int | slice) -> Any:
        if isinstance(number, slice):
            return type(self)._of(self, self._rows[number])
        return self._view(self.model, self._columns, int(self._rows[number]))

    def _column(self, name: str) -> np.ndarray:
        if name not in self._columns._fields:
            allowed = ", ".join(self._columns._fields)
            raise InputError(f"agents have no attribute {name!r}; allowed: {allowed}")
        column = getattr(self._columns, name)[self._rows]
        return column if column.ndim == 1 else column.sum(axis=1)

    def get(self, names: str | list[str]) -> np.ndarray | dict[str, np.ndarray]:
        """Return one attribute as an array, shape (n,), or several by name.

        Raises
        ------
        InputError
            If there is no such attribute.
        """
        if isinstance(names, str):
            return self._column(names)
        return {name: self._column(name) for name in names}

    def agg(self, name: str, function: Callable[[np.ndarray], Any]) -> Any:
        """Return a function of one attribute's array, such as `numpy.mean`."""
        return function(self._column(name))

    def select(self, **values: Any) -> ColumnAgentSet:
        """Return the agents whose attributes have these values, or pass these functions.

        `select(state=State.JSA, age_weeks=lambda weeks: weeks < 25 * 52)`.
        """
        keep = np.ones(len(self), dtype=bool)
        for name, wanted in values.items():
            column = self._column(name)
            keep &= wanted(column) if callable(wanted) else column == wanted
        return type(self)._of(self, self._rows[keep])

    def groupby(self, name: str) -> dict[Any, ColumnAgentSet]:
        """Return the agents by the value of one attribute."""
        column = self._column(name)
        return {
            value.item(): type(self)._of(self, self._rows[column == value])
            for value in np.unique(column)
        }

    @classmethod
    def _of(cls, other: ColumnAgentSet, rows: np.ndarray) -> ColumnAgentSet:
        subset = cls.__new__(cls)
        ColumnAgentSet.__init__(subset, other.model, other._columns, other._view, rows)
        return subset
