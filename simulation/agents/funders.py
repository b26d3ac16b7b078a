"""Funders: each a Mesa agent with its streams, reading money and trust from the commissioning."""

from __future__ import annotations

from typing import Any

import mesa
import numpy as np

from simulation.agents.contracts import FundingStream
from simulation.categories import PENCE_PER_POUND


class Funder(mesa.Agent):
    """A funder with its streams; what changes is read from commissioning at each use.

    Parameters
    ----------
    model : mesa.Model
    commissioning : Commissioning
        With `streams`, `money` (the books) and `partnership`.
    name : str
    streams : tuple of FundingStream
        Its own.
    rows : ndarray of int64
        Their positions among all streams of the commissioning.
    """

    def __init__(
        self,
        model: mesa.Model,
        commissioning: Any,
        *,
        name: str,
        streams: tuple[FundingStream, ...],
        rows: np.ndarray,
    ) -> None:
        super().__init__(model)
        self._commissioning, self.name, self.streams, self.rows = commissioning, name, streams, rows

    @property
    def accountable_to(self) -> tuple[str, ...]:
        """To whom it accounts for its streams, each once."""
        return tuple(dict.fromkeys(stream.accountable_to for stream in self.streams))

    @property
    def committed(self) -> float:
        """GBP committed in contracts so far."""
        return self._pounds(self._commissioning.money.stream_committed)

    @property
    def earned(self) -> float:
        """GBP providers have earned so far."""
        return self._pounds(self._commissioning.money.stream_earned)

    @property
    def paid(self) -> float:
        """GBP paid to providers so far."""
        return self._pounds(self._commissioning.money.stream_paid)

    @property
    def trust(self) -> float:
        """Its trust in the partnership, 0 to 1; not a number outside it."""
        partners = self._commissioning.partnership.partners()
        return float(partners.trust.get(self.name, float("nan")))

    def _pounds(self, pence: np.ndarray) -> float:
        """Return the sum of its own streams in GBP."""
        return float(pence[self.rows].sum()) / PENCE_PER_POUND

    def __repr__(self) -> str:
        return f"<Funder {self.name}>"


def build_funders(model: mesa.Model, commissioning: Any) -> tuple[Funder, ...]:
    """Return the funders of all streams, in the order in which they first appear.

    Parameters
    ----------
    model : mesa.Model
    commissioning : Commissioning

    Returns
    -------
    tuple of Funder
        Registered with the model; `forget_model` takes them away.
    """
    streams: tuple[FundingStream, ...] = commissioning.streams
    names = tuple(dict.fromkeys(stream.funder for stream in streams))
    return tuple(
        Funder(
            model,
            commissioning,
            name=name,
            streams=tuple(stream for stream in streams if stream.funder == name),
            rows=np.flatnonzero([stream.funder == name for stream in streams]),
        )
        for name in names
    )
