"""README.md can be followed: tables of one's own are made and run; queries compare like with like.

What it says for an analyst is held by `test_notebooks.py`.
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
SHORT = ("weeks=8", "people_per_agent=20")
"""Added to each run: whether it is understood and its tables are read does not hang on its size."""
AVERAGED = ("README.md", "docs", "experiments/words", "notebooks")


def commands_on_tables_of_ones_own() -> list[list[str]]:
    """Return the commands of the block that begins with copies, as a shell reads them."""
    (block,) = re.findall(r"(?:^    .*\n)*^    cp .*\n(?:^    .*\n)*", TEXT, flags=re.MULTILINE)
    return [shlex.split(line, comments=True) for line in block.splitlines()]


@pytest.mark.slow
def test_tables_of_ones_own_are_made_and_run_as_the_readme_says(pathfinder, tmp_path):
    # What is copied lies beside README.
    (tmp_path / "conf").symlink_to(ROOT / "conf")
    done = []
    for words in commands_on_tables_of_ones_own():
        if words[0] == "cp":
            subprocess.run(words, cwd=tmp_path, check=True)
            continue
        assert words[0] == "pathfinder"
        code, out, err = pathfinder(*words[1:], *(SHORT if words[1] == "run" else ()))
        assert code == 0, (words, err)
        assert out
        done.append(words[1])
    assert done == ["providers", "run", "run", "run", "area", "run"]
    # No run took the folder of another.
    assert len(list((tmp_path / "results").iterdir())) == 4


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
