"""The one table of parameters, as factors need it: default, unit, meaning, plausible range."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from experiments.models import LABOUR_MARKET
from experiments.words.variations import flat
from simulation import register
from simulation.config import InterventionsConfig
from simulation.config.listing import list_schemas

if TYPE_CHECKING:
    from experiments.models import Model

NUMBER, WHOLE, TRUTH, LIST, OTHER = "number", "whole", "truth", "list", "other"


@dataclass(frozen=True)
class Entry:
    """One parameter of a model.

    Attributes
    ----------
    name, unit, meaning : str
    kind : str
        "number", "whole", "truth", "list" (of numbers) or "other".
    default : Any
        JSON value.
    plausible : (float, float) or None
        Range experiments vary it over; of a list, a range of factors of all its values.
    distribution : str
        Over that range.
    """

    name: str
    unit: str
    meaning: str
    kind: str
    default: Any
    plausible: tuple[float, float] | None = None
    distribution: str = "uniform"


def entries_of(model: Model) -> dict[str, Entry]:
    """Return every parameter of a model by dotted name.

    A model that is no labour market has no table: kinds come from its defaults, and ranges, if it
    has attributes `factors` and `bounds`, from there.
    """
    defaults = flat(model.defaults())
    if model.name != LABOUR_MARKET:
        bounds = dict.fromkeys(getattr(model, "factors", ()), getattr(model, "bounds", None))
        return {
            name: Entry(name, "-", name, kind_of(value), value, plausible=bounds.get(name))
            for name, value in defaults.items()
        }
    listed = {
        name: _entry(name, schema, defaults[name])
        for name, schema in list_schemas()
        if name in defaults
    }
    return listed | _own_entries()


def _own_entries() -> dict[str, Entry]:
    """Return the parameters of interventions that files of the user's brought."""
    return {
        name: _entry(name, schema, schema["default"])
        for kind in register.INTERVENTIONS.values()
        if kind.name not in InterventionsConfig.model_fields
        for name, schema in list_schemas(kind.parameters, f"interventions.{kind.name}.")
    }


def _entry(name: str, schema: dict[str, Any], default: Any) -> Entry:
    plausible = schema.get("plausible")
    return Entry(
        name=name,
        unit=schema["unit"],
        meaning=schema["description"],
        kind={"integer": WHOLE, "number": NUMBER}.get(schema.get("type", ""), kind_of(default)),
        default=default,
        plausible=None if plausible is None else (plausible[0], plausible[1]),
        distribution=schema.get("distribution", "uniform"),
    )


def kind_of(value: Any) -> str:
    """Return the kind of a parameter by a value of it."""
    if isinstance(value, bool):
        return TRUTH
    if isinstance(value, int | float):
        return WHOLE if isinstance(value, int) else NUMBER
    is_list = isinstance(value, Sequence) and not isinstance(value, str)
    return LIST if is_list and len(value) and _are_numbers(value) else OTHER


def _are_numbers(values: Sequence[Any]) -> bool:
    return all(kind_of(value) in (NUMBER, WHOLE, LIST) for value in values)


def times(value: Any, factor: float) -> Any:
    """Return a number or a list of numbers, at any depth, times a factor."""
    if isinstance(value, list | tuple):
        return [times(each, factor) for each in value]
    return value * factor
