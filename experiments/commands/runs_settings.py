"""What the commands `pathfinder runs` take, and which runs are meant by it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from experiments.files.folders import STORE
from experiments.store import Store
from experiments.words.check import hint
from simulation.config import Group
from simulation.errors import InputError

Limit = Annotated[int, Field(ge=1)] | None


class StoreSettings(Group):
    """What every one of these commands takes."""

    store: str = STORE


class FilterSettings(StoreSettings):
    """Which runs are meant.

    What is typed as `experiment=` arrives as `done_for`, for a choice of `conf/experiment/` would
    be looked for by that name.
    """

    done_for: str | None = None
    model: str | None = None
    where: str | None = None

    def condition(self, store: Store) -> str:
        """Return the condition in SQL.

        Raises
        ------
        InputError
            If the store has no run of that experiment or model.
        """
        conditions = []
        for name, wanted in (("experiment", self.done_for), ("model", self.model)):
            if wanted is None:
                continue
            known = store.query(f"select distinct {name} from runs")[name].tolist()
            if wanted not in known:
                near = hint(wanted, known) if known else "; it is empty"
                raise InputError(f"{name}={wanted}: no run in store={self.store} has it{near}")
            conditions.append(f"{name} = '{wanted.replace(chr(39), 2 * chr(39))}'")
        # On a line of its own, for it may end with a comment.
        conditions += [f"({self.where}\n)"] if self.where else []
        return " and ".join(conditions) or "true"


class ListSettings(FilterSettings):
    """What `pathfinder runs list` takes."""

    columns: list[str] | None = None
    limit: Limit = 40
    failed: bool = False


class ShowSettings(StoreSettings):
    """What `pathfinder runs show` takes."""

    key: str | None = None


class OutputSettings(StoreSettings):
    """Where a table is written."""

    output: str | None = None
    overwrite: bool = False


class QuerySettings(OutputSettings):
    """What `pathfinder runs query` takes."""

    sql: str | None = None
    limit: Limit = 100


class ExportSettings(FilterSettings, OutputSettings):
    """What `pathfinder runs export` takes."""

    months: bool = False
