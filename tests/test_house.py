"""docs/house.md is the map of the folders, and its recipes name files there are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
TEXT = (ROOT / "docs" / "house.md").read_text(encoding="utf-8")
PACKAGES = ("simulation", "experiments")


def rows_after(text: str, start: str) -> list[str]:
    """Return the first cell of each row of the first table after a text, without its head."""
    _, _, rest = text.partition(start)
    table = re.search(r"^\|.*?(?=\n\n|\Z)", rest, re.MULTILINE | re.DOTALL)
    assert table, start
    return [line.split("|")[1].strip() for line in table[0].splitlines()[2:]]


@pytest.mark.parametrize("package", PACKAGES)
def test_every_room_is_on_the_map_and_none_that_is_not_there(package):
    folders = [path for path in (ROOT / package).iterdir() if any(path.rglob("*.py"))]
    rooms = [path.name for path in folders if path.is_dir()]
    named = rows_after(TEXT, f"\n`{package}/`: at the entrance")
    assert sorted(name.strip("`") for name in named) == sorted(rooms)


@pytest.mark.parametrize("package", PACKAGES)
def test_a_room_is_listed_before_those_it_imports(package):
    order = [name.strip("`") for name in rows_after(TEXT, f"\n`{package}/`: at the entrance")]
    for place, room in enumerate(order):
        text = "".join(
            path.read_text(encoding="utf-8") for path in (ROOT / package / room).rglob("*.py")
        )
        # What only checkers of types read is no import, here as in the test of layers.
        text = re.sub(r"^if TYPE_CHECKING:\n(?: .*\n|\n)*", "", text, flags=re.MULTILINE)
        imported = set(re.findall(rf"^\s*from {package}\.(\w+)", text, re.MULTILINE))
        assert not imported & set(order[:place]), room


@pytest.mark.parametrize("package", PACKAGES)
def test_the_files_at_the_entrance_are_named(package):
    files = {path.stem for path in (ROOT / package).glob("*.py")} - {"__init__"}
    [line] = re.findall(rf"^`{package}/`: at the entrance .*$", TEXT, re.MULTILINE)
    assert files <= set(re.findall(r"`(\w+)`", line))


def test_the_recipes_name_files_and_folders_there_are():
    recipes = TEXT.partition("## Recipes")[2]
    named = re.findall(r"`((?:simulation|experiments|conf|examples|docs)/[\w/.]+)`", recipes)
    assert len(set(named)) > 15
    assert not [name for name in named if not (ROOT / name).exists()]


def test_there_are_six_recipes_and_ten_words():
    assert re.findall(r"^(\d)\. \*\*", TEXT, re.MULTILINE) == list("123456")
    assert len(rows_after(TEXT, "## Ten words")) == 10


def test_every_example_is_in_the_recipes_or_in_the_guide_to_extending():
    guide = (ROOT / "docs" / "extending.md").read_text(encoding="utf-8")
    for path in (ROOT / "examples").glob("*.py"):
        assert f"`{path.name}`" in guide, path.name
