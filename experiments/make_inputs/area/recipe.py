"""The recipe of an area: what it must say, checked before any table is read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import Field, ValidationError, model_validator

from simulation.config.base import Group
from simulation.errors import InputError, cut

SIZE_BANDS_OF_ENTERPRISES = (
    "0 to 4",
    "5 to 9",
    "10 to 19",
    "20 to 49",
    "50 to 99",
    "100 to 249",
    "250 to 499",
    "500 to 999",
    "1000+",
)
Text = Annotated[str, Field(min_length=1)]
Month = Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Tilt = Annotated[float, Field(ge=-10, le=10, allow_inf_nan=False)]
Persons = Annotated[float, Field(gt=0, le=1e6, allow_inf_nan=False)]


class Priority(Group):
    """Which wards are priority wards: those listed, or the share with the most claimants."""

    list: bool = False
    top_share: Share | None = None

    @model_validator(mode="after")
    def _check_one(self) -> Self:
        if self.list == (self.top_share is not None):
            raise ValueError("must be either list: true or top_share: a share")
        return self


class LevelOfJsa(Group):
    """Where the level of JSA comes from, if from counts of districts."""

    count_date: Month
    unemployment_period: Text


class Assumptions(Group):
    """What no table says."""

    share_of_over_60s_who_are_60_to_64: Share
    unemployed_share_of_jsa: Share
    unemployed_share_of_other_claimants: Share
    health_tilt_of_ib: Tilt
    skills_tilt_of_qualification: Tilt
    deprivation_tilt_of_ethnicity: Tilt
    deprivation_tilt_of_age: Tilt
    jobs_per_enterprise: dict[str, Persons]
    sites_of_large_enterprises: tuple[Share, Share, Share, Share]
    pseudo_people_per_joint_cell: Persons
    seeking_per_jsa: Share | None = None

    @model_validator(mode="after")
    def _check_bands(self) -> Self:
        if set(self.jobs_per_enterprise) != set(SIZE_BANDS_OF_ENTERPRISES):
            raise ValueError(
                f"jobs_per_enterprise must be for {', '.join(SIZE_BANDS_OF_ENTERPRISES)}"
            )
        return self


class Recipe(Group):
    """All of a recipe, as in `conf/import`."""

    name: Annotated[str, Field(pattern=r"^\w[\w.-]{0,63}$")]
    microdata_region: Text
    region_claimant_count: Text
    files: dict[str, Text]
    priority: Priority
    evidence: dict[str, Text]
    month: Month
    jsa: LevelOfJsa | None = None
    assumptions: Assumptions
    constituencies: Annotated[dict[str, dict[str, tuple[Text, ...]]], Field(min_length=1)]

    @model_validator(mode="after")
    def _check_level(self) -> Self:
        if self.jsa is None and self.assumptions.seeking_per_jsa is None:
            raise ValueError("must have either jsa or assumptions.seeking_per_jsa")
        return self


def check_recipe(values: Mapping[str, Any]) -> None:
    """Check that a recipe says what it must.

    Raises
    ------
    InputError
        One line a problem.
    """
    try:
        Recipe.model_validate(values)
    except ValidationError as error:
        raise InputError(
            f"import recipe: {'.'.join(map(str, each['loc'])) or 'it'}: {_said(each)}"
            for each in error.errors()
        ) from error


def _said(problem: Any) -> str:
    if problem["type"] == "missing":
        return "is missing; see conf/import/bcbc.yaml"
    if problem["type"] == "extra_forbidden":
        return "is not of a recipe; see conf/import/bcbc.yaml"
    if problem["type"] == "value_error":
        return str(problem["ctx"]["error"])
    words = problem["msg"][0].lower() + problem["msg"][1:]
    return f"{words}, got {cut(repr(problem['input']))}"
