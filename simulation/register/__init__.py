"""What is chosen by name: regimes, hiring rules, tariffs, interventions and outcomes.

Shipped code and code of one's own are added the same way, once, where they are written:

>>> from simulation import register
>>> @register.hiring_rule("shortest_queue")  # doctest: +SKIP
... def shortest_queue(applications, hiring):
...     return -applications.slack

`docs/extending.md` has a file of each kind. This room is below all others, so that the tables can
be asked for names before anything heavy is imported.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar
from zlib import crc32

from simulation.errors import InputError, did_you_mean

EntryT = TypeVar("EntryT")

SHIPPED = ""
"""Where an entry comes from that no file of the user's made."""
OWN_NUMBERS = 2**31
"""Numbers of interventions from here on follow from their names, and so are nobody else's."""
FILES: dict[str, str] = {}
"""Digest of each file of the user's that is imported, as it was then."""
_file: list[str] = [SHIPPED]
"""The file that is being imported, last; entries are noted under it."""


class Table(Mapping[str, Any]):
    """Entries of one kind by name, in the order they came.

    Parameters
    ----------
    kind : str
        What an entry is called in messages.
    key : str
        Parameter that chooses one; empty where none does.
    """

    def __init__(self, kind: str, key: str) -> None:
        self.kind, self.key = kind, key
        self._entries: dict[str, Any] = {}
        self._origins: dict[str, str] = {}

    def add(self, name: str, entry: Any) -> None:
        """Add an entry.

        Raises
        ------
        InputError
            If there is one of this name, wherever it is from, or the name is none.
        """
        if not name.isidentifier():
            raise InputError(
                f"{self.kind} {name!r}: a name has letters, figures and _, and begins with a letter"
            )
        if name in self._entries:
            place = f" in {self._origins[name]}" if self._origins[name] else ""
            raise InputError(f"{self.kind} {name!r} exists already{place}; give yours another name")
        self._entries[name] = entry
        self._origins[name] = _file[-1]

    def named(self, name: str) -> Any:
        """Return an entry.

        Raises
        ------
        InputError
            If there is none of this name; with the nearest names.
        """
        if name not in self._entries:
            near = did_you_mean(name, self._entries, otherwise="allowed: {}")
            raise InputError(
                f"{self.key} {name!r} is unknown; {near}; one of your own needs own=[FILE]"
            )
        return self._entries[name]

    def origin(self, name: str) -> str:
        """Return the file of the user's that added an entry; `SHIPPED` if none did."""
        return self._origins[name]

    def of_files(self, files: tuple[str, ...]) -> tuple[str, ...]:
        """Return the names that some files of the user's added."""
        return tuple(name for name, origin in self._origins.items() if origin in files)

    def forget(self, file: str) -> None:
        """Take out what a file added, so that it can be imported again."""
        for name in self.of_files((file,)):
            del self._entries[name], self._origins[name]

    def __getitem__(self, name: str) -> Any:
        return self._entries[name]

    def __iter__(self) -> Iterator[str]:
        return iter(tuple(self._entries))

    def __len__(self) -> int:
        return len(self._entries)


REGIMES = Table("regime", "regime.name")
HIRING_RULES = Table("hiring rule", "hiring.rule")
TARIFFS = Table("tariff", "regime.prime_terms")
INTERVENTIONS = Table("intervention", "interventions")
OUTCOMES = Table("outcome", "outcomes")
TABLES = (REGIMES, HIRING_RULES, TARIFFS, INTERVENTIONS, OUTCOMES)


def is_shipped(entry: Any) -> bool:
    """Whether a function or class is of this package, not of the user's file or notebook."""
    return entry.__module__.startswith("simulation.")


def regime(name: str) -> Callable[[EntryT], EntryT]:
    """Add the function below as a regime: from a `Situation` to what is let on its day."""
    return _adder(REGIMES, name)


def hiring_rule(name: str) -> Callable[[EntryT], EntryT]:
    """Add the function below as a hiring rule: from `Applications` and parameters to scores."""
    return _adder(HIRING_RULES, name)


def tariff(terms: Any) -> None:
    """Add payment `Terms` under their name."""
    TARIFFS.add(terms.name, terms)


def intervention(kind: Any) -> Any:
    """Add the class of `Intervention` below under its `name`, its `parameters` with it.

    The number that keys its draws follows from the name where the class gives none.
    """
    INTERVENTIONS.add(kind.name, kind)
    if not hasattr(kind, "number"):
        kind.number = crc32(kind.name.encode()) | OWN_NUMBERS
    return kind


def outcome(figure: Any) -> None:
    """Add an `Outcome` under its name: a figure of every run, from its months."""
    OUTCOMES.add(figure.name, figure)


def _adder(table: Table, name: str) -> Callable[[EntryT], EntryT]:
    def add(entry: EntryT) -> EntryT:
        table.add(name, entry)
        return entry

    return add


@contextmanager
def on_behalf_of(file: str) -> Iterator[None]:
    """Note whatever is added meanwhile under a file of the user's, if it goes well.

    What the file added before is forgotten first; if the block fails, nothing of it stays.
    """
    forget(file)
    _file.append(file)
    try:
        yield
    except BaseException:
        forget(file)
        raise
    finally:
        _file.pop()


def forget(file: str) -> None:
    """Take a file of the user's out of all tables, with what it added."""
    FILES.pop(file, None)
    for table in TABLES:
        table.forget(file)


def names_of(file: str) -> tuple[str, ...]:
    """Return all that a file of the user's added, of every kind."""
    return tuple(name for table in TABLES for name in table.of_files((file,)))


def own_digests(files: Sequence[str]) -> dict[str, str]:
    """Return the digests of some files of the user's, of those that are imported, by number."""
    return {
        f"own {number}: {Path(file).name}": FILES[file]
        for number, file in enumerate(files, start=1)
        if file in FILES
    }
