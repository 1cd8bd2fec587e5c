"""The report on a real, small run: that names and shapes of the simulation are those that the report reads."""

import re

import pytest

from stackcraft.model import Scenario, Simulation
from stackcraft.viz.report.build import build_comparison_report, build_report


@pytest.fixture(scope="module")
def run():
    with Simulation(Scenario(name="small", world="synthetic", years=(2025, 2029), runs=3, seed=11)) as simulation:
        simulation.run()
        yield simulation


def test_report_of_a_run(run, tmp_path):
    text = build_report(run, tmp_path / "report.html").read_text(encoding="utf-8")
    results = run.results
    share = float(results["world_installed"].sel(weight="country", stack="US").isel(year=-1).mean())
    tiles = re.findall(r'<div class="tile us"><span>US</span><b>(\d+)%</b>', text)
    assert tiles == [f"{100 * share:.0f}"]
    assert set(re.findall(r'data-c="(\w+)"', text)) == set(map(str, results["country"].values))
    won = results["tenders_won"].sum("year").mean("run").sel(stack="CN")
    row = re.search(r'<th scope="row">Tenders won<small>.*?</tr>', text, re.S)[0]
    assert (f"{float(won):,.0f}" if won >= 10 else f"{float(won):.1f}".removesuffix(".0")) in re.findall(
        r"<td>([^<]*)<", row
    )[1]
    assert re.findall(r"\bnan\b", re.sub(r"<(script|style).*?</\1>", "", text, flags=re.S), re.I) == []
    assert "seed 11" in text


def test_deals_of_a_run_are_told(run, tmp_path):
    text = build_report(run, tmp_path / "report.html").read_text(encoding="utf-8")
    deals = run.deals
    strip = {
        name: int(number.replace(",", ""))
        for name, number in re.findall(r"<b class=\"\w+\">([^<]+)</b>: ([\d,]+) deals", text)
    }
    assert strip["The US stack"] == (deals["stack"] == "US").sum()
    assert 1 <= text.count('<article class="card deal">') <= 8


def test_a_run_compared_with_itself(run, tmp_path):
    text = build_comparison_report(run, run, tmp_path / "report.html").read_text(encoding="utf-8")
    assert "end exactly alike" in re.search(r"<h1>(.*?)</h1>", text)[1]
