"""Memory is told in KB, whatever the system counts in."""

from __future__ import annotations

import mmap
import sys
from types import SimpleNamespace

import pytest

from experiments.commands import memory


@pytest.mark.parametrize(("system", "counted"), [("linux", 2048), ("darwin", 2048 * 1024)])
def test_two_megabytes_are_2048_kb_on_every_system(monkeypatch, system, counted):
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr(
        memory.resource, "getrusage", lambda who: SimpleNamespace(ru_maxrss=counted)
    )
    monkeypatch.setattr(memory, "PROCESS", memory.Path("/nowhere"))
    assert memory.peak_kb() == 2048
    assert memory.resident_kb() == 2048


def taken(n_bytes: int) -> mmap.mmap:
    """Memory of its own from the system: an allocator may hand out what it had kept back."""
    memory_of_its_own = mmap.mmap(-1, n_bytes)
    for page in range(0, n_bytes, mmap.PAGESIZE):
        memory_of_its_own[page] = 1
    return memory_of_its_own


def test_what_is_taken_is_seen():
    before = memory.resident_kb()
    with taken(2**26):  # 64 MB
        assert memory.resident_kb() - before == pytest.approx(2**16, rel=0.2)
        assert memory.peak_kb() >= 2**16


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="no other system forgets a peak")
def test_a_peak_that_is_forgotten_counts_no_longer():
    taken(2**28).close()
    memory.forget_peak()
    before = memory.resident_kb()
    with taken(2**25):  # 32 MB
        assert memory.peak_kb() - before == pytest.approx(2**15, rel=0.2)
