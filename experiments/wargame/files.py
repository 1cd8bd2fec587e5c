"""Texts written whole or not at all."""

from __future__ import annotations

from pathlib import Path

from stackcraft.agents.errors import InputError


def write(path: str | Path, text: str) -> Path:
    """Write a text and return its path; nothing half-written is left. Raises `InputError`."""
    path = Path(path)
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_text(text, encoding="utf-8")
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise InputError(f"{path} cannot be written: {error.strerror}") from None
    return path
