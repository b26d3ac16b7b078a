"""The labour market as a model that can be run many times: values in, a row of outcomes out."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from experiments.models.own_code import check_origins, import_own
from experiments.models.result import History, Past, Result
from experiments.models.values import with_changes
from simulation.config import Config
from simulation.config.programme import has_support, needs_reference, reference_of
from simulation.inputs.users_files import area_folder, file_digests
from simulation.provenance import ROOT, commit, source_digest, versions
from simulation.register import own_digests
from simulation.results.outcomes import BY_NAME

if TYPE_CHECKING:
    from simulation.finished.run import Run

MONTHS_OF = ("all", "priority:1", "priority:0")
"""Groups whose months are kept in the store."""
HELD = (
    "Runs may leave the years of the tables they read: the nearest values are held there"
    " (beyond=hold)."
)
OF_ROWS = ("simulation/results", "experiments/models")
"""Folders whose code makes outcomes of frames."""


DATED = {
    "weeks",
    "regime",
    "interventions",
    *(f"economy.{name}" for name in ("name", "file", "events")),
}
"""What may not matter before a week (`simulation.histories.past`)."""


@cache
def _default_values() -> dict[str, Any]:
    return Config().model_dump(mode="json")


@cache
def _row_version() -> str:
    return source_digest(ROOT, besides=OF_ROWS)


class LabourMarketModel:
    """`simulation.simulate` as a model: one week a step, outcomes as they are defined."""

    name = "labour_market"

    def defaults(self) -> dict[str, Any]:
        """Return the defaults of every parameter."""
        return with_changes(_default_values(), {})

    def complete(self, changes: Mapping[str, Any]) -> dict[str, Any]:
        """Return the whole configuration, checked; 2 and 2.0 are the same.

        Raises
        ------
        InputError
            One line for each unknown key, wrong type or value out of range.
        """
        return self.config(with_changes(_default_values(), changes)).model_dump(mode="json")

    def config(self, values: Mapping[str, Any]) -> Config:
        """Return the configuration that the values are, once the user's files are imported.

        Raises
        ------
        InputError
            One line a problem.
        """
        import_own(values.get("own", ()))
        config = Config.from_mapping(values)
        check_origins(config)
        return config

    def version(self) -> str:
        """Return the digest of code and shipped data, what makes a row of a run among it."""
        return _row_version()

    def check(self, values: dict[str, Any]) -> None:
        """Read every table the run needs.

        Raises
        ------
        InputError
            One line a problem.
        """
        # Late: what reads the tables of support is the engine, which takes seconds to import.
        from experiments.models.tables import check_tables

        check_tables(self.config(values))

    def inputs(self, values: dict[str, Any]) -> dict[str, str]:
        """Return the digests of the user's own tables and code; shipped are part of the version."""
        config = self.config(values)
        return file_digests(config) | own_digests(config.own)

    def reference(self, values: dict[str, Any]) -> dict[str, Any] | None:
        """Return the values of the same world without support; None where jobs are fixed."""
        config = self.config(values)
        if has_support(config) and not needs_reference(config):
            return None
        return reference_of(config).model_dump(mode="json")

    def has_support(self, values: dict[str, Any]) -> bool:
        """Whether anybody can be helped: by a regime or by an intervention."""
        return has_support(self.config(values))

    def undated(self, values: dict[str, Any]) -> dict[str, Any] | None:
        """Return all values but those a run may not read before a week; None with own code."""
        if values.get("own"):
            return None
        undated = {
            name: {key: each for key, each in value.items() if f"{name}.{key}" not in DATED}
            if isinstance(value, dict)
            else value
            for name, value in values.items()
            if name not in DATED
        }
        return undated | {"interventions": _begun(values)}

    def history(self, values: dict[str, Any]) -> History:
        """Return what the past of a run depends on."""
        # Late: what reads the tables of support is the engine, which takes seconds to import.
        from experiments.models.tables import loaded_area
        from simulation.histories.past import Past

        config = self.config(values)
        economy = values["economy"] | {"file": None}
        return History(
            Past(config, loaded_area(config)).until,
            self.version(),
            # The path of demand counts by its values until the week.
            self.inputs(values | {"economy": economy}),
        )

    def size(self, values: dict[str, Any]) -> tuple[int, int]:
        """Return agents and weeks of a run."""
        config = self.config(values)
        return _n_residents(config) // config.people_per_agent, config.weeks

    def notes(self, values: dict[str, Any]) -> list[str]:
        """Say what is held beyond the years of tables, and what thinning does to the area."""
        from experiments.models.tables import loaded_area
        from simulation.labour.thinning import thinning_text

        config = self.config(values)
        thinned = thinning_text(loaded_area(config), config)
        return [*([HELD] if config.beyond == "hold" else []), *([thinned] if thinned else [])]

    def units(self) -> dict[str, str]:
        """Return the unit of every outcome."""
        return {each.name: each.unit for each in BY_NAME.values()}

    def labels(self) -> dict[str, str]:
        """Return what every outcome is called in print."""
        return {each.name: each.label for each in BY_NAME.values()}

    def definitions(self) -> dict[str, str]:
        """Return what every outcome means, in a sentence."""
        return {each.name: each.definition for each in BY_NAME.values()}

    def commit(self) -> str:
        """Return the commit the source stands at."""
        return commit()

    def versions(self) -> dict[str, str]:
        """Return the versions of Python and the packages."""
        return versions()

    def run(
        self,
        values: dict[str, Any],
        seed: int,
        *,
        people: bool,
        tell: Callable[[int], None],
        reference: pd.DataFrame | None = None,
        past: Past | None = None,
    ) -> Result:
        """Simulate once; the manifest of the run has the digests of the user's tables."""
        from experiments.models.tables import loaded_area
        from simulation.runner import simulate

        config = self.config(values)
        run = simulate(
            config,
            seed,
            # Ratios of access are outcomes, whether or not who worked where is asked for.
            people=people or has_support(config),
            progress=tell,
            area=loaded_area(config),
            reference=reference,
            since=None if past is None else past.since,
            keep=None if past is None or config.own else past.keep,
        )
        return Result(finite_outcomes(run), months_of(run), run.manifest["n_people"], run)


def _begun(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the interventions whose places begin on the first day; of the others none matters.

    Days are ISO text, which is in the order of days.
    """
    return {
        name: aid
        for name, aid in values["interventions"].items()
        if aid["active"] and (aid["start"] or values["start"]) <= values["start"]
    }


def _n_residents(config: Config) -> int:
    """Return how many people live in the area a configuration names.

    Read from the one column, for loading and checking the whole takes longer than most commands.

    Raises
    ------
    InputError
        If the area cannot be read, one line for each problem in its tables.
    """
    try:
        with open(area_folder(config) / "wards.csv", encoding="utf-8-sig", newline="") as handle:
            return sum(int(row["residents"]) for row in csv.DictReader(handle))
    except (OSError, KeyError, TypeError, ValueError):
        from experiments.models.tables import loaded_area

        return int(loaded_area(config).wards["residents"].sum())


def finite_outcomes(run: Run) -> dict[str, float]:
    """Return the finite outcomes of a run, by name."""
    table = run.outcomes()
    return {
        str(name): float(value)
        for name, value in zip(table["outcome"], table["value"], strict=True)
        if np.isfinite(value)
    }


def months_of(run: Run) -> pd.DataFrame:
    """Return the months of the area, of its priority wards and of the others, an outcome a column.

    Returns
    -------
    DataFrame
        date, group (str), then float64 columns in alphabetical order, in people; NaN where a
        group has no such outcome.
    """
    monthly = run.monthly
    rows = monthly[(monthly["ward"] == "all") & monthly["group"].isin(MONTHS_OF)]
    rows = rows.astype({"group": str, "outcome": str})
    wide = rows.pivot(index=["date", "group"], columns="outcome", values="value")
    return wide.rename_axis(columns=None).reset_index()


MODEL = LabourMarketModel()
