"""Made-up tables of a study, in the shapes a study folder has."""

from __future__ import annotations

import numpy as np
import pandas as pd

LONG_NAMES = (
    "hiring.strength", "partnership.trust_growth", "partnership.default_behaviour",
    "economy.demand_scale", "funding.scale", "providers.clients_per_adviser",
    "regime.believed_sustained_share", "regime.need_weight", "people.job_search_effort_after_year",
    "journey.loss_at_hand_over_between_organisations", "tariffs.attachment_fee_share",
    "regime.core_team_share", "regime.joint_quality_weight", "market.separation_rate_elementary",
    "benefits.mean_duration_incapacity_weeks", "effort.parked_caseload_threshold_share",
    "regime", "hiring", "economy", "area.commuting_decay_kilometres",
)  # fmt: skip


def index_rows(index, values, *, half=0.04, outcome="employment_rate_end", unit="per cent", **more):
    """Rows of one index from values by factor (or pair of factors)."""
    rows = []
    for name, value in values.items():
        factor, other = name if isinstance(name, tuple) else (name, "")
        rows.append(
            {
                "outcome": outcome, "unit": unit, "index": index, "factor": factor, "other": other,
                "value": value, "low": value - half, "high": value + half, "plain": value * 1.1,
                "floor": np.nan, "samples": 512, "n_seeds": 4, "flag": "",
                "emulator_error": np.nan,
            } | more
        )  # fmt: skip
    return pd.DataFrame(rows)


def sobol_indices(values, interplay=0.05, **more):
    """First-order and total indices, the totals larger by the interplay."""
    totals = {name: value + interplay for name, value in values.items()}
    return pd.concat(
        [index_rows("S1", values, **more), index_rows("ST", totals, **more)], ignore_index=True
    )


def many_values(n, seed=1):
    """Values that fall off fast, by the long names or by numbers."""
    names = (
        LONG_NAMES if n <= len(LONG_NAMES) else [f"part.{'long_' * 4}factor_{i}" for i in range(n)]
    )
    sizes = 0.5 * 0.66 ** np.arange(n)
    order = np.random.default_rng(seed).permutation(n)
    return {names[i]: float(sizes[order[i]]) for i in range(n)}


def grid_effects(outcome="employment_rate_end", unit="per cent", *, noise=0.08):
    """Differences of five regimes from none; help hurts where the queue is strong."""
    regimes = ("none", "fragmented", "aligned", "pooled", "prime_contractor", "co_commissioned")
    rows = []
    generator = np.random.default_rng(2)
    for economy in ("steady", "recession_2008", "deep"):
        for rule in ("random", "ranking"):
            for strength in (0.5, 1.0, 2.0, 4.0):
                for order, regime in enumerate(regimes):
                    size = order * (0.25 - 0.1 * strength * (rule == "ranking"))
                    difference = size + generator.normal(0, noise / 4)
                    is_base = regime == "none"
                    rows.append(
                        {
                            "regime": regime, "economy": economy, "hiring": rule,
                            "hiring.strength": strength, "outcome": outcome, "unit": unit,
                            "mean": 71.0 + size, "low": 70.8 + size, "high": 71.2 + size,
                            "difference": np.nan if is_base else difference,
                            "difference_low": np.nan if is_base else difference - noise,
                            "difference_high": np.nan if is_base else difference + noise,
                            "n_seeds": 4, "note": "",
                        }
                    )  # fmt: skip
    return pd.DataFrame(rows)


def decision_rows(largest, *, best=None, n_futures=12, outcome="employment_rate_end", half=0.1):
    """One row a policy from its largest regret; the one with the least is the minimax choice."""
    least = min(largest.values())
    return pd.DataFrame(
        [
            {
                "policy": name, "outcome": outcome, "unit": "per cent", "better": "higher",
                "n_futures": n_futures, "n_seeds": 4, "best": (best or {}).get(name, 0),
                "best_or_tied": (best or {}).get(name, 0) + 1, "mean": 71.0, "worst": 70.0,
                "worst_in": "economy=deep", "mean_regret": value / 2,
                "mean_regret_low": max(value / 2 - half, 0), "mean_regret_high": value / 2 + half,
                "mean_regret_floor": 0.02, "largest_regret": value,
                "largest_regret_low": max(value - half, 0), "largest_regret_high": value + half,
                "largest_regret_floor": 0.05, "largest_regret_in": "economy=deep",
                "is_minimax": value == least, "minimax_share": 0.8 if value == least else 0.1,
                "note": "",
            }
            for name, value in largest.items()
        ]
    )  # fmt: skip


def design(n_points=200, *, n_numbers=6, choices=("random", "ranking", "stigma"), seed=3):
    """Points of a random design with one choice and numbers."""
    generator = np.random.default_rng(seed)
    points = pd.DataFrame(
        generator.random((n_points, n_numbers)), columns=list(LONG_NAMES[:n_numbers])
    )
    points.index.name = "point"
    points["rule"] = generator.choice(list(choices), n_points)
    return points


def runs_of(points, function, *, seeds=(1, 2, 3, 4), noise=0.1, outcome="employment_rate_end"):
    """Runs of a function of a point with noise by point and seed."""
    generator = np.random.default_rng(5)
    rows = [
        {"point": point, "seed": seed, "key": f"{point}-{seed}",
         outcome: function(row) + noise * generator.normal()}
        for point, row in points.iterrows()
        for seed in seeds
    ]  # fmt: skip
    return pd.DataFrame(rows)
