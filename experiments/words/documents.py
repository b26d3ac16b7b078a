"""Where the documents are that messages name as docs/NAME.md."""

from __future__ import annotations

import sysconfig
from pathlib import Path

from simulation.inputs.shipped import CONF

INSTALLED = Path("share", "doc", "pathfinder-labour")
"""Where a wheel puts them, as pyproject.toml says, below the environment's folder of data."""


def documents_folder() -> Path:
    """Return the folder of documents: of the checkout, or where the wheel put them."""
    ours = CONF.parent / "docs"
    return ours if (ours / "ODD.md").is_file() else Path(sysconfig.get_path("data")) / INSTALLED
