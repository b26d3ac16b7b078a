"""From what a study says of its factors to factors, every problem reported at once."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from experiments.models import LABOUR_MARKET, model_named
from experiments.studies.factors import CHOICE, LEVELS, NUMBER, WHOLE, Factor
from experiments.studies.factors import MULTIPLE as TIMES
from experiments.studies.registry import LIST, OTHER, TRUTH, Entry, entries_of
from experiments.studies.settings import FactorSettings, StudySettings
from experiments.words.choices import MODEL_GROUPS, MULTIPLE, choices_of
from experiments.words.variations import flat
from simulation.errors import InputError, did_you_mean

if TYPE_CHECKING:
    from experiments.models import Model
    from experiments.words.variations import Variations

WHERE = "factors: "
PEAKED = "triangular"
HOW = "write 'factors={NAME: {low: A, high: B}}' or factors=[NAME:A..B]"


def factors_from(
    settings: StudySettings,
    *,
    variations: Variations | None = None,
    base: Mapping[str, Any] | None = None,
) -> tuple[Factor, ...]:
    """Return the factors of a study, in the order in which it names them.

    Parameters
    ----------
    settings : StudySettings
    variations : Variations, optional
        Of the study's base; needed where a factor is a choice of a group of `conf/`.
    base : mapping, optional
        What the base changes in the model's defaults, by dotted name.

    Raises
    ------
    InputError
        One line for each factor that is unknown, has reversed or missing bounds, or takes values
        that are not allowed.
    """
    model = model_named(settings.model)
    reader = _Reader(model, variations=variations, base=dict(base or {}))
    if not settings.factors:
        raise InputError(f"{WHERE}there are none; {HOW}")
    factors = [reader.factor(name, said) for name, said in settings.factors.items()]
    if reader.problems:
        raise InputError(WHERE + problem for problem in reader.problems)
    return tuple(factor for factor in factors if factor is not None)


def idle_words(overrides: Iterable[str], settings: StudySettings) -> list[str]:
    """Return what is wrong with words of the command line that would change nothing.

    They say something of a factor the study has not, or give a value to one that it varies. Where
    the base's value counts, in one_at_a_time and as the peak of a triangular distribution, it may
    be given.
    """
    lines = []
    for word in overrides:
        key = word.lstrip("+").partition("=")[0]
        name = key.removeprefix("factors.")
        if name != key:
            there = settings.factors
            if not any(name == each or name.startswith(f"{each}.") for each in there):
                lines.append(f"{key}: the study has no such factor; it has {_few(there)}")
            continue
        name = key.removeprefix("fixed.")
        said = settings.factors.get(name)
        counts = settings.method == "one_at_a_time" or (said and said.distribution == PEAKED)
        if said is not None and not counts:
            lines.append(
                f"{word}: {name} is a factor of this study, which gives it its values; leave the"
                " word out, or name the other factors alone in factors="
            )
    return lines


def _few(names: Iterable[str]) -> str:
    listed = list(names)
    return ", ".join(listed[:6]) + (" ..." if len(listed) > 6 else "")


class _Reader:
    """Reads factors one by one and gathers what is wrong with them."""

    def __init__(
        self, model: Model, *, variations: Variations | None, base: dict[str, Any]
    ) -> None:
        self.model, self.variations, self.base = model, variations, base
        self.entries = entries_of(model)
        self.groups = MODEL_GROUPS if model.name == LABOUR_MARKET else ()
        self.present = flat(model.defaults()) | base
        self.problems: list[str] = []

    def factor(self, name: str, said: FactorSettings) -> Factor | None:
        """Return the factor of this name, or note why there is none."""
        count = len(self.problems)
        found = self._choice(name, said) if name in self.groups else self._parameter(name, said)
        return found if len(self.problems) == count else None

    def _note(self, problem: str) -> Factor | None:
        """Note a problem, and return the factor that comes of it: none."""
        self.problems.append(problem)
        return None

    def _choice(self, name: str, said: FactorSettings) -> Factor | None:
        if name in MULTIPLE:
            return self._note(
                f"{name}: any number is chosen at a time; vary one by"
                f" {name}.outreach.active:false|true"
            )
        there = choices_of(name)
        if said.low is not None or said.high is not None:
            return self._note(f"{name}: is a choice, not a number; there are {', '.join(there)}")
        chosen = [str(value) for value in (there if said.values is None else said.values)]
        for value in chosen:
            if value not in there:
                self._note(f"{name}: {value} is no such choice{_near(value, there)}")
        self._check_values(name, chosen)
        self._check_labels(name, said.value_labels, there)
        if self.variations is None or not set(chosen) <= set(there):
            return None if self.variations else self._note(f"{name}: choices need a base")
        return Factor(
            name=name,
            kind=CHOICE,
            default=self._chosen_in_base(name),
            choices=tuple(chosen),
            group=said.group or name,
            unit="choice",
            label=said.label or name,
        )

    def _chosen_in_base(self, group: str) -> str | None:
        """Return the choice that changes nothing in the base."""
        assert self.variations is not None
        same = (name for name in choices_of(group) if not self.variations.choice(group, name))
        return next(same, None)

    def _parameter(self, name: str, said: FactorSettings) -> Factor | None:
        entry = self.entries.get(name)
        if entry is None:
            return self._note(self._unknown(name))
        present = self.present[name]
        if said.values is None and entry.kind == TRUTH and said.low is None and said.high is None:
            said = said.model_copy(update={"values": [False, True]})
        if said.values is not None:
            return self._levels(entry, said, present)
        if entry.kind == OTHER:
            return self._note(
                f"{name}: is no number; name the values it shall take, as in {name}:one|other"
            )
        return self._range(entry, said, present)

    def _unknown(self, name: str) -> str:
        inside = [key for key in self.entries if key.startswith(f"{name}.")]
        if inside:
            shown = ", ".join(inside[:4]) + (" ..." if len(inside) > 4 else "")
            return f"{name} is a group of parameters; name one of them: {shown}"
        return f"{name} is not a parameter{_near(name, [*self.entries, *self.groups])}"

    def _levels(self, entry: Entry, said: FactorSettings, present: Any) -> Factor | None:
        name, values = entry.name, list(said.values or ())
        if said.low is not None or said.high is not None or said.distribution is not None:
            self._note(f"{name}: takes either values or low, high and distribution, not both")
        self._check_values(name, values)
        for value in values:
            self._check_allowed(name, value, f"value {value}")
        return Factor(
            name=name,
            kind=LEVELS,
            default=present,
            choices=tuple(values),
            group=said.group or name.partition(".")[0],
            unit=entry.unit,
            label=said.label or name,
        )

    def _check_values(self, name: str, values: list[Any]) -> None:
        if len(values) < 2:
            self._note(f"{name}: takes at least two values, got {values}")
        if len({str(value) for value in values}) < len(values):
            self._note(f"{name}: takes each value once, got {values}")

    def _check_labels(self, name: str, labels: Mapping[str, str], known: Iterable[str]) -> None:
        """Refuse words for what is no choice: the page would leave them out in silence."""
        for value in labels:
            if value not in known:
                self._note(f"{name}: value_labels: {value} is no such choice{_near(value, known)}")

    def _range(self, entry: Entry, said: FactorSettings, present: Any) -> Factor | None:
        name = entry.name
        low, high = self._bounds(entry, said)
        if low is None or high is None:
            return None
        distribution = said.distribution or entry.distribution
        kind = TIMES if entry.kind == LIST else WHOLE if entry.kind == WHOLE else NUMBER
        default = 1.0 if kind == TIMES else present
        self._check_range(name, low, high, distribution=distribution, default=default, kind=kind)
        factor = Factor(
            name=name,
            kind=kind,
            default=default,
            low=low,
            high=high,
            distribution=distribution,
            group=said.group or name.partition(".")[0],
            unit="times" if kind == TIMES else entry.unit,
            label=said.label or name,
            base=present if kind == TIMES else None,
        )
        for word, bound in (("low", low), ("high", high)):
            value = factor.changes(int(bound) if kind == WHOLE else bound, None)[name]
            self._check_allowed(name, value, f"{word} {bound:g}")
        return factor

    def _bounds(self, entry: Entry, said: FactorSettings) -> tuple[float | None, float | None]:
        """Return the bounds given or else plausible; None and a note where there are none."""
        plausible = entry.plausible or (None, None)
        low = plausible[0] if said.low is None else said.low
        high = plausible[1] if said.high is None else said.high
        missing = [word for word, bound in (("low", low), ("high", high)) if bound is None]
        if missing:
            self._note(
                f"{entry.name}: has no plausible range in the table of parameters, and no"
                f" {' and no '.join(missing)} is given; {HOW}"
            )
        return low, high

    def _check_range(
        self, name: str, low: float, high: float, *, distribution: str, default: Any, kind: str
    ) -> None:
        if not (math.isfinite(low) and math.isfinite(high)):
            self._note(f"{name}: low and high must be finite, got {low:g} and {high:g}")
        elif low >= high:
            self._note(f"{name}: low must be below high, got low {low:g} and high {high:g}")
        if kind == WHOLE and not (float(low).is_integer() and float(high).is_integer()):
            self._note(f"{name}: takes whole numbers, got low {low:g} and high {high:g}")
        if distribution == "log_uniform" and low <= 0:
            self._note(f"{name}: log_uniform needs low above 0, got {low:g}")
        if distribution == "triangular" and not low <= default <= high:
            self._note(
                f"{name}: triangular has its peak at the base's value {default:g}, which must lie"
                f" from low {low:g} to high {high:g}"
            )

    def _check_allowed(self, name: str, value: Any, what: str) -> None:
        """Have the model itself say whether it takes a value, all else as in the base."""
        try:
            self.model.complete({**self.base, name: value})
        except InputError as error:
            own = [line for line in error.problems if name in line]
            self.problems += [f"{what}: {line}" for line in own or error.problems]


def _near(name: str, known: Any) -> str:
    """Return the nearest names, or a few that are allowed."""
    names = list(known)
    few = f"there are {', '.join(names[:8])}{' ...' if len(names) > 8 else ''}"
    return f"; {did_you_mean(name, names, otherwise=few)}"
