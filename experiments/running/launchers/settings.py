"""What the words `launcher=NAME launcher.processes=8` and so on set."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from simulation.config.base import Group

Count = Annotated[int, Field(ge=1, le=1_000_000)]
Processes = Annotated[int, Field(ge=1, le=4096)]
Again = Annotated[int, Field(ge=0, le=100)]
Minutes = Annotated[int, Field(ge=1, le=60 * 24 * 60)]
Seconds = Annotated[float, Field(gt=0, le=3600)]
OPTION = re.compile(r"--(?P<name>[a-z][a-z-]*)(=(?P<value>.+))?")


def _is_option(text: str) -> str:
    if not OPTION.fullmatch(text):
        raise ValueError("write an option as sbatch takes it, such as --qos=long or --exclusive")
    return text


class ClusterSettings(Group):
    """What every launcher of chunks needs to know.

    Attributes
    ----------
    minutes : int
        A job that finishes no run for so long is given up.
    resubmit : int
        How many times a run whose job died is sent again.
    poll_seconds : float
        How often to look into the store and ask what has become of the jobs.
    grace_seconds : float
        How long after the end of a job its runs may still turn up on a shared disk.
    silence_minutes : int
        How long the cluster may give no answer.
    """

    minutes: Minutes = 60
    resubmit: Again = 2
    poll_seconds: Seconds = 5.0
    grace_seconds: Seconds = 30.0
    silence_minutes: Minutes = 30


class SlurmSettings(ClusterSettings):
    """What a job asks of SLURM.

    Attributes
    ----------
    partition, account : str or None
        None leaves them to the cluster.
    memory_gb : float or None
        Memory of a job; None leaves it to the cluster.
    cpus : int
        Runs a job does at the same time, each on a core of its own.
    jobs : int
        Jobs in the queue at a time, at most.
    options : list of str
        Whatever else sbatch takes, as it takes it.
    setup : list of str
        Lines of shell before Python starts.
    logs : str or None
        Folder of job scripts and logs, on the shared disk; None gives slurm_logs beside the store.
    """

    partition: str | None = None
    account: str | None = None
    memory_gb: Annotated[float, Field(gt=0, le=10_000)] | None = None
    cpus: Processes = 1
    jobs: Annotated[int, Field(ge=1, le=1000)] = 100
    options: list[Annotated[str, AfterValidator(_is_option)]] = []
    setup: list[str] = []
    logs: str | None = None


class DaskSettings(ClusterSettings):
    """Where dask's workers are.

    Attributes
    ----------
    scheduler : str or None
        Address of a scheduler that is running; None starts workers on this machine.
    workers : int or None
        How many to start on this machine; None takes every core.
    """

    minutes: Minutes = 240
    grace_seconds: Seconds = 5.0
    poll_seconds: Seconds = 1.0
    scheduler: str | None = None
    workers: Processes | None = None


class LauncherSettings(Group):
    """Who carries out runs, `launcher=NAME`, and how many at a time.

    Attributes
    ----------
    name : str
        One of `experiments.running.launchers.LAUNCHERS`.
    processes : int or None
        Worker processes of the launcher `processes`; None takes every core.
    runs_per_job : int
        Runs of a job of SLURM or a task of dask, at most.
    slurm, dask
        What only these launchers are told.
    """

    name: str = "processes"
    processes: Processes | None = None
    runs_per_job: Count = 100
    slurm: SlurmSettings = SlurmSettings()
    dask: DaskSettings = DaskSettings()
