"""Parameters of strength: how far what holds joint money back has given way, all of it together."""

from __future__ import annotations

from simulation.config.base import Group, Share, parameter


class StrengthConfig(Group):
    """One dial from what the partnership was to what its designers meant."""

    level: Share = parameter(
        0.0,
        "part of the way from history, as the groups partnership, regime and funding have it, to"
        " what the designers meant, as below",
        unit="share",
        source="0: final evaluation of City Strategy; 1: what the designers asked for",
        plausible=(0.0, 1.0),
    )
    trust: Share = parameter(
        0.9,
        "trust of each funder at the start as the designers meant it",
        unit="0 to 1",
        plausible=(0.75, 1.0),
    )
    transparency: Share = parameter(
        0.9,
        "clarity with which partners see one another's contracts as the designers meant it",
        unit="0 to 1",
        plausible=(0.75, 1.0),
    )
    rigidity: Share = parameter(
        0.2,
        "part that rules and audit still hold back as the designers meant it",
        unit="share",
        plausible=(0.0, 0.4),
    )
    willing_part: Share = parameter(
        1.0,
        "part moved at full trust and without rigidity, however a partner behaves, as the"
        " designers meant it",
        unit="share",
        plausible=(0.5, 1.0),
    )
    discretion: Share = parameter(
        0.5,
        "part of the money that a stream's rules tie which flexibilities free, as the designers"
        " meant it",
        unit="share",
        source="flexibilities.csv: three tests, no change of law, no cost, in line; assumption",
        plausible=(0.2, 1.0),
    )
    share: Share = parameter(
        1.0,
        "share of what may be moved that is pooled, devolved or let jointly, as the designers"
        " meant it",
        unit="share",
        plausible=(0.5, 1.0),
    )
    one_roof: Share = parameter(
        0.5,
        "level from which there is a single point of access and one journey (regime.co_location),"
        " as the designers meant it",
        unit="share",
        source="IDeA 2009 case study 3: single points of access of some partnerships; assumption",
        plausible=(0.25, 1.0),
    )
