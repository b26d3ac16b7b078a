"""Runs on workers of dask: a real cluster of two processes, one of them killed midway."""

from __future__ import annotations

import io
import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

pytest.importorskip("distributed", reason="needs distributed: pip install 'pathfinder-labour[dask]'")

from distributed import Client, LocalCluster

from experiments.errors import RunsFailedError
from experiments.launchers import LauncherSettings, run_works
from experiments.launchers.cluster_settings import DaskSettings
from experiments.store import Store
from experiments.work import Work, make_work
from simulation.errors import InputError

QUICK = {"poll_seconds": 0.2, "grace_seconds": 1.0}


def settings(*, runs_per_job: int = 2, **dask: object) -> LauncherSettings:
    return LauncherSettings(
        name="dask", runs_per_job=runs_per_job, dask=DaskSettings(**{**QUICK, **dask})
    )


def known_answers(count: int, *, sleep: float = 0.0) -> list[Work]:
    return [
        make_work("ishigami", {"x1": i / 10, "sleep": sleep}, 1, name=f"x1={i / 10}")
        for i in range(count)
    ]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store", create=True)


def run(works: list[Work], store: Store, launcher: LauncherSettings) -> int:
    return run_works(works, store=store, launcher=launcher, experiment="test", out=io.StringIO())


def meanwhile(is_time: Callable[[], bool], do: Callable[[], None]) -> threading.Thread:
    """Start a thread that does something once as soon as it is time."""

    def wait() -> None:
        deadline = time.monotonic() + 60
        while not is_time() and time.monotonic() < deadline:
            time.sleep(0.05)
        do()

    thread = threading.Thread(target=wait)
    thread.start()
    return thread


def workers() -> list[psutil.Process]:
    """Worker processes of dask below this process."""
    return [
        child
        for child in psutil.Process().children(recursive=True)
        if "spawn_main" in " ".join(child.cmdline())
    ]


def test_two_workers_do_every_run_once(store):
    works = known_answers(7)
    assert run(works, store, settings(workers=2)) == 7
    assert store.keys() == {work.key for work in works}
    assert len(store.runs()) == 7
