"""States of runs kept beside a store for a while: shared pasts, and runs that were interrupted."""

from __future__ import annotations

from pathlib import Path

from experiments.store.kept_beside import KeptBeside

MOST_STATES = 256
MOST_BYTES = 8e9
"""What all states beside a store may take, at most; and a quarter of what is free on the disk."""


def histories_of(store: Path) -> KeptBeside:
    """Return the folder beside a store where states of runs are kept."""
    folder = store.with_name(f"{store.name}_histories")
    return KeptBeside(folder, ".state", MOST_STATES, MOST_BYTES)
