"""One function on many items: in order, the same on any number of processes."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from experiments.running.launchers import LauncherSettings
from experiments.running.side_by_side import processes_here, side_by_side
from simulation.errors import InputError


@pytest.fixture
def at_once(monkeypatch):
    """Start processes however short the work is."""
    monkeypatch.setattr("experiments.running.side_by_side.START_SECONDS", -1.0)


def square(number: int, place: str) -> tuple[int, str, int]:
    return number * number, place, os.getpid()


def refuse(number: int) -> int:
    if number > 1:
        raise InputError(f"{number} is too many")
    return number


def killed_once(number: int, folder: Path) -> int:
    """End the process at 2, the first time."""
    mark = folder / "killed"
    if number == 2 and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def test_results_are_in_order_and_the_first_is_found_here(at_once):
    found = side_by_side(square, range(6), ("here",), processes=2)
    assert [each[:2] for each in found] == [(n * n, "here") for n in range(6)]
    processes = [each[2] for each in found]
    assert processes[0] == os.getpid()
    assert os.getpid() not in processes[1:]


def test_short_work_starts_no_processes():
    assert {each[2] for each in side_by_side(square, range(50), ("",), processes=8)} == {
        os.getpid()
    }


def test_one_process_is_this_one(at_once):
    assert {each[2] for each in side_by_side(square, range(5), ("",), processes=1)} == {os.getpid()}


def test_nothing_gives_nothing():
    assert side_by_side(square, [], ("",)) == []


def test_what_a_worker_raises_is_raised_here(at_once):
    with pytest.raises(InputError, match="2 is too many"):
        side_by_side(refuse, range(5), processes=2)


def test_what_a_killed_process_lost_is_done_here(at_once, tmp_path):
    assert side_by_side(killed_once, range(6), (tmp_path,), processes=2) == list(range(6))
    assert (tmp_path / "killed").exists()


def test_environment_and_signals_are_as_before(at_once):
    before = dict(os.environ), signal.getsignal(signal.SIGINT)
    side_by_side(square, range(3), ("",), processes=2)
    assert (dict(os.environ), signal.getsignal(signal.SIGINT)) == before


def test_the_launcher_says_how_many_processes_there_are_here():
    assert processes_here(LauncherSettings(name="in_process")) == 1
    assert processes_here(LauncherSettings(name="processes", processes=3)) == 3
    assert processes_here(LauncherSettings(name="slurm")) >= 1


def test_work_that_takes_long_is_shared_out(monkeypatch):
    # The first item tells how long the others would take: 3 more of 0.2 s, on 3 processes.
    monkeypatch.setattr("experiments.running.side_by_side.START_SECONDS", 0.39)
    found = side_by_side(slow, range(4), processes=3)
    assert os.getpid() not in found[1:]


def slow(number: int) -> int:
    time.sleep(0.2)
    return os.getpid()
