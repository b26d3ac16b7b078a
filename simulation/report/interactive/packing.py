"""Numbers as short as a page needs them: whole steps, as base64 of bytes."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np
from numpy.typing import NDArray

MOST_STEPS = {"int8": 127, "int16": 32_767}
"""Of a change, either way."""


def pack(values: NDArray[np.integer], kind: str) -> str:
    """Write whole numbers as base64 of little-endian bytes.

    Parameters
    ----------
    values : ndarray of int, any shape
        Row by row.
    kind : str
        "int8", "int16" or "int32".

    Raises
    ------
    OverflowError
        If a number does not fit.
    """
    limits = np.iinfo(kind)
    if values.size and (values.min() < limits.min or values.max() > limits.max):
        raise OverflowError(f"numbers from {values.min()} to {values.max()} do not fit {kind}")
    kept = np.ascontiguousarray(values, dtype=np.dtype(kind).newbyteorder("<"))
    return base64.b64encode(kept.tobytes()).decode("ascii")


def pack_changes(changes: NDArray[np.float64], kind: str, *, least: float) -> dict[str, Any]:
    """Round changes to whole steps that fit, and write them.

    Parameters
    ----------
    changes : ndarray of float64
    kind : str
        "int8" or "int16".
    least : float
        The smallest step worth having, such as the people one agent stands for.

    Returns
    -------
    dict
        step (float), change (text, from `pack`): off by half a step at most.
    """
    step = max(least, float(np.abs(changes).max(initial=0.0)) / MOST_STEPS[kind])
    return {"step": step, "change": pack(np.rint(changes / step).astype(np.int64), kind)}


def batch_sizes(n_seeds: int, n_batches: int) -> list[int]:
    """Share seeds out over batches, as evenly as can be, larger ones first."""
    whole, rest = divmod(n_seeds, n_batches)
    return [whole + (number < rest) for number in range(n_batches)]


def batch_means(values: NDArray[np.float64], sizes: list[int]) -> NDArray[np.float64]:
    """Average the seeds of each batch; axis 0 is seeds, then batches.

    With batch means x_k of n_k seeds and their mean x weighted by n_k, the sum of n_k (x_k - x)^2
    over one less than the number of batches estimates the variance between seeds without bias,
    whatever the sizes.
    """
    edges = np.cumsum([0, *sizes])
    return np.stack(
        [values[low:high].mean(axis=0) for low, high in zip(edges[:-1], edges[1:], strict=True)]
    )
