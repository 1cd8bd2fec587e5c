"""The rail of levers: described from the declarations, moved in Python, and driven in a real browser where one is
installed.
"""

import json
import re
import shutil
from dataclasses import replace

import pytest

from stackcraft.agents import assignments
from stackcraft.agents.errors import InputError
from stackcraft.agents.levers import LEVER_SETS
from stackcraft.agents.names import kind_of, members
from stackcraft.model import Simulation
from stackcraft.viz.dashboard.parts import rail
from stackcraft.viz.dashboard.parts.rail import moved, reset
from stackcraft.viz.dashboard.state import Question
from stackcraft.viz.dashboard.widgets import rail as widget

BROWSER = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)


def every_row(layout):
    found = list(layout["start"])
    for group in layout["groups"]:
        for section in group["sections"]:
            found += section["levers"]
    return found


def move(question, name, value):
    return moved(question, [{"name": name, "value": value}])


def test_every_lever_stands_on_the_rail_once_with_what_its_declaration_says():
    rows = every_row(rail.layout())
    names = [row["name"] for row in rows]
    assert len(set(names)) == len(names) and set(names) == set(rail.every_name())
    for row in rows:
        actor, lever = row["name"].split(".")
        one = LEVER_SETS[kind_of(members(actor)[0])][lever]
        assert (row["sentence"], row["low"], row["high"]) == (one.sentence, one.low, one.high)
        assert one.upside in row["moves"] and one.downside in row["moves"]
        assert one.source in row["why"] or "a judgement" in row["why"]
        assert [part["name"].rpartition(".")[2] for part in row["parts"]] == list(
            assignments.part_names(one) if one.shape != "scalar" else ()
        )
    for kind, levers in LEVER_SETS.items():
        for one in levers:
            assert not rail.on_the_rail(one) or any(name.endswith(f".{one.name}") for name in names), (kind, one.name)


@pytest.mark.parametrize("actor", rail.ACTORS)
def test_every_assignment_of_the_rail_can_be_made(actor):
    for name in rail.names_of(actor):
        one = LEVER_SETS[kind_of(members(actor)[0])][name.partition(".")[2]]
        if one.shape == "scalar" and not one.simplex:
            assert assignments.parse(f"{name}={one.high:g}").actors == members(actor)


def test_where_levers_stand_is_where_the_engine_puts_them():
    question = Question(
        base="us-lock-in",
        levers=("us_government.weight_use=0.7", "cn_vendors.deal_class.sovereign=0.5"),
        world="synthetic",
        years=(2025, 2026),
    )
    state = rail.state(question)
    with Simulation(question.scenario.with_changes(runs=1), threads=1, ledger_runs=0) as simulation:
        simulation.step()
        for name in rail.every_name():
            actor, _, lever = name.partition(".")
            kind = kind_of(members(actor, tuple(simulation.inputs.iso3))[0], tuple(simulation.inputs.iso3))
            names = simulation.cast.kinds[kind].actors
            values = [
                simulation.cast.levers(kind)[lever][0][names.index(one)].mean()
                for one in members(actor, tuple(simulation.inputs.iso3))
            ]
            mean = sum(values) / len(values)
            assert state["levers"][name][0] == (None if mean != mean else pytest.approx(mean, rel=1e-5)), name
    assert state["changed"] == ["us_government.weight_use", "cn_vendors.deal_class"]
    assert state["levers"]["us_vendors.lock_contract"][:3] == [0.8, 0.8, False]


def test_a_move_and_its_undoing_leave_the_question_as_it_was():
    question = Question(levers=("KEN.hedge=0.4",))
    for row in every_row(rail.layout()):
        names = [row["name"]] if row["whole"] else [part["name"] for part in row["parts"]]
        for name in names:
            value = (
                row["low"]
                if (rail.state(question)["levers"][name][0] or 0) > (row["low"] + row["high"]) / 2
                else row["high"]
            )
            there = move(question, name, value)
            assert rail.state(there)["levers"][name][0] == pytest.approx(value), name
            assert row["name"] in rail.state(there)["changed"]
            assert move(there, row["name"], None) == question, name


def test_shares_always_sum_to_one():
    question = Question(base="recommendation-1-contested")
    for name, value in (
        ("us_government.weight_use", 0.9),
        ("us_government.weight_headline", 0.5),
        ("us_government.weight_headline", 1.0),
        ("us_government.weight_use", 0.33),
    ):
        question = move(question, name, value)
        levers = rail.state(question)["levers"]
        assert levers[name][0] == pytest.approx(value)
        assert sum(
            levers[f"us_government.weight_{one}"][0] for one in ("headline", "use", "additional", "strategic")
        ) == pytest.approx(1)
    with pytest.raises(InputError, match="out of bounds"):
        move(question, "us_financiers.instrument_mix.grant", 1.2)


def test_a_lever_put_back_by_hand_is_not_changed():
    question = move(Question(), "us_government.supply_bond", 0.9)
    assert question.levers == ("us_government.supply_bond=0.9",)
    assert move(question, "us_government.supply_bond", 0.1) == Question()


def test_undoing_one_actor_of_a_wider_group_leaves_the_other():
    question = move(Question(levers=("homes.supply_bond=1",)), "us_government.supply_bond", None)
    assert question.levers == ("cn_government.supply_bond=1",)


def test_a_schedule_stays_and_is_told():
    question = move(Question(levers=("us_government.supply_bond@2030=0.9",)), "us_government.supply_bond", 0.5)
    assert question.levers == ("us_government.supply_bond@2030=0.9", "us_government.supply_bond=0.5")
    assert "2030" in rail.state(question)["levers"]["us_government.supply_bond"][3]


def test_scenarios_and_strategies_are_chosen():
    question = moved(
        Question(levers=("us_government.supply_bond=1",), runs=8), [{"name": "preset.US", "value": "lock-in"}]
    )
    assert question.presets == (("US", "lock-in"),) and question.levers
    assert rail.state(question)["chosen"] == {
        "scenario": "baseline",
        "preset.US": "lock-in",
        "preset.CN": "status-quo-2025",
    }
    assert moved(question, [{"name": "preset.US", "value": "status-quo-2025"}]).presets == ()
    assert moved(question, [{"name": "scenario", "value": "us-control-first"}]) == Question(
        base="us-control-first", runs=8
    )
    assert reset(question) == replace(question, levers=())
    assert "again each year" in rail.state(Question(presets=(("CN", "adaptive"),)))["levers"]["cn_government.coerce"][3]
    with pytest.raises(InputError, match="preset"):
        moved(question, [{"name": "preset.US", "value": "lock-out"}])


def test_what_the_rail_does_not_show_is_listed_and_can_be_undone():
    question = Question(levers=("KEN.hedge=0.4", "us_exim.rate_pct=3"))
    assert [one["name"] for one in rail.state(question)["others"]] == ["KEN.hedge", "us_exim.rate_pct"]
    assert move(question, "KEN.hedge", None).levers == ("us_exim.rate_pct=3",)


# in a browser


def page_of(question):
    """A page with the widget and a model as anywidget has it: what is sent is kept in `log`."""
    css = (widget.HERE / "rail.css").read_text(encoding="utf-8")
    script = (widget.HERE / "rail.js").read_text(encoding="utf-8").replace("export default", "window.widget =")
    values = {
        "description": rail.layout(),
        "state": {**rail.state(question), "seen": 0},
        "strings": rail.strings(),
        "moves": {},
        "reset": 0,
    }
    told = json.dumps(values).replace("</", "<\\/")
    model = """
    const values = JSON.parse(document.getElementById("values").textContent), heard = {};
    window.log = [];
    window.model = {
      get: (name) => values[name], set: (name, value) => { values[name] = value; },
      save_changes: () => { window.log.push(JSON.parse(
        JSON.stringify({ moves: values.moves, reset: values.reset, at: performance.now() }))); },
      on: (name, call) => { (heard[name] = heard[name] || []).push(call); }, off: () => {},
      tell: (name, value) => { values[name] = value; (heard["change:" + name] || []).forEach((call) => call()); },
    };
    """
    return f"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Rail</title>
    <meta name="viewport" content="width=device-width">
    <style>:root {{ --text: #1c2126; --quiet: #59626b; --rule: #dcd9d2; --card: #fff;
    --accent: #3b3f8f; }} body {{ font: 16px sans-serif; margin: 8px; }}
    [hidden] {{ display: none !important; }}</style>
    <style>{css}</style></head><body><main><h1>Levers</h1><div id="here"></div></main>
    <script type="application/json" id="values">{told}</script><script>{model}</script>
    <script type="module">{script};
    window.widget.render({{ model: window.model, el: document.getElementById("here") }});</script></body></html>"""


def tell(page, question, seen):
    page.evaluate("state => window.model.tell('state', state)", {**rail.state(question), "seen": seen})


@pytest.fixture(scope="module")
def browser():
    if BROWSER is None:
        pytest.skip("no Chromium or Chrome is installed: the rail is not driven")
    playwright = pytest.importorskip(
        "playwright.sync_api", reason="Playwright is not installed: the rail is not driven"
    )
    with playwright.sync_playwright() as started:
        one = started.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        yield one
        one.close()


@pytest.fixture
def page(browser):
    one = browser.new_page(viewport={"width": 1000, "height": 900})
    one.faults = []
    one.on("pageerror", lambda fault: one.faults.append(str(fault)))
    one.on("console", lambda message: one.faults.append(message.text) if message.type == "error" else None)
    one.set_content(page_of(Question()))
    one.wait_for_selector(".rail-lever")
    yield one
    assert one.faults == []
    one.close()


BOND = '[data-name="us_government.supply_bond"]'


def test_dragging_is_calm_and_a_release_is_told_at_once(page):
    range_ = page.locator(f"{BOND} input[type=range]")
    range_.evaluate(
        "one => { for (const value of [0.2, 0.3, 0.4]) { one.value = value; one.dispatchEvent(new Event('input')); } }"
    )
    assert page.evaluate("window.log.length") == 0
    assert page.locator(f"{BOND} output").inner_text() == "0.4"
    page.wait_for_function("window.log.length === 1")
    assert page.evaluate("window.log[0].moves") == {
        "count": 1,
        "moves": [{"name": "us_government.supply_bond", "value": 0.4}],
        "dragging": False,
    }
    range_.evaluate(
        "one => { one.value = 0.5; one.dispatchEvent(new Event('input')); one.dispatchEvent(new Event('change')); }"
    )
    assert page.evaluate("window.log.length") == 2
    # The answer to the first move comes late: it does not push the lever back.
    tell(page, move(Question(), "us_government.supply_bond", 0.4), 1)
    assert range_.input_value() == "0.5"
    tell(page, move(Question(), "us_government.supply_bond", 0.5), 2)
    assert range_.input_value() == "0.5" and "changed from 0.1" in page.locator(BOND).inner_text()


def test_while_a_lever_is_held_the_next_picture_is_asked_for_once_the_last_is_there(page):
    range_ = page.locator(f"{BOND} input[type=range]")
    to = "(one, value) => { one.value = value; one.dispatchEvent(new Event('input')); }"
    range_.evaluate("one => one.dispatchEvent(new Event('pointerdown'))")
    range_.evaluate(to, 0.2)
    range_.evaluate(to, 0.3)
    range_.evaluate(to, 0.4)
    told = "window.log.map((one) => [one.moves.dragging, one.moves.moves[0].value])"
    assert page.evaluate(told) == [[True, 0.2]]
    page.evaluate("window.model.tell('drawn', 1)")
    assert page.evaluate(told) == [[True, 0.2], [True, 0.4]]  # the newest, not every one between
    range_.evaluate("one => one.dispatchEvent(new Event('change'))")
    assert page.evaluate(told)[-1] == [False, 0.4] and page.evaluate("window.log.length") == 3


def test_an_answer_keeps_the_focus_and_marks_what_is_changed(page):
    number = page.locator(f"{BOND} input[type=number]")
    number.fill("0.75")
    number.press("Enter")
    assert page.evaluate("window.log.at(-1).moves.moves") == [{"name": "us_government.supply_bond", "value": 0.75}]
    tell(page, move(Question(), "us_government.supply_bond", 0.75), 9)
    assert page.evaluate("document.activeElement.type") == "number" and number.input_value() == "0.75"
    assert page.locator(".rail-count").inner_text() == "Levers changed (1)"
    page.get_by_role("button", name="Undo the change of Bond against cutting supply", exact=True).click()
    assert page.evaluate("window.log.at(-1).moves.moves") == [{"name": "us_government.supply_bond", "value": None}]
    page.get_by_role("button", name="Undo all changes").click()
    assert page.evaluate("window.log.at(-1).reset") == 1
    number.fill("7")
    number.press("Tab")
    assert number.input_value() == "1"


def test_levers_are_found_and_folds_come_back(page):
    page.get_by_label("Find a lever").fill("lock-in chips")
    visible = page.locator(".rail-lever:visible")
    assert visible.count() == 3 and "Lock-in by own chips" in visible.first.inner_text()
    page.get_by_label("Find a lever").fill("")
    assert page.locator("details[open]").count() == 0
    page.get_by_label("Find a lever").fill("qqq")
    assert page.locator(".rail-lever:visible").count() == 0 and "No lever" in page.locator(".rail-search").inner_text()


def test_parts_and_choices_are_reported(page):
    box = page.locator('[data-name="us_government.subsidy"]')
    box.get_by_text("By layer", exact=True).click()
    box.get_by_label("Network", exact=True).evaluate(
        "one => { one.value = 0.3; one.dispatchEvent(new Event('input')); one.dispatchEvent(new Event('change')); }"
    )
    assert page.evaluate("window.log.at(-1).moves.moves") == [{"name": "us_government.subsidy.network", "value": 0.3}]
    page.get_by_label("Strategy of the Chinese side").select_option("pipes-first")
    assert page.evaluate("window.log.at(-1).moves.moves") == [{"name": "preset.CN", "value": "pipes-first"}]
    tell(page, Question(presets=(("CN", "pipes-first"),)), 5)
    assert "Subsidises networks alone" in page.locator(".rail").inner_text()
    tell(page, Question(base="", title="Mine"), 5)
    assert page.get_by_label("Ready scenario").evaluate("one => one.selectedOptions[0].textContent") == "Mine"


def test_it_is_sound_for_assistive_technology_and_on_a_phone(page):
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="axe is not installed: accessibility is not checked"
    )
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    tell(page, Question(levers=("us_government.supply_bond=0.9", "KEN.hedge=0.4")), 1)
    found = axe.Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
    described = page.locator(f"{BOND} input[type=range]").evaluate(
        "one => one.getAttribute('aria-describedby').split(' ').map(id => document.getElementById(id).textContent)"
    )
    assert described[0].startswith("A bond against cutting supply")
    small = page.evaluate(
        "[...document.querySelectorAll('.rail button, .rail input, .rail select, .rail summary')].filter(one => "
        "one.offsetHeight && one.offsetHeight < 24).length"
    )
    assert small == 0
    page.set_viewport_size({"width": 390, "height": 800})
    assert not page.locator(".rail-body").is_visible()
    page.get_by_role("button", name=re.compile("^Levers")).click()
    assert page.locator(".rail-body").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
