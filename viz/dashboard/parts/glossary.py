"""Words explained where they are used: `term("contested")` gives the word with its meaning on hover, focus or tap.

The word is a button; its meaning is a popover of the browser's own, which opens on a tap or a key without any script
and closes on Escape. `glossary.js` adds opening on hover and focus, and puts the meaning beside the word;
`glossary.css` is its look.
"""

from __future__ import annotations

from markupsafe import Markup

from stackcraft.agents.errors import hint
from stackcraft.viz.dashboard.parts.markup import each
from stackcraft.viz.dashboard.strings import text

TERMS = (
    "stack",
    "layer",
    "share",
    "installed",
    "utilised",
    "contested",
    "open",
    "independent",
    "agreement",
    "run",
    "same_luck",
    "paired",
    "interval",
    "band",
    "seed",
    "scenario",
    "strategy",
    "lever",
    "parameter",
    "judgement",
    "world",
    "tender",
    "package",
    "concessional",
    "supply_bond",
    "subsidy",
    "local_hosting",
    "confidential_computing",
    "evaluation_kit",
    "coercion",
    "hazard",
    "novation",
    "renewal",
    "retention",
    "lock_in",
    "switching_cost",
    "peers",
    "additional",
    "public_cost",
    "capability",
    "filled_in",
)


def _known(name: str) -> str:
    if name not in TERMS:
        raise KeyError(f"no term {name!r} in the glossary{hint(name, TERMS)}")
    return name


def meaning(name: str) -> str:
    """What a term means, in a sentence or two. Raises `KeyError` with the nearest name."""
    return text(f"glossary.{_known(name)}_means")


def term(name: str, shown: str = "", place: str = "") -> Markup:
    """Return the term with its meaning behind it, `shown` in place of its usual form.

    Meanings have identifiers: where a page shows the same term twice, give each further one its own `place`.
    """
    key = f"means-{_known(name)}{'-' + place if place else ''}".replace("_", "-")
    return Markup(
        '<span class="term"><button type="button" popovertarget="{0}" aria-describedby="{0}">{1}</button>'
        '<span class="means" id="{0}" popover role="tooltip">{2}</span></span>'
    ).format(key, shown or text(f"glossary.{name}").lower(), meaning(name))


def entries() -> list[tuple[str, str, str]]:
    """All terms as (name, word, meaning), by word."""
    return sorted(
        ((name, text(f"glossary.{name}"), meaning(name)) for name in TERMS), key=lambda entry: entry[1].lower()
    )


def glossary_list() -> Markup:
    """All terms with their meanings, by word."""
    rows = each(
        '<div id="term-{}"><dt>{}</dt><dd>{}</dd></div>',
        ((name.replace("_", "-"), word, told) for name, word, told in entries()),
    )
    return Markup('<dl class="glossary">{}</dl>').format(rows)
