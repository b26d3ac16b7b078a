"""Killing it: whatever dies, whatever tears, the store ends as that of an undisturbed sweep.

A real sweep in processes of its own is killed twenty times at random moments, each time the whole
of it, its parent alone or one worker alone; between, files of the store are cut short, changed or
emptied. The moments come from a fixed seed, though what each hits depends on the machine.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sweep_to_kill import N_WORKS, sweep, works

from experiments.store import Store

ROOT = Path(__file__).resolve().parents[2]
VICTIMS = ("all", "parent", "worker", "worker")
KILLS = 20
MOST_SECONDS = 0.5
"""A blow falls within so long after a run was kept since the last."""

pytestmark = pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks for workers in /proc")


def start(folder: Path) -> subprocess.Popen:
    """Start the sweep in a session of its own."""
    return subprocess.Popen(
        [sys.executable, str(ROOT / "tests" / "sweep_to_kill.py"), str(folder)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def files(folder: Path) -> list[Path]:
    """Return the files of runs, without temporary and damaged ones."""
    paths = [*folder.glob("loose/[!.]*.parquet"), *folder.glob("packs/[!.]*.parquet")]
    return sorted(paths)


def workers(process_id: int) -> Iterator[int]:
    """Give the processes that one started."""
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(path.read_text().rpartition(")")[2].split()[1])
        except (OSError, ValueError):
            continue
        if parent == process_id:
            yield int(path.parent.name)


def strike(process: subprocess.Popen, victim: str, chance: random.Random) -> None:
    """Kill the whole, the parent alone, or one of its children alone."""
    children = sorted(workers(process.pid))
    if victim == "all":
        os.killpg(process.pid, signal.SIGKILL)
    elif victim == "parent":
        process.kill()
    elif children:
        os.kill(chance.choice(children), signal.SIGKILL)
    if victim != "worker":
        process.wait()


def tear(folder: Path, chance: random.Random) -> None:
    """Damage one file of the store, if a sweep has not just taken it away."""
    path = chance.choice(files(folder))
    try:
        data = path.read_bytes() or b"torn before"
        how, place = chance.choice(("cut", "changed", "emptied")), chance.randrange(len(data))
        if how == "changed":
            path.write_bytes(data[:place] + bytes([data[place] ^ 0x40]) + data[place + 1 :])
        else:
            path.write_bytes(data[: place if how == "cut" else 0])
    except FileNotFoundError:
        return


def wait_for_a_run(folder: Path, process: subprocess.Popen, known: set[Path]) -> None:
    """Wait until the sweep has kept another run, or has ended."""
    limit = time.monotonic() + 120
    while process.poll() is None and not set(files(folder)) - known:
        assert time.monotonic() < limit, "no run was kept within two minutes"
        time.sleep(0.02)


def kill_and_tear(folder: Path, chance: random.Random) -> list[str]:
    """Strike twenty times while there is something to do; return what was struck."""
    struck: list[str] = []
    process = start(folder)
    while len(struck) < KILLS:
        wait_for_a_run(folder, process, set(files(folder)))
        if process.poll() is None:
            time.sleep(chance.uniform(0.0, MOST_SECONDS))
            victim = VICTIMS[len(struck) % len(VICTIMS)]  # each in turn, at random moments
            try:
                strike(process, victim, chance)
                struck.append(victim)
            except ProcessLookupError:
                continue  # it has just ended by itself
        if files(folder):
            tear(folder, chance)
        if process.poll() is not None:
            process = start(folder)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    return struck


def test_killed_twenty_times_and_torn_the_store_ends_as_if_undisturbed(tmp_path):
    undisturbed, folder = tmp_path / "undisturbed", tmp_path / "killed"
    assert start(undisturbed).wait(timeout=300) == 0
    struck = kill_and_tear(folder, random.Random(2026))
    assert set(struck) == set(VICTIMS)
    before = len(Store(folder).keys())
    assert sweep(folder) == N_WORKS - before

    store = Store(folder)
    keys = store.runs()["key"]
    assert keys.is_unique
    assert set(keys) == {work.key for work in works()}
    assert store.digest() == Store(undisturbed).digest()
    assert store.failures() == []
    assert list((folder / "damaged").iterdir())
    assert sweep(folder) == 0


def test_a_torn_pack_is_found_reported_and_its_runs_are_done_again(tmp_path):
    folder = tmp_path / "store"
    sweep(folder)
    digest = Store(folder).digest()
    (pack,) = files(folder)
    data = pack.read_bytes()
    pack.write_bytes(data[: len(data) // 2])
    store = Store(folder)
    assert store.keys() == set()
    assert "is not as it was written" in store.damaged()[0]
    assert sweep(folder) == N_WORKS
    assert Store(folder).digest() == digest
