"""Reference worlds beside the rows of a store: what was seen of hiring without any support.

Runs in which jobs answer to support need that of the same people and luck without it
(docs/closure.md). It is kept once, as a file named by the key of that run and the digest of its
bytes, and read for every arm and point that needs it.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from experiments.files.locks import locked
from experiments.store.files import write_whole
from experiments.store.keys import data_digest

if TYPE_CHECKING:
    import pandas as pd

REFERENCES = "references"
MOST_KEPT = 4096
"""Reference worlds kept; those used longest ago go first."""
WAIT_SECONDS = 3600.0
"""How long to wait for another process that is simulating the same world."""


def read_reference(store: Path, key: str) -> pd.DataFrame | None:
    """Return a reference world that is kept and as it was written, or None."""
    for path in (store / REFERENCES).glob(f"{key}.*.parquet"):
        with suppress(OSError):
            data = path.read_bytes()
            if path.name == _name(key, data):
                import pandas as pd  # late: most commands read no table

                os.utime(path)
                return pd.read_parquet(io.BytesIO(data))
            path.unlink()
    return None


def keep_reference(store: Path, key: str, table: pd.DataFrame) -> None:
    """Keep a reference world; where it cannot be written it is simulated again next time."""
    with suppress(OSError):
        folder = store / REFERENCES
        folder.mkdir(exist_ok=True)
        data = table.to_parquet(index=False, compression="zstd")
        write_whole(folder, _name(key, data), data)
        _forget_oldest(folder)


@contextmanager
def alone_with(store: Path, key: str) -> Iterator[None]:
    """Let no other process simulate the same world meanwhile, where there are locks."""
    folder = store / REFERENCES
    folder.mkdir(exist_ok=True)
    path = folder / f"{key}.lock"
    with locked(path, wait_seconds=WAIT_SECONDS):
        yield
    path.unlink(missing_ok=True)


def _name(key: str, data: bytes) -> str:
    return f"{key}.{data_digest(data)}.parquet"


def _forget_oldest(folder: Path) -> None:
    kept = sorted(folder.glob("*.parquet"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in kept[MOST_KEPT:]:
        path.unlink(missing_ok=True)
