"""Reading a page in tests: its elements, its words, and what every page of ours must keep to."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path


def numbers_in(text: str) -> list[float]:
    """Read the numbers in a sentence, signs apart."""
    return [float(each.replace(",", "")) for each in re.findall(r"\d[\d,]*(?:\.\d+)?", text)]


class Page(HTMLParser):
    """The elements of a page, each end tag checked against its start."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.text = path.read_text(encoding="utf-8")
        self.elements: list[tuple[str, dict]] = []
        self.open_tags: list[str] = []
        self.feed(self.text)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in ("meta", "img", "link", "br", "input"):
            self.open_tags.append(tag)

    def handle_endtag(self, tag):
        assert self.open_tags.pop() == tag

    def all(self, tag: str) -> list[dict]:
        """Attributes of every element of a kind."""
        return [attributes for name, attributes in self.elements if name == tag]

    def words(self) -> str:
        """What a reader reads, in single spaces."""
        text = re.sub(r"<style>.*?</style>|<[^>]*>", " ", self.text, flags=re.S)
        return " ".join(text.split())

    def check(self, *, images: int) -> None:
        """Well formed, British, one title, text for every image, a link to every section."""
        assert self.open_tags == []
        assert self.all("html")[0]["lang"] == "en-GB"
        assert len(self.all("h1")) == 1
        assert len(self.all("img")) == images
        assert all(len(image["alt"]) > 40 for image in self.all("img"))
        assert all("scope" in header for header in self.all("th"))
        ids = [attributes["id"] for _, attributes in self.elements if "id" in attributes]
        assert len(ids) == len(set(ids))
        sections = {f"#{section['id']}" for section in self.all("section")}
        assert {a["href"] for a in self.all("a")} == sections

    def check_whole(self) -> None:
        """No network, no script, no other file; its style is in it, for paper too."""
        assert not re.findall(r"""(?:src|href)=["'](?!data:|\#)""", self.text)
        for word in ("http", "<script", "@import", "url("):
            assert word not in self.text
        assert "@media print" in self.text
