"""What all pages of the game share: templates, words, and how numbers, signs and times are written."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from stackcraft.viz.words.catalogue import Catalogue

HERE = Path(__file__).parents[1]
WORDS = Catalogue(HERE / "strings")
RIGHT_TO_LEFT = ("ar", "fa", "he", "ur")
SIGN_CLASSES = {"empty": "", "waiting": "", "drafting": "", "locked": "locked", "dropped": "dropped", "bot": ""}
MINUTE, HOUR, DAY = 60, 3600, 86400


def clock_text(seconds: float | None) -> str:
    """Return seconds as `02:14`; a dash where no clock runs."""
    if seconds is None:
        return "--:--"
    whole = max(0, int(seconds + 0.999))
    return f"{whole // 60:02d}:{whole % 60:02d}"


def money(value: float | None) -> str:
    """Return billions of dollars as `0.8 bn $`; a dash for nothing."""
    if value is None:
        return "-"
    digits = 0 if abs(value) >= 100 or float(value).is_integer() else 1 if abs(value) >= 1 else 2
    return text("frame.money", value=f"{value:.{digits}f}").replace(" ", "\u00a0")


def plain_number(value: Any) -> str:
    """Return a number with at most two decimals and none that say nothing; other values as they are."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    return f"{value:.2f}".rstrip("0").rstrip(".") if abs(value) < 100 else f"{value:.0f}"


def percent(share: float | None) -> str:
    """Return a share of one as a whole percent; a dash for nothing."""
    return "-" if share is None else f"{100 * share:.0f}\u00a0%"


def signed(value: float) -> str:
    """Return a number with its sign, one decimal; zero has none."""
    return "0.0" if abs(value) < 0.05 else f"{value:+.1f}"


def ago(moment: str | None) -> str:
    """Return how long ago an ISO time was: `2 s`, `5 min`, `3 h`, `4 d`; a dash for nothing."""
    if not moment:
        return "-"
    seconds = max(0, int((datetime.now(UTC) - _utc(moment)).total_seconds()))
    for span, unit in ((DAY, "d"), (HOUR, "h"), (MINUTE, "min")):
        if seconds >= span:
            return f"{seconds // span} {unit}"
    return f"{seconds} s"


def time_of_day(moment: str | None) -> str:
    """Return an ISO time as the clock on the wall shows it, `10:42`."""
    return _utc(moment).astimezone().strftime("%H:%M") if moment else "-"


def _utc(moment: str) -> datetime:
    found = datetime.fromisoformat(moment)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def text(key: str, **values: object) -> str:
    """Return the string of that key, filled in. Raises `KeyError`, as `Catalogue.text` does."""
    return WORDS.text(key, **values)


@cache
def environment() -> Environment:
    """Return the templates with what they may call."""
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.globals.update(t=text, sign_classes=SIGN_CLASSES)
    made.filters.update(
        clock=clock_text, money=money, number=plain_number, percent=percent, signed=signed, ago=ago, at=time_of_day
    )
    return made


def render(template: str, **values: Any) -> str:
    """Return a page. `values` are what its template names; `base.html` says what every page has to give."""
    tongue = WORDS.language
    defaults = {
        "language": tongue,
        "direction": "rtl" if tongue in RIGHT_TO_LEFT else "ltr",
        "stream": "",
        "version": "",
        "store": "",
        "step": "",
        "refresh": 0,
        "said": None,
        "screen": False,
    }
    return environment().get_template(template).render(**{**defaults, **values})
