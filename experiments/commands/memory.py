"""How much memory this process has, in KB on every system."""

from __future__ import annotations

import os
import resource
import sys
from pathlib import Path

STATUS = Path("/proc/self/statm")


def peak_kb() -> float:
    """Return the most memory this process has had."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # Linux counts in KB, macOS in bytes.
    return most / 1024 if sys.platform == "darwin" else float(most)


def resident_kb() -> float:
    """Return the memory this process has now; the most it has had where no system says."""
    if not STATUS.exists():
        return peak_kb()
    return int(STATUS.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1024
