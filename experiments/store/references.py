"""Reference worlds beside the rows of a store: what was seen of hiring without any support.

Runs in which jobs answer to support need that of the same people and luck without it
(docs/closure.md). It is kept once, under the key of that run, and read for every arm and point
that needs it.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

from experiments.store.kept_beside import KeptBeside

if TYPE_CHECKING:
    import pandas as pd

REFERENCES = "references"
MOST_KEPT = 4096
"""Reference worlds kept."""


def references_of(store: Path) -> KeptBeside:
    """Return the folder of the reference worlds of a store."""
    return KeptBeside(store / REFERENCES, ".parquet", MOST_KEPT)


def read_reference(store: Path, key: str) -> pd.DataFrame | None:
    """Return a reference world that is kept and as it was written, or None."""
    data = references_of(store).read(key)
    if data is None:
        return None
    import pandas as pd  # late: most commands read no table

    return pd.read_parquet(io.BytesIO(data))


def keep_reference(store: Path, key: str, table: pd.DataFrame) -> None:
    """Keep a reference world; where it cannot be written it is simulated again next time."""
    references_of(store).keep(key, table.to_parquet(index=False, compression="zstd"))
