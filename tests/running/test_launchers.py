"""Launchers: the same rows whoever carries out the runs, and nothing lost with a killed worker."""

from __future__ import annotations

import gc
import io
import multiprocessing
import os
import signal
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from experiments.errors import RunsFailedError
from experiments.interrupts import Interrupted
from experiments.running.execution import run_works
from experiments.running.launchers import LAUNCHERS, LauncherSettings, Watch, make_launcher
from experiments.running.launchers.in_process import InProcess
from experiments.running.launchers.processes import Processes
from experiments.running.work import Failure, Work, make_work
from experiments.store import Store
from simulation.errors import InputError

ROOT = Path(__file__).resolve().parents[2]
IN_PROCESS = LauncherSettings(name="in_process")
TWO = LauncherSettings(name="processes", processes=2)


def works_of(n: int, *, model: str = "ishigami", **values: float) -> list[Work]:
    """Return works that differ in x1."""
    return [
        make_work(model, {"x1": number / n, **values}, 1, name=f"point {number}")
        for number in range(n)
    ]


def run(works: Sequence[Work], store: Store | None, launcher: LauncherSettings, **more) -> int:
    """Carry out works without a word."""
    more = {"out": io.StringIO(), "experiment": "test", **more}
    return run_works(works, store=store, launcher=launcher, **more)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Return an empty store."""
    return Store(tmp_path / "store", create=True)


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the digest of the store of forty points."""
    store = Store(tmp_path_factory.mktemp("expected") / "store", create=True)
    run(works_of(40, noise=1.0), store, IN_PROCESS)
    return store.digest()


def test_two_processes_keep_what_one_keeps(store, expected):
    assert run(works_of(40, noise=1.0), store, TWO) == 40
    assert store.digest() == expected


def test_what_is_in_the_store_is_not_run_again(store, expected):
    works = works_of(40, noise=1.0)
    assert run(works[:25], store, IN_PROCESS) == 25
    before = store.runs()[["key", "finished"]].set_index("key")["finished"]
    assert run(works, store, IN_PROCESS) == 15
    after = store.runs().set_index("key")["finished"]
    assert after[before.index].equals(before)
    assert store.digest() == expected
    assert run(works, store, IN_PROCESS) == 0


def test_a_work_that_is_there_twice_is_done_once(store):
    works = works_of(3)
    assert run([*works, *works[:2]], store, IN_PROCESS) == 3


def test_runs_are_packed_at_the_end(store):
    run(works_of(20), store, IN_PROCESS)
    assert not list((store.folder / "loose").iterdir())
    assert len(store.keys()) == 20


def test_how_many_runs_there_are_is_said_before_they_begin(store):
    said = io.StringIO()
    works = works_of(4)
    run(works[:1], store, IN_PROCESS)
    run(works, store, IN_PROCESS, out=said)
    assert said.getvalue().startswith("4 runs, 1 kept from before; ")
    assert "3/3 runs" in said.getvalue()


def test_a_torn_file_is_reported_and_its_run_done_again(store, expected):
    works = works_of(40, noise=1.0)
    run(works, store, IN_PROCESS)
    (pack,) = (store.folder / "packs").iterdir()
    pack.write_bytes(pack.read_bytes()[:-1])
    again = Store(store.folder)
    assert run(works, again, IN_PROCESS) == 40
    assert pack.name in again.damaged()[0]
    assert Store(store.folder).digest() == expected


def test_a_run_that_fails_leaves_the_others_and_is_named(store):
    bad = Work("ishigami", {"x1": 0.5, "nonsense": 1.0}, 1, "0" * 32, "bad point")
    with pytest.raises(InputError) as error:
        run([*works_of(3), bad], store, IN_PROCESS)
    assert error.value.problems[0].startswith("bad point: nonsense is not a value of ishigami")
    assert len(store.keys()) == 3
    assert [failed.name for failed in store.failures()] == ["bad point"]


def test_in_processes_too_a_run_that_fails_leaves_the_others_and_is_named(store):
    bad = Work("ishigami", {"x1": 0.5, "nonsense": 1.0}, 1, "0" * 32, "bad point")
    with pytest.raises(InputError) as error:
        run([*works_of(2), bad, *works_of(30)], store, TWO)
    assert error.value.problems[0].startswith("bad point: nonsense is not a value of ishigami")
    assert len(store.keys()) == 30  # two of the points are the same


def _fails_to_keep(self: Store, row: object) -> None:
    from experiments.store import StoreError

    raise StoreError("store: run cannot be kept: No space left on device")


def test_a_full_disk_ends_all_with_one_line(store, monkeypatch):
    run(works_of(2), store, IN_PROCESS)
    monkeypatch.setattr(Store, "add", _fails_to_keep)
    with pytest.raises(RunsFailedError) as error:
        run(works_of(5), store, IN_PROCESS)
    assert len(error.value.lines) == 1
    assert "No space left on device" in error.value.lines[0]
    assert len(store.keys()) == 2


def test_interrupted_in_this_process_it_says_what_is_kept(store):
    works = works_of(5)
    asked: list[int] = []

    class Stops(InProcess):
        def launch(self, works, *, store, experiment, watch) -> list[Failure]:
            asked.append(len(works))
            raise KeyboardInterrupt

    LAUNCHERS["stops"] = lambda settings: Stops()
    try:
        run(works[:2], store, IN_PROCESS)
        with pytest.raises(Interrupted, match=r"^2 of 5 runs are finished and kept in .*store;"):
            run(works, store, LauncherSettings(name="stops"))
    finally:
        del LAUNCHERS["stops"]
    assert asked == [3]


def test_an_unknown_launcher_is_refused_with_the_names_there_are():
    with pytest.raises(InputError, match="there are in_process, processes, slurm, dask"):
        make_launcher(LauncherSettings(name="cloud"))


def _launch(works: Sequence[Work], store: Store, on_progress: Callable) -> tuple[list, list]:
    """Launch in two processes; return failures and names of finished works."""
    finished: list[str] = []
    failures = Processes(2).launch(
        works,
        store=store.folder,
        experiment="test",
        watch=Watch(on_progress, lambda work: finished.append(work.name)),
    )
    return failures, finished


def _kill_workers() -> list[int]:
    killed = [process.pid for process in multiprocessing.active_children() if process.pid]
    for process_id in killed:
        os.kill(process_id, signal.SIGKILL)
    return killed


def test_a_worker_that_is_killed_costs_its_run_two_tries_and_the_others_nothing(store):
    works = works_of(12)
    poison = make_work("ishigami", {"sleep": 600.0}, 1, name="poison")
    killed: list[int] = []
    tries: list[str] = []

    def kill_poison(weeks: Sequence[int]) -> None:
        alive = {process.pid for process in multiprocessing.active_children()} - set(killed)
        if weeks[0] >= 0 and alive and len(tries) < 2:
            tries.append("poison")
            killed.extend(_kill_workers())

    failures, finished = _launch([poison, *works], store, kill_poison)
    assert [failure.name for failure in failures] == ["poison"]
    assert "killed, twice" in failures[0].lines[0]
    assert sorted(finished) == sorted(work.name for work in works)
    assert store.keys() == {work.key for work in works}
    assert [failed.name for failed in store.failures()] == ["poison"]


def test_a_worker_that_is_killed_once_costs_nothing(store):
    works = works_of(6, sleep=0.5)
    tries: list[str] = []

    def kill_once(weeks: Sequence[int]) -> None:
        if max(weeks) >= 0 and not tries and _kill_workers():
            tries.append("any")

    failures, finished = _launch(works, store, kill_once)
    assert tries == ["any"]
    assert failures == []
    assert sorted(finished) == sorted(work.name for work in works)


def test_workers_that_can_never_begin_end_all_with_one_line(store, monkeypatch):
    # What every worker imports first is not to be found: it dies before its first run.
    from experiments.running.launchers import processes

    monkeypatch.setattr(processes, "start_worker", _die)
    began = time.monotonic()
    failures, finished = _launch(works_of(50), store, lambda weeks: None)
    assert finished == []
    assert [failure.lines for failure in failures] == [(processes.NEVER_BEGAN,)]
    assert time.monotonic() - began < 120


def _die(*arguments: object) -> None:
    os._exit(9)


@pytest.mark.parametrize("launcher", [IN_PROCESS, TWO], ids=["in_process", "processes"])
def test_memory_does_not_grow_with_the_number_of_runs(store, launcher):
    works = works_of(300)
    taken = []
    tracemalloc.start()
    try:
        for n_works in (75, 150, 225, 300):
            assert run(works[:n_works], store, launcher) == 75
            assert len(store.keys()) == n_works  # and forgets the files that have been packed
            gc.collect()
            taken.append(tracemalloc.get_traced_memory()[0])
    finally:
        tracemalloc.stop()
    # Keys are kept, some dozen bytes each and those of packed runs too; results would be kilobytes.
    # The middle of three rounds: now and then the interpreter's table of interned names grows, by
    # megabytes at once.
    assert np.median(np.diff(taken)) / 75 < 500


def test_a_model_that_has_run_is_let_go(tmp_path):
    changes = {"area.name": "two_towns", "weeks": 2, "regime.name": "fragmented"}
    works = [make_work("labour_market", changes, seed, name="small") for seed in (1, 2)]
    run(works, Store(tmp_path / "store", create=True), IN_PROCESS)
    gc.collect()
    # Other tests may hold models of their own, of other lengths.
    left = [each for each in gc.get_objects() if type(each).__name__ == "LabourMarket"]
    assert [model for model in left if model.config.weeks == 2] == []


CHILD = """
import sys
from pathlib import Path
from experiments.running.execution import run_works
from experiments.running.launchers import LauncherSettings
from experiments.store import Store
from experiments.running.work import make_work

if __name__ == "__main__":
    works = [make_work("ishigami", {"x1": n / 9, "sleep": 30.0}, 1, name=str(n)) for n in range(4)]
    settings = LauncherSettings(name="processes", processes=2)
    store = Store(Path(sys.argv[1]), create=True)
    run_works(works, store=store, launcher=settings, experiment="test")
"""


def _children_of(process_id: int) -> list[int]:
    """Return the processes that one started, itself left out."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(path.read_text().rpartition(")")[2].split()[1])
        except (OSError, ValueError):
            continue
        if parent == process_id:
            found.append(int(path.parent.name))
    return found


def _wait_until(is_so: Callable[[], bool], seconds: float, what: str) -> None:
    limit = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < limit, what
        time.sleep(0.1)


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks for child processes in /proc")
def test_workers_end_with_their_parent(tmp_path):
    script = tmp_path / "child.py"
    script.write_text(CHILD)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        [sys.executable, str(script), str(tmp_path / "store")],
        env=environment,
        stderr=subprocess.DEVNULL,
    )
    _wait_until(lambda: len(_children_of(process.pid)) >= 3, 120, "no workers started")
    children = _children_of(process.pid)
    process.kill()
    process.wait()
    _wait_until(lambda: not any(map(_is_alive, children)), 60, "a worker outlived its parent")


PLAIN = """
from experiments import compare
words = "area=two_towns people_per_agent=8 weeks=2 launcher.processes=2"
found = compare(words, {"a": "hiring=random", "b": "hiring=ranking"}, seeds=1, store="store")
print(len(found.difference("b")), __file__)
"""


def test_a_script_that_guards_nothing_starts_its_workers_once(tmp_path):
    script = tmp_path / "plain.py"
    script.write_text(PLAIN)
    done = subprocess.run(
        [sys.executable, str(script)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0 and "Traceback" not in done.stderr
    n_outcomes, place = done.stdout.splitlines()[-1].split()
    assert int(n_outcomes) > 10 and place == str(script)


def _is_alive(process_id: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
