"""Arrays put away while a run goes on: compressed, and given back in one piece."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

CODEC = "zstd"


def packed_bytes(plain: np.ndarray) -> bytes:
    """Return a contiguous array compressed, in bytes of their own.

    A buffer of Arrow would go on holding the room for what cannot be compressed.
    """
    return pa.compress(pa.py_buffer(plain), CODEC, asbytes=True)


def _byte_by_byte(plain: np.ndarray) -> np.ndarray:
    """Return the first bytes of all numbers, then their second bytes: high ones are mostly nought.

    So room for large numbers costs nothing where they are small (the shuffle of HDF5 and Blosc).
    """
    return np.ascontiguousarray(plain.reshape(-1).view(np.uint8).reshape(plain.size, -1).T)


class Packed:
    """Arrays of one dtype, put away one after another; counts shrink to about a fifth.

    Parameters
    ----------
    dtype : dtype
    row_shape : tuple of int
        Shape of an array but for its first dimension.
    """

    STATE = ("_parts",)

    def __init__(self, dtype: npt.DTypeLike, row_shape: tuple[int, ...] = ()) -> None:
        self._dtype, self._row_shape = np.dtype(dtype), row_shape
        self._parts: list[tuple[int, bytes]] = []

    def add(self, array: np.ndarray) -> None:
        """Put away an array of shape (n, *row_shape)."""
        plain = np.ascontiguousarray(array, self._dtype)
        if plain.size:
            self._parts.append((plain.nbytes, packed_bytes(_byte_by_byte(plain))))

    def unpacked(self) -> np.ndarray:
        """Return everything put away, the first first; empty where there is nothing."""
        whole = np.empty(sum(n_bytes for n_bytes, _ in self._parts), np.uint8)
        first = 0
        for n_bytes, part in self._parts:
            plain = np.frombuffer(pa.decompress(part, n_bytes, CODEC), np.uint8)
            of_number = whole[first : first + n_bytes].reshape(-1, self._dtype.itemsize)
            of_number[:] = plain.reshape(self._dtype.itemsize, -1).T
            first += n_bytes
        return whole.view(self._dtype).reshape(-1, *self._row_shape)
