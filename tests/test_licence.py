"""Whose it is and on what terms: three files that say the same."""

import tomllib
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CITATION = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
README = (ROOT / "README.md").read_text(encoding="utf-8")
LICENCE = (ROOT / "LICENSE").read_text(encoding="utf-8")


def test_authors_licence_and_version_are_the_same_wherever_they_stand():
    assert [each["name"] for each in PROJECT["authors"]] == [
        each["name"] for each in CITATION["authors"]
    ]
    assert PROJECT["license"] == CITATION["license"] == "MIT"
    assert PROJECT["version"] == str(CITATION["version"])
    assert LICENCE.startswith("MIT License")
    assert all(each["name"] in LICENCE for each in PROJECT["authors"])


def test_the_licence_goes_with_the_code_and_the_data_have_their_own():
    assert PROJECT["license-files"] == ["LICENSE"]
    for words in ("MIT", "Open Government Licence v3.0", "Crown copyright and database right"):
        assert words in README.partition("## Data and licence")[2]
