"""The script that a shell completes by, tried in bash."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from experiments.commands.completion import script
from experiments.words.catalogue import COMMANDS
from experiments.words.choices import choices_of

BASH = shutil.which("bash")
ASK = """
{script}
COMP_WORDBREAKS="{breaks}"
COMP_LINE="{line}" COMP_POINT={point}
_pathfinder
printf '%s\\n' "${{COMPREPLY[@]}}"
"""


def completed(line: str, *, breaks: str = " =:", folder: object = ".", shell: str = "bash"):
    """Return what bash offers after a line."""
    # What only zsh has is left out, so that the rest of its script is tried as well.
    text = "\n".join(each for each in script(shell).splitlines() if "autoload" not in each)
    words = ASK.format(script=text, line=line, point=len(line), breaks=breaks)
    done = subprocess.run(
        [BASH, "--norc"], input=words, capture_output=True, text=True, check=True, cwd=folder
    )
    assert not done.stderr
    return done.stdout.split()


pytestmark = pytest.mark.skipif(BASH is None, reason="no bash here")


def test_commands_are_completed():
    assert set(completed("pathfinder ")) >= {name.split()[0] for name in COMMANDS}
    assert completed("pathfinder stu") == ["study"]
    assert completed("pathfinder runs ") == ["check", "export", "list", "query", "show"]
    assert completed(".venv/bin/pathfinder area im") == ["import"]


def test_names_flags_and_choices_are_completed():
    assert completed("pathfinder run hiring.stre") == ["hiring.strength="]
    assert completed("pathfinder run area=two_towns --pl") == ["--plan"]
    assert completed("pathfinder parameters --pl") == []
    assert completed("pathfinder study fact") == ["factors="]
    assert completed("pathfinder runs list exp") == ["experiment="]
    assert completed("pathfinder area import rec") == ["recipe="]
    assert completed("pathfinder compare compare=") == list(choices_of("compare"))
    assert completed("pathfinder run regime=p") == ["pooled", "prime_contractor"]


def test_where_words_are_not_parted_at_the_sign_the_whole_is_offered():
    line = "pathfinder run regime=po"
    assert completed(line, breaks=" ", shell="zsh") == ["regime=pooled"]


def test_files_are_completed_where_there_are_no_choices(tmp_path):
    (tmp_path / "mine.csv").write_text("")
    assert completed("pathfinder run providers.table=mi", folder=tmp_path) == ["mine.csv"]


def test_the_script_is_printed_and_another_shell_refused(pathfinder):
    code, out, _ = pathfinder("completion", "bash")
    assert (code, out) == (0, script("bash").splitlines())
    code, out, err = pathfinder("completion", "fish")
    assert (code, out, len(err)) == (2, [], 1)
    assert "shell: input should be 'bash' or 'zsh', got 'fish'" in err[0]
