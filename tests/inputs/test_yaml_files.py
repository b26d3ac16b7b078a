"""YAML as users bring it: what is no table is one line before it costs time or memory."""

from __future__ import annotations

import time

import pytest

from simulation.errors import InputError
from simulation.inputs.yaml_files import MOST_BYTES, MOST_DEPTH, MOST_NODES, read_yaml
from tests.bad_inputs import BOMB, YAML_FAULTS


def read(folder, text):
    (folder / "table.yaml").write_text(text, encoding="utf-8")
    return read_yaml(folder / "table.yaml")


@pytest.mark.parametrize(("text", "says"), YAML_FAULTS.values(), ids=list(YAML_FAULTS))
def test_a_file_that_is_no_table_is_refused_in_one_line(tmp_path, text, says):
    began = time.monotonic()
    with pytest.raises(InputError) as caught:
        read(tmp_path, text)
    (line,) = caught.value.problems
    assert line.startswith(f"{tmp_path / 'table.yaml'}: ") and says in line and "\n" not in line
    assert time.monotonic() - began < 10
    assert not (tmp_path / "hacked").exists()


def test_aliases_are_counted_as_what_they_stand_for(tmp_path):
    assert len(BOMB) < 1000
    ten = "a: &a [1,1,1,1,1,1,1,1,1]\nb: [*a, *a]\n"
    assert read(tmp_path, ten) == {"a": [1] * 9, "b": [[1] * 9] * 2}
    most = MOST_NODES // 1000
    line = "- &{0} [{1}]\n"
    assert len(read(tmp_path, line.format("a", ",".join(["1"] * 998)) + "- *a\n" * (most - 2)))
    with pytest.raises(InputError, match=f"stand for more than {MOST_NODES:,} values"):
        read(tmp_path, line.format("a", ",".join(["1"] * 1000)) + "- *a\n" * most)


@pytest.mark.parametrize(("depth", "is_read"), [(MOST_DEPTH, True), (MOST_DEPTH + 1, False)])
def test_levels_within_one_another_are_limited(tmp_path, depth, is_read):
    text = "[" * depth + "]" * depth
    if is_read:
        assert read(tmp_path, text) is not None
    else:
        with pytest.raises(InputError, match=f"row 1: more than {MOST_DEPTH} levels"):
            read(tmp_path, text)


@pytest.mark.parametrize(("size", "is_read"), [(MOST_BYTES, True), (MOST_BYTES + 1, False)])
def test_bytes_are_limited(tmp_path, size, is_read):
    text = "a: 1 #".ljust(size, "x")
    if is_read:
        assert read(tmp_path, text) == {"a": 1}
    else:
        with pytest.raises(InputError, match=f"is too large; at most {MOST_BYTES:,} bytes"):
            read(tmp_path, text)
