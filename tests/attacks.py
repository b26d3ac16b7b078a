"""Bits flipped in folders of results and in stores, and commands killed: what comes of either.

A command is killed at a random moment or just before one of its writes, each as likely: few
moments lie between a file's move and what follows it, and there most can go wrong.

`make attack` does a hundred of each and prints the figures of docs/reliability.md; the tests take
a sample. What is right is what a command gives that nobody disturbs.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import logging
import multiprocessing
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property, partial
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from experiments.command import main
from experiments.comparisons.measuring import IDENTITY
from experiments.comparisons.result import Comparison
from simulation.errors import InputError
from simulation.files.listing import LIST, DamagedError, check_whole
from simulation.files.placing import is_scratch
from simulation.finished.run import Run

SMALL = ("area=two_towns", "people_per_agent=10", "weeks=9")
COMMANDS = {
    "run": ("run", *SMALL, "regime=aligned", "output=out", "overwrite=true"),
    "compare": (
        "compare", "compare=own", *SMALL, "seeds=2", "arms.calm=[]", "arms.help=[regime=aligned]",
        "launcher=in_process", "page=false", "output=out", "store=store",
    ),
    "sweep": (
        "run", "--multirun", *SMALL, "regime=none,aligned", "seed=1,2", "launcher=in_process",
        "output=out", "store=store",
    ),
    "study": (
        "study", "experiment=ishigami", "samples=8", "launcher=in_process", "page=false",
        "output=out", "store=store",
    ),
    "providers": (
        "providers", "area=two_towns", "output=out/providers.csv", "overwrite=true",
    ),
}  # fmt: skip
"""Each writes its results in `out` and its runs, if it keeps any, in `store`."""
UNLISTED = ("providers",)
"""A table for its user to change is not listed, so that no bit of it is flipped."""
OF_THE_DAY = {"seconds", "seconds_by_phase", "n_new", "store", "command", "commit"}
"""What a manifest says that differs from one day to the next."""

WRITES = {"open", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "tempfile.mkdtemp"}
"""What Python says of a file before it writes it, as audit events."""


@dataclass
class Attacks:
    """One command, what it gives when nobody disturbs it, and what became of attacks on it.

    Attributes
    ----------
    name : str
        Of `COMMANDS`.
    home : Path
        An empty folder to work in.
    draws : Random
    """

    name: str
    home: Path
    draws: random.Random
    right: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0

    def __post_init__(self) -> None:
        assert self.again()[0] == 0
        # The first time loops may have to be compiled.
        shutil.rmtree(self.home)
        self.home.mkdir()
        began = time.monotonic()
        assert self.again()[0] == 0
        self.seconds = time.monotonic() - began
        self.right = results(self.home / "out")
        shutil.copytree(self.home, self.whole)

    @property
    def whole(self) -> Path:
        """A copy of what the command left."""
        return self.home.with_name(f"{self.home.name}-whole")

    def restore(self) -> None:
        """Have all as the command left it."""
        shutil.rmtree(self.home)
        shutil.copytree(self.whole, self.home)

    def again(self) -> tuple[int, str]:
        """Give the command in this process; return exit code and what it said."""
        with contextlib.chdir(self.home), said() as text:
            code = main(COMMANDS[self.name])
        return code, text.getvalue()

    def flip(self, within: str) -> str:
        """Flip a bit of a file in `out` or `store`; return what came of it, in a word or two."""
        self.restore()
        files = sorted(path for path in (self.home / within).rglob("*") if path.is_file())
        path = self.draws.choice([path for path in files if path.stat().st_size])
        data = bytearray(path.read_bytes())
        data[self.draws.randrange(len(data))] ^= 1 << self.draws.randrange(8)
        path.write_bytes(data)
        is_read = self._is_read()
        code, text = self.again()
        if "Traceback" in text or code not in (0, 2):
            return f"failed: {path.name}: {text}"
        is_told = path.name in text
        if code == 2:
            return "told" if is_told else f"refused without a word: {path.name}: {text}"
        if results(self.home / "out") != self.right:
            return f"shown as right: {path.name}: {text}"
        if within == "out" and is_read and not (is_told or path.name == LIST):
            return f"read though damaged: {path.name}"
        return "told and done again" if is_told else "harmless"

    def _is_read(self) -> bool:
        """Whether the folder, and all runs in it, can be read as in a notebook."""
        out = self.home / "out"
        try:
            if self.name == "study":
                check_whole(out)
            elif self.name == "sweep":
                for place in sorted(out.iterdir()):
                    Run.load(place)
            elif self.name == "run":
                Run.load(out)
            else:
                found = Comparison.load(out)
                for key in found.folders:
                    found.run(*key)
        except (InputError, DamagedError):
            return False
        return True

    def kill(self) -> str:
        """Kill the command at a random moment or write and give it again; say what came of it."""
        if self.draws.random() < 0.5:
            is_killed = self._killed_at_write(self.draws.randint(1, self.n_writes))
        else:
            is_killed = self._killed_after_a_while()
        code, text = self.again()
        if code or "Traceback" in text:
            return f"failed: {text}"
        if results(self.home / "out") != self.right:
            return f"not what it gives undisturbed: {text}"
        left = [path.name for path in self.home.rglob(".*") if is_scratch(path)]
        if left or list(self.home.rglob("*.damaged-*")):
            return f"left behind: {left}"
        return "killed and resumed" if is_killed else "ended before the blow"

    @cached_property
    def n_writes(self) -> int:
        """How often the command writes in its folder, undisturbed."""
        count = servant().RawValue("q", 0)
        process = self._begun(count, 0)
        process.join()
        return int(count.value)

    def _killed_at_write(self, number: int) -> bool:
        # Held by a name: it is gone with the last one, here as in the process.
        count = servant().RawValue("q", 0)
        process = self._begun(count, number)
        process.join()
        return process.exitcode == -signal.SIGKILL

    def _killed_after_a_while(self) -> bool:
        process = self._begun(None, 0)
        self._wait_a_while(process)
        is_killed = process.is_alive()
        process.kill()
        process.join()
        return is_killed

    def _begun(self, count: Any, last: int) -> BaseProcess:
        """Begin the command in an empty folder; `count` counts its writes up to the last."""
        shutil.rmtree(self.home)
        self.home.mkdir()
        give = (COMMANDS[self.name], self.home, count, last)
        process = servant().Process(target=_give, args=give)
        process.start()
        return process

    def _wait_a_while(self, process: BaseProcess) -> None:
        """Wait until it writes, but for one in four, and some part of what it takes then."""
        if self.draws.random() < 0.25:
            seconds = self.draws.uniform(0, 3)
        else:
            while process.is_alive() and not any(self.home.iterdir()):
                time.sleep(0.002)
            seconds = self.draws.uniform(0, self.seconds)
        process.join(seconds)


@cache
def servant() -> ForkServerContext:
    """Return what starts processes in which all that was imported here is imported already.

    No loop has run in it, so that its threads are not forked.
    """
    context = multiprocessing.get_context("forkserver")
    ours = ("simulation", "experiments")
    context.set_forkserver_preload([name for name in sys.modules if name.startswith(ours)])
    return context


def _give(words: tuple[str, ...], home: Path, count: Any, last: int) -> None:
    """Give words to the command in a folder, and say nothing; end it before the last write."""
    os.chdir(home)
    if count is not None:
        sys.addaudithook(partial(_count_write, str(home.resolve()), count, last))
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    sys.exit(main(words))


def _count_write(home: str, count: Any, last: int, event: str, args: tuple[Any, ...]) -> None:
    """Count what Python is about to write within a folder, and kill this process at the last."""
    if event not in WRITES or not isinstance(args[0], str | bytes | os.PathLike):
        return
    if event == "open" and not args[2] & (os.O_WRONLY | os.O_RDWR):
        return
    if os.path.abspath(os.fsdecode(args[0])).startswith(home):
        count.value += 1
        if count.value == last:
            os.kill(os.getpid(), signal.SIGKILL)


def results(folder: Path) -> dict[str, str]:
    """Return a digest of every file of results, of a manifest without what is of the day."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name != LIST and ".damaged-" not in path.name:
            data = path.read_bytes()
            if path.suffix == ".json":
                said = json.loads(data)
                lasting = {key: said[key] for key in sorted(said.keys() - OF_THE_DAY)}
                data = json.dumps(lasting).encode()
            elif path.suffix == ".zip":
                # It says in a member of its own what was measured, the run's seconds with it.
                with ZipFile(path) as kept:
                    members = {name: kept.read(name) for name in kept.namelist()}
                data = repr(
                    [members[name] for name in sorted(members.keys() - {IDENTITY})]
                ).encode()
            found[path.relative_to(folder).as_posix()] = hashlib.sha256(data).hexdigest()
    return found


@contextlib.contextmanager
def said() -> Iterator[io.StringIO]:
    """Catch what a command prints and logs."""
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    logging.getLogger().addHandler(handler)
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(text):
            yield text
    finally:
        logging.getLogger().removeHandler(handler)


def blows(*, flips: int, kills: int, seed: int = 1) -> Iterator[tuple[str, str, str]]:
    """Give of each attack the command, what was done to it and what came of it.

    Parameters
    ----------
    flips : int
        Of bits, shared out among folders of results and the stores beside them.
    kills : int
        Of commands, shared out among them; flips and kills take turns.
    seed : int
        Of the random draws.
    """
    draws = random.Random(seed)
    with tempfile.TemporaryDirectory() as place:
        homes = {name: Path(place, name) for name in COMMANDS}
        for home in homes.values():
            home.mkdir()
        attacks = [Attacks(name, home, draws) for name, home in homes.items()]
        targets = [(each, "out") for each in attacks if each.name not in UNLISTED]
        targets += [(each, "store") for each in attacks if (each.home / "store").exists()]
        for number in range(max(flips, kills)):
            if number < flips:
                each, within = targets[number % len(targets)]
                yield each.name, f"flip in {within}", each.flip(within)
            if number < kills:
                each = attacks[number % len(attacks)]
                yield each.name, "kill", each.kill()


def figures(found: Counter[tuple[str, str, str]]) -> str:
    """Return how often what came of which attack on which command, a line each."""
    rows = sorted(found.items())
    return "\n".join(
        f"{command:<11}{blow:<16}{count:>4}  {came}" for (command, blow, came), count in rows
    )


if __name__ == "__main__":
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    found: Counter[tuple[str, str, str]] = Counter()
    # What came of it so far is told however it ends.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    try:
        for blow in blows(flips=number, kills=number, seed=seed):
            found[blow] += 1
            print(f"{sum(found.values())} of {2 * number}", end="\r", file=sys.stderr, flush=True)
    finally:
        print(figures(found))
