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
AVERAGED = ("README.md", "docs", "experiments/words", "notebooks")
TOO_LONG = re.compile(r"(people_per_agent|weeks|seeds|samples|seed)=")
"""Words that are left out: whether a command is understood and done does not hang on its size."""
HERE = ("seeds=2", "launcher=in_process", "page=false")
SMALL = {
    "": (),
    "run --multirun": ("seed=1,2", "launcher=in_process"),
    "compare ": ("weeks=200", *HERE),
    "compare compare=closures": ("weeks=10", *HERE),
    "plan ": ("weeks=30", *HERE),
    "study ": ("weeks=2", "samples=4", "area=two_towns", *HERE),
    "study experiment=": ("--plan",),
    "study experiment=ishigami": ("samples=8", *HERE[1:]),
}
"""What is added to each instead, by how its words begin; the longest beginning counts. The ready
studies, of hundreds of runs, are carried out by `studies/test_experiments.py`; here their plans."""
OF_THE_REGION = re.compile("Elmdon|Ladywood|Washwood Heath|worst:10")
FEW = {"region": ("people_per_agent=600",), "towns": ("area=two_towns", "people_per_agent=10")}
SIMULATES = ("run", "compare", "plan")
ELSEWHERE = (".venv/bin/pip", ".venv/bin/jupyter", "make", "source")
"""Set-up, and what needs a browser."""


def commands() -> list[list[str]]:
    """Return the commands of README in their order, as a shell reads them."""
    lines = re.findall(
        r"^    ((?:pathfinder|cp|make|\.venv/bin/\w+) .*)$", TEXT, flags=re.MULTILINE
    )
    return [shlex.split(line, comments=True) for line in lines]


def in_small(words: list[str]) -> list[str]:
    """Return a command that does the same on few people, with few seeds."""
    start = max((each for each in SMALL if " ".join(words).startswith(each)), key=len)
    kept = [word for word in words if not TOO_LONG.match(word)]
    named = {word.partition("=")[0].partition(".")[0] for word in kept}
    few = FEW["region" if OF_THE_REGION.search(" ".join(words)) else "towns"]
    more = (*SMALL[start], *few) if words[0] in SIMULATES and "area" not in named else SMALL[start]
    return [*kept, *(word for word in more if word.partition("=")[0] not in named)]


@pytest.mark.slow
def test_every_command_runs_in_its_order(pathfinder, tmp_path):
    (tmp_path / "conf").symlink_to(ROOT / "conf")  # what is copied lies beside README
    done = []
    for words in commands():
        if words[0] in ELSEWHERE:
            continue
        if words[0] == "cp":
            subprocess.run(words, cwd=tmp_path, check=True)
            continue
        if words[1:3] == ["runs", "show"]:  # README's digits are of nobody's run
            words = [*words[:3], pathfinder("runs", "list").out[1].split()[0]]
        code, out, err = pathfinder(*in_small(words[1:]))
        assert code == 0, (words, err)
        assert out, words
        done.append(words[1])
    assert set(done) == {"run", "compare", "plan", "study", "runs", "providers", "area"}
    # No command took the folder of another.
    assert len(list((tmp_path / "results").iterdir())) > 12


def shown() -> Iterator[tuple[str, str]]:
    """Return every command a reader may copy: a line of code, or `code`; with its file."""
    files = ["README.md", *(str(path.relative_to(ROOT)) for path in ROOT.glob("docs/**/*.md"))]
    files += [str(path.relative_to(ROOT)) for path in ROOT.glob("examples/*.py")]
    for file in files:
        text = re.sub(r" \\\n +", " ", (ROOT / file).read_text(encoding="utf-8"))
        for command in re.findall(r"(?:^    |`)(pathfinder [^`\n]*)", text, flags=re.MULTILINE):
            yield file, command
    for path in ("experiments/words/helptext.py", "experiments/words/helptext_of_runs.py"):
        text = re.sub(r"\n {6}(?=\S)", " ", (ROOT / path).read_text(encoding="utf-8"))
        for command in re.findall(r"^  (pathfinder .*?)(?:   .*)?$", text, flags=re.MULTILINE):
            yield path, command.replace(" && pathfinder", "")


def test_what_is_shown_can_be_pasted_into_any_shell():
    """What a shell would read as a pattern is quoted, and comments are comments."""
    commands = list(shown())
    assert len(commands) > 100
    for file, command in commands:
        bare = re.sub(r"'[^']*'|\"[^\"]*\"", "_", command).partition(" #")[0]
        assert not re.search(r"[][(){}*?|<>;&!~]|   ", bare.rstrip()), (file, command)


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
