"""Python files of the user's own, `own=[FILE]`: imported for what they register.

Every process imports them before it reads a configuration that names them. What a file is, is what
it and the modules beside it say: their digest is in the key of a run, their path is not.
"""

from __future__ import annotations

import ast
import importlib
import importlib.util
import sys
import traceback
from collections.abc import Sequence
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from types import ModuleType

from simulation import register
from simulation.config import Config
from simulation.errors import InputError

SOURCE = Path(__file__).parents[2]
SUFFIX = ".py"
DIGITS = 32
REMEMBERED = 256
REGISTRIES = (
    "simulation.labour.hiring_rules",
    "simulation.policies.interventions",
    "simulation.policies.regimes",
    "simulation.policies.tariffs",
    "simulation.results.outcomes",
)
"""Imported first, so that no name of theirs is taken."""


def import_own(files: Sequence[str]) -> None:
    """Import files for what they register, each once while it does not change.

    Parameters
    ----------
    files : sequence of str
        Absolute paths.

    Raises
    ------
    InputError
        One line for each that cannot be used: what is wrong, in which line.
    """
    problems: list[str] = []
    for file in files:
        try:
            digest = own_digest(file)
            if register.FILES.get(file) != digest or not register.names_of(file):
                _import(file)
                register.FILES[file] = digest
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)


def check_origins(config: Config) -> None:
    """Refuse what is chosen by name but is of no file that the configuration names.

    Another process could not find it, and an edit of it would not be seen.

    Raises
    ------
    InputError
        One line for each.
    """
    chosen = (
        (register.REGIMES, [config.regime.name]),
        (register.HIRING_RULES, [config.hiring.rule]),
        (register.TARIFFS, [config.regime.prime_terms]),
        (register.INTERVENTIONS, list(type(config.interventions).model_fields)),
    )
    problems = [
        f"{table.kind} {name!r} is of no file that own= names; put it into one, own=[FILE]"
        for table, names in chosen
        for name in names
        if name in table and not _is_of(table, name, config.own)
    ]
    if problems:
        raise InputError(problems)


def _is_of(table: register.Table, name: str, files: Sequence[str]) -> bool:
    """Whether an entry is shipped or of one of some files."""
    origin, entry = table.origin(name), table[name]
    if origin != register.SHIPPED:
        return origin in files
    # Shipped tariffs are entered by name alone; what a notebook registers is of its module.
    return entry is None or (callable(entry) and register.is_shipped(entry))


def is_imported(file: str) -> bool:
    """Whether a file has been imported in this process."""
    return file in register.FILES


def defect_text(error: Exception) -> str:
    """Say in one line what went wrong in a run, and in which of our lines or the user's own."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if _is_ours(frame.filename)]
    place = (ours or frames)[-1]
    where = f"{Path(place.filename).name}, line {place.lineno}, in {place.name}"
    return f"{type(error).__name__}: {' '.join(str(error).split())} ({where})"


def _is_ours(file: str) -> bool:
    """Whether a file is of this project, or code of the user's own."""
    return Path(file).is_relative_to(SOURCE) or is_imported(file)


def _import(file: str) -> None:
    """Import one file anew, and what it imports from its folder."""
    for name in REGISTRIES:
        importlib.import_module(name)
    path = Path(file)
    with register.on_behalf_of(file):
        try:
            _execute(path)
        except (Exception, SystemExit) as error:
            raise InputError(_failure_text(path, error)) from error
        if not register.names_of(file):
            raise InputError(
                f"own={path.name}: registers nothing; see docs/extending.md for what it may"
            )


def _execute(path: Path) -> None:
    """Run a file as a module of its own; its folder comes first while it is read, then last."""
    folder = str(path.parent)
    for name in _modules_of(path):
        sys.modules.pop(name, None)
    importlib.invalidate_caches()
    name = f"own_{path.stem}_{sha256(str(path).encode()).hexdigest()[:8]}"
    module = ModuleType(name)
    module.__file__ = str(path)
    sys.modules[name] = module
    if folder in sys.path:
        sys.path.remove(folder)
    sys.path.insert(0, folder)
    writes, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        exec(compile(path.read_bytes(), str(path), "exec"), module.__dict__)
    finally:
        sys.dont_write_bytecode = writes
        sys.path.remove(folder)
        sys.path.append(folder)  # for what it imports later, within functions


def _failure_text(path: Path, error: BaseException) -> str:
    """Say in one line what went wrong, in which of the user's files and lines."""
    own = {str(each) for each in closure(path)}
    frames = traceback.extract_tb(error.__traceback__)
    places = [(frame.filename, frame.lineno) for frame in frames if frame.filename in own]
    what = str(error)
    if isinstance(error, SyntaxError) and error.filename:
        places, what = [(error.filename, error.lineno)], error.msg
    file, line = places[-1] if places else (str(path), 1)
    beside = "" if file == str(path) else f": {Path(file).name}"
    kind = "" if isinstance(error, InputError) else f"{type(error).__name__}: "
    return f"own={path.name}{beside}, line {line}: {kind}{what}"


def own_digest(file: str) -> str:
    """Return the digest of a file and of all it imports from its folder.

    Raises
    ------
    InputError
        If there is no such file, or it is no Python.
    """
    path = Path(file)
    if path.suffix != SUFFIX:
        raise InputError(f"own={file}: must be a Python file, such as own=[my_rules.py]")
    if not path.is_file():
        raise InputError(f"own={file}: there is no such file")
    total = sha256()
    for each in closure(path):
        content = each.read_bytes()
        total.update(f"{each.relative_to(path.parent).as_posix()}:{len(content)}:".encode())
        total.update(content)
    return total.hexdigest()[:DIGITS]


def closure(path: Path) -> list[Path]:
    """Return a file and the modules of its folder it imports, themselves or through one another."""
    found: list[Path] = []
    waiting = [path]
    while waiting:
        each = waiting.pop()
        if each in found:
            continue
        found.append(each)
        names = _imports(each.read_bytes())
        waiting += [file for name in names for file in _files_of(path.parent, name)]
    return [path, *sorted(found[1:])]


def _modules_of(path: Path) -> list[str]:
    """Return the names of the modules of a file's folder it imports, as they are imported."""
    files = [each.relative_to(path.parent).with_suffix("") for each in closure(path)[1:]]
    return [".".join(each.parts).removesuffix(".__init__") for each in files]


def _files_of(folder: Path, name: str) -> list[Path]:
    """Return the files of a dotted name below a folder, of its packages too; none if elsewhere."""
    parts = name.split(".")
    places = [folder.joinpath(*parts[: count + 1]) for count in range(len(parts))]
    modules = [place.with_suffix(SUFFIX) for place in places]
    packages = [place / "__init__.py" for place in places]
    return [each for each in (*modules, *packages) if each.is_file()]


@lru_cache(maxsize=REMEMBERED)
def _imports(source: bytes) -> tuple[str, ...]:
    """Return the dotted names a source imports, late or not; `from a import b` gives a.b.

    None of a source that is no Python: whoever imports it says so.
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return ()
    names: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            before = [node.module] if node.module else []
            names += [".".join([*before, alias.name]) for alias in node.names]
    return tuple(names)
