"""Rows of a frame added up into a table with an axis for each of several columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Key = tuple[pd.Series, Sequence[Any] | NDArray[Any]]
"""A column, and the values wanted of it in order."""


def added_up(values: pd.Series, *keys: Key) -> NDArray[np.float64]:
    """Add values up by several columns.

    Parameters
    ----------
    values : Series of numbers
    keys : (Series, sequence)
        Rows of a value that is not listed are left out; cells without a row are nought.

    Returns
    -------
    ndarray of float64
        An axis for each key, as long as its list.
    """
    places = [_positions(column, listed) for column, listed in keys]
    shape = tuple(len(listed) for _, listed in keys)
    known = np.logical_and.reduce([place >= 0 for place in places])
    cell = np.ravel_multi_index([place[known] for place in places], shape)
    sums = np.zeros(int(np.prod(shape)))
    np.add.at(sums, cell, values.to_numpy(np.float64)[known])
    return sums.reshape(shape)


def _positions(column: pd.Series, listed: Sequence[Any] | NDArray[Any]) -> NDArray[np.intp]:
    """Return where each value stands in the list, -1 for those that do not."""
    index = pd.Index(listed)
    if isinstance(column.dtype, pd.CategoricalDtype):
        return np.append(index.get_indexer(column.cat.categories), -1)[column.cat.codes]
    return index.get_indexer(pd.Index(column))


def whole(values: NDArray[np.float64]) -> Any:
    """Round to whole numbers, as lists."""
    return np.rint(values).astype(np.int64).tolist()
