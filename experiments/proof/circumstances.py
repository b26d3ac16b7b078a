"""What a proof is made under: machine, versions, threads and vector instructions."""

from __future__ import annotations

import multiprocessing
import platform
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import NamedTuple

import llvmlite.binding as llvm
import numpy as np

from experiments.proof.digests import Digests, digests_of
from experiments.running.launchers.worker import (
    deaf_to_interrupts,
    environment,
    follow_parent,
    without_main,
)
from simulation.compile import CACHE
from simulation.provenance import versions

SHOWN = ("python", "numpy", "numba")
PLAIN_CODE = {
    "NUMBA_CPU_NAME": "generic",
    "NUMBA_CPU_FEATURES": "",
    "NUMBA_ENABLE_AVX": "0",
    "NUMBA_LOOP_VECTORIZE": "0",
    "NUMBA_SLP_VECTORIZE": "0",
    "NUMBA_DISABLE_INTEL_SVML": "1",
}
"""Loops for any processor of this kind, one number at a time."""


class Circumstances(NamedTuple):
    """How many threads a loop may use, and whether code is made for this very processor."""

    threads: int
    vectors: bool

    def text(self) -> str:
        """Say on what machine, with what versions and how."""
        found = versions()
        named = ", ".join(f"{name} {found[name]}" for name in SHOWN)
        threads = "1 thread" if self.threads == 1 else f"{self.threads} threads"
        vectors = llvm.get_host_cpu_name() if self.vectors else "no"
        return (
            f"{platform.system()} {platform.machine()}, {named}, {threads},"
            f" {vectors} vector instructions"
        )

    def variables(self) -> dict[str, str]:
        """Return the environment a process needs for this."""
        chosen = {"NUMBA_NUM_THREADS": str(self.threads)}
        if self.vectors:
            return chosen
        # Numba's cache does not ask how a loop was compiled, so plain code has one of its own.
        own = {"NUMBA_CACHE_DIR": str(CACHE.parent / "plain")}
        disabled = np.show_config(mode="dicts")["SIMD Extensions"].get("found", [])
        return chosen | PLAIN_CODE | own | {"NPY_DISABLE_CPU_FEATURES": " ".join(disabled)}


def proven(names: Sequence[str], circumstances: Circumstances) -> Digests:
    """Return the digests of some runs, from a process that is started under circumstances."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context, initializer=follow_parent) as executor:
        with environment(circumstances.variables()), without_main(), deaf_to_interrupts():
            future = executor.submit(digests_of, names)
        return future.result()
