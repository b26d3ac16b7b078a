"""README.md can be followed: every command of it runs, in order; queries compare like with like.

What it says for an analyst in Python is run by `test_notebooks.py`.
"""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
TEXT = (ROOT / "README.md").read_text(encoding="utf-8")
AVERAGED = ("README.md", "docs", "experiments/words", "notebooks")
NOT_RUN = {
    "make run": "sets up an environment, then gives the main job, which is a comparison",
    "make test": "is what runs this",
    ".venv/bin/pip install -c constraints.txt -e '.[notebook]'": "installs from the network",
    ".venv/bin/jupyter lab notebooks": "opens a browser on what test_notebooks.py executes",
}
"""Commands that no test can give, and why."""
LASTS = (("temporary_jobs", 190), ("compare=interventions", 190), ("2007-", 60), ("", 26))
"""Weeks of a run by what its command names, for what begins later has to begin; the first holds."""
SMALL = {
    "run": ("launcher=in_process",),
    "compare": ("seeds=2", "launcher=in_process"),
    "study": ("seeds=2", "most_seeds=2", "launcher=in_process"),
}
"""Words that make a command cheap; whether it is understood does not hang on its size."""
KEY = "3f2a"
"""Stands for the first digits of a key that the list of runs shows."""


def commands() -> Iterator[str]:
    """Give every command that is shown, without its comment, but for those in Python."""
    for block in re.findall(r"(?:^    .*\n\n*)+", TEXT, flags=re.MULTILINE):
        lines = [line.strip() for line in block.splitlines() if line.strip()]
        if not lines[0].startswith("from "):
            yield from (re.sub(r"\s+#.*", "", line) for line in lines)


def made_small(words: list[str], command: str) -> list[str]:
    """Return the words of a command with those in their place that make it small."""
    name = words[1]
    if name not in SMALL:
        return words
    own = [word for word in SMALL[name] if "--multirun" in words or name != "run"]
    if "experiment=ishigami" not in words:
        is_small = "two_towns" in command or "area.folder" in command
        weeks = next(weeks for named, weeks in LASTS if named in command)
        own += [f"people_per_agent={20 if is_small else 1000}", f"weeks={weeks}"]
    given = {word.partition("=")[0] for word in own}
    return [word for word in words if word.partition("=")[0] not in given] + own


@pytest.mark.slow
def test_every_command_runs_in_order_in_an_empty_folder(pathfinder, tmp_path):
    # What is copied lies beside README.
    (tmp_path / "conf").symlink_to(ROOT / "conf")
    done, key = set(), ""
    for command in commands():
        words = shlex.split(command)
        if command in NOT_RUN:
            pass
        elif words[0] == "cp":
            subprocess.run(words, cwd=tmp_path, check=True)
        else:
            assert words[0] == "pathfinder", command
            words = [key if word == KEY else word for word in made_small(words, command)]
            code, out, err = pathfinder(*words[1:])
            assert code == 0 and out, (words, err)
            if words[1:3] == ["runs", "list"]:
                key = next(re.findall(r"^[0-9a-f]{4,}", line)[0] for line in out[1:])
            for word in words:
                if word.startswith("output="):
                    assert (tmp_path / word.removeprefix("output=")).exists()
        done.add(command)
    assert done >= NOT_RUN.keys()
    # No run took the folder of another.
    assert len([path for path in (tmp_path / "results").iterdir() if "-seed" in path.name]) == 6


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
