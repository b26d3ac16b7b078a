"""Every parameter of the model: its default, unit, range and source in one place.

One class a group of `conf/`, in the files of this package. The YAML choices hold only what differs
from these defaults; the table `docs/parameters.md`, the checks and the bounds of experiments are
read from here.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

from pydantic import ValidationError

from simulation.config.base import ASSUMPTION, CALIBRATED, HOLD, Day, Group, parameter
from simulation.config.belief import BeliefConfig
from simulation.config.closure import ClosureConfig
from simulation.config.commissioning import RegimeConfig
from simulation.config.flexibilities import FlexibilitiesConfig
from simulation.config.funding import FundingConfig, ProvidersConfig
from simulation.config.gate import GateConfig
from simulation.config.goodwill import GoodwillConfig
from simulation.config.hiring import HiringConfig, SearchConfig
from simulation.config.information import InformationConfig
from simulation.config.interventions import AllInterventions, InterventionsConfig
from simulation.config.journey import JourneyConfig
from simulation.config.labour_market import AreaConfig, EconomyConfig, EmployersConfig
from simulation.config.partnership import PartnershipConfig
from simulation.config.people import BenefitsConfig, PeopleConfig
from simulation.config.population import PopulationConfig
from simulation.config.residents import ResidentsConfig
from simulation.config.strength import StrengthConfig
from simulation.errors import InputError, cut, few
from simulation.register import INTERVENTIONS

__all__ = [
    "ASSUMPTION",
    "CALIBRATED",
    "HOLD",
    "AreaConfig",
    "BeliefConfig",
    "BenefitsConfig",
    "ClosureConfig",
    "Config",
    "EconomyConfig",
    "EmployersConfig",
    "FlexibilitiesConfig",
    "FundingConfig",
    "GateConfig",
    "GoodwillConfig",
    "Group",
    "HiringConfig",
    "InformationConfig",
    "InterventionsConfig",
    "JourneyConfig",
    "PartnershipConfig",
    "PeopleConfig",
    "PopulationConfig",
    "ProvidersConfig",
    "RegimeConfig",
    "ResidentsConfig",
    "SearchConfig",
    "StrengthConfig",
    "parameter",
]


class Config(Group):
    """Everything a run depends on but the seed."""

    start: Day = parameter(date(2006, 5, 1), "first day", unit="date")
    weeks: int = parameter(260, "length of the run", unit="weeks", ge=1, le=2600)
    beyond: Literal["refuse", "hold"] = parameter(
        "refuse",
        "where a run leaves the years of a table it reads: refuse, or hold the nearest values",
        unit="-",
    )
    people_per_agent: int = parameter(
        1, "people each simulated person stands for", unit="people", ge=1, le=1000
    )
    area: AreaConfig = AreaConfig()
    economy: EconomyConfig = EconomyConfig()
    employers: EmployersConfig = EmployersConfig()
    search: SearchConfig = SearchConfig()
    hiring: HiringConfig = HiringConfig()
    closure: ClosureConfig = ClosureConfig()
    gate: GateConfig = GateConfig()
    people: PeopleConfig = PeopleConfig()
    benefits: BenefitsConfig = BenefitsConfig()
    population: PopulationConfig = PopulationConfig()
    regime: RegimeConfig = RegimeConfig()
    partnership: PartnershipConfig = PartnershipConfig()
    strength: StrengthConfig = StrengthConfig()
    belief: BeliefConfig = BeliefConfig()
    information: InformationConfig = InformationConfig()
    flexibilities: FlexibilitiesConfig = FlexibilitiesConfig()
    funding: FundingConfig = FundingConfig()
    providers: ProvidersConfig = ProvidersConfig()
    journey: JourneyConfig = JourneyConfig()
    goodwill: GoodwillConfig = GoodwillConfig()
    residents: ResidentsConfig = ResidentsConfig()
    interventions: AllInterventions = InterventionsConfig()
    own: tuple[str, ...] = parameter(
        (), "Python files of your own, with what they register (docs/extending.md)", unit="-"
    )

    @classmethod
    def from_mapping(cls, values: Mapping[str, Any]) -> Config:
        """Return the configuration a nested mapping describes.

        Raises
        ------
        InputError
            With one line for each unknown key, wrong type or value out of range.
        """
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            lines = [_line(problem) for problem in error.errors()]
            raise InputError(list(dict.fromkeys(lines))) from error

    def replace(self, **groups: Any) -> Config:
        """Return a copy with some values changed: `replace(weeks=52, hiring={"strength": 0})`.

        Mappings are merged at every depth; whatever they do not name stays as it is.

        Raises
        ------
        InputError
            As `from_mapping`.
        """
        return Config.from_mapping(_merged(self.model_dump(), groups))


def _merged(values: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return nested values with some changed, mapping by mapping."""
    merged = dict(values)
    for name, change in changes.items():
        present = merged.get(name)
        if isinstance(change, Mapping) and isinstance(present, Mapping):
            change = _merged(present, change)
        merged[name] = change
    return merged


def _line(problem: Mapping[str, Any]) -> str:
    """Return one line for one of the validator's problems: what, where, what is allowed."""
    # What the validator calls a kind of value where there are several is no part of the name.
    key = ".".join(cut(part) for part in problem["loc"] if not str(part).startswith("function-"))
    where = f"; set in conf/{problem['loc'][0]}/" if len(problem["loc"]) > 1 else ""
    if problem["type"] == "extra_forbidden":
        return f"{key} is not a parameter{_nearest(problem['loc'])}"
    if problem["type"] == "missing":
        whole = ".".join(str(part) for part in problem["loc"] if not isinstance(part, int))
        return f"{whole} has too few values, got {cut(repr(problem['input']))}{where}"
    if problem["type"] == "value_error":
        return f"{key}: {problem['ctx']['error']}{where}"
    message = problem["msg"][0].lower() + problem["msg"][1:]
    return f"{key}: {message}, got {cut(repr(problem['input']))}{where}"


def _nearest(location: tuple[Any, ...]) -> str:
    """Return a hint at the names nearest to an unknown key."""
    group: Any = Config
    for part in location[:-1]:
        field = getattr(group, "model_fields", {}).get(part)
        group = field.annotation if field else getattr(INTERVENTIONS.get(part), "parameters", None)
    names = list(getattr(group, "model_fields", {}))
    close = difflib.get_close_matches(str(location[-1]), names, n=3)
    return f"; did you mean {' or '.join(close)}?" if close else f"; allowed: {few(names)}"
