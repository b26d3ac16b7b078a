"""A SLURM of one node for the tests: the real daemons, in a folder of their own, on free ports.

Nothing of the machine's own SLURM or munge is used or changed: configuration, key, sockets, state
and logs are in the folder, and commands find it by `SLURM_CONF`. It wants root, as slurmd does;
continuous integration has it.
"""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "srun", "squeue", "scancel", "sinfo")
START_SECONDS = 60.0
STOP_SECONDS = 5.0
POLL_SECONDS = 0.1
WITH_SYSTEM_PROGRAMS = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
CONFIGURATION = """\
ClusterName=tests
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={controller_port}
SlurmdPort={node_port}
AuthType=auth/munge
AuthInfo=socket={folder}/munge/socket
CredType=cred/munge
SlurmUser=root
SlurmdUser=root
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerType=sched/builtin
SchedulerParameters=batch_sched_delay=0,sched_interval=1
ReturnToService=2
MailProg=/bin/true
MpiDefault=none
KillWait=2
MinJobAge=2
NodeName={host} NodeAddr=127.0.0.1 CPUs={cpus} RealMemory=2000 State=UNKNOWN
PartitionName=tests Nodes=ALL Default=YES MaxTime=60 State=UP
"""


class SlurmError(Exception):
    """SLURM did not come up; says why."""


def why_not() -> str | None:
    """Say why no SLURM can be started here, or give None if one can."""
    missing = [name for name in PROGRAMS if not shutil.which(name, path=WITH_SYSTEM_PROGRAMS)]
    if missing:
        return f"no SLURM: {', '.join(missing)} not found (apt-get install slurm-wlm munge)"
    if os.geteuid() != 0:
        return "a SLURM for the tests can only be started by root"
    return None


@contextmanager
def one_node_slurm(folder: Path) -> Iterator[dict[str, str]]:
    """Have a SLURM of one node for as long as the context lasts.

    Parameters
    ----------
    folder : Path
        Empty; everybody must be able to enter those above it, for munged has a user of its own.

    Yields
    ------
    dict of str
        What the environment of a process needs in order to use it.

    Raises
    ------
    SlurmError
        If it does not come up within a minute, with the last lines of the logs.
    """
    added = {
        "SLURM_CONF": str(_write_configuration(folder)),
        "PATH": WITH_SYSTEM_PROGRAMS,
    }
    environment = {**os.environ, **added}
    with ExitStack() as daemons:
        try:
            _start_munged(daemons, folder)
            for name in ("slurmctld", "slurmd"):
                daemons.enter_context(_daemon([name, "-D"], folder, environment))
            _wait_until(lambda: _is_idle(environment), "the node did not become idle")
        except (OSError, SlurmError) as error:
            raise SlurmError(f"{error}\n{_last_lines(folder)}") from error
        try:
            yield added
        finally:
            _cancel_all(environment)


def _write_configuration(folder: Path) -> Path:
    folder.chmod(0o755)
    for name in ("state", "spool"):
        (folder / name).mkdir()
    controller_port, node_port = _free_ports(2)
    text = CONFIGURATION.format(
        folder=folder,
        host=socket.gethostname().partition(".")[0],
        controller_port=controller_port,
        node_port=node_port,
        cpus=os.cpu_count(),
    )
    configuration = folder / "slurm.conf"
    configuration.write_text(text, encoding="utf-8")
    return configuration


def _free_ports(count: int) -> list[int]:
    """Return ports nobody listens on."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]


def _start_munged(daemons: ExitStack, folder: Path) -> None:
    """Start a munged with a key of its own, as the user munge where there is one."""
    try:
        user = pwd.getpwnam("munge")
    except KeyError:
        user = pwd.getpwuid(os.geteuid())
    room = folder / "munge"
    room.mkdir(mode=0o755)
    key = room / "key"
    key.write_bytes(secrets.token_bytes(128))
    key.chmod(0o400)
    for path in (room, key):
        os.chown(path, user.pw_uid, user.pw_gid)
    command = ["munged", "--foreground", "--force", f"--key-file={key}"]
    for option in ("socket", "pid-file", "log-file", "seed-file"):
        command.append(f"--{option}={room / option.removesuffix('-file')}")
    environment = {**os.environ, "PATH": WITH_SYSTEM_PROGRAMS}
    owner = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    daemons.enter_context(_daemon(command, folder, environment, owner))
    _wait_until((room / "socket").exists, "munged opened no socket")


@contextmanager
def _daemon(
    command: Sequence[str],
    folder: Path,
    environment: Mapping[str, str],
    owner: Mapping[str, object] | None = None,
) -> Iterator[None]:
    """Run a daemon in the foreground of a session of its own; end it and its children after."""
    with (folder / f"{command[0]}.log").open("wb") as log:
        process = subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            **(owner or {}),
        )
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()


def _wait_until(is_so: Callable[[], bool], otherwise: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not is_so():
        if time.monotonic() > deadline:
            raise SlurmError(f"{otherwise} within {START_SECONDS:.0f} seconds")
        time.sleep(POLL_SECONDS)


def _is_idle(environment: Mapping[str, str]) -> bool:
    answer = subprocess.run(
        ["sinfo", "--noheader", "--format=%T"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return answer.stdout.strip() == "idle"


def _cancel_all(environment: Mapping[str, str]) -> None:
    """Cancel what is left and wait until its processes are gone, for slurmd will be, too."""
    for words in (["--signal=KILL", "--full"], []):
        command = ["scancel", "--quiet", "--user=root", *words]
        subprocess.run(command, env=environment, check=False)
    _wait_until(lambda: _is_idle(environment), "jobs did not end")


def _last_lines(folder: Path) -> str:
    logs = [*sorted(folder.glob("*.log")), folder / "munge" / "log"]
    parts = [
        f"--- {log.name}\n" + "\n".join(log.read_text(errors="replace").splitlines()[-10:])
        for log in logs
        if log.is_file()
    ]
    return "\n".join(parts)
