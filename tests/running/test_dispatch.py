"""Works sent elsewhere in chunks: what becomes of jobs that die, hang, or of a cluster gone silent.

The cluster here is a stand-in that carries out a job within `submit`, or lets it die as told.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from experiments.running.launchers import Watch
from experiments.running.launchers.chunks import Chunk, carry_out_chunk
from experiments.running.launchers.dispatch import MOST_IN_VAIN, Dispatch
from experiments.running.launchers.queues import SilentError
from experiments.running.launchers.settings import ClusterSettings
from experiments.running.work import Failure, Work, make_work
from experiments.store import Store, StoreError
from simulation.errors import SimulationError
from simulation.files.placing import put_folder

SETTINGS = ClusterSettings(poll_seconds=0.001, grace_seconds=0.001)


@dataclass
class StandIn:
    """A cluster on which `kills` says which works kill their job."""

    store: Path
    kills: Callable[[Work], bool] = lambda work: False
    most_jobs: int = 3
    name: str = "the cluster"
    hanging: set[str] = field(default_factory=set)
    hangs: Callable[[str], bool] = lambda job: False
    silent: bool = False
    sent: list[list[str]] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    closed: bool = False

    def submit(self, chunks: Sequence[Sequence[Work]]) -> list[str]:
        jobs = []
        for works in chunks:
            job = f"job {len(self.sent)}"
            self.sent.append([work.name for work in works])
            jobs.append(job)
            if self.hangs(job):
                self.hanging.add(job)
            else:
                self._carry_out(works)
        return jobs

    def _carry_out(self, works: Sequence[Work]) -> None:
        for work in works:
            if self.kills(work):
                return
            carry_out_chunk(Chunk((work,), self.store, "test", self.store))

    def running(self, jobs: Collection[str]) -> dict[str, bool]:
        if self.silent:
            raise SilentError("no route to host")
        return dict.fromkeys(self.hanging & set(jobs), True)

    def cancel(self, jobs: Collection[str]) -> None:
        self.ended += jobs
        self.hanging -= set(jobs)

    def close(self) -> None:
        self.closed = True

    def last_words(self, job: str) -> list[str]:
        return [f"{job}: out of memory"]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store", create=True)


def known_answers(count: int) -> list[Work]:
    return [make_work("ishigami", {"x1": i / 100}, 1, name=f"run {i}") for i in range(count)]


def dispatch(
    works: list[Work], queue: StandIn, *, runs_per_job: int, settings: ClusterSettings = SETTINGS
) -> tuple[list[Failure], list[str]]:
    """Carry works out; return what failed and the names of what was told as finished."""
    told: list[str] = []
    watch = Watch(lambda weeks: None, lambda work: told.append(work.name))
    failures = Dispatch(works, queue, settings, queue.store, watch).carry_out(
        runs_per_job=runs_per_job
    )
    return failures, told


def test_works_go_in_chunks_and_every_one_is_told_once(store):
    works, queue = known_answers(7), StandIn(store.folder)
    failures, told = dispatch(works, queue, runs_per_job=3)
    assert not failures
    assert [len(names) for names in queue.sent] == [3, 3, 1]
    assert sorted(told) == sorted(work.name for work in works)
    assert store.keys() == {work.key for work in works}
    assert queue.closed


def test_no_more_jobs_are_out_than_may_be(store):
    class Counting(StandIn):
        def submit(self, chunks: Sequence[Sequence[Work]]) -> list[str]:
            assert len(chunks) <= self.most_jobs
            return super().submit(chunks)

    failures, told = dispatch(
        known_answers(10), Counting(store.folder, most_jobs=2), runs_per_job=1
    )
    assert not failures
    assert len(told) == 10


def test_what_a_dead_job_left_is_sent_again_the_run_it_was_at_alone(store):
    deaths = iter([True])
    queue = StandIn(store.folder, kills=lambda work: work.name == "run 2" and next(deaths, False))
    failures, told = dispatch(known_answers(5), queue, runs_per_job=5)
    assert not failures
    assert len(told) == 5
    assert sorted(queue.sent[1:]) == [["run 2"], ["run 3", "run 4"]]


def test_a_run_that_always_kills_its_job_fails_alone_after_as_many_times_as_are_allowed(store):
    queue = StandIn(store.folder, kills=lambda work: work.name == "run 1")
    settings = SETTINGS.model_copy(update={"resubmit": 3})
    failures, told = dispatch(known_answers(6), queue, runs_per_job=6, settings=settings)
    assert [failure.name for failure in failures] == ["run 1"]
    assert "4 times" in failures[0].lines[0]
    assert "out of memory" in failures[0].lines[1]
    assert sum("run 1" in names for names in queue.sent) == 4
    assert len(told) == 5


def test_where_no_job_does_anything_not_every_run_is_tried_to_the_end(store):
    queue = StandIn(store.folder, kills=lambda work: True)
    failures, told = dispatch(known_answers(200), queue, runs_per_job=20)
    assert not told
    assert failures[-1].name == "the cluster"
    assert f"{MOST_IN_VAIN} jobs in a row ended with no run done" in failures[-1].lines[0]
    assert "out of memory" in failures[-1].lines[1]
    assert "0 of 200 runs are done" in failures[-1].lines[-1]
    assert len(queue.sent) < 50


def test_a_run_that_fails_by_itself_is_not_sent_again(store):
    works = known_answers(3)
    works[1] = replace(works[1], changes={"x1": 99.0}, key="0" * 32)
    queue = StandIn(store.folder)
    failures, told = dispatch(works, queue, runs_per_job=3)
    assert [failure.name for failure in failures] == ["run 1"]
    assert failures[0].is_input
    assert "99" in failures[0].lines[0]
    assert told == ["run 0", "run 2"]
    assert len(queue.sent) == 1


def test_a_note_of_an_earlier_failure_does_not_count(store):
    works = known_answers(2)
    store.fail(works[0].key, works[0].name, ["the disk was full"])
    failures, told = dispatch(works, StandIn(store.folder), runs_per_job=1)
    assert not failures
    assert len(told) == 2


def test_a_job_that_gives_no_sign_of_life_is_cancelled_and_sent_again(store):
    queue = StandIn(store.folder, hangs=lambda job: job == "job 0")
    # A millisecond of patience: the settings themselves know whole minutes only.
    settings = SETTINGS.model_copy(update={"minutes": 1e-5})
    failures, told = dispatch(known_answers(2), queue, runs_per_job=2, settings=settings)
    assert not failures
    assert len(told) == 2
    assert queue.ended == ["job 0"]


def test_a_cluster_that_stays_silent_ends_the_waiting_and_says_what_is_kept(store):
    queue = StandIn(store.folder, kills=lambda work: work.name == "run 1", silent=True)
    settings = SETTINGS.model_copy(update={"silence_minutes": 1e-4})
    failures, told = dispatch(known_answers(2), queue, runs_per_job=2, settings=settings)
    assert told == ["run 0"]
    (failure,) = failures
    assert failure.lines == (
        "the cluster gives no answer: no route to host",
        "1 of 2 runs are done; the same command goes on from there",
    )


def test_a_disk_that_cannot_be_read_for_a_while_costs_nothing(store, monkeypatch):
    troubles, keys = iter([True] * 3), Store.keys

    def hiccup(self: Store) -> set[str]:
        if next(troubles, False):
            raise StoreError("stale file handle")
        return keys(self)

    monkeypatch.setattr(Store, "keys", hiccup)
    queue = StandIn(store.folder)
    failures, told = dispatch(known_answers(3), queue, runs_per_job=3)
    assert not failures
    assert len(told) == 3
    assert len(queue.sent) == 1


def test_a_disk_that_can_never_be_read_ends_the_waiting(store, monkeypatch):
    def never(self: Store) -> set[str]:
        raise StoreError("stale file handle")

    monkeypatch.setattr(Store, "keys", never)
    settings = SETTINGS.model_copy(update={"silence_minutes": 1e-4})
    failures, _ = dispatch(
        known_answers(1), StandIn(store.folder), runs_per_job=1, settings=settings
    )
    assert failures[0].lines[0] == "stale file handle"


def test_a_cluster_that_refuses_jobs_for_a_while_is_asked_again(store):
    refusals = iter([True, True])

    class Busy(StandIn):
        def submit(self, chunks: Sequence[Sequence[Work]]) -> list[str]:
            if next(refusals, False):
                raise SilentError("too many jobs")
            return super().submit(chunks)

    failures, told = dispatch(known_answers(5), Busy(store.folder), runs_per_job=2)
    assert not failures
    assert told == [f"run {i}" for i in range(5)]


def test_whatever_ends_the_waiting_the_jobs_are_cancelled(store):
    class Interrupting(StandIn):
        def running(self, jobs: Collection[str]) -> dict[str, bool]:
            raise KeyboardInterrupt

    queue = Interrupting(store.folder, kills=lambda work: True)
    with pytest.raises(KeyboardInterrupt):
        dispatch(known_answers(1), queue, runs_per_job=1)
    assert queue.closed


def test_a_disk_that_is_full_ends_a_chunk_at_once(store, monkeypatch):
    def full(work: Work, *args: object, **kwargs: object) -> Failure:
        return Failure(work.name, ("no space left on device",), ends_all=True)

    monkeypatch.setattr("experiments.running.launchers.chunks.try_work", full)
    with pytest.raises(SimulationError, match="no space left"):
        carry_out_chunk(Chunk(tuple(known_answers(2)), store.folder, "test", store.folder))


def test_a_chunk_that_is_stopped_gives_up_the_run_it_is_at_and_begins_no_other(store):
    works = [make_work("ishigami", {"sleep": 60.0}, seed, name=str(seed)) for seed in (1, 2)]
    asked = iter([False, False, True])
    carry_out_chunk(
        Chunk(tuple(works), store.folder, "test", store.folder), lambda: next(asked, True)
    )
    assert not store.keys()
    assert not store.failures()


def test_works_with_folders_of_their_own_are_done_when_the_folder_is_replaced(tmp_path):
    works = [replace(work, folder=tmp_path / work.name) for work in known_answers(2)]
    _write_run(works[0])
    rounds = iter([[1], [0]])

    class Foldered(StandIn):
        def _carry_out(self, works: Sequence[Work]) -> None:
            for number in next(rounds):
                _write_run(works[number])

    queue = Foldered(tmp_path)
    told: list[str] = []
    watch = Watch(lambda weeks: None, lambda work: told.append(work.name))
    assert not Dispatch(works, queue, SETTINGS, None, watch).carry_out(runs_per_job=2)
    assert told == ["run 1", "run 0"]


def _write_run(work: Work) -> None:
    """Put a run's folder in the place of the one that is there."""
    assert work.folder is not None
    put_folder(work.folder, _write_manifest)


def _write_manifest(folder: Path) -> None:
    (folder / "manifest.json").write_text("{}", encoding="utf-8")
