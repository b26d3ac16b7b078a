"""README.md can be followed: every command in it, in order, from an empty folder."""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
TEXT = (ROOT / "README.md").read_text(encoding="utf-8")
SET_UP = ("make", ".venv/bin/pip", ".venv/bin/jupyter")
"""Commands that make the environment or are tested by their own targets."""
OURS = ("pathfinder", "cp")
SMALL = ("area=two_towns", "people_per_agent=4", "weeks=26", "page=false")
STUDY = (*SMALL, "seeds=2", "most_seeds=2", "launcher.name=in_process")
SHORTER = {
    "compare": ("people_per_agent=4", "weeks=26", "page=false"),
    "study": STUDY,
    "run --multirun": ("people_per_agent=20",),
}
"""What makes minutes seconds, by the words README itself names: all else is done as it stands."""
AVERAGED = ("README.md", "docs", "experiments/words", "notebooks")


def commands() -> list[list[str]]:
    """Return the commands of README, as a shell reads them: indented lines that begin with one."""
    lines = re.findall(r"^    (.*)$", TEXT, flags=re.MULTILINE)
    read = [shlex.split(line, comments=True) for line in lines if "(" not in line.split(" ")[0]]
    return [words for words in read if words and words[0] in (*OURS, *SET_UP)]


def shortened(words: list[str]) -> list[str]:
    """Return words with those of `SHORTER` in place of what they say of the same."""
    kind = next((each for each in SHORTER if " ".join(words[1:]).startswith(each)), "")
    is_small = kind == "study" and "experiment=ishigami" in words
    more = () if is_small or not kind else SHORTER[kind]
    names = {word.partition("=")[0] for word in more}
    return [word for word in words if word.partition("=")[0] not in names] + list(more)


def test_every_command_of_the_readme_is_one_that_is_tried():
    lines = re.findall(r"^    (\S+) ", TEXT, flags=re.MULTILINE)
    shell = {word for word in lines if re.fullmatch(r"[\w./-]+", word)} & {"sh", "pip", "python"}
    assert not shell
    assert len([words for words in commands() if words[0] == "pathfinder"]) >= 24


@pytest.mark.slow
def test_every_command_of_the_readme_does_what_it_says(pathfinder, tmp_path):
    # The tables that are copied lie beside README.
    (tmp_path / "conf").symlink_to(ROOT / "conf")
    keys: list[str] = []
    for words in commands():
        if words[0] == "cp":
            subprocess.run(words, cwd=tmp_path, check=True)
        if words[0] != "pathfinder":
            continue
        if words[1:3] == ["runs", "show"]:
            words = [*words[:3], keys[0]]
        code, out, err = pathfinder(*shortened(words)[1:])
        assert (code, [line for line in err if "failed" in line]) == (0, []), (words, err)
        assert out
        if words[1:3] == ["run", "--multirun"]:
            _, listed, _ = pathfinder("runs", "list", "limit=1")
            keys = [listed[1].split()[0]]


def averages() -> Iterator[str]:
    """Return every query over runs that is shown to a user and averages them."""
    for place in AVERAGED:
        path = ROOT / place
        files = [path] if path.is_file() else [*path.rglob("*.md"), *path.rglob("*.py")]
        for file in files:
            text = " ".join(file.read_text(encoding="utf-8").split())
            yield from re.findall(r"select\b[^;]{0,200}?\bavg\([^;]*?group by", text)


def test_a_query_that_averages_runs_names_their_length_and_model():
    found = list(averages())
    assert len(found) >= 8
    assert not [sql for sql in found if not ("weeks" in sql and "model" in sql)]
