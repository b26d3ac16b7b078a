"""Folders are whole or told not to be; what somebody else put in one of ours is never lost."""

from __future__ import annotations

import errno
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from experiments.files.folders import check_file, check_free, check_writable
from experiments.files.locks import held
from experiments.files.replacing import replace_file
from simulation.errors import InputError, MachineError
from simulation.files.listing import LIST, DamagedError, check_whole, damage
from simulation.files.placing import add_file, claim, put_aside, put_folder, remove_ours

TABLES = {"one.csv": "a,b\n1,2\n", "figures/two.csv": "c\n3\n"}


def write_tables(folder: Path, tables: dict[str, str] = TABLES) -> None:
    for name, text in tables.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def names_in(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def folder(tmp_path):
    put_folder(tmp_path / "ours", write_tables)
    return tmp_path / "ours"


def test_a_folder_holds_what_was_written_and_a_list(folder):
    assert names_in(folder) == {*TABLES, LIST}
    assert set(check_whole(folder).files) == set(TABLES)
    assert [path.name for path in folder.parent.iterdir()] == ["ours"]


def test_any_flipped_bit_is_told_in_one_line_that_names_the_file(folder):
    draws = random.Random(1)
    for path in [folder / LIST, *(folder / name for name in TABLES)]:
        sound = path.read_bytes()
        for _ in range(40):
            place, bit = draws.randrange(len(sound)), draws.randrange(8)
            flipped = bytearray(sound)
            flipped[place] ^= 1 << bit
            path.write_bytes(flipped)
            try:
                found = check_whole(folder)
            except DamagedError as error:
                [line] = error.problems
                assert str(path) in line
            else:
                # A blank between the words of the list says nothing.
                assert path.name == LIST and set(found.files) == set(TABLES)
        path.write_bytes(sound)


def test_a_missing_file_a_cut_one_and_a_missing_list_are_told(folder):
    (folder / "one.csv").write_text("a,b\n")
    with pytest.raises(DamagedError, match=r"one\.csv: is not as it was written$"):
        check_whole(folder)
    (folder / "figures" / "two.csv").unlink()
    with pytest.raises(DamagedError, match=r"two\.csv: is missing \(and 1 files more\)$"):
        check_whole(folder)
    (folder / LIST).unlink()
    with pytest.raises(DamagedError, match="ours: has no files.json"):
        check_whole(folder)


def test_only_what_is_listed_is_removed(folder):
    others = {".git/HEAD": "ref", ".ssh/id": "key", "figures/mine.png": "picture", "note": "mine"}
    write_tables(folder, others)
    remove_ours(folder)
    assert names_in(folder) == set(others)


def test_a_folder_that_is_all_ours_goes_with_its_empty_folders(folder):
    remove_ours(folder)
    assert not folder.exists()


def test_without_a_list_nothing_is_removed(folder):
    (folder / LIST).unlink()
    remove_ours(folder)
    assert names_in(folder) == set(TABLES)


def test_a_list_that_names_files_elsewhere_is_not_followed(folder, tmp_path):
    mine = tmp_path / "mine"
    mine.mkdir()
    write_tables(mine, {"two.csv": TABLES["figures/two.csv"]})
    (folder / "figures" / "two.csv").unlink()
    (folder / "figures").rmdir()
    (folder / "figures").symlink_to(mine)
    remove_ours(folder)
    assert names_in(mine) == {"two.csv"}


def test_what_is_ours_is_replaced_and_all_else_stays(folder, caplog):
    write_tables(folder, {"note": "mine", "new.csv": "theirs"})
    (folder / "one.csv").write_text("edited by hand")
    put_folder(folder, lambda new: write_tables(new, {"one.csv": "new", "new.csv": "new"}))
    assert (folder / "one.csv").read_text() == "new"
    assert (folder / "one.csv.damaged-1").read_text() == "edited by hand"
    assert (folder / "new.csv.damaged-1").read_text() == "theirs"
    assert not (folder / "figures").exists()
    assert (folder / "note").read_text() == "mine"
    [line] = caplog.messages
    assert line == (
        f"{folder}/one.csv: is not as it was written; set aside as one.csv.damaged-1"
        " (and 1 files more)"
    )
    assert set(check_whole(folder).files) == {"one.csv", "new.csv"}


def test_a_damaged_list_is_set_aside_and_nothing_is_lost(folder):
    (folder / LIST).write_text("{")
    put_folder(folder, write_tables)
    assert set(check_whole(folder).files) == set(TABLES)
    assert {f"{name}.damaged-1" for name in (*TABLES, LIST)} < names_in(folder)


def test_a_file_more_is_on_the_list(folder):
    for text in ("one", "two"):
        add_file(folder, "more", lambda new, text=text: new.write_text(text))
        assert (folder / "more").read_text() == text
        assert set(check_whole(folder).made) == {"more"}
    (folder / "more").write_text("edited")
    assert not check_whole(folder).is_as_written(folder, "more")
    put_folder(folder, write_tables)
    assert names_in(folder) == {*TABLES, LIST, "more.damaged-1"}


def test_a_claimed_folder_is_not_whole_and_may_be_replaced(folder):
    claim(folder, ["runs/one"])
    put_folder(folder / "runs" / "one", write_tables)
    with pytest.raises(DamagedError, match="was not finished"):
        check_whole(folder)
    remove_ours(folder)
    assert not folder.exists()


@pytest.mark.parametrize("number", range(1, 12))
def test_wherever_replacing_is_cut_short_the_next_time_ends_whole(folder, monkeypatch, number):
    """Every call that moves a file may be the last of a process."""
    calls, replace = iter(range(100)), os.replace

    def killed(*names):
        if next(calls) >= number:
            raise KeyboardInterrupt
        replace(*names)

    new = {"one.csv": "new", "three.csv": "new", "four.csv": "new"}
    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", killed)
        try:
            put_folder(folder, lambda place: write_tables(place, new))
        except KeyboardInterrupt:
            # Until the first file is moved it is whole as it was.
            assert damage(folder) or names_in(folder) == {*TABLES, LIST}
    put_folder(folder, lambda place: write_tables(place, new))
    assert names_in(folder) == {*new, LIST}
    assert set(check_whole(folder).files) == set(new)


def test_what_a_killed_process_left_is_tidied_and_hidden_files_of_others_stay(tmp_path):
    script = (
        "import os, signal, sys; from pathlib import Path\n"
        "from simulation.files.placing import put_folder\n"
        "kill = lambda new: os.kill(os.getpid(), signal.SIGKILL)\n"
        "put_folder(Path(sys.argv[1]), kill)\n"
    )
    (tmp_path / ".pathfinder").write_text("mine")
    subprocess.run([sys.executable, "-c", script, str(tmp_path / "ours")], check=False)
    left = [path.name for path in tmp_path.iterdir()]
    assert len(left) == 2 and any(name.startswith(".pathfinder~") for name in left)
    put_folder(tmp_path / "ours", write_tables)
    assert {path.name for path in tmp_path.iterdir()} == {".pathfinder", "ours"}


def test_what_a_process_killed_while_it_wrote_a_file_left_is_tidied(tmp_path):
    script = (
        "import os, signal, sys; from pathlib import Path\n"
        "from experiments.files.replacing import replace_file\n"
        "kill = lambda new: os.kill(os.getpid(), signal.SIGKILL)\n"
        "replace_file(Path(sys.argv[1]), kill)\n"
    )
    path = tmp_path / "table.csv"
    subprocess.run([sys.executable, "-c", script, str(path)], check=False)
    (left,) = tmp_path.iterdir()
    assert left.name.startswith(".pathfinder~")
    replace_file(path, lambda new: new.write_text("a"))
    assert [each.name for each in tmp_path.iterdir()] == ["table.csv"]


def test_a_link_is_followed(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "disk" / "there")
    put_folder(tmp_path / "link", write_tables)
    put_folder(tmp_path / "link", write_tables)
    assert (tmp_path / "link").is_symlink()
    assert names_in(tmp_path / "disk" / "there") == {*TABLES, LIST}


@pytest.mark.parametrize(
    ("number", "kind"), [(errno.ENOSPC, MachineError), (errno.EIO, MachineError),
                         (errno.EROFS, InputError), (errno.EACCES, InputError)],
)  # fmt: skip
def test_the_systems_no_is_one_line_with_the_users_path(tmp_path, number, kind):
    def refuse(new: Path) -> None:
        raise OSError(number, os.strerror(number), str(new / "scratch"))

    with pytest.raises(kind) as refused:
        put_folder(tmp_path / "ours", refuse)
    assert str(refused.value) == f"{tmp_path}/ours cannot be written: {os.strerror(number)}"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["a" * 300, "a/" * 3000 + "b"])
def test_a_name_that_is_too_long_is_refused_before_anything_runs(tmp_path, name):
    with pytest.raises(InputError, match="File name too long; give output="):
        check_writable(tmp_path / name)


def test_what_others_wrote_is_not_free_whatever_is_asked(tmp_path):
    (tmp_path / "notes").write_text("mine")
    for overwrite in (False, True):
        with pytest.raises(InputError, match="holds notes, which no command here wrote"):
            check_free(tmp_path, overwrite=overwrite)
    (tmp_path / "manifest.json").write_text("{}")
    with pytest.raises(InputError, match="as older versions left it; move the folder away"):
        check_free(tmp_path, overwrite=True)


def test_a_folder_of_ours_is_free_if_asked_whatever_else_is_in_it(folder):
    write_tables(folder, {".git/HEAD": "ref"})
    check_free(folder, overwrite=True)
    with pytest.raises(InputError, match="is there already"):
        check_free(folder, overwrite=False)


def test_a_way_through_a_folder_that_is_not_there_leads_to_the_same_refusal(folder, tmp_path):
    with pytest.raises(InputError, match="is there already"):
        check_free(tmp_path / "missing" / ".." / "ours", overwrite=False)
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs" / "notes").write_text("mine")
    with pytest.raises(InputError, match="holds notes, which no command here wrote"):
        check_free(tmp_path / "missing" / ".." / "theirs", overwrite=True)
    notes = tmp_path / "missing" / ".." / "theirs" / "notes"
    with pytest.raises(InputError, match="is there already"):
        check_file(notes, overwrite=False)
    with pytest.raises(InputError, match="is a folder"):
        check_file(notes.parent)


def test_two_commands_do_not_write_in_a_folder_at_once(tmp_path):
    script = (
        "import sys; from pathlib import Path\n"
        "from experiments.files.locks import held\n"
        "with held(Path(sys.argv[1])): pass\n"
    )
    with held(tmp_path / "here"):
        with held(tmp_path / "here"):
            """Within one command it may be held again."""
        other = subprocess.run(
            [sys.executable, "-c", script, str(tmp_path / "here")],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    assert "another command is writing there" in other.stderr.splitlines()[-1]
    assert list(tmp_path.iterdir()) == []


def test_put_aside_leaves_a_whole_folder_alone(folder):
    put_aside(folder)
    assert names_in(folder) == {*TABLES, LIST}
