"""Code of the user's own on the command line: `own=[my_rules.py]`, imported before all else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Quote, QuotedString
from hydra.errors import HydraException

from experiments.models.own_code import import_own, is_imported
from simulation import register
from simulation.config import Config
from simulation.errors import InputError

OWN = "own"


def with_own(words: Sequence[str]) -> list[str]:
    """Return words with the files of `own=` named from the root, once they are imported.

    Raises
    ------
    InputError
        One line for each file that cannot be imported, or for a word that names none.
    """
    given = [word for word in words if _names_files(word)]
    if not given:
        return list(words)
    if len(given) > 1:
        raise InputError("own= is given twice; give all files in one, own=[ONE.py,OTHER.py]")
    files = [str(Path(file).expanduser().resolve()) for file in _files(given[0])]
    import_own(files)
    return [_word(files) if word is given[0] else word for word in words]


def files_of(words: Sequence[str]) -> tuple[str, ...]:
    """Return the files that words name, as `with_own` left them."""
    return tuple(file for word in words if _names_files(word) for file in _files(word))


def default_values(files: Sequence[str]) -> dict[str, Any]:
    """Return the defaults of all parameters, those of interventions that files brought as well."""
    values = Config().model_dump(mode="json")
    for name in register.INTERVENTIONS.of_files(tuple(files)):
        values["interventions"][name] = (
            register.INTERVENTIONS[name].parameters().model_dump(mode="json")
        )
    return values


def check_imported(mapping: Mapping[str, Any]) -> None:
    """Refuse files that stand in a YAML: what they bring must be there before it is read.

    Raises
    ------
    InputError
        In one line.
    """
    if late := [file for file in mapping.get(OWN) or [] if not is_imported(str(file))]:
        raise InputError(
            f"own: give {', '.join(map(str, late))} as a word, own=[FILE]; in a YAML file it comes"
            " too late"
        )


def _names_files(word: str) -> bool:
    return word.lstrip("+").partition("=")[0] == OWN


def _word(files: Sequence[str]) -> str:
    return f"{OWN}=[{','.join(QuotedString(file, Quote.single).with_quotes() for file in files)}]"


def _files(word: str) -> list[str]:
    """Return the paths that a word names: one, or those in brackets."""
    try:
        override = OverridesParser.create().parse_override(word)
        value = override.value()
    except HydraException:
        value = {}
    else:
        value = {} if override.is_sweep_override() else value
    listed = [] if value is None else value if isinstance(value, list) else [value]
    given = [each.text if isinstance(each, QuotedString) else each for each in listed]
    paths = [each for each in given if isinstance(each, str)]
    if len(paths) < len(given):
        raise InputError(f"{word}: write own=[FILE.py] or own=[ONE.py,OTHER.py]")
    return paths
