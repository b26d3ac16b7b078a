"""How much memory this process has, in KB on every system."""

from __future__ import annotations

import os
import re
import resource
import sys
from pathlib import Path

PROCESS = Path("/proc/self")


def peak_kb() -> float:
    """Return the most memory this process has had, since `forget_peak` where the system can."""
    if (PROCESS / "status").exists():
        most = re.search(r"VmHWM:\s*(\d+) kB", (PROCESS / "status").read_text())
        if most:
            return float(most[1])
    most_used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # Linux counts in KB, macOS in bytes.
    return most_used / 1024 if sys.platform == "darwin" else float(most_used)


def forget_peak() -> None:
    """Measure the peak from now on; without effect where the system cannot."""
    try:
        (PROCESS / "clear_refs").write_text("5")
    except OSError:
        return


def resident_kb() -> float:
    """Return the memory this process has now; the most it has had where no system says."""
    if not (PROCESS / "statm").exists():
        return peak_kb()
    pages = int((PROCESS / "statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1024
