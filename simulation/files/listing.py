"""The list of what a folder was written with: each file's size and digest, and one of its own.

A folder of results is whole when it holds a list and every file is as the list says. The list is
written last; what is not on it is somebody else's, and is neither read nor removed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from simulation.errors import InputError

LIST = "files.json"
"""Name of the list in its folder; it is not on the list itself."""


class DamagedError(InputError):
    """A file is not as it was written."""


@dataclass(frozen=True)
class Listing:
    """What was written into a folder.

    Attributes
    ----------
    files : mapping of str to str
        Size and digest of each file, by its path in the folder with forward slashes.
    folders : tuple of str
        Folders within it that are written one by one and hold lists of their own.
    made : mapping of str to str
        The same of files that are made of the others and can be made of them again.
    before : mapping of str to str
        What may be there still of what is being replaced; used while `is_whole` is not yet so.
    is_whole : bool
        Whether all that is listed was put in its place.
    """

    files: Mapping[str, str] = field(default_factory=dict)
    folders: tuple[str, ...] = ()
    made: Mapping[str, str] = field(default_factory=dict)
    before: Mapping[str, str] = field(default_factory=dict)
    is_whole: bool = True

    @property
    def names(self) -> set[str]:
        """Every file that may be there and is ours."""
        return {*self.files, *self.made, *self.before}

    def is_as_written(self, folder: Path, name: str) -> bool:
        """Whether a file is one of ours, to the last bit; links are not."""
        listings = (self.files, self.made, self.before)
        known = {listed[name] for listed in listings if name in listed}
        path = folder / name
        is_here = path.resolve() == folder.resolve() / name
        return is_here and path.is_file() and mark(path) in known


def mark(path: Path) -> str:
    """Return size and BLAKE2b digest of a file, as the list holds them."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, _digest).hexdigest()
        return f"{file.tell()} {digest}"


def _digest() -> Any:
    return hashlib.blake2b(digest_size=16)


def listing_of(folder: Path) -> Listing:
    """List all there is in a folder that holds nothing but what was just written."""
    within = sorted(path.parent for path in folder.rglob(LIST) if path.parent != folder)
    own = [path for path in folder.rglob("*") if path.is_file() and path.parent not in within]
    files = {_name(folder, path): mark(path) for path in sorted(own) if path.name != LIST}
    return Listing(files, tuple(_name(folder, path) for path in within))


def _name(folder: Path, path: Path) -> str:
    return path.relative_to(folder).as_posix()


def list_text(listing: Listing) -> str:
    """Return a list as it is kept, with a digest of itself."""
    content: dict[str, Any] = {"files": dict(sorted(listing.files.items()))}
    content |= {"folders": sorted(listing.folders)} if listing.folders else {}
    content |= {"made": dict(sorted(listing.made.items()))} if listing.made else {}
    content |= {} if listing.is_whole else {"before": dict(sorted(listing.before.items()))}
    return json.dumps(content | {"digest": _own_digest(content)}, indent=1) + "\n"


def _own_digest(content: Mapping[str, Any]) -> str:
    digest = _digest()
    digest.update(json.dumps(content, sort_keys=True).encode())
    return str(digest.hexdigest())


def read_listing(folder: Path) -> Listing | None:
    """Return the list of a folder; None if there is none.

    Raises
    ------
    DamagedError
        If the list is not as it was written, or cannot be read.
    """
    path = folder / LIST
    try:
        content = json.loads(path.read_bytes())
        digest = content.pop("digest")
        is_sound = digest == _own_digest(content) and all(map(_is_within, _names(content)))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise DamagedError(f"{path}: is not as it was written") from error
    if not is_sound:
        raise DamagedError(f"{path}: is not as it was written")
    return Listing(
        content["files"],
        tuple(content.get("folders", ())),
        content.get("made", {}),
        content.get("before", {}),
        "before" not in content,
    )


def _names(content: Mapping[str, Any]) -> Iterable[str]:
    parts = ("files", "folders", "made", "before")
    return [name for part in parts for name in content.get(part, ())]


def _is_within(name: str) -> bool:
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts


def damage(folder: Path) -> list[str]:
    """Return a line for each thing in a folder that is not as it was written; none if it is whole.

    What is not on the list is not looked at.
    """
    try:
        listing = read_listing(folder)
    except DamagedError as error:
        return error.problems
    if listing is None:
        return [f"{folder}: has no {LIST}: not finished, or of an earlier version of the program"]
    if not listing.is_whole:
        return [f"{folder}: was not finished; the command that writes it has to run again"]
    return [
        f"{folder / name}: {'is not as it was written' if path.exists() else 'is missing'}"
        for name in listing.files
        if not listing.is_as_written(folder, name)
        for path in [folder / name]
    ]


def check_whole(folder: Path) -> Listing:
    """Return the list of a folder in which every file is as it was written.

    Raises
    ------
    DamagedError
        If one is not, or there is no list, in one line.
    """
    if lines := damage(folder):
        more = f" (and {len(lines) - 1} files more)" if len(lines) > 1 else ""
        raise DamagedError(lines[0] + more)
    listing = read_listing(folder)
    if listing is None:
        raise DamagedError(f"{folder / LIST}: has just gone")
    return listing
