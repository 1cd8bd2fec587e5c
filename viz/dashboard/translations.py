"""Tell translators what is missing in a language, and which strings have changed in English since they were translated.

    python -m stackcraft.viz.dashboard.translations              how far every language is
    python -m stackcraft.viz.dashboard.translations fr           what is missing or older than its English
    python -m stackcraft.viz.dashboard.translations template fr shell   the missing strings of a page, to be filled in
    python -m stackcraft.viz.dashboard.translations mark fr shell       note what English the page was made from

What the model declares (levers, parameters, scenarios and so on) is translated in pages called `declared_<kind>`, with
its English as key. The English that a string was made from is kept as a hash in `strings/<language>/sources/`.
"""

from __future__ import annotations

import hashlib
import json
import sys
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from stackcraft.viz.dashboard.strings import optional
from stackcraft.viz.words.catalogue import BY, SCREENS, Entry, places, texts_of
from stackcraft.viz.words.declared import START
from stackcraft.viz.words.forms import plural_forms
from stackcraft.viz.words.languages import FIRST, LANGUAGES

BARE_FORMS = ("zero", "one", "two")  # of a plural, which may say its number without writing it


@cache
def english() -> dict[str, dict[str, Entry]]:
    """Return everything that is to be translated: page, key, English. Declared things have their English as key."""
    pages: dict[str, dict[str, Entry]] = {
        path.stem: dict(SCREENS.page_of(path.stem, FIRST)) for path in sorted((SCREENS.folder / FIRST).glob("*.toml"))
    }
    for kind, texts in declared().items():
        pages[f"{START}{kind}"] = {text: text for text in dict.fromkeys(texts) if text.strip()}
    return pages


def declared() -> dict[str, list[str]]:
    """Return what the model declares and pages show, by kind, in English."""
    from stackcraft.agents.levers import LEVER_SETS
    from stackcraft.agents.strategies.registry import find_preset, preset_names
    from stackcraft.experiments.evidence import claim_tests, levels
    from stackcraft.experiments.evidence.hindcast.declared import declared as hindcast
    from stackcraft.model.indicators import SCORECARD
    from stackcraft.model.inputs import load_inputs
    from stackcraft.model.parameters import PARAMETERS
    from stackcraft.model.scenario import Scenario, shipped
    from stackcraft.viz.report.source import facts_columns

    levers = [lever for levers in LEVER_SETS.values() for lever in levers]
    presets = [find_preset(name, side) for side in ("US", "CN") for name in preset_names(side)]
    scenarios = [Scenario.load(name) for name in shipped()]
    inputs, plan = load_inputs("world"), hindcast()
    rows, targets = levels.stored()[0], [*plan.targets]
    return {
        "levers": [
            text for one in levers for text in (one.title, one.sentence, one.upside, one.downside, one.none_means)
        ],
        "scenarios": [text for one in (*scenarios, *presets) for text in (one.title, one.story)],
        "units": [one.unit for one in (*levers, *rows)],
        "measures": [text for one in SCORECARD for text in (one.title, one.sentence)],
        "vendors": [str(title) for title in inputs.vendors.title],
        "regions": [str(region) for region in inputs.region],
        "claims": [row.sentence for row in claim_tests.stored()[0]],
        "questions": [text for one in (*targets, *plan.wrong) for text in (one.what, getattr(one, "reason", ""))],
        "levels": [text for row in rows for text in (row.what, row.rule, row.reason)],
        "parameters": [text for one in PARAMETERS.values() for text in (one.sentence, one.reason)],
        "facts": [column.get("what", "") for column in facts_columns(inputs)],
    }


def _of_lever(one: Any) -> tuple[str, ...]:
    return one.title, one.sentence, one.upside, one.downside, one.none_means


def missing(language: str) -> dict[str, dict[str, Entry]]:
    """Return what a language lacks: page, key, English; pages without a gap are left out."""
    found = {}
    for page, strings in english().items():
        made = SCREENS.page_of(page, language)
        lacks = {key: entry for key, entry in strings.items() if key not in made and not optional(page, key)}
        if lacks:
            found[page] = lacks
    return found


def outdated(language: str) -> list[str]:
    """Return the keys, with their page, that were translated from another English than the present one."""
    found = []
    for page, strings in english().items():
        if page.startswith(START):
            continue  # a declared thing has its English as key
        kept = _sources(language, page)
        made = SCREENS.page_of(page, language)
        found += [f"{page}.{key}" for key, entry in strings.items() if key in made and kept.get(key) != hash_of(entry)]
    return found


def faults(language: str) -> list[str]:
    """Return a line for every string of a language that cannot be right: its key, its places or its plural forms."""
    found = []
    for page, made in SCREENS.pages.get(language, {}).items():
        strings = english().get(page, {})
        if page == f"{START}countries":
            continue
        for key, entry in made.items():
            if key not in strings:
                found.append(f"{page}.{key}: there is no such string in English")
            else:
                found += [f"{page}.{key}: {fault}" for fault in faults_of(entry, strings[key], language)]
    return found


def faults_of(entry: Entry, source: Entry, language: str) -> Iterable[str]:
    """Return what is wrong with a translation of `source`: empty, other places than in English, other plural forms."""
    if not all(isinstance(one, str) and one.strip() for one in texts_of(entry)):
        yield "it is empty"
        return
    wanted = places(source)
    if isinstance(entry, dict):
        by = entry.get(BY, "n")
        if by not in wanted and not isinstance(source, dict):
            yield f"{by!r} is not a placeholder of the English string"
        if set(entry) - {BY} != plural_forms(language):
            yield f"its forms should be {', '.join(sorted(plural_forms(language)))}"
        for form, one in entry.items():
            if form != BY and wanted - places(one) - ({by, "value"} if form in BARE_FORMS else set()):
                yield f"{form} lacks {', '.join(sorted(wanted - places(one)))}"
    elif isinstance(source, dict):
        yield f"it needs the forms {', '.join(sorted(plural_forms(language)))}"
    elif wanted - places(entry):
        yield f"it lacks {', '.join(sorted(wanted - places(entry)))}"
    if places(entry) - wanted:
        yield f"it has {', '.join(sorted(places(entry) - wanted))}, which the English does not have"


def hash_of(entry: Entry) -> str:
    """Return a short hash of an English string."""
    return hashlib.sha256(json.dumps(entry, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:10]


def mark(language: str, page: str) -> Path:
    """Note the English that a page was translated from, and return the file that says so."""
    made, strings = SCREENS.page_of(page, language), english()[page]
    path = _place(language, page)
    path.parent.mkdir(exist_ok=True)
    lines = [f'{key} = "{hash_of(strings[key])}"' for key in made if key in strings]
    path.write_text("\n".join(["# The English of each string when it was translated, as a hash.", *lines, ""]), "utf-8")
    return path


def template(language: str, page: str) -> str:
    """Return the strings that a page of a language lacks, in English, as TOML to be filled in."""
    lines = []
    for key, entry in missing(language).get(page, {}).items():
        name = json.dumps(key, ensure_ascii=False) if page.startswith(START) else key
        if isinstance(entry, dict):
            lines += [
                f"{name}.{form} = {json.dumps(entry['other'], ensure_ascii=False)}" for form in _ordered(language)
            ]
        else:
            lines.append(f"{name} = {json.dumps(entry, ensure_ascii=False)}")
    return "\n".join(lines)


def _ordered(language: str) -> list[str]:
    return [form for form in ("zero", "one", "two", "few", "many", "other") if form in plural_forms(language)]


def _place(language: str, page: str) -> Path:
    return SCREENS.folder / language / "sources" / f"{page}.toml"


def _sources(language: str, page: str) -> Mapping[str, Any]:
    path = _place(language, page)
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def report(language: str) -> str:
    """Return what is missing, older than its English, or wrong, for a language."""
    lacks, old, wrong = missing(language), outdated(language), faults(language)
    lines = [f"{page}: {len(strings)} missing: {', '.join(list(strings)[:6])}"[:160] for page, strings in lacks.items()]
    lines += [f"its English may have changed: {key}" for key in old]
    lines += [f"wrong: {line}" for line in wrong]
    return "\n".join(lines or ["complete"])


def main(arguments: Sequence[str] | None = None) -> int:
    """Answer the command line and return its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    others = [code for code in LANGUAGES if code != FIRST]
    if not given:
        whole = sum(map(len, english().values()))
        for code in others:
            print(f"{code}: {sum(map(len, missing(code).values()))} of {whole} missing")
    elif len(given) == 1 and given[0] in others:
        print(report(given[0]))
    elif len(given) == 3 and given[0] in ("template", "mark") and given[1] in others and given[2] in english():
        print(template(*given[1:]) if given[0] == "template" else mark(*given[1:]))
    else:
        print(f"{__doc__}\nThe languages are {', '.join(others)}; the pages {', '.join(english())}.", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
