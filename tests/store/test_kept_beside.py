"""Files kept beside a store: who simulates what is to be kept is alone with it."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from experiments.errors import StoppedError
from experiments.store.kept_beside import KeptBeside


@pytest.fixture
def kept(tmp_path: Path) -> KeptBeside:
    return KeptBeside(tmp_path / "kept", ".state", 4)


def told(weeks: int) -> None:
    assert weeks == 0


def names(kept: KeptBeside) -> list[str]:
    return [path.name for path in kept.folder.iterdir()]


class Holder:
    """Somebody else who has the lock, from `with` until its end, in a thread of its own."""

    def __init__(self, kept: KeptBeside) -> None:
        self._kept = kept
        self._is_in, self._is_done = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._hold)

    def _hold(self) -> None:
        with self._kept.alone_with("key", tell=told):
            self._is_in.set()
            self._is_done.wait(60)

    def __enter__(self) -> None:
        self._thread.start()
        assert self._is_in.wait(60)

    def __exit__(self, *args: object) -> None:
        self._is_done.set()
        self._thread.join()


def test_who_waits_in_vain_leaves_the_lock_of_who_holds_it(kept, monkeypatch):
    monkeypatch.setattr("experiments.store.kept_beside.WAIT_SECONDS", 0.1)
    with Holder(kept):
        with kept.alone_with("key", tell=told):
            pass
        assert names(kept) == ["key.lock"]
    assert not names(kept)


def test_no_lock_is_left_after_an_error(kept):
    with pytest.raises(RuntimeError), kept.alone_with("key", tell=told):
        raise RuntimeError
    assert not names(kept)


def test_who_waits_is_told_to_stop_meanwhile(kept):
    def stop(weeks: int) -> None:
        raise StoppedError

    with Holder(kept), pytest.raises(StoppedError), kept.alone_with("key", tell=stop):
        pytest.fail("two are alone")
    assert not names(kept)
