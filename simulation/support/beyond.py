"""Where the tables of funding begin and end, and what a run holds on to that leaves any table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from simulation import register
from simulation.agents.contracts import FundingStream
from simulation.config import HOLD, Config
from simulation.inputs.area import Area
from simulation.inputs.of_config import demand_years
from simulation.inputs.outside import outside_years
from simulation.inputs.pay import pay_years
from simulation.inputs.years import Left, Years, first_and_last, left
from simulation.labour.dated_rates import rules_years
from simulation.policies.tariff_files import Tariff, load_tariff
from simulation.support.contract_columns import first_week_from
from simulation.support.funding import OF_THE_AREA, load_streams, planning_years


def funding_years(config: Config, area_name: str, streams: Sequence[FundingStream]) -> list[Years]:
    """Return the years the tables of streams and of their tariffs speak of.

    A stream that has no end, or one after its last planning year, speaks no further than the
    money it is given for; tariffs are asked for the days of the run on which contracts are let.
    """
    name = _table(config, area_name)
    found = []
    if streams:
        first = min(min(each.amounts_gbp) for each in streams)
        found.append(Years(name, first, None, "give the streams of its first days"))
    for stream in streams:
        last = planning_years(stream)[-1][1]
        if stream.end is None or stream.end > last:
            give = f"give {stream.name} the amounts of later years, or the day it ends in column to"
            found.append(Years(f"{name}, {stream.name}", None, last - timedelta(days=1), give))
    return found


def tariffs_left(
    config: Config, area_name: str, streams: Sequence[FundingStream]
) -> Iterator[Left]:
    """Give each stream that lets contracts on a day its tariff does not speak of."""
    for stream in streams:
        tariff = _dated(stream.terms)
        if tariff is None:
            continue
        first, until = tariff.first_day, tariff.until
        outside = [
            day for day in _days_let(config, stream) if day < first or day >= (until or date.max)
        ]
        if outside:
            yield Left(
                f"tariff {stream.terms} is from {first}{f' until {until}' if until else ''}, but"
                f" {_table(config, area_name)}, {stream.name}, lets contracts on {outside[0]}",
                f"give {stream.name} the terms of that day",
            )


def _table(config: Config, area_name: str) -> str:
    table = config.funding.table
    return f"funding.table {area_name if table == OF_THE_AREA else table}"


def _dated(terms: str) -> Tariff | None:
    """Return the file of a tariff; none for one made in Python, which has no dates."""
    is_file = Path(terms).suffix or register.TARIFFS.get(terms) is None
    return load_tariff(terms) if is_file else None


def _days_let(config: Config, stream: FundingStream) -> list[date]:
    """Return the first days of the weeks of a run in which a stream's planning years begin."""
    weeks = [
        max(first_week_from(begin, config.start), 0)
        for begin, end, _ in planning_years(stream)
        if end > config.start
    ]
    return [config.start + timedelta(weeks=each) for each in weeks if each < config.weeks]


def hold(streams: Sequence[FundingStream], config: Config) -> tuple[FundingStream, ...]:
    """Return streams whose last planning year comes again each year, to the end of the run."""
    return tuple(_held(stream, first_and_last(config)[1]) for stream in streams)


def _held(stream: FundingStream, until: date) -> FundingStream:
    begin, end, amount = planning_years(stream)[-1]
    amounts = dict(stream.amounts_gbp)
    while end <= until and (stream.end is None or end < stream.end):
        begin = end
        amounts[begin] = amount
        end = begin.replace(year=begin.year + 1)
    return replace(stream, amounts_gbp=amounts)


def held(config: Config, area: Area) -> list[str]:
    """Say which tables a run leaves and so holds on to; none unless it is told to.

    Parameters
    ----------
    config : Config
    area : Area

    Returns
    -------
    list of str
        One line a table and side of it, ready for a report.
    """
    if config.beyond != HOLD:
        return []
    streams = () if config.regime.name == "none" else load_streams(config.funding, area)
    tables = [
        *demand_years(config),
        *rules_years(config),
        *pay_years(config),
        *outside_years(config),
    ]
    tables += funding_years(config, area.name, streams)
    found = [*left(config, tables), *tariffs_left(config, area.name, streams)]
    return [f"{each.said}; its nearest values were held." for each in found]
