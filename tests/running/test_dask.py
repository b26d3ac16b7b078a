"""Runs on workers of dask: a real cluster of two processes, one of them killed midway."""

from __future__ import annotations

import io
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

pytest.importorskip(
    "distributed", reason="needs distributed: pip install 'pathfinder-labour[dask]'"
)

from distributed import Client, LocalCluster
from distributed.security import Security

from experiments.errors import RunsFailedError
from experiments.interrupts import Interrupted
from experiments.running.execution import run_works
from experiments.running.launchers import LauncherSettings, make_launcher
from experiments.running.launchers.dask import _client
from experiments.running.launchers.dispatch import Dispatch
from experiments.running.launchers.settings import DaskSettings
from experiments.running.work import Failure, Work, make_work
from experiments.store import Store
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


def run(works: list[Work], store: Store | None, launcher: LauncherSettings) -> int:
    return run_works(works, store=store, launcher=launcher, experiment="test", out=io.StringIO())


def meanwhile(is_time: Callable[[], object], do: Callable[[], None]) -> threading.Thread:
    """Start a thread that does something once as soon as it is time."""

    def wait() -> None:
        deadline = time.monotonic() + 300
        while not is_time() and time.monotonic() < deadline:
            time.sleep(0.05)
        do()

    thread = threading.Thread(target=wait)
    thread.start()
    return thread


def cluster_of_two() -> LocalCluster:
    """Start a scheduler with two workers, as somebody else would have them."""
    return LocalCluster(
        n_workers=2,
        threads_per_worker=2,
        host="127.0.0.1",
        dashboard_address=None,
        silence_logs=logging.CRITICAL,
    )


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


def test_a_few_runs_are_shared_out_among_all_workers(store, monkeypatch):
    sizes: list[int] = []
    carry_out = Dispatch.carry_out

    def noted(self: Dispatch, *, runs_per_job: int) -> list[Failure]:
        sizes.append(runs_per_job)
        return carry_out(self, runs_per_job=runs_per_job)

    monkeypatch.setattr(Dispatch, "carry_out", noted)
    launcher = settings(runs_per_job=100, workers=2)
    assert make_launcher(launcher).at_once(5) == 2
    assert run(known_answers(5), store, launcher) == 5
    assert sizes == [3]


def test_a_worker_killed_midway_costs_no_run_and_doubles_none(store):
    works = known_answers(8, sleep=0.5)
    thread = meanwhile(store.keys, lambda: workers()[0].send_signal(signal.SIGKILL))
    assert run(works, store, settings(workers=2)) == 8
    thread.join()
    assert store.keys() == {work.key for work in works}
    assert len(store.runs()) == 8
    assert not store.failures()


def test_an_address_of_a_scheduler_has_its_workers_do_the_runs(store, tmp_path, monkeypatch):
    works = known_answers(8, sleep=0.5)
    with cluster_of_two() as cluster, Client(cluster, set_as_default=False) as client:
        pids = client.run(os.getpid).values()
        # Workers elsewhere were started in another folder than the command is given in.
        monkeypatch.chdir(tmp_path)
        seen: set[int] = set()

        def kill_one() -> None:
            seen.update(child.pid for child in workers())
            os.kill(min(pids), signal.SIGKILL)

        thread = meanwhile(store.keys, kill_one)
        launcher = settings(scheduler=cluster.scheduler_address)
        assert run(works, Store(Path("store")), launcher) == 8
        thread.join()
        assert seen == set(pids)
        # The workers belong to somebody else and are there still, the killed one anew.
        client.wait_for_workers(2, timeout=60)
        assert client.submit(sum, [1, 2]).result() == 3
    assert store.keys() == {work.key for work in works}
    assert len(store.runs()) == 8


@pytest.mark.slow
def test_workers_import_code_of_ones_own(store, tmp_path):
    (tmp_path / "beside.py").write_text("SIGN = -1.0\n")
    (tmp_path / "mine.py").write_text(
        "from beside import SIGN\nfrom simulation import register\n\n\n"
        "@register.hiring_rule('backwards')\ndef backwards(applications, hiring):\n"
        "    return SIGN * applications.suitability\n"
    )
    own = {"own": [str(tmp_path / "mine.py")], "hiring.rule": "backwards"}
    changes = {"area.name": "two_towns", "weeks": 5, "people_per_agent": 20, **own}
    works = [make_work("labour_market", changes, seed, name=f"seed {seed}") for seed in (1, 2)]
    assert run(works, store, settings(workers=1)) == 2
    assert {store.row(work.key).changes["hiring.rule"] for work in works} == {"backwards"}


def test_an_address_where_nobody_answers_is_bad_input(store, monkeypatch):
    monkeypatch.setattr("experiments.running.launchers.dask.CONNECT_SECONDS", 1)
    with pytest.raises(InputError, match="no scheduler answers there; start one with"):
        run(known_answers(1), store, settings(scheduler="tcp://127.0.0.1:9"))
    with pytest.raises(InputError, match="no scheduler answers there"):
        run(known_answers(1), store, settings(scheduler="my cluster"))


def test_a_run_that_fails_by_its_input_gives_its_line(store):
    works = known_answers(3)
    works[1] = replace(works[1], changes={"x1": 99.0}, key="0" * 32)
    with pytest.raises(InputError, match=r"^x1=0.1: ishigami: x1 must be .* got 99"):
        run(works, store, settings(workers=1))
    assert store.keys() == {works[0].key, works[2].key}


def test_a_run_that_fails_without_a_store_gives_the_error_of_its_task(tmp_path):
    (work,) = known_answers(1)
    work = replace(work, changes={"x1": 99.0}, folder=tmp_path / "run")
    with pytest.raises(RunsFailedError) as error:
        run([work], None, settings(workers=1, resubmit=0))
    assert "its job ended before it was done" in error.value.lines[0]
    assert "x1 must be" in error.value.lines[1]


IN_A_TERMINAL = """
import sys
import test_dask

if __name__ == "__main__":
    test_dask.until_interrupted(sys.argv[1])
"""


def until_interrupted(folder: str) -> None:
    """Start two short runs and one that lasts; say what Ctrl-C is answered with."""
    works = [*known_answers(2), make_work("ishigami", {"sleep": 300.0}, 1, name="for ever")]
    try:
        run(works, Store(Path(folder)), settings(workers=2, runs_per_job=1))
    except Interrupted as error:
        print(error)


def test_ctrl_c_stops_command_and_workers_quietly_and_the_same_again_goes_on(store, tmp_path):
    script = tmp_path / "in_a_terminal.py"
    script.write_text(IN_A_TERMINAL, encoding="utf-8")
    path = os.pathsep.join([str(Path(__file__).parent), *sys.path])
    command = subprocess.Popen(
        [sys.executable, script, store.folder],
        env={**os.environ, "PYTHONPATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    # A terminal sends Ctrl-C to the command and to everything it started.
    thread = meanwhile(
        lambda: len(store.keys()) == 2, lambda: os.killpg(command.pid, signal.SIGINT)
    )
    said, _ = command.communicate(timeout=120)
    thread.join()
    place = f"2 of 3 runs are finished and kept in {store.folder}"
    assert said.splitlines() == [f"{place}; the same command goes on from there"]
    assert run(known_answers(3), store, settings(workers=1)) == 1


def test_nobody_without_the_certificate_of_the_launch_is_listened_to():
    with _client(DaskSettings(), n_workers=1) as client:
        address = client.scheduler.address
        assert address.startswith("tls://127.0.0.1:")
        assert client.submit(sum, [1, 2]).result() == 3
        strangers = {"tls": Security.temporary(), "tcp": Security()}
        for protocol, security in strangers.items():
            other = address.replace("tls", protocol)
            with pytest.raises(OSError):
                Client(other, security=security, timeout=2, set_as_default=False)
