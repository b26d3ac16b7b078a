"""Runs as jobs of a real SLURM of one node; skipped, with the reason, where none can be started."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from one_node_slurm import one_node_slurm, why_not

from experiments.errors import RunsFailedError
from experiments.interrupts import Interrupted
from experiments.running.execution import run_works
from experiments.running.launchers import LauncherSettings
from experiments.running.launchers.settings import SlurmSettings
from experiments.running.work import Work, make_work
from experiments.store import Store
from simulation.errors import InputError

pytest.importorskip("submitit", reason="needs submitit: pip install 'pathfinder-labour[slurm]'")
pytestmark = pytest.mark.slow

QUICK = {"poll_seconds": 0.3, "grace_seconds": 1.0, "minutes": 5}
PATIENCE_SECONDS = 90


@pytest.fixture(scope="module")
def slurm() -> Iterator[None]:
    """Have the SLURM of the tests in the environment."""
    reason = why_not()
    if reason is not None:
        pytest.skip(reason)
    with (
        tempfile.TemporaryDirectory(prefix="slurm-", ignore_cleanup_errors=True) as folder,
        one_node_slurm(Path(folder)) as variables,
        pytest.MonkeyPatch.context() as patch,
    ):
        for name, value in variables.items():
            patch.setenv(name, value)
        yield


@pytest.fixture
def store(tmp_path: Path, slurm: None) -> Store:
    return Store(tmp_path / "store", create=True)


def settings(*, runs_per_job: int = 4, **slurm: object) -> LauncherSettings:
    return LauncherSettings(
        name="slurm", runs_per_job=runs_per_job, slurm=SlurmSettings(**{**QUICK, **slurm})
    )


def known_answers(count: int, *, sleep: float = 0.0) -> list[Work]:
    return [
        make_work("ishigami", {"x1": i / 100, "sleep": sleep}, 1, name=f"run {i}")
        for i in range(count)
    ]


def run(works: list[Work], store: Store, launcher: LauncherSettings) -> int:
    return run_works(works, store=store, launcher=launcher, experiment="a test", out=io.StringIO())


def meanwhile(store: Store, do: Callable[[], object]) -> threading.Thread:
    """Do something, in a thread, as soon as a run is in the store."""

    def wait() -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not store.keys() and time.monotonic() < deadline:
            time.sleep(0.05)
        do()

    thread = threading.Thread(target=wait)
    thread.start()
    return thread


def queued() -> list[str]:
    """Jobs in the queue that have not ended."""
    command = ["squeue", "--noheader", "--array", "--format=%i", "--states=PENDING,RUNNING"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()


def kill_a_job() -> None:
    """Kill the Python of one job, as the kernel does when memory runs out."""
    for process in psutil.process_iter(["cmdline"]):
        if "submitit.core._submit" in (process.info["cmdline"] or []):
            process.send_signal(signal.SIGKILL)
            return


def scancel(*words: str) -> Callable[[], None]:
    """Return what sends something to every job in the queue."""

    def do() -> None:
        subprocess.run(["scancel", *words, *queued()], check=True, capture_output=True)

    return do


def test_a_sweep_through_sbatch_has_every_run_once_and_leaves_nothing_behind(store):
    works = known_answers(10)
    assert run(works, store, settings()) == 10
    assert store.keys() == {work.key for work in works}
    assert len(store.runs()) == 10
    assert not list((store.folder.parent / "slurm_logs").iterdir())
    assert run(works, store, settings()) == 0


def test_one_word_sends_a_sweep_of_the_command_line_to_slurm(slurm, pathfinder, tmp_path):
    sweep = ("run", "--multirun", "area=two_towns", "weeks=5", "seed=1,2")
    there = pathfinder(
        *sweep,
        "store=there",
        "launcher=slurm",
        "launcher.slurm.poll_seconds=0.3",
        "launcher.slurm.grace_seconds=1",
        'launcher.slurm.options=["--comment=two towns","--partition=tests"]',
        'launcher.slurm.setup=["echo here we go"]',
    )
    assert there.code == 0, there.err
    here = pathfinder(*sweep, "store=here", "launcher=in_process")
    assert here.code == 0, here.err
    assert len(Store(tmp_path / "there").runs()) == 2
    assert Store(tmp_path / "there").digest() == Store(tmp_path / "here").digest()


def test_two_runs_at_a_time_in_one_job(store):
    works = known_answers(4, sleep=0.5)
    assert run(works, store, settings(runs_per_job=4, cpus=min(2, os.cpu_count() or 1))) == 4
    assert len(store.runs()) == 4


@pytest.mark.parametrize(
    "accident",
    [scancel(), scancel("--signal=USR2"), kill_a_job],
    ids=["scancel", "time is up", "SIGKILL"],
)
def test_what_a_job_left_that_died_midway_is_sent_again(store, accident, monkeypatch):
    from experiments.running.launchers.slurm import SlurmQueue

    lost: list[str] = []
    monkeypatch.setattr(SlurmQueue, "last_words", lambda queue, job: lost.append(job) or [])
    works = known_answers(6, sleep=0.7)
    thread = meanwhile(store, accident)
    assert run(works, store, settings(runs_per_job=3)) == 6
    thread.join()
    assert store.keys() == {work.key for work in works}
    assert len(store.runs()) == 6
    assert not store.failures()
    assert lost


def test_a_run_that_fails_by_its_input_gives_its_line(store):
    works = known_answers(3)
    works[1] = replace(works[1], changes={"x1": 99.0}, key="0" * 32)
    with pytest.raises(InputError, match=r"^run 1: ishigami: x1 must be .* got 99"):
        run(works, store, settings())
    assert store.keys() == {works[0].key, works[2].key}


def test_a_job_that_dies_before_python_starts_shows_the_end_of_its_log(store):
    setup = ["echo module: no such module python/9", "exit 3"]
    with pytest.raises(RunsFailedError) as error:
        run(known_answers(1), store, settings(setup=setup, resubmit=1))
    what, where, last = error.value.lines
    assert what == "run 0: its job ended before it was done, 2 times"
    assert Path(where.split("the log is ")[1].removesuffix("; it ends:")).is_file()
    assert last == "run 0: module: no such module python/9"


def test_settings_reach_the_script_of_a_job(store):
    with pytest.raises(RunsFailedError):
        run(
            known_answers(1),
            store,
            settings(
                partition="tests",
                memory_gb=1.5,
                cpus=1,
                minutes=7,
                options=["--comment=a study", "--exclusive"],
                setup=["exit 1"],
                resubmit=0,
            ),
        )
    (script,) = (store.folder.parent / "slurm_logs").glob("*/*_submission.sh")
    lines = set(script.read_text(encoding="utf-8").splitlines())
    assert lines >= {
        "#SBATCH --partition=tests",
        "#SBATCH --mem=1536M",
        "#SBATCH --cpus-per-task=1",
        "#SBATCH --time=7",
        "#SBATCH --comment='a study'",
        "#SBATCH --exclusive",
        "export NUMBA_NUM_THREADS=1",
        "exit 1",
    }


def test_what_sbatch_refuses_is_said_in_its_words(store):
    with pytest.raises(InputError, match="launcher=slurm: .*invalid partition"):
        run(known_answers(2), store, settings(partition="nowhere"))


def test_a_machine_without_slurm_is_bad_input_and_is_told_where_to_go(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(InputError, match="launcher=slurm: srun is not found here; .* login node"):
        run(known_answers(1), Store(tmp_path / "store", create=True), settings())


def test_options_reach_sbatch_as_given(store):
    with pytest.raises(InputError, match="launcher=slurm: .*feature"):
        run(known_answers(2), store, settings(options=["--constraint=no_such_feature"]))


def test_ctrl_c_cancels_the_jobs_and_the_same_again_goes_on(store):
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    works = known_answers(8, sleep=0.7)
    try:
        thread = meanwhile(store, lambda: os.kill(os.getpid(), signal.SIGINT))
        with pytest.raises(Interrupted, match="of 8 runs are finished and kept"):
            run(works, store, settings())
    finally:
        thread.join()
        signal.signal(signal.SIGINT, before)
    assert not queued()
    n_kept = len(store.keys())
    assert 1 <= n_kept < 8
    assert run(works, store, settings()) == 8 - n_kept
    assert len(store.runs()) == 8
