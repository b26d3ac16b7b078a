"""Compiled loops: one decorator, and a cache on disk that cannot go stale.

Numba keys its cache by the file a function stands in, so a change in a helper or a constant
imported from another file would go unnoticed. The cache folder is therefore named by a digest of
every file with a loop or with a constant of one: another source, another folder
(`tests/test_compile.py` looks for constants from elsewhere).
"""

from __future__ import annotations

import hashlib
import logging
import os
import stat
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar, overload

import numba
from numba.extending import register_jitable
from platformdirs import user_cache_dir

LOG = logging.getLogger(__name__)


CONSTANTS = ("categories.py", "inputs/geography.py", "support/records.py")
"""Files without loops whose constants loops take."""


def compiled_sources() -> list[Path]:
    """Return the files compiled loops depend on, sorted."""
    package = Path(__file__).parent
    loops = {path for path in package.rglob("*.py") if b"@kernel" in path.read_bytes()}
    return sorted(loops | {Path(__file__)} | {package / name for name in CONSTANTS})


def _sources_digest() -> str:
    """Return a short digest of the sources of loops and Numba's version."""
    digest = hashlib.sha256(numba.__version__.encode())
    for path in compiled_sources():
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _cache_root() -> Path:
    """Return the user's cache, or a private temporary place where that cannot be written."""
    wanted = Path(os.environ.get("NUMBA_CACHE_DIR") or user_cache_dir("pathfinder-labour"))
    try:
        wanted.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=wanted):
            return wanted
    except OSError as error:
        spare = _private_place()
        LOG.warning(
            "%s cannot be written: %s; compiled loops are kept in %s", wanted, error.strerror, spare
        )
    # Workers, which look here as well, keep theirs in the same place and say nothing.
    os.environ["NUMBA_CACHE_DIR"] = str(spare)
    return spare


def _private_place() -> Path:
    """Return a temporary folder nobody else can put code in, the same in later commands."""
    place = Path(tempfile.gettempdir(), f"pathfinder-labour-{os.getuid()}")
    with suppress(OSError):
        place.mkdir(mode=0o700, exist_ok=True)
        status = place.lstat()
        is_ours = stat.S_ISDIR(status.st_mode) and status.st_uid == os.getuid()
        if is_ours and not status.st_mode & 0o077:
            return place
    return Path(tempfile.mkdtemp(prefix="pathfinder-labour-"))


CACHE = _cache_root() / _sources_digest()
"""Where compiled loops of these sources are kept."""
vars(numba.config)["CACHE_DIR"] = str(CACHE)


Loop = TypeVar("Loop", bound=Callable[..., Any])


@overload
def kernel(function: Loop) -> Loop: ...


@overload
def kernel(*, parallel: bool = False, each: bool = False) -> Callable[[Loop], Loop]: ...


def kernel(function: Any = None, *, parallel: bool = False, each: bool = False) -> Any:
    """Compile a loop over columns, cached on disk, without fast-math.

    Parameters
    ----------
    function : callable
        The loop; its arguments are scalars, arrays and named tuples of arrays.
    parallel : bool
        Whether `numba.prange` runs on threads. Such a loop writes only to its own row, so its
        result does not depend on the number of threads. Its body is one call of a kernel for
        each row: Numba 0.68 takes a loop whose only writes go to arrays inside a named tuple
        for dead code and drops it without a word.
    each : bool
        Whether it is the work on one row, called within a loop: such a function is merged into
        the loop, for passing named tuples of arrays costs more than the work itself. It is
        compiled with the loop and for nothing else; called from Python it runs as written.
    """
    if each:
        merge = register_jitable(
            error_model="numpy",
            forceinline=True,
            _nrt=False,
            no_cpython_wrapper=True,
            no_cfunc_wrapper=True,
        )
        return merge if function is None else merge(function)
    compiler = numba.njit(cache=True, error_model="numpy", nogil=True, parallel=parallel)
    return compiler if function is None else compiler(function)


def is_compiled() -> bool:
    """Whether loops of these sources have been compiled on this machine before."""
    return any(CACHE.rglob("*.nbi"))


SMALL = 50_000
"""Rows below which sharing a loop among threads costs more than it saves."""
TRIES, TRIED_EVERY = 2, 26
"""Weeks that each number of threads is tried for, and after how many it is tried again."""


class Threads:
    """As many threads as make a week quickest on this machine just now; results are the same.

    On a busy machine a thread that has to wait for its core holds up all others, and one alone is
    quicker. So all there are and one are tried by turns, and the better is used until the next try.

    Parameters
    ----------
    n_rows : int
        Rows of the loops; few are never shared.
    clock : callable
        Seconds, for tests.
    """

    def __init__(self, n_rows: int, clock: Callable[[], float] = time.perf_counter) -> None:
        most = numba.get_num_threads()
        self._choices = [most, 1] if n_rows >= SMALL and most > 1 else [1]
        self._clock, self._used, self._best = clock, 0, self._choices[0]
        self._seconds = dict.fromkeys(self._choices, 0.0)

    @contextmanager
    def week(self) -> Iterator[int]:
        """Use them for a week; give how many they are."""
        before, number = numba.get_num_threads(), self._next()
        numba.set_num_threads(number)
        began = self._clock()
        try:
            yield number
        finally:
            numba.set_num_threads(before)
            self._remember(number, self._clock() - began)

    def _next(self) -> int:
        place = self._used % TRIED_EVERY
        n_tried = TRIES * len(self._choices)
        return self._choices[place % len(self._choices)] if place < n_tried else self._best

    def _remember(self, number: int, seconds: float) -> None:
        place = self._used % TRIED_EVERY
        n_tried = TRIES * len(self._choices)
        if place == 0:
            self._seconds = dict.fromkeys(self._choices, 0.0)
        if place < n_tried and self._used > 0:  # the first week of all compiles or loads loops
            self._seconds[number] += seconds
        if place == n_tried - 1:
            # In the first round all threads have a week less behind them.
            weeks = {
                each: TRIES - int(self._used < TRIED_EVERY and each == self._choices[0])
                for each in self._choices
            }
            self._best = min(self._choices, key=lambda each: self._seconds[each] / weeks[each])
        self._used += 1


@contextmanager
def threads_for(n_rows: int) -> Iterator[None]:
    """Use one thread for few rows, all that are set otherwise; results are the same."""
    threads = numba.get_num_threads()
    if n_rows < SMALL:
        numba.set_num_threads(1)
    try:
        yield
    finally:
        numba.set_num_threads(threads)
