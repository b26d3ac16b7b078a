"""Files shipped in the folders of `conf/`, found by their plain names, and those of the user's."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from simulation.errors import InputError

CONF = Path(__file__).parents[2] / "conf"
"""What is shipped, by its place: a module of the user's may be called conf as well."""


@cache
def shipped_names(group: str, *, suffix: str) -> tuple[str, ...]:
    """List the data files shipped in one folder of conf, without their suffix, sorted.

    Parameters
    ----------
    group : str
        Folder of conf, such as "economy".
    suffix : str
        Ending with its dot, such as ".csv".
    """
    names = (entry.name for entry in (CONF / group).iterdir())
    return tuple(sorted(name.removesuffix(suffix) for name in names if name.endswith(suffix)))


def resolve_file(
    file: str | Path, *, group: str, suffix: str, shipped: tuple[str, ...] | None = None
) -> Path:
    """Find a shipped file by its plain name, or a user's own by its path.

    Parameters
    ----------
    file : str or Path
        A plain name, with or without suffix, is looked for in conf/<group> first; whatever
        else is a path, relative to the working directory unless absolute or from `~`.
    group : str
        Folder of conf.
    suffix : str
        Ending with its dot.
    shipped : tuple of str or None
        The plain names there are, if the folder holds files of other kinds too.

    Raises
    ------
    InputError
        When it is neither, naming what is shipped.
    """
    name = str(file).removesuffix(suffix)
    if shipped is None:
        shipped = shipped_names(group, suffix=suffix)
    if name in shipped:
        return CONF / group / f"{name}{suffix}"
    path = Path(file).expanduser()
    if path.is_file():
        return path
    or_shipped = f" or one of the shipped names {', '.join(shipped)}" if shipped else ""
    raise InputError(
        f"{group} file {str(file)!r} is not there: give the path of a {suffix} file{or_shipped};"
        f" set in conf/{group}"
    )


def shipped_area_folder(name: str) -> Path:
    """Return the folder of an area that comes with the package.

    Parameters
    ----------
    name : str
        Such as `bcbc`.

    Returns
    -------
    Path
        The folder, for `load_area`.

    Raises
    ------
    InputError
        If there is no such area; names those there are.
    """
    root = CONF / "area"
    shipped = sorted(path.parent.name for path in root.glob("*/wards.csv"))
    if name not in shipped:
        raise InputError(f"area {name!r} is not shipped; must be one of {', '.join(shipped)}")
    return root / name
