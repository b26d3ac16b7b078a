"""Memory is told in KB, whatever the system counts in."""

from __future__ import annotations

import sys
from types import SimpleNamespace

import numpy as np
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


def test_what_is_taken_is_seen(monkeypatch):
    before = memory.resident_kb()
    taken = np.ones(2**23)  # 64 MB
    assert memory.resident_kb() - before == pytest.approx(taken.nbytes / 1024, rel=0.2)
    assert memory.peak_kb() >= taken.nbytes / 1024


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="no other system forgets a peak")
def test_a_peak_that_is_forgotten_counts_no_longer():
    np.ones(2**25)  # 256 MB, let go at once
    memory.forget_peak()
    before = memory.resident_kb()
    taken = np.ones(2**22)  # 32 MB
    assert memory.peak_kb() - before == pytest.approx(taken.nbytes / 1024, rel=0.2)
