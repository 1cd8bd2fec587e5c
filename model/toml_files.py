"""TOML read and written in one place: scenarios, studies and files that visitors bring are read alike."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from stackcraft.agents.errors import InputError


def read_toml(path: Path) -> dict[str, Any]:
    """Return the table in a TOML file. Raises `InputError` that names the file."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from None
    return parse_toml(content, path.name)


def parse_toml(content: str | bytes, name: str) -> dict[str, Any]:
    """Return the table that TOML describes; a byte-order mark at its beginning does not count.

    Raises `InputError`, one line that begins with `name`.
    """
    try:
        text = content.decode("utf-8") if isinstance(content, bytes) else content
        return tomllib.loads(text.removeprefix("\ufeff"))
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise InputError(f"{name}: not a text in UTF-8 (line {line}); save it as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{name}: not valid TOML: {error}") from None
    except RecursionError:
        raise InputError(f"{name}: not valid TOML: brackets are nested too deeply; use fewer levels") from None
    except ValueError as error:  # Python refuses whole numbers of thousands of digits
        what = "a number has too many digits" if "digits" in str(error) else " ".join(str(error).split())
        raise InputError(f"{name}: not valid TOML: {what}") from None


def write_toml(table: Mapping[str, Any]) -> str:
    """Return a table as TOML: plain values, tables of plain values, and lists of such tables."""
    plain, tables, lists = [], [], []
    for key, value in table.items():
        if isinstance(value, Mapping):
            tables += ["", f"[{key}]", *_lines(value)]
        elif isinstance(value, Sequence) and value and isinstance(value[0], Mapping):
            lists += [line for row in value for line in ("", f"[[{key}]]", *_lines(row))]
        else:
            plain += _lines({key: value})
    return "\n".join([*plain, *tables, *lists]) + "\n"


def _lines(table: Mapping[str, Any]) -> list[str]:
    return [f"{_key(name)} = {_value(item)}" for name, item in table.items()]


def _key(name: str) -> str:
    bare = name.replace("_", "").replace("-", "")
    return name if bare.isascii() and bare.isalnum() else _value(name)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, str):
        # Basic strings escape as JSON does, save for the delete character.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return "[" + ", ".join(_value(item) for item in value) + "]"
