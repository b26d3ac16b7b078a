"""The store keeps every run once, whatever happens to its writers and its files."""

from __future__ import annotations

import errno
import fcntl
import json
import multiprocessing
import os
import random
import resource
import shutil
import stat
import subprocess
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from filelock import FileLock
from hypothesis import given
from hypothesis import strategies as st

from experiments.store import Row, Store, StoreError, files, key_of, packs
from experiments.store.keys import canonical
from simulation.errors import InputError

DEFAULTS = {"hiring": {"strength": 1.0, "rule": "ranking"}, "weeks": 52, "wards": ["a"]}


def make_row(number: int = 0, *, seed: int = 1, **fields) -> Row:
    """Return a run whose outcome is its number, with three months of two groups."""
    changes = {"hiring.strength": float(number)}
    dates = pd.to_datetime(["2006-05-01", "2006-06-01", "2006-07-01"]).repeat(2)
    months = pd.DataFrame({"date": dates, "group": ["all", "priority:1"] * 3})
    months["employed"] = np.arange(6.0) + number
    row = Row(
        key=key_of("m", {**DEFAULTS, **changes}, seed, "v", {}),
        model="m",
        seed=seed,
        code_version="v",
        defaults=DEFAULTS,
        changes=changes,
        inputs={},
        outcomes={"employment": float(number), "jobs": 2.0 * number},
        months=months,
        experiment="first",
        seconds=1.5,
        n_people=100,
        host="here",
        finished=f"2026-01-01T00:00:{number % 60:02}+00:00",
        commit="abc",
        versions={"python": "3.11"},
    )
    return replace(row, **fields)


def make_store(folder: Path, numbers=range(3)) -> Store:
    store = Store(folder / "store", create=True)
    for number in numbers:
        store.add(make_row(number))
    return store


def files_of(store: Store) -> list[Path]:
    return sorted(store.folder.glob("[lp]o*/*")) + sorted(store.folder.glob("packs/*"))


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**40), 2**40)
    | st.floats(allow_nan=False)
    | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)
VALUES = st.dictionaries(st.text(max_size=5), JSON, max_size=5)


def shuffled(value, reverse):
    """Return the same value with every mapping in another order."""
    if isinstance(value, dict):
        items = [(key, shuffled(item, reverse)) for key, item in value.items()]
        return dict(items[::-1] if reverse else sorted(items))
    return [shuffled(item, reverse) for item in value] if isinstance(value, list) else value


@given(VALUES, st.integers(0, 2**62))
def test_the_key_is_the_same_whatever_the_order_of_names(values, seed):
    inputs = {"b": "1", "a": "2"}
    keys = {
        key_of("m", shuffled(values, reverse), seed, "v", shuffled(inputs, reverse))
        for reverse in (False, True)
    }
    assert len(keys) == 1
    assert all(len(key) == 32 and set(key) <= set("0123456789abcdef") for key in keys)


@given(VALUES, VALUES, st.integers(0, 99), st.integers(0, 99))
def test_keys_differ_if_and_only_if_value_or_seed_do(one, other, seed, other_seed):
    # The text with types is the second implementation of what counts as the same value.
    same = repr(shuffled(one, False)) == repr(shuffled(other, False)) and seed == other_seed
    assert (key_of("m", one, seed, "v", {}) == key_of("m", other, other_seed, "v", {})) == same


def test_keys_differ_for_model_version_and_inputs():
    keys = [
        key_of("m", {"a": 1}, 1, "v", {}),
        key_of("n", {"a": 1}, 1, "v", {}),
        key_of("m", {"a": 1}, 1, "w", {}),
        key_of("m", {"a": 1}, 1, "v", {"my.csv": "d1"}),
        key_of("m", {"a": 1}, 1, "v", {"my.csv": "d2"}),
        key_of("m", {"a": 1}, 1, "v", {"your.csv": "d1"}),
    ]
    assert len(set(keys)) == len(keys)


def test_what_json_cannot_hold_has_no_key():
    for value in (np.arange(2), {1, 2}, object(), {1: "a"}):
        with pytest.raises(TypeError):
            canonical({"a": value})
    with pytest.raises(ValueError, match="NaN"):
        canonical({"a": float("nan")})


def test_a_run_comes_back_as_it_went_in(tmp_path):
    row = make_row(7, inputs={"my.csv": "d"}, outcomes={"b": -0.5, "a": 1e300})
    store = make_store(tmp_path)
    store.add(row)
    for _ in range(2):
        back = Store(store.folder).row(row.key)
        pd.testing.assert_frame_equal(back.months, row.months, check_dtype=False)
        assert replace(back, months=None) == replace(row, months=None)
        store.pack()


def test_a_run_is_there_from_the_moment_it_is_added(tmp_path):
    store, other = make_store(tmp_path, []), Store(tmp_path / "store")
    row = make_row(1)
    assert row.key not in other and len(other) == 0
    store.add(row)
    assert row.key in other and other.keys() == {row.key}
    store.pack()
    assert row.key in other and other.keys() == {row.key}
    assert make_row(2).key not in other


def test_a_run_that_is_there_is_not_added_again(tmp_path):
    store = make_store(tmp_path)
    before = files_of(store)
    store.add(make_row(1, seconds=99.0))
    assert files_of(store) == before
    store.pack()
    store.add(make_row(1, seconds=99.0))
    assert not list((store.folder / "loose").iterdir())
    assert store.row(make_row(1).key).seconds == 1.5


def test_runs_have_a_column_for_each_changed_parameter_and_each_outcome(tmp_path):
    store = make_store(tmp_path, [1])
    store.add(
        make_row(2, key="0" * 32, changes={"weeks": 26, "wards": ["b"]}, outcomes={"new": 3.0})
    )
    frame = store.runs().set_index("key")
    first = make_row(1).key
    assert frame.loc[first, ["hiring.strength", "weeks", "wards"]].tolist() == [1.0, 52, '["a"]']
    assert frame.loc["0" * 32, ["hiring.strength", "weeks", "wards"]].tolist() == [1.0, 26, '["b"]']
    assert frame["weeks"].dtype == np.int64
    assert "hiring.rule" not in frame
    assert frame.loc["0" * 32, "new"] == 3.0
    assert np.isnan(frame.loc[first, "new"]) and np.isnan(frame.loc["0" * 32, "employment"])


def test_runs_are_found_by_key_and_by_experiment(tmp_path):
    store = make_store(tmp_path)
    store.add(make_row(9, experiment="second"))
    assert store.runs(experiment="second")["employment"].tolist() == [9.0]
    assert store.runs(keys=[make_row(1).key])["employment"].tolist() == [1.0]
    assert store.runs(keys=[]).empty


def test_outcomes_come_in_the_order_asked_for_and_nan_where_there_is_none(tmp_path):
    store = make_store(tmp_path)
    keys = [make_row(2).key, "f" * 32, make_row(0).key]
    frame = store.outcomes(keys, ["jobs", "none"])
    assert frame.index.tolist() == keys
    np.testing.assert_array_equal(frame["jobs"], [4.0, np.nan, 0.0])
    assert frame["none"].isna().all() and (frame.dtypes == np.float64).all()


def test_months_come_by_run_date_and_group(tmp_path):
    store = make_store(tmp_path)
    keys = [make_row(2).key, make_row(0).key]
    store.pack()
    store.add(make_row(5, months=None))
    frame = store.months([*keys, make_row(5).key])
    assert frame["key"].tolist() == [keys[0]] * 6 + [keys[1]] * 6
    np.testing.assert_array_equal(frame["employed"], [*np.arange(6.0) + 2, *np.arange(6.0)])
    assert frame["group"].tolist() == ["all", "priority:1"] * 6


def test_months_that_are_no_months_are_refused_and_nothing_is_kept(tmp_path):
    store = make_store(tmp_path, [])
    months = make_row(1).months
    for bad in (
        pd.concat([months, months]),
        months.drop(columns="group"),
        months.assign(key=1.0),
        months.assign(employed="many"),
    ):
        with pytest.raises(ValueError):
            store.add(make_row(1, months=bad))
    assert not files_of(store)


def test_seconds_of_runs_tell_how_long_they_were(tmp_path):
    store = make_store(tmp_path)
    store.add(make_row(9, model="other", key="1" * 32))
    frame = store.seconds("m")
    assert frame["weeks"].tolist() == [52.0] * 3 and frame["seconds"].tolist() == [1.5] * 3
    assert frame["n_people"].tolist() == [100] * 3


# ------ one content, one digest ------


def test_the_digest_is_of_content_and_not_of_order_packing_or_circumstances(tmp_path):
    one = make_store(tmp_path / "one", [0, 1, 2])
    one.pack()
    one.add(make_row(3, seconds=9.0, host="there", experiment="x", commit="d", versions={}))
    other = make_store(tmp_path / "other", [3, 2, 1, 0])
    assert one.digest() == other.digest()
    other.pack()
    assert one.digest() == other.digest()


@pytest.mark.parametrize(
    "change",
    [
        {"outcomes": {"employment": 1.0, "jobs": 2.0 + 2**-50}},
        {"outcomes": {"employment": 1.0}},
        {"months": None},
        {"months": make_row(1).months.assign(employed=0.0)},
        {"months": make_row(1).months.rename(columns={"employed": "unemployed"})},
        {"changes": {"hiring.strength": 3.0}},
        {"defaults": {}},
        {"inputs": {"a": "b"}},
        {"seed": 2},
        {"code_version": "w"},
        {"model": "n"},
    ],
    ids=str,
)
def test_the_digest_tells_any_other_content(tmp_path, change):
    one = make_store(tmp_path / "one", [0])
    other = make_store(tmp_path / "other", [0])
    one.add(make_row(1))
    other.add(make_row(1, **change))
    assert one.digest() != other.digest()


def test_a_run_with_more_monthly_columns_beside_it_has_the_same_digest(tmp_path):
    wide = make_row(1, months=make_row(1).months.assign(jsa=3.0))
    one, other = make_store(tmp_path / "one", [0]), make_store(tmp_path / "other", [0])
    one.add(wide)
    other.add(wide)
    one.pack()  # Now the months of run 0 have a column jsa, all of it without a value.
    assert one.digest() == other.digest()
    assert "jsa" not in one.row(make_row(0).key).months


# ------ damage ------


def cut(path):
    path.write_bytes(path.read_bytes()[:-7])


def flip(path):
    data = bytearray(path.read_bytes())
    data[len(data) // 3] ^= 1
    path.write_bytes(data)


def empty(path):
    path.write_bytes(b"")


def swap_for_another_table(path):
    pd.DataFrame({"key": ["a"]}).to_parquet(path)


@pytest.mark.parametrize("damage", [cut, flip, empty, swap_for_another_table])
@pytest.mark.parametrize("is_packed", [False, True])
def test_a_damaged_file_is_reported_set_aside_and_its_runs_can_be_run_again(
    tmp_path, damage, is_packed
):
    store = make_store(tmp_path)
    undisturbed = store.digest()
    lost = {make_row(number).key for number in ((0, 1, 2) if is_packed else (1,))}
    if is_packed:
        store.pack()
    path = next(p for p in files_of(store) if is_packed or p.name.startswith(make_row(1).key))
    damage(path)
    found = Store(store.folder)
    assert {make_row(number).key for number in range(3)} - found.keys() == lost
    assert len(found.damaged()) == 1 and found.damaged()[0].startswith(f"{path}: is not as it was")
    assert not path.exists() and len(list((store.folder / "damaged").iterdir())) == 1
    assert Store(store.folder).damaged() == []
    for number in range(3):
        found.add(make_row(number))
    assert found.digest() == undisturbed


def test_damage_is_found_by_whoever_looks_first(tmp_path):
    for number, look in enumerate(
        (
            lambda store: make_row(1).key in store,
            lambda store: store.add(make_row(1)),
            lambda store: store.runs(),
            lambda store: store.months([make_row(1).key]),
            lambda store: store.query("select * from months"),
            lambda store: store.digest(),
            lambda store: store.check(),
            lambda store: store.pack(),
        )
    ):
        store = make_store(tmp_path / str(number), [1])
        flip(files_of(store)[0])
        look(store)
        assert len(store.damaged()) == 1


def test_a_bit_that_turns_while_the_time_of_the_file_stays_is_found_by_check(tmp_path):
    store = make_store(tmp_path)
    store.pack()
    path, old = files_of(store)[-1], time.time() - 100
    os.utime(path, (old, old))
    assert len(store) == 3
    flip(path)
    os.utime(path, (old, old))
    store.check()
    assert len(store) == 0 and len(store.damaged()) == 1


def test_a_file_that_is_not_the_stores_is_set_aside_and_hidden_ones_are_left(tmp_path):
    store = make_store(tmp_path)
    (store.folder / "packs" / "notes.txt").write_text("mine")
    (store.folder / "packs" / ".hidden").write_text("of the system")
    assert len(store) == 3
    assert "notes.txt: is no file of a store's; set aside in damaged/" in store.damaged()[0]
    assert (store.folder / "packs" / ".hidden").exists()


def test_a_run_in_two_files_is_there_once(tmp_path):
    """As after a crash between writing a pack and removing what went into it."""
    store = make_store(tmp_path)
    copy = shutil.copytree(store.folder, tmp_path / "copy")
    once = store.digest()
    store.pack()
    for path in (copy / "loose").iterdir():
        shutil.copy(path, store.folder / "loose")
    assert len(store.runs()) == len(store) == 3 and store.digest() == once
    assert len(store.months([make_row(1).key])) == 6
    for view, rows in (("runs", 3), ("months", 18)):
        assert store.query(f"select count(*) as n from {view}")["n"].tolist() == [rows]
    assert store.pack() == 0
    assert not list((store.folder / "loose").iterdir())
    assert len(store.runs()) == 3 and store.digest() == once


def test_a_torn_mark_is_written_again_and_no_run_is_lost(tmp_path):
    store = make_store(tmp_path)
    (store.folder / "store.json").write_text('{"for')
    again = Store(store.folder)
    assert len(again) == 3
    assert "store.json: could not be read; set aside in damaged/" in again.damaged()[0]
    assert Store(store.folder).damaged() == []


# ------ packs ------


def test_packs_have_neither_too_few_runs_nor_too_many(tmp_path, monkeypatch):
    monkeypatch.setattr(packs, "SMALL_RUNS", 3)
    monkeypatch.setattr(packs, "MOST_RUNS", 5)
    store = make_store(tmp_path, range(12))
    whole = store.digest()
    assert store.pack() == 12 and store.pack() == 0
    sizes = sorted(
        pq.read_table(path)["model"].drop_null().length() for path in files_of(store)[-3:]
    )
    assert sizes == [2, 5, 5] and store.digest() == whole
    store.add(make_row(20))
    assert store.pack() == 1
    assert sorted(len(f.keys) for f in store._shelf.files()) == [3, 5, 5]


def test_whoever_adds_too_many_files_packs_them(tmp_path, monkeypatch):
    monkeypatch.setattr("experiments.store.MOST_LOOSE", 4)
    store = make_store(tmp_path, range(11))
    assert len(list((store.folder / "loose").iterdir())) < 5
    assert len(store) == 11


def test_a_pack_that_another_process_is_making_is_waited_for_only_so_long(tmp_path):
    store = make_store(tmp_path)
    with files_lock(store):
        assert store.pack(wait_seconds=0.01) == 0
    assert store.pack() == 3


@pytest.mark.parametrize(
    "number", [errno.ENOLCK, errno.EOPNOTSUPP, errno.EPERM], ids=errno.errorcode.get
)
def test_where_no_lock_can_be_had_runs_stay_in_files_of_their_own(tmp_path, monkeypatch, number):
    store = make_store(tmp_path)

    def refuse(*_):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(fcntl, "flock", refuse)
    assert store.pack(wait_seconds=0.1) == 0
    assert len(store) == len(list((store.folder / "loose").iterdir())) == 3


def test_a_lock_that_fails_for_another_reason_is_reported(tmp_path, monkeypatch):
    store = make_store(tmp_path)

    def refuse(*_, **__):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(FileLock, "acquire", refuse)
    with pytest.raises(StoreError, match="cannot be packed: No space left .* still is"):
        store.pack()


def test_who_may_write_in_the_folder_may_pack_whoever_packed_first(tmp_path):
    store = make_store(tmp_path)
    store.folder.chmod(0o775)
    assert store.pack() == 3
    assert stat.S_IMODE((store.folder / "lock").stat().st_mode) == 0o664


def files_lock(store):
    return FileLock(store.folder / "lock")


# ------ writers that die, disks that are full, folders that cannot be written ------


def test_only_old_temporary_files_of_dead_writers_are_swept_away(tmp_path):
    store = make_store(tmp_path)
    dead = multiprocessing.get_context("spawn").Process(target=int)
    dead.start()
    dead.join()
    host, loose = files.this_host(), store.folder / "loose"
    old, very_old = time.time() - 2 * files.DEAD_SECONDS, time.time() - 2 * files.LOST_SECONDS
    cases = {
        f".a~{host}~{dead.pid}~1.part": (old, True),
        f".b~{host}~{dead.pid}~1.part": (time.time(), False),
        f".c~{host}~{os.getpid()}~1.part": (old, False),
        f".d~elsewhere~{dead.pid}~1.part": (old, False),
        f".e~elsewhere~{dead.pid}~1.part": (very_old, True),
        ".other": (very_old, False),
    }
    for name, (when, _) in cases.items():
        (loose / name).write_bytes(b"half a file")
        os.utime(loose / name, (when, when))
    assert len(store) == 3 and store.damaged() == []
    store.pack()
    assert {path.name for path in loose.iterdir()} == {
        name for name, (_, is_swept) in cases.items() if not is_swept
    }


def _add_until_killed(folder: Path) -> None:
    store = Store(folder)
    for number in range(100_000):
        store.add(make_row(number))


def test_a_killed_writer_leaves_whole_runs_and_temporary_files_only(tmp_path):
    store = make_store(tmp_path, [0])
    writer = multiprocessing.get_context("spawn").Process(
        target=_add_until_killed, args=(store.folder,)
    )
    writer.start()
    while len(store) < 3:  # whole runs: temporary files lie beside them
        time.sleep(0.01)
    time.sleep(random.random() / 2)
    writer.kill()
    writer.join()
    n_runs = len(store)
    assert n_runs >= 3 and store.damaged() == []
    alone = make_store(tmp_path / "alone", range(n_runs))
    assert store.digest() == alone.digest()


def test_a_full_disk_is_one_clear_line_and_nothing_is_lost(tmp_path, monkeypatch):
    store = make_store(tmp_path)
    before, whole = files_of(store), store.digest()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, hard))
    try:
        with pytest.raises(StoreError, match="cannot be kept: File too large; all that was there"):
            store.add(make_row(9))
        with pytest.raises(StoreError, match="cannot be packed: File too large"):
            store.pack()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert files_of(store) == before and store.digest() == whole
    assert not list(store.folder.rglob("*.part"))
    assert store.pack() == 3 and store.digest() == whole


def test_a_disk_that_is_really_full_is_one_clear_line_and_nothing_is_lost(tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(disk)]
    if os.geteuid() or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("only root can make a small disk")
    try:
        store = make_store(disk, [])
        with pytest.raises(StoreError, match="No space left on device") as error:
            for number in range(1000):
                store.add(make_row(number))
        assert "\n" not in str(error.value)
        n_runs = len(store)
        assert n_runs > 5 and store.damaged() == [] and not list(disk.rglob("*.part"))
        whole = store.digest()
        with pytest.raises(StoreError, match="No space left on device"):
            store.pack()
        assert len(store) == n_runs and store.digest() == whole
        assert set(store.runs()["employment"]) == set(range(n_runs))
        fresh = disk / "fresh"
        (disk / "fill").write_bytes(b"x" * (shutil.disk_usage(disk).free // 4096 * 4096))
        with pytest.raises(InputError, match="fresh: cannot be made or written: No space left"):
            Store(fresh, create=True)
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_a_store_of_another_version_and_what_is_no_store_are_refused_in_one_line(tmp_path):
    store = make_store(tmp_path)
    whole = sorted(store.folder.rglob("*"))
    (store.folder / "store.json").write_text(json.dumps({"format": 99}))
    other = tmp_path / "other"
    other.mkdir()
    (other / "thesis.docx").write_text("mine")
    file = tmp_path / "file"
    file.write_text("mine")
    absent = tmp_path / "absent"
    for folder, create, line in (
        (store.folder, False, "is of format 99, as its store.json says, and this version"),
        (store.folder, True, "is of format 99"),
        (other, True, "is no store of runs: store.json is not there, but thesis.docx is"),
        (other, False, "is no store of runs"),
        (file, True, "cannot be made or written"),
        (file, False, "no store is there"),
        (absent, False, "no store is there; give store="),
        (Path("/proc/none"), True, "cannot be made or written"),
    ):
        with pytest.raises(InputError, match=line) as error:
            Store(folder, create=create)
        assert error.value.problems[0].startswith(f"store={folder}: ")
        assert len(error.value.problems) == 1 and "\n" not in error.value.problems[0]
    with pytest.raises(InputError, match=f"store={other}: is no store of runs"):
        Store(absent / ".." / "other", create=True)
    assert sorted(store.folder.rglob("*")) == whole
    assert not absent.exists() and list(other.iterdir()) == [other / "thesis.docx"]


def test_an_empty_folder_and_half_a_store_can_become_one(tmp_path):
    for name, inside in (("empty", ()), ("half", ("loose", "packs")), ("hidden", (".git",))):
        folder = tmp_path / name
        for each in ("", *inside):
            (folder / each).mkdir()
        assert len(Store(folder, create=True)) == 0
        assert len(Store(folder)) == 0


def test_a_store_that_cannot_be_written_can_still_be_read(tmp_path, monkeypatch):
    store = make_store(tmp_path)
    store.pack()
    store.add(make_row(5))
    whole = store.digest()

    def refuse(*arguments, **settings):
        raise OSError(30, "Read-only file system")

    for name in ("mkdir", "rename", "replace", "unlink"):
        monkeypatch.setattr(os, name, refuse)
    real_open = os.open
    monkeypatch.setattr(
        os,
        "open",
        lambda path, flags, *rest, **more: (
            refuse() if flags & (os.O_WRONLY | os.O_RDWR) else real_open(path, flags, *rest, **more)
        ),
    )
    read = Store(store.folder)
    assert read.digest() == whole and len(read.runs()) == 4
    assert read.query("select count(*) as n from runs")["n"].tolist() == [4]
    with pytest.raises(StoreError, match="Read-only file system"):
        read.pack()
    with pytest.raises(InputError, match="cannot be made or written: Read-only file system"):
        Store(store.folder, create=True)


def test_damage_in_a_store_that_cannot_be_written_is_left_out(tmp_path, monkeypatch):
    store = make_store(tmp_path)
    flip(files_of(store)[0])
    monkeypatch.setattr(files, "set_aside", lambda folder, path: False)
    monkeypatch.setattr("experiments.store.shelf.set_aside", lambda folder, path: False)
    assert len(store) == 2
    assert "left out, what it held will be run again" in store.damaged()[0]


# ------ several processes ------


def _work(folder: Path, numbers: list[int], seed: int) -> None:
    """Add runs in an order of one's own, look things up and pack in between."""
    store, chance = Store(folder), random.Random(seed)
    chance.shuffle(numbers)
    for place, number in enumerate(numbers):
        store.add(make_row(number))
        assert make_row(number).key in store
        if place % 7 == 3:
            store.pack(wait_seconds=chance.choice([0, 10]))
        assert {make_row(each).key for each in numbers[: place + 1]} <= store.keys()
    assert store.damaged() == []


def test_two_processes_add_and_pack_the_same_and_other_runs_at_once(tmp_path):
    store = make_store(tmp_path, [])
    context = multiprocessing.get_context("spawn")
    shares = ([*range(0, 30)], [*range(15, 45)])
    writers = [
        context.Process(target=_work, args=(store.folder, share, seed))
        for seed, share in enumerate(shares)
    ]
    for writer in writers:
        writer.start()
    lengths, is_running = [0], True
    while is_running:
        is_running = any(writer.is_alive() for writer in writers)
        frame = store.runs()
        assert frame["key"].is_unique
        lengths.append(len(frame))
    for writer in writers:
        writer.join()
        assert writer.exitcode == 0
    assert lengths == sorted(lengths), "a run that was there was not seen"
    assert lengths[-1] == len(store) == 45 and store.damaged() == []
    store.pack()
    assert not list((store.folder / "loose").iterdir())
    assert store.digest() == make_store(tmp_path / "alone", range(45)).digest()


# ------ failures ------


def test_a_failed_run_is_noted_until_it_succeeds(tmp_path):
    store = make_store(tmp_path, [])
    key = make_row(1).key
    store.fail(key, "strength 1, seed 1", ["books do not balance", "in week 3"])
    store.fail(make_row(2).key, "strength 2, seed 1", ["killed"])
    noted = {each.key: each for each in Store(store.folder).failures()}
    assert noted[key].lines == ("books do not balance", "in week 3")
    assert noted[key].name == "strength 1, seed 1" and len(noted) == 2
    assert key not in store
    store.add(make_row(1))
    assert [each.key for each in store.failures()] == [make_row(2).key]
    (store.folder / "failures" / f"{key}.json").write_text("{")
    assert len(store.failures()) == 1


# ------ SQL ------


@pytest.mark.parametrize(
    ("sql", "answer"),
    [
        ("select count(*) from runs", [[3]]),
        ("select employment from runs where hiring.strength = 2", [[2.0]]),
        ("select r.hiring.strength from runs r where r.HIRING.strength > 1", [[2.0]]),
        ("select sum(employed) from months where group='all' -- 'group'", [[27.0]]),
        (
            "select m.group, count(*) from months m group by m.group order by 1 limit 1",
            [["all", 9]],
        ),
        ("select 'hiring.strength' from runs limit 1", [["hiring.strength"]]),
        (
            "with late as (select key, employed from months where date = '2006-07-01')"
            " select max(late.employed - runs.employment) from late join runs using (key)",
            [[5.0]],
        ),
        ("select seed from runs where experiment = 'none'", []),
    ],
)
@pytest.mark.parametrize("is_packed", [False, True])
def test_sql_is_answered_from_runs_and_months(tmp_path, sql, answer, is_packed):
    store = make_store(tmp_path)
    if is_packed:
        store.pack()
    assert store.query(sql).to_numpy().tolist() == answer


def test_an_empty_store_and_runs_without_months_can_be_asked(tmp_path):
    store = make_store(tmp_path, [])
    assert store.query('select key, date, "group" from months').empty
    assert store.query("select key, seed from runs").empty
    store.add(make_row(1, months=None))
    assert store.query('select key, date, "group" from months').empty


def test_a_folder_with_signs_of_patterns_in_its_name_can_be_asked(tmp_path):
    store = make_store(tmp_path / "a [b] it's *?")
    assert store.query("select count(*) as n from months")["n"].tolist() == [18]


@pytest.mark.parametrize(
    ("sql", "line"),
    [
        ("select employmnt from runs", 'employmnt" not found.*did you mean employment'),
        ("select employd from months", 'employd" not found.*did you mean employed'),
        ("select hiring.strenght from runs", "no hiring.strenght; did you mean hiring.strength"),
        ("select * from runz", "runz does not exist.*did you mean runs"),
        ("selekt 1", 'syntax error at or near "selekt" in: selekt 1'),
        ("", "one select statement is allowed, got none"),
        ("select 1; select 2", "one select statement is allowed, got select, then select"),
        ("copy runs to 'stolen.csv'", "got copy; the store is only read here"),
        ("drop view runs", "got drop"),
        ("create table mine as select 1", "got create"),
        ("install httpfs", "the store is only read here"),
        ("set enable_external_access = true", "got set"),
        ("attach 'mine.db'", "got attach"),
        ("select * from read_csv('/etc/passwd')", "disabled by configuration"),
        ("select * from '/etc/passwd'", "does not exist"),
        ("select * from read_text('pyproject.toml')", "disabled by configuration"),
        ("select * from glob('/etc/*')", "disabled by configuration"),
        ("select * from months where date = 'yesterday'", "yesterday"),
    ],
)
def test_bad_sql_is_one_line_and_reads_and_writes_nothing_else(tmp_path, monkeypatch, sql, line):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pyproject.toml").write_text("x")
    store = make_store(tmp_path, [1])
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(InputError, match=line) as error:
        store.query(sql)
    assert len(error.value.problems) == 1 and "\n" not in error.value.problems[0]
    assert error.value.problems[0].startswith("sql: ")
    assert sorted(tmp_path.rglob("*")) == before


def test_sql_sees_no_variables_of_the_program(tmp_path):
    secret = pd.DataFrame({"a": [1]})
    with pytest.raises(InputError, match="secret does not exist"):
        make_store(tmp_path).query("select * from secret")
    assert len(secret) == 1


# ------ many runs ------


@pytest.mark.slow
def test_ten_thousand_runs_list_and_filter_in_under_a_second(tmp_path):
    from experiments.store.benchmark import benchmark_store

    figures = benchmark_store(tmp_path / "store", n_added=5)
    asked = ("check_keys", "list_runs", "filter_parameter", "filter_outcome", "months_of_group")
    assert figures["n_runs"] == 10_000
    # Seconds of processors, for the tests may not have the machine to themselves: where they have,
    # no more time passes than that.
    taken = {name: figures[f"{name}_cpu"] for name in asked}
    assert {name: seconds for name, seconds in taken.items() if seconds > 1} == {}


def test_runs_of_some_experiment_have_no_columns_of_outcomes_of_others(tmp_path):
    store = make_store(tmp_path)
    store.add(make_row(9, experiment="second", outcomes={"only_here": 1.0}))
    store.pack()
    assert "only_here" not in store.runs(experiment="first")
    assert list(store.runs(experiment="second"))[-1] == "only_here"
    np.testing.assert_array_equal(store.runs()["only_here"], [np.nan] * 3 + [1.0])
