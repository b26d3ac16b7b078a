"""A SLURM cluster, through submitit: one job carries out a chunk of many runs.

submitit writes the script, submits it and brings the chunk to the job. Whether a run is done only
the store tells: a cluster without accounting never says what became of a job that was killed.
"""

from __future__ import annotations

import contextlib
import io
import math
import os
import re
import secrets
import shlex
import shutil
import signal
import subprocess
import sysconfig
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from submitit import Job, SlurmExecutor
from submitit.core.utils import FailedJobError, FailedSubmissionError

from experiments.running.launchers.chunks import Chunk, carry_out_chunk
from experiments.running.launchers.dispatch import Dispatch
from experiments.running.launchers.launcher import Watch
from experiments.running.launchers.queues import SilentError
from experiments.running.launchers.settings import OPTION, LauncherSettings, SlurmSettings
from experiments.running.launchers.worker import THREAD_VARIABLES
from experiments.running.work import Failure, Work
from simulation.errors import InputError

SOURCE = Path(__file__).resolve().parents[3]
"""Where this package is: a job finds it there though it may not be installed."""
ENDED = {
    "BOOT_FAIL",
    "CANCELLED",
    "COMPLETED",
    "COMPLETING",
    "DEADLINE",
    "FAILED",
    "NODE_FAIL",
    "OUT_OF_MEMORY",
    "PREEMPTED",
    "TIMEOUT",
}
"""States in which a job does nothing any more, though it may be listed for hours."""
ANSWER_SECONDS = 60
WARNING_SECONDS = 30
"""How long before its time is up a job is told."""
LAST_LINES = 5


@dataclass(frozen=True)
class Slurm:
    """The launcher `slurm`."""

    settings: LauncherSettings

    def at_once(self, n_works: int) -> int:
        """Return how many of so many works are done at a time, if the cluster has room."""
        n_jobs = math.ceil(n_works / self.settings.runs_per_job)
        return max(min(self.settings.slurm.jobs, n_jobs), 1) * self.settings.slurm.cpus

    def launch(
        self, works: Sequence[Work], *, store: Path | None, experiment: str, watch: Watch
    ) -> list[Failure]:
        """Carry out all works in jobs and return those that failed.

        Raises
        ------
        InputError
            If SLURM refuses the jobs, or there is none.
        KeyboardInterrupt
            After Ctrl-C, once the jobs are cancelled.
        """
        settings = self.settings.slurm
        name = f"pathfinder-{re.sub('[^A-Za-z0-9_.-]+', '-', experiment)}-{secrets.token_hex(4)}"
        logs = _folder_of_logs(settings, store) / name
        chunk = Chunk((), store and store.resolve(), experiment, Path.cwd(), settings.cpus)
        dispatch = Dispatch(works, SlurmQueue(name, logs, settings, chunk), settings, store, watch)
        failures = dispatch.carry_out(runs_per_job=self.settings.runs_per_job)
        if not failures:
            shutil.rmtree(logs, ignore_errors=True)
        return failures


@dataclass
class SlurmQueue:
    """Jobs of one launch in the queue of SLURM; all have one name, which no others have.

    Parameters
    ----------
    job_name : str
    logs : Path
        Folder of scripts and logs.
    settings : SlurmSettings
    chunk : Chunk
        What all chunks share.
    """

    job_name: str
    logs: Path
    settings: SlurmSettings
    chunk: Chunk
    name: str = "SLURM"
    jobs: dict[str, Job[None]] = field(default_factory=dict)

    @property
    def most_jobs(self) -> int:
        """How many jobs may be in the queue at a time."""
        return self.settings.jobs

    def submit(self, chunks: Sequence[Sequence[Work]]) -> list[str]:
        """Submit an array of jobs and return their identifiers."""
        try:
            executor = SlurmExecutor(self.logs)
        except RuntimeError as error:
            raise InputError(
                "launcher=slurm: srun is not found here; give the command on a machine that"
                " submits jobs, such as a login node"
            ) from error
        said = io.StringIO()
        with contextlib.redirect_stderr(said):
            try:
                executor.update_parameters(**_parameters(self.job_name, self.settings))
                jobs = executor.map_array(in_job, [self.chunk.of(works) for works in chunks])
            except (FailedJobError, FailedSubmissionError) as error:
                lines = str(error).strip().splitlines() or ["sbatch failed"]
                if self.jobs:  # It took the same before: it is busy, or its limit is reached.
                    raise SilentError(lines[0]) from error
                raise InputError(f"launcher=slurm: {line}" for line in lines) from error
        self.jobs |= {job.job_id: job for job in jobs}
        return [job.job_id for job in jobs]

    def running(self, jobs: Collection[str]) -> dict[str, bool]:
        """Return which jobs have not ended, and whether each runs or waits."""
        command = ["squeue", "--noheader", "--array", "--format=%i|%T", *self._ours()]
        try:
            answer = subprocess.run(
                command, capture_output=True, text=True, timeout=ANSWER_SECONDS, check=True
            )
        except (OSError, subprocess.SubprocessError) as error:
            said = getattr(error, "stderr", None) or str(error)
            raise SilentError(said.strip()) from error
        states = dict(line.strip().split("|") for line in answer.stdout.splitlines() if line)
        return {
            job: states[job] == "RUNNING" for job in jobs if states.get(job, "FAILED") not in ENDED
        }

    def cancel(self, jobs: Collection[str]) -> None:
        """Cancel some jobs."""
        _scancel(self._ours()[0], *jobs)

    def close(self) -> None:
        """Cancel whatever is in the queue under the name of this launch."""
        _scancel(*self._ours())

    def _ours(self) -> tuple[str, str]:
        return f"--user={os.getuid()}", f"--name={self.job_name}"

    def last_words(self, job: str) -> list[str]:
        """Return where a job's log is and its last lines."""
        log = self.jobs[job].paths.stdout
        try:
            text = log.read_text(encoding="utf-8", errors="replace")
        except OSError:
            return [f"job {job} left no log in {log.parent}; can its nodes write there?"]
        lines = [line for line in text.splitlines() if line.strip()]
        return [f"the log is {log}; it ends:", *lines[-LAST_LINES:]]


def in_job(chunk: Chunk) -> None:
    """Carry out a chunk within a job; when SLURM asks it to end, the run it is at is given up.

    submitit would put off the end and note the run as failed.
    """
    for number in (signal.SIGTERM, signal.SIGUSR2):
        signal.signal(number, signal.default_int_handler)
    try:
        carry_out_chunk(chunk)
    except KeyboardInterrupt as error:
        raise SystemExit("stopped by SLURM: out of time, cancelled or preempted") from error


def make_launcher(settings: LauncherSettings) -> Slurm:
    """Return the launcher."""
    return Slurm(settings)


def _folder_of_logs(settings: SlurmSettings, store: Path | None) -> Path:
    beside = Path("results/slurm_logs") if store is None else store.parent / "slurm_logs"
    return (Path(settings.logs).expanduser() if settings.logs else beside).resolve()


def _parameters(name: str, settings: SlurmSettings) -> dict[str, Any]:
    """Return what submitit needs to write the script of a job."""
    variables = dict.fromkeys(THREAD_VARIABLES, "1")
    variables |= _environment()
    matches = [OPTION.fullmatch(option) for option in settings.options]
    own = {match["name"]: match["value"] or True for match in matches if match is not None}
    memory = settings.memory_gb and f"{int(settings.memory_gb * 1024)}M"
    return {
        "job_name": name,
        "partition": settings.partition,
        "account": settings.account,
        "time": settings.minutes,
        "mem": memory,
        "cpus_per_task": settings.cpus,
        "array_parallelism": settings.jobs,
        "signal_delay_s": WARNING_SECONDS,
        "stderr_to_stdout": True,
        "setup": [
            *(f"export {key}={shlex.quote(value)}" for key, value in variables.items()),
            *settings.setup,
        ],
        "additional_parameters": own,
    }


def _environment() -> dict[str, str]:
    """Return what a job shall find in its environment though the cluster may hand on nothing."""
    own = [] if Path(sysconfig.get_path("purelib")).resolve() == SOURCE else [str(SOURCE)]
    given = [os.path.abspath(path) for path in os.environ.get("PYTHONPATH", "").split(":") if path]
    variables = {"PYTHONPATH": ":".join(dict.fromkeys([*own, *given]))}
    if "NUMBA_CACHE_DIR" in os.environ:
        variables["NUMBA_CACHE_DIR"] = os.path.abspath(os.environ["NUMBA_CACHE_DIR"])
    return variables


def _scancel(*words: str) -> None:
    """Cancel jobs; those that have ended meanwhile are no matter."""
    with contextlib.suppress(OSError, subprocess.TimeoutExpired):
        subprocess.run(
            ["scancel", "--quiet", *words],
            capture_output=True,
            timeout=ANSWER_SECONDS,
            check=False,
        )
