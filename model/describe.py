"""Where one country's figures come from: every fact and every input, with unit, year, source and how it was filled."""

from __future__ import annotations

import csv
from typing import NamedTuple

import numpy as np

from stackcraft.agents.errors import InputError, nearest
from stackcraft.agents.names import HOMES, LAYERS, SECTORS, STACKS, USE_MIX, VENDORS
from stackcraft.model.inputs import Inputs, declared_inputs

PARTS = {"layer": LAYERS, "stack": STACKS, "home": HOMES, "use": USE_MIX, "sector": SECTORS}
START = "January 2025"
LEFT_OUT = ("peer_index",)  # shown with peer_weight


class FactRow(NamedTuple):
    """One line about a country.

    `derived` tells inputs of the model from the facts behind them. `filled` is "" where the figure stands in the
    source. `judgement` marks a judgement: the figure, the formula behind it, or the way a blank was filled.
    """

    input: str
    value: str
    unit: str
    year: str
    source: str
    licence: str
    filled: str
    judgement: bool
    derived: bool


def describe_country(inputs: Inputs, iso3: str) -> list[FactRow]:
    """Every fact and every input of one importer: facts first, in the order of the tables, then the inputs.

    Raises `InputError` with the nearest code for a country that is not an importer of this world.
    """
    if iso3 not in inputs.iso3:
        homes = [inputs.world.codes[row] for row in (inputs.world.us_home, inputs.world.cn_home)]
        if iso3 in homes:
            raise InputError(f"{iso3} is a home country, not an importer; its government is {HOMES[homes.index(iso3)]}")
        raise InputError(f"country {iso3!r} is unknown; did you mean {nearest(iso3, inputs.iso3)}?")
    return [*_facts(inputs, iso3), *_inputs(inputs, iso3)]


def _columns(inputs: Inputs) -> dict[tuple[str, str], dict[str, str]]:
    """What columns.csv says about each column; empty where a folder has no such file."""
    path = inputs.world.folder / "columns.csv"
    if not path.is_file():
        return {}
    with path.open(newline="", encoding="utf-8") as file:
        return {(row["table"], row["column"]): row for row in csv.DictReader(file)}


def _facts(inputs: Inputs, iso3: str) -> list[FactRow]:
    world, columns, rows = inputs.world, _columns(inputs), []

    def add(
        table: str, column: str, name: str, value: str, year: str = "", source: str = "", judged: bool = False
    ) -> None:
        about = columns.get((table, column), {})
        how = inputs.filled.get(column, {}).get(iso3, "")
        rows.append(
            FactRow(
                input=name,
                value=value or "blank",
                unit=about.get("unit", ""),
                year=year or about.get("year", ""),
                source=source or about.get("source", "no columns.csv in this folder"),
                licence=about.get("licence", ""),
                filled=how,
                judgement=judged or about.get("judgement") == "1" or bool(how),
                derived=False,
            )
        )

    place = world.codes.index(iso3)
    facts = world.countries.rows[place]
    for column in world.countries.columns:
        if column.endswith("_year"):
            continue
        year = columns.get(("countries", column), {}).get("year", "")
        add("countries", column, column, facts[column], year=facts.get(year, year) or year)
    for row in world.votes.rows:
        if row["iso3"] == iso3:
            add("votes", "ideal_point", "ideal_point", row["ideal_point"], year=row["year"])
    for row in world.huawei.rows:
        if row["iso3"] == iso3:
            add("huawei", "status", "huawei_status", row["status"], year=row["year"], source=row["decision"])
    for flow in ("import", "export"):
        mine = [row for row in world.trade.rows if row["iso3"] == iso3 and row["flow"] == flow]
        add("trade", "share_pct", f"{flow}_partners", ", ".join(f"{row['partner']} {row['share_pct']}" for row in mine))
    pairs = [(row["iso3"], row["partner"]) for row in world.borders.rows]
    around = sorted({other for pair in pairs if iso3 in pair for other in pair if other != iso3})
    add("borders", "partner", "land_borders", ", ".join(around))
    for row in world.judgements.rows:
        if row["iso3"] == iso3:
            add("judgements", "value", row["item"], row["value"], source=row["sentence"], judged=True)
    return rows


def _inputs(inputs: Inputs, iso3: str) -> list[FactRow]:
    rows, place = [], inputs.iso3.index(iso3)
    for name, entry in declared_inputs().items():
        if name in LEFT_OUT:
            continue
        about, value = entry.metadata, getattr(inputs, name)[place]
        if np.ndim(value) == 2:  # by layer and vendor: a line a layer
            shown = [(f"{name}.{layer}", _named(VENDORS, value[row])) for row, layer in enumerate(LAYERS)]
        else:
            shown = [(name, _shown(inputs, name, place))]
        for label, text in shown:
            rows.append(FactRow(
                input=label, value=text, unit=about["unit"], year=START, source=about["rule"],
                licence="computed from the facts above", filled=inputs.filled.get(name, {}).get(iso3, ""),
                judgement=about["judgement"] or iso3 in inputs.filled.get(name, {}), derived=True,
            ))  # fmt: skip
    return rows


def _shown(inputs: Inputs, name: str, place: int) -> str:
    value = getattr(inputs, name)[place]
    if name == "peer_weight":
        return _named([inputs.iso3[peer] for peer in inputs.peer_index[place]], value)
    if np.ndim(value) == 0:
        return _number(value)
    part = declared_inputs()[name].metadata["shape"].split(" x ")[1]
    return _named(PARTS[part], value, zeros=True)


def _named(names, values: np.ndarray, zeros: bool = False) -> str:
    return ", ".join(f"{name} {_number(value)}" for name, value in zip(names, values, strict=False) if zeros or value)


def _number(value: float) -> str:
    return f"{float(value):.4g}"
