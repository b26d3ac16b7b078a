"""The same (config, seed) gives the same bits: again, on any number of threads and processes."""

import hashlib
import os
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numba
import pandas as pd
import pytest

from simulation.compile import SMALL
from simulation.config import Config
from simulation.model import LabourMarket
from simulation.runner import simulate

ROOT = Path(__file__).resolve().parents[1]
SETTINGS = {"area": {"name": "two_towns"}, "weeks": 40, "hiring": {"rule": "ranking"}}
PROGRAM = """
import hashlib, sys
sys.path.insert(0, sys.argv[1])
sys.path.insert(0, sys.argv[1] + "/tests")
from test_reproducibility import digest
print(digest(int(sys.argv[2])))
"""


LARGE = {"area": {"name": "bcbc"}, "weeks": 5, "people_per_agent": 20}
"""Large enough for its loops to be shared among threads."""


def digest(seed, settings=SETTINGS):
    """A digest of every column of every person and job at the end of a run."""
    model = LabourMarket(Config.from_mapping(settings), seed)
    while model.running:
        model.step()
    found = hashlib.sha256()
    for columns in (model.people, model.jobs):
        for column in columns:
            found.update(column.tobytes())
    return found.hexdigest()


def digest_in_a_process_of_its_own(python, seed, **environment):
    result = subprocess.run(
        [str(python), "-c", PROGRAM, str(ROOT), str(seed)],
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
        check=False,
    )
    assert result.returncode == 0, result.stderr
    return result.stdout.strip()


@pytest.mark.parametrize("seed", [0, 1, 2**64 - 1])
def test_a_run_repeated_is_the_same_to_the_last_bit(seed):
    assert digest(seed) == digest(seed)


def test_seeds_differ_and_zero_is_one_of_them():
    assert len({digest(0), digest(1), digest(2**32)}) == 3


def test_the_number_of_threads_changes_nothing():
    available = numba.get_num_threads()
    if available < 2:
        pytest.skip("numba has one thread here, so there is no other number to compare")
    people = 1_550_000 // LARGE["people_per_agent"]
    assert people > SMALL, "too few people for more than one thread"
    found = set()
    try:
        for threads in range(1, available + 1):
            numba.set_num_threads(threads)
            found.add(digest(0, LARGE))
    finally:
        numba.set_num_threads(available)
    assert len(found) == 1


def test_processes_that_run_at_once_change_nothing():
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        assert list(pool.map(digest, [0, 0])) == [digest(0)] * 2


def test_python_versions_agree_bit_for_bit():
    python = os.environ.get("PATHFINDER_OTHER_PYTHON")
    if not python:
        pytest.skip("PATHFINDER_OTHER_PYTHON names no other Python; make test-pythons makes one")
    version = subprocess.run(
        [python, "-c", "import sys; print(*sys.version_info[:2])"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert tuple(map(int, version)) != sys.version_info[:2]
    assert digest_in_a_process_of_its_own(python, 0) == digest(0)


def test_a_run_on_one_thread_in_a_process_of_its_own_is_the_same():
    assert digest_in_a_process_of_its_own(sys.executable, 0, NUMBA_NUM_THREADS="1") == digest(0)


def test_a_saved_run_is_repeated_from_what_it_carries(tmp_path):
    first = simulate(Config.from_mapping(SETTINGS), 0, events=True)
    loaded = type(first).load(first.save(tmp_path / "run"))
    again = simulate(loaded.config, loaded.seed, events=True)
    for name in ("monthly", "flows", "events", "wards"):
        pd.testing.assert_frame_equal(getattr(first, name), getattr(again, name))
        pd.testing.assert_frame_equal(getattr(loaded, name), getattr(again, name))
