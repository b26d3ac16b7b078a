"""The fragmented regime, place by place in plain loops (docs/decisions/regimes.md).

z is a planning zone, g a client group, k a stage from 0 and p a provider.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date

from simulation.agents.contracts import FundingStream
from simulation.categories import CLIENT_GROUPS, PAYMENT_GROUPS, STAGES
from simulation.policies.tariffs import Terms, terms_named

from .chance import WEEKS_PER_YEAR
from .contracts import MONTHS_PER_YEAR
from .planning import Firm, Scene
from .providers import PENCE

N_STAGES, N_GROUPS = len(STAGES), len(CLIENT_GROUPS)
DAYS_PER_MONTH = 365.25 / 12
ROUNDS = 4
NOTHING = 1e-9
PAID_AS = {
    "ib_esa": "esa_ex_ib",
    "lone_parent": "ib_is_volunteers",
    "other_benefit": "ib_is_volunteers",
    "no_benefit": "ib_is_volunteers",
}

Slot = tuple[int, int, int]
"""Zone, stage, provider."""


@dataclass(frozen=True)
class Purchase:
    """A contract of a plan."""

    provider: int
    wards: frozenset[int]
    places: dict[tuple[int, int], float]
    price_gbp: list[float]
    budget_pence: int
    start: date
    end: date
    terms: Terms


class Tender:
    """One stream buying for itself.

    Parameters
    ----------
    scene : Scene
        Its `free` caseloads are lowered by what is awarded.
    stream : FundingStream
    share : dict of (zone, group) to float
        Share of each cell's people the stream may help.
    pence : int
    end : date
        Of the planning year.
    """

    def __init__(
        self,
        scene: Scene,
        stream: FundingStream,
        share: dict[tuple[int, int], float],
        *,
        pence: int,
        end: date,
    ) -> None:
        self.scene, self.stream, self.pence = scene, stream, pence
        self.rules = scene.rules
        self.end = end if stream.end is None else min(end, stream.end)
        self.wards = {ward for ward, flag in enumerate(stream.wards.tolist()) if flag}
        self.terms = terms_named(stream.terms, self.rules.result_price_gbp)
        self.months = max(1, round((self.end - scene.day).days / DAYS_PER_MONTH))
        self.wanted = {
            (z, g, k): self._need(z, g, k) * share[z, g] if k in stream.stages else 0.0
            for z, g, k in scene.need
        }
        later = [k for k in sorted(stream.stages) if k > 0]
        self.paid_stage = later[0] if self.terms.kind == "results" and later else None
        self.part: dict[Slot, float] = {}
        self.score = {
            (z, k, firm.number): self._score(z, k, firm)
            for z in scene.zones
            for k in range(N_STAGES)
            for firm in scene.firms
        }

    def _need(self, z: int, g: int, k: int) -> float:
        """Return the starts a year of a cell: of who is sent, all there and all who join."""
        scene = self.scene
        if CLIENT_GROUPS[g] not in self.terms.mandatory:
            return scene.need[z, g, k]
        go_on = scene.reach[k] / scene.reach[1] if k > 0 else 1.0
        return scene.people[z, g] * (1.0 + self.rules.believed_turnover) * go_on

    def everyone(self, z: int, k: int) -> float:
        """Return the starts wanted in a zone and stage by all groups."""
        return sum(self.wanted[z, g, k] for g in range(N_GROUPS))

    def price(self, firm: Firm, k: int) -> int:
        """Return what a provider asks for a start, pence."""
        return round(firm.unit_cost[k] * (1.0 + self.rules.mark_up))

    def cost(self, firm: Firm, g: int, k: int) -> float:
        """Return what a place, one start a year, costs until the end, pence."""
        if self.paid_stage is None:
            part = self.scene.part[k] if CLIENT_GROUPS[g] != "employed" else 1.0
            return self.price(firm, k) * part * self.months / MONTHS_PER_YEAR
        fee = self._expected_fee(g) if k == self.paid_stage else 0.0
        return fee * self.months / MONTHS_PER_YEAR

    def _expected_fee(self, g: int) -> float:
        terms, rules = self.terms, self.rules
        row = PAYMENT_GROUPS.index(PAID_AS.get(CLIENT_GROUPS[g], "jsa_25_plus"))
        more = terms.n_sustainment[row] * terms.sustainment_gbp[row]
        results = terms.job_gbp[row] + rules.believed_sustained_share * more
        return PENCE * (terms.attachment_gbp[row] + rules.believed_job_share * results)

    def _score(self, z: int, k: int, firm: Firm) -> float:
        everyone, zone = self.everyone(z, k), set(self.scene.wards_of_zone[z]) & self.wards
        if not firm.is_open or k not in firm.stages or everyone <= 0.0 or not zone:
            return 0.0
        reach = len(zone & firm.wards) / len(zone)
        weight = self.rules.trust_weight if k == 0 else 0.0
        fit = sum(
            self.wanted[z, g, k] * firm.group_strength[g] * firm.trust[g] ** weight
            for g in range(N_GROUPS)
        )
        buyer = self.stream.funder
        quality = self.scene.believed(buyer, firm.number) * fit / everyone
        if not self.scene.is_aware(buyer, firm.number):
            return 0.0
        weight, power = self.rules.quality_weight, self.rules.selectivity
        price = max(self.price(firm, k), 1) / PENCE
        return reach * quality ** (weight * power) / price ** ((1.0 - weight) * power)

    def buy(self) -> tuple[list[Purchase], int]:
        """Return the contracts and what letting them costs, pence."""
        if self.pence <= 0 or self.end <= self.scene.day:
            return [], 0
        left = float(self.pence)
        for _ in range(ROUNDS):
            offer = self._offer()
            if left < 1.0 or not any(offer.values()):
                break
            left -= self._award(offer, left)
        return self._contracts()

    def _offer(self) -> dict[Slot, float]:
        """Return the parts of what is still wanted that are offered in a round."""
        offer = {}
        for z in self.scene.zones:
            zone = self._winners_of_zone(z) if self.paid_stage is not None else {}
            for k in range(N_STAGES):
                firms = self.scene.firms
                rest = 1.0 - sum(self.part.get((z, k, f.number), 0.0) for f in firms)
                if rest < NOTHING:
                    continue
                shares = zone if self.paid_stage is not None else self._winners(z, k)
                for p, share in shares.items():
                    if self.score[z, k, p] > 0.0:
                        offer[z, k, p] = rest * share
        return offer

    def _is_free(self, p: int) -> bool:
        return self.scene.free[p] > NOTHING

    def _winners(self, z: int, k: int) -> dict[int, float]:
        scores = {f.number: self.score[z, k, f.number] for f in self.scene.firms}
        return self._best({p: s for p, s in scores.items() if self._is_free(p)})

    def _best(self, scores: dict[int, float]) -> dict[int, float]:
        """Return the shares of the best: in proportion to score."""
        able = sorted((p for p in scores if scores[p] > 0.0), key=lambda p: (-scores[p], p))
        best = able[: self.rules.winners]
        total = sum(scores[p] for p in best)
        return {p: scores[p] / total for p in best}

    def _winners_of_zone(self, z: int) -> dict[int, float]:
        """Return who does whole journeys in a zone, paid by results."""
        does = {
            f.number: [k for k in range(N_STAGES) if self.score[z, k, f.number] > 0.0]
            for f in self.scene.firms
            if self._is_free(f.number)
        }
        able = {p: stages for p, stages in does.items() if self.paid_stage in stages}
        most = max(map(len, able.values()), default=0)
        able = {p: stages for p, stages in able.items() if len(stages) == most}
        best = {k: max(self.score[z, k, p] for p in does) for k in range(N_STAGES) if does}
        scores = {
            p: math.prod(self.score[z, k, p] / best[k] for k in stages) ** (1.0 / most)
            for p, stages in able.items()
        }
        return self._best(scores)

    def _value(self, slot: Slot, part: float) -> float:
        """Return what a part of a zone's stage costs at a provider, pence."""
        z, k, p = slot
        firm = self.scene.firms[p]
        return part * sum(self.wanted[z, g, k] * self.cost(firm, g, k) for g in range(N_GROUPS))

    def _award(self, offer: dict[Slot, float], left: float) -> float:
        """Award an offer as far as money and caseloads go, return what it costs."""
        cost = sum(self._value(slot, part) for slot, part in offer.items())
        affordable = min(1.0, left / cost) if cost > 0.0 else 1.0
        load = [0.0] * len(self.scene.firms)
        for (z, k, p), part in offer.items():
            weeks = self.scene.weeks[k]
            load[p] += affordable * part * self.everyone(z, k) * weeks / WEEKS_PER_YEAR
        spent = 0.0
        takes = [
            min(1.0, f / n) if n > 0 else 1.0 for f, n in zip(self.scene.free, load, strict=True)
        ]
        for slot, part in offer.items():
            taken = affordable * part * takes[slot[2]]
            self.part[slot] = self.part.get(slot, 0.0) + taken
            spent += self._value(slot, taken)
        for p, number in enumerate(load):
            self.scene.free[p] -= number * takes[p]
        return spent

    def _contracts(self) -> tuple[list[Purchase], int]:
        """Return what is let, a contract a provider, cut to the money that remains."""
        lots = {firm.number: self._lot(firm.number) for firm in self.scene.firms}
        least = max(self.rules.least_starts, NOTHING)
        lots = {p: lot for p, lot in lots.items() if sum(map(_starts, lot.values())) >= least}
        value = {
            p: sum(
                n * self.cost(self.scene.firms[p], g, k)
                for places in lot.values()
                for (g, k), n in places.items()
            )
            for p, lot in lots.items()
        }
        most = PENCE * self.rules.procurement_gbp
        procurement = sum(
            math.floor(min(most, self.rules.procurement_most * each)) for each in value.values()
        )
        available = self.pence - procurement - len(lots)
        if available <= 0 or not lots:
            return [], 0
        total = sum(value.values())
        factor = min(1.0, available / total) if total > 0.0 else 1.0
        return [self._contract(p, lots[p], value[p], factor) for p in lots], procurement

    def _lot(self, p: int) -> dict[int, dict[tuple[int, int], float]]:
        """Return the places awarded to a provider by zone, zones without any left out."""
        lot = {
            z: {
                (g, k): self.wanted[z, g, k] * self.part.get((z, k, p), 0.0)
                for g in range(N_GROUPS)
                for k in range(N_STAGES)
            }
            for z in self.scene.zones
        }
        return {z: places for z, places in lot.items() if _starts(places) > NOTHING}

    def _contract(
        self, p: int, lot: dict[int, dict[tuple[int, int], float]], value: float, factor: float
    ) -> Purchase:
        firm, is_paid_by_start = self.scene.firms[p], self.paid_stage is None
        prices = [self.price(firm, k) / PENCE * is_paid_by_start for k in range(N_STAGES)]
        zones = {ward for z in lot for ward in self.scene.wards_of_zone[z]}
        cells = [(g, k) for g in range(N_GROUPS) for k in range(N_STAGES)]
        return Purchase(
            provider=p,
            wards=frozenset(zones) & self.wards & firm.wards,
            places={c: sum(places[c] for places in lot.values()) * factor for c in cells},
            price_gbp=prices,
            budget_pence=math.ceil(value * factor),
            start=self.scene.day,
            end=self.end,
            terms=self.terms,
        )


def _starts(places: dict[tuple[int, int], float]) -> float:
    """Return the starts a year of all groups and stages."""
    return sum(places.values())
