"""A run that goes on, with all that is written down of it: its state taken, and put back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from simulation.config import Config
from simulation.config.programme import has_support
from simulation.errors import InputError
from simulation.histories.past import Past
from simulation.histories.state import about, put_back, state_of
from simulation.inputs.users_files import check_same_files, file_digests
from simulation.provenance import code_version
from simulation.record.people import PeopleRecord


@dataclass
class WholeRun:
    """A model and the record of who worked where, if it is kept.

    Attributes
    ----------
    model : LabourMarket
    people : PeopleRecord or None
    """

    model: Any
    people: PeopleRecord | None
    STATE: ClassVar = ("model", "people")

    def state(self) -> bytes:
        """Return the state at present.

        Raises
        ------
        InputError
            If there is code of the user's own, whose state is unknown.
        """
        return state_of(self, self._about() | {"week": self.model.week})

    def go_on_from(self, state: bytes) -> None:
        """Put back the state of this run after some weeks, or of one with the same past.

        Raises
        ------
        InputError
            One line for each thing in which that run is another.
        """
        ours, theirs = self._about(), about(state)
        changed = [name for name in ("seed", "events", "people") if ours[name] != theirs[name]]
        if ours["code_version"] != theirs["code_version"]:
            raise InputError("the state is one of another version of the code or shipped tables")
        if changed:
            raise InputError(
                f"{name} is {ours[name]}, but {theirs[name]} in the run whose state is gone on from"
                for name in changed
            )
        check_same_files(ours["files"], theirs["files"])
        model, week = self.model, int(theirs["week"])
        past = Past(Config.from_mapping(theirs["config"]), model.area)
        Past(model.config, model.area).check_same(past, week)
        model.begin()
        put_back(self, state)
        if has_support(model.config) and not has_support(past.config):
            model.support_comes(week)

    def _about(self) -> dict[str, Any]:
        """Return what the state is of."""
        config = self.model.config
        if config.own:
            raise InputError("own: a run with code of your own is done as a whole, always")
        # A path of demand counts by its values until the week.
        economy = config.economy.model_copy(update={"file": None})
        return {
            "config": config.model_dump(mode="json"),
            "files": file_digests(config.model_copy(update={"economy": economy})),
            "seed": int(self.model.key),
            "code_version": code_version(),
            "events": self.model.recorder.events is not None,
            "people": self.people is not None,
        }
