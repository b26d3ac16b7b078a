"""Every resident of working age, claiming or not, as Mesa's users expect agents."""

from __future__ import annotations

from typing import Any

from simulation.agents.views import AgentView, ColumnAgentSet


class Claimant(AgentView):
    """One resident; attributes as in `columns.People`."""

    __slots__ = ()


class Claimants(ColumnAgentSet):
    """The residents of a model, one agent a person (`people_per_agent` thins).

    Parameters
    ----------
    model : LabourMarket
    """

    def __init__(self, model: Any) -> None:
        super().__init__(model, model.residents, Claimant)
